"""Incidents: who sees them, which tickets are theirs, and that one word answers many tickets, each exactly once."""

from datetime import UTC, datetime

import pytest
from tickets.app import consumers

from shared.access import STAFF, TENANT
from shared.events.tickets import IncidentUpdated
from tests.support import event_message, sign_in
from tests.unit.tickets import steps
from tests.unit.tickets.conftest import ORG, OTHER_ORG

INCIDENT = {
    "kind": "outage",
    "community_ids": ["com_1"],
    "category": "kitchen_leak",
    "title": "Brak wody w pionie A",
    "text": "Szukamy miejsca.",
    "starts_at": "2026-11-22T06:00:00+01:00",
}


def opened(world, **changes):
    return world.report(**changes)["ticket_id"]


def open_incident(world, token=None, **changes):
    return world.ask("POST", "/incidents", token or world.sara, body={**INCIDENT, **changes})


def incident(world, **changes):
    code, body = open_incident(world, **changes)
    assert code == 201, body
    return body


def update(world, incident_id, text="Pękła rura.", **fields):
    body = {"text": text, **fields}
    return world.ask("POST", "/incidents/{incident_id}/updates", world.sara, incident_id=incident_id, body=body)


def read(world, incident_id, token=None):
    return world.ask("GET", "/incidents/{incident_id}", token or world.sara, incident_id=incident_id)


def deliver(world, times=1):
    """Bring every IncidentUpdated that was said and not yet brought to the consumer, as often; the number of events."""
    brought = 0
    while len(said := world.events("IncidentUpdated")) > brought:
        event = IncidentUpdated.model_validate(said[brought])
        for _ in range(times):
            consumers.consume(event_message(event, ORG, f"evt_incident_{brought}"))
        brought += 1
    return brought


def test_an_incident_is_opened_with_its_tickets_and_said(world):
    tickets = [opened(world), opened(world, subject="Kapie")]
    body = incident(world, ticket_ids=tickets)
    assert (body["state"], body["tickets"], body["updates"]) == ("open", 2, [])
    assert datetime.fromisoformat(body["starts_at"]) == datetime(2026, 11, 22, 5, tzinfo=UTC)
    assert read(world, body["incident_id"])[1]["tickets"] == 2
    for ticket_id in tickets:
        ticket = world.ticket(ticket_id)
        assert ticket["incident_id"] == body["incident_id"]
        assert (ticket["timeline"][-1]["kind"], ticket["timeline"][-1]["now"]) == (
            "incident_linked",
            body["incident_id"],
        )
    (said,) = world.events("IncidentOpened")
    assert (said["incident_id"], said["community_ids"]) == (body["incident_id"], ["com_1"])
    assert [item["incident_id"] for item in world.ask("GET", "/incidents", world.sara)[1]["items"]] == [
        body["incident_id"]
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"community_ids": ["com_1", "com_unknown"]}, "unknown_community"),
        ({"category": "no_such_thing"}, "unknown_category"),
        ({"ticket_ids": ["tkt_unknown"]}, "unknown_ticket"),
        ({"starts_at": "2026-11-22T06:00:00"}, "invalid_body"),
        ({"ends_at": "2026-11-22T05:00:00+01:00"}, "invalid_body"),
        ({"ends_at": "2026-11-22T08:00:00"}, "invalid_body"),
    ],
)
def test_an_incident_without_sense_is_refused(world, changes, code):
    status, body = open_incident(world, **changes)
    assert (status, body["code"]) == (422, code)
    assert world.ask("GET", "/incidents", world.sara)[1]["items"] == []


def test_a_ticket_of_another_community_is_no_report_of_it(world):
    world.start_contract("ctr_9", "unt_9", ["per_anna"], community_id="com_9")
    anna = sign_in(ORG, "per_anna", (TENANT, "contract", "ctr_9"))
    ticket_id = opened(world, token=anna, contract_id="ctr_9")
    assert open_incident(world, ticket_ids=[ticket_id])[1]["code"] == "unknown_ticket"
    incident_id = incident(world)["incident_id"]
    assert steps.patch(world, ticket_id, incident_id=incident_id)[1]["code"] == "unknown_incident"


def test_residents_see_the_incidents_of_their_communities_only(world):
    here = incident(world)["incident_id"]
    world.start_contract("ctr_9", "unt_9", ["per_nina"], community_id="com_9")
    there = incident(world, community_ids=["com_9"])["incident_id"]
    anna = sign_in(ORG, "per_anna", (TENANT, "contract", "ctr_1"), (TENANT, "community", "com_1"))
    foreign = sign_in(OTHER_ORG, "per_f", (STAFF, "organisation", OTHER_ORG), (TENANT, "community", "com_1"))
    assert [item["incident_id"] for item in world.ask("GET", "/incidents", anna)[1]["items"]] == [here]
    assert (read(world, here, anna)[0], read(world, there, anna)[0]) == (200, 404)
    assert world.ask("GET", "/incidents", foreign)[1]["items"] == []
    assert (read(world, here, foreign)[0], read(world, "inc_unknown")[0]) == (404, 404)
    assert {item["incident_id"] for item in world.ask("GET", "/incidents", world.sara)[1]["items"]} == {here, there}
    for token in (anna, world.olek):
        assert open_incident(world, token)[0] == 403


