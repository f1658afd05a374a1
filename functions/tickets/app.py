"""Routes, event handlers and the clock's function of tickets: parse, one call, answer."""

from typing import Any

from shared import attachments
from shared.access import ADMINISTRATORS_ONLY, ANYONE_SIGNED_IN, STAFF_ONLY
from shared.events.catalog import ContractStarted
from shared.events.consumer import Consumers
from shared.events.tickets import IncidentUpdated, TicketCommented, TicketOpened
from shared.http import LOOKUP, ORGANISATION, SELF, Call, PortalApp
from shared.tables import UnitOfWork
from tickets import (
    examples,
    schemas,
    schemas_desk,
    service_answers,
    service_changes,
    service_contracts,
    service_desk,
    service_escalation,
    service_incidents,
    service_intake,
    service_queue,
    service_view,
)
from tickets.schemas import TicketsResponse

app = PortalApp("tickets")
consumers = Consumers("tickets")


# ------------------------------------------------------------------ reporting and following
@app.endpoint(
    "POST", "/tickets", body=schemas.TicketRequest, returns=schemas.TicketReceipt, status=201,
    access=LOOKUP, roles=ANYONE_SIGNED_IN, example=examples.OPEN,
    errors=(
        "contract_or_unit", "unknown_category", "unknown_incident", "unknown_reporter",
        "unknown_upload", "upload_not_ready", "upload_refused",
    ),
)  # fmt: skip
def post_ticket(call: Call, body: schemas.TicketRequest) -> schemas.TicketReceipt:
    """Report something; staff report in the name of somebody who rang or wrote."""
    return service_intake.open_ticket(call.uow, call.me, body)


@app.endpoint(
    "GET", "/tickets", query=schemas.QueueQuery, returns=TicketsResponse, access=SELF, roles=ANYONE_SIGNED_IN, paged=True,
    example=examples.LIST,
)  # fmt: skip
def get_tickets(call: Call) -> TicketsResponse:
    """The caller's tickets, newest first; for staff the organisation's queue, what is due first at the top."""
    items, last_key = service_queue.list_tickets(call.me, call.query, call.cursor)
    return call.with_etag(TicketsResponse(items=items, next_cursor=call.next_cursor(last_key)))


@app.endpoint(
    "GET", "/tickets/similar", query=schemas.SimilarQuery, returns=schemas.SimilarResponse, access=LOOKUP,
    roles=ANYONE_SIGNED_IN, example=examples.SIMILAR,
)  # fmt: skip
def get_similar(call: Call) -> schemas.SimilarResponse:
    """What may be the same thing, to be shown before a report is sent."""
    return service_intake.find_similar(call.me, call.query)


@app.endpoint(
    "GET", "/tickets/{ticket_id}", returns=schemas.TicketResponse, access=LOOKUP, roles=ANYONE_SIGNED_IN,
    example=examples.TICKET,
)  # fmt: skip
def get_ticket(call: Call, ticket_id: str) -> schemas.TicketResponse:
    """One ticket with everything that happened to it."""
    response, mark = service_view.get_ticket(call.me, ticket_id)
    return call.with_etag(response, mark)


@app.endpoint(
    "POST", "/tickets/{ticket_id}/comments", body=schemas.CommentRequest, returns=schemas.EntryReceipt, status=201,
    access=LOOKUP, roles=ANYONE_SIGNED_IN, example=examples.COMMENT,
    errors=("empty_comment", "ticket_ended", "upload_not_ready", "upload_refused", "unknown_upload"),
)  # fmt: skip
def post_comment(call: Call, ticket_id: str, body: schemas.CommentRequest) -> schemas.EntryReceipt:
    """Write to the ticket; an internal comment is for staff only."""
    return service_answers.comment(call.uow, call.me, ticket_id, body)


@app.endpoint(
    "POST", "/tickets/{ticket_id}/reopening", body=schemas.ReopeningRequest, returns=schemas.EntryReceipt, status=201,
    access=LOOKUP, roles=ANYONE_SIGNED_IN, example=examples.REOPEN, errors=("transition_refused", "reopening_too_late"),
)  # fmt: skip
def post_reopening(call: Call, ticket_id: str, body: schemas.ReopeningRequest) -> schemas.EntryReceipt:
    """Say that it is not done after all."""
    return service_answers.reopen(call.uow, call.me, ticket_id, body)


