"""The clock: every deadline said once, tickets that are done closed in time; safe twice, after an outage, for many organisations."""

from datetime import UTC, datetime, timedelta

import pytest
from tickets import service_escalation, store
from tickets.app import run_escalations

from shared.access import ADMINISTRATOR, STAFF, TENANT
from shared.rounds import RoundFailedError
from tests.support import profile, put_organisation, sign_in
from tests.unit.tickets import steps

START = datetime(2026, 11, 23, 9, tzinfo=UTC)


def opened(world, **changes):
    return world.report(**changes)["ticket_id"]


def due_in(hours):
    return (START + timedelta(hours=hours)).isoformat()


def run():
    counts = run_escalations(None, None)
    return {name: number for name, number in counts.items() if number}


def test_a_deadline_is_said_once_and_again_after_it_was_moved(world):
    with steps.travel(world, START) as now:
        ticket_id = opened(world)
        steps.change(world, ticket_id, due_at=due_in(2), assignee_id="per_stefan")
        now.move_to(START + timedelta(hours=1, minutes=59))
        assert run() == {}
        now.move_to(START + timedelta(hours=2))
        assert [run(), run()] == [{"escalated": 1}, {}]
        ticket = world.ticket(ticket_id)
        assert datetime.fromisoformat(ticket["escalated_at"]) == START + timedelta(hours=2)
        now.move_to(START + timedelta(hours=3))
        assert world.ticket(ticket_id)["overdue"]
        steps.change(world, ticket_id, due_at=due_in(5))
        assert run() == {}
        now.move_to(START + timedelta(hours=6))
        assert [run(), run()] == [{"escalated": 1}, {}]
    said = world.events("TicketOverdue")
    assert [datetime.fromisoformat(event["due_at"]) for event in said] == [START + timedelta(hours=h) for h in (2, 5)]
    assert {(event["ticket_id"], event["assignee_id"]) for event in said} == {(ticket_id, "per_stefan")}
    assert steps.kinds(world, ticket_id).count("escalated") == 2
    assert "escalated" not in steps.kinds(world, ticket_id, world.anna)
    assert world.ticket(ticket_id, world.anna)["escalated_at"] is None


@pytest.mark.parametrize("status", ["done", "declined", "closed", "waiting_for_tenant"])
def test_what_has_ended_or_waits_for_its_tenant_is_not_overdue(world, status):
    with steps.travel(world, START) as now:
        ticket_id = opened(world)
        steps.change(world, ticket_id, due_at=due_in(2))
        steps.bring(world, ticket_id, status)
        now.move_to(START + timedelta(days=3))
        assert run() == {}
    assert world.events("TicketOverdue") == []


def test_what_was_overdue_before_it_waited_is_not_said_a_second_time(world):
    with steps.travel(world, START) as now:
        ticket_id = opened(world)
        steps.change(world, ticket_id, due_at=due_in(1))
        now.move_to(START + timedelta(hours=2))
        assert run() == {"escalated": 1}
        steps.change(world, ticket_id, status="waiting_for_tenant")
        steps.comment(world, ticket_id, world.anna)
        now.move_to(START + timedelta(hours=3))
        assert world.ticket(ticket_id)["overdue"]
        assert run() == {}


def test_what_became_overdue_unsaid_before_it_waited_is_said_when_it_goes_on(world):
    with steps.travel(world, START) as now:
        ticket_id = opened(world)
        steps.change(world, ticket_id, due_at=due_in(1))
        now.move_to(START + timedelta(hours=2))
        steps.change(world, ticket_id, status="waiting_for_tenant")
        steps.comment(world, ticket_id, world.anna)
        now.move_to(START + timedelta(hours=3))
        assert [run(), run()] == [{"escalated": 1}, {}]


def test_a_deadline_that_was_moved_is_said_although_the_one_before_was(world):
    with steps.travel(world, START) as now:
        ticket_id = opened(world)
        steps.change(world, ticket_id, due_at=due_in(1))
        now.move_to(START + timedelta(hours=2))
        assert run() == {"escalated": 1}
        steps.change(world, ticket_id, due_at=due_in(3))
        now.move_to(START + timedelta(hours=4))
        steps.change(world, ticket_id, status="waiting_for_tenant")
        steps.comment(world, ticket_id, world.anna)
        assert [run(), run()] == [{"escalated": 1}, {}]


def test_what_is_done_closes_by_itself_and_keeps_how_it_ended(world):
    with steps.travel(world, START) as now:
        world.set_settings(close_after_days=10)
        ticket_id, reopened = opened(world), opened(world, subject="Inne")
        for each in (ticket_id, reopened):
            steps.bring(world, each, "done")
        steps.rate(world, ticket_id, world.anna, 5)
        now.move_to(START + timedelta(days=9))
        assert run() == {}
        steps.reopen(world, reopened, world.anna)
        steps.change(world, reopened, due_at=None)
        now.move_to(START + timedelta(days=10))
        assert [run(), run()] == [{"closed": 1}, {}]
        ticket = world.ticket(ticket_id)
        assert world.ticket(reopened)["status"] == "new"
    assert (ticket["status"], ticket["outcome"], ticket["stars"], ticket["result"]) == (
        "closed", "done", 5, "Słowo zarządcy.",
    )  # fmt: skip
    assert ticket["timeline"][-1]["author"]["role"] == "system"
    said = [event for event in world.events("TicketStatusChanged") if event["ticket_id"] == ticket_id]
    assert (said[-1]["previous"], said[-1]["status"], said[-1]["public"]) == ("done", "closed", "reviewed")


