"""A refund: money of a payment goes back on a day after the payment's, and what it had paid is open from that day on."""

from typing import NamedTuple

from statements.rules.entries import Entry
from statements.rules.moves import Given, add_allocated, add_used, take_from_credits, watch
from statements.rules.policy import REFUNDED, Policy
from statements.rules.state import AllocatedPart, OpenItem, State, Total, UsedPart, Watched


class Refunded(NamedTuple):
    """The state after a refund, and the charges that other credit paid at once."""

    state: State
    settled: tuple[OpenItem, ...] = ()


def refund(state: State, entry: Entry, policy: Policy) -> Refunded:
    """Take the money back: first what of the payment lies unallocated, then what it gave last, so that it has paid what a
    payment smaller by the refund would have paid. Charges that open take from other credit, the longest overdue first.
    """
    watched = next(kept for kept in state.watched if kept.payment_id == entry.payment_id)
    state, left = _from_credit(state, entry)
    state, opened = _from_charges(state, entry, watched, left)
    given: list[Given] = []
    settled: list[OpenItem] = []
    items = {item.charge_id: item for item in state.open_items}
    totals, kept = dict(state.totals), state.credits
    for before in sorted(opened, key=policy.age):
        after, kept, gave = take_from_credits(before, kept, entry.value_date)
        given += gave
        totals[after.purpose] = _paid_more(totals[after.purpose], before.open - after.open)
        items[after.charge_id] = after
        if not after.open:
            del items[after.charge_id]
            settled.append(after)
    state = state._replace(open_items=tuple(items.values()), credits=kept, totals=totals)
    return Refunded(watch(state, given, settled), tuple(settled))


def _from_credit(state: State, entry: Entry) -> tuple[State, int]:
    """What is unallocated of the payment goes first; returned is what is left to be taken."""
    left, kept = entry.amount, []
    for credit in state.credits:
        if credit.payment_id == entry.payment_id:
            amount = min(credit.remaining, left)
            left -= amount
            part = UsedPart("", "", amount, REFUNDED, entry.value_date)
            credit = credit._replace(remaining=credit.remaining - amount, used=add_used(credit.used, part))  # noqa: PLW2901
        if credit.remaining:
            kept.append(credit)
    return state._replace(credits=tuple(kept), balance=state.balance + entry.amount), left


def _from_charges(state: State, entry: Entry, watched: Watched, left: int) -> tuple[State, list[OpenItem]]:
    """Take what the payment gave, its last gift first; returned are the charges that opened."""
    known = {item.charge_id: item for item in (*state.open_items, *state.settled)}
    totals, used, opened = dict(state.totals), list(watched.used), dict[str, OpenItem]()
    while left:
        part = used.pop()
        amount = min(part.amount, left)
        left -= amount
        if amount < part.amount:
            used.append(part._replace(amount=part.amount - amount))
        item = known[part.charge_id]
        back = AllocatedPart(watched.payment_id, watched.value_date, -amount, REFUNDED, entry.value_date)
        item = item._replace(open=item.open + amount, allocated=add_allocated(item.allocated, back))
        known[item.charge_id] = opened[item.charge_id] = item
        totals[item.purpose] = _paid_more(totals[item.purpose], -amount)
    items = {item.charge_id: item for item in state.open_items} | opened
    after = state._replace(
        open_items=tuple(sorted(items.values(), key=lambda item: (item.date, item.charge_id))),
        totals=totals,
        watched=_less(state.watched, watched._replace(to_come=watched.to_come - entry.amount, used=tuple(used))),
        settled=tuple(item for item in state.settled if item.charge_id not in opened),
    )
    return watch(after, ()) if after.watched else after._replace(settled=()), list(opened.values())


def _less(every: tuple[Watched, ...], changed: Watched) -> tuple[Watched, ...]:
    """With the payment as it is now; without it where no more of it is to come."""
    now = (changed if kept.payment_id == changed.payment_id else kept for kept in every)
    return tuple(kept for kept in now if kept.to_come)


def _paid_more(total: Total, amount: int) -> Total:
    return Total(total.charged, total.paid + amount)
