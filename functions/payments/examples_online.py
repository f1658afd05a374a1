"""One real exchange for each route of online payments."""

from typing import Any, Final

from shared.http.contracts import Example

_CONTRACT: Final = "con_01JD3M3M3M3M3M3M3M3M3M3M3M"
_CHARGE: Final = "chg_01JD3M3M3M3M3M3M3M3M3M3M3M"
_PAYMENT: Final = "pay_01JD3M3M3M3M3M3M3M3M3M3M3M"
_REFUND_ID: Final = "rfd_01JD3M3M3M3M3M3M3M3M3M3M3M"
_FEE: Final[dict[str, Any]] = {"kind": "payer", "fixed": 0, "basis_points": 100, "most": 500}
_REFUND: Final[dict[str, Any]] = {
    "refund_id": _REFUND_ID,
    "amount": 12000,
    "reason": "Paid for the neighbour by mistake",
    "state": "asked",
    "asked_by": "per_01JD3M3M3M3M3M3M3M3M3M3M3M",
    "asked_at": "2026-11-22T09:00:00Z",
    "decided_by": None,
    "decided_at": None,
    "code": None,
}
_ONE: Final[dict[str, Any]] = {
    "payment_id": _PAYMENT,
    "contract_id": _CONTRACT,
    "payer_id": "per_01JD3M3M3M3M3M3M3M3M3M3M3M",
    "provider": "autopay",
    "state": "settled",
    "amount": 45000,
    "fee": 450,
    "currency": "PLN",
    "charge_ids": [_CHARGE],
    "created_at": "2026-11-22T08:00:00Z",
    "expires_at": "2026-11-22T09:30:00Z",
    "settled_on": "2026-11-22",
    "refunded": 0,
    "double_payment_ids": [],
    "double_of": [],
    "doubled": 0,
    "redirect": None,
    "detail": None,
    "refunds": [],
}
_PROVIDER: Final[dict[str, Any]] = {
    "provider": "liqpay",
    "enabled": True,
    "part_payment": True,
    "currencies": ["EUR", "UAH", "USD"],
    "fields": [
        {"name": "public_key", "secret": False, "required": True, "default": "", "pattern": "[\\x21-\\x7e]{1,200}"},
        {"name": "private_key", "secret": True, "required": True, "default": "", "pattern": "[\\x21-\\x7e]{1,400}"},
    ],
    "settings": {"public_key": "i00000000"},
    "secrets_set": ["private_key"],
    "former_secret_lives": False,
    "fee": {"kind": "none", "fixed": 0, "basis_points": 0, "most": None},
    "webhook_url": "https://portal.example/api/payments/webhooks/liqpay/org_01JD3M3M3M3M3M3M3M3M3M3M3M",
    "version": 1,
}
_LINE: Final[dict[str, Any]] = {
    "line_id": "b3JnXzAxSkQzTTNNM00zTTNNM00zTTNNM00zTTNNI2F1dG9wYXkjI09ORQ",
    "version": 1,
    "kind": "payment",
    "state": "missing_here",
    "provider": "autopay",
    "day": "2026-11-21",
    "payment_id": None,
    "contract_id": None,
    "reference": "pay-01JD3M3M3M3M3M3M3M3M3M3M3M",
    "transaction_id": "9IA2UISN",
    "expected": None,
    "found": 45000,
    "fee": None,
    "transfer_id": None,
    "import_id": None,
    "currency": "PLN",
    "note": None,
    "done_by": None,
    "done_at": None,
}
OPTIONS: Final = Example(
    query={"contract_id": _CONTRACT},
    response={
        "contract_id": _CONTRACT,
        "currency": "PLN",
        "due": 45000,
        "open_items": {_CHARGE: 45000},
        "providers": [
            {"provider": "autopay", "fee": _FEE, "part_payment": False, "due_fee": 450, "email_needed": True}
        ],
        "under_way": [],
    },
)
START: Final = Example(
    body={
        "contract_id": _CONTRACT,
        "items": [_CHARGE],
        "amount": None,
        "provider": "autopay",
        "return_to": "/payments/done",
        "email": "anna@example.com",
    },
    response={
        "payment_id": _PAYMENT,
        "amount": 45000,
        "fee": 450,
        "currency": "PLN",
        "expires_at": "2026-11-22T09:30:00Z",
        "redirect": {"method": "POST", "url": "https://pay.autopay.eu/payment", "fields": {"ServiceID": "100047"}},
    },
)
READ: Final = Example(response=_ONE)
LIST: Final = Example(query={"contract_id": _CONTRACT}, response={"items": [_ONE], "next_cursor": None})
ASK_REFUND: Final = Example(
    body={"amount": 12000, "reason": _REFUND["reason"]}, response={**_ONE, "refunds": [_REFUND]}
)
CONFIRM: Final = Example(
    body={"refund_id": _REFUND_ID, "confirmed": True},
    response={
        **_ONE,
        "refunds": [
            {
                **_REFUND,
                "state": "confirmed",
                "decided_by": "per_01JD3M3M3M3M3M3M3M3M3M3M3N",
                "decided_at": "2026-11-22T09:10:00Z",
            }
        ],
    },
)
REFUNDS: Final = Example(
    query={"state": "asked"},
    response={
        "items": [
            {**_REFUND, "payment_id": _PAYMENT, "contract_id": _CONTRACT, "provider": "autopay", "currency": "PLN"}
        ],
        "next_cursor": None,
    },
)
PROVIDERS: Final = Example(response={"providers": [_PROVIDER]})
SET_PROVIDER: Final = Example(
    body={
        "enabled": True,
        "part_payment": True,
        "settings": {"public_key": "i00000000"},
        "secrets": {"private_key": "as-given-by-the-provider"},
        "fee": {"kind": "none"},
        "version": 0,
    },
    response=_PROVIDER,
)
END_FORMER: Final = Example(response=_PROVIDER)
RECONCILIATION: Final = Example(query={"state": "missing_here"}, response={"items": [_LINE], "next_cursor": None})
TICK: Final = Example(
    body={"note": "The provider has sent it back", "version": 1},
    response={
        **_LINE,
        "version": 2,
        "note": "The provider has sent it back",
        "done_by": "per_01JD3M3M3M3M3M3M3M3M3M3M3M",
        "done_at": "2026-11-22T09:00:00Z",
    },
)
