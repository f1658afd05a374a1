"""What the clock asks about, and the comparison with what providers say."""

import pytest
from payments import service_comparison as comparison

from shared.rounds import RoundFailedError
from tests.unit.payments.online.conftest import AMOUNT, paid, reference
from tests.unit.payments.online.steps import later


def test_a_lost_webhook_is_found_by_asking(world, monkeypatch):
    world.ready("stripe")
    payment_id = world.pay("stripe")
    world.server.answers["GET /v1/checkout/sessions/cs_test_1"] = {
        "id": "cs_test_1", "status": "complete", "payment_status": "paid", "payment_intent": {"id": "pi_1"},
        "amount_total": AMOUNT, "currency": "eur", "client_reference_id": reference(payment_id),
    }  # fmt: skip
    assert world.clock() == {"asked": 0, "compared": 0, "payouts": 0, "failed": 0}, "not yet"
    later(world, monkeypatch, minutes=21)
    assert world.clock()["asked"] == 1
    assert world.payment(payment_id)["state"] == "settled"
    assert world.clock()["asked"] == 0
    world.hear("stripe", paid("stripe", payment_id))
    assert len(world.events("PaymentSettled")) == 1


def test_a_lost_notification_is_verified_by_the_clock(world, monkeypatch):
    world.ready("przelewy24")
    payment_id = world.pay("przelewy24")
    data = {"sessionId": reference(payment_id), "status": 1, "orderId": 77, "amount": AMOUNT, "currency": "PLN"}
    world.server.answers["GET /api/v1/transaction/by/sessionId/"] = {"data": data}
    later(world, monkeypatch, minutes=21)
    world.clock()
    assert world.server.calls("PUT", "/api/v1/transaction/verify") == 1
    assert world.payment(payment_id)["state"] == "settled"


def test_what_is_long_over_expires_after_it_was_asked_for(world, monkeypatch):
    world.ready("przelewy24")
    payment_id = world.pay("przelewy24")
    later(world, monkeypatch, minutes=95)
    world.clock()
    assert world.payment(payment_id)["state"] == "started", "its grace is not over"
    world.server.answers["GET /api/v1/transaction/by/sessionId/"] = (503, b"")
    later(world, monkeypatch, hours=2)
    with pytest.raises(RoundFailedError):
        world.clock()
    assert world.payment(payment_id)["state"] == "started", "nobody knows"
    del world.server.answers["GET /api/v1/transaction/by/sessionId/"]
    world.clock()
    assert world.payment(payment_id)["state"] == "expired"
    assert [one["state"] for one in world.events("PaymentFailed")] == ["expired"]
    assert world.clock()["asked"] == 0
    assert world.post("przelewy24")[1]["payment_id"] != payment_id


def test_what_is_pending_is_asked_for_again_and_again(world, monkeypatch):
    world.ready("gocardless")
    payment_id = world.pay("gocardless")
    links = {"payment_request_payment": "PM1"}
    metadata = {"order": reference(payment_id)}
    world.server.answers["GET /billing_requests/BRQ1"] = {
        "billing_requests": {"id": "BRQ1", "status": "fulfilled", "links": links, "metadata": metadata}
    }
    payment = {"id": "PM1", "amount": AMOUNT, "currency": "EUR", "metadata": metadata}
    world.server.answers["GET /payments/PM1"] = {"payments": {**payment, "status": "submitted"}}
    later(world, monkeypatch, hours=5)
    world.clock()
    assert world.payment(payment_id)["state"] == "pending"
    world.server.answers["GET /payments/PM1"] = {"payments": {**payment, "status": "confirmed"}}
    assert world.clock()["asked"] == 0
    later(world, monkeypatch, hours=13)
    world.clock()
    assert world.payment(payment_id)["state"] == "settled"


def test_a_silent_provider_and_a_lost_organisation_keep_nobody_waiting(world, monkeypatch):
    from payments import store_providers

    store_providers.clock_item("org_gone").save()
    world.ready("stripe")
    world.ready("autopay")
    for items in (["chg_1"], ["chg_2"], None, ["chg_1", "chg_2"]):
        world.pay("stripe", items=items)
    world.server.answers["GET /v1/checkout/sessions/cs_test_1"] = (503, b"")
    later(world, monkeypatch, hours=5)
    with pytest.raises(RoundFailedError, match="'failed': 4"):
        world.clock()
    assert world.server.calls("GET", "/v1/checkout/sessions") == comparison.PATIENCE


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ({"status": "complete", "payment_status": "paid", "amount_total": AMOUNT}, "matched"),
        ({"status": "complete", "payment_status": "paid", "amount_total": AMOUNT - 1}, "amount_differs"),
        ({"status": "open", "payment_status": "unpaid", "amount_total": AMOUNT}, "missing_there"),
        (
            {"status": "complete", "payment_status": "paid", "amount_total": AMOUNT, "payment_intent": {"id": "pi_2"}},
            "missing_here",
        ),
    ],
)
def test_the_day_after_each_payment_is_compared(world, settled, monkeypatch, answer, state):
    session = {
        "id": "cs_test_1", "payment_intent": {"id": "pi_1"}, "currency": "eur", "client_reference_id": reference(settled)
    }  # fmt: skip
    world.server.answers["GET /v1/checkout/sessions/cs_test_1"] = {**session, **answer}
    later(world, monkeypatch, days=1)
    assert world.clock()["compared"] == 1
    assert world.clock()["compared"] == 0
    (line,) = world.lines(state)
    assert (line["payment_id"], line["expected"], line["transaction_id"]) == (settled, AMOUNT, "pi_1")
    assert world.ask("GET", "/reconciliation", world.foreign, query={"state": state})[1]["items"] == []
    assert world.ask("GET", "/reconciliation", world.anna, query={"state": state})[0] == 403
