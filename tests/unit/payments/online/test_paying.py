"""A payment from its start to the books, through the routes, for every provider."""

from xml.etree import ElementTree as ET

import pytest
from payments.providers import NAMES

from tests.unit.payments.online.conftest import AMOUNT, paid, reference
from tests.unit.payments.online.steps import way_back
from tests.unit.payments.providers import samples

each = pytest.mark.parametrize("name", NAMES)
LAST_CALL = {
    "vipps": ("POST", "/epayment/v1/payments/"),
    "przelewy24": ("PUT", "/api/v1/transaction/verify"),
    "gocardless": ("GET", "/payments/PM1"),
}


def confirmation(answer):
    return ET.fromstring(answer["body"]).findtext(".//confirmation")  # noqa: S314 - our own answer


@each
def test_a_payment_is_started_told_and_settled_once(world, name):
    world.ready(name, fee={"kind": "payer", "basis_points": 100})
    status, started = world.post(name, items=["chg_1", "chg_2"])
    assert status == 201, started
    payment_id, asked = started["payment_id"], AMOUNT + 1250
    assert (started["amount"], started["fee"], started["currency"]) == (AMOUNT, 1250, samples.CURRENCY[name])
    assert started["redirect"]["url"].startswith(world.server.url)
    assert world.payment(payment_id)["state"] == "started"

    message = paid(name, payment_id, amount=asked)
    for _ in range(3):
        answer = world.webhook(name, message)
        assert answer["statusCode"] == 200, answer
        if name == "autopay":
            assert confirmation(answer) == "CONFIRMED"
            assert answer["headers"]["Content-Type"].startswith("application/xml")
    assert len(world.events("WebhookReceived")) == 1
    world.pump()
    world.hear(name, message)

    (settled,) = world.events("PaymentSettled")
    assert settled["payment_id"] == payment_id
    assert (settled["amount"], settled["fee"], settled["provider"]) == (AMOUNT, 1250, name)
    assert (settled["method"], settled["designated_charge_ids"]) == ("online", ["chg_1", "chg_2"])
    seen = world.payment(payment_id, world.anna)
    assert (seen["state"], seen["redirect"], seen["refunds"]) == ("settled", None, [])
    assert seen["settled_on"]
    assert world.events("PaymentDoubled") == []
    if name in LAST_CALL:
        assert world.server.calls(*LAST_CALL[name]) == 1


@each
def test_what_nobody_signed_is_refused_and_counted(world, name, capsys):
    world.ready(name)
    payment_id = world.pay(name)
    forged = paid(name, payment_id, key="not-the-secret")
    answer = world.webhook(name, forged)
    if name == "autopay":
        assert confirmation(answer) == "NOTCONFIRMED"
    else:
        assert answer["statusCode"] in (400, 401, 498)
    assert world.refused(name) == {"bad_signature": 1}
    assert {one["provider"]: one["refused"] for one in world.providers()}[name] == 1
    assert "webhooks_refused" in capsys.readouterr().out
    assert world.events("WebhookReceived") == []
    assert world.payment(payment_id)["state"] == "started"


@each
def test_another_amount_is_never_credited(world, name, capsys):
    world.ready(name)
    payment_id = world.pay(name)
    answer = world.webhook(name, paid(name, payment_id, amount=AMOUNT - 1))
    again = world.webhook(name, paid(name, payment_id, amount=AMOUNT - 1))
    assert answer["statusCode"] == again["statusCode"] == 200
    if name == "autopay":
        assert confirmation(answer) == confirmation(again) == "NOTCONFIRMED"
    if name == "gocardless":
        world.server.answers["GET /payments/PM1"] = {
            "payments": {"id": "PM1", "status": "confirmed", "amount": AMOUNT - 1, "currency": "EUR", "metadata": {}}
        }
    world.pump()
    assert world.events("PaymentSettled") == []
    # What Vipps has reserved is let go, which ends the attempt.
    assert world.payment(payment_id)["state"] == ("cancelled" if name == "vipps" else "started")
    (line,) = world.lines("amount_differs")
    assert (line["payment_id"], line["expected"], line["found"]) == (payment_id, AMOUNT, AMOUNT - 1)
    assert "unwanted_notice" in world.audit()
    assert not [asked for asked in world.server.asked if asked[1].endswith(("/capture", "/verify"))]


def test_money_for_an_order_that_nobody_made_is_shown_to_staff(world):
    world.ready("autopay")
    answer = world.webhook("autopay", paid("autopay", "pay_01JD3M3M3M3M3M3M3M3M3M3M3M"))
    assert confirmation(answer) == "NOTCONFIRMED"
    world.pump()
    (line,) = world.lines("missing_here")
    assert (line["payment_id"], line["found"]) == (None, AMOUNT)


