"""Files of readings and meters: from bytes to rows, and what is wrong with the others."""

import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from meters.rules import tables
from meters.rules.chunks import BUDGET, LANES, MOST_ROWS, cut
from meters.rules.columns import Problem
from meters.rules.import_days import days_of, in_order
from meters.rules.meter_file import by_generation, parse_meters
from meters.rules.reading_file import END_OF_DAY, Row, parse_readings
from meters.rules.tables import TableError, read_table
from openpyxl import Workbook

WARSAW = "Europe/Warsaw"


def readings(text, encoding="utf-8"):
    content = text if isinstance(text, bytes) else text.encode(encoding)
    return list(parse_readings(read_table(content), WARSAW))


def only(text, encoding="utf-8"):
    (found,) = readings(text, encoding)
    return found


def workbook(*rows):
    book, stream = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("delimiter", [";", "\t", ","])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "utf-16"])
def test_csv_in_every_form(delimiter, encoding):
    value = '"412,350"' if delimiter == "," else "412,350"
    lines = (
        ("Meter number", "DATE", "value1", "value2"),
        ("Ż-1", "2026-10-31", value, "7"),
        (),
        ("Ż-2", "31.10.2026", "412.35", ""),
    )
    assert readings("\r\n".join([*(delimiter.join(line) for line in lines), ""]), encoding) == [
        Row("Ż-1", "2026-10-31", END_OF_DAY, ("412,350", "7"), False, 2),
        Row("Ż-2", "2026-10-31", END_OF_DAY, ("412.35",), False, 4),
    ]


def test_a_workbook():
    content = workbook(
        ["meter_number", "date", "value1", "value2", "estimated"],
        [12345, date(2026, 10, 31), 412.35, 7, None],
        ["00012", "2026-10-31", "00412.350", None, True],
        [None, None, None, None, None],
        ["A", datetime(2026, 10, 31), 1234567.891, 1e-7, 0],
    )
    assert readings(content) == [
        Row("12345", "2026-10-31", END_OF_DAY, ("412.35", "7"), False, 2),
        Row("00012", "2026-10-31", END_OF_DAY, ("00412.350",), True, 3),
        Row("A", "2026-10-31", END_OF_DAY, ("1234567.891", "0.0000001"), False, 5),
    ]


@pytest.mark.parametrize(
    ("time", "day", "minute"),
    [
        ("2026-10-31T23:00+01:00", "2026-10-31", 1380),
        ("2026-10-31T23:00:00Z", "2026-11-01", 0),
        ("2026-10-31 23:00", "2026-10-31", 1380),
        ("31.10.2026 23:15", "2026-10-31", 1395),
        ("2026-10-25T02:30+02:00", "2026-10-25", 150),  # the hour that comes twice
        ("2026-10-25T02:30+01:00", "2026-10-25", 210),
        ("2026-03-29T03:00", "2026-03-29", 120),  # the hour that is left out
    ],
)
def test_a_time_is_placed_in_its_civil_day(time, day, minute):
    row = only(f"meter_number,time,value1\nA,{time},1\n")
    assert (row.day, row.minute) == (day, minute)


@pytest.mark.parametrize(
    ("cells", "code", "field"),
    [
        (";2026-10-31;;1;", "missing_value", "meter_number"),
        ("A;2026-10-31;;;", "missing_value", "value1"),
        ("A;;;1;", "wrong_time", "date"),
        ("A;2026-10-31;2026-10-31T10:00Z;1;", "wrong_time", "date"),
        ("A;2026-02-30;;1;", "invalid_date", "date"),
        ("A;2026-W05-1;;1;", "invalid_date", "date"),
        ("A;1899-12-31;;1;", "invalid_date", "date"),
        ("A;;noon;1;", "invalid_time", "time"),
        ("A;2026-10-31;;1;perhaps", "invalid_choice", "estimated"),
        ("A;2026-10-31;;1;;5", "surplus_value", ""),
        (f"{'A' * 41};2026-10-31;;1;", "value_too_long", "meter_number"),
        (f"A;2026-10-31;;{'1' * 25};", "value_too_long", "value1"),
    ],
)
def test_a_row_that_cannot_be_read(cells, code, field):
    found = readings(f"meter_number;date;time;value1;estimated\nB;2026-10-31;;1;\n{cells}\n")
    assert isinstance(found[0], Row)
    assert isinstance(found[1], Problem)
    assert (found[1].line, found[1].code, found[1].field) == (3, code, field)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "ambiguous_import"),
        (b"meter_number;date\nA;2026-10-31\n", "ambiguous_import"),
        (b"meter_number;date;value1;vallue2\n", "ambiguous_import"),
        (b"meter_number;date;value1;value1\n", "ambiguous_import"),
        (b'meter_number;date;value1\n"A;2026-10-31', "unreadable_file"),
        (b"PK\x03\x04 no workbook", "unreadable_file"),
    ],
)
def test_a_file_that_cannot_be_read(content, code):
    with pytest.raises(TableError) as refused:
        readings(content)
    assert refused.value.code == code