def test_an_outage_of_days_is_caught_up_over_all_organisations(world):
    tickets = {}
    with steps.travel(world, START) as now:
        for number in range(4):
            org = f"org_{number}"
            put_organisation(profile(org))
            world.start_contract("ctr_x", "unt_x", ["per_x"], organisation_id=org)
            person = sign_in(org, "per_x", (TENANT, "contract", "ctr_x"))
            staff = sign_in(org, "per_s", (STAFF, "organisation", org), (ADMINISTRATOR, "organisation", org))
            for of in range(12):
                ticket_id = opened(world, token=person, contract_id="ctr_x", subject=f"{of}")
                tickets[ticket_id] = org
                if of % 3 == 0:
                    assert steps.patch(world, ticket_id, staff, status="done", text="x")[0] == 200
        now.move_to(START + timedelta(days=60))
        assert run() == {"escalated": 32, "closed": 16}
        assert run() == {}
    overdue = [event["ticket_id"] for event in world.events("TicketOverdue")]
    assert len(overdue) == len(set(overdue)) == 32
    for ticket_id, org in tickets.items():
        assert store.find_ticket(org, ticket_id).clock_key is None
    assert [
        due for shard in range(store.SHARDS) for due in store.due_until(shard, START + timedelta(days=999), 9)
    ] == []


def test_more_than_a_page_in_one_shard_and_a_run_that_is_cut_are_caught_up(world, monkeypatch):
    monkeypatch.setattr(service_escalation, "PAGE", 2)
    monkeypatch.setattr(service_escalation, "MOST", 7)
    monkeypatch.setattr(store, "SHARDS", 1)
    with steps.travel(world, START) as now:
        for number in range(17):
            opened(world, subject=f"Nr {number}")
        now.move_to(START + timedelta(days=30))
        assert [run() for _ in range(4)] == [{"escalated": 7}, {"escalated": 7}, {"escalated": 3}, {}]


def test_one_ticket_that_fails_keeps_nobody_waiting_and_is_told(world, monkeypatch):
    monkeypatch.setattr(service_escalation, "PAGE", 2)
    monkeypatch.setattr(store, "SHARDS", 1)
    with steps.travel(world, START) as now:
        tickets = [opened(world, subject=f"Nr {number}") for number in range(7)]
        find_ticket = store.find_ticket

        def fail_for_some(organisation_id, ticket_id):
            if ticket_id in tickets[:3]:
                raise RuntimeError("broken")
            return find_ticket(organisation_id, ticket_id)

        now.move_to(START + timedelta(days=30))
        monkeypatch.setattr(store, "find_ticket", fail_for_some)
        with pytest.raises(RoundFailedError):
            run_escalations(None, None)
        monkeypatch.setattr(store, "find_ticket", find_ticket)
        assert sorted(event["ticket_id"] for event in world.events("TicketOverdue")) == sorted(tickets[3:])
        assert run() == {"escalated": 3}


def test_a_pointer_that_its_ticket_no_longer_means_is_taken_away(world):
    with steps.travel(world, START) as now:
        ticket_id = opened(world)
        key = f"2026-11-23T10:00:00.000000Z#org_test#{ticket_id}#due"
        store.DueItem(pk=store.due_pk(ticket_id), sk=key).save()
        store.DueItem(pk=store.due_pk("tkt_gone"), sk=key.replace(ticket_id, "tkt_gone")).save()
        now.move_to(START + timedelta(hours=2))
        assert [run(), run()] == [{"stale": 2}, {}]
    assert steps.kinds(world, ticket_id) == ["opened"]
    assert store.find_ticket("org_test", ticket_id).clock_key is not None


def test_staff_who_change_a_ticket_in_the_same_moment_do_not_hide_its_escalation(world, monkeypatch):
    with steps.travel(world, START) as now:
        ticket_id = opened(world)
        steps.change(world, ticket_id, due_at=due_in(1))
        now.move_to(START + timedelta(hours=2))
        stage_entry, interrupted = store.stage_entry, []

        def interrupt(uow, ticket, kind, *given, **more):
            if kind == "escalated" and not interrupted:
                interrupted.append(ticket.ticket_id)
                steps.change(world, ticket_id, assignee_id="per_stefan")
            return stage_entry(uow, ticket, kind, *given, **more)

        monkeypatch.setattr(store, "stage_entry", interrupt)
        assert [run(), run()] == [{"escalated": 1}, {}]
        ticket = world.ticket(ticket_id)
    assert (interrupted, ticket["assignee_id"]) == ([ticket_id], "per_stefan")
    assert [event["assignee_id"] for event in world.events("TicketOverdue")] == ["per_stefan"]
