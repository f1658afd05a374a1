"""Routes and event handlers of notifications: parse, one call, answer."""

from typing import Any

from notifications import examples, schemas, service_contracts, service_inbox, service_telling
from notifications.base import app, consumers
from shared.access import ANYONE_SIGNED_IN
from shared.events.catalog import ContractStarted, PaymentSettled
from shared.http import SELF, Call
from shared.tables import UnitOfWork


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
    service_contracts.keep_contract(uow, event)


@consumers.on(PaymentSettled)
def _payment_settled(event: PaymentSettled, uow: UnitOfWork) -> None:
    service_telling.tell_parties(
        uow, event.contract_id, "payment_settled", f"payment_settled/{event.payment_id}",
        {"payment_id": event.payment_id}, amount=event.amount, currency=event.currency, day=event.value_date.isoformat(),
    )  # fmt: skip


def on_events(event: dict[str, Any], context: Any) -> Any:
    """The Lambda handler of the context's queue."""
    return consumers.handler(event, context)
