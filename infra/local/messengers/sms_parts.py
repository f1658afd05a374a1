"""How many parts a text is sent in: 3GPP TS 23.038, table of the default alphabet by codes, and its extension."""

from typing import Final, NamedTuple

DEFAULT: Final = (
    "@£$¥èéùìòÇ\nØø\rÅå"  # 0x00
    "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"  # 0x10
    " !\"#¤%&'()*+,-./"  # 0x20
    "0123456789:;<=>?"  # 0x30
    "¡ABCDEFGHIJKLMNO"  # 0x40
    "PQRSTUVWXYZÄÖÑÜ§"  # 0x50
    "¿abcdefghijklmno"  # 0x60
    "pqrstuvwxyzäöñüà"  # 0x70
)
CODES: Final = {letter: bytes([code]) for code, letter in enumerate(DEFAULT) if letter != "\x1b"}
EXTENSION: Final = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
CODES_OF_ALL: Final = {**CODES, **{letter: bytes([0x1B, code]) for code, letter in EXTENSION.items()}}
ROOM: Final = {"GSM": (160, 153), "Unicode": (140, 134)}
"""Septets of GSM, octets of UCS-2: in a text of one part, and in each of several, whose header takes the rest."""


class Parts(NamedTuple):
    """`encoding` as AWS names it: GSM or Unicode."""

    encoding: str
    number: int


def parts(text: str) -> Parts:
    """The parts of a text; no letter is torn."""
    encoding = "GSM" if all(letter in CODES_OF_ALL for letter in text) else "Unicode"
    letters = [CODES_OF_ALL[letter] if encoding == "GSM" else letter.encode("utf-16-be") for letter in text]
    alone, room = ROOM[encoding]
    if sum(map(len, letters)) <= alone:
        return Parts(encoding, 1)
    filled = [0]
    for letter in letters:
        if filled[-1] + len(letter) > room:
            filled.append(0)
        filled[-1] += len(letter)
    return Parts(encoding, len(filled))
