"""What use is to be expected: that of the same season last year, else the median of the latest accepted readings.

Judged on the average daily use (Oracle Utilities' high/low rule), so that readings 28 and 33 days apart are comparable. Reads the
aggregates of the state only.
"""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date
from typing import Literal

from meters.rules.days import year_before
from meters.rules.stream import Interval, Mark, State, present
from meters.rules.thresholds import Thresholds

Basis = Literal["season", "recent"]


@dataclass(frozen=True, slots=True)
class Expected:
    """A register's expected average use per day, in billionths of the medium's unit."""

    daily: int
    basis: Basis


@dataclass(frozen=True, slots=True)
class Range:
    """The use of a register that raises no question over some days; `high` is the largest such, both in billionths."""

    low: int
    high: int


def expect(
    state: State, register: int, day: date, limits: Thresholds, occupied_since: date | None = None
) -> Expected | None:
    """What a register should have used a day since the last actual reading; None: there is too little history.

    What was used before `occupied_since` is of another household: it neither counts nor shows through.
    """
    if state.actual is None:
        return None
    season = season_use(state, register, day, occupied_since)
    if season is not None:
        return Expected(_daily(season, 0), "season")
    recent = [_daily(interval, register) for interval in state.recent if is_own(interval.start, occupied_since)]
    if len(recent) < limits.recent_min:
        return None
    return Expected(_median(recent), "recent")


def high_bound(expected: Expected | None, limits: Thresholds, percent: int) -> int:
    """The daily use above which a reading is `percent` of what is expected.

    The floor stands for twice a use that is too small to measure by: the bound at twice is max(2 x expected, floor).
    """
    if expected is None:
        return limits.first_daily_max * percent // limits.high_percent
    return max(expected.daily * percent // 100, limits.floor * percent // limits.high_percent)


def judged_days(days: int, limits: Thresholds) -> int:
    """The days by which a use is divided before it is called high."""
    return max(days, limits.high_min_days)


def expected_range(
    state: State, register: int, day: date, limits: Thresholds, occupied_since: date | None = None
) -> Range | None:
    """Between which uses a reading of this day would pass without a question; None before the first reading."""
    if state.actual is None or day < state.actual.day:
        return None
    expected = expect(state, register, day, limits, occupied_since)
    days = (day - state.actual.day).days
    low = expected.daily * limits.low_percent * days // 100 if expected and days >= limits.low_min_days else 0
    return Range(low, high_bound(expected, limits, limits.high_percent) * judged_days(days, limits))


def known_use(state: State, register: int, start: date, end: date) -> int | None:
    """A register's use after one day up to another, from the month ends kept with the state; None where they do not reach."""
    last = state.actual
    if last is None or not state.marks or not state.marks[0].day <= start < end <= last.day:
        return None
    known = (*state.marks, Mark(last.day, last.totals))
    return _total(known, register, end) - _total(known, register, start)


def season_use(state: State, register: int, day: date, since: date | None) -> Interval | None:
    """A register's use in the same days a year ago as lie between the last actual reading and a day."""
    start, end = year_before(present(state)[1].day), year_before(day)
    use = known_use(state, register, start, end) if is_own(start, since) else None
    return None if use is None else Interval(start, end, (use,))


def is_own(start: date, since: date | None) -> bool:
    """Whether a use that begins then is the present household's."""
    return since is None or start >= since


def _total(known: tuple[Mark, ...], register: int, day: date) -> int:
    """The total of a day between two marks, spread evenly."""
    at = bisect_left(known, day, key=lambda mark: mark.day)
    after = known[at]
    if after.day == day:
        return after.totals[register]
    before = known[at - 1]
    stretch = Interval(before.day, after.day, (after.totals[register] - before.totals[register],))
    return before.totals[register] + stretch.until(day)[0]


def _median(values: list[int]) -> int:
    """The middle one, or the middle between two, cut to a whole billionth."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) // 2


def _daily(interval: Interval, register: int) -> int:
    return interval.uses[register] // interval.days
