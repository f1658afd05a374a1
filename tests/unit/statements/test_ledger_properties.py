"""What holds for any sequence of charges, payments, reversals and rebookings."""

from dataclasses import dataclass, field
from datetime import date
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from statements.rules import codec
from statements.rules.allocation import effective, replay
from statements.rules.entries import CHARGE, PAYMENT, REVERSAL, Entry, end_of
from statements.rules.posting import Fold, find_base
from statements.rules.state import State

from tests.unit.statements.builders import POLICIES, Ledger, charge, payment, reversal

MODERATE = settings(max_examples=80, deadline=None)
DAYS = st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 2, 9)).map(str)
AMOUNTS = st.integers(min_value=1, max_value=500)
PURPOSES = st.sampled_from(["rent", "waste", "interest", "gas", "other"])


@dataclass
class History:
    """Entries of two accounts in the order of their arrival; rebookings go from one to the other."""

    entries: tuple[list[Entry], list[Entry]] = field(default_factory=lambda: ([], []))
    undone: set[str] = field(default_factory=set)


@st.composite
def histories(draw, most=40):
    history = History()
    for number in range(draw(st.integers(1, most))):
        which = draw(st.integers(0, 1))
        entries = history.entries[which]
        kind = draw(st.sampled_from([CHARGE, CHARGE, PAYMENT, PAYMENT, REVERSAL]))
        charges = [entry.entry_id for entry in entries if entry.kind == CHARGE]
        # Ids do not follow the order of arrival, as derived ids do not.
        name = f"{draw(st.integers(0, 9))}{number:03}"
        if kind == CHARGE:
            accessory = draw(st.sampled_from(["", *charges[-3:]]))
            entries.append(
                charge(
                    f"chg_{name}", draw(DAYS), draw(AMOUNTS), draw(DAYS), purpose=draw(PURPOSES), accessory_of=accessory
                )
            )
        elif kind == PAYMENT:
            named = draw(st.lists(st.sampled_from(charges), max_size=2, unique=True)) if charges else []
            entries.append(payment(f"pay_{name}", draw(DAYS), draw(AMOUNTS), named))
        else:
            open_entries = [e for e in entries if e.kind != REVERSAL and e.entry_id not in history.undone]
            if open_entries:
                entry = draw(st.sampled_from(open_entries))
                history.undone.add(entry.entry_id)
                entries.append(reversal(entry))
                if entry.kind == PAYMENT and draw(st.booleans()):
                    history.entries[1 - which].append(payment(f"{entry.entry_id}r", entry.value_date, -entry.amount))
    return history


def play(entries) -> Ledger:
    """Post the entries one by one in the order given."""
    ledger, known = Ledger(), {entry.entry_id: entry for entry in entries}
    for entry in entries:
        if entry.kind == REVERSAL:
            ledger.undo(known[entry.reverses])
        else:
            ledger.add(entry)
    return ledger


def check_books(state: State, entries: list[Entry]) -> None:
    """What the issue promises of every state."""
    assert state.balance == sum(entry.amount for entry in entries)
    assert state.due - state.credit == state.balance
    assert all(total.charged >= 0 and 0 <= total.paid <= total.charged for total in state.totals.values())
    assert state.due == sum(item.open for item in state.open_items)
    assert not (state.open_items and state.credits), "money lies idle beside open charges"
    kept = {entry.entry_id: entry for entry in effective(entries)}
    given: dict[str, int] = {}
    for item in state.open_items:
        assert 0 < item.open <= item.amount == kept[item.charge_id].amount
        assert item.amount - item.open == sum(part.amount for part in item.allocated)
        for part in item.allocated:
            assert part.amount > 0
            given[part.payment_id] = given.get(part.payment_id, 0) + part.amount
    for credit in state.credits:
        assert 0 < credit.remaining <= credit.amount == -kept[credit.payment_id].amount
        assert credit.amount - credit.remaining == sum(part.amount for part in credit.used)
        assert all(part.amount > 0 for part in credit.used)
        given[credit.payment_id] = given.get(credit.payment_id, 0) + credit.remaining
    assert all(amount <= -kept[payment_id].amount for payment_id, amount in given.items()), "money given out twice"


