"""Reading an uploaded ledger file from the bucket: CSV, or a ZIP that holds it."""

import io
import lzma
import zipfile
import zlib
from functools import cache
from typing import TYPE_CHECKING, Final

from shared.errors import DomainError
from shared.settings import settings
from statements.rules.charge_file import FILE

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_MAX_BYTES: Final = 32 * 1024 * 1024
"""Of the file itself, also out of a ZIP: an archive may unpack to far more than it weighs."""
_ZIP_MAGIC: Final = b"PK\x03\x04"
_GONE: Final = frozenset({"NoSuchKey", "404", "AccessDenied"})
"""S3 answers AccessDenied for a missing key to those who may not list the bucket."""


@cache
def _s3() -> "S3Client":
    import boto3

    return boto3.client("s3")


def read_charge_file(key: str) -> bytes:
    """The content of charges.csv. Raises DomainError `unknown_upload`, `file_missing`, `unreadable_file` or `body_too_large`."""
    content = _fetch(key)
    return _unpack(content) if content.startswith(_ZIP_MAGIC) else content


def _fetch(key: str) -> bytes:
    from botocore.exceptions import ClientError

    try:
        answer = _s3().get_object(Bucket=settings().need("uploads_bucket"), Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] in _GONE:
            raise DomainError("unknown_upload") from error
        raise
    if answer["ContentLength"] > _MAX_BYTES:
        raise DomainError("body_too_large")
    return answer["Body"].read()


def _unpack(content: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [name for name in archive.namelist() if name.rpartition("/")[2].lower() == FILE]
            if len(names) != 1:
                raise DomainError("file_missing")
            if archive.getinfo(names[0]).file_size > _MAX_BYTES:
                raise DomainError("body_too_large")
            with archive.open(names[0]) as file:
                return file.read(_MAX_BYTES)
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise DomainError("unreadable_file") from error
