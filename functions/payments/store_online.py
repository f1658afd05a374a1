"""The items of online payments in the payments table, and their queries. Access patterns: docs/data-model.md.

What a provider says may name people and their accounts: webhooks as they came stand in this table only, and expire.
"""

import hashlib
from collections.abc import Iterable
from typing import Any, Final, TypeVar

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    VersionAttribute,
)
from pynamodb.expressions.condition import Condition

from payments.store import Item, Key
from shared import clock
from shared.indexes import Gsi1

VARIABLE: Final = "PAYMENTS_TABLE"
PAGE: Final = 50
KEPT_DAYS: Final = 400
"""Webhooks and refusals: a dispute may come a year after its payment."""
_DAY: Final = 86_400
M = TypeVar("M", bound=Item)


class AttemptItem(Item):
    """pk `ORG#<org>#PAYMENT#<payment>`, sk `PAYMENT`; gsi1: `ORG#<org>#CONTRACT#<contract>#PAYMENTS`, payment id.

    `facts` is what `rules_attempts.dump` gives; everything that may change is computed from them, `state` for the lists. `amount` is
    what the contract is credited, `fee` ours beside it: the payer is asked for the sum.
    """

    gsi1pk = UnicodeAttribute()
    gsi1sk = UnicodeAttribute()
    payment_id = UnicodeAttribute()
    contract_id = UnicodeAttribute()
    person_id = UnicodeAttribute()
    provider = UnicodeAttribute()
    amount = NumberAttribute()
    fee = NumberAttribute(default=0)
    currency = UnicodeAttribute()
    charges = JSONAttribute(default=list)
    covers = JSONAttribute(default=dict)
    """What of the charges that it is for was open when it was started; for everything due all of them, for a free amount none."""
    as_of = NumberAttribute(default=0)
    """The ledger's version that said so."""
    double_of = JSONAttribute(default=list)
    """The payments that had paid the same charges when this one was settled."""
    doubled = NumberAttribute(default=0)
    """How much of `amount` was paid for the second time so."""
    created_at = UnicodeAttribute()
    expires_at = UnicodeAttribute()
    return_to = UnicodeAttribute()
    redirect = JSONAttribute(null=True)
    """Where the payer goes, `[method, url, fields]`, until the attempt has ended."""
    provider_id = UnicodeAttribute(default="")
    provider_fee = NumberAttribute(null=True)
    state = UnicodeAttribute()
    facts = JSONAttribute(default=list)
    detail = UnicodeAttribute(default="")
    bookings = JSONAttribute(default=dict)
    """{transaction: the payment id under which it is in the books}; the first has the attempt's own id."""
    returned = JSONAttribute(default=list)
    """What the books were told of money that went back: [refund id, payment id, cause, amount, undone]."""
    settled_on = UnicodeAttribute(null=True)
    open_refund = UnicodeAttribute(null=True)
    reserved = BooleanAttribute(default=False)
    """The payer's money is reserved, nobody wants it, and the provider has not let it go yet."""
    by_contract = Gsi1()
    version = VersionAttribute()


ASKED: Final = "asked"
CONFIRMED: Final = "confirmed"
REJECTED: Final = "rejected"
SENT: Final = "sent"
FAILED: Final = "failed"


class RefundItem(Item):
    """The attempt's pk, sk `REFUND#<refund>`: asked for by one person, decided by another, then sent to the provider.

    gsi1: `ORG#<org>#REFUNDS#<state>`, `<asked at>#<refund>`.
    """

    gsi1pk = UnicodeAttribute()
    gsi1sk = UnicodeAttribute()
    payment_id = UnicodeAttribute()
    contract_id = UnicodeAttribute()
    provider = UnicodeAttribute()
    currency = UnicodeAttribute()
    refund_id = UnicodeAttribute()
    transaction_id = UnicodeAttribute()
    amount = NumberAttribute()
    reason = UnicodeAttribute()
    state = UnicodeAttribute()
    refunded_before = NumberAttribute(default=0)
    asked_by = UnicodeAttribute()
    asked_at = UnicodeAttribute()
    decided_by = UnicodeAttribute(null=True)
    decided_at = UnicodeAttribute(null=True)
    code = UnicodeAttribute(null=True)
    by_state = Gsi1()
    version = VersionAttribute()


