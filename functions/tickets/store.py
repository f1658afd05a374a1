"""Tickets and what happened to them, in the tickets table; how they are staged. Access patterns: docs/data-model.md."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute, VersionAttribute

from shared import clock
from shared.access import Principal
from shared.errors import NotFound
from shared.ids import new_id
from shared.indexes import Gsi1, Gsi2, Gsi3, Gsi4
from shared.tables import Base, UnitOfWork, table_name
from tickets.rules.statuses import is_open
from tickets.store_desk import settings_of

TICKET_SK: Final = "TICKET"
ENTRY_SK: Final = "ENTRY#"
NEVER: Final = "9999"
"""Sorts behind every date: what has no deadline comes last."""
SHARDS: Final = 8
"""Into so many partitions the clock's pointers go."""
DUE: Final = "due"
CLOSE: Final = "close"


class Item(Base):
    class Meta:
        table_name = table_name("TICKETS_TABLE")


class TicketItem(Item):
    """pk `ORG#<org>#TICKET#<ticket>`, sk `TICKET`: the head, which lists show. Small: long text is in the entries.

    The lists, each in its order: gsi1 `ORG#<org>#STATUS#<status>` / `<due_at, or 9999, or ended_at>#<ticket>`; in the same order gsi2
    `ORG#<org>#ASSIGNEE#<person or none>#<open or shut>` and gsi3 `ORG#<org>#COMMUNITY#<community>#<open or shut>`; by age gsi4
    `ORG#<org>#CONTRACT#<contract>` / `<ticket>`.

    Times are RFC 3339 in UTC (`clock.stamp`). Never save it but by `stage_ticket`, which keeps the indexes and the clock's pointer.
    """

    ticket_id = UnicodeAttribute()
    number = UnicodeAttribute()
    type = UnicodeAttribute()
    category = UnicodeAttribute()
    subject = UnicodeAttribute()
    status = UnicodeAttribute()
    outcome = UnicodeAttribute(null=True)
    emergency = BooleanAttribute(default=False)
    common_part = BooleanAttribute(default=False)
    contract_id = UnicodeAttribute()
    unit_id = UnicodeAttribute(null=True)
    community_id = UnicodeAttribute()
    reporter_id = UnicodeAttribute()
    channel = UnicodeAttribute()
    wanted = UnicodeAttribute(null=True)
    """What the reporter is asked for while the ticket waits for him."""
    assignee_id = UnicodeAttribute(null=True)
    supplier_id = UnicodeAttribute(null=True)
    incident_id = UnicodeAttribute(null=True)
    merged_into = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    deadline_unit = UnicodeAttribute(null=True)
    """How the deadline runs: `hours` around the clock, `working_hours` or `working_days` in working time."""
    remaining = NumberAttribute(null=True)
    """Seconds (in the deadline's own time) that were left when the clock stopped for the tenant."""
    escalated_at = UnicodeAttribute(null=True)
    escalated_for = UnicodeAttribute(null=True)
    """The `due_at` that was said to have passed."""
    created_at = UnicodeAttribute()
    changed_at = UnicodeAttribute()
    ended_at = UnicodeAttribute(null=True)
    close_at = UnicodeAttribute(null=True)
    """When a ticket that is done closes by itself."""
    reopened = NumberAttribute(default=0)
    stars = NumberAttribute(null=True)
    """The rating since it ended last."""
    files = NumberAttribute(default=0)
    clock_key = UnicodeAttribute(null=True)
    """Sort key of the pointer by which the clock finds this ticket."""
    gsi1pk = UnicodeAttribute()
    gsi1sk = UnicodeAttribute()
    gsi2pk = UnicodeAttribute()
    gsi2sk = UnicodeAttribute()
    gsi3pk = UnicodeAttribute()
    gsi3sk = UnicodeAttribute()
    gsi4pk = UnicodeAttribute()
    gsi4sk = UnicodeAttribute()
    by_status = Gsi1()
    by_assignee = Gsi2()
    by_community = Gsi3()
    by_contract = Gsi4()
    version = VersionAttribute()

    @property
    def organisation_id(self) -> str:
        return str(self.pk).split("#", 2)[1]

    @property
    def is_open(self) -> bool:
        return is_open(self.status)


class EntryItem(Item):
    """The ticket's pk, sk `ENTRY#<entry>`: what happened once; never changed. `opened` holds the description."""

    entry_id = UnicodeAttribute()
    kind = UnicodeAttribute()
    at = UnicodeAttribute()
    author = UnicodeAttribute()
    role = UnicodeAttribute()
    text = UnicodeAttribute(default="")
    internal = BooleanAttribute(default=False)
    previous = UnicodeAttribute(null=True)
    now = UnicodeAttribute(null=True)
    attachments = JSONAttribute(default=list)
    """Of each: attachment_id, key (the folder under `checked/`), name, type, size, width, height, thumbnail."""
    details = JSONAttribute(default=dict)
    """Of `opened`: place and wished_times."""


class DueItem(Item):
    """pk `DUE#<shard>`, sk `<when>#<org>#<ticket>#<due|close>`: what the clock has to look at, over all organisations."""


@dataclass(frozen=True)
class Author:
    """Who did it; `role` as the timeline shows it: reporter, co_holder, staff or system."""

    person_id: str
    role: str


SYSTEM: Final = Author("system", "system")


@dataclass(frozen=True)
class Due:
    """A pointer of the clock, read."""

    pk: str
    sk: str
    when: str
    organisation_id: str
    ticket_id: str
    kind: str


def ticket_pk(organisation_id: str, ticket_id: str) -> str:
    return f"ORG#{organisation_id}#TICKET#{ticket_id}"


