"""The items of an import: the import, its chunks, what came of each, its problems; and the hourly values of remote reading."""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from pynamodb.attributes import (
    BinaryAttribute,
    BooleanAttribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    VersionAttribute,
)

from meters.rules.columns import Problem
from meters.store import Item, meter_pk
from meters.tallies import Tally
from shared import clock
from shared.errors import NotFound
from shared.indexes import Gsi1
from shared.tables import UnitOfWork

_KEEP_SECONDS: Final = 90 * 86_400
_KEEP_HOURS: Final = 731 * 86_400
"""Hourly values are kept for two years; what the days came to stays in the stream."""
IMPORT_SK: Final = "IMPORT"
PROBLEMS_IN_ITEM: Final = 200
_PROBLEM_ITEMS: Final = 20
_OF_FILE, _OF_CHUNK = "0", "1"
_LAST: Final = "~"


class ImportItem(Item):
    """pk `ORG#<org>#READING_IMPORT#<import>`, sk `IMPORT`; gsi1 `ORG#<org>#READING_IMPORTS` / `<import>`.

    `plan` names the chunks that count: others were made in vain. The four counts hold what the plan refused, and the sums of all
    chunks when the import is `done`.
    """

    import_id = UnicodeAttribute()
    name = UnicodeAttribute(default="")
    upload = UnicodeAttribute(null=True)
    content = UnicodeAttribute()
    channel = UnicodeAttribute()
    dry_run = BooleanAttribute(default=False)
    state = UnicodeAttribute()
    failure = UnicodeAttribute(null=True)
    rows = NumberAttribute(default=0)
    accepted = NumberAttribute(default=0)
    held = NumberAttribute(default=0)
    duplicates = NumberAttribute(default=0)
    refused = NumberAttribute(default=0)
    plan = UnicodeAttribute(null=True)
    chunks = NumberAttribute(default=0)
    actor = UnicodeAttribute()
    created_at = UnicodeAttribute()
    gsi1pk = UnicodeAttribute()
    gsi1sk = UnicodeAttribute()
    by_time = Gsi1()
    version = VersionAttribute()


class ChunkItem(Item):
    """The import's pk, sk `CHUNK#<plan>#<number>`: rows, deflated, and the chunk after it in its lane."""

    rows = BinaryAttribute(legacy_encoding=False)
    then = NumberAttribute(null=True)
    expires = NumberAttribute()


class ResultItem(Item):
    """The import's pk, sk `RESULT#<plan>#<number>#<part>`: one small item a transaction, so that chunks never meet at a counter.

    `next` is the row at which the next part begins; none: the chunk is done.
    """

    accepted = NumberAttribute()
    held = NumberAttribute()
    duplicates = NumberAttribute()
    refused = NumberAttribute()
    next = NumberAttribute(null=True)


class ProblemsItem(Item):
    """The import's pk, sk `PROBLEMS#<plan>#<0: of the plan | 1: of a chunk>#<number>#<part>`: rows that were refused or are held."""

    packed = BinaryAttribute(legacy_encoding=False)
    expires = NumberAttribute()


class HoursItem(Item):
    """The meter's pk, sk `HOURS#<day>#<import>#<number>`: values by the minute since the day began (four digits), as the counter shows
    them.

    An item of each import and counter, so that nobody writes over what another brought; of the same minute the later import holds.
    """

    values = JSONAttribute()
    expires = NumberAttribute()


def import_pk(organisation_id: str, import_id: str) -> str:
    return f"ORG#{organisation_id}#READING_IMPORT#{import_id}"


def new_import(uow: UnitOfWork, import_id: str, *, content: str, channel: str, dry_run: bool) -> ImportItem:
    """An import that waits to be planned."""
    return ImportItem(
        pk=import_pk(uow.organisation_id, import_id),
        sk=IMPORT_SK,
        import_id=import_id,
        content=content,
        channel=channel,
        dry_run=dry_run,
        state="queued",
        actor=uow.metadata.actor,
        created_at=clock.stamp(clock.now()),
        gsi1pk=f"ORG#{uow.organisation_id}#READING_IMPORTS",
        gsi1sk=import_id,
    )


def find_import(organisation_id: str, import_id: str) -> ImportItem:
    """Raises NotFound."""
    try:
        return ImportItem.get(import_pk(organisation_id, import_id), IMPORT_SK, consistent_read=True)
    except ImportItem.DoesNotExist as error:
        raise NotFound from error


def list_imports(
    organisation_id: str, cursor: Mapping[str, Any] | None, limit: int
) -> tuple[list[ImportItem], Mapping[str, Any] | None]:
    """The newest first, eventually consistent; and where to go on."""
    found = ImportItem.by_time.query(
        f"ORG#{organisation_id}#READING_IMPORTS",
        scan_index_forward=False,
        limit=limit,
        last_evaluated_key=dict(cursor) if cursor else None,
    )
    items = list(found)
    return items, found.last_evaluated_key


# ------------------------------------------------------------------ chunks
def write_chunks(pk: str, plan: str, chunks: Iterable[tuple[Sequence[Any], int | None]]) -> None:
    """Write the chunks of a plan ahead of the import that names it. Unnamed ones expire."""
    expires = clock.timestamp() + _KEEP_SECONDS
    with ChunkItem.batch_write() as batch:
        for number, (rows, then) in enumerate(chunks):
            batch.save(
                ChunkItem(pk=pk, sk=_sk("CHUNK", plan, f"{number:05}"), rows=pack(rows), then=then, expires=expires)
            )


