"""What the sandboxes are told: merchants with their credentials, schedules, switches for the delivery of webhooks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from infra.local.providers.post import Post, post
from shared.clock import now

MINUTE: Final = 60.0
HOUR: Final = 60 * MINUTE

REAL: Final[dict[str, tuple[float, ...]]] = {
    # Unconfirmed; three tries, then an hour apart for a day.
    "autopay": (3 * MINUTE, 3 * MINUTE, 10 * MINUTE, *(HOUR,) * 23),
    # Exponential, up to three days.
    "stripe": tuple(min(5 * MINUTE * 4**n, 12 * HOUR) for n in range(9)),
    # Unconfirmed whether there are any.
    "liqpay": (MINUTE, 5 * MINUTE, 30 * MINUTE),
    # Exponential, up to seven days.
    "vipps": tuple(min(5.0 * 2**n, 12 * HOUR) for n in range(26)),
    "przelewy24": tuple(minutes * MINUTE for minutes in (3, 5, 15, 30, 60, 150, 450)),
    # Eight repeats; the first are known.
    "gocardless": tuple(minutes * MINUTE for minutes in (1, 2, 10, 30, 60, 180, 360, 720)),
}
"""Seconds between the tries of a webhook that is not taken. What is unconfirmed is `SandboxConfig.schedules`' to change."""


class Manner(StrEnum):
    """What a payer does on the pay page."""

    PAY = "pay"
    REFUSE = "refuse"
    """The bank or the payer says no."""
    ABANDON = "abandon"
    """Goes back without an end; no provider says anything."""
    TWICE = "twice"
    """Pays twice where the provider lets him; else the one payment is told twice."""
    LATER = "later"
    """Pending now, paid after `later_seconds` or when `finish` is called."""


@dataclass(frozen=True)
class Switches:
    """How the webhooks of a payment travel.

    Each is sent `copies` times once it was taken, `delay` seconds late and up to `jitter` more (so that they overtake each
    other), not at all before `release` when `held`; the first `lost` tries never arrive; `tampered` sends a copy before it
    in which one byte was changed after the signing.
    """

    copies: int = 1
    delay: float = 0.0
    jitter: float = 0.0
    held: bool = False
    lost: int = 0
    tampered: bool = False


@dataclass(frozen=True)
class Merchant:
    """A merchant's account with one provider. `webhook_urls` for those where it is registered, not sent with the order."""

    provider: str
    name: str
    settings: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    webhook_urls: tuple[str, ...] = ()


@dataclass(frozen=True)
class SandboxConfig:
    """Everything that may differ. `schedules` replace REAL by provider, `time_scale` shortens all of them.

    `later_seconds` pass before a late payment is paid, `process_seconds` before the provider carries out what it was told
    (a refund, the next state of a debit). `switches` is asked for the provider and the reference of each payment, unless
    its own were set.
    """

    merchants: tuple[Merchant, ...]
    seed: str = "sandbox"
    schedules: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    time_scale: float = 1.0
    later_seconds: float = 5.0
    process_seconds: float = 1.0
    ports: Mapping[str, int] = field(default_factory=dict)
    switches: Callable[[str, str], Switches] = lambda _provider, _reference: Switches()
    clock: Callable[[], datetime] = now
    post: Post = post
    workers: int = 2

    def schedule(self, provider: str) -> tuple[float, ...]:
        """Seconds between the tries."""
        return tuple(pause * self.time_scale for pause in self.schedules.get(provider, REAL[provider]))

    def of(self, provider: str) -> tuple[Merchant, ...]:
        """The merchants of a provider."""
        return tuple(merchant for merchant in self.merchants if merchant.provider == provider)
