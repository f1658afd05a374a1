"""A payment from its start to the books, through the routes, for every provider."""

from xml.etree import ElementTree as ET

import pytest
from payments import app as payments_app
from payments import service_start
from payments.providers import NAMES

from tests.support import api_event
from tests.unit.payments.online.conftest import AMOUNT, CONTRACT_OF, CONTRACTS, paid, reference
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


def way_back(world, payment_id, **changes):
    """Where the payer who comes back from Autopay is taken on our site."""
    ours = reference(payment_id)
    signature = samples.autopay_hash(["123456", ours], samples.KEYS[0])
    path = {"provider": "autopay", "organisation_id": "org_test"}
    query = {"ServiceID": "123456", "OrderID": ours, "Hash": signature, **changes}
    answer = payments_app.app(
        api_event("GET", "/payments/return/{provider}/{organisation_id}", path=path, query=query), None
    )
    assert answer["statusCode"] == 303
    return answer["headers"]["Location"].removeprefix("https://portal.example")


def test_a_signed_way_back_leads_to_the_page(world):
    world.ready("autopay")
    payment_id = world.pay()
    assert way_back(world, payment_id) == f"/payments/done?payment_id={payment_id}"
    assert way_back(world, payment_id, Hash="0" * 64) == "/"
    assert world.payment(payment_id)["state"] == "started"


# ------------------------------------------------------------------ starting
def test_options_say_what_is_open_and_what_it_costs(world):
    world.ready("autopay", fee={"kind": "payer", "fixed": 100})
    world.ready("liqpay")
    query = {"contract_id": "ctr_pln"}
    status, body = world.ask("GET", "/payment-options", world.anna, query=query)
    assert status == 200
    assert (body["due"], body["open_items"]) == (AMOUNT, {"chg_1": 100000, "chg_2": 25000})
    assert [(one["provider"], one["due_fee"]) for one in body["providers"]] == [("autopay", 100)]
    assert body["under_way"] == []
    payment_id = world.pay()
    _, body = world.ask("GET", "/payment-options", world.anna, query=query)
    assert [one["payment_id"] for one in body["under_way"]] == [payment_id]
    world.hear("autopay", paid("autopay", payment_id, amount=AMOUNT + 100))
    assert world.ask("GET", "/payment-options", world.anna, query=query)[1]["under_way"] == []


def test_an_attempt_under_way_is_offered_again(world):
    world.ready("autopay")
    world.ready("przelewy24")
    first = world.post()[1]
    assert world.post()[1] == first
    assert world.pay(items=["chg_1"]) != first["payment_id"]
    # Another way before he has begun: a new attempt in its place.
    other = world.pay("przelewy24")
    assert other != first["payment_id"]
    # He has begun.
    pending = samples.itn_fields(
        orderID=reference(world.pay()), amount="1250.00", paymentStatus="PENDING", paymentStatusDetails=None
    )
    world.hear("autopay", samples.itn(pending))
    status, body = world.post("przelewy24")
    assert (status, body["code"]) == (409, "payment_under_way")
    assert world.payment(body["payment_id"])["state"] == "pending"
    assert world.post("przelewy24", despite=True)[0] == 201


def begin(world, payment_id, amount=AMOUNT):
    """The payer has chosen his bank at Autopay; it has not answered yet."""
    said = samples.itn_fields(
        orderID=reference(payment_id), amount=f"{amount / 100:.2f}", paymentStatus="PENDING", paymentStatusDetails=None
    )
    world.hear("autopay", samples.itn(said))
    assert world.payment(payment_id)["state"] == "pending"


def test_what_is_being_processed_leads_nowhere_but_to_its_page(world):
    world.ready("autopay")
    payment_id = world.pay()
    assert world.payment(payment_id, world.anna)["redirect"]
    begin(world, payment_id)
    assert world.payment(payment_id, world.anna)["redirect"] is None
    status, body = world.post()
    assert (status, body["code"], body["payment_id"]) == (409, "payment_under_way", payment_id)
    other = world.pay(despite=True)
    assert other != payment_id
    # The one that was begun despite of it does not hide it.
    assert world.post()[1]["payment_id"] == payment_id


@pytest.mark.parametrize(
    ("begun", "wanted", "status"),
    [
        (["chg_1"], ["chg_1", "chg_2"], 409),
        (["chg_1", "chg_2"], ["chg_2"], 409),
        (["chg_1"], None, 409),
        (None, ["chg_1"], 409),
        (["chg_1"], ["chg_2"], 201),
    ],
)
def test_what_may_be_for_the_same_is_asked_about(world, begun, wanted, status):
    world.ready("autopay")
    amount = {"chg_1": 100000, "chg_2": 25000}
    payment_id = world.pay(items=begun)
    begin(world, payment_id, sum(amount[one] for one in begun or amount))
    answer, body = world.post(items=wanted)
    assert answer == status
    assert status == 201 or body["payment_id"] == payment_id
    assert world.post(items=wanted, despite=True)[0] == 201


