"""Slips of whoever reads and types a counter, made on the text as it would be typed. They know nothing of the checks."""

import random
from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Final

from meters.rules.counters import FormatError, parse_value
from meters.rules.vocabulary import Device

_LOOKS_LIKE: Final[Mapping[str, str]] = {
    "0": "689",
    "1": "74",
    "2": "73",
    "3": "825",
    "4": "91",
    "5": "632",
    "6": "850",
    "7": "124",
    "8": "3609",
    "9": "480",
}
"""What a digit behind scratched glass is taken for; a drum between two digits is added as the next or the one before."""
_TRIES: Final = 20


def slip(rng: random.Random, kind: str, text: str, device: Device) -> str | None:
    """The text with one slip of a kind that changes its value; None where the text allows none."""
    true = parse_value(text, device)
    for _ in range(_TRIES):
        typed = _SLIPS[kind](rng, text, device)
        if typed and _value(typed, device) != true:
            return typed
    return None


def _value(text: str, device: Device) -> int | None:
    try:
        return parse_value(text, device)
    except FormatError:
        return None


def _digit_places(text: str) -> list[int]:
    return [at for at, char in enumerate(text) if char.isdigit()]


def _swapped(rng: random.Random, text: str, *, near: bool) -> str | None:
    places = _digit_places(text)
    pairs = [
        (one, other)
        for (i, one), (j, other) in combinations(enumerate(places), 2)
        if (j == i + 1) == near and text[one] != text[other]
    ]
    if not pairs:
        return None
    one, other = rng.choice(pairs)
    chars = list(text)
    chars[one], chars[other] = chars[other], chars[one]
    return "".join(chars)


def _extra(rng: random.Random, text: str, device: Device) -> str | None:
    """A key that bounced, or another one hit beside it."""
    at = rng.choice(_digit_places(text))
    digit = text[at] if rng.random() < 0.6 else rng.choice("0123456789")
    return text[:at] + digit + text[at:]


def _missing(rng: random.Random, text: str, device: Device) -> str | None:
    at = rng.choice(_digit_places(text))
    return text[:at] + text[at + 1 :] or None


def _decimal(rng: random.Random, text: str, device: Device) -> str | None:
    """The point left out, or one or two places beside where it belongs."""
    if not device.decimals:
        return None
    digits = text.replace(".", "").replace(",", "")
    point = len(text.replace(",", ".").split(".")[0])
    if len(digits) == len(
        text
    ):  # only the whole part was to be typed: the red digits are typed with it, without a point
        return digits + "".join(rng.choice("0123456789") for _ in range(device.decimals))
    if rng.random() < 0.5:
        return digits
    moved = point + rng.choice((-2, -1, 1, 2))
    return f"{digits[:moved]}.{digits[moved:]}" if 0 < moved < len(digits) else None


def _misread(rng: random.Random, text: str, *, first: bool) -> str | None:
    """A digit taken for another: the first that counts, or any after it."""
    places = _digit_places(text)
    lead = next((at for at in places if text[at] != "0"), places[-1])
    after = [at for at in places if at > lead]
    if not first and not after:
        return None
    at = lead if first else rng.choice(after)
    digit = int(text[at])
    beside = f"{(digit + 1) % 10}{(digit - 1) % 10}"
    return text[:at] + rng.choice(_LOOKS_LIKE[text[at]] + beside) + text[at + 1 :]


_SLIPS: Final[Mapping[str, Callable[[random.Random, str, Device], str | None]]] = {
    "swapped_near": lambda rng, text, _: _swapped(rng, text, near=True),
    "swapped_far": lambda rng, text, _: _swapped(rng, text, near=False),
    "extra_digit": _extra,
    "missing_digit": _missing,
    "decimal_slip": _decimal,
    "misread_first": lambda rng, text, _: _misread(rng, text, first=True),
    "misread_other": lambda rng, text, _: _misread(rng, text, first=False),
}
