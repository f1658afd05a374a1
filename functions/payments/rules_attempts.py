"""The state of a payment attempt: a pure function of what was said about it, whatever the order and however often.

`started -> pending -> settled -> part_refunded | refunded | disputed`, `-> failed | expired | cancelled`. An attempt keeps facts and
only ever gains some, so two deliveries in any order meet in the same end. `settled` is left only by a refund or dispute (and found
again when it fails or is won); an end without money is left when money comes after all, for money is never dropped. A second
transaction that was paid is a double payment.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, NamedTuple

from payments.providers.model import Event, Notice, Refusal


class State(StrEnum):
    STARTED = "started"
    PENDING = "pending"
    SETTLED = "settled"
    PART_REFUNDED = "part_refunded"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Kind(StrEnum):
    """What follows from a notice. The first five move money in the books."""

    SETTLED = "settled"
    DOUBLE_PAYMENT = "double_payment"
    """Another transaction of the same attempt was paid: the money is the payer's credit, and both sides are told."""
    REFUNDED = "refunded"
    REFUND_UNDONE = "refund_undone"
    TAKEN_BACK = "taken_back"
    """By a dispute, charge-back or late failure."""
    GIVEN_BACK = "given_back"
    """What had been taken back came again: the dispute was won, the debit went through after all."""
    CHANGED = "changed"
    """Only the state is another one; no money moved."""


class Effect(NamedTuple):
    """One thing that follows; `amount` is in the attempt's currency and never negative."""

    kind: Kind
    transaction_id: str = ""
    amount: int = 0


