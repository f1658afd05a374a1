"""One real exchange of each route of news, for OpenAPI; a test holds them to the models."""

from typing import Any, Final

from notifications.examples_doors import PREVIEW, TEST
from shared.http.contracts import Example

_ULID: Final = "01JD3M3M3M3M3M3M3M3M3M3M3M"
_ID: Final = f"nws_{_ULID}"
_WORDS: Final = {
    "title": "New opening hours",
    "text": "From 1 December the office is open until 6 p.m. on Thursdays.\n\nOn other days nothing changes.",
}
_ITEM: Final[dict[str, Any]] = {
    "news_id": _ID,
    "title": _WORDS["title"],
    "languages": ["pl", "en"],
    "community_ids": None,
    "sent_by": f"per_{_ULID}",
    "sent_at": "2026-11-22T08:30:00Z",
    "told": 412,
}

LIST: Final = Example(response={"items": [_ITEM], "next_cursor": None})
SEND: Final = Example(
    body={
        "words": {
            "pl": {"title": "Nowe godziny otwarcia", "text": "Od 1 grudnia biuro jest czynne w czwartki do 18."},
            "en": _WORDS,
        },
        "community_ids": None,
    },
    response={**_ITEM, "told": 0},
)
READ: Final = Example(response={"news_id": _ID, **_WORDS, "locale": "en", "sent_at": "2026-11-22T08:30:00Z"})
DRAFT: Final = Example(body={**_WORDS, "locale": "en"}, response=PREVIEW.response)
OWN_TEST: Final = Example(body={**_WORDS, "locale": "en"}, response=TEST.response)
