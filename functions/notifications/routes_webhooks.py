"""The public routes: what channels say, and refusing with one click. A function that has only these imports nothing of the others."""

import json
from typing import Any

from notifications import service_unsubscribe, service_webhooks
from notifications.base import app
from shared.http import PUBLIC, Call, Raw
from shared.observe import traced


@app.endpoint(
    "POST", "/notifications/webhooks/{channel}/{organisation_id}", returns=None, access=PUBLIC, raw=True
)  # fmt: skip
def post_notification_webhook(call: Call, channel: str, organisation_id: str) -> Raw:
    """Take a channel's signed message; the answer is what its protocol wants."""
    return service_webhooks.receive(call, "POST", channel, organisation_id)


@app.endpoint(
    "GET", "/notifications/webhooks/{channel}/{organisation_id}", returns=None, access=PUBLIC, raw=True
)  # fmt: skip
def get_notification_webhook(call: Call, channel: str, organisation_id: str) -> Raw:
    """Answer a channel that asks whether the address is ours."""
    return service_webhooks.receive(call, "GET", channel, organisation_id)


@app.endpoint("GET", "/unsubscribe/{token}", returns=None, access=PUBLIC, raw=True)
def get_unsubscribe(call: Call, token: str) -> Raw:
    """What a signed address would refuse; changes nothing. Browsers are sent to the site's page."""
    return service_unsubscribe.show(call, token)


@app.endpoint("POST", "/unsubscribe/{token}", returns=None, access=PUBLIC, raw=True)
def post_unsubscribe(call: Call, token: str) -> Raw:
    """Refuse a kind of notice by a signed address, with one click (RFC 8058): whoever has the address needs no session."""
    return service_unsubscribe.refuse(call, token)


@traced
def on_reports(event: dict[str, Any], context: Any) -> Any:
    """The Lambda handler of the queue of AWS's own events: what became of e-mail and SMS."""
    from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

    def work_off(record: Any) -> None:
        message = json.loads(record.body)
        service_webhooks.hear(message["detail-type"], message["detail"])

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(event=event, record_handler=work_off, processor=processor, context=context)
