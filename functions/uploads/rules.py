"""What may be uploaded for which purpose: data, in one table. A new purpose is a new line here."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.errors import DomainError, FieldProblem
from uploads.rules_content import Group

_MB: Final = 1024 * 1024
_UNNAMED: Final = "file"
_NAME_LENGTH: Final = 70
_EXTENSION_LENGTH: Final = 9
ANY_TYPE: Final = "application/octet-stream"
"""What a browser's file field gives for a kind it does not know; the extension has to speak then."""


class Purpose(StrEnum):
    """What a file is for. Who may send it, and whether it is checked before anybody sees it, stands in its policy."""

    BANK_STATEMENT = "bank_statement"
    PORTFOLIO = "portfolio"
    LEDGER = "ledger"
    TICKET = "ticket"
    READING = "reading"
    METERS = "meters"


@dataclass(frozen=True)
class Policy:
    """One purpose's limits: bytes at most, media types, and extensions of the file's name (lower case); videos may be larger.

    `groups`: what it may be by its content. A purpose with any is for everybody who is signed in, and its files are checked before
    anybody sees them; those without are for staff, and read by the context that they are for.
    """

    max_bytes: int
    types: frozenset[str]
    extensions: frozenset[str]
    max_video_bytes: int | None = None
    groups: frozenset[Group] = frozenset()

    @property
    def is_checked(self) -> bool:
        return bool(self.groups)

    def most(self, media_type: str, extension: str) -> int:
        """Bytes that a file of this kind may have."""
        is_video = media_type.startswith("video/") or extension in _VIDEOS
        return self.max_video_bytes if is_video and self.max_video_bytes else self.max_bytes


_TEXT: Final = frozenset({"text/plain", "application/xml", "text/xml", ANY_TYPE})
_SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TABLES: Final = frozenset({"text/csv", "application/zip", "application/x-zip-compressed", ANY_TYPE})
_VIDEOS: Final = frozenset({"mp4", "m4v", "mov", "webm"})
_PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/webp"})
_PICTURE_NAMES: Final = frozenset({"jpg", "jpeg", "jfif", "png", "webp"})
_FILMED: Final = frozenset({"video/mp4", "video/quicktime", "video/webm"})
POLICIES: Final[dict[Purpose, Policy]] = {
    Purpose.BANK_STATEMENT: Policy(
        20 * _MB, _TEXT, frozenset({"xml", "sta", "mt940", "940", "txt", "ocr", "dat", "swi", "fin"})
    ),
    Purpose.PORTFOLIO: Policy(50 * _MB, _TABLES, frozenset({"zip"})),
    Purpose.LEDGER: Policy(50 * _MB, _TABLES, frozenset({"csv", "zip"})),
    Purpose.TICKET: Policy(
        25 * _MB,
        _PICTURES | _FILMED | {"application/pdf", ANY_TYPE},
        _PICTURE_NAMES | _VIDEOS | {"pdf"},
        max_video_bytes=100 * _MB,
        groups=frozenset({"picture", "document", "video"}),
    ),
    Purpose.READING: Policy(25 * _MB, _PICTURES | {ANY_TYPE}, _PICTURE_NAMES, groups=frozenset({"picture"})),
    Purpose.METERS: Policy(
        32 * _MB, frozenset({"text/csv", "text/plain", _SHEET, ANY_TYPE}), frozenset({"csv", "txt", "xlsx"})
    ),
}


def media_type(purpose: Purpose, name: str, size: int, given: str) -> str:
    """The media type that the upload will carry. Raises DomainError `upload_too_large` or `upload_type_refused`."""
    policy = POLICIES[purpose]
    plain = given.split(";", maxsplit=1)[0].strip().lower() or ANY_TYPE
    extension = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    most = policy.most(plain, extension)
    if size > most:
        problem = FieldProblem("size", "upload_too_large", {"most": most})
        raise DomainError("upload_too_large", 413, problems=(problem,))
    # A known type is believed; an unknown one only with a known extension. Either way the reader looks at the content.
    if plain not in policy.types and extension not in policy.extensions:
        raise DomainError("upload_type_refused", 422, problems=(FieldProblem("type", "upload_type_refused"),))
    if plain == ANY_TYPE and extension not in policy.extensions:
        raise DomainError("upload_type_refused", 422, problems=(FieldProblem("name", "upload_type_refused"),))
    return plain if plain in policy.types else ANY_TYPE


def safe_name(name: str) -> str:
    """The file's own name, without folders and with ASCII letters, digits, dot, dash and underscore only."""
    last = re.split(r"[\\/]", name)[-1]
    plain = unicodedata.normalize("NFKD", last).encode("ascii", "ignore").decode()
    cleaned = re.sub(r"[^A-Za-z0-9._-]+", "_", plain)
    stem, dot, extension = cleaned.rpartition(".")
    stem, extension = (stem, extension.strip("._-")) if dot else (cleaned, "")
    kept = stem.strip("._-")[:_NAME_LENGTH].rstrip("._-") or _UNNAMED
    return f"{kept}.{extension[:_EXTENSION_LENGTH]}" if extension else kept


def shortened(name: str, length: int) -> str:
    """A file's own name, without folders, with its extension, of at most so many characters."""
    last = re.split(r"[\\/]", name)[-1]
    stem, dot, extension = last.rpartition(".")
    ending = f".{extension[:_EXTENSION_LENGTH]}" if dot else ""
    return f"{(stem if dot else last)[: length - len(ending)]}{ending}"
