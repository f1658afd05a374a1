"""What holds for any sequence of charges, payments, refunds, charge-backs and undoings."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from statements.rules import codec
from statements.rules.allocation import effective, replay
from statements.rules.entries import CHARGE, CHARGEBACK, PAYMENT, REFUND, REVERSAL, Entry, end_of
from statements.rules.posting import Fold, find_base
from statements.rules.state import State

from tests.unit.statements.builders import POLICIES, Ledger, charge, chargeback, payment, refund, reversal

MODERATE = settings(max_examples=80, deadline=None)
DAYS = st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 2, 9)).map(str)
AMOUNTS = st.integers(min_value=1, max_value=500)
SMALL_LIMITS = {"MAX_CREDITS": 2, "MAX_PARTS": 3}


@dataclass
class History:
    """Entries of one account in an order in which they may arrive."""

    entries: list[Entry] = field(default_factory=list)

    def add(self, draw, number: int) -> None:
        kind = draw(st.sampled_from([CHARGE, CHARGE, PAYMENT, PAYMENT, REFUND, REFUND, CHARGEBACK, REVERSAL]))
        # Ids do not follow the order of arrival, as derived ids do not.
        name = f"{draw(st.integers(0, 9))}{number:03}"
        charges = [entry.entry_id for entry in self.entries if entry.kind == CHARGE]
        if kind == CHARGE:
            purpose = draw(st.sampled_from(["rent", "waste", "interest"]))
            accessory = draw(st.sampled_from(["", *charges[-2:]])) if purpose == "interest" else ""
            entry = charge(
                f"chg_{name}", draw(DAYS), draw(AMOUNTS), draw(DAYS), purpose=purpose, accessory_of=accessory
            )
            self.entries.append(entry)
        elif kind == PAYMENT:
            named = draw(st.lists(st.sampled_from(charges), max_size=2, unique=True)) if charges else []
            self.entries.append(payment(f"pay_{name}", draw(DAYS), draw(AMOUNTS), named))
        elif kind == REVERSAL:
            self._undo(draw)
        else:
            self._send_back(draw, kind, name)

    def _send_back(self, draw, kind: str, name: str) -> None:
        rest = {entry.entry_id: entry.lasting - entry.to_be_refunded for entry in self.live if entry.kind == PAYMENT}
        paid = [entry for entry in self.live if rest.get(entry.entry_id)]
        if paid:
            of = draw(st.sampled_from(paid))
            amount = draw(st.one_of(st.just(rest[of.entry_id]), st.integers(1, rest[of.entry_id])))
            back = chargeback("", of, amount) if kind == CHARGEBACK else refund("", of, draw(DAYS), amount)
            self.entries.append(back._replace(entry_id=f"rfd_{name}"))

    def _undo(self, draw) -> None:
        """Anything may be undone but a payment of which something has gone back."""
        undone = {entry.reverses for entry in self.entries}
        backed = {entry.payment_id for entry in self.entries if entry.entry_id not in undone}
        open_ones = [e for e in self.entries if e.kind != REVERSAL and e.entry_id not in undone | backed]
        if open_ones:
            self.entries.append(reversal(draw(st.sampled_from(open_ones))))

    @property
    def live(self) -> list[Entry]:
        return effective(self.entries)


@st.composite
def histories(draw, most=40):
    history = History()
    for number in range(draw(st.integers(1, most))):
        history.add(draw, number)
    return history


def play(entries, ledger=None) -> Ledger:
    """Post the entries one by one in the order given."""
    ledger, known = ledger or Ledger(), {entry.entry_id: entry for entry in entries}
    for entry in entries:
        post(ledger, entry, known)
    return ledger


def post(ledger: Ledger, entry: Entry, known: dict[str, Entry]) -> None:
    undone = known.get(entry.reverses)
    if entry.kind in (REFUND, CHARGEBACK):
        ledger.send_back(entry)
    elif undone is None:
        ledger.add(entry)
    elif undone.kind in (REFUND, CHARGEBACK):
        ledger.undo_sending_back(undone)
    else:
        ledger.undo(undone)


def shuffled_arrivals(entries, random) -> list[Entry]:
    """Another order in which they may come: what the books refuse for now comes again later.

    An undoing that is faster than its refund makes it void: then neither is booked.
    """
    waiting, arrived = list(entries), []
    while waiting:
        entry = random.choice([entry for entry in waiting if fits(entry, arrived, waiting)])
        waiting.remove(entry)
        void = [one for one in waiting if one.entry_id == entry.reverses]
        if void:
            waiting.remove(void[0])
        else:
            arrived.append(entry)
    return arrived


def fits(entry: Entry, arrived: list[Entry], waiting: list[Entry]) -> bool:
    """No refund before its payment or of more than is left of it; payments are reversed when nothing has gone back of them."""
    live = {known.entry_id: known for known in effective(arrived)}
    if entry.payment_id:
        paid = live.get(entry.payment_id)
        return paid is not None and entry.amount <= paid.lasting - paid.to_be_refunded
    if entry.kind != REVERSAL or entry.reverses.startswith("rfd_"):
        return True
    known = {one.entry_id for one in arrived}
    backed = entry.reverses in live and live[entry.reverses].returned
    return entry.reverses in known and not backed and all(one.payment_id != entry.reverses for one in waiting)


def check_books(state: State, entries: list[Entry]) -> None:
    kinds = dict.fromkeys((CHARGE, PAYMENT, REFUND), 0)
    for entry in effective(entries):
        kinds[entry.kind] += entry.lasting if entry.kind == PAYMENT else entry.amount
    assert state.balance == sum(entry.amount for entry in entries)
    assert state.balance == kinds[CHARGE] - kinds[PAYMENT] + kinds[REFUND]
    assert state.due - state.credit == state.balance
    assert all(total.charged >= 0 and 0 <= total.paid <= total.charged for total in state.totals.values())
    assert state.due == sum(item.open for item in state.open_items)
    assert not (state.open_items and state.credits), "money lies idle beside open charges"
    assert not state.watched, "a refund that was never made"
    assert not state.settled
    positions = [(item.date, item.charge_id) for item in state.open_items]
    assert positions == sorted(positions)
    kept = {entry.entry_id: entry for entry in effective(entries)}
    held: dict[str, int] = {}
    for item in state.open_items:
        assert 0 < item.open <= item.amount == kept[item.charge_id].amount
        assert item.amount - item.open == sum(part.amount for part in item.allocated)
        by_payment: dict[str, int] = {}
        for part in item.allocated:
            assert (part.amount < 0) == (part.rule == "refunded")
            by_payment[part.payment_id] = by_payment.get(part.payment_id, 0) + part.amount
        assert all(amount >= 0 for amount in by_payment.values()), "more taken back than was given"
        for payment_id, amount in by_payment.items():
            held[payment_id] = held.get(payment_id, 0) + amount
    for credit in state.credits:
        assert 0 < credit.remaining <= credit.amount == kept[credit.payment_id].lasting
        assert credit.amount - credit.remaining == sum(part.amount for part in credit.used)
        held[credit.payment_id] = held.get(credit.payment_id, 0) + credit.remaining
    for payment_id, amount in held.items():
        assert amount <= kept[payment_id].lasting - kept[payment_id].to_be_refunded, "money given out twice"


@MODERATE
@given(histories())
def test_should_balance_whatever_goes_back(history):
    state = play(history.entries).account.state
    check_books(state, history.entries)
    assert codec.decode(codec.encode(state)) == state


@MODERATE
@given(histories(), st.randoms(use_true_random=False))
def test_should_come_to_the_same_in_any_order_of_arrival(history, random):
    arrivals = shuffled_arrivals(history.entries, random)
    assert play(arrivals).account.state == replay(history.entries, POLICIES)


@MODERATE
@given(histories(), st.integers(1, 4), st.integers(0, 3))
def test_should_equal_a_full_replay_through_checkpoints(history, every, lost):
    """With checkpoints every few entries, of which the cache has lost some; and on every past day."""
    known = {entry.entry_id: entry for entry in history.entries}
    ledger = Ledger()
    with patch("statements.rules.posting.EVERY", every):
        for at, entry in enumerate(history.entries):
            post(ledger, entry, known)
            if lost and at % (lost + 3) == 0 and ledger.book.checkpoints:
                ledger.book.checkpoints.pop(sorted(ledger.book.checkpoints)[lost % len(ledger.book.checkpoints)])
            assert ledger.account.state == replay(history.entries[: at + 1], POLICIES)
    for state in ledger.book.checkpoints.values():
        assert codec.decode(codec.encode(state)) == state
    for day in {entry.value_date for entry in history.entries}:
        position, state = find_base(ledger.account.lineage, end_of(day), ledger.book)
        fold = Fold(POLICIES, state)
        fold.run(ledger.book.entries_after(position, end_of(day)))
        assert visible(fold.state) == visible(replay(until(day, history.entries), POLICIES))


def until(day: str, entries: list[Entry]) -> list[Entry]:
    """What the books show of a past day: what was undone never was; what is refunded later still counts."""
    undone = {entry.reverses for entry in entries if entry.kind == REVERSAL}
    return [entry for entry in entries if entry.value_date <= day and entry.entry_id not in undone]


def visible(state: State) -> State:
    """Without what is only kept for a refund to come: knowing of it changes nothing before it."""
    return state._replace(watched=(), settled=())


@MODERATE
@given(histories(most=60))
def test_should_stay_right_where_credits_are_pooled_and_parts_added_up(history):
    with patch.multiple("statements.rules.moves", **SMALL_LIMITS):
        state = play(history.entries).account.state
        assert state == replay(history.entries, POLICIES)
    assert state.balance == sum(entry.amount for entry in history.entries)
    assert state.due - state.credit == state.balance
    assert state.due == sum(item.open for item in state.open_items)
    assert all(item.amount - item.open == sum(part.amount for part in item.allocated) for item in state.open_items)
    assert all(credit.amount - credit.remaining == sum(part.amount for part in credit.used) for credit in state.credits)


@MODERATE
@given(histories())
def test_should_be_as_if_never_paid_once_a_payment_is_charged_back_whole(history):
    """A charge-back of the whole payment, a reversal of it, and its absence are the same."""
    payments = [e for e in history.live if e.kind == PAYMENT and not e.returned]
    for paid in payments[:3]:
        gone = replay([*history.entries, chargeback("rfd_all", paid, -paid.amount)], POLICIES)
        never = replay([e for e in history.entries if paid.entry_id not in (e.entry_id, e.payment_id)], POLICIES)
        assert gone == replay([*history.entries, reversal(paid)], POLICIES)
        # Refunds of it that were undone are still among the entries, with their reversals: they move nothing.
        assert gone == never


def debt_days(entries: list[Entry], charge_id: str, last: str) -> int:
    """The charge's open amount, added up over the days from its due date to `last`: what simple interest is a multiple of."""
    total, day = 0, date.fromisoformat("2025-12-31")
    while day.isoformat() < last:
        day += timedelta(days=1)
        items = {item.charge_id: item for item in replay(until(str(day), entries), POLICIES).open_items}
        if charge_id in items and items[charge_id].due_date < str(day):
            total += items[charge_id].open
    return total


