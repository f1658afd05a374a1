"""Real sample files of banks, read from beside the repository where they are; the expected results are given there too."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from payments.bank_files.reading import BankFileError, read_statements
from payments.bank_files.swift_mt940 import SwiftMt940Reader

from shared.money import to_minor

SHARED = Path(__file__).resolve().parents[4] / "shared"
SAMPLES = SHARED / "samples" / "bank-statements"
VECTORS = SHARED / "vectors" / "statements.json"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir() or not VECTORS.is_file(), reason="the sample files are not here")


def load(name):
    return (SAMPLES / name).read_bytes()


def vector(ending):
    cases = json.loads(VECTORS.read_text())["cases"]
    return next(case for case in cases if case["file"].endswith(ending))


def minor(amount, currency):
    return to_minor(Decimal(amount), currency)


def test_camt_v2_is_what_the_vectors_say():
    expected = vector("camt053.v2.minimal.xml")
    (statement,) = read_statements(load("camt053.v2.minimal.xml"))
    assert (statement.statement_id, statement.account) == (expected["stmt_id"], expected["iban"])
    assert [(b.code, b.amount, b.currency, b.on.isoformat()) for b in statement.balances] == [
        (code, minor(amount, ccy) * (1 if sign == "CRDT" else -1), ccy, day)
        for code, amount, ccy, sign, day in expected["balances"]
    ]
    (entry,) = expected["entries"]
    (transfer,) = statement.transfers
    assert transfer.amount == minor(entry["amount"], entry["ccy"])
    assert transfer.booked
    assert transfer.booking_date.isoformat() == entry["booking_date"]
    assert (transfer.creditor_reference, transfer.payer_account) == (entry["creditor_ref"], entry["debtor_iban"])


def test_camt_v8_is_what_the_vectors_say():
    assert "AAAASESS-FP-CN_98765/01" in vector("camt053.v8.xml")["note"]
    (statement,) = read_statements(load("camt053.v8.xml"))
    (transfer,) = statement.transfers
    assert statement.account == "NL26VAYB8060476890"
    assert (transfer.bank_reference, transfer.end_to_end_id) == ("AAAASESS-FP-CN_98765/01", "MUELL/FINP/RA12345")
    assert (transfer.booked, transfer.amount) == (True, 885)


def test_camt_v4_and_several_statements():
    (v4,) = read_statements(load("camt053.v4.xml"))
    assert [t.amount for t in v4.transfers] == [885]
    first, second = read_statements(load("camt053.v2.multi.statement.xml"))
    assert [t.amount for t in (*first.transfers, *second.transfers)] == [885, -700]
    assert first.closing.amount == second.opening.amount == 2700


def test_mbank_is_what_the_vectors_say():
    expected = vector("mt940.sta")
    (statement,) = read_statements(load("mbank.mt940.sta"))
    assert statement.account == expected["account"]
    assert statement.statement_id.split("/")[0] == expected["statement_number"]
    for balance, text in ((statement.opening, expected["opening"]), (statement.closing, expected["closing"])):
        amount, currency, day = text.split()
        assert (balance.amount, balance.currency, balance.on.isoformat()) == (minor(amount, currency), currency, day)
    assert [(t.amount, t.bank_reference) for t in statement.transfers] == [
        (minor(amount, "PLN"), reference) for _, amount, _, reference in expected["entries"]
    ]
    assert [t.mass_payment_id[-1] for t in statement.transfers] == ["1", "2", "3"]


def test_the_numbers_of_a_cut_mbank_file_are_read_but_its_balance_refuses_it():
    data = load("mbank.newline_in_tnr.sta")
    (statement,) = SwiftMt940Reader().read(data)
    assert [t.identity for t in statement.transfers] == ["TNR:179301073837502.000001", "TNR:179301073844398.000001"]
    assert [t.amount for t in statement.transfers] == [4500, 4400]
    with pytest.raises(BankFileError) as refused:
        read_statements(data)
    assert (refused.value.code, refused.value.line) == ("balance_mismatch", 19)


def test_ocr_giro_counts_and_sums_agree():
    (statement,) = read_statements(load("netsgiro.ocr.txt"))
    assert (statement.account, len(statement.transfers)) == ("99991042764", 20)
    assert sum(t.amount for t in statement.transfers) == 5144900
    assert statement.transfers[0].creditor_reference == "0000531"


def test_rabobank():
    first, second = read_statements(load("rabobank-iban.sta"))
    assert [t.amount for t in (*first.transfers, *second.transfers)] == [-2500, -1000, -2500, -1000]
    assert first.transfers[0].payer_name == "CONTRA ACCOUNT HOLDER"


@pytest.mark.parametrize(
    ("name", "code", "line"),
    [("camt053.v2.wrong.xml", "no_statement", 9), ("sparkassen.sta", "account_missing", 1)],
)
def test_files_that_cannot_be_taken_say_why(name, code, line):
    with pytest.raises(BankFileError) as refused:
        read_statements(load(name))
    assert (refused.value.code, refused.value.line) == (code, line)
