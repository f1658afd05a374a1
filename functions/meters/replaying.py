"""What a change in a meter's past does to what was recorded after it: the rules' replay over the table, stretch by stretch.

It ends as soon as a kept state comes out as it was: from there on nothing can be different. A late reading changes the next one's use, some
medians and month ends, and mostly no more.
"""

from typing import TYPE_CHECKING, Final

from meters.codec import decode, encode
from meters.findings import as_documents, merged
from meters.rules.handover import CHECKPOINT_EVERY
from meters.rules.replay import Rejudged, replay
from meters.rules.stream import Event, Interval, State, step
from meters.store_events import EVENT, LAST, EventItem
from meters.store_stream import Stream
from shared.errors import Conflict

if TYPE_CHECKING:
    from meters.keeping import Keeping

MOST_WRITES: Final = 90
"""Of one meter in one unit of work: what changes more of the past cannot be put right in one step."""
_OF_ITS_DAY: Final = frozenset({"WINDOW", "DUPLICATE"})


def replay_from(taking: "Keeping", item: EventItem, gone: EventItem | None) -> None:
    """Let an event count in its place, let one that it supersedes (None: none) count no longer, and judge anew what follows.

    Readings that the counter cannot have shown any more wait for staff. Raises StreamError, Conflict `too_far_back`.
    """
    stream, meter = taking.stream, taking.meter
    start = min(item.sk, gone.sk) if gone else item.sk
    last_change = max(item.sk, gone.sk) if gone else item.sk
    state, since = stream.state_before(start)
    if gone:
        gone.superseded_by = item.event_id
        stream.set_aside(gone, "superseded")
        meter.events = int(meter.events) - 1
    stream.put(item)
    meter.events = int(meter.events) + 1
    run: list[EventItem] = []
    for each in stream.forward(start):
        run.append(each)
        if not each.packed and since + len(run) < CHECKPOINT_EVERY:
            continue
        kept = decode(each.packed) if each.packed else None
        state, since = _Run(taking, state, since).go(run, checkpoint=True)
        _check_size(stream)
        if kept == state and each.sk > last_change:
            return
        run = []
    taking.state, since = _Run(taking, state, since).go(run, checkpoint=False)
    meter.since_checkpoint = since
    _check_size(stream)
    last = next(stream.backward(f"{EVENT}{LAST}"))
    meter.last_day, meter.last_place = last.day.isoformat(), last.place


def _check_size(stream: Stream) -> None:
    if stream.size > MOST_WRITES:
        raise Conflict("too_far_back")


class _Run:
    """A stretch of events that end with a kept state, or with the stream."""

    def __init__(self, taking: "Keeping", state: State, since: int) -> None:
        self.taking = taking
        self.state = state
        self.since = since

    def go(self, items: list[EventItem], *, checkpoint: bool) -> tuple[State, int]:
        """The state after them, and how many events count since the last kept one."""
        done = replay(self.state, [item.event() for item in items], lambda event: self.taking.given.on(event.day))
        standing = {event.event_id: event for event in done.events}
        judged = {each.event.event_id: each for each in done.readings}
        last: EventItem | None = None
        for item in items:
            event = standing.get(item.event_id)
            if event is None:
                self._fall(item, judged[item.event_id])
                continue
            self.state, interval = step(self.state, event)
            self.since += 1
            self._renew(item, event, interval, judged.get(item.event_id))
            last = item
        if checkpoint and last:
            self._keep(last)
        return self.state, self.since

    def _keep(self, item: EventItem) -> None:
        packed, self.since = encode(self.state), 0
        if item.packed != packed:
            item.packed = packed
            self.taking.stream.put(item)

    def _renew(self, item: EventItem, event: Event, interval: Interval | None, judged: Rejudged | None) -> None:
        """What is to be said of an event now, where that has changed."""
        uses = list(interval.uses) if interval else None
        codes = list(event.codes)
        if item.uses == uses and codes == (item.codes or []):
            return
        if judged and set(codes) != set(item.codes or ()):
            kept = [found for found in item.findings or () if item.decision or found["code"] in _OF_ITS_DAY]
            item.findings = merged(kept, judged.judgement.findings) or None
        item.uses, item.codes = uses, codes or None
        self.taking.stream.put(item)

    def _fall(self, item: EventItem, judged: Rejudged) -> None:
        """A reading that the counter cannot have shown any more waits for staff; until then it does not count."""
        item.codes = list(judged.judgement.codes) or None
        item.findings = as_documents(judged.judgement.findings) or None
        item.uses, item.texts = None, list(item.values or ())
        self.taking.meter.events = int(self.taking.meter.events) - 1
        self.taking.note_held(self.taking.stream.set_aside(item, "held"))
