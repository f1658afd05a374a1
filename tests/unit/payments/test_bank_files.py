"""Readers of bank files: our own fixtures, and what each refusal says."""

import logging
import re
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from payments.bank_files import camt053, mt940_details
from payments.bank_files.reading import MAX_BYTES, BankFileError, read_statements
from payments.errors import FILE_CODES

ROOT = Path(__file__).resolve().parents[3]
FILES = ROOT / "tests" / "fixtures" / "bank"
DAY = date(2017, 1, 19)


def load(name):
    return (FILES / name).read_bytes()


def refusal(data):
    with pytest.raises(BankFileError) as refused:
        read_statements(data)
    return refused.value.code, refused.value.line


def changed(name, old, new, encoding="utf-8"):
    text = load(name).decode(encoding)
    assert old in text
    return text.replace(old, new, 1).encode(encoding)


def test_mbank_collect_gives_ids_numbers_and_names():
    (statement,) = read_statements(load("mbank.sta"))
    assert (statement.account, statement.currency) == ("PL29114010810000267002001002", "PLN")
    assert (statement.opening.amount, statement.closing.amount, statement.closing.on) == (40, 43, DAY)
    assert [t.mass_payment_id for t in statement.transfers] == [f"XX00000000000{n}" for n in (1, 2, 3)]
    assert [t.amount for t in statement.transfers] == [1, 1, 1]
    assert [t.bank_reference for t in statement.transfers] == ["MB170119012058", "MB170119012085", "MB170119012121"]
    first = statement.transfers[0]
    assert (first.payer_name, first.title) == ("ANNA PRZYKŁADOWA", "CZYNSZ ZA STYCZEŃ")
    assert first.payer_account == "56114010810000267002001001"
    assert (first.value_date, first.booking_date, first.line) == (DAY, DAY, 6)
    assert first.identity == "TNR:179171073864111.010001"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1250"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encoding_and_line_ends_do_not_matter(encoding, line_end):
    text = load("mbank.sta").decode("cp1250").replace("\n", line_end)
    (statement,) = read_statements(text.encode(encoding))
    assert statement.transfers[0].payer_name == "ANNA PRZYKŁADOWA"
    assert len(statement.transfers) == 3


MBANK_86 = (
    "911 TRANSAKCJA COLLECT; ID IPH: XX000000000001; Z RACH.: 56114010810000267002001001; "
    "OD: ANNA PRZYKLADOWA  UL. ZMYSLONA 5; TYT.: CZYNSZ L/2015/001; TNR: 179171073864111.010001"
)


@given(st.sets(st.integers(1, len(MBANK_86) - 1), max_size=6), st.booleans())
def test_mbank_field_may_break_anywhere(cuts, trimmed):
    broken = "".join(("\n" if i in cuts else "") + c for i, c in enumerate(MBANK_86))
    if trimmed:
        broken = "\n".join(line.rstrip() for line in broken.split("\n"))
    found = mt940_details.read(broken)
    assert found.mass_payment_id == "XX000000000001"
    assert found.payer_account == "56114010810000267002001001"
    assert found.transaction_number == "179171073864111.010001"
    assert "".join(found.title.split()) == "CZYNSZL/2015/001"


def test_a_key_inside_a_title_is_not_a_key():
    found = mt940_details.read("911 X; ID IPH: XX01; TYT.: KOD: 77 OD: mnie; TNR: 1.2")
    assert (found.title, found.payer_name, found.mass_payment_id) == ("KOD: 77 OD: mnie", "", "XX01")


def test_slash_codes():
    (statement,) = read_statements(load("slash_codes.sta"))
    debit, credit = statement.transfers
    assert statement.account == "NL91ABNA0417164300"
    assert (debit.amount, debit.payer_name) == (-2500, "EXAMPLE CONTRA HOLDER")
    assert (credit.amount, credit.payer_name, credit.payer_account) == (1050, "J. EXAMPLE", "NL70ABNA0987654321")
    assert (credit.title, credit.identity) == ("Rent RF18 5390 0754 7034", "BR42")


def test_numbered_subfields_and_a_reversal_with_line_breaks_inside_tags():
    (statement,) = read_statements(load("subfields.sta"))
    credit, reversal = statement.transfers
    assert (credit.amount, credit.title, credit.payer_name) == (3000, "Miete Januar L-2015-001", "ERIKA BEISPIEL")
    assert (credit.payer_account, credit.end_to_end_id) == ("DE89370400440532013000", "E2E-1")
    assert (reversal.amount, reversal.reversal) == (-1000, True)


def test_pages_of_one_statement_are_joined_and_must_follow_each_other():
    def page(number, opening, entry, closing):
        return f":20:A\n:25:PL29114010810000267002001002\n:28C:1/{number}\n:60{opening}\n:61:170119C{entry}NTRFNONREF\n:62{closing}\n-\n"

    good = page(1, "F:C170119PLN1,00", "1,", "M:C170119PLN2,00") + page(2, "M:C170119PLN2,", "3,5", "F:C170119PLN5,50")
    (statement,) = read_statements(good.encode())
    assert [t.amount for t in statement.transfers] == [100, 350]
    assert (statement.opening.amount, statement.closing.amount) == (100, 550)
    gap = page(1, "F:C170119PLN1,00", "1,", "M:C170119PLN2,00") + page(2, "M:C170119PLN9,", "3,5", "F:C170119PLN12,50")
    assert refusal(gap.encode()) == ("balance_mismatch", 11)


