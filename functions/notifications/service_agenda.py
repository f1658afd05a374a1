"""What there is to remind of, from what has happened: charges and what is open of them, ends of contracts, reading windows,
verifications of meters.
"""

from datetime import date, timedelta
from typing import Any

from notifications import store_reminders as store
from notifications.rules_reminders import DUE, OVERDUE, Debts, Policy, next_day
from notifications.store import NoticeItem
from notifications.store_reminders import ReminderItem
from notifications.store_verifications import stage_verified
from shared import access, clock
from shared.events.catalog import BalanceChanged, ContractStarted
from shared.events.meters import ReadingWindowOpened, VerificationsChanged
from shared.tables import UnitOfWork


def keep_balance(uow: UnitOfWork, event: BalanceChanged) -> None:
    """Keep what is open of each charge, and when it is due; an older word never replaces a newer one."""
    item = store.contract_reminder(uow.organisation_id, event.contract_id, store.DEBTS)
    if item.state.get("ledger_version", 0) >= event.ledger_version:
        return
    item.state = {**item.state, "currency": event.currency, "ledger_version": event.ledger_version}
    days = {charge_id: day.isoformat() for charge_id, day in event.due_dates.items()}
    _stage_debts(uow, item, Debts(event.open_items, days, debts_of(item).passed))


def keep_contract(uow: UnitOfWork, event: ContractStarted) -> None:
    """Keep whether a contract is of a home, and when it ends, if it does; another end is another thing."""
    if event.type == "supply":
        return
    if event.unit_id:
        store.stage_home(uow, event.contract_id)
    item = store.contract_reminder(uow.organisation_id, event.contract_id, store.ENDING)
    day = event.ends_on if event.ends_on and event.ends_on >= _today(uow.organisation_id) else None
    ends_on = day.isoformat() if day else None
    if item.state.get("ends_on") == ends_on:
        return
    item.state = {"ends_on": ends_on}
    policy = store.policy_of(uow.organisation_id)
    _stage(uow, item, policy, next_day(day, policy.ending_stages, None) if day else None)


def keep_window(uow: UnitOfWork, event: ReadingWindowOpened) -> None:
    """Keep a reading window, once for each shard of homes."""
    policy = store.policy_of(uow.organisation_id)
    items = [
        store.window_reminder(uow.organisation_id, event.medium, event.first, shard) for shard in range(store.SHARDS)
    ]
    if items[0].state:
        return
    store.stage_clocked(uow, policy)
    for item in items:
        item.state = {"first": event.first.isoformat(), "last": event.last.isoformat()}
        stages = policy.window_stages(event.first, event.last)
        store.stage_reminder(uow, item, policy, next_day(event.last, stages, None))


def keep_verifications(uow: UnitOfWork, event: VerificationsChanged) -> None:
    """Keep until when meters are verified, and each day to come on which that ends: all meters of a day are one thing."""
    days = [day for day in stage_verified(uow, event.meters) if day >= _today(uow.organisation_id)]
    found = [store.verification_reminder(uow.organisation_id, day) for day in days]
    new = [item for item in found if item.version is None]
    if new:
        policy = store.policy_of(uow.organisation_id)
        store.stage_clocked(uow, policy)
        for item in new:
            first = next_day(date.fromisoformat(item.subject), policy.verification_stages, None)
            store.stage_reminder(uow, item, policy, first)


def is_settled(organisation_id: str, notice: NoticeItem) -> bool:
    """Whether nothing is left to remind of: of the debt nothing is open any more, or the day that was to come has passed."""
    return values_now(organisation_id, notice) is None


def values_now(organisation_id: str, notice: NoticeItem) -> dict[str, Any] | None:
    """What a notice says on the day on which it is sent: days are counted from it, and of a debt no more than is open then.

    None where nothing is left to remind of.
    """
    values = dict(notice.values)
    if "days" not in values:
        return values
    day, today = date.fromisoformat(values.get("last") or values["day"]), _today(organisation_id)
    if notice.kind == OVERDUE:
        last = day + timedelta(days=values["days"])
        values["days"] = (today - day).days
    elif today <= day:
        last = day
        values["days"] = (day - today).days
    else:
        return None
    if notice.kind in {DUE, OVERDUE}:
        item = store.contract_reminder(organisation_id, notice.about["contract_id"], store.DEBTS)
        left = sum(amount for due, amount in debts_of(item).open_on().items() if day <= due <= last)
        if item.version is not None:
            values["amount"] = min(values["amount"], left)
    return values if values.get("amount") != 0 else None


def debts_of(item: ReminderItem) -> Debts:
    """What a contract owes."""
    return Debts(**{name: item.state.get(name, {}) for name in ("amounts", "days", "passed")})


def put_debts(item: ReminderItem, debts: Debts) -> None:
    """Write into its item what a contract owes."""
    item.state = {
        **item.state,
        "amounts": dict(debts.amounts),
        "days": dict(debts.days),
        "passed": dict(debts.passed),
    }


def _stage_debts(uow: UnitOfWork, item: ReminderItem, debts: Debts) -> None:
    debts = debts.kept(_today(uow.organisation_id))
    put_debts(item, debts)
    policy = store.policy_of(uow.organisation_id)
    _stage(uow, item, policy, debts.next_day(policy.debt_stages))


def _stage(uow: UnitOfWork, item: ReminderItem, policy: Policy, day: date | None) -> None:
    if item.version is None:
        store.stage_clocked(uow, policy)
    store.stage_reminder(uow, item, policy, day)


def _today(organisation_id: str) -> date:
    return clock.today(access.organisation(organisation_id).time_zone)
