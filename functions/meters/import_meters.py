"""A chunk of a file of meters: each is installed as staff would, all in one transaction. Meters that stand already are left as they are."""

from typing import Any, Final

from pydantic import ValidationError

from meters import store, store_places
from meters.installing import Installation, device_from, id_of, stage_installation
from meters.keeping import Keeping, say
from meters.rules.columns import Problem
from meters.rules.meter_file import IN_FILE, MeterRow
from meters.schemas_staff import InstallationRequest
from meters.store_imports import ImportItem
from meters.tallies import Tally
from shared import access, clock
from shared.errors import DomainError
from shared.ids import derived_id
from shared.imports import Chunk
from shared.tables import UnitOfWork

_COLUMNS: Final = {"number": "meter_number", "date": "installed_on", "opening": "opening1"}
"""Where a field of the request has another name than its column."""
_DEVICE: Final = ("digits", "decimals", "registers", "multiplier", "max_flow")


class RefusedError(Exception):
    """A row that cannot be installed; `code` and `column` say why."""

    def __init__(self, code: str, column: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.column = column


def take(uow: UnitOfWork, item: ImportItem, chunk: Chunk) -> list[int]:
    """Install a chunk's meters; the chunks that come next."""
    rows = [MeterRow(line, cells, tuple(opening)) for line, cells, opening in chunk.rows]
    # A dry run stages into a unit of work that nobody commits.
    taking = Taking(UnitOfWork(uow.variable, uow.metadata) if item.dry_run else uow, item, rows)
    for row in rows:
        taking.take(row)
    say(taking.uow, taking.staged.values())
    return item.close_chunk(uow, chunk, taking.tally.counts, taking.tally.problems)


class Taking:
    """Installing rows, one after another; a house meter of the same chunk is found like one that stands."""

    def __init__(self, uow: UnitOfWork, item: ImportItem, rows: list[MeterRow]) -> None:
        self.uow = uow
        self.item = item
        self.organisation_id = uow.organisation_id
        self.tally = Tally()
        self.today = clock.today(access.organisation(uow.organisation_id).time_zone)
        named = [row.number for row in rows] + [row.cells.get("parent_number", "") for row in rows]
        self.numbers = store.find_numbers(uow.organisation_id, [name for name in dict.fromkeys(named) if name])
        known = [found.meter_id for found in self.numbers.values()] + [row.cells.get("meter_id", "") for row in rows]
        self.heads = store.load_meters(uow.organisation_id, [meter_id for meter_id in known if meter_id])
        self.units = store_places.load_units(
            uow.organisation_id, [each for row in rows for each in self._ids("unt", row.cells.get("unit_ref"))]
        )
        self.staged: dict[str, Keeping] = {}

    def take(self, row: MeterRow) -> None:
        """Install a meter, unless it stands or cannot be."""
        try:
            if self._stands(row):
                self.tally.duplicates += 1
                return
            self.staged[row.number] = stage_installation(self.uow, self._installation(row), self.today)
            self.tally.accepted += 1
        except RefusedError as error:
            self._refuse(row, error.code, error.column)
        except DomainError as error:
            field = error.problems[0].field if error.problems else ""
            at = field.rpartition(".")[2]
            self._refuse(row, error.code, f"opening{int(at) + 1}" if at.isdecimal() else _COLUMNS.get(field, "digits"))

    def _refuse(self, row: MeterRow, code: str, column: str) -> None:
        day = row.cells.get("installed_on", "")
        self.tally.refuse(Problem(row.line, code, column, row.number, day, row.opening))

    def _stands(self, row: MeterRow) -> bool:
        known, meter_id = self.numbers.get(row.number), row.cells.get("meter_id")
        if known is None and meter_id in self.heads:
            raise RefusedError("meter_exists", "meter_id")
        if known is None:
            return False
        head = self.heads.get(known.meter_id)
        if (meter_id and meter_id != known.meter_id) or (head and head.medium != row.cells["medium"]):
            raise RefusedError("number_taken", "meter_number")
        return True

    def _installation(self, row: MeterRow) -> Installation:
        asked = _request(row)
        if asked.date > self.today:
            raise RefusedError("invalid_date", "installed_on")
        unit_id, community_id = self._place(row)
        given = asked.device
        installation = Installation(
            number=asked.number,
            medium=asked.medium,
            device=device_from(
                given.digits, given.decimals, given.registers, multiplier=given.multiplier, max_flow=given.max_flow
            ),
            day=asked.date,
            opening=tuple(asked.opening),
            community_id=community_id,
            unit_id=unit_id,
            parent_id=self._parent(row, asked, community_id),
            place=asked.place,
            verified_until=asked.verified_until,
            meter_id=asked.meter_id or "",
            actor=self.item.actor,
            channel="file",
        )
        # Two rows of one chunk with one id: the second would be written over the first.
        if any(each.meter.meter_id == id_of(self.organisation_id, installation) for each in self.staged.values()):
            raise RefusedError("meter_exists", "meter_id")
        return installation

    def _place(self, row: MeterRow) -> tuple[str | None, str]:
        """The unit, where there is one, and the community."""
        unit_ref, community_ref = row.cells.get("unit_ref"), row.cells.get("community_ref")
        if bool(unit_ref) == bool(community_ref):
            raise RefusedError("unit_or_community", "unit_ref")
        if unit_ref:
            unit = next((self.units[each] for each in self._ids("unt", unit_ref) if each in self.units), None)
            # Of a unit that only a contract has named nothing is known yet but that.
            if unit is None or not unit.community_id:
                raise RefusedError("unknown_unit", "unit_ref")
            return unit.unit_id, unit.community_id
        for community_id in self._ids("com", community_ref):
            if store_places.find_community(self.organisation_id, community_id):
                return None, community_id
        raise RefusedError("unknown_community", "community_ref")

    def _ids(self, prefix: str, reference: str | None) -> list[str]:
        """The ids that a reference may stand for: the customer's own key, or the portal's id."""
        if not reference:
            return []
        derived = derived_id(prefix, self.organisation_id, reference)
        return [derived, reference] if reference.startswith(f"{prefix}_") else [derived]

    def _parent(self, row: MeterRow, asked: InstallationRequest, community_id: str) -> str | None:
        number = row.cells.get("parent_number")
        if not number:
            return None
        if IN_FILE in row.cells:
            # A dry run installs nothing; what hangs behind a house meter of the same file will find it.
            return None
        known = self.numbers.get(number)
        staged = self.staged.get(number)
        parent = staged.meter if staged else self.heads.get(known.meter_id) if known else None
        if parent is None or parent.unit_id or (parent.medium, parent.community_id) != (asked.medium, community_id):
            raise RefusedError("unknown_parent", "parent_number")
        return str(parent.meter_id)


def _request(row: MeterRow) -> InstallationRequest:
    """The row as the route would take it."""
    cells = row.cells
    given: dict[str, Any] = {
        "meter_id": cells.get("meter_id"),
        "number": cells["meter_number"],
        "medium": cells["medium"],
        "place": cells.get("place", ""),
        "device": {name: cells[name] for name in _DEVICE if name in cells},
        "date": cells["installed_on"],
        "opening": list(row.opening),
        "verified_until": cells.get("verified_until"),
    }
    try:
        return InstallationRequest.model_validate(given)
    except ValidationError as error:
        found = error.errors()[0]
        place = [str(each) for each in found["loc"]]
        column = place[-1] if place[0] == "device" else _COLUMNS.get(place[0], place[0])
        raise RefusedError("invalid_choice" if found["type"] == "literal_error" else "invalid_value", column) from error
