"""SWIFT MT940, read with the mt-940 library field by field, so that a field that cannot be read is named with its line.

The library knows the fields; what the banks put into field 86 is read in `mt940_details`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any, Final

from payments.bank_files import mt940_details
from payments.bank_files.model import Balance, BankFileError, Statement, Transfer, one_line
from payments.bank_files.text import decode
from shared.errors import DomainError
from shared.money import to_minor

# A tag stands at the start of a line; some banks break the line right after its first colon.
_TAG: Final = re.compile(
    r"^:\n?(13D?|20|21|25P?|28C?|34F|60[FM]|61|62[FM]|64|65|86|90[CD]|NS):", re.MULTILINE | re.IGNORECASE
)
_RECOGNISED: Final = re.compile(rb"(^|\n):\n?(20|25P?|28C?|60[FM]|61):", re.IGNORECASE)
_NO_REFERENCE: Final = {"NONREF", "EREF", "PREF", "MARF", "NOTPROVIDED", ""}
_ACCOUNT_CURRENCY: Final = re.compile(r"[ /]?(?<=\d[ /])[A-Z]{3}$|(?<=\d{8})[A-Z]{3}$")
_IBAN: Final = re.compile(r"^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$")
_CREDITS: Final = {"C": 1, "D": -1, "RC": -1, "RD": 1}
"""RC takes a credit back, RD a debit: their sign is that of the money."""


@dataclass(frozen=True)
class _Field:
    tag: str
    value: str
    line: int


@dataclass
class _Page:
    """One message: a statement, or one page of it (60M and 62M are the balances between pages)."""

    line: int
    account: str = ""
    number: str = ""
    reference: str = ""
    opening: Balance | None = None
    closing: Balance | None = None
    transfers: list[Transfer] = field(default_factory=list)


class SwiftMt940Reader:
    def recognises(self, head: bytes) -> bool:
        return _RECOGNISED.search(head.replace(b"\r\n", b"\n").replace(b"\r", b"\n")) is not None

    def read(self, data: bytes) -> list[Statement]:
        pages = [_read_page(fields) for fields in _pages(list(_fields(decode(data))))]
        if not pages:
            raise BankFileError("no_statement")
        return _joined(pages)


def _fields(text: str) -> Iterator[_Field]:
    """The fields with their lines; the value ends before the next tag, the block's end `-`, or a SWIFT trailer."""
    matches = list(_TAG.finditer(text))
    line, last = 1, 0
    for position, match in enumerate(matches):
        line += text.count("\n", last, match.start())
        last = match.start()
        end = matches[position + 1].start() if position + 1 < len(matches) else len(text)
        lines = text[match.end() : end].split("\n")
        stop = next((i for i, part in enumerate(lines) if part.startswith("-}") or (i and part.rstrip() == "-")), None)
        yield _Field(match.group(1).upper(), "\n".join(lines[:stop]), line)


def _pages(fields: list[_Field]) -> Iterator[list[_Field]]:
    """The fields of each message: a new one begins with field 20, or with field 25 once a closing balance was there."""
    page: list[_Field] = []
    closed = False
    for item in fields:
        if page and (item.tag == "20" or (item.tag in ("25", "25P") and closed)):
            yield page
            page, closed = [], False
        page.append(item)
        closed = closed or item.tag in ("62F", "62M")
    if page:
        yield page


def _read_page(fields: list[_Field]) -> _Page:
    page = _Page(fields[0].line)
    details: _Field | None = None
    for position, item in enumerate(fields):
        if item.tag in ("25", "25P"):
            page.account = _account(item.value)
        elif item.tag in ("28", "28C"):
            page.number = item.value.strip().split("/")[0]
        elif item.tag == "20":
            page.reference = item.value.strip()
        elif item.tag in ("60F", "60M"):
            page.opening = _balance(item)
        elif item.tag in ("62F", "62M"):
            page.closing = _balance(item)
        elif item.tag == "61":
            following = fields[position + 1] if position + 1 < len(fields) else None
            details = following if following and following.tag == "86" else None
            page.transfers.append(_transfer(page, item, details))
    if not page.account:
        raise BankFileError("account_missing", page.line)
    if page.opening is None or page.closing is None:
        raise BankFileError("broken_file", page.line)
    return page


def _joined(pages: list[_Page]) -> list[Statement]:
    """Pages to statements: a page that opens with an intermediate balance belongs to the one before it."""
    statements: list[Statement] = []
    for page in pages:
        made = _statement(page)
        opening = made.opening
        if opening and opening.code == "ITBD" and statements and statements[-1].account == made.account:
            before = statements[-1]
            if before.closing and before.closing.code == "ITBD":
                if (before.closing.amount, before.closing.currency) != (opening.amount, opening.currency):
                    raise BankFileError("balance_mismatch", opening.line)
                statements[-1] = replace(before, transfers=before.transfers + made.transfers, closing=made.closing)
                continue
        statements.append(made)
    return statements


