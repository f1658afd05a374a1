"""A meter's stream, with what a unit of work is about to change in it: how far back it is read, and what is staged."""

import heapq
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from meters.codec import decode
from meters.rules.handover import CHECKPOINT_EVERY, HandOver
from meters.rules.stream import EMPTY, READINGS, Event, State, fold
from meters.rules.submissions import Around, Known
from meters.store import meter_pk
from meters.store_events import (
    ASIDE,
    EVENT,
    LAST,
    EventItem,
    ReadingPointer,
    end_of,
    find_item,
    pointer_to,
    sort_key,
)
from shared.tables import UnitOfWork

_AHEAD: Final = 10
"""Events read at once when going forward: most late readings change no more."""


class Stream:
    """A meter's stream with what a unit of work is about to change in it."""

    def __init__(self, organisation_id: str, meter_id: str) -> None:
        self.organisation_id = organisation_id
        self.pk = meter_pk(organisation_id, meter_id)
        self._changed: dict[str, EventItem | None] = {}
        self._pointers: dict[str, ReadingPointer] = {}
        self._loaded: dict[str, EventItem] = {}
        self._loaded_from: str | None = None

    @property
    def size(self) -> int:
        """How many operations `stage` will stage."""
        return len(self._changed) + len(self._pointers)

    # -------------------------------------------------------------- reading
    def load(self, day: date) -> None:
        """Read everything that counts from a day on at once, with the kept state before it: for many readings of one meter."""
        start = sort_key(EVENT, day)
        back = list(self._run_back(start))
        start = back[-1].sk if back else start
        found = EventItem.query(self.pk, EventItem.sk.between(start, f"{EVENT}{LAST}"), consistent_read=True)
        self._loaded, self._loaded_from = {item.sk: item for item in found}, start

    def forward(self, start: str, at_once: int = _AHEAD) -> Iterator[EventItem]:
        """What counts from a sort key on, so many read at once."""
        stored: Iterable[EventItem]
        if self._loaded_from is not None and start >= self._loaded_from:
            stored = [item for sk, item in self._loaded.items() if sk >= start]
        else:
            condition = EventItem.sk.between(start, f"{EVENT}{LAST}")
            stored = EventItem.query(self.pk, condition, page_size=at_once, consistent_read=True)
        return self._merged(stored, lambda sk: sk >= start, reverse=False)

    def backward(self, end: str) -> Iterator[EventItem]:
        """What counts before a sort key, the latest first."""
        return self._merged(self._stored_before(end), lambda sk: sk < end, reverse=True)

    def _stored_before(self, end: str) -> Iterator[EventItem]:
        if self._loaded_from is not None and end > self._loaded_from:
            yield from sorted((item for sk, item in self._loaded.items() if sk < end), key=_by_key, reverse=True)
            end = self._loaded_from
        condition = EventItem.sk.between(EVENT, end)
        pages = EventItem.query(
            self.pk, condition, scan_index_forward=False, page_size=CHECKPOINT_EVERY + 1, consistent_read=True
        )
        yield from (item for item in pages if item.sk < end)

    def _merged(self, stored: Iterable[EventItem], is_in: Any, *, reverse: bool) -> Iterator[EventItem]:
        changed = dict(self._changed)
        own = [item for sk, item in changed.items() if item and sk.startswith(EVENT) and is_in(sk)]
        rest = (item for item in stored if item.sk not in changed)
        return heapq.merge(rest, sorted(own, key=_by_key, reverse=reverse), key=_by_key, reverse=reverse)

    def _run_back(self, end: str) -> Iterator[EventItem]:
        """The events before a sort key back to the one that carries a state, or to the first; the latest first."""
        for item in self.backward(end):
            yield item
            if item.packed or item.kind == "installed":
                return

    def state_before(self, end: str) -> tuple[State, int]:
        """The state before a sort key, and how many events were folded onto a kept one."""
        run = list(self._run_back(end))[::-1]
        if run and run[0].packed:
            return fold(decode(run[0].packed), (item.event() for item in run[1:])), len(run) - 1
        return fold(EMPTY, (item.event() for item in run)), len(run)

    def clean_run(self, day: date) -> tuple[State, list[Event]]:
        """A kept state after which no estimate was open, before or on a day, and the events after it up to that day."""
        run: list[EventItem] = []
        for item in self.backward(end_of(day)):
            if item.packed and not decode(item.packed).estimate:
                return decode(item.packed), [each.event() for each in reversed(run)]
            run.append(item)
        return EMPTY, [each.event() for each in reversed(run)]

    def hand_over(self, day: date, corrected: EventItem | None = None) -> HandOver:
        """The meter for a reading of this day, as `rules.handover.hand_over` has it; held readings and `installed` aside."""
        if corrected and corrected.day == day:
            state, _ = self.state_before(corrected.sk)
            return HandOver(state, Around(after=self._next(corrected.sk, corrected)))
        run, base, same = self._before_reading(day, corrected)
        state = fold(base, (item.event() for item in reversed(run)))
        return HandOver(
            state, Around(same_day=same.known() if same else None, after=self._next(end_of(day), corrected))
        )

    def _before_reading(
        self, day: date, corrected: EventItem | None
    ) -> tuple[list[EventItem], State, EventItem | None]:
        """What a reading of a day follows, the latest first, onto a kept state; and the reading that stands for that day already."""
        run: list[EventItem] = []
        same, settled = None, False
        for item in self.backward(end_of(day)):
            if corrected and item.event_id == corrected.event_id:
                continue
            if not settled and item.day == day and item.kind in READINGS:
                same, settled, run = item, True, []
                continue
            settled = settled or item.day < day or item.kind in ("installed", "replaced")
            # A state that was kept after the corrected reading knows it.
            knows = corrected is not None and corrected.sk < item.sk and corrected.day <= day
            if settled and item.packed and not knows:
                return run, decode(item.packed), same
            run.append(item)
            if item.kind == "installed":
                break
        return run, EMPTY, same

    def _next(self, start: str, corrected: EventItem | None) -> Known | None:
        for item in self.forward(start):
            if corrected and item.event_id == corrected.event_id:
                continue
            if item.kind in READINGS:
                return item.known()
            if item.kind in ("replaced", "removed"):
                return item.known() if item.closing else None
        return None

    def find_on(self, day: date, event_id: str) -> EventItem | None:
        """What counts on a day under an id."""
        day_key = sort_key(EVENT, day)
        for item in self.forward(day_key):
            if item.day != day:
                return None
            if item.event_id == event_id:
                return item
        return None

    def find_aside(self, day: date, status: str) -> list[EventItem]:
        """What of a day does not count, with a status."""
        prefix = sort_key(ASIDE, day)
        stored = {
            item.sk: item for item in EventItem.query(self.pk, EventItem.sk.startswith(prefix), consistent_read=True)
        }
        stored.update({sk: item for sk, item in self._changed.items() if item and sk.startswith(prefix)})
        return [item for item in stored.values() if item.status == status]

    def get(self, sk: str) -> EventItem | None:
        """One entry, as it will be."""
        return self._changed[sk] if sk in self._changed else self._loaded.get(sk) or find_item(self.pk, sk)

    # -------------------------------------------------------------- changing
    def put(self, item: EventItem) -> None:
        self._changed[item.sk] = item

    def remove(self, item: EventItem) -> None:
        self._changed[item.sk] = None

    def wait(self, item: EventItem) -> None:
        """Put in a reading that waits for staff."""
        self.put(item)
        self._index(item)

    def set_aside(self, item: EventItem, status: str) -> EventItem:
        """Let something count no more: it waits for staff (`held`) or is `superseded`."""
        aside = item.moved(ASIDE)
        aside.status, aside.packed = status, None
        if aside.sk != item.sk:
            self.remove(item)
        self.wait(aside)
        return aside

    def count(self, item: EventItem, place: str) -> EventItem:
        """Let a held reading count, at a place of its day."""
        counted = item.moved(EVENT, place)
        counted.status = "accepted"
        self.remove(item)
        self._index(counted)
        return counted

    def reject(self, item: EventItem) -> None:
        """Refuse a held reading."""
        item.status = "rejected"
        self.put(item)
        self._index(item)

    def follow(self, item: EventItem) -> None:
        """Let the pointer of an entry that has taken another place lead there."""
        if item.event_id in self._pointers:
            self._pointers[item.event_id] = pointer_to(self.organisation_id, item)

    def _index(self, item: EventItem) -> None:
        held = item.status == "held"
        item.gsi1pk = f"ORG#{self.organisation_id}#HELD" if held else None
        item.gsi1sk = f"{item.recorded_at}#{item.event_id}" if held else None
        if held or item.sk.startswith(EVENT):
            self._pointers[item.event_id] = pointer_to(self.organisation_id, item)

    def stage(self, uow: UnitOfWork) -> None:
        """Stage all changes; the head's version guards them."""
        for sk, item in self._changed.items():
            if item is None:
                uow.delete(EventItem(pk=self.pk, sk=sk))
            else:
                uow.put(item)
        for pointer in self._pointers.values():
            uow.put(pointer)


def _by_key(item: EventItem) -> str:
    return str(item.sk)
