"""Presigned uploads: files go from the browser to the bucket, never through a function."""

from functools import cache
from typing import TYPE_CHECKING, Final

from shared.ids import new_id
from shared.settings import settings
from uploads import rules
from uploads.schemas import UploadRequest, UploadResponse

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_SECONDS: Final = 900


@cache
def _s3() -> "S3Client":
    import boto3

    return boto3.client("s3")


def prepare_upload(organisation_id: str, request: UploadRequest) -> UploadResponse:
    """A form that takes exactly this file for a quarter of an hour.

    The key lies under the organisation's own prefix and the purpose, so that whoever names it later can be checked by it.
    Raises DomainError `upload_too_large` or `upload_type_refused`.
    """
    media_type = rules.media_type(request.purpose, request.name, request.size, request.type)
    key = f"org/{organisation_id}/{request.purpose}/{new_id('upl')}/{rules.safe_name(request.name)}"
    form = _s3().generate_presigned_post(
        settings().need("uploads_bucket"),
        key,
        Fields={"Content-Type": media_type},
        Conditions=[{"Content-Type": media_type}, ["content-length-range", 1, request.size]],
        ExpiresIn=_SECONDS,
    )
    return UploadResponse(key=key, url=form["url"], fields=form["fields"])
