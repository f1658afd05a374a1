"""Data of thresholds, expectations, windows, values as text, and the sum behind a house meter."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from meters.rules.counters import FormatError, format_value, parse_use, parse_value, use_text
from meters.rules.days import Window, month_ends, months_after, months_before, months_between, year_before
from meters.rules.expected import Expected, expect, expected_range, high_bound
from meters.rules.stream import EMPTY, fold
from meters.rules.sums import check_sum, compare
from meters.rules.thresholds import ThresholdError, sources, thresholds
from meters.rules.vocabulary import MAX_DECIMALS, UNITS, Device

from tests.unit.meters.builders import (
    DEVICE,
    LAST,
    START,
    WATER,
    ask,
    at,
    found,
    installed,
    limits,
    litres,
    read,
    steady,
)

QUICK = settings(max_examples=80, deadline=None)
DAY = date(2026, 10, 31)


def test_every_medium_has_its_thresholds_and_every_value_its_source():
    assert set(thresholds()) == set(UNITS)
    for named in sources().values():
        assert len(named) == 16
        assert all(named.values())


def test_an_organisations_own_values_take_the_place_of_the_defaults():
    own = thresholds({"cold_water": {"floor": "0.4", "idle_months": [7]}})
    assert (own["cold_water"].floor, own["cold_water"].idle_months) == (400_000_000, {7})
    assert own["hot_water"] == thresholds()["hot_water"]


@pytest.mark.parametrize(
    "own",
    [
        {"air": {}},
        {"gas": {"flor": "1"}},
        {"gas": []},
        {"gas": {"floor": "0"}},
        {"gas": {"floor": "NaN"}},
        {"gas": {"floor": "-1"}},
        {"gas": {"high_percent": 99}},
        {"gas": {"high_percent": True}},
        {"gas": {"hold_percent": 199}},
        {"gas": {"low_percent": 200}},
        {"gas": {"rollover_percent": 101}},
        {"gas": {"recent_min": 7}},
        {"gas": {"recent_min": 0}},
        {"gas": {"idle_months": [13]}},
        {"gas": {"idle_months": 5}},
        {"gas": {"outside_window": "hold"}},
        {"gas": {"photo_on_confirmation": 1}},
        # What would switch a check off without saying so.
        {"gas": {"high_percent": 1001, "hold_percent": 1001}},
        {"gas": {"hold_percent": 10**60}},
        {"gas": {"low_percent": 101}},
        {"gas": {"low_min_days": 10**30}},
        {"gas": {"high_min_days": 367}},
        {"gas": {"sum_tolerance_percent": 10**9}},
        {"gas": {"sum_loss_percent": 101}},
        {"gas": {"floor": "1e400"}},
        {"gas": {"floor": "1e999999999"}},
        {"gas": {"floor": "Infinity"}},
        {"gas": {"first_daily_max": "100000"}},
        {"gas": {"floor": "0.0000000001"}},
        {"gas": {"floor": True}},
        {"gas": {"idle_months": {}}},
        {"gas": {"idle_months": ""}},
        {"gas": {"season_shares": {}}},
        {"gas": {"season_shares": [1001] * 12}},
        {"gas": {"season_shares": [1] * 11}},
    ],
)
def test_data_that_make_no_thresholds(own):
    with pytest.raises(ThresholdError):
        thresholds(own)


def test_the_widest_that_an_organisation_may_choose():
    own = {
        "high_percent": 1000,
        "hold_percent": 1000,
        "low_percent": 0,
        "high_min_days": 366,
        "low_min_days": 366,
        "sum_tolerance_percent": 100,
        "floor": "99999.999999999",
        "first_daily_max": 7,
        "idle_months": list(range(1, 13)),
        "season_shares": [],
    }
    assert thresholds({"gas": own})["gas"].floor == 99_999_999_999_999


def _seasonal():
    """Twice as much in the half year that begins with October."""
    events, value, day = [installed(START, (0,))], 0, START
    for end in month_ends(START, LAST, 99):
        value += (200 if end.month in (10, 11, 12, 1, 2, 3) else 100) * (end - day).days
        events.append(read(end, value))
        day = end
    return events, value


def test_the_same_season_last_year_comes_first():
    events, value = _seasonal()
    assert expect(fold(EMPTY, events), 0, DAY, WATER) == Expected(200_000_000, "season")
    assert found(ask(events, litres(value + 31 * 350)), "HIGH") is None
    assert found(ask(events, litres(value + 31 * 401)), "HIGH") == "warn"


def test_else_the_median_of_the_recent_ones():
    days = [START + timedelta(days=30 * number) for number in range(1, 7)]
    values = [3_000, 6_000, 16_000, 19_600, 25_600, 27_000]  # a day: 100, 100, 333, 120, 200, 46
    events = [installed(START, (0,)), *(read(day, value) for day, value in zip(days, values, strict=True))]
    day = days[-1] + timedelta(days=30)
    assert expect(fold(EMPTY, events), 0, day, WATER) == Expected(110_000_000, "recent")
    assert expect(fold(EMPTY, events[:4]), 0, days[3], WATER) == Expected(100_000_000, "recent")
    assert expect(fold(EMPTY, events[:3]), 0, days[2], WATER) is None
    assert expect(EMPTY, 0, day, WATER) is None


def test_after_more_than_a_year_there_is_no_season_to_compare_with():
    state = fold(EMPTY, steady())
    assert expect(state, 0, LAST + timedelta(days=365), WATER).basis == "season"
    assert expect(state, 0, LAST + timedelta(days=366), WATER).basis == "recent"


def test_a_former_households_use_is_not_shown():
    state = fold(EMPTY, steady())
    assert expect(state, 0, DAY, WATER, occupied_since=LAST) is None
    assert expect(state, 0, DAY, WATER, occupied_since=date(2026, 6, 30)) == Expected(150_000_000, "recent")
    assert expected_range(state, 0, DAY, WATER, LAST).high == 31 * WATER.first_daily_max


@pytest.mark.parametrize(
    ("daily", "percent", "bound"), [(150, 200, 300), (150, 500, 750), (10, 200, 200), (10, 500, 500)]
)
def test_the_bound_is_twice_the_expected_or_the_floor(daily, percent, bound):
    assert high_bound(Expected(daily * 10**6, "recent"), WATER, percent) == bound * 10**6


@QUICK
@given(st.integers(0, 500), st.integers(1, 400))
def test_what_lies_in_the_expected_range_raises_no_question(daily, days):
    events = steady(daily=daily)
    day = LAST + timedelta(days=days)
    known = expected_range(fold(EMPTY, events), 0, day, WATER)
    codes = lambda use: set(ask(events, litres(at(LAST, daily) + use), day=day, today=day).codes)  # noqa: E731
    low, high = -(-known.low // 10**6), known.high // 10**6
    assert not {"HIGH", "LOW"} & (codes(low) | codes(high))
    assert "HIGH" in codes(high + 1)
    if low:
        assert {"LOW", "ZERO"} & codes(low - 1)


def test_no_range_of_a_day_before_the_last_reading():
    assert expected_range(fold(EMPTY, steady()), 0, LAST - timedelta(days=1), WATER) is None


# Windows and days


@pytest.mark.parametrize(
    ("window", "day", "inside"),
    [
        (Window(25, 5), date(2026, 1, 25), True),
        (Window(25, 5), date(2026, 2, 5), True),
        (Window(25, 5), date(2026, 2, 6), False),
        (Window(25, 5), date(2026, 1, 24), False),
        (Window(31, 2), date(2026, 2, 28), True),
        (Window(31, 2), date(2028, 2, 28), False),
        (Window(31, 2), date(2028, 2, 29), True),
        (Window(29, 31), date(2026, 2, 28), True),
        (Window(29, 31), date(2026, 4, 30), True),
        (Window(1, 1), date(2026, 4, 2), False),
        (Window(10, 20), date(2026, 4, 20), True),
    ],
)
def test_windows(window, day, inside):
    assert window.has(day) is inside


@QUICK
@given(st.integers(1, 31), st.integers(1, 31), st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_the_next_window_is_open_and_begins_when_the_day_is_outside(first, last, day):
    window = Window(first, last)
    start, end = window.next(day)
    assert start <= end >= day
    assert window.has(start)
    assert window.has(end)
    assert window.has(day) == (start <= day)


@pytest.mark.parametrize("days", [(0, 5), (1, 32)])
def test_no_such_window(days):
    with pytest.raises(ValueError):
        Window(*days)


def test_days_of_months_and_years():
    assert month_ends(date(2026, 1, 31), date(2026, 4, 29), 9) == [date(2026, 2, 28), date(2026, 3, 31)]
    assert month_ends(date(2020, 1, 1), date(2026, 4, 30), 2) == [date(2026, 3, 31), date(2026, 4, 30)]
    assert year_before(date(2028, 2, 29)) == date(2027, 2, 28)
    assert year_before(date(2029, 2, 28)) == date(2028, 2, 29)
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_before(date(2026, 2, 28), 3) == date(2025, 11, 30)
    assert months_between(date(2026, 11, 30), date(2027, 2, 3)) == {12, 1, 2}
    assert months_between(date(2024, 11, 30), date(2027, 2, 3)) == set(range(1, 13))


# Values as text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("00412.350", 412_350),
        ("412,35", 412_350),
        (" 412 ", 412_000),
        ("412.", 412_000),
        ("0", 0),
        ("99999.999", 99_999_999),
    ],
)
def test_values(text, value):
    assert parse_value(text, DEVICE) == value


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "empty"),
        ("abc", "not_a_number"),
        (".5", "not_a_number"),
        ("1 2", "not_a_number"),
        ("1,2.3", "not_a_number"),
        ("\u0661", "not_a_number"),
        ("-1", "negative"),
        ("\u2212 1,5", "negative"),
        ("123456", "too_many_digits"),
        ("1.2345", "too_many_decimals"),
    ],
)
def test_faults(text, fault):
    with pytest.raises(FormatError) as raised:
        parse_value(text, DEVICE)
    assert raised.value.fault == fault


@QUICK
@given(st.integers(1, 8), st.integers(0, MAX_DECIMALS), st.data())
def test_a_value_is_read_back_as_it_is_shown(digits, decimals, data):
    device = Device(digits, decimals)
    value = data.draw(st.integers(0, device.range - 1))
    assert parse_value(format_value(value, device), device) == value
    assert len(format_value(value, device).replace(".", "")) == digits + decimals


def test_uses_as_text():
    assert (use_text(6_200_999_999), use_text(-1_500_000_000), use_text(999)) == ("6.200", "-1.500", "0.000")
    assert parse_use("0.25") == 250_000_000
    for wrong in ("x", "0.0000000001", "Infinity"):
        with pytest.raises(ValueError):
            parse_use(wrong)


# House meters

M3 = 10**9


@pytest.mark.parametrize(
    ("house", "units", "outside"),
    [(100, [50, 45], False), (100, [50, 44], True), (100, [50, 55], False), (100, [50, 56], True), (0, [], False)],
)
def test_sum(house, units, outside):
    found_sum = check_sum(house * M3, [use * M3 for use in units], WATER)
    assert (found_sum is not None) == outside
    if found_sum:
        assert (found_sum.code, found_sum.severity, found_sum.register) == ("SUM", "info", None)


def test_the_agreed_loss_is_no_difference():
    agreed = limits(sum_loss_percent=10)
    assert check_sum(110 * M3, [100 * M3], agreed) is None
    assert compare(110 * M3, [100 * M3], agreed).difference == 0
    (params,) = [check_sum(130 * M3, [100 * M3], agreed).params]
    assert params["difference"] == "20.000"
