"""What the clock does for reminders: tells everybody what has come due, once, and no faster than the organisation's rate.

Each thing is done in a transaction that tells its people, notes the stage and moves the thing to its next day; where there are more
people than one transaction tells, the last of several does. So a run may be killed anywhere and begun again, and after an outage only the
latest stage of a thing is told. Instants for sending are taken from one row of time, a few at a time and before they are used: runs that
follow one another in haste take later ones.
"""

import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from notifications import store_reminders as store
from notifications.rules_reminders import Policy, next_day, reached, stage_on
from notifications.service_agenda import debts_of, put_debts
from notifications.service_telling import BATCH, tell, tell_staff
from notifications.store import VARIABLE, ContractItem, find_contract, was_told
from notifications.store_reminders import ReminderItem
from notifications.store_verifications import verified_until
from shared import access, clock, rounds
from shared.errors import NotFound
from shared.tables import UnitOfWork

SECONDS: Final = 480.0
"""Of one run, which stays below the function's time, and that below the time between two runs; the next run goes on."""
AHEAD: Final = timedelta(minutes=15)
"""A run hands over no more than the rate allows until the next one: what is paid by then is not in anybody's queue yet."""
_MORNING: Final = 9
"""The hour in the organisation's time zone from which its people are reminded."""
_AT_ONCE: Final = timedelta(seconds=1)
"""An instant so near is now."""
_BLOCK: Final = 25
_NAMED: Final = 10
"""Meters whose numbers a notice names."""

T = TypeVar("T")


class _Run(rounds.Round):
    """What one run has done so far, and when it ends."""

    def __init__(self) -> None:
        super().__init__("reminders", "things", "told")
        self.now, self._stops = clock.now(), time.monotonic() + SECONDS

    @property
    def is_over(self) -> bool:
        return time.monotonic() > self._stops


class _Pace:
    """The instants at which an organisation's notices may go out, one after another."""

    def __init__(self, organisation_id: str, per_second: int, now: datetime) -> None:
        self._organisation_id, self._apart = organisation_id, timedelta(seconds=1 / per_second)
        self._until, self._next, self._left = now + AHEAD, now, 0

    @property
    def is_full(self) -> bool:
        return self._next > self._until

    def take(self) -> datetime | None:
        """When the next notice may go out; None: now."""
        if not self._left:
            self._left = _BLOCK
            seconds = self._left * self._apart.total_seconds()
            self._next = rounds.do(VARIABLE, self._organisation_id, store.take_pace, seconds)
        taken = self._next
        self._next, self._left = taken + self._apart, self._left - 1
        return taken if taken > clock.now() + _AT_ONCE else None


class _Notice(NamedTuple):
    """Something to tell. `what` stands for the thing and its stage: said once to a person."""

    kind: str
    what: str
    values: dict[str, Any]


class _Day(NamedTuple):
    """An organisation's reminders of one day."""

    organisation_id: str
    today: date
    policy: Policy
    pace: _Pace


def run_reminders() -> dict[str, int]:
    """Remind everybody of what has come due; how much was done. Raises RoundFailedError at the end where a part failed."""
    this = _Run()
    for organisation_id, planned in _turned(store.clock_organisations(), this.now):
        with this.part(organisation_id=organisation_id):
            _run_organisation(this, organisation_id, planned)
    return this.end()


def _run_organisation(this: _Run, organisation_id: str, planned: int) -> None:
    local = this.now.astimezone(ZoneInfo(access.organisation(organisation_id).time_zone))
    if local.hour < _MORNING:
        return
    policy = store.policy_of(organisation_id)
    day = _Day(organisation_id, local.date(), policy, _Pace(organisation_id, policy.per_second, this.now))
    is_new = planned != policy.version
    failed = this.counts["failed"]
    for shard in _turned(list(range(store.SHARDS)), this.now):
        # A new policy may have stages that come before the day that the old one had set: each thing is looked at once.
        for item in store.list_agenda(organisation_id, shard, None if is_new else day.today):
            if this.is_over or day.pace.is_full:
                return
            if item.next_day <= day.today.isoformat() or int(item.planned) != policy.version:
                with this.part(organisation_id=organisation_id, thing=item.thing, subject=item.subject):
                    _do(this, day, item)
                this.counts["things"] += 1
    if is_new and this.counts["failed"] == failed:
        rounds.do(VARIABLE, organisation_id, store.stage_planned, policy)