@pytest.mark.parametrize("last", ["I-5;2026-03-31;12,618", "00412;2026-03-31;00412,350", "I-5;2026-03-31;126"])
def test_a_last_line_that_is_not_ended_is_told_and_not_taken(last):
    text = f"meter_number;date;value1\nI-5;2026-01-31;4,2\nI-5;2026-02-28;8,412\n{last}"
    assert [type(row) for row in readings(f"{text}\n")] == [type(row) for row in readings(f"{text}\r")] == [Row] * 3
    # Whatever is left of the line, a value, a day or a number: nothing tells it from a whole one.
    for missing in range(len(last)):
        found = readings(text[: len(text) - missing])
        assert found[:2] == readings(text)[:2]
        assert all(isinstance(row, Row) for row in found[:2])
        number, day, value = [*last[: len(last) - missing].split(";"), "", ""][:3]
        assert found[2] == Problem(4, "line_cut_off", "", number, day, (value,) if value else ())
    assert len(readings(text[: len(text) - len(last)])) == 2
    # The first line of a table names its columns; a space behind the last line break is no line.
    with pytest.raises(TableError, match="ambiguous_import"):
        readings("meter_number;date;val")
    assert len(readings(text[: len(text) - len(last)] + "  ")) == 2


def test_a_last_line_of_meters_that_is_not_ended():
    text = "meter_number;medium;digits;installed_on;opening1\nA;gas;5;2024-02-01;0,5\nB;gas;5;2024-02-01;12"
    first, cut = meters(text)
    assert first.number == "A"
    assert cut == Problem(3, "line_cut_off", "", "B", "2024-02-01", ("12",))


def test_remarks_before_the_columns_are_passed_over():
    """As they stand in the portal's own file of wrong rows, in any language."""
    lines = ("# Wiersz;# Wynik;# Wynik;;meter_number;date;value1", "2;held;why;;A;2026-10-31;412.35", "")
    assert only("\r\n".join(lines)) == Row("A", "2026-10-31", END_OF_DAY, ("412.35",), False, 2)


@pytest.mark.parametrize(("named", "delimiter"), [("sep=;", ";"), ("SEP=,", ","), ("sep=\t", "\t")])
def test_a_first_line_that_names_the_delimiter(named, delimiter):
    lines = (named, delimiter.join(("meter_number", "date", "value1")), delimiter.join(("A", "2026-10-31", "412.35")))
    row = only("\r\n".join([*lines, ""]))
    assert row == Row("A", "2026-10-31", END_OF_DAY, ("412.35",), False, 3)


def test_what_is_too_much(monkeypatch):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (tables.MAX_UNPACKED + 1))
    assert len(stream.getvalue()) < 10**6
    for content, code in ((stream.getvalue(), "file_too_large"), (b"x" * (tables.MAX_BYTES + 1), "file_too_large")):
        with pytest.raises(TableError) as refused:
            readings(content)
        assert refused.value.code == code
    monkeypatch.setattr(tables, "MAX_ROWS", 2)
    text = "meter_number;date;value1\n" + "A;2026-10-31;1\n" * 3
    with pytest.raises(TableError, match="too_many_rows"):
        readings(text)


def test_an_entity_bomb_is_no_workbook():
    stream = io.BytesIO()
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    with zipfile.ZipFile(io.BytesIO(workbook(["meter_number"]))) as source, zipfile.ZipFile(stream, "w") as target:
        for part in source.namelist():
            text = source.read(part).decode()
            if part.endswith("sheet1.xml"):
                text = bomb + text.partition("?>")[2].replace("<sheetData>", "<sheetData>&b;")
            target.writestr(part, text if not part.endswith("sheet1.xml") else text or bomb)
    with pytest.raises(TableError, match="unreadable_file"):
        readings(stream.getvalue())


