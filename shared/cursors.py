"""Paging cursors: the key where the next page begins, signed and bound to the list and the person they were made for."""

import base64
import hashlib
import hmac
import json
from http import HTTPStatus
from typing import Any, Final

from shared.errors import DomainError
from shared.secret import deployment_secret

_MAC_BYTES: Final = 16


def sign(key: dict[str, Any], audience: str) -> str:
    """A cursor for `key`, which only `read(..., audience)` with the same audience takes back."""
    body = json.dumps(key, separators=(",", ":"), sort_keys=True).encode()
    return base64.urlsafe_b64encode(_mac(body, audience) + body).decode().rstrip("=")


def read(cursor: str, audience: str) -> dict[str, Any]:
    """The key inside a cursor. Raises DomainError `invalid_cursor` (400) for anything that `sign` did not make for this audience."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError as error:
        raise DomainError("invalid_cursor", HTTPStatus.BAD_REQUEST) from error
    mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
    if not body or not hmac.compare_digest(mac, _mac(body, audience)):
        raise DomainError("invalid_cursor", HTTPStatus.BAD_REQUEST)
    key: dict[str, Any] = json.loads(body)
    return key


def _mac(body: bytes, audience: str) -> bytes:
    return hmac.new(deployment_secret(), audience.encode() + b"\x00" + body, hashlib.sha256).digest()[:_MAC_BYTES]
