"""Whose is this transfer? Pure: what to look up, and what the findings are worth.

Order of trust: a mass-payment id or virtual account, a KID or RF reference (check digits first), the contract's number in the
title, the payer's account and amount seen before. Only a score of at least SURE, for exactly one contract, in its currency,
books by itself; everything else waits for a person with its candidates. Scores and reasons are codes, listed in
docs/bank-statements.md.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

SURE: Final = 90
MAX_CANDIDATES: Final = 5
_LEAST_SURE_NUMBER: Final = 5
_LEAST_SURE_DIGITS: Final = 7
_LEAST_SURE_KID: Final = 7
_MAX_JOINED: Final = 6
_MAX_CLUES: Final = 40
_DATE_DIGITS: Final = 8
_RF_LENGTHS: Final = range(5, 26)
_WEIGHTS_MOD11: Final = (2, 3, 4, 5, 6, 7)

_KID: Final = re.compile(r"^[0-9]{1,24}[0-9-]$")
_KID_IN_TEXT: Final = re.compile(r"(?<![\w-])[0-9]{3,24}[0-9-](?![\w-])")
_NRB_IN_TEXT: Final = re.compile(r"(?<![0-9])[0-9]{2}(?: ?[0-9]{4}){6}(?![0-9])")
_TOKEN: Final = re.compile(r"[^\W_]+")
_RF_START: Final = re.compile(r"^RF\d{2}[0-9A-Z]*$")
_DATE: Final = re.compile(
    r"^(?:(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d|(?:19|20)\d\d(?:0[1-9]|1[0-2])\d\d)$"
)


@dataclass(frozen=True, slots=True)
class Clue:
    """Something to look up in the reference index, and what finding it is worth."""

    kind: str
    value: str
    score: int
    reason: str


@dataclass(frozen=True, slots=True)
class NumberClue:
    """A part of the title that has the shape of a contract's number, and where it stands (in words)."""

    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Contract:
    contract_id: str
    number: str
    currency: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason why a transfer may be a contract's."""

    contract: Contract
    score: int
    reason: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A contract with its score (0-100) and reasons, the best first."""

    contract: Contract
    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """The candidates, best first, and the one that is sure, if any."""

    candidates: tuple[Candidate, ...]
    sure: Candidate | None


# --- keys: the same thing, however it is written


def account_key(account: str) -> str:
    """An account however it is written: Polish and Norwegian IBANs come down to the country's own number."""
    solid = "".join(c for c in account.upper() if c.isalnum())
    if solid.startswith("PL") and len(solid) == 28:  # noqa: PLR2004 - PL + 26 digits
        return solid[2:]
    if solid.startswith("NO") and len(solid) == 15:  # noqa: PLR2004 - NO, check digits, 11 digits
        return solid[4:]
    return solid


def reference_key(kind: str, value: str) -> str:
    """A payment reference however it is written. mBank masks the start of a mass-payment id with X."""
    if kind == "virtual_account":
        return account_key(value)
    if kind == "kid":
        return "".join(c for c in value if c.isdigit() or c == "-")
    solid = "".join(c for c in value.upper() if c.isalnum())
    return solid.lstrip("X") if kind == "mass_payment_id" else solid


def number_key(number: str) -> str:
    """A contract's number without separators and case: `l-2015 / 001` -> `L2015001`."""
    return "".join(_words(number))


def number_shape(key: str) -> str:
    """What a number looks like: digits become 9, letters A. Only parts of a title with a known shape are looked up."""
    return "".join("9" if c.isdigit() else "A" for c in key)


# --- check digits


def is_kid(value: str) -> bool:
    """Whether a Norwegian KID's last character is its MOD10 (Luhn) or MOD11 check digit."""
    return bool(_KID.match(value)) and value in (value[:-1] + kid_mod10(value[:-1]), value[:-1] + kid_mod11(value[:-1]))


def kid_mod10(payload: str) -> str:
    """The MOD10 check digit: weights 2, 1 from the right, digit sums."""
    from stdnum import luhn

    return str(luhn.calc_check_digit(payload))


def kid_mod11(payload: str) -> str:
    """The MOD11 check digit: weights 2 to 7 repeating from the right; `-` where it would be 10."""
    total = sum(int(d) * _WEIGHTS_MOD11[i % 6] for i, d in enumerate(reversed(payload)))
    digit = (11 - total % 11) % 11
    return "-" if digit == 10 else str(digit)  # noqa: PLR2004


def is_rf(value: str) -> bool:
    """Whether this is an ISO 11649 creditor reference with right check digits."""
    from stdnum import iso11649

    return len(value) in _RF_LENGTHS and value.isascii() and value.isalnum() and bool(iso11649.is_valid(value))


def is_nrb(digits: str) -> bool:
    """Whether 26 digits are a Polish account number (mod 97, as IBAN without PL)."""
    from stdnum.iso7064 import mod_97_10

    return bool(mod_97_10.is_valid(digits[2:] + "2521" + digits[:2]))  # P=25, L=21


# --- what to look up


def clues(
    *, mass_payment_id: str, virtual_account: str, creditor_reference: str, title: str, not_accounts: Iterable[str]
) -> tuple[Clue, ...]:
    """What a transfer's own fields and title say for certain; `not_accounts` are the payer's and the organisation's own."""
    excluded = {account_key(account) for account in not_accounts}
    found = [*_field_clues(mass_payment_id, creditor_reference)]
    account = account_key(virtual_account)
    if account and account not in excluded:
        found.append(Clue("virtual_account", account, 100, "virtual_account"))
    found.extend(clue for clue in _title_clues(title) if clue.value not in excluded)
    unique = {(clue.kind, clue.value): clue for clue in reversed(found)}
    return tuple(reversed(unique.values()))[:_MAX_CLUES]


