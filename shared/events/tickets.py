"""Events of tickets and incidents."""

from datetime import datetime
from typing import ClassVar

from shared.events.envelope import Event


class TicketOpened(Event):
    """A ticket was reported. `attachments` are keys of checked uploads, which nobody may forget any more."""

    source: ClassVar[str] = "lokum.tickets"
    ticket_id: str
    number: str
    reporter_id: str
    contract_id: str
    unit_id: str | None
    community_id: str
    type: str
    category: str
    emergency: bool
    channel: str
    due_at: datetime | None
    attachments: list[str] = []


class TicketStatusChanged(Event):
    """A ticket moved on. `public` is the status as its reporter sees it, `previous_public` what he saw before.

    `wanted`: what he is asked for (answer, document, photo), where the ticket waits for him from now on.
    """

    source: ClassVar[str] = "lokum.tickets"
    ticket_id: str
    reporter_id: str
    previous: str
    status: str
    public: str
    previous_public: str = ""
    assignee_id: str | None = None
    number: str = ""
    wanted: str | None = None


class TicketCommented(Event):
    source: ClassVar[str] = "lokum.tickets"
    ticket_id: str
    reporter_id: str
    entry_id: str
    internal: bool
    assignee_id: str | None = None
    attachments: list[str] = []


class TicketAssigned(Event):
    """A ticket is now for this member of staff, or for nobody."""

    source: ClassVar[str] = "lokum.tickets"
    ticket_id: str
    assignee_id: str | None


class TicketSupplierAssigned(Event):
    """A ticket is now for this supplier, or for none any more."""

    source: ClassVar[str] = "lokum.tickets"
    ticket_id: str
    supplier_id: str | None


class TicketOverdue(Event):
    """A ticket's deadline has passed while it was open; said once for each deadline."""

    source: ClassVar[str] = "lokum.tickets"
    ticket_id: str
    due_at: datetime
    assignee_id: str | None


class TicketRated(Event):
    source: ClassVar[str] = "lokum.tickets"
    ticket_id: str
    stars: int


class IncidentOpened(Event):
    source: ClassVar[str] = "lokum.tickets"
    incident_id: str
    kind: str
    community_ids: list[str]
    starts_at: datetime
    ends_at: datetime | None


class IncidentUpdated(Event):
    """Something was said of an incident; its tickets are answered from here, so many at a time, each batch `after` the one before."""

    source: ClassVar[str] = "lokum.tickets"
    incident_id: str
    update_id: str
    after: str | None = None
