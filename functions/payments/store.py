"""The items of the payments table, and their queries. Access patterns: docs/data-model.md.

Payers' names, accounts and titles are personal data: they stand in this table only, never in an event or a log line.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar

from pynamodb.attributes import (
    BinaryAttribute,
    BooleanAttribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    VersionAttribute,
)

from shared.indexes import Gsi1
from shared.tables import Base, table_name

PAGE: Final = 50
QUEUED: Final = "queued"
RUNNING: Final = "running"
DONE: Final = "done"
FAILED: Final = "failed"
MATCHED: Final = "matched"
UNMATCHED: Final = "unmatched"
ASSIGNED: Final = "assigned"
IGNORED: Final = "ignored"
PAYOUT: Final = "payout"
"""A payment provider sent it: what payers have paid online. It is no payer's."""

Key = dict[str, Any]


class Item(Base):
    class Meta:
        table_name = table_name("PAYMENTS_TABLE")


M = TypeVar("M", bound=Item)


class ImportItem(Item):
    """pk `ORG#<org>#IMPORT#<import>`, sk `IMPORT`; gsi1: `ORG#<org>#IMPORTS`, import id. The counters are those of finished chunks."""

    gsi1pk = UnicodeAttribute()
    gsi1sk = UnicodeAttribute()
    import_id = UnicodeAttribute()
    state = UnicodeAttribute(default=QUEUED)
    name = UnicodeAttribute()
    upload = UnicodeAttribute()
    created_at = UnicodeAttribute()
    transactions = NumberAttribute(default=0)
    matched = NumberAttribute(default=0)
    unmatched = NumberAttribute(default=0)
    duplicates = NumberAttribute(default=0)
    ignored = NumberAttribute(default=0)
    chunks = NumberAttribute(default=-1)
    """How many chunks the file has; -1 until it was read."""
    chunks_written = NumberAttribute(default=0)
    chunks_done = NumberAttribute(default=0)
    errors = JSONAttribute(default=list)
    first_import_id = UnicodeAttribute(null=True)
    by_time = Gsi1()
    version = VersionAttribute()


class FileItem(Item):
    """pk `ORG#<org>#FILE#<sha256>`, sk `FILE`: the first import of these bytes."""

    import_id = UnicodeAttribute()


class ChunkItem(Item):
    """The import's pk, sk `CHUNK#<n>`: transfers that wait to be matched. Deleted when they are."""

    payload = BinaryAttribute(legacy_encoding=False)
    expires = NumberAttribute()


class ProgressItem(Item):
    """The import's pk, sk `PROGRESS#<n>`: how far a chunk has come, and what came of it."""

    position = NumberAttribute(default=0)
    matched = NumberAttribute(default=0)
    unmatched = NumberAttribute(default=0)
    duplicates = NumberAttribute(default=0)
    ignored = NumberAttribute(default=0)
    expires = NumberAttribute()
    version = VersionAttribute()


class TransferItem(Item):
    """pk `ORG#<org>#TRANSFER#<transfer>`, sk `TRANSFER`. In gsi1 while it waits: `ORG#<org>#UNMATCHED`, `<import>#<line>`.

    A provider's transfer waits for its payout: `ORG#<org>#UNEXPLAINED`, `<booking date>#<transfer>`.
    """

    gsi1pk = UnicodeAttribute(null=True)
    gsi1sk = UnicodeAttribute(null=True)
    transfer_id = UnicodeAttribute()
    import_id = UnicodeAttribute()
    state = UnicodeAttribute()
    account = UnicodeAttribute()
    amount = NumberAttribute()
    currency = UnicodeAttribute()
    booking_date = UnicodeAttribute()
    value_date = UnicodeAttribute()
    bank_reference = UnicodeAttribute()
    payer_name = UnicodeAttribute()
    payer_account = UnicodeAttribute()
    title = UnicodeAttribute()
    candidates = JSONAttribute(default=list)
    contract_id = UnicodeAttribute(null=True)
    payment_id = UnicodeAttribute(null=True)
    decided_by = UnicodeAttribute(null=True)
    provider = UnicodeAttribute(null=True)
    waiting = Gsi1()
    version = VersionAttribute()


