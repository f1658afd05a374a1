"""Portfolio imports: received, checked as a whole, then written in chunks, each in one transaction with its progress.

The chunks go down several lanes at once: each is released by the one before it in its lane.
"""

from collections import Counter
from dataclasses import asdict, astuple
from typing import Final

from registry import import_plan, service_rows, store
from registry.archive import Problem, Problems
from registry.portfolio import Portfolio, read_portfolio
from registry.schemas import ImportAccepted, ImportProblem, ImportResponse
from registry.store import Import
from shared import files, imports
from shared.errors import DomainError, FieldProblem
from shared.events.catalog import PortfolioImportChunkReady, PortfolioImportReceived
from shared.tables import UnitOfWork

LANES: Final = 8
_COUNTED: Final = ("created", "changed", "unchanged")


def receive_import(uow: UnitOfWork, upload: str) -> ImportAccepted:
    """Note an import and have it worked off. Raises `upload_not_found` for a key outside the organisation's own portfolio uploads."""
    if not files.is_upload(upload, uow.organisation_id, "portfolio"):
        raise DomainError("upload_not_found", problems=(FieldProblem("upload", "upload_not_found"),))
    item = Import.new(uow, upload=upload)
    uow.create(item)
    uow.emit(PortfolioImportReceived(import_id=item.import_id))
    return ImportAccepted(import_id=item.import_id)


def fail_import(uow: UnitOfWork, import_id: str) -> None:
    """Note that an import could not be checked for a reason of ours; nothing of it was written."""
    item = Import.find(uow.organisation_id, import_id)
    if item.state == imports.QUEUED:
        item.fail([astuple(Problem("", 0, "", imports.INTERNAL_ERROR))])
        uow.put(item)


def describe_import(uow: UnitOfWork, import_id: str) -> ImportResponse:
    """State and progress; the first look after the last chunk writes the sums down. Raises NotFound for an import that is not the
    organisation's.
    """
    item = Import.find(uow.organisation_id, import_id)
    if item.sum_up():
        uow.put(item)
    counts = {name: item.counts.get(name, 0) for name in _COUNTED}
    problems = item.problems() if item.state == imports.FAILED else []
    return ImportResponse.model_validate(
        {
            "import_id": import_id,
            "state": item.state,
            "rows": int(item.rows),
            "done": sum(counts.values()),
            **counts,
            "errors": [ImportProblem.model_validate(asdict(Problem(*problem))) for problem in problems],
            "more_errors": item.more_errors,
            "created_at": item.created_at,
        }
    )


def validate_import(uow: UnitOfWork, import_id: str) -> None:
    """Check the whole file; then either note what is wrong and change nothing, or cut it into chunks and start the lanes."""
    item = Import.find(uow.organisation_id, import_id)
    if item.state != imports.QUEUED or item.upload is None:
        return
    data = files.read(item.upload)
    portfolio, problems = read_portfolio(data) if data is not None else (None, _missing())
    if portfolio is not None:
        _check_numbers(uow.organisation_id, portfolio, problems)
    if portfolio is None or problems:
        item.more_errors = problems.more
        item.fail([astuple(problem) for problem in problems.items])
        uow.put(item)
        return
    chunks = import_plan.chunks(uow.organisation_id, portfolio)
    item.rows = portfolio.size
    item.release(
        imports.Planned(works, [following] if following < len(chunks) else [])
        for following, works in enumerate(chunks, LANES)
    )
    uow.put(item)
    for first in range(min(LANES, len(chunks))):
        uow.emit(PortfolioImportChunkReady(import_id=import_id, chunk=first))


def import_chunk(uow: UnitOfWork, import_id: str, number: int) -> None:
    """Write one chunk, count it, and have the next one of its lane done. Done before: nothing. Raises NotFound."""
    item = Import.find(uow.organisation_id, import_id)
    chunk = item.open_chunk(number)
    if chunk is None:
        return
    counts: Counter[str] = Counter()
    for work in chunk.rows:
        counts[service_rows.write_row(uow, work)] += work["rows"]
    for following in item.close_chunk(uow, chunk, counts):
        uow.emit(PortfolioImportChunkReady(import_id=import_id, chunk=following))


def _check_numbers(organisation_id: str, portfolio: Portfolio, problems: Problems) -> None:
    """A number may not be that of a contract outside the ZIP: things that a ZIP leaves out stay as they are."""
    rows = portfolio.files["contracts.csv"]
    sent = {import_plan.thing_id("contract", organisation_id, row["contract_ref"]) for row in rows}
    standing = store.contracts_by_number(organisation_id, [row["number"] for row in rows])
    for row in rows:
        holder = standing.get(row["number"])
        if holder and holder not in sent:
            problems.add("contracts.csv", row.line, "number", "duplicate_number")


def _missing() -> Problems:
    return Problems([Problem("", 0, "", "upload_not_found")])
