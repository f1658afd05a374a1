"""Which statuses are open, which have ended, and what people outside the staff see of them."""

from typing import Final

from tickets.rules.vocabulary import PublicStatus, Status

OPEN: Final[tuple[Status, ...]] = ("new", "accepted", "in_progress", "waiting_for_tenant", "waiting_for_supplier")
SHUT: Final[tuple[Status, ...]] = ("done", "closed", "declined")
_PUBLIC: Final[dict[str, PublicStatus]] = {
    "new": "not_reviewed",
    **dict.fromkeys(OPEN[1:], "in_progress"),
    **dict.fromkeys(SHUT, "reviewed"),
}


def is_open(status: str) -> bool:
    return status in OPEN


def public_status(status: str) -> PublicStatus:
    """The status as everybody but the staff sees it."""
    return _PUBLIC[status]


def inner_statuses(wanted: str, *, staff: bool) -> tuple[Status, ...]:
    """The inner statuses that a filter means: `open`, `shut`, `all`, a public status, or for staff an inner one.

    `in_progress` is a status and a public one; staff who ask for it mean the inner one.
    """
    if wanted == "all":
        return OPEN + SHUT
    if wanted in ("open", "shut"):
        return OPEN if wanted == "open" else SHUT
    exact = tuple(status for status in OPEN + SHUT if staff and status == wanted)
    return exact or tuple(status for status in OPEN + SHUT if _PUBLIC[status] == wanted)
