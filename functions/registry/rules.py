"""Pure rules of registry: how names are compared, what a contact may look like, what an import may overwrite."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from shared.emails import is_email
from shared.errors import FieldProblem

TERM_LENGTH: Final = 80
# Letters that Unicode does not take apart into a base letter and an accent.
_LETTERS: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "\u0491": "\u0433", "\u02bc": "'", "\u2019": "'"}
)
_PHONE: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_PHONE_MARKS: Final = re.compile(r"[\s().\-/\u00a0]")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
ADDRESS_FIELDS: Final = ("street", "postal_code", "city", "country")
CONTACT_FIELDS: Final = ("first_name", "last_name", "phone", "email", *ADDRESS_FIELDS)
NAME_FIELDS: Final = frozenset({"first_name", "last_name", "company"})


def fold(text: str) -> str:
    """The form in which names and numbers are compared: small letters, no accents, single spaces. Żółć -> zolc."""
    small = _bare(_bare(text).casefold()).translate(_LETTERS)
    return " ".join(small.split())[:TERM_LENGTH].rstrip()


def _bare(text: str) -> str:
    """Letters without their accents, in their plainest form."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(character for character in plain if not unicodedata.combining(character))


def display_name(first_name: str, last_name: str, company: str) -> str:
    """How a person or firm is called."""
    return " ".join(part for part in (first_name, last_name) if part) or company


def sort_name(first_name: str, last_name: str, company: str) -> str:
    """Where a person stands in the register: by last name, a firm by its own."""
    return fold(" ".join(part for part in (last_name, first_name) if part) or company)


def name_terms(first_name: str, last_name: str, company: str) -> frozenset[str]:
    """What one may begin to type in order to find a person: last name, first name or company first."""
    names = (f"{last_name} {first_name}", f"{first_name} {last_name}", company)
    return frozenset(term for term in map(fold, names) if term)


def first_match(terms: frozenset[str], beginning: str) -> str | None:
    """The one term under which a search shows a thing that it would find under several."""
    return min((term for term in terms if term.startswith(beginning)), default=None)


def plain_phone(text: str) -> str | None:
    """The number as E.164 (`+48600100200`), or None for what is none. `00` counts as `+`; an empty one stays empty."""
    digits = _PHONE_MARKS.sub("", text)
    digits = f"+{digits[2:]}" if digits.startswith("00") else digits
    return digits if not digits or _PHONE.fullmatch(digits) else None


def contact_problems(contact: Mapping[str, str]) -> tuple[FieldProblem, ...]:
    """What is wrong with a person's contact data, as they would stand after a change."""
    problems = []
    if not contact["last_name"] and not contact["company"]:
        problems.append(FieldProblem("last_name", "missing_name"))
    if contact["email"] and not is_email(contact["email"]):
        problems.append(FieldProblem("email", "invalid_email"))
    if plain_phone(contact["phone"]) is None:
        problems.append(FieldProblem("phone", "invalid_phone"))
    if contact["country"] and not _COUNTRY.fullmatch(contact["country"]):
        problems.append(FieldProblem("address.country", "invalid_country"))
    return tuple(problems)


def merged(
    stored: Mapping[str, str], imported_before: Mapping[str, str], imported_now: Mapping[str, str]
) -> dict[str, str]:
    """The person's data after an import.

    The import speaks only for what changed in the file since the last import: what the person has changed in the portal stands,
    until the customer's own system says something new about just that field.
    """
    return {
        field: value if value != imported_before.get(field) else stored.get(field, value)
        for field, value in imported_now.items()
    }


def fingerprint(row: Mapping[str, Any]) -> str:
    """The same for the same content: how an import knows what changed."""
    return hashlib.sha256(json.dumps(row, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def current_debt(balance: int | None) -> int:
    """What is owed: a settled or overpaid account owes nothing."""
    return max(0, balance or 0)
