"""The pipeline that judges a reading: every check of the table, and what follows from its findings.

A pure function of the meter's state before the reading's day, the submission and its situation; nothing it reads grows with the history.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from meters.rules.counters import use_text
from meters.rules.estimates import true_up
from meters.rules.reading_checks import (
    check_day,
    check_duplicate,
    check_registers,
    duplicate_params,
    read_values,
    repeated,
)
from meters.rules.stream import State
from meters.rules.submissions import Judgement, Known, Situation, Submission, finding
from meters.rules.suggestions import meant, mended, swapped_registers
from meters.rules.use_checks import Gauge
from meters.rules.vocabulary import INTERACTIVE, SEVERITIES, Claim, Code, Finding, Severity, Status

_DOUBTED: Final[frozenset[Code]] = frozenset({"DECREASE", "HIGH", "PHYSICAL", "LOW"})
"""What a slip of the fingers may be behind. A zero is no slip: it is the value that stood there before."""


def judge(state: State, submission: Submission, situation: Situation) -> Judgement:
    """Judge a reading against the meter's state before the reading's day (without the reading that it supersedes).

    Raises ValueError where the state is of a later day.
    """
    if state.actual and state.actual.day > submission.day:
        raise ValueError("state")
    if state.device is None:
        return _refused(check_day(state, submission, situation))
    wrong = list(check_registers(state.device, submission))
    values, faults = ((), []) if wrong else read_values(state.device, submission)
    known = tuple(value for value in values if value is not None)
    whole = not wrong and not faults
    stands = repeated(known, submission, situation.around) if whole else None
    if stands:
        told = finding(submission, "DUPLICATE", params=duplicate_params(state.device, stands))
        return Judgement(stands.status, (told,), known, duplicate_of=stands.reading_id)
    findings = [*check_day(state, submission, situation), *wrong, *_mended(state, faults, submission, situation)]
    if _worst(findings) == "reject":
        return _refused(findings)
    findings += check_duplicate(state.device, submission, situation.around.same_day)
    return _judge_uses(state, known, findings, submission, situation)


def _judge_uses(
    state: State, values: tuple[int, ...], findings: list[Finding], submission: Submission, situation: Situation
) -> Judgement:
    gauges = [Gauge(state, register, submission, situation) for register in range(len(values))]
    claims = _claims(gauges, values, submission)
    raised = [list(gauge.check(value, claim)) for gauge, value, claim in zip(gauges, values, claims, strict=True)]
    rolled = tuple(
        gauge.register for gauge, value, claim in zip(gauges, values, claims, strict=True) if gauge.rolls(value, claim)
    )
    findings += _with_suggestions(gauges, values, raised, submission)
    decreased = any(found.code == "DECREASE" for found in findings)
    if not decreased:
        findings += _trued_up(state, values, rolled, submission)
    return Judgement(
        status=_decide(findings, submission, situation),
        findings=tuple(findings),
        values=values,
        uses=None if decreased else tuple(gauge.use(value) for gauge, value in zip(gauges, values, strict=True)),
        rolled=() if decreased else rolled,
        supersedes=submission.supersedes or _displaced(submission, situation.around.same_day),
    )


def _claims(gauges: Sequence[Gauge], values: tuple[int, ...], submission: Submission) -> list[Claim | None]:
    """What is claimed of each register; where none is named, of those that show less. If none does, a replacement is one of all."""
    lower = {gauge.register for gauge, value in zip(gauges, values, strict=True) if value < gauge.before}
    meant_here = lower if lower and not submission.claimed else range(len(values))
    return [submission.claim_of(register) if register in meant_here else None for register in range(len(values))]


def _displaced(submission: Submission, same_day: Known | None) -> str:
    """The reading of the day that goes. One that waits goes for whoever entered it and for staff: no import decides on it."""
    if same_day is None:
        return ""
    channel = submission.channel
    goes = same_day.status == "accepted" or channel == "staff" or (channel == "portal" and same_day.own)
    return same_day.reading_id if goes else ""


def _decide(findings: Sequence[Finding], submission: Submission, situation: Situation) -> Status:
    """From the worst finding to the reading's status.

    Who sits in front of it is asked first, whatever is doubted: most doubts are slips. What staff confirm stands, but a counter
    cannot go backwards on anybody's word.
    """
    worst = _worst(findings)
    if worst == "reject":
        return "rejected"
    interactive = submission.channel in INTERACTIVE
    if worst in ("warn", "hold") and interactive and not submission.confirmed:
        return "submitted"
    if worst == "hold":
        backwards = any(found.code == "DECREASE" for found in findings)
        return "held" if backwards or submission.channel != "staff" else "accepted"
    unseen = situation.limits.photo_on_confirmation and not submission.has_photo
    return "held" if worst == "warn" and submission.channel == "portal" and unseen else "accepted"


def _refused(findings: Sequence[Finding] | Iterator[Finding]) -> Judgement:
    return Judgement("rejected", tuple(findings))


def _worst(findings: Sequence[Finding]) -> Severity:
    return max((found.severity for found in findings), key=SEVERITIES.index, default="info")


def _mended(state: State, faults: list[Finding], submission: Submission, situation: Situation) -> Iterator[Finding]:
    """FORMAT, with the value that was probably meant."""
    for fault in faults:
        register = fault.register or 0
        offered = mended(Gauge(state, register, submission, situation), submission.texts[register])
        yield finding(submission, "FORMAT", register, fault.params, suggestion=offered)


def _with_suggestions(
    gauges: Sequence[Gauge], values: tuple[int, ...], raised: list[list[Finding]], submission: Submission
) -> Iterator[Finding]:
    """The findings of the registers, and what else was probably meant: TRANSPOSED, or another slip beside the doubt itself."""
    doubted = [register for register, found in enumerate(raised) if _is_doubted(found)]
    swapped = swapped_registers(gauges, values, doubted)
    if swapped:
        yield finding(submission, "TRANSPOSED", params={"values": swapped.values}, suggestion=swapped)
    for register, found in enumerate(raised):
        if swapped or register not in doubted:
            yield from found
            continue
        transposed, slip = meant(gauges[register], values[register])
        for one in found:
            # The first doubt carries the offer: the same twice would be two buttons.
            offered, slip = (slip, None) if one.code in _DOUBTED else (one.suggestion, slip)
            yield finding(submission, one.code, register, one.params, severity=one.severity, suggestion=offered)
        if transposed:
            params = {"value": transposed.values[register]}
            yield finding(submission, "TRANSPOSED", register, params, suggestion=transposed)


def _is_doubted(found: Sequence[Finding]) -> bool:
    """Whether a slip is looked for: not for what is only told, nor where the register went past its end."""
    doubts = {one.code for one in found if one.severity != "info"}
    return not doubts.isdisjoint(_DOUBTED) and all(one.code != "ROLLOVER" for one in found)


def _trued_up(
    state: State, values: tuple[int, ...], rolled: tuple[int, ...], submission: Submission
) -> Iterator[Finding]:
    """DEEMED_TRUEUP: the reading before was an estimate, which ends with this one; down to the last actual value it may be lower."""
    trued = true_up(state, submission.day, values, rolled)
    if trued is None:
        return
    for register, correction in enumerate(trued.correction):
        params = {
            "estimated_day": trued.estimated_day.isoformat(),
            "estimated": use_text(trued.estimated[register]),
            "actual": use_text(trued.actual[register]),
            "correction": use_text(correction),
        }
        yield finding(submission, "DEEMED_TRUEUP", register, params)
