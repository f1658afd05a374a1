"""Every event of the system: its source, its data. The JSON Schemas under events/schemas are generated from here and only grow.

Those of meters, of notifications, of online payments and of tickets are in modules of their own.
"""

from datetime import date, datetime
from typing import ClassVar, Final, Literal

from pydantic import BaseModel, ConfigDict

import shared.events.meters
import shared.events.notifications
import shared.events.payments
import shared.events.tickets  # noqa: F401 - listed below with all the others
from shared.events.envelope import Event
from shared.organisations import OrganisationProfile

ContractType = Literal["lease", "ownership", "sale", "supply"]
PartyRole = Literal["tenant", "owner", "supplier"]
ReferenceKind = Literal["mass_payment_id", "virtual_account", "kid", "rf"]
PaymentMethod = Literal["bank", "cash", "online"]


class Party(BaseModel):
    """A person's part in a contract: the occupancy (B7)."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    person_id: str
    role: PartyRole
    starts_on: date
    ends_on: date | None = None


class PaymentReference(BaseModel):
    """What a payer writes so that his transfer finds the contract."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    kind: ReferenceKind
    value: str


class OrganisationRegistered(Event):
    source: ClassVar[str] = "lokum.registry"
    profile: OrganisationProfile


class OrganisationChanged(Event):
    source: ClassVar[str] = "lokum.registry"
    profile: OrganisationProfile


class PortfolioImportReceived(Event):
    source: ClassVar[str] = "lokum.registry"
    import_id: str


class PortfolioImportChunkReady(Event):
    source: ClassVar[str] = "lokum.registry"
    import_id: str
    chunk: int


class UnitRegistered(Event):
    """A unit came into the register; said again when its label or its community changed."""

    source: ClassVar[str] = "lokum.registry"
    unit_id: str
    community_id: str
    label: str


class ContractStarted(Event):
    """A contract, as it stands now; said again when its parties or references change."""

    source: ClassVar[str] = "lokum.registry"
    contract_id: str
    number: str
    type: ContractType
    unit_id: str | None
    community_id: str
    currency: str
    starts_on: date
    ends_on: date | None
    parties: list[Party]
    payment_references: list[PaymentReference]


class ContractEnded(Event):
    source: ClassVar[str] = "lokum.registry"
    contract_id: str
    ends_on: date


class MandateStarted(Event):
    """A person sits on a community's board."""

    source: ClassVar[str] = "lokum.registry"
    mandate_id: str
    person_id: str
    role: Literal["board_member"]
    community_id: str
    starts_on: date
    ends_on: date | None


class MandateEnded(Event):
    source: ClassVar[str] = "lokum.registry"
    mandate_id: str
    person_id: str
    role: Literal["board_member"]
    community_id: str
    ends_on: date


class ContactChanged(Event):
    """A person changed own contact data; only the names of the fields travel."""

    source: ClassVar[str] = "lokum.registry"
    person_id: str
    fields: list[str]


class PersonInvited(Event):
    source: ClassVar[str] = "lokum.auth"
    person_id: str


class SignedInFromNewDevice(Event):
    """A person has signed in from a device that he had not used before. `device` is coarse, such as "Firefox, Linux"; empty: unknown."""

    source: ClassVar[str] = "lokum.auth"
    person_id: str
    at: datetime
    device: str


class AccessGranted(Event):
    source: ClassVar[str] = "lokum.auth"
    person_id: str
    role: str
    scope: str
    scope_id: str
    starts_on: date | None
    ends_on: date | None


class AccessRevoked(Event):
    source: ClassVar[str] = "lokum.auth"
    person_id: str
    role: str
    scope: str
    scope_id: str


class BankStatementReceived(Event):
    source: ClassVar[str] = "lokum.payments"
    import_id: str


class BankStatementChunkParsed(Event):
    source: ClassVar[str] = "lokum.payments"
    import_id: str
    chunk: int


class PaymentSettled(Event):
    """Money for a contract has arrived. Amount in minor units, always positive.

    An online payment names its provider, and the fee that the payer paid beside the amount.
    """

    source: ClassVar[str] = "lokum.payments"
    payment_id: str
    contract_id: str
    amount: int
    currency: str
    value_date: date
    booking_date: date
    method: PaymentMethod
    reference: str
    designated_charge_ids: list[str] = []
    provider: str = ""
    fee: int = 0


class PaymentUnmatched(Event):
    source: ClassVar[str] = "lokum.payments"
    transfer_id: str
    import_id: str
    amount: int
    currency: str


class LedgerImportReceived(Event):
    source: ClassVar[str] = "lokum.statements"
    import_id: str


class LedgerImportChunkReady(Event):
    source: ClassVar[str] = "lokum.statements"
    import_id: str
    chunk: int


class InterestRestatementDue(Event):
    """Something was booked on a past day: the interest that staff have stated from a place in the account on may be another sum now."""

    source: ClassVar[str] = "lokum.statements"
    contract_id: str
    since: str


class ChargePosted(Event):
    source: ClassVar[str] = "lokum.statements"
    contract_id: str
    charge_id: str
    purpose: str
    amount: int
    currency: str
    due_date: date


class ChargeTakenOver(Event):
    """A charge came with an import when it had long been due: the history of another system, which is news to nobody."""

    source: ClassVar[str] = "lokum.statements"
    contract_id: str
    charge_id: str
    purpose: str
    amount: int
    currency: str
    due_date: date


class PaymentBooked(Event):
    source: ClassVar[str] = "lokum.statements"
    contract_id: str
    payment_id: str
    amount: int
    currency: str
    value_date: date


class EntryReversed(Event):
    source: ClassVar[str] = "lokum.statements"
    contract_id: str
    entry_id: str
    reversal_id: str
    amount: int
    currency: str
    rebooked_to: str | None = None


class BalanceChanged(Event):
    """What an account stands at; `ledger_version` grows with every change, so a late event is known as late."""

    source: ClassVar[str] = "lokum.statements"
    contract_id: str
    ledger_version: int
    balance: int
    due: int
    credit: int
    overdue_from: date | None
    currency: str
    open_items: dict[str, int] = {}
    """What is open by charge, at most the 200 that fall due first: what can be paid one by one."""
    due_dates: dict[str, date] = {}
    """When each of these falls due."""


def _all_events() -> dict[str, type[Event]]:
    return {event.detail_type(): event for event in Event.__subclasses__()}


EVENTS: Final[dict[str, type[Event]]] = _all_events()
"""Every event by its detail-type."""
