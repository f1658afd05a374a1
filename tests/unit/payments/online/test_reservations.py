"""Reservations that nobody wants are let go: another amount, an attempt that is over, items that were paid meanwhile."""

import json

import pytest

from tests.unit.payments.online.conftest import AMOUNT, ORG, paid, reference
from tests.unit.payments.online.steps import later
from tests.unit.payments.providers import samples

CANCEL, STATUS = "POST /epayment/v1/payments/{}/cancel", "GET /epayment/v1/payments/{}"


def nok(value):
    return {"currency": "NOK", "value": value}


def standing(payment_id, *, captured=0, cancelled=0, amount=AMOUNT):
    aggregate = {
        "authorizedAmount": nok(amount),
        "capturedAmount": nok(captured),
        "refundedAmount": nok(0),
        "cancelledAmount": nok(cancelled),
    }
    return {"reference": reference(payment_id), "state": "AUTHORIZED", "aggregate": aggregate}


def released(world, payment_id, amount=AMOUNT):
    world.server.answers[CANCEL.format(reference(payment_id))] = standing(payment_id, cancelled=amount, amount=amount)


def calls(world, payment_id, what):
    return world.server.calls("POST", f"/epayment/v1/payments/{reference(payment_id)}/{what}")


@pytest.fixture
def started(world):
    world.ready("vipps")
    return world.pay("vipps")


def test_another_amount_is_told_and_let_go(world, started):
    released(world, started, AMOUNT - 1)
    assert world.hear("vipps", paid("vipps", started, amount=AMOUNT - 1)) == 200
    assert (calls(world, started, "cancel"), calls(world, started, "capture")) == (1, 0)
    seen = world.payment(started)
    assert (seen["state"], world.events("PaymentSettled")) == ("cancelled", [])
    (line,) = world.lines("amount_differs")
    assert (line["expected"], line["found"]) == (AMOUNT, AMOUNT - 1)
    assert world.clock()["asked"] == 0


def test_what_comes_after_the_end_is_let_go(world, started, monkeypatch):
    world.server.answers[STATUS.format(reference(started))] = {**standing(started, amount=0), "state": "CREATED"}
    later(world, monkeypatch, hours=3)
    world.clock()
    assert world.payment(started)["state"] == "expired"
    released(world, started)
    world.hear("vipps", paid("vipps", started))
    assert (calls(world, started, "cancel"), calls(world, started, "capture")) == (1, 0)
    assert (world.payment(started)["state"], world.events("PaymentSettled")) == ("expired", [])


def test_items_that_another_attempt_has_paid_meanwhile_are_not_taken_twice(world, started):
    charges = {"items": ["chg_1"]}
    first = world.pay("vipps", **charges)
    second = world.pay("vipps", **charges, despite=True)
    assert first != second
    world.hear("vipps", paid("vipps", second, amount=100000))
    assert world.payment(second)["state"] == "settled"
    released(world, first, 100000)
    world.hear("vipps", paid("vipps", first, amount=100000))
    assert (calls(world, first, "cancel"), calls(world, first, "capture")) == (1, 0)
    assert world.payment(first)["state"] == "cancelled"
    assert len(world.events("PaymentSettled")) == 1
    # A new debt of the same charge later is another matter: the ledger has the payment, and says that it is open again.
    world.balance("ctr_nok", {"chg_1": 100000, "chg_2": 25000}, version=2)
    third = world.pay("vipps", **charges)
    world.hear("vipps", paid("vipps", third, amount=100000, number=3))
    assert calls(world, third, "capture") == 1


def test_too_many_calls_are_made_later_by_the_clock(world, started, monkeypatch):
    world.server.answers[CANCEL.format(reference(started))] = (429, {"title": "Too Many Requests"})
    world.hear("vipps", paid("vipps", started, amount=AMOUNT - 1))
    assert (calls(world, started, "cancel"), world.payment(started)["state"]) == (1, "started")
    world.server.answers[STATUS.format(reference(started))] = standing(started, amount=AMOUNT - 1)
    later(world, monkeypatch, minutes=1)
    assert world.clock()["asked"] == 1
    assert calls(world, started, "cancel") == 2
    released(world, started, AMOUNT - 1)
    later(world, monkeypatch, hours=2)
    world.clock()
    assert (calls(world, started, "cancel"), world.payment(started)["state"]) == (3, "cancelled")
    later(world, monkeypatch, hours=13)
    assert world.clock()["asked"] == 0


def test_a_reservation_after_the_end_waits_for_the_clock_at_most_a_week(world, started, monkeypatch):
    world.server.answers[STATUS.format(reference(started))] = {**standing(started, amount=0), "state": "CREATED"}
    later(world, monkeypatch, hours=3)
    world.clock()
    world.server.answers[CANCEL.format(reference(started))] = (503, b"")
    world.hear("vipps", paid("vipps", started))
    world.server.answers[STATUS.format(reference(started))] = standing(started)
    later(world, monkeypatch, days=1)
    assert world.clock()["asked"] == 1
    later(world, monkeypatch, days=8)
    assert world.clock()["asked"] == 1, "the last time"
    later(world, monkeypatch, days=1)
    assert world.clock()["asked"] == 0
    assert (world.payment(started)["state"], calls(world, started, "capture")) == ("expired", 0)


def test_an_order_of_another_system_is_left_alone(world, started):
    world.hear("vipps", paid("vipps", "pay_of_another_shop"))
    assert world.server.calls("POST", "/epayment/v1/payments/pay-of-another-shop") == 0


def test_captures_in_parts_count_when_they_are_whole(world, started, monkeypatch):
    """A part that staff captured in the provider's own portal is not what was asked for; the whole is asked of the provider."""
    url = f"https://portal.example/api/payments/webhooks/vipps/{ORG}"
    part = samples.vipps_event(reference=reference(started), name="CAPTURED", amount=nok(25000), pspReference="part")
    world.hear("vipps", samples.vipps(part, url=url))
    assert (world.payment(started)["state"], world.events("PaymentSettled")) == ("started", [])
    world.server.answers[STATUS.format(reference(started))] = standing(started, captured=25000)
    later(world, monkeypatch, minutes=21)
    world.clock()
    assert world.events("PaymentSettled") == []
    (line,) = world.lines("amount_differs")
    assert line["found"] == 25000
    world.server.answers[STATUS.format(reference(started))] = standing(started, captured=AMOUNT)
    later(world, monkeypatch, hours=2)
    world.clock()
    (said,) = world.events("PaymentSettled")
    assert (said["amount"], world.payment(started)["state"]) == (AMOUNT, "settled")


def test_a_capture_that_the_provider_puts_off_is_made_when_the_message_comes_again(world, started):
    capture = f"POST /epayment/v1/payments/{reference(started)}/capture"
    world.server.answers[capture] = (429, {"title": "Too Many Requests"})
    assert world.webhook("vipps", paid("vipps", started))["statusCode"] == 200
    from payments.providers.model import Refusal

    with pytest.raises(Refusal):
        world.pump()
    world.server.answers[capture] = standing(started, captured=AMOUNT)
    world.pump()
    assert world.payment(started)["state"] == "settled"
    body = json.loads(world.server.asked[-1][3])
    assert body == {"modificationAmount": nok(AMOUNT)}
