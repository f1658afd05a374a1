"""Incidents: an outage or planned work is said once, and answers all the tickets that are reports of it."""

from collections import Counter
from datetime import datetime
from typing import Any, Final, Literal, cast

from shared import clock
from shared.access import Principal
from shared.errors import Conflict, DomainError, FieldProblem, NotFound
from shared.events.tickets import IncidentOpened, IncidentUpdated
from shared.tables import UnitOfWork
from tickets import store, store_contracts, store_desk
from tickets import store_incidents as incidents
from tickets.rules.categories import find_problem
from tickets.rules.changes import checked_instant
from tickets.schemas import IncidentRequest, IncidentResponse, IncidentUpdate, IncidentUpdateRequest
from tickets.service_steps import Act, step

BATCH: Final = 15
"""Tickets that one event answers: at most six operations each, with room for the rest, in a transaction of a hundred."""
_MOST_PAGES: Final = 4
"""So many pages of an organisation's incidents are looked through for those of one resident."""
_MOST_OPERATIONS: Final = 99


# ------------------------------------------------------------------ reading
def list_incidents(
    me: Principal, cursor: dict[str, Any] | None
) -> tuple[list[IncidentResponse], dict[str, Any] | None]:
    """A page of open incidents without what has been said of them: for staff all, for others those of their communities."""
    seen: list[incidents.IncidentItem] = []
    for _ in range(_MOST_PAGES):
        found, cursor = incidents.list_incidents(me.organisation_id, cursor)
        seen += [each for each in found if _may_see(me, each)]
        if seen or cursor is None:
            break
    counts = incidents.count_tickets(me.organisation_id, [each.incident_id for each in seen])
    pages = [incidents.IncidentPage(each, counts.get(each.incident_id, 0), []) for each in seen]
    return [shown(page) for page in pages], cursor


def get_incident(me: Principal, incident_id: str) -> IncidentResponse:
    """An incident with what has been said of it. Raises NotFound, also for one of other communities."""
    page = incidents.read_incident(me.organisation_id, incident_id)
    if not _may_see(me, page.incident):
        raise NotFound
    return shown(page)


def shown(page: incidents.IncidentPage) -> IncidentResponse:
    """An incident as everybody gets it who may see it."""
    item = page.incident
    return IncidentResponse(
        incident_id=item.incident_id,
        kind=cast("Literal['outage', 'planned_work']", item.kind),
        state=cast("Literal['open', 'resolved']", item.state),
        community_ids=item.community_ids,
        category=item.category,
        title=item.title,
        text=item.text,
        starts_at=datetime.fromisoformat(item.starts_at),
        ends_at=datetime.fromisoformat(item.ends_at) if item.ends_at else None,
        tickets=page.tickets,
        updates=[_said(each) for each in page.updates],
    )


def _said(item: incidents.SaidItem) -> IncidentUpdate:
    at = datetime.fromisoformat(item.at)
    return IncidentUpdate(update_id=item.update_id, at=at, text=item.text, resolved=item.resolved)


def _may_see(me: Principal, incident: incidents.IncidentItem) -> bool:
    return me.is_staff or not set(incident.community_ids).isdisjoint(me.scope_ids("community"))


# ------------------------------------------------------------------ saying
def open_incident(uow: UnitOfWork, me: Principal, body: IncidentRequest) -> IncidentResponse:
    """Open an incident and make tickets of its communities reports of it; they leave the open one that they belonged to.

    Raises `unknown_community`, `unknown_category`, `unknown_ticket`, `invalid_body`.
    """
    _check(me.organisation_id, body)
    item = incidents.new_incident(me.organisation_id)
    item.kind, item.title, item.text, item.category = body.kind, body.title, body.text, body.category
    item.community_ids = list(dict.fromkeys(body.community_ids))
    item.starts_at = clock.stamp(body.starts_at)
    item.ends_at = clock.stamp(body.ends_at) if body.ends_at else None
    item.opened_by = me.person_id
    incidents.stage_incident(uow, item)
    tickets = [_find_report(me, item, ticket_id) for ticket_id in dict.fromkeys(body.ticket_ids)]
    _take_in(uow, me, item, tickets)
    uow.emit(
        IncidentOpened(
            incident_id=item.incident_id,
            kind=item.kind,
            community_ids=item.community_ids,
            starts_at=body.starts_at,
            ends_at=body.ends_at,
        )
    )
    return shown(incidents.IncidentPage(item, len(tickets), []))


def update_incident(uow: UnitOfWork, me: Principal, incident_id: str, body: IncidentUpdateRequest) -> IncidentResponse:
    """Say something of an incident; its tickets are answered from the event, batch by batch.

    Raises NotFound, `incident_resolved`, `invalid_body`.
    """
    page = incidents.read_incident(me.organisation_id, incident_id)
    item = page.incident
    if item.state != "open":
        raise Conflict("incident_resolved")
    if body.ends_at:
        _check_end(datetime.fromisoformat(item.starts_at), body.ends_at)
        item.ends_at = clock.stamp(body.ends_at)
    if body.resolved:
        item.state = "resolved"
    said = incidents.stage_update(uow, item, me.person_id, body.text, resolved=body.resolved)
    incidents.stage_incident(uow, item)
    uow.emit(IncidentUpdated(incident_id=incident_id, update_id=said.update_id))
    return shown(incidents.IncidentPage(item, page.tickets, [*page.updates, said]))


