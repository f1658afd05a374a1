"""The demo meters: plausible to the portal's own checks but for the stories that they tell, and a load that may be begun again."""

import csv
import io
import json
from collections import Counter
from datetime import date

import pytest
from meters.rules.checks import judge
from meters.rules.stream import EMPTY, Event, fold
from meters.rules.submissions import Situation, Submission
from meters.rules.thresholds import thresholds
from meters.rules.vocabulary import Device
from meters.schemas import ReadingRequest
from meters.schemas_staff import DecisionRequest, MeterSettingsRequest, ReadingImportRequest, ReplacementRequest

from infra.demo.meter_files import meters_csv, readings_csv
from infra.demo.meters_load import MetersError, MetersLoad
from infra.demo.world import make_world
from shared.ids import derived_id

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
    flow = int(float(meter.counter.max_flow) * MILLIARDTH) if meter.counter.max_flow else None
    device = Device(meter.counter.digits, meter.counter.decimals, max_flow=flow)
    state = fold(EMPTY, [Event("i", "installed", meter.installed_on, "0", (meter.opening,), device=device)])
    later = meter.replacement.readings if meter.replacement else ()
    for reading in (*meter.readings, *later):
        if later and reading is later[0]:
            new = meter.replacement
            put_in = Event("x", "replaced", new.day, "1", (new.opening,), (new.closing,), device=device)
            state = fold(state, [put_in])
        if reading.estimated:
            state = fold(state, [Event("e", "estimated", reading.day, "1", (reading.counts,))])
            continue
        situation = Situation(today, LIMITS[meter.medium], occupied=True if meter.unit_ref else None)
        judged = judge(state, Submission(reading.day, (meter.counter.show(reading.counts),), "file"), situation)
        if judged.findings:
            yield meter.number, judged.status, tuple(code for code in judged.codes if code != "TRANSPOSED")
        if judged.status == "accepted":
            state = fold(state, [Event("r", judged.kind, reading.day, "1", judged.values, codes=judged.codes)])


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
    assert estimated == [story(world, "estimated").number] * 2
    rolled = [row["value1"] for row in readings if row["meter_number"] == story(world, "rolled_over").number]
    assert int(rolled[-2]) > 99_000
    assert int(rolled[-1]) < 1_000


class Office:
    """Takes what the load sends, as the routes would: holds the stories' readings, and answers from what it has taken."""

    def __init__(self, world):
        self.world, self.sent, self.files = world, [], {}
        self.meters, self.held, self.refused = {}, {}, []
        self.settings = {"windows": {}, "thresholds": {}, "estimation_policy": None, "version": 0}

    def upload(self, name, data, purpose):
        assert purpose == "meters"
        self.files[name] = rows(data)
        return name

    def post(self, path, body):
        self.sent.append(path)
        if path == "/reading-imports":
            ReadingImportRequest.model_validate(body)
            getattr(self, f"_take_{body['content']}")(self.files[body["upload"]])
            return {"import_id": f"imp_{len(self.files[body['upload']])}"}
        _, _, thing, what = path.split("/")
        if what == "decision":
            DecisionRequest.model_validate(body)
            meter = self.meters[self.held.pop(thing)]
            meter["last"], meter["waiting"] = meter["waiting"], None
            return {}
        (meter,) = (meter for meter in self.meters.values() if meter["meter_id"] == thing)
        if what == "replacement":
            ReplacementRequest.model_validate_json(json.dumps(body))
            meter["was"], meter["number"] = meter["number"], body["number"]
        else:
            ReadingRequest.model_validate_json(json.dumps(body))
            meter["last"] = {"date": body["date"], "values": body["values"]}
        return {}

    def _take_meters(self, found):
        organisation_id = self.world.profile.organisation_id
        for row in found:
            unit, community = row["unit_ref"], row["community_ref"]
            place = derived_id("unt", organisation_id, unit) if unit else derived_id("com", organisation_id, community)
            meter = {"meter_id": row["meter_id"] or f"mtr_{row['meter_number']}", "number": row["meter_number"]}
            self.meters.setdefault(row["meter_number"], {**meter, "place": place, "last": None, "waiting": None})

    def _take_readings(self, found):
        for row in found:
            meter = self.meters[row["meter_number"]]
            taken = {"date": row["date"], "values": [row["value1"]]}
            if row["estimated"] or (meter["last"] and taken["date"] <= meter["last"]["date"]):
                continue
            last = row["date"] == "2026-09-30"
            held = last and self._story(row["meter_number"]) in ("leak", "rolled_over")
            meter["waiting" if held else "last"] = taken
            if held:
                self.held[f"rdg_{row['meter_number']}"] = row["meter_number"]

    def _story(self, number):
        return next(meter.story for meter in self.world.meters if meter.number == number)

    def get(self, path):
        if path == "/meter-settings":
            return self.settings
        return {"state": "done", "failure": None, "refused": len(self.refused), "rows": int(path.rsplit("_", 1)[1])}

    def put(self, path, body):
        MeterSettingsRequest.model_validate_json(json.dumps(body))
        self.sent.append(path)
        self.settings = {**body, "version": body["version"] + 1}

    def pages(self, path):
        if path.endswith("/problems"):
            return iter(self.refused)
        if path.startswith("/held-readings"):
            return iter([{"reading_id": held, "number": number} for held, number in list(self.held.items())])
        name, value = path.split("?")[1].split("=")
        if name == "number":
            return iter([meter for meter in self.meters.values() if value in (meter["number"], meter.get("was"))])
        return iter([meter for meter in self.meters.values() if meter["place"] == value])


@EACH
def test_a_load_can_be_repeated(world):
    office = Office(world)
    load = MetersLoad(world, office, seconds=1)
    assert load.fill() == f"{len(world.meters)} meters, {24 * len(world.meters) - 3} readings"
    load.open_windows(office)
    assert list(office.held.values()) == [story(world, "leak").number]
    first = [path for path in office.sent if not path.startswith("/reading-imports")]
    assert sum(path.endswith("/replacement") for path in first) == 1
    assert sum(path.endswith("/decision") for path in first) == 1
    assert ("/meter-settings" in first) == (world.profile.country == "NO")
    office.sent.clear()
    load.fill()
    load.open_windows(office)
    assert {path.rsplit("/", 1)[1] for path in office.sent} == {"reading-imports", "readings"}


def test_norway_reads_around_the_months_end():
    office = Office(WORLD["NO"])
    MetersLoad(WORLD["NO"], office, seconds=1).open_windows(office)
    assert set(office.settings["windows"]) == {"cold_water", "hot_water", "heat", "electricity"}
    assert office.settings["windows"]["cold_water"] == {"first": 25, "last": 5}


def test_a_refused_row_and_a_wrong_end_stop_the_load():
    world = WORLD["PL"]
    office = Office(world)
    office.refused = [{"outcome": "refused", "line": 7, "code": "unknown_meter"}]
    with pytest.raises(MetersError, match=r"demo-pl-meters.csv: .*'line': 7.*unknown_meter"):
        MetersLoad(world, office, seconds=1).fill()
    office.refused = []
    office._take_readings = lambda found: Office._take_readings(office, found[1:-1])
    with pytest.raises(MetersError, match=r"PL-W-9002: .*2026-08-31.* in place of .*2026-09-30"):
        MetersLoad(world, office, seconds=1).fill()
