"""Which transfer on a bank statement is a provider's payout, and how the two compare. Pure.

A payout is one sum for many payers, less what went back and what the provider keeps. It pays for nobody: the payers were credited when
the provider said that they had paid.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple

PATIENCE: Final = timedelta(days=7)
"""A payout that is on no statement so long after it was announced is missing there: bank holidays and a weekly import."""
WAITS: Final = timedelta(days=60)
"""Longer nobody looks for it; its line stays."""
_EARLIER: Final = timedelta(days=3)
"""Instant transfers may be booked before the provider's word is worked off."""
_LATER: Final = timedelta(days=21)
_LEAST: Final = 8
"""Characters of a reference that cannot stand in a title by chance."""
_NO_WORD: Final = re.compile(r"[^\w]+")


class Line(NamedTuple):
    """A transfer that came in. `text` is everywhere a reference may stand: title, reference fields."""

    amount: int
    currency: str
    day: date
    name: str
    text: str


class Payout(NamedTuple):
    """A payout that no statement has shown yet; `reference` is what the statement should show."""

    provider: str
    payout_id: str
    reference: str
    amount: int
    currency: str
    day: str


def sender(line: Line, senders: Mapping[str, tuple[str, ...]]) -> str:
    """Which provider a transfer's sender is, by the names under which each sends money; empty for anybody else.

    Where the bank gives no name the title must begin with it: payers, too, write through whom they paid.
    """
    name, title = f" {_words(line.name)} ", f"{_words(line.text)} "
    for provider, names in sorted(senders.items()):
        for known in names:
            if f" {known} " in name or (not line.name and title.startswith(f"{known} ")):
                return provider
    return ""


def find(line: Line, waiting: Iterable[Payout], sent_by: str) -> Payout | None:
    """The payout that a transfer is: by its reference, else by sender, amount and day. Of several the one that waits longest."""
    text = _solid(line.text)
    ordered = [
        one for one in sorted(waiting, key=lambda one: (one.day, one.payout_id)) if one.currency == line.currency
    ]
    named = [one for one in ordered if any(_telling(known) in text for known in _references(one))]
    alike = [
        one for one in ordered if one.provider == sent_by and one.amount == line.amount and _in_time(one, line.day)
    ]
    return next(iter([*named, *alike]), None)


def state(amount: int, found: int | None, gross: int | None) -> str:
    """How a payout compares with the statement. `gross` is what its report comes to before fees, None where there is no report.

    A payout of more than its payments come to differs, too: nobody knows what the rest is.
    """
    if (gross is not None and gross < amount) or (found is not None and found != amount):
        return "amount_differs"
    return "missing_there" if found is None else "matched"


def _references(payout: Payout) -> list[str]:
    return [known for known in (payout.reference, payout.payout_id) if len(_solid(known)) >= _LEAST and _telling(known)]


def _telling(reference: str) -> str:
    """A reference as it is looked for; empty for words without any digit, which say nothing of this payout alone."""
    solid = _solid(reference)
    return solid if any(letter.isdigit() for letter in solid) else ""


def _in_time(payout: Payout, day: date) -> bool:
    announced = date.fromisoformat(payout.day)
    return announced - _EARLIER <= day <= announced + _LATER


def _words(text: str) -> str:
    return _NO_WORD.sub(" ", unicodedata.normalize("NFKC", text).upper()).strip()


def _solid(text: str) -> str:
    return _words(text).replace(" ", "").replace("_", "")
