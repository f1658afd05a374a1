"""Use cases of imports: taking files and batches of readings, and telling how far they are."""

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from meters import store_imports
from meters.schemas_staff import (
    BatchReading,
    BatchRequest,
    ReadingImportAccepted,
    ReadingImportRequest,
    ReadingImportResponse,
    RowProblem,
)
from meters.store_imports import COUNTED, ImportItem
from shared import access, files, imports
from shared.errors import DomainError, FieldProblem
from shared.events.meters import ReadingImportChunkReady, ReadingImportReceived
from shared.tables import UnitOfWork

if TYPE_CHECKING:
    from meters.rules.columns import Problem
    from meters.rules.meter_file import MeterRow
    from meters.rules.reading_file import Row

PAGE: Final = 50
PROBLEMS_PAGE: Final = 100
SORTED: Final = 2_000
"""Wrong rows that are told in the order of the file. More of them come as they were found: sorting reads all of them for every page."""
_LINE: Final = 0
"""Where a kept problem has its line."""
_WHOLE: Final = 100_000
"""The budget of a dry run, which writes nothing: a meter's readings are judged as one row of them, however many."""


# ------------------------------------------------------------------ taking
def receive_file(uow: UnitOfWork, body: ReadingImportRequest) -> ReadingImportAccepted:
    """Take an uploaded file on. Raises DomainError `unknown_upload` for a key that is not one of the organisation's."""
    if not files.is_upload(body.upload, uow.organisation_id, "meters"):
        raise DomainError("unknown_upload")
    item = store_imports.new_import(uow, content=body.content, channel=body.channel, dry_run=body.dry_run)
    item.upload, item.name = body.upload, body.upload.rpartition("/")[2]
    uow.create(item)
    uow.emit(ReadingImportReceived(import_id=item.import_id))
    return ReadingImportAccepted(import_id=item.import_id)


def receive_batch(uow: UnitOfWork, body: BatchRequest) -> ReadingImportAccepted:
    """Take readings of another program on, which go the way of a file. Raises DomainError `wrong_time`."""
    zone = ZoneInfo(access.organisation(uow.organisation_id).time_zone)
    rows = [_row(number, reading, zone) for number, reading in enumerate(body.readings)]
    item = store_imports.new_import(uow, content="readings", channel=body.channel, dry_run=body.dry_run)
    item.rows = len(rows)
    _release_readings(uow, item, rows, [])
    uow.create(item)
    return ReadingImportAccepted(import_id=item.import_id)


def _row(number: int, reading: BatchReading, zone: ZoneInfo) -> "Row":
    from meters.rules.columns import is_ours, parse_day
    from meters.rules.reading_file import END_OF_DAY, minute_of, new_row

    place, field = None, "date"
    if reading.time and not reading.date:
        place, field = minute_of(reading.time, zone) if is_ours(reading.time.date()) else None, "time"
    elif reading.date and not reading.time:
        place = (reading.date, END_OF_DAY) if parse_day(reading.date) else None
    if place is None:
        raise DomainError("wrong_time", problems=(FieldProblem(f"readings.{number}.{field}", "wrong_time"),))
    return new_row(reading.meter_number, *place, tuple(reading.values), reading.estimated, number + 1)


# ------------------------------------------------------------------ planning
def plan_import(uow: UnitOfWork, import_id: str) -> None:
    """Read the whole file, cut its rows into chunks and release the first ones. Rows that cannot be read are told beside the others;
    a file that cannot be read fails the import.
    """
    from meters.rules.tables import TableError

    item = ImportItem.find(uow.organisation_id, import_id)
    if item.state != imports.QUEUED or item.upload is None:
        return
    try:
        _plan(uow, item, item.upload)
    except TableError as error:
        item.fail()
        item.failure = error.code
    uow.put(item)


def fail_import(uow: UnitOfWork, import_id: str) -> None:
    """Note that an import could not be planned for a reason of ours; nothing of it was kept."""
    item = ImportItem.find(uow.organisation_id, import_id)
    if item.state == imports.QUEUED:
        item.fail()
        item.failure = imports.INTERNAL_ERROR
        uow.put(item)


def _plan(uow: UnitOfWork, item: ImportItem, upload: str) -> None:
    from meters.rules.columns import Problem
    from meters.rules.meter_file import MeterRow, parse_meters
    from meters.rules.reading_file import Row, parse_readings
    from meters.rules.tables import read_table

    lines = read_table(_content(upload))
    problems: list[Problem] = []
    if item.content == "meters":
        meters: list[MeterRow] = []
        for meter in parse_meters(lines):
            if isinstance(meter, Problem):
                problems.append(meter)
            else:
                meters.append(meter)
        item.rows = len(meters) + len(problems)
        _release_meters(uow, item, meters, problems)
        return
    rows: list[Row] = []
    for row in parse_readings(lines, access.organisation(uow.organisation_id).time_zone):
        if isinstance(row, Problem):
            problems.append(row)
        else:
            rows.append(row)
    item.rows = len(rows) + len(problems)
    _release_readings(uow, item, rows, problems)


def _content(upload: str) -> bytes:
    from meters.rules.tables import MAX_BYTES, TableError

    try:
        content = files.read(upload, MAX_BYTES)
    except files.FileTooLargeError as error:
        raise TableError("file_too_large") from error
    if content is None:
        raise TableError("unknown_upload")
    return content


def _release_readings(uow: UnitOfWork, item: ImportItem, rows: "list[Row]", problems: "list[Problem]") -> None:
    """Cut rows into chunks, write them and say the first ones."""
    from meters.rules.chunks import BUDGET, cut
    from meters.rules.import_days import in_order

    chunks, released = cut(in_order(rows), budget=_WHOLE if item.dry_run else BUDGET)
    planned = [imports.Planned(chunk.rows, _after(chunk.then)) for chunk in chunks]
    _release(uow, item, planned, released, problems)


