"""Routes and event handlers of the ledger: parse, one call, answer."""

from http import HTTPStatus

from shared.access import STAFF_ONLY
from shared.events.catalog import (
    ContractEnded,
    ContractStarted,
    InterestRestatementDue,
    LedgerImportChunkReady,
    LedgerImportReceived,
    PaymentSettled,
)
from shared.events.consumer import Consumers
from shared.events.payments import PaymentRefunded, PaymentRefundUndone
from shared.http import LOOKUP, ORGANISATION, Call, PortalApp, contract
from shared.tables import UnitOfWork
from statements import examples, service, service_imports, service_interest, service_refunds, service_views
from statements.schemas import (
    AccountResponse,
    ChargeRequest,
    ChargeResponse,
    ChargesResponse,
    EntriesResponse,
    ExplainQuery,
    ExplainResponse,
    InterestRequest,
    InterestResponse,
    LedgerImportAccepted,
    LedgerImportRequest,
    LedgerImportResponse,
    PaymentsResponse,
    ReversalRequest,
    ReversalResponse,
)

app = PortalApp("statements")
consumers = Consumers("statements")
OF_CONTRACT = contract("contract_id")


@app.endpoint("GET", "/accounts/{contract_id}", access=OF_CONTRACT, returns=AccountResponse, example=examples.ACCOUNT)
def get_account(call: Call, contract_id: str) -> AccountResponse:
    """What an account stands at: balance, what is due and overdue, totals by purpose."""
    return service_views.get_account(call.organisation, contract_id)


@app.endpoint(
    "GET",
    "/accounts/{contract_id}/charges",
    access=OF_CONTRACT,
    returns=ChargesResponse,
    paged=True,
    example=examples.CHARGES,
)
def list_charges(call: Call, contract_id: str) -> ChargesResponse:
    """The account's charges, newest first, 50 a page."""
    items, last_key = service_views.list_charges(call.me.organisation_id, contract_id, call.cursor)
    return ChargesResponse(items=items, next_cursor=call.next_cursor(last_key))


@app.endpoint(
    "GET",
    "/accounts/{contract_id}/payments",
    access=OF_CONTRACT,
    returns=PaymentsResponse,
    paged=True,
    example=examples.PAYMENTS,
)
def list_payments(call: Call, contract_id: str) -> PaymentsResponse:
    """The payments booked on the account, newest first, 50 a page."""
    items, last_key = service_views.list_payments(call.me.organisation_id, contract_id, call.cursor)
    return PaymentsResponse(items=items, next_cursor=call.next_cursor(last_key))


@app.endpoint(
    "GET",
    "/accounts/{contract_id}/entries",
    access=OF_CONTRACT,
    returns=EntriesResponse,
    paged=True,
    example=examples.ENTRIES,
)
def list_entries(call: Call, contract_id: str) -> EntriesResponse:
    """Every line of the account, reversals too, newest first, 50 a page."""
    items, last_key = service_views.list_entries(call.me.organisation_id, contract_id, call.cursor)
    return EntriesResponse(items=items, next_cursor=call.next_cursor(last_key))


@app.endpoint(
    "GET",
    "/accounts/{contract_id}/explain",
    access=OF_CONTRACT,
    returns=ExplainResponse,
    query=ExplainQuery,
    example=examples.EXPLAIN,
)
def explain_balance(call: Call, contract_id: str) -> ExplainResponse:
    """Where the balance of a day comes from: what was allocated to each item, from which payment, by which rule."""
    return service_views.explain_balance(call.organisation, contract_id, call.query.on)


@app.endpoint(
    "POST",
    "/accounts/{contract_id}/charges",
    access=OF_CONTRACT,
    roles=STAFF_ONLY,
    body=ChargeRequest,
    returns=ChargeResponse,
    status=HTTPStatus.CREATED,
    example=examples.CHARGE_POSTED,
    errors=("too_many_open_items", "unknown_charge"),
)
def post_charge(call: Call, contract_id: str, body: ChargeRequest) -> ChargeResponse:
    """Charge the account; the charge takes the organisation's next number."""
    return service.post_charge(call.uow, contract_id, body)


