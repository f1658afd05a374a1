"""Boxes of ISO media files (ISO 14496-12): where they lie, and where the samples of a track do. Hostile files end in a refusal."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from shared.errors import DomainError

_CONTAINERS: Final = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf"})
_MOST_BOXES: Final = 50_000
_MOST_DEPTH: Final = 8
_SHORT: Final = 8
_LONG: Final = 16
_MOST_SAMPLES: Final = 1_000_000


@dataclass(frozen=True)
class Box:
    """`start` and `end` are offsets in the file, `header` the bytes before the content."""

    kind: bytes
    start: int
    end: int
    header: int


def walk(file: BinaryIO, size: int) -> Iterator[Box]:
    """Every box of a file and those inside of containers. Raises DomainError `upload_damaged` where they do not fit together."""
    return _walk(file, 0, size, 0, _Budget())


@dataclass
class _Budget:
    left: int = _MOST_BOXES

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise DomainError("upload_damaged")


def _walk(file: BinaryIO, start: int, end: int, depth: int, budget: _Budget) -> Iterator[Box]:
    """The boxes between two offsets and those inside of containers, not inside of private ones."""
    if depth > _MOST_DEPTH:
        raise DomainError("upload_damaged")
    while start < end:
        if depth and _is_terminator(file, start, end):
            return
        budget.spend()
        box = _box(file, start, end)
        yield box
        if box.kind in _CONTAINERS:
            yield from _walk(file, start + box.header, box.end, depth + 1, budget)
        start = box.end


def _is_terminator(file: BinaryIO, start: int, end: int) -> bool:
    """QuickTime may end a list of boxes with 32 zero bits."""
    file.seek(start)
    return end - start < _SHORT and not any(file.read(end - start))


def _box(file: BinaryIO, start: int, end: int) -> Box:
    file.seek(start)
    head = file.read(min(_LONG, end - start))
    if len(head) < _SHORT:
        raise DomainError("upload_damaged")
    length, header = int.from_bytes(head[:4]), _SHORT
    if length == 1:  # the length stands in 64 bits behind the letters
        length, header = int.from_bytes(head[8:16]), _LONG
    elif length == 0:  # to the end of what is around it
        length = end - start
    if length < header or (header == _LONG and len(head) < _LONG) or start + length > end:
        raise DomainError("upload_damaged")
    return Box(head[4:8], start, start + length, header)


def sample_ranges(file: BinaryIO, parts: list[Box]) -> Iterator[tuple[int, int]]:
    """Where the samples of a track lie in the file, chunk by chunk: offsets of begin and end. `parts`: the track's boxes."""
    sizes, runs = list(_sizes(file, parts)), _runs(file, parts)
    sample = run = 0
    for number, start in enumerate(_offsets(file, parts), 1):
        while run + 1 < len(runs) and runs[run + 1][0] <= number:
            run += 1
        count = runs[run][1] if runs else 0
        length = sum(sizes[sample : sample + count])
        sample += count
        yield start, start + length


def _sizes(file: BinaryIO, parts: list[Box]) -> Iterator[int]:
    """Bytes of each sample (`stsz`): one for all, or a table."""
    content = _content(file, parts, b"stsz")
    one, count = int.from_bytes(content[4:8]), _count(content[8:12])
    table = content[12:]
    for at in range(count):
        yield one or int.from_bytes(table[at * 4 : at * 4 + 4])


def _runs(file: BinaryIO, parts: list[Box]) -> list[tuple[int, int]]:
    """From which chunk on each chunk has how many samples (`stsc`)."""
    content = _content(file, parts, b"stsc")
    table, count = content[8:], _count(content[4:8])
    rows = (table[at * 12 : at * 12 + 8] for at in range(min(count, len(table) // 12)))
    return [(int.from_bytes(row[:4]), int.from_bytes(row[4:])) for row in rows]


def _offsets(file: BinaryIO, parts: list[Box]) -> Iterator[int]:
    """Where each chunk begins (`stco`, or `co64` in large files)."""
    for kind, width in ((b"stco", 4), (b"co64", 8)):
        content = _content(file, parts, kind)
        table, count = content[8:], _count(content[4:8])
        for at in range(min(count, len(table) // width)):
            yield int.from_bytes(table[at * width : (at + 1) * width])


def _count(field: bytes) -> int:
    count = int.from_bytes(field)
    if count > _MOST_SAMPLES:
        raise DomainError("upload_damaged")
    return count


def _content(file: BinaryIO, parts: list[Box], kind: bytes) -> bytes:
    box = next((box for box in parts if box.kind == kind), None)
    if box is None:
        return b""
    file.seek(box.start + box.header)
    return file.read(min(box.end - box.start - box.header, _MOST_SAMPLES * 12))
