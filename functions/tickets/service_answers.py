"""What people say to a ticket: comments, and the reporter's own steps."""

from datetime import datetime
from http import HTTPStatus
from typing import Final, cast

from shared import access, attachments, clock
from shared.access import Principal
from shared.errors import Conflict, DomainError
from shared.events.tickets import TicketCommented, TicketRated
from shared.tables import UnitOfWork
from tickets import service_attachments, service_view, store, store_contracts, store_desk
from tickets.rules import transitions
from tickets.rules.visibility import shown_status
from tickets.rules.vocabulary import Outcome, Status
from tickets.schemas import CommentRequest, EntryReceipt, RatingRequest, ReopeningRequest
from tickets.schemas_desk import TicketSettings
from tickets.service_steps import Act, actor_of, refuse_step, step

_COMMENTS_A_TICKET: Final = 5
"""So many times the tickets that somebody may open in a day may he write to them."""


def comment(uow: UnitOfWork, me: Principal, ticket_id: str, body: CommentRequest) -> EntryReceipt:
    """Write to a ticket. The reporter's word moves on a ticket that waits for it.

    Raises NotFound, `forbidden` for an internal word of others than staff, `empty_comment`, `ticket_ended` (staff may always
    write), the refusals of attachments, and `too_many_requests`.
    """
    ticket = service_view.find_visible(me, ticket_id)
    if body.internal and not me.is_staff:
        raise DomainError("forbidden", HTTPStatus.FORBIDDEN)
    if not body.text and not body.attachments:
        raise DomainError("empty_comment")
    if not me.is_staff and not ticket.is_open:
        raise Conflict("ticket_ended")
    taken = service_attachments.take(me, body.attachments, int(ticket.files))
    ticket.files = int(ticket.files) + len(taken)
    settings = store_desk.settings_of(me.organisation_id)
    _limit(uow, me, settings)
    author = store.author_of(me, ticket)
    entry = store.stage_entry(uow, ticket, "commented", author, body.text, internal=body.internal, attachments=taken)
    say_commented(uow, ticket, entry)
    if transitions.find_way(cast("Status", ticket.status), "in_progress", actor_of(me, ticket) or "system", "answer"):
        step(uow, ticket, "in_progress", Act("reporter", "answer", author), settings)
    store.stage_ticket(uow, ticket)
    return _receipt(me, ticket, entry)


def reopen(uow: UnitOfWork, me: Principal, ticket_id: str, body: ReopeningRequest) -> EntryReceipt:
    """Say that it is not done after all: the reporter within the organisation's days, staff at any time.

    Raises NotFound, `transition_refused`, `reopening_too_late`, `too_many_requests`.
    """
    ticket = service_view.find_visible(me, ticket_id)
    actor, settings = actor_of(me, ticket), store_desk.settings_of(me.organisation_id)
    if actor is None:
        raise refuse_step()
    if actor == "reporter":
        _check_reopening(ticket, settings)
        _limit(uow, me, settings)
    to: Status = "new" if actor == "reporter" else "in_progress"
    act = Act(actor, "reopening", store.author_of(me, ticket), body.text, "reopened")
    entry = step(uow, ticket, to, act, settings)
    store.stage_ticket(uow, ticket)
    return _receipt(me, ticket, entry)


def rate(uow: UnitOfWork, me: Principal, ticket_id: str, body: RatingRequest) -> EntryReceipt:
    """Say how it went, once for each time that it ended; only its reporter.

    Raises NotFound, `transition_refused` for others and for what was withdrawn or merged, `not_ended`, `already_rated`.
    """
    ticket = service_view.find_visible(me, ticket_id)
    if actor_of(me, ticket) != "reporter":
        raise refuse_step()
    if ticket.is_open:
        raise Conflict("not_ended")
    if ticket.stars is not None:
        raise Conflict("already_rated")
    if not transitions.may_rate(cast("Status", ticket.status), _outcome(ticket), None):
        raise refuse_step()
    ticket.stars = body.stars
    author = store.author_of(me, ticket)
    entry = store.stage_entry(uow, ticket, "rated", author, body.text, now=str(body.stars))
    store.stage_ticket(uow, ticket)
    uow.emit(TicketRated(ticket_id=ticket.ticket_id, stars=body.stars))
    return _receipt(me, ticket, entry)


def withdraw(uow: UnitOfWork, me: Principal, ticket_id: str) -> EntryReceipt:
    """Take one's own open ticket back. Raises NotFound, `transition_refused`."""
    ticket = service_view.find_visible(me, ticket_id)
    if actor_of(me, ticket) != "reporter":
        raise refuse_step()
    act = Act("reporter", "withdrawal", store.author_of(me, ticket), kind="withdrawn")
    entry = step(uow, ticket, "closed", act, store_desk.settings_of(me.organisation_id))
    store.stage_ticket(uow, ticket)
    return _receipt(me, ticket, entry)


def say_commented(uow: UnitOfWork, ticket: store.TicketItem, entry: store.EntryItem) -> None:
    """Emit that an entry is a comment, with the files that nobody may forget any more."""
    uow.emit(
        TicketCommented(
            ticket_id=ticket.ticket_id,
            reporter_id=ticket.reporter_id,
            entry_id=entry.entry_id,
            internal=entry.internal,
            assignee_id=ticket.assignee_id,
            attachments=attachments.object_keys(entry.attachments),
        )
    )


def _check_reopening(ticket: store.TicketItem, settings: TicketSettings) -> None:
    if not transitions.may_reopen(cast("Status", ticket.status), _outcome(ticket)):
        raise refuse_step()
    ended = datetime.fromisoformat(str(ticket.ended_at))
    if not transitions.is_in_time(ended, clock.now(), settings.reopen_days):
        raise Conflict("reopening_too_late")


def _limit(uow: UnitOfWork, me: Principal, settings: TicketSettings) -> None:
    """Against floods; staff are free."""
    if not me.is_staff:
        zone = access.organisation(me.organisation_id).time_zone
        most = settings.tickets_a_day * _COMMENTS_A_TICKET
        store_contracts.stage_limit(uow, me.person_id, "comments", most, zone)


def _outcome(ticket: store.TicketItem) -> Outcome | None:
    return cast("Outcome | None", ticket.outcome)


def _receipt(me: Principal, ticket: store.TicketItem, entry: store.EntryItem) -> EntryReceipt:
    return EntryReceipt(entry_id=entry.entry_id, status=shown_status(cast("Status", ticket.status), staff=me.is_staff))
