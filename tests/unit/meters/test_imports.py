"""Imports of readings: what becomes of rows, whatever their order, however often they are sent."""

from datetime import date, timedelta

import pytest
import time_machine

from tests.unit.meters.import_world import ImportWorld, everything

START = date(2026, 1, 31)


@pytest.fixture
def world(cloud):
    with time_machine.travel("2026-11-22T12:00:00Z", tick=True):
        yield ImportWorld()


def litres(value):
    return f"{value // 1000:05d}.{value % 1000:03d}"


def month_end(number):
    """The last day of a month of 2026."""
    return (date(2026, number, 1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def table(*rows, columns=("meter_number", "date", "value1")):
    return "\n".join(";".join(str(cell) for cell in row) for row in (columns, *rows)) + "\n"


def steady(number, months=range(2, 11), daily=150):
    """A household that uses the same every day."""
    return [(number, month_end(m), litres(100_000 + daily * (month_end(m) - START).days)) for m in months]


def test_a_file_is_taken_and_sent_again_changes_nothing(world):
    numbers = [f"W{n}" for n in range(30)]
    world.install(*numbers, day=START)
    rows = [row for number in numbers for row in steady(number)]
    first = world.send(table(*rows))
    assert world.counts(first) == (270, 0, 0, 0)
    assert world.history("W7") == [("2026-01-31", "00100.000"), *((str(day), value) for _, day, value in steady("W7"))]
    before = everything()
    again = world.send(table(*reversed(rows)), name="again.csv")
    assert world.counts(again) == (0, 0, 270, 0)
    assert everything() == before
    _, listed = world.ask("GET", "/reading-imports")
    assert [(item["import_id"], item["name"], item["state"]) for item in listed["items"]] == [
        (again, "again.csv", "done"),
        (first, "odczyty.csv", "done"),
    ]
