"""What a check and an acceptance read and write, however long the meter's history is."""

from collections import Counter
from datetime import date, timedelta

import pytest
from meters.accepting import Acceptance
from meters.readings import Reading, circumstances
from meters.store import find_meter
from meters.store_events import EventItem
from meters.store_settings import settings_of
from pynamodb.connection import Connection

from shared.events.envelope import Metadata
from shared.tables import UnitOfWork
from tests.unit.meters.conftest import DAILY, ORG, litres

FIRST = date(2020, 1, 1)
BASE = 100_000


class Meterless:
    """Counts the operations on the meters table, and the items that they brought."""

    def __init__(self, monkeypatch):
        self.calls: Counter[str] = Counter()
        self.items = 0
        self.writes: list[int] = []
        dispatch = Connection.dispatch

        def counting(connection, operation, arguments, *more, **named):
            answer = dispatch(connection, operation, arguments, *more, **named)
            if "meters" in repr(arguments):
                self.calls[operation] += 1
                brought = answer.get("Responses") or {}
                self.items += len(answer.get("Items", ())) + ("Item" in answer)
                self.items += sum(len(found) for found in brought.values()) if isinstance(brought, dict) else 0
            if operation == "TransactWriteItems":
                self.writes.append(len(arguments.get("TransactItems", ())))
            return answer

        monkeypatch.setattr(Connection, "dispatch", counting)

    def of(self, work):
        self.calls.clear()
        self.items = 0
        self.writes.clear()
        work()
        return sum(self.calls.values()), self.items


def _value(day):
    return BASE + DAILY * (day - FIRST).days


def _with_history(world, number, readings):
    meter_id = world.install(number, first=FIRST)
    days = [FIRST + timedelta(days=2 * at) for at in range(1, readings + 1)]
    for at in range(0, readings, 80):
        world.take(meter_id, {day: _value(day) for day in days[at : at + 80]})
    return meter_id, days


@pytest.mark.usefixtures("cloud")
def test_reads_and_writes_do_not_grow_with_the_history(world, monkeypatch):
    short, long = _with_history(world, "SHORT", 240), _with_history(world, "LONG", 650)
    count = Meterless(monkeypatch)

    def costs(meter_id, days):
        last = days[-1]
        late, typo = days[-20] + timedelta(days=1), _value(last) * 10 + 7
        found = {
            "meter": count.of(lambda: world.meter(meter_id)),
            "check": count.of(lambda: world.check(meter_id, world.sara, last + timedelta(days=3), typo)),
            "late check": count.of(lambda: world.check(meter_id, world.sara, late, typo)),
            "again": count.of(lambda: world.read(meter_id, world.sara, days[-9], _value(days[-9]))),
            "page": count.of(
                lambda: world.must(200, "GET", "/meters/{meter_id}/readings", world.sara, meter_id=meter_id)
            ),
            "consumption": count.of(lambda: world.use(meter_id, world.sara, last - timedelta(days=20), last)),
        }
        count.of(lambda: world.read(meter_id, world.sara, late, _value(late) + 1, confirmed=True))
        found["late"] = sum(count.calls.values()), count.items
        late_writes = list(count.writes)
        count.of(lambda: world.read(meter_id, world.sara, last + timedelta(days=2), _value(last + timedelta(days=2))))
        found["in order"] = sum(count.calls.values()), count.items
        return found, late_writes, list(count.writes)

    few, few_late, few_in_order = costs(*short)
    many, many_late, many_in_order = costs(*long)
    print(few, few_late, few_in_order)  # noqa: T201 - the figures of docs/meters.md
    print(many, many_late, many_in_order)  # noqa: T201
    # The head, the unit, the settings; a transaction and the once item's read when something is kept.
    assert few["check"] == many["check"] == (3, 2)
    assert few["in order"] == many["in order"]
    for name, (calls, items) in many.items():
        assert calls <= few[name][0] + 1, name
        assert items <= few[name][1] + 20, name
    # The event, the head, the events' outbox item.
    assert few_in_order == many_in_order == [3]
    assert max(many_late) <= max(few_late) + 2 <= 12


@pytest.mark.usefixtures("cloud")
def test_the_head_stays_small_and_a_reading_in_bulk_is_two_items(world):
    meter_id = world.install("BULK", first=date(2023, 1, 1))
    meter = find_meter(ORG, meter_id)
    taking = Acceptance(meter, circumstances(settings_of(ORG), meter, None, world.today))
    day = date(2023, 1, 1)
    for number in range(40):
        day += timedelta(days=29 + number % 3)
        value = BASE + (day - date(2023, 1, 1)).days * DAILY + number * number % 977
        assert taking.take(Reading(day, (litres(value),), "file", counter=None)).status == "accepted"
    uow = UnitOfWork("METERS_TABLE", Metadata(correlation_id="c", organisation_id=ORG, actor="per_sara"))
    taking.finish(uow)
    assert taking.size == uow.size == 41
    uow.commit()
    head = find_meter(ORG, meter_id)
    assert len(head.state.marks) == 27
    sizes = sorted(_size(item) for item in EventItem.query(head.pk, EventItem.sk.startswith("EVENT#")))
    print(_size(head), sizes[0], sizes[-1])  # noqa: T201
    # One write unit each (two in a transaction); an event that keeps a state needs no more.
    assert _size(head) <= 1024
    assert sizes[-1] <= 1024


def _size(item):
    """As DynamoDB counts an item."""
    size = 0
    for name, value in item.serialize().items():
        ((kind, content),) = value.items()
        size += len(name) + (len(str(content)) // 2 + 2 if kind == "N" else len(content))
    return size
