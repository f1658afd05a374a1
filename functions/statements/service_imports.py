"""Use cases of the ledger import: charges from a file, checked as a whole, then posted in chunks of one transaction."""

from dataclasses import astuple, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from shared import access, clock, files, imports
from shared.errors import Conflict, DomainError, NotFound
from shared.events.catalog import ChargeTakenOver, LedgerImportChunkReady, LedgerImportReceived
from shared.ids import derived_id
from shared.money import to_minor
from shared.tables import UnitOfWork
from statements import store
from statements.booking import book
from statements.rules.entries import CHARGE, Entry
from statements.rules.numbers import format_number, give_back, take
from statements.schemas import MAX_AMOUNT, ImportProblem, LedgerImportAccepted, LedgerImportResponse
from statements.service import charge_posted
from statements.store_imports import ImportItem

if TYPE_CHECKING:
    from statements.rules.charge_file import Problem, Row
    from statements.rules.chunks import PlannedCharge

FILE: Final = "charges.csv"
_MOST_PROBLEMS: Final = 100
"""That many problems of a file are kept; the next try shows the others."""


def request_import(uow: UnitOfWork, upload: str) -> LedgerImportAccepted:
    """Take an uploaded file on for import. Raises DomainError `unknown_upload` for a key that is not one of ours."""
    if not files.is_upload(upload, uow.organisation_id, "ledger"):
        raise DomainError("unknown_upload")
    item = ImportItem.new(uow, upload=upload)
    uow.create(item)
    uow.emit(LedgerImportReceived(import_id=item.import_id))
    return LedgerImportAccepted(import_id=item.import_id)


def plan_import(uow: UnitOfWork, import_id: str) -> None:
    """Check the whole file; if it is right, number its new charges, cut them into chunks and release the first ones.

    One bad row and nothing is posted: the import is `failed` with the problems.
    """
    item = ImportItem.find(uow.organisation_id, import_id)
    if item.state != imports.QUEUED or item.upload is None:
        return
    charges, unchanged, problems = _read(uow.organisation_id, item.upload)
    item.rows = len(charges) + unchanged
    if problems:
        item.fail([astuple(problem) for problem in problems[:_MOST_PROBLEMS]])
    else:
        item.counts = {"unchanged": unchanged}
        _release(uow, item, _numbered(uow, charges))
    uow.put(item)


def fail_import(uow: UnitOfWork, import_id: str) -> None:
    """Note that an import could not be planned for a reason of ours; nothing of it was posted."""
    item = ImportItem.find(uow.organisation_id, import_id)
    if item.state == imports.QUEUED:
        item.fail([(0, imports.INTERNAL_ERROR, "")])
        uow.put(item)


def _release(uow: UnitOfWork, item: ImportItem, charges: "list[PlannedCharge]") -> None:
    from statements.rules.chunks import cut

    chunks, released = cut(charges)
    item.release(imports.Planned([astuple(charge) for charge in chunk.charges], chunk.then) for chunk in chunks)
    for number in range(released):
        uow.emit(LedgerImportChunkReady(import_id=item.import_id, chunk=number))


def _read(organisation_id: str, upload: str) -> "tuple[list[PlannedCharge], int, list[Problem]]":
    """The new charges of a file, how many it has that are posted already, and what is wrong with it."""
    from statements import uploads
    from statements.rules.charge_file import Problem, parse_charges

    try:
        content = uploads.read_charge_file(upload)
    except DomainError as error:
        return [], 0, [Problem(0, error.code)]
    rows, problems = parse_charges(content)
    unreadable = {problem.line for problem in problems}
    # The rows that can be read are looked up all the same: whoever mends the file wants to know everything at once.
    charges, unresolved = _resolve(organisation_id, [row for row in rows if row.line not in unreadable])
    problems = sorted([*problems, *unresolved], key=attrgetter("line"))
    known = store.find_references(organisation_id, [charge.charge_id for charge in charges])
    for charge in charges:
        reference = known.get(charge.charge_id)
        if reference and reference.fingerprint != charge.fingerprint:
            problems.append(Problem(charge.line, "charge_changed", "charge_ref"))
    new = [charge for charge in charges if charge.charge_id not in known]
    return new, len(charges) - len(new), problems


def _resolve(organisation_id: str, rows: "list[Row]") -> "tuple[list[PlannedCharge], list[Problem]]":
    """Find each row's account and read its amount in the account's currency."""
    from statements.rules.charge_file import Problem
    from statements.rules.chunks import PlannedCharge

    accounts = store.find_numbers(organisation_id, dict.fromkeys(row.contract_number for row in rows))
    charges: list[PlannedCharge] = []
    problems: list[Problem] = []
    for row in rows:
        account = accounts.get(row.contract_number)
        if account is None or account.ambiguous:
            code = "ambiguous_contract" if account else "unknown_contract"
            problems.append(Problem(row.line, code, "contract_number"))
            continue
        amount = _amount(row.amount, account.currency)
        if amount is None:
            problems.append(Problem(row.line, "invalid_amount", "amount"))
            continue
        charges.append(
            PlannedCharge(
                line=row.line,
                charge_id=derived_id("chg", organisation_id, row.charge_ref),
                contract_id=account.contract_id,
                date=row.date,
                due_date=row.due_date,
                type=row.type,
                purpose=row.purpose,
                amount=amount,
                description=row.description,
                fingerprint=row.fingerprint(account.contract_id, amount),
                number=0,
            )
        )
    return charges, problems


