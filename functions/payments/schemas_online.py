"""The wire of online payments. Amounts are integers in the currency's minor unit; `true`, "100" and 100.0 are none."""

from datetime import date, datetime
from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field, StrictInt

from shared.wire import TEXT, Asked

ProviderName = Literal["autopay", "gocardless", "liqpay", "przelewy24", "stripe", "vipps"]
PaymentState = Literal[
    "started", "pending", "settled", "part_refunded", "refunded", "disputed", "failed", "expired", "cancelled"
]
RefundState = Literal["asked", "rejected", "confirmed", "sent", "failed"]
ReconciliationState = Literal["matched", "missing_here", "missing_there", "amount_differs", "paid_twice"]
MOST: Final = 10**9


class _Wire(Asked):
    model_config = ConfigDict(from_attributes=True)


class FeeRule(_Wire):
    """What paying costs the payer: nothing, an amount of ours, or what the provider adds on its own page."""

    kind: Literal["none", "payer", "provider"] = "none"
    fixed: StrictInt = Field(default=0, ge=0, le=100_000)
    basis_points: StrictInt = Field(default=0, ge=0, le=2_000, description="Hundredths of a percent of the amount.")
    most: StrictInt | None = Field(default=None, ge=0, le=1_000_000)


class OptionsQuery(_Wire):
    contract_id: str = Field(min_length=1, max_length=64)


class ProviderOption(_Wire):
    provider: ProviderName
    fee: FeeRule
    part_payment: bool = Field(description="Whether another amount than what is open may be paid.")
    due_fee: int = Field(description="The fee for everything that is due.")
    email_needed: bool


class Underway(_Wire):
    payment_id: str
    provider: ProviderName
    state: PaymentState
    amount: int
    charge_ids: list[str]
    expires_at: datetime


class PaymentOptionsResponse(_Wire):
    """How a contract can be paid now. `due` is all that is open; `open_items` what can be chosen one by one."""

    contract_id: str
    currency: str
    due: int
    open_items: dict[str, int]
    providers: list[ProviderOption]
    under_way: list[Underway]


class PaymentRequest(_Wire):
    """Items, or an amount, or neither: then everything that is due."""

    contract_id: str = Field(min_length=1, max_length=64)
    items: list[str] | None = Field(default=None, min_length=1, max_length=200)
    amount: StrictInt | None = Field(default=None, ge=1, le=MOST)
    provider: ProviderName
    return_to: str = Field(
        pattern=r"^/([A-Za-z0-9_?=&%.~-][A-Za-z0-9/_?=&%.~-]{0,300})?$", description="A page of ours, to come back to."
    )
    email: str | None = Field(default=None, min_length=3, max_length=254, pattern=r"^[^\s@|]+@[^\s@|]+$")
    language: Literal["pl", "uk", "nb", "fr", "en"] | None = None
    despite: bool = Field(default=False, description="The payer knows of the payment that is under way.")


class Redirect(_Wire):
    method: Literal["GET", "POST"]
    url: str
    fields: dict[str, str]


class PaymentStartedResponse(_Wire):
    payment_id: str
    amount: int
    fee: int
    currency: str
    expires_at: datetime
    redirect: Redirect


class RefundResponse(_Wire):
    refund_id: str
    amount: int
    reason: str
    state: RefundState
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    code: str | None


class OnlinePaymentResponse(_Wire):
    payment_id: str
    contract_id: str
    payer_id: str | None = Field(description="Who started it: told to himself and to staff.")
    provider: ProviderName
    state: PaymentState
    amount: int
    fee: int
    currency: str
    charge_ids: list[str]
    created_at: datetime
    expires_at: datetime
    settled_on: date | None
    refunded: int
    double_payment_ids: list[str]
    double_of: list[str] = Field(description="Payments that had paid the same charges when this one was settled.")
    doubled: int = Field(description="How much of the amount was paid for the second time so: it is credit.")
    redirect: Redirect | None = Field(
        description="To go on paying; only for who started it, while it is `started` and can be paid."
    )
    detail: str | None = Field(description="The provider's own code of what it said last; staff only.")
    refunds: list[RefundResponse] = Field(description="Staff only.")


