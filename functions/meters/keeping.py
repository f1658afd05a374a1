"""What changes of a meter in a unit of work: events that count, readings that wait, what goes for them, and what is said of it.

Nothing is staged before `finish`, so that a check costs no write and several readings of one meter see each other.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from ulid import ULID

from meters import replaying
from meters.codec import encode
from meters.readings import Circumstances, Reading
from meters.rules.handover import CHECKPOINT_EVERY
from meters.rules.stream import EventKind, State, StreamError, step
from meters.standing import Standing
from meters.store import MOST_WAITING, MeterItem, stage_meter
from meters.store_events import ASIDE, EVENT, EventItem, sort_key
from shared import attachments, clock
from shared.errors import Conflict
from shared.events.meters import AcceptedReading, ReadingHeld, ReadingsAccepted, VerificationsChanged, VerifiedMeter
from shared.ids import new_id
from shared.tables import UnitOfWork


class Keeping(Standing):
    """One meter whose stream is changed, as long as a unit of work goes on."""

    def __init__(self, meter: MeterItem, given: Circumstances, state: State | None = None) -> None:
        super().__init__(meter, given, state)
        self.accepted: list[AcceptedReading] = []
        self.held: list[ReadingHeld] = []
        self._dirty = False
        self._verified = self._verification()

    @property
    def size(self) -> int:
        """How many operations `finish` and `say` stage for this meter, the one list event of all meters aside."""
        return self.stream.size + len(self.held) + int(self._dirty)

    def record(self, kind: EventKind, day: date, **fields: Any) -> EventItem:
        """Let something else than a reading count: installed, estimated, replaced, verified, sealed, removed.

        `fields` are those of EventItem. Raises Conflict `stream_refused` where a counter cannot have gone through it, `too_far_back`.
        """
        item = self._blank(new_id("evt"), day, kind=kind, **fields)
        self._count(item, None)
        return item

    def _blank(self, event_id: str, day: date, **fields: Any) -> EventItem:
        return EventItem(
            pk=self.meter.pk,
            sk=sort_key(EVENT, day, self._place(day), event_id),
            event_id=event_id,
            recorded_at=clock.stamp(clock.now()),
            **fields,
        )

    def _place(self, day: date) -> str:
        """Behind everything of the day."""
        place = str(ULID())
        last = self.meter.last_place if self.meter.last_day == day.isoformat() else None
        return f"{last}0" if last and last >= place else place

    # -------------------------------------------------------------- until when it is verified
    def verification(self) -> VerifiedMeter | None:
        """What is to be said of the meter's verification; None where it is what it was."""
        verified = self._verification()
        if verified == self._verified:
            return None
        until = verified[1] if verified else None
        return VerifiedMeter(meter_id=self.meter.meter_id, number=self.meter.number, verified_until=until)

    def _verification(self) -> tuple[str, date] | None:
        """The number under which it is verified, and until when; None where it need not be, or hangs no more."""
        until = None if self.state.removed else self.state.verified_until
        return (self.meter.number, until) if until else None

    # -------------------------------------------------------------- what counts
    def _count(self, item: EventItem, gone: EventItem | None) -> None:
        """Let an event count in its place, and one that it supersedes no longer."""
        self._dirty = True
        if gone and gone.status == "held":
            self._supersede_held(gone, item)
            gone = None
        if gone and gone.day == item.day:
            item.sk = sort_key(EVENT, item.day, gone.place, item.event_id)
            self.stream.follow(item)
        try:
            if gone or not self._is_last(item):
                replaying.replay_from(self, item, gone)
            else:
                self._append(item)
        except StreamError as error:
            raise Conflict("stream_refused") from error

    def _is_last(self, item: EventItem) -> bool:
        return (item.day.isoformat(), item.place) > (self.meter.last_day or "", self.meter.last_place or "")

    def _append(self, item: EventItem) -> None:
        self.state, interval = step(self.state, item.event())
        item.uses = list(interval.uses) if interval else None
        meter = self.meter
        meter.events, meter.since_checkpoint = int(meter.events) + 1, int(meter.since_checkpoint) + 1
        if meter.since_checkpoint >= CHECKPOINT_EVERY:
            item.packed, meter.since_checkpoint = encode(self.state), 0
        meter.last_day, meter.last_place = item.day.isoformat(), item.place
        self.stream.put(item)

    def about(self, item: EventItem) -> dict[str, Any]:
        """What every event says of a reading of this meter."""
        return {
            "reading_id": item.event_id,
            "meter_id": self.meter.meter_id,
            "unit_id": self.meter.unit_id,
            "community_id": self.meter.community_id,
            "day": item.day,
            "codes": item.codes or [],
        }

    def _told(self, item: EventItem) -> None:
        self._forget_refused(item)
        self.accepted.append(
            AcceptedReading(
                **self.about(item),
                channel=item.channel or "staff",
                supersedes=item.supersedes,
                photo=attachments.object_keys(item.photo or ()),
            )
        )

    def _forget_refused(self, item: EventItem) -> None:
        """A reading of the same day or later takes the place of one that was refused."""
        if self.meter.refused and item.day.isoformat() >= self.meter.refused[1]:
            self.meter.refused = None
            self._dirty = True

    # -------------------------------------------------------------- what waits
    def _hold(self, item: EventItem, gone: EventItem | None, before: list[Any]) -> None:
        """Let a reading wait. `before`: the actual value that it was judged against, `[reading_id, day, values]`."""
        if gone and gone.status == "held":
            self._supersede_held(gone, item)
        item.sk, item.status, item.before = f"{ASIDE}{item.position}", "held", before
        self.stream.wait(item)
        self._forget_refused(item)
        self.note_held(item)

    def note_held(self, item: EventItem) -> None:
        """Note with the head, and say, that a reading waits."""
        own = item.channel == "portal" and not item.decision
        waiting = [[item.event_id, item.day.isoformat(), item.values, own], *(self.meter.waiting or [])]
        self.meter.waiting, self.meter.held = waiting[:MOST_WAITING], int(self.meter.held) + 1
        self._dirty = True
        self._tell_held(item)

    def _tell_held(self, item: EventItem) -> None:
        self.held.append(
            ReadingHeld(
                **self.about(item),
                channel=item.channel or "staff",
                photo=attachments.object_keys(item.photo or ()),
            )
        )

    def _add_photo(self, reading_id: str, reading: Reading) -> None:
        """Put a photograph that was sent afterwards to the reading that waits without one; said again, so that the photograph is kept."""
        item = next((each for each in self.held_on(reading.day) if each.event_id == reading_id), None)
        if item is None or item.photo or not reading.photo:
            return
        item.photo = list(reading.photo)
        self.stream.put(item)
        self._dirty = True  # the head's version guards the stream
        self._tell_held(item)

    def _displace(self, item: EventItem, reading: Reading, known: set[str]) -> None:
        """A household's reading takes the place of what it has waiting for the day; a corrected one that waits goes from any day."""
        own = {each.reading_id for each in self.waiting(reading.day) if reading.channel == "portal" and each.own}
        going = (own | {reading.supersedes}) - known - {""}
        found = [each for each in self.held_on(reading.day) if each.event_id in going]
        if reading.supersedes in going - {each.event_id for each in found}:
            corrected = self.find(reading.supersedes)
            found += [corrected] if corrected and corrected.status == "held" else []
        for each in found:
            self._supersede_held(each, item)

    def _supersede_held(self, gone: EventItem, item: EventItem) -> None:
        self._forget_waiting(gone.event_id)
        gone.superseded_by = item.event_id
        self.stream.set_aside(gone, "superseded")

    def _forget_waiting(self, reading_id: str) -> None:
        kept = [each for each in self.meter.waiting or [] if each[0] != reading_id]
        self.meter.waiting, self.meter.held = kept or None, int(self.meter.held) - 1
        self._dirty = True

    # -------------------------------------------------------------- the end
    def touch(self) -> None:
        """Let `finish` write the head though nothing was taken: something else of it has changed."""
        self._dirty = True

    def finish(self, uow: UnitOfWork) -> None:
        """Stage what has changed: the events, and the head once."""
        self.stream.stage(uow)
        if self._dirty:
            stage_meter(uow, self.meter, self.state)


def say(uow: UnitOfWork, changed: Iterable[Keeping]) -> None:
    """Say what was accepted and until when meters are verified now, each in one event for all meters, and what waits."""
    changed = list(changed)
    verified = [known for known in (each.verification() for each in changed) if known]
    if verified:
        uow.emit(VerificationsChanged(meters=verified))
    accepted = [reading for each in changed for reading in each.accepted]
    if accepted:
        uow.emit(ReadingsAccepted(readings=accepted))
    for event in (event for each in changed for event in each.held):
        uow.emit(event)