def test_of_a_days_rows_the_last_counts():
    text = """meter_number,date,time,value1,estimated
A,,2026-10-31T10:00,5,
A,,2026-10-31T09:00,4,
A,,2026-10-31T10:00,5.0,
A,,2026-10-31T10:00,6,
A,2026-10-31,,3,yes
A,2026-10-30,,9,
A,2026-10-30,,8,
"""
    days = [day for _, day in days_of(in_order(readings(text)))]
    assert [(day.reading.values, len(day.hours), len(day.same), len(day.other)) for day in days] == [
        (("9",), 0, 0, 1),
        (("6",), 2, 0, 3),
    ]


_ROWS = st.lists(
    st.builds(
        lambda number, day, minute, value: Row(f"M{number}", f"2026-10-{day:02}", minute, (str(value),), False, 2),
        st.integers(1, 12),
        st.integers(1, 28),
        st.sampled_from([60, 120, END_OF_DAY]),
        st.integers(1, 3),
    ),
    max_size=150,
)


@settings(max_examples=60, deadline=None)
@given(_ROWS, st.randoms(), st.sampled_from([5, 12, BUDGET]))
def test_chunks_hold_every_row_once_in_an_order_of_their_own(rows, random, budget):
    shuffled = list(rows)
    random.shuffle(shuffled)
    chunks, released = cut(in_order(list(rows)), budget=budget)
    assert cut(in_order(shuffled), budget=budget) == (chunks, released)
    assert sorted(row for chunk in chunks for row in chunk.rows) == sorted(rows)
    assert released == min(len(chunks), released) <= LANES
    lanes = {}
    for first in range(released):
        at = first
        while at is not None:
            assert at not in lanes
            lanes[at] = first
            at = chunks[at].then
    assert len(lanes) == len(chunks)
    places = {}
    for number, chunk in enumerate(chunks):
        assert len(chunk.rows) <= MOST_ROWS
        days = {(row.number, row.day) for row in chunk.rows}
        assert len(days) + len({name for name, _ in days}) <= budget
        for key in days:
            assert places.setdefault(key, number) == number
    for name in {row.number for row in rows}:
        held = sorted({number for key, number in places.items() if key[0] == name})
        assert len({lanes[number] for number in held}) == 1
        assert [min(row.day for row in chunks[n].rows if row.number == name) for n in held] == sorted(
            min(row.day for row in chunks[n].rows if row.number == name) for n in held
        )


def meters(text):
    return list(parse_meters(read_table(text.encode())))


def test_meters_and_what_is_wrong_with_them():
    text = """meter_number;medium;unit_ref;digits;installed_on;opening1;opening2;parent_number;multiplier
A;cold_water;U1;5;01.02.2024;0,5;;H;1,5
A;cold_water;U1;5;2024-02-01;0;;;
B;cold_water;U1;;2024-02-01;0;;;
C;cold_water;U1;5;2024-02-31;0;;;
D;cold_water;U1;5;2024-02-01;;;;
"""
    first, *others = meters(text)
    assert (first.number, first.opening, first.cells["installed_on"]) == ("A", ("0,5",), "2024-02-01")
    assert (first.cells["parent_number"], first.cells["multiplier"]) == ("H", "1.5")
    assert [(each.line, each.code, each.field) for each in others] == [
        (3, "duplicate_row", "meter_number"),
        (4, "missing_value", "digits"),
        (5, "invalid_date", "installed_on"),
        (6, "missing_value", "opening1"),
    ]


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.integers(0, 9), st.integers(0, 12), max_size=10), st.randoms())
def test_parents_come_before_what_hangs_behind_them(parents, random):
    lines = [f"{number};gas;{parent if parent != number else ''};5;2024-01-01;0" for number, parent in parents.items()]
    random.shuffle(lines)
    rows = by_generation(
        meters("\n".join(["meter_number;medium;parent_number;digits;installed_on;opening1", *lines, ""]))
    )
    place = {row.number: at for at, row in enumerate(rows)}
    assert len(place) == len(parents)

    def ancestors(number):
        found = []
        while number in parents and number not in found:
            found.append(number)
            number = parents[number] if parents[number] != number else None
        return found, number in found

    for number, parent in parents.items():
        _, circular = ancestors(number)
        if not circular and parent in parents and parent != number:
            assert place[str(parent)] < place[str(number)]
