"""Imports: a file is planned as a whole and its rows worked off in chunks, each in one transaction with what came of it.

Whatever is killed or delivered twice, nothing is left out and nothing done twice: the plan writes its chunks under a name of its own, ahead
of the import that names it; a chunk's result commits with what it changes; and the message of a chunk is said in the transaction of the
one before it. What a context reads, how it cuts, what it does with a row and what it counts is its own.
"""

import json
import secrets
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Final, Self

from pynamodb.attributes import BinaryAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute, VersionAttribute

from shared import clock
from shared.errors import NotFound
from shared.ids import new_id
from shared.tables import Base, UnitOfWork

QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"
INTERNAL_ERROR: Final = "internal_error"
"""Says of a row, or of a file as a whole, that it failed for a reason of ours."""
_CHUNKS_KEPT: Final = 30 * 86_400
"""Seconds; longer than any queue holds a message."""
_PROBLEMS_KEPT: Final = 90 * 86_400
_SK: Final = "IMPORT"
_PLAN_BYTES: Final = 4
_PROBLEMS_IN_ITEM: Final = 200
_PROBLEM_ITEMS: Final = 20
_OF_PLAN, _OF_CHUNK = "0", "1"
_LAST: Final = "~"

Row = Any
"""What JSON keeps: a tuple comes back as a list."""


@dataclass(frozen=True, slots=True)
class Planned:
    """Rows for one transaction, or for a few after one another; `then` are the chunks that may begin when they are done."""

    rows: Sequence[Row]
    then: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is left of a chunk: the rows from `start` on, for the transaction `part` of it."""

    number: int
    part: int
    start: int
    rows: list[Row]
    then: list[int]


class Import(Base):
    """pk `ORG#<org>#IMPORT#<import>`, sk `IMPORT`; a context's subclass names the table and adds what is its own.

    `plan` names the chunks that count: others were made in vain. `counts` hold what the plan found, by name, and the sums of all
    chunks when the import is `done`.
    """

    problems_expire: ClassVar[bool] = False
    """Whether what was wrong with rows is kept for 90 days only: where it may be as long as the file."""

    import_id = UnicodeAttribute()
    upload = UnicodeAttribute(null=True)
    state = UnicodeAttribute(default=QUEUED)
    rows = NumberAttribute(default=0)
    counts = JSONAttribute(default=dict)
    plan = UnicodeAttribute(null=True)
    chunks = NumberAttribute(default=0)
    actor = UnicodeAttribute()
    created_at = UnicodeAttribute()
    version = VersionAttribute()

    @classmethod
    def new(cls, uow: UnitOfWork, **fields: Any) -> Self:
        """An import that waits to be planned."""
        import_id = new_id("imp")
        return cls(
            pk=_pk(uow.organisation_id, import_id),
            sk=_SK,
            import_id=import_id,
            actor=uow.metadata.actor,
            created_at=clock.stamp(clock.now()),
            **fields,
        )

    @classmethod
    def find(cls, organisation_id: str, import_id: str) -> Self:
        """Raises NotFound."""
        try:
            return cls.get(_pk(organisation_id, import_id), _SK, consistent_read=True)
        except cls.DoesNotExist as error:
            raise NotFound from error

    # -------------------------------------------------------------- the plan
    def release(self, chunks: Iterable[Planned], problems: Sequence[Row] = ()) -> None:
        """Let the import run: write its chunks, and what the plan found wrong."""
        self._begin(problems)
        expires, number = clock.timestamp() + _CHUNKS_KEPT, 0
        with self._models.chunk.batch_write() as batch:
            for number, chunk in enumerate(chunks, 1):
                batch.save(
                    self._models.chunk(
                        self.pk,
                        self._chunk_sk(number - 1),
                        packed=_pack(chunk.rows),
                        then=list(chunk.then),
                        expires=expires,
                    )
                )
        self.chunks, self.state = number, RUNNING if number else DONE

    def fail(self, problems: Sequence[Row] = ()) -> None:
        """Let the import have failed as a whole."""
        self._begin(problems)
        self.state = FAILED

    def _begin(self, problems: Sequence[Row]) -> None:
        # A name of its own for each attempt: chunks of an attempt that did not commit are never read.
        self.plan = secrets.token_hex(_PLAN_BYTES)
        with self._models.problems.batch_write() as batch:
            for number, at in enumerate(range(0, len(problems), _PROBLEMS_IN_ITEM)):
                batch.save(self._problems(f"{_OF_PLAN}#{number:05}#00", problems[at : at + _PROBLEMS_IN_ITEM]))

    # -------------------------------------------------------------- its chunks
    def open_chunk(self, number: int) -> Chunk | None:
        """What is left of a chunk; None where it is done. Raises NotFound."""
        results = self._results(f"{number:05}#")
        if results and results[-1].next is None:
            return None
        start = int(results[-1].next or 0) if results else 0
        try:
            item = self._models.chunk.get(self.pk, self._chunk_sk(number), consistent_read=True)
        except self._models.chunk.DoesNotExist as error:
            raise NotFound from error
        return Chunk(number, len(results), start, _unpack(item.packed)[start:], item.then)

    def close_chunk(
        self,
        uow: UnitOfWork,
        chunk: Chunk,
        counts: Mapping[str, int],
        problems: Sequence[Row] = (),
        *,
        taken: int | None = None,
    ) -> list[int]:
        """Stage what came of a chunk, or of the first `taken` rows that were left of it. Answers the chunks to say in this transaction:
        those that follow, or the same one again.

        Whoever comes second fails on it and begins anew.
        """
        left = taken is not None and taken < len(chunk.rows)
        place = f"{chunk.number:05}#{chunk.part:02}"
        uow.create(
            self._models.result(
                self.pk,
                f"RESULT#{self.plan}#{place}",
                counts=dict(counts),
                next=chunk.start + (taken or 0) if left else None,
            )
        )
        if problems:
            uow.put(self._problems(f"{_OF_CHUNK}#{place}", problems))
        return [chunk.number] if left else chunk.then

    # -------------------------------------------------------------- what has come of it
    def sum_up(self) -> bool:
        """Add what the chunks have come to so far; whether that is all of them, and worth being kept."""
        if self.state != RUNNING:
            return False
        results, counts = self._results(""), Counter(self.counts)
        for result in results:
            counts.update(result.counts)
        self.counts = dict(counts)
        if sum(result.next is None for result in results) < self.chunks:
            return False
        self.state = DONE
        return True

    def problems(self) -> list[Row]:
        """What was wrong with rows: what the plan found in its order, then chunk by chunk; for as many as fit into memory at once."""
        return [problem for _, problems in self._problem_items(None) for problem in problems]

    def page_problems(self, after: str | None, limit: int) -> tuple[list[Row], str | None]:
        """The next problems behind a key, at least so many where there are; and the key to go on behind where there are more.

        Whole items are taken, so a page may be a good deal longer than asked.
        """
        found: list[Row] = []
        last = None
        for key, problems in self._problem_items(after):
            if len(found) >= limit:
                return found, last
            found += problems
            last = key
        return found, None

    def _problem_items(self, after: str | None) -> Iterator[tuple[str, list[Row]]]:
        model, start = self._models.problems, f"PROBLEMS#{self.plan}#"
        condition = model.sk.between(f"{after} ", f"{start}{_LAST}") if after else model.sk.startswith(start)
        for item in model.query(self.pk, condition, consistent_read=True, page_size=_PROBLEM_ITEMS):
            yield item.sk, _unpack(item.packed)

    def _problems(self, at: str, problems: Sequence[Row]) -> "_Problems":
        expires = clock.timestamp() + _PROBLEMS_KEPT if self.problems_expire else None
        return self._models.problems(self.pk, f"PROBLEMS#{self.plan}#{at}", packed=_pack(problems), expires=expires)

    def _results(self, of: str) -> "list[_Result]":
        model = self._models.result
        return list(model.query(self.pk, model.sk.startswith(f"RESULT#{self.plan}#{of}"), consistent_read=True))

    def _chunk_sk(self, number: int) -> str:
        return f"CHUNK#{self.plan}#{number:05}"

    @property
    def _models(self) -> "_Models":
        return _models_of(type(self).Meta.table_name)


class _Chunk(Base):
    """The import's pk, sk `CHUNK#<plan>#<number>`: rows, deflated, and the chunks after it."""

    packed = BinaryAttribute(legacy_encoding=False)
    then = JSONAttribute()
    expires = NumberAttribute()


