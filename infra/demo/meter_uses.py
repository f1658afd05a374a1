"""What a unit of the demo world uses of each medium, month by month. Invented: plausible, of no real household."""

import math
import random
from collections.abc import Mapping, Sequence
from typing import Final

from infra.demo.calendar import Month
from infra.demo.country import Country
from infra.demo.meter_model import Medium
from infra.demo.model import Unit

Uses = tuple[int, ...]
"""In the counter's smallest unit: litres of water and gas, kWh of heat and electricity, units of an allocator."""
HEATING: Final = (170, 150, 130, 80, 40, 13, 13, 14, 30, 80, 120, 160)
"""Per mille of a year's heating that fall on January to December."""
WARMED_BY_POWER: Final = (135, 130, 120, 105, 85, 75, 70, 72, 85, 100, 113, 130)
"""Percent of an average month's electricity where one heats with it."""
BY_POWER: Final = (112, 110, 104, 100, 96, 92, 92, 93, 97, 101, 107, 112)
COLD: Final = (97, 97, 98, 100, 102, 105, 104, 102, 101, 99, 98, 97)
HOT: Final = (108, 107, 105, 102, 98, 93, 91, 91, 96, 101, 105, 108)
_OF_HEATING: Final[Mapping[Medium, int]] = {"heat": 92, "heat_cost_allocator": 42}
"""A year's heating of one square metre."""
_HOME_AREA: Final = 50.0
_SMALLEST_HOME: Final = 20.0
_NOISE: Final = 7
_EMPTY_PERCENT: Final = 4
_STORE_PERCENT: Final = 6
_WARM_PERCENT: Final = 45
"""A flat that nobody lives in is kept from freezing."""


def is_home(unit: Unit) -> bool:
    """Whether one can live there: garages, cellars and parking places are smaller."""
    return float(unit.floor_area_m2) >= _SMALLEST_HOME


def uses_of(country: Country, unit: Unit, medium: Medium, months: Sequence[Month], chance: random.Random) -> Uses:
    """The use of each month: by season, size and whether somebody lives there, with some chance."""
    area = float(unit.floor_area_m2)
    share = _share(country, unit, medium)
    return tuple(
        round(_usual(country, medium, month, area) * share / 100 * chance.randint(100 - _NOISE, 100 + _NOISE) / 100)
        for month in months
    )


def _share(country: Country, unit: Unit, medium: Medium) -> int:
    """Percent of what a household would use."""
    if not is_home(unit):
        return _STORE_PERCENT
    if any(agreement.unit == unit.ref for agreement in country.agreements):
        return 100
    return _WARM_PERCENT if medium in _OF_HEATING else _EMPTY_PERCENT


def _usual(country: Country, medium: Medium, month: Month, area: float) -> float:
    """A household's use in a month; more room, more people, but not in step."""
    at, people = month.month - 1, math.sqrt(area / _HOME_AREA)
    if medium == "cold_water":
        return 3_900 * people * COLD[at] / 100
    if medium == "hot_water":
        return 2_200 * people * HOT[at] / 100
    if medium in _OF_HEATING:
        return _OF_HEATING[medium] * area * HEATING[at] / 1000
    if medium == "gas":
        return 14_000 * people + 10_500 * area * HEATING[at] / 1000
    if country.metering.electric_heating:
        return (140 + 7 * area) * WARMED_BY_POWER[at] / 100
    return 155 * people * BY_POWER[at] / 100
