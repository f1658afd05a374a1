"""ISO 20022 camt.053, versions 2 to 13: an own reader on defusedxml, one pass, entry by entry, each element with its line.

Elements are known by their local name inside the document's own namespace, because the versions differ in little more than the
namespace: v8 wraps Sts in Cd and a party in Pty; both shapes are read in every version.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

from payments.bank_files.model import Balance, BankFileError, Statement, Transfer, one_line
from shared.errors import DomainError
from shared.money import to_minor

_NAMESPACE: Final = re.compile(r"^urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(0[2-9]|1[0-3])$")
_AMOUNT: Final = re.compile(r"^\d{1,18}(\.\d{1,5})?$")
_CURRENCY: Final = re.compile(r"^[A-Z]{3}$")
_DATE: Final = re.compile(r"^(\d{4}-\d{2}-\d{2})(T\S*|Z|[+-]\d{2}:\d{2})?$")
_MAX_DEPTH: Final = 60
_MAX_ELEMENTS: Final = 600_000
"""Of one entry: ten thousand transfers booked as one sum have 400,000, and 600,000 still fit into the function's memory."""
_NOT_GIVEN: Final = {"NOTPROVIDED", "NONREF", "NOTAVAILABLE"}
_STATEMENT_DEPTH: Final = 2  # Document / BkToCstmrStmt / Stmt
_OPENING: Final = ("OPBD", "PRCD")
_CLOSING: Final = "CLBD"


class _Element:
    """An XML element with its line."""

    __slots__ = ("attributes", "children", "line", "name", "parts")

    def __init__(self, name: str, attributes: dict[str, str], line: int) -> None:
        self.name = name
        self.attributes = attributes
        self.line = line
        self.parts: list[str] = []
        self.children: list[_Element] = []

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def all(self, path: str) -> Iterator["_Element"]:
        """The elements at a path of local names."""
        head, _, rest = path.partition("/")
        for child in self.children:
            if child.name == head:
                if rest:
                    yield from child.all(rest)
                else:
                    yield child

    def first(self, *paths: str) -> "_Element | None":
        """The first element at the first of these paths that has one."""
        return next((found for path in paths for found in self.all(path)), None)

    def value(self, *paths: str) -> str:
        """The first text at these paths that is not empty, trimmed."""
        return next((text for path in paths for found in self.all(path) if (text := found.text.strip())), "")


class _Builder:
    """A parser target that builds a statement's elements and turns each entry into transfers as soon as it ends."""

    def __init__(self) -> None:
        self.parser: Any = None
        self.last_line = 1
        self.statements: list[Statement] = []
        self._stack: list[_Element] = []
        self._transfers: list[Transfer] = []
        self._prefix = ""
        self._elements = 0

    @property
    def line(self) -> int:
        return int(self.parser.parser.CurrentLineNumber)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self._stack:
            self._prefix = _checked_root(tag, self.line)
        self._elements += 1
        if len(self._stack) >= _MAX_DEPTH or self._elements > _MAX_ELEMENTS:
            raise BankFileError("broken_file", self.line)
        name = tag.removeprefix(self._prefix)
        element = _Element(name, attributes, self.line)
        if self._stack:
            self._stack[-1].children.append(element)
        self._stack.append(element)

    def data(self, text: str) -> None:
        if self._stack:
            self._stack[-1].parts.append(text)

    def end(self, _tag: str) -> None:
        element = self._stack.pop()
        self.last_line = self.line
        depth = len(self._stack)
        if element.name == "Ntry" and depth == _STATEMENT_DEPTH + 1:
            # Read and dropped at once: a file of 10,000 entries must not stand in memory as elements.
            parent = self._stack[-1]
            self._transfers.extend(_read_entry(element, _created_on(parent)))
            parent.children.pop()
            self._elements = 0
        elif element.name == "Stmt" and depth == _STATEMENT_DEPTH:
            self.statements.append(_read_statement(element, tuple(self._transfers)))
            self._transfers = []
            self._stack[-1].children.pop()

    def close(self) -> list[Statement]:
        return self.statements


