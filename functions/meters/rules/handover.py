"""How a store hands a meter over to the checks, so that they never see a list that grows.

`hand_over` says what has to be handed over, worked out from the whole stream; a store answers the same from its checkpoints.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from meters.rules.stream import EMPTY, READINGS, Event, State, fold
from meters.rules.submissions import Around, Known

CHECKPOINT_EVERY: Final = 16
"""At most so many events are folded onto a stored state to get another: the bound that keeps a check's cost constant."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """A meter as a reading of some day finds it: its state before that reading, and the reading's neighbours."""

    state: State
    around: Around


class MeterSource(Protocol):
    """What a store has to offer. All of it is by key and bounded, but for `since`.

    The order is that of the events' keys; superseded readings are nowhere in it. A store keeps the state after each event, or after one of
    `CHECKPOINT_EVERY`, beside the event; a change drops the states after it.
    """

    def hand_over(self, meter_id: str, day: date, without: str = "") -> HandOver:
        """The meter for a reading of this day; `without` is the reading that it corrects. Raises KeyError: no such meter."""
        ...

    def state(self, meter_id: str) -> State:
        """The state after everything."""
        ...

    def since(self, meter_id: str, day: date, place: str = "") -> tuple[State, Sequence[Event]]:
        """The state before a place and the events from there on: what a correction has to replay, and no more."""
        ...


def hand_over(events: Sequence[Event], day: date, *, held: Iterable[Known] = (), without: str = "") -> HandOver:
    """What a store has to answer, from all effective events in their order.

    `held` are readings that wait for a decision. A reading of a day comes after everything else of that day, so on the day of a replacement
    it is one of the new counter; only a correction keeps the place of what it corrects.
    """
    corrected = next((event for event in events if event.event_id == without and event.day == day), None)
    standing = [event for event in events if event.event_id != without]
    waiting = tuple(known for known in held if known.day == day and known.reading_id != without)
    if corrected:
        before = [event for event in standing if event.key < corrected.key]
        return HandOver(fold(EMPTY, before), Around(waiting=waiting, after=_next(standing[len(before) :])))
    until = [event for event in standing if event.day <= day]
    same = _same_day(until, day)
    before = until[: until.index(same)] if same else until
    return HandOver(
        state=fold(EMPTY, before),
        around=Around(
            same_day=_known(same) if same else next(iter(waiting), None),
            waiting=waiting,
            after=_next(standing[len(until) :]),
            installed=next((event.day for event in events if event.kind == "installed"), None),
        ),
    )


def _same_day(until: list[Event], day: date) -> Event | None:
    """The reading of a day on the counter that hung there when it ended."""
    for event in reversed(until):
        if event.day < day or event.kind in ("installed", "replaced"):
            return None
        if event.kind in READINGS:
            return event
    return None


def _next(later: Iterable[Event]) -> Known | None:
    for event in later:
        if event.kind in READINGS:
            return _known(event)
        if event.kind in ("replaced", "removed"):
            return Known(event.event_id, event.day, event.closing, "accepted", event.rolled) if event.closing else None
    return None


def _known(event: Event) -> Known:
    return Known(event.event_id, event.day, event.values, "accepted", event.rolled)
