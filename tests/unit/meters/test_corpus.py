"""The labelled corpus of readings and its scorer: the same again, nothing lost on the way, and the sums fit."""

from collections import Counter
from datetime import date

import pytest

from tests.load.corpus.__main__ import main
from tests.load.corpus.generator import corpus
from tests.load.corpus.report import figures, report
from tests.load.corpus.rows import LABELS, NORMAL, REAL, TYPOS, Row, RowError, read, write
from tests.load.corpus.scorer import score

READINGS = 1_500


@pytest.fixture(scope="module")
def rows():
    return corpus(7, READINGS)


@pytest.fixture(scope="module")
def scored(rows):
    return list(score(rows))


@pytest.fixture(scope="module")
def found(scored):
    return figures(scored)


def test_a_seed_always_gives_the_same_rows_and_more_readings_only_add(rows):
    assert corpus(7, READINGS) == rows
    assert corpus(8, 100) != corpus(7, 100)
    assert corpus(7, 100) == rows[: len(corpus(7, 100))]
    assert sum(row.event == "reading" for row in rows) >= READINGS


def test_the_corpus_has_every_medium_label_and_number_of_registers():
    rows = corpus(3, 4_000)
    assert {row.label for row in rows if row.event == "reading"} == set(LABELS)
    assert {len(row.typed) for row in rows if row.event == "reading"} == {1, 2, 3, 4}
    assert len({row.medium for row in rows}) == 6
    for row in rows:
        if row.label in TYPOS:
            assert row.typed != row.true


def test_rows_and_labels_survive_the_file(rows, tmp_path):
    path = tmp_path / "corpus.csv"
    write(path, rows)
    assert read(path) == rows
    assert list(score(read(path))) == list(score(rows))


def test_the_sums_of_the_figures_fit(scored, found):
    readings = found["readings"]
    assert readings == len(scored) == sum(one["readings"] for one in found["labels"].values())
    for one in found["labels"].values():
        assert sum(one["first_code"].values()) == one["readings"]
        assert one["any_true"] >= one["first_true"]
        assert one["offered"] >= one["any_true"]
    typos = [one for one in scored if one.row.label in TYPOS]
    assert found["typos"]["readings"] == len(typos)
    assert found["typos"]["missed"] == sum(one.status == "accepted" for one in typos)
    assert found["good"]["readings"] == sum(one.row.label == NORMAL for one in scored)
    assert readings == found["good"]["readings"] + len(typos) + sum(one.row.label in REAL for one in scored)
    assert found["codes_asking"] == Counter(code for one in scored for code in one.asking)


def test_most_typos_are_questioned_and_few_good_readings(found):
    assert found["typos"]["recall"] > 0.7
    assert found["typos"]["recall_distinguishable"] > 0.9
    assert found["good"]["questioned"] < 0.03
    assert found["codes"]["FORMAT"]["recall"] == 1
    assert found["codes"]["DECREASE"]["recall"] > 0.9


def _simple(path, *lines):
    path.write_text("meter_number;medium;date;value1\n" + "\n".join(lines) + "\n", "utf-8")
    return path


def test_readings_without_labels_from_anywhere(tmp_path, capsys):
    months = [f"A;cold_water;{2025 + at // 12}-{at % 12 + 1:02d}-28;{100 + 5 * at},250" for at in range(14)]
    path = _simple(tmp_path / "own.csv", *months[::-1], "A;cold_water;2026-03-28;951,250")
    found = figures(list(score(read(path))))
    # The first reading is the opening; the last is 781 m3 in a month.
    assert (found["readings"], found["codes_asking"]) == (14, {"HIGH": 1})
    assert (found["good"]["readings"], found["typos"]["readings"]) == (0, 0)
    assert main(["score", str(path)]) == 0
    assert "of them questioned" in capsys.readouterr().out


def test_a_replacement_nobody_told_of_is_believed_the_second_time(tmp_path):
    path = _simple(
        tmp_path / "own.csv",
        *(f"A;cold_water;2026-{at:02d}-28;{value}" for at, value in enumerate((400, 405, 2, 7, 12, 17), start=1)),
    )
    assert [one.status for one in score(read(path))] == ["accepted", "rejected", "rejected", "accepted", "accepted"]


def test_an_unnoticed_typo_stands_until_the_next_reading_finds_it():
    def reading(month, typed, true, label):
        return Row(
            "A", "cold_water", date(2026, month, 28), typed=(typed,), true=(true,), label=label, digits=5, decimals=0
        )

    steady = [reading(month, f"{100 + 9 * month}", f"{100 + 9 * month}", NORMAL) for month in range(1, 8)]
    typo, after = reading(8, "181", "172", "misread_other"), reading(9, "180", "180", NORMAL)
    scored = list(score([*steady, typo, after, reading(10, "189", "189", NORMAL)]))[-3:]
    assert [one.status for one in scored] == ["accepted", "rejected", "accepted"]
    assert [one.found_typo for one in scored] == [False, True, False]
    assert scored[0].off == 1


def test_what_is_no_table_of_readings_is_told(tmp_path, capsys):
    path = tmp_path / "own.csv"
    for text in ("meter_number,date\nA,2026-01-01\n", "meter_number,medium,date,value1\nA,beer,2026-01-01,1\n"):
        path.write_text(text, "utf-8")
        with pytest.raises(RowError):
            read(path)
        assert main(["score", str(path)]) == 2
        assert "own.csv" in capsys.readouterr().err


def test_the_commands_make_and_score_a_file(tmp_path, capsys):
    path = tmp_path / "made.csv"
    assert main(["generate", "--out", str(path), "--seed", "7", "--readings", "200"]) == 0
    assert read(path) == corpus(7, 200)
    assert main(["score", str(path)]) == 0
    assert capsys.readouterr().out.strip() == report(figures(list(score(corpus(7, 200))))).strip()
