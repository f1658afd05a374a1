"""The meters of the demo world and what they showed at the end of each of 24 months, the last of them the month before last.

    make_meters(country, date(2026, 11, 22))    # readings of 31 October 2024 to 30 September 2026

Uses follow the season and the home's size (`meter_uses`). One counter is replaced, one goes past its end, one is estimated for two
months, one in the latest month, and one household has a leak; each community's house meter counts the cold water of its units and what
is lost on the way, in one community far too much in one month.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import accumulate
from typing import Final

from infra.demo.calendar import Month
from infra.demo.country import Country
from infra.demo.meter_model import Counter, Medium, Meter, Reading, Replacement, Story
from infra.demo.meter_uses import Uses, is_home, uses_of
from infra.demo.model import Unit

SEED: Final = "lokum-demo-meters-1"
MONTHS: Final = 24
COUNTERS: Final[Mapping[Medium, Counter]] = {
    "cold_water": Counter(5, 3, "3.125"),
    "hot_water": Counter(5, 3, "3.125"),
    "heat": Counter(6, 0),
    "gas": Counter(5, 3, "6"),
    "electricity": Counter(5, 0),
    "heat_cost_allocator": Counter(5, 0),
}
TENANTS: Final[Mapping[Medium, str]] = {
    "cold_water": "cold",
    "hot_water": "hot",
    "heat": "heat",
    "gas": "gas",
    "electricity": "power",
    "heat_cost_allocator": "allocator",
}
"""How the ids of the demo tenants' meters end: `mtr_demo_pl_cold`."""
FIXED_LAST: Final[Mapping[str, int]] = {"PL-W-0001": 412_350}
"""Counters whose last value is the same whatever the day: 00412.350 m3 in the Polish demo tenant's bathroom."""
_HOUSE: Final = Counter(6, 3, "20")
_HOUSE_NUMBERS: Final = 9001
_NEW_NUMBERS: Final = 1000
_LETTERS: Final[Mapping[Medium, str]] = {
    "cold_water": "W",
    "hot_water": "H",
    "heat": "T",
    "gas": "G",
    "electricity": "E",
    "heat_cost_allocator": "A",
}
_REPLACED_MONTH, _REPLACED_DAY = 21, 12
_ESTIMATED_MONTHS: Final[Mapping[Story, tuple[int, ...]]] = {"estimated": (10, 11), "unread": (23,)}
_ESTIMATE_PERCENT: Final = 95
_LEAK_PERCENT: Final = 540
_LOSS_PERCENT: Final = 2
_BURST_MONTH: Final = 20
_BURST_PERCENT: Final = 12
_NIGHT_PERCENT: Final = (28, 36)


def reading_months(today: date) -> tuple[Month, ...]:
    """The months at whose ends the meters were read, oldest first."""
    last = Month.of(today).plus(-2)
    return tuple(last.plus(-back) for back in range(MONTHS - 1, -1, -1))


def make_meters(country: Country, today: date) -> tuple[Meter, ...]:
    """The meters of all units, those of the demo tenant first, then the house meters."""
    months = reading_months(today)
    tenants = country.agreements[0].unit
    units = sorted(country.units, key=lambda unit: unit.ref != tenants)
    own = [
        _unit_meter(country, unit, medium, order, months)
        for order, unit in enumerate(units, 1)
        for medium in media_of(country, unit)
    ]
    houses = (
        _house_meter(
            country, community.ref, months, [uses for meter, uses in own if _hangs_behind(meter, community.ref)]
        )
        for community in country.communities
    )
    return (*(meter for meter, _ in own), *houses)


def media_of(country: Country, unit: Unit) -> tuple[Medium, ...]:
    """What is measured in a unit, cold water first."""
    return country.metering.homes[unit.community_ref] if is_home(unit) else country.metering.stores


def _hangs_behind(meter: Meter, community_ref: str) -> bool:
    return meter.medium == "cold_water" and meter.community_ref == community_ref


