"""The other side of every channel: accounts, answers as they come, and webhooks signed with code of its own."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from notifications.channels import channel
from notifications.channels.model import Account, Answer, Message, Request
from notifications.kinds import Channel

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BOT = "123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
VIBER = "445da6az1s345z78-dazcczb2542zv51a-e0vc5fva17480im9"
APP = "0123456789abcdef0123456789abcdef"
VAPID = base64.urlsafe_b64encode(bytes(31) + b"\x07").rstrip(b"=").decode()
SETTINGS = {
    Channel.EMAIL: {"from": "office@rent.example", "sender": "Zarządca Łąka, sp. z o.o."},
    Channel.PUSH: {"subject": "mailto:office@rent.example"},
    Channel.TELEGRAM: {"bot": "lokum_bot"},
    Channel.VIBER: {"uri": "lokumbot", "sender": "Lokum"},
    Channel.WHATSAPP: {"phone_number_id": "200000000000000"},
    Channel.SMS: {"origination": "LOKUM"},
}
SECRETS = {
    Channel.EMAIL: {},
    Channel.PUSH: {"vapid_key": VAPID},
    Channel.TELEGRAM: {"bot_token": BOT},
    Channel.VIBER: {"auth_token": VIBER},
    Channel.WHATSAPP: {"access_token": "token", "app_secret": APP, "verify_token": "verify-me-1"},
    Channel.SMS: {},
}
SIGNED = {
    Channel.TELEGRAM: ("x-telegram-bot-api-secret-token", "bot_token"),
    Channel.VIBER: ("x-viber-content-signature", "auth_token"),
    Channel.WHATSAPP: ("x-hub-signature-256", "app_secret"),
}
"""Channels with a webhook: the header of its signature, and the secret that it is made with."""
MESSAGE = Message(
    notice_id="ntc_1",
    subject="Zapłacono 1 250,35 zł",
    text="Dziękujemy.\nhttps://rent.example/payments/pay_1",
    html="<p>Dziękujemy.</p>",
    short="Wpłata 1 250,35 zł <zaksięgowana> & potwierdzona.",
    link="https://rent.example/payments/pay_1?a=1&b=2",
    locale="pl",
    kind="payment_settled",
    values=("1 250,35 zł", "20 listopada\n2026"),
    reference="org_test-per_anna-ntc_1",
)


def account(name, *generations, **settings):
    return Account({**SETTINGS[name], **settings}, generations or (SECRETS[name],))


def subscription(endpoint="https://fcm.googleapis.com/fcm/send/abc:def-1_2", auth=b"a" * 16):
    key = ec.derive_private_key(11, ec.SECP256R1()).public_key()
    point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    keys = {"p256dh": b64(point), "auth": b64(auth)}
    return json.dumps({"endpoint": endpoint, "expirationTime": None, "keys": keys})


def b64(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


ADDRESSES = {
    Channel.EMAIL: "Anna.Kowalska@mail.example",
    Channel.PUSH: subscription(),
    Channel.TELEGRAM: "5551234",
    Channel.VIBER: "01234567890A=",
    Channel.WHATSAPP: "+48600100200",
    Channel.SMS: "+48600100200",
}


def send(name, message=MESSAGE, **settings):
    return channel(name).send(account(name, **settings), ADDRESSES[name], message, NOW)


def sent(call):
    """The JSON that a call carries."""
    return json.loads(call.body)


def answered(data, status=200, **headers):
    return Answer(status, headers, json.dumps(data).encode())


def request(body=b"", headers=None, method="POST", query=None):
    return Request(method, query or {}, headers or {}, body, NOW)


def signature(name, secret, body):
    if name is Channel.TELEGRAM:
        # What setWebhook was given, as the channel hands it back.
        call = channel(name).register(Account(SETTINGS[name], ({"bot_token": secret},)), "https://rent.example/hook")
        return json.loads(call.body)["secret_token"]
    found = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return f"sha256={found}" if name is Channel.WHATSAPP else found


def signed(name, data, secret=None):
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    header, secret_name = SIGNED[name]
    return request(body, {header: signature(name, secret or SECRETS[name][secret_name], body)})


def said(name, data, **settings):
    """What a genuine webhook says."""
    return channel(name).read_webhook(account(name, **settings), signed(name, data))[1]


WEBHOOKS = {
    Channel.TELEGRAM: {
        "update_id": 7,
        "message": {
            "date": 1793000000,
            "chat": {"id": 5551234, "type": "private"},
            "text": "/start tok_-1",
        },
    },
    Channel.VIBER: {
        "event": "conversation_started",
        "timestamp": 1793000000123,
        "message_token": 4912661846655238145,
        "type": "open",
        "context": "tok_-1",
        "user": {"id": "01234567890A=", "name": "Anna", "language": "uk-UA"},
        "subscribed": True,
    },
    Channel.WHATSAPP: {
        "object": "whatsapp_business_account",
        "entry": [
            {
                "id": "1",
                "changes": [
                    {
                        "field": "messages",
                        "value": {
                            "metadata": {"phone_number_id": "200000000000000"},
                            "statuses": [
                                {
                                    "id": "wamid.1",
                                    "status": "delivered",
                                    "timestamp": "1793000000",
                                    "recipient_id": "48600100200",
                                    "biz_opaque_callback_data": "org_test-per_anna-ntc_1",
                                }
                            ],
                        },
                    }
                ],
            }
        ],
    },
}


def verified(token, key):
    """The claims of a VAPID token, once its ES256 signature holds for the key."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    text, _, signed_with = token.rpartition(".")
    raw = unb64(signed_with)
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(key))
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    public.verify(der, text.encode(), ec.ECDSA(hashes.SHA256()))
    header, claims = (json.loads(unb64(part)) for part in text.split("."))
    assert header == {"typ": "JWT", "alg": "ES256"}
    return claims
