"""A ticket's deadline: set from its category, stopped while the house waits for the tenant, put back with what was left."""

from datetime import datetime, timedelta
from typing import cast

from shared import access, clock
from shared.holidays import read_holidays
from tickets.rules import deadlines
from tickets.rules.categories import deadline_of
from tickets.schemas_desk import TicketSettings
from tickets.store import TicketItem

FALLBACK: deadlines.Unit = "hours"
"""How a deadline runs that staff set for a ticket which had none."""


def working_time(settings: TicketSettings, organisation_id: str) -> deadlines.WorkingTime:
    """When the organisation works: its own days and hours, its time zone, its country's holidays."""
    profile, own = access.organisation(organisation_id), settings.working_time
    holidays = read_holidays(profile.public_holidays)
    return deadlines.WorkingTime(frozenset(own.days), own.from_hour, own.to_hour, profile.time_zone, holidays)


def start(ticket: TicketItem, settings: TicketSettings, now: datetime) -> None:
    """Give a ticket the deadline of its category, or the emergency's, running from now.

    While the ticket waits for its tenant the clock does not run: all of the deadline is then left for later.
    """
    rule = deadline_of(settings, ticket.category, emergency=ticket.emergency)
    time = working_time(settings, ticket.organisation_id)
    due = deadlines.due_after(now, rule.amount, rule.unit, time)
    ticket.deadline_unit = rule.unit
    set_due(ticket, settings, due, now)


def set_due(ticket: TicketItem, settings: TicketSettings, due: datetime | None, now: datetime) -> None:
    """Set the deadline itself; none takes it away."""
    ticket.deadline_unit = ticket.deadline_unit or FALLBACK
    ticket.due_at, ticket.remaining = (clock.stamp(due) if due else None), None
    if ticket.status == "waiting_for_tenant":
        stop(ticket, settings, now)


def stop(ticket: TicketItem, settings: TicketSettings, now: datetime) -> None:
    """Stop the clock, keeping what is left. A deadline that has passed leaves nothing."""
    if ticket.due_at is None:
        return
    time = working_time(settings, ticket.organisation_id)
    due = datetime.fromisoformat(ticket.due_at)
    ticket.remaining = deadlines.time_left(now, due, _unit(ticket), time).total_seconds()
    if ticket.escalated_for != ticket.due_at:
        ticket.escalated_for = None  # said of another deadline
    ticket.due_at = None


def go_on(ticket: TicketItem, settings: TicketSettings, now: datetime) -> None:
    """Let a stopped clock run again with what was left. What was overdue before is overdue at once, and not said a second time."""
    if ticket.remaining is None:
        return
    left = timedelta(seconds=float(ticket.remaining))
    time = working_time(settings, ticket.organisation_id)
    ticket.due_at, ticket.remaining = clock.stamp(deadlines.put_back(now, left, _unit(ticket), time)), None
    if not left and ticket.escalated_for:
        ticket.escalated_for = ticket.due_at


def clear(ticket: TicketItem) -> None:
    """A ticket that has ended is due no more."""
    ticket.due_at = ticket.remaining = None


def _unit(ticket: TicketItem) -> deadlines.Unit:
    return cast("deadlines.Unit", ticket.deadline_unit or FALLBACK)
