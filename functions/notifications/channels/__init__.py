"""The ways to a person, one module each behind one Protocol. A module is loaded when a message travels by it."""

from importlib import import_module
from typing import Protocol, cast

from notifications.channels.model import Account, Answer, Call, Field, Limits, Message, Outcome, Reply, Request, Said
from notifications.kinds import Channel


class ChannelModule(Protocol):
    """What a channel's module has. All functions are pure."""

    @property
    def FIELDS(self) -> tuple[Field, ...]:  # noqa: N802
        """What an administrator enters."""

    @property
    def LIMITS(self) -> Limits:  # noqa: N802
        """How fast may be sent."""

    def send(self, account: Account, address: str, message: Message, /) -> Call:
        """The call that sends a message. Raises ValueError for an address that is none."""

    def understand(self, answer: Answer, /) -> Outcome:
        """What became of it."""

    def read_webhook(self, account: Account, request: Request, /) -> tuple[Reply, tuple[Said, ...]]:
        """What a webhook says, verified with any live secret. Raises WebhookRefusedError."""


def channel(name: Channel) -> ChannelModule:
    """The module of a channel."""
    return cast(ChannelModule, import_module(f"notifications.channels.{name.value}"))