def test_a_contract_has_so_many_open_attempts_and_no_more(world, monkeypatch):
    monkeypatch.setattr(service_start, "MOST_OPEN", 3)
    world.ready("autopay")
    first, *_ = [world.pay(despite=True) for _ in range(3)]
    status, body = world.post(despite=True)
    assert (status, body["code"]) == (409, "too_many_under_way")
    assert world.post(items=["chg_1"])[1]["code"] == "too_many_under_way"
    assert world.post()[0] == 201, "the last one is offered again"
    world.hear("autopay", paid("autopay", first))
    assert world.post(despite=True)[0] == 201, "what has ended does not count"


def test_the_way_back_names_one_payment_and_the_page_that_was_asked_for_last(world):
    world.ready("autopay")
    payment_id = world.pay(return_to="/payments/return?payment_id=pay_x&tab=a%20b&payment%5Fid=pay_y")
    assert way_back(world, payment_id) == f"/payments/return?tab=a+b&payment_id={payment_id}"
    assert world.pay(return_to="/other") == payment_id
    assert way_back(world, payment_id) == f"/other?payment_id={payment_id}"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"items": ["chg_9"]}, "charge_not_open"),
        ({"amount": 1}, "amount_not_open"),
        ({"items": ["chg_1"], "amount": 100001}, "amount_not_open"),
        ({"email": None}, "email_needed"),
        ({"return_to": "//evil.example"}, "invalid_body"),
        ({"return_to": "https://evil.example"}, "invalid_body"),
        ({"provider": "stripe"}, "provider_unusable"),
        ({"provider": "vipps"}, "provider_unusable"),
    ],
)
def test_what_cannot_be_started(world, changes, code):
    world.ready("autopay")
    world.ready("vipps")
    status, body = world.post(**changes)
    assert (status, body["code"]) == (422, code)


def test_part_payment_and_paying_ahead_where_allowed(world):
    world.ready("autopay", part_payment=True)
    for changes, expected in (
        ({"amount": 500}, 500),
        ({"items": ["chg_1"], "amount": 7}, 7),
        ({"amount": 200000}, 200000),
    ):
        assert world.post(**changes)[1]["amount"] == expected
    world.balance("ctr_pln", {}, version=2)
    assert world.post()[1]["code"] == "nothing_due"
    world.balance("ctr_pln", {"chg_1": 5}, version=1)
    assert world.post()[1]["code"] == "nothing_due", "an older word of the ledger changes nothing"


def test_a_provider_that_refuses_or_sends_elsewhere(world):
    world.ready("stripe")
    for answer, code in (
        ((500, b""), "provider_unavailable"),
        ((402, b"{}"), "provider_refused"),
        ((302, b""), "provider_refused"),
    ):
        world.server.answers["POST /v1/checkout/sessions"] = answer
        status, body = world.post("stripe")
        assert (status, body["code"]) == (502, code)
    assert world.server.calls("GET", "/elsewhere") == 0
    assert world.ask("GET", "/payments", world.anna, query={"contract_id": "ctr_eur"})[1]["items"] == []


def test_others_see_nothing(world):
    world.ready("autopay")
    payment_id = world.pay()
    for token in (world.piotr, world.foreign):
        path = {"payment_id": payment_id}
        assert world.ask("GET", "/payments/{payment_id}", token, path=path)[0] == 404
        assert world.ask("GET", "/payments", token, query={"contract_id": "ctr_pln"})[0] == 404
        assert world.ask("GET", "/payment-options", token, query={"contract_id": "ctr_pln"})[0] == 404
        assert world.post(token=token)[0] == 404
    assert world.payment(payment_id, world.anna)["redirect"]["fields"]["OrderID"] == reference(payment_id)
    assert world.payment(payment_id, world.sara)["redirect"] is None
    assert [world.payment(payment_id, token)["payer_id"] for token in (world.anna, world.sara)] == ["per_anna"] * 2
    listed = world.ask("GET", "/payments", world.anna, query={"contract_id": "ctr_pln"})[1]["items"]
    assert [one["payment_id"] for one in listed] == [payment_id]


def test_the_world_is_complete():
    assert set(CONTRACT_OF.values()) == set(CONTRACTS)
