"""Public holidays: rules of a country as data, applied to a day. Pure; the data are `infra/jurisdictions/<country>/holidays.json`.

The data come with the organisation's profile (`public_holidays`):

    {"rules": [{"name", "day": "12-24", "valid_from": 2025, "valid_until": null, "source"},
               {"name", "easter": "western", "offset": 1, "valid_from": 1951, "valid_until": null, "source"}],
     "in_lieu": {"valid_from", "valid_until", "source"} or null,
     "suspensions": [{"from": "2022-03-24", "until": null, "source"}]}

A rule is a fixed day, or so many days from Easter Sunday (`western` or `orthodox`); years are included on both sides. `in_lieu`: a
holiday on a Saturday or Sunday makes the next day free that is neither a weekend nor a holiday. In a suspension (civil dates,
included) nothing is free by this law.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final, Literal

from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter

_EASTERS: Final[dict[str, Literal[2, 3]]] = {"western": EASTER_WESTERN, "orthodox": EASTER_ORTHODOX}
_OPEN_END: Final = 9999
_SATURDAY: Final = 6
_LEAP_YEAR: Final = 2000


class HolidayError(ValueError):
    """The data are not rules of holidays."""


@dataclass(frozen=True)
class _Years:
    first: int
    last: int

    def hold(self, year: int) -> bool:
        return self.first <= year <= self.last


@dataclass(frozen=True)
class _Rule:
    years: _Years
    month: int = 0
    day: int = 0
    easter: Literal[0, 1, 2, 3] = 0
    """dateutil's number of the calendar; 0: a fixed day."""
    offset: int = 0

    def on(self, year: int) -> date:
        if self.easter:
            return easter(year, self.easter) + timedelta(days=self.offset)
        return date(year, self.month, self.day)


@dataclass(frozen=True)
class Holidays:
    """A country's public holidays. The one without rules knows none."""

    rules: tuple[_Rule, ...] = ()
    in_lieu: _Years | None = None
    suspensions: tuple[tuple[date, date], ...] = ()

    def has(self, day: date) -> bool:
        """Whether the day is free by law, apart from weekends."""
        if any(first <= day <= last for first, last in self.suspensions):
            return False
        return day in _days_of(self, day.year)


def read_holidays(data: Mapping[str, Any]) -> Holidays:
    """The holidays that a profile's `public_holidays` describe; an empty one has none. Raises HolidayError."""
    try:
        lieu = data.get("in_lieu")
        return Holidays(
            tuple(_rule(given) for given in data.get("rules", ())),
            _years(lieu) if lieu else None,
            tuple(_suspension(given) for given in data.get("suspensions", ())),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise HolidayError(str(error)) from error


def _rule(given: Mapping[str, Any]) -> _Rule:
    if "easter" in given:
        return _Rule(_years(given), easter=_EASTERS[given["easter"]], offset=int(given["offset"]))
    month, day = (int(part) for part in given["day"].split("-"))
    date(_LEAP_YEAR, month, day)  # refuses what is no day
    return _Rule(_years(given), month, day)


def _years(given: Mapping[str, Any]) -> _Years:
    last = given.get("valid_until")
    return _Years(int(given["valid_from"]), _OPEN_END if last is None else int(last))


def _suspension(given: Mapping[str, Any]) -> tuple[date, date]:
    until = given.get("until")
    return date.fromisoformat(given["from"]), date.fromisoformat(until) if until else date.max


@lru_cache(maxsize=256)
def _days_of(holidays: Holidays, year: int) -> frozenset[date]:
    days = {rule.on(year) for rule in holidays.rules if rule.years.hold(year)}
    if not (holidays.in_lieu and holidays.in_lieu.hold(year)):
        return frozenset(days)
    for day in sorted(day for day in days if day.isoweekday() >= _SATURDAY):
        free = day + timedelta(days=1)
        while free in days or free.isoweekday() >= _SATURDAY:
            free += timedelta(days=1)
        days.add(free)
    return frozenset(days)
