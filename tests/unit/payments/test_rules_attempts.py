"""The state of an attempt: any order and repetition of what is said leads to the same end, and money is booked once."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from payments.providers.model import Event, Notice, Refusal
from payments.rules_attempts import Attempt, Effect, Kind, State, apply, disagreement, dump, load, view

NOW = datetime(2026, 11, 3, 10, 15, tzinfo=UTC)
START = Attempt("INV-1", 125000, "PLN")


def said(event, transaction="A", minute=0, amount=125000, **known):
    at = NOW + timedelta(minutes=minute)
    base = Notice(event, f"{event}/{transaction}/{minute}", at, "INV-1", transaction, amount, "PLN")
    return replace(base, **known)


def run(*notices, attempt=START):
    effects = []
    for notice in notices:
        attempt, more = apply(attempt, notice)
        effects += more
    return attempt, effects


def state(*notices):
    return view(run(*notices)[0]).state


def kinds(*notices):
    return [effect.kind for effect in run(*notices)[1]]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], State.STARTED),
        ([Event.PENDING], State.PENDING),
        ([Event.AUTHORISED], State.PENDING),
        ([Event.PENDING, Event.PAID], State.SETTLED),
        ([Event.PENDING, Event.FAILED], State.FAILED),
        ([Event.FAILED, Event.EXPIRED], State.EXPIRED),
        ([Event.EXPIRED, Event.CANCELLED], State.CANCELLED),
        ([Event.FAILED, Event.PENDING], State.FAILED),
        ([Event.PAID, Event.FAILED, Event.PENDING, Event.EXPIRED], State.SETTLED),
        ([Event.BOUNCED], State.FAILED),
        ([Event.OTHER, Event.HINT, Event.PAYOUT], State.STARTED),
    ],
)
def test_states_of_one_transaction_in_every_order(events, expected):
    for order in permutations(events):
        assert state(*(said(event) for event in order)) is expected


def test_a_late_success_counts_after_every_end():
    for end in (Event.FAILED, Event.EXPIRED, Event.CANCELLED):
        for whole in ("", "A"):
            attempt, effects = run(said(end, whole), said(Event.PAID))
            assert view(attempt).state is State.SETTLED
            assert effects == [Effect(Kind.CHANGED), Effect(Kind.SETTLED, "A", 125000)]


def test_other_tries_of_the_same_order():
    """One order may have several transactions; while one is open nothing has ended."""
    assert state(said(Event.FAILED, "A"), said(Event.PENDING, "B")) is State.PENDING
    assert state(said(Event.FAILED, "A"), said(Event.FAILED, "B")) is State.FAILED
    assert state(said(Event.PAID, "A"), said(Event.FAILED, "B"), said(Event.PENDING, "C")) is State.SETTLED
    assert state(said(Event.PENDING, "A"), said(Event.EXPIRED, "")) is State.EXPIRED


def test_a_second_transaction_is_a_double_payment():
    attempt, effects = run(
        said(Event.PAID, "A"), said(Event.PAID, "B"), said(Event.PAID, "A"), said(Event.PAID, "B", 5)
    )
    assert effects == [Effect(Kind.SETTLED, "A", 125000), Effect(Kind.DOUBLE_PAYMENT, "B", 125000)]
    assert sum(view(attempt).paid.values()) == 250000
    assert view(run(said(Event.REFUNDED, "B", part="r1"), attempt=attempt)[0]).state is State.PART_REFUNDED


def test_refunds():
    paid, first, second = (
        said(Event.PAID),
        said(Event.REFUNDED, amount=25000, part="r1"),
        said(Event.REFUNDED, amount=100000, part="r2"),
    )
    for order in permutations([paid, first, second, replace(first, key="again", occurred_at=NOW + timedelta(days=1))]):
        attempt, effects = run(*order)
        assert (view(attempt).state, view(attempt).refunded) == (State.REFUNDED, 125000)
        assert sum(effect.amount for effect in effects if effect.kind is Kind.REFUNDED) == 125000
    assert state(paid, first) is State.PART_REFUNDED
    failed = said(Event.REFUND_FAILED, part="r1", amount=25000)
    for order in permutations([paid, first, failed]):
        assert (state(*order), view(run(*order)[0]).refunded) == (State.SETTLED, 0)
    assert kinds(paid, first, failed) == [Kind.SETTLED, Kind.REFUNDED, Kind.REFUND_UNDONE]
    # What the provider sums up is the same money as its single refunds.
    total = said(Event.REFUNDED, amount=25000, total=True)
    for order in permutations([paid, first, total]):
        assert view(run(*order)[0]).refunded == 25000
    assert kinds(first) == []


def test_disputes():
    paid, opened, won, lost = (
        said(Event.PAID),
        said(Event.DISPUTED, minute=1, part="d1"),
        said(Event.DISPUTE_WON, minute=2, part="d1"),
        said(Event.DISPUTE_LOST, minute=2, part="d1"),
    )
    assert state(paid, opened) is State.DISPUTED
    for order in permutations([paid, opened, won]):
        assert state(*order) is State.SETTLED
    for order in permutations([paid, opened, lost]):
        assert state(*order) is State.DISPUTED
    for order in permutations([paid, opened, won, replace(lost, occurred_at=NOW + timedelta(minutes=3))]):
        assert state(*order) is State.DISPUTED
    assert kinds(paid, opened, won) == [Kind.SETTLED, Kind.TAKEN_BACK, Kind.GIVEN_BACK]
    assert view(run(paid, replace(opened, amount=None))[0]).taken == 125000
    assert view(run(paid, replace(opened, amount=5000))[0]).taken == 5000
    assert state(opened) is State.STARTED


def test_a_debit_that_fails_late():
    """The later of the two counts: a retry after a failure pays, a failure after a confirmation takes back."""
    paid, bounced = said(Event.PAID, minute=1), said(Event.BOUNCED, minute=2)
    for order in permutations([paid, bounced]):
        assert state(*order) is State.DISPUTED
    for order in permutations([replace(paid, occurred_at=NOW + timedelta(minutes=3)), bounced]):
        assert state(*order) is State.SETTLED
    for order in permutations([said(Event.PAID, minute=2), bounced]):
        assert state(*order) is State.SETTLED
    again = said(Event.PAID, minute=9)
    attempt, effects = run(paid, bounced, again)
    assert [effect.kind for effect in effects] == [Kind.SETTLED, Kind.TAKEN_BACK, Kind.GIVEN_BACK]
    assert view(attempt).state is State.SETTLED


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, ""),
        ({"reference": ""}, ""),
        ({"reference": "INV-2"}, "wrong_reference"),
        ({"currency": "EUR"}, "wrong_currency"),
        ({"amount": 124999}, "wrong_amount"),
        ({"amount": 125001}, "wrong_amount"),
        ({"amount": None}, "unknown_amount"),
        ({"currency": ""}, "unknown_amount"),
        ({"amount": 125375, "start_amount": 125000}, ""),
        ({"amount": 125375, "start_amount": 124000}, "wrong_amount"),
        ({"amount": 124000, "start_amount": 125000}, "wrong_amount"),
    ],
)
def test_money_that_is_not_what_was_asked_for_is_told(changes, code):
    for event in (Event.PAID, Event.AUTHORISED):
        notice = said(event, **changes)
        assert disagreement(START, notice) == code
        if code:
            with pytest.raises(Refusal, match=code):
                apply(START, notice)
        elif event is Event.PAID:
            assert apply(START, notice)[1] == (Effect(Kind.SETTLED, "A", 125000),)


def test_other_currencies_are_told_of_anything():
    assert disagreement(START, said(Event.REFUNDED, currency="EUR")) == "wrong_currency"
    assert disagreement(START, said(Event.FAILED, amount=1)) == ""


EVENTS = (
    Event.PENDING,
    Event.AUTHORISED,
    Event.PAID,
    Event.FAILED,
    Event.EXPIRED,
    Event.CANCELLED,
    Event.BOUNCED,
    Event.REFUNDED,
    Event.REFUND_FAILED,
    Event.DISPUTED,
    Event.DISPUTE_WON,
    Event.DISPUTE_LOST,
    Event.HINT,
    Event.OTHER,
)


@st.composite
def notices(draw):
    event = draw(st.sampled_from(EVENTS))
    money = event in {Event.PAID, Event.AUTHORISED}
    return said(
        event,
        draw(st.sampled_from(["A", "B", "C"] if money else ["A", "B", ""])),
        draw(st.integers(0, 5)),
        125000 if money else draw(st.sampled_from([None, 5000, 60000, 125000])),
        part="" if money else draw(st.sampled_from(["p1", "p2"])),
        total=event is Event.REFUNDED and draw(st.booleans()),
    )


def books(effects):
    """What the ledger has after all effects: payments by transaction, and the sums that went back."""
    paid = {
        effect.transaction_id: effect.amount for effect in effects if effect.kind in {Kind.SETTLED, Kind.DOUBLE_PAYMENT}
    }

    def net(more, less):
        return sum(
            effect.amount * (1 if effect.kind is more else -1) for effect in effects if effect.kind in {more, less}
        )

    return paid, net(Kind.REFUNDED, Kind.REFUND_UNDONE), net(Kind.TAKEN_BACK, Kind.GIVEN_BACK)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_order_and_repetition_lead_to_the_same_end(data):
    known = data.draw(st.lists(notices(), max_size=9))
    repeated = data.draw(
        st.permutations(known + data.draw(st.lists(st.sampled_from(known), max_size=6) if known else st.just([])))
    )
    first, effects = run(*known)
    second, others = run(*repeated)
    assert first == second
    assert view(first) == view(second)
    assert books(effects) == books(others)
    for done in (effects, others):
        assert [effect.kind for effect in done].count(Kind.SETTLED) == (1 if view(first).paid else 0)
        booked = [effect.transaction_id for effect in done if effect.kind in {Kind.SETTLED, Kind.DOUBLE_PAYMENT}]
        assert sorted(booked) == sorted(view(first).paid)
        assert all(effect.amount >= 0 for effect in done)


@settings(max_examples=150, deadline=None)
@given(st.lists(notices(), max_size=9))
def test_the_books_are_the_view_and_settled_is_left_only_by_money(known):
    attempt, done = START, []
    for notice in known:
        before = view(attempt).state
        attempt, effects = apply(attempt, notice)
        done += effects
        now = view(attempt)
        assert books(done) == (now.paid, now.refunded, now.taken)
        if before in {State.SETTLED, State.PART_REFUNDED, State.REFUNDED, State.DISPUTED}:
            assert now.state in {State.SETTLED, State.PART_REFUNDED, State.REFUNDED, State.DISPUTED}
        if before is not now.state:
            assert effects
        assert apply(attempt, notice) == (attempt, ())


@settings(max_examples=60, deadline=None)
@given(st.lists(notices(), max_size=9))
def test_facts_survive_storage(known):
    attempt, _ = run(*known)
    stored = json.loads(json.dumps(dump(attempt)))
    assert load("INV-1", 125000, "PLN", stored) == attempt
