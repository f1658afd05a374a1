"""A file of meters: from its cells to rows, parents before what hangs behind them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from meters.rules.columns import (
    NUMBER_LENGTH,
    VALUE_LENGTH,
    Problem,
    cell_of,
    is_surplus,
    parse_day,
    read_header,
    values_of,
)
from meters.rules.tables import CUT_OFF, Line
from meters.rules.vocabulary import MAX_REGISTERS

CHUNK: Final = 18
"""Meters of a transaction: each is a head, an event, its number, its place and the place behind its house meter."""
OPENINGS: Final = tuple(f"opening{number + 1}" for number in range(MAX_REGISTERS))
FIELDS: Final = (
    "meter_number", "medium", "unit_ref", "community_ref", "place", "digits", "decimals", "registers", "multiplier", "max_flow",
    "installed_on", "verified_until", "parent_number", "meter_id",
)  # fmt: skip
COLUMNS: Final = (*FIELDS, *OPENINGS)
NEEDED: Final = ("meter_number", "medium", "digits", "installed_on", "opening1")
IN_FILE: Final = "parent_in_file"
"""A cell of a row whose house meter stands before it in the same file."""
_DAYS: Final = ("installed_on", "verified_until")


@dataclass(frozen=True, slots=True)
class MeterRow:
    """A meter as it was sent: the cells by their column, without the empty ones; days in ISO form."""

    line: int
    cells: dict[str, str]
    opening: tuple[str, ...]

    @property
    def number(self) -> str:
        return self.cells["meter_number"]


def parse_meters(lines: Iterable[Line]) -> Iterator[MeterRow | Problem]:
    """The rows of a table with its header. Raises TableError where the columns are not those documented."""
    found = iter(lines)
    columns = read_header(next(found, (1, []))[1], COLUMNS, NEEDED)
    seen: set[str] = set()
    for line, cells in found:
        row = _parse(line, cells, columns)
        if isinstance(row, MeterRow) and row.number in seen:
            row = Problem(line, "duplicate_row", "meter_number", row.number)
        if isinstance(row, MeterRow):
            seen.add(row.number)
        yield row


def _parse(line: int, cells: list[str], columns: dict[str, int]) -> MeterRow | Problem:
    is_cut = cells[0] == CUT_OFF
    cells = cells[is_cut:]
    given = {name: cell_of(cells, columns, name) for name in FIELDS}
    number = given["meter_number"][:NUMBER_LENGTH]
    opening = values_of(cells, columns, OPENINGS)
    if is_cut:
        told = tuple(value[:VALUE_LENGTH] for value in opening)
        return Problem(line, "line_cut_off", "", number, given["installed_on"][:NUMBER_LENGTH], told)
    if is_surplus(cells, columns):
        return Problem(line, "surplus_value", "", number)
    missing = [name for name in NEEDED[:-1] if not given[name]] + ([] if opening else ["opening1"])
    if missing:
        return Problem(line, "missing_value", missing[0], number)
    for name in _DAYS:
        day = parse_day(given[name]) if given[name] else None
        if given[name] and day is None:
            return Problem(line, "invalid_date", name, number, given[name][:NUMBER_LENGTH])
        given[name] = day.isoformat() if day else ""
    for name in ("multiplier", "max_flow"):
        given[name] = given[name].replace(",", ".")
    return MeterRow(line, {name: cell for name, cell in given.items() if cell}, opening)


def by_generation(rows: Iterable[MeterRow]) -> list[MeterRow]:
    """Parents before children, else by number. What hangs behind itself, over however many, comes last: it will find no parent."""
    known = {row.number: row for row in rows}
    depths: dict[str, int] = {}
    for number in known:
        chain = []
        above = number
        while above in known and above not in depths and above not in chain:
            chain.append(above)
            above = known[above].cells.get("parent_number", "")
        base = len(known) if above in chain else depths.get(above, -1)
        for place, each in enumerate(reversed(chain), 1):
            depths[each] = base + place
    return sorted(known.values(), key=lambda row: (depths[row.number], row.number))


def with_parents(rows: Iterable[MeterRow]) -> Iterator[MeterRow]:
    """Rows in their order, marked where the house meter is one of those before them."""
    before: set[str] = set()
    for row in rows:
        is_in = row.cells.get("parent_number") in before
        yield MeterRow(row.line, {**row.cells, IN_FILE: "1"}, row.opening) if is_in else row
        before.add(row.number)
