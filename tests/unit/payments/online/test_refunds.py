"""Money that goes back: refunds with a second look, and disputes."""

import base64
import json
from urllib.parse import parse_qs

import pytest
from payments.providers.model import Refusal

from tests.unit.payments.online.conftest import AMOUNT, paid, reference
from tests.unit.payments.online.steps import ask_refund, decide, dispute, listed, stripe_refund
from tests.unit.payments.providers import samples


def test_a_refund_takes_two_people_and_is_booked_once(world, settled):
    world.server.answers["POST /v1/refunds"] = {
        "id": "re_1", "payment_intent": "pi_1", "amount": 25000, "currency": "eur", "status": "succeeded",
        "metadata": {"order": reference(settled)},
    }  # fmt: skip
    status, body = ask_refund(world, settled, amount=25000)
    assert status == 201, body
    (refund,) = body["refunds"]
    assert (refund["state"], refund["asked_by"]) == ("asked", "per_sara")
    (waiting,) = listed(world)
    assert waiting == {
        **refund, "payment_id": settled, "contract_id": "ctr_eur", "provider": "stripe", "currency": "EUR"
    }  # fmt: skip
    assert ask_refund(world, settled)[1]["code"] == "already_asked"
    assert decide(world, settled, refund["refund_id"], world.sara)[1]["code"] == "second_look_needed"
    assert decide(world, settled, "rfd_other")[1]["code"] == "refund_decided"
    world.pump()
    assert world.server.calls("POST", "/v1/refunds") == 0
    status, body = decide(world, settled, refund["refund_id"])
    assert (status, body["refunds"][0]["state"], body["refunds"][0]["decided_by"]) == (201, "confirmed", "per_stefan")
    assert (listed(world), [one["refund_id"] for one in listed(world, "confirmed")]) == ([], [refund["refund_id"]])
    world.pump()
    assert world.server.calls("POST", "/v1/refunds") == 1
    headers = world.server.asked[-1][2]
    assert headers["Idempotency-Key"].startswith("rfd-")
    (said,) = world.events("PaymentRefunded")
    assert (said["amount"], said["cause"], said["payment_id"]) == (25000, "refund", settled)
    world.hear("stripe", stripe_refund(settled, 25000))
    assert len(world.events("PaymentRefunded")) == 1
    seen = world.payment(settled)
    assert (seen["state"], seen["refunded"], seen["refunds"][0]["state"]) == ("part_refunded", 25000, "sent")
    assert world.payment(settled, world.anna)["refunds"] == []
    # The rest, and no more.
    assert ask_refund(world, settled, amount=AMOUNT - 25000 + 1)[1]["code"] == "not_refundable"
    _, body = ask_refund(world, settled)
    assert body["refunds"][-1]["amount"] == AMOUNT - 25000
    assert {"refund_asked", "refund_confirmed", "refund_sent"} <= set(world.audit())


def test_a_refund_that_fails_later_is_taken_back_in_the_books(world, settled):
    world.hear("stripe", stripe_refund(settled, 25000))
    world.hear("stripe", stripe_refund(settled, 25000, status="failed", event_id="evt_r2"))
    (said,), (undone,) = world.events("PaymentRefunded"), world.events("PaymentRefundUndone")
    assert (undone["refund_id"], undone["amount"]) == (said["refund_id"], 25000)
    assert world.payment(settled)["state"] == "settled"


def test_a_rejected_refund_and_one_that_the_provider_refuses(world, settled):
    refund = ask_refund(world, settled)[1]["refunds"][0]
    # Who asked may take it back.
    assert decide(world, settled, refund["refund_id"], world.sara, confirmed=False)[0] == 201
    refund = ask_refund(world, settled)[1]["refunds"][-1]
    world.server.answers["POST /v1/refunds"] = (400, {"error": {"code": "charge_disputed"}})
    decide(world, settled, refund["refund_id"])
    world.pump()
    states = {one["state"]: one["code"] for one in world.payment(settled)["refunds"]}
    assert states == {"rejected": None, "failed": "charge_disputed"}
    assert world.events("PaymentRefunded") == []
    assert ask_refund(world, settled)[0] == 201


