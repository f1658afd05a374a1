"""What has happened and who is told of it (D6): each event from its listener to the inboxes."""

from datetime import timedelta

import pytest
from auth.store import Account
from notifications import service_telling, store
from notifications.app import consumers

from shared import clock
from shared.events.catalog import (
    ChargePosted,
    ContactChanged,
    PaymentSettled,
    PaymentUnmatched,
    PersonInvited,
    SignedInFromNewDevice,
)
from shared.events.meters import AcceptedReading, MeterReplaced, ReadingHeld, ReadingRejected, ReadingsAccepted
from shared.events.notifications import TellingDue
from shared.events.payments import PaymentDoubled, PaymentFailed, PaymentRefunded
from shared.events.tickets import IncidentOpened, TicketCommented, TicketOpened, TicketOverdue, TicketStatusChanged
from tests.support import event_message, outbox
from tests.unit.notifications.conftest import ORG

PEOPLE = ("anna", "olek", "fred", "sara")
TICKET = {"ticket_id": "tkt_1", "reporter_id": "per_anna"}
PLACE = {"meter_id": "mtr_1", "unit_id": "unt_1", "community_id": "com_1", "day": "2026-11-20"}


@pytest.fixture
def town(world):
    """The world, with Sara and Staszek on the staff's list, and what is to be told to many told to its end."""
    for person in ("per_sara", "per_staszek"):
        account = Account(f"ORG#{ORG}#PERSON#{person}", "ACCOUNT", roles=["staff"], gsi1pk=f"ORG#{ORG}#STAFF")
        account.email = account.first_name = account.last_name = account.locale = "x"
        account.gsi1sk = f"x#{person}"
        account.save()
    heard = set()

    def happen(event, actor="system", event_id=None):
        world.hear(event, event_id, actor=actor)
        while left := [
            data for kind, data in outbox("NOTIFICATIONS_TABLE") if kind == "TellingDue" and key(data) not in heard
        ]:
            for data in left:
                heard.add(key(data))
                world.hear(TellingDue.model_validate(data))
        return {name: told for name in PEOPLE if (told := [(n["kind"], n["values"]) for n in inbox(name)])}

    def key(data):
        return data["what"], data["after"]

    def inbox(name):
        return world.inbox(getattr(world, name))["items"]

    world.happen, world.of = happen, inbox
    return world


def both(kind, values):
    return {name: [(kind, values)] for name in ("anna", "olek")}


# ------------------------------------------------------------------ money
def test_a_charge_is_told_but_not_one_of_the_past_that_was_taken_over(town):
    today = clock.today("Europe/Warsaw")
    given = {"contract_id": "ctr_1", "purpose": "rent", "amount": 100000, "currency": "PLN"}
    assert town.happen(ChargePosted(charge_id="chg_0", due_date=today - timedelta(days=1), **given)) == {}
    told = town.happen(ChargePosted(charge_id="chg_1", due_date=today, **given))
    values = {"amount": 100000, "currency": "PLN", "purpose": "rent", "day": today.isoformat()}
    assert told == both("charge_posted", values)


@pytest.mark.parametrize(
    ("method", "kind"), [("bank", "payment_settled"), ("cash", "payment_settled"), ("online", "receipt_ready")]
)
def test_a_payment_is_told_but_not_one_of_an_old_statement(town, method, kind):
    today = clock.today("Europe/Warsaw")
    given = {"contract_id": "ctr_1", "amount": 500, "currency": "PLN", "booking_date": today, "reference": "x"}
    old = PaymentSettled(payment_id="pay_0", value_date=today - timedelta(days=32), method=method, **given)
    assert town.happen(old) == {}
    day = today - timedelta(days=31)
    told = town.happen(PaymentSettled(payment_id="pay_1", value_date=day, method=method, **given))
    assert told == both(kind, {"amount": 500, "currency": "PLN", "day": day.isoformat()})


def test_a_payment_that_failed_is_told_unless_the_payer_gave_it_up(town):
    given = {"payment_id": "pay_1", "contract_id": "ctr_1", "provider": "stripe"}
    assert town.happen(PaymentFailed(state="cancelled", **given)) == {}
    assert town.happen(PaymentFailed(state="failed", **given)) == both("payment_failed", {})


@pytest.mark.parametrize(("cause", "staff"), [("refund", []), ("dispute", ["staff_payment_refunded"])])
def test_money_that_goes_back_is_told_and_to_the_staff_what_they_did_not_do(town, cause, staff):
    money = {"amount": 500, "currency": "PLN"}
    event = PaymentRefunded(
        payment_id="pay_1", contract_id="ctr_1", refund_id="rfd_1", value_date="2026-11-20", cause=cause, **money
    )
    told = town.happen(event)
    assert told["anna"] == [("payment_refunded", {**money, "day": "2026-11-20", "cause": cause})]
    assert [kind for kind, _ in told.get("sara", [])] == staff