class Camt053Reader:
    def recognises(self, head: bytes) -> bool:
        plain = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        return plain.startswith(b"<") or head[:4] in (b"\xff\xfe<\x00", b"\xfe\xff\x00<")

    def read(self, data: bytes) -> list[Statement]:
        from defusedxml.common import DefusedXmlException
        from defusedxml.ElementTree import ParseError, XMLParser

        builder = _Builder()
        parser: Any = XMLParser(target=builder, forbid_dtd=True, forbid_entities=True, forbid_external=True)
        builder.parser = parser
        try:
            parser.feed(data)
            statements: list[Statement] = parser.close()
        except DefusedXmlException as error:
            raise BankFileError("entities_refused", builder.line) from error
        except ParseError as error:
            raise BankFileError("broken_file", error.position[0]) from error
        except (LookupError, ValueError) as error:  # an encoding that the declaration names and nobody knows
            raise BankFileError("unknown_encoding", 1) from error
        if not statements:
            raise BankFileError("no_statement", builder.last_line)
        return statements


def _checked_root(tag: str, line: int) -> str:
    """The prefix of the document's elements. Raises BankFileError where this is no camt.053."""
    namespace, _, name = tag.removeprefix("{").rpartition("}")
    if name != "Document" or ":iso:20022:" not in namespace:
        raise BankFileError("unknown_format", line)
    if not _NAMESPACE.match(namespace):
        raise BankFileError("unsupported_version", line)
    return f"{{{namespace}}}"


def _read_statement(element: _Element, transfers: tuple[Transfer, ...]) -> Statement:
    account = element.value("Acct/Id/IBAN", "Acct/Id/Othr/Id")
    if not account:
        raise BankFileError("account_missing", element.line)
    balances = tuple(_read_balance(balance) for balance in element.all("Bal"))
    opening, closing = _bounds(element, balances, transfers)
    named = element.value("Acct/Ccy") or (opening.currency if opening else "")
    currency = named or next((t.currency for t in transfers), balances[0].currency if balances else "")
    return Statement(
        account, currency, element.value("Id"), element.line, transfers, balances, opening=opening, closing=closing
    )


def _bounds(
    element: _Element, balances: tuple[Balance, ...], transfers: tuple[Transfer, ...]
) -> tuple[Balance | None, Balance | None]:
    """Opening and closing balance, where the file gives both in one currency and the statement is not one page of several."""
    opening = next((b for code in _OPENING for b in balances if b.code == code), None)
    closing = next((b for b in balances if b.code == _CLOSING), None)
    page = element.first("StmtPgntn", "StmtPgntn/PgNb")
    whole = page is None or (page.value("PgNb") == "1" and page.value("LastPgInd") in ("true", "1"))
    currencies = {t.currency for t in transfers if t.booked} | {b.currency for b in (opening, closing) if b}
    return (opening, closing) if opening and closing and whole and len(currencies) == 1 else (None, None)


def _read_balance(element: _Element) -> Balance:
    amount, currency = _money(element.first("Amt"), element.line)
    code = element.value("Tp/CdOrPrtry/Cd", "Tp/CdOrPrtry/Prtry")
    if element.value("Tp/SubTp/Cd") == "INTM":
        code = f"{code}/INTM"
    on = _date(element.first("Dt/Dt", "Dt/DtTm"), element.line)
    return Balance(code, amount * _sign(element, element.line), currency, on, element.line)


def _read_entry(entry: _Element, created_on: date | None) -> list[Transfer]:
    """The transfers of an entry: one, or as many as its details name with amounts that add up to it."""
    amount, currency = _money(entry.first("Amt"), entry.line)
    signed = amount * _sign(entry, entry.line)
    status = entry.value("Sts/Cd", "Sts")
    if not status:
        raise BankFileError("broken_file", entry.line)
    booking, value = _entry_dates(entry, created_on)
    common: dict[str, Any] = {
        "currency": currency,
        "booking_date": booking,
        "value_date": value,
        "booked": status == "BOOK",
        "reversal": entry.value("RvslInd") in ("true", "1"),
    }
    details = list(entry.all("NtryDtls/TxDtls"))
    if len(details) <= 1:
        return [_transfer(entry, details[0] if details else None, signed, None, common)]
    amounts = [_detail_amount(detail, currency, 1 if signed > 0 else -1) for detail in details]
    given = [part for part in amounts if part is not None]
    if len(given) < len(amounts):
        # A batch whose parts have no amounts of their own cannot be split; a person has to look at it.
        return [_transfer(entry, None, signed, None, common)]
    if sum(given) != signed:
        raise BankFileError("amount_mismatch", entry.line)
    return [
        _transfer(entry, detail, part, number, common)
        for number, (detail, part) in enumerate(zip(details, given, strict=True), 1)
    ]


