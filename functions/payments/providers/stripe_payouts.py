"""Stripe's report of a payout: the balance transactions that it is made of. Sources: see stripe.py."""

from typing import Any, Final

from payments.providers import wire
from payments.providers.model import PayoutRow, Refusal

_PAYMENTS: Final = frozenset({"charge", "payment"})
_NO_ROWS: Final = frozenset({"payout", "stripe_fee"})
"""The payout itself stands in its own list; fees are what the other rows come to less the payout."""


def read_page(body: dict[str, Any]) -> tuple[tuple[PayoutRow, ...], str]:
    """The rows of a page, and the id after which the next one begins (empty on the last page)."""
    listed = body.get("data")
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise Refusal("malformed", "data")
    rows = tuple(_row(one) for one in listed if one.get("type") not in _NO_ROWS)
    return rows, wire.text_at(listed[-1], "id") if listed and body.get("has_more") is True else ""


def intent_of(subject: dict[str, Any]) -> str:
    """The id of an object's payment intent, expanded or not; empty where it has none."""
    intent = subject.get("payment_intent")
    found = intent.get("id") if isinstance(intent, dict) else intent
    return wire.code_of(found, 255)


def _row(one: dict[str, Any]) -> PayoutRow:
    source = one.get("source")
    amount = wire.int_at(one, "amount", -(10**15))
    if one.get("type") not in _PAYMENTS or not isinstance(source, dict):
        return PayoutRow(amount)
    ours = wire.object_at(source, "metadata").get("order")
    return PayoutRow(amount, intent_of(source) or wire.text_at(source, "id"), wire.reference_of(ours))