@app.endpoint(
    "POST", "/tickets/{ticket_id}/rating", body=schemas.RatingRequest, returns=schemas.EntryReceipt, status=201,
    access=LOOKUP, roles=ANYONE_SIGNED_IN, example=examples.RATE, errors=("transition_refused", "not_ended", "already_rated"),
)  # fmt: skip
def post_rating(call: Call, ticket_id: str, body: schemas.RatingRequest) -> schemas.EntryReceipt:
    """Say how it went (D8); once for each time that it ended."""
    return service_answers.rate(call.uow, call.me, ticket_id, body)


@app.endpoint(
    "POST", "/tickets/{ticket_id}/withdrawal", returns=schemas.EntryReceipt, status=201, access=LOOKUP,
    roles=ANYONE_SIGNED_IN, example=examples.WITHDRAW, errors=("transition_refused",),
)  # fmt: skip
def post_withdrawal(call: Call, ticket_id: str) -> schemas.EntryReceipt:
    """Take one's own open ticket back."""
    return service_answers.withdraw(call.uow, call.me, ticket_id)


# ------------------------------------------------------------------ staff
@app.endpoint(
    "PATCH", "/tickets/{ticket_id}", body=schemas.TicketChange, returns=schemas.TicketSummary, access=ORGANISATION,
    roles=STAFF_ONLY, example=examples.CHANGE,
    errors=(
        "transition_refused", "reason_needed", "result_needed", "question_needed", "nothing_asked",
        "unknown_category", "unknown_incident", "unknown_assignee",
    ),
)  # fmt: skip
def patch_ticket(call: Call, ticket_id: str, body: schemas.TicketChange) -> schemas.TicketSummary:
    """Change status, assignee, category, deadline."""
    return service_changes.change_ticket(call.uow, call.me, ticket_id, body)


@app.endpoint(
    "POST", "/tickets/changes", body=schemas.BulkRequest, returns=schemas.BulkResponse, status=201, access=ORGANISATION,
    roles=STAFF_ONLY, example=examples.BULK,
)  # fmt: skip
def post_changes(call: Call, body: schemas.BulkRequest) -> schemas.BulkResponse:
    """The same change to many tickets; each that does not allow it is left as it is."""
    return service_changes.change_tickets(call.uow, call.me, body)


@app.endpoint(
    "POST", "/tickets/{ticket_id}/merger", body=schemas.MergeRequest, returns=schemas.TicketSummary, status=201,
    access=ORGANISATION, roles=STAFF_ONLY, example=examples.MERGE, errors=("merge_refused", "transition_refused"),
)  # fmt: skip
def post_merger(call: Call, ticket_id: str, body: schemas.MergeRequest) -> schemas.TicketSummary:
    """Close a duplicate in favour of another ticket of the same contract."""
    return service_changes.merge_tickets(call.uow, call.me, ticket_id, body.into_ticket_id)


@app.endpoint(
    "GET", "/incidents", returns=schemas.IncidentsResponse, access=SELF, roles=ANYONE_SIGNED_IN, paged=True,
    example=examples.INCIDENTS,
)  # fmt: skip
def get_incidents(call: Call) -> schemas.IncidentsResponse:
    """Open outages and planned works: for staff all, for others those of their communities."""
    items, last_key = service_incidents.list_incidents(call.me, call.cursor)
    return schemas.IncidentsResponse(items=items, next_cursor=call.next_cursor(last_key))


@app.endpoint(
    "POST", "/incidents", body=schemas.IncidentRequest, returns=schemas.IncidentResponse, status=201, access=ORGANISATION,
    roles=STAFF_ONLY, example=examples.INCIDENT, errors=("unknown_community", "unknown_category", "unknown_ticket"),
)  # fmt: skip
def post_incident(call: Call, body: schemas.IncidentRequest) -> schemas.IncidentResponse:
    """Open an incident: one answer to many tickets."""
    return service_incidents.open_incident(call.uow, call.me, body)