def test_an_attempt_of_another_provider_is_not_meant(world):
    world.ready("autopay")
    world.ready("przelewy24")
    payment_id = world.pay("autopay")
    world.hear("przelewy24", paid("przelewy24", payment_id))
    assert world.payment(payment_id)["state"] == "started"
    assert world.events("PaymentSettled") == []


def test_a_second_payment_becomes_credit(world):
    world.ready("autopay")
    payment_id = world.pay(items=["chg_1", "chg_2"])
    world.hear("autopay", paid("autopay", payment_id))
    world.hear("autopay", paid("autopay", payment_id, number=2))
    first, second = world.events("PaymentSettled")
    assert first["payment_id"] == payment_id
    assert second["payment_id"] != payment_id
    assert (second["amount"], second["designated_charge_ids"]) == (AMOUNT, [])
    (doubled,) = world.events("PaymentDoubled")
    assert doubled["double_payment_id"] == second["payment_id"]
    assert world.payment(payment_id)["double_payment_ids"] == [second["payment_id"]]


def test_money_that_comes_after_the_end_counts(world):
    world.ready("autopay")
    payment_id = world.pay()
    failed = samples.itn_fields(
        orderID=reference(payment_id), amount="1250.00", remoteID="R1", paymentStatus="FAILURE",
        paymentStatusDetails="REJECTED",
    )  # fmt: skip
    world.hear("autopay", samples.itn(failed))
    assert world.payment(payment_id)["state"] == "failed"
    assert [one["state"] for one in world.events("PaymentFailed")] == ["failed"]
    world.hear("autopay", paid("autopay", payment_id, number=2))
    assert world.payment(payment_id)["state"] == "settled"
    assert len(world.events("PaymentSettled")) == 1


def test_out_of_order_and_killed_between_calls_and_commit(world, monkeypatch):
    """The verification was made, the transaction was not: the queue brings the message again."""
    world.ready("przelewy24")
    payment_id = world.pay("przelewy24")
    world.webhook("przelewy24", paid("przelewy24", payment_id))
    from payments import service_settling

    with monkeypatch.context() as broken:
        broken.setattr(service_settling, "settle", lambda *_: (_ for _ in ()).throw(RuntimeError("killed")))
        with pytest.raises(RuntimeError):
            world.pump()
    from payments import service_webhooks

    service_webhooks._gathered.clear()
    world.pump()
    assert world.server.calls("PUT", "/api/v1/transaction/verify") == 2
    assert len(world.events("PaymentSettled")) == 1


def test_a_provider_that_does_not_answer_is_asked_again(world):
    world.ready("przelewy24")
    payment_id = world.pay("przelewy24")
    world.server.answers["PUT /api/v1/transaction/verify"] = (503, b"")
    world.webhook("przelewy24", paid("przelewy24", payment_id))
    from payments.providers.model import Refusal

    with pytest.raises(Refusal, match="provider_unavailable"):
        world.pump()
    assert world.payment(payment_id)["state"] == "started"
    world.server.answers["PUT /api/v1/transaction/verify"] = {"data": {"status": "success"}}
    world.pump()
    assert world.payment(payment_id)["state"] == "settled"


def test_a_batch_of_250_events_is_kept_whole(world):
    world.ready("gocardless")
    payment_id = world.pay("gocardless")
    world.server.answers["GET /payments/PM"] = {
        "payments": {"id": "PM1", "status": "submitted", "amount": 1, "currency": "EUR", "metadata": {}}
    }
    ours = {"resource_metadata": {"order": reference(payment_id)}}
    events = [samples.gc_event(id=f"EV{n}", action="submitted", links={"payment": "PM1"}, **ours) for n in range(249)]
    events.append(samples.gc_event(id="EV249", links={"payment": "PM1"}, **ours))
    assert world.hear("gocardless", samples.gocardless(*events)) == 200
    assert len(world.events("WebhookReceived")) == 25
    assert world.payment(payment_id)["state"] == "settled"


def test_limits_and_unknown_names(world):
    world.ready("autopay")
    assert world.webhook("autopay", samples.delivery(b"x" * (256 * 1024 + 1)))["statusCode"] == 413
    assert world.webhook("paypal", samples.delivery(b"x"))["statusCode"] == 404
    assert world.webhook("autopay", samples.delivery(b"x"), "org_nobody")["statusCode"] == 404
    assert world.webhook("autopay", paid("autopay", "pay_1"), "org_other")["statusCode"] == 400
    assert world.webhook("stripe", paid("stripe", "pay_1"))["statusCode"] == 503
    assert world.refused("autopay") == {"too_large": 1}


def test_a_signed_way_back_leads_to_the_page(world):
    world.ready("autopay")
    payment_id = world.pay()
    assert way_back(world, payment_id) == f"/payments/done?payment_id={payment_id}"
    assert way_back(world, payment_id, Hash="0" * 64) == "/"
    assert world.payment(payment_id)["state"] == "started"
