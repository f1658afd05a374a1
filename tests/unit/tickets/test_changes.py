"""What staff change: fields, deadlines, assignees; many at once; duplicates."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.access import STAFF, SUPPLIER, TENANT, GrantItem
from tests.support import profile, put_organisation, sign_in
from tests.unit.tickets import steps
from tests.unit.tickets.conftest import ORG

MONDAY = "2026-11-23T09:00:00Z"  # 10:00 in Warsaw


def opened(world, **changes):
    return world.report(**changes)["ticket_id"]


def time(text):
    return datetime.fromisoformat(text)


def test_a_ticket_is_assigned_to_a_member_of_staff_and_taken_away_again(world):
    ticket_id = opened(world)
    assert steps.change(world, ticket_id, assignee_id="per_stefan")["assignee_id"] == "per_stefan"
    entry = world.ticket(ticket_id)["timeline"][-1]
    assert (entry["kind"], entry["previous"], entry["now"]) == ("assigned", None, "per_stefan")
    assert entry["author"] == {"role": "staff", "mine": True, "person_id": "per_sara"}
    assert [item["ticket_id"] for item in world.listed(world.stefan, assignee_id="me")] == [ticket_id]
    assert steps.change(world, ticket_id, assignee_id=None)["assignee_id"] is None
    assert world.events("TicketAssigned") == [
        {"ticket_id": ticket_id, "assignee_id": "per_stefan"},
        {"ticket_id": ticket_id, "assignee_id": None},
    ]


@pytest.mark.parametrize("person", ["per_anna", "per_nobody", "per_foreign", "per_left", "per_supplier"])
def test_only_staff_of_today_are_assigned(world, person):
    sign_in(ORG, "per_supplier", (SUPPLIER, "organisation", ORG))
    GrantItem(
        pk=f"ORG#{ORG}#PERSON#per_left",
        sk=f"GRANT#{STAFF}#organisation#{ORG}#test",
        role=STAFF,
        scope="organisation",
        scope_id=ORG,
        ends_on="2020-01-31",
    ).save()
    ticket_id = opened(world)
    before = world.ticket(ticket_id)
    code, body = steps.patch(world, ticket_id, assignee_id=person, status="accepted")
    assert (code, body["code"]) == (422, "unknown_assignee")
    assert world.ticket(ticket_id) == before


def test_a_change_upon_an_older_version_is_refused(world):
    ticket_id = opened(world)
    assert steps.change(world, ticket_id, status="accepted", version=1)["version"] == 2
    code, body = steps.patch(world, ticket_id, status="in_progress", version=1)
    assert (code, body["code"]) == (409, "conflict")
    assert world.ticket(ticket_id)["status"] == "accepted"
    assert steps.patch(world, ticket_id, status="in_progress", version=2)[0] == 200


def test_only_what_is_sent_changes_and_nothing_sent_is_no_change(world):
    ticket_id = opened(world)
    steps.change(world, ticket_id, assignee_id="per_stefan", supplier_id="per_supplier")
    after = steps.change(world, ticket_id, status="accepted")
    assert (after["assignee_id"], after["supplier_id"]) == ("per_stefan", "per_supplier")
    assert world.events("TicketSupplierAssigned") == [{"ticket_id": ticket_id, "supplier_id": "per_supplier"}]
    before = world.ticket(ticket_id)
    assert steps.change(world, ticket_id)["version"] == before["version"]
    steps.change(world, ticket_id, assignee_id="per_stefan")
    assert len(world.ticket(ticket_id)["timeline"]) == len(before["timeline"])


def test_a_refused_field_refuses_the_whole_change(world):
    ticket_id = opened(world)
    before = world.ticket(ticket_id)
    assert steps.patch(world, ticket_id, status="accepted", category="no_such_thing")[1]["code"] == "unknown_category"
    assert world.ticket(ticket_id) == before
    assert world.events("TicketStatusChanged") == []


def test_a_word_without_a_status_is_a_comment(world):
    ticket_id = opened(world)
    steps.change(world, ticket_id, text="Przyjdziemy jutro.", assignee_id="per_sara")
    last = world.ticket(ticket_id, world.anna)["timeline"][-1]
    assert (last["kind"], last["text"], last["author"]["role"]) == ("commented", "Przyjdziemy jutro.", "staff")
    assert len(world.events("TicketCommented")) == 1


def test_category_and_type_fit_each_other(world):
    ticket_id = opened(world)
    assert steps.patch(world, ticket_id, type="financial")[1]["code"] == "unknown_category"
    _, settings = world.ask("GET", "/ticket-settings", world.sara)
    financial = next(place for place in settings["categories"] if place["types"] == ["financial"])
    while financial["children"]:
        financial = financial["children"][0]
    after = steps.change(world, ticket_id, type="financial", category=financial["code"])
    assert (after["type"], after["category"]) == ("financial", financial["code"])
    assert steps.kinds(world, ticket_id)[1:3] == ["category_changed", "type_changed"]


def test_an_emergency_has_the_emergencys_deadline_from_now_on(world):
    with steps.travel(world, MONDAY):
        ticket_id = opened(world)
    with steps.travel(world, "2026-11-24T09:00:00Z"):
        after = steps.change(world, ticket_id, emergency=True)
        _, settings = world.ask("GET", "/ticket-settings", world.sara)
    assert settings["emergency_deadline"]["unit"] == "hours"
    wait = timedelta(hours=settings["emergency_deadline"]["amount"])
    assert time(after["due_at"]) == datetime(2026, 11, 24, 9, tzinfo=UTC) + wait
    assert steps.kinds(world, ticket_id) == ["opened", "emergency_changed", "due_changed"]
    assert steps.kinds(world, ticket_id, world.anna) == ["opened", "emergency_changed"]


def test_staff_set_and_take_away_a_deadline(world):
    ticket_id = opened(world)
    due = "2026-12-01T12:00:00+01:00"
    assert time(steps.change(world, ticket_id, due_at=due)["due_at"]) == time(due)
    assert steps.change(world, ticket_id, due_at=None)["due_at"] is None
    assert [item["ticket_id"] for item in world.listed(world.sara)] == [ticket_id]


@pytest.mark.parametrize("due", ["2026-12-01T12:00:00", "2226-12-01T12:00:00Z", "1026-12-01T12:00:00Z"])
def test_a_deadline_without_zone_or_out_of_this_world_is_refused(world, due):
    ticket_id = opened(world)
    code, body = steps.patch(world, ticket_id, due_at=due)
    assert (code, body["code"], body["errors"][0]["field"]) == (422, "invalid_body", "due_at")


def test_a_deadline_of_what_has_ended_is_refused(world):
    ticket_id = opened(world)
    code, body = steps.patch(world, ticket_id, status="done", text="Tak.", due_at="2026-12-01T12:00:00Z")
    assert (code, body["code"]) == (409, "transition_refused")


def test_the_clock_stops_while_the_tenant_is_waited_for_and_goes_on_with_what_was_left(world):
    put_organisation(profile(ORG))
    with steps.travel(world, MONDAY) as now:
        ticket_id = opened(world)
        world.set_settings(default_deadline={"amount": 8, "unit": "working_hours"})
        steps.change(world, ticket_id, due_at="2026-11-23T15:00:00Z")
        now.move_to("2026-11-23T13:00:00Z")
        assert steps.change(world, ticket_id, status="waiting_for_tenant", text="Kiedy?")["due_at"] is None
        assert world.ticket(ticket_id, world.anna)["awaiting_you"]
        now.move_to("2026-11-30T12:00:00Z")
        assert not world.ticket(ticket_id)["overdue"]
        assert steps.comment(world, ticket_id, world.anna)[0] == 201
        ticket = world.ticket(ticket_id)
    assert (ticket["status"], ticket["awaiting_you"]) == ("in_progress", False)
    # Two working hours were left (14:00 to 16:00 in Warsaw); they run on from Monday, 13:00 there.
    assert time(ticket["due_at"]) == datetime(2026, 11, 30, 14, tzinfo=UTC)


def test_a_deadline_set_while_the_tenant_is_waited_for_runs_when_he_has_answered(world):
    with steps.travel(world, MONDAY) as now:
        ticket_id = opened(world)
        steps.change(world, ticket_id, status="waiting_for_tenant")
        assert steps.change(world, ticket_id, due_at="2026-11-23T11:00:00Z")["due_at"] is None
        now.move_to("2026-11-24T09:00:00Z")
        steps.comment(world, ticket_id, world.anna)
        assert time(world.ticket(ticket_id)["due_at"]) == datetime(2026, 11, 24, 11, tzinfo=UTC)


# ------------------------------------------------------------------ asked for something
@pytest.mark.parametrize("wanted", [None, "answer", "document", "photo"])
def test_what_is_asked_for_stands_until_the_reporter_writes(world, wanted):
    ticket_id = opened(world)
    question, ask = "Proszę o skan umowy.", {} if wanted is None else {"wanted": wanted}
    asked = wanted or "answer"
    assert steps.change(world, ticket_id, status="waiting_for_tenant", text=question, **ask)["wanted"] == asked
    said = world.events("TicketStatusChanged")[-1]
    assert (said["wanted"], said["number"]) == (asked, world.ticket(ticket_id)["number"])
    for reader in (world.sara, world.anna, world.olek):
        ticket = world.ticket(ticket_id, reader)
        assert (ticket["wanted"], ticket["question"]) == (asked, question)
        assert [each["wanted"] for each in world.listed(reader)] == [asked]
    steps.comment(world, ticket_id, world.olek)
    assert world.ticket(ticket_id)["wanted"] == asked, "a co-holder's word is not the answer"
    steps.comment(world, ticket_id, world.anna)
    ticket = world.ticket(ticket_id, world.anna)
    assert (ticket["wanted"], ticket["question"]) == (None, "")
    assert world.events("TicketStatusChanged")[-1]["wanted"] is None


def test_asking_again_is_another_question(world):
    ticket_id = opened(world)
    for wanted, question in (("document", "Jaką umowę?"), ("photo", "Proszę o zdjęcie licznika.")):
        steps.change(world, ticket_id, status="waiting_for_tenant", text=question, wanted=wanted)
        ticket = world.ticket(ticket_id, world.anna)
        assert (ticket["wanted"], ticket["question"]) == (wanted, question)
        steps.change(world, ticket_id, status="in_progress")
        assert world.ticket(ticket_id)["wanted"] is None
    told = [event["wanted"] for event in world.events("TicketStatusChanged")]
    assert told == ["document", None, "photo", None]


@pytest.mark.parametrize("wanted", ["document", "photo"])
def test_a_document_or_a_photo_is_asked_for_in_words(world, wanted):
    ticket_id = opened(world)
    code, body = steps.patch(world, ticket_id, status="waiting_for_tenant", wanted=wanted, text="  ")
    assert (code, body["code"], body["errors"][0]["field"]) == (422, "question_needed", "text")
    assert steps.change(world, ticket_id, status="waiting_for_tenant", wanted="answer")["wanted"] == "answer"


@pytest.mark.parametrize("change", [{}, {"text": "Proszę o skan."}, {"status": "done", "text": "Gotowe."}])
def test_nothing_is_asked_for_but_by_the_step_that_waits(world, change):
    ticket_id = opened(world)
    code, body = steps.patch(world, ticket_id, wanted="document", **change)
    assert (code, body["code"], body["errors"][0]["field"]) == (422, "nothing_asked", "wanted")
    assert steps.kinds(world, ticket_id) == ["opened"]


# ------------------------------------------------------------------ many at once
def bulk(world, ticket_ids, key="bulk-key-0001", **change):
    body = {"ticket_ids": ticket_ids, "change": change}
    return world.ask("POST", "/tickets/changes", world.sara, body=body, key=key)


def test_twenty_tickets_change_at_once_and_each_that_does_not_allow_it_stays(world):
    tickets = [opened(world, subject=f"Nr {number}") for number in range(18)]
    steps.bring(world, tickets[0], "done")
    given = [*tickets, "tkt_unknown", world.report(world.piotr, contract_id="ctr_2")["ticket_id"]]
    code, body = bulk(world, given, status="done", text="Zrobione.", assignee_id="per_stefan")
    assert code == 201
    codes = {item["ticket_id"]: item["code"] for item in body["items"]}
    assert list(codes) == given
    assert (codes[tickets[0]], codes["tkt_unknown"]) == ("transition_refused", "not_found")
    assert [code for one, code in codes.items() if one not in (tickets[0], "tkt_unknown")] == [None] * 18
    assert world.ticket(tickets[0])["assignee_id"] is None
    assert world.ticket(tickets[5])["result"] == "Zrobione."
    changed = [
        event["ticket_id"] for event in world.events("TicketStatusChanged") if event["assignee_id"] == "per_stefan"
    ]
    assert len(changed) == len(set(changed)) == 18


def test_many_are_asked_for_the_same_at_once_and_told_each(world):
    tickets = [opened(world) for _ in range(2)]
    _code, body = bulk(world, tickets, status="waiting_for_tenant", wanted="photo")
    assert [item["code"] for item in body["items"]] == ["question_needed"] * 2
    bulk(
        world, tickets, "bulk-key-0002", status="waiting_for_tenant", wanted="photo", text="Proszę o zdjęcie licznika."
    )
    assert [world.ticket(one, world.anna)["wanted"] for one in tickets] == ["photo"] * 2
    said = [(event["ticket_id"], event["wanted"]) for event in world.events("TicketStatusChanged")]
    assert said == [(one, "photo") for one in tickets]


def test_a_repeated_bulk_change_changes_nothing_twice(world):
    tickets = [opened(world), opened(world, subject="Inne")]
    first = bulk(world, tickets, status="accepted", text="Przyjęte.")
    assert bulk(world, tickets, status="accepted", text="Przyjęte.") == first
    for ticket_id in tickets:
        assert steps.kinds(world, ticket_id) == ["opened", "status_changed"]


def test_a_bulk_change_that_was_cut_short_is_finished_by_its_repetition(world, monkeypatch):
    from tickets import service_changes

    tickets = [opened(world, subject=f"Nr {number}") for number in range(3)]
    change_ticket, calls = service_changes.change_ticket, []

    def fail_at_the_third(*given):
        calls.append(given)
        if len(calls) == 3:
            raise RuntimeError("cut")
        return change_ticket(*given)

    monkeypatch.setattr(service_changes, "change_ticket", fail_at_the_third)
    assert bulk(world, tickets, status="accepted")[0] == 500
    assert [world.ticket(one)["status"] for one in tickets] == ["accepted", "accepted", "new"]
    code, body = bulk(world, tickets, status="accepted")
    assert (code, [item["code"] for item in body["items"]]) == (201, [None] * 3)
    assert [world.ticket(one)["version"] for one in tickets] == [2, 2, 2]
    assert len(world.events("TicketStatusChanged")) == 3


def test_more_than_twenty_are_refused(world):
    assert bulk(world, [f"tkt_{number}" for number in range(21)], status="accepted")[0] == 422


# ------------------------------------------------------------------ duplicates
def test_a_duplicate_ends_in_favour_of_the_other_and_both_say_so(world):
    one, other = opened(world), opened(world, subject="Znowu woda")
    code, body = steps.merge(world, other, one)
    assert (code, body["status"], body["outcome"], body["version"]) == (201, "closed", "merged", 2)
    duplicate, kept = world.ticket(other, world.anna), world.ticket(one)
    assert (duplicate["status"], duplicate["merged_into"]) == ("reviewed", one)
    assert [entry["kind"] for entry in duplicate["timeline"]] == ["opened", "merged"]
    assert (kept["status"], kept["timeline"][-1]["kind"], kept["timeline"][-1]["previous"]) == ("new", "merged", other)
    assert duplicate["abilities"] == {
        "statuses": [],
        "comment": False,
        "reopen": False,
        "rate": False,
        "withdraw": False,
    }
    assert steps.reopen(world, other, world.anna)[1]["code"] == "transition_refused"
    assert steps.rate(world, other, world.anna)[1]["code"] == "transition_refused"
    assert steps.change(world, other, status="in_progress", text="Jednak nie.")["outcome"] is None
    assert world.ticket(other)["merged_into"] is None


def test_what_does_not_belong_together_is_not_merged(world):
    sign_in(ORG, "per_anna", (TENANT, "contract", "ctr_1"))
    one, olek = opened(world), world.report(world.olek)["ticket_id"]
    foreign = world.report(world.piotr, contract_id="ctr_2")["ticket_id"]
    ended = opened(world)
    steps.bring(world, ended, "declined")
    assert steps.merge(world, one, one)[1]["code"] == "merge_refused"
    assert steps.merge(world, one, foreign)[1]["code"] == "merge_refused"
    assert steps.merge(world, one, ended)[1]["code"] == "merge_refused"
    assert steps.merge(world, ended, one)[1]["code"] == "transition_refused"
    assert steps.merge(world, one, "tkt_unknown")[0] == 404
    assert steps.merge(world, one, foreign, world.foreign_staff)[0] == 404
    assert steps.merge(world, one, olek, world.anna)[0] == 403
    world.set_settings(shared_in_household=False)
    # Anna could not read the ticket that went on in place of hers.
    assert steps.merge(world, one, olek)[1]["code"] == "merge_refused"
    assert world.ticket(one)["status"] == "new"
    world.set_settings(shared_in_household=True)
    assert steps.merge(world, one, olek)[0] == 201
