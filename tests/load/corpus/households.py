"""Households and what their counters show: seasons, weather, holidays, moves and the unusual, day by day.

Sizes are those of ordinary flats (a person's 90 l of water a day, some 2,000 kWh of electricity a year for two); no number of the checks is
used here.
"""

import calendar
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import exp
from typing import Final

from meters.rules.vocabulary import Device, Medium

HEATED: Final = (1.9, 1.7, 1.45, 0.85, 0.25, 0.02, 0.0, 0.0, 0.2, 0.9, 1.45, 1.85)
"""Degree days of a month against the year's mean, temperate climate."""
_LIGHT: Final = (1.2, 1.12, 1.02, 0.95, 0.9, 0.88, 0.88, 0.9, 0.95, 1.02, 1.1, 1.2)
_SUMMERY: Final = (0.96, 0.96, 0.98, 1.0, 1.03, 1.08, 1.1, 1.08, 1.02, 0.98, 0.96, 0.95)
_WINTRY: Final = (1.1, 1.1, 1.05, 1.0, 0.97, 0.9, 0.84, 0.84, 0.95, 1.02, 1.08, 1.15)
_SUN: Final = (0.25, 0.45, 0.9, 1.3, 1.6, 1.75, 1.75, 1.55, 1.15, 0.7, 0.35, 0.2)
_STANDBY: Final = 0.12
"""What still runs in an empty flat, of the usual use: a fridge, a tap that drips."""


@dataclass(frozen=True, slots=True)
class Household:
    """Who lives there: from when, how many, and whether anybody at all."""

    since: date
    persons: int
    thrift: float
    occupied: bool = True


@dataclass(frozen=True, slots=True)
class Span:
    """Days on which something is different: `factors` by medium."""

    label: str
    first: date
    last: date
    factors: Mapping[Medium, float]

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(slots=True)
class Counter:
    """One counter and its use, by register in its smallest unit. `curves` and `daily` are those of each register."""

    medium: Medium
    device: Device
    curves: tuple[tuple[float, ...], ...]
    daily: tuple[float, ...]
    max_flow: str = ""
    per_person: bool = False
    carry: list[float] = field(default_factory=list)
    values: list[int] = field(default_factory=list)

    def run(self, register: int, share: float) -> bool:
        """Let a register count; whether it went past its end."""
        self.carry[register] += share * 10**self.device.decimals
        counts = int(self.carry[register])
        self.carry[register] -= counts
        rolled, self.values[register] = divmod(self.values[register] + counts, self.device.range)
        return bool(rolled)

    def put_in(self, values: list[int]) -> None:
        self.values, self.carry = values, [0.0] * self.device.registers


def day_use(counter: Counter, register: int, day: date, who: Household, weather: float) -> float:
    """The expected use of a register on a day, in the medium's unit, before chance."""
    days = calendar.monthrange(day.year, day.month)[1]
    curve = counter.curves[register]
    # From the middle of one month to the middle of the next the season goes over evenly.
    offset = (day.day - 0.5) / days - 0.5
    other = (day.month - 1 + (1 if offset > 0 else -1)) % 12
    season = curve[day.month - 1] * (1 - abs(offset)) + curve[other] * abs(offset)
    if curve is HEATED:
        season *= weather
    people = who.persons**0.8 if counter.per_person else 1 + 0.1 * (who.persons - 2)
    usual = counter.daily[register] * season * people * who.thrift
    if who.occupied:
        return usual
    return usual * (0.3 if curve is HEATED else 0.02)


def counters(rng: random.Random) -> list[Counter]:
    """The counters of a flat: two to four of the media."""
    kinds: list[Medium] = ["cold_water"]
    if rng.random() < 0.75:
        kinds.append("hot_water")
    kinds.append(rng.choice(("heat", "heat_cost_allocator", "gas")))
    if rng.random() < 0.6:
        kinds.append("electricity")
    return [_counter(rng, medium) for medium in kinds]


def _counter(rng: random.Random, medium: Medium) -> Counter:
    made = {
        "cold_water": lambda: _water(rng, medium, rng.uniform(0.06, 0.1), _SUMMERY),
        "hot_water": lambda: _water(rng, medium, rng.uniform(0.03, 0.05), _WINTRY),
        "heat": lambda: Counter(
            medium, Device(6, rng.choice((0, 0, 1, 3))), (HEATED,), (rng.uniform(3_000, 11_000) / 365,)
        ),
        "gas": lambda: _gas(rng),
        "electricity": lambda: _electricity(rng),
        "heat_cost_allocator": lambda: Counter(
            medium, Device(rng.choice((4, 5))), (HEATED,), (rng.uniform(500, 3_500) / 365,)
        ),
    }[medium]()
    made.put_in([_opening(rng, made, register) for register in range(made.device.registers)])
    return made


def _water(rng: random.Random, medium: Medium, daily: float, curve: tuple[float, ...]) -> Counter:
    device = Device(5, rng.choice((3, 3, 3, 2)))
    return Counter(medium, device, (curve,), (daily,), max_flow=rng.choice(("3.125", "3.125", "")), per_person=True)


