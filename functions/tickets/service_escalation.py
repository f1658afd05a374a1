"""What the clock does to tickets: says that a deadline has passed, and closes what has been done for long.

Pointers to what comes next lie in a few partitions by time, over all organisations; each is taken away in the transaction that does
what it stands for. So running twice, or after an outage of days, does everything once.
"""

import time
from datetime import datetime
from typing import Final

from shared import clock, rounds
from shared.errors import NotFound
from shared.events.tickets import TicketOverdue
from shared.tables import UnitOfWork
from tickets import store, store_desk
from tickets.service_steps import Act, step

PAGE: Final = 25
MOST: Final = 2000
"""Pointers of one run, which stays a good deal below the function's time; the next run goes on."""
SECONDS: Final = 40.0
_VARIABLE: Final = "TICKETS_TABLE"


class _Run(rounds.Round):
    """What one run has done so far, and when it ends."""

    def __init__(self) -> None:
        super().__init__("escalations", "escalated", "closed", "stale")
        self.until, self._stops = clock.now(), time.monotonic() + SECONDS

    @property
    def is_over(self) -> bool:
        return sum(self.counts.values()) >= MOST or time.monotonic() > self._stops


def run_escalations() -> dict[str, int]:
    """Do everything that is due by now; how much of what. Raises RoundFailedError at the end where a ticket failed."""
    this = _Run()
    for shard in _shards(this.until):
        _walk(this, shard)
    return this.end()


def _shards(now: datetime) -> list[int]:
    """All of them, each time beginning with another: a run that is stopped by its bounds must not always starve the same."""
    first = int(now.timestamp() // 60) % store.SHARDS
    return [(first + number) % store.SHARDS for number in range(store.SHARDS)]


def _walk(this: _Run, shard: int) -> None:
    failed: set[str] = set()
    while not this.is_over:
        # Those that failed stand at the beginning for ever; the others have gone.
        found = [due for due in store.due_until(shard, this.until, PAGE + len(failed)) if due.sk not in failed]
        if not found:
            return
        for due in found:
            if this.is_over:
                return
            failed.add(due.sk)
            with this.part(ticket_id=due.ticket_id):
                done = rounds.do(_VARIABLE, due.organisation_id, _act, due, this.until)
                this.counts[done] += 1
                failed.discard(due.sk)


def _act(uow: UnitOfWork, due: store.Due, now: datetime) -> str:
    try:
        ticket = store.find_ticket(due.organisation_id, due.ticket_id)
    except NotFound:
        ticket = None
    if ticket is None or ticket.clock_key != due.sk:
        store.forget_due(uow, due)
        return "stale"
    if due.kind == store.CLOSE:
        settings = store_desk.settings_of(due.organisation_id)
        step(uow, ticket, "closed", Act("system", "expiry", store.SYSTEM), settings)
        store.stage_ticket(uow, ticket)
        return "closed"
    _escalate(uow, ticket, now)
    return "escalated"


def _escalate(uow: UnitOfWork, ticket: store.TicketItem, now: datetime) -> None:
    ticket.escalated_at, ticket.escalated_for = clock.stamp(now), ticket.due_at
    store.stage_entry(uow, ticket, "escalated", store.SYSTEM, internal=True, previous=ticket.due_at)
    store.stage_ticket(uow, ticket)
    uow.emit(
        TicketOverdue(
            ticket_id=ticket.ticket_id,
            due_at=datetime.fromisoformat(str(ticket.due_at)),
            assignee_id=ticket.assignee_id,
        )
    )
