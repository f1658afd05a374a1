"""Routes of uploads, and what listens to the bucket."""

import json
from typing import Any
from urllib.parse import unquote_plus

from shared.access import ANYONE_SIGNED_IN
from shared.http import LOOKUP, SELF, Call, PortalApp
from shared.observe import traced
from uploads import checks, service
from uploads.schemas import CHECK, EXAMPLE, CheckRequest, CheckResponse, UploadRequest, UploadResponse

app = PortalApp("uploads")


@app.endpoint(
    "POST",
    "/uploads",
    body=UploadRequest,
    returns=UploadResponse,
    status=201,
    access=SELF,
    roles=ANYONE_SIGNED_IN,
    example=EXAMPLE,
    repeatable=True,
    errors=("upload_too_large", "upload_type_refused"),
)
def post_upload(call: Call, body: UploadRequest) -> UploadResponse:
    """A form that takes one file for one purpose; `ticket` and `reading` are for everybody, the others for staff."""
    return service.prepare_upload(call.me, body)


@app.endpoint(
    "POST",
    "/uploads/checks",
    body=CheckRequest,
    returns=CheckResponse,
    access=LOOKUP,
    roles=ANYONE_SIGNED_IN,
    example=CHECK,
    repeatable=True,
)
def post_check(call: Call, body: CheckRequest) -> CheckResponse:
    """How the check of one's own file for a ticket or a reading stands."""
    return service.get_check(call.me, body.key)


def _files_arrived(event: dict[str, Any], context: Any) -> Any:
    """The Lambda handler of the bucket's queue: partial batch response, so that one bad file returns alone."""
    from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(event=event, record_handler=_file_arrived, processor=processor, context=context)


def _file_arrived(record: Any) -> None:
    # S3's own test of the queue has no records.
    for each in json.loads(record.body).get("Records", []):
        found = each["s3"]["object"]
        checks.check(unquote_plus(found["key"]), found["eTag"], int(record.attributes.approximate_receive_count))


on_files = traced(_files_arrived)
