"""Posting entries to an account: one step where they come last, a re-run from their position where they do not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple, Protocol

from statements.rules.allocation import step
from statements.rules.entries import Entry
from statements.rules.lineage import EVERY, NEW, Lineage
from statements.rules.policy import Policies
from statements.rules.state import EMPTY, OpenItem, State

_MAX_CHECKPOINTS = 2
"""New checkpoints of one posting that goes on in its generation: they are part of the transaction, which has its limit."""


class Account(NamedTuple):
    """What is kept of an account: its state after `head`, the position of its last entry, and the lineage of its checkpoints."""

    state: State = EMPTY
    head: str = ""
    lineage: Lineage = NEW


class Checkpoint(NamedTuple):
    generation: str
    position: str
    state: State


class Posting(NamedTuple):
    """The account afterwards; the checkpoints to write and, in the running generation, the ones to delete.

    The checkpoints of a `deep` re-run belong to a generation that nobody reads before the account names it, so they may be
    written ahead of the transaction; all others belong into it.
    """

    account: Account
    checkpoints: tuple[Checkpoint, ...] = ()
    deletes: tuple[tuple[str, str], ...] = ()
    """Generation and position of each."""
    deep: bool = False


class Book(Protocol):
    """What the ledger can look up. Checkpoints are a cache: one that is missing costs time only."""

    def checkpoint(self, generation: str, position: str) -> State | None:
        """The checkpoint at exactly this position."""

    def newest_checkpoints(self, generation: str, start: str, before: str, limit: int) -> Sequence[tuple[str, State]]:
        """The newest checkpoints from `start` on and before a position, the newest first."""

    def entries_after(self, position: str, until: str | None = None) -> Iterable[Entry]:
        """Charges, payments and refunds that are not reversed, after a position (up to another one), in order."""


@dataclass(slots=True)
class Fold:
    """Entries applied one after the other, with a checkpoint every so many and the charges settled on the way."""

    policies: Policies
    state: State
    since: int = 0
    head: str = ""

    def run(self, entries: Iterable[Entry]) -> tuple[list[tuple[str, State]], list[tuple[Entry, OpenItem]]]:
        checkpoints: list[tuple[str, State]] = []
        settled: list[tuple[Entry, OpenItem]] = []
        for entry in entries:
            done = step(self.state, entry, self.policies)
            self.state, self.head = done.state, entry.position
            settled.extend((entry, item) for item in done.settled)
            self.since += 1
            if self.since >= EVERY:
                checkpoints.append((self.head, self.state))
                self.since = 0
        return checkpoints, settled


def post(
    account: Account,
    new: Sequence[Entry],
    book: Book,
    policies: Policies,
    *,
    generation: str,
    undone: Entry | None = None,
    changed: Entry | None = None,
) -> Posting:
    """Add entries to the account and take out an `undone` (reversed) one; a `changed` payment has more or less returned of it.

    The result is the same as if all entries had been folded in their order from the beginning. `generation` must be a name that
    was never used for this account.
    """
    added = sorted(new, key=lambda entry: entry.position)
    if undone is None and changed is None and added[0].position > account.head:
        fold = Fold(policies, account.state, account.lineage.since)
        checkpoints, _ = fold.run(added)
        return _posted(account.head, account.lineage, fold, checkpoints[-_MAX_CHECKPOINTS:])
    start = min(entry.position for entry in (*added, undone, changed) if entry)
    lineage, stale = account.lineage.rewound(start, generation)
    base, state = find_base(account.lineage, start, book)
    stored = _changed(book.entries_after(base), undone, changed)
    fold = Fold(policies, state)
    made, _ = fold.run(_merge(stored, added))
    deep = lineage.segments != account.lineage.segments
    # What lies before the start of a deep re-run belongs to a generation in use: only a transaction may write there.
    chosen = [(at, kept) for at, kept in made if at >= start] if deep else made[-_MAX_CHECKPOINTS:]
    posting = _posted(max(account.head, added[-1].position if added else ""), lineage, fold, chosen)
    written = {checkpoint.position for checkpoint in posting.checkpoints}
    deletes = tuple((account.lineage.generation_at(mark), mark) for mark in stale if mark not in written)
    return posting._replace(deletes=deletes, deep=deep)


def find_base(lineage: Lineage, position: str, book: Book, back: int = 1) -> tuple[str, State]:
    """A checkpoint before a position (the `back`-th newest where possible), or the beginning of the account."""
    known = lineage.base(position, back)
    if known == "":
        return "", EMPTY
    if known is not None:
        state = book.checkpoint(lineage.generation_at(known), known)
        if state is not None:
            return known, state
    for generation, start, before in lineage.ranges(position):
        found = book.newest_checkpoints(generation, start, before, back)
        if found:
            return found[-1]
    return "", EMPTY


def _posted(head: str, lineage: Lineage, fold: Fold, made: Sequence[tuple[str, State]]) -> Posting:
    checkpoints = []
    for position, state in made:
        if not lineage.marks or position > lineage.marks[-1]:
            lineage = lineage.marked(position)
            checkpoints.append(Checkpoint(lineage.generation_at(position), position, state))
    lineage = lineage._replace(since=fold.since)
    return Posting(Account(fold.state, max(head, fold.head), lineage), tuple(checkpoints))


def _changed(stored: Iterable[Entry], undone: Entry | None, changed: Entry | None) -> Iterable[Entry]:
    """The stored entries as they are from now on."""
    for entry in stored:
        if changed and entry.entry_id == changed.entry_id:
            yield changed
        elif undone is None or entry.entry_id != undone.entry_id:
            yield entry


def _merge(stored: Iterable[Entry], added: Sequence[Entry]) -> Iterable[Entry]:
    return sorted(chain(stored, added), key=lambda entry: entry.position)
