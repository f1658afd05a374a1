"""Web Push: what only the browser can read, who signed it, and hosts that a stranger may not make us call."""

import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from notifications.channels import push
from notifications.channels.model import Answer, State
from notifications.kinds import Channel

from tests.unit.notifications.channels import samples as s

AUTH = b"a" * 16
SANDBOX = "http://127.0.0.1:9077"


def decrypted(body):
    """What a browser reads: the steps of RFC 8291, section 3.4, from its side."""
    salt, size, length = body[:16], int.from_bytes(body[16:20]), body[20]
    sender, record = body[21 : 21 + length], body[21 + length :]
    assert size == 4096
    assert len(body) <= size
    browser = ec.derive_private_key(11, ec.SECP256R1())
    shared = browser.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
    own = s.unb64(json.loads(s.subscription())["keys"]["p256dh"])
    secret = HKDF(SHA256(), 32, AUTH, b"WebPush: info\0" + own + sender).derive(shared)
    key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(secret)
    nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(secret)
    text = AESGCM(key).decrypt(nonce, record, None)
    assert text.endswith(b"\x02")
    return json.loads(text[:-1])


def test_the_browser_reads_the_notice():
    call = s.send(Channel.PUSH)
    assert call.url == "https://fcm.googleapis.com/fcm/send/abc:def-1_2"
    assert decrypted(call.body) == {
        "id": "ntc_1",
        "title": s.MESSAGE.subject,
        "body": s.MESSAGE.short,
        "url": s.MESSAGE.link,
        "urgent": False,
    }
    headers = call.headers
    assert (headers["Content-Encoding"], headers["Urgency"], headers["TTL"]) == ("aes128gcm", "normal", "259200")
    again = s.send(Channel.PUSH, replace(s.MESSAGE, urgent=True))
    assert again.headers["Urgency"] == "high"
    assert len(headers["Topic"]) == 32
    assert (
        headers["Topic"]
        == again.headers["Topic"]
        != s.send(Channel.PUSH, replace(s.MESSAGE, notice_id="n")).headers["Topic"]
    )
    assert again.body[:16] != call.body[:16]


@pytest.mark.parametrize("short", ["ж" * 5000, '"' * 5000, "\U0001f600" * 5000])
def test_a_long_text_fits_one_record(short):
    found = decrypted(s.send(Channel.PUSH, replace(s.MESSAGE, short=short, subject="я" * 999)).body)
    assert found["url"] == s.MESSAGE.link
    assert found["body"].endswith("…")


def test_the_signature_is_ours_and_for_this_service():
    token, key = s.send(Channel.PUSH).headers["Authorization"].removeprefix("vapid t=").split(", k=")
    assert key == push.public_key(s.VAPID)
    claims = s.verified(token, key)
    assert claims == {
        "aud": "https://fcm.googleapis.com",
        "exp": int(s.NOW.timestamp()) + 12 * 3600,
        "sub": "mailto:office@rent.example",
    }


def test_a_new_key_is_one():
    one, other = push.new_key(), push.new_key()
    assert one != other
    assert len(one) == 43
    assert len(s.unb64(push.public_key(one))) == 65
    with pytest.raises(ValueError):
        push.public_key("")


ACCOUNT, LOCAL = s.account(Channel.PUSH), s.account(Channel.PUSH, host=SANDBOX)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/x",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://wns2-par02p.notify.windows.com/w/?token=BQYAAA%2b",
        "https://web.push.apple.com/QGx",
    ],
)
def test_the_makers_services_are_called(endpoint):
    kept = push.address(ACCOUNT, s.subscription(endpoint))
    assert json.loads(kept)["endpoint"] == endpoint
    assert push.send(ACCOUNT, kept, s.MESSAGE, s.NOW).url == endpoint


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evilfcm.googleapis.com/x",
        "https://evil.example/.push.services.mozilla.com",
        "https://push.services.mozilla.com@evil.example/x",
        "https://evilpush.services.mozilla.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com\\@evil.example/x",
        "https://169.254.169.254/latest/meta-data",
        "https://fcm.googleapis.com#.evil.example/x",
        "HTTPS://fcm.googleapis.com/x\r\nHost: a",
        f"{SANDBOX}/push/1",
        "http://127.0.0.1:9001/2018-06-01/runtime",
        "file:///etc/passwd",
        7,
    ],
)
def test_no_other_host_is_called(endpoint):
    with pytest.raises(ValueError):
        push.address(ACCOUNT, s.subscription(endpoint))


def test_the_sandbox_is_called_where_it_is_set_and_nothing_beside_it():
    kept = push.address(LOCAL, s.subscription(f"{SANDBOX}/push/1"))
    assert push.send(LOCAL, kept, s.MESSAGE, s.NOW).url == f"{SANDBOX}/push/1"
    with pytest.raises(ValueError):
        push.send(ACCOUNT, kept, s.MESSAGE, s.NOW)
    for other in ("http://127.0.0.1:9078/push/1", "http://127.0.0.1:90777/push/1", "http://127.0.0.1/push/1"):
        with pytest.raises(ValueError):
            push.address(LOCAL, s.subscription(other))


@pytest.mark.parametrize(
    "change",
    [{"p256dh": s.b64(b"\x04" + bytes(64))}, {"p256dh": s.b64(b"\x04" + b"\x01" * 64)}, {"auth": "YQ"}, {"auth": "!"}],
)
def test_keys_that_are_none_are_refused(change):
    given = json.loads(s.subscription())
    given["keys"].update(change)
    with pytest.raises(ValueError, match="keys"):
        push.address(ACCOUNT, json.dumps(given))


@pytest.mark.parametrize(
    ("status", "headers", "state", "seconds"),
    [
        (201, {"location": "https://fcm.googleapis.com/m/1"}, State.SENT, 0),
        (202, {}, State.SENT, 0),
        (404, {}, State.GONE, 0),
        (410, {}, State.GONE, 0),
        (413, {}, State.REFUSED, 0),
        (429, {"retry-after": "90"}, State.AGAIN, 90),
        (403, {}, State.REFUSED, 0),
        (500, {"retry-after": "Fri, 31 Dec"}, State.AGAIN, 0),
    ],
)
def test_answers(status, headers, state, seconds):
    outcome = push.understand(Answer(status, headers))
    assert (outcome.state, outcome.seconds) == (state, seconds)
