"""What the demo world consists of, in the customer's own words: the rows of the import files and the transfers on the bank account.

Amounts are integers in the currency's minor unit; `*_ref` are the customer's own keys.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from infra.demo.meter_model import Meter
from shared.events.catalog import ContractType, PartyRole
from shared.organisations import OrganisationProfile


@dataclass(frozen=True)
class Address:
    street: str
    postal_code: str
    city: str
    country: str


@dataclass(frozen=True)
class Community:
    ref: str
    name: str
    address: Address


@dataclass(frozen=True)
class Unit:
    """`building` is the property that the unit lies in."""

    ref: str
    community_ref: str
    label: str
    building: str
    address: Address
    floor_area_m2: str
    state: str


@dataclass(frozen=True)
class Person:
    """A person or firm. `roles` are those in the whole organisation: staff, administrator."""

    ref: str
    first_name: str
    last_name: str
    company: str
    email: str
    phone: str
    address: Address
    locale: str
    roles: tuple[Literal["staff", "administrator"], ...] = ()

    @property
    def name(self) -> str:
        return self.company or f"{self.first_name} {self.last_name}"


@dataclass(frozen=True)
class References:
    """What a payer writes so that his transfer finds the contract; empty where the country has no such thing."""

    mass_payment_id: str = ""
    virtual_account: str = ""
    kid: str = ""
    rf: str = ""


@dataclass(frozen=True)
class Contract:
    ref: str
    number: str
    type: ContractType
    unit_ref: str
    community_ref: str
    landlord: str
    starts_on: date
    ends_on: date | None
    value: int
    adviser_ref: str
    references: References


@dataclass(frozen=True)
class Occupancy:
    person_ref: str
    contract_ref: str
    role: PartyRole
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class Mandate:
    person_ref: str
    community_ref: str
    starts_on: date


@dataclass(frozen=True)
class Charge:
    ref: str
    contract_number: str
    dated: date
    due_date: date
    purpose: str
    amount: int
    description: str


@dataclass(frozen=True)
class Payer:
    name: str
    address: Address
    account: str


@dataclass(frozen=True)
class Transfer:
    """One movement on the organisation's bank account; `amount` is negative for money that leaves it.

    `number` counts all movements of the account. `credited` is the number of the contract that the transfer will be booked to,
    empty where no reference says whose it is; `meant_for` is the one that the payer meant.
    """

    number: int
    value_date: date
    amount: int
    payer: Payer
    title: str
    references: References
    credited: str
    meant_for: str


@dataclass(frozen=True)
class Rebooking:
    """A payment that came under somebody else's reference and that staff book to the right contract."""

    from_number: str
    to_number: str
    value_date: date
    amount: int
    reason: str


@dataclass(frozen=True)
class StatementFile:
    """A bank statement file and what its import has to find."""

    name: str
    data: bytes
    matched: int
    unmatched: int
    ignored: int

    @property
    def transactions(self) -> int:
        return self.matched + self.unmatched + self.ignored


@dataclass(frozen=True)
class Organisation:
    """One property manager's whole world."""

    profile: OrganisationProfile
    administrator: Person
    staff: Person
    people: tuple[Person, ...]
    communities: tuple[Community, ...]
    units: tuple[Unit, ...]
    contracts: tuple[Contract, ...]
    occupancies: tuple[Occupancy, ...]
    mandates: tuple[Mandate, ...]
    charges: tuple[Charge, ...]
    transfers: tuple[Transfer, ...]
    rebookings: tuple[Rebooking, ...]
    opening_balance: int
    meters: tuple[Meter, ...]
    reading_window: tuple[int, int] | None
    statement_files: tuple[StatementFile, ...] = field(default=(), repr=False)

    def balances(self) -> dict[str, int]:
        """What each contract's account stands at once everything is in: positive is debt, negative is credit."""
        balance = {contract.number: 0 for contract in self.contracts}
        for charge in self.charges:
            balance[charge.contract_number] += charge.amount
        for transfer in self.transfers:
            if transfer.credited:
                balance[transfer.credited] -= transfer.amount
        for rebooking in self.rebookings:
            balance[rebooking.from_number] += rebooking.amount
            balance[rebooking.to_number] -= rebooking.amount
        return balance
