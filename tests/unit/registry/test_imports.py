"""Portfolio imports on the table: all or nothing, once, and only what changed."""

from operator import itemgetter

import pytest
from registry import import_plan, service_imports, store
from registry.app import app
from registry.store import RegistryItem

from tests.support import call
from tests.unit.registry.helpers import (
    COMMUNITY,
    CONTRACT,
    MANDATE,
    OCCUPANCY,
    PERSON,
    ROWS,
    UNIT,
    files,
    load,
    packed,
    said,
    staff,
)

CONTRACTS, OCCUPANCIES = files()["contracts.csv"], files()["occupancies.csv"]


def unit_id(reference):
    return import_plan.thing_id("unit", "org_test", reference)


def community_id(reference):
    return import_plan.thing_id("community", "org_test", reference)


def things():
    """Everything in the table but imports, chunks, outbox and inbox."""
    aside = ("#IMPORT#", "#OUTBOX#", "#ONCE#")
    raw = RegistryItem._get_connection().scan()["Items"]
    return sorted(
        (item["pk"]["S"], item["sk"]["S"], str(item))
        for item in raw
        if not any(part in item["pk"]["S"] for part in aside)
    )


def test_a_good_portfolio_is_loaded_and_counted(bus):
    answer = load(bus, packed(files()))
    assert {k: answer[k] for k in ("state", "rows", "done", "created", "changed", "unchanged", "errors")} == {
        "state": "done", "rows": ROWS, "done": ROWS, "created": ROWS, "changed": 0, "unchanged": 0, "errors": [],
    }  # fmt: skip
    started = {data["number"]: data for data in said("ContractStarted")}
    assert set(started) == {"N/2015/0001", "W/2", "D/3"}
    lease = started["N/2015/0001"]
    assert lease["payment_references"] == [{"kind": "mass_payment_id", "value": "XX000000000001"}]
    assert [(p["role"], p["starts_on"], p["ends_on"]) for p in lease["parties"]] == [("tenant", "2015-03-01", None)]
    assert started["D/3"]["unit_id"] is None
    assert len(said("MandateStarted")) == 1
    assert said("ContractEnded") == []
    assert [
        {"unit_id": unit_id(reference), "community_id": community_id("C1"), "label": label}
        for reference, label in (("U1", "m. 12"), ("U2", "m. 13"))
    ] == sorted(said("UnitRegistered"), key=itemgetter("label"))


def test_a_wrong_row_changes_nothing(bus):
    bad = files(occupancies=[{**OCCUPANCY, "contract_ref": "K7"}, *OCCUPANCIES[1:]])
    answer = load(bus, packed(bad))
    assert (answer["state"], answer["done"]) == ("failed", 0)
    assert answer["errors"] == [
        {"file": "occupancies.csv", "line": 2, "field": "contract_ref", "code": "unknown_reference"}
    ]
    assert things() == []


def test_importing_again_changes_nothing_and_says_nothing(loaded):
    before, events, units = things(), len(said("ContractStarted")), len(said("UnitRegistered"))
    answer = load(loaded, packed(files()))
    assert (answer["state"], answer["unchanged"], answer["created"], answer["changed"]) == ("done", ROWS, 0, 0)
    assert things() == before
    assert len(said("ContractStarted")) == events
    assert len(said("UnitRegistered")) == units


def test_only_what_changed_is_written_and_said(loaded):
    ended = {**CONTRACT, "ends_on": "2026-06-30"}
    answer = load(
        loaded, packed(files(contracts=[ended, *CONTRACTS[1:]], mandates=[{**MANDATE, "ends_on": "2025-12-31"}]))
    )
    assert (answer["changed"], answer["unchanged"]) == (3, ROWS - 3)
    again = said("ContractStarted")[-1]
    assert (again["ends_on"], again["parties"][0]["ends_on"]) == ("2026-06-30", "2026-06-30")
    assert [data["ends_on"] for data in said("ContractEnded")] == ["2026-06-30"]
    assert [data["ends_on"] for data in said("MandateEnded")] == ["2025-12-31"]


