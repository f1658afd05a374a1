"""What people say to a ticket: comments, reopening, rating, taking back; and floods."""

from tickets import service_attachments

from tests.unit.tickets import steps


def opened(world, **changes):
    return world.report(**changes)["ticket_id"]


def test_a_comment_is_read_by_both_sides(world):
    ticket_id = opened(world)
    code, body = steps.comment(world, ticket_id, world.anna, "Kapie coraz mocniej.")
    assert (code, body["status"]) == (201, "not_reviewed")
    code, body = steps.comment(world, ticket_id, world.sara, "Jedziemy.")
    assert (code, body["status"]) == (201, "new")
    said = [(entry["author"]["role"], entry["text"]) for entry in world.ticket(ticket_id, world.olek)["timeline"][1:]]
    assert said == [("reporter", "Kapie coraz mocniej."), ("staff", "Jedziemy.")]
    events = world.events("TicketCommented")
    assert [event["internal"] for event in events] == [False, False]
    assert events[1]["entry_id"] == body["entry_id"]


def test_a_comment_with_files_keeps_them_and_says_them(world):
    ticket_id = opened(world)
    key = world.put_checked()
    code, _ = steps.comment(world, ticket_id, world.anna, "", attachments=[key])
    assert code == 201
    (attachment,) = world.ticket(ticket_id, world.anna)["timeline"][-1]["attachments"]
    assert attachment["name"] == "wyciek.jpg"
    folder = "checked/org/org_test/ticket/per_anna/upl_1"
    assert world.events("TicketCommented")[0]["attachments"] == [f"{folder}/file", f"{folder}/thumbnail.jpg"]
    assert steps.comment(world, ticket_id, world.olek, "", attachments=[key])[1]["code"] == "unknown_upload"


def test_a_ticket_holds_so_many_files_and_no_more(world, monkeypatch):
    monkeypatch.setattr(service_attachments, "MAX_FILES", 2)
    ticket_id = opened(world, attachments=[world.put_checked()])
    second, third = world.put_checked("upl_2"), world.put_checked("upl_3")
    code, body = steps.comment(world, ticket_id, world.anna, attachments=[second, third])
    assert (code, body["code"]) == (422, "too_many_attachments")
    assert body["errors"] == [{"field": "attachments", "code": "too_long", "params": {"max_length": 2}}]
    assert steps.comment(world, ticket_id, world.anna, attachments=[second, second])[0] == 201
    assert steps.comment(world, ticket_id, world.anna, attachments=[third])[1]["code"] == "too_many_attachments"


def test_an_empty_comment_and_an_internal_one_of_a_tenant_are_refused(world):
    ticket_id = opened(world)
    assert steps.comment(world, ticket_id, world.anna, "  \n ")[1]["code"] == "empty_comment"
    code, body = steps.comment(world, ticket_id, world.anna, "x", internal=True)
    assert (code, body["code"]) == (403, "forbidden")
    assert steps.kinds(world, ticket_id) == ["opened"]


def test_who_ended_a_ticket_is_written_to_by_staff_only(world):
    ticket_id = opened(world)
    steps.bring(world, ticket_id, "done")
    code, body = steps.comment(world, ticket_id, world.anna)
    assert (code, body["code"]) == (409, "ticket_ended")
    assert steps.comment(world, ticket_id, world.sara, "Notatka.", internal=True)[0] == 201


def test_a_co_holders_word_does_not_move_on_what_waits_for_the_reporter(world):
    ticket_id = opened(world)
    steps.bring(world, ticket_id, "waiting_for_tenant")
    assert steps.comment(world, ticket_id, world.olek)[0] == 201
    assert steps.comment(world, ticket_id, world.sara, "Czekamy.")[0] == 201
    assert world.ticket(ticket_id)["status"] == "waiting_for_tenant"
    assert steps.comment(world, ticket_id, world.anna)[0] == 201
    assert world.ticket(ticket_id)["status"] == "in_progress"
    said = world.events("TicketStatusChanged")[-1]
    assert (said["previous"], said["status"], said["public"]) == ("waiting_for_tenant", "in_progress", "in_progress")


def test_floods_are_stopped_for_the_day_and_staff_are_free(world):
    with steps.travel(world, "2026-11-23T20:00:00Z") as now:
        ticket_id = opened(world)
        world.set_settings(tickets_a_day=1)
        assert [steps.comment(world, ticket_id, world.anna)[0] for _ in range(6)] == [201] * 5 + [429]
        assert steps.comment(world, ticket_id, world.olek)[0] == 201
        assert [steps.comment(world, ticket_id, world.sara)[0] for _ in range(6)] == [201] * 6
        now.move_to("2026-11-23T23:00:01Z")  # a second into the next day in Warsaw
        assert steps.comment(world, ticket_id, world.anna)[0] == 201
    assert steps.kinds(world, ticket_id).count("commented") == 13


