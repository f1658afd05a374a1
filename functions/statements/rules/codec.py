"""The state as bytes inside one item: compact JSON, deflated where it is long. Reading a balance needs no objects."""

import json
import zlib
from typing import Any, Final, NamedTuple

from statements.rules.state import AllocatedPart, Credit, OpenItem, State, Total, UsedPart, Watched

_PLAIN: Final = b"1"
_DEFLATED: Final = b"2"
_DEFLATE_FROM: Final = 4_096
"""Bytes; shorter states are not worth the time."""


def encode(state: State) -> bytes:
    """The state's stored form; the first byte says which."""
    rows: dict[str, Any] = {
        "b": state.balance,
        "p": {purpose: (total.charged, total.paid) for purpose, total in sorted(state.totals.items())},
        "o": [_open_row(item) for item in state.open_items],
        "c": [_credit_row(credit) for credit in state.credits],
    }
    if state.watched:
        rows["w"] = [(*watched[:3], watched.used) for watched in state.watched]
        rows["s"] = [_open_row(item) for item in state.settled]
    text = json.dumps(rows, separators=(",", ":"), ensure_ascii=False).encode()
    return _PLAIN + text if len(text) < _DEFLATE_FROM else _DEFLATED + zlib.compress(text, 6)


def decode(stored: bytes) -> State:
    """The state again; `decode(encode(state)) == state`."""
    rows = _rows(stored)
    return State(
        open_items=tuple(_open_item(row) for row in rows["o"]),
        credits=tuple(_credit(row) for row in rows["c"]),
        totals={purpose: Total(*row) for purpose, row in rows["p"].items()},
        balance=rows["b"],
        watched=tuple(_watched(row) for row in rows.get("w", ())),
        settled=tuple(_open_item(row) for row in rows.get("s", ())),
    )


class Summary(NamedTuple):
    """The figures of an account on a day. `next_due` is the nearest due date that is not past, with all that is open for it."""

    balance: int
    due: int
    overdue: int
    credit: int
    overdue_from: str | None
    next_due: tuple[str, int] | None
    totals: dict[str, list[int]]


def summarise(stored: bytes, today: str) -> Summary:
    """The figures straight from the stored form."""
    rows = _rows(stored)
    overdue, ahead, earliest = 0, dict[str, int](), ""
    for row in rows["o"]:
        due_date, open_amount = row[4], row[6]
        if due_date < today:
            overdue += open_amount
        else:
            ahead[due_date] = ahead.get(due_date, 0) + open_amount
        earliest = min(earliest or due_date, due_date)
    return Summary(
        balance=rows["b"],
        due=sum(charged - paid for charged, paid in rows["p"].values()),
        overdue=overdue,
        credit=sum(row[3] for row in rows["c"]),
        overdue_from=earliest or None,
        next_due=min(ahead.items()) if ahead else None,
        totals=rows["p"],
    )


def open_amounts(stored: bytes) -> dict[str, int]:
    """What is open, by charge."""
    return {row[0]: row[6] for row in _rows(stored)["o"]}


def open_first(stored: bytes, most: int) -> tuple[dict[str, int], dict[str, str]]:
    """What is open, by charge, and when it falls due; only so many that do so first."""
    chosen = sorted(_rows(stored)["o"], key=lambda row: (row[4], row[0]))[:most]
    return {row[0]: row[6] for row in chosen}, {row[0]: row[4] for row in chosen}


def remaining_amounts(stored: bytes) -> dict[str, int]:
    """What is unallocated, by payment."""
    return {row[0]: row[3] for row in _rows(stored)["c"]}


def _rows(stored: bytes) -> dict[str, Any]:
    text = zlib.decompress(stored[1:]) if stored[:1] == _DEFLATED else stored[1:]
    rows: dict[str, Any] = json.loads(text)
    return rows


def _open_row(item: OpenItem) -> list[Any]:
    parts = [(part.payment_id, part.value_date, part.amount, part.rule, part.on) for part in item.allocated]
    return [
        item.charge_id,
        item.number,
        item.purpose,
        item.date,
        item.due_date,
        item.amount,
        item.open,
        item.accessory_of,
        parts,
    ]


def _open_item(row: list[Any]) -> OpenItem:
    charge_id, number, purpose, date, due_date, amount, left, accessory_of, parts = row
    allocated = tuple(AllocatedPart(*part) for part in parts)
    return OpenItem(charge_id, number, purpose, date, due_date, amount, left, accessory_of, allocated)


def _credit_row(credit: Credit) -> list[Any]:
    used = [(part.charge_id, part.number, part.amount, part.rule, part.on) for part in credit.used]
    return [
        credit.payment_id,
        credit.value_date,
        credit.amount,
        credit.remaining,
        credit.designated,
        used,
        credit.pooled,
    ]


def _credit(row: list[Any]) -> Credit:
    payment_id, value_date, amount, remaining, designated, used, pooled = row
    return Credit(
        payment_id, value_date, amount, remaining, tuple(designated), tuple(UsedPart(*part) for part in used), pooled
    )


def _watched(row: list[Any]) -> Watched:
    payment_id, value_date, to_come, used = row
    return Watched(payment_id, value_date, to_come, tuple(UsedPart(*part) for part in used))
