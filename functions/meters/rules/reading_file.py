"""A file of readings: from its cells to rows with a civil day, and what is wrong with the others."""

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

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

VALUES: Final = tuple(f"value{number + 1}" for number in range(MAX_REGISTERS))
COLUMNS: Final = ("meter_number", "date", "time", *VALUES, "estimated")
NEEDED: Final = ("meter_number", "value1")
END_OF_DAY: Final = 9999
"""The minute of a reading that names no time: it is the counter at the end of its day."""
_YES: Final = frozenset({"1", "true", "yes", "y", "x", "tak", "так", "ja", "oui"})
_NO: Final = frozenset({"", "0", "false", "no", "n", "nie", "ні", "nei", "non"})
_MINUTE: Final = 60


class Row(NamedTuple):
    """One reading as it was sent. `minute`: since the day began in the organisation's time zone, so that of the hour that comes twice
    in autumn both stay; END_OF_DAY where no time was given.
    """

    number: str
    day: str
    minute: int
    values: tuple[str, ...]
    estimated: bool
    line: int

    @property
    def is_timed(self) -> bool:
        return self.minute != END_OF_DAY

    @property
    def order(self) -> tuple[object, ...]:
        """By meter, day, time, value: nothing depends on the order in the file. Of a day's rows the last one counts."""
        return self.number, self.day, not self.estimated, self.minute, numbers_of(self.values), self.values, self.line


def parse_readings(lines: Iterable[Line], zone: str) -> Iterator[Row | Problem]:
    """The rows of a table with its header. Raises TableError where the columns are not those documented."""
    found = iter(lines)
    header = next(found, (1, []))[1]
    columns = read_header(header, COLUMNS, NEEDED)
    times = ZoneInfo(zone)
    for line, cells in found:
        yield _parse(line, cells, columns, times)


def _parse(line: int, cells: list[str], columns: dict[str, int], zone: ZoneInfo) -> Row | Problem:
    is_cut = cells[0] == CUT_OFF
    cells = cells[is_cut:]
    number, values = cell_of(cells, columns, "meter_number"), values_of(cells, columns, VALUES)
    day, moment = cell_of(cells, columns, "date"), cell_of(cells, columns, "time")
    estimated = cell_of(cells, columns, "estimated").lower()
    wrong = _check(number, day, moment, values)
    if is_cut:
        wrong = ("line_cut_off", "")
    elif is_surplus(cells, columns):
        wrong = ("surplus_value", "")
    elif not wrong and estimated not in _YES | _NO:
        wrong = ("invalid_choice", "estimated")
    placed = None if wrong else place_in_time(day, moment, zone)
    if placed is None:
        code, field = wrong or (("invalid_date", "date") if day else ("invalid_time", "time"))
        return Problem(line, code, field, number[:NUMBER_LENGTH], (day or moment)[:VALUE_LENGTH], _cut(values))
    # The same few days and many times the same numbers: one text of each is enough.
    return new_row(sys.intern(number), sys.intern(placed[0]), placed[1], values, estimated in _YES, line)


def new_row(number: str, day: str, minute: int, values: tuple[str, ...], estimated: bool, line: int) -> Row:  # noqa: PLR0917
    """A row; an estimate is of its whole day, whatever time it names."""
    return Row(number, day, END_OF_DAY if estimated else minute, values, estimated, line)


def _check(number: str, day: str, moment: str, values: tuple[str, ...]) -> tuple[str, str] | None:
    """(code, field) of the first thing that is wrong by itself."""
    if not number:
        return "missing_value", "meter_number"
    if len(number) > NUMBER_LENGTH:
        return "value_too_long", "meter_number"
    if bool(day) == bool(moment):
        return "wrong_time", "date"
    if not values:
        return "missing_value", "value1"
    long = next((name for name, value in zip(VALUES, values, strict=False) if len(value) > VALUE_LENGTH), None)
    return ("value_too_long", long) if long else None


def _cut(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value[:VALUE_LENGTH] for value in values)


def place_in_time(day: str, moment: str, zone: ZoneInfo) -> tuple[str, int] | None:
    """The civil day and the minute of a reading that names either a day or a time; None where it is none of ours."""
    if day:
        found = parse_day(day)
        return (found.isoformat(), END_OF_DAY) if found else None
    text = moment.replace("T", " ")
    first, _, rest = text.partition(" ")
    dotted = parse_day(first)
    try:
        instant = datetime.fromisoformat(f"{dotted.isoformat()} {rest}" if dotted and rest else moment)
    except ValueError:
        return None
    return None if dotted is None else minute_of(instant, zone)


def minute_of(instant: datetime, zone: ZoneInfo) -> tuple[str, int]:
    """The civil day that an instant falls on, and the minutes since that day began; a naive one is of the zone itself."""
    local = instant.replace(tzinfo=zone) if instant.tzinfo is None else instant.astimezone(zone)
    began = datetime.combine(local.date(), time(), zone).astimezone(UTC)
    return local.date().isoformat(), int((local.astimezone(UTC) - began).total_seconds()) // _MINUTE


def numbers_of(values: tuple[str, ...]) -> tuple[tuple[int, Decimal], ...]:
    """Values for comparison: `412.35` and `00412,350` are the same; what is no number comes before all that are."""
    return tuple(_number(value) for value in values)


def _number(value: str) -> tuple[int, Decimal]:
    plain = value.replace(",", ".", 1)
    if plain.replace(".", "", 1).isdecimal() and plain.isascii():
        return 1, Decimal(plain)
    return 0, Decimal(0)
