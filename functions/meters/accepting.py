"""A meter in a unit of work: how a reading is judged against what the table holds, and what its acceptance writes.

Every channel goes this way. Reads are bounded: a reading later than everything needs the head alone, another one a stretch of the
stream that does not grow with it. Nothing is staged before `finish`, so that a check costs no write and several readings of
one meter see each other.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Any, Final

from ulid import ULID

from meters import replaying
from meters.codec import encode
from meters.findings import as_documents, merged
from meters.readings import Circumstances, Outcome, Reading, of_another_counter
from meters.rules.checks import judge
from meters.rules.counters import format_value
from meters.rules.handover import CHECKPOINT_EVERY, HandOver
from meters.rules.stream import READINGS, EventKind, State, StreamError, present, step
from meters.rules.submissions import Around, Judgement, Known
from meters.rules.vocabulary import Claim, Device, Status
from meters.store import MOST_WAITING, MeterItem, stage_meter
from meters.store_events import ASIDE, EVENT, EventItem, end_of, find_reading, numbers, sort_key
from meters.store_stream import Stream
from shared import attachments, clock
from shared.errors import Conflict, DomainError
from shared.events.meters import AcceptedReading, ReadingHeld, ReadingsAccepted
from shared.ids import new_id
from shared.tables import UnitOfWork

_LOOK_BACK: Final = 1000
"""Events among which a reading to correct is looked for."""


class Acceptance:
    """One meter, as long as a unit of work goes on. Its head, its state and its stream are those after all that was taken."""

    def __init__(self, meter: MeterItem, given: Circumstances, state: State | None = None) -> None:
        """`state` is the head's, where it was unpacked already."""
        self.meter = meter
        self.given = given
        self.state = state or meter.state
        self.stream = Stream(meter.organisation_id, meter.meter_id)
        self.accepted: list[AcceptedReading] = []
        self.held: list[ReadingHeld] = []
        self._dirty = False

    @property
    def size(self) -> int:
        """How many operations `finish` and `say` stage for this meter, the one list event of all meters aside."""
        return self.stream.size + len(self.held) + int(self._dirty)

    # -------------------------------------------------------------- judging
    def judge(self, reading: Reading) -> Outcome:
        """What would become of a reading. Raises `unknown_reading` where it corrects one that does not stand."""
        judgement, state = self._judge(reading, self._corrected(reading))
        known = judgement.duplicate_of or None
        return Outcome(judgement.status, judgement, reading.day, _since(state), known, repeated=bool(known))

    def take(self, reading: Reading) -> Outcome:
        """Judge a reading and keep what is accepted or held; what is rejected or asked back leaves no trace.

        Raises `unknown_reading`, and Conflict `too_far_back` or `stream_refused`.
        """
        corrected = self._corrected(reading)
        judgement, state = self._judge(reading, corrected)
        if judgement.duplicate_of:
            self._add_photo(judgement.duplicate_of, reading)
            return Outcome(
                judgement.status, judgement, reading.day, _since(state), judgement.duplicate_of, repeated=True
            )
        if judgement.status not in ("accepted", "held"):
            return Outcome(judgement.status, judgement, reading.day, _since(state))
        item = self._item(reading, judgement, state)
        gone = self._standing(judgement.supersedes, reading.day, corrected)
        self._displace(item, reading, {gone.event_id} if gone else set())
        if judgement.status == "held":
            self._hold(item, gone, state)
        else:
            self._count(item, gone)
            self._told(item)
        return Outcome(judgement.status, judgement, reading.day, _since(state), item.event_id, item)

    def _judge(self, reading: Reading, corrected: EventItem | None) -> tuple[Judgement, State]:
        wrong = of_another_counter(reading)
        if wrong:
            return wrong, self.state
        given = self._hand_over(reading.day, corrected, without={reading.supersedes})
        submission = reading.submission()
        if corrected and corrected.status == "held":
            # It does not count, so it takes nothing out of the stream: what counts on the day does.
            submission = replace(submission, supersedes="")
        return judge(given.state, submission, self.given.on(reading.day, given.around)), given.state

    def _hand_over(self, day: date, corrected: EventItem | None, without: set[str]) -> HandOver:
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

    # -------------------------------------------------------------- finding
    def _corrected(self, reading: Reading) -> EventItem | None:
        """The reading that another one says it corrects."""
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

    def _standing(self, reading_id: str, day: date, corrected: EventItem | None) -> EventItem | None:
        """The reading that goes when another takes its place."""
        if not reading_id:
            return None
        if corrected and corrected.event_id == reading_id:
            return corrected
        held = next((item for item in self._held_on(day) if item.event_id == reading_id), None)
        return held or self.stream.find_on(day, reading_id)

    def _held_on(self, day: date) -> list[EventItem]:
        return self.stream.find_aside(day, "held") if self.waiting(day) else []

    # -------------------------------------------------------------- keeping
    def record(self, kind: EventKind, day: date, **fields: Any) -> EventItem:
        """Let something else than a reading count: installed, estimated, replaced, verified, sealed, removed.

        `fields` are those of EventItem. Raises Conflict `stream_refused` where a counter cannot have gone through it, `too_far_back`.
        """
        item = self._blank(new_id("evt"), day, kind=kind, **fields)
        self._count(item, None)
        return item

    def accept_held(self, item: EventItem, claim: Claim | None, decision: dict[str, Any]) -> Outcome:
        """Let a held reading count: judged again at its place, as staff confirm it. The outcome says where that cannot be."""
        given_claim = claim or item.claim
        reading = Reading(
            item.day, tuple(item.texts or item.values), "staff", confirmed=True, photo=tuple(item.photo or ()),
            claim=given_claim, claimed=tuple(item.claimed or ()) if given_claim == item.claim else (),  # type: ignore[arg-type]
        )  # fmt: skip
        gone = self.find(item.supersedes, item.day) if item.supersedes else None
        gone = gone if gone and gone.status == "accepted" else None
        submission = replace(reading.submission(), supersedes=gone.event_id if gone else "")
        given = self._hand_over(item.day, gone, without={item.event_id})
        if given_claim == "replaced" and claim is None and _is_on_new_counter(item, given.state):
            submission = replace(submission, claim=None, claimed=())
        # Others that wait are decided on one by one.
        same = given.around.same_day
        around = replace(given.around, same_day=same if same and same.status == "accepted" else None, waiting=())
        judgement = judge(given.state, submission, self.given.on(item.day, around))
        if judgement.status != "accepted" or judgement.duplicate_of:
            status: Status = "held" if judgement.duplicate_of else judgement.status
            return Outcome(status, judgement, item.day, _since(given.state))
        gone = self._standing(judgement.supersedes, item.day, gone)
        self._forget_waiting(item.event_id)
        counted = self.stream.count(item, self._place(item.day))
        counted.kind, counted.decision = judgement.kind, decision
        counted.texts = counted.before = None
        _describe(counted, judgement, given.state)
        counted.findings = merged(item.findings, judgement.findings) or None
        counted.supersedes = gone.event_id if gone else None
        self._count(counted, gone)
        self._told(counted)
        return Outcome("accepted", judgement, item.day, _since(given.state), counted.event_id, counted)

    def reject_held(self, item: EventItem, decision: dict[str, Any]) -> None:
        """Refuse a held reading; what stands stays."""
        self._forget_waiting(item.event_id)
        item.decision = decision
        refused = self.meter.refused
        if not refused or item.event_id > refused[0]:
            self.meter.refused = [item.event_id, item.day.isoformat(), item.values, decision.get("reason", "")]
        self.stream.reject(item)

    def _blank(self, event_id: str, day: date, **fields: Any) -> EventItem:
        return EventItem(
            pk=self.meter.pk,
            sk=sort_key(EVENT, day, self._place(day), event_id),
            event_id=event_id,
            recorded_at=clock.stamp(clock.now()),
            **fields,
        )

    def _item(self, reading: Reading, judgement: Judgement, state: State) -> EventItem:
        item = self._blank(
            new_id("rdg"),
            reading.day,
            kind=judgement.kind,
            channel=reading.channel,
            actor=reading.actor,
            photo=list(reading.photo) or None,
            claim=reading.claim,
            claimed=list(reading.claimed) or None,
            supersedes=judgement.supersedes or reading.supersedes or None,
        )
        item.texts = list(reading.texts) if judgement.status == "held" else None
        _describe(item, judgement, state)
        return item

    def _place(self, day: date) -> str:
        """Behind everything of the day."""
        place = str(ULID())
        last = self.meter.last_place if self.meter.last_day == day.isoformat() else None
        return f"{last}0" if last and last >= place else place

    def _hold(self, item: EventItem, gone: EventItem | None, state: State) -> None:
        if gone and gone.status == "held":
            self._supersede_held(gone, item)
        item.sk, item.status, item.before = f"{ASIDE}{item.position}", "held", _before(state)
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
                reading_id=item.event_id,
                meter_id=self.meter.meter_id,
                unit_id=self.meter.unit_id,
                community_id=self.meter.community_id,
                day=item.day,
                codes=item.codes or [],
                channel=item.channel or "staff",
                photo=attachments.object_keys(item.photo or ()),
            )
        )

    def _add_photo(self, reading_id: str, reading: Reading) -> None:
        """Put a photograph that was sent afterwards to the reading that waits without one; said again, so that the photograph is kept."""
        item = next((each for each in self._held_on(reading.day) if each.event_id == reading_id), None)
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
        found = [each for each in self._held_on(reading.day) if each.event_id in going]
        if reading.supersedes in going - {each.event_id for each in found}:
            corrected = self.find(reading.supersedes)
            found += [corrected] if corrected and corrected.status == "held" else []
        for each in found:
            self._supersede_held(each, item)

    def _forget_waiting(self, reading_id: str) -> None:
        kept = [each for each in self.meter.waiting or [] if each[0] != reading_id]
        self.meter.waiting, self.meter.held = kept or None, int(self.meter.held) - 1
        self._dirty = True

    def _supersede_held(self, gone: EventItem, item: EventItem) -> None:
        self._forget_waiting(gone.event_id)
        gone.superseded_by = item.event_id
        self.stream.set_aside(gone, "superseded")

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

    def _forget_refused(self, item: EventItem) -> None:
        """A reading of the same day or later takes the place of one that was refused."""
        if self.meter.refused and item.day.isoformat() >= self.meter.refused[1]:
            self.meter.refused = None
            self._dirty = True

    def _told(self, item: EventItem) -> None:
        self._forget_refused(item)
        self.accepted.append(
            AcceptedReading(
                reading_id=item.event_id,
                meter_id=self.meter.meter_id,
                unit_id=self.meter.unit_id,
                community_id=self.meter.community_id,
                day=item.day,
                codes=item.codes or [],
                channel=item.channel or "staff",
                supersedes=item.supersedes,
                photo=attachments.object_keys(item.photo or ()),
            )
        )

    def device_on(self, day: date) -> Device | None:
        """The counter that hung there at the end of a day; None: none yet."""
        return self._hand_over(day, None, set()).state.device

    def since_of(self, item: EventItem) -> date | None:
        """The day of the actual value before a reading."""
        if item.before:
            return date.fromisoformat(item.before[1])
        return _since(self.stream.state_before(item.sk)[0])

    def touch(self) -> None:
        """Let `finish` write the head though nothing was taken: something else of it has changed."""
        self._dirty = True

    def finish(self, uow: UnitOfWork) -> None:
        """Stage what has changed: the events, and the head once."""
        self.stream.stage(uow)
        if self._dirty:
            stage_meter(uow, self.meter, self.state)


