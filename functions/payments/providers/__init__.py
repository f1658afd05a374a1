"""Payment providers: pure protocol code, one module each. Only the module that is asked for is imported."""

from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

from payments.providers.protocol import Provider, receive, understand

if TYPE_CHECKING:
    from payments.providers import autopay, gocardless, liqpay, przelewy24, stripe, vipps

    # The type checker holds every module to the Protocol here.
    _autopay: Provider = autopay
    _gocardless: Provider = gocardless
    _liqpay: Provider = liqpay
    _przelewy24: Provider = przelewy24
    _stripe: Provider = stripe
    _vipps: Provider = vipps

__all__ = ["NAMES", "Provider", "provider", "receive", "understand"]
NAMES: Final = ("autopay", "gocardless", "liqpay", "przelewy24", "stripe", "vipps")


def provider(name: str) -> Provider:
    """The provider of this name, one of NAMES. Raises KeyError for any other."""
    if name not in NAMES:
        raise KeyError(name)
    return cast("Provider", import_module(f"payments.providers.{name}"))
