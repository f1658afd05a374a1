"""What the demo organisations have agreed with payment providers, and how their administrators set that up on the site.

The providers' hosts are sandboxes (docs/sandboxes.md), which know the same credentials.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from infra.demo.client import Client
from infra.demo.countries import COUNTRIES
from infra.demo.countries.france import FRANCE
from infra.demo.countries.norway import NORWAY
from infra.demo.countries.poland import POLAND
from infra.demo.countries.ukraine import UKRAINE
from infra.demo.country import Country
from infra.demo.table import PASSWORD

ADMINISTRATOR: Final = "admin"
_SANDBOX: Final = "http://127.0.0.1:"


@dataclass(frozen=True)
class Agreed:
    """One organisation's agreement with one provider. `fee` and `part_payment` as `PUT /payment-providers/{provider}` takes them."""

    country: Country
    provider: str
    settings: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    fee: Mapping[str, Any] = field(default_factory=lambda: {"kind": "none"})
    part_payment: bool = False


def _stripe(country: Country) -> Agreed:
    secrets = {"api_key": f"sk_test_demo_{country.code.lower()}", "webhook_secret": "whsec_demo_stripe_secret"}
    return Agreed(country, "stripe", secrets=secrets)


def _liqpay(country: Country) -> Agreed:
    fee = {"kind": "payer", "basis_points": 150}
    known, secrets = {"public_key": "demo_public"}, {"private_key": "demo_private"}
    return Agreed(country, "liqpay", known, secrets, fee, part_payment=True)


def _vipps(country: Country) -> Agreed:
    known = {"msn": "903003", "client_id": f"demo-client-{country.code.lower()}"}
    secrets = {
        "client_secret": "demo-client-secret",
        "subscription_key": "demo-subscription",
        "webhook_secret": "demo-vipps-secret",
    }
    return Agreed(country, "vipps", known, secrets, part_payment=True)


def _gocardless(country: Country) -> Agreed:
    secrets = {"access_token": f"demo-gc-token-{country.code.lower()}", "webhook_secret": "demo-gc-secret"}
    return Agreed(country, "gocardless", secrets=secrets)


AGREEMENTS: Final = (
    Agreed(POLAND, "autopay", {"service_id": "903001"}, {"key": "demo-autopay-key"}, part_payment=True),
    Agreed(
        POLAND,
        "przelewy24",
        {"merchant_id": "903002"},
        {"crc": "demo_crc", "api_key": "demo-p24-reports"},
        {"kind": "payer", "fixed": 99},
    ),
    _liqpay(UKRAINE),
    _vipps(NORWAY),
    _stripe(FRANCE),
    _gocardless(FRANCE),
    # The Polish organisation has all of them; a contract shows those that take its currency.
    _stripe(POLAND),
    _liqpay(POLAND),
    _vipps(POLAND),
    _gocardless(POLAND),
)
"""Where two organisations have the same provider, its API tells them apart by what differs with the country."""


def connect_providers(api_url: str, hosts: Mapping[str, str]) -> None:
    """Have each administrator set up the providers at these hosts. Safe to repeat: what is right stays. Raises ApiError.

    What somebody changed since is kept, only the address of a sandbox moves; a real host stays, too.
    """
    for country in COUNTRIES:
        api = Client(api_url)
        try:
            administrator = next(person for person in country.people if person.ref == ADMINISTRATOR)
            api.sign_in(administrator.email, PASSWORD)
            known = {one["provider"]: one for one in api.get("/payment-providers")["providers"]}
            for agreed in AGREEMENTS:
                host = hosts[agreed.provider]
                if agreed.country is country and (body := _change(agreed, known[agreed.provider], host)):
                    api.put(f"/payment-providers/{agreed.provider}", body)
        finally:
            api.close()


def _change(agreed: Agreed, shown: dict[str, Any], host: str) -> dict[str, Any] | None:
    """What to send, None where nothing has to change."""
    if not shown["version"]:
        return {
            "enabled": True,
            "part_payment": agreed.part_payment,
            "settings": {**agreed.settings, "host": host},
            "secrets": dict(agreed.secrets),
            "fee": dict(agreed.fee),
            "version": 0,
        }
    present = str(shown["settings"].get("host", ""))
    if present == host or not present.startswith(_SANDBOX):
        return None
    kept = {name: shown[name] for name in ("enabled", "part_payment", "fee", "version")}
    return {**kept, "settings": {**shown["settings"], "host": host}}
