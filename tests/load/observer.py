"""Looks on at the DynamoDB calls of this process: what was asked, and the capacity that DynamoDB would charge for it.

The emulator reports constants, so capacity is computed from item sizes: 4 kB a read unit (half for an eventually consistent
read), 1 kB a write unit, twice for transactions, and each write of an index entry beside it. Sources: the DynamoDB
developer guide, "Read and write capacity" and "Item sizes and formats".
"""

import json
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

READ_UNIT, WRITE_UNIT = 4096, 1024
HIDING = {"FilterExpression", "ProjectionExpression", "Select", "AttributesToGet"}
WRITES = ("Put", "Update", "Delete", "ConditionCheck")
INDEXES = ("gsi1", "gsi2", "gsi3", "gsi4")
Item = dict[str, Any]


@dataclass
class Observed:
    """Calls in their order, with read and write units."""

    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    read_units: float = 0.0
    write_units: float = 0.0


@contextmanager
def observed(client: Any, looker: Any) -> Iterator[Observed]:
    """Observe what `client` does inside the block; `looker` is another client, which reads the items as they are stored."""
    meter = Meter(looker, Observed())
    events = client.meta.events
    events.register("provide-client-params.dynamodb", meter.before)
    events.register("after-call.dynamodb", meter.after)
    try:
        yield meter.seen
    finally:
        events.unregister("provide-client-params.dynamodb", meter.before)
        events.unregister("after-call.dynamodb", meter.after)


@dataclass
class Meter:
    looker: Any
    seen: Observed
    _old: list[Item | None] = field(default_factory=list)

    def before(self, params: dict[str, Any], model: Any, **_more: Any) -> None:
        # PynamoDB's serialised bytes are kept as they are; the copy must not share what the caller may change.
        self.seen.calls.append((model.name, dict(params)))
        self._old = [self._stored(table, key) for table, key, _kind in self._written(model.name, params)]

    def after(self, model: Any, parsed: dict[str, Any], **_more: Any) -> None:
        name, params = self.seen.calls[-1]
        if name in {"GetItem", "Query", "BatchGetItem"}:
            self.seen.read_units += self._read(name, params, parsed)
            return
        factor = 2 if name == "TransactWriteItems" else 1
        for (table, key, kind), old in zip(self._written(name, params), self._old, strict=True):
            new = None if kind == "Delete" else self._stored(table, key)
            largest = max(size(old), size(new))
            self.seen.write_units += factor * units(largest, WRITE_UNIT)
            if kind != "ConditionCheck":
                self.seen.write_units += index_units(old, new)

    def _read(self, name: str, params: dict[str, Any], answer: dict[str, Any]) -> float:
        if name == "GetItem":
            found = [self._stored(params["TableName"], params["Key"])]
            return sum(units(size(item), READ_UNIT) for item in found) * _share(params)
        if name == "BatchGetItem":
            return sum(
                units(size(self._stored(table, key)), READ_UNIT) * _share(asked)
                for table, asked in params["RequestItems"].items()
                for key in asked["Keys"]
            )
        if HIDING & params.keys():
            # What is filtered or projected away has been read and paid for.
            answer = self.looker.query(**{key: value for key, value in _trimmed(params).items() if key not in HIDING})
        return units(sum(size(item) for item in answer["Items"]), READ_UNIT) * _share(params)

    def _written(self, name: str, params: dict[str, Any]) -> list[tuple[str, Item, str]]:
        """(table, key, kind) of each item that a call writes."""
        if name == "TransactWriteItems":
            pairs = [(kind, item[kind]) for item in params["TransactItems"] for kind in WRITES if kind in item]
        elif name in {"PutItem", "UpdateItem", "DeleteItem"}:
            pairs = [(name.removesuffix("Item"), params)]
        elif name == "BatchWriteItem":
            pairs = [
                (kind.removesuffix("Request"), {"TableName": table, **request[kind]})
                for table, requests in params["RequestItems"].items()
                for request in requests
                for kind in request
            ]
        else:
            pairs = []
        return [(asked["TableName"], _key(asked), kind) for kind, asked in pairs]

    def _stored(self, table: str, key: Item) -> Item | None:
        found: Item | None = self.looker.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
        return found


def units(size_in_bytes: int, unit: int) -> int:
    """Whole units, at least one: asking for an item that is not there costs one too."""
    return max(1, math.ceil(size_in_bytes / unit))


def index_units(old: Item | None, new: Item | None) -> int:
    """Write units of the indexes, which project everything: of each none, one entry changed, or one moved."""
    return sum(_one_index_units(index, old, new) for index in INDEXES)


def _one_index_units(index: str, old: Item | None, new: Item | None) -> int:
    before, after = (item if item and f"{index}pk" in item else None for item in (old, new))
    if before == after:
        return 0
    moved = before and after and any(before[name] != after[name] for name in (f"{index}pk", f"{index}sk"))
    if moved:
        return units(size(before), WRITE_UNIT) + units(size(after), WRITE_UNIT)
    return units(max(size(before), size(after)), WRITE_UNIT)


def size(item: Item | None) -> int:
    """Bytes of an item as DynamoDB counts them: names and values."""
    return sum(len(name.encode()) + value_size(value) for name, value in (item or {}).items())


def value_size(value: dict[str, Any]) -> int:
    """Bytes of a value: text in UTF-8, two digits a byte, three bytes and one an element for a list or map."""
    ((kind, content),) = value.items()
    measures: dict[str, Callable[[Any], int]] = {
        "S": lambda text: len(text.encode()),
        "N": lambda text: math.ceil(len(text.strip("-").replace(".", "")) / 2) + 1,
        "B": len,
        "SS": lambda texts: sum(len(text.encode()) for text in texts),
        "L": lambda items: 3 + sum(1 + value_size(item) for item in items),
        "M": lambda items: 3 + sum(1 + len(name.encode()) + value_size(item) for name, item in items.items()),
    }
    return measures.get(kind, lambda _content: 1)(content)  # BOOL, NULL


def _share(params: dict[str, Any]) -> float:
    return 1.0 if params.get("ConsistentRead") else 0.5


def _key(asked: dict[str, Any]) -> Item:
    whole = asked.get("Key") or asked["Item"]
    return {name: whole[name] for name in ("pk", "sk")}


def _trimmed(params: dict[str, Any]) -> dict[str, Any]:
    """A query's parameters without the names and values that only a filter or a projection uses."""
    condition = params["KeyConditionExpression"]
    kept = dict(params)
    for name in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
        used = {key: value for key, value in (params.get(name) or {}).items() if _mentions(condition, key)}
        kept[name] = used
        if not used:
            del kept[name]
    return kept


def _mentions(expression: str, name: str) -> bool:
    return (
        name in json.dumps(expression).replace("(", " ").replace(")", " ").replace(",", " ").replace('"', " ").split()
    )
