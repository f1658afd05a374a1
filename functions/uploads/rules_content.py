"""What a file is by its content. Neither its name nor the media type that the browser gave counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, Literal

from shared.errors import DomainError

Group = Literal["picture", "document", "video"]
HEAD_BYTES: Final = 4096
"""As much of a file as `kind_of` looks at."""
_MB: Final = 1024 * 1024
_CHUNK: Final = _MB
_PDF_END_BYTES: Final = 1024
"""In so many bytes at its end a PDF has its end mark (ISO 32000-1, annex H, what readers accept)."""


@dataclass(frozen=True)
class Kind:
    """A kind of file that can be checked; the first extension is the one that a wrongly named file gets."""

    name: str
    group: Group
    media_type: str
    extensions: tuple[str, ...]
    max_bytes: int


JPEG: Final = Kind("JPEG", "picture", "image/jpeg", ("jpg", "jpeg", "jfif"), 25 * _MB)
PNG: Final = Kind("PNG", "picture", "image/png", ("png",), 25 * _MB)
WEBP: Final = Kind("WEBP", "picture", "image/webp", ("webp",), 25 * _MB)
PDF: Final = Kind("PDF", "document", "application/pdf", ("pdf",), 25 * _MB)
MP4: Final = Kind("MP4", "video", "video/mp4", ("mp4", "m4v"), 100 * _MB)
MOV: Final = Kind("MOV", "video", "video/quicktime", ("mov", "qt"), 100 * _MB)
WEBM: Final = Kind("WEBM", "video", "video/webm", ("webm",), 100 * _MB)
KINDS: Final = (JPEG, PNG, WEBP, PDF, MP4, MOV, WEBM)
MOST_BYTES: Final = max(kind.max_bytes for kind in KINDS)

_FIXED: Final = ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"%PDF-", PDF))
_EBML: Final = b"\x1a\x45\xdf\xa3"
_EBML_DOC_TYPE: Final = b"\x42\x82"
_VIDEO_BRANDS: Final = frozenset(
    {b"isom", b"mp41", b"mp42", b"avc1", b"dash", b"M4V ", b"MSNV", b"mmp4", b"3gp4", b"3gp5", b"3gp6"}
    | {b"iso%d" % digit for digit in range(2, 10)}
)
"""Major brands of ISO media files that hold films. Others of the same form are pictures (heic, avif) or sound (M4A)."""

# The EICAR test file (eicar.org), in two parts, because scanners would find it in this file otherwise.
_EICAR: Final = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def kind_of(head: bytes, groups: frozenset[Group]) -> Kind:
    """The kind of a file that begins with these bytes, if it is of these groups.

    Raises DomainError `upload_empty` or `upload_content_refused`.
    """
    if not head:
        raise DomainError("upload_empty")
    kind = _kind_of(head)
    if kind.group not in groups:
        raise DomainError("upload_content_refused")
    return kind


def _kind_of(head: bytes) -> Kind:
    for magic, kind in _FIXED:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp":
        return _film(head[8:12])
    if head.startswith(_EBML) and _doc_type(head) == b"webm":
        return WEBM
    raise DomainError("upload_content_refused")


def _film(brand: bytes) -> Kind:
    if brand == b"qt  ":
        return MOV
    if brand in _VIDEO_BRANDS:
        return MP4
    raise DomainError("upload_content_refused")


def _doc_type(head: bytes) -> bytes:
    """The DocType of an EBML header (RFC 8794): its id, a length of one byte with the highest bit set, the word."""
    at = head.find(_EBML_DOC_TYPE, 4, 128)
    if at < 0 or at + 3 > len(head):
        return b""
    return head[at + 3 : at + 3 + (head[at + 2] & 0x7F)].rstrip(b"\0")


def is_infected(file: BinaryIO) -> bool:
    """Whether the EICAR test string stands anywhere in the file. Reads it from its beginning, a megabyte at a time."""
    file.seek(0)
    tail = b""
    for chunk in _chunks(file):
        if _EICAR in tail + chunk:
            return True
        tail = chunk[-len(_EICAR) :]
    return False


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


def check_document(file: BinaryIO, size: int) -> None:
    """Raises DomainError `upload_damaged` for a PDF without an end. What it holds is left alone: it is shown by a viewer only."""
    file.seek(max(0, size - _PDF_END_BYTES))
    if b"%%EOF" not in file.read():
        raise DomainError("upload_damaged")


def named(name: str, kind: Kind) -> str:
    """The file's name with an extension of its kind, so that nobody's computer opens it as something else."""
    stem, dot, extension = name.rpartition(".")
    if dot and extension.lower() in kind.extensions:
        return name
    return f"{stem if dot and stem else name}.{kind.extensions[0]}"
