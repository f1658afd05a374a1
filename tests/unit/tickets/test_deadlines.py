"""Deadlines in working time: known cases, days on which clocks change, and properties that must hold for any of them."""

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tickets.rules.deadlines import WorkingTime, due_after, put_back, time_left

from shared.holidays import Holidays, read_holidays

FOLDER = Path(__file__).resolve().parents[3] / "infra" / "jurisdictions"
WARSAW = ZoneInfo("Europe/Warsaw")
ZONES = {"pl": "Europe/Warsaw", "ua": "Europe/Kyiv", "no": "Europe/Oslo", "fr": "Europe/Paris"}


@cache
def holidays(country):
    return read_holidays(json.loads((FOLDER / country / "holidays.json").read_text()))


OFFICE = WorkingTime(frozenset({1, 2, 3, 4, 5}), 8, 16, "Europe/Warsaw", holidays("pl"))
ALWAYS = WorkingTime(frozenset(range(1, 8)), 0, 24, "Europe/Warsaw", Holidays())


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=WARSAW)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "due"),
    [
        ("2026-11-23T10:00", 4, "hours", "2026-11-23T14:00"),
        ("2026-11-21T22:00", 4, "hours", "2026-11-22T02:00"),
        ("2026-11-23T10:00", 4, "working_hours", "2026-11-23T14:00"),
        ("2026-11-23T10:00", 6, "working_hours", "2026-11-23T16:00"),
        ("2026-11-23T10:00", 8, "working_hours", "2026-11-24T10:00"),
        ("2026-11-20T15:00", 2, "working_hours", "2026-11-23T09:00"),
        ("2026-11-21T12:00", 1, "working_hours", "2026-11-23T09:00"),
        ("2026-11-23T05:00", 1, "working_hours", "2026-11-23T09:00"),
        ("2026-11-23T10:00", 3, "working_days", "2026-11-26T16:00"),
        ("2026-11-20T07:00", 1, "working_days", "2026-11-23T16:00"),
        ("2026-11-21T12:00", 1, "working_days", "2026-11-23T16:00"),
        # Christmas: the 24th (Thursday), 25th and 26th are free, and so is the weekend.
        ("2026-12-23T15:00", 2, "working_hours", "2026-12-28T09:00"),
        ("2026-12-23T15:00", 1, "working_days", "2026-12-28T16:00"),
        # 24 December was a working day until 2024.
        ("2024-12-23T15:00", 2, "working_hours", "2024-12-24T09:00"),
        # Corpus Christi is a Thursday.
        ("2026-06-03T15:30", 1, "working_hours", "2026-06-05T08:30"),
    ],
)
def test_known_deadlines(start, amount, unit, due):
    assert due_after(at(start), amount, unit, OFFICE) == at(due)


def test_hours_around_the_clock_are_real_hours_when_clocks_change():
    assert due_after(at("2026-03-28T20:00"), 10, "hours", OFFICE) == at("2026-03-29T07:00")
    assert due_after(at("2026-10-24T20:00"), 10, "hours", OFFICE) == at("2026-10-25T05:00")


def test_a_working_day_around_the_clock_is_as_long_as_it_is():
    assert due_after(at("2026-03-29T00:00"), 23, "working_hours", ALWAYS) == at("2026-03-30T00:00")
    assert due_after(at("2026-10-25T00:00"), 25, "working_hours", ALWAYS) == at("2026-10-26T00:00")


def test_a_window_in_the_skipped_hour_is_none():
    night = WorkingTime(frozenset({7}), 2, 3, "Europe/Warsaw", Holidays())
    assert due_after(at("2026-03-28T12:00"), 1, "working_hours", night) == at("2026-04-05T03:00")


def test_another_countrys_holiday_is_a_working_day():
    paris = WorkingTime(frozenset({1, 2, 3, 4, 5}), 8, 16, "Europe/Paris", holidays("fr"))
    zone = ZoneInfo("Europe/Paris")
    start = datetime(2026, 7, 13, 15, 0, tzinfo=zone)
    assert due_after(start, 2, "working_hours", paris) == datetime(2026, 7, 15, 9, 0, tzinfo=zone)
    assert due_after(start, 2, "working_hours", OFFICE) == datetime(2026, 7, 14, 9, 0, tzinfo=WARSAW)


def test_in_ukraine_a_holiday_is_worked_through_under_martial_law():
    kyiv, zone = WorkingTime(frozenset({1, 2, 3, 4, 5}), 9, 18, "Europe/Kyiv", holidays("ua")), ZoneInfo("Europe/Kyiv")
    start = datetime(2026, 12, 24, 17, 0, tzinfo=zone)
    assert due_after(start, 2, "working_hours", kyiv) == datetime(2026, 12, 25, 10, 0, tzinfo=zone)


