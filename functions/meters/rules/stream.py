"""A meter as a stream of events, and its state: all that a check needs, of a size that does not grow with the stream.

The place of an event is its day and, within the day, its `place` (an id that grows with recording). A reading of a day is the counter at
the end of that day. A correction never edits: it is another reading that supersedes the first, and on the same day it takes its place.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from meters.rules.days import month_ends
from meters.rules.vocabulary import Code, Device

EventKind = Literal["installed", "read", "rolled_over", "estimated", "replaced", "verified", "sealed", "removed"]
READINGS: Final[frozenset[EventKind]] = frozenset({"read", "rolled_over"})
RECENT: Final = 6
"""How many of the latest intervals between two actual readings are kept: the median is taken of the last 3 to 6."""
MARKS: Final = 27
"""How many month ends are kept: a reading may be more than a year after its predecessor and still find its season."""


class StreamError(ValueError):
    """Events that no counter can have gone through: `decrease`, `order`, `device`, `registers`, `removed`."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a meter, in force from `day` on.

    `values` are counter values in the smallest unit, one for each register: the reading, the estimate, the opening of what is installed or
    put in; `closing` is what the removed or replaced counter showed last. `rolled` are the registers (from 0) that went past their end
    since the reading before. `codes` are those of the findings that the reading was accepted with.
    """

    event_id: str
    kind: EventKind
    day: date
    place: str
    values: tuple[int, ...] = ()
    closing: tuple[int, ...] = ()
    rolled: tuple[int, ...] = ()
    device: Device | None = None
    verified_until: date | None = None
    seal: str = ""
    supersedes: str = ""
    codes: tuple[Code, ...] = ()

    @property
    def key(self) -> tuple[date, str]:
        """Where in the stream it stands."""
        return self.day, self.place


@dataclass(frozen=True, slots=True)
class Point:
    """A counter's values on a day and the use since installation (or since the number of registers changed), register by register."""

    day: date
    values: tuple[int, ...]
    totals: tuple[int, ...]
    event_id: str
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Interval:
    """The use of each register after `start` up to and including `end`, between two actual readings."""

    start: date
    end: date
    uses: tuple[int, ...]

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    def until(self, day: date) -> tuple[int, ...]:
        """What of the use falls on the days up to one, spread evenly, cut to whole billionths: parts add up to the whole."""
        if day >= self.end:
            return self.uses
        if day <= self.start:
            return (0,) * len(self.uses)
        return tuple(use * (day - self.start).days // self.days for use in self.uses)


@dataclass(frozen=True, slots=True)
class Mark:
    """The totals of a day; kept for month ends, so that the same season a year ago can be told."""

    day: date
    totals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class State:
    """What a meter's stream has come to. `actual` is the last accepted real reading (or opening), the baseline of every check;
    `estimate` the last estimate after it, which binds nothing.
    """

    device: Device | None = None
    installed: date | None = None
    device_since: date | None = None
    removed: date | None = None
    verified_until: date | None = None
    seal: str = ""
    actual: Point | None = None
    estimate: Point | None = None
    recent: tuple[Interval, ...] = ()
    marks: tuple[Mark, ...] = ()


EMPTY: Final = State()


def effective(events: Iterable[Event]) -> list[Event]:
    """The events that count, in their order: without the readings that others supersede."""
    events = list(events)
    gone = {event.supersedes for event in events if event.supersedes}
    return sorted((event for event in events if event.event_id not in gone), key=lambda event: event.key)


def fold(state: State, events: Iterable[Event]) -> State:
    """The state after further events, given in their order. Raises StreamError."""
    for event in events:
        state = step(state, event)[0]
    return state


def step(state: State, event: Event) -> tuple[State, Interval | None]:
    """The state after one event, and the interval that it closes with an actual reading. Raises StreamError."""
    if event.kind == "installed":
        return _install(event), None
    if event.kind == "verified":
        return replace(state, verified_until=event.verified_until), None
    if event.kind == "sealed":
        return replace(state, seal=event.seal), None
    if state.removed:
        raise StreamError("removed")
    return _count(state, event)


def _count(state: State, event: Event) -> tuple[State, Interval | None]:
    if event.kind == "estimated":
        return replace(state, estimate=_estimated(state, event)), None
    if event.kind == "removed":
        closed, interval = _advance(state, event, event.closing) if event.closing else (state, None)
        return replace(closed, removed=event.day), interval
    closed, interval = _advance(state, event, event.closing if event.kind == "replaced" else event.values)
    return (_put_in(closed, event) if event.kind == "replaced" else closed), interval


def advance(value: int, before: int, span: int, *, rolled: bool) -> int:
    """How far a register has gone, in its smallest unit.

    A rollover counts only where the counter shows less than before: with a reading put in between, the register may have gone past its
    end already there. Raises StreamError.
    """
    if value >= before:
        return value - before
    if not rolled:
        raise StreamError("decrease")
    return value - before + span


def _install(event: Event) -> State:
    device = _device(event)
    zeros = (0,) * device.registers
    return State(
        device=device,
        installed=event.day,
        device_since=event.day,
        verified_until=event.verified_until,
        seal=event.seal,
        actual=Point(event.day, event.values, zeros, event.event_id),
        marks=(Mark(event.day, zeros),),
    )


def _put_in(state: State, event: Event) -> State:
    """The new counter takes over: its opening values stand for the closing values of the old one."""
    device = _device(event)
    totals = present(state)[1].totals
    state = replace(state, device=device, device_since=event.day, verified_until=event.verified_until, seal=event.seal)
    if len(totals) != device.registers:
        # What one register counted says nothing about what each of two will: expectations begin anew.
        totals = (0,) * device.registers
        state = replace(state, recent=(), marks=(Mark(event.day, totals),))
    return replace(state, actual=Point(event.day, event.values, totals, event.event_id), estimate=None)


def _advance(state: State, event: Event, values: tuple[int, ...]) -> tuple[State, Interval]:
    device, last = present(state)
    if event.day < last.day:
        raise StreamError("order")
    if len(values) != device.registers:
        raise StreamError("registers")
    uses = tuple(
        device.use(advance(value, before, device.range, rolled=register in event.rolled))
        for register, (value, before) in enumerate(zip(values, last.values, strict=True))
    )
    interval = Interval(last.day, event.day, uses)
    totals = _plus(last.totals, uses)
    kept = tuple(mark for mark in state.marks if mark.day < event.day)
    if len(kept) < len(state.marks):  # two readings on the day of a mark: the later one says what the day came to
        kept = (*kept, Mark(event.day, totals))
    marks = tuple(Mark(end, _plus(last.totals, interval.until(end))) for end in month_ends(last.day, event.day, MARKS))
    return replace(
        state,
        actual=Point(event.day, values, totals, event.event_id, event.codes),
        estimate=None,
        # Two readings of one day say nothing about a day's use.
        recent=(*state.recent, interval)[-RECENT:] if interval.days else state.recent,
        marks=(*kept, *marks)[-MARKS:],
    ), interval


def _estimated(state: State, event: Event) -> Point | None:
    """An estimate from the last actual reading; one that an actual reading put in before it has overtaken is void."""
    device, last = present(state)
    if len(event.values) != device.registers:
        raise StreamError("registers")
    counts = [(value - before) % device.range for value, before in zip(event.values, last.values, strict=True)]
    if any(count > device.range // 2 for count in counts):
        return state.estimate
    totals = _plus(last.totals, tuple(device.use(count) for count in counts))
    return Point(event.day, event.values, totals, event.event_id)


def present(state: State) -> tuple[Device, Point]:
    """The counter that hangs there and its last actual values. Raises StreamError where nothing was installed yet."""
    if state.device is None or state.actual is None:
        raise StreamError("device")
    return state.device, state.actual


def _device(event: Event) -> Device:
    if event.device is None:
        raise StreamError("device")
    if len(event.values) != event.device.registers:
        raise StreamError("registers")
    return event.device


def _plus(totals: tuple[int, ...], uses: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(total + use for total, use in zip(totals, uses, strict=True))
