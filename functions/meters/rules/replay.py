"""Judging anew what was accepted after a change in the past: a correction, a late reading, a replacement told late."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from meters.rules.checks import judge
from meters.rules.counters import format_value
from meters.rules.stream import READINGS, Event, State, present, step
from meters.rules.submissions import Around, Judgement, Situation, Submission
from meters.rules.vocabulary import Code

_OF_ITS_DAY: Final[frozenset[Code]] = frozenset({"WINDOW", "DUPLICATE"})
"""Said of how a reading came in, not of the counter: nothing in the past changes it."""
SituationOf = Callable[[Event], Situation]
"""What a stored reading is judged by again: thresholds, occupation; its neighbours come from the stream itself."""


@dataclass(frozen=True, slots=True)
class Rejudged:
    """A reading with what is to be said of it now."""

    event: Event
    judgement: Judgement

    @property
    def is_fallen(self) -> bool:
        """Whether it can stand no longer, as the counter would have gone backwards: staff have to look at it again.

        Nor does it become a rollover by itself, however much it now looks like one.
        """
        rolls_anew = not set(self.judgement.rolled) <= set(self.event.rolled)
        return self.judgement.status != "accepted" or rolls_anew

    @property
    def is_changed(self) -> bool:
        """Whether something else is to be said of it than when it was accepted."""
        now, then = set(self.judgement.codes) - _OF_ITS_DAY, set(self.event.codes) - _OF_ITS_DAY
        return self.is_fallen or now != then


@dataclass(frozen=True, slots=True)
class Replay:
    """The state after all that stands, the events that stand (with their codes of now) and every reading judged anew."""

    state: State
    events: tuple[Event, ...]
    readings: tuple[Rejudged, ...]


def replay(state: State, events: Iterable[Event], situation_of: SituationOf) -> Replay:
    """Go through effective events, in their order, after a state; each reading is judged as if it came in only now.

    What was accepted was confirmed by somebody, so only a reading that the counter cannot have shown falls. Raises StreamError where the
    closing values of a counter contradict what stands.
    """
    standing: list[Event] = []
    readings: list[Rejudged] = []
    for event in events:
        going = event
        if event.kind in READINGS:
            judgement = judge(state, _again(state, event), _alone(event, situation_of(event)))
            readings.append(Rejudged(event, judgement))
            if readings[-1].is_fallen:
                continue
            kept = tuple(code for code in event.codes if code in _OF_ITS_DAY)
            going = replace(event, codes=(*kept, *judgement.codes))
        state = step(state, going)[0]
        standing.append(going)
    return Replay(state, tuple(standing), tuple(readings))


def _again(state: State, event: Event) -> Submission:
    device, _ = present(state)
    return Submission(
        day=event.day,
        texts=tuple(format_value(value, device) for value in event.values),
        channel="staff",
        confirmed=True,
        claim="rolled_over" if event.rolled else None,
        claimed=event.rolled,
    )


def _alone(event: Event, situation: Situation) -> Situation:
    return replace(situation, today=event.day, window=None, around=Around())
