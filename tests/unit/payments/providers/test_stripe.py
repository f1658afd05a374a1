"""Stripe. Secret and body of the published case: stripe/stripe-python, tests/test_webhook.py."""

from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from payments.providers import stripe, understand
from payments.providers.model import Account, Answer, Delivery, Event, Refusal
from payments.providers.wire import json_body

from tests.unit.payments.providers import samples as s

ACCOUNT = s.account("stripe")


def read(event):
    (notice,) = stripe.read_webhook(ACCOUNT, s.stripe(event))
    return notice


def answer(value, status=200):
    return Answer(status, json_body(value), s.NOW)


def test_published_case():
    body = b'{\n  "id": "evt_test_webhook",\n  "object": "event",\n  "data": { "object": { "id": "rdr_123", "object": "terminal.reader" } }\n}'
    given = "3bfab77baf5f7b6991a46c9b53b6547d7afc56148b10468fcad9f35c1992ffbd"
    account = Account({"tolerance": "9999"}, ({"webhook_secret": "whsec_test_secret"},))
    at = s.NOW.fromtimestamp(1700000000, s.NOW.tzinfo)
    for header, code in (
        (f"t=1700000000,v1={given}", ""),
        (f"t=1700000000,v1={'0' * 64},v1={given}", ""),
        (f"t=1700000000,v0={given}", "bad_signature"),
        (f"t=1700000000,t=1700000000,v1={given}", "bad_signature"),
        (f"t=1700000001,v1={given}", "bad_signature"),
        ("", "bad_signature"),
    ):
        delivery = Delivery(body, {"Stripe-Signature": header}, "", at)
        if code:
            with pytest.raises(Refusal, match=code):
                stripe.read_webhook(account, delivery)
        else:
            assert stripe.read_webhook(account, delivery)[0].key == "evt_test_webhook"


def test_the_clock_on_both_sides():
    for seconds, code in ((300, ""), (301, "too_old"), (-300, ""), (-301, "too_new")):
        delivery = s.stripe(s.stripe_event(), now=s.NOW + timedelta(seconds=seconds))
        if not code:
            assert stripe.read_webhook(ACCOUNT, delivery)
            continue
        with pytest.raises(Refusal) as caught:
            stripe.read_webhook(ACCOUNT, delivery)
        assert caught.value.code == code
        assert stripe.answer(ACCOUNT, delivery, code).status == 400


@pytest.mark.parametrize(
    ("kind", "changes", "event", "transaction"),
    [
        ("checkout.session.completed", {}, Event.PAID, "pi_1"),
        ("checkout.session.completed", {"payment_status": "unpaid"}, Event.PENDING, "pi_1"),
        ("checkout.session.completed", {"payment_intent": None}, Event.PAID, "cs_test_1"),
        ("checkout.session.async_payment_succeeded", {}, Event.PAID, "pi_1"),
        ("checkout.session.async_payment_failed", {"payment_status": "unpaid"}, Event.FAILED, "pi_1"),
        ("checkout.session.expired", {"payment_status": "unpaid"}, Event.EXPIRED, ""),
    ],
)
def test_sessions(kind, changes, event, transaction):
    notice = read(s.stripe_event(kind, **changes))
    assert (notice.event, notice.transaction_id, notice.provider_id) == (event, transaction, "cs_test_1")
    assert (notice.reference, notice.amount, notice.currency, notice.key) == ("INV-2026-0001", 125000, "EUR", "evt_1")


@pytest.mark.parametrize(
    ("kind", "status", "event"),
    [
        ("refund.updated", "succeeded", Event.REFUNDED),
        ("refund.created", "pending", Event.OTHER),
        ("refund.failed", "failed", Event.REFUND_FAILED),
        ("charge.dispute.created", "needs_response", Event.DISPUTED),
        ("charge.dispute.created", "warning_needs_response", Event.OTHER),
        ("charge.dispute.closed", "won", Event.DISPUTE_WON),
        ("charge.dispute.closed", "lost", Event.DISPUTE_LOST),
        ("payment_intent.succeeded", "succeeded", Event.OTHER),
        ("charge.refunded", "succeeded", Event.OTHER),
    ],
)
def test_what_happens_later(kind, status, event):
    subject = {
        "id": "xx_1",
        "amount": 25000,
        "amount_total": None,
        "currency": "eur",
        "status": status,
        "payment_intent": "pi_1",
    }
    body = s.stripe_event(kind, metadata={"order": "INV-2026-0001"}, **{**subject, "client_reference_id": None})
    del body["data"]["object"]["amount_total"]
    notice = read(body)
    assert notice.event is event
    if event is not Event.OTHER:
        assert (notice.transaction_id, notice.part, notice.amount, notice.reference) == (
            "pi_1",
            "xx_1",
            25000,
            "INV-2026-0001",
        )


@pytest.mark.parametrize(
    ("kind", "event"),
    [
        ("payment_intent.processing", Event.PENDING),
        ("payment_intent.canceled", Event.CANCELLED),
        ("payout.paid", Event.PAYOUT),
    ],
)
def test_intents_and_payouts(kind, event):
    body = s.stripe_event(kind)
    body["data"]["object"] = {"id": "pi_1", "amount": 5, "currency": "eur"}
    notice = read(body)
    assert (notice.event, notice.transaction_id, notice.amount) == (event, "pi_1", 5)


def test_a_declined_card_leaves_the_way_to_the_session_open():
    body = s.stripe_event("payment_intent.payment_failed")
    body["data"]["object"] = {"id": "pi_1", "amount": 5, "currency": "eur"}
    assert read(body).event is Event.OTHER