def test_a_unit_is_said_again_when_its_label_or_its_community_changes(loaded):
    """Area and state are the register's own business."""
    second, third = COMMUNITY | {"community_ref": "C2"}, COMMUNITY | {"community_ref": "C3"}
    communities = [COMMUNITY, second, third]
    units = [{**UNIT, "floor_area_m2": "50.1", "state": "poor"}, files()["units.csv"][1]]
    told = len(said("UnitRegistered"))
    answer = load(loaded, packed(files(units=units, communities=communities)))
    assert (answer["state"], answer["changed"], len(said("UnitRegistered"))) == ("done", 1, told)
    renamed = [{**units[0], "label": "m. 12a"}, units[1]]
    load(loaded, packed(files(units=renamed, communities=communities)))
    assert said("UnitRegistered")[told:] == [
        {"unit_id": unit_id("U1"), "community_id": community_id("C1"), "label": "m. 12a"}
    ]
    moved = [{**renamed[0], "community_ref": "C2"}, units[1]]
    contracts = [{**CONTRACT, "community_ref": "C2"}, *CONTRACTS[1:]]
    load(loaded, packed(files(units=moved, communities=communities, contracts=contracts)))
    assert said("UnitRegistered")[told + 1 :] == [
        {"unit_id": unit_id("U1"), "community_id": community_id("C2"), "label": "m. 12a"}
    ]


def test_a_chunk_of_units_and_their_events_fits_a_transaction(bus):
    units = [{**UNIT, "unit_ref": f"U{n}", "label": f"m. {n}"} for n in range(1, 3 * import_plan.ROWS)]
    assert load(bus, packed(files(units=units)))["state"] == "done"
    assert len(said("UnitRegistered")) == len(units)


def test_everything_delivered_twice_is_one_import(bus):
    answer = load(bus, packed(files()), twice=True)
    assert (answer["done"], answer["created"]) == (ROWS, ROWS)
    assert len(said("ContractStarted")) == 3
    assert len(said("UnitRegistered")) == 2


def test_what_a_person_changed_stands_until_the_file_says_something_new(loaded):
    from tests.support import sign_in

    person_id = import_plan.thing_id("person", "org_test", "P1")
    token = sign_in("org_test", person_id, ("tenant", "contract", "con_x"))
    assert (
        call(app, "PATCH", "/me/contact", token=token, body={"phone": "+48700700700", "email": "new@demo.example"})[0]
        == 200
    )
    moved = {**PERSON, "email": "file@demo.example", "city": "Łódź"}
    load(loaded, packed(files(people=[moved, *files()["people.csv"][1:]])))
    contact = call(app, "GET", "/me/contact", token=token)[1]
    assert (contact["phone"], contact["email"], contact["address"]["city"]) == (
        "+48700700700",
        "file@demo.example",
        "Łódź",
    )


def test_a_large_portfolio_goes_through_in_lanes(bus, monkeypatch):
    monkeypatch.setattr(service_imports, "LANES", 3)
    monkeypatch.setattr(import_plan, "ROWS", 5)
    units = [{**UNIT, "unit_ref": f"U{n}"} for n in range(1, 31)]
    people = [{**PERSON, "person_ref": f"T{n}", "email": ""} for n in range(12)]
    contracts = [
        {**CONTRACT, "contract_ref": f"L{n}", "number": f"L/{n}", "unit_ref": f"U{n + 3}", "mass_payment_id": ""}
        for n in range(12)
    ]
    held = [{**OCCUPANCY, "person_ref": f"T{n}", "contract_ref": f"L{n}"} for n in range(12)]
    answer = load(
        bus,
        packed(
            files(
                units=units, people=[*files()["people.csv"], *people],
                contracts=[*CONTRACTS, *contracts], occupancies=[*OCCUPANCIES, *held],
            )
        ),
    )  # fmt: skip
    assert (answer["state"], answer["done"], answer["created"]) == ("done", answer["rows"], answer["rows"])
    assert len(said("ContractStarted")) == 15


