"""Estimates by policy, and what the next real reading makes of them."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from meters.rules.estimates import EstimateError, estimate, true_up
from meters.rules.estimation_policies import PolicyError, default_policy, parse_policy, policies_of
from meters.rules.stream import EMPTY, Event, fold
from meters.rules.vocabulary import Device

from infra.build.jurisdictions import law
from tests.unit.meters.builders import LAST, START, ask, at, found, installed, litres, read, steady

DAY = date(2026, 10, 31)
POLAND = policies_of(law("PL")["estimation_policies"])
PERIOD, NORM, CALIFORNIA, SEASON = (POLAND[name] for name in ("pl-last-period", "pl-norm", "us-ca-1954", "season"))
STATE = fold(EMPTY, steady())


def _policy(**changes):
    data = {
        "policy_id": "p",
        "method": "last_period",
        "percent": 100,
        "months": 1,
        "max_months": None,
        "daily_decimals": 2,
        "norms": {},
        "source": "s",
    }
    return parse_policy({**data, **changes})


def test_the_last_period_goes_on():
    made = estimate(STATE, DAY, PERIOD, "cold_water")
    assert made.values == (at(LAST) + 31 * 150,)
    assert made.policy_id == "pl-last-period"


def test_the_average_is_rounded_half_up_before_the_days_and_the_count_is_cut():
    """115 litres a day become 0.12 m3; on a counter of whole m3, 31 days of 0.12 are 3.72, cut to 3."""
    state = fold(EMPTY, steady(daily=115))
    assert estimate(state, DAY, PERIOD, "cold_water").values == (at(LAST, 115) + 31 * 120,)
    whole = Device(6)
    litre = [installed(date(2026, 7, 31), (0,), whole), read(date(2026, 9, 30), 7)]
    made = estimate(fold(EMPTY, litre), DAY, PERIOD, "cold_water")
    assert made.daily == (110_000_000,)  # 7 / 61 = 0.1147...
    assert made.values == (7 + 3,)


def test_the_multiplier_divides():
    times_twenty = Device(6, multiplier_milli=20_000)
    events = [installed(date(2026, 8, 31), (0,), times_twenty), read(date(2026, 9, 30), 30)]
    assert estimate(fold(EMPTY, events), DAY, PERIOD, "electricity").values == (30 + 31,)


def test_three_quarters_of_three_months_and_nothing_after_six():
    made = estimate(STATE, DAY, CALIFORNIA, "cold_water")
    assert made.daily == (110_000_000,)  # 0.1125 rounded
    assert made.values == (at(LAST) + 31 * 110,)
    assert estimate(STATE, date(2027, 3, 30), CALIFORNIA, "cold_water")
    with pytest.raises(EstimateError, match="expired"):
        estimate(STATE, date(2027, 3, 31), CALIFORNIA, "cold_water")


def test_flat_norms():
    assert estimate(STATE, DAY, NORM, "cold_water").values == (at(LAST) + 31 * 180,)
    with pytest.raises(EstimateError, match="no_norm"):
        estimate(STATE, DAY, NORM, "gas")


def test_the_same_season_and_else_the_last_period():
    summer = [installed(START, (0,)), read(date(2025, 9, 30), 24_200), read(date(2025, 12, 31), 24_200 + 92 * 300)]
    events = [*summer, read(LAST, 24_200 + 92 * 300 + 273 * 50)]
    assert estimate(fold(EMPTY, events), DAY, SEASON, "cold_water").daily == (300_000_000,)
    young = steady(START + timedelta(days=90))
    assert estimate(fold(EMPTY, young), young[-1].day + timedelta(days=30), SEASON, "cold_water").daily == (
        150_000_000,
    )


def test_without_history_nothing_is_made_up():
    new = fold(EMPTY, [installed(LAST)])
    for policy in (PERIOD, SEASON, CALIFORNIA):
        with pytest.raises(EstimateError, match="no_history"):
            estimate(new, DAY, policy, "cold_water")
    with pytest.raises(EstimateError, match="no_history"):
        estimate(STATE, DAY, PERIOD, "cold_water", since=LAST)


def test_no_estimate_of_a_day_that_was_read_nor_of_a_counter_that_is_gone():
    gone = fold(EMPTY, [*steady(), Event("e", "removed", date(2026, 10, 5), "900")])
    for state, day in ((STATE, LAST), (gone, DAY)):
        with pytest.raises(EstimateError, match="day"):
            estimate(state, day, PERIOD, "cold_water")


def _guessed(values, day=date(2026, 10, 15)):
    return [*steady(), Event("evt_guess", "estimated", day, "500", tuple(values))]


def test_the_correction_of_an_estimate_that_was_too_high_is_negative():
    events = _guessed([at(LAST) + 6000], DAY)
    trued = true_up(fold(EMPTY, events), date(2026, 11, 30), (at(LAST) + 6100,))
    assert trued.estimated == (6000 * 10**6,)
    assert trued.actual == (6100 * 10**6 * 31 // 61,)
    assert trued.correction == (6100 * 10**6 * 31 // 61 - 6000 * 10**6,)
    assert true_up(STATE, DAY, (at(LAST),)) is None


def test_a_reading_below_the_estimate_is_accepted_with_its_correction():
    judgement = ask(_guessed([at(LAST) + 6000]), litres(at(LAST) + 4650), day=DAY)
    assert (judgement.status, judgement.codes) == ("accepted", ("DEEMED_TRUEUP",))
    assert judgement.findings[0].params == {
        "estimated_day": "2026-10-15",
        "estimated": "6.000",
        "actual": "2.250",
        "correction": "-3.750",
    }


def test_down_to_the_last_actual_value_and_no_further():
    events = _guessed([at(LAST) + 6000])
    assert found(ask(events, litres(at(LAST)), day=DAY), "DECREASE") is None
    assert found(ask(events, litres(at(LAST) - 1), day=DAY), "DECREASE") == "reject"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2000), st.integers(1, 300), st.integers(1, 300), st.sampled_from([PERIOD, NORM, SEASON]))
def test_estimates_never_go_back_and_the_stream_takes_them(daily, first, second, policy):
    state = fold(EMPTY, steady(daily=daily))
    days = sorted({LAST + timedelta(days=first), LAST + timedelta(days=first + second % 60)})
    totals = []
    for day in days:
        made = estimate(state, day, policy, "cold_water")
        state = fold(state, [Event(f"e{day}", "estimated", day, "500", made.values)])
        totals.append(state.estimate.totals[0])
    assert totals == sorted(totals)
    assert totals[0] >= state.actual.totals[0]


def test_an_estimate_may_go_past_the_counters_end():
    near = steady(base=99_999_000 - at(LAST, base=0))
    made = estimate(fold(EMPTY, near), DAY, PERIOD, "cold_water")
    assert made.values == (99_999_000 + 4650 - 10**8,)
    state = fold(EMPTY, [*near, Event("e", "estimated", DAY, "500", made.values)])
    assert state.estimate.totals[0] - state.actual.totals[0] == 4650 * 10**6


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "guess"},
        {"percent": 0},
        {"months": 0},
        {"daily_decimals": 7},
        {"norms": {"air": "1"}},
        {"norms": {"gas": "x"}},
    ],
)
def test_no_such_policy(changes):
    with pytest.raises(PolicyError):
        _policy(**changes)


@pytest.mark.parametrize("country", ["PL", "UA", "NO", "FR"])
def test_every_country_has_policies_that_say_where_they_come_from(country):
    found = law(country)["estimation_policies"]
    assert all(policy.source for policy in policies_of(found).values())
    assert default_policy(found) in policies_of(found)


def test_a_profile_without_policies_has_the_general_ones():
    assert default_policy({}) in policies_of({})
