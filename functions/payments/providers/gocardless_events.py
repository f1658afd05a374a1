"""What GoCardless's webhooks say: up to 250 events, without amounts. Sources: see gocardless.py."""

from typing import Any, Final

from payments.providers import wire
from payments.providers.model import Account, Delivery, Event, Notice, Refusal

_MAX_EVENTS: Final = 250
_EVENTS: Final[dict[str, dict[str, Event]]] = {
    "billing_requests": {
        "fulfilled": Event.HINT,
        "cancelled": Event.CANCELLED,
        "failed": Event.FAILED,
        "bank_authorisation_authorised": Event.PENDING,
    },
    "payments": {
        "created": Event.PENDING,
        "submitted": Event.PENDING,
        "resubmission_requested": Event.PENDING,
        "confirmed": Event.HINT,
        "paid_out": Event.HINT,
        "failed": Event.BOUNCED,
        "late_failure_settled": Event.BOUNCED,
        "cancelled": Event.CANCELLED,
        "customer_approval_denied": Event.CANCELLED,
        "charged_back": Event.DISPUTED,
        "chargeback_cancelled": Event.DISPUTE_WON,
        "chargeback_settled": Event.DISPUTE_LOST,
    },
    "refunds": {"paid": Event.HINT, "failed": Event.REFUND_FAILED, "funds_returned": Event.REFUND_FAILED},
    "payouts": {"paid": Event.HINT},
    "mandates": {
        "active": Event.MANDATE_ACTIVE,
        "reinstated": Event.MANDATE_ACTIVE,
        "failed": Event.MANDATE_ENDED,
        "cancelled": Event.MANDATE_ENDED,
        "expired": Event.MANDATE_ENDED,
    },
}
_LINKS: Final = {
    "billing_requests": "billing_request",
    "payments": "payment",
    "refunds": "refund",
    "payouts": "payout",
    "mandates": "mandate",
}
_DISPUTES: Final = frozenset({Event.DISPUTED, Event.DISPUTE_WON, Event.DISPUTE_LOST})


def read_events(account: Account, delivery: Delivery) -> tuple[Notice, ...]:
    """The events of a webhook whose signature a live secret gives."""
    expected = [wire.hmac_hex(secret, delivery.body) for secret in account.live("webhook_secret")]
    if not wire.matches(delivery.header("webhook-signature"), expected):
        raise Refusal("bad_signature")
    events = wire.read_json(delivery.body).get("events")
    if (
        not isinstance(events, list)
        or len(events) > _MAX_EVENTS
        or not all(isinstance(event, dict) for event in events)
    ):
        raise Refusal("malformed", "events")
    return tuple(_event(event) for event in events)


def _event(event: dict[str, Any]) -> Notice:
    kind, action = wire.text_at(event, "resource_type", "[a-z_]{1,60}"), wire.text_at(event, "action", "[a-z_]{1,60}")
    links = wire.object_at(event, "links")
    found = wire.code_of(links.get(_LINKS.get(kind, "")))
    what = _EVENTS.get(kind, {}).get(action, Event.OTHER)
    details = wire.object_at(event, "details")
    if what is Event.BOUNCED and (event.get("will_attempt_retry") or details.get("will_attempt_retry")):
        what = Event.PENDING
    if not found:
        what = Event.OTHER
    whole = kind == "billing_requests"
    cause = wire.code_of(details.get("cause"))
    return Notice(
        what,
        key=wire.text_at(event, "id", "[A-Za-z0-9_-]{1,64}"),
        occurred_at=wire.instant(event.get("created_at")),
        reference=order_of(event, "resource_metadata") or order_of(event, "metadata"),
        transaction_id="" if whole else wire.code_of(links.get("payment")) if kind == "refunds" else found,
        part=found if kind == "refunds" or what in _DISPUTES else "",
        provider_id=found if whole else "",
        detail=f"{kind}.{action}" + (f":{cause}" if cause else ""),
    )


def order_of(resource: dict[str, Any], name: str) -> str:
    """Our reference in the metadata of this name; empty when it is not there."""
    return wire.reference_of(wire.object_at(resource, name).get("order"))