def author_of(me: Principal, ticket: TicketItem) -> Author:
    """In which part somebody who may see the ticket writes to it."""
    if me.is_staff:
        return Author(me.person_id, "staff")
    return Author(me.person_id, "reporter" if me.person_id == ticket.reporter_id else "co_holder")


def find_ticket(organisation_id: str, ticket_id: str) -> TicketItem:
    """A ticket's head as it stands now. Raises NotFound."""
    try:
        return TicketItem.get(ticket_pk(organisation_id, ticket_id), TICKET_SK, consistent_read=True)
    except TicketItem.DoesNotExist as error:
        raise NotFound from error


def read_ticket(organisation_id: str, ticket_id: str) -> tuple[TicketItem, list[EntryItem]]:
    """A ticket's head with all its entries, oldest first: one Query of its partition. Raises NotFound."""
    found: Any = _TicketPage.query(ticket_pk(organisation_id, ticket_id), consistent_read=True)
    rows = list(found)
    heads = [row for row in rows if isinstance(row, TicketItem)]
    if not heads:
        raise NotFound
    entries = [row for row in rows if isinstance(row, EntryItem)]
    return heads[0], sorted(entries, key=lambda entry: (entry.at, entry.entry_id))


class _TicketPage(Item):
    """A partition of mixed items."""

    @classmethod
    def from_raw_data(cls, data: dict[str, dict[str, Any]]) -> Item:  # type: ignore[override]
        kind = TicketItem if data["sk"]["S"] == TICKET_SK else EntryItem
        return kind.from_raw_data(data)


def stage_ticket(uow: UnitOfWork, ticket: TicketItem) -> None:
    """Stage a head that was read or made, at most once in a unit of work, after every change to it.

    Sets what follows from the rest: `changed_at`, `ended_at`, `close_at`, the index keys and the clock's pointer. What a
    transition means beyond that (outcome, stars, due_at, remaining) is the caller's.
    """
    now = clock.now()
    ticket.changed_at = clock.stamp(now)
    _set_end(ticket, now)
    _set_indexes(ticket)
    wanted = _clock_key(ticket)
    if wanted != ticket.clock_key:
        shard = due_pk(ticket.ticket_id)
        if ticket.clock_key:
            uow.delete(DueItem(pk=shard, sk=ticket.clock_key))
        if wanted:
            uow.put(DueItem(pk=shard, sk=wanted))
        ticket.clock_key = wanted
    uow.put(ticket)


def _set_end(ticket: TicketItem, now: datetime) -> None:
    if ticket.is_open:
        ticket.ended_at = ticket.close_at = None
        return
    ticket.ended_at = ticket.ended_at or clock.stamp(now)
    if ticket.status != "done":
        ticket.close_at = None
    elif not ticket.close_at:
        days = settings_of(ticket.organisation_id).close_after_days
        ticket.close_at = clock.stamp(now + timedelta(days=days))


def _set_indexes(ticket: TicketItem) -> None:
    organisation = f"ORG#{ticket.organisation_id}"
    position = f"{(ticket.due_at or NEVER) if ticket.is_open else ticket.ended_at}#{ticket.ticket_id}"
    state = "open" if ticket.is_open else "shut"
    ticket.gsi1pk, ticket.gsi1sk = f"{organisation}#STATUS#{ticket.status}", position
    ticket.gsi2pk, ticket.gsi2sk = f"{organisation}#ASSIGNEE#{ticket.assignee_id or 'none'}#{state}", position
    ticket.gsi3pk, ticket.gsi3sk = f"{organisation}#COMMUNITY#{ticket.community_id}#{state}", position
    ticket.gsi4pk, ticket.gsi4sk = f"{organisation}#CONTRACT#{ticket.contract_id}", ticket.ticket_id


def _clock_key(ticket: TicketItem) -> str | None:
    """The one thing that the clock still has to do for the ticket."""
    owner = f"{ticket.organisation_id}#{ticket.ticket_id}"
    if ticket.is_open:
        waits = ticket.due_at and ticket.escalated_for != ticket.due_at
        return f"{ticket.due_at}#{owner}#{DUE}" if waits else None
    return f"{ticket.close_at}#{owner}#{CLOSE}" if ticket.close_at else None


def due_pk(ticket_id: str) -> str:
    return f"DUE#{hashlib.sha256(ticket_id.encode()).digest()[0] % SHARDS}"


def due_until(shard: int, until: datetime, limit: int) -> list[Due]:
    """What one shard has for the clock up to now, earliest first."""
    found = DueItem.query(f"DUE#{shard}", DueItem.sk < f"{clock.stamp(until)}~", limit=limit, consistent_read=True)
    return [Due(item.pk, item.sk, *item.sk.split("#", 3)) for item in found]


def forget_due(uow: UnitOfWork, due: Due) -> None:
    """Take away a pointer whose ticket no longer means it."""
    uow.delete(DueItem(pk=due.pk, sk=due.sk))


def stage_entry(
    uow: UnitOfWork,
    ticket: TicketItem,
    kind: str,
    author: Author,
    text: str = "",
    *,
    internal: bool = False,
    previous: str | None = None,
    now: str | None = None,
    attachments: Iterable[dict[str, Any]] = (),
    details: dict[str, Any] | None = None,
) -> EntryItem:
    """Add to a ticket's timeline; the head is staged by its own call, so that its version moves with the timeline."""
    entry_id = new_id("ent")
    entry = EntryItem(
        pk=ticket.pk,
        sk=f"{ENTRY_SK}{entry_id}",
        entry_id=entry_id,
        kind=kind,
        at=clock.stamp(clock.now()),
        author=author.person_id,
        role=author.role,
        text=text,
        internal=internal,
        previous=previous,
        now=now,
        attachments=list(attachments),
        details=details or {},
    )
    uow.create(entry)
    return entry
