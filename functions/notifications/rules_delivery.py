"""When a notice goes out, and by which way next. Pure.

A quiet hour is one that the person's own clock shows: what would ring in it waits until the clock shows none any more, also on the days on
which the clock is changed. Statutory and urgent notices wait for nothing and are refused by nobody.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from notifications.channels.model import Outcome, State
from notifications.kinds import Channel, Kind, Nature

TRYING: Final = "trying"
FAILED: Final = "failed"
"""Tried as often as is reasonable."""
BAD: Final = frozenset({FAILED, "gone", "refused"})
"""The states of a try that lead to the next step; `unsure` does so only where it is urgent, for the message may have arrived."""
PAUSES: Final = (60, 5 * 60, 30 * 60, 120 * 60)
"""Seconds before each further try of what a channel did not take on."""
_MINUTE: Final = timedelta(minutes=1)


class Wishes(NamedTuple):
    """How a person wants to be told. `muted`: channels by kind or nature. Hours are those of `zone`."""

    zone: ZoneInfo
    muted: Mapping[str, Sequence[str]]
    quiet_from: time
    quiet_to: time
    digest_at: time | None


class Target(NamedTuple):
    """An address on a channel."""

    channel: Channel
    address: str

    @property
    def mark(self) -> str:
        """Stands for the address in the log, which holds none."""
        return hashlib.sha256(self.address.encode()).hexdigest()[:12]


class Try(NamedTuple):
    """What became of one try of one target. `until`: of `again`, when to try next."""

    channel: str
    mark: str
    state: str
    until: datetime | None = None


class Move(NamedTuple):
    """What is to be done next: send to `target`, or wait until `until`; with neither, nothing any more."""

    target: Target | None = None
    until: datetime | None = None


def cannot_wait(kind: Kind) -> bool:
    """Whether neither quiet hours nor refusals count."""
    return kind.urgent or kind.nature is Nature.STATUTORY


def earliest(kind: Kind, now: datetime, wishes: Wishes) -> datetime:
    """The first instant from `now` on at which a notice may go out: outside the quiet hours."""
    return now if cannot_wait(kind) else _end_of_quiet(now, wishes)


def digests_from(instant: datetime, wishes: Wishes) -> Iterator[datetime]:
    """When the digests go out that what was told at an instant may wait for: the next one, and those after it; none where he wants none."""
    while wishes.digest_at is not None:
        instant = _next_at(instant, wishes.zone, wishes.digest_at)
        yield _end_of_quiet(instant, wishes)
        instant += _MINUTE


def steps_of(name: str, kind: Kind, targets: Iterable[Target], wishes: Wishes) -> list[list[Target]]:
    """The ladder of a kind with the targets that the person has and has not muted; steps without any are left out."""
    muted: set[str] = set()
    if not cannot_wait(kind):
        muted = {*wishes.muted.get(name, ()), *wishes.muted.get(kind.nature.value, ())}
    have = [target for target in targets if target.channel.value not in muted]
    steps = [[target for channel in step for target in have if target.channel is channel] for step in kind.ladder]
    return [step for step in steps if step]


def next_move(steps: Sequence[Sequence[Target]], tries: Iterable[Try], now: datetime, *, urgent: bool) -> Move:
    """What is to be done next. On a step every target is used; the next one is gone to only where nobody was reached on it."""
    last = {(one.channel, one.mark): one for one in tries}
    waiting: list[datetime] = []
    for step in steps:
        reached, waits = False, []
        for target in step:
            known = last.get((target.channel.value, target.mark))
            if known is None or (known.state == State.AGAIN and _is_due(known, now)):
                return Move(target=target)
            if known.state == State.AGAIN:
                waits.append(known.until or now)
            elif known.state not in BAD and not (urgent and known.state == State.UNSURE):
                reached = True
        waiting += waits
        if reached:
            return Move(until=min(waits)) if waits else Move()
        if waits and not urgent:
            break
    return Move(until=min(waiting)) if waiting else Move()


def judged(outcome: Outcome, tries_before: int, now: datetime) -> tuple[str, datetime | None]:
    """The state of a try from what became of it, and when to try again: as the channel says, and not before our own pause."""
    if outcome.state is not State.AGAIN:
        return outcome.state.value, None
    if tries_before >= len(PAUSES):
        return FAILED, None
    return State.AGAIN.value, now + timedelta(seconds=max(outcome.seconds, PAUSES[tries_before]))


def hour(text: str) -> time:
    """An hour as it is kept, such as `07:30`. Raises ValueError."""
    return time.fromisoformat(text)


def tries_of(deliveries: Iterable[Mapping[str, Any]]) -> list[Try]:
    """The tries in a notice's log."""
    return [Try(one["channel"], one["mark"], one["state"], _instant(one.get("until"))) for one in deliveries]


def is_quiet(instant: datetime, wishes: Wishes) -> bool:
    """Whether the person's clock shows a quiet hour; the first one belongs to it, the last does not."""
    shown, start, end = instant.astimezone(wishes.zone).time(), wishes.quiet_from, wishes.quiet_to
    return start <= shown < end if start <= end else shown >= start or shown < end


def _end_of_quiet(instant: datetime, wishes: Wishes) -> datetime:
    """Minute by minute, at most a day and an hour of them: nothing to get wrong where a clock jumps."""
    if not is_quiet(instant, wishes):
        return instant
    instant = instant.replace(second=0, microsecond=0)
    while is_quiet(instant, wishes):
        instant += _MINUTE
    return instant


def _next_at(instant: datetime, zone: ZoneInfo, at: time) -> datetime:
    """When the clock shows `at` next. An hour that a change leaves out comes as much later; of one that comes twice both count."""
    today = instant.astimezone(zone).date()
    shown = (
        datetime.combine(today + timedelta(days=days), at.replace(fold=fold), zone).astimezone(UTC)
        for days in (0, 1)
        for fold in (0, 1)
    )
    return next(one for one in shown if one >= instant)


def _is_due(known: Try, now: datetime) -> bool:
    return known.until is None or known.until <= now


def _instant(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