class OpenItem(Item):
    """pk `ORG#<org>#OPENPAYMENTS`, sk `<payment>`: an attempt without an end, for the clock."""

    payment_id = UnicodeAttribute()
    check_at = UnicodeAttribute()


class UnderwayItem(Item):
    """pk `ORG#<org>#UNDERWAY#<contract>`, sk hash of the items: the one attempt that is offered again. It may have ended."""

    payment_id = UnicodeAttribute()
    expires = NumberAttribute()


class PointerItem(Item):
    """pk `ORG#<org>#PROVIDERID#<provider>#<order or transaction id>`, sk `POINTER`: whose attempt the provider speaks of."""

    payment_id = UnicodeAttribute()


class OpenChargesItem(Item):
    """pk `ORG#<org>#CONTRACT#<contract>`, sk `OPENCHARGES`: what the ledger says is open, by `BalanceChanged`."""

    due = NumberAttribute()
    currency = UnicodeAttribute()
    charges = JSONAttribute(default=dict)
    ledger_version = NumberAttribute()
    bought = JSONAttribute(default=list)
    """[payment, the ledger's version then, {charge: what it paid of it}] of the online payments that were settled last."""
    version = VersionAttribute()


def key_of(organisation_id: str, *parts: str) -> str:
    return "#".join(("ORG", organisation_id, *parts))


def expiry() -> int:
    return clock.timestamp() + KEPT_DAYS * _DAY


def reference_of(payment_id: str) -> str:
    """Our order reference: what every provider takes."""
    return payment_id.replace("_", "-")


def payment_of(reference: str) -> str:
    return reference.replace("-", "_")


def new_attempt(organisation_id: str, payment_id: str, contract_id: str, **values: Any) -> AttemptItem:
    return AttemptItem(
        pk=key_of(organisation_id, "PAYMENT", payment_id),
        sk="PAYMENT",
        gsi1pk=key_of(organisation_id, "CONTRACT", contract_id, "PAYMENTS"),
        gsi1sk=payment_id,
        payment_id=payment_id,
        contract_id=contract_id,
        **values,
    )


def find_attempt(organisation_id: str, payment_id: str) -> AttemptItem | None:
    return find(AttemptItem, key_of(organisation_id, "PAYMENT", payment_id), "PAYMENT")


def list_attempts(organisation_id: str, contract_id: str, start: Key | None) -> tuple[list[AttemptItem], Key | None]:
    """A page of a contract's attempts, the newest first."""
    pk = key_of(organisation_id, "CONTRACT", contract_id, "PAYMENTS")
    found = AttemptItem.by_contract.query(pk, scan_index_forward=False, limit=PAGE, last_evaluated_key=start)
    return list(found), found.last_evaluated_key


def new_refund(
    organisation_id: str, attempt: AttemptItem, refund_id: str, state: str, asked_at: str, **values: Any
) -> RefundItem:
    """A refund of an attempt in the list of its state."""
    refund = RefundItem(
        pk=attempt.pk,
        sk=f"REFUND#{refund_id}",
        gsi1sk=f"{asked_at}#{refund_id}",
        payment_id=attempt.payment_id,
        contract_id=attempt.contract_id,
        provider=attempt.provider,
        currency=attempt.currency,
        refund_id=refund_id,
        asked_at=asked_at,
        **values,
    )
    move_refund(organisation_id, refund, state)
    return refund


def move_refund(organisation_id: str, refund: RefundItem, state: str) -> None:
    """Give a refund a state; it leaves the list of the former one."""
    refund.state, refund.gsi1pk = state, key_of(organisation_id, "REFUNDS", state)


