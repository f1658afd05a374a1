"""Use cases of imports: taking files and batches of readings, and telling how far they are."""

import secrets
from collections.abc import Mapping, Sequence
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
from meters.store_imports import ImportItem
from meters.tallies import Tally
from shared import access, files
from shared.errors import DomainError, FieldProblem
from shared.events.meters import ReadingImportChunkReady, ReadingImportReceived
from shared.ids import new_id
from shared.tables import UnitOfWork

if TYPE_CHECKING:
    from meters.rules.columns import Problem
    from meters.rules.meter_file import MeterRow
    from meters.rules.reading_file import Row

PAGE: Final = 50
PROBLEMS_PAGE: Final = 100
SORTED: Final = 2_000
"""Wrong rows that are told in the order of the file. More of them come as they were found: sorting reads all of them for every page."""
_PLAN_BYTES: Final = 4
_FAILED: Final = "internal_error"
_WHOLE: Final = 100_000
"""The budget of a dry run, which writes nothing: a meter's readings are judged as one row of them, however many."""


# ------------------------------------------------------------------ taking
def receive_file(uow: UnitOfWork, body: ReadingImportRequest) -> ReadingImportAccepted:
    """Take an uploaded file on. Raises DomainError `unknown_upload` for a key that is not one of the organisation's."""
    if not body.upload.startswith(f"org/{uow.organisation_id}/meters/") or ".." in body.upload:
        raise DomainError("unknown_upload")
    import_id = new_id("imp")
    item = store_imports.new_import(uow, import_id, content=body.content, channel=body.channel, dry_run=body.dry_run)
    item.upload, item.name = body.upload, body.upload.rpartition("/")[2]
    uow.create(item)
    uow.emit(ReadingImportReceived(import_id=import_id))
    return ReadingImportAccepted(import_id=import_id)


def receive_batch(uow: UnitOfWork, body: BatchRequest) -> ReadingImportAccepted:
    """Take readings of another program on, which go the way of a file. Raises DomainError `wrong_time`."""
    zone = ZoneInfo(access.organisation(uow.organisation_id).time_zone)
    rows = [_row(number, reading, zone) for number, reading in enumerate(body.readings)]
    import_id = new_id("imp")
    item = store_imports.new_import(uow, import_id, content="readings", channel=body.channel, dry_run=body.dry_run)
    item.rows = len(rows)
    release_readings(uow, item, rows, [])
    uow.create(item)
    return ReadingImportAccepted(import_id=import_id)


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

    item = store_imports.find_import(uow.organisation_id, import_id)
    if item.state != "queued" or item.upload is None:
        return
    try:
        _plan(uow, item, item.upload)
    except TableError as error:
        item.state, item.failure = "failed", error.code
    uow.put(item)


def fail_import(uow: UnitOfWork, import_id: str) -> None:
    """Note that an import could not be planned for a reason of ours; nothing of it was kept."""
    item = store_imports.find_import(uow.organisation_id, import_id)
    if item.state == "queued":
        item.state, item.failure = "failed", _FAILED
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
    release_readings(uow, item, rows, problems)


def _content(upload: str) -> bytes:
    from meters.rules.tables import MAX_BYTES, TableError

    try:
        content = files.read(upload, MAX_BYTES)
    except files.FileTooLargeError as error:
        raise TableError("file_too_large") from error
    if content is None:
        raise TableError("unknown_upload")
    return content


def release_readings(uow: UnitOfWork, item: ImportItem, rows: "list[Row]", problems: "list[Problem]") -> None:
    """Cut rows into chunks, write them and say the first ones."""
    from meters.rules.chunks import BUDGET, cut
    from meters.rules.import_days import in_order

    chunks, released = cut(in_order(rows), budget=_WHOLE if item.dry_run else BUDGET)
    _release(uow, item, [(chunk.rows, chunk.then) for chunk in chunks], released, problems)


def _release_meters(uow: UnitOfWork, item: ImportItem, meters: "list[MeterRow]", problems: "list[Problem]") -> None:
    """Meters go one chunk after another, parents first: what hangs behind a house meter has to find it."""
    from meters.rules.meter_file import CHUNK, by_generation, with_parents

    ordered = by_generation(meters)
    rows = [(row.line, row.cells, row.opening) for row in (with_parents(ordered) if item.dry_run else ordered)]
    pieces = [rows[at : at + CHUNK] for at in range(0, len(rows), CHUNK)]
    chunks = [(piece, number + 1 if number + 1 < len(pieces) else None) for number, piece in enumerate(pieces)]
    _release(uow, item, chunks, min(1, len(chunks)), problems)


def _release(
    uow: UnitOfWork,
    item: ImportItem,
    chunks: Sequence[tuple[Sequence[Any], int | None]],
    released: int,
    problems: "list[Problem]",
) -> None:
    # A name of its own for each attempt: chunks of an attempt that did not commit are never read.
    item.plan, item.chunks = secrets.token_hex(_PLAN_BYTES), len(chunks)
    item.refused = len(problems)
    item.state = "running" if chunks else "done"
    store_imports.write_problems(item.pk, item.plan, problems)
    store_imports.write_chunks(item.pk, item.plan, chunks)
    for number in range(released):
        uow.emit(ReadingImportChunkReady(import_id=item.import_id, chunk=number))


