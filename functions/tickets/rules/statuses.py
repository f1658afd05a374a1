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


def inner_statuses(wanted: str) -> tuple[Status, ...]:
    """The inner statuses that a filter means: an inner or a public status, `open`, `shut` or `all`."""
    if wanted == "all":
        return OPEN + SHUT
    if wanted in ("open", "shut"):
        return OPEN if wanted == "open" else SHUT
    exact = tuple(status for status in OPEN + SHUT if status == wanted)
    # `in_progress` is a status and a public one; who asks for it as staff means the inner one.
    return exact or tuple(status for status in OPEN + SHUT if _PUBLIC[status] == wanted)
