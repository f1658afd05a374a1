"""Who may see a ticket, and what of it. People outside the staff see no inner status, no internal entry, no person's id."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from tickets.rules.statuses import OPEN, SHUT, public_status
from tickets.rules.vocabulary import PublicStatus, Status

_STATUSES = frozenset(OPEN + SHUT)
_FOR_STAFF = frozenset({"assigned", "supplier_assigned", "due_changed", "escalated"})
"""What the house does within itself. Deadlines show as `due_at`."""
_PUBLIC_VALUES = frozenset({"category_changed", "type_changed", "emergency_changed", "rated"})
"""Kinds whose `previous` and `now` say nothing about persons or other tickets."""


class Reader(Protocol):
    """A signed-in person."""

    @property
    def person_id(self) -> str: ...

    @property
    def is_staff(self) -> bool: ...


class Seen(Protocol):
    """The part of a timeline entry that its visibility depends on."""

    kind: str
    internal: bool
    text: str
    previous: str | None
    now: str | None


@dataclass(frozen=True)
class Change:
    """What a reader sees of an entry's values."""

    previous: str | None
    now: str | None


def may_see(reader: Reader, *, reporter_id: str, holds_contract: bool, shared_in_household: bool) -> bool:
    """Staff; the reporter; and, where the organisation shares, whoever holds a part in the ticket's contract today."""
    return reader.is_staff or reader.person_id == reporter_id or (holds_contract and shared_in_household)


def shown_status(status: Status, *, staff: bool) -> Status | PublicStatus:
    return status if staff else public_status(status)


def shown_change(entry: Seen, *, staff: bool) -> Change | None:
    """What a reader sees of an entry, or None where it is not for him.

    A change of status shows to others as far as its public status changes; a word that came with it shows in any case.
    """
    if staff:
        return Change(entry.previous, entry.now)
    if entry.internal or entry.kind in _FOR_STAFF:
        return None
    if entry.kind in _PUBLIC_VALUES:
        return Change(entry.previous, entry.now)
    previous, now = _public(entry.previous), _public(entry.now)
    if entry.kind == "status_changed" and previous == now:
        return Change(None, None) if entry.text else None
    return Change(previous, now)


def _public(value: str | None) -> str | None:
    return public_status(value) if value in _STATUSES else None


def result_of(outcome: str | None, entries: Iterable[Seen]) -> str:
    """What was done, or why not: the word with which the ticket came to its present end; nothing while it is open."""
    result = ""
    for entry in entries if outcome else ():
        if entry.now in OPEN:
            result = ""  # opened again: what was said before has nothing to do with how it ends now
        elif entry.now in SHUT and entry.text and not entry.internal and entry.kind != "rated":
            result = entry.text
    return result


def question_of(status: str, entries: Iterable[Seen]) -> str:
    """With which words the ticket came to wait for its tenant; nothing while it does not."""
    asked = [entry.text for entry in entries if entry.now == status == "waiting_for_tenant"]
    return asked[-1] if asked else ""