def test_should_count_interest_of_a_refund_from_its_day_and_of_a_charge_back_from_the_due_date():
    rent = charge("chg_1", "2026-01-01", 1000, "2026-01-10")
    paid = payment("pay_1", "2026-01-05", 1000)
    never = debt_days([rent], "chg_1", "2026-03-11")
    assert never == 60 * 1000
    assert debt_days([rent, paid], "chg_1", "2026-03-11") == 0
    refunded = [rent, paid, refund("rfd_1", paid, "2026-03-02", 400)]
    assert debt_days(refunded, "chg_1", "2026-03-11") == 10 * 400
    returned = [rent, paid, chargeback("rfd_1", paid, 400)]
    assert debt_days(returned, "chg_1", "2026-03-11") == 60 * 400
    # What is undone leaves no trace
    undone = [*refunded, reversal(refunded[-1])]
    assert debt_days(undone, "chg_1", "2026-03-11") == 0
    # The parts of the charge tell the same: what was open when
    (item,) = replay(refunded, POLICIES).open_items
    assert [(part.on, part.amount, part.rule) for part in item.allocated] == [
        ("2026-01-05", 1000, "not_yet_due"),
        ("2026-03-02", -400, "refunded"),
    ]


def test_should_open_nothing_when_a_credit_is_refunded():
    rent = charge("chg_1", "2026-01-01", 1000)
    paid = payment("pay_1", "2026-01-05", 1500)
    entries = [rent, paid, refund("rfd_1", paid, "2026-02-01", 300)]
    state = replay(entries, POLICIES)
    assert (state.open_items, state.balance) == ((), -200)
    assert [(part.amount, part.rule) for part in state.credits[0].used] == [
        (1000, "longest_overdue"),
        (300, "refunded"),
    ]


