"""The demo meters: plausible to the portal's own checks but for the stories that they tell."""

import csv
import io
from collections import Counter
from datetime import date
from itertools import pairwise

import pytest
from meters.rules.checks import judge
from meters.rules.estimates import true_up
from meters.rules.expected import known_use
from meters.rules.stream import EMPTY, Event, fold
from meters.rules.submissions import Situation, Submission
from meters.rules.sums import compare
from meters.rules.thresholds import thresholds
from meters.rules.vocabulary import Device

from infra.demo.meter_files import meters_csv, readings_csv
from infra.demo.world import make_world

TODAY = date(2026, 11, 22)
WORLD = {organisation.profile.country: organisation for organisation in make_world(TODAY)}
EACH = pytest.mark.parametrize("world", WORLD.values(), ids=WORLD)
LIMITS = thresholds()
MILLIARDTH = 10**9


def story(world, name):
    (meter,) = (meter for meter in world.meters if meter.story == name)
    return meter


def rows(text):
    return list(csv.DictReader(io.StringIO(text.decode())))


@EACH
def test_each_unit_has_two_to_four_meters_and_each_community_a_house_meter(world):
    homes = Counter(meter.unit_ref for meter in world.meters if meter.unit_ref)
    assert set(homes) == {unit.ref for unit in world.units}
    assert set(homes.values()) <= {2, 3, 4}
    houses = {meter.community_ref: meter.number for meter in world.meters if not meter.unit_ref}
    assert set(houses) == {community.ref for community in world.communities}
    cold = [meter for meter in world.meters if meter.unit_ref and meter.medium == "cold_water"]
    assert [meter.unit_ref for meter in cold if meter.parent_number != houses[meter.community_ref]] == []
    assert len(cold) == len(world.units)
    numbers = [meter.number for meter in world.meters] + [story(world, "replaced").replacement.number]
    assert len(numbers) == len(set(numbers))


@EACH
def test_readings_are_of_the_24_month_ends_up_to_the_month_before_last(world):
    for meter in world.meters:
        later = meter.replacement.readings if meter.replacement else ()
        days = [reading.day for reading in (*meter.readings, *later)]
        assert (len(days), days[0], days[-1]) == (24, date(2024, 10, 31), date(2026, 9, 30))
        assert days == sorted(set(days))
        assert meter.installed_on < days[0]
        assert meter.verified_until > TODAY


@pytest.mark.parametrize("today", [TODAY, date(2027, 1, 1), date(2028, 3, 31), date(2027, 6, 15)], ids=str)
def test_the_checks_hold_what_the_stories_say_and_doubt_nothing_else(today):
    """Judged as an import of a file is, in each season: a demo whose good readings are questioned shows a bad portal."""
    for world in make_world(today):
        doubted = [found for meter in world.meters for found in _doubts(meter, today)]
        assert sorted(doubted) == sorted(
            [
                (story(world, "leak").number, "held", ("HIGH",)),
                (story(world, "rolled_over").number, "held", ("ROLLOVER",)),
                (story(world, "estimated").number, "accepted", ("DEEMED_TRUEUP",)),
            ]
        )


def _doubts(meter, today):
    """Readings with findings: number, status, codes but for TRANSPOSED: a leak may look like a slip of the fingers too."""
    return [
        (meter.number, judged.status, tuple(code for code in judged.codes if code != "TRANSPOSED"))
        for judged, _ in _history(meter, today)
        if judged and judged.findings
    ]


def _state(meter):
    """What the meter has come to."""
    *_, (_, state) = _history(meter, TODAY)
    return state


def _history(meter, today):
    """Each reading's judgement (None: it is an estimate) and what the meter has come to with it."""
    flow = int(float(meter.counter.max_flow) * MILLIARDTH) if meter.counter.max_flow else None
    device = Device(meter.counter.digits, meter.counter.decimals, meter.counter.registers, max_flow=flow)
    state = fold(EMPTY, [Event("i", "installed", meter.installed_on, "0", meter.openings, device=device)])
    later = meter.replacement.readings if meter.replacement else ()
    for reading in (*meter.readings, *later):
        if later and reading is later[0]:
            new = meter.replacement
            put_in = Event("x", "replaced", new.day, "1", (new.opening,), (new.closing,), device=device)
            state = fold(state, [put_in])
        if reading.estimated:
            state = fold(state, [Event("e", "estimated", reading.day, "1", reading.values)])
            yield None, state
            continue
        situation = Situation(today, LIMITS[meter.medium], occupied=True if meter.unit_ref else None)
        judged = judge(state, Submission(reading.day, meter.counter.shown(reading.values), "file"), situation)
        if judged.status == "accepted":
            state = fold(state, [Event("r", judged.kind, reading.day, "1", judged.values, codes=judged.codes)])
        yield judged, state


