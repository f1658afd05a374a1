"""Items as the wire shows them."""

from collections.abc import Mapping, Sequence
from datetime import date

from statements.rules.codec import Summary
from statements.rules.state import AllocatedPart, Credit, OpenItem
from statements.schemas import (
    AccountResponse,
    ChargeResponse,
    EntryResponse,
    ExplainedCredit,
    ExplainedItem,
    PaymentResponse,
)
from statements.schemas import (
    AllocatedPart as WirePart,
)
from statements.store import AccountItem, EntryItem


def account(item: AccountItem, summary: Summary, today: date) -> AccountResponse:
    """An account's figures."""
    next_due = summary.next_due
    return AccountResponse.model_validate(
        {
            "contract_id": item.contract_id,
            "currency": item.currency,
            "balance": summary.balance,
            "due": summary.due,
            "overdue": summary.overdue,
            "credit": summary.credit,
            "next_due": {"date": next_due[0], "amount": next_due[1]} if next_due else None,
            "purposes": [
                {"purpose": purpose, "charged": charged, "paid": paid, "due": charged - paid}
                for purpose, (charged, paid) in summary.totals.items()
                if charged
            ],
            "as_of": today,
        }
    )


def charge(item: EntryItem, open_amounts: Mapping[str, int]) -> ChargeResponse:
    """A charge with what is open of it, which the account's state knows."""
    left = open_amounts.get(item.entry_id, 0)
    if item.reversed_by:
        status, left = "reversed", 0
    else:
        status = "paid" if not left else "open" if left == item.amount else "part_paid"
    return ChargeResponse.model_validate(
        {
            "charge_id": item.entry_id,
            "number": item.number,
            "date": item.value_date,
            "due_date": item.due_date,
            "type": item.type,
            "purpose": item.purpose,
            "amount": item.amount,
            "open": left,
            "status": status,
            "description": item.description or "",
            "recorded_at": item.recorded_at,
        }
    )


def payment(item: EntryItem, remaining: Mapping[str, int]) -> PaymentResponse:
    """A payment with what is unallocated of it, which the account's state knows."""
    status = "rebooked" if item.rebooked_to else "reversed" if item.reversed_by else "booked"
    return PaymentResponse.model_validate(
        {
            "payment_id": item.entry_id,
            "reference": item.reference or "",
            "value_date": item.value_date,
            "booked_on": item.booked_on,
            "type": item.type,
            "amount": -item.amount,
            "unallocated": remaining.get(item.entry_id, 0),
            "status": status,
            "rebooked_from": item.rebooked_from,
            "rebooked_to": item.rebooked_to,
            "recorded_at": item.recorded_at,
        }
    )


def entry(item: EntryItem) -> EntryResponse:
    """A line of the ledger."""
    return EntryResponse.model_validate(
        {
            "entry_id": item.entry_id,
            "kind": item.kind,
            "date": item.value_date,
            "amount": item.amount,
            "number": item.number,
            "purpose": item.purpose,
            "reference": item.reference,
            "description": item.description,
            "reverses": item.reverses,
            "reversed_by": item.reversed_by,
            "recorded_at": item.recorded_at,
        }
    )


def explained_item(item: OpenItem, references: Mapping[str, str]) -> ExplainedItem:
    """A charge with where the money for it came from."""
    return ExplainedItem.model_validate(
        {
            "charge_id": item.charge_id,
            "number": item.number,
            "purpose": item.purpose,
            "date": item.date,
            "due_date": item.due_date,
            "amount": item.amount,
            "allocated": [_part(part, references) for part in item.allocated],
            "open": item.open,
        }
    )


def explained_credit(credit: Credit, references: Mapping[str, str]) -> ExplainedCredit:
    """An unallocated payment with what it has covered."""
    used = [
        {
            "charge_id": part.charge_id or None,
            "number": part.number,
            "amount": part.amount,
            "rule": part.rule,
            "on": part.on,
        }
        for part in credit.used
    ]
    return ExplainedCredit.model_validate(
        {
            "payment_id": credit.payment_id,
            "reference": references.get(credit.payment_id, ""),
            "value_date": credit.value_date,
            "amount": credit.amount,
            "used": used,
            "unallocated": credit.remaining,
            "pooled": credit.pooled,
        }
    )


def _part(part: AllocatedPart, references: Mapping[str, str]) -> WirePart:
    return WirePart.model_validate(
        {
            "payment_id": part.payment_id or None,
            "reference": references.get(part.payment_id, ""),
            "value_date": part.value_date or None,
            "amount": part.amount,
            "rule": part.rule,
            "on": part.on,
        }
    )


def payments_of(items: Sequence[OpenItem], unallocated: Sequence[Credit]) -> set[tuple[str, str]]:
    """(value date, id) of every payment that an explanation names."""
    named = {(part.value_date, part.payment_id) for item in items for part in item.allocated if part.payment_id}
    return named | {(credit.value_date, credit.payment_id) for credit in unallocated}
