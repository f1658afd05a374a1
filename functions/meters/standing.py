"""A meter as it stands within a unit of work, and what is found in it. Reads only.

Reads are bounded: a reading later than everything needs the head alone, another one a stretch of the stream that does not grow with it.
"""

from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Final

from meters.readings import Circumstances, Reading
from meters.rules.handover import HandOver
from meters.rules.stream import READINGS, State
from meters.rules.submissions import Around, Known
from meters.rules.vocabulary import Device
from meters.store import MeterItem
from meters.store_events import EventItem, end_of, find_reading, numbers
from meters.store_stream import Stream
from shared.errors import DomainError

_LOOK_BACK: Final = 1000
"""Events among which a reading to correct is looked for."""


class Standing:
    """One meter: its head, its state and its stream, as they are after all that a unit of work has changed."""

    def __init__(self, meter: MeterItem, given: Circumstances, state: State | None = None) -> None:
        """`state` is the head's, where it was unpacked already."""
        self.meter = meter
        self.given = given
        self.state = state or meter.state
        self.stream = Stream(meter.organisation_id, meter.meter_id)

    def hand_over(self, day: date, corrected: EventItem | None, without: set[str]) -> HandOver:
        """The meter as a reading of a day finds it (`rules.handover.hand_over`)."""
        accepted = corrected if corrected and corrected.status == "accepted" else None
        easy = accepted is None and self._is_after_all(day)
        given = HandOver(self.state, Around()) if easy else self.stream.hand_over(day, accepted)
        waiting = tuple(each for each in self.waiting(day) if each.reading_id not in without)
        if accepted and accepted.day == day:
            return HandOver(given.state, replace(given.around, waiting=waiting))
        same, last = given.around.same_day, self.state.actual
        if same:
            same = replace(same, own=same.own and last is not None and last.event_id == same.reading_id)
        same = same or next(iter(waiting), None)
        around = replace(given.around, same_day=same, waiting=waiting, installed=self.state.installed)
        return HandOver(given.state, around)

    def _is_after_all(self, day: date) -> bool:
        return self.meter.last_day is None or day.isoformat() > self.meter.last_day

    def waiting(self, day: date) -> list[Known]:
        """The held readings of a day."""
        waiting = self.meter.waiting or []
        if int(self.meter.held) > len(waiting):
            return [item.known() for item in self.stream.find_aside(day, "held")]
        return [
            Known(reading_id, day, numbers(values), "held", own=bool(own and own[0]))
            for reading_id, on, values, *own in waiting
            if on == day.isoformat()
        ]

    def held_on(self, day: date) -> list[EventItem]:
        """The same as `waiting`, as they are kept."""
        return self.stream.find_aside(day, "held") if self.waiting(day) else []

    def corrected(self, reading: Reading) -> EventItem | None:
        """The reading that another one says it corrects. Raises `unknown_reading` where that does not stand."""
        if not reading.supersedes:
            return None
        found = self.find(reading.supersedes, reading.day)
        if found is None or found.kind not in READINGS or found.status not in ("accepted", "held"):
            raise DomainError("unknown_reading")
        return found

    def find(self, reading_id: str, near: date | None = None) -> EventItem | None:
        """A reading that counts or waits. The last one, one of a day and one that waits are found by key, others by looking back."""
        actual = self.state.actual
        if actual and actual.event_id == reading_id:
            return self.stream.find_on(actual.day, reading_id)
        found = self.stream.find_on(near, reading_id) if near else None
        if found:
            return found
        pointer = find_reading(self.meter.organisation_id, reading_id)
        if pointer:
            return self.stream.get(pointer.at) if pointer.meter_id == self.meter.meter_id else None
        latest = islice(self.stream.backward(end_of(date.max)), _LOOK_BACK)
        return next((item for item in latest if item.event_id == reading_id), None)

    def standing(self, reading_id: str, day: date, corrected: EventItem | None) -> EventItem | None:
        """The reading that goes when another takes its place."""
        if not reading_id:
            return None
        if corrected and corrected.event_id == reading_id:
            return corrected
        held = next((item for item in self.held_on(day) if item.event_id == reading_id), None)
        return held or self.stream.find_on(day, reading_id)

    def device_on(self, day: date) -> Device | None:
        """The counter that hung there at the end of a day; None: none yet."""
        return self.hand_over(day, None, set()).state.device

    def since_of(self, item: EventItem) -> date | None:
        """The day of the actual value before a reading."""
        if item.before:
            return date.fromisoformat(item.before[1])
        return last_actual(self.stream.state_before(item.sk)[0])


def last_actual(state: State) -> date | None:
    """The day of the last actual value."""
    return state.actual.day if state.actual else None
