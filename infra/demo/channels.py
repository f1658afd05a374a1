"""Through which messengers the demo organisations reach their people, and how their administrators set that up on the site.

The messengers' hosts are sandboxes (docs/sandboxes.md), which know the same credentials. Mails go through the local cloud; SMS, too, go
to AWS, whose address is the deployment's.
"""

import base64
import hashlib
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
REGISTERED: Final = frozenset({"telegram", "viber"})
"""Channels that are told by a call where the webhook is."""
SMS: Final = "sms"
"""Has no host that an administrator could enter."""
_SANDBOX: Final = "http://127.0.0.1:"


@dataclass(frozen=True)
class Reached:
    """One organisation's account with one messenger."""

    country: Country
    channel: str
    settings: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False)


def _telegram(country: Country) -> Reached:
    code = country.code.lower()
    return Reached(
        country, "telegram", {"bot": f"lokum_{code}_bot"}, {"bot_token": f"4815162342:demo-telegram-token-of-{code}"}
    )


def _viber(country: Country) -> Reached:
    code = country.code.lower()
    known = {"uri": f"lokum-{code}", "sender": country.profile.name[:28]}
    return Reached(country, "viber", known, {"auth_token": f"demo-viber-token-of-{code}"})


def _whatsapp(country: Country) -> Reached:
    code = country.code.lower()
    secrets = {
        "access_token": f"demo-whatsapp-token-of-{code}",
        "app_secret": hashlib.sha256(f"whatsapp {code}".encode()).hexdigest()[:32],
        "verify_token": f"demo-verify-token-of-{code}",
    }
    number = int(hashlib.sha256(code.encode()).hexdigest()[:10], 16)
    return Reached(country, "whatsapp", {"phone_number_id": str(number)}, secrets)


def _push(country: Country) -> Reached:
    key = hashlib.sha256(f"push {country.code}".encode()).digest()
    secrets = {"vapid_key": base64.urlsafe_b64encode(key).decode().rstrip("=")}
    administrator = _administrator(country)
    return Reached(country, "push", {"subject": f"mailto:{administrator}"}, secrets)


def _sms(country: Country) -> Reached:
    return Reached(country, SMS, {"origination": f"Lokum{country.code}"}, {})


def _administrator(country: Country) -> str:
    return next(person.email for person in country.people if person.ref == ADMINISTRATOR)


CHANNELS: Final = (
    # The Polish organisation has all of them.
    *(make(POLAND) for make in (_telegram, _viber, _whatsapp, _push, _sms)),
    *(make(UKRAINE) for make in (_telegram, _viber, _push, _sms)),
    *(make(NORWAY) for make in (_push, _sms)),
    *(make(FRANCE) for make in (_whatsapp, _push, _sms)),
)


def connect_channels(api_url: str, hosts: Mapping[str, str]) -> None:
    """Have each administrator set up the messengers at these hosts, and tell them where the site is. Safe to repeat. Raises ApiError.

    What somebody changed since is kept, only the address of a sandbox moves; a real host stays, and is told nothing.
    """
    for country in COUNTRIES:
        api = Client(api_url)
        try:
            api.sign_in(_administrator(country), PASSWORD)
            known = {one["channel"]: one for one in api.get("/notification-channels")["channels"]}
            for reached in CHANNELS:
                if reached.country is country:
                    _connect(api, reached, known[reached.channel], hosts[reached.channel])
        finally:
            api.close()


def _connect(api: Client, reached: Reached, shown: dict[str, Any], host: str) -> None:
    path, body = f"/notification-channels/{reached.channel}", _change(reached, shown, host)
    after = api.put(path, body) if body else shown
    if reached.channel in REGISTERED and after["enabled"] and after["settings"].get("host") == host:
        api.post(f"{path}/registration", {})


def _change(reached: Reached, shown: dict[str, Any], host: str) -> dict[str, Any] | None:
    """What to send, None where nothing has to change."""
    if not shown["version"]:
        settings = {**reached.settings, **({} if reached.channel == SMS else {"host": host})}
        return {"enabled": True, "settings": settings, "secrets": dict(reached.secrets), "version": 0}
    present = str(shown["settings"].get("host", ""))
    if present == host or not present.startswith(_SANDBOX):
        return None
    settings = {**shown["settings"], "host": host}
    return {"enabled": shown["enabled"], "settings": settings, "secrets": {}, "version": shown["version"]}
