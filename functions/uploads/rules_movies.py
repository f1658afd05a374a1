"""Films in ISO media files (ISO 14496-12, QuickTime): where they were taken is made unreadable, nothing else changes.

A film is a tree of boxes: length, four letters, content. The place stands in boxes of user data and of metadata, and in tracks
of metadata that are timed with the film. Such boxes become `free` boxes of zeros with the same length, so that every offset in the
rest of the film stays true and no byte of sound or picture is touched; the samples of such a track are zeroed too.
"""

from typing import BinaryIO, Final

from shared.errors import DomainError
from uploads.rules_boxes import Box, sample_ranges, walk

_PRIVATE: Final = frozenset({b"udta", b"meta", b"uuid"})
"""User data (©xyz, loci), metadata (com.apple.quicktime.location), and others' own boxes (XMP among them)."""
_KEPT_TRACKS: Final = frozenset({b"vide", b"soun", b"tmcd"})
"""Pictures, sound, time codes. What else runs along with a film may be the camera's way through the town, as data or subtitles."""
_MOST_TRACKS: Final = 50
_LETTERS: Final = 4
_BLOCK: Final = 64 * 1024


def hide_place(file: BinaryIO, size: int) -> int:
    """Overwrite what may tell where the film was taken, in place; says how many boxes and tracks it was.

    Raises DomainError `upload_damaged` for what is no film to the end: boxes that do not fit, none that describes the film, none
    that holds it.
    """
    boxes = list(walk(file, size))
    kinds = {box.kind for box in boxes}
    if b"moov" not in kinds or b"mdat" not in kinds:
        raise DomainError("upload_damaged")
    private = [box for box in boxes if box.kind in _PRIVATE]
    for track, parts in _tracks(boxes):
        if _handler(file, parts) not in _KEPT_TRACKS:
            private.append(track)
            _zero_samples(file, size, parts, [box for box in boxes if box.kind == b"mdat"])
    for box in private:
        file.seek(box.start + _LETTERS)
        file.write(b"free")
        _zero(file, box.start + box.header, box.end)
    return len(private)


def _tracks(boxes: list[Box]) -> list[tuple[Box, list[Box]]]:
    """Each track with the boxes inside of it."""
    tracks = [box for box in boxes if box.kind == b"trak"]
    if len(tracks) > _MOST_TRACKS:
        raise DomainError("upload_damaged")
    return [(track, [box for box in boxes if track.start < box.start < track.end]) for track in tracks]


def _zero_samples(file: BinaryIO, size: int, parts: list[Box], data: list[Box]) -> None:
    """Overwrite the samples of a track, as far as they lie in the film's data; no more bytes than the file has, for time's sake."""
    left = size
    for start, end in sample_ranges(file, parts):
        if any(box.start + box.header <= start <= end <= box.end for box in data):
            left -= end - start
            if left < 0:
                raise DomainError("upload_damaged")
            _zero(file, start, end)


def _handler(file: BinaryIO, parts: list[Box]) -> bytes:
    """What a track holds: the type that its media's handler names. QuickTime has a second one, which says where data lie."""
    for box in parts:
        if box.kind == b"hdlr":
            file.seek(box.start + box.header)
            content = file.read(12)
            if content[4:8] != b"dhlr":
                return content[8:12]
    return b""


def _zero(file: BinaryIO, start: int, end: int) -> None:
    file.seek(start)
    while start < end:
        start += file.write(bytes(min(end - start, _BLOCK)))
