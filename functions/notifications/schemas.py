"""The wire of notifications. The words are the reader's: the site has them by kind, in his language."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from shared.wire import Asked, Wire

Id = Annotated[str, Field(min_length=1, max_length=64)]


class Delivery(Wire):
    """A try to send it: what the channel said last, and when. The words of `code` are the channel's own."""

    channel: str
    state: str
    at: datetime
    code: str
    digest: bool = Field(description="Whether it went out in the day's digest, with others.")


class Notice(Wire):
    """One thing that the caller was told."""

    notice_id: str
    kind: str
    about: dict[str, str] = Field(description="Ids of what it is about, such as `contract_id` or `payment_id`.")
    values: dict[str, str | int] = Field(description="What its words are made of: dates, codes, money in minor units.")
    created_at: datetime
    read: bool
    deliveries: list[Delivery]


class InboxResponse(Wire):
    items: list[Notice]
    unread: int = Field(description="How many are unread in all; 100 stands for that and more.")
    next_cursor: str | None


class ReadRequest(Asked):
    """Which notices have been read; without any, all of them."""

    notice_ids: Annotated[list[Id], Field(min_length=1, max_length=50)] | None = None


class UnreadResponse(Wire):
    unread: int
