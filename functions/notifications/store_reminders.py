"""What there is to remind of, by the day on which it is looked at next. Access patterns: docs/data-model.md."""

import zlib
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute, VersionAttribute

from notifications.rules_reminders import Policy
from notifications.store import Item, contract_pk
from shared import clock
from shared.indexes import Gsi1
from shared.tables import UnitOfWork

SHARDS: Final = 8
PAGE: Final = 25
DEBTS: Final = "debts"
ENDING: Final = "ending"
WINDOW: Final = "window"
VERIFICATION: Final = "verification"
CLOCK: Final = "CLOCK"
_BEHIND: Final = " "
"""Sorts before every character of our keys: a key with it is the least one behind the key itself."""
_LAST: Final = "~"
_WINDOW_KEPT: Final = 400 * 86_400
_VERIFICATION_KEPT: Final = timedelta(days=31)


class PolicyItem(Item):
    """pk `ORG#<org>#REMINDERPOLICY`, sk `POLICY`: what the organisation has set."""

    document = JSONAttribute()
    version = VersionAttribute()


class ClockItem(Item):
    """pk `CLOCK`, sk `ORG#<org>`: an organisation that the clock looks over. `planned`: the policy by which all its days are set."""

    planned = NumberAttribute(default=0)


class PaceItem(Item):
    """pk `ORG#<org>#REMINDERPACE`, sk `PACE`: until when notices that are handed over take up the organisation's rate."""

    until = UnicodeAttribute()
    version = VersionAttribute()


class HomeItem(Item):
    """pk `ORG#<org>#HOMES#<0..7>`, sk `<contract>`: a contract of a home, whose people read meters."""


class ReminderItem(Item):
    """A thing to remind of; while there is a day to look at it, it stands in gsi1, `ORG#<org>#REMIND#<0..7>` / `<day>#<thing>#<subject>`.

    pk `ORG#<org>#CONTRACT#<contract>`, sk `REMIND#debts` and `REMIND#ending`; pk `ORG#<org>#WINDOW#<medium>#<first>`,
    sk `REMIND#<shard>`: each does for the homes of its shard; pk `ORG#<org>#VERIFIED#<day>`, sk `REMIND#verification`: all meters whose
    verification expires on that day. `state` is what is known of it.
    """

    thing = UnicodeAttribute()
    subject = UnicodeAttribute()
    """The contract, the window's medium, or the day of verification."""
    shard = NumberAttribute()
    state = JSONAttribute(default=dict)
    planned = NumberAttribute(default=0)
    """Version of the policy by which the next day was set."""
    expires = NumberAttribute(null=True)
    version = VersionAttribute()
    gsi1pk = UnicodeAttribute(null=True)
    gsi1sk = UnicodeAttribute(null=True)
    agenda = Gsi1()

    @property
    def next_day(self) -> str:
        """The day on which it is looked at next, ISO 8601; empty where there is none."""
        return (self.gsi1sk or "").partition("#")[0]


def shard_of(subject: str) -> int:
    return zlib.crc32(subject.encode()) % SHARDS


# ------------------------------------------------------------------ things
def find_reminder(pk: str, sk: str) -> ReminderItem | None:
    try:
        return ReminderItem.get(pk, sk, consistent_read=True)
    except ReminderItem.DoesNotExist:
        return None


def contract_reminder(organisation_id: str, contract_id: str, thing: str) -> ReminderItem:
    """What a contract is reminded of; a new one where nothing is known."""
    new = new_reminder(organisation_id, contract_id, thing)
    return find_reminder(new.pk, new.sk) or new


def new_reminder(organisation_id: str, contract_id: str, thing: str) -> ReminderItem:
    pk = contract_pk(organisation_id, contract_id)
    return ReminderItem(pk=pk, sk=f"REMIND#{thing}", thing=thing, subject=contract_id, shard=shard_of(contract_id))


def window_reminder(organisation_id: str, medium: str, first: date, shard: int) -> ReminderItem:
    """A reading window, for the homes of a shard; a new one where nothing is known."""
    pk, sk = f"ORG#{organisation_id}#WINDOW#{medium}#{first.isoformat()}", f"REMIND#{shard}"
    return find_reminder(pk, sk) or ReminderItem(
        pk=pk, sk=sk, thing=WINDOW, subject=medium, shard=shard, expires=clock.timestamp() + _WINDOW_KEPT
    )


def verification_reminder(organisation_id: str, day: date) -> ReminderItem:
    """The meters whose verification expires on a day; a new one where nothing is known."""
    pk, sk, subject = f"ORG#{organisation_id}#VERIFIED#{day.isoformat()}", f"REMIND#{VERIFICATION}", day.isoformat()
    expires = int(datetime.combine(day + _VERIFICATION_KEPT, time(), UTC).timestamp())
    return find_reminder(pk, sk) or ReminderItem(
        pk=pk, sk=sk, thing=VERIFICATION, subject=subject, shard=shard_of(subject), expires=expires
    )