def test_a_ticket_is_reopened_within_its_days_and_not_after(world):
    for wait, allowed in (("2026-12-07T09:00:00Z", True), ("2026-12-07T09:00:01Z", False)):
        with steps.travel(world, "2026-11-23T09:00:00Z"):
            ticket_id = opened(world)
            steps.bring(world, ticket_id, "declined")
        with steps.travel(world, wait):
            assert world.ticket(ticket_id, world.anna)["abilities"]["reopen"] is allowed
            code, body = steps.reopen(world, ticket_id, world.anna)
            assert code == (201 if allowed else 409)
            assert allowed or body["code"] == "reopening_too_late"
            assert allowed or steps.reopen(world, ticket_id, world.sara)[0] == 201  # staff may at any time


def test_reopening_counts_and_begins_the_deadline_anew(world):
    with steps.travel(world, "2026-11-23T09:00:00Z") as now:
        ticket_id = opened(world)
        due = world.ticket(ticket_id)["due_at"]
        steps.bring(world, ticket_id, "done")
        steps.rate(world, ticket_id, world.anna, 2, "Nie pomogło.")
        now.move_to("2026-11-25T09:00:00Z")
        code, body = steps.reopen(world, ticket_id, world.anna, "Dalej kapie.")
        assert (code, body["status"]) == (201, "not_reviewed")
        ticket = world.ticket(ticket_id, world.anna)
    assert (ticket["status"], ticket["outcome"], ticket["stars"], ticket["reopened"]) == ("not_reviewed", None, None, 1)
    assert (ticket["result"], ticket["rating_text"]) == ("", "")
    assert ticket["due_at"] > due
    last = ticket["timeline"][-1]
    assert (last["kind"], last["previous"], last["now"], last["text"]) == (
        "reopened", "reviewed", "not_reviewed", "Dalej kapie.",
    )  # fmt: skip


def test_an_ending_is_rated_once_by_its_reporter_and_each_ending_anew(world):
    ticket_id = opened(world)
    assert steps.rate(world, ticket_id, world.anna)[1]["code"] == "not_ended"
    steps.bring(world, ticket_id, "done")
    assert steps.rate(world, ticket_id, world.olek)[1]["code"] == "transition_refused"
    assert steps.rate(world, ticket_id, world.sara)[1]["code"] == "transition_refused"
    assert steps.rate(world, ticket_id, world.anna, 2, "Nie pomogło.")[0] == 201
    assert steps.rate(world, ticket_id, world.anna, 5)[1]["code"] == "already_rated"
    ticket = world.ticket(ticket_id)
    assert (ticket["stars"], ticket["rating_text"]) == (2, "Nie pomogło.")
    steps.reopen(world, ticket_id, world.anna)
    steps.change(world, ticket_id, status="done", text="Teraz tak.")
    assert steps.rate(world, ticket_id, world.anna, 5)[0] == 201
    ticket = world.ticket(ticket_id, world.anna)
    assert (ticket["stars"], ticket["rating_text"], ticket["result"]) == (5, "", "Teraz tak.")
    assert [event["stars"] for event in world.events("TicketRated")] == [2, 5]


def test_stars_are_one_to_five(world):
    ticket_id = opened(world)
    steps.bring(world, ticket_id, "done")
    for wrong in (0, 6, "5", 3.5, True):
        assert steps.rate(world, ticket_id, world.anna, wrong)[0] == 422


def test_what_was_withdrawn_is_neither_rated_nor_reopened_by_its_reporter(world):
    ticket_id = opened(world)
    code, body = steps.withdraw(world, ticket_id, world.anna)
    assert (code, body["status"]) == (201, "reviewed")
    assert steps.kinds(world, ticket_id, world.anna) == ["opened", "withdrawn"]
    assert steps.rate(world, ticket_id, world.anna)[1]["code"] == "transition_refused"
    assert steps.reopen(world, ticket_id, world.anna)[1]["code"] == "transition_refused"
    assert steps.withdraw(world, ticket_id, world.anna)[1]["code"] == "transition_refused"
    said = world.events("TicketStatusChanged")
    assert [(event["status"], event["public"]) for event in said] == [("closed", "reviewed")]


def test_what_was_done_before_is_not_the_result_of_another_end(world):
    ticket_id = opened(world)
    steps.change(world, ticket_id, status="done", text="Uszczelka wymieniona.")
    steps.reopen(world, ticket_id, world.anna)
    steps.withdraw(world, ticket_id, world.anna)
    ticket = world.ticket(ticket_id, world.anna)
    assert (ticket["outcome"], ticket["result"], ticket["reopened"]) == ("withdrawn", "", 1)
