"""Names, numbers and contact data, compared and cleaned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from registry import rules

NAMES = st.text(max_size=60)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Żółkiewska", "zolkiewska"),
        ("  ŁÓDŹ   Nowa ", "lodz nowa"),
        ("Ødegård", "odegard"),
        ("Œuvre d\u2019Élise", "oeuvre d'elise"),
        ("N/2015/0001", "n/2015/0001"),
    ],
)
def test_case_and_accents_do_not_matter(text, folded):
    assert rules.fold(text) == folded


def test_ukrainian_letters_meet_their_variants():
    assert rules.fold("Ґалаґан") == rules.fold("Галаган")
    assert rules.fold("Їжак") == rules.fold("їжак")


@given(NAMES)
def test_folding_again_changes_nothing(text):
    once = rules.fold(text)
    assert rules.fold(once) == once


@given(NAMES, NAMES, NAMES, st.integers(1, 10))
def test_a_person_is_found_under_exactly_one_term(first, last, company, length):
    terms = rules.name_terms(first, last, company)
    for term in terms:
        shown = rules.first_match(terms, term[:length])
        assert shown is not None
        assert shown.startswith(term[:length])
    assert rules.first_match(terms, "\uffff") is None


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("+48 600-100-200", "+48600100200"),
        ("0048 600 100 200", "+48600100200"),
        ("+47 (22) 12.34.56", "+4722123456"),
        ("", ""),
        ("600100200", None),
        ("+0123456789", None),
        ("+48 600 ABC", None),
        ("+1234567890123456", None),
    ],
)
def test_phone_numbers_are_kept_in_one_form(text, plain):
    assert rules.plain_phone(text) == plain


FIELDS = st.dictionaries(st.sampled_from(["phone", "email", "city"]), st.sampled_from(["a", "b", "c"]), min_size=3)


@given(FIELDS, FIELDS)
def test_an_unchanged_row_never_overwrites_what_the_person_changed(stored, row):
    assert rules.merged(stored, row, row) == stored


@given(FIELDS, FIELDS, FIELDS)
def test_a_changed_field_of_the_file_wins(stored, before, now):
    after = rules.merged(stored, before, now)
    for field, value in after.items():
        assert value == (now[field] if now[field] != before[field] else stored[field])


@pytest.mark.parametrize(("balance", "debt"), [(None, 0), (0, 0), (-500, 0), (4500, 4500)])
def test_only_a_positive_balance_is_a_debt(balance, debt):
    assert rules.current_debt(balance) == debt
