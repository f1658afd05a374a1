"""One month of the organisation's account, as all formats need it."""

from dataclasses import dataclass
from datetime import date

from infra.demo.model import Transfer


@dataclass(frozen=True)
class Statement:
    """`opening` and `closing` are balances in minor units."""

    number: int
    account: str
    currency: str
    owner: str
    first_day: date
    last_day: date
    opening: int
    transfers: tuple[Transfer, ...]

    @property
    def closing(self) -> int:
        return self.opening + sum(transfer.amount for transfer in self.transfers)


def decimal(amount: int, point: str) -> str:
    """1230 -> `12.30` with the given point; without a sign."""
    return f"{abs(amount) // 100}{point}{abs(amount) % 100:02d}"