@app.endpoint(
    "POST",
    "/accounts/{contract_id}/charges/{charge_id}/interest",
    access=OF_CONTRACT,
    roles=STAFF_ONLY,
    body=InterestRequest,
    returns=InterestResponse,
    status=HTTPStatus.CREATED,
    example=examples.INTEREST,
    errors=("too_many_open_items", "unknown_charge"),
)
def state_interest(call: Call, contract_id: str, charge_id: str, body: InterestRequest) -> InterestResponse:
    """Post the interest on a charge up to a day, or put right what was posted before: a reversal and a new entry."""
    return service_interest.state_interest(call.uow, contract_id, charge_id, body)


@app.endpoint(
    "POST",
    "/entries/{entry_id}/reversal",
    access=LOOKUP,
    roles=STAFF_ONLY,
    body=ReversalRequest,
    returns=ReversalResponse,
    status=HTTPStatus.CREATED,
    example=examples.REVERSED,
    errors=("already_reversed", "currency_mismatch", "not_reversible", "payment_refunded", "same_account"),
)
def reverse_entry(call: Call, entry_id: str, body: ReversalRequest) -> ReversalResponse:
    """Take a charge or a payment back; a payment can be booked to the right account under its own value date."""
    return service.reverse_entry(call.uow, call.me, entry_id, body)


@app.endpoint(
    "POST",
    "/ledger-imports",
    access=ORGANISATION,
    roles=STAFF_ONLY,
    body=LedgerImportRequest,
    returns=LedgerImportAccepted,
    status=HTTPStatus.ACCEPTED,
    example=examples.LEDGER_IMPORT_REQUESTED,
)
def request_ledger_import(call: Call, body: LedgerImportRequest) -> LedgerImportAccepted:
    """Post the charges of an uploaded file; the answer's id shows the progress."""
    return service_imports.request_import(call.uow, body.upload)


@app.endpoint(
    "GET",
    "/ledger-imports/{import_id}",
    access=LOOKUP,
    roles=STAFF_ONLY,
    returns=LedgerImportResponse,
    example=examples.LEDGER_IMPORT,
)
def get_ledger_import(call: Call, import_id: str) -> LedgerImportResponse:
    """How far an import is, and what is wrong with its file."""
    return service_imports.get_import(call.uow, import_id)


@consumers.on(ContractStarted)
def on_contract_started(event: ContractStarted, uow: UnitOfWork) -> None:
    service.open_account(uow, event)


@consumers.on(ContractEnded)
def on_contract_ended(event: ContractEnded, uow: UnitOfWork) -> None:
    service.end_account(uow, event)


@consumers.on(PaymentSettled)
def on_payment_settled(event: PaymentSettled, uow: UnitOfWork) -> None:
    service.book_settled_payment(uow, event)


@consumers.on(PaymentRefunded)
def on_payment_refunded(event: PaymentRefunded, uow: UnitOfWork) -> None:
    service_refunds.book_refund(uow, event)


@consumers.on(PaymentRefundUndone)
def on_payment_refund_undone(event: PaymentRefundUndone, uow: UnitOfWork) -> None:
    service_refunds.undo_refund(uow, event)


@consumers.on(InterestRestatementDue)
def on_interest_restatement_due(event: InterestRestatementDue, uow: UnitOfWork) -> None:
    service_interest.put_right(uow, event)


@consumers.on_giving_up(LedgerImportReceived)
def on_ledger_import_given_up(event: LedgerImportReceived, uow: UnitOfWork) -> None:
    service_imports.fail_import(uow, event.import_id)


@consumers.on(LedgerImportReceived)
def on_ledger_import_received(event: LedgerImportReceived, uow: UnitOfWork) -> None:
    service_imports.plan_import(uow, event.import_id)


@consumers.on(LedgerImportChunkReady)
def on_ledger_import_chunk_ready(event: LedgerImportChunkReady, uow: UnitOfWork) -> None:
    service_imports.post_chunk(uow, event.import_id, event.chunk)


on_events = consumers.handler
