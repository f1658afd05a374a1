"""Vipps MobilePay ePayment, Norway and neighbours: authorise, capture, webhooks, status, refund.

Sources: `vippsas/webhooks-api`, `vippsas/vipps-epayment-api`, developer.vippsmobilepay.com. AUTHORIZED is only a reservation; what
was captured is paid. Unconfirmed: whether a repeated webhook has a fresh date (so `date_tolerance` is off until somebody sets it);
the call for the access token comes from general knowledge. A payment waits as long as Vipps wants: no expiry is sent.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from payments.providers import wire
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
    Field("msn", pattern="[0-9]{4,7}"),
    Field("client_id"),
    Field("client_secret", secret=True),
    Field("subscription_key", secret=True),
    Field("webhook_secret", secret=True),
    Field("host", default="https://api.vipps.no", pattern=HOST),
    Field("date_tolerance", default="0", pattern="[0-9]{1,6}"),
)
CURRENCIES: Final = frozenset({"NOK", "DKK", "EUR"})
TRAITS: Final = Traits(("VIPPS",))
EVENTS: Final = tuple(
    f"epayments.payment.{name}.v1"
    for name in ("created", "authorized", "captured", "aborted", "expired", "terminated", "cancelled", "refunded")
)
"""What the webhook is registered for. The prefix is a plural; the singular is refused."""

_REFERENCE: Final = r"[a-zA-Z0-9-]{8,50}"
_URL: Final = r"https?://[\x21-\x7e]{1,2000}"
_AUTHORIZATION: Final = re.compile(
    r"HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=([A-Za-z0-9+/]{43}=)"
)
_DATE: Final = re.compile(r"[A-Za-z0-9,: +-]{10,40}")
_EVENTS: Final = {
    "AUTHORIZED": Event.AUTHORISED,
    "CAPTURED": Event.PAID,
    "REFUNDED": Event.REFUNDED,
    "ABORTED": Event.CANCELLED,
    "CANCELLED": Event.CANCELLED,
    "TERMINATED": Event.CANCELLED,
    "EXPIRED": Event.EXPIRED,
}


def token(account: Account) -> Call | None:
    """The access token that every other call needs."""
    headers = {
        "client_id": account.setting("client_id"),
        "client_secret": account.secret("client_secret"),
        "Ocp-Apim-Subscription-Key": account.secret("subscription_key"),
        "Merchant-Serial-Number": account.setting("msn"),
    }
    return Call("token", "POST", f"{_host(account)}/accesstoken/get", headers)


def start(account: Account, order: Order) -> Call:
    """Create a payment. The reference must be 8 to 50 letters, digits and `-`."""
    wire.check_order(order, CURRENCIES)
    body = {
        "amount": {"currency": order.currency, "value": order.amount},
        "paymentMethod": {"type": "WALLET"},
        "reference": wire.fit("reference", order.reference, _REFERENCE),
        "returnUrl": wire.fit("return_url", order.return_url, _URL),
        "userFlow": "WEB_REDIRECT",
        "paymentDescription": wire.cut(order.description, 100) or order.reference,
    }
    return _post(account, "start", body, once=order.reference, reference=order.reference)


def read_webhook(account: Account, delivery: Delivery) -> tuple[Notice, ...]:
    """One event. The signed host and path are those that were registered, whatever the request went through."""
    _verify(account, delivery)
    event = wire.read_json(delivery.body)
    if event.get("msn") != account.setting("msn"):
        raise Refusal("wrong_service")
    name, reference = wire.text_at(event, "name", "[A-Z_]{1,40}"), wire.text_at(event, "reference", _REFERENCE)
    psp, stamp = wire.text_at(event, "pspReference"), wire.text_at(event, "timestamp")
    amount, currency = _amount(event, "amount")
    done = event.get("success") is True
    kind = _EVENTS.get(name, Event.OTHER) if done else Event.OTHER
    return (
        Notice(
            kind,
            key="/".join((account.setting("msn"), reference, psp, name, stamp)),
            occurred_at=wire.instant(stamp),
            reference=wire.reference_of(reference),
            # There is one payment for a reference; the pspReference is another one for each of its events.
            transaction_id=reference,
            amount=amount,
            currency=currency,
            service=account.setting("msn"),
            part=_refund_part(event, psp) if kind is Event.REFUNDED else "",
            detail=name if done else f"{name}_FAILED",
        ),
    )


def answer(_account: Account, _delivery: Delivery, problem: str) -> Reply:
    """200, or 401 for what is not from Vipps. An event that is not taken holds back all later ones of its payment."""
    return reply_to(problem, 401)


def follow_up(account: Account, notice: Notice) -> Call | None:
    """Capture all of what was authorised."""
    if notice.event is not Event.AUTHORISED:
        return None
    body = {"modificationAmount": {"currency": notice.currency, "value": notice.amount}}
    reference = notice.transaction_id
    return _post(account, "capture", body, once=f"{reference}-capture", reference=reference)


def status(account: Account, reference: str, _provider_id: str) -> Call:
    """Fetch a payment."""
    return Call("status", "GET", f"{_payments(account)}/{wire.path(reference)}", _headers(account), reference=reference)


def refund(account: Account, refund: Refund) -> Call:
    """A full or partial refund of what was captured."""
    body = {"modificationAmount": {"currency": refund.currency, "value": refund.amount}}
    return _post(account, "refund", body, once=refund.refund_id, reference=refund.transaction_id)


def release(account: Account, transaction_id: str) -> Call | None:
    """Cancel what is reserved and not captured: it does not agree with our order, came after its end, or a second time."""
    return _post(account, "cancel", {}, once=f"{transaction_id}-cancel", reference=transaction_id)


def payout(_account: Account, _payout_id: str) -> Call | None:
    """None: the settlement reports are not part of the protocol that we know."""
    return None


def read(account: Account, call: Call, answer: Answer) -> Result:
    """The access token, the page to go to, or what was captured and refunded so far."""
    body = wire.answered(answer, lambda data: data["extraDetails"][0]["reason"])
    if call.purpose == "token":
        return Result(token=wire.text_at(body, "access_token", r"[\x21-\x7e]{1,8000}"), seconds=_seconds(body))
    if call.purpose == "start":
        return Result(redirect=wire.redirect_to(body.get("redirectUrl"), _host(account)), provider_id=call.reference)
    if body.get("reference", call.reference) != call.reference:
        raise Refusal("bad_answer", "reference")
    return Result(notices=_standing(account, call.reference, body, answer.at))


def read_return(_account: Account, _query: Mapping[str, str]) -> str:
    """Empty: the way back is not signed."""
    return ""


def content_hash(body: bytes) -> str:
    """What `x-ms-content-sha256` must say of a body."""
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


def string_to_sign(url: str, date: str, body: bytes) -> str:
    """What the HMAC is taken over, for a POST to the registered address."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return f"POST\n{path}\n{date};{parts.netloc};{content_hash(body)}"


