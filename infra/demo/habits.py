"""How people pay: each habit turns the dues of the months into payments."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from infra.demo.calendar import Month
from infra.demo.country import Habit


@dataclass(frozen=True)
class Dues:
    """What one month costs on one contract, by purpose, and when it is due."""

    month: Month
    due_date: date
    amounts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.amounts.values())


@dataclass(frozen=True)
class Payment:
    day: date
    amount: int
    month: Month


Payments = Iterator[Payment]


def _on_time(dues: Dues, chance: random.Random, amount: int | None = None) -> Payment:
    early = timedelta(days=chance.randint(1, 4))
    return Payment(dues.due_date - early, dues.total if amount is None else amount, dues.month)


def _punctual(plan: list[Dues], chance: random.Random) -> Payments:
    for dues in plan:
        yield _on_time(dues, chance)


def _late(plan: list[Dues], chance: random.Random) -> Payments:
    for dues in plan:
        yield Payment(dues.due_date + timedelta(days=chance.randint(6, 26)), dues.total, dues.month)


def _standing_order(plan: list[Dues], chance: random.Random) -> Payments:
    """The same round sum every month, a little more than needed: a credit grows."""
    step = 5_000
    amount = -(-max(dues.total for dues in plan) // step) * step
    for dues in plan:
        yield _on_time(dues, chance, amount)


def _part_payer(plan: list[Dues], chance: random.Random) -> Payments:
    """Every fourth month only 60 %, made up for two months later; the last two months only half."""
    missing = 0
    for index, dues in enumerate(plan):
        part = dues.total
        if index >= len(plan) - 2:
            part //= 2
        elif index % 4 == 1:
            part = dues.total * 6 // 10
            missing += dues.total - part
        elif index % 4 == 3:  # noqa: PLR2004 - two months later
            part, missing = part + missing, 0
        yield _on_time(dues, chance, part)


def _stopped(plan: list[Dues], chance: random.Random) -> Payments:
    """Nothing for the last four months."""
    yield from _punctual(plan[:-4], chance)


def _quarterly(plan: list[Dues], chance: random.Random) -> Payments:
    """A quarter at a time, in advance; the last one reaches beyond what has been charged."""
    for index in range(0, len(plan), 3):
        quarter = plan[index : index + 3]
        yield _on_time(plan[index], chance, sum(dues.total for dues in quarter) * 3 // len(quarter))
    yield Payment(plan[-1].due_date, plan[-1].total, plan[-1].month.plus(1))


def _paid_twice(plan: list[Dues], chance: random.Random) -> Payments:
    """The last month twice, by mistake."""
    yield from _punctual(plan, chance)
    yield Payment(plan[-1].due_date, plan[-1].total, plan[-1].month)


def _left_in_debt(plan: list[Dues], chance: random.Random) -> Payments:
    """Moved out and left the last two months unpaid but for a part."""
    yield from _punctual(plan[:-2], chance)
    yield _on_time(plan[-2], chance, plan[-2].total // 2)


def _some_open(plan: list[Dues], chance: random.Random) -> Payments:
    """Pays well; once too little, made up for a month later; of the last month two small items are still open."""
    small = sum(sorted(plan[-1].amounts.values())[: max(1, len(plan[-1].amounts) - 2)])
    for index, dues in enumerate(plan):
        amount = dues.total
        if index == 5:  # noqa: PLR2004 - the month that went wrong
            amount -= small
        elif index == 6:  # noqa: PLR2004 - and the one after
            amount += small
        elif index == len(plan) - 1:
            amount -= small
        yield _on_time(dues, chance, amount)


def _last_open(plan: list[Dues], chance: random.Random) -> Payments:
    yield from _punctual(plan[:-1], chance)


HABITS: dict[Habit, Callable[[list[Dues], random.Random], Payments]] = {
    "punctual": _punctual,
    "late": _late,
    "standing_order": _standing_order,
    "part_payer": _part_payer,
    "stopped": _stopped,
    "quarterly": _quarterly,
    "paid_twice": _paid_twice,
    "left_in_debt": _left_in_debt,
    "some_open": _some_open,
    "last_open": _last_open,
}
