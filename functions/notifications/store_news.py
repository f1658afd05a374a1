"""News that staff have written to many. Access patterns: docs/data-model.md."""

from datetime import timedelta
from functools import lru_cache
from typing import Any, Final

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from notifications.store import KEPT, Item
from shared import clock
from shared.errors import NotFound
from shared.ids import new_id
from shared.tables import UnitOfWork

_KEPT: Final = KEPT + timedelta(days=31)
"""Longer than the notices that refer to it."""

ByLanguage = dict[str, str]


class NewsItem(Item):
    """pk `ORG#<org>#NEWS`, sk `<news>`: what a list of news needs of it. Written once, but for `told`."""

    news_id = UnicodeAttribute()
    titles = JSONAttribute()
    """By language."""
    community_ids = JSONAttribute(null=True)
    """Who was to be told: the people of these communities; None: everybody who has a part in a contract."""
    sent_by = UnicodeAttribute()
    sent_at = UnicodeAttribute()
    told = NumberAttribute(default=0)
    """How many people have been told so far."""
    expires = NumberAttribute()


class NewsTextItem(Item):
    """pk `ORG#<org>#NEWS#<news>`, sk `TEXT`: its text, which may be long, by language."""

    texts = JSONAttribute()
    expires = NumberAttribute()


def stage_news(
    uow: UnitOfWork, titles: ByLanguage, texts: ByLanguage, community_ids: list[str] | None, sent_by: str
) -> NewsItem:
    """Keep news."""
    org, news_id, expires = uow.organisation_id, new_id("nws"), clock.timestamp() + int(_KEPT.total_seconds())
    item = NewsItem(
        pk=_pk(org),
        sk=news_id,
        news_id=news_id,
        titles=titles,
        community_ids=community_ids,
        sent_by=sent_by,
        sent_at=clock.stamp(clock.now()),
        expires=expires,
    )
    uow.create(item)
    uow.create(NewsTextItem(pk=_text_pk(org, news_id), sk="TEXT", texts=texts, expires=expires))
    return item


def stage_told(uow: UnitOfWork, news_id: str, people: int) -> None:
    """Count people who are told."""
    uow.update(NewsItem(_pk(uow.organisation_id), news_id), [NewsItem.told.add(people)], NewsItem.pk.exists())


def list_news(
    organisation_id: str, cursor: dict[str, Any] | None, limit: int
) -> tuple[list[NewsItem], dict[str, Any] | None]:
    """A page of the organisation's news, newest first."""
    found = NewsItem.query(
        _pk(organisation_id),
        scan_index_forward=False,
        limit=limit,
        page_size=limit,
        last_evaluated_key=cursor,
        consistent_read=True,
    )
    return list(found), found.last_evaluated_key


def find_news(organisation_id: str, news_id: str) -> NewsItem:
    """Raises NotFound."""
    try:
        return NewsItem.get(_pk(organisation_id), news_id, consistent_read=True)
    except NewsItem.DoesNotExist as error:
        raise NotFound from error


@lru_cache(maxsize=128)
def titles_of(organisation_id: str, news_id: str) -> ByLanguage:
    """The titles, which never change, by language. Raises NotFound."""
    return dict(find_news(organisation_id, news_id).titles)


@lru_cache(maxsize=16)
def texts_of(organisation_id: str, news_id: str) -> ByLanguage:
    """The texts, which never change, by language. Raises NotFound."""
    try:
        return dict(NewsTextItem.get(_text_pk(organisation_id, news_id), "TEXT", consistent_read=True).texts)
    except NewsTextItem.DoesNotExist as error:
        raise NotFound from error


def _pk(organisation_id: str) -> str:
    return f"ORG#{organisation_id}#NEWS"


def _text_pk(organisation_id: str, news_id: str) -> str:
    return f"ORG#{organisation_id}#NEWS#{news_id}"