def test_should_open_what_was_paid_last_and_what_the_payer_named_at_the_very_end():
    # Given a payment that named the younger rent, then paid the older one, then a charge from what was left
    old, young = charge("chg_1", "2025-11-01", 100), charge("chg_2", "2025-12-01", 100)
    paid = payment("pay_1", "2026-01-05", 250, ["chg_2"])
    later = charge("chg_3", "2026-01-20", 50)

    def left(amount):
        state = replay([old, young, paid, later, refund("rfd_1", paid, "2026-02-01", amount)], POLICIES)
        return {item.charge_id: item.open for item in state.open_items}

    assert left(30) == {"chg_3": 30}
    assert left(100) == {"chg_1": 50, "chg_3": 50}
    assert left(180) == {"chg_1": 100, "chg_2": 30, "chg_3": 50}
    assert left(250) == {"chg_1": 100, "chg_2": 100, "chg_3": 50}


def test_should_pay_what_opens_from_other_credit_at_once():
    rent = charge("chg_1", "2026-01-01", 100)
    first, second = payment("pay_1", "2026-01-05", 100), payment("pay_2", "2026-01-06", 100)
    back = refund("rfd_1", first, "2026-02-01", 100)
    state = replay([rent, first, second, back], POLICIES)
    assert (state.open_items, state.credits, state.balance) == ((), (), 0)
    # And a refund of that one too opens the charge after all
    both = replay([rent, first, second, back, refund("rfd_2", second, "2026-03-01", 40)], POLICIES)
    (item,) = both.open_items
    assert [(part.payment_id, part.amount, part.on) for part in item.allocated] == [
        ("pay_1", 100, "2026-01-05"),
        ("pay_1", -100, "2026-02-01"),
        ("pay_2", 100, "2026-02-01"),
        ("pay_2", -40, "2026-03-01"),
    ]


def test_should_pay_the_longest_overdue_first_of_what_opens():
    old, young = charge("chg_1", "2025-11-01", 100), charge("chg_2", "2025-12-01", 100)
    first, second = payment("pay_1", "2026-01-05", 200), payment("pay_2", "2026-01-06", 150)
    state = replay([old, young, first, second, refund("rfd_1", first, "2026-02-01", 200)], POLICIES)
    assert [(item.charge_id, item.open) for item in state.open_items] == [("chg_2", 50)]


def test_should_not_spread_a_late_refund_over_a_long_account():
    """A refund runs again from its payment, not from the beginning."""
    ledger, paid = Ledger(), None
    for number in range(600):
        day = f"20{10 + number // 100}-{1 + number % 100 // 10:02}-{1 + number % 10:02}"
        ledger.add(charge(f"chg_{number:05}", day, 10))
        paid = payment(f"pay_{number:05}", day, 10)
        ledger.add(paid)
    ledger.book.reads = 0
    ledger.send_back(refund("rfd_1", paid, "2016-02-01", 10))
    assert ledger.book.reads <= 110
    assert ledger.account.state.balance == 10
    assert ledger.account.state == replay([entry._replace(returned=()) for entry in ledger.book.entries], POLICIES)
