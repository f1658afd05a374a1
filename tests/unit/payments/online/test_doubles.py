"""The same charges paid by two attempts: the second sum is told to both sides, whatever the order, the provider and the overlap."""

import pytest

from tests.unit.payments.online.conftest import AMOUNT, paid, reference
from tests.unit.payments.online.steps import ask_refund, decide
from tests.unit.payments.providers import samples

ONE, TWO = {"items": ["chg_1"]}, {"items": ["chg_2"]}
OPEN = {"chg_1": 100000, "chg_2": 25000}


@pytest.fixture
def world(world):
    for name in ("autopay", "przelewy24"):
        world.ready(name, part_payment=True)
    world.balance("ctr_pln", {**OPEN, "chg_3": 30000}, version=2)
    return world


def told(world):
    return [(one["payment_id"], one["double_payment_id"], one["amount"]) for one in world.events("PaymentDoubled")]


def settle(world, name, payment_id, number=1, again=0):
    amount = world.payment(payment_id)["amount"]
    for _ in range(1 + again):
        world.hear(name, paid(name, payment_id, amount=amount, number=number))


@pytest.mark.parametrize(
    ("first", "second", "doubled"),
    [
        (ONE, ONE, 100000),
        ({"items": ["chg_1", "chg_2"]}, {"items": ["chg_2", "chg_3"]}, 25000),
        ({}, {}, 155000),
        ({}, ONE, 100000),
        (ONE, {}, 100000),
        ({**ONE, "amount": 99999}, ONE, 99999),
        (ONE, {**ONE, "amount": 99999}, 99999),
        # No charge is paid twice: two halves, other charges, and sums that were named without any.
        ({**ONE, "amount": 50000}, {**ONE, "amount": 50000}, 0),
        (ONE, TWO, 0),
        (ONE, {"amount": 500}, 0),
        ({"amount": 500}, ONE, 0),
    ],
)
def test_what_two_attempts_have_both_paid_is_told(world, first, second, doubled):
    one = world.pay("autopay", **first)
    two = world.pay("przelewy24", **second)
    settle(world, "autopay", one, again=1)
    settle(world, "przelewy24", two, again=2)
    assert len(world.events("PaymentSettled")) == 2, "all money is in the books, each sum once"
    assert told(world) == ([(one, two, doubled)] if doubled else [])
    seen, other = world.payment(two), world.payment(one)
    assert (seen["double_of"], seen["doubled"]) == ([one] if doubled else [], doubled)
    assert (other["double_of"], other["doubled"], seen["double_payment_ids"]) == ([], 0, [])
    lines = [(one["payment_id"], one["reference"], one["found"]) for one in world.lines("paid_twice")]
    assert lines == ([(two, reference(one), doubled)] if doubled else [])


def test_the_one_that_comes_second_is_the_double_whenever_it_was_started(world):
    """Late: it had failed, and the payer tried again."""
    late = world.pay("autopay", **ONE)
    values = {"orderID": reference(late), "amount": "1000.00", "remoteID": "R1"}
    world.hear(
        "autopay", samples.itn(samples.itn_fields(**values, paymentStatus="FAILURE", paymentStatusDetails="REJECTED"))
    )
    again = world.pay("przelewy24", **ONE)
    settle(world, "przelewy24", again)
    # The ledger knows by now; what the late one was started for was open then.
    world.balance("ctr_pln", {"chg_2": 25000, "chg_3": 30000}, version=3)
    settle(world, "autopay", late, number=2)
    assert told(world) == [(again, late, 100000)]
    third = world.pay("przelewy24", **TWO)
    settle(world, "przelewy24", third, number=3)
    assert len(told(world)) == 1


def test_a_charge_that_is_open_again_is_paid_and_not_doubled(world):
    """The second was started after the ledger had the first, and what it is for is open by the ledger's word."""
    settle(world, "autopay", world.pay("autopay", **ONE))
    world.balance("ctr_pln", OPEN, version=3)
    settle(world, "przelewy24", world.pay("przelewy24", **ONE))
    assert told(world) == []


def test_of_three_two_are_too_many(world):
    started = [world.pay(name, **ONE, despite=True) for name in ("autopay", "przelewy24", "autopay")]
    for number, (name, one) in enumerate(zip(("autopay", "przelewy24", "autopay"), started, strict=True), 1):
        settle(world, name, one, number)
    assert told(world) == [(started[0], started[1], 100000), (started[0], started[2], 100000)]


def test_two_in_one_batch(world):
    world.ready("gocardless")
    both = [world.pay("gocardless", despite=True) for _ in range(2)]
    events = []
    for number, one in enumerate(both, 1):
        ours = {"order": reference(one)}
        events.append(samples.gc_event(id=f"EV{number}", links={"payment": f"PM{number}"}, resource_metadata=ours))
        payment = {"id": f"PM{number}", "status": "confirmed", "amount": AMOUNT, "currency": "EUR", "metadata": ours}
        world.server.answers[f"GET /payments/PM{number}"] = {"payments": payment}
    assert world.hear("gocardless", samples.gocardless(*events)) == 200
    assert len(world.events("PaymentSettled")) == 2
    assert told(world) == [(both[0], both[1], AMOUNT)]


def test_its_line_stays_until_it_has_gone_back(world):
    one, two = world.pay("autopay", **ONE), world.pay("przelewy24")
    settle(world, "autopay", one)
    settle(world, "przelewy24", two)
    for amount, left in ((40000, [60000]), (60000, [])):
        refund_id = ask_refund(world, two, amount=amount)[1]["refunds"][-1]["refund_id"]
        world.server.answers["POST /api/v1/transaction/refund"] = {"data": [{"orderId": 1, "status": True}]}
        decide(world, two, refund_id)
        world.pump()
        known = {"sessionId": reference(two), "refundsUuid": reference(refund_id), "amount": amount}
        world.hear("przelewy24", samples.p24_refund(**known))
        assert [line["found"] for line in world.lines("paid_twice")] == left
    assert world.payment(two)["state"] == "part_refunded"


def test_after_the_first_went_back_the_second_is_no_double(world):
    world.ready("stripe")
    one, two = (world.pay("stripe", despite=True) for _ in range(2))
    world.hear("stripe", paid("stripe", one))
    refund = ask_refund(world, one)[1]["refunds"][0]["refund_id"]
    world.server.answers["POST /v1/refunds"] = {
        "id": "re_1", "payment_intent": "pi_1", "amount": AMOUNT, "currency": "eur", "status": "succeeded",
        "metadata": {"order": reference(one)},
    }  # fmt: skip
    decide(world, one, refund)
    world.pump()
    world.hear("stripe", paid("stripe", two, number=2))
    assert told(world) == []
