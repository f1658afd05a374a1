"""charges.csv: reading it, and saying what is wrong with which line."""

import csv
import hashlib
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, get_args

from shared.text import tidy_line
from statements.rules.entries import ChargeType, Purpose

FILE: Final = "charges.csv"
COLUMNS: Final = ("charge_ref", "contract_number", "date", "due_date", "type", "purpose", "amount", "description")
MAX_ROWS: Final = 20_000
"""What one invocation can check and plan well within its time."""
_OPTIONAL: Final = frozenset({"description"})
_LONGEST: Final = {"charge_ref": 100, "contract_number": 100, "description": 200}
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEARS: Final = range(1980, 2101)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a field of a line (the header is line 1)."""

    line: int
    code: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One charge as the file has it; `amount` is still text, because only the account knows its currency."""

    line: int
    charge_ref: str
    contract_number: str
    date: str
    due_date: str
    type: str
    purpose: str
    amount: str
    description: str

    def fingerprint(self, contract_id: str, minor: int) -> str:
        """The same for the same charge: it tells a row that comes again from one that was changed."""
        parts = (contract_id, self.date, self.due_date, self.type, self.purpose, str(minor), self.description)
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def parse_charges(content: bytes) -> tuple[list[Row], list[Problem]]:
    """The rows and everything that is wrong with them by themselves."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [], [Problem(content.count(b"\n", 0, error.start) + 1, "invalid_encoding")]
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            return [], [Problem(1, "missing_column", column) for column in missing]
        return _read_rows(reader)
    except csv.Error:
        return [], [Problem(reader.reader.line_num, "unreadable_file")]


def _read_rows(reader: "csv.DictReader[str]") -> tuple[list[Row], list[Problem]]:
    rows: list[Row] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for values in reader:
        if len(rows) == MAX_ROWS:
            return rows, [*problems, Problem(reader.line_num, "too_many_rows")]
        line, fields = reader.line_num, {column: tidy_line(values[column] or "") for column in COLUMNS}
        problems.extend(Problem(line, code, field) for field, code in _check(fields))
        if None in values:
            # The row has more fields than the header: most likely a comma that was not put in quotes.
            problems.append(Problem(line, "surplus_value"))
        if fields["charge_ref"] in seen:
            problems.append(Problem(line, "duplicate_row", "charge_ref"))
        seen.add(fields["charge_ref"])
        rows.append(Row(line, **fields))
    return rows, problems


def _check(fields: Mapping[str, str]) -> list[tuple[str, str]]:
    """(field, code) of each problem."""
    found = [(column, "missing_value") for column in COLUMNS if column not in _OPTIONAL and not fields[column]]
    missing = {column for column, _ in found}
    found += [(column, "value_too_long") for column, most in _LONGEST.items() if len(fields[column]) > most]
    found += [(c, "invalid_date") for c in ("date", "due_date") if c not in missing and not _is_date(fields[c])]
    if "type" not in missing and fields["type"] not in get_args(ChargeType):
        found.append(("type", "invalid_type"))
    if "purpose" not in missing and fields["purpose"] not in get_args(Purpose):
        found.append(("purpose", "invalid_purpose"))
    return found


def _is_date(text: str) -> bool:
    # Python also reads week dates such as 2024-W01-1, which would not sort as days do.
    try:
        return _DATE.fullmatch(text) is not None and date.fromisoformat(text).year in _YEARS
    except ValueError:
        return False