def _field_clues(mass_payment_id: str, creditor_reference: str) -> Iterator[Clue]:
    if reference_key("mass_payment_id", mass_payment_id):
        yield Clue("mass_payment_id", reference_key("mass_payment_id", mass_payment_id), 100, "mass_payment_id")
    reference = "".join(creditor_reference.split())
    rf = reference_key("rf", reference)
    if rf.startswith("RF"):
        yield Clue("rf", rf, *((100, "rf") if is_rf(rf) else (70, "rf_check_digits")))
    elif _KID.match(reference):
        # A KID with a wrong check digit may still be one that somebody gave out: a candidate, never sure.
        yield Clue("kid", reference, *((100, "kid") if is_kid(reference) else (70, "kid_check_digit")))


def _title_clues(title: str) -> Iterator[Clue]:
    for rf in _rf_in(title):
        yield Clue("rf", rf, 100, "rf")
    for match in _NRB_IN_TEXT.finditer(title):
        digits = match.group().replace(" ", "")
        if is_nrb(digits):
            yield Clue("virtual_account", digits, 95, "virtual_account_in_title")
    for match in _KID_IN_TEXT.finditer(title):
        if is_kid(match.group()):
            long = len(match.group()) >= _LEAST_SURE_KID
            yield Clue("kid", match.group(), 95 if long else 60, "kid_in_title")


def _rf_in(title: str) -> Iterator[str]:
    """RF references in a text, in one piece or in groups of four."""
    words = _words(title)
    for start, word in enumerate(words):
        if not _RF_START.match(word):
            continue
        joined = ""
        for part in words[start : start + 8]:
            joined += part
            if is_rf(joined):
                yield joined


def number_clues(text: str, shapes: frozenset[str], *, after: int = 0) -> tuple[NumberClue, ...]:
    """The parts of a text, whole words joined, that look like a contract's number of this organisation.

    `after` counts the words of texts before this one, so that parts of two texts are never inside one another.
    """
    words = _words(text)
    found: list[NumberClue] = []
    for start in range(len(words)):
        joined = ""
        for end in range(start + 1, min(start + _MAX_JOINED, len(words)) + 1):
            joined += words[end - 1]
            if number_shape(joined) in shapes:
                found.append(NumberClue(joined, after + start, after + end))
    return tuple(found[:_MAX_CLUES])


# --- what the findings are worth


def number_evidence(found: Sequence[NumberClue], index: Mapping[str, Sequence[Contract]]) -> Iterator[Evidence]:
    """Contracts whose number stands in the title. A number inside a longer one that was found is no evidence."""
    known = [clue for clue in found if index.get(clue.key)]
    for clue in known:
        inside = any(
            other.start <= clue.start and clue.end <= other.end and (other.end - other.start) > (clue.end - clue.start)
            for other in known
        )
        if not inside:
            score, reason = _number_worth(clue.key)
            yield from (Evidence(contract, score, reason) for contract in index[clue.key])


def _number_worth(key: str) -> tuple[int, str]:
    """Short numbers, and digits that read like a month or a date, stand in titles by chance (`czynsz 1/2015`)."""
    digits_only = key.isdigit()
    like_date = digits_only and (
        len(key) < _LEAST_SURE_DIGITS or (len(key) == _DATE_DIGITS and _DATE.match(key) is not None)
    )
    if like_date or len(key) < _LEAST_SURE_NUMBER:
        return 60, "contract_number_ambiguous"
    return 90, "contract_number"


def payer_evidence(history: Mapping[Contract, Sequence[int]], amount: int) -> Iterator[Evidence]:
    """Contracts that this payer's account has paid for before; `history` has the amounts it paid for each."""
    same = [contract for contract, amounts in history.items() if amount in amounts]
    for contract in history:
        if contract in same:
            yield Evidence(contract, 80 if len(same) == 1 else 70, "payer_account_and_amount")
        else:
            yield Evidence(contract, 60 if len(history) == 1 else 50, "payer_account")


def decide(*, amount: int, currency: str, reversal: bool, evidence: Iterable[Evidence]) -> Decision:
    """Rank the contracts. Sure is only one contract with at least SURE, alone with that, for money that came in, in its currency."""
    by_contract: dict[Contract, list[Evidence]] = {}
    for item in evidence:
        by_contract.setdefault(item.contract, []).append(item)
    candidates = sorted(
        (_candidate(contract, items, currency) for contract, items in by_contract.items()),
        key=lambda c: (-c.score, c.contract.number, c.contract.contract_id),
    )
    strong = [candidate for candidate in candidates if candidate.score >= SURE]
    sure = (
        strong[0]
        if len(strong) == 1 and amount > 0 and not reversal and strong[0].contract.currency == currency
        else None
    )
    return Decision(tuple(candidates[:MAX_CANDIDATES]), sure)


def _candidate(contract: Contract, items: list[Evidence], currency: str) -> Candidate:
    ordered = sorted(items, key=lambda item: -item.score)
    reasons = list(dict.fromkeys(item.reason for item in ordered))
    if contract.currency != currency:
        reasons.append("currency_differs")
    return Candidate(contract, ordered[0].score, tuple(reasons))


def _words(text: str) -> list[str]:
    return _TOKEN.findall(unicodedata.normalize("NFKC", text).upper())
