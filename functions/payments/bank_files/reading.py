"""One reader per format behind one Protocol. What a file is, its content says, not its name."""

from datetime import date
from typing import Final

from payments.bank_files.camt053 import Camt053Reader
from payments.bank_files.model import MAX_BYTES, Balance, BankFileError, BankFileReader, Statement, Transfer
from payments.bank_files.ocr_giro import OcrGiroReader
from payments.bank_files.swift_mt940 import SwiftMt940Reader

_HEAD: Final = 4096
EARLIEST, LATEST = date(1980, 1, 1), date(2100, 12, 31)
MAX_AMOUNT: Final = 10**12
"""In minor units; larger is no payment for a home, and sums of it would leave what JavaScript holds exactly."""
READERS: Final[tuple[BankFileReader, ...]] = (Camt053Reader(), OcrGiroReader(), SwiftMt940Reader())


def read_statements(data: bytes) -> list[Statement]:
    """The statements of a bank file, checked: amounts, sums, and balances where the file gives both.

    Raises BankFileError with a code of payments.errors.FILE_CODES and the line.
    """
    if len(data) > MAX_BYTES:
        raise BankFileError("file_too_large")
    if not data.strip():
        raise BankFileError("empty_file")
    statements = _reader(data).read(data)
    for statement in statements:
        for transfer in statement.transfers:
            check_transfer(transfer)
        check_balances(statement)
    return statements


def check_transfer(transfer: Transfer) -> None:
    """Days and amounts that the ledger takes. Raises BankFileError `invalid_date` or `invalid_amount` at the transfer's line."""
    if not all(EARLIEST <= day <= LATEST for day in (transfer.value_date, transfer.booking_date)):
        raise BankFileError("invalid_date", transfer.line)
    if abs(transfer.amount) > MAX_AMOUNT:
        raise BankFileError("invalid_amount", transfer.line)


def check_balances(statement: Statement) -> None:
    """Opening balance + booked entries = closing balance. Raises BankFileError `balance_mismatch` at the closing balance."""
    opening, closing = statement.opening, statement.closing
    if opening is None or closing is None:
        return
    moved = sum(transfer.amount for transfer in statement.transfers if transfer.booked)
    if opening.currency != closing.currency or opening.amount + moved != closing.amount:
        raise BankFileError("balance_mismatch", closing.line)


def _reader(data: bytes) -> BankFileReader:
    head = data[:_HEAD]
    for reader in READERS:
        if reader.recognises(head):
            return reader
    raise BankFileError("unknown_format", 1)


__all__ = ["MAX_BYTES", "Balance", "BankFileError", "BankFileReader", "Statement", "Transfer", "read_statements"]
