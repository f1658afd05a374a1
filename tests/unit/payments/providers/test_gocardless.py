"""GoCardless. Published: `gocardless/gocardless-pro-python` tests/webhooks_test.py with fixtures/webhook_body.json."""

import json

import pytest
from payments.providers import gocardless, understand
from payments.providers.model import Account, Answer, Event, Refusal
from payments.providers.wire import json_body

from tests.unit.payments.providers import samples as s

ACCOUNT = s.account("gocardless")
PUBLISHED = (
    '{"events":[{"id":"EV00BD05S5VM2T","created_at":"2018-07-05T09:13:51.404Z","resource_type":"subscriptions","action":"created",'
    '"links":{"subscription":"SB0003JJQ2MR06"},"details":{"origin":"api","cause":"subscription_created","description":"Subscription'
    ' created via the API."},"metadata":{}},{"id":"EV00BD05TB8K63","created_at":"2018-07-05T09:13:56.893Z","resource_type":"mandates",'
    '"action":"created","links":{"mandate":"MD000AMA19XGEC"},"details":{"origin":"api","cause":"mandate_created","description":"Mandate'
    ' created via the API."},"metadata":{}}]}'
)


def read(*events):
    return gocardless.read_webhook(ACCOUNT, s.gocardless(*events))


def answer(value, status=200):
    return Answer(status, json_body(value), s.NOW)


def payment(status, **changes):
    metadata = {"order": "INV-2026-0001"}
    return {
        "payments": {
            "id": "PM1",
            "amount": 125000,
            "currency": "EUR",
            "status": status,
            "metadata": metadata,
            **changes,
        }
    }


def test_published_webhook():
    account = Account({}, ({"webhook_secret": "ED7D658C-D8EB-4941-948B-3973214F2D49"},))
    headers = {"webhook-signature": "2693754819d3e32d7e8fcb13c729631f316c6de8dc1cf634d6527f1c07276e7e"}
    notices = gocardless.read_webhook(account, s.delivery(PUBLISHED.encode(), headers))
    assert [(notice.event, notice.detail) for notice in notices] == [
        (Event.OTHER, "subscriptions.created:subscription_created"),
        (Event.OTHER, "mandates.created:mandate_created"),
    ]
    assert gocardless.answer(account, s.delivery(b""), "bad_signature").status == 498


@pytest.mark.parametrize(
    ("kind", "action", "event"),
    [
        ("payments", "submitted", Event.PENDING),
        ("payments", "confirmed", Event.HINT),
        ("payments", "paid_out", Event.HINT),
        ("payments", "failed", Event.BOUNCED),
        ("payments", "late_failure_settled", Event.BOUNCED),
        ("payments", "cancelled", Event.CANCELLED),
        ("payments", "charged_back", Event.DISPUTED),
        ("payments", "chargeback_cancelled", Event.DISPUTE_WON),
        ("payments", "chargeback_settled", Event.DISPUTE_LOST),
        ("payments", "surcharge_fee_debited", Event.OTHER),
        ("mandates", "active", Event.MANDATE_ACTIVE),
        ("mandates", "expired", Event.MANDATE_ENDED),
        ("payouts", "paid", Event.HINT),
        ("refunds", "paid", Event.HINT),
        ("refunds", "funds_returned", Event.REFUND_FAILED),
        ("billing_requests", "fulfilled", Event.HINT),
        ("billing_requests", "cancelled", Event.CANCELLED),
        ("exports", "completed", Event.OTHER),
    ],
)
def test_events(kind, action, event):
    (notice,) = read(s.gc_event(kind, action))
    assert (notice.event, notice.key) == (event, "EV1")
    # A cancelled billing request is the end of the whole order, and says which.
    if kind == "billing_requests":
        assert (notice.transaction_id, notice.provider_id) == ("", "PM1")
    elif kind not in {"refunds", "exports"}:
        assert notice.transaction_id == "PM1"


