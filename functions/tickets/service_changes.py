"""What staff change of a ticket: one, many at once, and a duplicate into another."""

from typing import cast

from shared import access, clock
from shared.access import STAFF_ONLY, Principal
from shared.errors import Conflict, DomainError, FieldProblem
from shared.events.tickets import TicketAssigned, TicketSupplierAssigned
from shared.tables import AlreadyDone, UnitOfWork, run
from tickets import service_answers, service_clock, service_incidents, service_view, store, store_desk
from tickets.rules import changes
from tickets.rules.categories import deadline_of
from tickets.rules.vocabulary import EntryKind
from tickets.schemas import BulkOutcome, BulkRequest, BulkResponse, TicketChange, TicketSummary
from tickets.schemas_desk import TicketSettings
from tickets.service_steps import Act, refuse_step, step


def change_ticket(uow: UnitOfWork, me: Principal, ticket_id: str, body: TicketChange) -> TicketSummary:
    """Change the fields that were sent, all or none.

    Raises NotFound, Conflict where the ticket has moved on since `version`, `transition_refused`, `result_needed`,
    `reason_needed`, `question_needed`, `nothing_asked`, `unknown_assignee`, `unknown_category`, `unknown_incident`, `invalid_body` for
    a deadline without sense.
    """
    ticket = store.find_ticket(me.organisation_id, ticket_id)
    if body.version not in (None, int(ticket.version or 0)):
        raise Conflict
    if not (body.model_fields_set - {"version"}):
        return service_view.summary(me, ticket)
    before = uow.size
    _Change(uow, me, ticket, body).make()
    if uow.size == before:  # everything was so already
        return service_view.summary(me, ticket)
    store.stage_ticket(uow, ticket)
    return _summary(me, ticket)


def change_tickets(uow: UnitOfWork, me: Principal, body: BulkRequest) -> BulkResponse:
    """The same change to each ticket, in a transaction of its own.

    Twenty tickets with their entries, events and pointers are more than one transaction takes, and one that somebody else changes
    at the same time would stop the rest. What is repeated under the same Idempotency-Key is not changed twice.
    """
    tickets = dict.fromkeys(body.ticket_ids)
    return BulkResponse(
        items=[BulkOutcome(ticket_id=one, code=_change_one(uow, me, one, body.change)) for one in tickets]
    )


def merge_tickets(uow: UnitOfWork, me: Principal, ticket_id: str, into_ticket_id: str) -> TicketSummary:
    """Close a duplicate in favour of an open ticket of the same contract; both say so.

    Raises NotFound, `transition_refused` for a ticket that has ended, `merge_refused` where the two do not belong together, or the
    duplicate's reporter could not follow the other one.
    """
    ticket = store.find_ticket(me.organisation_id, ticket_id)
    into = store.find_ticket(me.organisation_id, into_ticket_id)
    settings = store_desk.settings_of(me.organisation_id)
    belongs = ticket.contract_id == into.contract_id and ticket.ticket_id != into.ticket_id
    follows = settings.shared_in_household or ticket.reporter_id == into.reporter_id
    if not (belongs and follows and into.is_open):
        raise DomainError("merge_refused")
    author = store.author_of(me, ticket)
    step(uow, ticket, "closed", Act("staff", "merger", author, kind="merged", now=into.ticket_id), settings)
    ticket.merged_into = into.ticket_id
    store.stage_ticket(uow, ticket)
    store.stage_entry(uow, into, "merged", author, previous=ticket.ticket_id)
    store.stage_ticket(uow, into)
    return _summary(me, ticket)


def _change_one(uow: UnitOfWork, me: Principal, ticket_id: str, change: TicketChange) -> str | None:
    once = f"BULK#{uow.once_key}#{ticket_id}" if uow.once_key else ""

    def work(own: UnitOfWork) -> None:
        done = own.find_done() if once else None
        if done:
            raise done
        change_ticket(own, me, ticket_id, change)

    try:
        run(lambda: UnitOfWork(uow.variable, uow.metadata, once, uow.fingerprint), work, lambda _uow, _result: None)
    except AlreadyDone as done:
        if done.fingerprint != uow.fingerprint:
            raise DomainError("idempotency_key_reused") from done
    except DomainError as error:
        return error.code
    return None


