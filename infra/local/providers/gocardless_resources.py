"""GoCardless's resources and events: how they look, how a webhook is signed, and how payments, mandates and refunds move on."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from infra.local.providers.book import CAPITALS, Order, Refund, Transaction
from infra.local.providers.config import SandboxConfig
from infra.local.providers.post import Outgoing
from infra.local.providers.sandbox import Sandbox

MOST_EVENTS: Final = 250
LINKS: Final = {
    "billing_requests": "billing_request",
    "payments": "payment",
    "mandates": "mandate",
    "refunds": "refund",
    "payouts": "payout",
}
Happening = tuple[str, str, str]
"""Kind of resource, action, id."""


def mark_of(secret: str, body: bytes) -> str:
    """The signature: HMAC over the raw body, the secret's text as key."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def webhook(events: Sequence[Mapping[str, Any]], webhook_id: str, secret: str) -> Outgoing:
    """Up to 250 events on their way."""
    body = json.dumps({"events": list(events), "meta": {"webhook_id": webhook_id}}, separators=(",", ":")).encode()
    return Outgoing(body, {"Content-Type": "application/json", "Webhook-Signature": mark_of(secret, body)})


def moment(at: datetime) -> str:
    """Milliseconds, as GoCardless writes them."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


class GoCardlessResources(Sandbox):
    """The half of GoCardless that moves on by itself. `payouts`: what was sent on, by id; `payout_items`: what of."""

    def __init__(self, config: SandboxConfig) -> None:
        self.payouts: dict[str, dict[str, Any]] = {}
        self.payout_items: dict[str, list[dict[str, Any]]] = {}
        super().__init__(config)

    def emit(self, order: Order, happened: Sequence[Happening], times: int = 1, **details: str) -> None:
        """Tell of what happened together, in one webhook (more for more than 250)."""
        for first in range(0, len(happened), MOST_EVENTS):
            events = [self._event(order, *one, details) for one in happened[first : first + MOST_EVENTS]]
            found = "WB" + self.ids.make(CAPITALS, 12, "webhook", order.token, len(order.extra["events"]))
            secret = order.shop.secret
            name = " ".join(f"{kind}.{action}" for kind, action, _ in happened[first : first + 4])
            for _ in range(times):
                self.tell(order, name, lambda _attempt: webhook(events, found, secret("webhook_secret")))  # noqa: B023

    def _event(self, order: Order, kind: str, action: str, found: str, details: Mapping[str, str]) -> dict[str, Any]:
        number = len(order.extra["events"])
        event: dict[str, Any] = {
            "id": "EV" + self.ids.make(CAPITALS, 14, "event", order.token, number),
            "created_at": moment(self.now()),
            "resource_type": kind,
            "action": action,
            "links": {LINKS[kind]: found},
            "details": {"origin": "gocardless", "cause": f"{kind[:-1]}_{action}", "description": action, **details},
            "metadata": {},
        }
        if order.shop.settings.get("resource_metadata") == "yes":
            event["resource_metadata"] = order.extra["metadata"]
        order.extra["events"].append(event)
        return event

    # --- Looks

    def billing_request(self, order: Order) -> dict[str, Any]:
        """A billing request."""
        links = {"creditor": "CR000DEMO"}
        if order.extra["fulfilled"]:
            if order.extra["mandate"]:
                links["mandate_request_mandate"] = order.extra["mandate"]
            else:
                links["payment_request_payment"] = order.transactions[0].id
        status = "fulfilled" if order.extra["fulfilled"] else "cancelled" if order.extra["cancelled"] else "pending"
        asked = {name: order.extra["asked_for"].get(name) for name in ("payment_request", "mandate_request")}
        head = {"id": order.token, "created_at": moment(order.at), "status": status}
        return {**head, **asked, "metadata": order.extra["metadata"], "links": links}

    def payment(self, order: Order, one: Transaction) -> dict[str, Any]:
        """A payment."""
        links = {"creditor": "CR000DEMO"}
        if order.extra["mandate"]:
            links["mandate"] = order.extra["mandate"]
        return {
            "id": one.id,
            "created_at": moment(one.at),
            "charge_date": f"{one.at:%Y-%m-%d}",
            "amount": one.extra["amount"],
            "amount_refunded": one.refunded,
            "currency": order.currency,
            "status": one.extra["status"],
            "metadata": one.extra["metadata"],
            "links": links,
        }

    def refund_of(self, order: Order, one: Transaction, refund: Refund) -> dict[str, Any]:
        """A refund."""
        state = {"pending": "created", "done": "paid", "failed": "bounced"}[refund.state]
        head = {"id": refund.id, "created_at": moment(refund.at), "amount": refund.amount, "currency": order.currency}
        return {**head, "status": state, "metadata": refund.extra["metadata"], "links": {"payment": one.id}}

    def mandate(self, order: Order) -> dict[str, Any]:
        """A mandate."""
        head = {"id": order.extra["mandate"], "created_at": moment(order.at), "scheme": "sepa_core"}
        return {**head, "status": order.extra["mandate_status"], "metadata": order.extra["metadata"], "links": {}}

    # --- Moves

    def new_payment(self, order: Order, amount: int, metadata: dict[str, str]) -> Transaction:
        """A payment that is to be collected."""
        found = "PM" + self.ids.make(CAPITALS, 12, "payment", order.token, len(order.transactions))
        extra = {"status": "pending_submission", "amount": amount, "metadata": metadata}
        return self.add(order, Transaction(found, "pending", self.now(), extra=extra))

    def move_on(self, order: Order, one: Transaction) -> None:
        """Collect it in a while."""
        self.courier.later(self.config.process_seconds, lambda: self._collected(order, one))

    def _collected(self, order: Order, one: Transaction) -> None:
        with self.lock:
            if one.state == "pending":
                self.confirm(order, one)

    def confirm(self, order: Order, one: Transaction) -> None:
        """The bank has collected it; it may still come back."""
        one.state, one.paid, one.at = "paid", one.extra["amount"], self.now()
        one.extra["status"] = "confirmed"
        self.emit(order, [("payments", "submitted", one.id), ("payments", "confirmed", one.id)])

    def fail(self, order: Order, one: Transaction, cause: str = "insufficient_funds") -> None:
        """The debit failed, perhaps after it was confirmed."""
        late = one.extra["status"] == "paid_out"
        one.state, one.paid, one.extra["status"] = "failed", 0, "failed"
        happened = [("payments", "failed", one.id)]
        if late:
            happened.append(("payments", "late_failure_settled", one.id))
        self.emit(order, happened, cause=cause, origin="bank")

    def pay_out(self, order: Order, one: Transaction) -> None:
        """Send a payment on to the merchant."""
        found = "PO" + self.ids.make(CAPITALS, 12, "payout", one.id)
        one.extra["status"] = "paid_out"
        fee = int(order.shop.settings.get("payout_fee", 0))
        self.payout_items[found] = [
            {"type": "payment_paid_out", "amount": f"{one.paid}.0", "links": {"payment": one.id}, "taxes": []},
            # A fee may have a fraction of the minor unit, its tax the rest.
            {"type": "gocardless_fee", "amount": f"-{max(fee - 1, 0)}.5", "links": {"payment": one.id}, "taxes": []},
            {"type": "vat", "amount": "-0.5", "links": {}, "taxes": []},
        ][: 3 if fee else 1]
        self.payouts[found] = {
            "id": found,
            "amount": one.paid - fee,
            "currency": order.currency,
            "status": "paid",
            "created_at": moment(self.now()),
            "deducted_fees": fee,
            "reference": f"DEMO-{found[-9:]}",
            "payout_type": "merchant",
            "links": {"creditor": "CR000DEMO"},
        }
        self.emit(order, [("payouts", "paid", found), ("payments", "paid_out", one.id)])

    def charge_back(self, order: Order, one: Transaction, name: str) -> None:
        """The payer's bank takes a payment back, or gives up doing so."""
        action = {"dispute": "charged_back", "dispute_won": "chargeback_cancelled"}.get(name, "chargeback_settled")
        one.disputed = 0 if name == "dispute_won" else one.paid - one.refunded
        one.extra["status"] = "paid_out" if name == "dispute_won" else "charged_back"
        self.emit(order, [("payments", action, one.id)], cause="authorisation_disputed", origin="bank")

    def give_back(self, order: Order, one: Transaction, amount: int, metadata: dict[str, str]) -> Refund:
        """A refund, paid in a while."""
        found = "RF" + self.ids.make(CAPITALS, 12, "refund", one.id, len(one.refunds))
        refund = Refund(found, amount, "pending", self.now(), {"metadata": metadata})
        one.refunds.append(refund)
        self.emit(order, [("refunds", "created", found)])

        def carry_out() -> None:
            with self.lock:
                if refund.state == "pending":
                    refund.state = "done"
                    self.emit(order, [("refunds", "paid", found)])

        self.courier.later(self.config.process_seconds, carry_out)
        return refund
