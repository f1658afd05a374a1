"""Incidents, what was said of them, and which tickets are reports of them.

All of an incident is one partition, `ORG#<org>#INCIDENT#<incident>`; its page is one Query up to `TICKET#`, whatever the number of tickets.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute, VersionAttribute

from shared import clock
from shared.errors import DomainError, NotFound
from shared.ids import new_id
from shared.indexes import Gsi1
from shared.tables import Base, UnitOfWork, table_name

PAGE: Final = 50
Key = dict[str, Any]


class Item(Base):
    class Meta:
        table_name = table_name("TICKETS_TABLE")


class IncidentItem(Item):
    """sk `INCIDENT`; gsi1: `ORG#<org>#INCIDENTS#<state>`, `<starts_at>#<incident>`. Saved by `stage_incident`."""

    incident_id = UnicodeAttribute()
    kind = UnicodeAttribute()
    state = UnicodeAttribute(default="open")
    community_ids = JSONAttribute()
    category = UnicodeAttribute(null=True)
    title = UnicodeAttribute()
    text = UnicodeAttribute(default="")
    starts_at = UnicodeAttribute()
    ends_at = UnicodeAttribute(null=True)
    opened_by = UnicodeAttribute()
    gsi1pk = UnicodeAttribute()
    gsi1sk = UnicodeAttribute()
    by_state = Gsi1()
    version = VersionAttribute()


class IncidentCountItem(Item):
    """sk `COUNT`: how many tickets are reports of it. By itself, so that fifty reports at once do not fight staff for the incident."""

    tickets = NumberAttribute(default=0)


class SaidItem(Item):
    """sk `SAID#<update>`: one update."""

    update_id = UnicodeAttribute()
    at = UnicodeAttribute()
    author = UnicodeAttribute()
    text = UnicodeAttribute()
    resolved = BooleanAttribute(default=False)


class LinkItem(Item):
    """sk `TICKET#<ticket>`: a ticket that is a report of it."""


@dataclass(frozen=True)
class IncidentPage:
    """An incident with its number of tickets and its updates, oldest first."""

    incident: IncidentItem
    tickets: int
    updates: list[SaidItem]


def incident_pk(organisation_id: str, incident_id: str) -> str:
    return f"ORG#{organisation_id}#INCIDENT#{incident_id}"


def new_incident(organisation_id: str) -> IncidentItem:
    """An incident with its id and key, to be filled in."""
    incident_id = new_id("inc")
    return IncidentItem(pk=incident_pk(organisation_id, incident_id), sk="INCIDENT", incident_id=incident_id)


def find_incident(organisation_id: str, incident_id: str) -> IncidentItem:
    """The incident itself. Raises NotFound."""
    try:
        return IncidentItem.get(incident_pk(organisation_id, incident_id), "INCIDENT", consistent_read=True)
    except IncidentItem.DoesNotExist as error:
        raise NotFound from error


def read_incident(organisation_id: str, incident_id: str) -> IncidentPage:
    """The incident with its number of tickets and updates: one Query. Raises NotFound."""
    pk = incident_pk(organisation_id, incident_id)
    rows: list[Any] = list(_IncidentRow.query(pk, _IncidentRow.sk < "TICKET#", consistent_read=True))
    heads = [row for row in rows if isinstance(row, IncidentItem)]
    if not heads:
        raise NotFound
    count = sum(int(row.tickets) for row in rows if isinstance(row, IncidentCountItem))
    said = sorted((row for row in rows if isinstance(row, SaidItem)), key=lambda row: (row.at, row.update_id))
    return IncidentPage(heads[0], count, said)


class _IncidentRow(Item):
    """A partition of mixed items."""

    @classmethod
    def from_raw_data(cls, data: dict[str, dict[str, Any]]) -> Item:  # type: ignore[override]
        kinds: dict[str, type[Item]] = {"INCIDENT": IncidentItem, "COUNT": IncidentCountItem}
        return kinds.get(data["sk"]["S"], SaidItem).from_raw_data(data)


def list_incidents(
    organisation_id: str, start: Key | None = None, *, state: Literal["open", "resolved"] = "open", limit: int = PAGE
) -> tuple[list[IncidentItem], Key | None]:
    """A page of incidents, the newest beginning first; without numbers of tickets and updates."""
    found: Any = IncidentItem.by_state.query(
        f"ORG#{organisation_id}#INCIDENTS#{state}", scan_index_forward=False, limit=limit, last_evaluated_key=start
    )
    return list(found), found.last_evaluated_key


def count_tickets(organisation_id: str, incident_ids: Iterable[str]) -> dict[str, int]:
    """How many tickets each incident has: one call for a page of them."""
    keys = [(incident_pk(organisation_id, one), "COUNT") for one in incident_ids]
    found = IncidentCountItem.batch_get(keys) if keys else ()
    return {item.pk.rpartition("#")[2]: int(item.tickets) for item in found}


def stage_incident(uow: UnitOfWork, incident: IncidentItem) -> None:
    """Stage an incident that was read or made, with its index keys."""
    incident.gsi1pk = f"ORG#{uow.organisation_id}#INCIDENTS#{incident.state}"
    incident.gsi1sk = f"{incident.starts_at}#{incident.incident_id}"
    uow.put(incident)


def stage_update(uow: UnitOfWork, incident: IncidentItem, author: str, text: str, *, resolved: bool) -> SaidItem:
    """Add what was said of an incident."""
    update_id = new_id("ent")
    said = SaidItem(
        pk=incident.pk,
        sk=f"SAID#{update_id}",
        update_id=update_id,
        at=clock.stamp(clock.now()),
        author=author,
        text=text,
        resolved=resolved,
    )
    uow.create(said)
    return said


def find_update(organisation_id: str, incident_id: str, update_id: str) -> SaidItem:
    return SaidItem.get(incident_pk(organisation_id, incident_id), f"SAID#{update_id}", consistent_read=True)


def stage_link(uow: UnitOfWork, incident_id: str, ticket_id: str, *, is_new: bool = False) -> None:
    """Make a ticket a report of an incident, which must still be open at the commit (`unknown_incident`).

    `is_new`: the incident is made in this same unit of work, so that there is nothing to check; its count is `stage_count`'s.
    """
    pk = incident_pk(uow.organisation_id, incident_id)
    uow.put(LinkItem(pk=pk, sk=f"TICKET#{ticket_id}"))
    if not is_new:
        refusal = DomainError("unknown_incident")
        uow.check(IncidentItem, pk, "INCIDENT", IncidentItem.state == "open", otherwise=refusal)
        stage_count(uow, incident_id, 1)


def stage_unlink(uow: UnitOfWork, incident_id: str, ticket_id: str) -> None:
    """The ticket is no report of the incident after all."""
    uow.delete(LinkItem(pk=incident_pk(uow.organisation_id, incident_id), sk=f"TICKET#{ticket_id}"))
    stage_count(uow, incident_id, -1)


def stage_count(uow: UnitOfWork, incident_id: str, more: int) -> None:
    item = IncidentCountItem(pk=incident_pk(uow.organisation_id, incident_id), sk="COUNT")
    uow.update(item, [IncidentCountItem.tickets.add(more)])


def linked_tickets(organisation_id: str, incident_id: str, after: str | None, limit: int) -> list[str]:
    """Ids of an incident's tickets, in order, behind the ticket `after`."""
    pk, beginning = incident_pk(organisation_id, incident_id), f"TICKET#{after}~" if after else "TICKET#"
    # "~" sorts behind every id, so that only ids behind `after` remain; "TICKET$" ends the kind.
    found = LinkItem.query(pk, LinkItem.sk.between(beginning, "TICKET$"), limit=limit, consistent_read=True)
    return [item.sk.removeprefix("TICKET#") for item in found]
