"""Media that follow the year, and households that have just come: what is expected of them, and what is not asked."""

from datetime import date, timedelta

import pytest
from meters.rules.expected import Expected, expect, expected_range, in_season
from meters.rules.stream import EMPTY, fold
from meters.rules.thresholds import ThresholdError, thresholds
from meters.rules.vocabulary import USE_UNIT, Device

from tests.unit.meters.builders import LAST, LIMITS, ask, at, found, installed, litres, month_ends, read, steady

HEAT = LIMITS["heat"]
KWH = Device(digits=6)
YEAR = 7_000


def _heated(start, until, shares=HEAT.season_shares):
    """A flat that uses 7,000 kWh a year by the usual course of degree days, read monthly."""
    events, value = [installed(start, (10_000,), KWH)], 10_000
    for end in month_ends(start, until):
        value += YEAR * shares[end.month - 1] // 1_000
        events.append(read(end, value))
    return events, value


def _asked(events, value, day, **fields):
    return ask(events, str(value), day=day, limits=HEAT, **fields)


def test_the_first_winter_after_a_summer_is_no_high_use():
    events, value = _heated(date(2026, 4, 30), date(2026, 10, 31))
    judged = _asked(events, value + YEAR * 120 // 1_000, date(2026, 11, 30), today=date(2026, 11, 30))
    assert judged.status == "accepted"
    expected = expect(fold(EMPTY, events), 0, date(2026, 11, 30), HEAT)
    assert expected.daily == pytest.approx(YEAR * 120 * USE_UNIT // 1_000 // 30, rel=0.02)
    assert expected.least < expected.daily / 3  # the plain median, as well possible
    assert found(_asked(events, value + YEAR * 300 // 1_000, date(2026, 11, 30), today=date(2026, 11, 30)), "HIGH")


def test_of_a_summer_alone_no_winter_is_told():
    events, _ = _heated(date(2026, 5, 31), date(2026, 9, 30))
    assert expect(fold(EMPTY, events), 0, date(2026, 10, 31), HEAT) is None
    assert expect(fold(EMPTY, events), 0, date(2026, 10, 31), LIMITS["cold_water"]).basis == "recent"


def test_a_low_use_is_measured_by_the_smaller_expectation():
    events, value = _heated(date(2025, 10, 31), date(2026, 3, 31))
    day = date(2026, 4, 30)
    expected = expect(fold(EMPTY, events), 0, day, HEAT)
    assert (expected.basis, expected.least < expected.daily) == ("recent", True)
    low = expected_range(fold(EMPTY, events), 0, day, HEAT).low
    assert low == expected.least * HEAT.low_percent * 30 // 100
    # A fifth of the least: more than that is passed, though it is less than a fifth of the winter's median.
    passed = -(-low // USE_UNIT)
    assert passed * USE_UNIT * 100 < expected.daily * HEAT.low_percent * 30
    assert found(_asked(events, value + passed, day, today=day), "LOW") is None
    assert found(_asked(events, value + passed - 1, day, today=day), "LOW") == "warn"


def test_nothing_where_next_to_nothing_is_expected_is_not_asked_about():
    events, value = _heated(date(2025, 5, 31), date(2026, 6, 30), (170, 150, 130, 80, 40, 13, 2, 2, 30, 80, 120, 160))
    day = date(2026, 7, 31)
    assert expect(fold(EMPTY, events), 0, day, HEAT).basis == "season"
    assert _asked(events, value, day, today=day).codes == ()
    winter, value = _heated(date(2025, 5, 31), date(2026, 10, 31))
    assert found(_asked(winter, value, date(2026, 11, 30), today=date(2026, 11, 30)), "ZERO") == "warn"


def test_what_is_never_high_and_what_is_believed_at_first_follow_the_season():
    july, january = (date(2026, 6, 30), date(2026, 7, 31)), (date(2025, 12, 31), date(2026, 1, 31))
    assert in_season(HEAT, *january) == in_season(HEAT, july[0], july[0]) == HEAT
    assert in_season(LIMITS["cold_water"], *july) == LIMITS["cold_water"]
    summer = in_season(HEAT, *july)
    assert summer.floor == HEAT.floor * 13 * 365 // (31 * 1_000)
    assert summer.first_daily_max == HEAT.first_daily_max * 13 * 365 // (31 * 1_000)
    first = [installed(july[0], (10_000,), KWH)]
    assert found(_asked(first, 10_000 + 31 * 22, july[1], today=july[1]), "HIGH") is None
    assert found(_asked(first, 10_000 + 31 * 24, july[1], today=july[1]), "HIGH") == "warn"
    events, value = _heated(date(2025, 5, 31), date(2026, 6, 30))
    assert found(_asked(events, value + 14 * 31, july[1], today=july[1]), "HIGH") == "warn"  # under the winter's floor


def test_what_was_not_used_before_they_came_is_no_absence():
    events = [*steady()[:-1], read(LAST, at(LAST))]
    value = litres(at(LAST))
    assert found(ask(events, value), "ZERO") == "warn"
    assert found(ask(events, value, occupied_since=date(2026, 10, 20)), "ZERO") is None
    assert found(ask(events, value, occupied_since=LAST), "ZERO") == "warn"


def test_red_digits_that_were_not_typed_may_hide_the_use():
    small, large = (steady(base=400_000, start=LAST - timedelta(days=200), daily=daily) for daily in (50, 150))
    for events, asked in ((small, None), (large, "warn")):
        last = events[-1].values[0]
        whole = [*events[:-1], read(LAST, last // 1000 * 1000)]
        # Nothing in a month: of 1.5 m3 the black digits may show nothing, of 4.6 they do not.
        assert found(ask(whole, f"{last // 1000}"), "ZERO") == asked
        assert found(ask([*events[:-1], read(LAST, last // 1000 * 1000 + 5)], f"{last // 1000}.005"), "ZERO") == "warn"


def test_the_course_of_the_year_is_the_organisations_to_change():
    own = thresholds({"heat": {"season_shares": []}, "gas": {"season_shares": [1] * 12}})
    assert (own["heat"].season_shares, own["gas"].season_shares) == ((), (1,) * 12)
    events, _ = _heated(date(2026, 4, 30), date(2026, 10, 31))
    assert expect(fold(EMPTY, events), 0, date(2026, 11, 30), own["heat"]).other is None
    flat = expect(fold(EMPTY, events), 0, date(2026, 11, 30), own["gas"])
    assert isinstance(flat, Expected)
    for wrong in ([1] * 11, [0] * 12, [-1] * 12, "winter", [1.5] * 12):
        with pytest.raises(ThresholdError):
            thresholds({"heat": {"season_shares": wrong}})
