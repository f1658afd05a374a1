"""What an account stands at: what is open, what is unallocated, the totals.

Named tuples, because making a class of frozen dataclasses costs ten times as much, at every cold start.
"""

from typing import Final, NamedTuple

MAX_PARTS: Final = 50
"""Parts of one charge or one credit that are kept singly; older ones are added up, so that the state keeps its size."""
MAX_CREDITS: Final = 1_000
"""Unallocated payments that are kept singly; a further one joins the newest."""
MAX_OPEN_ITEMS: Final = 2_000
"""A charge that would stay open beyond this number is refused; payments never are."""


class AllocatedPart(NamedTuple):
    """Money that a charge got: from which payment, by which rule, and on which value date it took place.

    Money that was refunded stays as it was and is taken off by a negative part, so that the parts tell what was open when.
    """

    payment_id: str
    value_date: str
    amount: int
    rule: str
    on: str


class UsedPart(NamedTuple):
    """Money that a payment gave: to which charge, by which rule, on which value date; to none where it was refunded."""

    charge_id: str
    number: str
    amount: int
    rule: str
    on: str


class OpenItem(NamedTuple):
    """A charge with what was allocated to it; it leaves the state when nothing is open any more."""

    charge_id: str
    number: str
    purpose: str
    date: str
    due_date: str
    amount: int
    open: int
    accessory_of: str = ""
    allocated: tuple[AllocatedPart, ...] = ()


class Credit(NamedTuple):
    """A payment of which something is unallocated. `pooled` counts later payments that were added to it."""

    payment_id: str
    value_date: str
    amount: int
    remaining: int
    designated: tuple[str, ...] = ()
    used: tuple[UsedPart, ...] = ()
    pooled: int = 0


class Watched(NamedTuple):
    """A payment of which `to_come` is refunded on a later day: what it gave until then, in the order of giving."""

    payment_id: str
    value_date: str
    to_come: int
    used: tuple[UsedPart, ...] = ()


class Total(NamedTuple):
    """What was charged for a purpose and what was paid of it."""

    charged: int = 0
    paid: int = 0

    @property
    def due(self) -> int:
        return self.charged - self.paid


class State(NamedTuple):
    """An account after some entry. `balance` is the plain sum of the entries and so a check on the rest.

    `open_items` and `credits` are in the order of their entries' positions. `settled` are the paid charges that may open again,
    because a watched payment gave to them. Both are empty but between a payment and its refund, and bear on nothing before it.
    """

    open_items: tuple[OpenItem, ...] = ()
    credits: tuple[Credit, ...] = ()
    totals: dict[str, Total] = {}
    balance: int = 0
    watched: tuple[Watched, ...] = ()
    settled: tuple[OpenItem, ...] = ()

    @property
    def due(self) -> int:
        return sum(total.due for total in self.totals.values())

    @property
    def credit(self) -> int:
        return sum(credit.remaining for credit in self.credits)


EMPTY: Final = State()
