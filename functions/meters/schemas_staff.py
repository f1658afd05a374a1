"""The wire of meters for staff: installing and replacing, held readings, imports, settings. Forms of values as in `schemas`."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from meters.rules.vocabulary import MAX_REGISTERS, Channel, Claim, Medium
from meters.schemas import (
    Actor,
    CivilDay,
    FindingResponse,
    Id,
    Number,
    PhotoKey,
    Place,
    Reason,
    ShownReading,
    Value,
    Values,
)
from shared.wire import DAY, LINE, Asked, Attachment, Wire


# ------------------------------------------------------------------ staff: meters
class DeviceRequest(Asked):
    """See DeviceResponse. `multiplier` and `max_flow` are decimal text in the medium's unit."""

    digits: Annotated[int, Field(ge=1, le=12)]
    decimals: Annotated[int, Field(ge=0, le=6)] = 0
    registers: Annotated[int, Field(ge=1, le=MAX_REGISTERS)] = 1
    multiplier: Annotated[str, Field(pattern=r"^[0-9]{1,6}(\.[0-9]{1,3})?$")] = "1"
    max_flow: Annotated[str, Field(pattern=r"^[0-9]{1,6}(\.[0-9]{1,3})?$")] | None = None


class InstallationRequest(Asked):
    """A meter that hangs from `date` on, in a unit or in the common parts of a community.

    `meter_id` may be given by who brings meters along from another system; otherwise it follows from the number.
    """

    meter_id: Annotated[str, Field(pattern="^mtr_[0-9A-Za-z_]{1,40}$")] | None = None
    number: Number
    medium: Medium
    place: Place = ""
    unit_id: Id | None = None
    community_id: Id | None = None
    parent_id: Id | None = None
    device: DeviceRequest
    date: Annotated[date, DAY]
    opening: Values
    verified_until: Annotated[CivilDay, DAY] | None = None
    seal: Annotated[str, Field(max_length=40), LINE] = ""


class MeterChange(Asked):
    """What is left out stays."""

    place: Place | None = None
    parent_id: Annotated[str, Field(max_length=64)] | None = None
    """Empty: behind no house meter."""
    version: Annotated[int, Field(ge=1)]


class ReplacementRequest(Asked):
    """The old counter's last values and what the new one showed when it was put in. Without `device` it is of the same kind."""

    date: Annotated[date, DAY]
    closing: Values
    opening: Values
    number: Number
    device: DeviceRequest | None = None
    verified_until: Annotated[CivilDay, DAY] | None = None
    seal: Annotated[str, Field(max_length=40), LINE] = ""
    photo: PhotoKey | None = None


class MeterEventRequest(Asked):
    """`verified` with `verified_until`, `sealed` with `seal`, `removed` with the values that the counter showed last (`closing`)."""

    kind: Literal["verified", "sealed", "removed"]
    date: Annotated[date, DAY]
    verified_until: Annotated[CivilDay, DAY] | None = None
    seal: Annotated[str, Field(max_length=40), LINE] = ""
    closing: Annotated[list[Value], Field(max_length=2 * MAX_REGISTERS)] = []


class BalanceQuery(Asked):
    from_: Annotated[date, DAY, Field(alias="from")]
    to: Annotated[date, DAY]


class BalancePart(Wire):
    """A meter behind the house meter. `use` is none where its readings do not reach over the whole period."""

    meter_id: str
    number: str
    unit_id: str | None
    unit_label: str | None
    use: str | None


class BalanceResponse(Wire):
    """The house meter against the sum of what hangs behind it. `expected`: the sum with the loss that was agreed."""

    meter_id: str
    unit: str
    first: date
    last: date
    house: str | None
    units: str
    expected: str
    difference: str | None
    tolerance: str | None
    is_outside: bool
    unknown: int
    parts: list[BalancePart]


# ------------------------------------------------------------------ staff: held readings
class HeldQuery(Asked):
    """`reading_id`: that one only, whatever else is asked for; nothing where it waits no longer."""

    community_id: Id | None = None
    medium: Medium | None = None
    reading_id: Id | None = None


