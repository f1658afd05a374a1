"""The wire of meters: meters, readings, what the checks say of them, consumption.

Counter values travel as they stand on the counter (`"00412.350"`), uses as decimal text in the medium's unit (`"4.250"`), days in ISO form.
"""

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field

from meters.rules.stream import EventKind
from meters.rules.vocabulary import (
    MAX_REGISTERS,
    Channel,
    Claim,
    Code,
    Medium,
    Severity,
    Status,
    SuggestionKind,
)
from shared.wire import DAY, LINE, Asked, Attachment, Wire

CivilDay = date
"""The type under a name that no field has: after a field `date` the name stands for that."""
Id = Annotated[str, Field(min_length=1, max_length=64)]
Value = Annotated[str, Field(max_length=64)]
"""What somebody typed or read off; judged by FORMAT, so that the answer says what is wrong with it."""
Values = Annotated[list[Value], Field(min_length=1, max_length=2 * MAX_REGISTERS)]
"""One for each register; another number of them is judged by REGISTERS."""
TypedValues = Annotated[list[Value], Field(max_length=4 * MAX_REGISTERS)]
"""The same while somebody is typing: with none as well."""
Registers = Annotated[list[Annotated[int, Field(ge=0, lt=MAX_REGISTERS)]], Field(max_length=MAX_REGISTERS)]
Number = Annotated[str, Field(min_length=1, max_length=40), LINE]
"""The number printed on the counter; unique in the organisation."""
Place = Annotated[str, Field(max_length=80), LINE]
Reason = Annotated[str, Field(max_length=500), LINE]
PhotoKey = Annotated[str, Field(min_length=1, max_length=512)]
"""A key that `POST /uploads` gave (purpose `reading`)."""
_REGISTER: Final[Any] = Field(alias="register")
"""`register` itself is a method of every model's class."""


# ------------------------------------------------------------------ what the checks say
class SuggestionResponse(Wire):
    """What would make the reading plausible: the values to type for all registers, and what to claim with them."""

    kind: SuggestionKind
    values: list[str]
    claim: Claim | None
    claimed: list[int]


class FindingResponse(Wire):
    """One thing that a check says. `register` counts from 0; none: the whole reading. The words are the site's."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    code: Code
    severity: Severity
    register_: Annotated[int | None, _REGISTER]
    message_params: dict[str, str | list[str]]
    suggestion: SuggestionResponse | None


class UseResponse(Wire):
    """The use that a reading makes since the last actual one."""

    unit: str
    since: date
    days: int
    uses: list[str]


# ------------------------------------------------------------------ meters
class MetersQuery(Asked):
    """One of the three. `community_id`: the meters of its common parts, the house meters among them."""

    unit_id: Id | None = None
    community_id: Id | None = None
    number: Number | None = None


class DeviceResponse(Wire):
    """The counter that hangs there. `multiplier` is what one step of the counter stands for, `max_flow` the most in an hour."""

    digits: int
    decimals: int
    registers: int
    multiplier: str
    max_flow: str | None


class ShownReading(Wire):
    """Values with the day on which the counter showed them (or was estimated to)."""

    reading_id: str
    date: date
    values: list[str]
    estimated: bool


class RefusedReading(Wire):
    """A reading that staff refused, and why."""

    reading_id: str
    date: date
    values: list[str]
    reason: str


class WindowResponse(Wire):
    """When readings are taken: the window that is open or comes next. Outside it a tenant's reading is refused or questioned."""

    first: date
    last: date
    is_open: bool
    outside: Literal["reject", "warn"]