def test_a_resident_of_one_community_finds_his_incident_behind_many_others(world):
    world.start_contract("ctr_9", "unt_9", ["per_nina"], community_id="com_9")
    mine = incident(world, community_ids=["com_9"], starts_at="2026-01-01T00:00:00Z")["incident_id"]
    from tickets import store_incidents

    page = store_incidents.PAGE
    for number in range(page + 1):
        incident(world, title=f"Nr {number}")
    nina = sign_in(ORG, "per_nina", (TENANT, "community", "com_9"))
    code, body = world.ask("GET", "/incidents", nina)
    assert (code, [item["incident_id"] for item in body["items"]]) == (200, [mine])
    first = world.ask("GET", "/incidents", world.sara)[1]
    second = world.ask("GET", "/incidents", world.sara, query={"cursor": first["next_cursor"]})[1]
    assert (len(first["items"]), len(second["items"]), second["next_cursor"]) == (page, 2, None)


def test_a_ticket_moves_between_incidents_and_is_counted_once(world):
    one, other = incident(world)["incident_id"], incident(world, title="Drugi")["incident_id"]
    ticket_id = opened(world, incident_id=one)
    counts = lambda: tuple(read(world, each)[1]["tickets"] for each in (one, other))  # noqa: E731
    assert counts() == (1, 0)
    steps.change(world, ticket_id, incident_id=other)
    assert counts() == (0, 1)
    assert steps.patch(world, ticket_id, incident_id="inc_unknown")[1]["code"] == "unknown_incident"
    third = incident(world, title="Trzeci", ticket_ids=[ticket_id, opened(world)])["incident_id"]
    assert (counts(), read(world, third)[1]["tickets"]) == ((0, 0), 2)
    steps.change(world, ticket_id, incident_id=None)
    assert read(world, third)[1]["tickets"] == 1
    assert world.ticket(ticket_id)["incident_id"] is None


def test_forty_tickets_are_answered_each_exactly_once_although_every_event_comes_twice(world):
    world.set_settings(tickets_a_day=100)
    incident_id = incident(world)["incident_id"]
    tickets = [opened(world, incident_id=incident_id, subject=f"Nr {number}") for number in range(40)]
    beside = opened(world)
    assert update(world, incident_id)[0] == 201
    assert deliver(world, times=2) == 3  # 15, 15, 10
    for ticket_id in tickets:
        entries = world.ticket(ticket_id, world.anna)["timeline"]
        assert [(entry["kind"], entry["text"]) for entry in entries][1:] == [("incident_updated", "Pękła rura.")]
        assert entries[-1]["author"] == {"role": "staff", "mine": False, "person_id": None}
    assert steps.kinds(world, beside) == ["opened"]
    assert world.events("TicketStatusChanged") == []


def test_a_resolved_incident_ends_its_open_tickets_with_its_word(world):
    incident_id = incident(world)["incident_id"]
    tickets = {status: opened(world, incident_id=incident_id, subject=status) for status in steps.STATUSES}
    for status, ticket_id in tickets.items():
        steps.bring(world, ticket_id, status)
    before = {ticket_id: world.ticket(ticket_id) for ticket_id in tickets.values()}
    code, body = update(world, incident_id, "Rura wymieniona.", resolved=True)
    assert (code, body["state"], body["updates"][-1]["resolved"]) == (201, "resolved", True)
    deliver(world, times=2)
    for status, ticket_id in tickets.items():
        ticket = world.ticket(ticket_id)
        if status in steps.SHUT:
            assert ticket == before[ticket_id]
            continue
        assert (ticket["status"], ticket["outcome"], ticket["result"]) == ("done", "done", "Rura wymieniona.")
        last = ticket["timeline"][-1]
        assert (last["kind"], last["previous"], last["now"]) == ("incident_updated", status, "done")
        assert steps.rate(world, ticket_id, world.anna)[0] == 201
    ended = [event["ticket_id"] for event in world.events("TicketStatusChanged") if event["status"] == "done"]
    assert sorted(ended[1:]) == sorted(tickets[status] for status in steps.OPEN)  # the first one staff ended
    assert update(world, incident_id)[1]["code"] == "incident_resolved"
    assert world.ask("GET", "/incidents", world.sara)[1]["items"] == []
    assert read(world, incident_id)[1]["updates"][0]["text"] == "Rura wymieniona."
    code, body = world.ask("POST", "/tickets", world.anna, body={**REPORT_OF, "incident_id": incident_id})
    assert (code, body["code"]) == (422, "unknown_incident")


REPORT_OF = {
    "contract_id": "ctr_1",
    "type": "technical",
    "category": "kitchen_leak",
    "subject": "Woda",
}


def test_a_ticket_that_turned_out_to_be_something_else_is_not_answered(world):
    incident_id = incident(world)["incident_id"]
    stays, leaves = (opened(world, incident_id=incident_id, subject=each) for each in ("a", "b"))
    update(world, incident_id)
    steps.change(world, leaves, incident_id=None)
    deliver(world)
    assert steps.kinds(world, stays)[-1] == "incident_updated"
    assert steps.kinds(world, leaves)[-1] == "incident_linked"


def test_a_ticket_that_went_to_another_incident_is_not_ended_by_the_first(world):
    one, other = incident(world)["incident_id"], incident(world, title="Drugi")["incident_id"]
    ticket_id = opened(world, incident_id=one)
    update(world, one, "Rura wymieniona.", resolved=True)
    steps.change(world, ticket_id, incident_id=other)
    deliver(world)
    assert world.ticket(ticket_id)["status"] == "new"
    assert steps.kinds(world, ticket_id) == ["opened", "incident_linked"]


def test_an_update_can_say_when_it_will_end(world):
    incident_id = incident(world)["incident_id"]
    assert update(world, incident_id, ends_at="2026-11-22T04:00:00Z")[1]["code"] == "invalid_body"
    assert update(world, incident_id, ends_at="2026-11-23T12:00:00Z")[1]["ends_at"] == "2026-11-23T12:00:00Z"
