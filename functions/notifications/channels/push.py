"""Web Push: a message to a browser, encrypted for it (RFC 8291, aes128gcm), sent by its maker's push service (RFC 8030), signed (RFC 8292).

The address is the browser's subscription: endpoint and keys. The endpoint is what a stranger gave us, so that only the known push services
are called, and in the local cloud a sandbox on this machine (the setting `host`, which callers take only where `is_local()`).
A new VAPID key ends all subscriptions, for a browser has bound them to the former one.
"""

import base64
import hashlib
import json
import os
import re
import struct
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from notifications.channels import wire
from notifications.channels.model import (
    Account,
    Answer,
    Field,
    HttpCall,
    Limits,
    Message,
    Outcome,
    Reply,
    Request,
    Said,
    State,
)

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

FIELDS: Final = (
    Field("subject", pattern=r"(mailto:[^\s<>]{3,200}|https://[^\s<>]{3,200})"),
    Field("vapid_key", secret=True, pattern=r"[A-Za-z0-9_-]{43}"),
    Field("host", required=False, pattern=r"http://127\.0\.0\.1:[0-9]{1,5}"),
)
# No push service publishes a figure; this is well below what they bear.
LIMITS: Final = Limits(per_second=100)
_SERVICES: Final = (
    "fcm.googleapis.com",
    ".push.services.mozilla.com",
    ".notify.windows.com",
    ".push.apple.com",
)
"""Hosts of the browsers' makers; those that begin with a dot are domains."""
_ENDPOINT: Final = re.compile(
    r"(https://[a-z0-9.-]{4,200}|http://127\.0\.0\.1:[0-9]{1,5})/[A-Za-z0-9._~:/?=&%+-]{1,1800}"
)
_RECORD: Final = 4096
_LONGEST: Final = _RECORD - 86 - 17
"""Octets of the text: a body of 4096 less its header (salt, record size, key) and what the cipher adds."""
_LIFE: Final = 3 * 86400
"""Seconds for which the service keeps a message for a browser that is away."""
_VALID: Final = 12 * 3600
"""Seconds for which a signature is good; a day is the most."""
_TAKEN: Final = frozenset({200, 201, 202})
_DEAD: Final = frozenset({404, 410})
_KEY: Final = 65
_AUTH: Final = 16
# The curve P-256 (FIPS 186): y^2 = x^3 - 3x + b modulo p.
_P: Final = 2**256 - 2**224 + 2**192 + 2**96 - 1
_B: Final = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B


def address(account: Account, given: str) -> str:
    """A subscription as `PushSubscription.toJSON()` gives it, or as it is kept: `{"auth", "endpoint", "p256dh"}`."""
    found = wire.read_object(given.encode("utf-8", "surrogatepass"))
    keys = wire.at(found, "keys") or found
    endpoint = wire.at(found, "endpoint")
    key, auth = wire.text_at(keys, "p256dh"), wire.text_at(keys, "auth")
    if not isinstance(endpoint, str) or not _is_service(account, endpoint):
        raise ValueError("endpoint")
    if not _on_curve(_bytes(key)) or len(_bytes(auth)) != _AUTH:
        raise ValueError("keys")
    kept = {"auth": _text(_bytes(auth)), "endpoint": endpoint, "p256dh": _text(_bytes(key))}
    return json.dumps(kept, separators=(",", ":"))


def send(account: Account, address_: str, message: Message, now: datetime) -> HttpCall:
    """The notice for the site's service worker: `{"id", "title", "body", "url", "urgent"}`. The same notice again replaces itself."""
    subscription = json.loads(address(account, address_))
    endpoint = subscription["endpoint"]
    body = encrypt(_payload(message), _bytes(subscription["p256dh"]), _bytes(subscription["auth"]))
    topic = hashlib.sha256(message.notice_id.encode()).digest()[:24]
    headers = {
        "Authorization": _vapid(account, endpoint, now),
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(_LIFE),
        "Topic": _text(topic),
        "Urgency": "high" if message.urgent else "normal",
    }
    return HttpCall("POST", endpoint, headers, body)


