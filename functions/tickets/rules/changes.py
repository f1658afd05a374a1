"""What a change to a ticket has to satisfy, whatever its status."""

from datetime import datetime, timedelta
from typing import Final, cast

from shared.errors import DomainError, FieldProblem
from tickets.rules.categories import find_problem
from tickets.rules.vocabulary import TicketType
from tickets.schemas import TicketSettings

FARTHEST: Final = timedelta(days=5 * 366)
"""No deadline is farther away: what is left of it is counted day by day."""


def check_category(settings: TicketSettings, category: str, ticket_type: str) -> None:
    """Raises `unknown_category` for what is no problem of the tree, or not one of this type."""
    problem = find_problem(settings, category)
    if problem is None or not problem.is_for(cast("TicketType", ticket_type)):
        raise DomainError("unknown_category", problems=(FieldProblem("category", "unknown_category"),))


def checked_due(due: datetime | None, now: datetime) -> datetime | None:
    """A deadline that staff set. One in the past is allowed: the ticket is overdue then.

    Raises `invalid_body` for one without time zone, and for one farther away than FARTHEST.
    """
    if due is None:
        return None
    if due.tzinfo is None:
        raise DomainError("invalid_body", problems=(FieldProblem("due_at", "timezone_aware"),))
    if abs(due - now) > FARTHEST:
        latest = {"lt": (now + FARTHEST).isoformat()}
        raise DomainError("invalid_body", problems=(FieldProblem("due_at", "less_than", latest),))
    return due


def word(value: object) -> str:
    """A field's value as an entry tells it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
