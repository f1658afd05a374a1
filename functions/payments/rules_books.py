"""What the books are told of a payment attempt: a pure function of its facts and of what they were told before.

Every transaction that was paid is one payment in the books: the first under the attempt's own id, any other (a double payment) under
an id of its own. What went back is said for each of them, at most what was credited, and taken back by its own id.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from payments.providers.model import Event
from payments.rules_attempts import Attempt, view
from shared.ids import derived_id

_BY_PART: Final = frozenset({Event.REFUND_FAILED, Event.DISPUTE_WON})
"""They speak of a refund or dispute by its own id, whatever transaction they name."""
_MAY_BE_UNNAMED: Final = frozenset({Event.REFUNDED, Event.DISPUTED, Event.DISPUTE_LOST})
"""They take money that was paid. A bounce of another transaction does not: that was a try that failed."""


class Booking(NamedTuple):
    """A paid transaction that the books do not know yet."""

    transaction_id: str
    payment_id: str
    double: bool


class Returned(NamedTuple):
    """Money that went back, or (`undone`) came again after it had gone back."""

    refund_id: str
    payment_id: str
    cause: str
    amount: int
    undone: bool


def new_bookings(attempt: Attempt, payment_id: str, known: Mapping[str, str]) -> list[Booking]:
    """The transactions that must be booked now."""
    found: list[Booking] = []
    for transaction in sorted(view(attempt).paid.keys() - known.keys()):
        double = bool(known or found)
        own = derived_id("pay", payment_id, transaction) if double else payment_id
        found.append(Booking(transaction, own, double))
    return found


def changes(
    attempt: Attempt, net: int, bookings: Mapping[str, str], told: Iterable[Returned]
) -> tuple[list[Returned], list[Returned]]:
    """What must be said of returns (some of them undone), and the list to keep.

    `net` is what a transaction was credited with, less than what was paid where the payer bore a fee: the fee is never debited.
    """
    rows, said = list(told), list[Returned]()
    for payment_id, (refunded, taken, cause) in _standing(attempt, bookings).items():
        back = min(refunded, net)
        for causes, wanted, name in (
            (("refund",), back, "refund"),
            (("dispute", "bounce"), min(taken, net - back), cause),
        ):
            said += _move(rows, Returned("", payment_id, name, wanted, undone=False), causes)
    return said, rows


def _standing(attempt: Attempt, bookings: Mapping[str, str]) -> dict[str, tuple[int, int, str]]:
    """Of each booked payment: refunded, taken, and how it was taken. What names no paid transaction is about the first."""
    first = next(iter(bookings), "")
    found: dict[str, tuple[int, int, str]] = {}
    for transaction, payment_id in bookings.items():
        facts = {
            fact._replace(transaction_id=transaction): at
            for fact, at in attempt.facts.items()
            if fact.transaction_id == transaction
            or fact.event in _BY_PART
            or (transaction == first and fact.event in _MAY_BE_UNNAMED and fact.transaction_id not in bookings)
        }
        if not any(fact.event is Event.PAID for fact in facts):
            continue
        own = view(replace(attempt, facts=facts))
        bounced = any(fact.event is Event.BOUNCED for fact in facts)
        found[payment_id] = (own.refunded, own.taken, "bounce" if bounced else "dispute")
    return found


def _move(rows: list[Returned], wanted: Returned, causes: tuple[str, ...]) -> list[Returned]:
    """Change `rows` until so much of a payment has gone back for these causes; what must be said of it."""

    def is_own(row: Returned) -> bool:
        return row.payment_id == wanted.payment_id and row.cause in causes and not row.undone

    said = list[Returned]()
    total = sum(row.amount for row in rows if is_own(row))
    for place in reversed(range(len(rows))):
        if total > wanted.amount and is_own(rows[place]):
            rows[place] = rows[place]._replace(undone=True)
            said.append(rows[place])
            total -= rows[place].amount
    if total < wanted.amount:
        refund_id = derived_id("rfd", wanted.payment_id, str(len(rows)))
        rows.append(wanted._replace(refund_id=refund_id, amount=wanted.amount - total))
        said.append(rows[-1])
    return said


def shares(covers: Mapping[str, int], amount: int, paid: Iterable[Mapping[str, int]]) -> tuple[dict[str, int], int]:
    """What an attempt pays of each charge that it was started for, and how much of `amount` is paid for the second time.

    `covers` is what of them was open when it was started, in the order in which they are paid; `paid` what others have paid of charges
    since. Only what others have paid is double: money that is too much for another reason is not.
    """
    others = dict.fromkeys(covers, 0)
    for one in paid:
        for charge in others.keys() & one.keys():
            others[charge] = min(others[charge] + one[charge], covers[charge])
    own, left = dict[str, int](), amount
    for charge, whole in covers.items():
        part = min(whole - others[charge], left)
        left -= part
        if part:
            own[charge] = part
    return own, min(left, sum(others.values()))


def from_rows(rows: Iterable[Iterable[Any]]) -> list[Returned]:
    """From what is stored (JSON)."""
    return [Returned(*row) for row in rows]
