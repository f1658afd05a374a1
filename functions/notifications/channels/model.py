"""What every channel has in common: the message, the call that sends it, what became of it, and what a channel says to us.

The channels' modules are pure: they build calls and read answers. Who makes the calls is `notifications.calls`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

MAX_BODY: Final = 256 * 1024
"""No channel's webhook is larger, in bytes."""


@dataclass(frozen=True, slots=True)
class Message:
    """A notice in the reader's words. `text` and `html` say the same, `short` is for messengers and SMS, without the link.

    `link` leads to what it is about; `unsubscribe` is the address that refuses this kind with one click, empty where it cannot be refused.
    """

    notice_id: str
    subject: str
    text: str
    html: str
    short: str
    link: str
    locale: str
    unsubscribe: str = ""
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """An organisation's account with a channel: settings, and the secrets that are live, the newest generation first."""

    settings: Mapping[str, str]
    secrets: tuple[Mapping[str, str], ...] = field(repr=False, default=())

    @property
    def newest(self) -> Mapping[str, str]:
        """The secrets that calls are made with."""
        return self.secrets[0] if self.secrets else {}


@dataclass(frozen=True, slots=True)
class Field:
    """Something that an administrator enters for a channel. `pattern` is the whole of what it may be; a secret is never shown again."""

    name: str
    secret: bool = False
    default: str = ""
    pattern: str = r"[\x21-\x7e]{1,200}"


@dataclass(frozen=True, slots=True)
class HttpCall:
    """A call over HTTPS."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class AwsCall:
    """A call of an AWS service by boto3's names: `("sesv2", "send_email", {...})`."""

    service: str
    operation: str
    arguments: Mapping[str, Any] = field(repr=False)


Call = HttpCall | AwsCall


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Of AWS calls: status 200 with `data`, or the error's HTTP status with its `code`."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    data: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""


class State(StrEnum):
    """SENT: taken on. AGAIN: try later. GONE: the address is dead, switch it off. REFUSED: not this message; the address may be good."""

    SENT = "sent"
    AGAIN = "again"
    GONE = "gone"
    REFUSED = "refused"


class Outcome(NamedTuple):
    """What became of one try. `seconds`: how long to wait where the channel says so. `code`: the channel's own, for the log."""

    state: State
    message_id: str = ""
    seconds: int = 0
    code: str = ""


class Limits(NamedTuple):
    """How fast may be sent: messages per second for an account, and seconds between two messages to one address."""

    per_second: float
    apart: float = 0.0


class Event(StrEnum):
    """What a channel says to us by its webhook."""

    LINKED = "linked"
    UNLINKED = "unlinked"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a channel said. `token` is the one-time token of a link; `address` who it is there; `said_id` for seeing it twice."""

    event: Event
    said_id: str
    address: str = ""
    token: str = ""
    message_id: str = ""
    code: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A webhook as it came: nothing in it is believed before `read_webhook` has verified it over the raw body."""

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """By names in small letters."""
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """What the channel is answered."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"


class WebhookRefusedError(ValueError):
    """A webhook that cannot be believed; `code` says why, `reply` what it is answered."""

    def __init__(self, code: str, reply: Reply) -> None:
        super().__init__(code)
        self.code, self.reply = code, reply
