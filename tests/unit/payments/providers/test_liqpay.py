"""LiqPay. Published: `liqpay/sdk-python` liqpay/test_liqpay3.py (version 3), a public verify script (version 7)."""

import base64
import hashlib
import json
from urllib.parse import parse_qs

import pytest
from payments.providers import liqpay, understand
from payments.providers.model import Account, Answer, Event, Refusal
from payments.providers.wire import json_body

from tests.unit.payments.providers import samples as s

ACCOUNT = s.account("liqpay")


def read(account=ACCOUNT, **changes):
    return liqpay.read_webhook(account, s.liqpay(s.liqpay_data(**changes)))


def answer(value, status=200):
    return Answer(status, json_body(value), s.NOW)


def test_published_signatures():
    text = '{"action": "pay", "amount": "10", "currency": "USD", "description": "Test Order", "language": "en", "order_id": "123456", "public_key": "your_public_key", "version": 3}'
    account = Account({}, ())
    data = base64.b64encode(text.encode()).decode()
    assert liqpay.signature(account, "your_private_key", data) == "x4uWEaw2f35T0IoiVfECyKsbIeY="
    text = '{"public_key":"i00000000","version":7,"action":"pay","amount":"3","currency":"UAH","description":"test","order_id":"000001"}'
    data = base64.b64encode(text.encode()).decode()
    found = liqpay.signature(Account({"version": "7"}, ()), "a4825234f4bae72a0be04eafe9e8e2bada209255", data)
    assert found == "0adgJ8F2Ds5HCVkcz4AlmdLMRoIJf7IxsL3QmeFRz/s="
    with pytest.raises(Refusal, match="not_configured"):
        liqpay.signature(Account({"version": "4"}, ()), "k", data)


def test_the_version_is_never_guessed():
    account = s.account("liqpay", version="7")
    assert liqpay.read_webhook(account, s.liqpay(hash_=hashlib.sha3_256))
    with pytest.raises(Refusal, match="bad_signature"):
        liqpay.read_webhook(account, s.liqpay())
    with pytest.raises(Refusal, match="bad_signature"):
        liqpay.read_webhook(ACCOUNT, s.liqpay(hash_=hashlib.sha3_256))


@pytest.mark.parametrize(
    ("status", "event"),
    [
        ("success", Event.PAID),
        ("wait_compensation", Event.PAID),
        ("wait_accept", Event.PENDING),
        ("3ds_verify", Event.PENDING),
        ("try_again", Event.PENDING),
        ("failure", Event.FAILED),
        ("error", Event.FAILED),
        ("subscribed", Event.OTHER),
    ],
)
def test_statuses(status, event):
    (notice,) = read(status=status)
    assert (notice.event, notice.transaction_id, notice.detail) == (event, "1234567890", status)
    assert (notice.amount, notice.currency, notice.occurred_at.year) == (125000, "UAH", 2025)


def test_keys_tell_status_and_end():
    keys = {
        read()[0].key,
        read(status="failure")[0].key,
        read(end_date=1762000009000)[0].key,
        read(end_date=None)[0].key,
    }
    assert len(keys) == 4
    assert read(end_date=None)[0].occurred_at == s.NOW


def test_what_was_given_back_was_paid():
    paid, back = read(status="reversed", refund_amount=250.0)
    assert (paid.event, paid.amount, paid.total) == (Event.PAID, 125000, False)
    assert (back.event, back.amount, back.total) == (Event.REFUNDED, 25000, True)
    assert read(status="reversed")[1].amount == 125000
    assert paid.key != back.key


def test_what_is_only_held_is_not_money():
    (held,) = read(action="hold", status="success")
    (let_go,) = read(action="hold", status="reversed")
    assert (held.event, let_go.event) == (Event.PENDING, Event.CANCELLED)


def test_play_money_is_refused_unless_the_account_is_a_sandbox():
    with pytest.raises(Refusal, match="wrong_service"):
        read(status="sandbox")
    assert read(s.account("liqpay", sandbox="yes"), status="sandbox")[0].event is Event.PAID
    with pytest.raises(Refusal, match="wrong_service"):
        read(public_key="another")


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": 12.345},
        {"amount": "12,50"},
        {"amount": True},
        {"amount": -1},
        {"payment_id": "1"},
        {"currency": 980},
        {"order_id": "a b"},
        {"end_date": "x"},
    ],
)
def test_malformed(changes):
    with pytest.raises(Refusal, match="malformed"):
        read(**changes)


def test_start():
    redirect = liqpay.start(ACCOUNT, s.order("liqpay", language="uk", description="Оренда, листопад"))
    data = json.loads(base64.b64decode(redirect.fields["data"]))
    assert (redirect.method, redirect.url) == ("POST", "https://www.liqpay.ua/api/3/checkout")
    assert redirect.fields["signature"] == s.liqpay_sign(redirect.fields["data"], s.KEYS[0])
    assert (data["amount"], data["currency"], data["language"], data["version"]) == ("1250.00", "UAH", "uk", 3)
    assert (data["order_id"], data["server_url"], data["description"]) == ("INV-2026-0001", s.URL, "Оренда, листопад")
    assert "private_key" not in data
    for changes, code in (({"currency": "PLN"}, "currency_not_taken"), ({"return_url": "x" * 600}, "field_unfit")):
        with pytest.raises(Refusal, match=code):
            liqpay.start(ACCOUNT, s.order("liqpay", **changes))


def test_status_and_refund():
    call = liqpay.status(ACCOUNT, "INV-2026-0001", "")
    form = {name: value[0] for name, value in parse_qs(call.body.decode()).items()}
    assert form["signature"] == s.liqpay_sign(form["data"], s.KEYS[0])
    assert json.loads(base64.b64decode(form["data"]))["action"] == "status"
    (notice,) = understand(liqpay, ACCOUNT, call, answer({**s.liqpay_data(public_key=None), "result": "ok"})).notices
    assert notice.event is Event.PAID
    assert understand(liqpay, ACCOUNT, call, answer({"result": "error", "err_code": "payment_not_found"})).notices == ()
    for body, code in (
        ({"result": "error", "err_code": "err_access"}, "provider_refused"),
        (s.liqpay_data(order_id="OTHER"), "bad_answer"),
        (s.liqpay_data(amount=None), "bad_answer"),
    ):
        with pytest.raises(Refusal, match=code):
            understand(liqpay, ACCOUNT, call, answer(body))
    call = liqpay.refund(ACCOUNT, s.refund("liqpay"))
    data = json.loads(base64.b64decode(parse_qs(call.body.decode())["data"][0]))
    assert (data["action"], data["amount"], data["order_id"]) == ("refund", "250.00", "INV-2026-0001")
    assert understand(liqpay, ACCOUNT, call, answer({"result": "ok", "status": "reversed"})).then.purpose == "status"