def stage_reminder(uow: UnitOfWork, item: ReminderItem, policy: Policy, next_day: date | None) -> None:
    """Stage a thing with the day on which it is looked at next."""
    place(uow.organisation_id, item, policy, next_day)
    uow.put(item)


def place(organisation_id: str, item: ReminderItem, policy: Policy, next_day: date | None) -> None:
    """Put a thing among those that are looked at on a day; without one, among none."""
    item.planned, item.gsi1pk, item.gsi1sk = policy.version, None, None
    if next_day:
        item.gsi1pk = _agenda_pk(organisation_id, int(item.shard))
        item.gsi1sk = f"{next_day.isoformat()}#{item.thing}#{item.subject}"


def list_agenda(organisation_id: str, shard: int, until: date | None) -> Iterator[ReminderItem]:
    """The things of a shard that are looked at by a day (None: all that have one), the earliest first; read piece by piece.

    What is moved while they are walked through may come again, at its new day.
    """
    after = ""
    while True:
        bounds = ReminderItem.gsi1sk.between(f"{after}{_BEHIND}", f"{until.isoformat() if until else ''}{_LAST}")
        found = list(ReminderItem.agenda.query(_agenda_pk(organisation_id, shard), bounds, limit=PAGE, page_size=PAGE))
        yield from found
        if len(found) < PAGE:
            return
        after = str(found[-1].gsi1sk)


def stage_home(uow: UnitOfWork, contract_id: str) -> None:
    """Keep a contract among those of homes."""
    uow.put(HomeItem(pk=_homes_pk(uow.organisation_id, shard_of(contract_id)), sk=contract_id))


def list_homes(organisation_id: str, shard: int, after: str) -> list[str]:
    """The next contracts of homes of a shard, by their ids."""
    pk, behind = _homes_pk(organisation_id, shard), HomeItem.sk > (after or _BEHIND)
    return [item.sk for item in HomeItem.query(pk, behind, limit=PAGE, page_size=PAGE, consistent_read=True)]


# ------------------------------------------------------------------ the organisation
def clock_organisations() -> list[tuple[str, int]]:
    """The organisations that have something to remind of, each with the policy by which all its days are set."""
    return [(item.sk.removeprefix("ORG#"), int(item.planned)) for item in ClockItem.query(CLOCK, consistent_read=True)]


def stage_clocked(uow: UnitOfWork, policy: Policy) -> None:
    """Have the clock look over the organisation, which has something new to remind of."""
    if not ClockItem.count(CLOCK, ClockItem.sk == _clock_sk(uow), consistent_read=True):
        stage_planned(uow, policy)


def stage_planned(uow: UnitOfWork, policy: Policy) -> None:
    """Note that all days are set by this policy."""
    uow.put(ClockItem(pk=CLOCK, sk=_clock_sk(uow), planned=policy.version))


def find_policy(organisation_id: str) -> PolicyItem | None:
    try:
        return PolicyItem.get(f"ORG#{organisation_id}#REMINDERPOLICY", "POLICY", consistent_read=True)
    except PolicyItem.DoesNotExist:
        return None


def policy_of(organisation_id: str) -> Policy:
    """The policy in force: what was set, or the default."""
    item = find_policy(organisation_id)
    return _policy(item.document, int(item.version or 1)) if item else Policy()


def stage_policy(uow: UnitOfWork, item: PolicyItem | None, policy: Policy) -> None:
    """Stage a policy over the one that was read (None: there was none)."""
    item = item or PolicyItem(pk=f"ORG#{uow.organisation_id}#REMINDERPOLICY", sk="POLICY")
    item.document = {name: value for name, value in asdict(policy).items() if name != "version"}
    uow.put(item)


def take_pace(uow: UnitOfWork, seconds: float) -> datetime:
    """Take the next so many seconds of the organisation's rate; when they begin."""
    pk, now = f"ORG#{uow.organisation_id}#REMINDERPACE", clock.now()
    try:
        item = PaceItem.get(pk, "PACE", consistent_read=True)
    except PaceItem.DoesNotExist:
        item = PaceItem(pk=pk, sk="PACE", until=clock.stamp(now))
    begins = max(now, datetime.fromisoformat(item.until))
    item.until = clock.stamp(begins + timedelta(seconds=seconds))
    uow.put(item)
    return begins


def _policy(document: dict[str, Any], version: int) -> Policy:
    lists = {name: tuple(value) for name, value in document.items() if name != "per_second"}
    return Policy(**lists, per_second=document["per_second"], version=version)


def _homes_pk(organisation_id: str, shard: int) -> str:
    return f"ORG#{organisation_id}#HOMES#{shard}"


def _agenda_pk(organisation_id: str, shard: int) -> str:
    return f"ORG#{organisation_id}#REMIND#{shard}"


def _clock_sk(uow: UnitOfWork) -> str:
    return f"ORG#{uow.organisation_id}"
