"""Notices that wait for their time, and the counters that keep channels' limits. Access patterns: docs/data-model.md."""

import math
import random
import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition

from notifications.store import Item
from shared import clock
from shared.errors import Conflict
from shared.tables import UnitOfWork

SHARDS: Final = 8
HOUR: Final = 3600
_KEPT: Final = 24 * 3600
"""Seconds that a counter outlives its second."""


class DueItem(Item):
    """pk `DUE#<0..7>`, sk `<rfc3339>#<org>#<person>#<notice>`: a notice that is not sent before then. Gone when it is said again."""

    organisation_id = UnicodeAttribute()
    person_id = UnicodeAttribute()
    notice_id = UnicodeAttribute()
    at = UnicodeAttribute()


class RateItem(Item):
    """pk `RATE#<whose>#<second>`, sk `RATE`: how many messages go out in that second since 1970; of a person, in the hour from it."""

    taken = NumberAttribute()
    expires = NumberAttribute()


class PlacesItem(Item):
    """pk `RATE#<whose>`, sk `PLACES`: until when, in milliseconds since 1970, the places among a channel's messages are taken."""

    until = NumberAttribute()
    expires = NumberAttribute()


class ApartItem(Item):
    """pk `ORG#<org>#APART#<channel>#<mark>`, sk `APART`: until when, in seconds since 1970, an address gets nothing more."""

    until = NumberAttribute()
    expires = NumberAttribute()


def stage_due(uow: UnitOfWork, person_id: str, notice_id: str, at: datetime) -> None:
    """Have a notice said again when its time has come."""
    # By the person, too: everybody's digest of a day has the same id.
    shard, stamp = zlib.crc32(f"{person_id}{notice_id}".encode()) % SHARDS, clock.stamp(at)
    uow.put(
        DueItem(
            pk=f"DUE#{shard}",
            sk=f"{stamp}#{uow.organisation_id}#{person_id}#{notice_id}",
            organisation_id=uow.organisation_id,
            person_id=person_id,
            notice_id=notice_id,
            at=stamp,
        )
    )


def due_until(shard: int, until: datetime, limit: int) -> list[DueItem]:
    """The first of a shard that are due by then, over all organisations."""
    found = DueItem.query(
        f"DUE#{shard}",
        DueItem.sk <= f"{clock.stamp(until)}~",  # "~" sorts after the "#" that follows the time
        limit=limit,
        page_size=limit,
        consistent_read=True,
    )
    return list(found)


def forget_due(uow: UnitOfWork, item: DueItem) -> None:
    """Take a pointer away. Raises Conflict where another run of the clock has done so."""
    uow.delete(item, DueItem.pk.exists(), otherwise=Conflict())


def take_place(whose: str, per_second: float, ahead: float, now: float) -> float | None:
    """Take a message's place behind those before it: from when it may be sent, in seconds since 1970; None where that is not `ahead` near.

    Places lie evenly one after another, so that no stretch of a second holds more than a second of the clock. One that has passed is
    nobody's.
    """
    item, present, apart = PlacesItem(f"RATE#{whose}", "PLACES"), int(now * 1000), math.ceil(1000 / per_second)
    until, expires = PlacesItem.until, PlacesItem.expires.set(int(now) + _KEPT)
    if _done(item, [until.set(present + apart), expires], until.does_not_exist() | (until <= present)):
        return now
    if _done(item, [until.add(apart), expires], until < present + int(ahead * 1000)):
        return (int(item.until) - apart) / 1000
    return None


def take_second(whose: str, per_second: float, seconds: Iterable[int]) -> int | None:
    """Take a message's place in the first of these seconds that has one left; None where all are full.

    `per_second` may be below one: then a place is in every so manieth second only.
    """
    width = max(1, round(1 / per_second))
    most = max(1, int(per_second * width))
    for second in seconds:
        first = second - second % width
        item = RateItem(f"RATE#{whose}#{first}", "RATE")
        actions = [RateItem.taken.add(1), RateItem.expires.set(first + _KEPT)]
        if _done(item, actions, RateItem.taken.does_not_exist() | (RateItem.taken < most)):
            return max(second, first)
    return None


def spread(now: int) -> Iterable[int]:
    """Seconds to look for a place in when the next ones are full: at random in ever longer stretches, so that many find theirs quickly."""
    return [now + random.randrange(2**power, 2 ** (power + 1)) for power in range(2, 17)]  # noqa: S311 - jitter, not a secret


def take_of_hour(organisation_id: str, person_id: str, most: int, now: int) -> bool:
    """Take one of the messages that a person gets in an hour of the clock; False where he has had them all."""
    hour = now - now % HOUR
    item = RateItem(f"RATE#{organisation_id}#{person_id}#{hour}", "RATE")
    actions = [RateItem.taken.add(1), RateItem.expires.set(hour + _KEPT)]
    return _done(item, actions, RateItem.taken.does_not_exist() | (RateItem.taken < most))


def take_turn(organisation_id: str, channel: str, mark: str, apart: float, now: int) -> bool:
    """Whether the address may get a message now; then it gets no other for so many seconds."""
    until = now + max(1, round(apart))
    item = ApartItem(f"ORG#{organisation_id}#APART#{channel}#{mark}", "APART")
    actions = [ApartItem.until.set(until), ApartItem.expires.set(until + _KEPT)]
    return _done(item, actions, ApartItem.until.does_not_exist() | (ApartItem.until <= now))


def _done(item: Item, actions: list[Any], condition: Condition) -> bool:
    try:
        item.update(actions, condition)
    except UpdateError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        return False
    return True
