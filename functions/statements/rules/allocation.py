"""Allocation: a pure fold over the entries in the order of their positions.

Poland's art. 451 of the Civil Code is the model: the charge that the payer named, then what is due, the longest overdue first.
What differs between countries is in the policy.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from statements.rules.entries import CHARGE, CHARGEBACK, FOLDED, PAYMENT, REFUND, REVERSAL, Entry, Returned
from statements.rules.moves import Given, keep, move, take_from_credits, watch
from statements.rules.policy import DESIGNATED, LONGEST_OVERDUE, Policies, Policy
from statements.rules.refunds import refund
from statements.rules.state import EMPTY, Credit, OpenItem, State, Total, Watched


class Step(NamedTuple):
    """The state after an entry, and the charges that it settled."""

    state: State
    settled: tuple[OpenItem, ...] = ()


def step(state: State, entry: Entry, policies: Policies) -> Step:
    """Apply one entry that follows all entries of `state` and is not reversed.

    A payment must say what goes back of it (`Entry.returned`). Reversals and charge-backs themselves move nothing.
    """
    if entry.kind == CHARGE:
        return _charge(state, entry)
    if entry.kind == PAYMENT:
        return _payment(state, entry, policies.on(entry.value_date))
    if entry.kind == REFUND:
        return Step(*refund(state, entry, policies.on(entry.value_date)))
    return Step(state)


def effective(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that take part in allocation, in order: without what was reversed, payments with what goes back of them."""
    every = list(entries)
    reversed_ids = {entry.reverses for entry in every if entry.kind == REVERSAL}
    live = [entry for entry in every if entry.kind != REVERSAL and entry.entry_id not in reversed_ids]
    returned: dict[str, list[Returned]] = {}
    for entry in live:
        if entry.kind in (REFUND, CHARGEBACK):
            part = Returned(entry.entry_id, entry.kind, entry.amount)
            returned.setdefault(entry.payment_id, []).append(part)
    kept = (entry._replace(returned=tuple(returned.get(entry.entry_id, ()))) for entry in live if entry.kind in FOLDED)
    return sorted(kept, key=lambda entry: entry.position)


def replay(entries: Iterable[Entry], policies: Policies, state: State = EMPTY) -> State:
    """The state after all these entries, in whatever order they are given."""
    for entry in effective(entries):
        state = step(state, entry, policies).state
    return state


def _charge(state: State, entry: Entry) -> Step:
    """A charge first takes from the credit there is."""
    item = OpenItem(
        charge_id=entry.entry_id,
        number=entry.number,
        purpose=entry.purpose,
        date=entry.value_date,
        due_date=entry.due_date,
        amount=entry.amount,
        open=entry.amount,
        accessory_of=entry.accessory_of,
    )
    item, credits_left, given = take_from_credits(item, state.credits, entry.value_date)
    total = state.totals.get(item.purpose, Total())
    paid = total.paid + item.amount - item.open
    settled = () if item.open else (item,)
    after = state._replace(
        open_items=(*state.open_items, item) if item.open else state.open_items,
        credits=credits_left,
        totals={**state.totals, item.purpose: Total(total.charged + item.amount, paid)},
        balance=state.balance + entry.amount,
    )
    return Step(watch(after, given, settled), settled)


def _payment(state: State, entry: Entry, policy: Policy) -> Step:
    """A payment is worth what was not charged back; what is refunded later is watched until then."""
    money = Credit(entry.entry_id, entry.value_date, entry.lasting, entry.lasting, entry.designated)
    if entry.to_be_refunded:
        watched = Watched(entry.entry_id, entry.value_date, entry.to_be_refunded)
        state = state._replace(watched=(*state.watched, watched))
    items = {item.charge_id: item for item in state.open_items}
    totals = dict(state.totals)
    given: list[Given] = []
    settled = []
    for charge_id, rule in _targets(state.open_items, entry, policy):
        if not money.remaining:
            break
        before = items[charge_id]
        if not before.open:
            continue
        after, money, gave = move(before, money, rule, entry.value_date)
        given.append(gave)
        items[charge_id] = after
        total = totals[after.purpose]
        totals[after.purpose] = Total(total.charged, total.paid + before.open - after.open)
        if not after.open:
            settled.append(after)
    done = state._replace(
        open_items=tuple(item for item in items.values() if item.open),
        credits=keep(state, money),
        totals=totals,
        balance=state.balance - entry.lasting,
    )
    return Step(watch(done, given, settled), tuple(settled))


def _targets(items: tuple[OpenItem, ...], entry: Entry, policy: Policy) -> Iterator[tuple[str, str]]:
    """The charges in the order in which the payment covers them, each with the rule; a charge may come twice."""
    due = [item for item in items if item.due_date <= entry.value_date]
    ahead = [item for item in items if item.due_date > entry.value_date]
    for rule in policy.order:
        if rule == DESIGNATED:
            for charge_id in _named(items, entry, policy):
                yield charge_id, rule
        else:
            for item in sorted(due if rule == LONGEST_OVERDUE else ahead, key=policy.age):
                yield item.charge_id, rule


def _named(items: tuple[OpenItem, ...], entry: Entry, policy: Policy) -> Iterator[str]:
    """Each charge that the payer named, before it the interest that is due on it: never the interest on another charge."""
    if not entry.designated:
        return
    present = {item.charge_id for item in items}
    for charge_id in entry.designated:
        if policy.accessory_first:
            on_it = [item for item in items if item.accessory_of == charge_id and item.due_date <= entry.value_date]
            for item in sorted(on_it, key=policy.age):
                yield item.charge_id
        if charge_id in present:
            yield charge_id
