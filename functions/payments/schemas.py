"""The wire of the payments context. Amounts are integers in the currency's minor unit."""

from datetime import date, datetime
from typing import Any, Final, Literal

from pydantic import ConfigDict, Field

from shared.http.contracts import Example
from shared.wire import Asked

ImportState = Literal["queued", "running", "done", "failed"]


class _Wire(Asked):
    model_config = ConfigDict(from_attributes=True)


class BankStatementRequest(_Wire):
    upload: str = Field(min_length=1, max_length=512, description="The key that POST /uploads gave.")


class BankStatementReceipt(_Wire):
    import_id: str


class FileProblem(_Wire):
    line: int | None = Field(description="Line of the file, from 1; null when the whole file is meant.")
    code: str


class BankStatementResponse(_Wire):
    """An import: transactions = matched + unmatched + duplicates + ignored once it is done."""

    import_id: str
    state: ImportState
    name: str
    transactions: int
    matched: int
    unmatched: int
    duplicates: int
    ignored: int = Field(description="Debits, and entries that the bank has not booked: kept, never matched.")
    errors: list[FileProblem]
    created_at: datetime
    first_import_id: str | None = Field(description="The import that read the same file before.")


class BankStatementsResponse(_Wire):
    items: list[BankStatementResponse]
    next_cursor: str | None


class CandidateResponse(_Wire):
    contract_id: str
    number: str
    score: int = Field(ge=0, le=100)
    reasons: list[str]


class TransferResponse(_Wire):
    transfer_id: str
    import_id: str
    amount: int
    currency: str
    value_date: date
    payer_name: str
    payer_account: str
    title: str
    candidates: list[CandidateResponse]


class TransfersQuery(_Wire):
    transfer_id: str | None = Field(
        default=None, min_length=1, max_length=64, description="Only this one; also a provider's without a payout."
    )


class TransfersResponse(_Wire):
    items: list[TransferResponse]
    next_cursor: str | None


class AssignmentRequest(_Wire):
    contract_id: str = Field(min_length=1, max_length=64)


class AssignmentResponse(_Wire):
    payment_id: str
    contract_id: str


_UPLOAD: Final = "org/org_01JD3M3M3M3M3M3M3M3M3M3M3M/bank_statement/upl_01JD3M3M3M3M3M3M3M3M3M3M3M/mbank.sta"
_IMPORT: Final[dict[str, Any]] = {
    "import_id": "imp_01JD3M3M3M3M3M3M3M3M3M3M3M",
    "state": "done",
    "name": "mbank.sta",
    "transactions": 3,
    "matched": 3,
    "unmatched": 0,
    "duplicates": 0,
    "ignored": 0,
    "errors": [],
    "created_at": "2026-11-22T08:00:00Z",
    "first_import_id": None,
}
_TRANSFER: Final[dict[str, Any]] = {
    "transfer_id": "trf_01JD3M3M3M3M3M3M3M3M3M3M3M",
    "import_id": "imp_01JD3M3M3M3M3M3M3M3M3M3M3M",
    "amount": 45000,
    "currency": "PLN",
    "value_date": "2026-11-20",
    "payer_name": "JAN NOWAK",
    "payer_account": "56114010810000267002001001",
    "title": "CZYNSZ LISTOPAD",
    "candidates": [
        {
            "contract_id": "con_01JD3M3M3M3M3M3M3M3M3M3M3M",
            "number": "L/2015/001",
            "score": 80,
            "reasons": ["payer_account_and_amount"],
        }
    ],
}
_CONTRACT: Final = "con_01JD3M3M3M3M3M3M3M3M3M3M3M"
RECEIVE_EXAMPLE: Final = Example(body={"upload": _UPLOAD}, response={"import_id": _IMPORT["import_id"]})
IMPORTS_EXAMPLE: Final = Example(response={"items": [_IMPORT], "next_cursor": None})
IMPORT_EXAMPLE: Final = Example(response=_IMPORT)
TRANSFERS_EXAMPLE: Final = Example(response={"items": [_TRANSFER], "next_cursor": None})
ASSIGNMENT_EXAMPLE: Final = Example(
    body={"contract_id": _CONTRACT},
    response={"payment_id": "pay_01JD3M3M3M3M3M3M3M3M3M3M3M", "contract_id": _CONTRACT},
)
