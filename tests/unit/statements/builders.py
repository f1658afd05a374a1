"""Small worlds for the ledger's tests."""

from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass, field

from statements.rules.entries import CHARGE, CHARGEBACK, FOLDED, PAYMENT, REFUND, REVERSAL, Entry, Returned
from statements.rules.policy import Policies, Policy
from statements.rules.posting import Account, Posting, post
from statements.rules.state import State

POLICIES = Policies(
    (
        Policy(
            "test",
            "2000-01-01",
            ("designated", "longest_overdue", "not_yet_due"),
            ("interest", "rent", "waste", "gas"),
        ),
    )
)


def charge(entry_id, day, amount, due=None, *, purpose="rent", accessory_of=""):
    return Entry(
        CHARGE,
        entry_id,
        day,
        amount,
        due_date=due or day,
        purpose=purpose,
        number=f"N/{entry_id}",
        accessory_of=accessory_of,
    )


def payment(entry_id, day, amount, designated=()):
    return Entry(PAYMENT, entry_id, day, -amount, designated=tuple(designated))


def refund(entry_id, paid, day, amount):
    """Given back on a day, or on the payment's own where that is later."""
    return Entry(REFUND, entry_id, max(day, paid.value_date), amount, payment_id=paid.entry_id)


def chargeback(entry_id, paid, amount):
    return Entry(CHARGEBACK, entry_id, paid.value_date, amount, payment_id=paid.entry_id)


def reversal(entry):
    return Entry(REVERSAL, f"rev_{entry.entry_id}", entry.value_date, -entry.amount, reverses=entry.entry_id)


@dataclass
class MemoryBook:
    """The ledger's port in memory; it forgets checkpoints when told to, as a cache may."""

    entries: list[Entry] = field(default_factory=list)
    reversed_ids: set[str] = field(default_factory=set)
    checkpoints: dict[tuple[str, str], State] = field(default_factory=dict)
    reads: int = 0
    generations: int = 0

    def checkpoint(self, generation: str, position: str) -> State | None:
        return self.checkpoints.get((generation, position))

    def newest_checkpoints(self, generation: str, start: str, before: str, limit: int) -> list[tuple[str, State]]:
        found = [
            (at, state) for (name, at), state in self.checkpoints.items() if name == generation and start <= at < before
        ]
        return sorted(found, key=lambda pair: pair[0], reverse=True)[:limit]

    def entries_after(self, position: str, until: str | None = None) -> Iterable[Entry]:
        for entry in self.entries:
            if entry.position > position and (until is None or entry.position < until):
                self.reads += 1
                if entry.kind in FOLDED and entry.entry_id not in self.reversed_ids:
                    yield entry

    def returned(self, payment_id: str, less: str = "", more: tuple[Returned, ...] = ()) -> Entry:
        """The payment with more, or less, gone back of it; kept in the book."""
        at = next(at for at, entry in enumerate(self.entries) if entry.entry_id == payment_id)
        entry = self.entries[at]
        parts = tuple(part for part in entry.returned if part.entry_id != less)
        self.entries[at] = entry._replace(returned=(*parts, *more))
        return self.entries[at]


@dataclass
class Ledger:
    """One account kept the way the service keeps it, but in memory."""

    policies: Policies = POLICIES
    account: Account = field(default_factory=Account)
    book: MemoryBook = field(default_factory=MemoryBook)

    def add(self, *entries: Entry) -> Posting:
        posting = self._post(entries, None)
        for entry in entries:
            insort(self.book.entries, entry, key=lambda kept: kept.position)
        return posting

    def undo(self, entry: Entry) -> Posting:
        posting = self._post((), entry)
        self.book.reversed_ids.add(entry.entry_id)
        insort(self.book.entries, reversal(entry), key=lambda kept: kept.position)
        return posting

    def send_back(self, entry: Entry) -> Posting:
        """A refund or charge-back comes in."""
        part = Returned(entry.entry_id, entry.kind, entry.amount)
        changed = self.book.returned(entry.payment_id, more=(part,))
        posting = self._post([entry] if entry.kind == REFUND else [], None, changed)
        insort(self.book.entries, entry, key=lambda kept: kept.position)
        return posting

    def undo_sending_back(self, entry: Entry) -> Posting:
        changed = self.book.returned(entry.payment_id, less=entry.entry_id)
        posting = self._post([], entry if entry.kind == REFUND else None, changed)
        self.book.reversed_ids.add(entry.entry_id)
        insort(self.book.entries, reversal(entry), key=lambda kept: kept.position)
        return posting

    def _post(self, entries, undone, changed=None) -> Posting:
        self.book.generations += 1
        posting = post(
            self.account,
            entries,
            self.book,
            self.policies,
            generation=f"g{self.book.generations}",
            undone=undone,
            changed=changed,
        )
        for generation, position in posting.deletes:
            self.book.checkpoints.pop((generation, position), None)
        for checkpoint in posting.checkpoints:
            self.book.checkpoints[checkpoint.generation, checkpoint.position] = checkpoint.state
        self.account = posting.account
        return posting