class Fact(NamedTuple):
    """What was said, without when. `part` is the id of a refund or dispute; `total` marks the sum of all refunds so far."""

    event: Event
    transaction_id: str
    part: str
    amount: int | None
    total: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    """A payment attempt: what was asked for, and the facts with the latest time at which each was said.

    `amount`, `currency` and `reference` never change once it is started; a fee that the provider adds is not in `amount`.
    """

    reference: str
    amount: int
    currency: str
    facts: Mapping[Fact, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class View:
    """How an attempt stands: what was paid by transaction, and how much of it went back."""

    state: State
    paid: Mapping[str, int]
    refunded: int
    taken: int


_ENDS: Final = {Event.FAILED: State.FAILED, Event.EXPIRED: State.EXPIRED, Event.CANCELLED: State.CANCELLED}
_RANKS: Final = tuple(_ENDS)
_WAITS: Final = frozenset({Event.PENDING, Event.AUTHORISED})
_MONEY: Final = frozenset({Event.PAID, Event.AUTHORISED})
_KEPT: Final = frozenset(Event) - {Event.HINT, Event.OTHER, Event.PAYOUT, Event.MANDATE_ACTIVE, Event.MANDATE_ENDED}


def disagreement(attempt: Attempt, notice: Notice) -> str:
    """Why a notice cannot be about this attempt, as a code of Refusal; empty when it can.

    What was asked for counts where the provider adds its own fee to it (`start_amount`), else what was paid.
    """
    if notice.reference and notice.reference != attempt.reference:
        return "wrong_reference"
    if notice.currency and notice.currency != attempt.currency:
        return "wrong_currency"
    if notice.event not in _MONEY:
        return ""
    if notice.amount is None or not notice.currency:
        return "unknown_amount"
    asked = notice.amount if notice.start_amount is None else notice.start_amount
    return "" if asked == attempt.amount <= notice.amount else "wrong_amount"


def apply(attempt: Attempt, notice: Notice) -> tuple[Attempt, tuple[Effect, ...]]:
    """The attempt with what a notice says, and what follows from it: nothing for anything said before.

    Raises Refusal with the code of `disagreement`: such money is never credited, it is recorded and people are told.
    """
    problem = disagreement(attempt, notice)
    if problem:
        raise Refusal(problem, notice.detail)
    if notice.event not in _KEPT:
        return attempt, ()
    amount = notice.amount if notice.start_amount is None else notice.start_amount
    fact = Fact(notice.event, notice.transaction_id, notice.part, amount, notice.total)
    known = attempt.facts.get(fact)
    at = notice.occurred_at.astimezone(UTC)
    if known is not None and known >= at:
        return attempt, ()
    after = replace(attempt, facts={**attempt.facts, fact: at})
    return after, tuple(_effects(view(attempt), view(after)))


def view(attempt: Attempt) -> View:
    """How an attempt stands."""
    facts = attempt.facts
    paid = {fact.transaction_id: attempt.amount for fact in facts if fact.event is Event.PAID}
    if not paid:
        return View(_unpaid(facts), {}, 0, 0)
    refunded, taken = _refunded(facts), _bounced(facts, paid) + _disputed(facts, paid, attempt.amount)
    total = sum(paid.values())
    if taken:
        state = State.DISPUTED
    elif refunded:
        state = State.REFUNDED if refunded >= total else State.PART_REFUNDED
    else:
        state = State.SETTLED
    return View(state, paid, refunded, taken)


def dump(attempt: Attempt) -> list[list[str | int | bool | None]]:
    """The facts as they are stored (JSON)."""
    return [[*fact, at.isoformat()] for fact, at in sorted(attempt.facts.items(), key=str)]


def load(reference: str, amount: int, currency: str, rows: Iterable[list[str | int | bool | None]]) -> Attempt:
    """An attempt from what `dump` gave."""
    facts = {
        Fact(Event(str(event)), str(transaction), str(part), None if sum_ is None else int(sum_), bool(total)): (
            datetime.fromisoformat(str(at))
        )
        for event, transaction, part, sum_, total, at in rows
    }
    return Attempt(reference, amount, currency, facts)


def _unpaid(facts: Mapping[Fact, datetime]) -> State:
    whole = [fact.event for fact in facts if not fact.transaction_id and fact.event in _ENDS]
    if whole:
        return _ENDS[max(whole, key=_RANKS.index)]
    ended = {fact.transaction_id: fact.event for fact in sorted(facts, key=_end_rank) if _end_rank(fact) >= 0}
    # The payer may have tried several ways: while one of them is open, nothing has ended.
    if any(fact.event in _WAITS and fact.transaction_id not in ended for fact in facts):
        return State.PENDING
    if ended:
        return _ENDS.get(max(ended.values(), key=lambda event: _RANKS.index(_end(event))), State.FAILED)
    return State.STARTED


def _end(event: Event) -> Event:
    return Event.FAILED if event is Event.BOUNCED else event


def _end_rank(fact: Fact) -> int:
    return _RANKS.index(_end(fact.event)) if _end(fact.event) in _ENDS else -1


def _refunded(facts: Mapping[Fact, datetime]) -> int:
    """Single refunds that did not fail, or the sum that the provider names, whichever is more; for each transaction."""
    failed = {fact.part for fact in facts if fact.event is Event.REFUND_FAILED}
    back = [fact for fact in facts if fact.event is Event.REFUNDED]
    total = 0
    for transaction in {fact.transaction_id for fact in back}:
        own = [fact for fact in back if fact.transaction_id == transaction]
        parts = {fact.part: fact.amount or 0 for fact in sorted(own, key=_amount) if not fact.total}
        single = sum(amount for part, amount in parts.items() if part not in failed)
        total += max([single, *(fact.amount or 0 for fact in own if fact.total)])
    return total


def _bounced(facts: Mapping[Fact, datetime], paid: Mapping[str, int]) -> int:
    """What failed later than it was paid."""
    bounces = _latest(facts, lambda fact: fact.event is Event.BOUNCED)
    payments = _latest(facts, lambda fact: fact.event is Event.PAID)
    return sum(paid[found] for found, at in bounces.items() if found in paid and at > payments[found])


def _latest(facts: Mapping[Fact, datetime], wanted: Callable[[Fact], bool]) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for fact, at in facts.items():
        if wanted(fact):
            found[fact.transaction_id] = max(at, found.get(fact.transaction_id, at))
    return found


def _disputed(facts: Mapping[Fact, datetime], paid: Mapping[str, int], asked: int) -> int:
    """What open and lost disputes took; of two decisions on one dispute the later counts, at the same time the loss."""
    about: dict[str, int] = {}
    decisions: dict[str, tuple[datetime, bool]] = {}
    for fact, at in facts.items():
        if fact.event in {Event.DISPUTED, Event.DISPUTE_LOST}:
            amount = paid.get(fact.transaction_id, asked) if fact.amount is None else fact.amount
            about[fact.part] = max(amount, about.get(fact.part, 0))
        if fact.event in {Event.DISPUTE_WON, Event.DISPUTE_LOST}:
            decision = (at, fact.event is Event.DISPUTE_LOST)
            decisions[fact.part] = max(decision, decisions.get(fact.part, decision))
    return sum(amount for part, amount in about.items() if part not in decisions or decisions[part][1])


def _amount(fact: Fact) -> int:
    return fact.amount or 0


def _effects(before: View, after: View) -> Iterable[Effect]:
    moved = False
    for transaction in sorted(after.paid.keys() - before.paid.keys()):
        kind = Kind.DOUBLE_PAYMENT if before.paid or moved else Kind.SETTLED
        yield Effect(kind, transaction, after.paid[transaction])
        moved = True
    for change, more, less in (
        (after.refunded - before.refunded, Kind.REFUNDED, Kind.REFUND_UNDONE),
        (after.taken - before.taken, Kind.TAKEN_BACK, Kind.GIVEN_BACK),
    ):
        if change:
            yield Effect(more if change > 0 else less, amount=abs(change))
            moved = True
    if not moved and after.state is not before.state:
        yield Effect(Kind.CHANGED)