@MODERATE
@given(histories())
def test_should_balance_whatever_happens(history):
    for entries in history.entries:
        check_books(play(entries).account.state, entries)


@MODERATE
@given(histories(), st.randoms(use_true_random=False))
def test_should_allocate_alike_in_any_order_of_arrival(history, random):
    for entries in history.entries:
        shuffled = [entry for entry in entries if entry.kind != REVERSAL]
        random.shuffle(shuffled)
        for undoing in (entry for entry in entries if entry.kind == REVERSAL):
            after = next(at for at, entry in enumerate(shuffled) if entry.entry_id == undoing.reverses)
            shuffled.insert(random.randint(after + 1, len(shuffled)), undoing)
        assert play(shuffled).account.state == replay(entries, POLICIES)


@MODERATE
@given(histories(), st.integers(1, 4), st.integers(0, 3))
def test_should_equal_a_full_replay_through_checkpoints(history, every, lost):
    """With checkpoints every few entries, some of which the cache has lost."""
    with small_lineage(every):
        for entries in history.entries:
            known = {entry.entry_id: entry for entry in entries}
            ledger = Ledger()
            for at, entry in enumerate(entries):
                if entry.kind == REVERSAL:
                    ledger.undo(known[entry.reverses])
                else:
                    ledger.add(entry)
                if lost and at % (lost + 3) == 0 and ledger.book.checkpoints:
                    ledger.book.checkpoints.pop(sorted(ledger.book.checkpoints)[lost % len(ledger.book.checkpoints)])
                assert ledger.account.state == replay(entries[: at + 1], POLICIES)
            for day in {entry.value_date for entry in entries}:
                check_day(ledger, entries, day)


def check_day(ledger: Ledger, entries: list[Entry], day: str) -> None:
    """A past day explained from a checkpoint is the replay of the entries up to it."""
    reversed_ids = {entry.reverses for entry in entries if entry.kind == REVERSAL}
    expected = replay([e for e in entries if e.value_date <= day and e.entry_id not in reversed_ids], POLICIES)
    for back in (1, 2):
        position, state = find_base(ledger.account.lineage, end_of(day), ledger.book, back)
        fold = Fold(POLICIES, state)
        fold.run(ledger.book.entries_after(position, end_of(day)))
        assert fold.state == expected


def small_lineage(every: int):
    return patch.multiple("statements.rules.posting", EVERY=every)


@MODERATE
@given(histories())
def test_should_read_back_what_was_stored(history):
    for entries in history.entries:
        state = replay(entries, POLICIES)
        stored = codec.encode(state)
        assert codec.decode(stored) == state
        summary = codec.summarise(stored, "2026-01-20")
        assert (summary.balance, summary.due, summary.credit) == (state.balance, state.due, state.credit)
        assert summary.overdue == sum(item.open for item in state.open_items if item.due_date < "2026-01-20")


def test_should_read_few_entries_for_a_late_arrival_on_a_long_account():
    # Given an account with 2,000 entries
    ledger = Ledger()
    for number in range(1000):
        day = f"20{10 + number // 100}-{1 + number % 100 // 10:02}-{1 + number % 10:02}"
        ledger.add(charge(f"chg_{number:05}", day, 10))
        ledger.add(payment(f"pay_{number:05}", day, 10))
    ledger.book.reads = 0
    # When something comes in a few entries late
    ledger.add(payment("pay_late", "2019-10-08", 5))
    # Then only what follows the checkpoint before it is read
    assert ledger.book.reads <= 110
    assert ledger.account.state.balance == -5


def test_should_stay_right_and_bounded_when_the_distant_past_changes_again_and_again():
    ledger, entries = Ledger(), []
    for number in range(600):
        day = f"2020-{1 + number % 12:02}-{1 + number % 28:02}"
        entries.append(charge(f"chg_{number:05}", day, 7) if number % 2 else payment(f"pay_{number:05}", day, 7))
        ledger.add(entries[-1])
    assert ledger.account.state == replay(entries, POLICIES)
    assert len(ledger.account.lineage.segments) <= 32
    assert len(ledger.account.lineage.marks) <= 3
