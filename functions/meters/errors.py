"""Codes of the meters context. What the checks say of a reading are findings, with codes of their own (docs/meters.md)."""

from typing import Final

CODES: Final[dict[str, str]] = {
    "ambiguous_import": "The file holds neither rows of readings nor of meters, or its columns are not those documented.",
    "decision_made": "The reading waits for no decision any more.",
    "decision_refused": "The counter cannot have shown this (findings[] says why): record its replacement, or that it went past its end.",
    "invalid_device": "Opening or closing values do not fit the counter's registers and digits.",
    "invalid_period": "The period is empty, ends before it begins, or is longer than five years.",
    "invalid_thresholds": "The thresholds contradict themselves or name what there is not.",
    "meter_removed": "The meter was removed.",
    "number_taken": "Another meter has this number.",
    "reading_questioned": "The reading is unusual; findings[] says why. Sent again with `confirmed` it is taken.",
    "reading_rejected": "The reading cannot be right; findings[] says why.",
    "reason_required": "A rejected reading needs a reason.",
    "stream_refused": "What is recorded of the meter already contradicts this: a counter cannot go backwards.",
    "too_far_back": "Too much was recorded since that day to be put right in one step.",
    "unit_or_community": "A meter hangs in a unit or in the common parts of a community: one of the two is to be named.",
    "unknown_meter": "No such meter.",
    "unknown_parent": "No such house meter of the same medium in the community.",
    "unknown_policy": "No such estimation policy.",
    "unknown_reading": "The meter has no such reading that stands.",
    "unknown_unit": "No such unit.",
    "wrong_time": "A row names neither a day nor a time, or both.",
}