@EACH
def test_the_latest_month_of_one_meter_is_an_estimate_that_the_next_reading_puts_right(world):
    meter = story(world, "unread")
    state = _state(meter)
    assert (meter.estimate.estimated, meter.estimate.day) == (True, date(2026, 9, 30))
    assert (state.estimate.day, state.estimate.values) == (meter.estimate.day, meter.estimate.values)
    assert meter.last.day == date(2026, 8, 31)
    assert (state.actual.day, state.actual.values) == (meter.last.day, meter.last.values)
    month = meter.estimate.counts - meter.last.counts
    assert month > 0
    put_right = true_up(state, date(2026, 10, 31), (meter.last.counts + 2 * month + month // 5,))
    assert put_right.correction[0] > 0
    submission = Submission(
        date(2026, 10, 31), (meter.counter.show(meter.last.counts + 2 * month + month // 5),), "file"
    )
    judged = judge(state, submission, Situation(TODAY, LIMITS[meter.medium], occupied=True))
    assert (judged.status, judged.codes) == ("accepted", ("DEEMED_TRUEUP",))


def test_two_registers_and_allocators_hang_where_they_are_usual():
    """The Polish demo tenant's three counters stay plain: browsers type one value into each."""
    two = {
        country: [meter.number for meter in world.meters if meter.counter.registers == 2]
        for country, world in WORLD.items()
    }
    assert {country: len(numbers) for country, numbers in two.items()} == {"PL": 1, "UA": 1, "NO": 0, "FR": 1}
    for country, numbers in two.items():
        for meter in (meter for meter in WORLD[country].meters if meter.number in numbers):
            state = _state(meter)
            assert (meter.medium, state.actual.values) == ("electricity", meter.last.values)
            for month in range(1, 24):
                day, night = (
                    after - before
                    for after, before in zip(
                        meter.readings[month].values, meter.readings[month - 1].values, strict=True
                    )
                )
                assert 0.25 < night / (day + night) < 0.4
    allocated = {
        country: {meter.community_ref for meter in world.meters if meter.medium == "heat_cost_allocator"}
        for country, world in WORLD.items()
    }
    assert allocated == {"PL": {"sloneczne"}, "UA": set(), "NO": set(), "FR": {"tilleuls"}}
    tenants = [meter for meter in WORLD["PL"].meters if meter.meter_id]
    assert [meter.meter_id for meter in tenants] == ["mtr_demo_pl_cold", "mtr_demo_pl_gas", "mtr_demo_pl_power"]
    assert {(meter.counter.registers, meter.story) for meter in tenants} == {(1, "")}


@EACH
def test_one_house_meter_is_outside_its_tolerance_in_one_month(world):
    """As the balance compares: month by month, where all the units behind are known."""
    outside = []
    for house in (meter for meter in world.meters if not meter.unit_ref):
        states = [
            _state(meter) for meter in (house, *(one for one in world.meters if one.parent_number == house.number))
        ]
        days = [house.installed_on, *(reading.day for reading in house.readings)]
        for start, end in pairwise(days):
            whole, *parts = (known_use(state, 0, start, end) for state in states)
            if None in parts:
                assert (house.community_ref, end) == (story(world, "leak").community_ref, days[-1])
            elif compare(whole, parts, LIMITS["cold_water"]).is_outside:
                outside.append((house.number, end))
    assert outside == [(f"{world.profile.country}-W-9002", date(2026, 6, 30))]


@EACH
def test_the_house_meter_counts_what_its_units_use_and_a_little_more(world):
    """In the month before the leak, which the house meter shows and the units' accepted readings do not."""
    for house in (meter for meter in world.meters if not meter.unit_ref):
        behind = [meter for meter in world.meters if meter.parent_number == house.number]
        used = sum(meter.readings[-2].counts - meter.opening for meter in behind)
        assert 1.01 * used < house.readings[-2].counts - house.opening < 1.03 * used


def test_the_polish_tenants_cold_water():
    for today in (TODAY, date(2027, 1, 1)):
        world = make_world(today)[0]
        (meter,) = (meter for meter in world.meters if meter.meter_id == "mtr_demo_pl_cold")
        assert (meter.number, meter.unit_ref, meter.medium) == ("PL-W-0001", "lipowa-2", "cold_water")
        assert (meter.counter.digits, meter.counter.decimals, meter.story) == (5, 3, "")
        assert meter.counter.show(meter.last.counts) == "00412.350"
        assert meter.last.day == (date(2026, 9, 30) if today == TODAY else date(2026, 11, 30))
        uses = [after.counts - before.counts for before, after in zip(meter.readings, meter.readings[1:], strict=False)]
        assert all(3_500 < use < 4_500 for use in uses)


@EACH
def test_the_files_hold_every_meter_and_reading(world):
    meters, readings = rows(meters_csv(world.meters)), rows(readings_csv(world.meters))
    assert [bool(row["unit_ref"]) + bool(row["community_ref"]) for row in meters] == [1] * len(world.meters)
    assert len(readings) == 24 * len(world.meters) - len(story(world, "replaced").replacement.readings)
    estimated = [row["meter_number"] for row in readings if row["estimated"]]
    unread = story(world, "unread").number
    assert sorted(estimated) == sorted([*[story(world, "estimated").number] * 2, unread])
    assert [row["date"] for row in readings if row["estimated"] and row["meter_number"] == unread] == ["2026-09-30"]
    two = {meter.number for meter in world.meters if meter.counter.registers == 2}
    assert {row["meter_number"] for row in meters if row["registers"] == "2" and row["opening2"]} == two
    assert {row["meter_number"] for row in readings if row["value2"]} == two
    rolled = [row["value1"] for row in readings if row["meter_number"] == story(world, "rolled_over").number]
    assert int(rolled[-2]) > 99_000
    assert int(rolled[-1]) < 1_000
