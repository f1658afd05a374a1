"""Portfolio imports: received, checked as a whole, then written in chunks, each in one transaction with its progress.

The chunks go down several lanes at once. The event of a chunk is said in the transaction that writes the chunk before it in the same
lane, so nothing is left out and nothing done twice, whatever is killed or delivered twice.
"""

from dataclasses import asdict
from typing import Any, Final

from registry import import_plan, service_rows, store
from registry.archive import Problem, Problems
from registry.portfolio import Portfolio, read_portfolio
from registry.schemas import ImportAccepted, ImportProblem, ImportResponse
from registry.store import Import, ImportChunk, ImportLane
from shared import clock, files
from shared.errors import DomainError, FieldProblem, NotFound
from shared.events.catalog import PortfolioImportChunkReady, PortfolioImportReceived
from shared.ids import new_id
from shared.tables import UnitOfWork

QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"
LANES: Final = 8
_CHUNK_DAYS: Final = 30
_COUNTED: Final = ("done", "created", "changed", "unchanged")


def receive_import(uow: UnitOfWork, upload: str) -> ImportAccepted:
    """Note an import and have it worked off. Raises `upload_not_found` for a key outside the organisation's own portfolio uploads."""
    if not upload.startswith(f"org/{uow.organisation_id}/portfolio/") or ".." in upload:
        raise DomainError("upload_not_found", problems=(FieldProblem("upload", "upload_not_found"),))
    import_id = new_id("imp")
    uow.create(
        Import(
            store.key(uow.organisation_id, "IMPORT", import_id), "IMPORT",
            import_id=import_id, upload=upload, state=QUEUED, errors=[], created_at=clock.now(),
        )
    )  # fmt: skip
    uow.emit(PortfolioImportReceived(import_id=import_id))
    return ImportAccepted(import_id=import_id)


def fail_import(uow: UnitOfWork, import_id: str) -> None:
    """Note that an import could not be checked for a reason of ours; nothing of it was written."""
    item = store.find_thing(Import, uow.organisation_id, import_id)
    if item is not None and item.state == QUEUED:
        item.state = FAILED
        item.errors = [{"file": "", "line": 0, "code": "internal_error", "field": ""}]
        uow.put(item)


def describe_import(organisation_id: str, import_id: str) -> ImportResponse:
    """State and progress. Raises NotFound for an import that is not the organisation's."""
    item = store.find_thing(Import, organisation_id, import_id)
    if item is None:
        raise NotFound
    lanes = list(ImportLane.query(item.pk, ImportLane.sk.startswith("LANE#"), consistent_read=True))
    counts = {name: sum(int(getattr(lane, name)) for lane in lanes) for name in _COUNTED}
    finished = item.state == RUNNING and counts["done"] == item.rows
    return ImportResponse.model_validate(
        {
            "import_id": import_id,
            "state": DONE if finished else item.state,
            "rows": int(item.rows),
            **counts,
            "errors": [ImportProblem.model_validate(problem) for problem in item.errors],
            "more_errors": item.more_errors,
            "created_at": item.created_at,
        }
    )


def validate_import(uow: UnitOfWork, import_id: str) -> None:
    """Check the whole file; then either note what is wrong and change nothing, or cut it into chunks and start the lanes."""
    item = _find(uow.organisation_id, import_id)
    if item.state != QUEUED:
        return
    data = files.read(item.upload)
    portfolio, problems = read_portfolio(data) if data is not None else (None, _missing())
    if portfolio is not None:
        _check_numbers(uow.organisation_id, portfolio, problems)
    if portfolio is None or problems:
        item.state, item.errors, item.more_errors = FAILED, [asdict(p) for p in problems.items], problems.more
        uow.put(item)
        return
    chunks = import_plan.chunks(uow.organisation_id, portfolio)
    # Written beside the transaction: nobody looks at chunks before the import is running, and a repeat writes the same ones.
    _keep_chunks(item.pk, chunks)
    item.state, item.rows, item.chunks = RUNNING, portfolio.size, len(chunks)
    uow.put(item)
    for first in range(min(LANES, len(chunks))):
        uow.emit(PortfolioImportChunkReady(import_id=import_id, chunk=first))


def import_chunk(uow: UnitOfWork, import_id: str, chunk: int) -> None:
    """Write one chunk, count it, and have the next one of its lane done."""
    item = _find(uow.organisation_id, import_id)
    kept = store.find(ImportChunk, item.pk, _chunk_key(chunk))
    if kept is None:
        raise NotFound
    counts = dict.fromkeys(_COUNTED, 0)
    for work in kept.works:
        outcome = service_rows.write_row(uow, work)
        counts[outcome] += work["rows"]
        counts["done"] += work["rows"]
    lane = ImportLane(item.pk, f"LANE#{chunk % LANES:02}")
    uow.update(lane, [getattr(ImportLane, name).add(counts[name]) for name in _COUNTED])
    if chunk + LANES < item.chunks:
        uow.emit(PortfolioImportChunkReady(import_id=import_id, chunk=chunk + LANES))


def _check_numbers(organisation_id: str, portfolio: Portfolio, problems: Problems) -> None:
    """A number may not be that of a contract outside the ZIP: things that a ZIP leaves out stay as they are."""
    rows = portfolio.files["contracts.csv"]
    sent = {import_plan.thing_id("contract", organisation_id, row["contract_ref"]) for row in rows}
    standing = store.contracts_by_number(organisation_id, [row["number"] for row in rows])
    for row in rows:
        holder = standing.get(row["number"])
        if holder and holder not in sent:
            problems.add("contracts.csv", row.line, "number", "duplicate_number")


def _find(organisation_id: str, import_id: str) -> Import:
    item = store.find_thing(Import, organisation_id, import_id)
    if item is None:
        raise NotFound
    return item


def _missing() -> Problems:
    return Problems([Problem("", 0, "", "upload_not_found")])


def _keep_chunks(pk: str, chunks: list[list[dict[str, Any]]]) -> None:
    expires = clock.timestamp() + _CHUNK_DAYS * 86_400
    with ImportChunk.batch_write() as batch:
        for number, works in enumerate(chunks):
            batch.save(ImportChunk(pk, _chunk_key(number), works=works, expires=expires))


def _chunk_key(number: int) -> str:
    return f"CHUNK#{number:06}"
