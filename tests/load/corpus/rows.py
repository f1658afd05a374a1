"""The corpus as a CSV file: one line per reading or change of a counter, comma or semicolon, UTF-8.

Needed of every file:

- `meter_number`: which counter it is; a meter's lines may stand anywhere, they are put in the order of their days.
- `medium`: cold_water, hot_water, heat, gas, electricity or heat_cost_allocator.
- `date`: the day of the reading, ISO.
- `value1` to `value4`: what was typed, register by register, exactly as it was (decimal point or comma).

Read where they are there:

- `event`: `reading` (also where empty), `installed` or `replaced`: what staff recorded before the next reading. Without an `installed` line
  the meter's first reading is taken as its opening and not scored.
- `true1` to `true4`: what the counter showed. Where empty, nothing is known: the typed value is not called right or wrong.
- `label`: `normal`, a kind of typo or a real event (`LABELS`); empty: not known.
- `digits`, `decimals`: of the counter, before and after the point. Where empty: as many as the meter's longest values have, at least five
  before the point, so that FORMAT says little.
- `max_flow`: the most that can flow in an hour, in the medium's unit.
- `occupied`: `yes`, `no`, empty where not known; `occupied_since`: when the present household came, ISO.
- `closing1` to `closing4`, `opening1` to `opening4`: of a `replaced` line (with `digits` and `decimals` of the new counter), the opening
  also of an `installed` line; on a reading labelled `replacement`, the replacement before it, on `replaced_on`, that nobody had recorded yet.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, get_args

from meters.rules.vocabulary import MAX_REGISTERS, Medium

NORMAL: Final = "normal"
TYPOS: Final = (
    "swapped_near",
    "swapped_far",
    "extra_digit",
    "missing_digit",
    "decimal_slip",
    "wrong_register",
    "wrong_meter",
    "misread_first",
    "misread_other",
)
REAL: Final = ("leak", "guests", "empty_flat", "replacement", "rollover")
LABELS: Final = (NORMAL, *TYPOS, *REAL)
EVENTS: Final = ("reading", "installed", "replaced")
_LISTS: Final = ("value", "true", "closing", "opening")
_SINGLE_BEFORE: Final = ("meter_number", "medium", "event", "date")
_SINGLE_AFTER: Final = ("label", "digits", "decimals", "max_flow", "occupied", "occupied_since", "replaced_on")
COLUMNS: Final = (
    *_SINGLE_BEFORE,
    *(f"{name}{number}" for name in _LISTS for number in range(1, MAX_REGISTERS + 1)),
    *_SINGLE_AFTER,
)
_OCCUPIED: Final[Mapping[str, bool | None]] = {"yes": True, "no": False, "": None}


class RowError(ValueError):
    """A line that says nothing usable; tells which and why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line. Values are text: what was typed is no number until the checks have read it."""

    meter: str
    medium: Medium
    day: date
    event: str = "reading"
    typed: tuple[str, ...] = ()
    true: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    opening: tuple[str, ...] = ()
    label: str = ""
    digits: int | None = None
    decimals: int | None = None
    max_flow: str = ""
    occupied: bool | None = None
    occupied_since: date | None = None
    replaced_on: date | None = None


def write(path: Path, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(_fields(row) for row in rows)


def read(path: Path) -> list[Row]:
    """The lines of a file, meter by meter in the order of their days. Raises RowError."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        file.seek(0)
        reader = csv.DictReader(file, delimiter=";" if first.count(";") > first.count(",") else ",")
        if missing := {"meter_number", "medium", "date", "value1"} - set(reader.fieldnames or ()):
            raise RowError(f"no column {', '.join(sorted(missing))}")
        rows = list(_rows(reader))
    return sorted(rows, key=lambda row: (row.meter, row.day))


def _rows(reader: Iterable[Mapping[str, str | None]]) -> Iterator[Row]:
    for number, fields in enumerate(reader, start=2):
        try:
            yield _row({name: (text or "").strip() for name, text in fields.items() if name})
        except ValueError as error:
            raise RowError(f"line {number}: {error}") from error


def _fields(row: Row) -> dict[str, str]:
    lists = {"value": row.typed, "true": row.true, "closing": row.closing, "opening": row.opening}
    numbered = {f"{name}{at}": text for name, texts in lists.items() for at, text in enumerate(texts, start=1)}
    return numbered | {
        "meter_number": row.meter,
        "medium": row.medium,
        "event": row.event,
        "date": row.day.isoformat(),
        "label": row.label,
        "digits": "" if row.digits is None else str(row.digits),
        "decimals": "" if row.decimals is None else str(row.decimals),
        "max_flow": row.max_flow,
        "occupied": next(text for text, occupied in _OCCUPIED.items() if occupied is row.occupied),
        "occupied_since": row.occupied_since.isoformat() if row.occupied_since else "",
        "replaced_on": row.replaced_on.isoformat() if row.replaced_on else "",
    }


def _row(fields: Mapping[str, str]) -> Row:
    def among(name: str, allowed: Iterable[str]) -> str:
        if (text := fields.get(name, "")) not in allowed:
            raise ValueError(f"{name} {text!r}")
        return text

    def values(name: str) -> tuple[str, ...]:
        texts = [fields.get(f"{name}{number}", "") for number in range(1, MAX_REGISTERS + 1)]
        while texts and not texts[-1]:
            texts.pop()
        return tuple(texts)

    def whole(name: str) -> int | None:
        return int(fields[name]) if fields.get(name) else None

    def day(name: str) -> date | None:
        return date.fromisoformat(fields[name]) if fields.get(name) else None

    return Row(
        meter=fields["meter_number"],
        medium=next(medium for medium in get_args(Medium) if medium == among("medium", get_args(Medium))),
        day=date.fromisoformat(fields["date"]),
        event=among("event", (*EVENTS, "")) or "reading",
        typed=values("value"),
        true=values("true"),
        closing=values("closing"),
        opening=values("opening"),
        label=among("label", (*LABELS, "")),
        digits=whole("digits"),
        decimals=whole("decimals"),
        max_flow=fields.get("max_flow", ""),
        occupied=_OCCUPIED[among("occupied", _OCCUPIED)],
        occupied_since=day("occupied_since"),
        replaced_on=day("replaced_on"),
    )
