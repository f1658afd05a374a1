"""Civil days: month ends, the same day a year before, the yearly round of submission windows.

Every day that can be written is taken, also those that are slips: what would lie beyond the calendar is its first or its last day.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

_MONTHS = 12
_LAST_DAY = 31
_AHEAD = 4
"""Months in which the window of a day, or the next one, opens: the month before, its own, the following; one to spare."""
YEARS: Final = range(1900, 2101)
"""Of days that can be meant: when a meter was installed, what period is asked for."""


def month_end(day: date) -> date:
    """The last day of a day's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def month_ends(after: date, until: date, most: int) -> list[date]:
    """The month ends later than one day and not later than another, at most the so many latest, the earliest first."""
    found: list[date] = []
    end = month_end(until)
    if end > until:
        end = shifted(until.replace(day=1), -1)
    while end > after and len(found) < most:
        found.append(end)
        end = shifted(end.replace(day=1), -1)
    return found[::-1]


def year_before(day: date) -> date:
    """The same day one year earlier; a month's last day stays the last (29 February becomes 28 February, 28 becomes 29 again)."""
    if day.year == date.min.year:
        return date.min
    if day == month_end(day):
        return month_end(date(day.year - 1, day.month, 1))
    return day.replace(year=day.year - 1)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it is shorter."""
    years, month = divmod(day.month - 1 + months, _MONTHS)
    return _clamped(day.year + years, month + 1, day.day)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; a month's last day stays the last."""
    earlier = months_after(day, -months)
    return month_end(earlier) if day == month_end(day) else earlier


def months_between(after: date, until: date) -> set[int]:
    """The numbers of the calendar months that the days later than one day and not later than another fall in."""
    first = shifted(after, 1)
    span = (until.year - first.year) * _MONTHS + until.month - first.month
    return {(first.month - 1 + offset) % _MONTHS + 1 for offset in range(min(span, _MONTHS - 1) + 1)}


@dataclass(frozen=True, slots=True)
class Window:
    """The days of each month on which readings are taken, both included; `first` after `last` wraps the month's end.

    Days 29 to 31 stand for the last day of a month that has fewer. Raises ValueError.
    """

    first: int
    last: int

    def __post_init__(self) -> None:
        if not (1 <= self.first <= _LAST_DAY and 1 <= self.last <= _LAST_DAY):
            raise ValueError("day")

    def has(self, day: date) -> bool:
        """Whether readings of this day are taken."""
        length = month_end(day).day
        first, last = min(self.first, length), min(self.last, length)
        if self.first > self.last:
            return day.day >= first or day.day <= last
        return first <= day.day <= last

    def opened(self, year: int, month: int) -> tuple[date, date]:
        """The window that opens in a month: its first and its last day."""
        first = _clamped(year, month, self.first)
        if self.first <= self.last:
            return first, _clamped(year, month, self.last)
        following = shifted(month_end(first), 1)
        return first, _clamped(following.year, following.month, self.last)

    def next(self, day: date) -> tuple[date, date]:
        """The window that a day lies in, or the next one."""
        found = (window for window in self._from(day) if window[1] >= day)
        return next(found, (date.max, date.max))

    def _from(self, day: date) -> Iterator[tuple[date, date]]:
        start = shifted(day.replace(day=1), -1).replace(day=1)
        for _ in range(_AHEAD):
            yield self.opened(start.year, start.month)
            start = shifted(month_end(start), 1)


def shifted(day: date, days: int) -> date:
    """A day so many days later or earlier, within the calendar."""
    return date.fromordinal(min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal()))


def _clamped(year: int, month: int, day: int) -> date:
    if not date.min.year <= year <= date.max.year:
        return date.min if year < date.min.year else date.max
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
