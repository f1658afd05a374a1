"""What every payment provider comes down to: plain values, whatever the protocol. Nothing here reads a clock or a network.

Money is an integer in the currency's minor unit; times are aware. Keys and secrets never stand in a `repr`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

MAX_BODY: Final = 256 * 1024
"""No provider's webhook is larger, in bytes; GoCardless's 250 events are the largest."""
MAX_ANSWER: Final = 2 * 1024 * 1024
"""An answer larger than this is none, in bytes."""
REFERENCE: Final = re.compile(r"[A-Za-z0-9_-]{1,32}", re.ASCII)
"""Our order reference: what the narrowest provider (Autopay) takes. Vipps takes no `_` and at least 8 characters."""

CODES: Final[dict[str, str]] = {
    "amount_out_of_range": "The provider does not take an amount as small or as large.",
    "bad_answer": "The provider's answer to our call is not what its protocol allows, or is wrongly signed.",
    "bad_signature": "The signature is not one that a live secret gives.",
    "currency_not_taken": "The provider does not take the currency.",
    "field_unfit": "A value is longer than the provider takes, or has other characters.",
    "malformed": "The body is not what the protocol allows.",
    "not_configured": "A setting or secret of the provider is missing.",
    "provider_refused": "The provider refused our call; the detail is its own code.",
    "provider_unavailable": "The provider cannot answer now; the call may be made again.",
    "too_large": "The body is larger than 256 KB.",
    "too_new": "The time in the signature lies in the future.",
    "too_old": "The time in the signature is older than the tolerance.",
    "unknown_amount": "The provider says that money was paid, but not how much.",
    "wrong_amount": "The amount is not the one that was asked for.",
    "wrong_currency": "The currency is not the one that was asked for.",
    "wrong_reference": "The message is about another order.",
    "wrong_service": "The message is for another merchant, or from the other of test and live.",
}
"""What a Refusal may say. Permanent; the words for people are elsewhere."""


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an accident
    """What came is not taken, or what is asked cannot be done. `code` is one of CODES; nothing is ever credited.

    `detail` names the field, or is the provider's own code. `again` says that the same call may succeed later.
    """

    def __init__(self, code: str, detail: str = "", *, again: bool = False) -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.detail = detail
        self.again = again


class Event(StrEnum):
    """What a provider says has happened. What is none of these is OTHER: kept, and nothing follows."""

    PENDING = "pending"
    AUTHORISED = "authorised"
    """The payer has paid, but it counts only when the follow-up call was answered (capture, verify, fetch)."""
    HINT = "hint"
    """Something happened that only the follow-up's answer tells (the webhook has no amount). Counts for nothing itself."""
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    BOUNCED = "bounced"
    """Failed, and it may have been paid before: the later of both counts (direct debits fail late)."""
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"
    DISPUTED = "disputed"
    DISPUTE_WON = "dispute_won"
    DISPUTE_LOST = "dispute_lost"
    PAYOUT = "payout"
    """The provider sent collected money on to the merchant; `transaction_id` is the payout's."""
    MANDATE_ACTIVE = "mandate_active"
    MANDATE_ENDED = "mandate_ended"
    OTHER = "other"


HOST: Final = r"https?://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?/?"
"""The pattern of every `host`: nothing but scheme, name and port."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that an administrator enters for a provider. `pattern` must match all of it; secrets are never shown again."""

    name: str
    secret: bool = False
    default: str = ""
    required: bool = True
    pattern: str = r"[\x21-\x7e]{1,200}"


class Traits(NamedTuple):
    """In what a provider differs from most others, where it matters to whoever calls its functions."""

    senders: tuple[str, ...]
    """Names under which it sends money, in capitals: its own, and that of the company that runs it."""
    needs_email: bool = False
    """Whether it starts nothing without the payer's address."""
    signs_return: bool = False
    """Whether the payer comes back with a signed address (`read_return`), which only our own route can read."""
    repeats_refunds: bool = False
    """Whether a refund that is asked for twice is carried out twice: what was refunded is asked for before."""


@dataclass(frozen=True, slots=True)
class Account:
    """An organisation's account with a provider: settings, and the secrets that are live, the newest generation first.

    New calls are signed with the newest; a webhook may be signed with any. `token` is the access token of the providers
    that have one (`Provider.token`).
    """

    settings: Mapping[str, str]
    secrets: tuple[Mapping[str, str], ...] = field(repr=False)
    token: str = field(default="", repr=False)

    def setting(self, name: str, default: str = "") -> str:
        """A setting, else the default. Raises Refusal `not_configured` when there is neither."""
        value = self.settings.get(name) or default
        if not value:
            raise Refusal("not_configured", name)
        return value

    def secret(self, name: str) -> str:
        """The newest live secret of this name. Raises Refusal `not_configured`."""
        return self.live(name)[0]

    def live(self, name: str) -> tuple[str, ...]:
        """All live secrets of this name, the newest first. Raises Refusal `not_configured` when there is none."""
        found = tuple(generation[name] for generation in self.secrets if generation.get(name))
        if not found:
            raise Refusal("not_configured", name)
        return found


