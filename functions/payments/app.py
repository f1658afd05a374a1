"""Routes and event consumers of the payments context: bank statements here, online payments in modules of their own."""

import payments.routes_webhooks  # noqa: F401 - registers its routes
from payments import schemas as s
from payments import service_imports, service_inbox, service_index, service_matching
from payments.base import app, consumers
from payments.routes_online import run_payments
from shared.access import STAFF_ONLY
from shared.events.catalog import BankStatementChunkParsed, BankStatementReceived, ContractStarted
from shared.http import ORGANISATION, Call
from shared.tables import UnitOfWork

__all__ = ["app", "consumers", "on_events", "run_payments"]


@app.endpoint(
    "POST",
    "/bank-statements",
    body=s.BankStatementRequest,
    returns=s.BankStatementReceipt,
    status=202,
    access=ORGANISATION,
    roles=STAFF_ONLY,
    example=s.RECEIVE_EXAMPLE,
    errors=("unknown_upload",),
)
def post_bank_statement(call: Call, body: s.BankStatementRequest) -> s.BankStatementReceipt:
    """Import an uploaded bank statement."""
    return service_imports.receive_bank_statement(call.uow, body.upload)


@app.endpoint(
    "GET",
    "/bank-statements",
    returns=s.BankStatementsResponse,
    access=ORGANISATION,
    roles=STAFF_ONLY,
    example=s.IMPORTS_EXAMPLE,
    paged=True,
)
def list_bank_statements(call: Call) -> s.BankStatementsResponse:
    """The imports, newest first."""
    items, last_key = service_imports.list_bank_statements(call.me.organisation_id, call.cursor)
    return s.BankStatementsResponse(items=items, next_cursor=call.next_cursor(last_key))


@app.endpoint(
    "GET",
    "/bank-statements/{import_id}",
    returns=s.BankStatementResponse,
    access=ORGANISATION,
    roles=STAFF_ONLY,
    example=s.IMPORT_EXAMPLE,
)
def get_bank_statement(call: Call, import_id: str) -> s.BankStatementResponse:
    """One import, with how far it has come."""
    return service_imports.get_bank_statement(call.me.organisation_id, import_id)


@app.endpoint(
    "GET",
    "/unmatched-transfers",
    query=s.TransfersQuery,
    returns=s.TransfersResponse,
    access=ORGANISATION,
    roles=STAFF_ONLY,
    example=s.TRANSFERS_EXAMPLE,
    paged=True,
)
def list_unmatched_transfers(call: Call) -> s.TransfersResponse:
    """Transfers that wait for a person to say whose they are, newest first; or the one that is named, while it can be assigned."""
    if call.query.transfer_id:
        one = service_inbox.find_assignable(call.me.organisation_id, call.query.transfer_id)
        return s.TransfersResponse(items=[one] if one else [], next_cursor=None)
    items, last_key = service_inbox.list_unmatched_transfers(call.me.organisation_id, call.cursor)
    return s.TransfersResponse(items=items, next_cursor=call.next_cursor(last_key))


@app.endpoint(
    "POST",
    "/unmatched-transfers/{transfer_id}/assignment",
    body=s.AssignmentRequest,
    returns=s.AssignmentResponse,
    status=201,
    access=ORGANISATION,
    roles=STAFF_ONLY,
    example=s.ASSIGNMENT_EXAMPLE,
    errors=("already_assigned", "currency_differs", "not_assignable"),
)
def post_assignment(call: Call, transfer_id: str, body: s.AssignmentRequest) -> s.AssignmentResponse:
    """Say which contract a transfer pays."""
    return service_inbox.assign_transfer(call.uow, transfer_id, body.contract_id)


@consumers.on(ContractStarted)
def _contract_started(event: ContractStarted, uow: UnitOfWork) -> None:
    service_index.index_contract(uow, event)


@consumers.on(BankStatementReceived)
def _bank_statement_received(event: BankStatementReceived, uow: UnitOfWork) -> None:
    service_imports.read_bank_statement(uow, event.import_id)


@consumers.on_giving_up(BankStatementReceived)
def _bank_statement_given_up(event: BankStatementReceived, uow: UnitOfWork) -> None:
    service_imports.fail_bank_statement(uow, event.import_id)


@consumers.on(BankStatementChunkParsed)
def _bank_statement_chunk_parsed(event: BankStatementChunkParsed, uow: UnitOfWork) -> None:
    service_matching.match_chunk(uow, event.import_id, event.chunk)


on_events = consumers.handler
