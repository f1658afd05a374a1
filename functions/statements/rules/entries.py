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
_RANK: Final = {CHARGE: 0, PAYMENT: 1, REVERSAL: 2}
LAST: Final = "~"
"""Sorts after everything that a position is made of."""


class Entry(NamedTuple):
    """One line of the ledger; it is never changed.

    `amount` is signed, in minor units: positive raises the debt. A charge's value date is its date; a reversal has the value
    date of what it reverses. `designated` are the charges that the payer named.
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

    @property
    def position(self) -> str:
        """Where the entry stands in its account: by value date, charges before payments before reversals, then by id.

        It does not depend on when the entry arrived.
        """
        return position(self.value_date, self.kind, self.entry_id)


def position(value_date: str, kind: str, entry_id: str) -> str:
    """The sortable text of a place in the account."""
    return f"{value_date}#{_RANK[kind]}#{entry_id}"


def end_of(day: str) -> str:
    """A position after all entries of the day and before those of the next."""
    return f"{day}#{LAST}"
