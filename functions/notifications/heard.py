"""What has happened elsewhere and who is told of it: money, meters, tickets, access."""

from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from notifications import service_telling, store
from notifications.base import consumers
from notifications.service_telling import tell, tell_communities, tell_parties, tell_people, tell_staff
from shared import access, clock
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
from shared.tables import UnitOfWork

_OWN: Final = "portal"
"""The channel of readings that residents send; what others record of their meters is not told one by one."""
_NEWS: Final = timedelta(days=31)
"""For so long a payment is news; bank statements may be imported once a month."""


@consumers.on(TellingDue)
def _telling_due(event: TellingDue, uow: UnitOfWork) -> None:
    service_telling.tell_next(uow, event)


# ------------------------------------------------------------------ money
@consumers.on(ChargePosted)
def _charge_posted(event: ChargePosted, uow: UnitOfWork) -> None:
    if event.due_date < clock.today(_zone(uow)):
        return  # the past, taken over from another system
    tell_parties(
        uow, event.contract_id, "charge_posted", f"charge_posted/{event.charge_id}", {"charge_id": event.charge_id},
        amount=event.amount, currency=event.currency, purpose=event.purpose, day=event.due_date.isoformat(),
    )  # fmt: skip


@consumers.on(PaymentSettled)
def _payment_settled(event: PaymentSettled, uow: UnitOfWork) -> None:
    if event.value_date < clock.today(_zone(uow)) - _NEWS:
        return  # the past, from the bank statements of another system
    # Of a payment made here there is a receipt; of a transfer or cash the account is all.
    kind = "receipt_ready" if event.method == "online" else "payment_settled"
    tell_parties(
        uow, event.contract_id, kind, f"payment_settled/{event.payment_id}",
        {"payment_id": event.payment_id}, amount=event.amount, currency=event.currency, day=event.value_date.isoformat(),
    )  # fmt: skip


@consumers.on(PaymentFailed)
def _payment_failed(event: PaymentFailed, uow: UnitOfWork) -> None:
    if event.state == "cancelled":
        return  # the payer did it himself
    what = f"payment_failed/{event.payment_id}"
    tell_parties(uow, event.contract_id, "payment_failed", what, {"payment_id": event.payment_id})


@consumers.on(PaymentRefunded)
def _payment_refunded(event: PaymentRefunded, uow: UnitOfWork) -> None:
    what, about = f"payment_refunded/{event.refund_id}", {"payment_id": event.payment_id}
    values = {
        "amount": event.amount, "currency": event.currency, "day": event.value_date.isoformat(), "cause": event.cause,
    }  # fmt: skip
    tell_parties(uow, event.contract_id, "payment_refunded", what, about, **values)
    if event.cause != "refund":  # that one the staff have made themselves
        tell_staff(uow, "staff_payment_refunded", f"staff_{what}", about, **values)


@consumers.on(PaymentDoubled)
def _payment_doubled(event: PaymentDoubled, uow: UnitOfWork) -> None:
    what, about = f"payment_doubled/{event.double_payment_id}", {"payment_id": event.double_payment_id}
    tell_parties(uow, event.contract_id, "payment_doubled", what, about, amount=event.amount, currency=event.currency)
    tell_staff(uow, "staff_payment_doubled", f"staff_{what}", about, amount=event.amount, currency=event.currency)


@consumers.on(PaymentUnmatched)
def _payment_unmatched(event: PaymentUnmatched, uow: UnitOfWork) -> None:
    tell_staff(uow, "staff_unmatched", f"staff_unmatched/{event.import_id}", {})


# ------------------------------------------------------------------ meters
@consumers.on(ReadingHeld)
def _reading_held(event: ReadingHeld, uow: UnitOfWork) -> None:
    if event.channel == _OWN:
        _tell_unit(uow, event, "reading_held", f"reading_held/{event.reading_id}", day=event.day.isoformat())
    tell_staff(uow, "staff_reading_held", f"staff_reading_held/{clock.today(_zone(uow))}", {})


@consumers.on(ReadingsAccepted)
def _readings_accepted(event: ReadingsAccepted, uow: UnitOfWork) -> None:
    for one in event.readings:
        if one.channel == _OWN:
            _tell_unit(uow, one, "reading_accepted", f"reading_accepted/{one.reading_id}", day=one.day.isoformat())


@consumers.on(ReadingRejected)
def _reading_rejected(event: ReadingRejected, uow: UnitOfWork) -> None:
    """Only who was told that it is held: of others' readings nobody waits to hear."""
    held, what = f"reading_held/{event.reading_id}", f"reading_rejected/{event.reading_id}"
    residents = service_telling.residents_of(uow, event.community_id, event.unit_id)
    people = [person_id for person_id in residents if store.was_told(uow.organisation_id, person_id, held)]
    tell_people(uow, people, "reading_rejected", what, {"meter_id": event.meter_id}, day=event.day.isoformat())


