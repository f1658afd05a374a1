"""On which days a charge was owed and not paid: what interest for delay is counted from.

It follows from the charge's parts and so from the entries. After a charge-back it is what it would be, had the money never come; after a
refund it begins again on the day after it; what was undone leaves no trace.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from statements.rules.state import OpenItem

_YEAR: Final = 365 * 10_000


class Overdue(NamedTuple):
    """So much was owed and unpaid on each of these days, both of them counted; a positive amount in minor units."""

    first: str
    last: str
    amount: int


def overdue(item: OpenItem, until: str) -> tuple[Overdue, ...]:
    """The days from the one after the due date (after the charge's own, where that is later) up to `until`, the oldest first.

    The day on which money comes still counts, the one on which it is given back does not: one cannot be paid and late on a day twice.
    Of a charge of very many parts the oldest are one part, which counts from the last of them.
    """
    since, moves = max(item.due_date, item.date), dict[str, int]()
    for part in item.allocated:
        day = max(part.on, since)
        moves[day] = moves.get(day, 0) + part.amount
    left = item.amount - moves.pop(since, 0)
    found: list[Overdue] = []
    for day in sorted(moves):
        if day >= until:
            break
        if moves[day]:
            found.append(Overdue(_next(since), day, left))
            since, left = day, left - moves[day]
    found.append(Overdue(_next(since), until, left))
    return tuple(span for span in found if span.amount and span.first <= span.last)


class Rate(NamedTuple):
    """Interest a year in hundredths of a percent, from a day on."""

    valid_from: str
    basis_points: int


def interest(late: Iterable[Overdue], rates: Sequence[Rate]) -> int:
    """Simple interest for these days, a year being 365; rounded once, half up. Before the first rate there is none."""
    total = 0
    ordered = sorted(rates)
    for at, rate in enumerate(ordered):
        ends = ordered[at + 1].valid_from if at + 1 < len(ordered) else date.max.isoformat()
        for span in late:
            first, end = max(span.first, rate.valid_from), min(_next(span.last), ends)
            total += (
                max((date.fromisoformat(end) - date.fromisoformat(first)).days, 0) * span.amount * rate.basis_points
            )
    return (2 * total + _YEAR) // (2 * _YEAR)


def _next(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
