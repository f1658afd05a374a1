"""A portfolio as a whole: everything is checked before anything is written. Pure: bytes in, rows or problems out."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from registry import references
from registry.archive import Problems, RawRow, read_archive
from registry.columns import FILES, HEADERS, OPTIONAL, ROLE_OF_TYPE, BadFieldError
from shared.errors import DomainError
from shared.money import to_minor

MAX_OCCUPANCIES: Final = 12
"""Occupancies of one contract: their grants are replaced in one transaction of at most a hundred items."""
_KEYS: Final = {
    "communities.csv": "community_ref",
    "units.csv": "unit_ref",
    "people.csv": "person_ref",
    "contracts.csv": "contract_ref",
}
_FILE_OF: Final = {column: file for file, column in _KEYS.items()} | {"adviser_ref": "people.csv"}


@dataclass(frozen=True)
class Row:
    """A checked row: its line, and the values to keep by column (empty text for what was left empty)."""

    line: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values[column]


@dataclass
class Portfolio:
    """The checked rows of each file."""

    files: dict[str, list[Row]]

    @property
    def size(self) -> int:
        return sum(len(rows) for rows in self.files.values())

    def by_key(self, file: str) -> dict[str, Row]:
        return {row[_KEYS[file]]: row for row in self.files[file]}

    def occupancies(self) -> dict[str, list[Row]]:
        """The occupancies of each contract, oldest first."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.files["occupancies.csv"]:
            found[row["contract_ref"]].append(row)
        return {key: sorted(rows, key=lambda row: (row["starts_on"], row["person_ref"])) for key, rows in found.items()}


def read_portfolio(data: bytes) -> tuple[Portfolio | None, Problems]:
    """The portfolio in a ZIP, or None with what is wrong with it."""
    problems = Problems()
    raw = read_archive(data, HEADERS, OPTIONAL, problems)
    if problems:
        return None, problems
    portfolio = Portfolio({file: list(_checked(file, rows, problems)) for file, rows in raw.items()})
    # What refers to a wrong row would be told as wrong too: first the rows, then what they have to do with each other.
    if not problems:
        for check in _CHECKS:
            check(portfolio, problems)
    return (None if problems else portfolio), problems


def _checked(file: str, rows: Iterable[RawRow], problems: Problems) -> Iterable[Row]:
    for raw in rows:
        values: dict[str, str] = {}
        for column in FILES[file]:
            try:
                values[column.name] = column.read(raw.fields[column.name])
            except BadFieldError as error:
                problems.add(file, raw.line, column.name, error.code)
        if len(values) == len(FILES[file]):
            yield Row(raw.line, values)


def _check_unique(portfolio: Portfolio, problems: Problems) -> None:
    contracts = ("number", *references.KINDS)
    once = [
        *((file, (key,), "duplicate_key") for file, key in _KEYS.items()),
        *(("contracts.csv", (c,), "duplicate_number" if c == "number" else "duplicate_reference") for c in contracts),
        ("occupancies.csv", ("person_ref", "contract_ref", "role", "starts_on"), "duplicate_row"),
        ("mandates.csv", ("person_ref", "community_ref", "role", "starts_on"), "duplicate_row"),
    ]
    for file, columns, code in once:
        seen: set[tuple[str, ...]] = set()
        for row in portfolio.files[file]:
            value = tuple(row[column] for column in columns)
            if value in seen:
                problems.add(file, row.line, columns[0] if len(columns) == 1 else "", code)
            if any(value):  # references are optional: an empty one is nobody's
                seen.add(value)


def _check_references(portfolio: Portfolio, problems: Problems) -> None:
    known = {file: {row[key] for row in portfolio.files[file]} for file, key in _KEYS.items()}
    for file, rows in portfolio.files.items():
        columns = [c for c in HEADERS[file] if c in _FILE_OF and c != _KEYS.get(file)]
        for row in rows:
            for column in columns:
                if row[column] and row[column] not in known[_FILE_OF[column]]:
                    problems.add(file, row.line, column, "unknown_reference")


def _check_people(portfolio: Portfolio, problems: Problems) -> None:
    for row in portfolio.files["people.csv"]:
        if not row["last_name"] and not row["company"]:
            problems.add("people.csv", row.line, "last_name", "missing_name")


def _check_contracts(portfolio: Portfolio, problems: Problems) -> None:
    units = portfolio.by_key("units.csv")
    for row in portfolio.files["contracts.csv"]:
        _check_period("contracts.csv", row, problems)
        try:
            to_minor(row["value"], row["currency"])
        except DomainError:
            problems.add("contracts.csv", row.line, "value", "invalid_amount")
        if row["type"] == "supply":
            if row["unit_ref"]:
                problems.add("contracts.csv", row.line, "unit_ref", "unit_not_allowed")
            continue
        unit = units.get(row["unit_ref"])
        if not row["unit_ref"]:
            problems.add("contracts.csv", row.line, "unit_ref", "unit_required")
        elif unit and unit["community_ref"] != row["community_ref"]:
            problems.add("contracts.csv", row.line, "community_ref", "community_mismatch")


def _check_occupancies(portfolio: Portfolio, problems: Problems) -> None:
    file = "occupancies.csv"
    contracts = portfolio.by_key("contracts.csv")
    for contract_ref, rows in portfolio.occupancies().items():
        contract = contracts.get(contract_ref)
        if contract is None:
            continue
        if len(rows) > MAX_OCCUPANCIES:
            problems.add(file, rows[MAX_OCCUPANCIES].line, "contract_ref", "too_many_occupancies")
        for row in rows:
            if not _check_period(file, row, problems):
                continue
            if row["role"] != ROLE_OF_TYPE[contract["type"]]:
                problems.add(file, row.line, "role", "role_mismatch")
            late = contract["ends_on"] and max(row["starts_on"], row["ends_on"]) > contract["ends_on"]
            if row["starts_on"] < contract["starts_on"] or late:
                problems.add(file, row.line, "starts_on", "outside_contract")
        _check_succession(rows, problems)


def _check_succession(rows: list[Row], problems: Problems) -> None:
    """A contract has one account. Whoever follows the former holder must have a contract of his own, or he would see the other's (B7)."""
    until = rows[0]["ends_on"]
    for row in rows[1:]:
        if until and row["starts_on"] > until:
            problems.add("occupancies.csv", row.line, "contract_ref", "successor_needs_own_contract")
        until = max(until, row["ends_on"]) if until and row["ends_on"] else ""


def _check_mandates(portfolio: Portfolio, problems: Problems) -> None:
    for row in portfolio.files["mandates.csv"]:
        _check_period("mandates.csv", row, problems)


def _check_period(file: str, row: Row, problems: Problems) -> bool:
    if row["ends_on"] and row["ends_on"] < row["starts_on"]:
        problems.add(file, row.line, "ends_on", "ends_before_start")
        return False
    return True


_CHECKS: Final = (
    _check_unique,
    _check_references,
    _check_people,
    _check_contracts,
    _check_occupancies,
    _check_mandates,
)
