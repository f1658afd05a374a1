"""A counter's rows of one day in an import: which is the day's reading, which are its hours, which say nothing more."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from meters.rules.reading_file import Row, numbers_of


@dataclass(frozen=True, slots=True)
class Day:
    """The rows of one counter's day, in their order.

    `reading` is the last one, which stands for the day; `hours` the timed ones by their minute; `same` say again what another row says,
    `other` contradict one that counts: nobody can tell which is right, so the same one always is, the last.
    """

    reading: Row
    hours: Mapping[int, Row] = field(default_factory=dict)
    same: tuple[Row, ...] = ()
    other: tuple[Row, ...] = ()

    @property
    def number(self) -> str:
        return self.reading.number

    @property
    def day(self) -> str:
        return self.reading.day


def days_of(rows: Iterable[Row]) -> Iterator[tuple[int, Day]]:
    """The days of rows in their order, each with how many rows it takes."""
    for _key, found in groupby(rows, key=lambda row: (row.number, row.day)):
        day = list(found)
        yield len(day), _day(day)


def in_order(rows: list[Row]) -> list[Row]:
    """Rows by meter, day and what stands for the day last; sorts the list itself, which may be long."""
    rows.sort(key=lambda row: (row.number, row.day))
    at = 0
    for _key, found in groupby(list(rows), key=lambda row: (row.number, row.day)):
        day = list(found)
        if len(day) > 1:
            rows[at : at + len(day)] = sorted(day, key=lambda row: row.order)
        at += len(day)
    return rows


def _day(rows: Sequence[Row]) -> Day:
    reading = rows[-1]
    # Of each minute the last row counts, and of those without a time the day's reading or none.
    counts: dict[int, Row] = {row.minute: row for row in rows if row.is_timed or row is reading}
    spare = [row for row in rows if counts.get(row.minute) is not row]
    same = tuple(row for row in spare if _says(row) == _says(counts.get(row.minute, reading)))
    return Day(
        reading=reading,
        hours={minute: row for minute, row in counts.items() if row.is_timed},
        same=same,
        other=tuple(row for row in spare if row not in same),
    )


def _says(row: Row) -> tuple[object, ...]:
    return numbers_of(row.values), row.estimated
