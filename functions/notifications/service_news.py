"""News: what staff write to everybody or to communities, who reads it, and how it is going to read."""

from typing import Any, Final

from notifications import rules_news, service_desk, service_telling, store, store_news
from notifications.channels.model import Message
from notifications.schemas_doors import OutcomeResponse, PreviewResponse
from notifications.schemas_news import NewsDraft, NewsItem, NewsRequest, NewsResponse
from notifications.service_reader import Reader
from notifications.service_unsubscribe import unsubscribe_address
from shared import access
from shared.access import Principal
from shared.errors import DomainError, FieldProblem, NotFound
from shared.settings import settings
from shared.tables import UnitOfWork

KIND: Final = "newsletter"
_PAGE: Final = 20


def list_news(me: Principal, cursor: dict[str, Any] | None) -> tuple[list[NewsItem], dict[str, Any] | None]:
    """A page of what was sent, newest first."""
    found, last_key = store_news.list_news(me.organisation_id, cursor, _PAGE)
    locale = Reader(me.organisation_id, me.person_id).locale
    return [_listed(item, locale) for item in found], last_key


def send_news(uow: UnitOfWork, me: Principal, body: NewsRequest) -> NewsItem:
    """Keep news and have it told. Raises DomainError `own_language_missing`, `nobody_there`."""
    own = access.organisation(me.organisation_id).locale
    if own not in body.words:
        raise DomainError("own_language_missing", problems=(FieldProblem(f"words.{own}", "own_language_missing"),))
    communities = None if body.community_ids is None else sorted(set(body.community_ids))
    for community_id in [None] if communities is None else communities:
        if next(service_telling.residents(me.organisation_id, community_id), None) is None:
            raise DomainError("nobody_there", problems=(FieldProblem("community_ids", "nobody_there"),))
    words = sorted(body.words.items(), key=lambda one: one[0] != own)
    titles: dict[str, str] = {language: one.title for language, one in words}
    texts: dict[str, str] = {language: one.text for language, one in words}
    item = store_news.stage_news(uow, titles, texts, communities, me.person_id)
    what, about = _what(item.news_id), {"news_id": item.news_id}
    if communities is None:
        service_telling.tell_everybody(uow, KIND, what, about)
    else:
        service_telling.tell_communities(uow, communities, KIND, what, about)
    return _listed(item, Reader(me.organisation_id, me.person_id).locale)


def get_news(me: Principal, news_id: str) -> NewsResponse:
    """News in the caller's words. Raises NotFound, also for whoever was not told it and is none of the staff."""
    if not (me.is_staff or store.was_told(me.organisation_id, me.person_id, _what(news_id))):
        raise NotFound
    item, reader = store_news.find_news(me.organisation_id, news_id), Reader(me.organisation_id, me.person_id)
    text, language = reader.text(news_id)
    return NewsResponse.model_validate(
        {
            "news_id": news_id,
            "title": reader.title(news_id),
            "text": text,
            "locale": language,
            "sent_at": item.sent_at,
        }
    )


def preview(me: Principal, draft: NewsDraft) -> PreviewResponse:
    """News as it is going to read."""
    return service_desk.preview_of(me.organisation_id, _message(me, draft))


def send_test(me: Principal, draft: NewsDraft) -> OutcomeResponse:
    """Send news to the caller's own e-mail address, and to nobody else. Raises what `service_desk.send_to_caller` raises."""
    return service_desk.send_to_caller(me, _message(me, draft))


def _message(me: Principal, draft: NewsDraft) -> Message:
    from notifications import rendering

    return rendering.render(
        KIND,
        rules_news.values_of(draft.title, draft.text),
        {"news_id": "example"},
        draft.locale,
        sender=access.organisation(me.organisation_id).name,
        origin=settings().need("public_origin"),
        notice_id="ntc_example",
        unsubscribe=unsubscribe_address(me.organisation_id, me.person_id, KIND),
    )


def _what(news_id: str) -> str:
    return f"{KIND}/{news_id}"


def _listed(item: store_news.NewsItem, locale: str) -> NewsItem:
    return NewsItem.model_validate(
        {
            "news_id": item.news_id,
            "title": item.titles[rules_news.language_for(item.titles, locale)],
            "languages": list(item.titles),
            "community_ids": item.community_ids,
            "sent_by": item.sent_by,
            "sent_at": item.sent_at,
            "told": int(item.told),
        }
    )
