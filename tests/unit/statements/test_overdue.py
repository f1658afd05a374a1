"""When a charge was late, whatever was paid, given back, charged back and undone."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from statements.rules.allocation import effective, replay
from statements.rules.entries import PAYMENT
from statements.rules.overdue import overdue

from tests.unit.statements.builders import POLICIES, charge, chargeback, payment, refund, reversal
from tests.unit.statements.test_refund_properties import histories, until

LAST = "2026-03-11"
RENT = charge("chg_1", "2026-01-01", 1000, "2026-01-10")
IN_TIME, LATE = payment("pay_1", "2026-01-05", 1000), payment("pay_2", "2026-01-31", 1000)


def spans(*entries):
    (item,) = replay(entries, POLICIES).open_items
    return [tuple(one) for one in overdue(item, LAST)]


def test_a_charge_is_late_from_the_day_after_it_was_due():
    assert spans(RENT) == [("2026-01-11", LAST, 1000)]
    assert spans(RENT, payment("pay_1", "2026-01-31", 400)) == [
        ("2026-01-11", "2026-01-31", 1000),
        ("2026-02-01", LAST, 600),
    ]
    assert spans(RENT, payment("pay_1", "2026-01-10", 400)) == [("2026-01-11", LAST, 600)]
    assert overdue(replay([RENT], POLICIES).open_items[0], "2026-01-10") == ()
    # Nobody is late with what was not charged yet.
    assert spans(charge("chg_1", "2026-02-01", 1000, "2026-01-10")) == [("2026-02-02", LAST, 1000)]


@pytest.mark.parametrize(("paid", "before"), [(IN_TIME, []), (LATE, [("2026-01-11", "2026-01-31", 1000)])])
def test_what_is_given_back_is_late_from_the_day_after(paid, before):
    given_back = refund("rfd_1", paid, "2026-03-02", 400)
    assert spans(RENT, paid, given_back) == [*before, ("2026-03-03", LAST, 400)]


@pytest.mark.parametrize("paid", [IN_TIME, LATE])
def test_what_is_charged_back_was_never_paid(paid):
    assert spans(RENT, paid, chargeback("rfd_1", paid, 1000)) == spans(RENT)


def test_what_is_undone_leaves_no_trace():
    rest = charge("chg_1", "2026-01-01", 1001, "2026-01-10")
    given_back = refund("rfd_1", IN_TIME, "2026-03-02", 400)
    assert spans(rest, IN_TIME, given_back, reversal(given_back)) == spans(rest, IN_TIME)


@settings(max_examples=60, deadline=None)
@given(histories(most=25))
def test_should_say_of_every_day_what_the_books_of_the_day_before_say(history):
    """A day is late with what lay open when it began."""
    last = "2026-02-12"
    items = replay(history.entries, POLICIES).open_items
    told = {item.charge_id: overdue(item, last) for item in items}
    day = date(2026, 1, 1)
    while str(day) < last:
        books = {item.charge_id: item for item in replay(until(str(day), history.entries), POLICIES).open_items}
        day += timedelta(days=1)
        for item in items:
            before = books.get(item.charge_id)
            late = before is not None and before.due_date < str(day)
            said = [one.amount for one in told[item.charge_id] if one.first <= str(day) <= one.last]
            assert said == ([before.open] if late else [])


@settings(max_examples=60, deadline=None)
@given(histories(most=25))
def test_should_be_as_late_as_had_it_never_been_paid_once_it_is_charged_back(history):
    live = effective(history.entries)
    for paid in [entry for entry in live if entry.kind == PAYMENT and not entry.returned][:2]:
        gone = replay([*history.entries, chargeback("rfd_all", paid, -paid.amount)], POLICIES)
        never = replay([e for e in history.entries if paid.entry_id not in (e.entry_id, e.payment_id)], POLICIES)
        assert gone.balance == never.balance
        assert [overdue(item, LAST) for item in gone.open_items] == [overdue(item, LAST) for item in never.open_items]