class HeldReading(Wire):
    reading_id: str
    meter_id: str
    number: str
    medium: Medium
    unit: str
    place: str
    unit_id: str | None
    unit_label: str | None
    community_id: str
    date: date
    values: list[str]
    last: ShownReading | None
    """What stands before it."""
    uses: list[str] | None
    findings: list[FindingResponse]
    channel: Channel
    claim: Claim | None
    actor: Actor
    photo: Attachment | None
    recorded_at: datetime


class HeldResponse(Wire):
    """The longest waiting first."""

    items: list[HeldReading]
    next_cursor: str | None


class DecisionRequest(Asked):
    """`reject` needs a reason, which the household reads. `claim` `rolled_over`: the counter went past its end."""

    decision: Literal["accept", "reject"]
    reason: Reason = ""
    claim: Literal["rolled_over"] | None = None


# ------------------------------------------------------------------ staff: imports
UploadKey = Annotated[str, Field(min_length=1, max_length=512)]


class ReadingImportRequest(Asked):
    """An uploaded file (purpose `meters`) of readings or of meters. A dry run says what would become of it and keeps nothing."""

    upload: UploadKey
    content: Literal["readings", "meters"] = "readings"
    channel: Literal["file", "remote"] = "file"
    dry_run: Annotated[bool, Field(strict=True)] = False


class BatchReading(Asked):
    """`time` of a remote value (the last of a civil day is the day's reading) or the `date` of a reading."""

    meter_number: Number
    time: datetime | None = None
    date: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")] | None = None
    values: Values
    estimated: Annotated[bool, Field(strict=True)] = False


class BatchRequest(Asked):
    channel: Literal["api", "remote"]
    readings: Annotated[list[BatchReading], Field(min_length=1, max_length=2000)]
    dry_run: Annotated[bool, Field(strict=True)] = False


class ReadingImportAccepted(Wire):
    import_id: str


class ReadingImportResponse(Wire):
    """How far an import is. `rows` = `accepted` + `held` + `duplicates` + `refused` when it is `done`; of a file of meters, those
    installed count as accepted, those that stand already as duplicates. In `failed` nothing was kept; `failure` says why.
    """

    import_id: str
    name: str
    content: Literal["readings", "meters"]
    channel: Channel
    dry_run: bool
    state: Literal["queued", "running", "done", "failed"]
    failure: str | None
    rows: int
    done: int
    accepted: int
    held: int
    duplicates: int
    refused: int
    created_at: datetime


class ReadingImportsResponse(Wire):
    """The newest first."""

    items: list[ReadingImportResponse]
    next_cursor: str | None


class RowProblem(Wire):
    """A row that was refused or is held, as sent. `code` is a check's or one of the API's codes."""

    line: int
    outcome: Literal["refused", "held"]
    code: str
    field: str
    meter_number: str
    date: str
    values: list[str]
    message_params: dict[str, str | list[str]]


class RowProblemsResponse(Wire):
    items: list[RowProblem]
    next_cursor: str | None


# ------------------------------------------------------------------ settings
class WindowDays(Asked):
    """Days of each month, both included; `first` after `last` goes over the month's end; 29 to 31 mean its last day."""

    first: Annotated[int, Field(ge=1, le=31)]
    last: Annotated[int, Field(ge=1, le=31)]


class MeterSettingsRequest(Asked):
    """`windows`: of each medium that has one. `thresholds`: own values of each medium, as `default_thresholds` names them."""

    windows: dict[Medium, WindowDays] = {}
    thresholds: dict[Medium, dict[str, Any]] = {}
    estimation_policy: Annotated[str, Field(max_length=40)] | None = None
    """None: no estimates are made."""
    version: Annotated[int, Field(ge=0)]


class PolicyResponse(Wire):
    policy_id: str
    method: str
    source: str


class MeterSettingsResponse(Wire):
    """`default_thresholds` and `sources`: what holds where the organisation says nothing, and where it comes from."""

    windows: dict[Medium, WindowDays]
    thresholds: dict[Medium, dict[str, Any]]
    default_thresholds: dict[Medium, dict[str, Any]]
    sources: dict[Medium, dict[str, str]]
    estimation_policy: str | None
    estimation_policies: list[PolicyResponse]
    version: int
