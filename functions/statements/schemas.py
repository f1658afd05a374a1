"""The wire of the ledger. Amounts are integers in the account's minor unit; dates are civil dates."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from shared.wire import DAY, LINE, Asked, Wire
from statements.rules.entries import ChargeType, Purpose

ChargeStatus = Literal["open", "part_paid", "paid", "reversed"]
PaymentType = Literal["bank", "cash", "online"]
PaymentStatus = Literal["booked", "reversed", "rebooked", "part_returned", "returned"]
EntryKind = Literal["charge", "payment", "reversal", "refund", "chargeback"]
ReturnCause = Literal["refund", "dispute", "bounce"]
"""Why money of a payment went back: it was given back, the payer's bank took it back, or the direct debit came back."""
ImportState = Literal["queued", "running", "done", "failed"]
AllocationRule = Literal["designated", "longest_overdue", "not_yet_due", "from_credit", "earlier", "refunded"]
"""Why money went where it went. `earlier` sums up parts that are too many to keep one by one; `refunded` is money that went
back, a negative part of what it had paid."""

EARLIEST, LATEST = date(1980, 1, 1), date(2100, 12, 31)
Day = date
"""A civil date; under its own name, because fields are called `date`."""


LedgerDate = Annotated[date, DAY, Field(ge=EARLIEST, le=LATEST)]
MAX_AMOUNT = 10**12
"""In minor units; larger is a typing error, and 2,000 open items of it still add up exactly in JavaScript."""


class NextDue(Wire):
    date: Day
    amount: int


class PurposeTotal(Wire):
    """Totals of one purpose; what is due is what was charged and is not covered."""

    purpose: Purpose
    charged: int
    paid: int
    due: int


class AccountResponse(Wire):
    """An account as it stands. `balance` positive = debt, negative = credit; sum of `purposes[].due` - `credit` = `balance`."""

    contract_id: str
    currency: str
    balance: int
    due: int
    overdue: int
    credit: int
    next_due: NextDue | None
    purposes: list[PurposeTotal]
    as_of: Day


class ChargeRequest(Asked):
    date: LedgerDate
    due_date: LedgerDate
    type: ChargeType = "bank"
    purpose: Purpose
    amount: int = Field(gt=0, le=MAX_AMOUNT, strict=True)
    description: Annotated[str, Field(max_length=200), LINE] = ""
    accessory_of: str | None = Field(default=None, min_length=1, max_length=64)
    """The charge that this interest is on; a payment that names that charge covers its due interest first."""


class OverdueDays(Wire):
    """So much was owed and unpaid on each of these days, both counted: what interest for delay is counted from."""

    first: Day
    last: Day
    amount: int


class InterestRate(Asked):
    valid_from: LedgerDate
    basis_points: int = Field(ge=0, le=10_000, strict=True, description="Hundredths of a percent a year.")


class InterestRequest(Asked):
    """Interest on a charge for every day on which it was late, `until` included. Rates are those of the law or the contract."""

    until: LedgerDate
    rates: list[InterestRate] = Field(min_length=1, max_length=50)


class InterestResponse(Wire):
    """`amount` is all interest on the charge up to the day; null ids where nothing had to be posted or reversed."""

    amount: int
    charge_id: str | None
    reversal_id: str | None
    overdue: list[OverdueDays]


class ChargeResponse(Wire):
    charge_id: str
    number: str
    date: Day
    due_date: Day
    type: ChargeType
    purpose: Purpose
    amount: int
    open: int
    status: ChargeStatus
    description: str
    recorded_at: datetime


class ChargesResponse(Wire):
    items: list[ChargeResponse]
    next_cursor: str | None


class PaymentResponse(Wire):
    payment_id: str
    reference: str
    value_date: Day
    booked_on: Day
    type: PaymentType
    amount: int
    unallocated: int
    returned: int
    """What of it was given back or charged back."""
    status: PaymentStatus
    rebooked_from: str | None
    rebooked_to: str | None
    """The payment on the other account. Which account that is, only staff learn, from the reversal's answer."""
    recorded_at: datetime


class PaymentsResponse(Wire):
    items: list[PaymentResponse]
    next_cursor: str | None


class EntryResponse(Wire):
    """One line of the ledger. `amount` is signed: positive raises the debt.

    A refund counts from its own day, a charge-back from the day of the payment that it takes from, like a reversal; `booked_on` is
    the day on which the money came or went.
    """

    entry_id: str
    kind: EntryKind
    date: Day
    amount: int
    number: str | None
    purpose: Purpose | None
    reference: str | None
    description: str | None
    reverses: str | None
    reversed_by: str | None
    payment_id: str | None
    """The payment that a refund or charge-back takes from."""
    cause: ReturnCause | None
    booked_on: Day | None
    recorded_at: datetime


class EntriesResponse(Wire):
    items: list[EntryResponse]
    next_cursor: str | None


class ExplainQuery(Asked):
    """Without `on`: everything that is posted, also what is dated ahead."""

    on: LedgerDate | None = None


class AllocatedPart(Wire):
    """Money that went to an item: from which payment, by which rule, on which value date."""

    payment_id: str | None
    reference: str
    value_date: Day | None
    amount: int
    rule: AllocationRule
    on: Day


class ExplainedItem(Wire):
    charge_id: str
    number: str
    purpose: Purpose
    date: Day
    due_date: Day
    amount: int
    allocated: list[AllocatedPart]
    open: int
    overdue: list[OverdueDays] = []


class UsedPart(Wire):
    """What an unallocated payment has already covered, and what of it was refunded."""

    charge_id: str | None
    number: str
    amount: int
    rule: AllocationRule
    on: Day


class ExplainedCredit(Wire):
    payment_id: str
    reference: str
    value_date: Day
    amount: int
    used: list[UsedPart]
    unallocated: int
    pooled: int = 0
    """How many later payments are added to this one, where an account holds more of them than are kept singly."""


class ExplainResponse(Wire):
    """Where the balance of a day comes from: open items less credits = balance; `settled` shows what was paid off lately."""

    contract_id: str
    currency: str
    on: Day
    balance: int
    policy: str
    open_items: list[ExplainedItem]
    credits: list[ExplainedCredit]
    settled: list[ExplainedItem]


class ReversalRequest(Asked):
    reason: Annotated[str, Field(min_length=1, max_length=200), LINE]
    rebook_to_contract_id: str | None = Field(default=None, min_length=1, max_length=64)


class ReversalResponse(Wire):
    reversal_id: str
    entry_id: str
    rebooked_payment_id: str | None


class LedgerImportRequest(Asked):
    upload: str = Field(min_length=1, max_length=400)
    """The key that `POST /uploads` gave (purpose `ledger`)."""


class LedgerImportAccepted(Wire):
    import_id: str


class ImportProblem(Wire):
    file: str
    line: int
    code: str
    field: str


class LedgerImportResponse(Wire):
    import_id: str
    state: ImportState
    rows: int
    done: int
    created: int
    unchanged: int
    errors: list[ImportProblem]
