"""What the sandboxes of the messengers are told: accounts with their credentials, people with a phone, limits, troubles."""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from infra.local.providers.post import Post, post
from shared.clock import now

MINUTE: Final = 60.0
HOUR: Final = 60 * MINUTE
REAL: Final[dict[str, tuple[float, ...]]] = {
    # Unconfirmed: "a reasonable number of times".
    "telegram": (1.0, 2.0, 4.0, 8.0, 16.0, MINUTE, 5 * MINUTE, 15 * MINUTE),
    # Several within an hour.
    "viber": (MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE),
    # For up to seven days, the spacing is unconfirmed.
    "whatsapp": tuple(min(5.0 * 2**n, 12 * HOUR) for n in range(26)),
    "push": (),
    "sms": (),
}
"""Seconds between the tries of a webhook that is not taken."""


@dataclass(frozen=True)
class Person:
    """Somebody with a phone and a browser. `handle` names him in the addresses of the pages, `account` the one account that he has
    to do with, empty where all have.
    """

    handle: str
    name: str
    phone: str
    language: str = "en"
    account: str = ""


@dataclass(frozen=True)
class Account:
    """An organisation's account with one messenger, by the names of the fields that its administrator enters on the site.

    `webhook_url` is where the webhook was entered by hand; what a call says later counts until the sandbox ends.
    """

    channel: str
    handle: str
    name: str
    settings: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    webhook_url: str = ""


class Limits(NamedTuple):
    """Calls within some seconds for an account, and seconds between two messages to one person; 0 is no limit."""

    most: int
    seconds: float
    apart: float = 0.0


Bus = Callable[[dict[str, Any]], None]


def _no_cloud(_entry: dict[str, Any]) -> None:
    raise RuntimeError("none was given")


@dataclass(frozen=True)
class MessengerConfig:
    """Everything that may differ. `schedules` replace REAL and `limits` a messenger's own by its name; `time_scale` shortens all schedules.

    `receipt_seconds` pass before a phone says that a message has come. In the folder `memory` chats and webhooks outlive the sandbox.
    `bus` takes what AWS says of texts: an entry of PutEvents. Raises RuntimeError where there is no cloud to say it to.
    """

    accounts: tuple[Account, ...]
    people: tuple[Person, ...]
    seed: str = "sandbox"
    schedules: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    limits: Mapping[str, Limits] = field(default_factory=dict)
    time_scale: float = 1.0
    receipt_seconds: float = 0.2
    ports: Mapping[str, int] = field(default_factory=dict)
    memory: Path | None = None
    clock: Callable[[], datetime] = now
    post: Post = post
    bus: Bus = _no_cloud

    def schedule(self, channel: str) -> tuple[float, ...]:
        """Seconds between the tries."""
        known = self.schedules[channel] if channel in self.schedules else REAL[channel]
        return tuple(pause * self.time_scale for pause in known)

    def of(self, channel: str) -> tuple[Account, ...]:
        """The accounts with a messenger."""
        return tuple(account for account in self.accounts if account.channel == channel)


class Rate:
    """Lets so many calls of one key through within some seconds."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._window = most, timedelta(seconds=seconds)
        self._calls: dict[str, deque[datetime]] = {}
        self._lock = threading.Lock()

    def wait(self, key: str, at: datetime) -> float:
        """Seconds until there is room; 0 where there is, and the call is counted then."""
        if not self._most or not self._window:
            return 0.0
        with self._lock:
            calls = self._calls.setdefault(key, deque())
            while calls and calls[0] <= at - self._window:
                calls.popleft()
            if len(calls) >= self._most:
                return (calls[0] + self._window - at).total_seconds()
            calls.append(at)
            return 0.0