def test_a_refund_waits_for_a_provider_that_is_down(world, settled):
    refund = ask_refund(world, settled)[1]["refunds"][0]
    decide(world, settled, refund["refund_id"])
    world.server.answers["POST /v1/refunds"] = (503, b"")
    with pytest.raises(Refusal):
        world.pump()
    assert world.payment(settled)["refunds"][0]["state"] == "confirmed"
    world.server.answers["POST /v1/refunds"] = {
        "id": "re_1", "payment_intent": "pi_1", "amount": AMOUNT, "currency": "eur", "status": "pending", "metadata": {}
    }  # fmt: skip
    world.pump()
    assert world.payment(settled)["refunds"][0]["state"] == "sent"
    assert ask_refund(world, settled)[1]["code"] == "not_refundable", "what is on its way is gone"
    world.hear("stripe", stripe_refund(settled, AMOUNT, status="failed"))
    assert ask_refund(world, settled)[1]["refunds"][-1]["amount"] == AMOUNT, "it came back"


def test_liqpay_is_asked_before_it_is_told_again(world):
    world.ready("liqpay")
    payment_id = world.pay("liqpay")
    world.hear("liqpay", paid("liqpay", payment_id))
    refund = ask_refund(world, payment_id)[1]["refunds"][0]
    decide(world, payment_id, refund["refund_id"])
    base = {
        "result": "ok", "payment_id": 1, "order_id": reference(payment_id), "amount": AMOUNT / 100, "currency": "UAH",
        "public_key": "sandbox_i00000000",
    }  # fmt: skip
    # The first try got through, its answer was lost.
    world.server.answers["POST /api/request"] = {**base, "status": "reversed", "refund_amount": AMOUNT / 100}
    world.pump()
    assert world.server.calls("POST", "/api/request") == 1, "only the question"
    assert [one["amount"] for one in world.events("PaymentRefunded")] == [AMOUNT]
    assert world.payment(payment_id)["state"] == "refunded"


def liqpay_refunds(world, payment_id, number, status="reversed"):
    """LiqPay sends back what it is told to, and names only its transaction `number` when it is asked; the sums that it sent."""
    sent, base = [], {"result": "ok", "payment_id": number, "order_id": reference(payment_id), "currency": "UAH"}

    def answer(body):
        data = json.loads(base64.b64decode(parse_qs(body.decode())["data"][0]))
        if data["action"] == "refund":
            sent.append(data["amount"])
        return {**base, "amount": AMOUNT / 100, "status": status, "refund_amount": AMOUNT / 100}

    world.server.answers["POST /api/request"] = answer
    return sent


def liqpay_reversed(payment_id, number, amount):
    known = {"order_id": reference(payment_id), "amount": AMOUNT / 100, "refund_amount": amount / 100}
    return samples.liqpay(samples.liqpay_data(payment_id=number, status="reversed", **known))


def test_liqpay_speaks_of_the_last_transaction_when_the_first_goes_back(world):
    world.ready("liqpay")
    payment_id = world.pay("liqpay")
    for number in (1, 2):
        world.hear("liqpay", paid("liqpay", payment_id, number=number))
    world.hear("liqpay", liqpay_reversed(payment_id, 2, AMOUNT))
    assert world.lines("paid_twice") == []
    sent = liqpay_refunds(world, payment_id, 2)
    decide(world, payment_id, ask_refund(world, payment_id)[1]["refunds"][0]["refund_id"])
    world.pump()
    assert sent == ["1250.00"]
    assert len(world.events("PaymentRefunded")) == 1, "of the first transaction nothing was said yet"
    world.hear("liqpay", liqpay_reversed(payment_id, 1, AMOUNT))
    assert {one["payment_id"] for one in world.events("PaymentRefunded")} >= {payment_id}
    assert (world.payment(payment_id)["state"], ask_refund(world, payment_id)[1]["code"]) == (
        "refunded",
        "not_refundable",
    )