class OnlinePaymentsResponse(_Wire):
    items: list[OnlinePaymentResponse]
    next_cursor: str | None


class RefundRequest(_Wire):
    amount: StrictInt | None = Field(default=None, ge=1, le=MOST, description="Null: all that is left.")
    reason: Annotated[str, Field(min_length=3, max_length=300), TEXT]


class RefundConfirmation(_Wire):
    refund_id: str = Field(min_length=1, max_length=64)
    confirmed: bool = True


class RefundsQuery(_Wire):
    state: RefundState = "asked"


class ListedRefund(RefundResponse):
    """A refund with the payment that it is of."""

    payment_id: str
    contract_id: str
    provider: ProviderName
    currency: str


class RefundsResponse(_Wire):
    items: list[ListedRefund]
    next_cursor: str | None


class ProviderField(_Wire):
    name: str
    secret: bool
    required: bool
    default: str
    pattern: str


class PaymentProviderResponse(_Wire):
    """A provider as the organisation has it. Secrets are never shown, only whether they are set."""

    provider: ProviderName
    enabled: bool
    part_payment: bool
    currencies: list[str]
    fields: list[ProviderField]
    settings: dict[str, str]
    secrets_set: list[str]
    former_secret_lives: bool
    fee: FeeRule
    webhook_url: str
    version: int
    refused: int = Field(default=0, description="Messages of the last 24 hours that no live secret vouched for.")


class PaymentProvidersResponse(_Wire):
    providers: list[PaymentProviderResponse]


class PaymentProviderRequest(_Wire):
    """`secrets` names only those that change; the former ones stay live until they are ended."""

    enabled: bool
    part_payment: bool = False
    settings: dict[str, str] = Field(default_factory=dict, max_length=20)
    secrets: dict[str, str] = Field(default_factory=dict, max_length=10, repr=False)
    fee: FeeRule = Field(default_factory=FeeRule)
    version: int = Field(ge=0)


class ReconciliationQuery(_Wire):
    """Lines of a state that wait for somebody, or those that are done."""

    state: Literal[ReconciliationState, "done"] = "missing_here"


class ReconciliationLine(_Wire):
    """A payment as the provider and we know it, or a payout as the provider and the bank do.

    Of a payment `expected` is what was asked for, `found` what the provider says. `paid_twice`: `expected` is 0, `found` what was
    credited for the second time and has not gone back. Of a payout `expected` is what the provider sent on (payments less refunds
    and `fee`), `found` what stands on the bank statement.
    """

    line_id: str
    version: int
    kind: Literal["payment", "payout"]
    state: ReconciliationState
    provider: ProviderName
    day: date
    payment_id: str | None
    contract_id: str | None
    reference: str
    transaction_id: str
    expected: int | None
    found: int | None
    fee: int | None = Field(description="Of a payout: what the provider kept for itself, where it says so.")
    transfer_id: str | None = Field(description="Of a payout: the line of the bank statement.")
    import_id: str | None = Field(description="The import of that bank statement.")
    currency: str
    note: str | None = Field(description="What was done about it; null while it waits for somebody.")
    done_by: str | None
    done_at: datetime | None


class LineTick(_Wire):
    """A line was dealt with. `version` is that of the line which was looked at."""

    note: Annotated[str, Field(min_length=3, max_length=300), TEXT] | None = Field(
        description="What was done about it; null opens it again."
    )
    version: int = Field(ge=0)


class ReconciliationResponse(_Wire):
    items: list[ReconciliationLine]
    next_cursor: str | None


class PaymentsQuery(_Wire):
    contract_id: str = Field(min_length=1, max_length=64)
