"""Stripe: Checkout Session on Stripe's page, webhooks, refunds, disputes, payouts. REST with a pinned version, without the SDK.

Sources: stripe-python 15 and 16 (parameters, events, signature), docs.stripe.com (retries, idempotency). The events to subscribe
to are in EVENTS. Only the session says `paid`: `payment_intent.succeeded` of the same payment may arrive before and after it.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from payments.providers import stripe_payouts, wire
from payments.providers.model import (
    HOST,
    Account,
    Answer,
    Call,
    Delivery,
    Event,
    Field,
    Notice,
    Order,
    Refund,
    Refusal,
    Reply,
    Result,
    Traits,
    reply_to,
)

FIELDS: Final = (
    Field("api_key", secret=True),
    Field("webhook_secret", secret=True),
    Field("livemode", required=False, pattern="true|false"),
    Field("host", default="https://api.stripe.com", pattern=HOST),
    Field("api_version", default="2026-10-28.endive"),
    Field("tolerance", default="300", pattern="[0-9]{1,4}"),
)
CURRENCIES: Final = frozenset({"PLN", "EUR", "NOK", "UAH", "GBP", "USD", "SEK", "DKK", "CZK"})
TRAITS: Final = Traits(("STRIPE",))
EVENTS: Final = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "payment_intent.processing",
    "payment_intent.payment_failed",
    "payment_intent.canceled",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "payout.paid",
)
"""What the webhook endpoint is registered for."""

_LOCALES: Final = {
    "pl": "pl",
    "en": "en",
    "fr": "fr",
    "no": "nb",
    "nb": "nb",
    "de": "de",
    "cs": "cs",
    "es": "es",
    "it": "it",
}
_SHORTEST: Final = timedelta(minutes=30)
_LONGEST: Final = timedelta(hours=24)
_STAMP: Final = re.compile(r"[0-9]{1,12}")
_MAX_SIGNATURES: Final = 10
_URL: Final = r"https?://[\x21-\x7e]{1,2000}"
_REFUNDS: Final = {"succeeded": Event.REFUNDED, "failed": Event.REFUND_FAILED, "canceled": Event.REFUND_FAILED}
_DISPUTES: Final = {
    "needs_response": Event.DISPUTED,
    "under_review": Event.DISPUTED,
    "won": Event.DISPUTE_WON,
    "lost": Event.DISPUTE_LOST,
}
"""Inquiries (`warning_*`) and prevented disputes move no money."""


def token(_account: Account) -> Call | None:
    """None: the API key is enough."""
    return None


def start(account: Account, order: Order) -> Call:
    """Create a Checkout Session. The expiry is moved into Stripe's 30 minutes to 24 hours.

    Our reference goes into the session and its payment intent: refunds and disputes know only the intent.
    """
    wire.check_order(order, CURRENCIES, 999_999_99)
    # A minute more than the shortest: the call takes time.
    least, most = (
        order.created_at + _SHORTEST + timedelta(minutes=1),
        order.created_at + _LONGEST - timedelta(minutes=1),
    )
    text = wire.cut(order.description, 250) or order.reference
    fields = {
        "mode": "payment",
        "line_items[0][quantity]": "1",
        "line_items[0][price_data][currency]": order.currency.lower(),
        "line_items[0][price_data][unit_amount]": str(order.amount),
        "line_items[0][price_data][product_data][name]": text,
        "client_reference_id": order.reference,
        "metadata[order]": order.reference,
        "payment_intent_data[metadata][order]": order.reference,
        "payment_intent_data[description]": text,
        "success_url": wire.fit("return_url", order.return_url, _URL),
        "cancel_url": order.return_url,
        "expires_at": str(int(min(max(order.expires_at, least), most).timestamp())),
        "locale": _LOCALES.get(order.language.lower(), "auto"),
    }
    if order.email:
        fields["customer_email"] = order.email
    return _post(account, "start", fields, once=order.reference, reference=order.reference)


def read_webhook(account: Account, delivery: Delivery) -> tuple[Notice, ...]:
    """One event. Its order and number of deliveries mean nothing; `key` is the event's id."""
    at = _verify(account, delivery)
    event = wire.read_json(delivery.body)
    expected = account.settings.get("livemode")
    if expected and event.get("livemode") is not (expected == "true"):
        raise Refusal("wrong_service", "livemode")
    created = event.get("created")
    said = event.get("type")
    subject = wire.object_at(wire.object_at(event, "data"), "object")
    when = at if created is None else wire.since_epoch(created)
    return (_notice(said if isinstance(said, str) else "", subject, wire.text_at(event, "id"), when),)


