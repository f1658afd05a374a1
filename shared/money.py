"""Money is an integer in the currency's minor unit beside its ISO 4217 code; never a float."""

from decimal import Decimal, InvalidOperation
from typing import Final

from shared.errors import DomainError

# ISO 4217 exponents that are not 2 (ISO 4217:2015 list one); a currency that is not here has two decimals.
_EXPONENTS: Final = {"BHD": 3, "CLP": 0, "HUF": 2, "ISK": 0, "JPY": 0, "KRW": 0, "KWD": 3, "TND": 3}
_DEFAULT_EXPONENT: Final = 2
MAX_MINOR: Final = 10**15
"""Larger amounts are typing errors; the bound also keeps sums inside what JavaScript holds exactly (2**53)."""


def minor_digits(currency: str) -> int:
    """How many decimals the currency has: 2 for PLN, 0 for JPY."""
    return _EXPONENTS.get(currency, _DEFAULT_EXPONENT)


def to_minor(amount: str | Decimal, currency: str) -> int:
    """`"12,30"`, PLN -> 1230. Raises DomainError `invalid_amount` for what is no amount in this currency.

    Text must be plain digits with at most the currency's decimals: in `1,000` nobody knows whether one or a thousand was meant.
    """
    if isinstance(amount, str) and not _is_plain(amount.strip(), minor_digits(currency)):
        raise DomainError("invalid_amount")
    try:
        value = amount if isinstance(amount, Decimal) else Decimal(amount.strip().replace(",", "."))
        scaled = value.scaleb(minor_digits(currency))
    except InvalidOperation as error:
        raise DomainError("invalid_amount") from error
    if not scaled.is_finite() or scaled != scaled.to_integral_value() or abs(scaled) > MAX_MINOR:
        raise DomainError("invalid_amount")
    return int(scaled)


def _is_plain(text: str, decimals: int) -> bool:
    whole, separator, fraction = text.replace(",", ".").partition(".")
    digits = whole.removeprefix("-") + fraction
    return digits.isascii() and digits.isdecimal() and bool(fraction) == bool(separator) and len(fraction) <= decimals


def format_plain(minor: int, currency: str) -> str:
    """1230, PLN -> `"12.30"`: for files and logs, not for readers."""
    digits = minor_digits(currency)
    return f"{Decimal(minor).scaleb(-digits):.{digits}f}"
