"""Vipps MobilePay. Published: `vippsas/webhooks-api` request-authentication.md."""

import json
from datetime import timedelta

import pytest
from payments.providers import understand, vipps
from payments.providers.model import Account, Answer, Delivery, Event, Refusal
from payments.providers.wire import json_body

from tests.unit.payments.providers import samples as s

ACCOUNT = s.account("vipps")


def read(**changes):
    (notice,) = vipps.read_webhook(ACCOUNT, s.vipps(s.vipps_event(**changes)))
    return notice


def answer(value, status=200):
    return Answer(status, json_body(value), s.NOW)


def money(value):
    return {"currency": "NOK", "value": value}


def standing(state, authorised=0, captured=0, refunded=0, cancelled=0):
    names = ("authorizedAmount", "capturedAmount", "refundedAmount", "cancelledAmount")
    amounts = (authorised, captured, refunded, cancelled)
    aggregate = {name: money(value) for name, value in zip(names, amounts, strict=True)}
    return {"aggregate": aggregate, "state": state, "reference": "INV-2026-0001", "pspReference": "x"}


def test_published_example():
    body = b'{"some-unique-content":"ee6e441b-cc4a-46f8-895d-a5af79bcc233/hello-world"}'
    secret = "A0+AeKBRG2KRGvnNwJpQlb6IJFk48CKXCIcrLoHncVJKDILsQSxS6NWCccwWm6r6FhGKhiHTBsG2wo/xU6FY/A=="
    headers = {
        "x-ms-date": "Thu, 30 Mar 2023 08:38:32 GMT",
        "x-ms-content-sha256": "lNlsp1XA03N34HrQsVzPgJKtC+r7l/RBF4V3JQUWMj4=",
        "Authorization": "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=agAiSyogQbDHpeucoNwYz+yAr5nJ+v+zasdkSbqzv+U=",
    }
    account = Account({"msn": "123456"}, ({"webhook_secret": secret},))
    url = "https://webhook.site/e2cee29b-012e-4f1d-8ef4-e95fd74a7a63"
    # Authentic, though not an event.
    with pytest.raises(Refusal, match="wrong_service"):
        vipps.read_webhook(account, Delivery(body, headers, url, s.NOW))
    for other in ("https://webhook.site/e2cee29b", "https://another.site/e2cee29b-012e-4f1d-8ef4-e95fd74a7a63"):
        with pytest.raises(Refusal, match="bad_signature"):
            vipps.read_webhook(account, Delivery(body, headers, other, s.NOW))


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("CREATED", Event.OTHER),
        ("AUTHORIZED", Event.AUTHORISED),
        ("CAPTURED", Event.PAID),
        ("ABORTED", Event.CANCELLED),
        ("TERMINATED", Event.CANCELLED),
        ("CANCELLED", Event.CANCELLED),
        ("EXPIRED", Event.EXPIRED),
        ("REFUNDED", Event.REFUNDED),
        ("SOMETHING_NEW", Event.OTHER),
    ],
)
def test_events(name, event):
    notice = read(name=name)
    assert (notice.event, notice.transaction_id, notice.amount, notice.currency) == (
        event,
        "INV-2026-0001",
        125000,
        "NOK",
    )
    assert notice.key == f"123456/INV-2026-0001/1234567891/{name}/2026-11-03T10:15:00.5333258Z"
    assert notice.part == ("49ca711a9487112e1def" if name == "REFUNDED" else "")
    assert read(name=name, success=False).event is Event.OTHER


def test_another_merchant_is_told():
    delivery = s.vipps(s.vipps_event(msn="654321"))
    with pytest.raises(Refusal, match="wrong_service"):
        vipps.read_webhook(ACCOUNT, delivery)
    assert vipps.answer(ACCOUNT, delivery, "wrong_service").status == 200
    assert vipps.answer(ACCOUNT, delivery, "bad_signature").status == 401


def test_the_date_counts_only_where_a_tolerance_is_set():
    strict = s.account("vipps", date_tolerance="300")
    for minutes, code in ((4, ""), (6, "too_old"), (-6, "too_new")):
        delivery = s.vipps(now=s.NOW + timedelta(minutes=minutes))
        assert vipps.read_webhook(ACCOUNT, delivery)
        if code:
            with pytest.raises(Refusal, match=code):
                vipps.read_webhook(strict, delivery)
    with pytest.raises(Refusal, match="malformed"):
        vipps.read_webhook(strict, s.vipps(date="sometime in November"))


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": {"currency": "NOK"}},
        {"amount": money(1.5)},
        {"timestamp": "yesterday"},
        {"timestamp": "2026-11-03T10:15:00"},
        {"reference": "a|b|c|d|e"},
    ],
)
def test_malformed(changes):
    with pytest.raises(Refusal, match="malformed"):
        read(**changes)


