"""One example of each answer and request, for the OpenAPI description."""

from typing import Any, Final

from shared.http.contracts import Example

_CHARGE_REQUEST: Final[dict[str, Any]] = {
    "date": "2026-10-01",
    "due_date": "2026-10-10",
    "type": "bank",
    "purpose": "rent",
    "amount": 185000,
    "description": "Rent, October 2026",
}
_CHARGE: Final[dict[str, Any]] = {
    "charge_id": "chg_01K6FXJ2V8R3T5W7Y9A1C3E5G7",
    "number": "N/2026/000123",
    **_CHARGE_REQUEST,
    "open": 85000,
    "status": "part_paid",
    "recorded_at": "2026-09-25T08:00:00Z",
}
_CHARGES: Final[dict[str, Any]] = {"items": [_CHARGE], "next_cursor": None}
_PAYMENT: Final[dict[str, Any]] = {
    "payment_id": "pay_01K7A1C3E5G7J9M1P3R5T7V9X1",
    "reference": "Rent October",
    "value_date": "2026-10-09",
    "booked_on": "2026-10-09",
    "type": "bank",
    "amount": 100000,
    "unallocated": 0,
    "returned": 0,
    "status": "booked",
    "rebooked_from": None,
    "rebooked_to": None,
    "recorded_at": "2026-10-10T05:12:44Z",
}
_PAYMENTS: Final[dict[str, Any]] = {"items": [_PAYMENT], "next_cursor": None}
_ENTRIES: Final[dict[str, Any]] = {
    "items": [
        {
            "entry_id": _PAYMENT["payment_id"],
            "kind": "payment",
            "date": "2026-10-09",
            "amount": -100000,
            "number": None,
            "purpose": None,
            "reference": "Rent October",
            "description": None,
            "reverses": None,
            "reversed_by": None,
            "payment_id": None,
            "cause": None,
            "booked_on": "2026-10-09",
            "recorded_at": "2026-10-10T05:12:44Z",
        },
        {
            "entry_id": _CHARGE["charge_id"],
            "kind": "charge",
            "date": "2026-10-01",
            "amount": 185000,
            "number": "N/2026/000123",
            "purpose": "rent",
            "reference": None,
            "description": "Rent, October 2026",
            "reverses": None,
            "reversed_by": None,
            "payment_id": None,
            "cause": None,
            "booked_on": None,
            "recorded_at": "2026-09-25T08:00:00Z",
        },
    ],
    "next_cursor": None,
}
_ACCOUNT: Final[dict[str, Any]] = {
    "contract_id": "ctr_01J8N0Q2S4V6X8Z0B2D4F6H8K0",
    "currency": "PLN",
    "balance": 85000,
    "due": 85000,
    "overdue": 85000,
    "credit": 0,
    "next_due": None,
    "purposes": [{"purpose": "rent", "charged": 185000, "paid": 100000, "due": 85000}],
    "as_of": "2026-10-20",
}
_EXPLAIN: Final[dict[str, Any]] = {
    "contract_id": _ACCOUNT["contract_id"],
    "currency": "PLN",
    "on": "2026-10-20",
    "balance": 85000,
    "policy": "pl-451",
    "open_items": [
        {
            "charge_id": _CHARGE["charge_id"],
            "number": "N/2026/000123",
            "purpose": "rent",
            "date": "2026-10-01",
            "due_date": "2026-10-10",
            "amount": 185000,
            "allocated": [
                {
                    "payment_id": _PAYMENT["payment_id"],
                    "reference": "Rent October",
                    "value_date": "2026-10-09",
                    "amount": 100000,
                    "rule": "not_yet_due",
                    "on": "2026-10-09",
                }
            ],
            "open": 85000,
            "overdue": [{"first": "2026-10-11", "last": "2026-10-20", "amount": 85000}],
        }
    ],
    "credits": [],
    "settled": [],
}
_REVERSAL_REQUEST: Final[dict[str, Any]] = {
    "reason": "Booked to the wrong tenant",
    "rebook_to_contract_id": "ctr_01J8N0Q2S4V6X8Z0B2D4F6H8K1",
}
_REVERSAL: Final[dict[str, Any]] = {
    "reversal_id": "rev_01K7B2D4F6H8K0N2Q4S6V8X0Z2",
    "entry_id": _PAYMENT["payment_id"],
    "rebooked_payment_id": "pay_01K7B2D4F6H8K0N2Q4S6V8X0Z3",
}
_LEDGER_IMPORT_REQUEST: Final[dict[str, Any]] = {
    "upload": "org/org_01J8M9P1R3T5W7Y9A1C3E5G7J9/ledger/01K7C3E5G7J9M1P3R5T7V9X1Z3/charges.csv"
}
_LEDGER_IMPORT_ACCEPTED: Final[dict[str, Any]] = {"import_id": "imp_01K7C3E5G7J9M1P3R5T7V9X1Z4"}
_LEDGER_IMPORT: Final[dict[str, Any]] = {
    **_LEDGER_IMPORT_ACCEPTED,
    "state": "failed",
    "rows": 1200,
    "done": 0,
    "created": 0,
    "unchanged": 0,
    "errors": [{"file": "charges.csv", "line": 17, "code": "invalid_amount", "field": "amount"}],
}

ACCOUNT: Final = Example(_ACCOUNT)
CHARGES: Final = Example(_CHARGES)
PAYMENTS: Final = Example(_PAYMENTS)
ENTRIES: Final = Example(_ENTRIES)
EXPLAIN: Final = Example(_EXPLAIN, query={"on": "2026-10-20"})
CHARGE_POSTED: Final = Example({**_CHARGE, "open": 185000, "status": "open"}, body=_CHARGE_REQUEST)
REVERSED: Final = Example(_REVERSAL, body=_REVERSAL_REQUEST)
LEDGER_IMPORT_REQUESTED: Final = Example(_LEDGER_IMPORT_ACCEPTED, body=_LEDGER_IMPORT_REQUEST)
LEDGER_IMPORT: Final = Example(_LEDGER_IMPORT)
INTEREST: Final = Example(
    {
        "amount": 233,
        "charge_id": "chg_01K6FXJ2V8R3T5W7Y9A1C3E5G8",
        "reversal_id": None,
        "overdue": [{"first": "2026-10-11", "last": "2026-10-20", "amount": 85000}],
    },
    body={"until": "2026-10-20", "rates": [{"valid_from": "2025-10-09", "basis_points": 1000}]},
)
