"""Who sees a ticket, and what of it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tickets import store
from tickets.app import app
from tickets.rules import visibility
from tickets.rules.statuses import OPEN, SHUT, inner_statuses, public_status

from shared.access import BOARD_MEMBER, TENANT, GrantItem
from shared.events.envelope import Metadata
from shared.tables import unit_of_work
from tests.support import api_event, sign_in
from tests.unit.tickets.conftest import ORG

SECRET = "kod do skrytki 4711"


def write(ticket_id, kind, text="", *, author=None, status=None, **values):
    """What staff's routes write, without them."""
    with unit_of_work("TICKETS_TABLE", Metadata(organisation_id=ORG)) as uow:
        ticket = store.find_ticket(ORG, ticket_id)
        for name in ("assignee_id", "merged_into", "outcome"):
            if name in values:
                setattr(ticket, name, values.pop(name))
        ticket.status = status or ticket.status
        store.stage_entry(uow, ticket, kind, author or store.Author("per_sara", "staff"), text, **values)
        store.stage_ticket(uow, ticket)


def test_who_sees_a_ticket(world):
    ticket_id = world.report()["ticket_id"]
    board = sign_in(ORG, "per_board", (BOARD_MEMBER, "community", "com_1"))
    newcomer = sign_in(ORG, "per_new", (TENANT, "contract", "ctr_9"))
    world.start_contract("ctr_9", "unt_1", ["per_new"])
    everybody = {
        "reporter": world.anna,
        "co-holder": world.olek,
        "staff": world.sara,
        "administrator": world.administrator,
        "neighbour": world.piotr,
        "staff of another organisation": world.foreign_staff,
        "board": board,
        "next tenant of the unit": newcomer,
    }
    assert {name for name, token in everybody.items() if world.sees(ticket_id, token)} == {
        "reporter", "co-holder", "staff", "administrator",
    }  # fmt: skip


def test_without_sharing_a_co_holder_sees_only_his_own(world):
    annas, oleks = world.report(), world.report(world.olek)
    world.set_settings(shared_in_household=False)
    assert not world.sees(annas["ticket_id"], world.olek)
    assert not world.sees(oleks["ticket_id"], world.anna)
    assert world.sees(oleks["ticket_id"], world.olek)
    assert [each["ticket_id"] for each in world.listed(world.olek)] == [oleks["ticket_id"]]


def test_who_has_left_sees_what_he_reported_and_nothing_else(world):
    annas, oleks = world.report(), world.report(world.olek)
    key = f"ORG#{ORG}#PERSON#per_olek"
    grant = GrantItem.get(key, next(item.sk for item in GrantItem.query(key, GrantItem.sk.startswith("GRANT#"))))
    grant.update([GrantItem.ends_on.set("2020-01-31")])
    assert not world.sees(annas["ticket_id"], world.olek)
    assert world.sees(oleks["ticket_id"], world.olek)
    assert [each["ticket_id"] for each in world.listed(world.olek)] == [oleks["ticket_id"]]
    status, body = world.ask(
        "POST",
        "/tickets",
        world.olek,
        body={"contract_id": "ctr_1", "type": "technical", "category": "noise", "subject": "x"},
    )
    assert (status, body["code"]) == (404, "not_found")


def test_who_has_moved_out_follows_nothing_more_though_his_grant_stands(world):
    """The grant on a contract outlasts the part in it, for debts and receipts."""
    annas, oleks = world.report(), world.report(world.olek)
    world.start_contract("ctr_1", "unt_1", ["per_anna"], former=["per_olek"])
    assert not world.sees(annas["ticket_id"], world.olek)
    assert world.sees(oleks["ticket_id"], world.olek)
    assert [each["ticket_id"] for each in world.listed(world.olek)] == [oleks["ticket_id"]]
    query = {"contract_id": "ctr_1", "category": "kitchen_leak"}
    similar = world.ask("GET", "/tickets/similar", world.olek, query=query)[1]
    assert [each["ticket_id"] for each in similar["tickets"]] == [oleks["ticket_id"]]
    assert len(world.listed(world.anna)) == 2


def test_nothing_of_the_house_reaches_a_resident(world):
    ticket_id = world.report()["ticket_id"]
    write(ticket_id, "status_changed", status="accepted", previous="new", now="accepted")
    write(ticket_id, "assigned", assignee_id="per_stefan", previous=None, now="per_stefan")
    write(ticket_id, "supplier_assigned", SECRET, now="per_supplier")
    write(ticket_id, "commented", SECRET, internal=True)
    write(ticket_id, "status_changed", status="waiting_for_supplier", previous="accepted", now="waiting_for_supplier")
    write(
        ticket_id,
        "status_changed",
        "Proszę o zdjęcie.",
        status="waiting_for_tenant",
        previous="waiting_for_supplier",
        now="waiting_for_tenant",
    )
    write(ticket_id, "escalated", SECRET, author=store.SYSTEM)
    for token, mine in ((world.anna, True), (world.olek, False)):
        seen = world.ticket(ticket_id, token)
        text = json.dumps([seen, world.listed(token)])
        for hidden in (SECRET, "per_", "accepted", "waiting_for", "telephone", "portal"):
            assert hidden not in text, hidden
        assert seen["status"] == "in_progress"
        assert seen["awaiting_you"] == mine
        assert (seen["wanted"], seen["question"]) == ("answer", "Proszę o zdjęcie.")
        assert [(entry["kind"], entry["now"]) for entry in seen["timeline"]] == [
            ("opened", "not_reviewed"), ("status_changed", "in_progress"), ("status_changed", None),
        ]  # fmt: skip
        assert seen["timeline"][0]["author"]["mine"] is mine
    for_staff = world.ticket(ticket_id)
    assert len(for_staff["timeline"]) == 8
    assert SECRET in json.dumps(for_staff)
    assert (for_staff["assignee_id"], for_staff["awaiting_you"]) == ("per_stefan", False)