def test_a_batch():
    events = [s.gc_event(id=f"EV{n}") for n in range(250)]
    assert [notice.key for notice in read(*events)] == [f"EV{n}" for n in range(250)]
    with pytest.raises(Refusal, match="malformed"):
        read(*events, s.gc_event())
    with pytest.raises(Refusal, match="malformed"):
        read("x")
    (retried,) = read(s.gc_event(action="failed", details={"will_attempt_retry": True}))
    assert retried.event is Event.PENDING
    (ours,) = read(s.gc_event(resource_metadata={"order": "INV-2026-0001"}))
    assert ours.reference == "INV-2026-0001"
    (nameless,) = read(s.gc_event(links={}))
    assert nameless.event is Event.OTHER


def test_what_counts_is_fetched():
    (hint,) = read(s.gc_event())
    call = gocardless.follow_up(ACCOUNT, hint)
    assert (call.method, call.url) == ("GET", "https://api.gocardless.com/payments/PM1")
    assert call.headers["GoCardless-Version"] == "2015-07-06"
    for status, events in (
        ("submitted", [Event.PENDING]),
        ("confirmed", [Event.PAID]),
        ("paid_out", [Event.PAID]),
        ("failed", [Event.BOUNCED]),
        ("cancelled", [Event.CANCELLED]),
        ("charged_back", [Event.PAID, Event.DISPUTED]),
    ):
        found = understand(gocardless, ACCOUNT, call, answer(payment(status))).notices
        assert [notice.event for notice in found] == events
        assert (found[0].amount, found[0].currency, found[0].reference) == (125000, "EUR", "INV-2026-0001")
        assert found[0].occurred_at == hint.occurred_at
    careful = s.account("gocardless", credit_on="paid_out")
    assert understand(gocardless, careful, call, answer(payment("confirmed"))).notices[0].event is Event.PENDING
    assert understand(gocardless, careful, call, answer(payment("paid_out"))).notices[0].event is Event.PAID
    assert understand(gocardless, ACCOUNT, call, answer({}, 404)).notices == ()
    for body in (
        payment("confirmed", amount="1"),
        payment("confirmed", id=None),
        {},
        payment("confirmed", currency=None),
    ):
        with pytest.raises(Refusal, match="bad_answer"):
            understand(gocardless, ACCOUNT, call, answer(body))
    assert gocardless.follow_up(ACCOUNT, read(s.gc_event(action="failed"))[0]) is None


def test_refunds_and_payouts_are_fetched():
    (hint,) = read(s.gc_event("refunds", "paid", links={"refund": "RF1"}))
    call = gocardless.follow_up(ACCOUNT, hint)
    assert call.url.endswith("/refunds/RF1")
    refund = {
        "id": "RF1",
        "amount": 25000,
        "currency": "EUR",
        "status": "paid",
        "links": {"payment": "PM1"},
        "metadata": {},
    }
    (notice,) = understand(gocardless, ACCOUNT, call, answer({"refunds": refund})).notices
    assert (notice.event, notice.part, notice.transaction_id, notice.amount) == (Event.REFUNDED, "RF1", "PM1", 25000)
    (hint,) = read(s.gc_event("payouts", "paid"))
    call = gocardless.follow_up(ACCOUNT, hint)
    payout = {"id": "PO1", "amount": 99000, "currency": "EUR", "status": "paid"}
    (notice,) = understand(gocardless, ACCOUNT, call, answer({"payouts": payout})).notices
    assert (notice.event, notice.transaction_id, notice.amount) == (Event.PAYOUT, "PO1", 99000)


