"""The uploads bucket, as every context reads it. What is written there, and by whom: docs/uploads.md."""

import json
import os
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

from shared.settings import settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ABSENT: Final = frozenset({"NoSuchKey", "404", "403", "AccessDenied"})
"""S3 answers AccessDenied for a missing key to those who may not list the bucket."""


class FileTooLargeError(Exception):
    """An object holds more bytes than its reader takes."""


@cache
def s3() -> "S3Client":
    """The client of the bucket's region."""
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


def bucket() -> str:
    return settings().need("uploads_bucket")


def is_upload(key: str, organisation_id: str, purpose: str) -> bool:
    """Whether a key is one of an organisation's uploads of a purpose."""
    return key.startswith(f"org/{organisation_id}/{purpose}/") and ".." not in key


def read(key: str, most: int | None = None) -> bytes | None:
    """An object's content, or None where there is none. Raises FileTooLargeError for more than `most` bytes, before reading them."""
    from botocore.exceptions import ClientError

    try:
        answer = s3().get_object(Bucket=bucket(), Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] in ABSENT:
            return None
        raise
    if most is not None and answer["ContentLength"] > most:
        raise FileTooLargeError(key)
    return answer["Body"].read()


def read_json(key: str) -> dict[str, Any] | None:
    """A small JSON object, or None where there is none."""
    content = read(key)
    return None if content is None else json.loads(content)
