"""What the files of meters and readings have in common: columns, cells, what is wrong with a row."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from meters.rules.tables import TableError

NUMBER_LENGTH: Final = 40
REMARK: Final = "#"
"""A column whose name begins so is for people, such as what was wrong with a row."""
VALUE_LENGTH: Final = 24
_YEARS: Final = range(1980, 2101)
"""Of readings and installations that other programs send."""
_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DOTTED: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")


class Problem(NamedTuple):
    """What is wrong with a row (the header is line 1), with as much of it as whoever mends the file needs."""

    line: int
    code: str
    field: str = ""
    meter_number: str = ""
    date: str = ""
    values: tuple[str, ...] = ()
    params: Mapping[str, str | Sequence[str]] = {}
    outcome: str = "refused"


def read_header(cells: list[str], known: Sequence[str], needed: Sequence[str]) -> dict[str, int]:
    """Where each column stands. Raises TableError `ambiguous_import` for columns that are missing, twice or unknown.

    An unknown column is refused: a misspelt `value2` that went by would make half a reading of a whole one. Remarks and columns without a
    name are passed over.
    """
    names = [cell.lower().replace(" ", "_") for cell in cells]
    named = [(at, name) for at, name in enumerate(names) if name and not name.startswith(REMARK)]
    found = {name: at for at, name in named}
    twice = len(found) < len(named)
    if twice or not set(needed) <= set(found) or not set(found) <= set(known):
        raise TableError("ambiguous_import", 1)
    return found


def cell_of(cells: list[str], columns: Mapping[str, int], name: str) -> str:
    """A row's cell; empty where the row is shorter or the column is not there."""
    at = columns.get(name)
    return cells[at] if at is not None and at < len(cells) else ""


def is_surplus(cells: list[str], columns: Mapping[str, int]) -> bool:
    """Whether a row holds something beyond its columns: most likely a decimal comma in a file that is cut at commas."""
    return any(cells[max(columns.values()) + 1 :])


def values_of(cells: list[str], columns: Mapping[str, int], names: Sequence[str]) -> tuple[str, ...]:
    """The cells of several columns, without the empty ones at the end."""
    values = [cell_of(cells, columns, name) for name in names]
    while values and not values[-1]:
        values.pop()
    return tuple(values)


def parse_day(text: str) -> date | None:
    """`2026-10-31` or, as spreadsheets of our countries write it, `31.10.2026`."""
    dotted = _DOTTED.fullmatch(text)
    try:
        if dotted:
            day = date(int(dotted[3]), int(dotted[2]), int(dotted[1]))
        else:
            # Python also reads week dates, which nobody here means.
            day = date.fromisoformat(text) if _ISO.fullmatch(text) else date.min
    except ValueError:
        return None
    return day if is_ours(day) else None


def is_ours(day: date) -> bool:
    """Whether a day is of our time: what lies outside is a program's slip, or its word for nothing."""
    return day.year in _YEARS
