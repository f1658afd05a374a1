"""The wire of tickets. People outside the staff see three statuses and no internal entry; ids of persons are for staff only."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from shared.wire import DAY, LINE, TEXT, Asked, Attachment, Wire
from tickets.rules.vocabulary import Channel, EntryKind, Outcome, PublicStatus, Status, TicketType, Wanted

ViewedStatus = Status | PublicStatus
"""Staff see the inner status, everybody else the public one."""
Id = Annotated[str, Field(min_length=1, max_length=64)]
Code = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,39}$")]
Words = Annotated[
    dict[Literal["pl", "uk", "nb", "fr", "en"], Annotated[str, Field(min_length=1, max_length=80), LINE]],
    Field(min_length=1),
]
"""A name that the organisation gave, by language; who reads another language gets the organisation's own."""
Attachments = Annotated[list[Annotated[str, Field(min_length=1, max_length=512)]], Field(max_length=10)]
"""Keys that `POST /uploads` gave (purpose `ticket`)."""


# ------------------------------------------------------------------ reporting
class WishedTime(Asked):
    """When somebody may come: a day, and a part of it."""

    day: Annotated[date, DAY]
    part: Literal["morning", "afternoon", "evening", "any"] = "any"


class TicketRequest(Asked):
    """A fault, a question, a wish. One of `contract_id` and `unit_id` says whose; staff name the `reporter_id` for whom they write."""

    contract_id: Id | None = None
    unit_id: Id | None = None
    common_part: bool = False
    """The thing stands in a common part of the building, not in the unit."""
    type: TicketType
    category: Code
    """A problem of the organisation's tree (`GET /ticket-settings`)."""
    subject: Annotated[str, Field(min_length=1, max_length=120), LINE]
    description: Annotated[str, Field(max_length=4000), TEXT] = ""
    place: Annotated[str, Field(max_length=120), LINE] = ""
    emergency: Annotated[bool, Field(strict=True)] = False
    wished_times: Annotated[list[WishedTime], Field(max_length=5)] = []
    attachments: Attachments = []
    incident_id: Id | None = None
    """An open incident that this is another report of."""
    reporter_id: Id | None = None
    channel: Channel | None = None


class TicketReceipt(Wire):
    ticket_id: str
    number: str
    status: ViewedStatus
    due_at: datetime | None


class SimilarQuery(Asked):
    contract_id: Id
    category: Code


# ------------------------------------------------------------------ lists
class QueueQuery(Asked):
    """Filters; several of them together must all hold. Without `status`: what is open.

    `status` takes an inner status (staff), a public one, `open` or `shut`. `assignee_id` takes a person's id, `me` or `none`.
    `overdue`, `assignee_id`, `community_id` and `channel` are for staff.
    """

    status: ViewedStatus | Literal["open", "shut", "all"] | None = None
    type: TicketType | None = None
    category: Code | None = None
    contract_id: Id | None = None
    community_id: Id | None = None
    assignee_id: Id | None = None
    channel: Channel | None = None
    incident_id: Id | None = None
    emergency: bool | None = None
    overdue: bool | None = None
    number: Annotated[str, Field(max_length=20)] | None = None


class TicketSummary(Wire):
    ticket_id: str
    number: str
    type: TicketType
    category: str
    subject: str
    status: ViewedStatus
    outcome: Outcome | None
    """How a ticket that is `reviewed` ended."""
    awaiting_you: bool
    """The manager waits for an answer of the person who reads this."""
    wanted: Wanted | None
    """What the reporter is asked for while the ticket waits for him."""
    emergency: bool
    common_part: bool
    due_at: datetime | None
    """None while the ticket waits for its tenant, and once it has ended."""
    overdue: bool
    created_at: datetime
    changed_at: datetime
    contract_id: str
    unit_id: str | None
    community_id: str
    incident_id: str | None
    reopened: int
    """How often it was reopened."""
    stars: int | None
    version: int
    reporter_id: str | None
    """For staff only, like `assignee_id`, `supplier_id` and `channel`."""
    assignee_id: str | None
    supplier_id: str | None
    channel: Channel | None


class TicketsResponse(Wire):
    items: list[TicketSummary]
    next_cursor: str | None


# ------------------------------------------------------------------ one ticket
class Author(Wire):
    role: Literal["reporter", "co_holder", "staff", "system"]
    mine: bool
    person_id: str | None
    """For staff only."""


