"""A reading's way: judged against what the table holds, and then kept or not. Every channel goes this way."""

from dataclasses import replace
from typing import Any

from meters.findings import as_documents, merged
from meters.keeping import Keeping
from meters.readings import Outcome, Reading, of_another_counter
from meters.rules.checks import judge
from meters.rules.counters import format_value
from meters.rules.stream import State, present
from meters.rules.submissions import Judgement
from meters.rules.vocabulary import Claim, Status
from meters.standing import last_actual
from meters.store_events import EventItem
from shared.ids import new_id


class Acceptance(Keeping):
    """One meter that readings are taken onto; they see each other."""

    def judge(self, reading: Reading) -> Outcome:
        """What would become of a reading. Raises `unknown_reading` where it corrects one that does not stand."""
        judgement, state = self._judge(reading, self.corrected(reading))
        known = judgement.duplicate_of or None
        return Outcome(judgement.status, judgement, reading.day, last_actual(state), known, repeated=bool(known))

    def take(self, reading: Reading) -> Outcome:
        """Judge a reading and keep what is accepted or held; what is rejected or asked back leaves no trace.

        Raises `unknown_reading`, and Conflict `too_far_back` or `stream_refused`.
        """
        corrected = self.corrected(reading)
        judgement, state = self._judge(reading, corrected)
        if judgement.duplicate_of:
            self._add_photo(judgement.duplicate_of, reading)
            return Outcome(
                judgement.status, judgement, reading.day, last_actual(state), judgement.duplicate_of, repeated=True
            )
        if judgement.status not in ("accepted", "held"):
            return Outcome(judgement.status, judgement, reading.day, last_actual(state))
        item = self._item(reading, judgement, state)
        gone = self.standing(judgement.supersedes, reading.day, corrected)
        self._displace(item, reading, {gone.event_id} if gone else set())
        if judgement.status == "held":
            self._hold(item, gone, _before(state))
        else:
            self._count(item, gone)
            self._told(item)
        return Outcome(judgement.status, judgement, reading.day, last_actual(state), item.event_id, item)

    def _judge(self, reading: Reading, corrected: EventItem | None) -> tuple[Judgement, State]:
        wrong = of_another_counter(reading)
        if wrong:
            return wrong, self.state
        given = self.hand_over(reading.day, corrected, without={reading.supersedes})
        submission = reading.submission()
        if corrected and corrected.status == "held":
            # It does not count, so it takes nothing out of the stream: what counts on the day does.
            submission = replace(submission, supersedes="")
        return judge(given.state, submission, self.given.on(reading.day, given.around)), given.state

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
        given = self.hand_over(item.day, gone, without={item.event_id})
        if given_claim == "replaced" and claim is None and _is_on_new_counter(item, given.state):
            submission = replace(submission, claim=None, claimed=())
        # Others that wait are decided on one by one.
        same = given.around.same_day
        around = replace(given.around, same_day=same if same and same.status == "accepted" else None, waiting=())
        judgement = judge(given.state, submission, self.given.on(item.day, around))
        if judgement.status != "accepted" or judgement.duplicate_of:
            status: Status = "held" if judgement.duplicate_of else judgement.status
            return Outcome(status, judgement, item.day, last_actual(given.state))
        gone = self.standing(judgement.supersedes, item.day, gone)
        self._forget_waiting(item.event_id)
        counted = self.stream.count(item, self._place(item.day))
        counted.kind, counted.decision = judgement.kind, decision
        counted.texts = counted.before = None
        _describe(counted, judgement, given.state)
        counted.findings = merged(item.findings, judgement.findings) or None
        counted.supersedes = gone.event_id if gone else None
        self._count(counted, gone)
        self._told(counted)
        return Outcome("accepted", judgement, item.day, last_actual(given.state), counted.event_id, counted)

    def reject_held(self, item: EventItem, decision: dict[str, Any]) -> None:
        """Refuse a held reading; what stands stays."""
        self._forget_waiting(item.event_id)
        item.decision = decision
        refused = self.meter.refused
        if not refused or item.event_id > refused[0]:
            self.meter.refused = [item.event_id, item.day.isoformat(), item.values, decision.get("reason", "")]
        self.stream.reject(item)

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
