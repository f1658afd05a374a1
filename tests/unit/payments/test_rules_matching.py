"""Matching: check digits, what is looked up, and when a match is sure."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from payments import rules_matching as rules
from payments.bank_files.model import Statement, Transfer
from payments.errors import FILE_CODES, REASONS
from payments.rules_matching import Clue, Contract, Evidence, decide
from payments.rules_transfers import identities, same_account

ROOT = Path(__file__).resolve().parents[3]
VECTORS = ROOT.parent / "shared" / "vectors" / "kid.json"
ONE, TWO = Contract("con_1", "L/2015/001", "PLN"), Contract("con_2", "L/2015/002", "PLN")
DIGITS = st.text("0123456789", min_size=1, max_size=24)


def clues(**given_):
    fields = {"mass_payment_id": "", "virtual_account": "", "creditor_reference": "", "title": "", "not_accounts": ()}
    return rules.clues(**{**fields, **given_})


def sure(*evidence, amount=100, currency="PLN", reversal=False):
    return decide(amount=amount, currency=currency, reversal=reversal, evidence=evidence).sure


# --- check digits


@pytest.mark.parametrize(
    ("payload", "mod10", "mod11"), [("60224", "3", "8"), ("1234567", "4", None), ("100008", None, "-")]
)
def test_published_kids(payload, mod10, mod11):
    assert mod10 in (None, rules.kid_mod10(payload))
    assert mod11 in (None, rules.kid_mod11(payload))


@pytest.mark.skipif(not VECTORS.is_file(), reason="the vectors are not here")
def test_kid_vectors():
    digit = {"mod10": rules.kid_mod10, "mod11": rules.kid_mod11}
    for case in json.loads(VECTORS.read_text())["cases"]:
        assert case["payload"] + digit[case["mode"]](case["payload"]) == case["expected"]


@given(DIGITS)
def test_a_made_kid_is_known_and_one_changed_digit_is_found_out(payload):
    for made in (payload + rules.kid_mod10(payload), payload + rules.kid_mod11(payload)):
        assert rules.is_kid(made)
    assert sum(rules.is_kid(payload + last) for last in "0123456789-") <= 2


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=21), st.booleans())
def test_rf_round_trip_in_one_piece_and_in_groups(body, grouped):
    digits = "".join(str(int(c, 36)) for c in f"{body}RF00")
    made = f"RF{98 - int(digits) % 97:02d}{body}"
    assert rules.is_rf(made)
    shown = " ".join(made[i : i + 4] for i in range(0, len(made), 4)) if grouped else made
    assert Clue("rf", made, 100, "rf") in clues(title=f"rent {shown.lower()} thanks")
    # mod 97 finds every wrong check digit; letters count two digits, so one of them may stand for another (C and 1 + 97).
    assert sum(rules.is_rf(f"RF{check:02d}{body}") for check in range(2, 99)) == 1


def test_known_references():
    assert rules.is_rf("RF18539007547034")
    assert rules.is_nrb("61109010140000071219812874")
    assert not rules.is_nrb("61109010140000071219812875")


# --- what is looked up


def test_fields_are_looked_up_as_they_are_indexed():
    found = clues(
        mass_payment_id="XX000000000001",
        creditor_reference="602243",
        virtual_account="PL61 1090 1014 0000 0712 1981 2874",
    )
    assert [(c.kind, c.value, c.score) for c in found] == [
        ("mass_payment_id", "000000000001", 100),
        ("kid", "602243", 100),
        ("virtual_account", "61109010140000071219812874", 100),
    ]
    assert rules.reference_key("mass_payment_id", "XX000000000001") == "000000000001"
    assert rules.reference_key("virtual_account", "PL61109010140000071219812874") == "61109010140000071219812874"
    assert rules.reference_key("rf", "rf18 5390 0754 7034") == "RF18539007547034"
    assert rules.reference_key("kid", " 100008- ") == "100008-"


def test_wrong_check_digits_are_never_sure():
    assert clues(creditor_reference="602244") == (Clue("kid", "602244", 70, "kid_check_digit"),)
    assert clues(creditor_reference="RF19539007547034") == (Clue("rf", "RF19539007547034", 70, "rf_check_digits"),)


def test_own_and_payers_accounts_are_no_virtual_accounts():
    own = "61109010140000071219812874"
    assert clues(virtual_account=f"PL{own}", not_accounts=[own]) == ()
    assert clues(title=f"z rachunku {own}", not_accounts=[f"PL{own}"]) == ()
    assert clues(title=f"na {own}")[0].reason == "virtual_account_in_title"


def test_kid_in_a_title_is_sure_only_when_it_is_long():
    assert clues(title="KID 12345674 takk") == (Clue("kid", "12345674", 95, "kid_in_title"),)
    assert clues(title="leie 602243") == (Clue("kid", "602243", 60, "kid_in_title"),)
    assert clues(title="x12345674 12345674x 123-45674") == ()


SHAPES = frozenset({"A9999999", "99999"})


@pytest.mark.parametrize("title", ["L/2015/001", "czynsz l-2015-001, maj", "L2015001", "nr (L 2015 001)"])
def test_a_contract_number_is_found_however_it_is_written(title):
    found = rules.number_clues(title, SHAPES)
    (evidence,) = rules.number_evidence(found, {"L2015001": [ONE]})
    assert (evidence.contract, evidence.score, evidence.reason) == (ONE, 90, "contract_number")


@pytest.mark.parametrize("title", ["XL/2015/001", "L/2015/0011", "L/2015/001A", "2015/001"])
def test_a_contract_number_inside_other_words_is_not_found(title):
    assert list(rules.number_evidence(rules.number_clues(title, SHAPES), {"L2015001": [ONE]})) == []


def test_a_number_that_reads_like_a_month_is_not_sure():
    month = Contract("con_3", "1/2015", "PLN")
    (evidence,) = rules.number_evidence(rules.number_clues("czynsz 1/2015", SHAPES), {"12015": [month]})
    assert (evidence.score, evidence.reason) == (60, "contract_number_ambiguous")


def test_a_number_inside_a_longer_one_is_no_evidence():
    shapes = frozenset({"A9999", "A99999"})
    short, long = Contract("a", "L/2015", "PLN"), Contract("b", "L/2015/3", "PLN")
    index = {"L2015": [short], "L20153": [long]}
    found = list(rules.number_evidence(rules.number_clues("L/2015/3", shapes), index))
    assert [item.contract for item in found] == [long]
    both = list(rules.number_evidence(rules.number_clues("L/2015/3 i L/2015", shapes), index))
    assert {item.contract for item in both} == {short, long}


def test_a_number_in_one_text_is_not_inside_a_number_of_another():
    shapes = frozenset({"A9999", "A99999"})
    short, long = Contract("a", "L/2015", "PLN"), Contract("b", "L/2015/3", "PLN")
    found = rules.number_clues("L/2015/3", shapes) + rules.number_clues("L/2015", shapes, after=9)
    evidence = list(rules.number_evidence(found, {"L2015": [short], "L20153": [long]}))
    assert {item.contract for item in evidence} == {short, long}


def test_the_docs_list_every_code_and_reason():
    page = (ROOT / "docs" / "bank-statements.md").read_text("utf-8")
    assert [code for code in {*FILE_CODES, *REASONS} if f"`{code}`" not in page] == []


@pytest.mark.parametrize("name", ["rules_matching.py", "service_matching.py"])
def test_every_reason_is_listed(name):
    """Strings of the matching code that are words joined by _ are reasons, or the kinds of references."""
    source = (ROOT / "functions" / "payments" / name).read_text("utf-8")
    words = set(re.findall(r'"([a-z]+(?:_[a-z]+)+)"', source))
    assert words - {"contract_id"} <= set(REASONS)


def test_cyrillic_numbers():
    found = rules.number_clues("Оплата за договором д-2015/007, січень", frozenset({"A9999999"}))
    assert [clue.key for clue in found] == ["Д2015007"]


# --- decisions


def test_one_strong_reason_is_sure():
    assert sure(Evidence(ONE, 100, "kid")).contract == ONE


@pytest.mark.parametrize("change", [{"currency": "EUR"}, {"amount": 0}, {"amount": -5}, {"reversal": True}])
def test_currency_sign_and_reversals_keep_it_from_being_sure(change):
    assert sure(Evidence(ONE, 100, "kid"), **change) is None


def test_payers_history_ranks_but_never_decides():
    history = {ONE: [100, 200], TWO: [300]}
    decision = decide(amount=200, currency="PLN", reversal=False, evidence=rules.payer_evidence(history, 200))
    assert decision.sure is None
    assert [(c.contract, c.score, c.reasons) for c in decision.candidates] == [
        (ONE, 80, ("payer_account_and_amount",)),
        (TWO, 50, ("payer_account",)),
    ]
    assert {e.score for e in rules.payer_evidence({ONE: [7], TWO: [7]}, 7)} == {70}
    assert {e.score for e in rules.payer_evidence({ONE: [7]}, 8)} == {60}


EVIDENCE = st.builds(
    Evidence,
    st.builds(Contract, st.sampled_from("abc"), st.just("n"), st.sampled_from(["PLN", "EUR"])),
    st.integers(0, 100),
    st.sampled_from(["kid", "rf", "contract_number"]),
)


@given(st.lists(EVIDENCE, max_size=8), st.integers(-100, 100), st.booleans())
def test_never_sure_for_two_contracts(evidence, amount, reversal):
    decision = decide(amount=amount, currency="PLN", reversal=reversal, evidence=evidence)
    strong = {item.contract for item in evidence if item.score >= rules.SURE}
    scores = [candidate.score for candidate in decision.candidates]
    assert scores == sorted(scores, reverse=True)
    if decision.sure:
        assert strong == {decision.sure.contract}
        assert amount > 0
        assert not reversal
        assert decision.sure.contract.currency == "PLN"
    elif amount > 0 and not reversal and len(strong) == 1:
        assert next(iter(strong)).currency != "PLN"


@given(st.text(max_size=200), st.text(max_size=30))
def test_any_title_and_reference_can_be_looked_at(title, reference):
    clues(title=title, creditor_reference=reference, mass_payment_id=reference, virtual_account=reference)
    rules.number_clues(title, frozenset({"A9", "99"}))


# --- which transfer is which


def transfer(**changes):
    base = {
        "amount": 5,
        "currency": "PLN",
        "booking_date": date(2017, 1, 19),
        "value_date": date(2017, 1, 19),
        "line": 1,
    }
    return Transfer(**{**base, **changes})


def fingerprints(*transfers, account="PL61109010140000071219812874"):
    statement = Statement(account, "PLN", "1", 1, transfers)
    return [fingerprint for _, fingerprint in identities(account, statement)]


def test_alike_transfers_in_a_statement_are_different_ones():
    assert len(set(fingerprints(transfer(), transfer(), transfer(title="x")))) == 3


def test_a_transfer_keeps_its_identity_in_another_file():
    first = fingerprints(transfer(identity="A"), transfer(identity="B"))
    moved = fingerprints(transfer(identity="B", line=77, title="changed by the bank"), transfer(identity="C"))
    assert first[1] == moved[0]
    assert fingerprints(transfer(identity="A"), account="61 1090 1014 0000 0712 1981 2874") == first[:1]


@given(st.sampled_from(["amount", "booking_date", "booked", "identity", "currency"]))
def test_what_differs_is_another_transfer(name):
    values = {"amount": 6, "booking_date": date(2017, 1, 20), "booked": False, "identity": "Z", "currency": "EUR"}
    assume(values[name] is not None)
    assert fingerprints(transfer()) != fingerprints(transfer(**{name: values[name]}))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("PL61109010140000071219812874", "61 1090 1014 0000 0712 1981 2874", True),
        ("NO9386011117947", "86011117947", True),
        ("10010010/0000123456", "DE00100100100000123456", True),
        ("FR7630001007941234567890185", "FR7630006000011234567890189", False),
        ("UA213223130000026007233566001", "UA213223130000026007233566001", True),
        ("", "", False),
        ("86011117947", "86011117948", False),
    ],
)
def test_accounts_however_written(one, other, same):
    assert same_account(one, other) is same
    assert same_account(other, one) is same
