"""Opening tickets: whose, about what, with which number; what is refused; what may be the same."""

from datetime import UTC, datetime, timedelta

import pytest
from tickets import store_contracts
from tickets.app import app
from tickets.store_contracts import NumberItem, SeriesItem

from shared import attachments, clock
from shared.access import TENANT
from shared.events.tickets import TicketOpened
from tests.cloud import aws_client
from tests.support import api_event, sign_in
from tests.unit.tickets.conftest import BUCKET, ORG, OTHER_ORG, REPORT


def refused(world, token, **changes):
    status, body = world.ask("POST", "/tickets", token, body={**REPORT, **changes})
    return status, body["code"]


def test_a_report_has_number_status_deadline_and_event(world):
    year = clock.today("Europe/Warsaw").year
    first, second = world.report(), world.report(emergency=True, common_part=True)
    assert (first["number"], second["number"]) == (f"{year}/000001", f"{year}/000002")
    assert first["status"] == "not_reviewed"
    assert datetime.fromisoformat(second["due_at"]) - clock.now() < timedelta(hours=4, minutes=1)
    opened = world.events("TicketOpened")
    assert [event["ticket_id"] for event in opened] == [first["ticket_id"], second["ticket_id"]]
    assert opened[1] == {
        "ticket_id": second["ticket_id"],
        "number": second["number"],
        "reporter_id": "per_anna",
        "contract_id": "ctr_1",
        "unit_id": "unt_1",
        "community_id": "com_1",
        "type": "technical",
        "category": "kitchen_leak",
        "emergency": True,
        "channel": "portal",
        "due_at": second["due_at"],
        "attachments": [],
    }


def test_a_number_is_of_one_ticket_and_finds_it(world):
    first, second = world.report(), world.report()
    assert [item["ticket_id"] for item in world.listed(world.sara, number=first["number"])] == [first["ticket_id"]]
    assert len({item.ticket_id for item in NumberItem.scan() if item.sk == "NUMBER"}) == 2
    assert SeriesItem.get(f"ORG#{ORG}#SERIES", f"TICKET#{first['number'][:4]}").last == 2
    assert second["number"] > first["number"]


def test_a_refused_report_takes_no_number(world):
    assert refused(world, world.anna, category="kitchen") == (422, "unknown_category")
    assert world.report()["number"].endswith("/000001")


def test_who_loses_the_race_for_a_number_begins_again_and_leaves_no_gap(world, monkeypatch):
    turns, rivals, take = iter(range(3)), [], store_contracts.take_number

    def overtaken(uow, zone, ticket_id):
        number = take(uow, zone, ticket_id)
        if next(turns, None) is not None:  # a rival commits first, who is overtaken himself
            rivals.append(world.report(world.olek)["number"])
        return number

    monkeypatch.setattr(store_contracts, "take_number", overtaken)
    mine = world.report()["number"]
    assert sorted([mine, *rivals]) == [f"{mine[:4]}/{number:06}" for number in range(1, 5)]
    assert {each["number"] for each in world.listed(world.sara)} == {mine, *rivals}
    assert len(world.events("TicketOpened")) == 4


def test_the_year_is_the_one_of_the_organisations_time_zone(world, monkeypatch):
    instant = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)  # in Warsaw the new year has begun
    token_at = world.anna
    monkeypatch.setattr(clock, "now", lambda: instant)
    monkeypatch.setattr(clock, "today", lambda zone: instant.astimezone(clock.ZoneInfo(zone)).date())
    monkeypatch.setattr(clock, "timestamp", lambda: int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()))
    assert world.report(token_at)["number"] == "2027/000001"


def test_the_same_idempotency_key_opens_one_ticket(world):
    first, again = world.report(key="key-00000001"), world.report(key="key-00000001")
    assert first == again
    assert len(world.events("TicketOpened")) == 1
    status, body = world.ask(
        "POST", "/tickets", world.anna, body={**REPORT, "subject": "Co innego"}, key="key-00000001"
    )
    assert (status, body["code"]) == (422, "idempotency_key_reused")