def move_ticket(uow: UnitOfWork, ticket: store.TicketItem, incident_id: str | None, author: store.Author) -> None:
    """Make a ticket a report of an open incident of its community, or of none; the caller stages its head.

    Raises `unknown_incident`.
    """
    if incident_id is not None:
        incident = _find_open(ticket.organisation_id, incident_id)
        if incident is None or ticket.community_id not in incident.community_ids:
            raise DomainError("unknown_incident")
    if ticket.incident_id:
        incidents.stage_unlink(uow, ticket.incident_id, ticket.ticket_id)
    if incident_id is not None:
        incidents.stage_link(uow, incident_id, ticket.ticket_id)
    _note_link(uow, ticket, incident_id, author)


# ------------------------------------------------------------------ answering
def answer_tickets(uow: UnitOfWork, event: IncidentUpdated) -> None:
    """Tell a batch of an incident's open tickets what was said; a resolved incident ends them with it. The next batch is an event."""
    said = incidents.find_update(uow.organisation_id, event.incident_id, event.update_id)
    batch = incidents.linked_tickets(uow.organisation_id, event.incident_id, event.after, BATCH)
    settings = store_desk.settings_of(uow.organisation_id)
    author = store.Author(said.author, "staff")
    for ticket_id in batch:
        ticket = store.find_ticket(uow.organisation_id, ticket_id)
        # One that has ended meanwhile, or turned out to be something else, is not answered.
        if not ticket.is_open or ticket.incident_id != event.incident_id:
            continue
        if said.resolved:
            act = Act("system", "incident", author, said.text, "incident_updated")
            step(uow, ticket, "done", act, settings)
        else:
            store.stage_entry(uow, ticket, "incident_updated", author, said.text)
        store.stage_ticket(uow, ticket)
    if len(batch) == BATCH:
        uow.emit(event.model_copy(update={"after": batch[-1]}))


# ------------------------------------------------------------------ parts
def _check(organisation_id: str, body: IncidentRequest) -> None:
    for at, community_id in enumerate(body.community_ids):
        if not store_contracts.is_community(organisation_id, community_id):
            problem = FieldProblem(f"community_ids.{at}", "unknown_community")
            raise DomainError("unknown_community", problems=(problem,))
    if body.category and find_problem(store_desk.settings_of(organisation_id), body.category) is None:
        raise DomainError("unknown_category", problems=(FieldProblem("category", "unknown_category"),))
    checked_instant("starts_at", body.starts_at, clock.now())
    if body.ends_at:
        _check_end(body.starts_at, body.ends_at)


def _check_end(starts_at: datetime, ends_at: datetime) -> None:
    checked_instant("ends_at", ends_at, clock.now())
    if ends_at < starts_at:
        problem = FieldProblem("ends_at", "greater_than_equal", {"ge": starts_at.isoformat()})
        raise DomainError("invalid_body", problems=(problem,))


def _find_open(organisation_id: str, incident_id: str) -> incidents.IncidentItem | None:
    try:
        incident = incidents.find_incident(organisation_id, incident_id)
    except NotFound:
        return None
    return incident if incident.state == "open" else None


def _find_report(me: Principal, incident: incidents.IncidentItem, ticket_id: str) -> store.TicketItem:
    """A ticket that can be a report of the incident. Raises `unknown_ticket`."""
    try:
        ticket = store.find_ticket(me.organisation_id, ticket_id)
    except NotFound as error:
        raise DomainError("unknown_ticket") from error
    if ticket.community_id not in incident.community_ids:
        raise DomainError("unknown_ticket")
    return ticket


def _take_in(uow: UnitOfWork, me: Principal, incident: incidents.IncidentItem, tickets: list[store.TicketItem]) -> None:
    """Make tickets reports of an incident that is made in the same transaction. Each item is written once in it."""
    left: Counter[str] = Counter()
    for ticket in tickets:
        if ticket.incident_id and _find_open(ticket.organisation_id, ticket.incident_id):
            pk = incidents.incident_pk(ticket.organisation_id, ticket.incident_id)
            uow.delete(incidents.LinkItem(pk=pk, sk=f"TICKET#{ticket.ticket_id}"))
            left[ticket.incident_id] += 1
        incidents.stage_link(uow, incident.incident_id, ticket.ticket_id, is_new=True)
        _note_link(uow, ticket, incident.incident_id, store.author_of(me, ticket))
        store.stage_ticket(uow, ticket)
    for incident_id, how_many in left.items():
        incidents.stage_count(uow, incident_id, -how_many)
    incidents.stage_count(uow, incident.incident_id, len(tickets))
    if uow.size > _MOST_OPERATIONS:  # twenty tickets that all leave other incidents, nearly each another
        raise Conflict


def _note_link(uow: UnitOfWork, ticket: store.TicketItem, incident_id: str | None, author: store.Author) -> None:
    store.stage_entry(uow, ticket, "incident_linked", author, previous=ticket.incident_id, now=incident_id)
    ticket.incident_id = incident_id
