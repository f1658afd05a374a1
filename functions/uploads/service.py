"""Presigned uploads: files go from the browser to the bucket, never through a function."""

import os
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

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
    from botocore.config import Config

    given = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    region = os.environ.get("AWS_REGION", "eu-central-1")
    # The bucket's regional name, which the site's Content-Security-Policy allows: the global one answers a form to a young
    # bucket with a redirect that no browser follows. Where an endpoint is given (the local cloud), it is taken as it is.
    endpoint = given or f"https://s3.{region}.amazonaws.com"
    style: Literal["auto", "virtual"] = "auto" if given else "virtual"
    config = Config(signature_version="s3v4", s3={"addressing_style": style})
    return boto3.client("s3", region_name=region, endpoint_url=endpoint, config=config)


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
