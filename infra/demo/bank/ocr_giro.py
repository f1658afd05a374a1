"""Norwegian OCR giro: records of 80 characters; the file states its own counts and sums."""

from collections import Counter
from datetime import date
from itertools import chain

from infra.demo.bank.statement import Statement
from infra.demo.model import Transfer

_TRANSMITTER = "00008080"
_RECIPIENT = "00362450"
_AGREEMENT = "001008566"
_ENCODING = "latin-1"
_FROM_ACCOUNT, _WITH_TEXT = 10, 21
_CENTRE = "13"


def write(statements: list[Statement]) -> bytes:
    """One transmission with an assignment for each month. Raises ValueError for money that left: the format has none."""
    assignments = [_assignment(statement) for statement in statements]
    transfers = [transfer for statement in statements for transfer in statement.transfers]
    records = 2 + sum(len(assignment) for assignment in assignments)
    last = max(transfer.value_date for transfer in transfers)
    start = f"NY000010{_TRANSMITTER}{statements[-1].number:07d}{_RECIPIENT}"
    end = f"NY000089{_totals(transfers, records)}{_day(last)}"
    lines = [_filled(start), *chain.from_iterable(assignments), _filled(end)]
    return ("\n".join(lines) + "\n").encode(_ENCODING)


def _assignment(statement: Statement) -> list[str]:
    if any(transfer.amount <= 0 for transfer in statement.transfers):
        raise ValueError("OCR giro tells of payments in only")
    serials: Counter[date] = Counter()
    body: list[str] = []
    for number, transfer in enumerate(statement.transfers, 1):
        serials[transfer.value_date] += 1
        body += _transaction(number, serials[transfer.value_date], transfer)
    days = sorted(transfer.value_date for transfer in statement.transfers)
    start = f"NY090020{_AGREEMENT}{statement.number:07d}{statement.account}"
    end = f"NY090088{_totals(statement.transfers, len(body) + 2)}{_day(days[-1])}{_day(days[0])}{_day(days[-1])}"
    return [_filled(start), *body, _filled(end)]


def _transaction(number: int, serial: int, transfer: Transfer) -> list[str]:
    """Two records; a payment without KID has a third with the payer's text."""
    kid = transfer.references.kid
    kind = _FROM_ACCOUNT if kid else _WITH_TEXT
    day = transfer.value_date
    settlement = f"{_CENTRE}{day:%d}0{serial:05d}0"
    first = f"NY09{kind}30{number:07d}{_day(day)}{settlement}{transfer.amount:017d}{kid:>25}"
    form, archive = f"{int(day.strftime('%y%m%d')) * 10_000 + serial:010d}", f"{300_000_000 + transfer.number:09d}"
    second = f"NY09{kind}31{number:07d}{form}{archive}{'0' * 7}{_day(day)}{transfer.payer.account}"
    records = [_filled(first), _filled(second)]
    if not kid:
        records.append(_filled(f"NY09{kind}32{number:07d}{transfer.title[:40]:40}"))
    return records


def _totals(transfers: tuple[Transfer, ...] | list[Transfer], records: int) -> str:
    return f"{len(transfers):08d}{records:08d}{sum(transfer.amount for transfer in transfers):017d}"


def _day(day: date) -> str:
    return f"{day:%d%m%y}"


def _filled(record: str) -> str:
    return record.ljust(80, "0")
