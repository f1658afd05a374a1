"""DynamoDB through PynamoDB: the base of every item, and the unit of work that commits state, events and the once item together."""

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, TypeVar

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.connection import Connection, TableConnection
from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from shared import clock
from shared.errors import Conflict
from shared.events.envelope import Event, Metadata, new_metadata

MAX_OPERATIONS: Final = 100
"""DynamoDB's limit for one TransactWriteItems."""
MAX_ATTEMPTS: Final = 24
_PATIENCE: Final = 15.0
"""Seconds after which nothing is begun again: a function has 25 in all, and API Gateway gives up at 29."""
_FIRST_PAUSE: Final = 0.02
_LONGEST_PAUSE: Final = 1.0
"""Of everybody who wants the same item one commits each time, so the pauses need not grow beyond what a queue of fifty takes."""
OUTBOX_SK: Final = "OUTBOX"
_OUTBOX_DAYS: Final = 7
_ONCE_DAYS: Final = 30
_DAY: Final = 86_400
_RETRYABLE: Final = {
    "ConditionalCheckFailed",
    "TransactionConflict",
    "ThrottlingError",
    "ProvisionedThroughputExceeded",
}

R = TypeVar("R")


@cache
def connection() -> Connection:
    """One client for all tables. API Gateway gives up at 29 s, so we give up, and retry, long before."""
    return Connection(
        region=os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "eu-central-1",
        connect_timeout_seconds=1,
        read_timeout_seconds=5,
        retry_configuration={"mode": "standard", "total_max_attempts": 4},
    )


class Base(Model):
    """An item of a context's table. A subclass names its table: `class Meta: table_name = table_name("STATEMENTS_TABLE")`."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)

    @classmethod
    def _get_connection(cls) -> TableConnection:
        """All models share one client: PynamoDB would make one, some 100 ms, for each model."""
        if cls.__dict__.get("_connection") is None:
            cls._connection = None  # not the one of a parent, which knows no index of ours
            own = super()._get_connection()
            meta, common = own.get_meta_table(), connection()
            # Each of a table's models names the indexes that it has; the client has to know all of them.
            known = common._tables.setdefault(meta.table_name, meta)  # noqa: SLF001 - PynamoDB has no public way to ask
            for part, name in (("AttributeDefinitions", "AttributeName"), ("GlobalSecondaryIndexes", "IndexName")):
                theirs = known.data.setdefault(part, [])
                names = {one[name] for one in theirs}
                theirs += [one for one in meta.data.get(part) or [] if one[name] not in names]
            own.connection = common
        return super()._get_connection()


def table_name(variable: str) -> str:
    """The table that an environment variable names; read when a model class is made."""
    return os.environ.get(variable, f"unset-{variable.lower()}")


@dataclass(eq=False)
class AlreadyDone(Exception):  # noqa: N818 - a signal, not an error
    """The once item stands already: this work was committed before."""

    fingerprint: str
    result: str


@cache
def _own_items(variable: str) -> tuple[type[Base], type[Base]]:
    """The outbox and the once item of the table behind an environment variable."""

    class Outbox(Base):
        class Meta:
            table_name = table_name(variable)

        source = UnicodeAttribute()
        detail_type = UnicodeAttribute()
        detail = UnicodeAttribute()
        expires = NumberAttribute()

    class Once(Base):
        class Meta:
            table_name = table_name(variable)

        fingerprint = UnicodeAttribute()
        result = UnicodeAttribute()
        expires = NumberAttribute()

    return Outbox, Once


@dataclass
class _Operation:
    kind: str
    arguments: dict[str, Any]
    otherwise: Exception | None


@dataclass
class UnitOfWork:
    """Everything that one request or one event changes, committed in one transaction or not at all.

    A service stages writes here and never commits. `metadata` names who acts, for which organisation, and why; it goes into
    the envelope of every event. An `otherwise` error is raised when just that operation's condition fails; a failed condition
    without one is a lock conflict, upon which `run` calls the service again with fresh reads.
    """

    variable: str
    metadata: Metadata
    once_key: str = ""
    fingerprint: str = ""
    result: str = ""
    _operations: list[_Operation] = field(default_factory=list)

    @property
    def organisation_id(self) -> str:
        return self.metadata.organisation_id

    @property
    def said_at(self) -> str:
        """When the event was said that is being handled, as items keep times: a copy that is newer stays. Empty where nothing says it."""
        return clock.stamp(self.metadata.occurred_at) if self.metadata.occurred_at else ""

    @property
    def size(self) -> int:
        """How many operations are staged, the once item included."""
        return len(self._operations) + bool(self.once_key)

    def put(self, item: Base, condition: Condition | None = None, *, otherwise: Exception | None = None) -> None:
        """Write a whole item; one with a VersionAttribute only over the version that was read."""
        self._add("put", {"model": item, "condition": condition}, otherwise)

    def create(self, item: Base, *, otherwise: Exception | None = None) -> None:
        """Write an item that must not exist yet."""
        self.put(item, type(item).pk.does_not_exist(), otherwise=otherwise)

    def update(
        self,
        item: Base,
        actions: list[Action],
        condition: Condition | None = None,
        *,
        otherwise: Exception | None = None,
        locked: bool = False,
    ) -> None:
        """Change attributes of an item (an object built from its key will do); `locked` adds the version condition."""
        arguments = {"model": item, "actions": actions, "condition": condition, "add_version_condition": locked}
        self._add("update", arguments, otherwise)

    def delete(self, item: Base, condition: Condition | None = None, *, otherwise: Exception | None = None) -> None:
        self._add("delete", {"model": item, "condition": condition, "add_version_condition": False}, otherwise)

    def check(
        self, model: type[Base], pk: str, sk: str, condition: Condition, *, otherwise: Exception | None = None
    ) -> None:
        """Commit only while another item satisfies a condition."""
        arguments = {"model_cls": model, "hash_key": pk, "range_key": sk, "condition": condition}
        self._add("check", arguments, otherwise)

    def emit(self, event: Event) -> None:
        """Say an event: its outbox item commits with the state, and the relay publishes it from the table's stream."""
        outbox, _ = _own_items(self.variable)
        metadata = new_metadata(event, self.metadata)
        self.put(
            outbox(
                pk=f"ORG#{self.organisation_id}#OUTBOX#{metadata.id}",
                sk=OUTBOX_SK,
                source=event.source,
                detail_type=event.detail_type(),
                detail=f'{{"metadata":{metadata.model_dump_json()},"data":{event.model_dump_json()}}}',
                expires=clock.timestamp() + _OUTBOX_DAYS * _DAY,
            )
        )

    def find_done(self) -> AlreadyDone | None:
        """What an earlier commit under the same once key answered, if there was one."""
        _, once = _own_items(self.variable)
        try:
            found: Any = once.get(self._once_pk, "ONCE", consistent_read=True)
        except once.DoesNotExist:
            return None
        return None if found.expires <= clock.timestamp() else AlreadyDone(found.fingerprint, found.result)

    def commit(self) -> None:
        """Commit what is staged.

        Raises AlreadyDone where the once item stands, an operation's `otherwise`, or TransactWriteError on a conflict.
        """
        if not self.size:
            return
        if self.size > MAX_OPERATIONS:
            msg = f"{self.size} operations in one transaction"
            raise ValueError(msg)
        # PynamoDB sends checks, deletes, puts and updates in this order; the reasons of a cancellation come in it too.
        order = ("check", "delete", "put", "update")
        operations = sorted(self._operations, key=lambda operation: order.index(operation.kind))
        once = self._once_operation()
        if once:
            operations.insert(sum(operation.kind != "update" for operation in operations), once)
        try:
            with TransactWrite(connection=connection()) as transaction:
                for operation in operations:
                    _add_to(transaction, operation)
        except TransactWriteError as error:
            self._explain(error, operations, once)
            raise

    def _add(self, kind: str, arguments: dict[str, Any], otherwise: Exception | None) -> None:
        self._operations.append(_Operation(kind, arguments, otherwise))

    @property
    def _once_pk(self) -> str:
        return f"ORG#{self.organisation_id}#ONCE#{self.once_key}"

    def _once_operation(self) -> _Operation | None:
        if not self.once_key:
            return None
        _, once = _own_items(self.variable)
        now = clock.timestamp()
        item = once(
            pk=self._once_pk,
            sk="ONCE",
            fingerprint=self.fingerprint,
            result=self.result,
            expires=now + _ONCE_DAYS * _DAY,
        )
        return _Operation("put", {"model": item, "condition": once.pk.does_not_exist() | (once.expires <= now)}, None)  # type: ignore[attr-defined]

    def _explain(self, error: TransactWriteError, operations: list[_Operation], once: _Operation | None) -> None:
        for operation, reason in zip(operations, error.cancellation_reasons, strict=False):
            if reason is None or reason.code != "ConditionalCheckFailed":
                continue
            if operation is once:
                done = self.find_done()
                if done:
                    raise done from error
            if operation.otherwise:
                raise operation.otherwise from error