def test_the_result_is_the_word_it_ended_with(world):
    ticket_id = world.report()["ticket_id"]
    write(
        ticket_id, "status_changed", "Wymieniono uszczelkę.", status="done", outcome="done", previous="new", now="done"
    )
    write(ticket_id, "status_changed", author=store.SYSTEM, status="closed", previous="done", now="closed")
    seen = world.ticket(ticket_id, world.anna)
    assert (seen["status"], seen["outcome"], seen["result"]) == ("reviewed", "done", "Wymieniono uszczelkę.")
    assert seen["abilities"]["rate"]
    assert seen["due_at"] is None
    assert not world.ticket(ticket_id, world.olek)["abilities"]["rate"]


def test_a_ticket_goes_on_in_another_only_for_who_sees_that(world):
    annas, oleks = world.report(), world.report(world.olek)
    write(annas["ticket_id"], "merged", status="closed", outcome="merged", merged_into=oleks["ticket_id"], now="closed")
    assert world.ticket(annas["ticket_id"], world.anna)["merged_into"] == oleks["ticket_id"]
    world.set_settings(shared_in_household=False)
    assert world.ticket(annas["ticket_id"], world.anna)["merged_into"] is None
    assert world.ticket(annas["ticket_id"])["merged_into"] == oleks["ticket_id"]


def test_whoever_follows_pays_nothing_until_something_changes(world):
    ticket_id = world.report(attachments=[world.put_checked()])["ticket_id"]

    def look(token, tag=None):
        headers = {"If-None-Match": tag} if tag else {}
        answer = app(
            api_event("GET", "/tickets/{ticket_id}", path={"ticket_id": ticket_id}, token=token, headers=headers), None
        )
        return answer["statusCode"], answer["headers"].get("ETag"), answer["body"]

    status, tag, body = look(world.anna)
    assert status == 200
    assert "X-Amz-Signature" in body
    assert look(world.anna, tag) == (304, tag, "")
    assert look(world.olek, tag)[0] == 200, "another reader's answer is another"
    write(ticket_id, "commented", "Przyjdziemy jutro.")
    status, newer, body = look(world.anna, tag)
    assert status == 200
    assert newer != tag
    assert "Przyjdziemy jutro." in body


def test_lists_are_of_ones_own_contracts_newest_first(world):
    made = [world.report(token, contract_id=contract)["ticket_id"] for token, contract in (
        (world.anna, "ctr_1"), (world.piotr, "ctr_2"), (world.olek, "ctr_1"), (world.anna, "ctr_1"))]  # fmt: skip
    assert [each["ticket_id"] for each in world.listed(world.anna)] == sorted([made[0], made[2], made[3]], reverse=True)
    assert [each["ticket_id"] for each in world.listed(world.piotr)] == [made[1]]
    assert world.listed(world.foreign_staff) == []


@pytest.mark.parametrize("query", [{"status": "waiting_for_tenant"}, {"status": "new"}, {"overdue": "true"}, {"assignee_id": "me"},
                                   {"community_id": "com_1"}, {"channel": "portal"}])  # fmt: skip
def test_a_resident_cannot_ask_for_what_only_staff_see(world, query):
    status, body = world.ask("GET", "/tickets", world.anna, query=query)
    assert (status, body["code"]) == (400, "invalid_query")


def test_public_statuses_filter_for_residents(world):
    first, second = world.report()["ticket_id"], world.report()["ticket_id"]
    write(second, "status_changed", status="waiting_for_supplier", previous="new", now="waiting_for_supplier")
    assert [each["ticket_id"] for each in world.listed(world.anna, status="in_progress")] == [second]
    assert [each["ticket_id"] for each in world.listed(world.anna, status="not_reviewed")] == [first]
    assert world.listed(world.anna, status="reviewed") == []
    assert world.listed(world.sara, status="in_progress") == []


class Entry:
    def __init__(self, kind, internal, text, previous, now):
        self.kind, self.internal, self.text, self.previous, self.now = kind, internal, text, previous, now


VALUES = st.sampled_from([None, *OPEN, *SHUT, "per_somebody", "tkt_other"])


@given(
    kind=st.sampled_from(["opened", "commented", "status_changed", "reopened", "withdrawn", "merged", "assigned", "supplier_assigned",
                          "due_changed", "incident_linked", "incident_updated", "escalated"]),
    internal=st.booleans(),
    text=st.sampled_from(["", "x"]),
    previous=VALUES,
    now=VALUES,
)  # fmt: skip
def test_no_entry_shows_inner_values_outside_the_staff(kind, internal, text, previous, now):
    entry = Entry(kind, internal, text, previous, now)
    assert visibility.shown_change(entry, staff=True) == visibility.Change(previous, now)
    shown = visibility.shown_change(entry, staff=False)
    if internal:
        assert shown is None
    elif shown:
        assert {shown.previous, shown.now} <= {None, "not_reviewed", "in_progress", "reviewed"}


def test_filters_mean_each_status_once():
    assert [*inner_statuses("open", staff=True), *inner_statuses("shut", staff=True)] == list(OPEN + SHUT)
    assert inner_statuses("all", staff=False) == OPEN + SHUT
    for status in OPEN + SHUT:
        assert inner_statuses(status, staff=True) == (status,)
        assert status in inner_statuses(public_status(status), staff=False)