def test_what_was_paid_twice_is_told_to_both_sides(town):
    event = PaymentDoubled(
        payment_id="pay_1", double_payment_id="pay_2", contract_id="ctr_1", provider="stripe", amount=5, currency="PLN"
    )
    told = town.happen(event)
    assert [told[name][0][0] for name in ("anna", "olek", "sara")] == [
        "payment_doubled", "payment_doubled", "staff_payment_doubled",
    ]  # fmt: skip
    assert town.of("sara")[0]["about"] == {"payment_id": "pay_2"}


def test_the_staff_hear_of_a_statements_transfers_once(town):
    for number in range(5):
        town.happen(PaymentUnmatched(transfer_id=f"trf_{number}", import_id="imp_1", amount=1, currency="PLN"))
    assert [kind for kind, _ in town.happen(
        PaymentUnmatched(transfer_id="trf_9", import_id="imp_2", amount=1, currency="PLN")
    )["sara"]] == ["staff_unmatched"] * 2  # fmt: skip


# ------------------------------------------------------------------ meters
def test_residents_hear_of_the_readings_that_they_sent(town):
    for channel in ("file", "portal"):
        told = town.happen(ReadingHeld(reading_id=f"rdg_{channel}", codes=["high"], channel=channel, **PLACE))
    day = {"day": "2026-11-20"}
    assert told == {**both("reading_held", day), "sara": [("staff_reading_held", {})]}, "the staff once a day"
    for channel in ("file", "portal"):
        told = town.happen(ReadingRejected(reading_id=f"rdg_{channel}", codes=["high"], **PLACE))
    assert told["anna"] == [("reading_rejected", day), ("reading_held", day)]


def test_only_own_readings_of_an_accepted_batch_are_told(town):
    readings = [
        AcceptedReading(reading_id=f"rdg_{channel}", codes=[], channel=channel, **PLACE)
        for channel in ("remote", "portal")
    ]
    assert town.happen(ReadingsAccepted(readings=readings)) == both("reading_accepted", {"day": "2026-11-20"})


def test_a_new_meter_is_told_where_it_hangs_and_one_of_the_common_parts_to_nobody(town):
    assert town.happen(MeterReplaced(number="4711", **{**PLACE, "unit_id": None})) == {}
    assert town.happen(MeterReplaced(number="4711", **{**PLACE, "unit_id": "unt_2"})) == {}
    told = town.happen(MeterReplaced(number="4711", **PLACE))
    assert told == both("meter_replaced", {"number": "4711", "day": "2026-11-20"})


# ------------------------------------------------------------------ tickets
def test_a_reporter_gets_a_receipt_and_hears_what_becomes_of_it(town):
    opened = TicketOpened(
        number="Z/1", contract_id="ctr_1", unit_id="unt_1", community_id="com_1", type="fault", category="heating",
        emergency=False, channel="portal", due_at=None, **TICKET,
    )  # fmt: skip
    assert town.happen(opened, "per_anna") == {"anna": [("ticket_opened", {"number": "Z/1"})]}

    def move(public, before, actor):
        event = TicketStatusChanged(
            previous="x", status="y", public=public, previous_public=before, number="Z/1", **TICKET
        )
        return town.happen(event, actor)["anna"][0]

    assert move("in_progress", "not_reviewed", "per_sara") == ("ticket_changed", {"status": "in_progress"})
    assert move("in_progress", "in_progress", "per_sara") == ("ticket_changed", {"status": "in_progress"})
    assert move("reviewed", "in_progress", "per_anna") == ("ticket_changed", {"status": "in_progress"}), "his own doing"
    assert len(town.of("anna")) == 2


@pytest.mark.parametrize("before", ["not_reviewed", "in_progress"])
def test_a_reporter_is_told_once_each_time_that_something_is_asked_of_him(town, before):
    def ask(wanted, event_id, actor="per_sara"):
        event = TicketStatusChanged(
            previous="x",
            status="y",
            public="in_progress",
            previous_public=before,
            number="Z/1",
            wanted=wanted,
            **TICKET,
        )
        return town.happen(event, actor, event_id).get("anna", [])

    document = ("ticket_asked", {"number": "Z/1", "wanted": "document"})
    assert ask("document", "evt_0", "per_anna") == [], "his own doing"
    assert ask("document", "evt_1") == [document], "and not of his status beside it"
    assert ask("document", "evt_1") == [document], "the event seen twice"
    assert ask("document", "evt_2") == [document] * 2, "asked again"
    assert ask("photo", "evt_3")[0] == ("ticket_asked", {"number": "Z/1", "wanted": "photo"})
    assert {notice["about"]["ticket_id"] for notice in town.of("anna")} == {"tkt_1"}


