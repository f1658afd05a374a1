"""What a provider would refuse of its shop: bad signatures and keys, fields that are wrong or unknown, calls that do not fit."""

import base64
import json
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

import pytest
from payments.providers import provider
from payments.providers.model import Account, Refusal

from infra.local.providers import KINDS
from infra.local.providers.autopay_messages import START_ORDER, digest
from infra.local.providers.liqpay import packed, signature
from tests.local_cloud.providers.portal import DEMO, http

REFERENCE = "inv-2026-0001"
SIGNING = {"autopay": "key", "liqpay": "private_key", "przelewy24": "crc"}
KEYS = {"stripe": "api_key", "vipps": "client_secret", "przelewy24": "api_key", "gocardless": "access_token"}


def as_another(portal, name, secret):
    known, secrets = DEMO[name]
    host = portal.accounts[name].setting("host")
    account = Account({**known, "host": host}, ({**secrets, secret: "another"},), portal.accounts[name].token)
    portal.accounts[name] = account
    return account


@pytest.mark.parametrize("name", ["autopay", "liqpay"])
def test_wrongly_signed_form(portal, sandboxes, name):
    as_another(portal, name, SIGNING[name])
    begun = provider(name).start(portal.accounts[name], portal.order(name, REFERENCE))
    status, _, page = http("POST", begun.url, urlencode(begun.fields).encode())
    assert status == 400
    assert b"INVALID_HASH" in page or b"invalid_signature" in page
    assert sandboxes[name].orders == {}


@pytest.mark.parametrize("name", list(KEYS))
def test_wrong_key(portal, sandboxes, name):
    account = as_another(portal, name, KEYS[name])
    call = provider(name).token(account) or provider(name).start(account, portal.order(name, REFERENCE))
    with pytest.raises(Refusal, match="provider_refused"):
        portal.call(name, call)
    assert sandboxes[name].orders == {}


@pytest.mark.parametrize("name", list(KINDS))
def test_calls_about_what_is_not_there(portal, sandboxes, name):
    account = portal.accounts[name]
    call = provider(name).status(account, REFERENCE, "BRQ000" if name == "gocardless" else "cs_test_0")
    if name in {"stripe", "vipps"}:
        with pytest.raises(Refusal, match=r"provider_refused (resource_missing|PaymentNotFound)"):
            portal.call(name, call)
    else:
        assert portal.call(name, call).notices == ()
    assert sandboxes[name].books() == []


@pytest.mark.parametrize("name", list(KINDS))
def test_the_same_start_again(portal, sandboxes, name):
    order = portal.order(name, REFERENCE)
    begun = [provider(name).start(portal.accounts[name], order) for _ in range(2)]
    for one in begun:
        if hasattr(one, "purpose"):
            assert portal.call(name, one).redirect
        else:
            assert http("POST", one.url, urlencode(one.fields).encode())[0] == 200
    assert len(sandboxes[name].orders) == 1
    # Other contents under the same reference are another matter.
    other = provider(name).start(portal.accounts[name], replace(order, amount=99))
    if name == "gocardless":  # answers with what the key made before
        assert portal.call(name, other).provider_id in sandboxes[name].orders
    elif hasattr(other, "purpose"):
        with pytest.raises(Refusal, match="provider_refused"):
            portal.call(name, other)
    else:
        assert http("POST", other.url, urlencode(other.fields).encode())[0] == 400
    assert {order.amount for order in sandboxes[name].orders.values()} == {125035}


@pytest.mark.parametrize("name", list(KINDS))
def test_refund_of_too_much(portal, sandboxes, name):
    portal.press(name, portal.start(name), "pay")
    for _ in range(3):
        sandboxes[name].courier.idle(0.2)
        portal.follow(name)
    assert sandboxes[name].books()[0]["paid"] == 125035
    with pytest.raises(Refusal, match="provider_refused"):
        portal.refund(name, REFERENCE, 125036, "rfd-0001")
    assert sandboxes[name].books()[0]["refunded"] == 0


AUTOPAY = [
    ({"Amount": "1250"}, b"INVALID_FORMAT Amount"),
    ({"Amount": "100000.01"}, b"INVALID_FORMAT Amount"),
    ({"Description": "Żółć"}, b"INVALID_FORMAT Description"),
    ({"Currency": "EUR"}, b"INVALID_FORMAT Currency"),
    ({"CustomerEmail": ""}, b"INVALID_FORMAT CustomerEmail"),
    ({"OrderID": "a" * 33}, b"INVALID_FORMAT OrderID"),
    ({"Surprise": "1"}, b"INVALID_FORMAT Surprise"),
    ({"ServiceID": "1"}, b"INVALID_HASH"),
]


def test_autopay_fields(portal, sandboxes):
    begun = provider("autopay").start(portal.accounts["autopay"], portal.order("autopay", REFERENCE))
    for changes, code in AUTOPAY:
        fields = {**begun.fields, **changes}
        fields["Hash"] = digest("sha256", [fields.get(name, "") for name in START_ORDER], "demo-autopay-key")
        status, _, page = http("POST", begun.url, urlencode(fields).encode())
        assert (status, code in page) == (400, True), changes
        _, _, xml = http("POST", begun.url, urlencode(fields).encode(), {"BmHeader": "pay-bm"})
        assert b"<statusCode>" in xml
    assert sandboxes["autopay"].orders == {}


