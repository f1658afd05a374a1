"""Readings through the bulk path: one file of all of them, sent twice, and in another organisation cut in the middle and then whole.

The path is the functions' own, from the plan of the file to the transactions of its chunks with their once items, in this process and one
after another; what EventBridge and SQS add is not in it. Capacity is that of DynamoDB (see `observer`), taken of one chunk in OBSERVED_EVERY,
as looking on takes longer than the work itself.
"""

import contextlib
import hashlib
import io
import resource
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.load.figures import Figures, say, table
from tests.load.observer import observed
from tests.load.stand import Stand

METERS, DAYS = 10_000, 10
QUICK_METERS = 500
OBSERVED_EVERY = 40
ORGANISATIONS = ("org_readings", "org_readingscut")
FIRST = date(2026, 10, 1)


@dataclass
class Run:
    """One import: its seconds, what it came to, and the units that the observed chunks took."""

    rows: int = 0
    seconds: float = 0.0
    planning: float = 0.0
    transactions: int = 0
    read: float = 0.0
    write: float = 0.0
    observed_rows: int = 0
    counts: dict[str, int] = field(default_factory=dict)


def measure(stand: Stand, meters: int = METERS, days: int = DAYS) -> Figures:
    """Seconds, units for each reading and memory of the four imports, and whether they came to what they have to."""
    content = _file(meters, days)
    for organisation_id in ORGANISATIONS:
        seed(organisation_id, meters)
    memory = _peak()
    whole, cut = ORGANISATIONS
    runs = {"whole": _import(stand, whole, content)}
    digest = _digest(stand, whole)
    runs["sent again"] = _import(stand, whole, content)
    unchanged = _digest(stand, whole) == digest
    runs["cut in the middle"] = _import(stand, cut, _cut(content))
    runs["then whole"] = _import(stand, cut, content)
    return {
        "meters": meters,
        "readings": meters * days,
        "bytes": len(content),
        "memory_before_mb": memory,
        "memory_peak_mb": _peak(),
        "again_changes_nothing": unchanged,
        "cut_comes_to_the_same": _histories(stand, whole) == _histories(stand, cut),
        "runs": {name: _figures(run) for name, run in runs.items()},
    }


def report(figures: Figures) -> str:
    rows = [
        (
            name,
            each["rows"],
            f"{each['seconds']:.1f}",
            f"{each['planning']:.1f}",
            each["transactions"],
            f"{each['read']:.2f}",
            f"{each['write']:.2f}",
            " ".join(f"{kind} {count}" for kind, count in each["counts"].items() if count),
        )
        for name, each in figures["runs"].items()
    ]
    title = f"{figures['readings']:,} readings of {figures['meters']:,} meters in one file of {figures['bytes'] / 1e6:.1f} MB (emulator, one process)"
    columns = ("import", "rows", "s", "s planning", "transactions", "read units / row", "write units / row", "")
    return (
        f"{table(title, columns, rows)}\n"
        f"  Peak memory {figures['memory_peak_mb']:.0f} MB ({figures['memory_before_mb']:.0f} MB before the first import). "
        f"Sent again changes nothing: {figures['again_changes_nothing']}. "
        f"Cut and then whole comes to the same: {figures['cut_comes_to_the_same']}."
    )


def _figures(run: Run) -> Figures:
    share = run.observed_rows or 1
    return {
        "rows": run.rows,
        "seconds": run.seconds,
        "planning": run.planning,
        "transactions": run.transactions,
        "read": run.read / share,
        "write": run.write / share,
        "counts": run.counts,
    }


# ------------------------------------------------------------------ the file and the meters
def _file(meters: int, days: int) -> bytes:
    lines = ["meter_number;date;value1"]
    for day in range(days):
        shown = FIRST + timedelta(days=day)
        for meter in range(meters):
            value = opening(meter) + (day + 1) * (90 + meter % 120)
            # Without the zeros around it, as spreadsheets write numbers: what is left of a value that was cut off is a value too.
            text = f"{value // 1000},{value % 1000:03}".rstrip("0").rstrip(",")
            lines.append(f"N{meter:06};{shown};{text}")
    return ("\n".join(lines) + "\n").encode()


