"""What a browser and a push service do with a message: decrypt it (RFC 8291, RFC 8188), check who sent it (RFC 8292)."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE: Final = ec.SECP256R1()
POINT: Final = 65
TAG: Final = 16
SIGNATURE: Final = 64


class UnreadableError(ValueError):
    """A body that the browser cannot decrypt, or a token that the service does not believe."""


def to_text(raw: bytes) -> str:
    """Base64 for addresses, without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def from_text(text: str) -> bytes:
    """The bytes of base64 for addresses. Raises ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def public_key(private: str) -> str:
    """The public key to a private one, both as text."""
    return to_text(Keys.of_number(int.from_bytes(from_text(private), "big"), b"").public)


@dataclass(frozen=True)
class Keys:
    """A subscription's keys; the private one never leaves the browser."""

    private: ec.EllipticCurvePrivateKey = field(repr=False)
    auth: bytes = field(repr=False)

    @classmethod
    def of_number(cls, secret: int, auth: bytes) -> "Keys":
        """From a private number of the curve."""
        return cls(ec.derive_private_key(secret, CURVE), auth)

    @property
    def public(self) -> bytes:
        """`p256dh`."""
        return point(self.private.public_key())

    def decrypt(self, body: bytes) -> bytes:
        """The text of an `aes128gcm` body of one record. Raises UnreadableError."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20] if len(body) > 20 else 0  # noqa: PLR2004
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        if length != POINT or not TAG < len(sealed) <= size:
            raise UnreadableError("header")
        try:
            shared = self.private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender))
            key, nonce = self._content_keys(shared, sender, salt)
            padded = AESGCM(key).decrypt(nonce, sealed, None)
        except (InvalidTag, ValueError) as error:
            raise UnreadableError("sealed") from error
        text = padded.rstrip(b"\0")
        if not text.endswith(b"\x02"):
            raise UnreadableError("padding")
        return text[:-1]

    def _content_keys(self, shared: bytes, sender: bytes, salt: bytes) -> tuple[bytes, bytes]:
        secret = _derive(self.auth, shared, b"WebPush: info\0" + self.public + sender, 32)
        key = _derive(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
        return key, _derive(salt, secret, b"Content-Encoding: nonce\0", 12)


def _derive(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    """HKDF with SHA-256 (RFC 5869) for at most one block."""
    extracted = hmac.digest(salt, secret, hashlib.sha256)
    return hmac.digest(extracted, info + b"\x01", hashlib.sha256)[:length]


def vapid_claims(header: str) -> tuple[dict[str, Any], bytes]:
    """The claims of `vapid t=..., k=...` and the public key that signed them. Raises UnreadableError."""
    scheme, _, rest = header.partition(" ")
    parts = dict(part.strip().partition("=")[::2] for part in rest.split(","))
    if scheme.lower() != "vapid" or not {"t", "k"} <= parts.keys():
        raise UnreadableError("scheme")
    try:
        head, claims, signature = parts["t"].split(".")
        public, raw = from_text(parts["k"]), from_text(signature)
        fits = json.loads(from_text(head)).get("alg") == "ES256" and len(raw) == SIGNATURE
        r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
        key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, public)
        key.verify(utils.encode_dss_signature(r, s), f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
        found = json.loads(from_text(claims))
    except (ValueError, InvalidSignature) as error:
        raise UnreadableError("signature") from error
    if not fits or not isinstance(found, dict):
        raise UnreadableError("claims" if fits else "algorithm")
    return found, public
