"""The table of transitions: written down here a second time by hand, and tried out over the API for every actor and every pair."""

import itertools

import pytest
from tickets.rules.statuses import public_status
from tickets.rules.transitions import TABLE, find_way, staff_statuses

from tests.unit.tickets import steps
from tests.unit.tickets.steps import OPEN, STATUSES

ACTORS = ("reporter", "staff", "system")
STEPS = ("change", "reopening", "withdrawal", "answer", "merger", "incident", "expiry")


def expected(status, to, actor, step):
    """What the house rules say, without the table: (allowed, need)."""
    is_open, ends = status in OPEN, {"done": "result", "declined": "reason", "closed": "reason"}
    rules = {
        ("staff", "change"): (to not in (status, "new"), ends.get(to)) if is_open else (to == "in_progress", "reason"),
        ("staff", "reopening"): (not is_open and to == "in_progress", "reason"),
        ("reporter", "reopening"): (not is_open and to == "new", "reason"),
        ("reporter", "withdrawal"): (is_open and to == "closed", None),
        ("staff", "merger"): (is_open and to == "closed", None),
        ("reporter", "answer"): ((status, to) == ("waiting_for_tenant", "in_progress"), None),
        ("system", "incident"): (is_open and to == "done", "result"),
        ("system", "expiry"): ((status, to) == ("done", "closed"), None),
    }
    return rules.get((actor, step), (False, None))


@pytest.mark.parametrize(("status", "to"), list(itertools.product(STATUSES, STATUSES)))
def test_the_table_says_what_the_house_rules_say(status, to):
    for actor, step in itertools.product(ACTORS, STEPS):
        allowed, need = expected(status, to, actor, step)
        way = find_way(status, to, actor, step)
        assert (way is not None) == allowed, (actor, step)
        assert way is None or way.needs == need, (actor, step)


def test_the_table_knows_no_way_twice_and_no_other_status():
    assert {status for pair in TABLE for status in pair} == set(STATUSES)
    for ways in TABLE.values():
        assert len({(way.actor, way.step) for way in ways}) == len(ways)


@pytest.mark.parametrize("status", STATUSES)
def test_staff_change_to_every_status_as_the_table_says(world, status):
    for to in STATUSES:
        ticket_id = world.report()["ticket_id"]
        steps.bring(world, ticket_id, status)
        before = world.ticket(ticket_id)
        assert before["abilities"]["statuses"] == staff_statuses(status)
        allowed, need = expected(status, to, "staff", "change")
        if allowed and need:
            code, body = steps.patch(world, ticket_id, status=to)
            assert (code, body["code"]) == (422, f"{need}_needed")
        code, body = steps.patch(world, ticket_id, status=to, text="Bo tak.")
        after = world.ticket(ticket_id)
        if allowed:
            assert (code, body["status"], after["status"]) == (200, to, to)
            assert body["version"] == after["version"] == before["version"] + 1
            last = after["timeline"][-1]
            assert (last["kind"], last["previous"], last["now"], last["text"]) == (
                "status_changed",
                status,
                to,
                "Bo tak.",
            )
            said = world.events("TicketStatusChanged")[-1]
            assert (said["previous"], said["status"], said["public"]) == (status, to, public_status(to))
            assert (said["ticket_id"], said["reporter_id"]) == (ticket_id, "per_anna")
        else:
            assert (code, body["code"]) == (409, "transition_refused")
            assert after == before


@pytest.mark.parametrize("status", STATUSES)
def test_nobody_but_staff_changes_a_status(world, status):
    ticket_id = world.report()["ticket_id"]
    steps.bring(world, ticket_id, status)
    before = world.ticket(ticket_id)
    for to in STATUSES:
        for token in (world.anna, world.olek, world.piotr):
            assert steps.patch(world, ticket_id, token, status=to, text="x")[0] == 403
        assert steps.patch(world, ticket_id, world.foreign_staff, status=to, text="x")[0] == 404
    assert world.ticket(ticket_id) == before


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(
    ("who", "actor"),
    [("anna", "reporter"), ("olek", None), ("piotr", "stranger"), ("sara", "staff"), ("foreign_staff", "stranger")],
)
def test_the_other_steps_lead_where_the_table_says(world, status, who, actor):
    token = getattr(world, who)
    for step, act in (("reopening", steps.reopen), ("withdrawal", steps.withdraw), ("answer", steps.comment)):
        ticket_id = world.report()["ticket_id"]
        steps.bring(world, ticket_id, status)
        before = world.ticket(ticket_id)
        targets = [to for to in STATUSES if actor in ACTORS and expected(status, to, actor, step)[0]]
        code, body = act(world, ticket_id, token)
        after = world.ticket(ticket_id)
        if actor == "stranger":
            assert (code, body["code"], after) == (404, "not_found", before)
        elif targets:
            assert (code, [after["status"]]) == (201, targets)
            assert body["status"] == (targets[0] if actor == "staff" else public_status(targets[0]))
        elif step == "answer":  # writing is allowed beside the table, as long as the ticket is open
            assert after["status"] == status
            assert code == (201 if status in OPEN or actor == "staff" else 409)
        else:
            assert (code, body["code"], after) == (409, "transition_refused", before)


@pytest.mark.parametrize("status", ["new", "waiting_for_tenant", "done"])
def test_abilities_are_what_the_routes_allow(world, status):
    for who in ("anna", "olek", "sara"):
        token = getattr(world, who)
        for name, act in (
            ("reopen", steps.reopen),
            ("withdraw", steps.withdraw),
            ("comment", steps.comment),
            ("rate", steps.rate),
        ):
            ticket_id = world.report()["ticket_id"]
            steps.bring(world, ticket_id, status)
            able = world.ticket(ticket_id, token)["abilities"][name]
            code, body = act(world, ticket_id, token)
            assert (code == 201) == able, (who, name, body)


@pytest.mark.parametrize("status", OPEN)
def test_how_a_ticket_ends_is_its_outcome(world, status):
    for end, outcome in (("done", "done"), ("declined", "declined"), ("closed", "closed")):
        ticket_id = world.report()["ticket_id"]
        steps.bring(world, ticket_id, status)
        steps.change(world, ticket_id, status=end, text="Uszczelka wymieniona.")
        ticket = world.ticket(ticket_id, world.anna)
        assert (ticket["status"], ticket["outcome"], ticket["result"]) == ("reviewed", outcome, "Uszczelka wymieniona.")
        assert (ticket["due_at"], ticket["overdue"]) == (None, False)
    ticket_id = world.report()["ticket_id"]
    steps.bring(world, ticket_id, status)
    assert steps.withdraw(world, ticket_id, world.anna)[0] == 201
    assert world.ticket(ticket_id, world.anna)["outcome"] == "withdrawn"