def _gas(rng: random.Random) -> Counter:
    heats = rng.random() < 0.5
    curve, daily = (HEATED, rng.uniform(500, 1_600) / 365) if heats else (_WINTRY, rng.uniform(0.15, 0.5))
    return Counter("gas", Device(5, 3), (curve,), (daily,), max_flow=rng.choice(("6", "")))


def _electricity(rng: random.Random) -> Counter:
    """One to four registers: all day; day and night; three rates; day, night, and what a roof gives and takes back."""
    registers = rng.choice((1, 1, 1, 2, 2, 3, 4))
    daily = rng.uniform(3.5, 9)
    shares = {1: (1.0,), 2: (0.62, 0.38), 3: (0.5, 0.3, 0.2), 4: (0.6, 0.4, 0.9, 0.1)}[registers]
    curves = (_LIGHT, _LIGHT, _SUN if registers == 4 else _LIGHT, _SUN)[:registers]
    device = Device(rng.choice((5, 6)), rng.choice((0, 1, 2)), registers=registers)
    return Counter("electricity", device, curves, tuple(daily * share for share in shares))


def _opening(rng: random.Random, counter: Counter, register: int) -> int:
    """What the counter showed at the start: new, some years old, or about to go past its end."""
    yearly = counter.daily[register] * 365 * (2 if counter.per_person else 1) * 10**counter.device.decimals
    chance = rng.random()
    if chance < 0.12:
        return 0
    if chance < 0.18:
        return max(counter.device.range - int(yearly * rng.uniform(0.2, 3)), 0)
    return int(yearly * rng.uniform(0.2, 9)) % counter.device.range


def reading_days(rng: random.Random, first: date, last: date) -> list[date]:
    """The days on which somebody reads: monthly to half-yearly, some days early or late, now and then not at all."""
    months = rng.choices((1, 2, 3, 6), (0.62, 0.16, 0.16, 0.06))[0]
    nominal, loose = rng.choice((1, 10, 15, 25, 28)), rng.uniform(0.5, 4)
    found, year, month = [], first.year, first.month
    while (day := date(year, month, nominal) + timedelta(days=round(rng.gauss(0, loose)))) <= last:
        if day > (found[-1] if found else first) + timedelta(days=3) and rng.random() > 0.05:
            found.append(day)
        year, month = year + (month - 1 + months) // 12, (month - 1 + months) % 12 + 1
    return found


def households(rng: random.Random, first: date, last: date) -> list[Household]:
    """Who lives there one after another, sometimes with empty weeks between."""
    found = [_household(rng, first)]
    while rng.random() < 0.35:
        gone = found[-1].since + timedelta(days=rng.randint(150, 900))
        if gone >= last:
            break
        if rng.random() < 0.5:
            found.append(Household(gone, 1, 1.0, occupied=False))
            gone += timedelta(days=rng.randint(14, 90))
        found.append(_household(rng, gone))
    return found


def _household(rng: random.Random, since: date) -> Household:
    persons = rng.choices((1, 2, 3, 4, 5), (0.3, 0.32, 0.18, 0.15, 0.05))[0]
    return Household(since, persons, exp(rng.gauss(0, 0.2)))


def unusual(rng: random.Random, first: date, last: date, media: list[Medium]) -> list[Span]:
    """Holidays, which are usual enough to carry no label, and the real events: leaks, guests, an empty flat."""
    spans = [_holiday(rng, year) for year in range(first.year, last.year + 1) if rng.random() < 0.7]
    days = (last - first).days
    for label, yearly in (("leak", 0.05), ("guests", 0.1), ("empty_flat", 0.05)):
        for _ in range(days // 365):
            if rng.random() < yearly * 1.6:
                begin = first + timedelta(days=rng.randint(120, max(days, 121)))
                spans.append(_event(rng, label, begin, media))
    return spans


def _holiday(rng: random.Random, year: int) -> Span:
    begin = date(year, 6, 15) + timedelta(days=rng.randint(0, 75))
    return Span("", begin, begin + timedelta(days=rng.randint(5, 20)), _away(0.2))


def _away(least: float) -> dict[Medium, float]:
    return {"cold_water": 0.02, "hot_water": 0.02, "electricity": least, "gas": 0.5}


def _event(rng: random.Random, label: str, begin: date, media: list[Medium]) -> Span:
    if label == "leak":
        wet = rng.choice([medium for medium in media if medium in ("cold_water", "hot_water")])
        return Span(label, begin, begin + timedelta(days=rng.randint(10, 70)), {wet: exp(rng.uniform(0.5, 2.2))})
    if label == "guests":
        more = rng.uniform(1.3, 2.2)
        wet_more: dict[Medium, float] = {"cold_water": more, "hot_water": more, "electricity": (1 + more) / 2}
        return Span(label, begin, begin + timedelta(days=rng.randint(7, 40)), wet_more)
    return Span(label, begin, begin + timedelta(days=rng.randint(35, 200)), _away(_STANDBY))
