"""Who sees which meters, since when, and what they used."""

from datetime import date, timedelta

import pytest
from meters.accepting import Acceptance
from meters.readings import circumstances
from meters.store import find_meter
from meters.store_settings import settings_of

from shared.events.envelope import Metadata
from shared.tables import UnitOfWork
from tests.support import outbox, sign_in
from tests.unit.meters.conftest import DAILY, litres

LAST = date(2026, 10, 31)
FIRST = date(2024, 10, 31)
TODAY = date(2026, 11, 22)
CAME = date(2025, 1, 1)
HOUSE = {"unit_id": None, "community_id": "com_1"}
WIDE = {"digits": 6, "decimals": 3}


def test_whose_meter_it_is_not_finds_none(world, steady):
    house = world.install("HOUSE", **HOUSE)
    body = {"date": TODAY.isoformat(), "values": ["1"]}
    routes = (
        ("GET", "", None),
        ("GET", "/readings", None),
        ("POST", "/readings", body),
        ("POST", "/checks", body),
        ("GET", "/consumption", None),
        ("GET", "/balance", None),
    )
    strangers = {
        steady: (world.piotr, world.basia, world.fred, world.plumber, world.foreign_staff),
        house: (world.anna, world.piotr, world.plumber, world.foreign_staff),
        "mtr_unknown": (world.sara, world.anna),
    }
    for meter_id, tokens in strangers.items():
        for token in tokens:
            for method, path, given in routes:
                period = {"from": "2026-01-01", "to": "2026-01-31"} if path in ("/consumption", "/balance") else None
                asked = {"meter_id": meter_id, "body": given, "query": period}
                status, answer = world.ask(method, f"/meters/{{meter_id}}{path}", token, **asked)
                assert (status, answer["code"]) == (404, "not_found"), (meter_id, method, path)
    # A household's own meter has no balance either: it would tell what others used.
    query = {"from": "2026-01-01", "to": "2026-01-31"}
    world.must(404, "GET", "/meters/{meter_id}/balance", world.anna, meter_id=steady, query=query)
    # The board sees the house meter, and does not read it.
    assert world.meter(house, world.basia)["may_read"] is False
    refused = world.must(403, "POST", "/meters/{meter_id}/readings", world.basia, meter_id=house, body=body)
    assert refused["code"] == "forbidden"


def test_lists_are_of_ones_own(world, steady):
    world.install("HOT", medium="hot_water")
    world.install("PIOTR", unit_id="unt_2")
    house = world.install("HOUSE", **HOUSE)

    def listed(token, status=200, **query):
        body = world.must(status, "GET", "/meters", token, query=query)
        return [each["number"] for each in body["items"]] if status == 200 else body["code"]

    assert listed(world.anna, unit_id="unt_1") == ["WZ-1", "HOT"]
    assert listed(world.sara, unit_id="unt_2") == ["PIOTR"]
    assert listed(world.basia, community_id="com_1") == ["HOUSE"]
    assert listed(world.sara, number="HOUSE") == ["HOUSE"]
    assert listed(world.anna, number="HOUSE") == []
    assert listed(world.anna, number="WZ-1") == ["WZ-1"]
    for token, query in (
        (world.anna, {"unit_id": "unt_2"}),
        (world.anna, {"community_id": "com_1"}),
        (world.plumber, {"unit_id": "unt_1"}),
        (world.foreign_staff, {"unit_id": "unt_1"}),
        (world.foreign_staff, {"community_id": "com_1"}),
    ):
        assert listed(token, 404, **query) == "not_found"
    assert listed(world.anna, 400) == "invalid_query"
    assert listed(world.sara, 400, unit_id="unt_1", number="HOT") == "invalid_query"
    removed = {"kind": "removed", "date": "2026-11-01"}
    for meter_id in (steady, house):
        world.must(201, "POST", "/meters/{meter_id}/events", world.sara, meter_id=meter_id, body=removed)
    assert listed(world.anna, unit_id="unt_1") == ["HOT"]
    assert listed(world.sara, unit_id="unt_1") == ["WZ-1", "HOT"]
    assert world.meter(steady)["removed_on"] == "2026-11-01"
    world.must(404, "GET", "/meters/{meter_id}", world.anna, meter_id=steady)


