"""Moving money between payments and charges, and remembering what may have to go back."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from statements.rules.policy import DESIGNATED, EARLIER, FROM_CREDIT
from statements.rules.state import MAX_CREDITS, MAX_PARTS, AllocatedPart, Credit, OpenItem, State, UsedPart

Given = tuple[str, UsedPart]
"""A payment and what it gave."""


def move(item: OpenItem, money: Credit, rule: str, on: str) -> tuple[OpenItem, Credit, Given]:
    """Move as much of the money as the charge can take."""
    amount = min(item.open, money.remaining)
    got = AllocatedPart(money.payment_id, money.value_date, amount, rule, on)
    gave = UsedPart(item.charge_id, item.number, amount, rule, on)
    return (
        item._replace(open=item.open - amount, allocated=add_allocated(item.allocated, got)),
        money._replace(remaining=money.remaining - amount, used=add_used(money.used, gave)),
        (money.payment_id, gave),
    )


class Taken(NamedTuple):
    """A charge that took from credits, the credits that are left, and what they gave."""

    item: OpenItem
    credits: tuple[Credit, ...]
    given: tuple[Given, ...]


def take_from_credits(item: OpenItem, credits: Iterable[Credit], on: str) -> Taken:  # noqa: A002 - the ledger's word
    """A charge takes from the credit there is: from payments that named it, then from the oldest."""
    kept = {credit.payment_id: credit for credit in credits}
    given: list[Given] = []
    for credit in sorted(kept.values(), key=lambda credit: item.charge_id not in credit.designated):
        if not item.open:
            break
        rule = DESIGNATED if item.charge_id in credit.designated else FROM_CREDIT
        item, kept[credit.payment_id], gave = move(item, credit, rule, on)
        given.append(gave)
    return Taken(item, tuple(credit for credit in kept.values() if credit.remaining), tuple(given))


def watch(state: State, given: Sequence[Given], settled: Iterable[OpenItem] = ()) -> State:
    """Note what watched payments gave, and keep the paid charges that they gave to."""
    if not state.watched:
        return state
    watched = tuple(
        kept._replace(used=(*kept.used, *(part for payment_id, part in given if payment_id == kept.payment_id)))
        for kept in state.watched
    )
    named = {part.charge_id for kept in watched for part in kept.used}
    held = [item for item in (*state.settled, *settled) if item.charge_id in named]
    return state._replace(watched=watched, settled=tuple(held))


def keep(state: State, money: Credit) -> tuple[Credit, ...]:
    """The unallocated payments with this one, if something of it is left. What is watched is kept by itself."""
    kept = state.credits
    if not money.remaining:
        return kept
    alone = {watched.payment_id for watched in state.watched}
    pools = [at for at, credit in enumerate(kept) if credit.payment_id not in alone]
    if len(kept) < MAX_CREDITS or money.payment_id in alone or not pools:
        return (*kept, money)
    newest = kept[pools[-1]]
    pool = newest._replace(
        amount=newest.amount + money.amount,
        remaining=newest.remaining + money.remaining,
        pooled=newest.pooled + 1,
    )
    return (*kept[: pools[-1]], pool, *kept[pools[-1] + 1 :])


def add_allocated(parts: tuple[AllocatedPart, ...], part: AllocatedPart) -> tuple[AllocatedPart, ...]:
    if len(parts) < MAX_PARTS:
        return (*parts, part)
    first, second, *rest = parts
    return (AllocatedPart("", "", first.amount + second.amount, EARLIER, second.on), *rest, part)


def add_used(parts: tuple[UsedPart, ...], part: UsedPart) -> tuple[UsedPart, ...]:
    if len(parts) < MAX_PARTS:
        return (*parts, part)
    first, second, *rest = parts
    return (UsedPart("", "", first.amount + second.amount, EARLIER, second.on), *rest, part)
