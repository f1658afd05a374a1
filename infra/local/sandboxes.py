"""The sandboxes of the demo organisations' payment providers, on ports that the data folder keeps over restarts."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from infra.local.emulator import is_free
from infra.local.providers import Merchant, SandboxConfig, Sandboxes, start_sandboxes

ADDRESSES: Final = "providers.json"


def open_sandboxes(agreements: Iterable[Any], origin: str, data: Path) -> Sandboxes:
    """Start them for what the demo organisations have agreed (`infra.demo.AGREEMENTS`); webhooks go to this origin."""
    ports = {name: urlsplit(url).port or 0 for name, url in kept_addresses(data).items()}
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
    free = {name: port for name, port in ports.items() if is_free(port)}
    return start_sandboxes(SandboxConfig(merchants, ports=free))


def addresses_of(sandboxes: Iterable[Any]) -> dict[str, str]:
    """The `host` setting of each provider."""
    return {sandbox.name: sandbox.url for sandbox in sandboxes}


def kept_addresses(data: Path) -> dict[str, str]:
    """The addresses that the portal on this data was told of last; empty where it was not."""
    path = data / ADDRESSES
    found: dict[str, str] = json.loads(path.read_text()) if path.is_file() else {}
    return found


def keep_addresses(data: Path, addresses: dict[str, str]) -> None:
    """Keep them for the next start."""
    (data / ADDRESSES).write_text(json.dumps(addresses))