def test_autopay_pretransaction_and_paid_before(portal, sandboxes):
    begun = provider("autopay").start(portal.accounts["autopay"], portal.order("autopay", REFERENCE))
    body, header = urlencode(begun.fields).encode(), {"BmHeader": "pay-bm-continue-transaction-url"}
    assert b"<redirecturl>" in http("POST", begun.url, body, header)[2]
    sandboxes["autopay"].pay(REFERENCE)
    assert b"MULTIPLY_PAID_TRANSACTION" in http("POST", begun.url, body, header)[2]
    assert b"closed" in http("POST", begun.url, body)[2]
    with pytest.raises(ValueError, match="done"):
        sandboxes["autopay"].pay(REFERENCE)


def changed_form(call, **changes):
    fields = {**dict(parse_qsl(call.body.decode())), **changes}
    return replace(call, body=urlencode({k: v for k, v in fields.items() if v}).encode())


STRIPE_FIELDS = [
    {"payment_method_types[0]": "card"},
    {"mode": "setup"},
    {"line_items[0][price_data][unit_amount]": "12.5"},
    {"line_items[0][price_data][currency]": "PLN"},
    {"success_url": ""},
    {"expires_at": "1700000000"},
    {"locale": "xx"},
]


def test_stripe_fields(portal, sandboxes):
    for changes in STRIPE_FIELDS:
        call = provider("stripe").start(portal.accounts["stripe"], portal.order("stripe", REFERENCE))
        with pytest.raises(Refusal, match="provider_refused parameter_"):
            portal.call("stripe", changed_form(call, **changes))
        without = {name: value for name, value in call.headers.items() if name != "Stripe-Version"}
        with pytest.raises(Refusal, match="version_invalid"):
            portal.call("stripe", replace(call, headers=without))
        assert sandboxes["stripe"].orders == {}


LIQPAY_FIELDS = [
    {"version": 7},
    {"action": "hold"},
    {"currency": "NOK"},
    {"amount": "0.001"},
    {"description": ""},
    {"public_key": "x"},
]


def test_liqpay_fields(portal, sandboxes):
    for changes in LIQPAY_FIELDS:
        begun = provider("liqpay").start(portal.accounts["liqpay"], portal.order("liqpay", REFERENCE))
        data = packed({**json.loads(base64.b64decode(begun.fields["data"])), **changes})
        form = {"data": data, "signature": signature("3", "demo_private", data)}
        assert http("POST", begun.url, urlencode(form).encode())[0] == 400
        assert sandboxes["liqpay"].orders == {}


def changed_json(call, **changes):
    return replace(call, body=json.dumps({**json.loads(call.body), **changes}).encode())


VIPPS_FIELDS = [
    {"amount": {"currency": "NOK", "value": 99}},
    {"amount": {"currency": "SEK", "value": 1000}},
    {"reference": "short"},
    {"userFlow": "OTHER"},
    {"returnUrl": "x"},
    {"paymentDescription": "x" * 101},
]


def test_vipps_fields(portal, sandboxes):
    for changes in VIPPS_FIELDS:
        call = provider("vipps").start(portal.accounts["vipps"], portal.order("vipps", REFERENCE))
        with pytest.raises(Refusal, match="provider_refused"):
            portal.call("vipps", changed_json(call, **changes))
        for header in ("Authorization", "Idempotency-Key", "Merchant-Serial-Number", "Ocp-Apim-Subscription-Key"):
            without = {name: value for name, value in call.headers.items() if name != header}
            with pytest.raises(Refusal, match="provider_refused"):
                portal.call("vipps", replace(call, headers=without))
        assert sandboxes["vipps"].orders == {}


PRZELEWY24_FIELDS = [
    {"amount": 1},
    {"sign": "0"},
    {"merchantId": 1},
    {"surprise": 1},
    {"timeLimit": 100},
    {"email": ""},
]


def test_przelewy24_fields(portal, sandboxes):
    for changes in PRZELEWY24_FIELDS:
        call = provider("przelewy24").start(portal.accounts["przelewy24"], portal.order("przelewy24", REFERENCE))
        with pytest.raises(Refusal, match="provider_refused"):
            portal.call("przelewy24", changed_json(call, **changes))
        assert sandboxes["przelewy24"].orders == {}


GOCARDLESS_FIELDS = [{"amount": 0}, {"amount": "1"}, {"currency": "PLN"}]


def test_gocardless_fields(portal, sandboxes):
    for wrong in GOCARDLESS_FIELDS:
        call = provider("gocardless").start(portal.accounts["gocardless"], portal.order("gocardless", REFERENCE))
        body = json.loads(call.body)
        body["billing_requests"]["payment_request"].update(wrong)
        with pytest.raises(Refusal, match="provider_refused amount_or_currency"):
            portal.call("gocardless", replace(call, body=json.dumps(body).encode()))
        with pytest.raises(Refusal, match="request_body_missing_wrapper"):
            portal.call("gocardless", replace(call, body=b"{}"))
        assert sandboxes["gocardless"].orders == {}
