"""Counting failures. An attempt is counted before it is made and forgiven if it was right, so a burst cannot slip through."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from pynamodb.exceptions import UpdateError

from auth import rules, store
from auth.rules import Counter
from auth.store import Attempts
from shared import clock
from shared.errors import DomainError

_RACES: Final = 6


@dataclass(frozen=True)
class Counted:
    """A counter of one person, address or pair."""

    counter: Counter
    key: str


def counted(counter: Counter, person: str, address: str) -> Counted:
    """`person` is what was typed, known or not: an unknown e-mail must be counted like a known one."""
    parts = {"person": (person,), "address": (address,), "pair": (person, address)}[counter.of]
    return Counted(counter, f"ATTEMPTS#{store.digest(counter.purpose, counter.of, *parts)}")


def reserve(things: Iterable[Counted]) -> tuple[Counted, ...]:
    """Count an attempt on all of them. Raises `too_many_attempts` (429, Retry-After) where one of them has to wait."""
    things = tuple(things)
    stored = {thing: store.find(Attempts, thing.key, "ATTEMPTS") for thing in things}
    _refuse_early(stored)
    for thing in things:
        _count(thing, stored[thing])
    return things


def forgive(things: Iterable[Counted]) -> None:
    """The attempt was right: a pair begins anew, person and address lose the one failure that was counted ahead."""
    for thing in things:
        item = Attempts(thing.key, "ATTEMPTS")
        if thing.counter.of == "pair":
            item.delete()
            continue
        try:
            item.update([Attempts.failures.add(-1)], Attempts.failures > 0)
        except UpdateError as error:
            _ignore_failed_condition(error)


def _refuse_early(stored: dict[Counted, Attempts | None]) -> None:
    wait = max((_wait(thing, item) for thing, item in stored.items()), default=0)
    if wait:
        raise too_many(wait)


def _count(thing: Counted, item: Attempts | None) -> None:
    for _ in range(_RACES):
        wait = _wait(thing, item)
        if wait:
            raise too_many(wait)
        if _try_count(thing, item):
            return
        item = store.find(Attempts, thing.key, "ATTEMPTS")
    raise too_many(1)


def _try_count(thing: Counted, item: Attempts | None) -> bool:
    """Write the next failure over what was read; False where another attempt was faster."""
    now = clock.timestamp()
    limit = thing.counter.limit
    before = rules.counted(int(item.failures), now - int(item.last), limit) if item else 0
    fresh = Attempts.pk.does_not_exist()
    unchanged = (Attempts.failures == item.failures) & (Attempts.last == item.last) if item else fresh
    try:
        Attempts(thing.key, "ATTEMPTS").update(
            [Attempts.failures.set(before + 1), Attempts.last.set(now), Attempts.expires.set(now + limit.window)],
            unchanged,
        )
    except UpdateError as error:
        _ignore_failed_condition(error)
        return False
    return True


def _wait(thing: Counted, item: Attempts | None) -> int:
    if item is None:
        return 0
    return rules.seconds_to_wait(int(item.failures), clock.timestamp() - int(item.last), thing.counter.limit)


def too_many(wait: int) -> DomainError:
    return DomainError("too_many_attempts", HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": str(wait)})


def _ignore_failed_condition(error: UpdateError) -> None:
    if error.cause_response_code != "ConditionalCheckFailedException":
        raise error
