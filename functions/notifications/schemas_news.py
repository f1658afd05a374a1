"""The wire of news."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from notifications.schemas import Id
from notifications.schemas_preferences import LocaleName
from shared.wire import LINE, TEXT, Asked, Wire


class NewsWords(Asked):
    """News in one language: plain text, whose paragraphs stand between empty lines."""

    title: Annotated[str, Field(min_length=1, max_length=120), LINE]
    text: Annotated[str, Field(min_length=1, max_length=4000), TEXT]


class NewsRequest(Asked):
    """The organisation's own language must be among `words`. Without `community_ids` everybody is told who has a part in a contract."""

    words: Annotated[dict[LocaleName, NewsWords], Field(min_length=1)]
    community_ids: Annotated[list[Id], Field(min_length=1, max_length=50)] | None = None


class NewsDraft(NewsWords):
    """News in one language, to be looked at before it is sent."""

    locale: LocaleName


class NewsItem(Wire):
    """News that was sent. `title` is in the caller's language where it was written in it, else in the organisation's."""

    news_id: str
    title: str
    languages: list[LocaleName] = Field(description="In which it was written, the organisation's own first.")
    community_ids: list[str] | None = Field(description="Null: everybody who has a part in a contract.")
    sent_by: str
    sent_at: datetime
    told: int = Field(description="How many people have been told so far.")


class NewsListResponse(Wire):
    items: list[NewsItem]
    next_cursor: str | None


class NewsResponse(Wire):
    """News as the caller reads it."""

    news_id: str
    title: str
    text: str
    locale: LocaleName
    sent_at: datetime