def take_chunk(uow: UnitOfWork, import_id: str, number: int) -> None:
    """Work a chunk's rows off, as many as fit a transaction, and release what comes next. Raises NotFound."""
    from meters import import_meters, import_readings

    item = store_imports.find_import(uow.organisation_id, import_id)
    take = import_meters.take if item.content == "meters" else import_readings.take
    take(uow, item, number)


def fail_chunk(uow: UnitOfWork, import_id: str, number: int) -> None:
    """Note that what is left of a chunk could not be worked off for a reason of ours, and release what comes next: one chunk shall not keep
    an import running for ever. Its rows are told as refused; sent again they are taken.
    """
    item = store_imports.find_import(uow.organisation_id, import_id)
    plan = str(item.plan)
    done = store_imports.results_of(item.pk, plan, number)
    if done and done[-1].next is None:
        return
    rows, then = store_imports.get_chunk(item.pk, plan, number)
    left = rows[int(done[-1].next or 0) if done else 0 :]
    told = _failed_meter if item.content == "meters" else _failed_reading
    tally = Tally(refused=len(left), problems=[told(*row) for row in left])
    store_imports.stage_result(uow, item.pk, plan, (number, len(done)), tally, None)
    if then is not None:
        uow.emit(ReadingImportChunkReady(import_id=import_id, chunk=then))


def _failed_reading(*row: Any) -> "Problem":
    from meters.rules.columns import Problem
    from meters.rules.reading_file import Row

    found = Row(*row)
    return Problem(found.line, _FAILED, "", found.number, found.day, tuple(found.values))


def _failed_meter(line: int, cells: Mapping[str, str], opening: Sequence[str]) -> "Problem":
    from meters.rules.columns import Problem

    return Problem(line, _FAILED, "", cells["meter_number"], cells["installed_on"], tuple(opening))


# ------------------------------------------------------------------ telling
def get_import(uow: UnitOfWork, import_id: str) -> ReadingImportResponse:
    """How far an import is. The first look after the last chunk writes the sums down. Raises NotFound."""
    item = store_imports.find_import(uow.organisation_id, import_id)
    if _sum_up(item):
        uow.put(item)
    return _shown(item)


def list_imports(
    organisation_id: str, cursor: Mapping[str, Any] | None
) -> tuple[list[ReadingImportResponse], dict[str, Any] | None]:
    """The organisation's imports, the newest first; and where the next page begins."""
    items, last_key = store_imports.list_imports(organisation_id, cursor, PAGE)
    for item in items:
        _sum_up(item)
    return [_shown(item) for item in items], dict(last_key) if last_key else None


def list_problems(
    organisation_id: str, import_id: str, cursor: Mapping[str, Any] | None
) -> tuple[list[RowProblem], dict[str, Any] | None]:
    """The rows that were refused or are held; and where the next page begins. Raises NotFound."""
    item = store_imports.find_import(organisation_id, import_id)
    if not item.plan:
        return [], None
    if cursor is None:
        _sum_up(item)
    if "line" in cursor if cursor else item.refused + item.held <= SORTED:
        return _in_order(item.pk, item.plan, int(cursor["line"]) if cursor else 0)
    after = str(cursor["sk"]) if cursor else None
    found, last = store_imports.page_problems(item.pk, item.plan, after, PROBLEMS_PAGE)
    return [_problem(problem) for problem in found], {"sk": last} if last else None


def _in_order(pk: str, plan: str, line: int) -> tuple[list[RowProblem], dict[str, Any] | None]:
    """The next problems behind a line, and the line to go on behind where there are more."""
    left = [problem for problem in store_imports.all_problems(pk, plan) if problem.line > line]
    page = left[:PROBLEMS_PAGE]
    return [_problem(problem) for problem in page], {"line": page[-1].line} if len(left) > len(page) else None


def _sum_up(item: ImportItem) -> bool:
    """Add what the chunks have come to; whether that is all of them."""
    if item.state != "running" or not item.plan:
        return False
    results = store_imports.all_results(item.pk, item.plan)
    for result in results:
        item.accepted += result.accepted
        item.held += result.held
        item.duplicates += result.duplicates
        item.refused += result.refused
    if sum(1 for result in results if result.next is None) < item.chunks:
        return False
    item.state = "done"
    return True


def _shown(item: ImportItem) -> ReadingImportResponse:
    counts = {name: int(getattr(item, name)) for name in ("accepted", "held", "duplicates", "refused")}
    names = ("import_id", "name", "content", "channel", "dry_run", "state", "failure", "rows", "created_at")
    given = {name: getattr(item, name) for name in names}
    return ReadingImportResponse.model_validate({**given, **counts, "done": sum(counts.values())})


def _problem(problem: "Problem") -> RowProblem:
    return RowProblem.model_validate({**problem._asdict(), "message_params": problem.params})