def test_a_household_sees_its_own_readings_only(world, steady):
    seen, everything = world.entries(steady, world.anna), world.entries(steady)
    assert [each["date"] for each in everything] == sorted((each["date"] for each in everything), reverse=True)
    assert len(everything) == 25
    own = [each for each in everything if each["date"] >= CAME.isoformat()]
    assert [each["entry_id"] for each in seen[:-1]] == [each["entry_id"] for each in own]
    opening = seen[-1]
    assert (opening["date"], opening["values"]) == ("2024-12-31", [litres(100_000 + DAILY * 61)])
    assert (opening["findings"], opening["uses"], opening["photo"], opening["channel"]) == ([], None, None, None)
    assert all(each["actor"]["person_id"] is None for each in seen)
    # Somebody who does not live there yet (his contract begins next month) sees the meter, and nothing of its past.
    world.start_contract("ctr_9", "unt_1", "per_piotr", "2026-12-01")
    coming = sign_in("org_test", "per_piotr", ("tenant", "unit", "unt_1"))
    assert world.entries(steady, coming) == []
    assert world.meter(steady, coming)["may_read"] is False
    assert world.use(steady, coming, FIRST, LAST)["total"]["now"]["actual_days"] == 0


def test_use_of_the_months_adds_up_to_the_whole(world, steady):
    world.read(steady, world.anna, TODAY, 100_000 + DAILY * (TODAY - FIRST).days + 1)
    answer = world.use(steady, world.sara, date(2025, 11, 6), date(2026, 11, 20))
    assert len(answer["periods"]) == 13
    assert (answer["periods"][0]["first"], answer["periods"][-1]["last"]) == ("2025-11-06", "2026-11-20")
    for which in ("now", "last_year"):
        for part in ("use", "estimated"):
            parts = sum(int(each[which][part].replace(".", "")) for each in answer["periods"])
            assert parts == int(answer["total"][which][part].replace(".", ""))
    march = next(each for each in answer["periods"] if each["first"] == "2026-03-01")
    assert (march["now"]["use"], march["now"]["actual_days"]) == (f"{DAILY * 31 / 1000:.3f}", 31)
    assert march["last_year"]["use"] == march["now"]["use"]
    # A household's year before begins where it came.
    own = world.use(steady, world.anna, date(2025, 11, 6), date(2026, 11, 20))
    assert own["total"]["now"] == answer["total"]["now"]
    early = world.use(steady, world.anna, date(2024, 11, 1), date(2025, 1, 31))
    assert [each["now"]["actual_days"] for each in early["periods"]] == [0, 0, 31]
    assert (
        world.use(steady, world.anna, date(2025, 12, 1), date(2025, 12, 31))["total"]["last_year"]["actual_days"] == 0
    )
    assert (
        world.use(steady, world.sara, date(2025, 12, 1), date(2025, 12, 31))["total"]["last_year"]["actual_days"] == 31
    )


def test_an_estimate_stands_until_the_next_reading(world, steady):
    day, guess = date(2026, 11, 20), 100_000 + DAILY * 730 + 4_000
    meter = find_meter("org_test", steady)
    uow = UnitOfWork("METERS_TABLE", Metadata(correlation_id="c", organisation_id="org_test", actor="system"))
    taking = Acceptance(meter, circumstances(settings_of("org_test"), meter, None, world.today))
    taking.record("estimated", day, values=[litres(guess)])
    taking.finish(uow)
    uow.commit()
    shown = world.meter(steady, world.anna)
    assert (shown["estimate"]["values"], shown["estimate"]["estimated"]) == ([litres(guess)], True)
    assert shown["last"]["date"] == "2026-10-31"
    november = world.use(steady, world.anna, date(2026, 11, 1), date(2026, 11, 30))["total"]["now"]
    assert (november["use"], november["estimated"], november["estimated_days"]) == ("4.000", "4.000", 20)
    # Below the estimate, and right: it binds nothing.
    receipt = world.read(steady, world.anna, TODAY, 100_000 + DAILY * 752)
    assert (receipt["status"], [each["code"] for each in receipt["findings"]]) == ("accepted", ["DEEMED_TRUEUP"])
    assert world.meter(steady)["estimate"] is None
    november = world.use(steady, world.anna, date(2026, 11, 1), date(2026, 11, 30))["total"]["now"]
    assert (november["use"], november["estimated"], november["actual_days"]) == ("3.300", "0.000", 22)


@pytest.mark.parametrize(("first", "last"), [("2026-02-01", "2026-01-31"), ("2020-01-01", "2025-01-01")])
def test_a_period_is_some_days_and_at_most_five_years(world, steady, first, last):
    refused = world.use(steady, world.anna, date.fromisoformat(first), date.fromisoformat(last), 422)
    assert refused["code"] == "invalid_period"
    assert world.use(steady, world.anna, date(2020, 1, 1), date(2024, 12, 31))["total"]["now"]["actual_days"] == 0


