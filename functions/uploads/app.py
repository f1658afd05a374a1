"""POST /uploads."""

from shared.access import STAFF_ONLY
from shared.http import ORGANISATION, Call, PortalApp
from uploads import service
from uploads.schemas import EXAMPLE, UploadRequest, UploadResponse

app = PortalApp("uploads")


@app.endpoint(
    "POST",
    "/uploads",
    body=UploadRequest,
    returns=UploadResponse,
    status=201,
    access=ORGANISATION,
    roles=STAFF_ONLY,
    example=EXAMPLE,
    repeatable=True,
    errors=("upload_too_large", "upload_type_refused"),
)
def post_upload(call: Call, body: UploadRequest) -> UploadResponse:
    """A form that takes one file for one purpose."""
    return service.prepare_upload(call.me.organisation_id, body)
