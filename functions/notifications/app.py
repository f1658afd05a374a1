"""Routes and event handlers of notifications: parse, one call, answer."""

from typing import Any

from notifications import (
    examples,
    heard,  # noqa: F401 - registers what is heard
    routes_doors,  # noqa: F401 - registers its routes
    routes_news,  # noqa: F401 - registers its routes
    routes_preferences,  # noqa: F401 - registers routes
    routes_webhooks,  # noqa: F401 - registers its routes
    schemas,
    service_agenda,
    service_contracts,
    service_delivering,
    service_due,
    service_inbox,
)
from notifications.base import app, consumers
from notifications.routes_reminders import run_reminders
from shared.access import ANYONE_SIGNED_IN
from shared.events.catalog import ContractStarted
from shared.events.notifications import NotificationQueued
from shared.http import SELF, Call
from shared.tables import UnitOfWork

__all__ = ["app", "consumers", "on_events", "run_notifications", "run_reminders"]


# ------------------------------------------------------------------ the inbox
@app.endpoint(
    "GET", "/notifications", returns=schemas.InboxResponse, access=SELF, roles=ANYONE_SIGNED_IN, paged=True,
    example=examples.INBOX,
)  # fmt: skip
def get_notifications(call: Call) -> schemas.InboxResponse:
    """What the caller was told, newest first, and how much of it is unread."""
    items, last_key = service_inbox.get_inbox(call.me, call.cursor)
    unread = service_inbox.count_unread(call.me)
    return call.with_etag(schemas.InboxResponse(items=items, unread=unread, next_cursor=call.next_cursor(last_key)))


@app.endpoint(
    "POST", "/notifications/read", body=schemas.ReadRequest, returns=schemas.UnreadResponse, access=SELF,
    roles=ANYONE_SIGNED_IN, example=examples.READ,
)  # fmt: skip
def post_read(call: Call, body: schemas.ReadRequest) -> schemas.UnreadResponse:
    """Mark notices as read."""
    return service_inbox.mark_read(call.uow, call.me, body)


# ------------------------------------------------------------------ what is heard
@consumers.on(ContractStarted)
def _contract_started(event: ContractStarted, uow: UnitOfWork) -> None:
    if service_contracts.keep_contract(uow, event):
        service_agenda.keep_contract(uow, event)


@consumers.on(NotificationQueued)
def _notification_queued(event: NotificationQueued, uow: UnitOfWork) -> None:
    service_delivering.deliver(uow, event)


def on_events(event: dict[str, Any], context: Any) -> Any:
    """The Lambda handler of the context's queue."""
    return consumers.handler(event, context)


def run_notifications(_event: Any, _context: Any) -> dict[str, int]:
    """The clock's function: says again what had to wait. Safe to run again."""
    return service_due.run_due()