def test_everything_that_was_said_stands_in_the_ticket(world):
    wished = [{"day": "2026-11-24", "part": "morning"}]
    made = world.report(place="pod oknem", wished_times=wished)
    seen = world.ticket(made["ticket_id"], world.anna)
    assert (seen["description"], seen["place"], seen["wished_times"]) == ("Kapie od rana.", "pod oknem", wished)
    assert (seen["subject"], seen["reopened"], seen["version"]) == ("Woda pod zlewem", 0, 1)
    assert [(entry["kind"], entry["author"]["role"], entry["author"]["mine"]) for entry in seen["timeline"]] == [
        ("opened", "reporter", True)
    ]
    assert seen["abilities"] == {"statuses": [], "comment": True, "reopen": False, "rate": False, "withdraw": True}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"contract_id": "ctr_2"}, (404, "not_found")),
        ({"contract_id": "ctr_unknown"}, (404, "not_found")),
        ({"contract_id": None}, (422, "contract_or_unit")),
        ({"contract_id": None, "unit_id": "unt_2"}, (422, "contract_or_unit")),
        ({"unit_id": "unt_2"}, (422, "contract_or_unit")),
        ({"category": "no_such_thing"}, (422, "unknown_category")),
        ({"category": "bathroom_water"}, (422, "unknown_category")),
        ({"category": "invoice_question"}, (422, "unknown_category")),
        ({"reporter_id": "per_olek"}, (422, "unknown_reporter")),
        ({"channel": "telephone"}, (422, "invalid_body")),
        ({"incident_id": "inc_unknown"}, (422, "unknown_incident")),
        ({"subject": " "}, (422, "invalid_body")),
        ({"attachments": ["incoming/org/org_test/ticket/per_olek/upl_1/a.jpg"]}, (422, "unknown_upload")),
    ],
)
def test_what_a_resident_cannot_report(world, changes, expected):
    assert refused(world, world.anna, **changes) == expected
    assert world.events() == []


def test_a_unit_means_ones_own_contract_in_it(world):
    made = world.report(contract_id=None, unit_id="unt_1")
    assert world.ticket(made["ticket_id"])["contract_id"] == "ctr_1"


def test_staff_report_for_somebody_who_rang(world):
    made = world.report(world.sara, reporter_id="per_anna", channel="telephone")
    assert made["status"] == "new"
    ticket = world.ticket(made["ticket_id"])
    assert (ticket["reporter_id"], ticket["channel"]) == ("per_anna", "telephone")
    assert ticket["timeline"][0]["author"] == {"role": "staff", "mine": True, "person_id": "per_sara"}
    own = world.ticket(made["ticket_id"], world.anna)
    assert own["abilities"]["withdraw"]
    assert own["timeline"][0]["author"] == {"role": "staff", "mine": False, "person_id": None}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"reporter_id": "per_piotr", "channel": "telephone"}, (422, "unknown_reporter")),
        ({"reporter_id": "per_anna"}, (422, "invalid_body")),
        ({"contract_id": None, "unit_id": "unt_9"}, (422, "contract_or_unit")),
        ({"contract_id": "ctr_9"}, (404, "not_found")),
    ],
)
def test_what_staff_cannot_report(world, changes, expected):
    assert refused(world, world.sara, **changes) == expected


def test_staff_of_another_organisation_know_no_contract_here(world):
    assert refused(world, world.foreign_staff, reporter_id="per_anna", channel="telephone") == (404, "not_found")


def test_the_contract_that_runs_is_the_units(world):
    world.start_contract("ctr_0", "unt_1", ["per_former"], ends_on="2020-01-31")
    made = world.report(world.sara, contract_id=None, unit_id="unt_1", reporter_id="per_olek", channel="email")
    assert world.ticket(made["ticket_id"])["contract_id"] == "ctr_1"
    former = {"contract_id": None, "unit_id": "unt_1", "reporter_id": "per_former", "channel": "email"}
    assert refused(world, world.sara, **former) == (422, "contract_or_unit")
    ended = {"contract_id": "ctr_0", "reporter_id": "per_former", "channel": "email"}
    assert refused(world, world.sara, **ended) == (422, "unknown_reporter")
    money = {"type": "financial", "category": "refund_or_instalments"}
    assert world.report(world.sara, **ended, **money)
    assert refused(world, world.sara, **{**ended, **money, "reporter_id": "per_anna"}) == (422, "unknown_reporter")


