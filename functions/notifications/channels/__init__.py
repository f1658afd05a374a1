"""The ways to a person, one module each behind one Protocol. A module is loaded when a message travels by it."""

from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

from notifications.channels.model import (
    Account,
    Answer,
    Call,
    Field,
    HttpCall,
    Limits,
    Message,
    Outcome,
    Reply,
    Request,
    Said,
)
from notifications.kinds import Channel

if TYPE_CHECKING:
    from notifications.channels import email, push, sms, telegram, viber, whatsapp


class ChannelModule(Protocol):
    """What a channel's module has. All functions are pure."""

    @property
    def FIELDS(self) -> tuple[Field, ...]:  # noqa: N802
        """What an administrator enters."""

    @property
    def LIMITS(self) -> Limits:  # noqa: N802
        """How fast may be sent."""

    def address(self, account: Account, given: str, /) -> str:
        """An address in the form that it is kept in; of push the subscription as the browser gives it, JSON. Raises ValueError for none."""

    def send(self, account: Account, address: str, message: Message, now: datetime, /) -> Call:
        """The call that sends a message. Raises ValueError for an address that is none, NotConfiguredError."""

    def understand(self, answer: Answer, /) -> Outcome:
        """What became of it. Never raises."""

    def link(self, account: Account, token: str, /) -> str:
        """The address that links a person by a one-time token (`[A-Za-z0-9_-]`, at most 64); empty where a code or the browser links."""

    def register(self, account: Account, url: str, /) -> HttpCall | None:
        """The call that tells the channel where our webhook is, its answer for `understand`; None where it is set by hand or never."""

    def read_webhook(self, account: Account, request: Request, /) -> tuple[Reply, tuple[Said, ...]]:
        """What a webhook says, verified with any live secret. Raises WebhookRefusedError, always for a channel that has none."""

    def read_event(self, detail_type: str, detail: Mapping[str, Any], /) -> tuple[Said, ...]:
        """What an event of AWS says of a message (EventBridge); nothing for channels outside AWS. Never raises."""


def channel(name: Channel) -> ChannelModule:
    """The module of a channel."""
    return cast(ChannelModule, import_module(f"notifications.channels.{name.value}"))


if TYPE_CHECKING:
    # The type checker holds every module to the Protocol here.
    _modules: tuple[ChannelModule, ...] = (email, push, sms, telegram, viber, whatsapp)
