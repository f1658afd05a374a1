"""Reading an uploaded ledger file from the bucket: CSV, or a ZIP that holds it."""

import io
import lzma
import zipfile
import zlib
from typing import Final

from shared import files
from shared.errors import DomainError
from statements.rules.charge_file import FILE

_MAX_BYTES: Final = 32 * 1024 * 1024
"""Of the file itself, also out of a ZIP: an archive may unpack to far more than it weighs."""
_ZIP_MAGIC: Final = b"PK\x03\x04"


def read_charge_file(key: str) -> bytes:
    """The content of charges.csv. Raises DomainError `unknown_upload`, `file_missing`, `unreadable_file` or `body_too_large`."""
    content = _fetch(key)
    return _unpack(content) if content.startswith(_ZIP_MAGIC) else content


def _fetch(key: str) -> bytes:
    try:
        content = files.read(key, _MAX_BYTES)
    except files.FileTooLargeError as error:
        raise DomainError("body_too_large") from error
    if content is None:
        raise DomainError("unknown_upload")
    return content


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
