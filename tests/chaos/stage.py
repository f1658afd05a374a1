"""What outlives the processes that die on it: an emulator, a context's table as an operator sees it, and what differs in it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any, Final

import boto3

from tests.chaos.mortals import Death, Mortals
from tests.load.stand import VARIABLES
from tests.tenancy import plain

COMMIT: Final = "TransactWriteItems"
WRITES: Final = (COMMIT, "BatchWriteItem", "PutItem", "UpdateItem")
_ON_ITS_WAY: Final = 10.0
"""Seconds."""
Items = dict[tuple[str, str], dict[str, Any]]


@dataclass
class Stage:
    """The cloud that survives, and a context whose processes die. `items` is the context's table as an operator sees it."""

    url: str
    mortals: Mortals
    table: str

    @cached_property
    def dynamodb(self) -> Any:
        return self.client("dynamodb")

    def client(self, service: str) -> Any:
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": VARIABLES["AWS_REGION"]}
        return boto3.client(service, endpoint_url=self.url, **keys)

    def items(self) -> Items:
        """All that is in it."""
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=self.table, ConsistentRead=True)
        rows = [{name: plain(value) for name, value in row.items()} for page in pages for row in page["Items"]]
        return {(row["pk"], row["sk"]): row for row in rows}

    def rest(self) -> Items:
        """All that is in it, once it has come to rest: what a dead process has sent may still be worked at."""
        time.sleep(0.05)
        return self.items()

    def after(self, before: Items, kind: Callable[[dict[str, Any]], str], wanted: set[str]) -> set[str]:
        """What kinds of items differ, once those that were sent and not heard of have arrived, or after some seconds without."""
        until = time.monotonic() + _ON_ITS_WAY
        while not (written := kinds_changed(before, self.rest(), kind)) >= wanted and time.monotonic() < until:
            pass
        return written


def every_death() -> Iterator[Death]:
    """At the first call, at the second, ... without end: a life that comes to its own end is the last one."""
    return (Death(call, unheard) for call in count(1) for unheard in (False, True))


def deaths_of(calls: tuple[str, ...]) -> Iterator[tuple[Death, bool]]:
    """Those of a life that was lived to its end once: at each of its calls, and behind those that write; and whether each comes too late.

    Not to hear the answer of a call that reads is the same as to die at the next one.
    """
    committed = False
    for number, call in enumerate(calls, 1):
        yield Death(number), committed
        if call in WRITES:
            committed = committed or call == COMMIT
            yield Death(number, unheard=True), committed
    assert committed, calls


def kinds_changed(before: Items, after: Items, kind: Callable[[dict[str, Any]], str]) -> set[str]:
    """What kinds of items are new, gone or different."""
    return {
        kind(after.get(key) or before[key]) for key in before.keys() | after.keys() if before.get(key) != after.get(key)
    }