@app.endpoint(
    "GET", "/incidents/{incident_id}", returns=schemas.IncidentResponse, access=LOOKUP, roles=ANYONE_SIGNED_IN,
    example=examples.READ_INCIDENT,
)  # fmt: skip
def get_incident(call: Call, incident_id: str) -> schemas.IncidentResponse:
    """One incident with what has been said of it."""
    return service_incidents.get_incident(call.me, incident_id)


@app.endpoint(
    "POST", "/incidents/{incident_id}/updates", body=schemas.IncidentUpdateRequest, returns=schemas.IncidentResponse,
    status=201, access=ORGANISATION, roles=STAFF_ONLY, example=examples.UPDATE_INCIDENT, errors=("incident_resolved",),
)  # fmt: skip
def post_incident_update(call: Call, incident_id: str, body: schemas.IncidentUpdateRequest) -> schemas.IncidentResponse:
    """Tell everybody who reported it; with `resolved` their tickets are done."""
    return service_incidents.update_incident(call.uow, call.me, incident_id, body)


# ------------------------------------------------------------------ settings and desk
@app.endpoint(
    "GET", "/ticket-settings", returns=schemas_desk.TicketSettingsResponse, access=SELF, roles=ANYONE_SIGNED_IN,
    example=examples.SETTINGS,
)  # fmt: skip
def get_settings(call: Call) -> schemas_desk.TicketSettingsResponse:
    """The organisation's category tree, deadlines, emergency numbers and limits."""
    return service_desk.get_settings(call.me.organisation_id)


@app.endpoint(
    "PUT", "/ticket-settings", body=schemas_desk.TicketSettingsRequest, returns=schemas_desk.TicketSettingsResponse,
    access=ORGANISATION, roles=ADMINISTRATORS_ONLY, example=examples.CHANGE_SETTINGS, errors=("invalid_settings",),
)  # fmt: skip
def put_settings(call: Call, body: schemas_desk.TicketSettingsRequest) -> schemas_desk.TicketSettingsResponse:
    """Set the organisation's rules for tickets."""
    return service_desk.set_settings(call.uow, body)


@app.endpoint(
    "GET", "/ticket-desk", returns=schemas_desk.DeskResponse, access=ORGANISATION, roles=STAFF_ONLY, example=examples.DESK,
)  # fmt: skip
def get_desk(call: Call) -> schemas_desk.DeskResponse:
    """Answer templates of the organisation and the caller's saved views."""
    return service_desk.get_desk(call.me)


@app.endpoint(
    "PUT", "/ticket-desk/answers", body=schemas_desk.AnswersRequest, returns=schemas_desk.DeskResponse, access=ORGANISATION,
    roles=STAFF_ONLY, example=examples.ANSWERS,
)  # fmt: skip
def put_answers(call: Call, body: schemas_desk.AnswersRequest) -> schemas_desk.DeskResponse:
    """Set the organisation's answer templates."""
    return service_desk.set_answers(call.uow, call.me, body)


@app.endpoint(
    "PUT", "/ticket-desk/views", body=schemas_desk.ViewsRequest, returns=schemas_desk.DeskResponse, access=SELF, roles=STAFF_ONLY,
    example=examples.VIEWS,
)  # fmt: skip
def put_views(call: Call, body: schemas_desk.ViewsRequest) -> schemas_desk.DeskResponse:
    """Set the caller's saved views of the queue."""
    return service_desk.set_views(call.uow, call.me, body.views)


# ------------------------------------------------------------------ events
@consumers.on(ContractStarted)
def _contract_started(event: ContractStarted, uow: UnitOfWork) -> None:
    service_contracts.keep_contract(uow, event)


@consumers.on(TicketOpened)
def _ticket_opened(event: TicketOpened, _uow: UnitOfWork) -> None:
    attachments.claim(event.attachments)


@consumers.on(TicketCommented)
def _ticket_commented(event: TicketCommented, _uow: UnitOfWork) -> None:
    attachments.claim(event.attachments)


@consumers.on(IncidentUpdated)
def _incident_updated(event: IncidentUpdated, uow: UnitOfWork) -> None:
    service_incidents.answer_tickets(uow, event)


on_events = consumers.handler


def run_escalations(_event: Any, _context: Any) -> dict[str, int]:
    """The clock's function: says which tickets are overdue, closes those that are done for long. Safe to run again."""
    return service_escalation.run_escalations()
