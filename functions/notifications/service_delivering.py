"""Sends a notice to its person: by the steps of its kind's ladder, at a time that suits him, and never the same message twice.

A message lies outside the table, so what is done about it is written in two transactions: that it is tried, before the call, and what
became of it, after it. Whoever finds a try without an outcome comes after a kill: it may have been sent, so it is never sent again.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final, TypeVar

from notifications import (
    calls,
    rules_delivery,
    service_agenda,
    service_channels,
    service_digest,
    store,
    store_due,
    store_links,
    store_people,
)
from notifications.channels import channel as module_of
from notifications.channels.model import Call, NotConfiguredError, Outcome, State
from notifications.kinds import Channel, Kind
from notifications.rules_delivery import BAD, TRYING, Target, Try
from notifications.service_alarms import tell_staff_of
from notifications.service_digest import DIGEST, Parts
from notifications.service_reader import Reader
from notifications.store_links import Referred
from shared import clock
from shared.errors import NotFound
from shared.events.envelope import Metadata
from shared.events.notifications import NotificationDelivered, NotificationFailed, NotificationQueued
from shared.tables import UnitOfWork, run

R = TypeVar("R")

PATIENCE: Final = 4
"""Seconds that a message may wait for its address's turn, and what is urgent for its place; beyond them waits for the clock."""
MOST_AN_HOUR: Final = 20
"""Notices that are sent to a person within an hour; more stand in his inbox and are sent later."""
NO_OUTCOME: Final = Outcome(State.UNSURE, code="no_outcome")


def deliver(uow: UnitOfWork, event: NotificationQueued) -> None:
    """Send a notice as far as it may be sent now; what has to wait is said again by the clock. Safe to repeat, and after a kill."""
    notice = store.find_notice(uow.organisation_id, event.person_id, event.notice_id)
    if notice is None or service_agenda.is_settled(uow.organisation_id, notice):
        return
    case = _Case(uow.metadata, notice, Reader(uow.organisation_id, event.person_id))
    if service_digest.waits(uow, notice, case.reader):
        return
    now = clock.now()
    until: datetime | None = rules_delivery.earliest(case.kind, now, case.reader.wishes)
    if until == now and not case.is_one_too_many():
        case.settle()
        until = case.walk()
        if until is None and case.is_unheard:
            tell_staff_of(uow, event.person_id, "staff_unreached", f"staff_unreached/{event.notice_id}")
    elif until == now:
        until = now + timedelta(seconds=store_due.HOUR)
    if until:
        store_due.stage_due(uow, event.person_id, event.notice_id, until)


