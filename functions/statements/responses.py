"""Items as the wire shows them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from statements.rules.codec import Summary
from statements.rules.overdue import overdue
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
from statements.store import AccountItem, Line, parse_returned


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


def charge(line: Line, open_amounts: Mapping[str, int]) -> ChargeResponse:
    """A charge with what is open of it, which the account's state knows."""
    left = open_amounts.get(line["entry_id"], 0)
    if "reversed_by" in line:
        status, left = "reversed", 0
    else:
        status = "paid" if not left else "open" if left == line["amount"] else "part_paid"
    return ChargeResponse.model_validate(
        {
            "description": "",
            **line,
            "charge_id": line["entry_id"],
            "date": line["value_date"],
            "open": left,
            "status": status,
        }
    )


def payment(line: Line, remaining: Mapping[str, int]) -> PaymentResponse:
    """A payment with what is unallocated of it, which the account's state knows, and what went back of it."""
    returned = sum(part.amount for part in parse_returned(line.get("returned")))
    return PaymentResponse.model_validate(
        {
            "reference": "",
            "rebooked_from": None,
            "rebooked_to": None,
            **line,
            "payment_id": line["entry_id"],
            "amount": -line["amount"],
            "unallocated": remaining.get(line["entry_id"], 0),
            "returned": returned,
            "status": _payment_status(line, returned),
        }
    )


def _payment_status(line: Line, returned: int) -> str:
    if "reversed_by" in line:
        return "rebooked" if "rebooked_to" in line else "reversed"
    if not returned:
        return "booked"
    return "part_returned" if returned < -line["amount"] else "returned"


_NOT_EVERY_LINE: Final = dict.fromkeys(
    ("number", "purpose", "reference", "description", "reverses", "reversed_by", "payment_id", "cause", "booked_on")
)


def entry(line: Line) -> EntryResponse:
    """A line of the ledger."""
    return EntryResponse.model_validate({**_NOT_EVERY_LINE, **line, "date": line["value_date"]})


def explained_item(item: OpenItem, references: Mapping[str, str], on: date) -> ExplainedItem:
    """A charge with where the money for it came from, and when it was late."""
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
            "overdue": [late._asdict() for late in overdue(item, on.isoformat())],
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
