"""The calls that the portal makes seldom or not yet, and what the protocols say of doing things twice."""

import json
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

import pytest
from payments.providers import autopay, gocardless, przelewy24, stripe, vipps
from payments.providers.model import Event, Refund, Refusal

from infra.local.providers.autopay_messages import digest
from tests.local_cloud.providers.portal import http
from tests.local_cloud.providers.test_what_follows import opened, paid, settle

__all__ = ["opened"]
REFERENCE = "inv-2026-0001"


def test_autopay(portal, opened):
    sandbox = opened("autopay")
    paid(portal, sandbox)
    fields = {"ServiceID": "903001", "MessageID": "a" * 32}
    fields["Hash"] = digest("sha256", fields.values(), "demo-autopay-key")
    url = f"{sandbox.url}/webapi/balanceGet"
    assert b"<balance>1250.35</balance>" in http("POST", url, urlencode(fields).encode())[2]
    assert b"INVALID_HASH" in http("POST", url, urlencode({**fields, "Hash": "0"}).encode())[2]
    call = autopay.status(portal.accounts["autopay"], REFERENCE, "")
    with pytest.raises(Refusal, match="INVALID_FORMAT"):
        portal.call("autopay", replace(call, headers={}))
    order = sandbox.order(REFERENCE)
    order.transactions.extend([order.last] * 50)
    with pytest.raises(Refusal, match="provider_refused"):
        portal.call("autopay", call)
    del order.transactions[1:]
    # The same MessageID is confirmed again and not carried out again; an unknown transaction is not found.
    for _ in range(2):
        portal.refund("autopay", REFERENCE, 100, "rfd-0001")
    settle(portal, sandbox)
    assert sandbox.books()[0]["refunded"] == portal.view(REFERENCE).refunded == 100
    wanted = Refund("rfd-2", REFERENCE, "UNKNOWN1", 100, "PLN", "")
    with pytest.raises(Refusal, match="TRANSACTION_NOT_FOUND"):
        portal.call("autopay", autopay.refund(portal.accounts["autopay"], wanted))


def test_stripe(portal, opened):
    sandbox = opened("stripe")
    paid(portal, sandbox)
    account = portal.accounts["stripe"]
    headers = stripe.status(account, REFERENCE, "x").headers

    def get(path):
        status, _, body = http("GET", sandbox.url + path, b"", headers)
        assert status == 200, body
        return json.loads(body)

    kinds = {event["type"] for event in get("/v1/events?limit=100")["data"]}
    assert kinds == {"payment_intent.succeeded", "charge.succeeded", "checkout.session.completed"}
    intent = sandbox.order(REFERENCE).last.id
    assert get(f"/v1/payment_intents/{intent}")["status"] == "succeeded"
    assert get(f"/v1/payment_intents/{intent}")["metadata"] == {"order": REFERENCE}
    call = stripe.refund(account, Refund("rfd-1", REFERENCE, intent, 500, "EUR", ""))
    made = json.loads(http("POST", call.url, call.body, call.headers)[2])
    _, again_headers, again = http("POST", call.url, call.body, call.headers)
    assert (json.loads(again), again_headers["Idempotent-Replayed"]) == (made, "true")
    assert get(f"/v1/refunds/{made['id']}")["status"] == "succeeded"
    assert sandbox.books()[0]["refunded"] == 500
    fields = {**dict(parse_qsl(call.body.decode())), "amount": "501"}
    with pytest.raises(Refusal, match="idempotency_error"):
        portal.call("stripe", replace(call, body=urlencode(fields).encode()))
    portal.start("stripe", "inv-2026-0002")
    found = sandbox.order("inv-2026-0002").token
    url = f"{sandbox.url}/v1/checkout/sessions/{found}/expire"
    assert json.loads(http("POST", url, b"", headers)[2])["status"] == "expired"
    assert http("POST", url, b"", headers)[0] == 400
    settle(portal, sandbox)
    assert portal.view("inv-2026-0002").state == "expired"


def test_stripe_listens_only_to_what_it_is_registered_for(portal, opened):
    sandbox = opened("stripe", {"events": ",".join(stripe.EVENTS)})
    paid(portal, sandbox)
    assert [hook["name"] for hook in sandbox.webhooks()] == ["checkout.session.completed"]


