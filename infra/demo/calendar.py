"""Months and banking days of the demo world."""

from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = 18
"""Charges are posted for so many months; the last of them is the month before `today`."""
_SATURDAY = 5


@dataclass(frozen=True, order=True)
class Month:
    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    def plus(self, months: int) -> "Month":
        count = self.year * 12 + self.month - 1 + months
        return Month(count // 12, count % 12 + 1)

    def day(self, number: int) -> date:
        return date(self.year, self.month, number)

    @property
    def first(self) -> date:
        return self.day(1)

    @property
    def last(self) -> date:
        return self.plus(1).first - timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.month:02d}/{self.year}"


def window(today: date) -> tuple[Month, ...]:
    """The months that are charged, oldest first."""
    current = Month.of(today)
    return tuple(current.plus(-back) for back in range(MONTHS, 0, -1))


def banking_day(day: date) -> date:
    """This day, or the Monday after a weekend: banks book on working days."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= _SATURDAY else day
