"""Imports of readings: what becomes of rows, whatever their order, however often they are sent."""

import itertools
from datetime import date, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from meters.app import consumers

from shared.events.meters import ReadingImportChunkReady
from tests.support import event_message
from tests.unit.meters.import_world import ORG, ImportWorld, everything

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
    numbers = [f"W{n}" for n in range(20)]
    world.install(*numbers, day=START)
    rows = [row for number in numbers for row in steady(number)]
    first = world.send(table(*rows))
    assert world.counts(first) == (180, 0, 0, 0)
    assert world.history("W7") == [("2026-01-31", "00100.000"), *((str(day), value) for _, day, value in steady("W7"))]
    before = everything()
    again = world.send(table(*reversed(rows)), name="again.csv")
    assert world.counts(again) == (0, 0, 180, 0)
    assert everything() == before
    _, listed = world.ask("GET", "/reading-imports")
    assert [(item["import_id"], item["name"], item["state"]) for item in listed["items"]] == [
        (again, "again.csv", "done"),
        (first, "odczyty.csv", "done"),
    ]


def test_what_is_held_refused_and_unknown_is_told(world):
    world.install("A", "B", "R", day=START, opening=("99990.000",))
    rows = [
        ("A", "2026-02-28", "99994,500"),
        ("A", "2026-03-31", "00003,500"),  # went past its end: somebody has to look
        ("B", "2026-02-28", "99000.000"),  # less than before
        ("B", "2026-03-31", "999990.000"),  # a digit more than the counter has
        ("B", "2027-01-01", "99991.000"),
        ("B", "2025-12-31", "99989.000"),
        ("X", "2026-02-28", "1"),
        ("R", "31/02/2026", "1"),
    ]
    done = world.send(table(*rows))
    assert world.counts(done) == (1, 2, 0, 5)
    found = world.problems(done)
    assert [(each["line"], each["outcome"], each["code"], each["field"]) for each in found] == [
        (3, "held", "ROLLOVER", "value1"),
        (4, "held", "DECREASE", "value1"),
        (5, "refused", "FORMAT", "value1"),
        (6, "refused", "FUTURE", ""),
        (7, "refused", "BEFORE_INSTALL", ""),
        (8, "refused", "unknown_meter", "meter_number"),
        (9, "refused", "invalid_date", "date"),
    ]
    assert found[0]["values"] == ["00003,500"]
    assert found[0]["date"] == "2026-03-31"
    assert world.stream("A")[1:] == [
        ("read", "accepted", "2026-02-28", "99994.500"),
        ("rolled_over", "held", "2026-03-31", "00003.500"),
    ]
    before = everything()
    assert world.counts(world.send(table(*rows))) == (0, 0, 3, 5)
    assert everything() == before


def test_a_dry_run_says_the_same_and_keeps_nothing(world):
    world.install("A", "B", day=START)
    rows = [*steady("A"), *steady("B", daily=120), ("A", "2026-11-20", "00090.000"), ("X", "2026-02-28", "1")]
    before = everything()
    dry = world.send(table(*rows), dry_run=True)
    assert world.counts(dry) == (18, 1, 0, 1)
    assert everything() == before
    real = world.send(table(*rows))
    assert world.counts(real) == world.counts(dry)
    assert world.problems(real) == world.problems(dry)


def test_late_rows_find_their_place(world):
    world.install("A", day=START)
    whole = steady("A")
    world.send(table(*whole[1::2]))
    world.send(table(*whole[::2]))
    assert world.history("A")[1:] == [(str(day), value) for _, day, value in whole]
    # One that the later ones contradict is held, and they stay.
    wrong = world.send(table(("A", "2026-05-15", "00999.000")))
    assert world.counts(wrong) == (0, 1, 0, 0)
    assert world.history("A")[1:] == [(str(day), value) for _, day, value in whole]


