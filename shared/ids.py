"""Identifiers: a prefix that names the kind, an underscore, and a ULID."""

import hashlib
import re
from typing import Final

from ulid import ULID

ID_PATTERN: Final = re.compile(r"^[a-z]{2,5}_[0-9A-HJKMNP-TV-Za-z_]{1,40}$")
_PREFIX: Final = re.compile(r"^[a-z]{2,5}$")
_ULID_BYTES: Final = 16
_SEPARATOR: Final = "\x1f"


def new_id(prefix: str) -> str:
    """A new id, sortable by the time it was made: `new_id("pay")` -> `pay_01J...`."""
    return f"{_checked(prefix)}_{ULID()}"


def derived_id(prefix: str, *parts: str) -> str:
    """The id that always belongs to these parts: the way to make a thing once, however often the request comes."""
    digest = hashlib.sha256(_SEPARATOR.join(parts).encode()).digest()
    return f"{_checked(prefix)}_{ULID(digest[:_ULID_BYTES])}"


def _checked(prefix: str) -> str:
    if not _PREFIX.match(prefix):
        msg = f"not an id prefix: {prefix!r}"
        raise ValueError(msg)
    return prefix
