"""The daily digest: what waits for a person's hour goes out as one message, and each notice in it knows by which.

A digest is kept like a notice, so that it is sent like one, under the day on which it goes out: there is one a day. It is open from the
first notice that waits until its hour has come; notice and digest note each other in one transaction. Closed, it takes on nothing more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Final

from notifications import rules_delivery, service_agenda, store, store_due
from notifications.channels.model import Message
from notifications.kinds import KINDS, MESSENGERS, Channel, Kind, Nature
from notifications.rules_delivery import Target
from notifications.rules_reminders import OVERDUE
from notifications.service_reader import Reader
from notifications.store import NoticeItem
from shared import access, clock
from shared.events.notifications import NotificationQueued
from shared.settings import settings
from shared.tables import UnitOfWork

DIGEST: Final = "digest"
_KIND: Final = Kind(Nature.REMINDER, ((Channel.EMAIL,), MESSENGERS, (Channel.SMS,)), (), "/notifications")
"""Nobody is told it and nobody refuses it: what is in it may be refused. So it is none of the catalogue's."""
ALONE: Final = "alone"
"""Stands in a notice for its digest when it has waited and goes out as its own message."""
MOST: Final = 40
"""Notices that a digest says in words, and that leave it in one transaction; of the others it says how many there are."""
_LOOKED_BACK: Final = timedelta(days=1)


def kind_of(notice: NoticeItem) -> Kind:
    """A notice's kind. Raises KeyError for one that there is not any more."""
    return _KIND if notice.kind == DIGEST else KINDS[notice.kind]


def waits(uow: UnitOfWork, notice: NoticeItem, reader: Reader) -> bool:
    """Whether a notice goes out with a digest; if it may and is with none yet, it is put on the next that is open.

    What would come too late with that one does not wait.
    """
    if notice.digest_id:
        return notice.digest_id != ALONE
    if notice.kind == DIGEST or notice.deliveries or rules_delivery.cannot_wait(kind_of(notice)):
        return False
    told_at = max(datetime.fromisoformat(notice.created_at), clock.now() - _LOOKED_BACK)
    for at in rules_delivery.digests_from(told_at, reader.wishes):
        day = at.astimezone(reader.wishes.zone).date()
        if _is_past_by(notice, day):
            break
        digest = store.find_digest(uow.organisation_id, notice.person_id, day)
        if digest is None or is_open(digest):
            _put_on(uow, digest or store.new_digest(uow.organisation_id, notice.person_id, day, DIGEST), notice, at)
            return True
    return False


def _put_on(uow: UnitOfWork, digest: NoticeItem, notice: NoticeItem, at: datetime) -> None:
    due_at = digest.values.get("due_at")
    # Without one it is new. An earlier one counts when the person has set another hour; the later pointer finds the digest closed.
    if due_at is None or clock.stamp(at) < due_at:
        due_at = clock.stamp(at)
        store_due.stage_due(uow, digest.person_id, digest.notice_id, max(at, clock.now()))
    digest.values = {"notice_ids": [*ids_of(digest), notice.notice_id], "due_at": due_at}
    notice.digest_id = digest.notice_id
    uow.put(digest)
    uow.put(notice)


def _is_past_by(notice: NoticeItem, day: date) -> bool:
    """Whether the day to which a notice counts down has passed by then; what is overdue only grows older."""
    values = notice.values
    counts_down = "days" in values and notice.kind != OVERDUE
    return counts_down and day.isoformat() > (values.get("last") or values["day"])


def is_open(notice: NoticeItem) -> bool:
    """Whether it is a digest whose hour has not come."""
    return notice.kind == DIGEST and "due_at" in notice.values


def ids_of(digest: NoticeItem) -> list[str]:
    """The notices that it collects."""
    return list(digest.values["notice_ids"])


def close(uow: UnitOfWork, digest: NoticeItem, reader: Reader) -> None:
    """Make the digest of what is still to be said, or a part of the way there: it is closed when nothing has to leave it any more.

    What cannot go by its first way but by another, and what would be alone in it, leaves it and goes out as its own message. What is
    settled, or refused on every channel, is not sent, as it would not be by itself.
    """
    parts = Parts(digest, reader)
    first = next(iter(parts.steps), [])
    kept = parts.carried(first)
    if len(kept) == 1:
        kept = []
    leaving = [one for one in parts.notices if one not in kept]
    for notice in leaving[:MOST]:
        notice.digest_id = ALONE
        uow.put(notice)
        uow.emit(NotificationQueued(person_id=notice.person_id, notice_id=notice.notice_id))
    left = [*kept, *leaving[MOST:]]
    ids = sorted(one.notice_id for one in left)
    digest.values = {**digest.values, "notice_ids": ids} if len(leaving) > MOST else {"notice_ids": ids}
    uow.put(digest)


@dataclass
class Parts:
    """The notices of a digest that are still to be said: by which ways, and in which words."""

    digest: NoticeItem
    reader: Reader

    @cached_property
    def notices(self) -> list[NoticeItem]:
        """In the order in which they were told, without those that are settled or have no way to the person."""
        org = self.reader.organisation_id
        found = store.load_notices(org, self.digest.person_id, ids_of(self.digest))
        left = [one for one in found if self.reader.steps(one) and not service_agenda.is_settled(org, one)]
        return sorted(left, key=lambda one: one.notice_id)

    @cached_property
    def steps(self) -> list[list[Target]]:
        """Its ladder, beginning with the first step that several of its notices may go by: what is sent there is not sent further on."""
        steps = [[one for one in self._ways if one.channel in step] for step in _KIND.ladder]
        return sorted((step for step in steps if step), key=lambda step: len(self.carried(step)) <= 1)

    def carried(self, targets: Iterable[Target]) -> list[NoticeItem]:
        """The notices that may go to any of these addresses."""
        wanted = set(targets)
        return [one for one in self.notices if wanted.intersection(self._of(one))]

    def left_out(self, target: Target) -> list[str]:
        """What an address is not told, because it is refused there or does not go there."""
        return sorted(set(ids_of(self.digest)) - {one.notice_id for one in self.carried([target])})

    def message(self, target: Target) -> Message:
        """All that goes to an address as one message; raises what the words of each raise."""
        from notifications import rendering

        carried = self.carried([target])
        return rendering.render_digest(
            [self.reader.message(one) for one in carried[:MOST]],
            len(carried),
            self.reader.locale,
            sender=access.organisation(self.reader.organisation_id).name,
            page=_KIND.page,
            origin=settings().need("public_origin"),
            notice_id=self.digest.notice_id,
        )

    @cached_property
    def _ways(self) -> list[Target]:
        """Every address that something in it may go to."""
        return list(dict.fromkeys(target for one in self.notices for target in self._of(one)))

    def _of(self, notice: NoticeItem) -> list[Target]:
        return [target for step in self.reader.steps(notice) for target in step]


def log_of(digest: NoticeItem, notice: NoticeItem) -> list[dict[str, Any]]:
    """The tries of a digest that a notice was in."""
    if notice.notice_id not in ids_of(digest):
        return []
    return [one for one in digest.deliveries if notice.notice_id not in one.get("left_out", ())]
