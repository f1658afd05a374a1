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
    `kind` and `values` are for channels that take approved templates only: the kind's values, written as the reader writes them, in the
    catalogue's order. `code` is the one-time code where the message is about one. `reference` is ours and comes back with what e-mail,
    SMS and WhatsApp say later (`Said.reference`): at most 256 of `A-Za-z0-9_-`.
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
    kind: str = ""
    values: tuple[str, ...] = ()
    code: str = ""
    reference: str = ""


class NotConfiguredError(LookupError):
    """A setting or secret of the channel is missing; its only argument is the name."""


@dataclass(frozen=True, slots=True)
class Account:
    """An organisation's account with a channel: settings, and the secrets that are live, the newest generation first."""

    settings: Mapping[str, str]
    secrets: tuple[Mapping[str, str], ...] = field(repr=False, default=())

    def setting(self, name: str, default: str = "") -> str:
        """A setting, else the default. Raises NotConfiguredError when there is neither."""
        value = self.settings.get(name) or default
        if not value:
            raise NotConfiguredError(name)
        return value

    def live(self, name: str) -> tuple[str, ...]:
        """All live secrets of this name, the newest first: webhooks may be signed with any. Raises NotConfiguredError for none."""
        found = tuple(generation[name] for generation in self.secrets if generation.get(name))
        if not found:
            raise NotConfiguredError(name)
        return found

    def secret(self, name: str) -> str:
        """The newest live secret of this name: calls are made with it. Raises NotConfiguredError."""
        return self.live(name)[0]


HOST: Final = r"https?://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?"
"""The pattern of every `host`."""


@dataclass(frozen=True, slots=True)
class Field:
    """Something that an administrator enters for a channel. `pattern` is the whole of what it may be; a secret is never shown again.

    `host` is the one that a sandbox replaces: scheme, name and port.
    """

    name: str
    secret: bool = False
    default: str = ""
    required: bool = True
    pattern: str = r"[\x21-\x7e]{1,200}"


@dataclass(frozen=True, slots=True)
class HttpCall:
    """A call over HTTPS."""

    method: str
    url: str = field(repr=False)
    """Telegram's holds the bot's token."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class AwsCall:
    """A call of an AWS service by boto3's names: `("sesv2", "send_email", {...})`."""

    service: str
    operation: str
    arguments: Mapping[str, Any] = field(repr=False)


Call = HttpCall | AwsCall


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Of AWS calls: status 200 with `data`, or the error's HTTP status, its `code`, and the rest of it as `data`.

    Status 0: nothing came, so that nobody knows.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    """By names in small letters."""
    body: bytes = b""
    data: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""


class State(StrEnum):
    """SENT: taken on. AGAIN: not taken on, try later. GONE: the address is dead, switch it off. REFUSED: not this message.

    UNSURE: no answer, or none that can be read, so that it may have been sent.
    """

    SENT = "sent"
    AGAIN = "again"
    GONE = "gone"
    REFUSED = "refused"
    UNSURE = "unsure"


class Outcome(NamedTuple):
    """What became of one try. `seconds`: how long to wait where the channel says so. `code`: the channel's own, for the log."""

    state: State
    message_id: str = ""
    seconds: int = 0
    code: str = ""


class Limits(NamedTuple):
    """How fast may be sent: messages per second for an account, and seconds between two messages to one address.

    `common`: all organisations send from one account (that of the deployment) and share its limit.
    """

    per_second: float
    apart: float = 0.0
    common: bool = False


class Event(StrEnum):
    """What a channel says to us. UNLINKED: the person wants no more of it there."""

    LINKED = "linked"
    UNLINKED = "unlinked"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a channel said. `token` is the one-time token of a link; `address` who it is there; `said_id` for seeing it twice.

    `reference` is that of the message, where the channel gives it back; else it is found by `address` and `message_id`. `code` is the
    channel's own. FAILED: this message did not arrive. GONE: nothing arrives at this address any more, whoever sends it.
    """

    event: Event
    said_id: str
    address: str = ""
    token: str = ""
    message_id: str = ""
    reference: str = ""
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
