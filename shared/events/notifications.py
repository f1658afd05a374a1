"""Events of notifications: what was told waits to be sent, and what became of each try."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.events.envelope import Event


class NotificationQueued(Event):
    """A notice is in a person's inbox and may now be sent to him; said again when one that had to wait has waited long enough."""

    source: ClassVar[str] = "lokum.notifications"
    person_id: str
    notice_id: str


class NotificationDelivered(Event):
    """A channel has taken a notice on."""

    source: ClassVar[str] = "lokum.notifications"
    person_id: str
    notice_id: str
    kind: str
    channel: str


class NotificationFailed(Event):
    """A try on a channel failed. `code` is the channel's own, or ours, such as `unsure` where it is not known whether it went out."""

    source: ClassVar[str] = "lokum.notifications"
    person_id: str
    notice_id: str
    kind: str
    channel: str
    code: str


class TellingDue(Event):
    """Many are to be told the same: these people, who lives in a community, `everybody` who has a part in a contract, else the staff.

    So many at a time, and then those `after` where the last one stands in their order.
    """

    source: ClassVar[str] = "lokum.notifications"
    kind: str
    what: str
    about: dict[str, str]
    values: dict[str, str | int]
    community_ids: Annotated[list[str], Field(max_length=1)] = []
    person_ids: list[str] | None = None
    everybody: bool = False
    after: str = ""
