"""Payment providers seen from the other side: one small server for each, for tests, for the demo and for a developer.

    sandboxes = start_sandboxes(SandboxConfig(merchants=(Merchant("stripe", "Landlord", secrets={...}),)))
    sandboxes["stripe"].url
    sandboxes.close()

Nothing is shared with `functions/payments/providers`: signatures have a code path of their own, so that a mistake on
either side shows. docs/sandboxes.md says what each covers.
"""

from functools import partial
from typing import Final

from infra.local.providers.autopay import Autopay
from infra.local.providers.config import Manner, Merchant, SandboxConfig, Switches
from infra.local.providers.gocardless import GoCardless
from infra.local.providers.liqpay import LiqPay
from infra.local.providers.przelewy24 import Przelewy24
from infra.local.providers.running import Running
from infra.local.providers.sandbox import Sandbox
from infra.local.providers.stripe import Stripe
from infra.local.providers.vipps import Vipps

__all__ = ["KINDS", "Manner", "Merchant", "Sandbox", "SandboxConfig", "Sandboxes", "Switches", "start_sandboxes"]
KINDS: Final[dict[str, type[Sandbox]]] = {
    kind.name: kind for kind in (Autopay, Stripe, LiqPay, Vipps, Przelewy24, GoCardless)
}


Sandboxes = Running[Sandbox]


def start_sandboxes(config: SandboxConfig) -> Sandboxes:
    """Open a server for each provider that has a merchant. Raises KeyError for a provider that is not known."""
    kinds = [KINDS[name] for name in dict.fromkeys(merchant.provider for merchant in config.merchants)]
    return Sandboxes((kind.name, partial(_open, kind, config)) for kind in kinds)


def _open(kind: type[Sandbox], config: SandboxConfig) -> Sandbox:
    return kind(config).start()
