"""What a country's module says about its organisation: people, homes, agreements and how the payers behave."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from infra.demo.meter_model import Metering
from infra.demo.model import Community, Person, Unit
from shared.events.catalog import ContractType
from shared.organisations import OrganisationProfile

Habit = Literal[
    "punctual", "late", "standing_order", "part_payer", "stopped", "quarterly", "paid_twice", "left_in_debt", "some_open", "last_open"
]  # fmt: skip


@dataclass(frozen=True)
class Agreement:
    """A contract with its holders and what it costs a month.

    `starts` and `ends` are dates, or the number of a month in the window of charges (0 is the first): such a contract starts on
    the first or ends on the last day of that month. The first holder pays. `monthly` maps a purpose to its amount in minor units.
    """

    ref: str
    number: str
    type: ContractType
    unit: str
    holders: tuple[str, ...]
    starts: date | int
    habit: Habit
    monthly: Mapping[str, int]
    value: int
    ends: int | None = None
    has_virtual_account: bool = False
    forgets_reference: bool = False
    """The last transfer comes without any reference, so that staff have to find whose it is."""


@dataclass(frozen=True)
class Stray:
    """A transfer of somebody whom nobody knows, so many days before the end of the last month."""

    days_before_end: int
    amount: int
    payer: str
    title: str


@dataclass(frozen=True)
class WrongReference:
    """In this month of the window the payer of one agreement uses the reference of another."""

    month: int
    payer: str
    credited: str
    reason: str


@dataclass(frozen=True)
class Country:
    profile: OrganisationProfile
    landlord: str
    communities: tuple[Community, ...]
    units: tuple[Unit, ...]
    people: tuple[Person, ...]
    agreements: tuple[Agreement, ...]
    board: Mapping[str, str]
    """Board members: person_ref -> community_ref."""
    descriptions: Mapping[str, str]
    """What a charge of this purpose is called on an account; `{month}` is filled in."""
    due_day: int
    settlement: str
    """What the yearly settlement is called; it is dated at the end of the last month and due after the present one."""
    settled: Mapping[str, int]
    """Agreements that get a settlement, with its amount."""
    title: str
    """How payers title their transfers; `{number}` is the contract's, `{month}` the month paid for."""
    forgotten_title: str
    strays: tuple[Stray, ...]
    wrong_reference: WrongReference
    supplier_ref: str
    supplier_agreement: str
    supplier_title: str
    supplier_fee: int
    """What the organisation pays its supplier from the account each month."""
    opening_balance: int
    metering: Metering

    @property
    def code(self) -> str:
        return self.profile.country