def answer(_account: Account, _delivery: Delivery, problem: str) -> Reply:
    """200, or 400 for what is not Stripe's; anything else is sent again for three days."""
    return reply_to(problem)


def follow_up(_account: Account, _notice: Notice) -> Call | None:
    """None: a paid session is final."""
    return None


def status(account: Account, reference: str, provider_id: str) -> Call:
    """Fetch the session; `provider_id` is its id."""
    url = f"{_host(account)}/v1/checkout/sessions/{wire.path(provider_id)}?expand[]=payment_intent"
    return Call("status", "GET", url, _headers(account), reference=reference)


def refund(account: Account, refund: Refund) -> Call:
    """A full or partial refund of the payment intent."""
    fields = {
        "payment_intent": refund.transaction_id,
        "amount": str(refund.amount),
        "metadata[order]": refund.reference,
        "metadata[refund]": refund.refund_id,
    }
    return _post(account, "refund", fields, once=refund.refund_id, reference=refund.reference)


def release(_account: Account, _transaction_id: str) -> Call | None:
    """None: nothing is reserved."""
    return None


def payout(account: Account, payout_id: str) -> Call | None:
    """The balance transactions of a payout (of an automatic one: Stripe does not know what a manual one is made of)."""
    return _balance_transactions(account, payout_id)


def read(account: Account, call: Call, answer: Answer) -> Result:
    """A session to go to, a session as it stands, or a refund (one that is pending says nothing yet)."""
    body = wire.answered(answer, lambda data: data["error"].get("code") or data["error"].get("type"))
    if call.purpose == "refund":
        notice = _refund(body, f"{wire.text_at(body, 'id')}/{body.get('status')}", answer.at)
        return Result(notices=() if notice.event is Event.OTHER else (notice,))
    if call.purpose == "payout":
        rows, last = stripe_payouts.read_page(body)
        return Result(rows=rows, then=_balance_transactions(account, call.context["payout"], last) if last else None)
    session_id = wire.text_at(body, "id")
    if call.purpose == "start":
        return Result(redirect=wire.redirect_to(body.get("url"), _host(account)), provider_id=session_id)
    return Result(notices=_standing(body, answer.at), provider_id=session_id)


def read_return(_account: Account, _query: Mapping[str, str]) -> str:
    """Empty: the way back is not signed."""
    return ""


def _verify(account: Account, delivery: Delivery) -> datetime:
    pairs = [part.strip().partition("=") for part in delivery.header("stripe-signature").split(",")]
    stamps = [value for name, _, value in pairs if name == "t"]
    given = [value for name, _, value in pairs if name == "v1"][:_MAX_SIGNATURES]
    if len(stamps) != 1 or not _STAMP.fullmatch(stamps[0]):
        raise Refusal("bad_signature")
    signed = stamps[0].encode() + b"." + delivery.body
    expected = [wire.hmac_hex(secret, signed) for secret in account.live("webhook_secret")]
    if not any([wire.matches(one, expected) for one in given]):  # noqa: C419 - all, so that time tells nothing
        raise Refusal("bad_signature")
    at = wire.since_epoch(int(stamps[0]))
    wire.check_clock(at, delivery.now, int(account.setting("tolerance", "300")))
    return at


def _notice(said: str, subject: dict[str, Any], key: str, at: datetime) -> Notice:
    if said.startswith("checkout.session."):
        return _session(said.removeprefix("checkout.session."), subject, key, at)
    if said.startswith("refund."):
        return _refund(subject, key, at)
    if said.startswith("charge.dispute."):
        return _dispute(subject, key, at)
    # A declined card says nothing: the payer is still on Stripe's page and may try another; the session tells the end.
    events = {
        "payment_intent.processing": Event.PENDING,
        "payment_intent.canceled": Event.CANCELLED,
        "payout.paid": Event.PAYOUT,
    }
    event = events.get(said, Event.OTHER)
    if event is Event.OTHER:
        return Notice(event, key, at, detail=wire.code_of(said))
    shown = subject.get("statement_descriptor") if event is Event.PAYOUT else None
    part = wire.cut(shown, 40) if isinstance(shown, str) else ""
    return _money(event, subject, key, at, transaction_id=wire.text_at(subject, "id"), detail=said, part=part)


