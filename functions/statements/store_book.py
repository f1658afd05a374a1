"""The rules' `Book` on the table: entries to run again, and the checkpoints that keep re-runs short."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from pynamodb.attributes import BinaryAttribute

from statements.rules import codec
from statements.rules.entries import FOLDED, LAST, PAYMENT, Entry
from statements.rules.state import State
from statements.store import ENTRY_SK, EntryItem, Item

_CHECKPOINT: Final = "CHECKPOINT#"


class CheckpointItem(Item):
    """The account's pk, sk `CHECKPOINT#<generation>#<position>`: the state after that position; a cache."""

    state = BinaryAttribute(legacy_encoding=False)


def new_checkpoint(pk: str, generation: str, at: str, state: State | None = None) -> CheckpointItem:
    """A checkpoint, or its key alone."""
    item = CheckpointItem(pk=pk, sk=f"{_CHECKPOINT}{generation}#{at}")
    if state is not None:
        item.state = codec.encode(state)
    return item


def write_ahead(items: Iterable[CheckpointItem]) -> None:
    """Write checkpoints of a generation that no account names yet."""
    with CheckpointItem.batch_write() as batch:
        for item in items:
            batch.save(item)


def stated_interest(pk: str, since: str) -> Iterable[EntryItem]:
    """The lines of an account, from a position on and in order, that say by which rates interest was stated."""
    places = EntryItem.sk.between(ENTRY_SK + since, ENTRY_SK + LAST)
    standing = EntryItem.rates.exists() & EntryItem.reversed_by.does_not_exist()
    return EntryItem.query(pk, places, standing, consistent_read=True)


@dataclass
class StoredBook:
    """The rules' `Book` on the table. Remembers the references of the payments that it came by, and the last stated interest."""

    pk: str
    references: dict[str, str] = field(default_factory=dict)
    stated: str = ""
    """The position of the last line that says by which rates interest was stated."""

    def checkpoint(self, generation: str, at: str) -> State | None:
        try:
            found = CheckpointItem.get(self.pk, f"{_CHECKPOINT}{generation}#{at}", consistent_read=True)
        except CheckpointItem.DoesNotExist:
            return None
        return codec.decode(found.state)

    def newest_checkpoints(self, generation: str, start: str, before: str, limit: int) -> Sequence[tuple[str, State]]:
        prefix = f"{_CHECKPOINT}{generation}#"
        # `between` includes its end, which does not count: one more is read for it.
        between = CheckpointItem.sk.between(prefix + start, prefix + before)
        found = CheckpointItem.query(self.pk, between, scan_index_forward=False, consistent_read=True, limit=limit + 1)
        states = [(item.sk.removeprefix(prefix), codec.decode(item.state)) for item in found]
        return [pair for pair in states if pair[0] < before][:limit]

    def entries_after(self, at: str, until: str | None = None) -> Iterator[Entry]:
        condition = EntryItem.sk.between(f"{ENTRY_SK}{at}", f"{ENTRY_SK}{until or LAST}")
        for item in EntryItem.query(self.pk, condition, consistent_read=True):
            if item.sk == ENTRY_SK + at:
                continue
            if item.kind == PAYMENT:
                self.references[item.entry_id] = item.reference or ""
            if item.rates and not item.reversed_by:
                self.stated = item.sk.removeprefix(ENTRY_SK)
            if item.kind in FOLDED and not item.reversed_by:
                yield item.entry()