def test_vipps(portal, opened):
    sandbox = opened("vipps", {"token_seconds": "0"})
    with pytest.raises(Refusal, match="Invalid_or_expired"):
        portal.start("vipps")
    sandbox = opened("vipps")
    paid(portal, sandbox)
    headers = vipps.status(portal.accounts["vipps"], REFERENCE, "").headers
    _, _, body = http("GET", f"{sandbox.url}/epayment/v1/payments/{REFERENCE}/events", b"", headers)
    assert [event["name"] for event in json.loads(body)] == ["CREATED", "AUTHORIZED", "CAPTURED"]
    # The same key is carried out once.
    for _ in range(2):
        portal.refund("vipps", REFERENCE, 100, "rfd-0001")
    settle(portal, sandbox)
    assert sandbox.books()[0]["refunded"] == portal.view(REFERENCE).refunded == 100
    with pytest.raises(Refusal, match="Idempotency-Key"):
        portal.refund("vipps", REFERENCE, 101, "rfd-0001")
    for _ in range(2):
        portal.refund("vipps", REFERENCE, 100, "rfd-0001")
    with pytest.raises(Refusal, match="provider_unavailable 429"):
        portal.refund("vipps", REFERENCE, 100, "rfd-0001")
    other = "inv-2026-0002"
    portal.press("vipps", portal.start("vipps", other), "later")
    sandbox.expire_now(sandbox.order(other))
    sandbox.finish_now(sandbox.order(other), success=True)
    settle(portal, sandbox)
    assert portal.view(other).state == "expired"


def test_przelewy24(portal, opened):
    sandbox = opened("przelewy24", {"verify_again": "error"})
    headers = przelewy24.status(portal.accounts["przelewy24"], REFERENCE, "").headers
    assert json.loads(http("GET", f"{sandbox.url}/api/v1/testAccess", b"", headers)[2])["data"] is True
    portal.press("przelewy24", portal.start("przelewy24"), "pay")
    sandbox.courier.idle(0.1)
    notice = next(notice for _, notice in portal.notices if notice.event is Event.AUTHORISED)
    account = portal.accounts["przelewy24"]
    with pytest.raises(Refusal, match="provider_refused"):
        portal.call("przelewy24", przelewy24.follow_up(account, replace(notice, amount=1)))
    assert sandbox.books()[0]["paid"] == 0
    portal.call("przelewy24", przelewy24.follow_up(account, notice))
    with pytest.raises(Refusal, match="provider_refused 400"):
        portal.call("przelewy24", przelewy24.follow_up(account, notice))
    assert sandbox.books()[0]["paid"] == 125035
    # A request id is taken once; the answer to the second is no refusal, its notification tells.
    for _ in range(2):
        portal.refund("przelewy24", REFERENCE, 100, "rfd-0001")
    assert sandbox.courier.idle(5)
    assert sandbox.books()[0]["refunded"] == 100


def arrive(sandbox):
    """Let the webhooks arrive, though a payment that moves on in a minute keeps the sandbox from being idle."""
    for _ in range(100):
        if all(hook["state"] == "delivered" for hook in sandbox.webhooks()):
            return
        sandbox.courier.idle(0.02)


def test_gocardless(portal, opened):
    sandbox = opened("gocardless", process_seconds=60)
    portal.press("gocardless", portal.start("gocardless"), "pay")
    arrive(sandbox)
    portal.follow("gocardless")
    headers = gocardless.status(portal.accounts["gocardless"], REFERENCE, "PM1").headers
    payment = sandbox.order(REFERENCE).last.id

    def call(method, path):
        status, _, body = http(method, sandbox.url + path, b"{}", headers)
        return status, json.loads(body)

    assert call("GET", f"/payments/{payment}")[1]["payments"]["status"] == "pending_submission"
    assert call("POST", f"/payments/{payment}/actions/cancel")[1]["payments"]["status"] == "cancelled"
    assert call("POST", f"/payments/{payment}/actions/cancel")[0] == 422
    portal.start("gocardless", "inv-2026-0002")
    token = sandbox.order("inv-2026-0002").token
    assert call("POST", f"/billing_requests/{token}/actions/cancel")[0] == 200
    assert call("GET", "/mandates/MD1")[0] == call("GET", "/payouts/PO1")[0] == call("GET", "/refunds/RF1")[0] == 404
    actions = [event["action"] for event in call("GET", "/events")[1]["events"]]
    assert actions == ["created", "created", "fulfilled", "cancelled", "created", "cancelled"]
    arrive(sandbox)
    assert portal.view(REFERENCE).state == portal.view("inv-2026-0002").state == "cancelled"


def test_gocardless_same_refund_twice(portal, opened):
    sandbox = opened("gocardless")
    paid(portal, sandbox)
    for _ in range(2):
        portal.refund("gocardless", REFERENCE, 100, "rfd-0001")
    settle(portal, sandbox)
    assert sandbox.books()[0]["refunded"] == portal.view(REFERENCE).refunded == 100
    with pytest.raises(Refusal, match="total_amount_confirmation_invalid"):
        portal.refund("gocardless", REFERENCE, 100, "rfd-0002")