class ContractItem(Item):
    """pk `ORG#<org>#CONTRACT#<contract>`, sk `CONTRACT`: what the reference index says of it, so that a change can be undone."""

    contract_id = UnicodeAttribute()
    number = UnicodeAttribute()
    currency = UnicodeAttribute()
    entries = JSONAttribute(default=list)
    as_of = UnicodeAttribute()
    version = VersionAttribute()


class IndexItem(Item):
    """pk `ORG#<org>#REFERENCE#<kind>#<value>` or `ORG#<org>#CONTRACTNUMBER#<key>`, sk `INDEX`: {contract id: [number, currency]}."""

    contracts = JSONAttribute(default=dict)
    version = VersionAttribute()


class PayerItem(Item):
    """pk `ORG#<org>#PAYER#<account>`, sk `PAYER`: {contract id: {number, currency, amounts}}.

    `for_many`: the account pays for so many contracts (a welfare office) that it says nothing of any.
    """

    contracts = JSONAttribute(default=dict)
    for_many = BooleanAttribute(default=False)
    version = VersionAttribute()


class ShapesItem(Item):
    """pk `ORG#<org>#NUMBERSHAPES`, sk `SHAPES`: what the organisation's contract numbers look like."""

    shapes = JSONAttribute(default=list)
    version = VersionAttribute()


def _pk(organisation_id: str, kind: str, value: str = "") -> str:
    return f"ORG#{organisation_id}#{kind}" + (f"#{value}" if value else "")


def import_pk(organisation_id: str, import_id: str) -> str:
    return _pk(organisation_id, "IMPORT", import_id)


def new_import(organisation_id: str, import_id: str, **values: Any) -> ImportItem:
    return ImportItem(
        pk=import_pk(organisation_id, import_id),
        sk="IMPORT",
        gsi1pk=_pk(organisation_id, "IMPORTS"),
        gsi1sk=import_id,
        import_id=import_id,
        **values,
    )


def find_import(organisation_id: str, import_id: str) -> ImportItem | None:
    return _find(ImportItem, import_pk(organisation_id, import_id), "IMPORT")


def list_imports(organisation_id: str, start: Key | None) -> tuple[list[ImportItem], Key | None]:
    """A page of imports, the newest first."""
    found = ImportItem.by_time.query(
        _pk(organisation_id, "IMPORTS"), scan_index_forward=False, limit=PAGE, last_evaluated_key=start
    )
    return list(found), found.last_evaluated_key


def find_file(organisation_id: str, digest: str) -> FileItem | None:
    return _find(FileItem, _pk(organisation_id, "FILE", digest), "FILE")


def new_file(organisation_id: str, digest: str, import_id: str) -> FileItem:
    return FileItem(pk=_pk(organisation_id, "FILE", digest), sk="FILE", import_id=import_id)


def new_chunk(organisation_id: str, import_id: str, chunk: int, payload: bytes, expires: int) -> ChunkItem:
    return ChunkItem(
        pk=import_pk(organisation_id, import_id), sk=f"CHUNK#{chunk:06d}", payload=payload, expires=expires
    )


def find_chunk(organisation_id: str, import_id: str, chunk: int) -> ChunkItem | None:
    return _find(ChunkItem, import_pk(organisation_id, import_id), f"CHUNK#{chunk:06d}")


def progress_of(organisation_id: str, import_id: str, chunk: int, expires: int) -> ProgressItem:
    """How far a chunk has come: what stands in the table, or a beginning."""
    pk, sk = import_pk(organisation_id, import_id), f"PROGRESS#{chunk:06d}"
    return _find(ProgressItem, pk, sk) or ProgressItem(pk=pk, sk=sk, expires=expires)


def all_progress(organisation_id: str, import_id: str) -> list[ProgressItem]:
    """The progress of every chunk that was begun; a chunk has 300 transfers, so these are few."""
    pk = import_pk(organisation_id, import_id)
    return list(ProgressItem.query(pk, ProgressItem.sk.startswith("PROGRESS#"), consistent_read=True))