class ExpectedRange(Wire):
    """Between which values a register's reading of today raises no question. `basis`: what the expectation rests on."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    register_: Annotated[int, _REGISTER]
    low: str
    high: str
    low_use: str
    high_use: str
    expected_use: str | None
    basis: Literal["season", "recent"] | None


class MeterSummary(Wire):
    meter_id: str
    number: str
    medium: Medium
    unit: str
    """In which the medium's use is told: m3, kWh, units."""
    place: str
    unit_id: str | None
    community_id: str
    parent_id: str | None
    """The house meter behind which it hangs."""
    device: DeviceResponse
    installed_on: date
    removed_on: date | None
    verified_until: date | None
    last: ShownReading | None
    """The last accepted actual reading, the baseline of every check."""
    estimate: ShownReading | None
    """The estimate after it, which the next reading puts right."""
    waiting: ShownReading | None
    """The newest reading that waits for staff."""
    refused: RefusedReading | None
    """The newest reading of the present household that staff refused, until another one counts or waits."""
    window: WindowResponse | None
    expected: list[ExpectedRange]
    may_read: bool
    """Whether the person who asks may enter a reading of today."""


class MetersResponse(Wire):
    items: list[MeterSummary]
    next_cursor: str | None


class MeterResponse(MeterSummary):
    unit_label: str | None
    seal: str
    photo_on_confirmation: bool
    """Whether a confirmed reading without a photo waits for staff."""
    version: int


# ------------------------------------------------------------------ readings
class ReadingRequest(Asked):
    """A reading. `confirmed`: its findings were seen, and it is right. `claim`: what happened to the counter, of which registers
    (none named: whichever shows less). `supersedes`: the reading that it corrects.
    """

    date: Annotated[date, DAY]
    values: TypedValues
    confirmed: Annotated[bool, Field(strict=True)] = False
    photo: PhotoKey | None = None
    claim: Claim | None = None
    claimed: Registers = []
    supersedes: Id | None = None


class ReadingReceipt(Wire):
    """What became of a reading. The same meter, date and values again answer the reading that stands."""

    reading_id: str
    meter_id: str
    number: str
    date: date
    values: list[str]
    status: Status
    findings: list[FindingResponse]
    consumption: UseResponse | None
    recorded_at: datetime


class ReadingCheckResponse(Wire):
    """What would become of a reading; nothing is kept. `submitted`: it would be asked back."""

    status: Status
    findings: list[FindingResponse]
    consumption: UseResponse | None
    duplicate_of: str | None


class Actor(Wire):
    role: Literal["household", "staff", "system"]
    mine: bool
    person_id: str | None
    """For staff only."""


class DecisionResponse(Wire):
    decision: Literal["accept", "reject"]
    at: datetime
    reason: str
    person_id: str | None
    """For staff only."""


class StreamEntry(Wire):
    """Something that happened to the meter. `closing`: what a replaced or removed counter showed last.

    `uses` are since the actual reading before. An entry that another supersedes stays, for everybody to see.
    """

    entry_id: str
    kind: EventKind
    status: Status
    date: date
    values: list[str]
    closing: list[str]
    uses: list[str] | None
    number: str | None
    """The number of the counter that was put in."""
    verified_until: CivilDay | None
    seal: str
    findings: list[FindingResponse]
    channel: Channel | None
    actor: Actor
    photo: Attachment | None
    recorded_at: datetime
    decision: DecisionResponse | None
    supersedes: str | None
    superseded_by: str | None


class StreamResponse(Wire):
    """The newest first."""

    items: list[StreamEntry]
    next_cursor: str | None


class ConsumptionQuery(Asked):
    """The days from `from` up to and including `to`, at most five years."""

    from_: Annotated[date, DAY, Field(alias="from")]
    to: Annotated[date, DAY]
    by: Literal["month"] = "month"


class Use(Wire):
    """A use, how much of it is estimated, and for how many of its days anything is known: no known day is a gap, no zero."""

    use: str
    registers: list[str]
    estimated: str
    actual_days: int
    estimated_days: int


class Period(Wire):
    first: date
    last: date
    now: Use
    last_year: Use


class ConsumptionResponse(Wire):
    meter_id: str
    medium: Medium
    unit: str
    periods: list[Period]
    total: Period