def _release_meters(uow: UnitOfWork, item: ImportItem, meters: "list[MeterRow]", problems: "list[Problem]") -> None:
    """Meters go one chunk after another, parents first: what hangs behind a house meter has to find it."""
    from meters.rules.meter_file import CHUNK, by_generation, with_parents

    ordered = by_generation(meters)
    rows = [(row.line, row.cells, row.opening) for row in (with_parents(ordered) if item.dry_run else ordered)]
    pieces = [rows[at : at + CHUNK] for at in range(0, len(rows), CHUNK)]
    planned = [
        imports.Planned(piece, _after(number if number < len(pieces) else None))
        for number, piece in enumerate(pieces, 1)
    ]
    _release(uow, item, planned, min(1, len(planned)), problems)


def _after(then: int | None) -> tuple[int, ...]:
    return () if then is None else (then,)


def _release(
    uow: UnitOfWork, item: ImportItem, planned: list[imports.Planned], released: int, problems: "list[Problem]"
) -> None:
    item.counts = {"refused": len(problems)}
    item.release(planned, problems)
    _say(uow, item, range(released))


def _say(uow: UnitOfWork, item: ImportItem, chunks: Iterable[int]) -> None:
    for number in chunks:
        uow.emit(ReadingImportChunkReady(import_id=item.import_id, chunk=number))


def take_chunk(uow: UnitOfWork, import_id: str, number: int) -> None:
    """Work a chunk's rows off, as many as fit a transaction, and release what comes next. Done before: nothing. Raises NotFound."""
    from meters import import_meters, import_readings

    item = ImportItem.find(uow.organisation_id, import_id)
    chunk = item.open_chunk(number)
    if chunk:
        take = import_meters.take if item.content == "meters" else import_readings.take
        _say(uow, item, take(uow, item, chunk))


def fail_chunk(uow: UnitOfWork, import_id: str, number: int) -> None:
    """Note that what is left of a chunk could not be worked off for a reason of ours, and release what comes next: one chunk shall not keep
    an import running for ever. Its rows are told as refused; sent again they are taken.
    """
    item = ImportItem.find(uow.organisation_id, import_id)
    chunk = item.open_chunk(number)
    if chunk:
        told = _failed_meter if item.content == "meters" else _failed_reading
        problems = [told(*row) for row in chunk.rows]
        _say(uow, item, item.close_chunk(uow, chunk, {"refused": len(problems)}, problems))


def _failed_reading(*row: Any) -> "Problem":
    from meters.rules.columns import Problem
    from meters.rules.reading_file import Row

    found = Row(*row)
    return Problem(found.line, imports.INTERNAL_ERROR, "", found.number, found.day, tuple(found.values))


def _failed_meter(line: int, cells: Mapping[str, str], opening: Sequence[str]) -> "Problem":
    from meters.rules.columns import Problem

    return Problem(line, imports.INTERNAL_ERROR, "", cells["meter_number"], cells["installed_on"], tuple(opening))


# ------------------------------------------------------------------ telling
def get_import(uow: UnitOfWork, import_id: str) -> ReadingImportResponse:
    """How far an import is. The first look after the last chunk writes the sums down. Raises NotFound."""
    item = ImportItem.find(uow.organisation_id, import_id)
    if item.sum_up():
        uow.put(item)
    return _shown(item)


def list_imports(
    organisation_id: str, cursor: Mapping[str, Any] | None
) -> tuple[list[ReadingImportResponse], dict[str, Any] | None]:
    """The organisation's imports, the newest first; and where the next page begins."""
    items, last_key = store_imports.list_imports(organisation_id, cursor, PAGE)
    for item in items:
        item.sum_up()
    return [_shown(item) for item in items], dict(last_key) if last_key else None


def list_problems(
    organisation_id: str, import_id: str, cursor: Mapping[str, Any] | None
) -> tuple[list[RowProblem], dict[str, Any] | None]:
    """The rows that were refused or are held; and where the next page begins. Raises NotFound."""
    item = ImportItem.find(organisation_id, import_id)
    if cursor is None:
        item.sum_up()
    told = item.counts.get("refused", 0) + item.counts.get("held", 0)
    if "line" in cursor if cursor else told <= SORTED:
        return _in_order(item, int(cursor["line"]) if cursor else 0)
    found, last = item.page_problems(str(cursor["sk"]) if cursor else None, PROBLEMS_PAGE)
    return [_problem(kept) for kept in found], {"sk": last} if last else None


def _in_order(item: ImportItem, line: int) -> tuple[list[RowProblem], dict[str, Any] | None]:
    """The next problems behind a line, and the line to go on behind where there are more."""
    left = sorted((kept for kept in item.problems() if kept[_LINE] > line), key=itemgetter(_LINE))
    page = left[:PROBLEMS_PAGE]
    return [_problem(kept) for kept in page], {"line": page[-1][_LINE]} if len(left) > len(page) else None


def _shown(item: ImportItem) -> ReadingImportResponse:
    counts = {name: item.counts.get(name, 0) for name in COUNTED}
    names = ("import_id", "name", "content", "channel", "dry_run", "state", "failure", "rows", "created_at")
    given = {name: getattr(item, name) for name in names}
    return ReadingImportResponse.model_validate({**given, **counts, "done": sum(counts.values())})


def _problem(kept: list[Any]) -> RowProblem:
    from meters.rules.columns import Problem

    problem = Problem(*kept)
    return RowProblem.model_validate({**problem._asdict(), "message_params": problem.params})
