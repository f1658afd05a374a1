"""One step of a ticket from a status to another, with all that follows from it: outcome, deadline, entry, event."""

from dataclasses import dataclass
from typing import Final, cast

from shared import clock
from shared.access import Principal
from shared.errors import Conflict, DomainError, FieldProblem
from shared.events.tickets import TicketStatusChanged
from shared.tables import UnitOfWork
from tickets import service_clock, store
from tickets.rules import transitions
from tickets.rules.statuses import is_open, public_status
from tickets.rules.transitions import Actor, Step, Way
from tickets.rules.vocabulary import EntryKind, Status, Wanted
from tickets.schemas_desk import TicketSettings

_MISSING: Final = {"result": "result_needed", "reason": "reason_needed", "question": "question_needed"}


@dataclass(frozen=True)
class Act:
    """What is done and in which part. `author` is whom the timeline names; `kind` is the entry that tells of it."""

    actor: Actor
    step: Step
    author: store.Author
    text: str = ""
    kind: EntryKind = "status_changed"
    now: str | None = None
    """What the entry names instead of the new status."""
    wanted: Wanted = "answer"
    """What the reporter is asked for, where the ticket waits for him from now on."""


def actor_of(me: Principal, ticket: store.TicketItem) -> Actor | None:
    """In which part of the table somebody acts who may see the ticket; None: a co-holder, who may only write to it."""
    if me.is_staff:
        return "staff"
    return "reporter" if me.person_id == ticket.reporter_id else None


def refuse_step() -> DomainError:
    return Conflict("transition_refused")


def step(uow: UnitOfWork, ticket: store.TicketItem, to: Status, act: Act, settings: TicketSettings) -> store.EntryItem:
    """Change the status, stage the entry and the event; the caller stages the head.

    Raises `transition_refused` where the table has no such way, `result_needed`, `reason_needed` or `question_needed` where
    it asks for words.
    """
    status = cast("Status", ticket.status)
    way = transitions.find_way(status, to, act.actor, act.step)
    if way is None:
        raise refuse_step()
    need = transitions.need_of(way, to, act.wanted)
    if need and not act.text:
        code = _MISSING[need]
        raise DomainError(code, problems=(FieldProblem("text", code),))
    ticket.status = to
    ticket.wanted = act.wanted if to == "waiting_for_tenant" else None
    _settle(ticket, status, way, settings)
    uow.emit(
        TicketStatusChanged(
            ticket_id=ticket.ticket_id,
            reporter_id=ticket.reporter_id,
            previous=status,
            status=to,
            public=public_status(to),
            previous_public=public_status(status),
            assignee_id=ticket.assignee_id,
            number=ticket.number,
            wanted=ticket.wanted,
        )
    )
    return store.stage_entry(uow, ticket, act.kind, act.author, act.text, previous=status, now=act.now or to)


def _settle(ticket: store.TicketItem, previous: Status, way: Way, settings: TicketSettings) -> None:
    """What a ticket's other fields become by its new status."""
    now = clock.now()
    if not is_open(ticket.status):
        ticket.outcome = way.outcome or ticket.outcome
        service_clock.clear(ticket)
    elif not is_open(previous):
        # The one that was ended before has nothing to do with how it ends the next time.
        ticket.outcome = ticket.stars = ticket.merged_into = ticket.escalated_at = None
        ticket.reopened = int(ticket.reopened) + 1
        service_clock.start(ticket, settings, now)
    elif ticket.status == "waiting_for_tenant":
        service_clock.stop(ticket, settings, now)
    elif previous == "waiting_for_tenant":
        service_clock.go_on(ticket, settings, now)
