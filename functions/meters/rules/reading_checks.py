"""The checks that look at the day of a reading and the form of its values, before anything is compared."""

from collections.abc import Iterator

from meters.rules.counters import FormatError, format_value, parse_value
from meters.rules.days import Window
from meters.rules.stream import State
from meters.rules.submissions import Known, Situation, Submission, finding
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


def check_duplicate(
    device: Device, values: tuple[int, ...], submission: Submission, same_day: Known | None
) -> Finding | None:
    """DUPLICATE: the same day again. Other values than before may be a correction: the reader is asked, an import waits for staff."""
    if same_day is None:
        return None
    params: Params = {
        "reading_id": same_day.reading_id,
        "values": tuple(format_value(value, device) for value in same_day.values),
    }
    if same_day.values == values:
        return finding(submission, "DUPLICATE", params=params)
    if submission.supersedes == same_day.reading_id or same_day.status != "accepted":
        return None
    other: Severity = "warn" if submission.channel in INTERACTIVE else "hold"
    return finding(submission, "DUPLICATE", params=params, severity=other)


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