def test_the_house_meter_against_the_sum_of_its_flats(world):
    house = world.install("HOUSE", daily=700, until=LAST, device=WIDE, **HOUSE)
    first = world.install("A", daily=300, until=LAST, parent_id=house)
    second = world.install("B", daily=380, until=LAST, parent_id=house, unit_id="unt_2")
    query = {"from": "2026-10-01", "to": "2026-10-31"}

    def balance(token):
        return world.must(200, "GET", "/meters/{meter_id}/balance", token, meter_id=house, query=query)

    said = balance(world.basia)
    assert (said["house"], said["units"], said["difference"], said["is_outside"]) == (
        "21.700",
        "21.080",
        "0.620",
        False,
    )
    assert [(each["meter_id"], each["unit_label"], each["use"]) for each in said["parts"]] == [
        (first, "1", "9.300"), (second, "2", "11.780")
    ]  # fmt: skip
    version = world.meter(second)["version"]
    change = {"parent_id": "", "place": "Cellar", "version": version}
    moved = world.must(200, "PATCH", "/meters/{meter_id}", world.sara, meter_id=second, body=change)
    assert (moved["parent_id"], moved["place"], moved["version"]) == (None, "Cellar", version + 1)
    assert (
        world.must(409, "PATCH", "/meters/{meter_id}", world.sara, meter_id=second, body=change)["code"] == "conflict"
    )
    said = balance(world.sara)
    assert (said["difference"], said["is_outside"], len(said["parts"])) == ("12.400", True, 1)
    world.install("C", parent_id=house, first=date(2026, 10, 15))
    said = balance(world.sara)
    assert (said["unknown"], said["difference"], said["is_outside"]) == (1, None, False)


def test_a_meter_is_installed_where_there_is_a_place_for_it(world, steady):
    def refused(status, **changes):
        body = {
            "number": "N1", "medium": "cold_water", "unit_id": "unt_1", "device": {"digits": 5, "decimals": 3},
            "date": "2026-11-01", "opening": ["0"], **changes,
        }  # fmt: skip
        return world.must(status, "POST", "/meters", world.sara, body=body)["code"]

    hot = world.install("HOT", medium="hot_water", **HOUSE)
    assert refused(409, number="WZ-1") == "number_taken"
    assert refused(409, meter_id=steady) == "meter_exists"
    assert refused(422, unit_id="unt_9") == "unknown_unit"
    assert refused(422, unit_id=None, community_id="com_9") == "unknown_community"
    assert refused(422, community_id="com_1") == "unit_or_community"
    assert refused(422, unit_id=None) == "unit_or_community"
    assert refused(422, parent_id=hot) == "unknown_parent"
    assert refused(422, parent_id=steady) == "unknown_parent"
    assert refused(422, opening=["0", "0"]) == "invalid_device"
    assert refused(422, opening=["123456"]) == "invalid_device"
    assert refused(422, date="2026-11-23") == "invalid_body"
    made = world.install("N1", meter_id="mtr_demo_pl_cold", verified_until="2029-10-31", seal="S1")
    assert made == "mtr_demo_pl_cold"
    meter = world.meter(made, world.anna)
    assert (meter["verified_until"], meter["seal"], meter["device"]["max_flow"]) == ("2029-10-31", "S1", "3.125")
    assert (meter["version"], meter["unit_label"], meter["installed_on"]) == (1, "1", "2024-10-31")


def test_a_replacement_fits_what_stands(world, steady):
    def refused(closing, day, number="X", status=409, **changes):
        return world.replace(steady, day, closing, number, status=status, **changes)["code"]

    last = 100_000 + DAILY * 730
    assert refused(last - 1, TODAY) == "stream_refused"
    assert refused(last - DAILY * 40, date(2026, 10, 15)) == "stream_refused"
    assert refused(last, TODAY, number="WZ-1") == "number_taken"
    assert refused(last, TODAY + timedelta(days=1), status=422) == "invalid_body"
    assert refused(last, date(2024, 1, 1)) == "stream_refused"
    new = {"device": {"digits": 4, "decimals": 2, "registers": 2}, "verified_until": "2031-11-20"}
    body = {"date": TODAY.isoformat(), "closing": [litres(last)], "opening": ["0,5", "7"], "number": "X", **new}
    made = world.must(201, "POST", "/meters/{meter_id}/replacement", world.sara, meter_id=steady, body=body)
    assert (made["last"]["values"], made["device"]["registers"], made["number"]) == (["0000.50", "0007.00"], 2, "X")
    assert refused(1, date(2026, 11, 1), number="Y", status=409) == "stream_refused"
    event = {"kind": "verified", "date": TODAY.isoformat()}
    world.must(422, "POST", "/meters/{meter_id}/events", world.sara, meter_id=steady, body=event)
    world.must(
        201, "POST", "/meters/{meter_id}/events", world.sara, meter_id=steady, body={**event, "verified_until": "2035-01-01"}
    )  # fmt: skip
    removed = {"kind": "removed", "date": TODAY.isoformat(), "closing": ["1", "8"]}
    gone = world.must(201, "POST", "/meters/{meter_id}/events", world.sara, meter_id=steady, body=removed)
    assert (gone["verified_until"], gone["removed_on"], gone["last"]["values"]) == (
        "2035-01-01", TODAY.isoformat(), ["0001.00", "0008.00"]
    )  # fmt: skip
    assert refused(1, TODAY, number="Z") == "meter_removed"