def test_camt_v2_structured_reference_and_batch():
    (statement,) = read_statements(load("camt053.v2.xml"))
    rf, first, second, fee = statement.transfers
    assert (rf.amount, rf.creditor_reference, rf.payer_name) == (75000, "RF18539007547034", "Élise Exemple")
    assert [(t.amount, t.identity, t.bank_reference) for t in (first, second)] == [
        (70050, "FR0002#1", "FR0002"),
        (50000, "FR0002#2", "FR0002"),
    ]
    assert (first.title, second.payer_account) == ("Loyer bail FR-2015-7", "FR1420041010050500013M02606")
    assert fee.amount == -1990


def test_camt_v4_pending_and_reversed_entries():
    (statement,) = read_statements(load("camt053.v4.xml"))
    assert [(t.amount, t.booked, t.reversal) for t in statement.transfers] == [
        (400, True, False),
        (600, True, False),
        (300, False, False),
        (-200, True, True),
    ]
    assert (statement.opening.amount, statement.closing.amount) == (-500, 300)


def test_camt_v8_status_in_code_and_account_in_other():
    (statement,) = read_statements(load("camt053.v8.xml"))
    assert (statement.account, statement.currency) == ("UA213223130000026007233566001", "UAH")
    first, second = statement.transfers
    assert (first.payer_name, first.end_to_end_id, first.booked) == ("Олена Приклад", "E1", True)
    assert first.title == "Оплата за договором Д-2015/007, січень"
    assert second.end_to_end_id == ""


def test_ocr_giro_kid_accounts_and_sums():
    (statement,) = read_statements(load("ocr_giro.txt"))
    assert (statement.account, statement.currency) == ("86011117947", "NOK")
    assert [(t.amount, t.creditor_reference) for t in statement.transfers] == [
        (102000, "602243"),
        (56000, "12345674"),
        (33000, "100008-"),
    ]
    assert [t.payer_account for t in statement.transfers] == ["99990512341", "99991005524", ""]
    assert (statement.transfers[0].title, statement.transfers[0].value_date) == ("Husleie januar", DAY)


CAMT = "camt053.v2.xml"
BREAKS = {
    "balance": ("mbank.sta", "PLN0,43", "PLN0,44", "cp1250", "balance_mismatch", 24),
    "amount": ("mbank.sta", "CN0,01NTRF", "CNx,01NTRF", "cp1250", "broken_file", 6),
    "day": ("mbank.sta", "1701190119CN", "1713190119CN", "cp1250", "invalid_date", 6),
    "account": ("mbank.sta", ":25:PL29114010810000267002001002\n", "", "cp1250", "account_missing", 5),
    "opening": ("mbank.sta", ":60F:C170119PLN0,40\n", "", "cp1250", "broken_file", 5),
    "camt balance": (CAMT, "2030.60", "2030.61", "utf-8", "balance_mismatch", 16),
    "camt batch": (CAMT, "700.50", "700.51", "utf-8", "amount_mismatch", 40),
    "camt amount": (CAMT, '"EUR">750.00', '"EUR">7,50', "utf-8", "invalid_amount", 23),
    "camt decimals": (CAMT, '"EUR">750.00', '"EUR">750.001', "utf-8", "invalid_amount", 23),
    "camt sign": (CAMT, "<CdtDbtInd>CRDT</CdtDbtInd>\n        <Sts>", "<Sts>", "utf-8", "broken_file", 22),
    "camt day": (CAMT, "<BookgDt><Dt>2017-01-19", "<BookgDt><Dt>2017-02-30", "utf-8", "invalid_date", 26),
    "camt tag": (CAMT, "</Stmt>", "</Stmts>", "utf-8", "broken_file", 86),
    "camt account": (CAMT, "<IBAN>FR7630001007941234567890185</IBAN>", "", "utf-8", "account_missing", 5),
    "camt version": (CAMT, "camt.053.001.02", "camt.053.001.99", "utf-8", "unsupported_version", 2),
    "camt 054": (CAMT, "camt.053.001.02", "camt.054.001.02", "utf-8", "unsupported_version", 2),
    "other xml": (CAMT, "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02", "urn:x", "utf-8", "unknown_format", 2),
    "encoding": (CAMT, 'encoding="UTF-8"', 'encoding="UTF-99"', "utf-8", "unknown_encoding", 1),
    "ocr sum": ("ocr_giro.txt", "00000000000102000", "00000000000102001", "utf-8", "sum_mismatch", 10),
    "ocr count": (
        "ocr_giro.txt",
        "NY0900880000000300000009",
        "NY0900880000000400000009",
        "utf-8",
        "count_mismatch",
        10,
    ),
    "ocr total": ("ocr_giro.txt", "000000300000011", "000000300000012", "utf-8", "count_mismatch", 11),
    "ocr length": ("ocr_giro.txt", "Husleie januar ", "Husleie januar  ", "utf-8", "broken_file", 5),
    "ocr type": ("ocr_giro.txt", "NY091031", "NY091077", "utf-8", "broken_file", 7),
}