def test_token_start_and_redirect():
    call = vipps.token(ACCOUNT)
    assert (call.url, call.headers["client_secret"]) == ("https://api.vipps.no/accesstoken/get", "cs-1")
    result = understand(vipps, ACCOUNT, call, answer({"access_token": "abc", "expires_in": "3600"}))
    assert (result.token, result.seconds) == ("abc", 3600)
    assert "abc" not in repr(result)
    call = vipps.start(ACCOUNT, s.order("vipps"))
    body = json.loads(call.body)
    assert (body["amount"], body["reference"], body["userFlow"]) == (money(125000), "INV-2026-0001", "WEB_REDIRECT")
    assert (call.headers["Idempotency-Key"], call.headers["Merchant-Serial-Number"]) == ("INV-2026-0001", "123456")
    result = understand(
        vipps, ACCOUNT, call, answer({"redirectUrl": "https://pay.vipps.no/x", "reference": "INV-2026-0001"})
    )
    assert result.redirect.url == "https://pay.vipps.no/x"
    assert (
        len(json.loads(vipps.start(ACCOUNT, s.order("vipps", description="x" * 300)).body)["paymentDescription"]) == 100
    )
    for changes, code in (
        ({"currency": "PLN"}, "currency_not_taken"),
        ({"reference": "INV_2026_1"}, "field_unfit"),
        ({"reference": "INV-1"}, "field_unfit"),
    ):
        with pytest.raises(Refusal, match=code):
            vipps.start(ACCOUNT, s.order("vipps", **changes))
    with pytest.raises(Refusal, match="not_configured"):
        vipps.start(Account(ACCOUNT.settings, ACCOUNT.secrets), s.order("vipps"))


def test_capture_follows_an_authorisation():
    call = vipps.follow_up(ACCOUNT, read(name="AUTHORIZED"))
    assert call.url == "https://api.vipps.no/epayment/v1/payments/INV-2026-0001/capture"
    assert call.headers["Idempotency-Key"] == "INV-2026-0001-capture"
    assert json.loads(call.body) == {"modificationAmount": money(125000)}
    result = understand(vipps, ACCOUNT, call, answer(standing("AUTHORIZED", 125000, 125000)))
    (notice,) = result.notices
    assert (notice.event, notice.amount, notice.transaction_id) == (Event.PAID, 125000, read().transaction_id)
    assert vipps.follow_up(ACCOUNT, read()) is None
    with pytest.raises(Refusal) as caught:
        understand(vipps, ACCOUNT, call, answer({"extraDetails": [{"name": "ErrorCode", "reason": "6080"}]}, 400))
    assert (caught.value.code, caught.value.detail) == ("provider_refused", "6080")
    assert vipps.release(ACCOUNT, "INV-2026-0001").url.endswith("/INV-2026-0001/cancel")


@pytest.mark.parametrize(
    ("body", "events"),
    [
        (standing("CREATED"), []),
        (standing("AUTHORIZED", 125000), [(Event.AUTHORISED, 125000)]),
        (standing("AUTHORIZED", 125000, 125000), [(Event.PAID, 125000)]),
        (standing("AUTHORIZED", 125000, 125000, 25000), [(Event.PAID, 125000), (Event.REFUNDED, 25000)]),
        (standing("AUTHORIZED", 125000, cancelled=125000), [(Event.CANCELLED, 125000)]),
        (standing("ABORTED"), [(Event.CANCELLED, 0)]),
        (standing("EXPIRED"), [(Event.EXPIRED, 0)]),
    ],
)
def test_status(body, events):
    call = vipps.status(ACCOUNT, "INV-2026-0001", "")
    found = understand(vipps, ACCOUNT, call, answer(body)).notices
    assert [(notice.event, notice.amount) for notice in found] == events
    assert all(notice.total is (notice.event is Event.REFUNDED) for notice in found)
    with pytest.raises(Refusal, match="bad_answer"):
        understand(vipps, ACCOUNT, call, answer({**body, "reference": "ANOTHER-1"}))
    with pytest.raises(Refusal, match="bad_answer"):
        understand(vipps, ACCOUNT, call, answer({**body, "aggregate": {}}))


def test_refund():
    call = vipps.refund(ACCOUNT, s.refund("vipps", transaction_id="INV-2026-0001"))
    assert (call.headers["Idempotency-Key"], json.loads(call.body)) == ("rfd-01", {"modificationAmount": money(25000)})
    found = understand(vipps, ACCOUNT, call, answer(standing("AUTHORIZED", 125000, 125000, 25000))).notices
    assert found[1].amount == 25000