@dataclass
class _Case:
    """A notice with all that sending it needs. `notice` is read anew whenever something is written to its log."""

    metadata: Metadata
    notice: store.NoticeItem
    reader: Reader

    @property
    def org(self) -> str:
        return self.metadata.organisation_id

    @property
    def kind(self) -> Kind:
        return service_digest.kind_of(self.notice)

    @cached_property
    def parts(self) -> Parts | None:
        """What a digest is made of; asked for once it is closed."""
        return Parts(self.notice, self.reader) if self.notice.kind == DIGEST else None

    def is_one_too_many(self) -> bool:
        """Whether the person has had enough of this hour; of what was begun before, and of what cannot wait, there is never too much."""
        if self.notice.deliveries or rules_delivery.cannot_wait(self.kind):
            return False
        now = clock.timestamp()
        return not store_due.take_of_hour(self.org, self.notice.person_id, MOST_AN_HOUR, now)

    @property
    def is_unheard(self) -> bool:
        """Whether what cannot be refused has reached nobody once its ladder has ended; `unsure` may have."""
        tries = rules_delivery.tries_of(self.notice.deliveries)
        return rules_delivery.cannot_wait(self.kind) and all(one.state in {*BAD, State.AGAIN} for one in tries)

    def settle(self) -> None:
        """Note what an earlier run was killed at; of a digest whose hour has come, what it is made of."""
        while service_digest.is_open(self.notice):
            self._do(self._close)
        for place, entry in enumerate(self.notice.deliveries):
            if entry["state"] == TRYING:
                self._note_outcome(place, Target(Channel(entry["channel"]), ""), NO_OUTCOME)

    def walk(self) -> datetime | None:
        """Go up the ladder; until when to wait, where something is left to do."""
        steps = self.parts.steps if self.parts else self.reader.steps(self.notice)
        held: list[Try] = []
        while True:
            tries = [*rules_delivery.tries_of(self.notice.deliveries), *held]
            move = rules_delivery.next_move(steps, tries, clock.now(), urgent=self.kind.urgent)
            if move.target is None:
                return move.until
            until = wait_for_place(self.org, move.target, urgent=self.kind.urgent)
            if until:
                held.append(Try(move.target.channel.value, move.target.mark, State.AGAIN.value, until))
            else:
                self._try(move.target)

    def _try(self, target: Target) -> None:
        place = len(self.notice.deliveries)
        call = self._call(target, place)
        if not self._note_try(target, place):
            return  # somebody else is at it, too: go by what stands there now
        outcome = (
            call
            if isinstance(call, Outcome)
            else module_of(target.channel).understand(calls.make(target.channel, call))
        )
        self._note_outcome(place, target, outcome)

    def _call(self, target: Target, place: int) -> Call | Outcome:
        """The call that sends the message, or why there is none. What is made ready before the try is noted can be tried again."""
        account = service_channels.account_of(self.org, target.channel)
        if account is None:
            return Outcome(State.REFUSED, code="not_configured")
        reference = store_links.reference_of(self.org, self.notice.person_id, self.notice.notice_id, place)
        words = self.parts.message(target) if self.parts else self.reader.message(self.notice)
        message = replace(words, reference=reference)
        module = module_of(target.channel)
        try:
            address = module.address(account, target.address)
        except ValueError:
            return Outcome(State.GONE, code="bad_address")
        try:
            return module.send(account, address, message, clock.now())
        except (NotConfiguredError, ValueError):
            return Outcome(State.REFUSED, code="not_configured")

    def _close(self, uow: UnitOfWork) -> None:
        self._read()
        if service_digest.is_open(self.notice):
            service_digest.close(uow, self.notice, self.reader)

    def _note_try(self, target: Target, place: int) -> bool:
        def note(uow: UnitOfWork) -> bool:
            self._read()
            if len(self.notice.deliveries) != place:
                return False
            entry: dict[str, Any] = {"channel": target.channel.value, "mark": target.mark}
            entry |= {"state": TRYING, "at": _stamp()}
            if self.parts and (left_out := self.parts.left_out(target)):
                entry["left_out"] = left_out
            self.notice.deliveries = [*self.notice.deliveries, entry]
            uow.put(self.notice)
            return True

        return self._do(note)

    def _note_outcome(self, place: int, target: Target, outcome: Outcome) -> None:
        def note(uow: UnitOfWork) -> None:
            self._read()
            entries = [dict(entry) for entry in self.notice.deliveries]
            entry = entries[place]
            if outcome is NO_OUTCOME and entry["state"] != TRYING:
                return  # who was at it lives, and has noted it himself
            # A report may be faster than the answer; it knows more.
            if entry["state"] in {TRYING, State.UNSURE}:
                before = sum(_of(one) == _of(entry) for one in entries[:place])
                entry["state"], until = rules_delivery.judged(outcome, before, clock.now())
                entry |= {"at": _stamp(), "code": outcome.code}
                if until:
                    entry["until"] = clock.stamp(until)
            entry["message_id"] = outcome.message_id
            self.notice.deliveries = entries
            uow.put(self.notice)
            self._say(uow, entry, outcome)
            tried = Referred(self.org, self.notice.person_id, self.notice.notice_id, place)
            store_links.stage_sent(uow, target.channel, target.address, outcome.message_id, tried)
            if outcome.state is State.GONE and target.address:
                switch_off(uow, self.notice.person_id, target.channel, target.address, outcome.code)

        self._do(note)

    def _say(self, uow: UnitOfWork, entry: dict[str, Any], outcome: Outcome) -> None:
        notice, about = self.notice, {"kind": self.notice.kind, "channel": entry["channel"]}
        if outcome.state is State.SENT:
            uow.emit(NotificationDelivered(person_id=notice.person_id, notice_id=notice.notice_id, **about))
        else:
            code = outcome.code or entry["state"]
            uow.emit(NotificationFailed(person_id=notice.person_id, notice_id=notice.notice_id, code=code, **about))

    def _read(self) -> None:
        found = store.find_notice(self.org, self.notice.person_id, self.notice.notice_id)
        if found is None:
            raise NotFound
        self.notice = found

    def _do(self, work: Callable[[UnitOfWork], R]) -> R:
        return run(lambda: UnitOfWork(store.VARIABLE, self.metadata), work, lambda _uow, _result: None)


def switch_off(uow: UnitOfWork, person_id: str, channel: Channel, address: str, code: str) -> None:
    """Use an address no more because nothing arrives there, and tell the staff of its person, once a day and channel."""
    store_people.stage_link(uow, person_id, channel, address, state=store_people.OFF, code=code)
    what = f"staff_channel_failed/{person_id}/{channel.value}/{_stamp()[:10]}"
    tell_staff_of(uow, person_id, "staff_channel_failed", what, channel=channel.value)


def wait_for_place(organisation_id: str, target: Target, *, urgent: bool) -> datetime | None:
    """Take a place among the channel's messages and wait for it; or, where it is far off, until when to wait for the next one.

    What is urgent never stands behind everybody's reminders: a quarter of the rate is kept for it, and all places beyond the next second.
    """
    limits = module_of(target.channel).LIMITS
    if limits.apart and not _has_turn(organisation_id, target, limits.apart):
        return clock.now() + timedelta(seconds=limits.apart)
    whose, now = f"{'ALL' if limits.common else organisation_id}#{target.channel.value}", clock.timestamp()
    most = limits.per_second if urgent else limits.per_second - limits.per_second // 4
    at = store_due.take_place(whose, most, PATIENCE if urgent else 1, clock.now().timestamp())
    if at is not None:
        time.sleep(max(at - clock.now().timestamp(), 0))
        return None
    # A place to look for one again: so those who wait come one after another, not all at once.
    plan = f"{whose}#PLAN{'#URGENT' if urgent else ''}"
    planned = store_due.take_second(plan, most, store_due.spread(now))
    return clock.now() + timedelta(seconds=planned - now if planned else store_due.HOUR)


def _has_turn(organisation_id: str, target: Target, apart: float) -> bool:
    for waits in range(1 + int(PATIENCE // apart)):
        if waits:
            time.sleep(apart)
        if store_due.take_turn(organisation_id, target.channel.value, target.mark, apart, clock.timestamp()):
            return True
    return False


def _of(entry: dict[str, Any]) -> tuple[str, str]:
    return entry["channel"], entry["mark"]


def _stamp() -> str:
    return clock.stamp(clock.now())
