"""A ticket as its reader sees it."""

from datetime import datetime
from typing import Any, cast

from shared import attachments, clock
from shared.access import Principal
from shared.errors import NotFound
from tickets import service_contracts, store, store_desk
from tickets.rules import transitions, visibility
from tickets.rules.vocabulary import Channel, EntryKind, Outcome, Status, TicketType, Wanted
from tickets.schemas import Abilities, Author, TicketResponse, TicketSummary, TimelineEntry, WishedTime


def require_ticket(me: Principal, ticket: store.TicketItem) -> None:
    """Raises NotFound where this person may not see the ticket: whether it exists is nobody's business."""
    if not may_see(me, ticket):
        raise NotFound


def find_visible(me: Principal, ticket_id: str) -> store.TicketItem:
    """A ticket of the caller's organisation that he may see. Raises NotFound."""
    ticket = store.find_ticket(me.organisation_id, ticket_id)
    require_ticket(me, ticket)
    return ticket


def get_ticket(me: Principal, ticket_id: str) -> tuple[TicketResponse, str]:
    """The ticket with its timeline, and a mark that stays while nothing in it changes and its addresses work."""
    ticket, entries = store.read_ticket(me.organisation_id, ticket_id)
    require_ticket(me, ticket)
    opened = next(entry for entry in entries if entry.kind == "opened")
    rated = [entry for entry in entries if entry.kind == "rated"] if ticket.stars is not None else []
    response = TicketResponse(
        **dict(summary(me, ticket)),
        description=opened.text,
        place=opened.details.get("place", ""),
        wished_times=[WishedTime.model_validate(each) for each in opened.details.get("wished_times", [])],
        result=visibility.result_of(ticket.outcome, cast("list[visibility.Seen]", entries)),
        question=visibility.question_of(ticket.status, cast("list[visibility.Seen]", entries)),
        rating_text=rated[-1].text if rated else "",
        merged_into=_merged_into(me, ticket),
        escalated_at=_time(ticket.escalated_at) if me.is_staff else None,
        timeline=_timeline(me, entries),
        abilities=_abilities(me, ticket),
    )
    return response, f"{ticket.version}/{clock.timestamp() // attachments.WINDOW}/{response.overdue}"


def summary(me: Principal, ticket: store.TicketItem) -> TicketSummary:
    """A ticket as lists show it."""
    staff, due_at = me.is_staff, _time(ticket.due_at) if ticket.is_open else None
    waits = ticket.status == "waiting_for_tenant"
    return TicketSummary(
        ticket_id=ticket.ticket_id,
        number=ticket.number,
        type=cast("TicketType", ticket.type),
        category=ticket.category,
        subject=ticket.subject,
        status=visibility.shown_status(cast("Status", ticket.status), staff=staff),
        outcome=cast("Outcome | None", ticket.outcome),
        awaiting_you=waits and me.person_id == ticket.reporter_id,
        wanted=cast("Wanted", ticket.wanted or "answer") if waits else None,
        emergency=ticket.emergency,
        common_part=ticket.common_part,
        due_at=due_at,
        overdue=due_at is not None and due_at < clock.now(),
        created_at=datetime.fromisoformat(ticket.created_at),
        changed_at=datetime.fromisoformat(ticket.changed_at),
        contract_id=ticket.contract_id,
        unit_id=ticket.unit_id,
        community_id=ticket.community_id,
        incident_id=ticket.incident_id,
        reopened=int(ticket.reopened),
        stars=None if ticket.stars is None else int(ticket.stars),
        version=int(ticket.version or 1),
        reporter_id=ticket.reporter_id if staff else None,
        assignee_id=ticket.assignee_id if staff else None,
        supplier_id=ticket.supplier_id if staff else None,
        channel=cast("Channel", ticket.channel) if staff else None,
    )


def may_see(me: Principal, ticket: store.TicketItem) -> bool:
    # Staff and reporters, who ask every two seconds, need nothing more to be read; those who hold the contract with them do.
    known = me.is_staff or me.person_id == ticket.reporter_id
    if known or ticket.contract_id not in me.scope_ids("contract"):
        return visibility.may_see(me, reporter_id=ticket.reporter_id, holds_contract=False, shared_in_household=False)
    return visibility.may_see(
        me,
        reporter_id=ticket.reporter_id,
        holds_contract=bool(service_contracts.held_contracts(me, [ticket.contract_id])),
        shared_in_household=store_desk.settings_of(me.organisation_id).shared_in_household,
    )


def _merged_into(me: Principal, ticket: store.TicketItem) -> str | None:
    """The ticket that goes on in this one's place, where the reader may see it."""
    if not ticket.merged_into or me.is_staff:
        return ticket.merged_into
    return ticket.merged_into if may_see(me, store.find_ticket(me.organisation_id, ticket.merged_into)) else None


def _timeline(me: Principal, entries: list[store.EntryItem]) -> list[TimelineEntry]:
    return [
        _entry(me, entry, change)
        for entry in entries
        if (change := visibility.shown_change(cast("visibility.Seen", entry), staff=me.is_staff)) is not None
    ]


def _entry(me: Principal, entry: store.EntryItem, change: visibility.Change) -> TimelineEntry:
    return TimelineEntry(
        entry_id=entry.entry_id,
        kind=cast("EntryKind", entry.kind),
        at=datetime.fromisoformat(entry.at),
        author=Author(
            role=cast("Any", entry.role),
            mine=entry.author == me.person_id,
            person_id=entry.author if me.is_staff and entry.role != "system" else None,
        ),
        internal=entry.internal,
        text=entry.text,
        previous=change.previous,
        now=change.now,
        attachments=[attachments.shown(each) for each in entry.attachments],
    )


def _abilities(me: Principal, ticket: store.TicketItem) -> Abilities:
    """What the reader may do now. Only the reporter takes back, reopens and rates; whoever sees an open ticket may write to it."""
    status, outcome = cast("Status", ticket.status), cast("Outcome | None", ticket.outcome)
    if me.is_staff:
        statuses = transitions.staff_statuses(status)
        return Abilities(statuses=statuses, comment=True, reopen=not ticket.is_open, rate=False, withdraw=False)
    mine = me.person_id == ticket.reporter_id
    stars = None if ticket.stars is None else int(ticket.stars)
    return Abilities(
        statuses=[],
        comment=ticket.is_open,
        reopen=mine and transitions.may_reopen(status, outcome) and _in_time(ticket),
        rate=mine and transitions.may_rate(status, outcome, stars),
        withdraw=mine and transitions.may_withdraw(status),
    )


def _in_time(ticket: store.TicketItem) -> bool:
    days = store_desk.settings_of(ticket.organisation_id).reopen_days
    return transitions.is_in_time(datetime.fromisoformat(str(ticket.ended_at)), clock.now(), days)


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
