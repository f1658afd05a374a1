"""The sandboxes of the demo organisations' payment providers and messengers, on ports that the data folder keeps over restarts."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from infra.local.emulator import is_free
from infra.local.messengers import Account, Bus, MessengerConfig, Messengers, Person, start_messengers
from infra.local.providers import Merchant, SandboxConfig, Sandboxes, start_sandboxes

PROVIDERS: Final = "providers"
MESSENGERS: Final = "messengers"


def open_sandboxes(agreements: Iterable[Any], origin: str, data: Path) -> Sandboxes:
    """Start the providers that the demo organisations have agreed with (`infra.demo.AGREEMENTS`); webhooks go to this origin."""
    merchants = tuple(
        Merchant(
            agreed.provider,
            agreed.country.profile.name,
            agreed.settings,
            agreed.secrets,
            (f"{origin}/api/payments/webhooks/{agreed.provider}/{agreed.country.profile.organisation_id}",),
        )
        for agreed in agreements
    )
    return start_sandboxes(SandboxConfig(merchants, ports=_free_ports(data, PROVIDERS)))


def open_messengers(
    channels: Iterable[Any], sign_ins: Iterable[tuple[str, str]], origin: str, data: Path, bus: Bus
) -> Messengers:
    """Start the messengers of the demo organisations (`infra.demo.CHANNELS`), for the people who can sign in; `bus` hears of texts."""
    reached = tuple(channels)
    accounts = tuple(
        Account(
            one.channel,
            one.country.code.lower(),
            one.country.profile.name,
            one.settings,
            one.secrets,
            f"{origin}/api/notifications/webhooks/{one.channel}/{one.country.profile.organisation_id}",
        )
        for one in reached
    )
    emails = {email for email, _role in sign_ins}
    people = tuple(
        Person(f"{code}-{person.ref}", person.name, person.phone, person.locale, code)
        for code, country in {one.country.code.lower(): one.country for one in reached}.items()
        for person in country.people
        if person.email in emails
    )
    return start_messengers(
        MessengerConfig(accounts, people, ports=_free_ports(data, MESSENGERS), memory=data / MESSENGERS, bus=bus)
    )


def kept_addresses(data: Path, kind: str) -> dict[str, str]:
    """The addresses of `providers` or `messengers` that the portal on this data was told of last; empty where it was not."""
    path = data / f"{kind}.json"
    found: dict[str, str] = json.loads(path.read_text()) if path.is_file() else {}
    return found


def keep_addresses(data: Path, kind: str, addresses: dict[str, str]) -> None:
    """Keep them for the next start."""
    (data / f"{kind}.json").write_text(json.dumps(addresses))


def _free_ports(data: Path, kind: str) -> dict[str, int]:
    ports = {name: urlsplit(url).port or 0 for name, url in kept_addresses(data, kind).items()}
    return {name: port for name, port in ports.items() if is_free(port)}
