"""Lists of tickets. A page reads a bounded number of items, however many tickets the organisation has.

The narrowest index that the filters allow is read; what it does not decide is filtered here. A page may then be short, and its cursor
goes on where reading stopped. Several partitions (the open statuses, one's contracts) are merged by their sort keys, so that one
position is the cursor for all of them.
"""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from itertools import count
from typing import Any, Final

from shared import access, clock
from shared.access import Principal
from shared.errors import DomainError, FieldProblem
from tickets import service_contracts, service_view, store_contracts, store_desk, store_queue
from tickets.rules import categories
from tickets.rules.numbers import read_number
from tickets.rules.statuses import OPEN, SHUT, inner_statuses
from tickets.schemas import QueueQuery, TicketSummary
from tickets.store import TicketItem
from tickets.store_queue import Fetch

PAGE: Final = 50
MOST_READ = 500
"""Tickets that one page looks at, at most."""
_STAFF_FILTERS: Final = ("assignee_id", "community_id", "channel", "overdue")
_PUBLIC_FILTERS: Final = frozenset({None, "open", "shut", "all", "not_reviewed", "in_progress", "reviewed"})

Key = dict[str, Any]
Matches = Callable[[TicketItem], bool]


@dataclass(frozen=True)
class Part:
    """Partitions that are read as one list. A list is one part after the other, such as what is open and then what has ended."""

    fetches: list[Fetch]
    position: Callable[[TicketItem], str]
    newest_first: bool


def list_tickets(me: Principal, query: QueueQuery, start: Key | None) -> tuple[list[TicketSummary], Key | None]:
    """A page of the caller's tickets, or for staff of the organisation's queue, and the key of the next page.

    Raises `invalid_query` where somebody outside the staff asks for what only staff see.
    """
    if not me.is_staff:
        _refuse_staff_filters(query)
        parts, matches = _own_parts(me, query), _own_matches(me, query)
    elif query.number:
        return _by_number(me, query), None
    else:
        parts, matches = _queue_parts(me, query), _matches(me, query)
    found, last = read_page(parts, matches, start)
    return [service_view.summary(me, ticket) for ticket in found], last


def read_page(parts: list[Part], matches: Matches, start: Key | None) -> tuple[list[TicketItem], Key | None]:
    """The next tickets that match, and where to go on; None at the end."""
    found: list[TicketItem] = []
    read, number, after = 0, int(start["part"]) if start else 0, str(start["after"]) if start else ""
    for at in range(number, len(parts)):
        for ticket in _merged(parts[at], after):
            if len(found) == PAGE or read == MOST_READ:
                return found, {"part": at, "after": after}
            read, after = read + 1, parts[at].position(ticket)
            if matches(ticket):
                found.append(ticket)
        after = ""
    return found, None


def _merged(part: Part, after: str) -> Iterator[TicketItem]:
    # A little more than its share of a page from each partition: a page costs about the same however tickets are spread.
    piece = PAGE // len(part.fetches) + 4 if part.fetches else 0
    return heapq.merge(
        *(_all(fetch, part.position, after, piece) for fetch in part.fetches),
        key=part.position,
        reverse=part.newest_first,
    )


def _all(fetch: Fetch, position: Callable[[TicketItem], str], after: str, piece: int) -> Iterator[TicketItem]:
    for turn in count():
        # Pieces grow where much is read because little matches: fewer round trips, and the first page costs no more.
        size = piece * max(1, turn)
        found = fetch(after, size)
        yield from found
        if len(found) < size:
            return
        after = position(found[-1])