def _statement(page: _Page) -> Statement:
    identity = f"{page.number}/{page.reference}"
    if page.opening is None or page.closing is None:  # _read_page refuses both
        raise BankFileError("broken_file", page.line)
    balances = (page.opening, page.closing)
    return Statement(
        page.account,
        page.opening.currency,
        identity,
        page.line,
        tuple(page.transfers),
        balances,
        opening=page.opening,
        closing=page.closing,
    )


@cache
def _library() -> tuple[Any, Any, dict[str, tuple[Any, ...]]]:
    """The library, its collection (which holds its options), and the field readers to try for each tag."""
    import logging

    import mt940

    # It logs the fields that it cannot read, and they hold people's names.
    logging.getLogger("mt940").setLevel(logging.CRITICAL + 1)
    by_id = mt940.tags.TAG_BY_ID
    readers: dict[str, tuple[Any, ...]] = {tag: (by_id[tag],) for tag in ("60F", "60M", "62F", "62M")}
    # The standard's field first; then the variant with a long customer reference that some banks send.
    readers["61"] = (by_id[61], mt940.tags.StatementGLS())
    return mt940, mt940.models.Transactions(options=mt940.Options.all()), readers


def _parsed(item: _Field, currency: str | None = None) -> dict[str, Any]:
    """A field through the library. Raises BankFileError where the library cannot read it."""
    library, collection, readers = _library()
    value = "\n".join(part.rstrip() for part in item.value.strip().split("\n"))
    for tag in readers[item.tag]:
        try:
            found: dict[str, Any] = tag.parse(collection, value)
            break
        except RuntimeError:
            continue
    else:
        raise BankFileError("broken_file", item.line)
    try:
        fixed = library.processors.date_fixup_pre_processor(collection, tag, found)
        raw = fixed.get("amount") or ""
        read: dict[str, Any] = tag(collection, {**fixed, **({"currency": currency} if currency else {})})
    except (ArithmeticError, ValueError, TypeError) as error:
        code = "invalid_date" if isinstance(error, ValueError) else "invalid_amount"
        raise BankFileError(code, item.line) from error
    return {**(read if item.tag == "61" else {"balance": read[tag.slug], "currency": found["currency"]}), "raw": raw}


def _balance(item: _Field) -> Balance:
    read = _parsed(item)
    balance = read["balance"]
    currency = read["currency"].upper()
    amount = _minor(read["raw"], currency, item.line)
    sign = -1 if balance.status.upper() == "D" else 1
    code = "ITBD" if item.tag.endswith("M") else "OPBD" if item.tag.startswith("60") else "CLBD"
    return Balance(code, sign * amount, currency, _plain(balance.date), item.line)


def _transfer(page: _Page, item: _Field, details: _Field | None) -> Transfer:
    if not page.account:
        raise BankFileError("account_missing", item.line)
    if page.opening is None or page.closing is not None:
        raise BankFileError("broken_file", item.line)
    currency = page.opening.currency
    read = _parsed(item, currency)
    status = read["status"].upper()
    amount = _CREDITS[status] * _minor(read["raw"], currency, item.line)
    value_date = _plain(read["date"])
    booking_date = _plain(read["entry_date"]) if isinstance(read.get("entry_date"), date) else value_date
    found = mt940_details.read(details.value if details else "")
    supplement = (read.get("extra_details") or "").strip()
    bank_reference = (read.get("bank_reference") or "").strip()
    customer = (read.get("customer_reference") or "").strip()
    return Transfer(
        amount=amount,
        currency=currency,
        booking_date=booking_date,
        value_date=value_date,
        line=item.line,
        reversal=status in ("RC", "RD"),
        identity=f"TNR:{found.transaction_number}" if found.transaction_number else bank_reference,
        bank_reference=one_line(bank_reference or found.transaction_number, 64),
        end_to_end_id=one_line(found.end_to_end_id or ("" if customer.upper() in _NO_REFERENCE else customer), 64),
        payer_name=one_line(found.payer_name, 140),
        payer_account=one_line(found.payer_account or (supplement if _IBAN.match(supplement) else ""), 64),
        title=one_line(found.title),
        mass_payment_id=one_line(found.mass_payment_id, 64),
        virtual_account=one_line(found.virtual_account, 64),
        creditor_reference=one_line(found.creditor_reference, 64),
    )


def _minor(raw: str, currency: str, line: int) -> int:
    try:
        # MT940 writes the decimal comma even where no decimal follows it.
        return to_minor(raw.strip().removesuffix(",").lstrip("0") or "0", currency)
    except DomainError as error:
        raise BankFileError("invalid_amount", line) from error


def _account(value: str) -> str:
    """The account alone: banks add a leading slash and the currency."""
    plain = value.strip().split("\n")[0].strip().lstrip("/")
    return _ACCOUNT_CURRENCY.sub("", plain).strip()


def _plain(value: date) -> date:
    """A date of our own kind: the library's is a subclass."""
    return date(value.year, value.month, value.day)
