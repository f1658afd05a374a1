"""When something is due: so many hours around the clock, or in the time in which the organisation works.

Working time is a window of local hours on some days of the week, without the country's public holidays. All arithmetic is done on
instants in UTC, window by window, so that the day on which clocks change is as long as it really is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from shared.holidays import Holidays

Unit = Literal["hours", "working_hours", "working_days"]
_DAY_HOURS = 24
_SEARCH_DAYS = 366 * 30


@dataclass(frozen=True)
class WorkingTime:
    """When an organisation works: days of the week (1 Monday ... 7 Sunday), local hours, holidays excepted.

    Raises ValueError where it would never work.
    """

    days: frozenset[int]
    from_hour: int
    to_hour: int
    zone: str
    holidays: Holidays

    def __post_init__(self) -> None:
        if not self.days or not self.days <= set(range(1, 8)):
            raise ValueError("days")
        if not 0 <= self.from_hour < self.to_hour <= _DAY_HOURS:
            raise ValueError("hours")

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def works_on(self, day: date) -> bool:
        return day.isoweekday() in self.days and not self.holidays.has(day)

    def local_day(self, instant: datetime) -> date:
        return instant.astimezone(self._zone).date()

    def windows(self, start: date) -> Iterator[tuple[datetime, datetime]]:
        """The working windows from a civil day on, in UTC. Raises ValueError after thirty years: such data would never end."""
        for offset in range(_SEARCH_DAYS):
            day = start + timedelta(days=offset)
            if not self.works_on(day):
                continue
            begin, end = self._at(day, self.from_hour), self._at(day, self.to_hour)
            if begin < end:  # a window in the hour that the clocks skip is none
                yield begin, end
        raise ValueError("no working time")

    def _at(self, day: date, hour: int) -> datetime:
        if hour == _DAY_HOURS:
            day, hour = day + timedelta(days=1), 0
        return datetime(day.year, day.month, day.day, hour, tzinfo=self._zone).astimezone(UTC)


def due_after(start: datetime, amount: int, unit: Unit, time: WorkingTime) -> datetime:
    """The instant at which a deadline of `amount` units that begins at `start` is over, in UTC.

    Working days: the day of the report does not count; the deadline is the end of work on the last of them.
    """
    if unit == "working_days":
        following = time.windows(time.local_day(start) + timedelta(days=1))
        ends = [next(following)[1] for _ in range(amount)]
        return ends[-1]
    return put_back(start, timedelta(hours=amount), unit, time)


def time_left(now: datetime, due: datetime, unit: Unit, time: WorkingTime) -> timedelta:
    """What is left of a deadline when its clock stops, in the deadline's own time; nothing where it has passed.

    Exact to the microsecond: a second more would carry what is due at the end of a working day into the next one.
    """
    if unit == "hours" or due <= now:
        return max(timedelta(), due - now)
    left = timedelta()
    for begin, end in time.windows(time.local_day(now)):
        if begin >= due:
            break
        left += max(timedelta(), min(end, due) - max(begin, now))
    return left


def put_back(now: datetime, left: timedelta, unit: Unit, time: WorkingTime) -> datetime:
    """When a deadline that has so much left is over, if its clock goes on at `now`. Nothing left: now."""
    now = now.astimezone(UTC)
    if left <= timedelta():
        return now
    if unit == "hours":
        return now + left
    for begin, end in time.windows(time.local_day(now)):
        at = max(begin, now)
        if at + left <= end:
            return at + left
        left -= max(timedelta(), end - at)
    raise AssertionError  # windows() never ends quietly
