"""Password rules and waiting times."""

import string

import pytest
from auth import errors, rules
from auth.rules import Limit
from hypothesis import given
from hypothesis import strategies as st

from shared.organisations import PasswordRules

NONE = PasswordRules(least_length=8, digit=False, symbol=False, capital=False, small_letter=False)
ALL = PasswordRules(least_length=12, digit=True, symbol=True, capital=True, small_letter=True)


def codes(password, of):
    return [broken.code for broken in rules.broken_password_rules(password, of)]


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("Demo-Lokum-2026", []),
        (
            "",
            [
                "password_too_short",
                "password_without_digit",
                "password_without_symbol",
                "password_without_capital",
                "password_without_small_letter",
            ],
        ),
        ("DEMO-LOKUM-2026", ["password_without_small_letter"]),
        ("demo-lokum-2026", ["password_without_capital"]),
        ("Demo-Lokum-xxxx", ["password_without_digit"]),
        ("DemoLokum20266", ["password_without_symbol"]),
        (" Demo-Lokum-2026", ["password_with_edge_space"]),
        ("Żółta-Łódź-2026", []),
        ("Жовта-Хата-2026", []),
        ("D1-" + "a" * 254, ["password_too_long"]),
    ],
)
def test_all_broken_rules_are_named_at_once(password, expected):
    assert codes(password, ALL) == expected


@given(st.text(alphabet=string.ascii_letters + string.digits + "-_!ąЖ", min_size=8, max_size=60))
def test_a_rule_that_is_off_is_never_broken(password):
    assert codes(password, NONE) == []


@given(st.text(alphabet=string.printable.strip() + "ąŻжЇ", max_size=40))
def test_a_rule_more_never_makes_a_password_better(password):
    assert set(codes(password, NONE)) <= set(codes(password, ALL))


def test_every_code_is_registered():
    assert set(codes("", ALL)) | set(codes(" " * 300, ALL)) <= set(errors.CODES)


LIMITS = st.builds(
    Limit,
    free=st.integers(1, 10),
    first_wait=st.integers(1, 120),
    longest_wait=st.integers(120, 3600),
    window=st.integers(3600, 9000),
)


@given(LIMITS, st.integers(0, 10**6), st.integers(0, 10**6))
def test_nobody_waits_longer_than_the_longest_wait_or_beyond_the_window(limit, failures, since):
    wait = rules.seconds_to_wait(failures, since, limit)
    assert 0 <= wait <= limit.longest_wait
    assert wait == 0 or since + wait <= limit.window
    assert rules.seconds_to_wait(failures, since + wait, limit) == 0


@given(LIMITS, st.integers(0, 100), st.integers(0, 9000))
def test_more_failures_never_shorten_the_wait(limit, failures, since):
    assert rules.seconds_to_wait(failures, since, limit) <= rules.seconds_to_wait(failures + 1, since, limit)


def test_the_first_failures_are_free_then_the_wait_doubles():
    limit = rules.SIGN_IN_PAIR.limit
    waits = [rules.seconds_to_wait(n, 0, limit) for n in range(12)]
    assert waits == [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900]


@pytest.mark.parametrize(
    "counter",
    [value for value in vars(rules).values() if isinstance(value, rules.Counter)],
    ids=lambda counter: f"{counter.purpose}-{counter.of}",
)
def test_the_longest_wait_ends_within_the_window(counter):
    assert counter.limit.first_wait <= counter.limit.longest_wait <= counter.limit.window
