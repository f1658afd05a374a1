"""Interest on a charge: what it comes to, posted once, put right when what it was counted on has changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statements.app import app
from statements.rules.overdue import Overdue, Rate, interest

from tests.support import call
from tests.unit.statements.test_refunds import check
from tests.unit.statements.test_routes import charge, read

TEN = [{"valid_from": "2020-01-01", "basis_points": 1000}]


def state(world, charge_id, until, token=None, contract_id="ctr_1"):
    return call(
        app,
        "POST",
        "/accounts/{contract_id}/charges/{charge_id}/interest",
        token=token or world.staff,
        path={"contract_id": contract_id, "charge_id": charge_id},
        body={"until": until, "rates": TEN},
    )


def stated(world, charge_id, until):
    status, body = state(world, charge_id, until)
    assert status == 201, body
    check()
    return body


def test_interest_by_days_and_rates_is_rounded_once():
    # 27 days at 10 % and 10 days at 9.75 % on 1000.00: 10.07.
    late = [Overdue("2025-10-10", "2025-11-15", 100000)]
    assert interest(late, [Rate("2025-11-06", 975), Rate("2016-01-01", 1000)]) == 1007
    assert interest(late, [Rate("2025-11-06", 975)]) == 267, "none before the first rate"
    assert interest([], [Rate("2016-01-01", 1000)]) == 0


@given(st.integers(1, 27), st.integers(1, 10**8), st.integers(0, 3000))
def test_should_be_the_same_however_the_days_are_cut(cut, amount, rate):
    whole = [Overdue("2026-03-01", "2026-03-28", amount)]
    parts = [Overdue("2026-03-01", f"2026-03-{cut:02}", amount), Overdue(f"2026-03-{cut + 1:02}", "2026-03-28", amount)]
    known = [Rate("2026-01-01", rate)]
    assert interest(whole, known) == interest(parts, known)
    assert interest(whole, [*known, Rate(f"2026-03-{cut:02}", rate)]) == interest(whole, known)


@pytest.fixture
def rent(world):
    world.start_contract()
    return charge(world, "2026-01-01", 100000, due_date="2026-01-10")["charge_id"]


def test_it_is_posted_once_and_belongs_to_its_charge(world, rent):
    body = stated(world, rent, "2026-02-09")
    assert (body["amount"], body["reversal_id"]) == (822, None)
    assert body["overdue"] == [{"first": "2026-01-11", "last": "2026-02-09", "amount": 100000}]
    assert stated(world, rent, "2026-02-09") == body
    assert check() == 100822
    (posted, _) = read(world, "/charges")["items"]
    assert (posted["charge_id"], posted["purpose"], posted["date"]) == (body["charge_id"], "interest", "2026-02-09")
    # Up to a later day it is another sum: the former is taken back.
    more = stated(world, rent, "2026-02-10")
    assert (more["amount"], more["reversal_id"] is None) == (849, False)
    assert check() == 100849


def test_nothing_late_is_no_interest_and_interest_bears_none(world, rent):
    assert stated(world, rent, "2026-01-10") == {"amount": 0, "charge_id": None, "reversal_id": None, "overdue": []}
    posted = stated(world, rent, "2026-02-09")["charge_id"]
    assert state(world, posted, "2026-03-09")[1]["code"] == "unknown_charge"
    assert state(world, "chg_other", "2026-03-09")[1]["code"] == "unknown_charge"
    assert state(world, rent, "2026-03-09", token=world.tenant)[0] == 403
    world.start_contract("ctr_2")
    assert state(world, rent, "2026-03-09", contract_id="ctr_2")[1]["code"] == "unknown_charge"


def test_after_a_charge_back_it_is_what_it_would_be_had_nobody_paid(world, rent):
    world.settle("pay_1", 100000, "2026-01-20")
    assert stated(world, rent, "2026-03-01")["amount"] == 274
    world.send_back("pay_1", "rfd_a", 100000, "2026-03-01", cause="dispute")
    body = stated(world, rent, "2026-03-01")
    assert body["overdue"] == [{"first": "2026-01-11", "last": "2026-03-01", "amount": 100000}]
    assert (body["amount"], body["reversal_id"] is None) == (1370, False)
    assert check() == 101370
    # The dispute is won: all was paid on 20 January, and the first interest is right again.
    world.undo("pay_1", "rfd_a", 100000, "2026-03-05", cause="dispute")
    body = stated(world, rent, "2026-03-01")
    assert (body["amount"], check()) == (274, 274)
    assert stated(world, rent, "2026-03-01")["charge_id"] == body["charge_id"]


def test_after_a_refund_it_begins_again_on_the_day_after(world, rent):
    world.settle("pay_1", 100000, "2026-01-10")
    assert stated(world, rent, "2026-03-01")["amount"] == 0
    world.send_back("pay_1", "rfd_a", 40000, "2026-02-09")
    body = stated(world, rent, "2026-03-01")
    assert body["overdue"] == [{"first": "2026-02-10", "last": "2026-03-01", "amount": 40000}]
    assert (body["amount"], check()) == (219, 40219)
    world.undo("pay_1", "rfd_a", 40000, "2026-03-05")
    body = stated(world, rent, "2026-03-01")
    assert (body["amount"], body["charge_id"], check()) == (0, None, 0)
    assert len([line for line in read(world, "/entries")["items"] if line["kind"] == "reversal"]) == 2
