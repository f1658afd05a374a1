"""What the books are told: whatever the order and number of messages, it adds up to what the facts say, and every id once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from payments import rules_books as books
from payments.providers.model import Event, Notice
from payments.rules_attempts import Attempt, State, apply, view
from payments.rules_fees import fee_of

NET, FEE = 10000, 250
START = datetime(2026, 11, 1, tzinfo=UTC)
notice = st.builds(
    lambda event, transaction, part, amount, minutes: Notice(
        event,
        "k",
        START + timedelta(minutes=minutes),
        transaction_id=transaction,
        part=part if event not in {Event.PAID, Event.BOUNCED} else "",
        amount=NET + FEE if event is Event.PAID else amount,
        currency="PLN",
    ),
    st.sampled_from(
        [Event.PAID, Event.PAID, Event.REFUNDED, Event.REFUND_FAILED, Event.DISPUTED, Event.DISPUTE_WON, Event.BOUNCED]
    ),
    st.sampled_from(["t1", "t2"]),
    st.sampled_from(["a", "b"]),
    st.sampled_from([100, 5000, NET + FEE]),
    st.integers(0, 60),
)


def told(notices):
    """The attempt, and what the books were told: payments by id, and what went back and was undone, by payment."""
    attempt, bookings, rows = Attempt("pay-1", NET + FEE, "PLN"), {}, []
    events = []
    for one in notices:
        attempt, _ = apply(attempt, one)
        for booking in books.new_bookings(attempt, "pay_1", bookings):
            bookings[booking.transaction_id] = booking.payment_id
        said, rows = books.changes(attempt, NET, bookings, rows)
        events += said
    return attempt, bookings, events


def test_a_try_that_bounced_takes_nothing_of_the_one_that_was_paid():
    paid = Notice(Event.PAID, "k", START, transaction_id="t2", amount=NET + FEE, currency="PLN")
    bounced = Notice(Event.BOUNCED, "k", START + timedelta(hours=1), transaction_id="t1")
    for order in ([paid, bounced], [bounced, paid]):
        assert told(order)[2] == []
    assert [one.cause for one in told([paid, replace(bounced, transaction_id="t2")])[2]] == ["bounce"]


def balance(events):
    found = {}
    for one in events:
        change = -one.amount if one.undone else one.amount
        found[one.payment_id] = found.get(one.payment_id, 0) + change
    return {key: amount for key, amount in found.items() if amount}


@settings(max_examples=150, deadline=None)
@given(st.lists(notice, max_size=8), st.randoms(use_true_random=False))
def test_the_books_add_up_in_every_order(notices, random):
    attempt, bookings, events = told(notices)
    shuffled = [*notices, *notices]
    random.shuffle(shuffled)
    again, others, _ = told(shuffled)
    assert view(again) == view(attempt)
    assert len(bookings) == len(set(bookings.values())) == len(view(attempt).paid)
    assert len(others) == len(bookings)
    assert not bookings or ("pay_1" in bookings.values() and "pay_1" in others.values())
    gone = balance(events)
    assert all(0 < amount <= NET for amount in gone.values())
    assert (view(attempt).state in {State.REFUNDED, State.PART_REFUNDED, State.DISPUTED}) == bool(gone)
    ids = [one.refund_id for one in events if not one.undone]
    assert len(ids) == len(set(ids))
    undone = [one for one in events if one.undone]
    assert {one.refund_id for one in undone} <= set(ids)
    assert len(undone) == len({one.refund_id for one in undone}), "undone once"


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 10**9), st.integers(0, 2000), st.integers(0, 500), st.none() | st.integers(0, 1000))
def test_a_fee_is_half_up_and_at_most(amount, points, fixed, most):
    fee = fee_of({"kind": "payer", "basis_points": points, "fixed": fixed, "most": most}, amount)
    exact = fixed + amount * points / 10_000
    assert fee == most or abs(fee - exact) <= 0.5
    assert most is None or fee <= most
    assert fee_of({"kind": "provider", "fixed": 5}, amount) == fee_of({}, amount) == 0
