"""A counter's value as text and as an integer in the meter's smallest unit; uses as text."""

import re
from decimal import Decimal
from typing import Literal

from meters.rules.vocabulary import USE_UNIT, Device

FormatFault = Literal["empty", "not_a_number", "negative", "too_many_digits", "too_many_decimals"]
_NUMBER = re.compile(r"([0-9]+)(?:[.,]([0-9]*))?")
_NEGATIVE = re.compile(r"[-\u2212\u2013]\s*[0-9.,]+")
_SHOWN_DECIMALS = 3


class FormatError(ValueError):
    """A text is no value of the counter; `fault` says why."""

    def __init__(self, fault: FormatFault) -> None:
        super().__init__(fault)
        self.fault: FormatFault = fault


def parse_value(text: str, device: Device) -> int:
    """What a text says in the meter's smallest unit; decimal point or comma. Raises FormatError.

    Leading zeros count as digits: one digit more than the counter has is a slip even when it is a zero.
    """
    text = text.strip()
    if not text:
        raise FormatError("empty")
    if _NEGATIVE.fullmatch(text):
        raise FormatError("negative")
    found = _NUMBER.fullmatch(text)
    if not found:
        raise FormatError("not_a_number")
    whole, part = found[1], found[2] or ""
    if len(whole) > device.digits:
        raise FormatError("too_many_digits")
    if len(part) > device.decimals:
        raise FormatError("too_many_decimals")
    return int(whole + part.ljust(device.decimals, "0"))


def format_value(value: int, device: Device) -> str:
    """A value as it stands on the counter, with all its zeros: `00412.350`."""
    digits = str(value).zfill(device.digits + device.decimals)
    return f"{digits[: device.digits]}.{digits[device.digits :]}" if device.decimals else digits


def use_text(use: int, decimals: int = _SHOWN_DECIMALS) -> str:
    """A use in the medium's unit, cut (never rounded up) to so many decimals."""
    step = 10 ** (9 - decimals)
    cut = abs(use) // step * step
    return f"{Decimal(cut if use >= 0 else -cut) / USE_UNIT:.{decimals}f}"


def parse_use(text: str) -> int:
    """A decimal text in the medium's unit as a use. Raises ValueError where it is finer than a billionth or no number."""
    try:
        scaled = Decimal(text) * USE_UNIT
    except ArithmeticError as error:
        raise ValueError(text) from error
    if not scaled.is_finite() or scaled != scaled.to_integral_value():
        raise ValueError(text)
    return int(scaled)
