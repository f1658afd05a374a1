"""Stripe's objects and events as Stripe writes them, the signature of a webhook, and the reading of nested forms."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from infra.local.providers.book import Ids, Order, Refund, Transaction, words
from infra.local.providers.frame import Response, json_response
from infra.local.providers.post import Outgoing

MINOR: Final = frozenset({"pln", "eur", "nok", "uah", "gbp", "usd", "sek", "dkk", "czk", "chf"})
LOCALES: Final = frozenset(
    words("auto bg cs da de el en es et fi fr hr hu it ja lt lv nb nl pl pt ro ru sk sl sv tr zh")
)
SESSION_FIELDS: Final = frozenset(
    words(
        "mode line_items success_url cancel_url client_reference_id customer_email metadata payment_intent_data "
        "expires_at locale submit_type ui_mode allowed_payment_method_types customer expand billing_address_collection"
    )
)
"""Since version endive `payment_method_types` is not among them."""


def signature_header(secrets: Iterable[str], at: int, body: bytes) -> str:
    """`t` and a `v1` for each live secret; a secret counts with its `whsec_`."""
    text = b"%d.%b" % (at, body)
    marks = [hmac.new(secret.encode("utf-8"), text, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={at}", *(f"v1={mark}" for mark in marks)])


def webhook(event: Mapping[str, Any], secrets: Iterable[str], at: int) -> Outgoing:
    """An event on its way; every try has a time and signature of its own."""
    body = json.dumps(event, indent=2, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": signature_header(secrets, at, body),
    }
    return Outgoing(body, headers)


def nested(form: Mapping[str, str]) -> dict[str, Any]:
    """`a[b][0]=c` as `{"a": {"b": {"0": "c"}}}`. Raises ValueError for a name that is no such path."""
    found: dict[str, Any] = {}
    for name, value in form.items():
        if not re.fullmatch(r"\w+(\[\w*\])*", name):
            raise ValueError(name)
        *path, last = re.findall(r"\w+", name)
        place = found
        for part in path:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                raise ValueError(name)  # noqa: TRY004 - one kind of error for the caller
        place[last] = value
    return found


def refusal(status: int, kind: str, code: str, param: str = "") -> Response:
    """An error as Stripe words it."""
    error = {"type": kind, "message": f"{code} {param}".strip(), **({"param": param} if param else {})}
    return json_response({"error": {**error, "code": code} if code else error}, status)


def invalid(code: str, param: str = "") -> Response:
    """400."""
    return refusal(400, "invalid_request_error", code, param)


class Objects:
    """The objects of an order. Every id follows from the session's."""

    def __init__(self, ids: Ids, url: str) -> None:
        self._ids, self._url = ids, url

    def session(self, order: Order, *, expanded: bool = False) -> dict[str, Any]:
        """A Checkout Session."""
        one = order.transactions[-1] if order.transactions else None
        paid = bool(order.paid_ones())
        status = {"open": "open", "done": "complete"}.get(order.state, "expired")
        intent: Any = one.id if one else None
        return {
            "id": order.token,
            "object": "checkout.session",
            "amount_total": order.amount,
            "currency": order.currency.lower(),
            "client_reference_id": order.extra["values"].get("client_reference_id"),
            "customer_email": order.extra["values"].get("customer_email"),
            "created": int(order.at.timestamp()),
            "expires_at": int(order.expires_at.timestamp()) if order.expires_at else None,
            "livemode": False,
            "metadata": order.extra["values"].get("metadata", {}),
            "mode": "payment",
            "payment_intent": self.intent(order, one) if expanded and one else intent,
            "payment_status": "paid" if paid else "unpaid",
            "status": status,
            "url": f"{self._url}/pay/{order.token}" if status == "open" else None,
        }

    def intent(self, order: Order, one: Transaction) -> dict[str, Any]:
        """A PaymentIntent."""
        states = {"paid": "succeeded", "failed": "requires_payment_method", "cancelled": "canceled"}
        data = order.extra["values"].get("payment_intent_data", {})
        return {
            "id": one.id,
            "object": "payment_intent",
            "amount": order.amount,
            "amount_received": one.paid,
            "currency": order.currency.lower(),
            "created": int(one.at.timestamp()),
            "description": data.get("description"),
            "latest_charge": self.charge_id(one) if one.paid else None,
            "livemode": False,
            "metadata": data.get("metadata", {}),
            "status": states.get(one.state, "processing"),
        }

    def charge_id(self, one: Transaction) -> str:
        """The id of its charge."""
        return one.id.replace("pi_", "ch_")

    def charge(self, order: Order, one: Transaction) -> dict[str, Any]:
        """A Charge."""
        return {
            "id": self.charge_id(one),
            "object": "charge",
            "amount": order.amount,
            "amount_refunded": one.refunded,
            "currency": order.currency.lower(),
            "metadata": order.extra["values"].get("payment_intent_data", {}).get("metadata", {}),
            "payment_intent": one.id,
            "refunded": one.refunded == one.paid > 0,
            "status": "succeeded",
        }

    def refund(self, order: Order, one: Transaction, refund: Refund) -> dict[str, Any]:
        """A Refund."""
        return {
            "id": refund.id,
            "object": "refund",
            "amount": refund.amount,
            "charge": self.charge_id(one),
            "created": int(refund.at.timestamp()),
            "currency": order.currency.lower(),
            "metadata": refund.extra.get("metadata", {}),
            "payment_intent": one.id,
            "status": {"done": "succeeded", "failed": "failed"}.get(refund.state, "pending"),
        }

    def dispute(self, order: Order, one: Transaction) -> dict[str, Any]:
        """A Dispute."""
        return {
            "id": one.id.replace("pi_", "dp_")[:-2] + f"{one.extra['disputes']:02d}",
            "object": "dispute",
            "amount": one.extra["dispute_amount"],
            "charge": self.charge_id(one),
            "currency": order.currency.lower(),
            "metadata": {},
            "payment_intent": one.id,
            "reason": "fraudulent",
            "status": one.extra["dispute"],
        }

    def payout(self, found: str, order: Order, amount: int) -> dict[str, Any]:
        """A Payout, of one order."""
        return {
            "id": found,
            "object": "payout",
            "amount": amount,
            "automatic": True,
            "currency": order.currency.lower(),
            "metadata": {},
            "statement_descriptor": f"STRIPE {found[-8:].upper()}",
            "status": "paid",
        }

    def balance_transactions(
        self, order: Order, payout: str, amount: int, fee: int, *, expanded: bool
    ) -> list[dict[str, Any]]:
        """The payout, what it is made of, and the fee that was taken of its payment."""
        currency = order.currency.lower()

        def row(number: int, kind: str, moved: int, source: Any, kept: int = 0) -> dict[str, Any]:
            return {
                "id": f"txn_{payout[3:]}{number}",
                "object": "balance_transaction",
                "amount": moved,
                "currency": currency,
                "fee": kept,
                "net": moved - kept,
                "source": source if expanded else source["id"],
                "type": kind,
            }

        rows = [row(0, "payout", -amount, self.payout(payout, order, amount))]
        for one in order.paid_ones():
            rows.append(row(len(rows), "charge", one.paid, self.charge(order, one), fee))
            for refund in one.refunds:
                rows.append(row(len(rows), "refund", -refund.amount, self.refund(order, one, refund)))
        return rows

    def event(self, order: Order, kind: str, subject: dict[str, Any], at: int) -> dict[str, Any]:
        """An Event about an object as it stands."""
        number = len(order.extra["events"])
        event = {
            "id": "evt_"
            + self._ids.make("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ", 24, "event", order.token, number),
            "object": "event",
            "api_version": order.extra["version"],
            "created": at,
            "data": {"object": subject},
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": kind,
        }
        order.extra["events"].append(event)
        return event
