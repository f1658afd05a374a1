"""Which ticket may go from which status to which, by whom, and what has to be said with it: one table."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from tickets.rules.statuses import OPEN, SHUT, is_open
from tickets.rules.vocabulary import Outcome, Status, Wanted

Actor = Literal["reporter", "staff", "system"]
Step = Literal["change", "reopening", "withdrawal", "answer", "merger", "incident", "expiry"]
"""The act by which it goes: what staff set (`change`), the reporter's answer that was waited for, an incident that is over, ..."""
Need = Literal["result", "reason", "question"]


@dataclass(frozen=True)
class Way:
    """One way of getting from a status to another."""

    actor: Actor
    step: Step
    needs: Need | None = None
    outcome: Outcome | None = None
    """How the ticket ends by it; None: it does not end by it, or had ended before."""


Table = dict[tuple[Status, Status], tuple[Way, ...]]


def _from_open(status: Status) -> Table:
    """From an open status: staff set any but `new`; the reporter withdraws."""
    ways: Table = {(status, other): (Way("staff", "change"),) for other in OPEN if other not in (status, "new")}
    ways[status, "done"] = (
        Way("staff", "change", "result", "done"),
        Way("system", "incident", "result", "done"),
    )
    ways[status, "declined"] = (Way("staff", "change", "reason", "declined"),)
    ways[status, "closed"] = (
        Way("staff", "change", "reason", "closed"),
        Way("staff", "merger", None, "merged"),
        Way("reporter", "withdrawal", None, "withdrawn"),
    )
    if status == "waiting_for_tenant":
        ways[status, "in_progress"] += (Way("reporter", "answer"),)
    return ways


def _from_shut(status: Status) -> Table:
    """From an ended status: only open again; and a ticket that is done closes by itself in time."""
    ways: Table = {
        (status, "new"): (Way("reporter", "reopening", "reason"),),
        (status, "in_progress"): (Way("staff", "change", "reason"), Way("staff", "reopening", "reason")),
    }
    if status == "done":
        ways[status, "closed"] = (Way("system", "expiry"),)
    return ways


TABLE: Final[Table] = {
    **{pair: ways for status in OPEN for pair, ways in _from_open(status).items()},
    **{pair: ways for status in SHUT for pair, ways in _from_shut(status).items()},
}

FINAL_OUTCOMES: Final[frozenset[Outcome]] = frozenset({"merged", "withdrawn"})
"""So ended, a ticket is reopened by staff only, and there is nothing to rate."""


def find_way(status: Status, to: Status, actor: Actor, step: Step) -> Way | None:
    """How an actor's step leads from one status to the other; None: it does not."""
    return next((way for way in TABLE.get((status, to), ()) if (way.actor, way.step) == (actor, step)), None)


def need_of(way: Way, to: Status, wanted: Wanted) -> Need | None:
    """What has to be said with a step. Which document or photo is meant takes words; a question may have been written before."""
    return "question" if to == "waiting_for_tenant" and wanted != "answer" else way.needs


def staff_statuses(status: Status) -> list[Status]:
    """The statuses that staff may set from this one."""
    return [to for to in OPEN + SHUT if find_way(status, to, "staff", "change")]


def may_withdraw(status: Status) -> bool:
    """Whether the reporter may take the ticket back."""
    return find_way(status, "closed", "reporter", "withdrawal") is not None


def may_reopen(status: Status, outcome: Outcome | None) -> bool:
    """Whether the reporter may reopen it, as far as its status goes; see `is_in_time`."""
    return outcome not in FINAL_OUTCOMES and find_way(status, "new", "reporter", "reopening") is not None


def is_in_time(ended_at: datetime, now: datetime, reopen_days: int) -> bool:
    """Whether a ticket that ended then can still be reopened by its reporter. Days of 24 hours, the last instant included."""
    return now <= ended_at + timedelta(days=reopen_days)


def may_rate(status: Status, outcome: Outcome | None, stars: int | None) -> bool:
    """Whether its reporter may rate how it ended: once each time that it ends."""
    return not is_open(status) and outcome not in FINAL_OUTCOMES and stars is None