def _session(said: str, session: dict[str, Any], key: str, at: datetime) -> Notice:
    paid = session.get("payment_status") == "paid"
    events = {
        "completed": Event.PAID if paid else Event.PENDING,
        "async_payment_succeeded": Event.PAID if paid else Event.PENDING,
        "async_payment_failed": Event.FAILED,
        "expired": Event.EXPIRED,
    }
    event = events.get(said, Event.OTHER)
    session_id = wire.text_at(session, "id")
    # An expired session ends the order, whatever was tried on its page.
    transaction_id = "" if event is Event.EXPIRED else stripe_payouts.intent_of(session) or session_id
    return _money(event, session, key, at, transaction_id=transaction_id, detail=said, provider_id=session_id)


def _standing(session: dict[str, Any], at: datetime) -> tuple[Notice, ...]:
    state, payment = session.get("status"), session.get("payment_status")
    intent = session.get("payment_intent")
    intent_state = intent.get("status") if isinstance(intent, dict) else None
    if state == "expired":
        said = "expired"
    elif state == "complete":
        failed = payment == "unpaid" and intent_state in {"requires_payment_method", "canceled"}
        said = "async_payment_failed" if failed else "completed"
    else:
        return ()
    return (_session(said, session, f"{session.get('id')}/{state}/{payment}/{intent_state}", at),)


def _refund(refund: dict[str, Any], key: str, at: datetime) -> Notice:
    state, found = str(refund.get("status")), wire.text_at(refund, "id")
    event = _REFUNDS.get(state, Event.OTHER)
    return _money(event, refund, key, at, transaction_id=stripe_payouts.intent_of(refund), detail=state, part=found)


def _dispute(dispute: dict[str, Any], key: str, at: datetime) -> Notice:
    state, found = str(dispute.get("status")), wire.text_at(dispute, "id")
    event = _DISPUTES.get(state, Event.OTHER)
    return _money(event, dispute, key, at, transaction_id=stripe_payouts.intent_of(dispute), detail=state, part=found)


def _money(event: Event, subject: dict[str, Any], key: str, at: datetime, **known: str) -> Notice:
    ours = subject.get("client_reference_id") or wire.object_at(subject, "metadata").get("order")
    return Notice(
        event,
        key,
        at,
        reference=wire.reference_of(ours),
        amount=wire.int_at(subject, "amount_total" if "amount_total" in subject else "amount"),
        currency=wire.currency_at(subject),
        transaction_id=known["transaction_id"],
        part=known.get("part", ""),
        provider_id=known.get("provider_id", ""),
        detail=wire.code_of(known["detail"]),
    )


def _balance_transactions(account: Account, payout_id: str, after: str = "") -> Call:
    query = {"payout": payout_id, "limit": "100", "expand[]": "data.source"}
    if after:
        query["starting_after"] = after
    url = f"{_host(account)}/v1/balance_transactions?{wire.form_body(query).decode()}"
    return Call("payout", "GET", url, _headers(account), context={"payout": payout_id})


def _host(account: Account) -> str:
    return account.setting("host", "https://api.stripe.com").rstrip("/")


def _headers(account: Account) -> dict[str, str]:
    version = account.setting("api_version", "2026-10-28.endive")
    return {"Authorization": f"Bearer {account.secret('api_key')}", "Stripe-Version": version}


def _post(account: Account, purpose: str, fields: dict[str, str], *, once: str, reference: str) -> Call:
    url = _host(account) + {"start": "/v1/checkout/sessions", "refund": "/v1/refunds"}[purpose]
    headers = {**_headers(account), "Content-Type": wire.FORM, "Idempotency-Key": f"{once}:{purpose}"}
    return Call(purpose, "POST", url, headers, wire.form_body(fields), reference)
