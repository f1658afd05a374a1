"""Which account a statement is of, and what makes two transfers the same one. Pure."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from payments.bank_files.model import Statement, Transfer
from payments.rules_matching import account_key

_IBAN: Final = re.compile(r"^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$")
_BANK_CODE: Final = re.compile(r"^(\d{8})/(\d{1,10})$")
_SEPARATOR: Final = "\x1f"


def same_account(one: str, other: str) -> bool:
    """Whether two ways to write an account mean the same: IBAN, the country's own number, bank code and number."""
    first, second = account_key(one), account_key(other)
    if not first or not second:
        return False
    if _is_iban(first) and _is_iban(second):
        return first == second
    return not _forms(one).isdisjoint(_forms(other))


def find_account(account: str, known: Iterable[str]) -> str | None:
    """The known account that a statement's account is, as it is known."""
    return next((candidate for candidate in known if same_account(account, candidate)), None)


def identities(account: str, statement: Statement) -> Iterator[tuple[Transfer, str]]:
    """Each transfer with its fingerprint: the same in every file that holds it, different from every other transfer's.

    What the bank calls unique identifies it; where the bank gives nothing, all that is known does. Transfers that are alike to the
    last letter within one statement are told apart by their order.
    """
    seen: Counter[str] = Counter()
    for transfer in statement.transfers:
        base = _SEPARATOR.join(_identity(account_key(account), transfer))
        yield transfer, hashlib.sha256(f"{base}{_SEPARATOR}{seen[base]}".encode()).hexdigest()
        seen[base] += 1


def _identity(account: str, transfer: Transfer) -> tuple[str, ...]:
    common = (
        account,
        transfer.booking_date.isoformat(),
        str(transfer.amount),
        transfer.currency,
        # What is only announced is not what is booked later, though the bank gives both the same reference.
        "booked" if transfer.booked else "announced",
    )
    if transfer.identity:
        return (*common, "id", transfer.identity)
    return (*common, transfer.end_to_end_id, transfer.payer_account, transfer.creditor_reference, transfer.title)


def _forms(account: str) -> set[str]:
    key = account_key(account)
    bank = _BANK_CODE.match(account.strip())
    forms = {key, key[4:]} if _is_iban(key) else {key}
    return forms | ({bank.group(1) + bank.group(2).zfill(10)} if bank else set())


def _is_iban(key: str) -> bool:
    return _IBAN.match(key) is not None