def test_what_staff_refused_or_put_right_is_not_brought_back_by_the_same_file(world):
    world.install("A", day=START)
    given = [*steady("A", months=range(2, 10)), ("A", "2026-10-31", "00900.000")]
    first = world.send(table(*given))
    assert world.counts(first) == (8, 1, 0, 0)
    world.reject_held("A")
    world.put_right("A", "00135.300")
    assert world.history("A")[-1] == ("2026-09-30", "00135.300")
    before = everything()
    assert world.counts(world.send(table(*given))) == (0, 0, 9, 0)
    assert everything() == before


def test_the_days_last_hour_is_its_reading(world):
    world.install("A", day=START)
    hours = [(f"2026-10-25T{hour:02}:00+02:00", f"00100.{hour:03}") for hour in range(3)]
    hours += [(f"2026-10-25T{hour:02}:00+01:00", f"00100.{hour + 1:03}") for hour in range(2, 24)]
    columns = ("meter_number", "time", "value1")
    rows = [("A", *hour) for hour in hours]
    part = world.send(table(*rows[:10], columns=columns), channel="remote")
    assert world.counts(part) == (10, 0, 0, 0)
    assert world.history("A")[1:] == [("2026-10-25", "00100.009")]
    whole = world.send(table(*reversed(rows), columns=columns), channel="remote")
    assert world.counts(whole) == (15, 0, 10, 0)
    assert world.history("A")[1:] == [("2026-10-25", "00100.024")]
    merged = {minute: values for _, found in world.hours("A") for minute, values in found.items()}
    assert merged == {f"{60 * at:04}": [value] for at, (_, value) in enumerate(hours)}
    before = everything()
    for again in (rows[:10], rows):
        assert world.counts(world.send(table(*again, columns=columns), channel="remote")) == (0, 0, len(again), 0)
    assert everything() == before


def test_batches_go_the_way_of_files(world):
    world.install("A", "B", day=START)
    readings = [
        {"meter_number": "A", "date": "2026-10-31", "values": ["00140.000"]},
        {"meter_number": "B", "time": "2026-10-31T22:00:00Z", "values": ["00139.000"]},
        {"meter_number": "B", "time": "2026-10-31T23:00:00Z", "values": ["00140.000"]},
        {"meter_number": "C", "time": "2026-10-31T23:00:00Z", "values": ["1"]},
    ]
    done = world.send_batch(readings, channel="remote")
    assert world.counts(done) == (3, 0, 0, 1)
    assert world.history("B")[1:] == [("2026-10-31", "00139.000"), ("2026-11-01", "00140.000")]
    assert world.problems(done)[0]["line"] == 4
    wrongs = [
        ({}, "date"),
        ({"date": "2026-10-31", "time": "2026-10-31T22:00:00Z"}, "date"),
        *(({"date": day}, "date") for day in ("2026-02-30", "9999-12-10", "0001-01-10", "1979-12-31", "2101-01-01")),
        *(
            ({"time": time}, "time")
            for time in ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00+05:00", "1979-12-31T10:00")
        ),
    ]
    for wrong, field in wrongs:
        body = {"channel": "api", "readings": [{"meter_number": "A", "values": ["1"], **wrong}]}
        status, answer = world.ask("POST", "/reading-batches", body=body)
        assert (status, answer["code"], answer["errors"][0]["field"]) == (422, "wrong_time", f"readings.0.{field}")


def test_an_estimate_that_is_sent_is_marked_and_trued_up(world):
    world.install("A", day=START)
    columns = ("meter_number", "date", "value1", "estimated")
    rows = [("A", "2026-09-30", "00130.000", "yes"), ("A", "2026-10-31", "00135.000", "")]
    first = world.send(table(rows[0], columns=columns))
    assert world.counts(first) == (1, 0, 0, 0)
    assert world.head("A").state.estimate.values == (130_000,)
    assert world.counts(world.send(table(rows[0], columns=columns))) == (0, 0, 1, 0)
    assert world.counts(world.send(table(*rows, columns=columns))) == (1, 0, 1, 0)
    assert [entry[0] for entry in world.stream("A")] == ["installed", "estimated", "read"]
    late = world.send(table(("A", "2026-10-15", "00134.000", "1"), ("A", "2026-12-15", "9", "1"), columns=columns))
    assert [(each["code"], each["outcome"]) for each in world.problems(late)] == [
        ("estimate_overtaken", "refused"),
        ("FUTURE", "refused"),
    ]