def test_who_has_left_may_ask_for_money_and_not_for_keys(world):
    world.start_contract("ctr_1", "unt_1", ["per_anna"], former=["per_olek"])
    assert refused(world, world.olek, category="lost_key") == (422, "contract_or_unit")
    assert refused(world, world.olek, type="request", category="additional_key") == (422, "contract_or_unit")
    made = world.report(world.olek, type="financial", category="refund_or_instalments")
    assert world.sees(made["ticket_id"], world.olek)
    assert world.sees(made["ticket_id"], world.anna)


def test_a_contract_that_has_ended_is_reported_to_for_money_only(world):
    world.start_contract("ctr_1", "unt_1", ["per_anna"], ends_on="2020-01-31")
    assert refused(world, world.anna) == (422, "contract_or_unit")
    assert refused(world, world.anna, contract_id=None, unit_id="unt_1") == (422, "contract_or_unit")
    assert world.report(type="financial", category="settlement_question")


def test_an_older_word_of_a_contract_does_not_overwrite_a_newer_one(world):
    world.start_contract("ctr_5", "unt_5", ["per_new"], occurred_at="2026-05-02T10:00:00Z")
    world.start_contract("ctr_5", "unt_5", ["per_old"], occurred_at="2026-05-01T10:00:00Z")
    given = {"contract_id": "ctr_5", "channel": "telephone"}
    assert refused(world, world.sara, **given, reporter_id="per_old") == (422, "unknown_reporter")
    assert world.report(world.sara, **given, reporter_id="per_new")


def test_too_many_in_a_day_are_refused_until_midnight(world):
    world.set_settings(tickets_a_day=2)
    world.report()
    world.report()
    answer = app(api_event("POST", "/tickets", body=REPORT, token=world.anna), None)
    assert answer["statusCode"] == 429
    assert 0 < int(answer["headers"]["Retry-After"]) <= 25 * 3600
    assert world.report(world.olek)["number"].endswith("/000003"), "another person has a count of his own"
    for _ in range(4):
        world.report(world.sara, reporter_id="per_anna", channel="telephone")
    assert refused(world, world.anna) == (429, "too_many_requests")


def test_a_file_is_taken_in_and_claimed(world):
    key = world.put_checked()
    made = world.report(attachments=[key, key])
    shown = world.ticket(made["ticket_id"], world.anna)["timeline"][0]["attachments"]
    assert [(each["attachment_id"], each["name"], each["width"]) for each in shown] == [("upl_1", "wyciek.jpg", 800)]
    assert "X-Amz-Signature" in shown[0]["url"]
    assert shown[0]["thumbnail_url"].split("?")[0].endswith("/upl_1/thumbnail.jpg")
    event = TicketOpened.model_validate(world.events("TicketOpened")[0])
    folder = "checked/org/org_test/ticket/per_anna/upl_1"
    assert event.attachments == [f"{folder}/file", f"{folder}/thumbnail.jpg"]
    world.hear(event)
    world.hear(event)
    for name in ("file", "thumbnail.jpg"):
        tags = aws_client("s3").get_object_tagging(Bucket=BUCKET, Key=f"{folder}/{name}")["TagSet"]
        assert tags == [{"Key": "claimed", "Value": "yes"}]


@pytest.mark.parametrize(
    "key",
    [
        "checked/org/org_test/ticket/per_anna/upl_1/file",
        "incoming/org/org_test/ticket/per_anna/../per_olek/upl_1/a.jpg",
        "incoming/org/org_other/ticket/per_anna/upl_1/a.jpg",
        "incoming/org/org_test/ledger/per_anna/upl_1/a.jpg",
        "incoming/org/org_test/ticket/per_anna/upl_1",
    ],
)
def test_a_key_that_was_not_given_to_this_person_is_unknown(world, key):
    world.put_checked()
    assert refused(world, world.anna, attachments=[key]) == (422, "unknown_upload")


def test_a_file_whose_check_is_not_over_is_waited_for(world, monkeypatch):
    missing = "incoming/org/org_test/ticket/per_anna/upl_2/a.jpg"
    monkeypatch.setattr(attachments, "_PATIENCE", 0.5)
    assert refused(world, world.anna, attachments=[missing]) == (422, "upload_not_ready")
    naps = []

    def nap(seconds):
        naps.append(seconds)
        if len(naps) == 2:
            world.put_checked("upl_2")

    monkeypatch.setattr(attachments.time, "sleep", nap)
    monkeypatch.setattr(attachments, "_PATIENCE", 30)
    assert world.report(attachments=[missing])
    assert len(naps) == 2


