"""The checks that look at the day of a reading and the form of its values, before anything is compared."""

from collections.abc import Iterator

from meters.rules.counters import FormatError, format_value, parse_value
from meters.rules.days import Window
from meters.rules.stream import State
from meters.rules.submissions import Around, Known, Situation, Submission, finding
from meters.rules.vocabulary import INTERACTIVE, Device, Finding, Params, Severity


def check_day(state: State, submission: Submission, situation: Situation) -> Iterator[Finding]:
    """FUTURE, BEFORE_INSTALL, ARCHIVED, VERIFICATION_EXPIRED, WINDOW."""
    day = submission.day
    if day > situation.today:
        yield finding(submission, "FUTURE", params={"today": situation.today.isoformat()})
    if state.installed is None or day < state.installed:
        installed = state.installed or situation.around.installed
        params = {"installed": installed.isoformat()} if installed else {}
        yield finding(submission, "BEFORE_INSTALL", params=params)
    if state.removed and day > state.removed:
        yield finding(submission, "ARCHIVED", params={"removed": state.removed.isoformat()})
    yield from _expired(state, submission, situation)
    if situation.window and not situation.window.has(day):
        yield _outside(situation.window, submission, situation)


def check_registers(device: Device, submission: Submission) -> Iterator[Finding]:
    """REGISTERS: exactly one value for each register."""
    if len(submission.texts) != device.registers:
        params = {"expected": str(device.registers), "given": str(len(submission.texts))}
        yield finding(submission, "REGISTERS", params=params)


def read_values(device: Device, submission: Submission) -> tuple[tuple[int | None, ...], list[Finding]]:
    """The values as integers, None where a text is none; and FORMAT for these."""
    values: list[int | None] = []
    faults: list[Finding] = []
    for register, text in enumerate(submission.texts):
        try:
            values.append(parse_value(text, device))
        except FormatError as error:
            values.append(None)
            params = {"fault": error.fault, "digits": str(device.digits), "decimals": str(device.decimals)}
            faults.append(finding(submission, "FORMAT", register, params))
    return tuple(values), faults


def repeated(values: tuple[int, ...], submission: Submission, around: Around) -> Known | None:
    """The reading of the day that says the same: one that counts, or one that waits, whatever counts beside it."""
    same_day = around.same_day
    standing = (same_day,) if same_day and not _moves_onto(submission, same_day) else ()
    return next((known for known in (*standing, *around.waiting) if known.values == values), None)


def check_duplicate(device: Device, submission: Submission, same_day: Known | None) -> Iterator[Finding]:
    """DUPLICATE: other values on a day that has a reading.

    Whoever may correct is asked; a household may put right what is its own, of everything else, and of what an import says, staff decide,
    also beside a reading that waits. A correction that was moved to a day with another reading would leave two: refused.
    """
    if same_day is None:
        return
    severity: Severity = "warn"
    if _moves_onto(submission, same_day):
        severity = "reject"
    elif submission.channel not in INTERACTIVE:
        severity = "hold"
    elif same_day.status != "accepted":
        return
    elif submission.channel == "portal" and not same_day.own:
        severity = "hold"
    yield finding(submission, "DUPLICATE", params=duplicate_params(device, same_day), severity=severity)


def duplicate_params(device: Device, known: Known) -> Params:
    """Which reading stands for the day, and what it says."""
    return {"reading_id": known.reading_id, "values": tuple(format_value(value, device) for value in known.values)}


def _moves_onto(submission: Submission, same_day: Known) -> bool:
    """Whether a reading corrects another one than the one that counts on its day."""
    return same_day.status == "accepted" and submission.supersedes not in ("", same_day.reading_id)


def _expired(state: State, submission: Submission, situation: Situation) -> Iterator[Finding]:
    until = state.verified_until
    if until is None or submission.day <= until:
        return
    by_policy = situation.limits.verification_expired if submission.channel == "portal" else None
    yield finding(submission, "VERIFICATION_EXPIRED", params={"until": until.isoformat()}, severity=by_policy)


def _outside(window: Window, submission: Submission, situation: Situation) -> Finding:
    first, last = window.next(submission.day)
    by_policy = situation.limits.outside_window if submission.channel == "portal" else None
    params = {"next_first": first.isoformat(), "next_last": last.isoformat()}
    return finding(submission, "WINDOW", params=params, severity=by_policy)
