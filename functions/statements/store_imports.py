"""The items of a ledger import: the import, its chunks, and what came of each chunk."""

import json
from collections.abc import Iterable
from dataclasses import astuple
from typing import TYPE_CHECKING, Any, Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from shared import clock
from statements.store import Item

if TYPE_CHECKING:
    from statements.rules.chunks import Chunk

_KEEP_SECONDS: Final = 90 * 86_400
IMPORT_SK: Final = "IMPORT"


class ImportItem(Item):
    """pk `ORG#<org>#LEDGER_IMPORT#<import>`, sk `IMPORT`. `plan` names the chunks that count: others were made in vain."""

    upload = UnicodeAttribute()
    state = UnicodeAttribute()
    rows = NumberAttribute(default=0)
    created = NumberAttribute(default=0)
    unchanged = NumberAttribute(default=0)
    plan = UnicodeAttribute(null=True)
    chunks = NumberAttribute(default=0)
    problems = UnicodeAttribute(default="[]")
    actor = UnicodeAttribute()
    created_at = UnicodeAttribute()


class ChunkItem(Item):
    """The import's pk, sk `CHUNK#<plan>#<number>`: charges with their numbers, ready to be posted."""

    charges = UnicodeAttribute()
    then = UnicodeAttribute()
    expires = NumberAttribute()

    def chunk(self) -> "Chunk":
        from statements.rules.chunks import Chunk, PlannedCharge

        charges = tuple(PlannedCharge(*row) for row in json.loads(self.charges))
        return Chunk(charges, tuple(json.loads(self.then)))


class ResultItem(Item):
    """The import's pk, sk `RESULT#<plan>#<number>`: one small item a chunk, so that chunks never meet at a counter."""

    created = NumberAttribute()
    unchanged = NumberAttribute()
    problems = UnicodeAttribute()


def import_pk(organisation_id: str, import_id: str) -> str:
    return f"ORG#{organisation_id}#LEDGER_IMPORT#{import_id}"


def find_import(organisation_id: str, import_id: str) -> ImportItem | None:
    try:
        return ImportItem.get(import_pk(organisation_id, import_id), IMPORT_SK, consistent_read=True)
    except ImportItem.DoesNotExist:
        return None


def write_chunks(pk: str, plan: str, chunks: "Iterable[Chunk]") -> None:
    """Write the chunks of a plan ahead of the import that names it. Unnamed ones expire."""
    expires = clock.timestamp() + _KEEP_SECONDS
    with ChunkItem.batch_write() as batch:
        for number, chunk in enumerate(chunks):
            rows = [astuple(charge) for charge in chunk.charges]
            batch.save(
                ChunkItem(
                    pk=pk,
                    sk=_sk("CHUNK", plan, number),
                    charges=json.dumps(rows, ensure_ascii=False, separators=(",", ":")),
                    then=json.dumps(chunk.then),
                    expires=expires,
                )
            )


def get_chunk(pk: str, plan: str, number: int) -> "Chunk":
    return ChunkItem.get(pk, _sk("CHUNK", plan, number), consistent_read=True).chunk()


def new_result(pk: str, plan: str, number: int, created: int, unchanged: int, problems: list[Any]) -> ResultItem:  # noqa: PLR0917
    return ResultItem(
        pk=pk,
        sk=_sk("RESULT", plan, number),
        created=created,
        unchanged=unchanged,
        problems=json.dumps(problems),
    )


def has_result(pk: str, plan: str, number: int) -> bool:
    """Whether the chunk is done, under whatever message."""
    try:
        ResultItem.get(pk, _sk("RESULT", plan, number), consistent_read=True)
    except ResultItem.DoesNotExist:
        return False
    return True


def list_results(pk: str, plan: str) -> list[ResultItem]:
    return list(ResultItem.query(pk, ResultItem.sk.startswith(f"RESULT#{plan}#"), consistent_read=True))


def _sk(kind: str, plan: str, number: int) -> str:
    return f"{kind}#{plan}#{number:05}"
