"""E-mail addresses: when two are the same, and what is one at all."""

import re
import unicodedata
from typing import Final

MAX_LENGTH: Final = 254
"""RFC 5321 4.5.3.1.3 less the angle brackets."""
_SHAPE: Final = re.compile(
    r"[^\s\x00-\x1f\x7f@\"(),:;<>\[\]\\]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_]", re.UNICODE
)


def normalise(email: str) -> str:
    """The form in which addresses are compared: no outer spaces, composed characters, small letters."""
    small = unicodedata.normalize("NFKC", email).strip().lower()
    return unicodedata.normalize("NFKC", small).strip()


def is_email(text: str) -> bool:
    """Whether it has the shape of an address that mail can be sent to; whether it exists only a mail shows."""
    return len(text) <= MAX_LENGTH and _SHAPE.fullmatch(text) is not None