def test_start_leads_to_the_page():
    order = s.order("gocardless")
    call = gocardless.start(ACCOUNT, order)
    body = json.loads(call.body)["billing_requests"]
    assert (body["payment_request"]["amount"], body["metadata"]["order"]) == (125000, "INV-2026-0001")
    assert call.headers["Idempotency-Key"] == "INV-2026-0001:start"
    made = understand(gocardless, ACCOUNT, call, answer({"billing_requests": {"id": "BRQ1", "status": "pending"}}, 201))
    flow = json.loads(made.then.body)["billing_request_flows"]
    assert (flow["redirect_uri"], flow["links"]) == (order.return_url, {"billing_request": "BRQ1"})
    url = "https://pay.gocardless.com/billing/static/flow?id=BRF1"
    done = understand(
        gocardless, ACCOUNT, made.then, answer({"billing_request_flows": {"id": "BRF1", "authorisation_url": url}})
    )
    assert (done.redirect.url, done.provider_id) == (url, "BRQ1")
    again = {
        "error": {"errors": [{"reason": "idempotent_creation_conflict", "links": {"conflicting_resource_id": "BRQ1"}}]}
    }
    assert understand(gocardless, ACCOUNT, call, answer(again, 409)).then == made.then
    with pytest.raises(Refusal) as caught:
        understand(
            gocardless,
            ACCOUNT,
            call,
            answer({"error": {"type": "invalid_state", "errors": [{"reason": "mandate_inactive"}]}}, 409),
        )
    assert (caught.value.code, caught.value.detail) == ("provider_refused", "mandate_inactive")
    with pytest.raises(Refusal, match="currency_not_taken"):
        gocardless.start(ACCOUNT, s.order("gocardless", currency="PLN"))


def test_a_billing_request_is_followed_to_its_payment():
    call = gocardless.status(ACCOUNT, "INV-2026-0001", "BRQ1")
    base = {"id": "BRQ1", "metadata": {"order": "INV-2026-0001", "amount": "125000 EUR"}}

    def result(**changes):
        return understand(gocardless, ACCOUNT, call, answer({"billing_requests": {**base, **changes}}))

    assert result(status="pending").notices == ()
    (ended,) = result(status="cancelled").notices
    assert (ended.event, ended.transaction_id, ended.reference) == (Event.CANCELLED, "", "INV-2026-0001")
    instant = result(status="fulfilled", links={"payment_request_payment": "PM1"})
    assert (instant.notices[0].event, instant.notices[0].transaction_id) == (Event.PENDING, "PM1")
    assert instant.then.url.endswith("/payments/PM1")
    debit = result(status="fulfilled", links={"mandate_request_mandate": "MD1"})
    assert (debit.notices[0].event, debit.notices[0].transaction_id) == (Event.MANDATE_ACTIVE, "MD1")
    body = json.loads(debit.then.body)["payments"]
    assert (body["amount"], body["currency"], body["links"]) == (125000, "EUR", {"mandate": "MD1"})
    assert debit.then.headers["Idempotency-Key"] == "INV-2026-0001:collect"
    collected = understand(gocardless, ACCOUNT, debit.then, answer(payment("pending_submission"), 201))
    assert (collected.notices[0].event, collected.provider_id) == (Event.PENDING, "PM1")
    again = {
        "error": {"errors": [{"reason": "idempotent_creation_conflict", "links": {"conflicting_resource_id": "PM1"}}]}
    }
    assert understand(gocardless, ACCOUNT, debit.then, answer(again, 409)).then.url.endswith("/payments/PM1")
    with pytest.raises(Refusal, match="bad_answer"):
        result(status="fulfilled", links={})
    assert gocardless.status(ACCOUNT, "INV-2026-0001", "PM1").url.endswith("/payments/PM1")


def test_debit_mode_asks_for_a_mandate():
    body = json.loads(gocardless.start(s.account("gocardless", mode="debit"), s.order("gocardless")).body)[
        "billing_requests"
    ]
    assert "payment_request" not in body
    assert body["mandate_request"]["currency"] == "EUR"


def test_refund():
    call = gocardless.refund(ACCOUNT, s.refund("gocardless", transaction_id="PM1"))
    body = json.loads(call.body)["refunds"]
    assert (body["amount"], body["total_amount_confirmation"], body["links"]) == (25000, 35000, {"payment": "PM1"})
    made = {"id": "RF1", "amount": 25000, "currency": "EUR", "status": "submitted", "links": {"payment": "PM1"}}
    assert understand(gocardless, ACCOUNT, call, answer({"refunds": made}, 201)).notices == ()