def test_live_and_test_are_kept_apart():
    account = s.account("stripe", livemode="true")
    delivery = s.stripe(s.stripe_event() | {"livemode": False})
    with pytest.raises(Refusal, match="wrong_service"):
        stripe.read_webhook(account, delivery)
    assert stripe.answer(account, delivery, "wrong_service").status == 200
    assert stripe.read_webhook(account, s.stripe(s.stripe_event() | {"livemode": True}))


@pytest.mark.parametrize(
    "changes", [{"amount_total": 1.5}, {"amount_total": True}, {"currency": "euro"}, {"id": ""}, {"amount_total": -1}]
)
def test_malformed(changes):
    with pytest.raises(Refusal, match="malformed"):
        read(s.stripe_event(**changes))


def test_start():
    call = stripe.start(ACCOUNT, s.order("stripe", description="Loyer\n" + "é" * 400))
    sent = {name: value[0] for name, value in parse_qs(call.body.decode()).items()}
    assert (call.method, call.url) == ("POST", "https://api.stripe.com/v1/checkout/sessions")
    assert call.headers["Idempotency-Key"] == "INV-2026-0001:start"
    assert (call.headers["Authorization"], call.headers["Stripe-Version"]) == ("Bearer sk-1", "2026-10-28.endive")
    assert (sent["line_items[0][price_data][unit_amount]"], sent["line_items[0][price_data][currency]"]) == (
        "125000",
        "eur",
    )
    assert sent["client_reference_id"] == sent["metadata[order]"] == sent["payment_intent_data[metadata][order]"]
    assert len(sent["line_items[0][price_data][product_data][name]"]) == 250
    assert "sk-1" not in repr(call)
    for hours, expected in (
        (0.01, timedelta(minutes=31)),
        (3, timedelta(hours=3)),
        (90, timedelta(hours=24, minutes=-1)),
    ):
        body = parse_qs(
            stripe.start(ACCOUNT, s.order("stripe", expires_at=s.NOW + timedelta(hours=hours))).body.decode()
        )
        assert int(body["expires_at"][0]) == int((s.NOW + expected).timestamp())
    with pytest.raises(Refusal, match="currency_not_taken"):
        stripe.start(ACCOUNT, s.order("stripe", currency="JPY"))


def test_answers():
    start = stripe.start(ACCOUNT, s.order("stripe"))
    result = understand(
        stripe, ACCOUNT, start, answer({"id": "cs_1", "url": "https://checkout.stripe.com/c/pay/cs_1#x"})
    )
    assert (result.redirect.url, result.redirect.method, result.provider_id) == (
        "https://checkout.stripe.com/c/pay/cs_1#x",
        "GET",
        "cs_1",
    )
    for url in ("javascript:alert(1)", "http://checkout.stripe.com/", "//x", "", None, "https://", "https://[x"):
        with pytest.raises(Refusal, match="bad_answer"):
            understand(stripe, ACCOUNT, start, answer({"id": "cs_1", "url": url}))
    with pytest.raises(Refusal) as caught:
        understand(stripe, ACCOUNT, start, answer({"error": {"type": "card_error", "code": "card_declined"}}, 402))
    assert (caught.value.code, caught.value.detail, caught.value.again) == ("provider_refused", "card_declined", False)
    for status in (429, 500, 503):
        with pytest.raises(Refusal, match="provider_unavailable") as caught:
            understand(stripe, ACCOUNT, start, answer([], status))
        assert caught.value.again
    with pytest.raises(Refusal, match="bad_answer"):
        understand(stripe, ACCOUNT, start, Answer(200, b"<html>", s.NOW))


def test_status_and_refund():
    call = stripe.status(ACCOUNT, "INV-2026-0001", "cs_1")
    assert call.url.endswith("/v1/checkout/sessions/cs_1?expand[]=payment_intent")
    session = s.stripe_event()["data"]["object"]
    for changes, events in (
        ({"payment_intent": {"id": "pi_1", "status": "succeeded"}}, [Event.PAID]),
        ({"status": "open", "payment_status": "unpaid"}, []),
        ({"status": "expired", "payment_status": "unpaid"}, [Event.EXPIRED]),
        ({"payment_status": "unpaid", "payment_intent": {"id": "pi_1", "status": "processing"}}, [Event.PENDING]),
        (
            {"payment_status": "unpaid", "payment_intent": {"id": "pi_1", "status": "requires_payment_method"}},
            [Event.FAILED],
        ),
    ):
        result = understand(stripe, ACCOUNT, call, answer({**session, **changes}))
        assert [notice.event for notice in result.notices] == events
    call = stripe.refund(ACCOUNT, s.refund("stripe", transaction_id="pi_1"))
    assert call.headers["Idempotency-Key"] == "rfd-01:refund"
    assert parse_qs(call.body.decode())["payment_intent"] == ["pi_1"]
    refund = {
        "id": "re_1",
        "amount": 25000,
        "currency": "eur",
        "payment_intent": "pi_1",
        "metadata": {"order": "INV-2026-0001"},
    }
    assert understand(stripe, ACCOUNT, call, answer({**refund, "status": "pending"})).notices == ()
    (notice,) = understand(stripe, ACCOUNT, call, answer({**refund, "status": "succeeded"})).notices
    assert (notice.event, notice.part, notice.amount) == (Event.REFUNDED, "re_1", 25000)
