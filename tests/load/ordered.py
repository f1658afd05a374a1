"""The emulator with its indexes kept in order, so that a page costs it about the same in a partition of any size, as on DynamoDB.

By itself it goes through all of an index partition for each query, and 50,000 tickets take it seconds. Here only the keys that a query can ask for
are left for it to look at; all else, the query's own conditions too, stays the emulator's. `python -m tests.load.ordered --no-auth`
"""

import bisect
import re
import sys
from typing import Any, Final

from infra.local import emulator, patches

BETWEEN: Final = re.compile(r"(#\w+) BETWEEN (:\w+) AND (:\w+)")
BEFORE: Final = re.compile(r"(#\w+) < (:\w+)")
EQUAL: Final = re.compile(r"(#\w+) = (:\w+)")
MORE: Final = 2
"""Keys beyond the limit: the emulator looks one ahead."""

Key = tuple[str, str]
_orders: dict[tuple[int, str, str], list[tuple[str, Key]]] = {}


def keep_in_order() -> None:
    """Patch the emulator's queries of indexes and its keeping of them."""
    from ministack.services import dynamodb

    query, index_item = dynamodb._query, dynamodb._index_item

    def narrowed(data: dict[str, Any]) -> Any:
        table, index = dynamodb._tables.get(data.get("TableName")), data.get("IndexName")
        equal = EQUAL.search(data.get("KeyConditionExpression") or "")
        members = dynamodb._index_members(table).get(index) if table and index else None
        partition = data["ExpressionAttributeValues"][equal[2]]["S"] if equal else ""
        if not members or partition not in members or "Limit" not in data or "ExclusiveStartKey" in data:
            return query(data)
        whole = members[partition]
        members[partition] = dict.fromkeys(_window(_order(table, index, partition, whole), data))
        try:
            return query(data)
        finally:
            members[partition] = whole

    def noted(table: Any, base_pk: str, base_sk: str, item: dict[str, Any], add: bool) -> None:
        for name, value in item.items():
            if name.startswith("gsi") and name.endswith("pk"):
                _orders.pop((id(table), name.removesuffix("pk"), value["S"]), None)
        index_item(table, base_pk, base_sk, item, add)

    dynamodb._query, dynamodb._index_item = narrowed, noted


def _order(table: dict[str, Any], index: str, partition: str, members: dict[Key, None]) -> list[tuple[str, Key]]:
    """The partition's (sort key, base key) pairs in order."""
    found = _orders.get((id(table), index, partition))
    if found is None:
        items = table["items"]
        found = sorted((items[pk][sk][f"{index}sk"]["S"], (pk, sk)) for pk, sk in members)
        _orders[id(table), index, partition] = found
    return found


def _window(order: list[tuple[str, Key]], data: dict[str, Any]) -> list[Key]:
    condition, values = data["KeyConditionExpression"], data["ExpressionAttributeValues"]
    start, end = 0, len(order)
    if between := BETWEEN.search(condition):
        start = bisect.bisect_left(order, (values[between[2]]["S"],))
        end = bisect.bisect_left(order, (values[between[3]]["S"] + "\U0010ffff",))
    elif before := BEFORE.search(condition):
        end = bisect.bisect_left(order, (values[before[2]]["S"],))
    limit = data["Limit"] + MORE
    forward = data.get("ScanIndexForward", True)
    pairs = order[start : min(end, start + limit)] if forward else order[max(start, end - limit) : end]
    return [key for _sort_key, key in pairs]


def main() -> int:
    apply = patches.apply

    def apply_all(*names: Any, **context: Any) -> None:
        apply(*names, **context)
        keep_in_order()

    patches.apply = apply_all
    return emulator.main()


if __name__ == "__main__":
    sys.exit(main())