def test_progress_is_exact_on_the_way(bus):
    """The counts follow the transactions: after each chunk they are the sum of what has been written."""
    from shared.events.catalog import PortfolioImportChunkReady, PortfolioImportReceived
    from tests.support import event_message
    from tests.unit.registry.helpers import consumers, upload

    people = [{**PERSON, "person_ref": f"T{n}", "email": ""} for n in range(40)]
    token = staff()
    key = upload(packed(files(people=[*files()["people.csv"], *people])))
    import_id = call(app, "POST", "/imports", token=token, body={"upload": key})[1]["import_id"]

    def progress():
        return call(app, "GET", "/imports/{import_id}", token=token, path={"import_id": import_id})[1]

    assert progress()["state"] == "queued"
    consumers.consume(event_message(PortfolioImportReceived(import_id=import_id), "org_test", "evt_r"))
    assert (progress()["state"], progress()["done"], progress()["rows"]) == ("running", 0, ROWS + 40)
    item = store.Import.find("org_test", import_id)
    assert item.chunks > 1
    done = 0
    for chunk in range(int(item.chunks)):
        done += sum(work["rows"] for work in item.open_chunk(chunk).rows)
        message = event_message(PortfolioImportChunkReady(import_id=import_id, chunk=chunk), "org_test", f"evt_{chunk}")
        consumers.consume(message)
        consumers.consume(message)
        assert progress()["done"] == done
    assert progress()["state"] == "done"


def test_an_import_belongs_to_its_organisation(loaded):
    token, stranger = staff(), staff("org_other")
    key = "org/org_test/portfolio/upl_1/portfolio.zip"
    import_id = call(app, "POST", "/imports", token=token, body={"upload": key})[1]["import_id"]
    assert call(app, "GET", "/imports/{import_id}", token=stranger, path={"import_id": import_id})[0] == 404
    status, body = call(app, "POST", "/imports", token=stranger, body={"upload": key})
    assert (status, body["code"]) == (422, "upload_not_found")


@pytest.mark.parametrize("key", ["org/org_test/bank_statement/upl_1/a.zip", "org/org_test2/portfolio/x.zip", "x"])
def test_only_portfolio_uploads_of_the_organisation_are_taken(bus, key):
    assert call(app, "POST", "/imports", token=staff(), body={"upload": key})[0] == 422


def test_a_file_that_was_never_uploaded_fails_the_import(bus):
    token = staff()
    body = {"upload": "org/org_test/portfolio/upl_9/none.zip"}
    import_id = call(app, "POST", "/imports", token=token, body=body)[1]["import_id"]
    bus.run()
    answer = call(app, "GET", "/imports/{import_id}", token=token, path={"import_id": import_id})[1]
    assert (answer["state"], answer["errors"][0]["code"]) == ("failed", "upload_not_found")


def test_the_same_file_in_two_organisations_is_two_portfolios(loaded):
    mine = things()
    load(loaded, packed(files()), "org_other")
    both = things()
    assert len(both) == 2 * len(mine)
    assert [item for item in both if item[0].startswith("ORG#org_test#")] == mine


def test_a_number_of_a_contract_outside_the_file_is_refused(loaded):
    """What a file leaves out stays, so its number stays taken."""
    other = {**CONTRACT, "contract_ref": "K77", "mass_payment_id": ""}
    answer = load(loaded, packed(files(contracts=[other], occupancies=[{**OCCUPANCY, "contract_ref": "K77"}])))
    assert answer["state"] == "failed"
    assert [(e["line"], e["field"], e["code"]) for e in answer["errors"]] == [(2, "number", "duplicate_number")]


def test_numbers_may_be_exchanged_and_used_again(loaded):
    first, second, *rest = CONTRACTS
    exchanged = [{**first, "number": second["number"]}, {**second, "number": first["number"]}, *rest]
    assert load(loaded, packed(files(contracts=exchanged)))["changed"] == 4
    renumbered = [{**first, "number": "N/NEW"}, {**second, "number": "W/NEW"}, *rest]
    assert load(loaded, packed(files(contracts=renumbered)))["state"] == "done"
    reused = {**CONTRACT, "contract_ref": "K77", "number": "N/2015/0001", "mass_payment_id": ""}
    answer = load(loaded, packed(files(contracts=[reused], occupancies=[{**OCCUPANCY, "contract_ref": "K77"}])))
    assert (answer["state"], answer["errors"]) == ("done", [])
