"""Imports of bank statements on the real tables (moto)."""

import logging

import pytest

from tests.unit.payments.world import ACCOUNT, World, collect, counts, load, mt940


def test_the_mbank_file_matches_three_of_three(world):
    result = world.run(load("mbank.sta"), "mbank.sta")
    assert (result["state"], result["errors"], result["name"]) == ("done", [], "mbank.sta")
    assert counts(result) == {"transactions": 3, "matched": 3, "unmatched": 0, "duplicates": 0, "ignored": 0}
    payments = world.settled()
    assert [(p["contract_id"], p["amount"], p["currency"]) for p in payments] == [
        ("con_1", 1, "PLN"),
        ("con_2", 1, "PLN"),
        ("con_3", 1, "PLN"),
    ]
    assert payments[0]["value_date"] == payments[0]["booking_date"] == "2017-01-19"
    assert (payments[0]["method"], payments[0]["reference"]) == ("bank", "MB170119012058")
    assert len({p["payment_id"] for p in payments}) == 3


def test_the_same_file_again_changes_nothing(world):
    first = world.run(load("mbank.sta"))
    before = world.settled()
    again = world.run(load("mbank.sta"), "other name.sta")
    assert counts(again) == {"transactions": 3, "matched": 0, "unmatched": 0, "duplicates": 3, "ignored": 0}
    assert (again["state"], again["first_import_id"]) == ("done", first["import_id"])
    assert world.settled() == before


def test_a_file_whose_first_import_stuck_goes_through_on_repeat(world):
    world.receive(load("mbank.sta"))
    (received,) = world.waiting()
    world.deliver(received)
    world.delivered.update(item.pk for item in world.waiting())  # its chunk's event is lost for good
    again = world.run(load("mbank.sta"))
    assert counts(again)["matched"] == 3
    assert len(world.settled()) == 3


def test_overlapping_files_take_each_transfer_once(world):
    rows = [(100 + n, f"B{n}", collect("XX000000000001", n)) for n in range(1, 6)]
    assert counts(world.run(mt940(*rows[:3])))["matched"] == 3
    assert counts(world.run(mt940(*rows[1:], opening=500))) == {
        "transactions": 4,
        "matched": 2,
        "unmatched": 0,
        "duplicates": 2,
        "ignored": 0,
    }
    assert sorted(p["amount"] for p in world.settled()) == [101, 102, 103, 104, 105]


def test_debits_and_announced_entries_are_kept_but_never_matched(cloud):
    world = World(accounts=[("NL91ABNA0417164300", "EUR")])
    result = world.run(load("camt053.v4.xml"))
    assert counts(result) == {"transactions": 4, "matched": 0, "unmatched": 2, "duplicates": 0, "ignored": 2}
    states = {(item.amount, item.state) for item in world.transfers()}
    assert states == {(400, "unmatched"), (600, "unmatched"), (300, "ignored"), (-200, "ignored")}
    assert counts(world.run(load("camt053.v4.xml").replace(b"DEMOXX", b"") + b"\n"))["duplicates"] == 4


def test_norwegian_kids_and_french_references(cloud):
    norway = World("org_no", accounts=[("NO9386011117947", "NOK")])
    norway.start("H-1", currency="NOK", kid="602243")
    norway.start("H-2", currency="NOK", kid="100008-")
    result = norway.run(load("ocr_giro.txt"))
    assert counts(result) == {"transactions": 3, "matched": 2, "unmatched": 1, "duplicates": 0, "ignored": 0}
    france = World("org_fr", accounts=[("FR7630001007941234567890185", "EUR")])
    france.start("FR-2015-1", currency="EUR", rf="RF18 5390 0754 7034")
    france.start("FR-2015-7", currency="EUR")
    result = france.run(load("camt053.v2.xml"))
    assert counts(result) == {"transactions": 4, "matched": 2, "unmatched": 1, "duplicates": 0, "ignored": 1}
    assert {(p["contract_id"], p["amount"]) for p in france.settled()} >= {
        ("con_FR-2015-1", 75000),
        ("con_FR-2015-7", 70050),
    }


def test_ukrainian_contract_number_in_the_title(cloud):
    world = World(accounts=[("UA213223130000026007233566001", "UAH")])
    world.start("Д-2015/007", contract_id="con_ua", currency="UAH")
    result = world.run(load("camt053.v8.xml"))
    assert (counts(result)["matched"], counts(result)["unmatched"]) == (1, 1)
    assert [(p["contract_id"], p["amount"]) for p in world.settled()] == [("con_ua", 185000)]


@pytest.mark.parametrize(
    ("accounts", "data", "code", "line"),
    [
        ([], "mbank.sta", "unknown_bank_account", 2),
        ([("PL61109010140000071219812874", "PLN")], "mbank.sta", "unknown_bank_account", 2),
        ([(ACCOUNT, "EUR")], "mbank.sta", "currency_mismatch", 2),
        ([(ACCOUNT, "PLN")], b"not a bank file", "unknown_format", 1),
        ([(ACCOUNT, "PLN")], mt940((5, "B", "x")).replace(b"PLN0,05", b"PLN0,06"), "balance_mismatch", 7),
    ],
)
def test_a_refused_file_changes_nothing(cloud, accounts, data, code, line):
    world = World(accounts=accounts)
    result = world.run(load(data) if isinstance(data, str) else data)
    assert (result["state"], result["errors"]) == ("failed", [{"line": line, "code": code}])
    assert counts(result) == dict.fromkeys(counts(result), 0)
    assert world.transfers() == []
    assert world.settled() == []


def test_a_refused_file_can_be_sent_again_when_the_account_is_known(cloud):
    World(accounts=[]).run(load("mbank.sta"))
    result = World().run(load("mbank.sta"))
    assert (result["state"], counts(result)["unmatched"]) == ("done", 3)


def test_a_missing_upload_fails_the_import(world):
    status, body = world.call("POST", "/bank-statements", body={"upload": "org/org_test/bank_statement/upl_0/gone.sta"})
    assert status == 202
    world.pump()
    assert world.result(body["import_id"])["errors"] == [{"line": None, "code": "file_not_found"}]


@pytest.mark.parametrize(
    "key",
    ["org/org_other/bank_statement/u/f.sta", "org/org_test/portfolio/u/f.zip", "x", "org/org_test/bank_statement/../f"],
)
def test_only_own_uploads_of_this_purpose(world, key):
    status, body = world.call("POST", "/bank-statements", body={"upload": key})
    assert (status, body["code"]) == (422, "unknown_upload")


def test_a_statement_without_entries_is_done(world):
    result = world.run(mt940())
    assert (result["state"], counts(result)["transactions"]) == ("done", 0)


def test_names_accounts_and_titles_stay_in_the_table(world, caplog, capfd):
    caplog.set_level(logging.DEBUG, logger="lokum")
    world.run(load("mbank.sta"))
    world.run(mt940((5, "B1", collect("XX888888888888", 1, title="sekretny tytul"))))
    world.run(mt940((5, "B1", "sekretny")).replace(b"C0,05", b"Csekretny"))
    said = str(world.events()) + caplog.text + "".join(capfd.readouterr())
    for personal in ("NOWAK", "PRZYK", "56114010810000267002001001", "sekretny"):
        assert personal not in said
