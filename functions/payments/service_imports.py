"""Imports of bank statements: receive, read the whole file, hand its transfers on in chunks, and say how far it has come.

Nothing of a file is taken before all of it was read and checked. Every step is one transaction with its event, so that a step that
is killed or delivered twice leaves nothing half done: a file larger than one transaction is written in several, each of which
finds in the import how far the last one came.
"""

import hashlib
from collections.abc import Iterator
from typing import Any, Final

from payments import chunks, rules_transfers, store
from payments.bank_files.model import MAX_BYTES, BankFileError, Statement
from payments.schemas import BankStatementReceipt, BankStatementResponse, FileProblem
from shared import access, clock, files
from shared.errors import DomainError, NotFound
from shared.events.catalog import BankStatementChunkParsed, BankStatementReceived
from shared.ids import derived_id, new_id
from shared.observe import logger
from shared.organisations import BankAccount
from shared.tables import UnitOfWork

PURPOSE: Final = "bank_statement"
_CHUNKS_A_STEP: Final = 40
_BYTES_A_STEP: Final = 3_000_000
_KEEP_SECONDS: Final = 30 * 86_400
_COUNTERS: Final = ("matched", "unmatched", "duplicates", "ignored")


def receive_bank_statement(uow: UnitOfWork, upload: str) -> BankStatementReceipt:
    """Take an uploaded file for import. Raises DomainError `unknown_upload` for a key that is not this organisation's."""
    prefix = f"org/{uow.organisation_id}/{PURPOSE}/"
    if not upload.startswith(prefix) or ".." in upload:
        raise DomainError("unknown_upload")
    import_id = new_id("imp")
    name = upload.rsplit("/", 1)[-1]
    created_at = clock.stamp(clock.now())
    uow.create(store.new_import(uow.organisation_id, import_id, name=name, upload=upload, created_at=created_at))
    uow.emit(BankStatementReceived(import_id=import_id))
    return BankStatementReceipt(import_id=import_id)


def get_bank_statement(organisation_id: str, import_id: str) -> BankStatementResponse:
    """One import with its counters. Raises NotFound."""
    item = store.find_import(organisation_id, import_id)
    if item is None:
        raise NotFound
    return _response(organisation_id, item)


def list_bank_statements(
    organisation_id: str, start: store.Key | None
) -> tuple[list[BankStatementResponse], store.Key | None]:
    """A page of imports, the newest first."""
    items, last = store.list_imports(organisation_id, start)
    return [_response(organisation_id, item) for item in items], last


def read_bank_statement(uow: UnitOfWork, import_id: str) -> None:
    """Read and check the whole file, then write its next chunks; says BankStatementReceived again while some are left."""
    item = store.find_import(uow.organisation_id, import_id)
    if item is None or item.state in (store.DONE, store.FAILED) or item.chunks_written == item.chunks:
        return
    from payments.bank_files.reading import read_statements

    try:
        data = _fetch(str(item.upload))
        rows = list(_rows(uow.organisation_id, read_statements(data)))
    except BankFileError as error:
        if item.chunks_written:
            # The file was read before and is on its way: what is wrong now (the upload has expired) is not the file.
            raise
        item.state = store.FAILED
        item.errors = [{"line": error.line, "code": error.code}]
        uow.put(item)
        logger.info("bank statement refused", code=error.code, line=error.line, import_id=import_id)
        return
    item.transactions = len(rows)
    if not _seen_before(uow, item, hashlib.sha256(data).hexdigest()):
        _write_chunks(uow, item, rows)
    uow.put(item)


def fail_bank_statement(uow: UnitOfWork, import_id: str) -> None:
    """Note that the file could not be read for a reason of ours; the same file may be posted again."""
    item = store.find_import(uow.organisation_id, import_id)
    if item is not None and item.state == store.QUEUED:
        item.state = store.FAILED
        item.errors = [{"line": None, "code": "internal_error"}]
        uow.put(item)


def _seen_before(uow: UnitOfWork, item: store.ImportItem, digest: str) -> bool:
    """Whether these bytes were imported to the end before; then every transfer of them is a duplicate.

    An earlier import that did not come to its end does not count: this one goes through, and each transfer is still taken once.
    """
    known = store.find_file(uow.organisation_id, digest)
    if known is None:
        uow.create(store.new_file(uow.organisation_id, digest, item.import_id))
        return False
    first = store.find_import(uow.organisation_id, known.import_id)
    if known.import_id == item.import_id or first is None or first.state != store.DONE:
        return False
    item.first_import_id = known.import_id
    item.duplicates = item.transactions
    item.state = store.DONE
    return True


def _write_chunks(uow: UnitOfWork, item: store.ImportItem, rows: list[chunks.Row]) -> None:
    payloads = list(chunks.pack(rows))
    expires = clock.timestamp() + _KEEP_SECONDS
    written, size = item.chunks_written, 0
    for number, payload in list(enumerate(payloads))[int(written) :][:_CHUNKS_A_STEP]:
        size += len(payload)
        if size > _BYTES_A_STEP and number > written:
            break
        uow.put(store.new_chunk(uow.organisation_id, item.import_id, number, payload, expires))
        uow.emit(BankStatementChunkParsed(import_id=item.import_id, chunk=number))
        item.chunks_written = number + 1
    item.chunks = len(payloads)
    item.state = store.RUNNING if payloads else store.DONE
    if item.chunks_written < item.chunks:
        uow.emit(BankStatementReceived(import_id=item.import_id))


def _rows(organisation_id: str, statements: list[Statement]) -> Iterator[chunks.Row]:
    """The transfers with their ids. Raises BankFileError where a statement is not of the organisation's own account."""
    accounts = access.organisation(organisation_id).bank_accounts
    for statement in statements:
        account = _own_account(statement, accounts)
        for transfer, fingerprint in rules_transfers.identities(account, statement):
            yield chunks.Row(derived_id("trf", organisation_id, fingerprint), account, transfer)


def _own_account(statement: Statement, accounts: list[BankAccount]) -> str:
    same = [known for known in accounts if rules_transfers.same_account(statement.account, known.account)]
    if not same:
        raise BankFileError("unknown_bank_account", statement.line)
    if statement.currency not in {known.currency for known in same}:
        raise BankFileError("currency_mismatch", statement.line)
    return same[0].account


def _fetch(key: str) -> bytes:
    try:
        content = files.read(key, MAX_BYTES)
    except files.FileTooLargeError as error:
        raise BankFileError("file_too_large") from error
    if content is None:
        raise BankFileError("file_not_found")
    return content


def _response(organisation_id: str, item: store.ImportItem) -> BankStatementResponse:
    """While an import runs, its counters are the sums over its chunks; afterwards they stand in the import itself."""
    counted: dict[str, Any] = {name: getattr(item, name) for name in _COUNTERS}
    if item.state == store.RUNNING:
        begun = store.all_progress(organisation_id, item.import_id)
        counted = {name: sum(getattr(progress, name) for progress in begun) for name in _COUNTERS}
    return BankStatementResponse(
        import_id=item.import_id,
        state=item.state,
        name=item.name,
        transactions=int(item.transactions),
        errors=[FileProblem.model_validate(error) for error in item.errors],
        created_at=item.created_at,
        first_import_id=item.first_import_id,
        **counted,
    )
