"""Przelewy24. Published: `mnastalski/przelewy24-php` tests of both notifications."""

import base64
import json
from datetime import timedelta

import pytest
from payments.providers import przelewy24, understand
from payments.providers.model import Account, Answer, Event, Refusal
from payments.providers.wire import json_body

from tests.unit.payments.providers import samples as s

ACCOUNT = s.account("przelewy24")


def read(delivery):
    (notice,) = przelewy24.read_webhook(ACCOUNT, delivery)
    return notice


def answer(value, status=200):
    return Answer(status, json_body(value), s.NOW)


def test_published_notifications():
    account = Account({"merchant_id": "12345", "pos_id": "123"}, ({"crc": "bar"},))
    data = s.p24_data(sessionId="0beec7", amount=1500, originAmount=1500, statement="p24-XXX-YYY-ZZZ")
    sign = "703e946290d92230297c35d3bc8f554d4a458a4c97c9917665929c5ef5e682f7a868ac36e5dff20184c6a5302ef66c77"
    (notice,) = przelewy24.read_webhook(account, s.delivery(json.dumps({**data, "sign": sign}).encode()))
    assert (notice.event, notice.amount, notice.key) == (Event.AUTHORISED, 1500, "12345/0beec7/123456789")
    data = {
        "orderId": 123456789,
        "sessionId": "0beec7",
        "refundsUuid": "dda251",
        "merchantId": 12345,
        "amount": 1500,
        "currency": "PLN",
        "status": 0,
    }
    sign = "689010bfd5819bcf683ee0556c0412808b760063a6a66ed4d305d9d85b0bb16ab38bc8fcd0808c85f977f5a041344688"
    (notice,) = przelewy24.read_webhook(account, s.delivery(json.dumps({**data, "sign": sign}).encode()))
    assert (notice.event, notice.part, notice.transaction_id) == (Event.REFUNDED, "dda251", "123456789")


def test_a_refused_refund():
    notice = read(s.p24_refund(status=1))
    assert (notice.event, notice.part, notice.amount) == (Event.REFUND_FAILED, "rfd-01", 25000)
    assert notice.key != read(s.p24_refund()).key


@pytest.mark.parametrize("changes", [{"merchantId": 54321}, {"posId": 124}])
def test_another_merchant_is_told(changes):
    with pytest.raises(Refusal, match="wrong_service"):
        read(s.p24(s.p24_data(**changes)))


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "125000"},
        {"amount": 125000.0},
        {"amount": True},
        {"orderId": -1},
        {"currency": 985},
        {"statement": "a\u2028b"},
        {"sessionId": None},
        {"currency": "ZŁ"},
    ],
)
def test_malformed(changes):
    with pytest.raises(Refusal, match="malformed"):
        read(s.p24(s.p24_data(**changes)))


def test_start():
    call = przelewy24.start(ACCOUNT, s.order("przelewy24", language="uk"))
    body = json.loads(call.body)
    expected = {
        "sessionId": "INV-2026-0001",
        "merchantId": 12345,
        "amount": 125000,
        "currency": "PLN",
        "crc": s.KEYS[0],
    }
    assert body["sign"] == s.p24_sign(json.dumps(expected, separators=(",", ":")))
    assert (call.method, call.url) == ("POST", "https://secure.przelewy24.pl/api/v1/transaction/register")
    assert base64.b64decode(call.headers["Authorization"].removeprefix("Basic ")) == b"123:sk-1"
    assert (body["timeLimit"], body["language"], body["country"], body["urlStatus"]) == (99, "en", "PL", s.URL)
    for minutes, limit in ((0.5, 1), (15.9, 15), (99.5, 99)):
        order = s.order("przelewy24", expires_at=s.NOW + timedelta(minutes=minutes))
        assert json.loads(przelewy24.start(ACCOUNT, order).body)["timeLimit"] == limit
    for changes, code in (
        ({"currency": "EUR"}, "currency_not_taken"),
        ({"email": "x" * 45 + "@a.example"}, "field_unfit"),
        ({"return_url": "https://x.example/" + "y" * 240}, "field_unfit"),
        ({"webhook_url": ""}, "field_unfit"),
    ):
        with pytest.raises(Refusal, match=code):
            przelewy24.start(ACCOUNT, s.order("przelewy24", **changes))
    redirect = understand(przelewy24, ACCOUNT, call, answer({"data": {"token": "AB-12"}, "responseCode": 0})).redirect
    assert redirect.url == "https://secure.przelewy24.pl/trnRequest/AB-12"
    with pytest.raises(Refusal, match="bad_answer"):
        understand(przelewy24, ACCOUNT, call, answer({"data": {"token": "../x"}}))
    with pytest.raises(Refusal) as caught:
        understand(przelewy24, ACCOUNT, call, answer({"error": "Incorrect", "code": 401}, 401))
    assert (caught.value.code, caught.value.detail) == ("provider_refused", "401")


