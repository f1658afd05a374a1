"""What people write is kept as they mean it, without what hides in it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from statements.schemas import ChargeRequest

from shared.text import tidy_line, tidy_text

CHARGE = {"date": "2026-01-02", "due_date": "2026-01-10", "purpose": "rent", "amount": 100}


@given(st.text(max_size=200))
def test_a_tidy_line_is_one_line_without_control_characters(text):
    tidy = tidy_line(text)
    assert tidy == tidy_line(tidy)
    assert tidy.strip() == tidy
    assert not any(unicodedata.category(character)[0] == "C" for character in tidy)


@given(st.text(max_size=200))
def test_tidy_text_keeps_paragraphs_and_stays_as_it_is_the_second_time(text):
    tidy = tidy_text(text)
    assert tidy == tidy_text(tidy)
    assert "\n\n\n" not in tidy
    assert not any(unicodedata.category(c) in ("Cc", "Cs") and c != "\n" for c in tidy)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("One\r\n\r\n\r\n\r\ntwo  ", "One\n\ntwo"),
        ("fdp.exe\u202egpj", "fdp.exegpj"),
        ("a\x00b\x1b[31m", "ab[31m"),
        ("👩\u200d👧", "👩\u200d👧"),
        (" \u200b\n\ufeff\u2028 ", ""),
    ],
)
def test_text_of_several_lines(written, kept):
    assert tidy_text(written) == kept


def test_a_description_is_tidied_before_its_length_is_judged():
    assert (
        ChargeRequest.model_validate({**CHARGE, "description": "Rent\x07  May" + " " * 300}).description == "Rent May"
    )
    with pytest.raises(ValidationError) as refused:
        ChargeRequest.model_validate({**CHARGE, "description": "x" * 201})
    assert refused.value.errors()[0]["type"] == "string_too_long"