@consumers.on(MeterReplaced)
def _meter_replaced(event: MeterReplaced, uow: UnitOfWork) -> None:
    day = event.day.isoformat()
    _tell_unit(uow, event, "meter_replaced", f"meter_replaced/{event.meter_id}/{day}", number=event.number, day=day)


# ------------------------------------------------------------------ tickets
@consumers.on(TicketOpened)
def _ticket_opened(event: TicketOpened, uow: UnitOfWork) -> None:
    what, about = f"ticket_opened/{event.ticket_id}", {"ticket_id": event.ticket_id}
    tell(uow, event.reporter_id, "ticket_opened", what, about, number=event.number)


@consumers.on(TicketStatusChanged)
def _ticket_status_changed(event: TicketStatusChanged, uow: UnitOfWork) -> None:
    """What is asked of the reporter is all that he is told of that step, whether or not the status that he sees has changed with it."""
    if uow.metadata.actor == event.reporter_id:
        return
    about = {"ticket_id": event.ticket_id}
    if event.wanted:
        what = f"ticket_asked/{uow.metadata.id}"
        tell(uow, event.reporter_id, "ticket_asked", what, about, number=event.number, wanted=event.wanted)
    elif event.public != event.previous_public:
        tell(uow, event.reporter_id, "ticket_changed", f"ticket_changed/{uow.metadata.id}", about, status=event.public)


@consumers.on(TicketCommented)
def _ticket_commented(event: TicketCommented, uow: UnitOfWork) -> None:
    if event.internal:
        return
    other = event.assignee_id if uow.metadata.actor == event.reporter_id else event.reporter_id
    if other:
        what, about = f"ticket_answered/{event.entry_id}", {"ticket_id": event.ticket_id}
        tell(uow, other, "ticket_answered", what, about)


@consumers.on(TicketOverdue)
def _ticket_overdue(event: TicketOverdue, uow: UnitOfWork) -> None:
    """To whom it is assigned; to all where nobody has it, and of those of an hour the first one."""
    about, at = {"ticket_id": event.ticket_id}, _local(uow, event.due_at)
    if event.assignee_id:
        what = f"staff_ticket_overdue/{event.ticket_id}/{event.due_at.isoformat()}"
        tell(uow, event.assignee_id, "staff_ticket_overdue", what, about, at=at)
    else:
        tell_staff(uow, "staff_ticket_overdue", f"staff_ticket_overdue/{clock.stamp(clock.now())[:13]}", about, at=at)


@consumers.on(IncidentOpened)
def _incident_opened(event: IncidentOpened, uow: UnitOfWork) -> None:
    kind, what = "incident_opened" if event.kind == "outage" else "work_planned", f"incident/{event.incident_id}"
    at = _local(uow, event.starts_at)
    tell_communities(uow, event.community_ids, kind, what, {"incident_id": event.incident_id}, at=at)


# ------------------------------------------------------------------ people
@consumers.on(ContactChanged)
def _contact_changed(event: ContactChanged, uow: UnitOfWork) -> None:
    tell(uow, event.person_id, "contact_changed", f"contact_changed/{uow.metadata.id}", {})


@consumers.on(SignedInFromNewDevice)
def _signed_in_from_new_device(event: SignedInFromNewDevice, uow: UnitOfWork) -> None:
    what, at = f"new_sign_in/{uow.metadata.id}", _local(uow, event.at)
    tell(uow, event.person_id, "new_sign_in", what, {}, at=at, device=event.device)


@consumers.on(PersonInvited)
def _person_invited(event: PersonInvited, uow: UnitOfWork) -> None:
    held = {grant.role for grant in access.grants(uow.organisation_id, event.person_id)}
    role = next((one for one in access.ROLES if one in held), access.TENANT)
    tell(uow, event.person_id, "access_granted", "access_granted", {}, role=role)


# ------------------------------------------------------------------ parts
def _tell_unit(
    uow: UnitOfWork, event: ReadingHeld | MeterReplaced | AcceptedReading, kind: str, what: str, **values: Any
) -> None:
    """Tell those who live with a meter; one of the common parts is nobody's."""
    people = service_telling.residents_of(uow, event.community_id, event.unit_id)
    tell_people(uow, people, kind, what, {"meter_id": event.meter_id}, **values)


def _zone(uow: UnitOfWork) -> str:
    return access.organisation(uow.organisation_id).time_zone


def _local(uow: UnitOfWork, instant: datetime) -> str:
    """As the kinds want it: the organisation's local time with its offset."""
    return instant.astimezone(ZoneInfo(_zone(uow))).isoformat(timespec="minutes")
