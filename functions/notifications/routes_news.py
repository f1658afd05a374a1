"""Routes of news."""

from notifications import examples_news as examples
from notifications import schemas_news as schemas
from notifications import service_news
from notifications.base import app
from notifications.schemas_doors import OutcomeResponse, PreviewResponse
from shared.access import ANYONE_SIGNED_IN, STAFF_ONLY
from shared.http import LOOKUP, ORGANISATION, Call


@app.endpoint(
    "GET", "/news", returns=schemas.NewsListResponse, access=ORGANISATION, roles=STAFF_ONLY, paged=True,
    example=examples.LIST,
)  # fmt: skip
def get_news_list(call: Call) -> schemas.NewsListResponse:
    """What staff have sent, newest first."""
    items, last_key = service_news.list_news(call.me, call.cursor)
    return schemas.NewsListResponse(items=items, next_cursor=call.next_cursor(last_key))


@app.endpoint(
    "POST", "/news", body=schemas.NewsRequest, returns=schemas.NewsItem, access=ORGANISATION, roles=STAFF_ONLY,
    example=examples.SEND, errors=("nobody_there", "own_language_missing"), status=201,
)  # fmt: skip
def post_news(call: Call, body: schemas.NewsRequest) -> schemas.NewsItem:
    """Send news to everybody who has a part in a contract, or to those of communities, each in his language."""
    return service_news.send_news(call.uow, call.me, body)


@app.endpoint(
    "POST", "/news/preview", body=schemas.NewsDraft, returns=PreviewResponse, access=ORGANISATION, roles=STAFF_ONLY,
    example=examples.DRAFT,
)  # fmt: skip
def post_news_preview(call: Call, body: schemas.NewsDraft) -> PreviewResponse:
    """News as it is going to read, by e-mail and in short."""
    return service_news.preview(call.me, body)


@app.endpoint(
    "POST", "/news/test", body=schemas.NewsDraft, returns=OutcomeResponse, access=ORGANISATION, roles=STAFF_ONLY,
    example=examples.OWN_TEST, errors=("address_missing", "channel_not_offered", "invalid_address", "too_many_codes"),
)  # fmt: skip
def post_news_test(call: Call, body: schemas.NewsDraft) -> OutcomeResponse:
    """Send news to the caller's own e-mail address, and to nobody else."""
    return service_news.send_test(call.me, body)


@app.endpoint(
    "GET", "/news/{news_id}", returns=schemas.NewsResponse, access=LOOKUP, roles=ANYONE_SIGNED_IN,
    example=examples.READ,
)  # fmt: skip
def get_news(call: Call, news_id: str) -> schemas.NewsResponse:
    """News in the caller's words; for staff, and for whoever was told it."""
    return service_news.get_news(call.me, news_id)
