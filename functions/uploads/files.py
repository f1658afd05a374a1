"""The uploads bucket."""

import json
import os
from functools import cache
from typing import IO, TYPE_CHECKING, Any, Final, Literal

from shared.settings import settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_UNCLAIMED: Final = "claimed=no"
"""A lifecycle rule forgets objects with this tag after two days; the ticket that names them changes it."""
_ABSENT: Final = frozenset({"NoSuchKey", "404", "403", "AccessDenied"})
"""S3 answers AccessDenied for a missing key to those who may not list the bucket."""
_PRECONDITION: Final = frozenset({"PreconditionFailed", "412"})
_CHUNK: Final = 1024 * 1024


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


def read_json(key: str) -> dict[str, Any] | None:
    """A small object, or None where there is none."""
    from botocore.exceptions import ClientError

    try:
        answer = s3().get_object(Bucket=bucket(), Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] in _ABSENT:
            return None
        raise
    content: dict[str, Any] = json.loads(answer["Body"].read())
    return content


def fetch(key: str, etag: str, most: int, into: IO[bytes]) -> tuple[int, dict[str, str]] | None:
    """Copy an object's content into a file; its size and its metadata.

    None where it is no longer the content with this ETag: somebody put another in its place. Of one larger than `most` bytes
    nothing is copied. An object that is gone is an error.
    """
    from botocore.exceptions import ClientError

    try:
        answer = s3().get_object(Bucket=bucket(), Key=key, IfMatch=f'"{etag}"')
    except ClientError as error:
        if error.response["Error"]["Code"] in _PRECONDITION:
            return None
        raise
    if answer["ContentLength"] <= most:
        for chunk in answer["Body"].iter_chunks(_CHUNK):
            into.write(chunk)
    return answer["ContentLength"], answer["Metadata"]


def put(key: str, content: bytes | IO[bytes], media_type: str, source: str) -> None:
    """Write an unclaimed object; `source` is the ETag of what it was made of."""
    s3().put_object(**_object(key, content, media_type, source))


def put_first(key: str, content: bytes | IO[bytes], media_type: str, source: str) -> bool:
    """Write an unclaimed object where there is none. False where there is one made of something else."""
    from botocore.exceptions import ClientError

    try:
        s3().put_object(**_object(key, content, media_type, source), IfNoneMatch="*")
    except ClientError as error:
        # 409: two were written in the same moment, and ours was not taken.
        if error.response["Error"]["Code"] not in _PRECONDITION | {"ConditionalRequestConflict"}:
            raise
        return s3().head_object(Bucket=bucket(), Key=key)["Metadata"].get("source") == source
    return True


def forget(key: str) -> None:
    """Delete an object, if there is one."""
    s3().delete_object(Bucket=bucket(), Key=key)


def _object(key: str, content: bytes | IO[bytes], media_type: str, source: str) -> dict[str, Any]:
    return {
        "Bucket": bucket(),
        "Key": key,
        "Body": content,
        "ContentType": media_type,
        "Metadata": {"source": source},
        "Tagging": _UNCLAIMED,
    }