class _Result(Base):
    """The import's pk, sk `RESULT#<plan>#<number>#<part>`: one small item a transaction, so that chunks never meet at a counter.

    `next` is the row at which the next part begins; none: the chunk is done.
    """

    counts = JSONAttribute()
    next = NumberAttribute(null=True)


class _Problems(Base):
    """The import's pk, sk `PROBLEMS#<plan>#<0: of the plan | 1: of a chunk>#<number>#<part>`: what was wrong with rows, deflated."""

    packed = BinaryAttribute(legacy_encoding=False)
    expires = NumberAttribute(null=True)


@dataclass(frozen=True)
class _Models:
    chunk: type[_Chunk]
    result: type[_Result]
    problems: type[_Problems]


@cache
def _models_of(table: str) -> _Models:
    """The items beside the imports of a table."""

    class Chunk(_Chunk):
        class Meta:
            table_name = table

    class Result(_Result):
        class Meta:
            table_name = table

    class Problems(_Problems):
        class Meta:
            table_name = table

    return _Models(Chunk, Result, Problems)


def _pk(organisation_id: str, import_id: str) -> str:
    return f"ORG#{organisation_id}#IMPORT#{import_id}"


def _pack(rows: Sequence[Row]) -> bytes:
    return zlib.compress(json.dumps(list(rows), ensure_ascii=False, separators=(",", ":")).encode(), 6)


def _unpack(packed: bytes) -> list[Row]:
    found: list[Row] = json.loads(zlib.decompress(packed))
    return found