def _detail_amount(detail: _Element, currency: str, sign: int) -> int | None:
    for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"):
        found = detail.first(path)
        if found is not None and found.attributes.get("Ccy") == currency:
            amount, _ = _money(found, detail.line)
            return amount * (_sign(detail, detail.line) if detail.value("CdtDbtInd") else sign)
    return None


def _transfer(
    entry: _Element, detail: _Element | None, amount: int, number: int | None, common: dict[str, Any]
) -> Transfer:
    source = detail if detail is not None else entry
    entry_reference = _given(entry.value("AcctSvcrRef"))
    own_reference = _given(source.value("Refs/AcctSvcrRef"))
    numbered = f"{entry_reference}#{number}" if entry_reference and number else entry_reference
    title = " ".join(t.text.strip() for t in (*source.all("RmtInf/Ustrd"), *source.all("RmtInf/Strd/AddtlRmtInf")))
    # The other side: who paid where money came in, who was paid where it left.
    side = "Dbtr" if amount > 0 else "Cdtr"
    end_to_end = _given(source.value("Refs/EndToEndId"))
    return Transfer(
        amount=amount,
        line=source.line,
        identity=own_reference or numbered or _given(source.value("Refs/TxId")),
        bank_reference=one_line(own_reference or entry_reference, 64),
        end_to_end_id=one_line(end_to_end, 64),
        payer_name=one_line(_party(source, side), 140),
        payer_account=one_line(_account(source, f"{side}Acct"), 64),
        title=one_line(title or source.value("AddtlTxInf", "AddtlNtryInf") or entry.value("AddtlNtryInf")),
        virtual_account=one_line(_account(source, "CdtrAcct"), 64) if amount > 0 else "",
        creditor_reference=one_line(source.value("RmtInf/Strd/CdtrRefInf/Ref"), 64),
        **common,
    )


def _party(source: _Element, side: str) -> str:
    base = f"RltdPties/{side}"
    ultimate = f"RltdPties/Ultmt{side}"
    return source.value(f"{base}/Nm", f"{base}/Pty/Nm", f"{ultimate}/Nm", f"{ultimate}/Pty/Nm")


def _account(source: _Element, name: str) -> str:
    return source.value(f"RltdPties/{name}/Id/IBAN", f"RltdPties/{name}/Id/Othr/Id")


def _given(reference: str) -> str:
    return "" if reference.upper() in _NOT_GIVEN else reference


def _entry_dates(entry: _Element, created_on: date | None) -> tuple[date, date]:
    found = [entry.first(f"{name}/Dt", f"{name}/DtTm") for name in ("BookgDt", "ValDt")]
    booking, value = (_date(element, entry.line) if element is not None else None for element in found)
    booking, value = booking or value or created_on, value or booking or created_on
    if booking is None or value is None:
        raise BankFileError("invalid_date", entry.line)
    return booking, value


def _created_on(statement: _Element) -> date | None:
    created = statement.first("CreDtTm")
    return _date(created, created.line) if created is not None else None


def _money(element: _Element | None, line: int) -> tuple[int, str]:
    if element is None:
        raise BankFileError("broken_file", line)
    text, currency = element.text.strip(), element.attributes.get("Ccy", "")
    if not _AMOUNT.match(text) or not _CURRENCY.match(currency):
        raise BankFileError("invalid_amount", element.line)
    try:
        return to_minor(Decimal(text), currency), currency
    except DomainError as error:
        raise BankFileError("invalid_amount", element.line) from error


def _sign(element: _Element, line: int) -> int:
    indicator = element.value("CdtDbtInd")
    if indicator not in ("CRDT", "DBIT"):
        raise BankFileError("broken_file", line)
    return 1 if indicator == "CRDT" else -1


def _date(element: _Element | None, line: int) -> date:
    """A date, or the civil date of an instant as the bank wrote it."""
    match = _DATE.match(element.text.strip()) if element is not None else None
    if element is None or match is None:
        raise BankFileError("invalid_date", element.line if element is not None else line)
    try:
        return date.fromisoformat(match.group(1))
    except ValueError as error:
        raise BankFileError("invalid_date", element.line) from error