def _do(this: _Run, day: _Day, item: ReminderItem) -> None:
    if item.thing == store.WINDOW:
        _walk_homes(this, day, item)
    else:
        _do_all(this, day, _WORK[item.thing], item.pk, item.sk)


def _do_all(this: _Run, day: _Day, work: Callable[..., int], *about: Any) -> None:
    """Do work that tells at most BATCH in a transaction, until it has told everybody."""
    told = BATCH
    while told == BATCH:
        told = rounds.do(VARIABLE, day.organisation_id, work, day, *about)
        this.counts["told"] += told


# ------------------------------------------------------------------ one contract
def _remind_debts(uow: UnitOfWork, day: _Day, pk: str, sk: str) -> int:
    item = _fresh(pk, sk)
    stages = day.policy.debt_stages
    found, debts = debts_of(item).told(stages, day.today)
    told = 0
    for debt in found:
        due = debt.day.isoformat()
        values = {"amount": debt.amount, "currency": item.state["currency"], "days": debt.days, "day": due}
        notice = _Notice(debt.kind, f"{debt.kind}/{item.subject}/{due}/{debt.stage}", values)
        contract = _contract(uow, item.subject)
        told += _tell(uow, day, contract, contract.people_on(day.today), notice, most=BATCH - told)
    if told < BATCH:
        put_debts(item, debts.kept(day.today))
        store.stage_reminder(uow, item, day.policy, debts.next_day(stages))
    return told


def _remind_ending(uow: UnitOfWork, day: _Day, pk: str, sk: str) -> int:
    item = _fresh(pk, sk)
    if not item.state["ends_on"]:
        return 0
    last, stages, told = date.fromisoformat(item.state["ends_on"]), day.policy.ending_stages, 0
    stage = stage_on(last, stages, item.state.get("passed"), day.today)
    if stage is not None:
        contract = _contract(uow, item.subject)
        values = {"number": contract.number, "days": (last - day.today).days, "day": last.isoformat()}
        notice = _Notice("contract_ending", f"contract_ending/{item.subject}/{last.isoformat()}/{stage}", values)
        told = _tell(uow, day, contract, contract.people_on(day.today), notice)
    if told < BATCH:
        _pass(uow, day, item, last, stages)
    return told


def _remind_verification(uow: UnitOfWork, day: _Day, pk: str, sk: str) -> int:
    """Have the staff told of all meters of the day at once; whether they are."""
    item = _fresh(pk, sk)
    last, stages, count = date.fromisoformat(item.subject), day.policy.verification_stages, 0
    stage = stage_on(last, stages, item.state.get("passed"), day.today)
    if stage is not None:
        count, first = verified_until(day.organisation_id, last, _NAMED)
    if count:
        numbers = [number for number, _ in first] + ["…"] * (count > len(first))
        what, about = f"staff_verification_expiring/{item.subject}/{stage}", {"meter_id": first[0][1]}
        tell_staff(
            uow, "staff_verification_expiring", what, about,
            meters=count, numbers=", ".join(numbers), days=(last - day.today).days, day=item.subject,
        )  # fmt: skip
    _pass(uow, day, item, last, stages)
    return int(count > 0)


def _tell(
    uow: UnitOfWork, day: _Day, contract: ContractItem, people: list[str], notice: _Notice, *, most: int = BATCH
) -> int:
    """Tell at most so many people something of their contract; how many had not heard it."""
    about, told = {"contract_id": contract.contract_id}, 0
    # Who has heard it takes no instant.
    left = (one for one in people if len(people) <= BATCH or not was_told(uow.organisation_id, one, notice.what))
    for person_id in left:
        if told == most:
            break
        told += tell(uow, person_id, notice.kind, notice.what, about, not_before=day.pace.take(), **notice.values)
    return told


