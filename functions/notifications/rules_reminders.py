"""When people are reminded of what. A thing has a day, and stages: so many days before that day (negative) or after it.

Nothing here reads a clock: `today` is the date in the organisation's time zone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, NamedTuple

DUE: Final = "payment_due"
OVERDUE: Final = "payment_overdue"
LATE: Final = 14
"""Days for which a stage that could not be told is made up for. Later it is passed over: who learns of old debts need not hear of all."""
MOST_OVERDUE: Final = 90
"""Days. What is open for longer is no matter of reminders any more but of formal demands."""
_KEPT: Final = timedelta(days=MOST_OVERDUE + LATE)


@dataclass(frozen=True)
class Policy:
    """What an organisation reminds of, in days: before and after a due date, before a contract's end, before a window closes, before
    meters have to be verified anew.

    `per_second`: how many notices are handed over in a second at most. `version` 0: the organisation has set nothing.
    """

    due: tuple[int, ...] = (7, 3, 0)
    overdue: tuple[int, ...] = (3, 14, 30)
    ending: tuple[int, ...] = (90, 30)
    closing: tuple[int, ...] = (2,)
    verification: tuple[int, ...] = (90, 30)
    per_second: int = 10
    version: int = 0

    @property
    def debt_stages(self) -> tuple[int, ...]:
        return (*_before(self.due), *self.overdue)

    @property
    def ending_stages(self) -> tuple[int, ...]:
        return _before(self.ending)

    @property
    def verification_stages(self) -> tuple[int, ...]:
        return _before(self.verification)

    def window_stages(self, first: date, last: date) -> tuple[int, ...]:
        """Stages of a reading window's last day. The first of them is its opening."""
        opening = (first - last).days
        return (opening, *(stage for stage in _before(self.closing) if stage > opening))


def stage_on(day: date, stages: Iterable[int], passed: int | None, today: date) -> int | None:
    """The stage that is told today, or None. `passed`: the last one that was told or passed over.

    After an outage that is only the latest; what is told before a day is not told after it.
    """
    stage = reached(day, stages, today)
    if stage is None or (passed is not None and stage <= passed):
        return None
    gone = (today - day).days
    return None if gone - stage > LATE or stage <= 0 < gone else stage


def reached(day: date, stages: Iterable[int], today: date) -> int | None:
    """The latest stage whose time has come."""
    return max((stage for stage in stages if day + timedelta(days=stage) <= today), default=None)


def next_day(day: date, stages: Iterable[int], passed: int | None) -> date | None:
    """When the thing is looked at next; it may be past."""
    left = (stage for stage in stages if passed is None or stage > passed)
    return min((day + timedelta(days=stage) for stage in left), default=None)


class Debt(NamedTuple):
    """A reminder of money: `days` to the day on which it is due, or since it. `stage` is that of the day."""

    kind: str
    amount: int
    day: date
    days: int
    stage: int


@dataclass(frozen=True)
class Debts:
    """What a contract owes: by charge the open amount in minor units, and the day on which it is due; by day the stage that was passed.

    All that falls due on one day is one thing.
    """

    amounts: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[str, str] = field(default_factory=dict)
    passed: Mapping[str, int] = field(default_factory=dict)

    def open_on(self) -> dict[date, int]:
        """What is open, by due date."""
        sums: dict[date, int] = {}
        for charge_id, amount in self.amounts.items():
            if amount > 0 and charge_id in self.days:
                day = date.fromisoformat(self.days[charge_id])
                sums[day] = sums.get(day, 0) + amount
        return sums

    def next_day(self, stages: Iterable[int]) -> date | None:
        """When the contract is looked at next."""
        stages = tuple(stages)
        found = (next_day(day, stages, self.passed.get(day.isoformat())) for day in self.open_on())
        return min((day for day in found if day), default=None)

    def kept(self, today: date) -> "Debts":
        """Without what is so old that no stage of it will ever be told."""
        oldest = (today - _KEPT).isoformat()
        return Debts(
            self.amounts,
            {charge_id: day for charge_id, day in self.days.items() if day >= oldest},
            {day: stage for day, stage in self.passed.items() if day >= oldest},
        )

    def told(self, stages: Iterable[int], today: date) -> tuple[list[Debt], "Debts"]:
        """What is told today, and what is known then. Days that are overdue together are told as one sum, since the earliest."""
        stages = tuple(stages)
        due, overdue, passed = [], [], dict(self.passed)
        for day, amount in sorted(self.open_on().items()):
            name = day.isoformat()
            stage = stage_on(day, stages, passed.get(name), today)
            if stage is not None and stage > 0:
                overdue.append(Debt(OVERDUE, amount, day, (today - day).days, stage))
            elif stage is not None:
                due.append(Debt(DUE, amount, day, (day - today).days, stage))
            latest = reached(day, stages, today)
            if latest is not None:
                passed[name] = max(latest, passed.get(name, latest))
        if overdue:
            due.append(overdue[0]._replace(amount=sum(debt.amount for debt in overdue)))
        return due, Debts(self.amounts, self.days, passed)


def _before(days: Iterable[int]) -> tuple[int, ...]:
    return tuple(-number for number in days)
