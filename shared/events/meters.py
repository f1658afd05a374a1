"""Events of meters."""

from datetime import date
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from shared.events.envelope import Event


class AcceptedReading(BaseModel):
    """A reading that counts. `supersedes`: the one that it put right."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    reading_id: str
    meter_id: str
    unit_id: str | None
    community_id: str
    day: date
    codes: list[str]
    channel: str
    supersedes: str | None = None
    photo: list[str] = []
    """Keys of its checked photograph, which nobody may forget any more."""


class ReadingsAccepted(Event):
    """Readings that were accepted in one commit: one from a person, many from an import."""

    source: ClassVar[str] = "lokum.meters"
    readings: list[AcceptedReading]


class ReadingHeld(Event):
    """A reading waits for staff; what stood before stays the baseline."""

    source: ClassVar[str] = "lokum.meters"
    reading_id: str
    meter_id: str
    unit_id: str | None
    community_id: str
    day: date
    codes: list[str]
    channel: str
    photo: list[str] = []


class ReadingRejected(Event):
    """Staff have refused a held reading."""

    source: ClassVar[str] = "lokum.meters"
    reading_id: str
    meter_id: str
    unit_id: str | None
    community_id: str
    day: date
    codes: list[str]


class MeterReplaced(Event):
    """Another counter hangs in a meter's place."""

    source: ClassVar[str] = "lokum.meters"
    meter_id: str
    unit_id: str | None
    community_id: str
    day: date
    number: str
    photo: list[str] = []


class VerifiedMeter(BaseModel):
    """Until when a meter is verified; None: there is no such day any more, or the meter was removed."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    meter_id: str
    number: str
    verified_until: date | None


class VerificationsChanged(Event):
    """Meters came into being, or were replaced, verified or removed in one commit, and are verified until another day than before."""

    source: ClassVar[str] = "lokum.meters"
    meters: list[VerifiedMeter]


class ReadingWindowOpened(Event):
    """From today readings of a medium are taken, until `last`."""

    source: ClassVar[str] = "lokum.meters"
    medium: str
    first: date
    last: date


class EstimationDue(Event):
    """A window has closed: the meters of a shard without a reading are estimated, so many at a time, `after` the ones before."""

    source: ClassVar[str] = "lokum.meters"
    medium: str
    first: date
    last: date
    shard: int
    after: str | None = None


class ReadingImportReceived(Event):
    source: ClassVar[str] = "lokum.meters"
    import_id: str


class ReadingImportChunkReady(Event):
    source: ClassVar[str] = "lokum.meters"
    import_id: str
    chunk: int
