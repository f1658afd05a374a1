"""Norwegian OCR giro (Mastercard Payment Services, formerly Nets): 80-character records, read with netsgiro.

Only service 09 is money that came in; the other services of a file (agreements of AvtaleGiro) are passed over. The file states
its own numbers of records and transactions and its sums, per assignment and in all; every one of them is checked.
"""

import re
from dataclasses import dataclass, field
from typing import Any, Final

from payments.bank_files.model import BankFileError, Statement, Transfer, one_line
from payments.bank_files.text import decode
from shared.money import MAX_MINOR

_RECORD_LENGTH: Final = 80
_OCR_GIRO: Final = 9
_KID: Final = slice(49, 74)
_ITEM_1: Final = re.compile(r"^NY09\d\d30")
_MINUS_KID: Final = re.compile(r"^ *\d*-$")


@dataclass
class _Assignment:
    """An assignment under way: one account's payments."""

    start: Any
    line: int
    records: int = 1
    items: list[tuple[int, Any, str]] = field(default_factory=list)
    """Line, first record and KID of each transaction, in order."""
    second: dict[int, Any] = field(default_factory=dict)
    third: dict[int, Any] = field(default_factory=dict)
    transactions: set[int] = field(default_factory=set)

    @property
    def is_payments(self) -> bool:
        return int(self.start.service_code) == _OCR_GIRO

    @property
    def total(self) -> int:
        return sum(_amount(item) for _, item, _ in self.items)


class OcrGiroReader:
    def recognises(self, head: bytes) -> bool:
        return re.match(rb"\s*NY000010\d{8}", head.removeprefix(b"\xef\xbb\xbf")) is not None

    def read(self, data: bytes) -> list[Statement]:
        lines = [
            (number, text)
            for number, text in enumerate(decode(data, ("utf-8-sig", "latin-1")).split("\n"), 1)
            if text.strip()
        ]
        return _Reading().read(lines)


class _Reading:
    """One file's reading: the open assignment, the finished ones, and what the transmission's end has to agree with."""

    def __init__(self) -> None:
        from netsgiro import records

        self._lib = records
        self._number = ""
        self._open: _Assignment | None = None
        self._done: list[_Assignment] = []
        self._end: Any = None
        self._statements: list[Statement] = []

    def read(self, lines: list[tuple[int, str]]) -> list[Statement]:
        for number, text in lines:
            if self._end is not None:
                raise BankFileError("broken_file", number)
            self._take(*self._parse(number, text))
        last = lines[-1][0] if lines else 1
        if self._end is None or self._open is not None:
            raise BankFileError("broken_file", last)
        self._check_transmission(last, len(lines))
        if not self._statements:
            raise BankFileError("no_statement", last)
        return self._statements

    def _parse(self, line: int, text: str) -> tuple[int, Any, str]:
        """The record of a line, with its KID as it stands in it."""
        text = text.rstrip("\r").ljust(_RECORD_LENGTH)
        kid = text[_KID].strip() if _ITEM_1.match(text) else ""
        if kid.endswith("-") and _MINUS_KID.match(text[_KID]):
            # MOD11 gives "-" as a check digit where the remainder is 10; the library knows digits only.
            text = text[: _KID.start] + text[_KID].replace("-", "0") + text[_KID.stop :]
        if len(text) != _RECORD_LENGTH:
            raise BankFileError("broken_file", line)
        try:
            found: list[Any] = self._lib.parse(text)
        except (ValueError, KeyError, TypeError) as error:
            raise BankFileError("broken_file", line) from error
        if len(found) != 1:
            raise BankFileError("broken_file", line)
        return line, found[0], kid

    def _take(self, line: int, record: Any, kid: str) -> None:
        lib = self._lib
        if isinstance(record, lib.TransmissionStart):
            self._expect(not self._number, line)
            self._number = record.transmission_number
            return
        self._expect(bool(self._number), line)
        if isinstance(record, lib.TransmissionEnd):
            self._end = record
        elif isinstance(record, lib.AssignmentStart):
            self._expect(self._open is None, line)
            self._open = _Assignment(record, line)
        elif self._open is None:
            raise BankFileError("broken_file", line)
        elif isinstance(record, lib.AssignmentEnd):
            self._close(self._open, line, record)
        else:
            self._add(self._open, line, record, kid)

    def _add(self, assignment: _Assignment, line: int, record: Any, kid: str) -> None:
        lib = self._lib
        self._expect(record.service_code == assignment.start.service_code, line)
        assignment.records += 1
        number = record.transaction_number
        if isinstance(record, lib.TransactionAmountItem1):
            self._expect(number not in assignment.transactions, line)
            assignment.items.append((line, record, kid))
        elif assignment.is_payments:
            self._expect(number in assignment.transactions, line)
            kinds = assignment.second if isinstance(record, lib.TransactionAmountItem2) else assignment.third
            kinds[number] = record
        assignment.transactions.add(number)

    def _close(self, assignment: _Assignment, line: int, end: Any) -> None:
        self._expect(end.service_code == assignment.start.service_code, line)
        assignment.records += 1
        if (end.num_transactions, end.num_records) != (len(assignment.transactions), assignment.records):
            raise BankFileError("count_mismatch", line)
        if end.total_amount is not None and end.total_amount != assignment.total:
            raise BankFileError("sum_mismatch", line)
        self._done.append(assignment)
        self._open = None
        if assignment.is_payments:
            self._statements.append(self._statement(assignment))

    def _check_transmission(self, line: int, records: int) -> None:
        transactions = sum(len(assignment.transactions) for assignment in self._done)
        if (self._end.num_transactions, self._end.num_records) != (transactions, records):
            raise BankFileError("count_mismatch", line)
        if self._end.total_amount != sum(assignment.total for assignment in self._done):
            raise BankFileError("sum_mismatch", line)

    def _statement(self, assignment: _Assignment) -> Statement:
        start = assignment.start
        transfers = tuple(
            _transfer(line, first, assignment.second.get(first.transaction_number), assignment, kid)
            for line, first, kid in assignment.items
        )
        identity = f"{self._number}/{start.assignment_number}"
        return Statement(start.assignment_account, "NOK", identity, assignment.line, transfers)

    @staticmethod
    def _expect(condition: bool, line: int) -> None:
        if not condition:
            raise BankFileError("broken_file", line)


def _transfer(line: int, first: Any, second: Any, assignment: _Assignment, kid: str) -> Transfer:
    """A payment. The settlement date is both booking and value date: that day the money stands on the account."""
    if abs(first.amount) > MAX_MINOR:
        raise BankFileError("invalid_amount", line)
    third = assignment.third.get(first.transaction_number)
    archive = _nonzero(second.reference) if second else ""
    form = _nonzero(second.form_number) if second else ""
    serial = (first.centre_id, first.day_code, first.partial_settlement_number, first.partial_settlement_serial_number)
    return Transfer(
        amount=_amount(first),
        currency="NOK",
        booking_date=first.nets_date,
        value_date=first.nets_date,
        line=line,
        identity=":".join([*map(str, serial), form, archive, kid]),
        bank_reference=archive or form,
        payer_account=_nonzero(second.debit_account) if second else "",
        title=one_line(third.text or "") if third else "",
        creditor_reference=kid,
    )


def _amount(first: Any) -> int:
    return -int(first.amount) if first.sign == "-" else int(first.amount)


def _nonzero(text: str | None) -> str:
    return (text or "").strip() if (text or "").strip("0 ") else ""
