"""Publishes outbox items from a table's stream to the bus. One code base, deployed once per table."""

import os
from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef

MAX_ENTRIES: Final = 10
"""PutEvents takes at most ten entries; one of ours is far below the 256 kB that a call may carry (outbox items hold ids only)."""


@cache
def bus_client() -> "EventBridgeClient":
    import boto3

    return boto3.client("events")


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """The stream's handler: publishes in order and reports the first record that was not taken.

    Lambda goes on from that record, so order within the shard is kept; what follows it and was already published is published
    again, and every consumer knows an event that it has handled by its id.
    """
    records = event["Records"]
    for start in range(0, len(records), MAX_ENTRIES):
        batch = records[start : start + MAX_ENTRIES]
        failed = publish([entry(record) for record in batch])
        if failed is not None:
            return {"batchItemFailures": [{"itemIdentifier": batch[failed]["dynamodb"]["SequenceNumber"]}]}
    return {"batchItemFailures": []}


def publish(entries: "list[PutEventsRequestEntryTypeDef]") -> int | None:
    """Put entries on the bus; the index of the first that the bus did not take, or None."""
    answer = bus_client().put_events(Entries=entries)
    if not answer["FailedEntryCount"]:
        return None
    return next(index for index, result in enumerate(answer["Entries"]) if result.get("ErrorCode"))


def entry(record: dict[str, Any]) -> "PutEventsRequestEntryTypeDef":
    """The bus entry of an outbox item's stream record."""
    image = record["dynamodb"]["NewImage"]
    return {
        "EventBusName": os.environ["EVENT_BUS"],
        "Source": image["source"]["S"],
        "DetailType": image["detail_type"]["S"],
        "Detail": image["detail"]["S"],
    }