def _amount(text: str, currency: str) -> int | None:
    try:
        amount = to_minor(text, currency)
    except DomainError:
        return None
    return amount if 0 < amount <= MAX_AMOUNT else None


def _numbered(uow: UnitOfWork, charges: "list[PlannedCharge]") -> "list[PlannedCharge]":
    """Give the charges their numbers, in the file's order: one range a year for the whole file, kept with its chunks."""
    numbers = {}
    for year in sorted({charge.year for charge in charges}):
        series = store.get_series(uow.organisation_id, year)
        taken, left = take(series.series(), sum(charge.year == year for charge in charges))
        series.take_over(left)
        uow.put(series)
        numbers[year] = iter(taken)
    return [replace(charge, number=next(numbers[charge.year])) for charge in charges]


def post_chunk(uow: UnitOfWork, import_id: str, number: int) -> None:
    """Post a chunk's charges, account by account, and release the chunks that follow.

    Charges that somebody else has posted meanwhile, or that an account cannot hold, give their numbers back.
    """
    from statements.rules.chunks import PlannedCharge

    item = ImportItem.find(uow.organisation_id, import_id)
    chunk = item.open_chunk(number)
    if chunk is None:
        return
    planned = [PlannedCharge(*row) for row in chunk.rows]
    posted = store.find_references(uow.organisation_id, [charge.charge_id for charge in planned])
    new = [charge for charge in planned if charge.charge_id not in posted]
    refused: list[PlannedCharge] = []
    for contract_id in dict.fromkeys(charge.contract_id for charge in new):
        charges = [charge for charge in new if charge.contract_id == contract_id]
        if not _post(uow, contract_id, charges):
            refused.extend(charges)
    _give_back(uow, [*refused, *(charge for charge in planned if charge.charge_id in posted)])
    problems = [(charge.line, "too_many_open_items", "contract_number") for charge in refused]
    counts = {"created": len(new) - len(refused), "unchanged": len(posted), "refused": len(refused)}
    for following in item.close_chunk(uow, chunk, counts, problems):
        uow.emit(LedgerImportChunkReady(import_id=import_id, chunk=following))


def _post(uow: UnitOfWork, contract_id: str, charges: "list[PlannedCharge]") -> bool:
    """Book charges of one account; False where it cannot hold them."""
    account = store.find_account(uow.organisation_id, contract_id)
    if account is None:
        raise NotFound
    entries = [_entry(charge) for charge in charges]
    items = [
        store.new_entry_item(uow.organisation_id, contract_id, entry, type=charge.type, description=charge.description)
        for charge, entry in zip(charges, entries, strict=True)
    ]
    try:
        book(uow, account, items, fingerprints={charge.charge_id: charge.fingerprint for charge in charges})
    except Conflict:
        return False
    today = clock.today(access.organisation(uow.organisation_id).time_zone).isoformat()
    for entry in entries:
        posted = charge_posted(account, entry)
        uow.emit(posted if entry.due_date >= today else ChargeTakenOver.model_validate(posted.model_dump()))
    return True


def _entry(charge: "PlannedCharge") -> Entry:
    return Entry(
        CHARGE,
        charge.charge_id,
        charge.date,
        charge.amount,
        due_date=charge.due_date,
        purpose=charge.purpose,
        number=format_number(charge.year, charge.number),
    )


def _give_back(uow: UnitOfWork, charges: "list[PlannedCharge]") -> None:
    for year in {charge.year for charge in charges}:
        series = store.get_series(uow.organisation_id, year)
        unused = tuple(charge.number for charge in charges if charge.year == year)
        series.take_over(give_back(series.series(), unused))
        uow.put(series)


def get_import(uow: UnitOfWork, import_id: str) -> LedgerImportResponse:
    """How far the import is. The first look after the last chunk writes the sums down. Raises NotFound."""
    item = ImportItem.find(uow.organisation_id, import_id)
    if item.sum_up():
        uow.put(item)
    created, unchanged, refused = (item.counts.get(name, 0) for name in ("created", "unchanged", "refused"))
    problems = item.problems() if refused or item.state == imports.FAILED else []
    if refused:
        problems.sort()
    return LedgerImportResponse.model_validate(
        {
            "import_id": import_id,
            "state": item.state,
            "rows": item.rows,
            "done": created + unchanged + refused,
            "created": created,
            "unchanged": unchanged,
            "errors": [ImportProblem(file=FILE, line=line, code=code, field=field) for line, code, field in problems],
        }
    )
