"""Routes, event handlers and the clock's function of online payments: parse, one call, answer."""

from typing import Any

from payments import examples_online as examples
from payments import (
    schemas_online as s,
)
from payments import (
    service_comparison,
    service_payments,
    service_providers,
    service_reconciliation,
    service_refunds,
    service_start,
    service_webhooks,
)
from payments.base import app, consumers
from shared.access import ADMINISTRATORS_ONLY, ANYONE_SIGNED_IN, STAFF_ONLY
from shared.events.catalog import BalanceChanged
from shared.events.payments import RefundConfirmed, WebhookReceived
from shared.http import LOOKUP, ORGANISATION, Call
from shared.tables import UnitOfWork


# ------------------------------------------------------------------ paying
@app.endpoint(
    "GET", "/payment-options", query=s.OptionsQuery, returns=s.PaymentOptionsResponse, access=LOOKUP,
    roles=ANYONE_SIGNED_IN, example=examples.OPTIONS,
)  # fmt: skip
def get_payment_options(call: Call) -> s.PaymentOptionsResponse:
    """How a contract can be paid online now, and what is under way."""
    return service_start.get_options(call.me, call.query.contract_id)


@app.endpoint(
    "POST", "/payments", body=s.PaymentRequest, returns=s.PaymentStartedResponse, status=201, access=LOOKUP,
    roles=ANYONE_SIGNED_IN, example=examples.START,
    errors=(
        "amount_not_open", "amount_out_of_range", "charge_not_open", "currency_not_taken", "email_needed", "nothing_due",
        "payment_under_way", "provider_refused", "provider_unavailable", "provider_unusable",
        "too_many_under_way",
    ),
)  # fmt: skip
def post_payment(call: Call, body: s.PaymentRequest) -> s.PaymentStartedResponse:
    """Start a payment, or offer again the one that is under way."""
    return service_start.start_payment(call.uow, call.me, body)


@app.endpoint(
    "GET", "/payments", query=s.PaymentsQuery, returns=s.OnlinePaymentsResponse, access=LOOKUP, roles=ANYONE_SIGNED_IN,
    paged=True, example=examples.LIST,
)  # fmt: skip
def get_online_payments(call: Call) -> s.OnlinePaymentsResponse:
    """A contract's online payments, the newest first."""
    items, last_key = service_payments.list_payments(call.me, call.query.contract_id, call.cursor)
    return s.OnlinePaymentsResponse(items=items, next_cursor=call.next_cursor(last_key))


@app.endpoint(
    "GET", "/payments/{payment_id}", returns=s.OnlinePaymentResponse, access=LOOKUP, roles=ANYONE_SIGNED_IN,
    example=examples.READ,
)  # fmt: skip
def get_online_payment(call: Call, payment_id: str) -> s.OnlinePaymentResponse:
    """How a payment stands."""
    return call.with_etag(service_payments.get_payment(call.me, payment_id))


# ------------------------------------------------------------------ staff
@app.endpoint(
    "POST", "/payments/{payment_id}/refund", body=s.RefundRequest, returns=s.OnlinePaymentResponse, status=201,
    access=ORGANISATION, roles=STAFF_ONLY, example=examples.ASK_REFUND, errors=("already_asked", "not_refundable"),
)  # fmt: skip
def post_refund(call: Call, payment_id: str, body: s.RefundRequest) -> s.OnlinePaymentResponse:
    """Ask for money to be sent back; somebody else must confirm it."""
    return service_refunds.ask_refund(call.uow, call.me, payment_id, body)


@app.endpoint(
    "POST", "/payments/{payment_id}/refund/confirmation", body=s.RefundConfirmation, returns=s.OnlinePaymentResponse,
    status=201, access=ORGANISATION, roles=STAFF_ONLY, example=examples.CONFIRM,
    errors=("not_refundable", "refund_decided", "second_look_needed"),
)  # fmt: skip
def post_refund_confirmation(call: Call, payment_id: str, body: s.RefundConfirmation) -> s.OnlinePaymentResponse:
    """Confirm or reject a refund that somebody else asked for."""
    return service_refunds.decide_refund(call.uow, call.me, payment_id, body)


