"""The load of the demo meters: what staff send to the routes, and a load that may be begun again."""

import json

import pytest
from meters.schemas import ReadingRequest
from meters.schemas_staff import DecisionRequest, MeterSettingsRequest, ReadingImportRequest, ReplacementRequest

from infra.demo.meter_files import readings_csv
from infra.demo.meters_load import MetersError, MetersLoad
from shared.ids import derived_id
from tests.unit.demo.test_meters import EACH, WORLD, rows, story


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
            taken = {"date": row["date"], "values": [row[name] for name in ("value1", "value2") if row[name]]}
            if row["estimated"]:
                meter["estimate"] = taken
                continue
            if meter["last"] and taken["date"] <= meter["last"]["date"]:
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
    office = Office(world)
    read = [row for row in rows(readings_csv(world.meters)) if not row["estimated"]]
    office._take_readings = lambda _found: Office._take_readings(office, read)
    with pytest.raises(MetersError, match=r"PL-H-\d+: None estimated in place of .*2026-09-30"):
        MetersLoad(world, office, seconds=1).fill()
