"""Amounts as people and files write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import DomainError
from shared.money import format_plain, to_minor


@pytest.mark.parametrize(
    ("text", "minor"), [("12,30", 1230), ("12.3", 1230), ("0", 0), (" 7 ", 700), ("-1.05", -105), (",01", 1)]
)
def test_plain_amounts_are_read(text, minor):
    assert to_minor(text, "PLN") == minor


@pytest.mark.parametrize(
    "text", ["1,000", "1.000", "1_000", "1e3", "+5", "٣", "1 000", "", "-", ".", "5.", "NaN", "Infinity", "1.2.3"]
)
def test_what_could_mean_something_else_is_refused(text):
    """`1,000` was once read as one and booked so."""
    with pytest.raises(DomainError, match="invalid_amount"):
        to_minor(text, "PLN")


def test_a_currency_without_decimals_takes_none():
    assert to_minor("500", "JPY") == 500
    with pytest.raises(DomainError):
        to_minor("500.0", "JPY")


def test_numbers_of_a_program_may_have_trailing_zeros():
    assert to_minor(Decimal("1.00000"), "EUR") == 100


@given(st.integers(-(10**15), 10**15), st.sampled_from(["PLN", "JPY", "KWD"]))
def test_what_is_written_reads_the_same(minor, currency):
    assert to_minor(format_plain(minor, currency), currency) == minor
