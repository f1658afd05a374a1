"""The wire of registry. Amounts are minor units beside their currency; dates are civil dates."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from shared.events.catalog import ContractType, PartyRole, PaymentReference
from shared.wire import Asked, Wire

NAMES_LIMIT = 50
ImportState = Literal["queued", "running", "done", "failed"]


class SearchQuery(Asked):
    """`q`: the beginning of a number or name; case and accents do not matter."""

    q: Annotated[str, Field(max_length=80)] = ""


class ImportRequest(Asked):
    upload: Annotated[str, Field(min_length=1, max_length=300)]
    """The key that POST /uploads gave for the ZIP (purpose `portfolio`)."""


class ImportAccepted(Wire):
    import_id: str


class ImportProblem(Wire):
    """One wrong row; `line` counts the header as 1, and is 0 for what concerns the whole file."""

    file: str
    line: int
    field: str
    code: str


class ImportResponse(Wire):
    """Progress, exact at every moment: `done` of `rows` rows are in, in whole transactions."""

    import_id: str
    state: ImportState
    rows: int
    done: int
    created: int
    changed: int
    unchanged: int
    errors: list[ImportProblem]
    """At most the first 500; where there are more, `more_errors` says so."""
    more_errors: bool = False
    created_at: datetime


class Address(Wire):
    street: Annotated[str, Field(max_length=140)] = ""
    postal_code: Annotated[str, Field(max_length=16)] = ""
    city: Annotated[str, Field(max_length=80)] = ""
    country: Annotated[str, Field(max_length=2)] = ""


class Adviser(Wire):
    """The person at the organisation whom one calls about this contract."""

    name: str
    email: str
    phone: str


class UnitSummary(Wire):
    unit_id: str
    label: str
    address: str


class CommunitySummary(Wire):
    community_id: str
    name: str


class Holder(Wire):
    person_id: str
    name: str
    role: PartyRole
    starts_on: date
    ends_on: date | None


class ContractSummary(Wire):
    """B1. `current_debt` is 0 for a settled or overpaid account."""

    contract_id: str
    number: str
    type: ContractType
    starts_on: date
    ends_on: date | None
    landlord: str
    value: int
    currency: str
    current_debt: int
    adviser: Adviser | None
    unit: UnitSummary | None
    community: CommunitySummary
    holders: list[Holder] | None = None
    """For staff only; null for everybody else."""


class ContractsResponse(Wire):
    items: list[ContractSummary]
    next_cursor: str | None = None


class UnitDetail(UnitSummary):
    property: str
    floor_area_m2: str
    """Square metres with a decimal dot; empty where it is not known."""
    state: str


class ContractResponse(ContractSummary):
    unit: UnitDetail | None
    payment_references: list[PaymentReference]


class UnitContract(Wire):
    contract_id: str
    number: str
    type: ContractType
    starts_on: date
    ends_on: date | None


class UnitResponse(UnitDetail):
    """B2. `contracts` are those of the unit that the caller may see."""

    community: CommunitySummary
    contracts: list[UnitContract]


class ContactResponse(Wire):
    """B3. `version` may be sent back with a change, which is then refused if somebody was faster."""

    person_id: str
    first_name: str
    last_name: str
    company: str
    phone: str
    email: str
    address: Address
    version: int


class AddressChange(Asked):
    street: Annotated[str, Field(max_length=140)] | None = None
    postal_code: Annotated[str, Field(max_length=16)] | None = None
    city: Annotated[str, Field(max_length=80)] | None = None
    country: Annotated[str, Field(max_length=2)] | None = None


class ContactChange(Asked):
    """Only the fields that are sent change."""

    first_name: Annotated[str, Field(max_length=100)] | None = None
    last_name: Annotated[str, Field(max_length=140)] | None = None
    phone: Annotated[str, Field(max_length=40)] | None = None
    email: Annotated[str, Field(max_length=254)] | None = None
    address: AddressChange | None = None
    version: int | None = None


class PersonSummary(Wire):
    person_id: str
    name: str
    first_name: str
    last_name: str
    company: str
    email: str
    phone: str
    locale: str


class PeopleResponse(Wire):
    items: list[PersonSummary]
    next_cursor: str | None = None


class NamesQuery(Asked):
    """`ids`: up to 50 ids of persons, separated by commas."""

    ids: Annotated[str, Field(min_length=1, max_length=50 * 65)]

    @field_validator("ids")
    @classmethod
    def _not_too_many(cls, text: str) -> str:
        if text.count(",") >= NAMES_LIMIT:
            raise PydanticCustomError("too_long", "too many ids", {"max_length": NAMES_LIMIT})
        return text


class PersonName(Wire):
    person_id: str
    name: str


class NamesResponse(Wire):
    """Ids that nobody has are left out."""

    items: list[PersonName]


class CommunitiesResponse(Wire):
    items: list[CommunitySummary]
    next_cursor: str | None


class PersonOccupancy(Wire):
    """The person's part in a contract, from and until."""

    contract_id: str
    number: str
    type: ContractType
    role: PartyRole
    unit: UnitSummary | None
    starts_on: date
    ends_on: date | None


class PersonMandate(Wire):
    community: CommunitySummary
    role: Literal["board_member"]
    starts_on: date
    ends_on: date | None


class PersonResponse(PersonSummary):
    address: Address
    contracts: list[PersonOccupancy]
    mandates: list[PersonMandate]
