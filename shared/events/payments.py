"""Events of online payments. `PaymentSettled`, which bank transfers say too, is in the catalogue."""

from datetime import date
from typing import ClassVar, Literal

from shared.events.envelope import Event

Cause = Literal["refund", "dispute", "bounce"]
"""Why money went back: we sent it, the payer's bank took it, or the payment failed after it had counted."""


class PaymentStarted(Event):
    """Somebody was sent to a provider to pay. `amount` is what the contract is to be credited, `fee` what the payer pays beside it."""

    source: ClassVar[str] = "lokum.payments"
    payment_id: str
    contract_id: str
    provider: str
    amount: int
    fee: int
    currency: str


class PaymentFailed(Event):
    """An attempt ended without money. Money may still come after it; then `PaymentSettled` says so."""

    source: ClassVar[str] = "lokum.payments"
    payment_id: str
    contract_id: str
    provider: str
    state: Literal["failed", "expired", "cancelled"]


class PaymentRefunded(Event):
    """Money of a settled payment went back. `refund_id` is said once; `amount` is positive, and at most what was credited."""

    source: ClassVar[str] = "lokum.payments"
    payment_id: str
    contract_id: str
    refund_id: str
    amount: int
    currency: str
    value_date: date
    cause: Cause


class PaymentRefundUndone(Event):
    """What `PaymentRefunded` said under this `refund_id`, with this amount, came back: the refund failed, the dispute was won."""

    source: ClassVar[str] = "lokum.payments"
    payment_id: str
    contract_id: str
    refund_id: str
    amount: int
    currency: str
    value_date: date
    cause: Cause


class PaymentDoubled(Event):
    """What `payment_id` had paid was paid a second time, for `amount`: by the same attempt, or by another for the same charges.

    The money is credited with the payment `double_payment_id`, which is settled by itself and may be of more than `amount`.
    """

    source: ClassVar[str] = "lokum.payments"
    payment_id: str
    double_payment_id: str
    contract_id: str
    provider: str
    amount: int
    currency: str


class WebhookReceived(Event):
    """A provider's message is stored and waits to be worked off."""

    source: ClassVar[str] = "lokum.payments"
    provider: str
    webhook_id: str


class RefundConfirmed(Event):
    """A second member of staff agreed to a refund: the provider is asked to send the money back."""

    source: ClassVar[str] = "lokum.payments"
    payment_id: str
    refund_id: str
