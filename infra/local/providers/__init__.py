"""Payment providers seen from the other side: one small server for each, for tests, for the demo and for a developer.

    sandboxes = start_sandboxes(SandboxConfig(merchants=(Merchant("stripe", "Landlord", secrets={...}),)))
    sandboxes["stripe"].url
    sandboxes.close()

Nothing is shared with `functions/payments/providers`: signatures have a code path of their own, so that a mistake on
either side shows. docs/sandboxes.md says what each covers.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Final, Self

from infra.local.providers.autopay import Autopay
from infra.local.providers.config import Manner, Merchant, SandboxConfig, Switches
from infra.local.providers.gocardless import GoCardless
from infra.local.providers.liqpay import LiqPay
from infra.local.providers.przelewy24 import Przelewy24
from infra.local.providers.sandbox import Sandbox
from infra.local.providers.stripe import Stripe
from infra.local.providers.vipps import Vipps

__all__ = ["KINDS", "Manner", "Merchant", "Sandbox", "SandboxConfig", "Sandboxes", "Switches", "start_sandboxes"]
KINDS: Final[dict[str, type[Sandbox]]] = {
    kind.name: kind for kind in (Autopay, Stripe, LiqPay, Vipps, Przelewy24, GoCardless)
}


class Sandboxes:
    """Running sandboxes, by the provider's name."""

    def __init__(self, running: dict[str, Sandbox]) -> None:
        self._running = running

    def __getitem__(self, name: str) -> Sandbox:
        return self._running[name]

    def __iter__(self) -> Iterator[Sandbox]:
        return iter(self._running.values())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def idle(self, seconds: float = 10.0) -> bool:
        """Wait until no webhook is under way or due. False when the time is over first."""
        return all([sandbox.courier.idle(seconds) for sandbox in self])  # noqa: C419 - wait for each

    def close(self) -> None:
        """Close all, at once."""
        with ThreadPoolExecutor(max(len(self._running), 1)) as pool:
            list(pool.map(lambda sandbox: sandbox.close(), self))


def start_sandboxes(config: SandboxConfig) -> Sandboxes:
    """Open a server for each provider that has a merchant. Raises KeyError for a provider that is not known."""
    names = list(dict.fromkeys(merchant.provider for merchant in config.merchants))
    kinds = [KINDS[name] for name in names]
    running: dict[str, Sandbox] = {}
    try:
        for kind in kinds:
            running[kind.name] = kind(config).start()
    except OSError:
        Sandboxes(running).close()
        raise
    return Sandboxes(running)
