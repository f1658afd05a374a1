"""What somebody tried who wanted to see it break."""

from datetime import timedelta

import pytest

from shared import clock
from tests.unit.tickets import steps
from tests.unit.tickets.conftest import REPORT

INCIDENT = {"kind": "outage", "community_ids": ["com_1"], "title": "Winda stoi", "starts_at": "2026-11-22T06:00:00Z"}
ODD = [
    "0001-01-02T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "1999-01-01T00:00:00Z",
    0,
    "soon",
]


def try_report(world, **changes):
    return world.ask("POST", "/tickets", world.anna, body={**REPORT, **changes})


def days(count):
    return (clock.today("Europe/Warsaw") + timedelta(days=count)).isoformat()


@pytest.mark.parametrize("instant", ODD)
@pytest.mark.parametrize("field", ["starts_at", "ends_at"])
def test_an_incident_at_an_odd_time_is_refused(world, field, instant):
    status, body = world.ask("POST", "/incidents", world.sara, body={**INCIDENT, field: instant})
    assert (status, body["code"], body["errors"][0]["field"]) == (422, "invalid_body", field)


@pytest.mark.parametrize("instant", ODD)
def test_an_odd_deadline_is_refused(world, instant):
    ticket_id = world.report()["ticket_id"]
    assert steps.patch(world, ticket_id, due_at=instant)[0] == 422


@pytest.mark.parametrize("day", [days(-1), days(400), "9999-12-31", 0, "2026-11-22T10:00:00Z"])
def test_a_wished_day_on_which_nobody_can_come_is_refused(world, day):
    status, body = try_report(world, wished_times=[{"day": days(1)}, {"day": day}])
    assert (status, body["errors"][0]["field"]) == (422, "wished_times.1.day")


def test_today_and_a_day_next_year_can_be_wished(world):
    wished = [{"day": days(0)}, {"day": days(366)}]
    ticket = world.ticket(world.report(wished_times=wished)["ticket_id"])
    assert [each["day"] for each in ticket["wished_times"]] == [days(0), days(366)]


@pytest.mark.parametrize("emergency", ["yes", 1])
def test_only_true_is_an_emergency(world, emergency):
    assert try_report(world, emergency=emergency)[0] == 422


@pytest.mark.parametrize("typed", ["1", "000001", " 2026/1 ", "2026/000001"])
def test_a_number_is_found_as_people_type_it(world, typed):
    number = world.report()["number"]
    typed = typed.replace("2026", number[:4])
    found = world.ask("GET", "/tickets", world.sara, query={"number": typed})[1]["items"]
    assert [ticket["number"] for ticket in found] == [number]


def test_a_change_that_changes_nothing_leaves_the_version(world):
    ticket_id = world.report()["ticket_id"]
    for change in ({"status": None}, {"assignee_id": None}, {"emergency": False}, {"category": "kitchen_leak"}):
        assert steps.patch(world, ticket_id, **change)[1]["version"] == 1
    assert world.ticket(ticket_id)["version"] == 1


def test_the_manager_waits_for_the_reporter_not_for_who_lives_with_him(world):
    ticket_id = world.report()["ticket_id"]
    steps.patch(world, ticket_id, status="waiting_for_tenant")
    assert world.ticket(ticket_id, world.anna)["awaiting_you"]
    assert not world.ticket(ticket_id, world.olek)["awaiting_you"]


def test_a_ticket_that_leaves_a_resolved_incident_is_not_counted_any_more(world):
    tickets = [world.report()["ticket_id"] for _ in range(2)]
    incident = world.ask(
        "POST",
        "/incidents",
        world.sara,
        body={**INCIDENT, "starts_at": clock.stamp(clock.now()), "ticket_ids": tickets},
    )[1]
    path = {"incident_id": incident["incident_id"]}
    world.ask(
        "POST", "/incidents/{incident_id}/updates", world.sara, body={"text": "Jedzie.", "resolved": True}, **path
    )
    assert steps.patch(world, tickets[0], incident_id=None)[0] == 200
    assert world.ask("GET", "/incidents/{incident_id}", world.sara, **path)[1]["tickets"] == 1


def test_work_of_next_year_is_not_what_is_reported_today(world):
    for ahead in (2, 60):
        starts_at = clock.stamp(clock.now() + timedelta(days=ahead))
        body = {**INCIDENT, "kind": "planned_work", "title": str(ahead), "starts_at": starts_at}
        assert world.ask("POST", "/incidents", world.sara, body=body)[0] == 201
    query = {"contract_id": "ctr_1", "category": "kitchen_leak"}
    similar = world.ask("GET", "/tickets/similar", world.anna, query=query)[1]
    assert [each["title"] for each in similar["incidents"]] == ["2"]
