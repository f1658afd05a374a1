"""Remote reading: a day of hourly values through the path of `POST /reading-batches`, sent at once at its end, or hour by hour.

Hour by hour each value puts right the reading of its day that the one before it made: the dearest way to send the same. Capacity is that of
DynamoDB (see `observer`), of the batches' taking and of one chunk in OBSERVED_EVERY.
"""

import contextlib
import io
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.load.figures import Figures, say, table
from tests.load.observer import observed
from tests.load.readings import FIRST, Run, listening, opening, seed, work_off
from tests.load.stand import Stand

METERS, QUICK_METERS = 300, 50
HOURS = 24
BATCH = 2_000
OBSERVED_EVERY = 12
_LITRES = 9
"""In an hour."""
WAYS = {"a day at once": "org_hourlyday", "hour by hour": "org_hourlyhours"}


def measure(stand: Stand, meters: int = METERS) -> Figures:
    """Seconds, and units for each meter and day, of both ways of sending."""
    return {"meters": meters, "runs": {way: _figures(_send(stand, way, meters), meters) for way in WAYS}}


def report(figures: Figures) -> str:
    rows = [
        (
            way,
            each["rows"],
            each["batches"],
            f"{each['seconds']:.1f}",
            each["transactions"],
            f"{each['read']:.1f}",
            f"{each['write']:.1f}",
            " ".join(f"{kind} {count}" for kind, count in each["counts"].items() if count),
        )
        for way, each in figures["runs"].items()
    ]
    title = f"A day of hourly values of {figures['meters']:,} meters in batches (emulator, one process)"
    columns = ("sent", "rows", "batches", "s", "transactions", "read units / meter-day", "write units / meter-day", "")
    return table(title, columns, rows)


def _figures(run: "HourlyRun", meters: int) -> Figures:
    # Of the chunks that were looked on, scaled to all rows; taking the batches is looked on as a whole.
    scale = run.rows / (run.observed_rows or 1)
    return {
        "rows": run.rows,
        "batches": run.batches,
        "seconds": run.seconds,
        "transactions": run.transactions,
        "read": (run.read * scale + run.taking_read) / meters,
        "write": (run.write * scale + run.taking_write) / meters,
        "counts": run.counts,
    }


class HourlyRun(Run):
    """A run with the units that taking its batches took."""

    batches = 0
    taking_read = 0.0
    taking_write = 0.0


def _send(stand: Stand, way: str, meters: int) -> HourlyRun:
    from meters.store_imports import COUNTED, ImportItem

    organisation_id, run = WAYS[way], HourlyRun()
    seed(organisation_id, meters)
    for readings in _batches(way, meters):
        began = time.monotonic()
        with listening() as events, contextlib.redirect_stdout(io.StringIO()):
            import_id = _take(stand, organisation_id, readings, run)
            run.seconds += time.monotonic() - began
            released = list(events)
            events.clear()
            for event in released:
                began = time.monotonic()
                looking = work_off(stand, organisation_id, event, run, events, OBSERVED_EVERY)
                run.seconds += time.monotonic() - began - looking
        item = ImportItem.find(organisation_id, import_id)
        assert item.sum_up(), item.state
        run.rows += int(item.rows)
        run.batches += 1
        for name in COUNTED:
            run.counts[name] = run.counts.get(name, 0) + item.counts.get(name, 0)
    assert run.counts["accepted"] == run.rows == meters * HOURS, run.counts
    say(f"  {way}: {run.rows:,} values in {run.seconds:.0f} s")
    return run


def _take(stand: Stand, organisation_id: str, readings: list[dict[str, Any]], run: HourlyRun) -> str:
    """Take a batch as the route does."""
    from meters import service_imports
    from meters.schemas_staff import BatchRequest

    from shared.events.envelope import Metadata
    from shared.tables import UnitOfWork, connection

    body = BatchRequest.model_validate({"channel": "remote", "readings": readings})
    uow = UnitOfWork("METERS_TABLE", Metadata(organisation_id=organisation_id, actor="per_benchstaff"))
    with observed(connection().client, stand.dynamodb) as seen:
        import_id = service_imports.receive_batch(uow, body).import_id
        uow.commit()
    run.taking_read += seen.read_units
    run.taking_write += seen.write_units
    return import_id


def _batches(way: str, meters: int) -> Iterator[list[dict[str, Any]]]:
    """The values of a day, as they come together."""
    if way == "hour by hour":
        for hour in range(HOURS):
            for at in range(0, meters, BATCH):
                yield [_value(meter, hour) for meter in range(at, min(at + BATCH, meters))]
        return
    together = BATCH // HOURS
    for at in range(0, meters, together):
        yield [_value(meter, hour) for meter in range(at, min(at + together, meters)) for hour in range(HOURS)]


def _value(meter: int, hour: int) -> dict[str, Any]:
    # From midnight in the time zone of the organisations, which is two hours before that of UTC.
    moment = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC) - timedelta(hours=2) + timedelta(hours=hour)
    value = opening(meter) + _LITRES * (hour + 1)
    return {
        "meter_number": f"N{meter:06}",
        "time": moment.isoformat(),
        "values": [f"{value // 1000}.{value % 1000:03}"],
    }
