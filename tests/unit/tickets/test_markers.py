"""Nothing that is the house's own reaches a resident: marked words are looked for in every answer of the context."""

import json
import re

import pytest
from tickets.app import app

from shared.access import OWNER, TENANT
from tests.support import call, sign_in
from tests.unit.tickets import steps
from tests.unit.tickets.conftest import ORG
from tests.unit.tickets.test_escalation import run

SECRET = "SEKRET-WEWNETRZNY"
SUPPLIER = "per_supplier_marked"
PERSONS = ("per_sara", "per_stefan", "per_admin", "per_anna", "per_olek", SUPPLIER)
INNER = ("accepted", "waiting_for_supplier", "waiting_for_tenant", "done_by_nobody")
STAFF_KINDS = ("escalated", "assigned", "supplier_assigned", "due_changed")
QUERIES = {"/tickets": [None, {"status": "all"}, {"status": "shut"}, {"contract_id": "ctr_1", "status": "all"}]}


@pytest.fixture
def told(world):
    """A ticket to which everything has happened that staff do, an incident, and the tickets' ids."""
    with steps.travel(world, "2026-11-23T09:00:00Z") as now:
        incident = {
            "kind": "outage",
            "community_ids": ["com_1"],
            "title": "Awaria",
            "starts_at": "2026-11-23T08:00:00Z",
        }
        _, opened = world.ask("POST", "/incidents", world.sara, body=incident)
        ticket_id = world.report()["ticket_id"]
        steps.comment(world, ticket_id, world.olek, "Też to widzę.")
        steps.comment(world, ticket_id, world.sara, SECRET, internal=True)
        steps.change(world, ticket_id, status="accepted", assignee_id="per_stefan", supplier_id=SUPPLIER)
        steps.change(world, ticket_id, due_at="2026-11-23T10:00:00Z", incident_id=opened["incident_id"])
        steps.change(world, ticket_id, status="waiting_for_supplier", text="Czekamy na hydraulika.")
        now.move_to("2026-11-23T12:00:00Z")
        assert run() == {"escalated": 1}
        steps.change(world, ticket_id, status="waiting_for_tenant", text="Kiedy można?")
        duplicate = world.report(subject="Znowu")["ticket_id"]
        steps.merge(world, duplicate, ticket_id)
        path = {"incident_id": opened["incident_id"]}
        said = {"text": "Naprawiamy.", "resolved": False}
        assert world.ask("POST", "/incidents/{incident_id}/updates", world.sara, body=said, **path)[0] == 201
        world.ask(
            "PUT",
            "/ticket-desk/answers",
            world.sara,
            body={"answers": [{"title": SECRET, "text": SECRET}], "version": 0},
        )
    return {"ticket_id": ticket_id, "duplicate": duplicate, "incident_id": opened["incident_id"]}


def answers(world, token, told):
    """Every GET of the context for every object and query: (route, status, body)."""
    with steps.travel(world, "2026-11-23T12:30:00Z"):
        for method, path in sorted(app.contracts):
            if method != "GET":
                continue
            for ticket_id in (told["ticket_id"], told["duplicate"]) if "{ticket_id}" in path else (None,):
                ids = {"ticket_id": ticket_id, "incident_id": told["incident_id"]}
                given = {name: ids[name] for name in re.findall(r"{(\w+)}", path)}
                similar = [{"contract_id": "ctr_1", "category": "kitchen_leak"}]
                for query in similar if path.endswith("/similar") else QUERIES.get(path, [None]):
                    status, body = call(app, "GET", path, path=given or None, query=query, token=token)
                    yield path, status, body


def values(body):
    """All values of an answer, however deep."""
    if isinstance(body, dict):
        for value in body.values():
            yield from values(value)
    elif isinstance(body, list):
        for value in body:
            yield from values(value)
    else:
        yield body


@pytest.mark.parametrize("who", ["reporter", "co_holder", "neighbour"])
def test_a_residents_answers_hold_nothing_of_the_house(world, told, who):
    grants = {
        "reporter": ("per_anna", (TENANT, "contract", "ctr_1")),
        "co_holder": ("per_olek", (OWNER, "contract", "ctr_1")),
        "neighbour": ("per_piotr", (TENANT, "contract", "ctr_2")),
    }
    token = sign_in(ORG, grants[who][0], grants[who][1], (TENANT, "community", "com_1"))
    world.resident = token
    seen = {}
    for path, status, body in answers(world, token, told):
        text = json.dumps(body, ensure_ascii=False)
        assert SECRET not in text, path
        assert not [person for person in PERSONS if person in text], path
        assert not {*INNER, *STAFF_KINDS} & set(values(body)), path
        assert '"internal": true' not in text, path
        seen.setdefault(path, set()).add(status)
    assert seen["/ticket-desk"] == {403}
    theirs = {404} if who == "neighbour" else {200}
    assert seen["/tickets/{ticket_id}"] == theirs
    assert (
        seen["/incidents/{incident_id}"] == seen["/incidents"] == seen["/tickets"] == seen["/ticket-settings"] == {200}
    )


def test_the_same_marks_are_in_what_staff_read(world, told):
    """Otherwise the test above would find nothing in an empty house."""
    text, found = "", set()
    for _, status, body in answers(world, world.sara, told):
        assert status == 200
        text += json.dumps(body, ensure_ascii=False)
        found |= set(values(body))
    assert SECRET in text
    assert {"per_sara", "per_stefan", "per_anna", "per_olek", SUPPLIER, *STAFF_KINDS} <= found
    assert {"accepted", "waiting_for_supplier", "waiting_for_tenant"} <= found


def test_a_residents_own_steps_answer_nothing_of_the_house(world, told):
    """The receipts of what he does, with an inner status behind each."""
    with steps.travel(world, "2026-11-23T12:30:00Z"):
        receipts = [
            steps.comment(world, told["ticket_id"], world.olek)[1],
            steps.comment(world, told["ticket_id"], world.anna)[1],
        ]
        steps.change(world, told["ticket_id"], status="done", text="Gotowe.")
        receipts += [
            steps.rate(world, told["ticket_id"], world.anna)[1],
            steps.reopen(world, told["ticket_id"], world.anna)[1],
        ]
        steps.change(world, told["ticket_id"], status="accepted")
        receipts += [
            steps.comment(world, told["ticket_id"], world.anna)[1],
            steps.withdraw(world, told["ticket_id"], world.anna)[1],
        ]
    assert [receipt["status"] for receipt in receipts] == [
        "in_progress", "in_progress", "reviewed", "not_reviewed", "in_progress", "reviewed",
    ]  # fmt: skip
    assert all(set(receipt) == {"entry_id", "status"} for receipt in receipts)