def _summary(me: Principal, ticket: store.TicketItem) -> TicketSummary:
    """As the ticket will be once it is committed."""
    return service_view.summary(me, ticket).model_copy(update={"version": int(ticket.version or 0) + 1})


class _Change:
    """One ticket's change, field by field; the status before the deadline, which depends on it."""

    def __init__(self, uow: UnitOfWork, me: Principal, ticket: store.TicketItem, body: TicketChange) -> None:
        self.uow, self.me, self.ticket, self.body = uow, me, ticket, body
        self.author = store.author_of(me, ticket)
        self.settings: TicketSettings = store_desk.settings_of(me.organisation_id)
        self.sent = body.model_fields_set

    def make(self) -> None:
        if self.body.wanted and self.body.status != "waiting_for_tenant":
            raise DomainError("nothing_asked", problems=(FieldProblem("wanted", "nothing_asked"),))
        self._change_subject()
        self._assign()  # before the status, whose event tells whom it concerns
        if self.body.status:
            act = Act("staff", "change", self.author, self.body.text, wanted=self.body.wanted or "answer")
            step(self.uow, self.ticket, self.body.status, act, self.settings)
        elif self.body.text:
            entry = store.stage_entry(self.uow, self.ticket, "commented", self.author, self.body.text)
            service_answers.say_commented(self.uow, self.ticket, entry)
        if "due_at" in self.sent:
            self._set_due()
        if "incident_id" in self.sent and self.body.incident_id != self.ticket.incident_id:
            service_incidents.move_ticket(self.uow, self.ticket, self.body.incident_id, self.author)

    def _change_subject(self) -> None:
        """What it is about, and how urgent that makes it: a deadline that follows from it begins anew."""
        body, ticket = self.body, self.ticket
        before = deadline_of(self.settings, ticket.category, emergency=ticket.emergency)
        if body.category or body.type:
            changes.check_category(self.settings, body.category or ticket.category, body.type or ticket.type)
        for kind, name, value in (
            ("category_changed", "category", body.category),
            ("type_changed", "type", body.type),
            ("emergency_changed", "emergency", body.emergency),
        ):
            if value is not None and value != getattr(ticket, name):
                self._note(cast("EntryKind", kind), changes.word(getattr(ticket, name)), changes.word(value))
                setattr(ticket, name, value)
        after = deadline_of(self.settings, ticket.category, emergency=ticket.emergency)
        if after != before and ticket.is_open and "due_at" not in self.sent:
            old = ticket.due_at
            service_clock.start(ticket, self.settings, clock.now())
            self._note("due_changed", old, ticket.due_at)

    def _set_due(self) -> None:
        if not self.ticket.is_open:
            raise refuse_step()
        due = changes.checked_instant("due_at", self.body.due_at, clock.now())
        old = self.ticket.due_at
        service_clock.set_due(self.ticket, self.settings, due, clock.now())
        self._note("due_changed", old, clock.stamp(due) if due else None)

    def _assign(self) -> None:
        body, ticket = self.body, self.ticket
        if "assignee_id" in self.sent and body.assignee_id != ticket.assignee_id:
            if body.assignee_id is not None:
                _require_staff(ticket.organisation_id, body.assignee_id)
            self._note("assigned", ticket.assignee_id, body.assignee_id)
            ticket.assignee_id = body.assignee_id
            self.uow.emit(TicketAssigned(ticket_id=ticket.ticket_id, assignee_id=body.assignee_id))
        if "supplier_id" in self.sent and body.supplier_id != ticket.supplier_id:
            self._note("supplier_assigned", ticket.supplier_id, body.supplier_id)
            ticket.supplier_id = body.supplier_id
            self.uow.emit(TicketSupplierAssigned(ticket_id=ticket.ticket_id, supplier_id=body.supplier_id))

    def _note(self, kind: EntryKind, previous: str | None, now: str | None) -> None:
        store.stage_entry(self.uow, self.ticket, kind, self.author, previous=previous, now=now)


def _require_staff(organisation_id: str, person_id: str) -> None:
    """Raises `unknown_assignee` for somebody who is no member of staff today."""
    today = clock.today(access.organisation(organisation_id).time_zone)
    held = access.grants(organisation_id, person_id)
    if not any(grant.role in STAFF_ONLY and grant.holds_on(today) for grant in held):
        raise DomainError("unknown_assignee")
