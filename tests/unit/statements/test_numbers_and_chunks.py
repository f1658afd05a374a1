"""Numbers without gaps, and the cutting of imports."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st
from statements.rules.chunks import BUDGET, MAX_ROWS_OF_ACCOUNT, ROOTS, PlannedCharge, cut
from statements.rules.numbers import Series, format_number, give_back, take

MODERATE = settings(max_examples=80, deadline=None)


@MODERATE
@given(st.lists(st.tuples(st.integers(1, 20), st.integers(0, 20)), max_size=15))
def test_should_never_lose_a_number_nor_give_one_out_twice(steps):
    series, used = Series(), set()
    for count, unused in steps:
        numbers, series = take(series, count)
        assert len(set(numbers)) == count
        assert used.isdisjoint(numbers)
        returned = numbers[: min(unused, count)]
        series = give_back(series, returned)
        used |= set(numbers) - set(returned)
    free = {number for first, last in series.returned for number in range(first, last + 1)}
    assert used | free == set(range(1, series.last + 1))
    assert used.isdisjoint(free)


def test_should_refuse_numbers_that_are_not_out():
    for number in (0, 4, 2):
        with_two_back = give_back(Series(3), (2,))
        try:
            give_back(with_two_back, (number,))
        except ValueError:
            continue
        raise AssertionError(number)


def test_should_write_numbers_with_their_year():
    assert format_number("2026", 123) == "N/2026/000123"


def planned(account, number):
    return PlannedCharge(
        number, f"chg_{account}_{number:03}", account, "2026-01-01", "2026-01-10", "bank", "rent", 1, "", "", number
    )


@MODERATE
@given(st.lists(st.integers(1, 70), max_size=130))
def test_should_release_every_chunk_once_and_keep_accounts_apart(sizes):
    charges = [planned(f"ctr_{account}", number) for account, size in enumerate(sizes) for number in range(size)]
    chunks, released = cut(charges)
    # Every charge is in one chunk
    assert sorted(c.charge_id for chunk in chunks for c in chunk.charges) == sorted(c.charge_id for c in charges)
    # Every chunk is released once, from the roots on
    followers = [number for chunk in chunks for number in chunk.then]
    assert sorted([*range(released), *followers]) == list(range(len(chunks)))
    assert released <= ROOTS
    # The chunks of an account follow one another
    parents = {number: at for at, chunk in enumerate(chunks) for number in chunk.then}
    holders = {}
    for at, chunk in enumerate(chunks):
        for account in {charge.contract_id for charge in chunk.charges}:
            holders.setdefault(account, []).append(at)
    for account, ats in holders.items():
        assert all(parents[later] == earlier for earlier, later in itertools.pairwise(ats)), account
    # Each fits into a transaction
    for chunk in chunks:
        accounts = {charge.contract_id for charge in chunk.charges}
        assert 3 * len(chunk.charges) + 7 * len(accounts) <= BUDGET
        assert len(chunk.then) <= 3
        assert len(chunk.charges) <= max(MAX_ROWS_OF_ACCOUNT, BUDGET // 9 * 3)
