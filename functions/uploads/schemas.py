"""The wire of POST /uploads."""

from typing import Final, Literal

from pydantic import Field

from shared.http.contracts import Example
from shared.wire import Asked, Wire
from uploads.rules import Purpose


class UploadRequest(Asked):
    name: str = Field(min_length=1, max_length=200)
    size: int = Field(gt=0, strict=True, description="Bytes.")
    type: str = Field(max_length=100, description="Media type; browsers give an empty one for kinds they do not know.")
    purpose: Purpose


class UploadResponse(Wire):
    """Send a multipart/form-data POST to `url`: the `fields` first, then the file as `file`; name `key` afterwards."""

    key: str
    url: str
    fields: dict[str, str]


class CheckRequest(Asked):
    key: str = Field(min_length=1, max_length=512, description="What `POST /uploads` gave, for a ticket or a reading.")


class CheckResponse(Wire):
    """`ready`: it may be named. `refused`: `code` says why, for good. Type, bytes and pixels are those of what is kept."""

    state: Literal["checking", "ready", "refused"]
    code: str | None = None
    type: str | None = None
    size: int | None = None
    width: int | None = None
    height: int | None = None


_KEY: Final = "org/org_01JD3M3M3M3M3M3M3M3M3M3M3M/bank_statement/upl_01JD3M3M3M3M3M3M3M3M3M3M3M/mbank.sta"
EXAMPLE: Final = Example(
    body={"name": "mbank.sta", "size": 901, "type": "", "purpose": "bank_statement"},
    response={
        "key": _KEY,
        "url": "https://uploads.example/",
        "fields": {
            "key": _KEY,
            "Content-Type": "application/octet-stream",
            "policy": "eyJ...",
            "x-amz-signature": "a1b2...",
        },
    },
)
CHECK: Final = Example(
    body={
        "key": "incoming/org/org_01JD3M3M3M3M3M3M3M3M3M3M3M/ticket/per_01JD3M3M3M3M3M3M3M3M3M3M3M/upl_01JD3M3M3M3M3M3M3M3M3M3M3M/leak.jpg"
    },
    response={"state": "ready", "code": None, "type": "image/jpeg", "size": 184320, "width": 1600, "height": 1200},
)
