"""The columns of the portfolio's files: what each may hold. docs/imports.md says the same in words; a test compares them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from registry import references, rules
from shared.emails import is_email
from shared.text import tidy_line

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_NUMBER: Final = re.compile(r"[0-9]{1,7}(\.[0-9]{1,2})?")
_AMOUNT: Final = re.compile(r"[0-9]{1,13}(\.[0-9]{1,4})?")
LOCALES: Final = ("pl", "uk", "nb", "fr", "en")
CONTRACT_TYPES: Final = ("lease", "ownership", "sale", "supply")
ROLE_OF_TYPE: Final = {"lease": "tenant", "ownership": "owner", "sale": "owner", "supply": "supplier"}
"""Who holds a contract of a type. An owner whose unit is let is no party to the lease: its account is the tenant's."""
PARTY_ROLES: Final = ("tenant", "owner", "supplier")
MANDATE_ROLES: Final = ("board_member",)


class BadFieldError(Exception):
    """The field does not hold what its column takes; the first argument is the code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Column:
    """One column: how its text becomes the value that is kept, whether it must be there, how long it may be."""

    name: str
    parse: Callable[[str], str]
    required: bool = True
    most: int = 140

    def read(self, text: str) -> str:
        """The value to keep; empty for an optional field left empty. Raises BadFieldError."""
        value = tidy_line(text)
        if not value:
            if self.required:
                raise BadFieldError("field_missing")
            return ""
        if len(value) > self.most:
            raise BadFieldError("field_too_long")
        return self.parse(value)


def _same(value: str) -> str:
    return value


def _check(right: Callable[[str], bool], code: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if not right(value):
            raise BadFieldError(code)
        return value

    return parse


def _choice(*values: str) -> Callable[[str], str]:
    return _check(lambda value: value in values, "invalid_choice")


def _is_date(value: str) -> bool:
    try:
        return bool(_DATE.fullmatch(value) and date.fromisoformat(value))
    except ValueError:
        return False


def _phone(value: str) -> str:
    plain = rules.plain_phone(value)
    if plain is None:
        raise BadFieldError("invalid_phone")
    return plain


def _area(value: str) -> str:
    """Square metres, written the same however many zeros were sent."""
    if not _NUMBER.fullmatch(value):
        raise BadFieldError("invalid_number")
    return f"{Decimal(value):.2f}"


def _reference(column: str) -> Callable[[str], str]:
    _, right = references.KINDS[column]

    def parse(value: str) -> str:
        plain = references.plain(value)
        if not right(plain):
            raise BadFieldError(f"invalid_{column}")
        return plain

    return parse


_day: Final = _check(_is_date, "invalid_date")
_country: Final = _check(lambda value: _COUNTRY.fullmatch(value) is not None, "invalid_country")


def _key(name: str, *, required: bool = True) -> Column:
    return Column(name, _same, required, 80)


def _text(name: str, most: int, *, required: bool = False) -> Column:
    return Column(name, _same, required, most)


_PERIOD: Final = (Column("starts_on", _day), Column("ends_on", _day, required=False))

FILES: Final[dict[str, tuple[Column, ...]]] = {
    "communities.csv": (
        _key("community_ref"),
        _text("name", 140, required=True),
        _text("street", 140),
        _text("postal_code", 16),
        _text("city", 80),
        Column("country", _country),
    ),
    "units.csv": (
        _key("unit_ref"),
        _key("community_ref"),
        _text("label", 80, required=True),
        _text("property", 140),
        _text("street", 140),
        _text("postal_code", 16),
        _text("city", 80),
        Column("floor_area_m2", _area, required=False),
        _text("state", 80),
    ),
    "people.csv": (
        _key("person_ref"),
        _text("first_name", 100),
        _text("last_name", 140),
        _text("company", 140),
        Column("email", _check(is_email, "invalid_email"), required=False, most=254),
        Column("phone", _phone, required=False, most=40),
        _text("street", 140),
        _text("postal_code", 16),
        _text("city", 80),
        Column("country", _country, required=False),
        Column("locale", _check(lambda value: value in LOCALES, "invalid_locale")),
    ),
    "contracts.csv": (
        _key("contract_ref"),
        _text("number", 60, required=True),
        Column("type", _choice(*CONTRACT_TYPES)),
        _key("unit_ref", required=False),
        _key("community_ref"),
        _text("landlord", 140),
        *_PERIOD,
        Column("value", _check(lambda value: _AMOUNT.fullmatch(value) is not None, "invalid_amount")),
        Column("currency", _check(lambda value: _CURRENCY.fullmatch(value) is not None, "invalid_currency")),
        _key("adviser_ref", required=False),
        *(Column(name, _reference(name), required=False, most=60) for name in references.KINDS),
    ),
    "occupancies.csv": (_key("person_ref"), _key("contract_ref"), Column("role", _choice(*PARTY_ROLES)), *_PERIOD),
    "mandates.csv": (_key("person_ref"), _key("community_ref"), Column("role", _choice(*MANDATE_ROLES)), *_PERIOD),
}
OPTIONAL: Final = frozenset({"mandates.csv"})
HEADERS: Final = {name: tuple(column.name for column in columns) for name, columns in FILES.items()}
