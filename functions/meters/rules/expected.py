"""What use is to be expected: that of the same season last year, else the median of the latest accepted readings.

Judged on the average daily use (Oracle Utilities' high/low rule), so that readings 28 and 33 days apart are comparable. Reads the
aggregates of the state only.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from meters.rules.days import month_end, year_before
from meters.rules.stream import Interval, Mark, State, present
from meters.rules.thresholds import Thresholds

Basis = Literal["season", "recent"]
_SHARE_UNIT: Final = 10**6
_YEAR_DAYS: Final = 365
_NEXT_TO_NOTHING_PERCENT: Final = 10
"""Of the floor, under which no use is high: what is expected below it is next to nothing."""
_SEEN_PERCENT: Final = 10
"""How much of a usual year's use has to lie within the recent readings before the season's course is told from them."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A register's expected average use per day, in billionths of the medium's unit.

    `least` is as well possible: where the season's course is not known from the meter itself, both the plain average of late and what the
    medium's usual course makes of it may be right. A high use is measured by the larger, a low one by the smaller.
    """

    daily: int
    basis: Basis
    other: int | None = None

    @property
    def least(self) -> int:
        return self.daily if self.other is None else min(self.daily, self.other)


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
    recent = [interval for interval in state.recent if is_own(interval.start, occupied_since)]
    if len(recent) < limits.recent_min:
        return None
    plain = _median([_daily(interval, register) for interval in recent])
    if not limits.season_shares:
        return Expected(plain, "recent")
    shaped = _shaped(recent, register, Interval(state.actual.day, day, ()), limits.season_shares)
    return None if shaped is None else Expected(max(plain, shaped), "recent", min(plain, shaped))


def high_bound(expected: Expected | None, limits: Thresholds, percent: int) -> int:
    """The daily use above which a reading is `percent` of what is expected, by the limits of its days (`in_season`).

    The floor stands for twice a use that is too small to measure by: the bound at twice is max(2 x expected, floor).
    """
    if expected is None:
        return limits.first_daily_max * percent // limits.high_percent
    return max(expected.daily * percent // 100, limits.floor * percent // limits.high_percent)


def in_season(limits: Thresholds, start: date, end: date) -> Thresholds:
    """The thresholds of the days between two: in the months in which little is used, a use is soon high."""
    days, year = (end - start).days, sum(limits.season_shares)
    usual = year * _SHARE_UNIT * days
    share = _share(Interval(start, end, ()), limits.season_shares) * _YEAR_DAYS if usual else 0
    if share >= usual:
        return limits
    return replace(limits, floor=limits.floor * share // usual, first_daily_max=limits.first_daily_max * share // usual)


def is_next_to_nothing(expected: Expected, limits: Thresholds) -> bool:
    """Whether so little is expected that none at all is nothing to ask about."""
    return expected.least * 100 < limits.floor * _NEXT_TO_NOTHING_PERCENT


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
    low = 0
    if expected and not is_next_to_nothing(expected, limits) and days >= limits.low_min_days:
        low = expected.least * limits.low_percent * days // 100 if is_own(state.actual.day, occupied_since) else 0
    high = high_bound(expected, in_season(limits, state.actual.day, day), limits.high_percent)
    return Range(low, high * judged_days(days, limits))


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


def _shaped(recent: list[Interval], register: int, asked: Interval, shares: Sequence[int]) -> int | None:
    """The daily use if the recent one went by the medium's usual course of the year; None: too little of its season was seen.

    Sums, not a median: the summers' readings say next to nothing of the winter, and weigh as little.
    """
    seen = sum(_share(interval, shares) for interval in recent)
    if seen * 100 < sum(shares) * _SHARE_UNIT * _SEEN_PERCENT:
        return None
    used = sum(interval.uses[register] for interval in recent)
    return used * _share(asked, shares) // (seen * max(asked.days, 1))


def _share(interval: Interval, shares: Sequence[int]) -> int:
    """What share of a year's use usually falls on the days of an interval."""
    return _share_until(interval.end, shares) - _share_until(interval.start, shares)


def _share_until(day: date, shares: Sequence[int]) -> int:
    whole = day.year * sum(shares) + sum(shares[: day.month - 1])
    return whole * _SHARE_UNIT + shares[day.month - 1] * _SHARE_UNIT * day.day // month_end(day).day


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
