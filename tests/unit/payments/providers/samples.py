"""The other side: messages as each provider sends them, signed by code of our own that shares nothing with what is tested."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit

from payments.providers import provider
from payments.providers.model import Account, Delivery, Order, Refund

NOW = datetime(2026, 11, 3, 10, 15, 1, tzinfo=UTC)
URL = "https://portal.example.com/webhooks/x?o=1"
KEYS = ("newest-secret", "older-secret")
SETTINGS = {
    "autopay": {"service_id": "123456"},
    "stripe": {},
    "liqpay": {"public_key": "sandbox_i00000000"},
    "vipps": {"msn": "123456", "client_id": "id-1"},
    "przelewy24": {"merchant_id": "12345", "pos_id": "123"},
    "gocardless": {},
}
SIGNING = {
    "autopay": "key",
    "stripe": "webhook_secret",
    "liqpay": "private_key",
    "vipps": "webhook_secret",
    "przelewy24": "crc",
    "gocardless": "webhook_secret",
}
NAMES = tuple(SETTINGS)
CURRENCY = {
    "autopay": "PLN",
    "stripe": "EUR",
    "liqpay": "UAH",
    "vipps": "NOK",
    "przelewy24": "PLN",
    "gocardless": "EUR",
}


def account(name, keys=KEYS, **settings):
    calls = {"api_key": "sk-1", "access_token": "at-1", "client_secret": "cs-1", "subscription_key": "sub-1"}
    generations = tuple({**calls, SIGNING[name]: key} for key in keys)
    return Account({**SETTINGS[name], **settings}, generations, "token-1" if name == "vipps" else "")


def order(name, **changes):
    known = Order(
        reference="INV-2026-0001",
        amount=125000,
        currency=CURRENCY[name],
        description="Czynsz za listopad, mieszkanie 12",
        language="pl",
        created_at=NOW,
        expires_at=NOW + timedelta(hours=2),
        return_url="https://portal.example.com/pay/return",
        webhook_url=URL,
        email="tenant@example.com",
        customer_number="T-0012",
    )
    return replace(known, **changes)


def refund(name, **changes):
    known = Refund("rfd-01", "INV-2026-0001", "123456789", 25000, CURRENCY[name], URL, refunded=10000)
    return replace(known, **changes)


def delivery(body, headers=None, url=URL, now=NOW):
    return Delivery(body, headers or {}, url, now)


# --- Autopay


def autopay_hash(values, key, algorithm="sha256"):
    return hashlib.new(algorithm, "|".join([*(value for value in values if value), key]).encode()).hexdigest()


def itn_fields(**changes):
    known = {
        "orderID": "INV-2026-0001",
        "remoteID": "9IA2UISN",
        "amount": "1250.00",
        "currency": "PLN",
        "gatewayID": "106",
        "paymentDate": "20261103101500",
        "paymentStatus": "SUCCESS",
        "paymentStatusDetails": "AUTHORIZED",
    }
    return {name: value for name, value in {**known, **changes}.items() if value is not None}


def itn_xml(fields, key=KEYS[0], service="123456", signature=None):
    signature = signature or autopay_hash([service, *fields.values()], key)
    leaves = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f"<transactionList><serviceID>{service}</serviceID><transactions><transaction>{leaves}</transaction></transactions>"
        f"<hash>{signature}</hash></transactionList>"
    )


def as_form(xml):
    raw = xml if isinstance(xml, bytes) else xml.encode()
    return b"transactions=" + quote(base64.b64encode(raw).decode(), safe="").encode()


def itn(fields=None, **known):
    return delivery(as_form(itn_xml(fields or itn_fields(), **known)))


# --- Stripe


def stripe(event, key=KEYS[0], at=NOW, now=NOW):
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    stamp = int(at.timestamp())
    signature = hmac.new(key.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return delivery(body, {"Stripe-Signature": f"t={stamp},v1={signature}"}, now=now)


def stripe_event(kind="checkout.session.completed", event_id="evt_1", **changes):
    subject = {
        "id": "cs_test_1",
        "payment_intent": "pi_1",
        "payment_status": "paid",
        "status": "complete",
        "amount_total": 125000,
        "currency": "eur",
        "client_reference_id": "INV-2026-0001",
        **changes,
    }
    return {"id": event_id, "type": kind, "created": int(NOW.timestamp()), "data": {"object": subject}}


# --- LiqPay


def liqpay_sign(data, key, hash_=hashlib.sha1):
    return base64.b64encode(hash_((key + data + key).encode()).digest()).decode()


def liqpay_data(**changes):
    known = {
        "action": "pay",
        "payment_id": 1234567890,
        "status": "success",
        "version": 3,
        "public_key": "sandbox_i00000000",
        "order_id": "INV-2026-0001",
        "amount": 1250.0,
        "currency": "UAH",
        "end_date": 1762000001000,
    }
    return {name: value for name, value in {**known, **changes}.items() if value is not None}


def liqpay(values=None, key=KEYS[0], hash_=hashlib.sha1):
    data = base64.b64encode(json.dumps(values or liqpay_data()).encode()).decode()
    return delivery(f"data={quote(data, safe='')}&signature={quote(liqpay_sign(data, key, hash_), safe='')}".encode())


# --- Vipps


def vipps_event(**changes):
    return {
        "msn": "123456",
        "reference": "INV-2026-0001",
        "pspReference": "1234567891",
        "name": "CAPTURED",
        "amount": {"currency": "NOK", "value": 125000},
        "timestamp": "2026-11-03T10:15:00.5333258Z",
        "idempotencyKey": "49ca711a9487112e1def",
        "success": True,
        **changes,
    }


def vipps(event=None, key=KEYS[0], url=URL, date="Tue, 03 Nov 2026 10:15:01 GMT", now=NOW):
    body = event if isinstance(event, bytes) else json.dumps(event or vipps_event()).encode()
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    text = f"POST\n{path}\n{date};{parts.netloc};{digest}"
    signature = base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()
    headers = {
        "X-Ms-Date": date,
        "x-ms-content-sha256": digest,
        "Authorization": f"HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature={signature}",
    }
    return delivery(body, headers, url, now)


# --- Przelewy24


def p24_sign(text):
    return hashlib.sha384(text.encode()).hexdigest()


def p24_data(**changes):
    return {
        "merchantId": 12345,
        "posId": 123,
        "sessionId": "INV-2026-0001",
        "amount": 125000,
        "originAmount": 125000,
        "currency": "PLN",
        "orderId": 123456789,
        "methodId": 32,
        "statement": "p24-Ż/12",
        **changes,
    }


def p24(data=None, key=KEYS[0]):
    values = data or p24_data()
    signed = json.dumps({**values, "crc": key}, separators=(",", ":"), ensure_ascii=False)
    return delivery(json.dumps({**values, "sign": p24_sign(signed)}).encode())


def p24_refund(key=KEYS[0], **changes):
    known = {
        "orderId": 123456789,
        "sessionId": "INV-2026-0001",
        "refundsUuid": "rfd-01",
        "merchantId": 12345,
        "amount": 25000,
        "currency": "PLN",
        "status": 0,
    }
    return p24({**known, **changes}, key)


# --- GoCardless


def gc_event(kind="payments", action="confirmed", **changes):
    link = {"billing_requests": "billing_request", "payouts": "payout", "mandates": "mandate", "refunds": "refund"}
    return {
        "id": "EV1",
        "created_at": "2026-11-03T10:15:00.404Z",
        "resource_type": kind,
        "action": action,
        "links": {link.get(kind, "payment"): "PM1"},
        "details": {"cause": "payment_confirmed"},
        "metadata": {},
        **changes,
    }


def gocardless(*events, key=KEYS[0]):
    body = json.dumps({"events": list(events) or [gc_event()]}).encode()
    return delivery(body, {"Webhook-Signature": hmac.new(key.encode(), body, hashlib.sha256).hexdigest()})


@dataclass(frozen=True)
class Genuine:
    """A provider with a webhook of its own and an account that takes it."""

    name: str

    @property
    def module(self):
        return provider(self.name)

    def deliver(self, key=KEYS[0]):
        makers = {
            "autopay": itn,
            "stripe": None,
            "liqpay": liqpay,
            "vipps": vipps,
            "przelewy24": p24,
            "gocardless": gocardless,
        }
        return stripe(stripe_event(), key) if self.name == "stripe" else makers[self.name](key=key)


GENUINE = tuple(Genuine(name) for name in NAMES)
