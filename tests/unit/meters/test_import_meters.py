"""Imports of meters: installed once, house meters first, whatever the order of the file."""

import random
from datetime import date

import pytest
import time_machine
from meters import store

from shared.events.catalog import UnitRegistered
from shared.ids import derived_id
from tests.support import outbox
from tests.unit.meters.import_world import ORG, ImportWorld, everything

HEADER = (
    "meter_number;medium;unit_ref;community_ref;place;digits;decimals;registers;multiplier;max_flow;installed_on;"
    "opening1;opening2;verified_until;parent_number;meter_id"
)
UNIT, COMMUNITY = derived_id("unt", ORG, "U1"), derived_id("com", ORG, "C1")


@pytest.fixture
def world(cloud):
    with time_machine.travel("2026-11-22T12:00:00Z", tick=True):
        world = ImportWorld()
        world.hear(UnitRegistered(unit_id=UNIT, community_id=COMMUNITY, label="m. 12"))
        world.know_community(COMMUNITY)
        yield world


def line(number, **changes):
    cells = {
        "meter_number": number,
        "medium": "cold_water",
        "unit_ref": "U1",
        "digits": "5",
        "decimals": "3",
        "installed_on": "2024-02-01",
        "opening1": "0,5",
        **changes,
    }
    return ";".join(cells.get(name, "") for name in HEADER.split(";"))


def house(number, **changes):
    return line(number, unit_ref="", community_ref="C1", **changes)


def test_meters_are_installed_once_with_their_house_meters(world):
    lines = [line(f"W{n}", parent_number="S1", place="kitchen") for n in range(40)]
    lines += [
        house("S1", parent_number="H", digits="6", max_flow="2,5", verified_until="2029-12-31"),
        house("H", digits="6"),
    ]
    lines += [line("E", medium="electricity", registers="2", opening2="7", multiplier="30", meter_id="mtr_own")]
    random.Random(3).shuffle(lines)
    text = "\n".join([HEADER, *lines]) + "\n"
    dry = world.send(text, content="meters", dry_run=True)
    assert world.counts(dry) == (43, 0, 0, 0)
    assert store.find_numbers(ORG, ["H"]) == {}
    done = world.send(text, content="meters")
    assert world.counts(done) == (43, 0, 0, 0)
    top, sub = world.head("H"), world.head("S1")
    assert (sub.parent_id, sub.unit_id, sub.community_id) == (top.meter_id, None, COMMUNITY)
    assert len(store.children_of(ORG, sub.meter_id)) == 40
    assert (world.head("W7").unit_id, world.head("W7").place) == (UNIT, "kitchen")
    assert sub.state.device.max_flow == 2_500_000_000
    own = world.head("E")
    said = [data["meters"] for kind, data in outbox("METERS_TABLE") if kind == "VerificationsChanged"]
    assert [[(each["number"], each["verified_until"]) for each in one] for one in said] == [[("S1", "2029-12-31")]]
    assert (own.meter_id, own.state.actual.values, own.state.device.multiplier_milli) == (
        "mtr_own",
        (500, 7000),
        30_000,
    )
    before = everything()
    assert world.counts(world.send(text, content="meters")) == (0, 0, 43, 0)
    assert everything() == before


def test_rows_that_cannot_be_installed_are_told(world):
    world.install("K", day=date(2024, 1, 1))
    rows = [
        line("A1", medium="water"),
        line("A2", digits="13"),
        line("A3", opening1="123456"),
        line("A4", unit_ref="U9"),
        line("A5", unit_ref="", community_ref="C9"),
        line("A6", community_ref="C1"),
        line("A7", parent_number="none"),
        line("A8", parent_number="K"),  # hangs in another community
        line("A9", installed_on="2027-01-01"),
        line("B1", multiplier="x"),
        line("K", medium="gas"),
        line("B2", meter_id="meter 7"),
        line("B3", registers="2"),
        line("C1", parent_number="C2"),
        line("C2", parent_number="C1"),
    ]
    done = world.send("\n".join([HEADER, *rows, line("OK"), ""]), content="meters")
    assert world.counts(done) == (1, 0, 0, 15)
    assert [(each["meter_number"], each["code"], each["field"]) for each in world.problems(done)] == [
        ("A1", "invalid_choice", "medium"),
        ("A2", "invalid_value", "digits"),
        ("A3", "invalid_device", "opening1"),
        ("A4", "unknown_unit", "unit_ref"),
        ("A5", "unknown_community", "community_ref"),
        ("A6", "unit_or_community", "unit_ref"),
        ("A7", "unknown_parent", "parent_number"),
        ("A8", "unknown_parent", "parent_number"),
        ("A9", "invalid_date", "installed_on"),
        ("B1", "invalid_value", "multiplier"),
        ("K", "number_taken", "meter_number"),
        ("B2", "invalid_value", "meter_id"),
        ("B3", "invalid_device", "opening1"),
        ("C1", "unknown_parent", "parent_number"),
        ("C2", "unknown_parent", "parent_number"),
    ]