def test_liqpay_is_not_told_again_what_its_callback_said(world):
    world.ready("liqpay")
    payment_id = world.pay("liqpay")
    for number in (1, 2):
        world.hear("liqpay", paid("liqpay", payment_id, number=number))
    world.hear("liqpay", liqpay_reversed(payment_id, 2, AMOUNT))
    sent = liqpay_refunds(world, payment_id, 2)
    decide(world, payment_id, ask_refund(world, payment_id, amount=500)[1]["refunds"][0]["refund_id"])
    # The first call went through, its answer was lost; its callback is heard before the second try.
    going = world.server.answers["POST /api/request"]
    world.server.answers["POST /api/request"] = (503, b"")
    with pytest.raises(Refusal):
        world.pump()
    world.webhook("liqpay", liqpay_reversed(payment_id, 1, 500))
    world.pump(("WebhookReceived",))
    world.server.answers["POST /api/request"] = going
    world.pump()
    assert sent == []
    assert sum(one["amount"] for one in world.events("PaymentRefunded")) == AMOUNT + 500


def test_what_went_back_since_it_was_asked_for_is_not_sent_again(world):
    """Half of it in the provider's own portal, between the two people."""
    world.ready("liqpay")
    payment_id = world.pay("liqpay")
    world.hear("liqpay", paid("liqpay", payment_id))
    whole = ask_refund(world, payment_id)[1]["refunds"][0]["refund_id"]
    world.hear("liqpay", liqpay_reversed(payment_id, 1, AMOUNT // 2))
    status, body = decide(world, payment_id, whole)
    assert (status, body["code"]) == (409, "not_refundable")
    assert decide(world, payment_id, whole, confirmed=False)[0] == 201
    # Asked before the portal gave the same sum back once more: it is measured against what had gone when it was confirmed.
    part = ask_refund(world, payment_id, amount=10000)[1]["refunds"][-1]["refund_id"]
    world.hear("liqpay", liqpay_reversed(payment_id, 1, AMOUNT // 2 + 10000))
    sent = liqpay_refunds(world, payment_id, 1, "success")
    assert decide(world, payment_id, part)[0] == 201
    world.pump()
    assert sent == ["100.00"]


def test_a_dispute_between_asking_and_confirming(world, settled):
    refund_id = ask_refund(world, settled)[1]["refunds"][0]["refund_id"]
    world.hear("stripe", dispute(settled, "needs_response", "evt_d1"))
    assert decide(world, settled, refund_id)[1]["code"] == "not_refundable"
    world.hear("stripe", dispute(settled, "won", "evt_d2"))
    assert decide(world, settled, refund_id)[0] == 201


@pytest.mark.parametrize("heard_first", [True, False])
def test_a_refund_that_is_refused_though_it_was_sent(world, heard_first):
    world.ready("przelewy24")
    payment_id = world.pay("przelewy24")
    world.hear("przelewy24", paid("przelewy24", payment_id))
    refund_id = ask_refund(world, payment_id)[1]["refunds"][0]["refund_id"]
    decide(world, payment_id, refund_id)
    # The answer to the first call was lost; the second one finds nothing left.
    problem = {"error": [{"orderId": 1, "status": False, "message": "exceeds"}], "code": 409}
    world.server.answers["POST /api/v1/transaction/refund"] = (409, problem)
    known = {"sessionId": reference(payment_id), "refundsUuid": reference(refund_id), "amount": AMOUNT}
    said = samples.p24_refund(**known)
    if heard_first:
        world.webhook("przelewy24", said)
        world.pump()
    else:
        world.pump()
        assert world.payment(payment_id)["refunds"][0]["state"] == "failed"
        world.hear("przelewy24", said)
    (refund,) = world.payment(payment_id)["refunds"]
    assert (refund["state"], refund["code"]) == ("sent", None)
    assert len(world.events("PaymentRefunded")) == 1


def test_the_fee_is_never_debited(world):
    world.ready("stripe", fee={"kind": "payer", "fixed": 1000})
    payment_id = world.pay("stripe")
    world.hear("stripe", paid("stripe", payment_id, amount=AMOUNT + 1000))
    world.hear("stripe", stripe_refund(payment_id, AMOUNT + 1000))
    assert [one["amount"] for one in world.events("PaymentRefunded")] == [AMOUNT]


def test_a_dispute_takes_and_gives_back(world, settled):
    world.hear("stripe", dispute(settled, "needs_response", "evt_d1"))
    (said,) = world.events("PaymentRefunded")
    assert (said["cause"], said["amount"]) == ("dispute", AMOUNT)
    assert world.payment(settled)["state"] == "disputed"
    world.hear("stripe", dispute(settled, "won", "evt_d2"))
    assert [one["refund_id"] for one in world.events("PaymentRefundUndone")] == [said["refund_id"]]
    assert world.payment(settled)["state"] == "settled"


@pytest.mark.parametrize("sent", [True, False])
def test_a_refund_without_an_answer_is_tried_again_or_put_down(world, settled, sent):
    refund_id = ask_refund(world, settled)[1]["refunds"][0]["refund_id"]
    world.server.answers["POST /v1/refunds"] = (503, {})
    assert decide(world, settled, refund_id)[0] == 201
    assert decide(world, settled, refund_id)[1]["code"] == "refund_decided"
    world.give_up("RefundConfirmed")
    (stuck,) = listed(world, "confirmed")
    assert stuck["code"] == "provider_unavailable"
    assert ask_refund(world, settled)[1]["code"] == "already_asked"
    world.server.answers["POST /v1/refunds"] = {
        "id": "re_1", "payment_intent": "pi_1", "amount": AMOUNT, "currency": "eur", "status": "succeeded",
        "metadata": {"order": reference(settled)},
    }  # fmt: skip
    assert decide(world, settled, refund_id, confirmed=sent)[0] == 201
    world.pump()
    (refund,) = world.payment(settled)["refunds"]
    assert refund["state"] == ("sent" if sent else "failed")
    assert len(world.events("PaymentRefunded")) == sent
    assert (ask_refund(world, settled)[0] == 201) is not sent


def test_a_double_payment_is_refunded_first(world):
    world.ready("stripe")
    payment_id = world.pay("stripe")
    world.hear("stripe", paid("stripe", payment_id, number=1))
    world.hear("stripe", paid("stripe", payment_id, number=2))
    (line,) = world.lines("paid_twice")
    assert (line["payment_id"], line["transaction_id"], line["found"]) == (payment_id, "pi_2", AMOUNT)
    refund = ask_refund(world, payment_id)[1]["refunds"][0]
    world.server.answers["POST /v1/refunds"] = {
        "id": "re_1", "payment_intent": "pi_2", "amount": AMOUNT, "currency": "eur", "status": "succeeded", "metadata": {}
    }  # fmt: skip
    decide(world, payment_id, refund["refund_id"])
    world.pump()
    assert b"pi_2" in world.server.asked[-1][3]
    (said,) = world.events("PaymentRefunded")
    assert said["payment_id"] == world.payment(payment_id)["double_payment_ids"][0]
    assert world.lines("paid_twice") == []


def test_refunds_are_for_the_own_staff(world, settled):
    assert ask_refund(world, settled, world.anna)[0] == 403
    assert ask_refund(world, settled, world.foreign)[0] == 404
    refund = ask_refund(world, settled)[1]["refunds"][0]
    assert decide(world, settled, refund["refund_id"], world.foreign)[0] == 404
    assert listed(world, token=world.foreign) == []
    assert world.ask("GET", "/refunds", world.anna, query={"state": "asked"})[0] == 403