# ------------------------------------------------------------------ staff
def _queue_parts(me: Principal, query: QueueQuery) -> list[Part]:
    organisation_id = me.organisation_id
    if query.contract_id:
        return [Part([store_queue.by_contract(organisation_id, query.contract_id).fetch], _id, newest_first=True)]
    if query.incident_id:
        return [Part([store_queue.of_incident(organisation_id, query.incident_id)], _id, newest_first=False)]
    wanted = inner_statuses(query.status or "open", staff=me.is_staff)
    until = {"until": clock.stamp(clock.now())} if query.overdue else {}
    parts = []
    for statuses, newest_first in ((OPEN, False), (SHUT, True)):
        of_part = [status for status in wanted if status in statuses]
        if not of_part or (query.overdue and newest_first):
            continue
        if query.assignee_id:
            assignee = _assignee(me, query.assignee_id)
            lanes = [store_queue.by_assignee(organisation_id, assignee, newest_first=newest_first, **until)]
        elif query.community_id:
            lanes = [store_queue.by_community(organisation_id, query.community_id, newest_first=newest_first, **until)]
        else:
            lanes = [
                store_queue.by_status(organisation_id, each, newest_first=newest_first, **until) for each in of_part
            ]
        parts.append(Part([lane.fetch for lane in lanes], store_queue.position, newest_first))
    return parts


def _by_number(me: Principal, query: QueueQuery) -> list[TicketSummary]:
    year = clock.today(access.organisation(me.organisation_id).time_zone).year
    ticket_id = store_contracts.find_number(me.organisation_id, read_number(str(query.number), year))
    found = store_queue.find_tickets(me.organisation_id, [ticket_id] if ticket_id else [])
    # Who types a number wants that ticket, whether it is open or not.
    asked = query if query.status else query.model_copy(update={"status": "all"})
    matches = _matches(me, asked)
    return [service_view.summary(me, ticket) for ticket in found if matches(ticket)]


def _matches(me: Principal, query: QueueQuery) -> Matches:
    """Whether a ticket satisfies every filter, also those that an index has decided: an index may lag behind."""
    statuses = frozenset(inner_statuses(query.status or "open", staff=me.is_staff))
    codes = _codes(me, query.category)
    wanted = {
        "type": query.type,
        "contract_id": query.contract_id,
        "community_id": query.community_id,
        "channel": query.channel,
        "incident_id": query.incident_id,
        "emergency": query.emergency,
    }
    exact = {name: value for name, value in wanted.items() if value is not None}
    assignee = _assignee(me, query.assignee_id) if query.assignee_id else None
    now = clock.stamp(clock.now())

    def matches(ticket: TicketItem) -> bool:
        if ticket.status not in statuses or (codes and ticket.category not in codes):
            return False
        if assignee and (ticket.assignee_id or "none") != assignee:
            return False
        overdue = ticket.is_open and ticket.due_at is not None and ticket.due_at < now
        if query.overdue is not None and overdue != query.overdue:
            return False
        return all(getattr(ticket, name) == value for name, value in exact.items())

    return matches


def _codes(me: Principal, category: str | None) -> frozenset[str]:
    return categories.codes_below(store_desk.settings_of(me.organisation_id), category) if category else frozenset()


def _assignee(me: Principal, wanted: str) -> str:
    return me.person_id if wanted == "me" else wanted


# ------------------------------------------------------------------ everybody else
def _refuse_staff_filters(query: QueueQuery) -> None:
    wrong = [name for name in _STAFF_FILTERS if getattr(query, name) is not None]
    wrong += ["status"] if query.status not in _PUBLIC_FILTERS else []
    if wrong:
        problems = tuple(FieldProblem(name, "for_staff_only") for name in wrong)
        raise DomainError("invalid_query", HTTPStatus.BAD_REQUEST, problems=problems)


def _own_parts(me: Principal, query: QueueQuery) -> list[Part]:
    # Also contracts whose grant has ended: what somebody reported himself he may still read.
    ever = {grant.scope_id for grant in access.grants(me.organisation_id, me.person_id) if grant.scope == "contract"}
    contracts = sorted(ever & {query.contract_id} if query.contract_id else ever)
    return [
        Part([store_queue.by_contract(me.organisation_id, each).fetch for each in contracts], _id, newest_first=True)
    ]


def _own_matches(me: Principal, query: QueueQuery) -> Matches:
    suits, held = _matches(me, query), service_contracts.held_contracts(me)
    shared = store_desk.settings_of(me.organisation_id).shared_in_household

    def matches(ticket: TicketItem) -> bool:
        if query.number and ticket.number != query.number:
            return False
        seen = ticket.reporter_id == me.person_id or (shared and ticket.contract_id in held)
        return seen and suits(ticket)

    return matches


def _id(ticket: TicketItem) -> str:
    return str(ticket.ticket_id)
