"""What a change to a ticket has to satisfy, whatever its status."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final, cast

from shared.errors import DomainError, FieldProblem
from tickets.rules.categories import find_problem
from tickets.rules.vocabulary import TicketType
from tickets.schemas_desk import TicketSettings

FARTHEST: Final = timedelta(days=5 * 366)
"""No deadline and no work is farther away: what is left of a deadline is counted day by day, and the year 1026 is a typing error."""

WISHED_AHEAD: Final = timedelta(days=366)


def check_category(settings: TicketSettings, category: str, ticket_type: str) -> None:
    """Raises `unknown_category` for what is no problem of the tree, or not one of this type."""
    problem = find_problem(settings, category)
    if problem is None or not problem.is_for(cast("TicketType", ticket_type)):
        raise DomainError("unknown_category", problems=(FieldProblem("category", "unknown_category"),))


def checked_instant(field: str, instant: datetime | None, now: datetime) -> datetime | None:
    """An instant that staff set, such as a deadline. One in the past is allowed: the ticket is overdue then.

    Raises `invalid_body` for one without time zone, and for one farther away than FARTHEST on either side.
    """
    if instant is None:
        return None
    if instant.tzinfo is None:
        raise DomainError("invalid_body", problems=(FieldProblem(field, "timezone_aware"),))
    if instant - now > FARTHEST:
        latest = {"lt": (now + FARTHEST).isoformat()}
        raise DomainError("invalid_body", problems=(FieldProblem(field, "less_than", latest),))
    if now - instant > FARTHEST:
        earliest = {"gt": (now - FARTHEST).isoformat()}
        raise DomainError("invalid_body", problems=(FieldProblem(field, "greater_than", earliest),))
    return instant


def check_wished_days(days: Sequence[date], today: date) -> None:
    """Raises `invalid_body` for a day on which nobody can come any more, or none will plan yet."""
    last = today + WISHED_AHEAD
    problems = tuple(
        FieldProblem(f"wished_times.{at}.day", "greater_than_equal", {"ge": today.isoformat()})
        if day < today
        else FieldProblem(f"wished_times.{at}.day", "less_than_equal", {"le": last.isoformat()})
        for at, day in enumerate(days)
        if not today <= day <= last
    )
    if problems:
        raise DomainError("invalid_body", problems=problems)


def word(value: object) -> str:
    """A field's value as an entry tells it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