def understand(answer: Answer) -> Outcome:
    """By the HTTP status alone; the service names the message in Location."""
    if answer.status in _TAKEN:
        return Outcome(State.SENT, wire.text_at(answer.headers, "location"))
    if answer.status in _DEAD:
        return Outcome(State.GONE, code=f"http_{answer.status}")
    return wire.failed(answer)


def link(_account: Account, _token: str) -> str:
    """Empty: the browser asks its user, and gives the subscription."""
    return ""


def register(_account: Account, _url: str) -> HttpCall | None:
    """None: a push service tells nothing afterwards."""
    return None


def read_webhook(_account: Account, _request: Request) -> tuple[Reply, tuple[Said, ...]]:
    """A push service has none of ours."""
    raise wire.refused("no_webhook", 404)


def read_event(_detail_type: str, _detail: Mapping[str, Any]) -> tuple[Said, ...]:
    """Nothing: no push service is of AWS."""
    return ()


def new_key() -> str:
    """A new `vapid_key`: a private key on P-256, base64url."""
    from cryptography.hazmat.primitives.asymmetric import ec

    return _text(ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value.to_bytes(32))


def public_key(vapid_key: str) -> str:
    """What the site subscribes with (`applicationServerKey`). Raises ValueError for a key that is none."""
    return _text(_point(_private(vapid_key)))


def encrypt(text: bytes, their_key: bytes, auth: bytes, *, salt: bytes = b"", our_key: str = "") -> bytes:
    """One record of aes128gcm for a browser. `salt` and `our_key` are new for every message, and given only to prove it by an example."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    ours, salt = _private(our_key or new_key()), salt or os.urandom(16)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), their_key)
    point = _point(ours)
    secret = _hkdf(auth, ours.exchange(ec.ECDH(), theirs), b"WebPush: info\0" + their_key + point, 32)
    key = _hkdf(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _hkdf(salt, secret, b"Content-Encoding: nonce\0", 12)
    # 2 ends the last record.
    record = AESGCM(key).encrypt(nonce, text + b"\x02", None)
    return salt + struct.pack(">IB", _RECORD, len(point)) + point + record


def _payload(message: Message) -> bytes:
    title, most = wire.cut(wire.plain(message.subject), 200), 1000
    while True:
        found = {
            "id": message.notice_id,
            "title": title,
            "body": wire.cut(message.short, most),
            "url": message.link,
            "urgent": message.urgent,
        }
        text = json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
        if len(text) <= _LONGEST or not most:
            return text
        most //= 2


def _vapid(account: Account, endpoint: str, now: datetime) -> str:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    parts = urlsplit(endpoint)
    key = _private(account.secret("vapid_key"))
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(now.timestamp()) + _VALID,
        "sub": account.setting("subject"),
    }
    token = ".".join(
        _text(json.dumps(part, separators=(",", ":")).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims)
    )
    r, s = decode_dss_signature(key.sign(token.encode(), ec.ECDSA(hashes.SHA256())))
    return f"vapid t={token}.{_text(r.to_bytes(32) + s.to_bytes(32))}, k={_text(_point(key))}"


def _is_service(account: Account, endpoint: str) -> bool:
    if not _ENDPOINT.fullmatch(endpoint):
        return False
    parts = urlsplit(endpoint)
    if parts.scheme == "http":
        return f"http://{parts.netloc}" == account.settings.get("host")
    host = parts.netloc
    return any(host.endswith(one) if one.startswith(".") else host == one for one in _SERVICES)


def _on_curve(key: bytes) -> bool:
    if len(key) != _KEY or key[0] != 4:  # noqa: PLR2004 - an uncompressed point
        return False
    x, y = int.from_bytes(key[1:33]), int.from_bytes(key[33:])
    return x < _P and y < _P and (y * y - (x * x * x - 3 * x + _B)) % _P == 0


def _private(text: str) -> "EllipticCurvePrivateKey":
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.derive_private_key(int.from_bytes(_bytes(text)), ec.SECP256R1())


def _point(key: "EllipticCurvePrivateKey") -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    """Base64url without its padding; empty for what is none."""
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), b"-_", validate=True)
    except ValueError:
        return b""