def test_verify_follows_a_notification():
    notice = read(s.p24())
    call = przelewy24.follow_up(ACCOUNT, notice)
    body = json.loads(call.body)
    expected = {
        "sessionId": "INV-2026-0001",
        "orderId": 123456789,
        "amount": 125000,
        "currency": "PLN",
        "crc": s.KEYS[0],
    }
    assert body["sign"] == s.p24_sign(json.dumps(expected, separators=(",", ":")))
    assert (call.method, call.url) == ("PUT", "https://secure.przelewy24.pl/api/v1/transaction/verify")
    (paid,) = understand(przelewy24, ACCOUNT, call, answer({"data": {"status": "success"}, "responseCode": 0})).notices
    assert (paid.event, paid.amount, paid.transaction_id, paid.reference) == (
        Event.PAID,
        125000,
        "123456789",
        "INV-2026-0001",
    )
    assert paid.key != notice.key
    assert przelewy24.follow_up(ACCOUNT, paid) is None
    with pytest.raises(Refusal, match="bad_answer"):
        understand(przelewy24, ACCOUNT, call, answer({"data": {"status": "pending"}}))


@pytest.mark.parametrize(
    ("status", "events"), [(0, []), (1, [Event.AUTHORISED]), (2, [Event.PAID]), (3, [Event.PAID, Event.REFUNDED])]
)
def test_status(status, events):
    call = przelewy24.status(ACCOUNT, "INV-2026-0001", "")
    assert call.url.endswith("/api/v1/transaction/by/sessionId/INV-2026-0001")
    data = {"orderId": 123456789, "sessionId": "INV-2026-0001", "status": status, "amount": 125000, "currency": "PLN"}
    found = understand(przelewy24, ACCOUNT, call, answer({"data": data})).notices
    assert [notice.event for notice in found] == events
    assert len({notice.key for notice in found}) == len(found)
    with pytest.raises(Refusal, match="bad_answer"):
        understand(przelewy24, ACCOUNT, call, answer({"data": {**data, "sessionId": "OTHER"}}))
    assert (
        understand(przelewy24, ACCOUNT, call, answer({"error": "Transaction not found", "code": 404}, 404)).notices
        == ()
    )


def test_refund():
    call = przelewy24.refund(ACCOUNT, s.refund("przelewy24"))
    body = json.loads(call.body)
    assert (body["requestId"], body["refundsUuid"], body["urlStatus"]) == ("rfd-01", "rfd-01", s.URL)
    assert body["refunds"][0]["orderId"] == 123456789
    assert body["refunds"][0]["amount"] == 25000
    assert understand(przelewy24, ACCOUNT, call, answer({"data": [], "responseCode": 0}, 201)).notices == ()
    with pytest.raises(Refusal, match="field_unfit"):
        przelewy24.refund(ACCOUNT, s.refund("przelewy24", transaction_id="x"))


def test_a_refund_asked_for_again_is_no_refusal():
    call = przelewy24.refund(ACCOUNT, s.refund("przelewy24"))
    again = answer({"error": "Request with this requestId was made already", "code": 409}, 409)
    assert understand(przelewy24, ACCOUNT, call, again).notices == ()
    for refused in ({"error": [{"orderId": 1, "status": False, "message": "exceeds"}], "code": 409}, {"error": []}):
        with pytest.raises(Refusal, match="provider_refused"):
            understand(przelewy24, ACCOUNT, call, answer(refused, 409))