@dataclass(frozen=True, slots=True)
class Order:
    """A payment that is about to start. `amount` is what the payer is asked for, a fee of ours included.

    `language` is ISO 639-1. `webhook_url` is the address that the provider calls, as it is registered there.
    """

    reference: str
    amount: int
    currency: str
    description: str
    language: str
    created_at: datetime
    expires_at: datetime
    return_url: str
    webhook_url: str
    email: str = ""
    customer_number: str = ""

    def __post_init__(self) -> None:
        if not REFERENCE.fullmatch(self.reference):
            raise Refusal("field_unfit", "reference")
        if self.amount <= 0:
            raise Refusal("amount_out_of_range")
        if self.expires_at <= self.created_at:
            raise Refusal("field_unfit", "expires_at")


@dataclass(frozen=True, slots=True)
class Refund:
    """Money that goes back. `refund_id` is ours and makes a repeated call harmless; `refunded` is what went back before."""

    refund_id: str
    reference: str
    transaction_id: str
    amount: int
    currency: str
    webhook_url: str
    refunded: int = 0

    def __post_init__(self) -> None:
        if not REFERENCE.fullmatch(self.refund_id):
            raise Refusal("field_unfit", "refund_id")
        if self.amount <= 0:
            raise Refusal("amount_out_of_range")


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where the payer's browser goes: GET to the address, or a form POST with these fields."""

    method: str
    url: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that a provider says. `key` is the same whenever the same is said again (the protocol's dedupe key).

    `reference` is ours, empty where the provider names only its own `transaction_id`; an empty `transaction_id` speaks of the
    whole order. `provider_id` is the provider's id of the order (`Result.provider_id`), `part` that of a refund or dispute, of a
    payout what the merchant's bank statement shows of it.
    `total` says that `amount` is all that was refunded so far. `start_amount` is what was asked for where the provider added a
    fee of its own. `service` is the merchant that it is for, `detail` the provider's own code.
    """

    event: Event
    key: str
    occurred_at: datetime
    reference: str = ""
    transaction_id: str = ""
    amount: int | None = None
    currency: str = ""
    service: str = ""
    part: str = ""
    total: bool = False
    start_amount: int | None = None
    fee: int | None = None
    provider_id: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A webhook as it came. `body` are the raw bytes; `url` is the address that the provider called, as it is registered."""

    body: bytes
    headers: Mapping[str, str]
    url: str
    now: datetime

    def header(self, name: str) -> str:
        """A header, whatever its case; empty when it is missing or there more than once under different cases."""
        found = [value for key, value in self.headers.items() if key.lower() == name.lower()]
        return found[0] if len(found) == 1 else ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What we answer to a webhook."""

    status: int
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"


REPEAT_HELPS_NOT: Final = frozenset(
    {"unknown_amount", "wrong_amount", "wrong_currency", "wrong_reference", "wrong_service"}
)
"""Refusals of authentic messages: sent again they would be refused again, and some providers hold back what comes after."""


def reply_to(problem: str, forged: int = 400) -> Reply:
    """The reply of a provider that looks only at the status: 200 for what is authentic, whatever we think of it."""
    statuses = {"": 200, "too_large": 413, "not_configured": 503, "bad_signature": forged}
    return Reply(200 if problem in REPEAT_HELPS_NOT else statuses.get(problem, 400))


@dataclass(frozen=True, slots=True)
class Call:
    """An HTTP call for somebody else to make. `purpose`, `reference`, `context` and `about` are for reading its answer."""

    purpose: str
    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    reference: str = ""
    context: Mapping[str, str] = field(default_factory=dict)
    about: Notice | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back from a call, and when."""

    status: int
    body: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """What one payment, refund or charge-back adds to a payout, or takes from it, before the provider's fees.

    `transaction_id` (and `reference`, where it is known) name a payment; both are empty for money that went back.
    """

    amount: int
    transaction_id: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What an answer says: where the payer goes, what has happened, an access token, the next call to make.

    `provider_id` is the provider's id of the order, to be kept for `Provider.status`. `seconds` is how long the token lives. `rows`
    are those of a payout's report: what they come to less the payout itself is what the provider kept.
    """

    redirect: Redirect | None = None
    notices: tuple[Notice, ...] = ()
    rows: tuple[PayoutRow, ...] = ()
    provider_id: str = ""
    token: str = field(default="", repr=False)
    seconds: int = 0
    then: Call | None = None