def test_until_when_meters_are_verified_is_said_when_it_changes(world, steady):
    def said():
        found = [data["meters"] for kind, data in outbox("METERS_TABLE") if kind == "VerificationsChanged"]
        return [(one["number"], one["verified_until"]) for (one,) in found if one["meter_id"] == made]

    def note(kind, **more):
        body = {"kind": kind, "date": TODAY.isoformat(), **more}
        world.must(201, "POST", "/meters/{meter_id}/events", world.sara, meter_id=made, body=body)

    made = world.install("N1", verified_until="2029-10-31", opening=100_000)
    assert said() == [("N1", "2029-10-31")]
    note("sealed", seal="S9")
    world.read(made, world.sara, TODAY - timedelta(days=1), 150_000)
    assert len(said()) == 1
    note("verified", verified_until="2031-10-31")
    world.replace(made, TODAY, 150_000, "N2", verified_until="2031-10-31")
    note("removed", closing=["0"])
    assert said()[1:] == [("N1", "2031-10-31"), ("N2", "2031-10-31"), ("N2", None)]
    world.read(steady, world.sara, TODAY, 100_000 + DAILY * 752)
    assert not [one for kind, data in outbox("METERS_TABLE") if kind == "VerificationsChanged"
                for one in data["meters"] if one["meter_id"] == steady]  # fmt: skip


def test_held_readings_are_filtered_and_paged(world, steady):
    hot = world.install("HOT", medium="hot_water")
    for number in range(27):
        world.read(hot, world.anna, date(2026, 10, 1) + timedelta(days=number), 5_000_000 + number, confirmed=True)
    world.read(steady, world.anna, TODAY, 99_000_000, confirmed=True)
    everything = world.held()
    assert len(everything) == 28
    assert [each["recorded_at"] for each in everything] == sorted(each["recorded_at"] for each in everything)
    assert len(world.held(medium="hot_water", community_id="com_1")) == 27
    assert [each["meter_id"] for each in world.held(medium="cold_water")] == [steady]
    assert world.held(community_id="com_2") == []
    # One is found wherever it stands in the queue and whatever is filtered, until it is decided.
    (last,) = world.held(reading_id=everything[-1]["reading_id"], medium="gas")
    assert last == everything[-1]
    assert world.held(reading_id="rdg_unknown") == []
    assert world.all_of("/held-readings", world.foreign_staff, query={"reading_id": last["reading_id"]}) == []
    world.decide(last["reading_id"], decision="reject", reason="not this meter")
    assert world.held(reading_id=last["reading_id"]) == []
    # More wait than the head names: the day's is found all the same.
    again = world.read(hot, world.anna, date(2026, 10, 2), 5_000_001, confirmed=True)
    assert again["reading_id"] == everything[1]["reading_id"]
    world.must(403, "GET", "/held-readings", world.anna)
    foreign = {"reading_id": again["reading_id"], "body": {"decision": "accept"}}
    world.must(403, "POST", "/readings/{reading_id}/decision", world.anna, **foreign)
    world.must(404, "POST", "/readings/{reading_id}/decision", world.foreign_staff, **foreign)


def test_places_follow_the_register_in_any_order(world, steady):
    world.register_unit("unt_1", "1A", occurred_at="2027-11-02T00:00:00Z")
    world.register_unit("unt_1", "old", occurred_at="2020-01-01T00:00:00Z")
    assert world.meter(steady)["unit_label"] == "1A"
    # The lease moves to another flat; an older word of it comes late.
    world.start_contract("ctr_2", "unt_2", "per_anna", "2026-01-01", occurred_at="2027-11-02T00:00:00Z")
    world.start_contract("ctr_2", "unt_1", "per_anna", "2026-01-01", occurred_at="2020-11-02T00:00:00Z")
    assert world.meter(steady, world.anna)["may_read"] is False
    assert world.entries(steady, world.anna) == []
    world.start_contract("sup_1", "unt_1", "per_plumber", "2020-01-01", type="supply")
    assert world.meter(steady, world.anna)["may_read"] is False
