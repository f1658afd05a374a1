"""What the check reads and writes in the uploads bucket."""

from typing import IO, Any, Final

from shared.files import bucket, s3

_UNCLAIMED: Final = "claimed=no"
"""A lifecycle rule forgets objects with this tag after two days; what names them in a ticket or a reading changes it."""
_PRECONDITION: Final = frozenset({"PreconditionFailed", "412"})
_CHUNK: Final = 1024 * 1024


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
