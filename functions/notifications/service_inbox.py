"""The inbox: what a person was told, and what of it he has read."""

from contextlib import suppress
from typing import Any, Final

from notifications import service_digest, store
from notifications.kinds import KINDS
from notifications.schemas import Delivery, Notice, ReadRequest, UnreadResponse
from notifications.service_reader import Reader
from notifications.store import NoticeItem
from shared.access import Principal
from shared.errors import NotFound
from shared.tables import UnitOfWork

PAGE: Final = 30


def get_inbox(me: Principal, cursor: dict[str, Any] | None) -> tuple[list[Notice], dict[str, Any] | None]:
    """A page of the caller's notices, newest first."""
    found, last_key = store.list_notices(me.organisation_id, me.person_id, cursor, PAGE)
    return shown(me.organisation_id, me.person_id, found), last_key


def count_unread(me: Principal) -> int:
    """How many the caller has not read, at most MOST_UNREAD."""
    return len(store.unread_notices(me.organisation_id, me.person_id))


def mark_read(uow: UnitOfWork, me: Principal, body: ReadRequest) -> UnreadResponse:
    """Mark notices as read: those named, or the newest, as many as fit into a transaction; how many unread ones are left.

    Others' ids, and those read before, change nothing.
    """
    # Twice as many as are counted: what is left of them after one transaction still tells whether there are so many.
    unread = store.unread_notices(me.organisation_id, me.person_id, 2 * store.MOST_UNREAD)
    wanted = [item.notice_id for item in unread] if body.notice_ids is None else sorted(set(body.notice_ids))
    found = store.load_notices(me.organisation_id, me.person_id, wanted[: store.MOST_UNREAD]) if wanted else []
    fresh = [item for item in found if item.read_at is None][: store.MOST_UNREAD - 1]
    for item in fresh:
        store.stage_read(uow, item)
    return UnreadResponse(unread=min(max(len(unread) - len(fresh), 0), store.MOST_UNREAD))


def shown(organisation_id: str, person_id: str, items: list[NoticeItem]) -> list[Notice]:
    """A person's notices with what became of each on each channel, by itself or in a digest."""
    digests, reader = store.load_digests(organisation_id, person_id, items), Reader(organisation_id, person_id)
    return [
        Notice(
            notice_id=item.notice_id,
            kind=item.kind,
            about=item.about,
            values=_values(item, reader),
            created_at=item.created_at,
            read=item.read_at is not None,
            deliveries=_deliveries(item, digests.get(item.digest_id or "")),
        )
        for item in items
    ]


def _values(item: NoticeItem, reader: Reader) -> dict[str, Any]:
    """What its words are made of; of news the title, as long as the news is kept."""
    if not (item.kind in KINDS and KINDS[item.kind].by_reference):
        return dict(item.values)
    with suppress(NotFound):
        return {"title": reader.title(item.about["news_id"])}
    return {}


def _deliveries(item: NoticeItem, digest: NoticeItem | None) -> list[Delivery]:
    log = item.deliveries if digest is None else service_digest.log_of(digest, item)
    return [
        Delivery(
            channel=one["channel"],
            state=one["state"],
            at=one["at"],
            code=one.get("code") or "",
            digest=digest is not None,
        )
        for one in log
    ]