def get_chunk(pk: str, plan: str, number: int) -> tuple[list[Any], int | None]:
    """The rows of a chunk as they were written, and the chunk after it."""
    item = ChunkItem.get(pk, _sk("CHUNK", plan, f"{number:05}"), consistent_read=True)
    return unpack(item.rows), None if item.then is None else int(item.then)


def write_problems(pk: str, plan: str, problems: Sequence[Problem]) -> None:
    """Write what the plan found wrong, ahead of the import."""
    with ProblemsItem.batch_write() as batch:
        for number, at in enumerate(range(0, len(problems), PROBLEMS_IN_ITEM)):
            batch.save(_problems(pk, plan, f"{_OF_FILE}#{number:05}#00", problems[at : at + PROBLEMS_IN_ITEM]))


def results_of(pk: str, plan: str, number: int) -> list[ResultItem]:
    """What is done of a chunk, part by part."""
    prefix = ResultItem.sk.startswith(_sk("RESULT", plan, f"{number:05}#"))
    return list(ResultItem.query(pk, prefix, consistent_read=True))


def all_results(pk: str, plan: str) -> list[ResultItem]:
    return list(ResultItem.query(pk, ResultItem.sk.startswith(f"RESULT#{plan}#"), consistent_read=True))


def stage_result(  # noqa: PLR0917 - the key and what is kept under it
    uow: UnitOfWork, pk: str, plan: str, place: tuple[int, int], tally: Tally, following: int | None
) -> None:
    """Stage what came of a part of a chunk (number, part); whoever comes second fails on it and begins anew."""
    at = f"{place[0]:05}#{place[1]:02}"
    uow.create(
        ResultItem(
            pk=pk,
            sk=_sk("RESULT", plan, at),
            accepted=tally.accepted,
            held=tally.held,
            duplicates=tally.duplicates,
            refused=tally.refused,
            next=following,
        )
    )
    if tally.problems:
        uow.put(_problems(pk, plan, f"{_OF_CHUNK}#{at}", tally.problems))


def all_problems(pk: str, plan: str) -> list[Problem]:
    """The problems of an import in the order of its file; for as many as fit into memory at once."""
    found = ProblemsItem.query(pk, ProblemsItem.sk.startswith(f"PROBLEMS#{plan}#"), consistent_read=True)
    problems = [Problem(*values) for item in found for values in unpack(item.packed)]
    return sorted(problems, key=lambda problem: problem.line)


def page_problems(pk: str, plan: str, after: str | None, limit: int) -> tuple[list[Problem], str | None]:
    """The next problems behind a sort key, at least so many where there are; and the sort key to go on behind where there are more.

    Whole items are taken, so a page may be a good deal longer than asked.
    """
    start = f"PROBLEMS#{plan}#"
    condition = ProblemsItem.sk.between(f"{after} ", f"{start}{_LAST}") if after else ProblemsItem.sk.startswith(start)
    problems: list[Problem] = []
    last = None
    for item in ProblemsItem.query(pk, condition, consistent_read=True, page_size=_PROBLEM_ITEMS):
        if len(problems) >= limit:
            return problems, last
        problems += [Problem(*values) for values in unpack(item.packed)]
        last = item.sk
    return problems, None


def _problems(pk: str, plan: str, at: str, problems: Sequence[Problem]) -> ProblemsItem:
    expires = clock.timestamp() + _KEEP_SECONDS
    return ProblemsItem(pk=pk, sk=_sk("PROBLEMS", plan, at), packed=pack(list(problems)), expires=expires)


# ------------------------------------------------------------------ hourly values
def hours_of(organisation_id: str, meter_id: str, day: str) -> dict[str, list[str]]:
    """The values of a day by minute, of all imports."""
    found = HoursItem.query(
        meter_pk(organisation_id, meter_id), HoursItem.sk.startswith(f"HOURS#{day}#"), consistent_read=True
    )
    values: dict[str, list[str]] = {}
    for item in found:
        values |= item.values
    return values


def write_hours(
    organisation_id: str, import_id: str, hours: Mapping[tuple[str, str, str], Mapping[str, Sequence[str]]]
) -> None:
    """Write an import's values, by meter, number and day, 25 items a call.

    Outside the transaction, and before it: the same rows give the same items however often they are written, and a day's reading that
    counts is never without the values that it was taken from. Values without a reading (the transaction failed) wait for its repetition.
    """
    expires = clock.timestamp() + _KEEP_HOURS
    with HoursItem.batch_write() as batch:
        for (meter_id, number, day), values in hours.items():
            batch.save(
                HoursItem(
                    pk=meter_pk(organisation_id, meter_id),
                    sk=f"HOURS#{day}#{import_id}#{number}",
                    values={minute: list(texts) for minute, texts in values.items()},
                    expires=expires,
                )
            )


def pack(rows: Sequence[Any]) -> bytes:
    return zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def unpack(packed: bytes) -> list[Any]:
    found: list[Any] = json.loads(zlib.decompress(packed))
    return found


def _sk(kind: str, plan: str, at: str) -> str:
    return f"{kind}#{plan}#{at}"
