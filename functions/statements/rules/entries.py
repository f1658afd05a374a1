"""What the ledger is made of: entries, and their one order."""

from typing import Final, Literal, NamedTuple

ChargeType = Literal["bank", "cash"]
Purpose = Literal[
    "administration", "cleaning", "common_costs", "deposit", "electricity", "gas", "heating", "instalment", "insurance",
    "interest", "internet", "lift", "other", "parking", "rent", "repair_fund", "security", "service_charge", "settlement",
    "sewage", "tax", "waste", "water",
]  # fmt: skip
"""What a charge is for. The site has a word for each in every language, so the list is closed and only grows."""


CHARGE: Final = "charge"
PAYMENT: Final = "payment"
REVERSAL: Final = "reversal"
REFUND: Final = "refund"
"""Money of a payment that we gave back: it counts as paid until the day on which it went."""
CHARGEBACK: Final = "chargeback"
"""Money of a payment that the payer's bank took back, or that never came: it counts as never paid, from the payment's day on."""
FOLDED: Final = frozenset({CHARGE, PAYMENT, REFUND})
"""Kinds that are steps of their own; the others change what another entry is."""
_RANK: Final = {CHARGE: 0, PAYMENT: 1, REVERSAL: 2, REFUND: 3, CHARGEBACK: 3}
LAST: Final = "~"
"""Sorts after everything that a position is made of."""


class Returned(NamedTuple):
    """What went back of a payment: by which entry, of which kind (refund or charge-back), how much (positive)."""

    entry_id: str
    kind: str
    amount: int


class Entry(NamedTuple):
    """One line of the ledger; it is never changed.

    `amount` is signed, in minor units: positive raises the debt. A charge's value date is its date; a reversal has the value
    date of what it reverses, a charge-back that of its payment. `designated` are the charges that the payer named.
    """

    kind: str
    entry_id: str
    value_date: str
    amount: int
    due_date: str = ""
    purpose: str = ""
    number: str = ""
    accessory_of: str = ""
    """The charge that this interest is on."""
    designated: tuple[str, ...] = ()
    reverses: str = ""
    payment_id: str = ""
    """The payment that a refund or charge-back takes from."""
    returned: tuple[Returned, ...] = ()
    """Of a payment: its refunds and charge-backs that were not undone, as those entries say. Their order means nothing."""

    @property
    def lasting(self) -> int:
        """What a payment is worth on its own day, as a positive amount: all but what was charged back."""
        return -self.amount - sum(part.amount for part in self.returned if part.kind == CHARGEBACK)

    @property
    def to_be_refunded(self) -> int:
        """What of a payment goes back on a later day."""
        return sum(part.amount for part in self.returned if part.kind == REFUND)

    @property
    def position(self) -> str:
        """Where the entry stands in its account: by value date, charges, payments, reversals, what went back; then by id.

        It does not depend on when the entry arrived.
        """
        return position(self.value_date, self.kind, self.entry_id)


def position(value_date: str, kind: str, entry_id: str) -> str:
    """The sortable text of a place in the account."""
    return f"{value_date}#{_RANK[kind]}#{entry_id}"


def end_of(day: str) -> str:
    """A position after all entries of the day and before those of the next."""
    return f"{day}#{LAST}"
