"""Cutting an import into pieces of one transaction each, and the order in which they are released."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

BUDGET: Final = 90
"""Operations of a transaction (100) that the charges of a chunk may take; the rest is for the import's own items."""
_ROW: Final = 3
"""Entry, its reference, its event."""
_ACCOUNT: Final = 7
"""The account, its events (its balance, interest to be stated again), and checkpoints: two to write, two to delete."""
ROOTS: Final = 50
"""Chunks that are released at once; each of them then releases two more, and so on."""
_BRANCHES: Final = 2
MAX_ROWS_OF_ACCOUNT: Final = (BUDGET - _ACCOUNT) // _ROW


@dataclass(frozen=True, slots=True)
class PlannedCharge:
    """A charge that is ready to be posted."""

    line: int
    charge_id: str
    contract_id: str
    date: str
    due_date: str
    type: str
    purpose: str
    amount: int
    description: str
    fingerprint: str
    number: int
    """Within the year of its date."""

    @property
    def year(self) -> str:
        return self.date[:4]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Charges for one transaction. `then` are the chunks that may begin when this one is done."""

    charges: tuple[PlannedCharge, ...]
    then: tuple[int, ...]


def cut(charges: Iterable[PlannedCharge]) -> tuple[list[Chunk], int]:
    """The chunks, and how many of them (the first ones) are released at once.

    An account's charges lie in one chunk, or in a row of chunks that follow each other, so that no two workers meet at its lock.
    """
    heads, tails = _pack(_by_account(charges))
    released = min(len(heads), ROOTS)
    followers = len(heads)
    chunks: list[Chunk] = []
    rest: list[Chunk] = []
    for index, head in enumerate(heads):
        first = ROOTS + index * _BRANCHES
        then = [number for number in range(first, first + _BRANCHES) if number < len(heads)]
        chain = tails.get(index, [])
        if chain:
            then.append(followers + len(rest))
        chunks.append(Chunk(tuple(head), tuple(then)))
        for place, piece in enumerate(chain):
            last = place == len(chain) - 1
            rest.append(Chunk(tuple(piece), () if last else (followers + len(rest) + 1,)))
    return [*chunks, *rest], released


def _by_account(charges: Iterable[PlannedCharge]) -> list[list[PlannedCharge]]:
    accounts: dict[str, list[PlannedCharge]] = {}
    for charge in charges:
        accounts.setdefault(charge.contract_id, []).append(charge)
    # By date, so that the pieces of an account follow one another and nothing has to be run again.
    return [sorted(found, key=lambda charge: (charge.date, charge.charge_id)) for found in accounts.values()]


def _pack(accounts: Sequence[list[PlannedCharge]]) -> tuple[list[list[PlannedCharge]], dict[int, list[Any]]]:
    """Heads with as many accounts as fit, and what of an account is too much for its head, by the head's index."""
    heads: list[list[PlannedCharge]] = []
    tails: dict[int, list[list[PlannedCharge]]] = {}
    room = 0
    for charges in accounts:
        pieces = [charges[at : at + MAX_ROWS_OF_ACCOUNT] for at in range(0, len(charges), MAX_ROWS_OF_ACCOUNT)]
        cost = _ACCOUNT + _ROW * len(pieces[0])
        if len(pieces) > 1 or cost > room:
            heads.append(list(pieces[0]))
            room = BUDGET - cost
        else:
            heads[-1].extend(pieces[0])
            room -= cost
        if len(pieces) > 1:
            tails[len(heads) - 1] = pieces[1:]
            room = 0
    return heads, tails