def test_a_long_meter_follows_itself_and_a_lane_cut_off_goes_on(world):
    world.install("A", "B", day=START)
    days = [START + timedelta(days=n) for n in range(1, 200)]
    rows = [(number, day, litres(100_000 + 150 * n)) for number in ("A", "B") for n, day in enumerate(days, 1)]
    cut_off = world.send(table(*rows), deliver=False)
    world.deliver(most=3)
    assert world.progress(cut_off)["state"] == "running"
    assert 0 < world.progress(cut_off)["done"] < 398
    world.deliver()
    assert world.counts(cut_off) == (398, 0, 0, 0)
    assert len(world.history("A")) == 200


def test_wrong_rows_are_told_in_the_order_of_the_file(world, monkeypatch):
    world.install("A", day=START)
    rows = [
        ("X" if line % 3 else "A", "2026-02-28" if line % 4 else "never", f"{line}.0000")
        for line in world.random.sample(range(2, 252), 250)
    ]
    sent = world.send(table(*rows))

    def pages():
        items, cursor = [], None
        while True:
            query = {"cursor": cursor} if cursor else None
            _, body = world.ask("GET", "/reading-imports/{import_id}/problems", import_id=sent, query=query)
            items.append([each["line"] for each in body["items"]])
            cursor = body["next_cursor"]
            if not cursor:
                return items

    assert world.counts(sent)[3] > 200
    found = pages()
    assert [len(page) for page in found[:-1]] == [100] * (len(found) - 1)
    in_order = [line for page in found for line in page]
    assert in_order == sorted(set(in_order))
    assert len(in_order) == world.counts(sent)[3]
    # Of very many each comes once, in any order.
    monkeypatch.setattr("meters.service_imports.SORTED", 10)
    assert sorted(line for page in pages() for line in page) == in_order


def give_up(world, import_id, chunk):
    """The queue brings a chunk for the last time, and it fails again."""
    event = ReadingImportChunkReady(import_id=import_id, chunk=chunk)
    with pytest.raises(ZeroDivisionError):
        consumers.consume(event_message(event, ORG, f"evt_last_{chunk}"), last=True)