def list_refunds(organisation_id: str, state: str, start: Key | None) -> tuple[list[RefundItem], Key | None]:
    """A page of an organisation's refunds in a state, those that wait longest first."""
    pk = key_of(organisation_id, "REFUNDS", state)
    found = RefundItem.by_state.query(pk, limit=PAGE, last_evaluated_key=start)
    return list(found), found.last_evaluated_key


def find_refund(organisation_id: str, payment_id: str, refund_id: str) -> RefundItem | None:
    return find(RefundItem, key_of(organisation_id, "PAYMENT", payment_id), f"REFUND#{refund_id}")


def refunds_of(attempt: AttemptItem) -> list[RefundItem]:
    """All that was asked for of one payment: few."""
    return list(RefundItem.query(attempt.pk, RefundItem.sk.startswith("REFUND#"), consistent_read=True))


def open_item(organisation_id: str, payment_id: str, check_at: str = "") -> OpenItem:
    return OpenItem(pk=key_of(organisation_id, "OPENPAYMENTS"), sk=payment_id, payment_id=payment_id, check_at=check_at)


def open_items(organisation_id: str) -> Iterable[OpenItem]:
    return OpenItem.query(key_of(organisation_id, "OPENPAYMENTS"))


def set_digest(charges: Iterable[str], *, free: bool) -> str:
    """What makes two attempts about the same thing: these items, everything due, or a free amount."""
    named = sorted(charges)
    text = "\n".join(named) if named else "amount" if free else "due"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def new_underway(organisation_id: str, contract_id: str, digest: str, payment_id: str, expires: int) -> UnderwayItem:
    return UnderwayItem(
        pk=key_of(organisation_id, "UNDERWAY", contract_id), sk=digest, payment_id=payment_id, expires=expires
    )


def find_underway(organisation_id: str, contract_id: str, digest: str) -> UnderwayItem | None:
    return find(UnderwayItem, key_of(organisation_id, "UNDERWAY", contract_id), digest)


def underway_of(organisation_id: str, contract_id: str) -> list[AttemptItem]:
    """The attempts that were offered last for each set of items of a contract, ended or not, the newest first."""
    pointers = list(UnderwayItem.query(key_of(organisation_id, "UNDERWAY", contract_id), consistent_read=True))
    found = {one.payment_id: find_attempt(organisation_id, one.payment_id) for one in pointers}
    return [item for _, item in sorted(found.items(), reverse=True) if item]


def pointer(organisation_id: str, provider: str, named: str, payment_id: str) -> PointerItem:
    return PointerItem(pk=key_of(organisation_id, "PROVIDERID", provider, named), sk="POINTER", payment_id=payment_id)


def pointed(organisation_id: str, provider: str, named: str) -> str | None:
    """Whose attempt a provider's id of an order or transaction belongs to."""
    found = find(PointerItem, key_of(organisation_id, "PROVIDERID", provider, named), "POINTER") if named else None
    return found.payment_id if found else None


def open_charges(organisation_id: str, contract_id: str) -> OpenChargesItem | None:
    return find(OpenChargesItem, key_of(organisation_id, "CONTRACT", contract_id), "OPENCHARGES")


def new_open_charges(organisation_id: str, contract_id: str) -> OpenChargesItem:
    return OpenChargesItem(pk=key_of(organisation_id, "CONTRACT", contract_id), sk="OPENCHARGES")


def find(model: type[M], pk: str, sk: str) -> M | None:
    try:
        return model.get(pk, sk, consistent_read=True)
    except model.DoesNotExist:
        return None


def still(known: UnderwayItem | None) -> Condition:
    """What the pointer must be for another one to take its place."""
    condition: Condition = UnderwayItem.pk.does_not_exist()
    return condition if known is None else UnderwayItem.payment_id == known.payment_id
