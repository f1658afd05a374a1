"""Bank statement files as the banks of each country write them, one for each half year."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from infra.demo.bank import camt053, mt940, ocr_giro
from infra.demo.bank.statement import Statement
from infra.demo.calendar import Month
from infra.demo.model import Organisation, StatementFile, Transfer

_HALF_YEAR = 6


@dataclass(frozen=True)
class _Format:
    """`has_debits`: whether the format tells of money that leaves the account (OCR giro knows payments in only)."""

    write: Callable[[list[Statement]], bytes]
    extension: str
    has_debits: bool = True


_FORMATS = {
    "PL": _Format(mt940.write, "sta"),
    "UA": _Format(lambda statements: camt053.write(statements, version=8), "xml"),
    "NO": _Format(ocr_giro.write, "txt", has_debits=False),
    "FR": _Format(lambda statements: camt053.write(statements, version=2), "xml"),
}


def write_statements(organisation: Organisation) -> tuple[StatementFile, ...]:
    """All movements of the organisation's account, a statement a month, a file each half year."""
    written = _FORMATS[organisation.profile.country]
    statements = list(_statements(organisation, has_debits=written.has_debits))
    halves = [statements[start : start + _HALF_YEAR] for start in range(0, len(statements), _HALF_YEAR)]
    return tuple(_file(organisation, half, written) for half in halves)


def _statements(organisation: Organisation, *, has_debits: bool) -> Iterator[Statement]:
    account = organisation.profile.bank_accounts[0]
    balance = organisation.opening_balance
    moved = [transfer for transfer in organisation.transfers if has_debits or transfer.amount > 0]
    for number, (month, found) in enumerate(groupby(moved, key=lambda t: Month.of(t.value_date)), 1):
        statement = Statement(
            number=number,
            account=account.account,
            currency=account.currency,
            owner=organisation.profile.name,
            first_day=month.first,
            last_day=month.last,
            opening=balance,
            transfers=tuple(found),
        )
        yield statement
        balance = statement.closing


def _file(organisation: Organisation, statements: list[Statement], written: _Format) -> StatementFile:
    transfers = [transfer for statement in statements for transfer in statement.transfers]
    return StatementFile(
        name=f"{organisation.profile.slug}-{_span(statements[0].first_day, statements[-1].last_day)}.{written.extension}",
        data=written.write(statements),
        matched=sum(1 for transfer in transfers if transfer.credited),
        unmatched=sum(1 for transfer in transfers if _is_unknown(transfer)),
        ignored=sum(1 for transfer in transfers if transfer.amount < 0),
    )


def _is_unknown(transfer: Transfer) -> bool:
    return transfer.amount > 0 and not transfer.credited


def _span(first: date, last: date) -> str:
    return f"{first:%Y%m}-{last:%Y%m}"