def test_a_chunk_that_cannot_be_worked_off_fails_its_rows_and_lets_the_others_go_on(world, monkeypatch):
    world.install("A", "B", day=START)
    days = [START + timedelta(days=n) for n in range(1, 200)]
    rows = [("A", day, litres(100_000 + 150 * n)) for n, day in enumerate(days, 1)] + [("B", days[0], "00100.150")]
    sent = world.send(table(*rows), deliver=False)
    world.deliver(most=1)  # the plan
    with monkeypatch.context() as broken:
        broken.setattr("meters.import_readings.Taking.run", lambda _taking: 1 // 0)
        give_up(world, sent, 0)
    assert world.progress(sent)["state"] == "running"
    world.deliver()
    accepted, held, duplicates, refused = world.counts(sent)
    assert (held, duplicates, accepted + refused) == (0, 0, 200)
    problems = world.problems(sent)
    assert 0 < refused == len(problems) < 200
    assert {(each["code"], each["outcome"]) for each in problems} == {("internal_error", "refused")}
    assert all(
        (each["meter_number"], each["date"], *each["values"]) in {(n, str(d), v) for n, d, v in rows}
        for each in problems
    )
    # The message that comes back from the dead letters changes nothing; the file sent again does.
    before = everything()
    consumers.consume(event_message(ReadingImportChunkReady(import_id=sent, chunk=0), ORG, "evt_back"))
    assert everything() == before
    assert world.counts(world.send(table(*rows))) == (refused, 0, accepted, 0)
    assert len(world.history("A")) == 200


def test_a_chunk_of_meters_that_cannot_be_worked_off_fails_its_rows(world, monkeypatch):
    monkeypatch.setattr("meters.import_meters.Taking.take", lambda _taking, _row: 1 // 0)
    columns = ("meter_number", "medium", "community_ref", "digits", "installed_on", "opening1")
    sent = world.send(
        table(("M", "gas", "com_1", "5", "2026-01-31", "7"), columns=columns), deliver=False, content="meters"
    )
    world.deliver(most=1)
    give_up(world, sent, 0)
    world.heard |= {event_id for event_id, _ in world.waiting()}
    assert world.counts(sent) == (0, 0, 0, 1)
    (problem,) = world.problems(sent)
    assert (problem["code"], problem["meter_number"], problem["date"], problem["values"]) == (
        "internal_error", "M", "2026-01-31", ["7"],
    )  # fmt: skip


def test_a_file_that_cannot_be_read_fails_and_keeps_nothing(world):
    world.install("A", day=START)
    before = everything()
    failed = world.send("number;value\nA;1\n")
    body = world.progress(failed)
    assert (body["state"], body["failure"], body["rows"]) == ("failed", "ambiguous_import", 0)
    assert everything() == before
    assert world.problems(failed) == []
    gone = world.ask("POST", "/reading-imports", body={"upload": "org/org_other/meters/upl_1/x.csv"})
    assert (gone[0], gone[1]["code"]) == (422, "unknown_upload")
    for import_id in (failed, "imp_none"):
        status, _ = world.ask("GET", "/reading-imports/{import_id}", world.foreign, import_id=import_id)
        assert status == 404
    assert world.ask("GET", "/reading-imports", world.tenant)[0] == 403


_NAMES = itertools.count()
_ROWS = st.lists(
    st.tuples(
        st.integers(1, 60),  # days after the installation
        st.sampled_from([150, 150, 150, 0, -400, 2_000]),  # litres a day
        st.sampled_from(["", "", "T08:00", "T20:00"]),
        st.integers(0, 1),
    ),
    min_size=2,
    max_size=12,
)


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(_ROWS, st.randoms(use_true_random=False))
def test_nothing_depends_on_the_order_of_a_file(world, rows, random):
    columns = ("meter_number", "date", "time", "value1")

    def sent(name, given):
        world.install(*(f"{name}-{which}" for which in (0, 1)), day=START)
        lines = []
        for days, daily, hour, which in given:
            day, value = START + timedelta(days=days), litres(100_000 + daily * days + (7 if hour == "T20:00" else 0))
            when = (day, "") if not hour else ("", f"{day}{hour}")
            lines.append((f"{name}-{which}", *when, value))
        done = world.send(table(*lines, columns=columns))
        problems = sorted((p["code"], p["outcome"], p["date"], *p["values"]) for p in world.problems(done))
        return world.counts(done), problems, [world.stream(f"{name}-{which}") for which in (0, 1)]

    number = next(_NAMES)
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert sent(f"A{number}", rows) == sent(f"B{number}", shuffled)


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.77])
def test_a_file_that_was_cut_off_and_then_sent_whole_comes_to_the_same(world, cut):
    numbers = ["A", "B", "C"]
    world.install(*numbers, *(f"X{number}" for number in numbers), day=START)
    rows = [row for number in numbers for row in steady(number)]
    world.random.shuffle(rows)
    whole = table(*rows)
    world.send(whole)
    again = table(*((f"X{number}", day, value) for number, day, value in rows))
    part = world.send(again[: int(len(again) * cut)])
    assert [each["code"] for each in world.problems(part)] in ([], ["line_cut_off"])
    before = world.progress(part)["accepted"]
    done = world.send(again)
    assert world.counts(done) == (27 - before, 0, before, 0)
    for number in numbers:
        assert world.history(f"X{number}") == world.history(number)
        assert world.head(f"X{number}").state.marks == world.head(number).state.marks
