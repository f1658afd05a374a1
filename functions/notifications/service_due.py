"""What the clock does for notices that wait: says each again in the second in which its time has come.

A run looks a little ahead and hands over second by second, because the seconds were given out by the channels' limits: all of a minute
at once would be more than they take. Pointers lie in a few partitions by time, over all organisations; each is taken away in the
transaction that says its notice again.
"""

import time
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from notifications import store, store_due
from notifications.store_due import DueItem
from shared import clock, rounds
from shared.errors import Conflict
from shared.events.notifications import NotificationQueued
from shared.tables import UnitOfWork

PAGE: Final = 50
AHEAD: Final = timedelta(seconds=50)
"""How far a run looks ahead; the next one begins a minute after it."""


def run_due() -> dict[str, int]:
    """Say everything again that is due; how much. Raises RoundFailedError at the end where one failed."""
    this, until, failed = rounds.Round("notices due", "said"), clock.now() + AHEAD, set[str]()
    while clock.now() <= until and (found := _next(until, failed)):
        for due in found:
            _pause(due)
            failed.add(due.sk)
            # Where a run that took longer is still at it, it may have been there first.
            with this.part(notice_id=due.notice_id), suppress(Conflict):
                rounds.do(store.VARIABLE, due.organisation_id, _say, due)
                this.counts["said"] += 1
                failed.discard(due.sk)
    return this.end()


def _next(until: datetime, failed: set[str]) -> list[DueItem]:
    """The next ones of all shards in the order of time. Those that failed stay at the beginning of theirs, for the next run."""
    shards = (store_due.due_until(shard, until, PAGE + len(failed)) for shard in range(store_due.SHARDS))
    found = [due for shard in shards for due in shard if due.sk not in failed]
    return sorted(found, key=lambda due: due.at)[:PAGE]


def _pause(due: DueItem) -> None:
    time.sleep(max((datetime.fromisoformat(due.at) - clock.now()).total_seconds(), 0))


def _say(uow: UnitOfWork, due: DueItem) -> None:
    store_due.forget_due(uow, due)
    uow.emit(NotificationQueued(person_id=due.person_id, notice_id=due.notice_id))
