"""Lists of tickets: partitions of the indexes read piece by piece, in the order of their sort keys."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tickets import store_incidents
from tickets.store import TICKET_SK, TicketItem, ticket_pk

Fetch = Callable[[str, int], list[TicketItem]]
"""The next so many tickets of a partition behind a position ("" is before all)."""
_BEHIND: Final = " "
"""Sorts before every character of our keys: a key with it is the least one behind the key itself."""
_LAST: Final = "~"


@dataclass(frozen=True)
class Partition:
    """One partition of an index, and how its tickets are ordered."""

    index: str
    key: str
    newest_first: bool = False
    until: str = _LAST
    """Only positions before it."""

    def fetch(self, after: str, limit: int) -> list[TicketItem]:
        """The next tickets behind a position."""
        index: Any = _INDEXES[self.index]
        sort_key = getattr(TicketItem, f"{self.index}sk")
        condition = sort_key.between(f"{after}{_BEHIND}", self.until)
        if self.newest_first:
            condition = sort_key < (after or _LAST)
        found = index.query(self.key, condition, scan_index_forward=not self.newest_first, limit=limit)
        return list(found)


_INDEXES: Final = {
    "gsi1": TicketItem.by_status,
    "gsi2": TicketItem.by_assignee,
    "gsi3": TicketItem.by_community,
    "gsi4": TicketItem.by_contract,
}


def position(ticket: TicketItem) -> str:
    """Where a ticket stands in a queue: its deadline, or when it ended; then its id."""
    return str(ticket.gsi1sk)


def by_status(organisation_id: str, status: str, *, newest_first: bool, until: str = _LAST) -> Partition:
    return Partition("gsi1", f"ORG#{organisation_id}#STATUS#{status}", newest_first, until)


def by_assignee(organisation_id: str, person_id: str, *, newest_first: bool, until: str = _LAST) -> Partition:
    key = f"ORG#{organisation_id}#ASSIGNEE#{person_id}#{'shut' if newest_first else 'open'}"
    return Partition("gsi2", key, newest_first, until)


def by_community(organisation_id: str, community_id: str, *, newest_first: bool, until: str = _LAST) -> Partition:
    key = f"ORG#{organisation_id}#COMMUNITY#{community_id}#{'shut' if newest_first else 'open'}"
    return Partition("gsi3", key, newest_first, until)


def by_contract(organisation_id: str, contract_id: str) -> Partition:
    """All tickets of a contract, the newest first; their position is the ticket's id."""
    return Partition("gsi4", f"ORG#{organisation_id}#CONTRACT#{contract_id}", newest_first=True)


def of_incident(organisation_id: str, incident_id: str) -> Fetch:
    """The tickets of an incident in the order of their ids."""

    def fetch(after: str, limit: int) -> list[TicketItem]:
        ids = store_incidents.linked_tickets(organisation_id, incident_id, after or None, limit)
        return sorted(find_tickets(organisation_id, ids), key=lambda ticket: str(ticket.ticket_id))

    return fetch


def find_tickets(organisation_id: str, ticket_ids: list[str]) -> list[TicketItem]:
    """Those of the tickets that exist, in no order; one call for each hundred."""
    keys = [(ticket_pk(organisation_id, ticket_id), TICKET_SK) for ticket_id in ticket_ids]
    return list(TicketItem.batch_get(keys, consistent_read=True)) if keys else []