def test_a_refused_file_is_refused_with_its_reason(world):
    key = world.put_checked(state="refused")
    status, body = world.ask("POST", "/tickets", world.anna, body={**REPORT, "attachments": [key]})
    assert (status, body["code"]) == (422, "upload_refused")
    assert [(each["code"], each["params"]["key"]) for each in body["errors"]] == [("upload_infected", key)]


def test_similar_shows_the_households_open_tickets_about_the_same(world):
    leak = world.report()
    tap = world.report(world.olek, category="kitchen_tap")
    world.report(category="kitchen_appliance")
    world.report(world.piotr, contract_id="ctr_2")
    query = {"contract_id": "ctr_1", "category": "kitchen_leak"}
    status, body = world.ask("GET", "/tickets/similar", world.anna, query=query)
    assert status == 200
    assert [each["ticket_id"] for each in body["tickets"]] == [tap["ticket_id"], leak["ticket_id"]]
    assert body["incidents"] == []
    assert world.ask("GET", "/tickets/similar", world.piotr, query=query)[0] == 404
    assert world.ask("GET", "/tickets/similar", world.foreign_staff, query=query)[0] == 404
    world.set_settings(shared_in_household=False)
    _, body = world.ask("GET", "/tickets/similar", world.anna, query=query)
    assert [each["ticket_id"] for each in body["tickets"]] == [leak["ticket_id"]]


def open_incident(world, **changes):
    given = {"kind": "outage", "community_ids": ["com_1"], "title": "Brak wody", "starts_at": "2026-11-22T06:00:00Z"}
    status, body = world.ask("POST", "/incidents", world.sara, body={**given, **changes})
    assert status == 201, body
    return body["incident_id"]


def test_a_report_of_an_incident_belongs_to_it(world):
    incident_id = open_incident(world)
    made = [
        world.report(incident_id=incident_id),
        world.report(world.piotr, contract_id="ctr_2", incident_id=incident_id),
    ]
    _, incident = world.ask("GET", "/incidents/{incident_id}", world.sara, incident_id=incident_id)
    assert incident["tickets"] == 2
    listed = world.listed(world.sara, incident_id=incident_id)
    assert [each["ticket_id"] for each in listed] == sorted(each["ticket_id"] for each in made)
    assert world.ticket(made[0]["ticket_id"], world.anna)["incident_id"] == incident_id


def test_only_an_open_incident_of_the_same_community_takes_reports(world):
    world.start_contract("ctr_3", "unt_3", [], community_id="com_2")
    elsewhere, over = open_incident(world, community_ids=["com_2"]), open_incident(world)
    said = {"text": "Już jest.", "resolved": True}
    assert world.ask("POST", "/incidents/{incident_id}/updates", world.sara, body=said, incident_id=over)[0] == 201
    for incident_id in (elsewhere, over):
        assert refused(world, world.anna, incident_id=incident_id) == (422, "unknown_incident")


def test_similar_shows_incidents_of_the_place_about_the_same(world):
    world.start_contract("ctr_3", "unt_3", [], community_id="com_2")
    same = open_incident(world, category="kitchen_tap")
    anything = open_incident(world, starts_at="2026-11-21T06:00:00Z")
    open_incident(world, category="lift_out_of_order")
    open_incident(world, category="kitchen_leak", community_ids=["com_2"])
    query = {"contract_id": "ctr_1", "category": "kitchen_leak"}
    for token in (world.anna, world.sara):
        _, body = world.ask("GET", "/tickets/similar", token, query=query)
        assert [each["incident_id"] for each in body["incidents"]] == [same, anything]


def test_a_tenant_of_two_organisations_reports_in_the_one_he_is_signed_in_to(world):
    world.start_contract("ctr_1", "unt_1", ["per_anna"], organisation_id=OTHER_ORG)
    elsewhere = sign_in(OTHER_ORG, "per_anna", (TENANT, "contract", "ctr_1"))
    mine, there = world.report(), world.report(elsewhere)
    assert mine["number"] == there["number"]
    assert not world.sees(mine["ticket_id"], elsewhere)
    assert not world.sees(there["ticket_id"], world.anna)
