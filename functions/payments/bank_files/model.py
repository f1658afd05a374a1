"""What every bank file comes down to: statements of transfers, in integers of the minor unit, whatever the format."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

MAX_BYTES: Final = 20 * 1024 * 1024


class BankFileError(Exception):
    """The file cannot be taken. `code` is one of payments.errors.FILE_CODES; `line` counts from 1, None means the whole file."""

    def __init__(self, code: str, line: int | None = None) -> None:
        super().__init__(f"{code} at line {line}")
        self.code = code
        self.line = line


@dataclass(frozen=True, slots=True)
class Balance:
    """A balance of the account. `code` is the ISO 20022 balance type; `amount` is negative when the account is overdrawn."""

    code: str
    amount: int
    currency: str
    on: date
    line: int


@dataclass(frozen=True, slots=True)
class Transfer:
    """One movement on the account; `amount` is negative for money that left it.

    `identity` is what the bank gives as unique for the transfer (empty when it gives nothing); `bank_reference` is the reference
    a person may be shown. `virtual_account` is the account that the payer wrote when it is not the statement's own.
    """

    amount: int
    currency: str
    booking_date: date
    value_date: date
    line: int
    booked: bool = True
    reversal: bool = False
    identity: str = ""
    bank_reference: str = ""
    end_to_end_id: str = ""
    payer_name: str = ""
    payer_account: str = ""
    title: str = ""
    mass_payment_id: str = ""
    virtual_account: str = ""
    creditor_reference: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of one account. `opening` and `closing` are there only where the file gives both for all its entries."""

    account: str
    currency: str
    statement_id: str
    line: int
    transfers: tuple[Transfer, ...]
    balances: tuple[Balance, ...] = ()
    opening: Balance | None = None
    closing: Balance | None = None


class BankFileReader(Protocol):
    """One format. Readers raise BankFileError, never anything else, whatever the bytes are."""

    def recognises(self, head: bytes) -> bool:
        """Whether a file that begins with these bytes is of this format; content decides, not the name."""
        ...

    def read(self, data: bytes) -> list[Statement]:
        """All statements of the file, in its order."""
        ...


def one_line(text: str, most: int = 1000) -> str:
    """Text with its white space collapsed, cut to a length that fits an item."""
    return " ".join(text.split())[:most]
