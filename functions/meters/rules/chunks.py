"""Cutting an import into pieces of one transaction each, and the order in which they are released."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from meters.rules.reading_file import Row

LANES: Final = 8
"""Chunks that are worked on at the same time; each releases the one after it in its lane."""
BUDGET: Final = 84
"""Operations of a transaction (100) that the readings of a chunk may take; the rest is for the import's own items and events."""
_METER: Final = 1
_READING: Final = 1
MOST_ROWS: Final = 600
"""Rows of a chunk, which has to fit an item of 400 kB: hourly values are many rows and few readings."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows that are worked off in one transaction, or in a few after one another. `then` is the chunk that may begin when this is done."""

    rows: tuple[Row, ...]
    then: int | None = None


def cut(rows: Iterable[Row], *, budget: int = BUDGET) -> tuple[list[Chunk], int]:
    """The chunks of rows in their order, and how many of them (the first ones) are released at once.

    A meter's rows lie in one chunk, or in several that follow one another in a lane: no two workers meet at its lock, and its readings
    come in the order of their days.
    """
    lanes: list[list[tuple[Row, ...]]] = [[] for _ in range(LANES)]
    for pieces in _packed(rows, budget):
        min(lanes, key=len).extend(pieces)
    lanes = [lane for lane in lanes if lane]
    # Numbered across the lanes, so that the first of each are the first of all.
    places = [(depth, lane) for lane, pieces in enumerate(lanes) for depth in range(len(pieces))]
    numbers = {place: number for number, place in enumerate(sorted(places))}
    chunks = [Chunk(lanes[lane][depth], numbers.get((depth + 1, lane))) for depth, lane in sorted(numbers)]
    return chunks, len(lanes)


def _packed(rows: Iterable[Row], budget: int) -> Iterator[list[tuple[Row, ...]]]:
    """What has to follow one another: mostly one chunk of whole meters, or the pieces of a meter that is too much for one."""
    gathered: list[Row] = []
    room = budget
    for _number, found in groupby(rows, key=lambda row: row.number):
        pieces = _pieces(list(found), budget)
        cost = _cost(pieces[0])
        if gathered and (len(pieces) > 1 or cost > room or len(gathered) + len(pieces[0]) > MOST_ROWS):
            yield [tuple(gathered)]
            gathered, room = [], budget
        if len(pieces) > 1:
            yield [tuple(piece) for piece in pieces]
            continue
        gathered += pieces[0]
        room -= cost
    if gathered:
        yield [tuple(gathered)]


def _pieces(rows: list[Row], budget: int) -> list[list[Row]]:
    """A meter's rows, cut between days where they are too much for a chunk."""
    pieces: list[list[Row]] = [[]]
    room = budget - _METER
    for _day, found in groupby(rows, key=lambda row: row.day):
        days = list(found)
        if pieces[-1] and (room < _READING or len(pieces[-1]) + len(days) > MOST_ROWS):
            pieces.append([])
            room = budget - _METER
        pieces[-1] += days
        room -= _READING
    return pieces


def _cost(rows: Sequence[Row]) -> int:
    return _METER + _READING * len({row.day for row in rows})