@app.endpoint(
    "GET", "/refunds", query=s.RefundsQuery, returns=s.RefundsResponse, access=ORGANISATION, roles=STAFF_ONLY,
    paged=True, example=examples.REFUNDS,
)  # fmt: skip
def get_refunds(call: Call) -> s.RefundsResponse:
    """Refunds in a state, those that wait longest first."""
    items, last_key = service_refunds.list_refunds(call.me.organisation_id, call.query.state, call.cursor)
    return s.RefundsResponse(items=items, next_cursor=call.next_cursor(last_key))


@app.endpoint(
    "GET", "/reconciliation", query=s.ReconciliationQuery, returns=s.ReconciliationResponse, access=ORGANISATION,
    roles=STAFF_ONLY, paged=True, example=examples.RECONCILIATION,
)  # fmt: skip
def get_reconciliation(call: Call) -> s.ReconciliationResponse:
    """How payments compare with what the providers say, the newest first; what people dealt with stands under `done`."""
    items, last_key = service_reconciliation.list_reconciliation(call.me.organisation_id, call.query.state, call.cursor)
    return s.ReconciliationResponse(items=items, next_cursor=call.next_cursor(last_key))


@app.endpoint(
    "POST", "/reconciliation/{line_id}/tick", body=s.LineTick, returns=s.ReconciliationLine, status=201,
    access=ORGANISATION, roles=STAFF_ONLY, example=examples.TICK,
)  # fmt: skip
def post_tick(call: Call, line_id: str, body: s.LineTick) -> s.ReconciliationLine:
    """Note that a line was dealt with, and how; or open it again."""
    return service_reconciliation.tick_line(call.uow, line_id, body)


# ------------------------------------------------------------------ administrators
@app.endpoint(
    "GET", "/payment-providers", returns=s.PaymentProvidersResponse, access=ORGANISATION, roles=ADMINISTRATORS_ONLY,
    example=examples.PROVIDERS,
)  # fmt: skip
def get_payment_providers(call: Call) -> s.PaymentProvidersResponse:
    """All providers, with what the organisation has set; secrets are never shown."""
    return s.PaymentProvidersResponse(providers=service_providers.list_providers(call.me.organisation_id))


@app.endpoint(
    "PUT", "/payment-providers/{provider}", body=s.PaymentProviderRequest, returns=s.PaymentProviderResponse,
    access=ORGANISATION, roles=ADMINISTRATORS_ONLY, example=examples.SET_PROVIDER, errors=("invalid_provider_setting",),
)  # fmt: skip
def put_payment_provider(call: Call, provider: str, body: s.PaymentProviderRequest) -> s.PaymentProviderResponse:
    """Set a provider up; a new secret leaves the former one live until it is ended."""
    return service_providers.set_provider(call.uow, provider, body)


@app.endpoint(
    "DELETE", "/payment-providers/{provider}/former-secret", returns=s.PaymentProviderResponse, access=ORGANISATION,
    roles=ADMINISTRATORS_ONLY, example=examples.END_FORMER,
)  # fmt: skip
def delete_former_secret(call: Call, provider: str) -> s.PaymentProviderResponse:
    """End the former secrets of a provider."""
    return service_providers.end_former_secret(call.uow, provider)


# ------------------------------------------------------------------ events
@consumers.on(BalanceChanged)
def _balance_changed(event: BalanceChanged, uow: UnitOfWork) -> None:
    service_start.keep_open_charges(uow, event)


@consumers.on(WebhookReceived)
def _webhook_received(event: WebhookReceived, uow: UnitOfWork) -> None:
    service_webhooks.work_off(uow, event.provider, event.webhook_id)


@consumers.on(RefundConfirmed)
def _refund_confirmed(event: RefundConfirmed, uow: UnitOfWork) -> None:
    service_refunds.send_refund(uow, event.payment_id, event.refund_id)


@consumers.on_giving_up(RefundConfirmed)
def _refund_given_up(event: RefundConfirmed, uow: UnitOfWork) -> None:
    service_refunds.give_up_refund(uow, event.payment_id, event.refund_id)


def run_payments(_event: Any, _context: Any) -> dict[str, int]:
    """The clock's function: asks about attempts without an end, compares what was settled. Safe to run again."""
    return service_comparison.run_all()