def _add_to(transaction: TransactWrite, operation: _Operation) -> None:
    method = {"check": transaction.condition_check, "delete": transaction.delete, "put": transaction.save}
    method.get(operation.kind, transaction.update)(**operation.arguments)  # type: ignore[operator]


def is_conflict(error: TransactWriteError) -> bool:
    """Whether a cancelled transaction may go through when it is built again from fresh reads."""
    reasons = [reason for reason in error.cancellation_reasons if reason]
    if reasons:
        return all(reason.code in _RETRYABLE for reason in reasons)
    return error.cause_response_code in ("TransactionConflictException", "TransactionInProgressException")


def run(make: Callable[[], UnitOfWork], work: Callable[[UnitOfWork], R], finish: Callable[[UnitOfWork, R], None]) -> R:
    """Do `work` on a fresh unit of work and commit it; on a lock conflict do it again from fresh reads.

    `finish` may set the once item's result from what the work gave. Raises Conflict after MAX_ATTEMPTS, or when it takes too long.
    """
    until = time.monotonic() + _PATIENCE
    for attempt in range(MAX_ATTEMPTS):
        uow = make()
        result = work(uow)
        finish(uow, result)
        try:
            uow.commit()
        except TransactWriteError as error:
            if not is_conflict(error):
                raise
            longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempt)
            time.sleep(random.uniform(0, longest))  # noqa: S311 - jitter, not a secret
            if time.monotonic() > until:
                break
        else:
            return result
    raise Conflict


@contextmanager
def unit_of_work(variable: str, metadata: Metadata) -> Iterator[UnitOfWork]:
    """A unit of work outside routes and consumers: commits at the end of the block, nothing on an exception."""
    uow = UnitOfWork(variable, metadata)
    yield uow
    uow.commit()
