# ruff: noqa: RUF001 - letters that look alike are what this is about
"""The alphabet of SMS: how many parts a text comes to, and the same text in its letters (3GPP TS 23.038, section 6.2.1)."""

import re
import unicodedata
from typing import Final, NamedTuple

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("^{}\\[~]|€")
"""Letters that take two places: an escape, and themselves."""
_ONE: Final = {"GSM": 160, "UCS-2": 70}
_SEVERAL: Final = {"GSM": 153, "UCS-2": 67}
_WIDE: Final = 0xFFFF

# Ukrainian as the Cabinet of Ministers' resolution 55 of 2010 writes it; the first letter of a word where it differs.
_CYRILLIC: Final = "а б в г ґ д е є ж з и і ї й к л м н о п р с т у ф х ц ч ш щ ю я ь"
_LATIN: Final = "a b v h g d e ie zh z y i i i k l m n o p r s t u f kh ts ch sh shch iu ia "
_UKRAINIAN: Final = dict(zip(_CYRILLIC.split(" "), _LATIN.split(" "), strict=True))
_AT_FIRST: Final = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_APOSTROPHE: Final = re.compile("(?<=[Ѐ-ӿ])['’ʼ](?=[Ѐ-ӿ])")
_PLAIN: Final = {
    "ł": "l", "Ł": "L", "œ": "oe", "Œ": "OE", "đ": "d", "Đ": "D", "–": "-", "—": "-", "‑": "-", "„": '"', "”": '"', "“": '"', "«": '"',
    "»": '"', "’": "'", "‘": "'", "ʼ": "'", "…": "...", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "№": "No", "₴": "UAH", "−": "-",
}  # fmt: skip


class Parts(NamedTuple):
    """What a text comes to: how it is written, and how many parts are paid for."""

    encoding: str
    number: int


def parts_of(text: str) -> Parts:
    """The parts of a text. A letter of two places is never torn, so a part may have one place left."""
    gsm = all(one in _BASIC or one in _EXTENDED for one in text)
    encoding = "GSM" if gsm else "UCS-2"
    sizes = [1 + (one in _EXTENDED if gsm else ord(one) > _WIDE) for one in text]
    if sum(sizes) <= _ONE[encoding]:
        return Parts(encoding, 1)
    number, left = 1, _SEVERAL[encoding]
    for size in sizes:
        if size > left:
            number, left = number + 1, _SEVERAL[encoding]
        left -= size
    return Parts(encoding, number)


def spelt(text: str) -> str:
    """A text in letters of the GSM alphabet where that can be: Polish and French without some marks, Ukrainian in Latin letters.

    What has no such letter stays, and makes the message UCS-2: better dear than wrong.
    """
    text = _APOSTROPHE.sub("", text)
    found: list[str] = []
    for place, one in enumerate(text):
        before = text[place - 1] if place else " "
        after = text[place + 1] if place + 1 < len(text) else ""
        found.append(one if one in _BASIC or one in _EXTENDED else _letter(one, before, after))
    return "".join(found)


def _letter(one: str, before: str, after: str) -> str:
    low = one.lower()
    if low in _UKRAINIAN:
        return _ukrainian(one, low, before, after)
    if one in _PLAIN:
        return _PLAIN[one]
    bare = "".join(part for part in unicodedata.normalize("NFKD", one) if not unicodedata.combining(part))
    return bare if bare and all(part in _BASIC for part in bare) else one


def _ukrainian(one: str, low: str, before: str, after: str) -> str:
    latin = _UKRAINIAN[low] if before.isalpha() else _AT_FIRST.get(low, _UKRAINIAN[low])
    # "зг" is "zgh", or it would read as "ж".
    if low == "г" and before.lower() == "з":
        latin = "gh"
    if one == low:
        return latin
    return latin.upper() if after.isupper() or (before.isupper() and not after.islower()) else latin.capitalize()