def say(uow: UnitOfWork, acceptances: Iterable[Acceptance]) -> None:
    """Say what was accepted, in one event for all meters, and what waits."""
    acceptances = list(acceptances)
    accepted = [reading for each in acceptances for reading in each.accepted]
    if accepted:
        uow.emit(ReadingsAccepted(readings=accepted))
    for event in (event for each in acceptances for event in each.held):
        uow.emit(event)


def _describe(item: EventItem, judgement: Judgement, state: State) -> None:
    """What the judgement says, in the item."""
    device, _ = present(state)
    item.values = [format_value(value, device) for value in judgement.values or ()]
    item.rolled = list(judgement.rolled) or None
    item.codes = list(judgement.codes) or None
    item.findings = as_documents(judgement.findings) or None
    item.uses = None if judgement.uses is None else list(judgement.uses)


def _is_on_new_counter(item: EventItem, state: State) -> bool:
    """Whether another counter was recorded since a reading was judged."""
    return bool(item.before and state.device_since and state.device_since.isoformat() > item.before[1])


def _before(state: State) -> list[Any]:
    device, last = present(state)
    return [last.event_id, last.day.isoformat(), [format_value(value, device) for value in last.values]]


def _since(state: State) -> date | None:
    return state.actual.day if state.actual else None