def _pass(uow: UnitOfWork, day: _Day, item: ReminderItem, thing_day: date, stages: tuple[int, ...]) -> None:
    """Note that the stages until today have been, and when the next one comes."""
    latest, passed = reached(thing_day, stages, day.today), item.state.get("passed")
    if latest is not None and (passed is None or latest > passed):
        item.state = {**item.state, "passed": latest}
    store.stage_reminder(uow, item, day.policy, next_day(thing_day, stages, item.state.get("passed")))


_WORK: Final = {
    store.DEBTS: _remind_debts,
    store.ENDING: _remind_ending,
    store.VERIFICATION: _remind_verification,
}
"""What is done with each thing but windows, which are walked through."""


# ------------------------------------------------------------------ the homes of a shard
def _walk_homes(this: _Run, day: _Day, found: ReminderItem) -> None:
    """Tell all homes of a shard of a window, a page at a time. A page that was begun is gone through again: nobody hears twice."""
    item = _fresh(found.pk, found.sk)
    first, last = _window(item)
    stages = day.policy.window_stages(first, last)
    stage = stage_on(last, stages, item.state.get("passed"), day.today)
    if stage is None or _tell_homes(this, day, item, stage, _of_window(item, stage, day.today)):
        rounds.do(VARIABLE, day.organisation_id, _pass_window, day, item.pk, item.sk)


def _of_window(item: ReminderItem, stage: int, today: date) -> _Notice:
    first, last = _window(item)
    values: dict[str, Any] = {"medium": item.subject, "last": last.isoformat()}
    kind = "window_opened"
    if stage > (first - last).days:
        kind, values = "window_closing", {**values, "days": (last - today).days}
    return _Notice(kind, f"{kind}/{item.subject}/{first.isoformat()}/{stage}", values)


def _tell_homes(this: _Run, day: _Day, item: ReminderItem, stage: int, notice: _Notice) -> bool:
    """Whether all homes of the shard have been told. Where one failed, the next run begins again with its page."""
    begun, after = item.state.get("cursor") or (stage, "")
    failed = this.counts["failed"]
    for page in _pages(day.organisation_id, int(item.shard), after if begun == stage else ""):
        for contract_id in page:
            if this.is_over or day.pace.is_full:
                return False
            with this.part(organisation_id=day.organisation_id, thing=item.thing, subject=contract_id):
                _do_all(this, day, _tell_home, contract_id, notice)
        if this.counts["failed"] == failed:
            rounds.do(VARIABLE, day.organisation_id, _keep_cursor, item.pk, item.sk, [stage, page[-1]])
    return this.counts["failed"] == failed


def _pages(organisation_id: str, shard: int, after: str) -> Iterator[list[str]]:
    while page := store.list_homes(organisation_id, shard, after):
        yield page
        after = page[-1]


def _tell_home(uow: UnitOfWork, day: _Day, contract_id: str, notice: _Notice) -> int:
    contract = _contract(uow, contract_id)
    return _tell(uow, day, contract, sorted(contract.residents_on(day.today)), notice)


def _keep_cursor(uow: UnitOfWork, pk: str, sk: str, cursor: list[Any]) -> None:
    item = _fresh(pk, sk)
    item.state = {**item.state, "cursor": cursor}
    uow.put(item)


def _pass_window(uow: UnitOfWork, day: _Day, pk: str, sk: str) -> None:
    item = _fresh(pk, sk)
    first, last = _window(item)
    _pass(uow, day, item, last, day.policy.window_stages(first, last))


def _window(item: ReminderItem) -> tuple[date, date]:
    return date.fromisoformat(item.state["first"]), date.fromisoformat(item.state["last"])


# ------------------------------------------------------------------ what all need
def _fresh(pk: str, sk: str) -> ReminderItem:
    """The thing as it stands now: the index may be behind."""
    item = store.find_reminder(pk, sk)
    if item is None:
        raise NotFound
    return item


def _contract(uow: UnitOfWork, contract_id: str) -> ContractItem:
    contract = find_contract(uow.organisation_id, contract_id)
    if contract is None:
        raise NotFound
    return contract


def _turned(things: list[T], now: datetime) -> list[T]:
    """All of them, each time beginning with another: a run that is stopped by its bounds must not always starve the same."""
    first = int(now.timestamp() // AHEAD.total_seconds()) % len(things) if things else 0
    return things[first:] + things[:first]
