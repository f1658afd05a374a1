"""The wire of how people want to be told."""

from typing import Annotated, Literal

from pydantic import Field

from notifications.kinds import Channel, Nature
from shared.wire import Asked, Wire

Hour = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["22:00"])]
LocaleName = Literal["pl", "uk", "nb", "fr", "en"]
Muted = Annotated[
    dict[Annotated[str, Field(max_length=40)], Annotated[list[Channel], Field(max_length=len(Channel))]],
    Field(max_length=100, description="By kind or nature, the channels that are not wanted for it."),
]


class KindOffered(Wire):
    """A kind that the caller may be told of."""

    kind: str
    nature: Nature
    channels: list[Channel]
    may_be_muted: bool


class PreferencesResponse(Wire):
    """Quiet hours from an hour to itself: none. `digest_at` null: each notice at once. `time_zone` and `locale` as they count now."""

    muted: Muted
    quiet_from: Hour
    quiet_to: Hour
    digest_at: Hour | None
    time_zone: str
    own_time_zone: bool
    locale: LocaleName
    own_locale: bool
    kinds: list[KindOffered]
    version: int


class PreferencesChange(Asked):
    """What is sent is changed; null gives `digest_at` up, and for `time_zone` and `locale` takes what others have set again."""

    muted: Muted | None = None
    quiet_from: Hour | None = None
    quiet_to: Hour | None = None
    digest_at: Hour | None = None
    time_zone: Annotated[str, Field(max_length=60)] | None = None
    locale: LocaleName | None = None
    version: int | None = Field(
        default=None, ge=0, description="That of the answer which was changed; another is refused."
    )