@pytest.mark.parametrize("case", BREAKS)
def test_a_broken_file_is_refused_with_code_and_line(case):
    name, old, new, encoding, code, line = BREAKS[case]
    assert refusal(changed(name, old, new, encoding)) == (code, line)


def test_a_truncated_ocr_file_is_refused():
    lines = load("ocr_giro.txt").splitlines(keepends=True)
    assert refusal(b"".join(lines[:-1])) == ("broken_file", 10)
    assert refusal(b"".join(lines[:5])) == ("broken_file", 5)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b" \r\n ", "empty_file"),
        (b"hello", "unknown_format"),
        (b"%PDF-1.7\n...", "unknown_format"),
        (b"\x89PNG\r\n\x1a\n", "unknown_format"),
        (b"<html></html>", "unknown_format"),
        (b":20:A\n\x00\n", "unknown_encoding"),
        (b"x" * (MAX_BYTES + 1), "file_too_large"),
    ],
)
def test_what_is_no_bank_file_is_refused(data, code):
    assert refusal(data)[0] == code


BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><a>&c;</a></Document>"""
EXTERNAL = b"""<?xml version="1.0"?>
<!DOCTYPE d SYSTEM "file:///etc/passwd">
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"/>"""


@pytest.mark.parametrize("data", [BOMB, EXTERNAL])
def test_document_types_and_entities_are_refused(data):
    assert refusal(data) == ("entities_refused", 2)


def test_deep_nesting_is_refused():
    data = b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">' + b"<a>" * 100_000
    assert refusal(data) == ("broken_file", 1)


def test_a_hollow_file_of_countless_elements_is_refused(monkeypatch):
    monkeypatch.setattr(camt053, "_MAX_ELEMENTS", 100)
    assert refusal(changed(CAMT, "</GrpHdr>", "<a/>" * 101 + "</GrpHdr>")) == ("broken_file", 4)
    # Each entry counts by itself: a long statement is no hollow one.
    assert load(CAMT).count(b"</") > 100
    assert read_statements(load(CAMT))


FIXTURES = sorted(path.name for path in FILES.iterdir())


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_mutated_files_give_statements_or_our_refusal(data):
    source = bytearray(load(data.draw(st.sampled_from(FIXTURES))))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(source)))
        kind = data.draw(st.sampled_from(["cut", "set", "insert", "repeat"]))
        if kind == "cut":
            del source[at : at + data.draw(st.integers(1, 200))]
        elif kind == "set" and at < len(source):
            source[at] = data.draw(st.integers(0, 255))
        elif kind == "insert":
            source[at:at] = data.draw(st.binary(max_size=20))
        else:
            source[at:at] = source[at : at + 150]
    code, line = outcome(bytes(source))
    assert code is None or code in FILE_CODES
    assert line is None or 1 <= line <= source.count(b"\n") + source.count(b"\r") + 1


def outcome(data):
    try:
        read_statements(data)
    except BankFileError as error:
        return error.code, error.line
    return None, None


def test_names_never_reach_the_log(caplog):
    caplog.set_level(logging.DEBUG)
    refusal(changed("mbank.sta", "CN0,01NTRF", "CN NOWAK", "cp1250"))
    assert not [record for record in caplog.records if record.name.startswith("mt940")]


def test_ten_thousand_transfers_take_seconds():
    entry = ":61:1701190119CN1,00NTRFNONREF//B{0}\n:86:911 X; ID IPH: XX{0}; OD: A B  UL. C 1; TYT.: T ; TNR: {0}.1\n"
    body = "".join(entry.format(f"{n:012d}") for n in range(10_000))
    data = f":20:S\n:25:PL29\n:28C:1/1\n:60F:C170119PLN0,00\n{body}:62F:C170119PLN10000,00\n".encode()
    started = time.process_time()
    (statement,) = read_statements(data)
    assert len(statement.transfers) == 10_000
    assert time.process_time() - started < 10


def test_libraries_are_not_imported_before_a_file_is_read():
    script = (
        "import sys, payments.app; "
        "print([m for m in ('mt940', 'netsgiro', 'defusedxml', 'stdnum') if m in sys.modules])"
    )
    path = f"{ROOT}:{ROOT / 'functions'}"
    done = subprocess.run(
        [sys.executable, "-c", script], env={"PYTHONPATH": path}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("day", [b"9999-12-31", b"0001-01-01", b"1979-02-01"])
def test_a_day_beyond_the_ledger_is_refused(day):
    content = re.sub(rb"(<ValDt>\s*<Dt>)[0-9-]{10}", rb"\g<1>" + day, load("camt053.v2.xml"))
    assert content != load("camt053.v2.xml")
    code, line = refusal(content)
    assert code == "invalid_date"
    assert line
