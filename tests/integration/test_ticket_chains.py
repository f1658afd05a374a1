"""What tickets do by themselves in the running portal, each with its function's own role: incidents answer their tickets, the clock speaks."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests import reports
from tests.queues import Queues
from tests.tenancy import Tenancy
from tests.world import World

pytestmark = pytest.mark.world

MANY = 17
"""Tickets of one incident: more than one event answers."""
RESULT = "Zawór wymieniono, woda jest."


def test_one_word_on_an_incident_answers_all_its_tickets(world: World, tenancy: Tenancy, queues: Queues) -> None:
    contract_id = tenancy.contract_id(tenancy.take())
    community_id = tenancy.staff.get(f"/contracts/{contract_id}").json()["community"]["community_id"]
    outage = {
        "kind": "outage",
        "community_ids": [community_id],
        "title": "Brak wody",
        "starts_at": "2026-11-22T08:00:00Z",
    }
    incident = tenancy.staff.post("/incidents", json=outage).json()["incident_id"]
    ids = [reports.opened(tenancy.staff, contract_id=contract_id, incident_id=incident) for _ in range(MANY)]
    assert tenancy.staff.get(f"/incidents/{incident}").json()["tickets"] == MANY
    said = tenancy.staff.post(f"/incidents/{incident}/updates", json={"text": RESULT, "resolved": True})
    assert said.status_code == 201, said.text

    def ended() -> set[str]:
        page = tenancy.staff.get("/tickets", params={"contract_id": contract_id, "status": "done"}).json()
        return {item["ticket_id"] for item in page["items"]}

    world.wait_until(lambda: ended() == set(ids), 90)
    for ticket_id in (ids[0], ids[-1]):
        ticket = reports.see(tenancy.staff, ticket_id)
        assert (ticket["status"], ticket["outcome"], ticket["result"]) == ("done", "done", RESULT)
        assert sum(entry["kind"] == "incident_updated" for entry in ticket["timeline"]) == 1
    assert not queues.dead()


def test_the_clock_says_once_that_a_deadline_has_passed(world: World, tenancy: Tenancy) -> None:
    contract_id = tenancy.contract_id(tenancy.take())
    ticket_id = reports.opened(tenancy.staff, contract_id=contract_id)
    due = datetime.now(UTC) - timedelta(minutes=1)
    reports.change(tenancy.staff, ticket_id, due_at=due.isoformat())
    assert reports.see(tenancy.staff, ticket_id)["overdue"]
    assert ticket_id in tenancy.staff.get("/tickets", params={"overdue": "true"}).text
    first = world.deployment.invoke("TicketsClockFunction", {})
    ticket = world.wait_until(lambda: (found := reports.see(tenancy.staff, ticket_id))["escalated_at"] and found)
    assert sum(entry["kind"] == "escalated" for entry in ticket["timeline"]) == 1
    second = world.deployment.invoke("TicketsClockFunction", {})
    assert reports.see(tenancy.staff, ticket_id)["timeline"] == ticket["timeline"]
    said = [
        json.loads(item["detail"])["data"]
        for item in tenancy.items("TICKETS")
        if item.get("detail_type") == "TicketOverdue"
    ]
    assert [each["ticket_id"] for each in said] == [ticket_id], (first, second)