def _verify(account: Account, delivery: Delivery) -> None:
    date = delivery.header("x-ms-date")
    found = _AUTHORIZATION.fullmatch(delivery.header("authorization"))
    if found is None or not _DATE.fullmatch(date):
        raise Refusal("bad_signature")
    if not wire.matches(delivery.header("x-ms-content-sha256"), [content_hash(delivery.body)]):
        raise Refusal("bad_signature")
    text = string_to_sign(delivery.url, date, delivery.body).encode()
    if not wire.matches(found.group(1), [wire.hmac_base64(secret, text) for secret in account.live("webhook_secret")]):
        raise Refusal("bad_signature")
    tolerance = int(account.setting("date_tolerance", "0"))
    if tolerance:
        from email.utils import parsedate_to_datetime

        try:
            at = parsedate_to_datetime(date)
            wire.check_clock(at, delivery.now, tolerance)
        except (ValueError, TypeError) as error:
            raise Refusal("malformed", "x-ms-date") from error


def _standing(account: Account, reference: str, body: dict[str, Any], at: datetime) -> tuple[Notice, ...]:
    aggregate = wire.object_at(body, "aggregate")
    captured, currency = _amount(aggregate, "capturedAmount")
    refunded, _ = _amount(aggregate, "refundedAmount")
    cancelled, _ = _amount(aggregate, "cancelledAmount")
    authorised, _ = _amount(aggregate, "authorizedAmount")
    state = str(body.get("state", ""))

    def notice(event: Event, amount: int, *, total: bool = False) -> Notice:
        return Notice(
            event,
            key="/".join((account.setting("msn"), reference, "status", event, str(amount))),
            occurred_at=at,
            reference=wire.reference_of(reference),
            transaction_id=reference,
            amount=amount,
            currency=currency,
            service=account.setting("msn"),
            total=total,
            detail=wire.code_of(state),
        )

    if captured:
        paid = notice(Event.PAID, captured)
        return (paid, notice(Event.REFUNDED, refunded, total=True)) if refunded else (paid,)
    if authorised and cancelled >= authorised:
        return (notice(Event.CANCELLED, authorised),)
    event = _EVENTS.get(state)
    return (notice(event, authorised),) if event else ()


def _refund_part(event: dict[str, Any], psp: str) -> str:
    """Our refund_id, which was the call's idempotency key; for a refund made elsewhere Vipps's own reference."""
    return wire.reference_of(event.get("idempotencyKey")) or psp


def _amount(data: dict[str, Any], name: str) -> tuple[int, str]:
    amount = wire.object_at(data, name)
    return wire.int_at(amount, "value"), wire.currency_at(amount)


def _seconds(body: dict[str, Any]) -> int:
    # Vipps writes the seconds as text.
    value = body.get("expires_in")
    return int(value) if isinstance(value, int | str) and re.fullmatch("[0-9]{1,6}", str(value)) else 0


def _host(account: Account) -> str:
    return account.setting("host", "https://api.vipps.no").rstrip("/")


def _payments(account: Account) -> str:
    return f"{_host(account)}/epayment/v1/payments"


def _headers(account: Account) -> dict[str, str]:
    if not account.token:
        raise Refusal("not_configured", "token")
    return {
        "Authorization": f"Bearer {account.token}",
        "Ocp-Apim-Subscription-Key": account.secret("subscription_key"),
        "Merchant-Serial-Number": account.setting("msn"),
    }


def _post(account: Account, purpose: str, body: dict[str, Any], *, once: str, reference: str) -> Call:
    url = _payments(account) + ("" if purpose == "start" else f"/{wire.path(reference)}/{purpose}")
    headers = {**_headers(account), "Content-Type": wire.JSON, "Idempotency-Key": once}
    return Call(purpose, "POST", url, headers, wire.json_body(body), reference)