def new_transfer(organisation_id: str, transfer_id: str, **values: Any) -> TransferItem:
    return TransferItem(
        pk=_pk(organisation_id, "TRANSFER", transfer_id), sk="TRANSFER", transfer_id=transfer_id, **values
    )


def find_transfer(organisation_id: str, transfer_id: str) -> TransferItem | None:
    return _find(TransferItem, _pk(organisation_id, "TRANSFER", transfer_id), "TRANSFER")


def known_transfers(organisation_id: str, transfer_ids: Iterable[str]) -> set[str]:
    """Which of these transfers stand in the table already."""
    keys = {(_pk(organisation_id, "TRANSFER", one), "TRANSFER") for one in transfer_ids}
    found = TransferItem.batch_get(keys, consistent_read=True, attributes_to_get=["pk", "sk", "transfer_id"])
    return {item.transfer_id for item in found}


def wait(item: TransferItem, organisation_id: str, line: int) -> None:
    """Put a transfer into the inbox of unmatched ones."""
    item.gsi1pk = _pk(organisation_id, "UNMATCHED")
    item.gsi1sk = f"{item.import_id}#{line:08d}#{item.transfer_id}"


def list_waiting(organisation_id: str, start: Key | None) -> tuple[list[TransferItem], Key | None]:
    """A page of the inbox, the newest first."""
    found = TransferItem.waiting.query(
        _pk(organisation_id, "UNMATCHED"), scan_index_forward=False, limit=PAGE, last_evaluated_key=start
    )
    return list(found), found.last_evaluated_key


def find_contract(organisation_id: str, contract_id: str) -> ContractItem | None:
    return _find(ContractItem, _pk(organisation_id, "CONTRACT", contract_id), "CONTRACT")


def new_contract(organisation_id: str, contract_id: str, **values: Any) -> ContractItem:
    return ContractItem(
        pk=_pk(organisation_id, "CONTRACT", contract_id), sk="CONTRACT", contract_id=contract_id, **values
    )


def index_entry(kind: str, value: str) -> str:
    """The name of an entry of the index: `REFERENCE#kid#602243`, or `CONTRACTNUMBER#L2015001`."""
    return f"CONTRACTNUMBER#{value}" if kind == "number" else f"REFERENCE#{kind}#{value}"


def index_items(organisation_id: str, entries: Iterable[str]) -> dict[str, IndexItem]:
    """The entries of the index that exist, by their names."""
    return _batch(IndexItem, {entry: _pk(organisation_id, entry) for entry in entries}, "INDEX")


def new_index(organisation_id: str, entry: str) -> IndexItem:
    return IndexItem(pk=_pk(organisation_id, entry), sk="INDEX", contracts={})


def payers(organisation_id: str, accounts: Iterable[str]) -> dict[str, PayerItem]:
    """What is known of payers, by account; a new item for an account that is not known."""
    wanted = {account: _pk(organisation_id, "PAYER", account) for account in accounts}
    found = _batch(PayerItem, wanted, "PAYER")
    return {account: found.get(account) or PayerItem(pk=pk, sk="PAYER", contracts={}) for account, pk in wanted.items()}


def shapes(organisation_id: str) -> ShapesItem:
    """What the organisation's contract numbers look like: what stands in the table, or nothing yet."""
    pk = _pk(organisation_id, "NUMBERSHAPES")
    return _find(ShapesItem, pk, "SHAPES") or ShapesItem(pk=pk, sk="SHAPES", shapes=[])


def _batch(model: type[M], wanted: Mapping[str, str], sk: str) -> dict[str, M]:
    """Items by the names that their partition keys go by."""
    names = {pk: name for name, pk in wanted.items()}
    return {names[item.pk]: item for item in model.batch_get({(pk, sk) for pk in names})} if names else {}


def _find(model: type[M], pk: str, sk: str) -> M | None:
    try:
        return model.get(pk, sk, consistent_read=True)
    except model.DoesNotExist:
        return None
