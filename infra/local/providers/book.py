"""What a sandbox remembers: merchants, orders, transactions and refunds, in memory; ids that a seed decides."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from infra.local.providers.config import Merchant, Switches

CAPITALS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
LETTERS: Final = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
DIGITS: Final = "0123456789"


def words(text: str) -> tuple[str, ...]:
    """Names from a text with spaces between."""
    return tuple(text.split())


def decimal_text(minor: int) -> str:
    """Minor units as `1250.00`. Every currency of the sandboxes has two digits."""
    return f"{minor // 100}.{minor % 100:02d}"


def minor_units(text: str) -> int:
    """`1250.00` (or `1250`) in minor units. Raises ValueError for anything that is no amount of two digits at most."""
    try:
        value = Decimal(text) * 100
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not value.is_finite() or value != value.to_integral_value() or not 0 <= value < 10**15:
        raise ValueError(text)
    return int(value)


@dataclass(frozen=True)
class Ids:
    """Ids that are the same for the same seed, whatever the order in which threads ask."""

    seed: str

    def make(self, alphabet: str, length: int, *parts: object) -> str:
        """An id of so many characters."""
        number = int.from_bytes(hashlib.sha512("/".join(map(str, (self.seed, *parts))).encode()).digest(), "big")
        letters = []
        for _ in range(length):
            number, place = divmod(number, len(alphabet))
            letters.append(alphabet[place])
        return "".join(letters)

    def number(self, digits: int, *parts: object) -> int:
        """A number of exactly so many digits."""
        return int(self.make(DIGITS[1:], 1, *parts) + self.make(DIGITS, digits - 1, "rest", *parts))


@dataclass
class Shop:
    """A merchant while the sandbox runs. Secrets may be rotated: the newest is first, the one before stays live."""

    name: str
    settings: Mapping[str, str]
    secrets: dict[str, list[str]] = field(repr=False)
    endpoints: list[str]
    extra: dict[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, merchant: Merchant) -> "Shop":
        """From its configuration."""
        secrets = {name: [value] for name, value in merchant.secrets.items()}
        return cls(merchant.name, merchant.settings, secrets, list(merchant.webhook_urls))

    def secret(self, name: str) -> str:
        """The newest. Raises KeyError where the configuration has none."""
        return self.secrets[name][0]

    def rotate(self, name: str, value: str) -> None:
        """A new one; the one before stays live."""
        self.secrets[name] = [value, *self.secrets[name]][:2]


@dataclass
class Refund:
    """Money on its way back. `state`: pending, done, failed."""

    id: str
    amount: int
    state: str
    at: datetime
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass
class Transaction:
    """One try of the payer. `state`: pending, held (paid, but not the merchant's yet), paid, failed, cancelled.

    `paid` is what became the merchant's, in minor units; `disputed` what a charge-back took away again.
    """

    id: str
    state: str
    at: datetime
    paid: int = 0
    disputed: int = 0
    refunds: list[Refund] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def refunded(self) -> int:
        """What went back."""
        return sum(refund.amount for refund in self.refunds if refund.state == "done")

    @property
    def left(self) -> int:
        """What may still be refunded."""
        return self.paid - self.disputed - sum(refund.amount for refund in self.refunds if refund.state != "failed")


@dataclass
class Order:
    """A payment that a shop started. `state`: open, done, cancelled, expired. `reference` is the shop's."""

    token: str
    shop: Shop
    reference: str
    amount: int
    currency: str
    title: str
    return_url: str
    at: datetime
    expires_at: datetime | None = None
    back_url: str = ""
    webhook_url: str = ""
    state: str = "open"
    note: str = ""
    transactions: list[Transaction] = field(default_factory=list)
    switches: Switches | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def last(self) -> Transaction:
        """The newest try. Raises LookupError when there was none."""
        return self.transactions[-1]

    def paid_ones(self) -> list[Transaction]:
        """The tries that brought money."""
        return [transaction for transaction in self.transactions if transaction.state in {"held", "paid"}]

    def rows(self) -> list[dict[str, Any]]:
        """For the inspection: one row for each transaction, money in minor units."""
        head = {"merchant": self.shop.name, "reference": self.reference, "token": self.token, "order": self.state}
        money = {"asked": self.amount, "currency": self.currency}
        return [
            {
                **head,
                **money,
                "transaction": one.id,
                "state": one.state,
                "paid": one.paid,
                "refunded": one.refunded,
                "disputed": one.disputed,
                "net": one.paid - one.refunded - one.disputed,
            }
            for one in self.transactions
        ]