def test_what_is_left_over_a_weekend_is_working_time_only():
    due = at("2026-11-23T10:00")
    assert time_left(at("2026-11-20T15:00"), due, "working_hours", OFFICE) == timedelta(hours=3)
    assert time_left(at("2026-11-21T15:00"), due, "working_hours", OFFICE) == timedelta(hours=2)
    assert time_left(at("2026-11-23T09:59"), due, "working_hours", OFFICE) == timedelta(minutes=1)
    assert time_left(due, due, "working_hours", OFFICE) == timedelta()
    assert time_left(at("2026-11-24T09:00"), due, "working_hours", OFFICE) == timedelta()


@pytest.mark.parametrize(
    ("days", "hours"), [((), (8, 16)), ((8,), (8, 16)), ((1,), (16, 8)), ((1,), (8, 8)), ((1,), (0, 25))]
)
def test_working_time_that_never_is_is_refused(days, hours):
    with pytest.raises(ValueError):
        WorkingTime(frozenset(days), *hours, "Europe/Warsaw", Holidays())


def test_data_that_leave_no_working_day_end_in_an_error_instead_of_a_loop():
    rules = [{"day": f"{m:02}-{d:02}", "valid_from": 1} for m in range(1, 13) for d in range(1, 32) if d < 29 or m != 2]
    rules = [rule for rule in rules if rule["day"] not in ("04-31", "06-31", "09-31", "11-31")]
    never = WorkingTime(
        frozenset(range(1, 7)),
        8,
        16,
        "Europe/Warsaw",
        read_holidays({"rules": [*rules, {"day": "02-29", "valid_from": 1}]}),
    )
    with pytest.raises(ValueError):
        due_after(at("2026-11-23T10:00"), 1, "working_hours", never)


@st.composite
def working_times(draw):
    country = draw(st.sampled_from(sorted(ZONES)))
    days = draw(st.frozensets(st.integers(1, 7), min_size=1))
    begin = draw(st.integers(0, 23))
    return WorkingTime(days, begin, draw(st.integers(begin + 1, 24)), ZONES[country], holidays(country))


UNHURRIED = settings(deadline=None)
# Around two winters and the weekends on which clocks change.
INSTANTS = st.datetimes(datetime(2025, 9, 1), datetime(2027, 4, 15), timezones=st.just(UTC))
AMOUNTS = st.integers(1, 80)
UNITS = st.sampled_from(["hours", "working_hours", "working_days"])


def is_working(instant, time):
    """Whether some working time ends at, or lasts over, this instant."""
    day = time.local_day(instant) - timedelta(days=1)
    for begin, end in time.windows(day):
        if begin > instant:
            return False
        if begin < instant <= end:
            return True
    return False


@UNHURRIED
@given(INSTANTS, AMOUNTS, UNITS, working_times())
def test_nothing_is_due_before_it_begins(start, amount, unit, time):
    assert due_after(start, amount, unit, time) > start


@UNHURRIED
@given(INSTANTS, st.timedeltas(timedelta(), timedelta(days=30)), AMOUNTS, UNITS, working_times())
def test_what_begins_later_is_not_due_earlier(start, later, amount, unit, time):
    assert due_after(start, amount, unit, time) <= due_after(start + later, amount, unit, time)


@UNHURRIED
@given(INSTANTS, AMOUNTS, AMOUNTS, UNITS, working_times())
def test_more_time_ends_later(start, one, more, unit, time):
    assert due_after(start, one, unit, time) < due_after(start, one + more, unit, time)


@UNHURRIED
@given(INSTANTS, AMOUNTS, st.sampled_from(["working_hours", "working_days"]), working_times())
def test_nothing_is_due_outside_working_time(start, amount, unit, time):
    assert is_working(due_after(start, amount, unit, time), time)


@UNHURRIED
@given(INSTANTS, AMOUNTS, UNITS, working_times(), st.floats(0, 1))
def test_a_clock_that_is_stopped_and_started_at_once_loses_nothing(start, amount, unit, time, part):
    due = due_after(start, amount, unit, time)
    now = start + (due - start) * part
    assume(now < due)
    again = put_back(now, time_left(now, due, unit, time), unit, time)
    assert again == due


@UNHURRIED
@given(
    INSTANTS,
    AMOUNTS,
    UNITS,
    working_times(),
    st.tuples(st.floats(0, 1), st.timedeltas(timedelta(), timedelta(days=40))),
)
def test_the_time_that_a_tenant_takes_costs_the_house_nothing(start, amount, unit, time, waiting):
    """What was left is left again after the pause."""
    due = due_after(start, amount, unit, time)
    part, pause = waiting
    now = start + (due - start) * part
    left = time_left(now, due, unit, time)
    assume(left)
    resumed = now + pause
    again = put_back(resumed, left, unit, time)
    assert again > resumed
    assert again >= due
    assert time_left(resumed, again, unit, time) == left


@UNHURRIED
@given(INSTANTS, UNITS, working_times())
def test_nothing_left_is_due_at_once(now, unit, time):
    assert put_back(now, timedelta(), unit, time) == now