def _unit_meter(
    country: Country, unit: Unit, medium: Medium, order: int, months: Sequence[Month]
) -> tuple[Meter, Uses]:
    """A meter with its readings, and what it truly counted in each month."""
    number, counter = f"{country.code}-{_LETTERS[medium]}-{order:04d}", COUNTERS[medium]
    story = _story(country, unit, medium)
    uses = uses_of(country, unit, medium, months, _chance(f"{number}/uses"))
    if story == "leak":
        uses = (*uses[:-1], uses[-1] * _LEAK_PERCENT // 100)
    opening = _opening(number, counter, uses, story)
    meter = Meter(
        number=number,
        medium=medium,
        unit_ref=unit.ref,
        community_ref=unit.community_ref,
        place=country.metering.places[medium],
        counter=counter,
        installed_on=months[0].plus(-1).last,
        opening=opening,
        verified_until=_verified_until(number, months),
        readings=_readings(months, opening, uses),
        parent_number=_house_number(country, unit.community_ref) if medium == "cold_water" else "",
        meter_id=f"mtr_demo_{country.code.lower()}_{TENANTS[medium]}" if order == 1 else "",
        story=story,
    )
    if unit.ref == country.metering.two_rates and medium == "electricity":
        return _two_rates(meter, months, uses), uses
    return _told(meter, months, uses), uses


def _story(country: Country, unit: Unit, medium: Medium) -> Story:
    plot = country.metering
    stories: dict[tuple[str, Medium], Story] = {
        plot.replaced: "replaced",
        plot.estimated: "estimated",
        plot.unread: "unread",
        (plot.rolled_over, "electricity"): "rolled_over",
        (plot.leaking, "cold_water"): "leak",
    }
    return stories.get((unit.ref, medium), "")


def _opening(number: str, counter: Counter, uses: Uses, story: Story) -> int:
    """Where the counter stood when the portal got to know it: anywhere in the lower part of its range, unless the story says otherwise."""
    if number in FIXED_LAST:
        return FIXED_LAST[number] - sum(uses)
    if story == "rolled_over":
        return counter.span - sum(uses) + uses[-1] // 2
    return _chance(number).randrange(counter.span // 500, counter.span // 25)


def _readings(months: Sequence[Month], opening: int, uses: Uses) -> tuple[Reading, ...]:
    return tuple(
        Reading(month.last, counts)
        for month, counts in zip(months, list(accumulate(uses, initial=opening))[1:], strict=True)
    )


def _told(meter: Meter, months: Sequence[Month], uses: Uses) -> Meter:
    """The meter after its story."""
    if meter.story == "replaced":
        return _replaced(meter, months, uses)
    if meter.story in _ESTIMATED_MONTHS:
        return _estimated(meter, uses)
    return meter


def _replaced(meter: Meter, months: Sequence[Month], uses: Uses) -> Meter:
    """A new counter from the twelfth of the third last month on; what was used that month falls on both."""
    month = months[_REPLACED_MONTH]
    before = meter.readings[_REPLACED_MONTH - 1].counts
    by_old = uses[_REPLACED_MONTH] * _REPLACED_DAY // month.last.day
    prefix, letter, serial = meter.number.split("-")
    return replace(
        meter,
        readings=meter.readings[:_REPLACED_MONTH],
        replacement=Replacement(
            day=month.day(_REPLACED_DAY),
            closing=before + by_old,
            opening=0,
            number=f"{prefix}-{letter}-{int(serial) + _NEW_NUMBERS}",
            readings=_readings(months[_REPLACED_MONTH:], -by_old, uses[_REPLACED_MONTH:]),
        ),
    )


def _estimated(meter: Meter, uses: Uses) -> Meter:
    """Months that nobody read: somewhat too little was estimated, the next reading puts it right."""
    readings, wanted = list(meter.readings), _ESTIMATED_MONTHS[meter.story]
    counts = readings[wanted[0] - 1].counts
    for index in wanted:
        counts += uses[index] * _ESTIMATE_PERCENT // 100
        readings[index] = Reading(readings[index].day, counts, estimated=True)
    return replace(meter, readings=tuple(readings))


def _two_rates(meter: Meter, months: Sequence[Month], uses: Uses) -> Meter:
    """The same use on two registers: a third of it by night."""
    chance = _chance(f"{meter.number}/night")
    nights = tuple(use * chance.randint(*_NIGHT_PERCENT) // 100 for use in uses)
    opening_night = meter.opening // 2
    by_day = _readings(months, meter.opening, tuple(use - night for use, night in zip(uses, nights, strict=True)))
    by_night = _readings(months, opening_night, nights)
    return replace(
        meter,
        counter=replace(meter.counter, registers=2),
        opening_night=opening_night,
        readings=tuple(replace(day, night=night.counts) for day, night in zip(by_day, by_night, strict=True)),
    )


def _house_meter(country: Country, community_ref: str, months: Sequence[Month], behind: Sequence[Uses]) -> Meter:
    number = _house_number(country, community_ref)
    lost = [_LOSS_PERCENT] * len(months)
    if community_ref == country.metering.burst:
        lost[_BURST_MONTH] = _BURST_PERCENT
    uses = tuple(sum(month) * (100 + loss) // 100 for loss, month in zip(lost, zip(*behind, strict=True), strict=True))
    opening = _chance(number).randrange(1_000_000, 9_000_000)
    return Meter(
        number=number,
        medium="cold_water",
        unit_ref="",
        community_ref=community_ref,
        place=country.metering.basement,
        counter=_HOUSE,
        installed_on=months[0].plus(-1).last,
        opening=opening,
        verified_until=_verified_until(number, months),
        readings=_readings(months, opening, uses),
    )


def _house_number(country: Country, community_ref: str) -> str:
    order = [community.ref for community in country.communities].index(community_ref)
    return f"{country.code}-{_LETTERS['cold_water']}-{_HOUSE_NUMBERS + order}"


def _verified_until(number: str, months: Sequence[Month]) -> date:
    """The end of the year after next, or one of the two years after that."""
    return date(months[-1].year + 2 + _chance(f"{number}/stamp").randrange(3), 12, 31)


def _chance(key: str) -> random.Random:
    return random.Random(f"{SEED}/{key}")  # noqa: S311 - demo data
