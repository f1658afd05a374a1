"""Payment references and account numbers: their form and check digits. stdnum is loaded only by the import."""

import re
from collections.abc import Callable
from typing import Final

_MASS_PAYMENT_ID: Final = re.compile(r"[A-Z0-9]{4,14}")
_KID: Final = re.compile(r"[0-9]{3,24}[0-9-]")
_NRB: Final = re.compile(r"[0-9]{26}")
_KONTONR: Final = re.compile(r"[0-9]{11}")
_MARKS: Final = re.compile(r"[\s\u00a0]")


def plain(value: str) -> str:
    """A reference without spaces, in capitals: the form that is kept and compared."""
    return _MARKS.sub("", value).upper()


def is_mass_payment_id(value: str) -> bool:
    """The payer's number in a bank's mass payment service: up to 14 capitals and digits (`ID IPH` of MT940)."""
    return _MASS_PAYMENT_ID.fullmatch(value) is not None


def is_virtual_account(value: str) -> bool:
    """An IBAN, a Polish account number without its country (NRB) or a Norwegian account number."""
    from stdnum import iban
    from stdnum.no import kontonr

    if _KONTONR.fullmatch(value):
        return bool(kontonr.is_valid(value))
    return bool(iban.is_valid(f"PL{value}" if _NRB.fullmatch(value) else value))


def is_kid(value: str) -> bool:
    """4 to 25 characters whose last one is a Luhn (mod 10) or a mod 11 check digit; `-` stands for a mod 11 remainder of 10."""
    from stdnum import luhn

    if not _KID.fullmatch(value):
        return False
    return (value[-1] != "-" and bool(luhn.is_valid(value))) or value[-1] == mod11(value[:-1])


def mod11(digits: str) -> str:
    """The mod 11 check character of a KID: weights 2 to 7 from the right, again and again."""
    weighted = sum(int(digit) * (2 + index % 6) for index, digit in enumerate(reversed(digits)))
    check = (11 - weighted % 11) % 11
    return "-" if check == 10 else str(check)  # noqa: PLR2004 - the remainder that has no digit


def is_rf_reference(value: str) -> bool:
    """A creditor reference (ISO 11649): RF, two check digits, up to 21 characters."""
    from stdnum import iso11649

    return bool(iso11649.is_valid(value))


KINDS: Final[dict[str, tuple[str, Callable[[str], bool]]]] = {
    "mass_payment_id": ("mass_payment_id", is_mass_payment_id),
    "virtual_account": ("virtual_account", is_virtual_account),
    "kid": ("kid", is_kid),
    "rf_reference": ("rf", is_rf_reference),
}
"""Column of contracts.csv -> kind of payment reference, and its check. The error code is `invalid_<column>`."""