@pytest.mark.parametrize(
    ("actor", "internal", "assignee", "expected"),
    [
        ("per_sara", False, "per_sara", ["anna"]),
        ("per_sara", True, "per_sara", []),
        ("per_anna", False, "per_sara", ["sara"]),
        ("per_anna", False, None, []),
    ],
)
def test_an_answer_is_told_to_the_other_side(town, actor, internal, assignee, expected):
    event = TicketCommented(entry_id="ent_1", internal=internal, assignee_id=assignee, **TICKET)
    assert list(town.happen(event, actor)) == expected


def test_who_has_an_overdue_ticket_hears_of_it_and_all_of_those_that_nobody_has(town):
    due = {"due_at": "2026-11-20T11:00:00Z"}
    told = town.happen(TicketOverdue(ticket_id="tkt_1", assignee_id="per_olek", **due))
    assert told == {"olek": [("staff_ticket_overdue", {"at": "2026-11-20T12:00+01:00"})]}
    for number in range(4):
        told = town.happen(TicketOverdue(ticket_id=f"tkt_{number}", assignee_id=None, **due))
    assert [kind for kind, _ in told["sara"]] == ["staff_ticket_overdue"], "once an hour"


@pytest.mark.parametrize(("kind", "told_as"), [("outage", "incident_opened"), ("planned_work", "work_planned")])
def test_an_incident_is_told_to_all_who_live_there_batch_by_batch(town, monkeypatch, kind, told_as):
    monkeypatch.setattr(service_telling, "BATCH", 2)
    town.start_contract("ctr_2", parties=(("per_sara", "tenant", None), ("per_olek", "owner", None)))
    event = IncidentOpened(
        incident_id="inc_1", kind=kind, community_ids=["com_1", "com_2"], starts_at="2026-11-20T11:00:00Z", ends_at=None
    )
    values = {"at": "2026-11-20T12:00+01:00"}
    assert town.happen(event) == {name: [(told_as, values)] for name in ("anna", "olek", "sara")}
    said = [data for kind, data in outbox("NOTIFICATIONS_TABLE") if kind == "TellingDue"]
    batches = sorted((data["community_ids"], data["after"]) for data in said)
    assert batches == [(["com_1"], ""), (["com_1"], "unt_1#ctr_1#per_olek"), (["com_2"], "")], "Fred has moved out"


def test_more_people_than_one_transaction_tells_are_told_all_and_once(town):
    people = [f"per_{number:02}" for number in range(34)]
    town.start_contract("ctr_heirs", parties=[(person_id, "owner", None) for person_id in people])
    failed = PaymentFailed(payment_id="pay_1", contract_id="ctr_heirs", provider="stripe", state="failed")
    for event_id in ("evt_a", "evt_b"):
        town.happen(failed, event_id=event_id)
    town.happen(MeterReplaced(number="W/1", **PLACE))
    for person_id in people:
        found, _ = store.list_notices(ORG, person_id, None, 10)
        assert sorted(notice.kind for notice in found) == ["meter_replaced", "payment_failed"]
    assert town.of("sara") == [], "the staff are none of them"


# ------------------------------------------------------------------ people
def test_a_change_of_contact_data_and_an_invitation_are_told(town):
    assert town.happen(ContactChanged(person_id="per_anna", fields=["email"])) == {"anna": [("contact_changed", {})]}
    for _ in range(2):
        told = town.happen(PersonInvited(person_id="per_olek"))
    assert told["olek"] == [("access_granted", {"role": "owner"})]


def test_a_sign_in_from_a_new_device_is_told_whenever_there_is_one(town):
    event = SignedInFromNewDevice(person_id="per_anna", at="2026-10-25T00:30:00Z", device="Firefox, Linux")
    values = {"at": "2026-10-25T02:30+02:00", "device": "Firefox, Linux"}
    for event_id in ("evt_a", "evt_a"):
        assert town.happen(event, event_id=event_id) == {"anna": [("new_sign_in", values)]}
    assert town.happen(event.model_copy(update={"device": ""})) == {
        "anna": [("new_sign_in", {**values, "device": ""}), ("new_sign_in", values)]
    }


def test_what_is_heard_twice_is_told_once(town):
    event = PaymentFailed(payment_id="pay_1", contract_id="ctr_1", provider="stripe", state="failed")
    for event_id in ("evt_a", "evt_a", "evt_b"):
        consumers.consume(event_message(event, ORG, event_id))
    assert len(town.of("anna")) == 1
