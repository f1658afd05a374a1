"""The devices from which a person signs in: what they call themselves, and which of them are his. Pure."""

import re
from collections.abc import Mapping
from typing import Final

LIMIT: Final = 20
"""Devices of a person that are remembered; the one that was used least recently goes first."""
SECONDS: Final = 400 * 86_400
"""How long a device is remembered after its last use: as long as browsers keep a cookie at most."""
NOTED_SECONDS: Final = 86_400
"""A device in daily use is not noted more often than this."""
_ID: Final = re.compile(r"[A-Za-z0-9_-]{43}")
# What most others say of themselves too stands last.
_BROWSERS: Final = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS: Final = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def is_id(text: str) -> bool:
    """Whether a browser's cookie can be one that we gave: 32 random bytes in base64url."""
    return _ID.fullmatch(text) is not None


def describe(user_agent: str) -> str:
    """Browser and system, such as "Firefox, Linux"; empty where neither is known.

    The names are ours: what a stranger puts into the header is never repeated to anybody.
    """
    found = (next((name for mark, name in marks if mark in user_agent), "") for marks in (_BROWSERS, _SYSTEMS))
    return ", ".join(name for name in found if name)


def is_known(seen: Mapping[str, int], device: str, now: int) -> bool:
    """Whether a device is one of those that were `seen`, each with the Unix time of its last use."""
    return device in seen and now - seen[device] < SECONDS


def seen_with(seen: Mapping[str, int], device: str, now: int) -> dict[str, int]:
    """What is remembered once a device is used now."""
    others = sorted((at, one) for one, at in seen.items() if one != device and now - at < SECONDS)
    return {**{one: at for at, one in others[1 - LIMIT :]}, device: now}