def _cut(content: bytes) -> bytes:
    """The first half of a file, broken off within a value, as a transfer breaks off."""
    at = content.index(b",", len(content) // 2)
    while not content[at + 2 : at + 3].isdigit():
        at = content.index(b",", at + 1)
    return content[: at + 2]


def opening(meter: int) -> int:
    return 100_000 + 7 * meter


def seed(organisation_id: str, meters: int) -> None:
    """The meters, as installing them one by one would leave them."""
    from meters.installing import Installation, stage_installation
    from meters.rules.vocabulary import Device
    from meters.store import Item

    from shared.events.envelope import Metadata
    from shared.tables import UnitOfWork
    from tests.support import profile, put_organisation

    put_organisation(profile(organisation_id))
    day, device = FIRST - timedelta(days=1), Device(5, 3)
    with Item.batch_write() as batch:
        for meter in range(meters):
            uow = UnitOfWork("METERS_TABLE", Metadata(organisation_id=organisation_id))
            value = opening(meter)
            shown = (f"{value // 1000:05}.{value % 1000:03}",)
            number, home = f"N{meter:06}", f"unt_{meter // 3}"
            stage_installation(uow, Installation(number, "cold_water", device, day, shown, "com_1", home), day)
            for operation in uow._operations:
                item = operation.arguments["model"]
                if hasattr(item, "version"):
                    item.version = 1
                batch.save(item)


# ------------------------------------------------------------------ sending a file
def _import(stand: Stand, organisation_id: str, content: bytes) -> Run:
    """Plan a file and work its chunks off."""
    from meters.store_imports import COUNTED, ImportItem

    from shared import files

    run, said = Run(), _received(organisation_id)
    read = files.read
    setattr(files, "read", lambda _key, _most=None: content)  # noqa: B010 - the bucket is not what is measured
    began = time.monotonic()
    try:
        with listening() as events, contextlib.redirect_stdout(io.StringIO()):
            looking = work_off(stand, organisation_id, said, run, events)
    finally:
        setattr(files, "read", read)  # noqa: B010
    run.seconds = time.monotonic() - began - looking
    item = ImportItem.find(organisation_id, said.import_id)
    assert item.sum_up(), item.state
    run.rows = int(item.rows)
    run.counts = {name: item.counts.get(name, 0) for name in COUNTED}
    assert sum(run.counts.values()) == run.rows
    say(f"  {organisation_id}: {run.rows:,} rows in {run.seconds:.0f} s")
    return run


def work_off(  # noqa: PLR0917 - what is measured, and where it is noted
    stand: Stand, organisation_id: str, said: Any, run: Run, events: list[Any], every: int = OBSERVED_EVERY
) -> float:
    """Consume an event and the chunks that follow from it; the seconds that looking on took, which are no part of the work."""
    from meters.app import consumers
    from meters.store_imports import ImportItem

    from shared.ids import new_id
    from shared.tables import connection
    from tests.support import event_message

    queue, looking = deque([said]), 0.0
    while queue:
        event = queue.popleft()
        message = event_message(event, organisation_id, new_id("evt"), "per_benchstaff")
        started, is_chunk = time.monotonic(), hasattr(event, "chunk")
        if is_chunk and event.chunk % every == 0:
            chunk = ImportItem.find(organisation_id, event.import_id).open_chunk(event.chunk)
            with observed(connection().client, stand.dynamodb) as seen:
                consumers.consume(message)
            run.read += seen.read_units
            run.write += seen.write_units
            run.observed_rows += len(chunk.rows) if chunk else 0
            looking += time.monotonic() - started
        else:
            consumers.consume(message)
        if not is_chunk:
            run.planning = time.monotonic() - started
        run.transactions += 1
        queue.extend(each for each in events if hasattr(each, "chunk"))
        events.clear()
    return looking


def _received(organisation_id: str) -> Any:
    from meters import store_imports

    from shared.events.envelope import Metadata
    from shared.events.meters import ReadingImportReceived
    from shared.tables import UnitOfWork

    uow = UnitOfWork("METERS_TABLE", Metadata(organisation_id=organisation_id, actor="per_benchstaff"))
    item = store_imports.new_import(uow, content="readings", channel="file", dry_run=False)
    item.upload = f"org/{organisation_id}/meters/upl_1/readings.csv"
    uow.create(item)
    uow.commit()
    return ReadingImportReceived(import_id=item.import_id)


@contextlib.contextmanager
def listening() -> Iterator[list[Any]]:
    """What is said, in the place of the relay, the bus and the queue."""
    from shared.tables import UnitOfWork

    events: list[Any] = []
    emit = UnitOfWork.emit

    def say(uow: Any, event: Any) -> None:
        events.append(event)
        emit(uow, event)

    setattr(UnitOfWork, "emit", say)  # noqa: B010 - mypy knows no method that is put in another's place
    try:
        yield events
    finally:
        setattr(UnitOfWork, "emit", emit)  # noqa: B010


# ------------------------------------------------------------------ what it came to
def _items(stand: Stand, organisation_id: str) -> Iterator[dict[str, Any]]:
    pages = stand.dynamodb.get_paginator("scan").paginate(TableName="meters", ConsistentRead=True)
    for page in pages:
        for item in page["Items"]:
            if item["pk"]["S"].startswith(f"ORG#{organisation_id}#METER#"):
                yield item


def _digest(stand: Stand, organisation_id: str) -> str:
    """Of all heads, events and hours."""
    lines = sorted(repr(sorted(item.items())) for item in _items(stand, organisation_id))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _histories(stand: Stand, organisation_id: str) -> str:
    """What counts of every meter: kinds, days and values, without ids and times."""
    lines = sorted(
        f"{item['pk']['S'].rpartition('#')[2]} {item['sk']['S'][:16]} {item['kind']['S']} {item['values']}"
        for item in _items(stand, organisation_id)
        if item["sk"]["S"].startswith("EVENT#")
    )
    # Of two organisations the meters have other ids; their openings tell them apart.
    streams: dict[str, list[str]] = {}
    for line in lines:
        meter, _, rest = line.partition(" ")
        streams.setdefault(meter, []).append(rest)
    return hashlib.sha256(repr(sorted(streams.values())).encode()).hexdigest()


def _peak() -> float:
    """Megabytes that this process has taken at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
