"""Allocation: a pure fold over the entries in the order of their positions.

Poland's art. 451 of the Civil Code is the model: the charge that the payer named, then what is due, the longest overdue first.
What differs between countries is in the policy.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from statements.rules.entries import CHARGE, PAYMENT, REVERSAL, Entry
from statements.rules.policy import DESIGNATED, EARLIER, FROM_CREDIT, LONGEST_OVERDUE, Policies, Policy
from statements.rules.state import (
    EMPTY,
    MAX_CREDITS,
    MAX_PARTS,
    AllocatedPart,
    Credit,
    OpenItem,
    State,
    Total,
    UsedPart,
)


class Step(NamedTuple):
    """The state after an entry, and the charges that it settled."""

    state: State
    settled: tuple[OpenItem, ...] = ()


def step(state: State, entry: Entry, policies: Policies) -> Step:
    """Apply one entry that follows all entries of `state` and is not reversed. A reversal itself moves nothing."""
    if entry.kind == CHARGE:
        return _charge(state, entry)
    if entry.kind == PAYMENT:
        return _payment(state, entry, policies.on(entry.value_date))
    return Step(state)


def effective(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that take part in allocation, in order: without what was reversed, and without the reversals."""
    every = list(entries)
    reversed_ids = {entry.reverses for entry in every if entry.kind == REVERSAL}
    kept = (entry for entry in every if entry.kind != REVERSAL and entry.entry_id not in reversed_ids)
    return sorted(kept, key=lambda entry: entry.position)


def replay(entries: Iterable[Entry], policies: Policies, state: State = EMPTY) -> State:
    """The state after all these entries, in whatever order they are given."""
    for entry in effective(entries):
        state = step(state, entry, policies).state
    return state


def _charge(state: State, entry: Entry) -> Step:
    """A charge first takes from the credit there is: from payments that named it, then from the oldest."""
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
    kept = {credit.payment_id: credit for credit in state.credits}
    for credit in sorted(state.credits, key=lambda credit: item.charge_id not in credit.designated):
        if not item.open:
            break
        rule = DESIGNATED if item.charge_id in credit.designated else FROM_CREDIT
        item, left = _move(item, credit, rule, entry.value_date)
        kept[credit.payment_id] = left
    total = state.totals.get(item.purpose, Total())
    paid = total.paid + item.amount - item.open
    after = State(
        open_items=(*state.open_items, item) if item.open else state.open_items,
        credits=tuple(credit for credit in kept.values() if credit.remaining),
        totals={**state.totals, item.purpose: Total(total.charged + item.amount, paid)},
        balance=state.balance + entry.amount,
    )
    return Step(after, () if item.open else (item,))


def _payment(state: State, entry: Entry, policy: Policy) -> Step:
    money = Credit(entry.entry_id, entry.value_date, -entry.amount, -entry.amount, entry.designated)
    items = {item.charge_id: item for item in state.open_items}
    totals = dict(state.totals)
    settled = []
    for charge_id, rule in _targets(state.open_items, entry, policy):
        if not money.remaining:
            break
        before = items[charge_id]
        if not before.open:
            continue
        after, money = _move(before, money, rule, entry.value_date)
        items[charge_id] = after
        total = totals[after.purpose]
        totals[after.purpose] = Total(total.charged, total.paid + before.open - after.open)
        if not after.open:
            settled.append(after)
    return Step(
        State(
            open_items=tuple(item for item in items.values() if item.open),
            credits=_keep(state.credits, money),
            totals=totals,
            balance=state.balance + entry.amount,
        ),
        tuple(settled),
    )


def _targets(items: tuple[OpenItem, ...], entry: Entry, policy: Policy) -> Iterator[tuple[str, str]]:
    """The charges in the order in which the payment covers them, each with the rule; a charge may come twice."""
    due = [item for item in items if item.due_date <= entry.value_date]
    ahead = [item for item in items if item.due_date > entry.value_date]
    for rule in policy.order:
        if rule == DESIGNATED:
            for charge_id in _named(items, entry, policy):
                yield charge_id, rule
        else:
            for item in sorted(due if rule == LONGEST_OVERDUE else ahead, key=lambda item: _age(item, policy)):
                yield item.charge_id, rule


def _named(items: tuple[OpenItem, ...], entry: Entry, policy: Policy) -> Iterator[str]:
    """Each charge that the payer named, before it the interest that is due on it: never the interest on another charge."""
    if not entry.designated:
        return
    present = {item.charge_id for item in items}
    for charge_id in entry.designated:
        if policy.accessory_first:
            on_it = [item for item in items if item.accessory_of == charge_id and item.due_date <= entry.value_date]
            for item in sorted(on_it, key=lambda item: _age(item, policy)):
                yield item.charge_id
        if charge_id in present:
            yield charge_id


def _age(item: OpenItem, policy: Policy) -> tuple[str, int, str, str]:
    return item.due_date, policy.rank(item.purpose), item.date, item.charge_id


def _move(item: OpenItem, money: Credit, rule: str, on: str) -> tuple[OpenItem, Credit]:
    """Move as much of the money as the charge can take."""
    amount = min(item.open, money.remaining)
    got = AllocatedPart(money.payment_id, money.value_date, amount, rule, on)
    gave = UsedPart(item.charge_id, item.number, amount, rule, on)
    return (
        item._replace(open=item.open - amount, allocated=_add_allocated(item.allocated, got)),
        money._replace(remaining=money.remaining - amount, used=_add_used(money.used, gave)),
    )


def _add_allocated(parts: tuple[AllocatedPart, ...], part: AllocatedPart) -> tuple[AllocatedPart, ...]:
    if len(parts) < MAX_PARTS:
        return (*parts, part)
    first, second, *rest = parts
    return (AllocatedPart("", "", first.amount + second.amount, EARLIER, second.on), *rest, part)


def _add_used(parts: tuple[UsedPart, ...], part: UsedPart) -> tuple[UsedPart, ...]:
    if len(parts) < MAX_PARTS:
        return (*parts, part)
    first, second, *rest = parts
    return (UsedPart("", "", first.amount + second.amount, EARLIER, second.on), *rest, part)


def _keep(kept: tuple[Credit, ...], money: Credit) -> tuple[Credit, ...]:
    """The unallocated payments with this one, if something of it is left."""
    if not money.remaining:
        return kept
    if len(kept) < MAX_CREDITS:
        return (*kept, money)
    newest = kept[-1]
    pool = newest._replace(
        amount=newest.amount + money.amount,
        remaining=newest.remaining + money.remaining,
        pooled=newest.pooled + 1,
    )
    return (*kept[:-1], pool)
