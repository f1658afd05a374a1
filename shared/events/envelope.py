"""The envelope that every event travels in: `{metadata, data}` under a source and a detail-type."""

from datetime import datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from shared import clock
from shared.ids import new_id


class Metadata(BaseModel):
    """Who did what for whom, and why. Ids only."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    id: str = ""
    version: int = 1
    occurred_at: datetime | None = None
    correlation_id: str = ""
    causation_id: str | None = None
    organisation_id: str
    actor: str = "system"
    """A person id, or `system`."""


class Event(BaseModel):
    """A fact in the past tense. Subclasses are the event's data and say who may say it; the class name is the detail-type."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    source: ClassVar[str]
    version: ClassVar[int] = 1

    @classmethod
    def detail_type(cls) -> str:
        return cls.__name__


def new_metadata(event: Event, cause: Metadata) -> Metadata:
    """The metadata of an event said while `cause` was being handled."""
    return Metadata(
        id=new_id("evt"),
        version=event.version,
        occurred_at=clock.now(),
        correlation_id=cause.correlation_id or new_id("cor"),
        causation_id=cause.id or None,
        organisation_id=cause.organisation_id,
        actor=cause.actor,
    )