class TimelineEntry(Wire):
    """What happened, in order. `previous` and `now` are statuses, person ids, categories or times, as `kind` says."""

    entry_id: str
    kind: EntryKind
    at: datetime
    author: Author
    internal: bool
    text: str
    previous: str | None
    now: str | None
    attachments: list[Attachment]


class Abilities(Wire):
    """What the reader may do now; the site shows just these."""

    statuses: list[Status]
    """Statuses that staff may set now."""
    comment: bool
    reopen: bool
    rate: bool
    withdraw: bool


class TicketResponse(TicketSummary):
    description: str
    place: str
    wished_times: list[WishedTime]
    result: str
    """What was done, or why not."""
    question: str
    """In which words he is asked for what is `wanted`; nothing where they stand in the timeline already."""
    rating_text: str
    merged_into: str | None
    escalated_at: datetime | None
    timeline: list[TimelineEntry]
    abilities: Abilities


class CommentRequest(Asked):
    text: Annotated[str, Field(max_length=4000), TEXT] = ""
    internal: bool = False
    attachments: Attachments = []


class EntryReceipt(Wire):
    entry_id: str
    status: ViewedStatus


class ReopeningRequest(Asked):
    text: Annotated[str, Field(min_length=1, max_length=2000), TEXT]


class RatingRequest(Asked):
    stars: int = Field(ge=1, le=5, strict=True)
    text: Annotated[str, Field(max_length=1000), TEXT] = ""


# ------------------------------------------------------------------ staff
class TicketChange(Asked):
    """Only the fields that are sent change. `result` or `reason` is needed where the status ends the ticket.

    `version`: the version that the change was made upon; another one in the meantime is 409.
    """

    status: Status | None = None
    assignee_id: Id | None = None
    supplier_id: Id | None = None
    category: Code | None = None
    type: TicketType | None = None
    due_at: Annotated[datetime, Field(strict=True)] | None = None
    emergency: Annotated[bool, Field(strict=True)] | None = None
    incident_id: Id | None = None
    text: Annotated[str, Field(max_length=4000), TEXT] = ""
    """The result of `done`, the reason of `declined` and `closed`, the question of `waiting_for_tenant`, else a remark for the tenant."""
    wanted: Wanted | None = None
    """With `waiting_for_tenant`: what the reporter is asked for, an answer if nothing else. A document or a photo needs a `text`."""
    version: int | None = None


class BulkRequest(Asked):
    ticket_ids: Annotated[list[Id], Field(min_length=1, max_length=20)]
    change: TicketChange


class BulkOutcome(Wire):
    ticket_id: str
    code: str | None
    """Why this one was left as it was; None: it was changed."""


class BulkResponse(Wire):
    items: list[BulkOutcome]


class MergeRequest(Asked):
    into_ticket_id: Id


# ------------------------------------------------------------------ incidents
class IncidentRequest(Asked):
    kind: Literal["outage", "planned_work"]
    community_ids: Annotated[list[Id], Field(min_length=1, max_length=20)]
    category: Code | None = None
    title: Annotated[str, Field(min_length=1, max_length=120), LINE]
    text: Annotated[str, Field(max_length=4000), TEXT] = ""
    starts_at: Annotated[datetime, Field(strict=True)]
    ends_at: Annotated[datetime, Field(strict=True)] | None = None
    ticket_ids: Annotated[list[Id], Field(max_length=20)] = []
    """Tickets that are reports of it."""


class IncidentUpdate(Wire):
    update_id: str
    at: datetime
    text: str
    resolved: bool


class IncidentResponse(Wire):
    incident_id: str
    kind: Literal["outage", "planned_work"]
    state: Literal["open", "resolved"]
    community_ids: list[str]
    category: str | None
    title: str
    text: str
    starts_at: datetime
    ends_at: datetime | None
    tickets: int
    updates: list[IncidentUpdate]


class IncidentsResponse(Wire):
    items: list[IncidentResponse]
    next_cursor: str | None


class IncidentUpdateRequest(Asked):
    """A word to all who reported it; with `resolved` their tickets are done with it as the result."""

    text: Annotated[str, Field(min_length=1, max_length=4000), TEXT]
    resolved: Annotated[bool, Field(strict=True)] = False
    ends_at: Annotated[datetime, Field(strict=True)] | None = None


class SimilarResponse(Wire):
    """What may be the same: incidents where the unit lies, and open tickets of the same household about the same thing."""

    incidents: list[IncidentResponse]
    tickets: list[TicketSummary]
