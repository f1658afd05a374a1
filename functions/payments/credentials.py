"""What an organisation has agreed with a provider: settings from the table, secrets from the parameter store, for a minute."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from payments import store_providers as store
from payments.providers.model import Account, Field
from shared import credentials
from shared.credentials import ForAMinute, Vault, generations


@dataclass(frozen=True)
class Configured:
    """A provider as an organisation has it. `fee` is what `rules_fees.fee_of` takes."""

    enabled: bool
    part_payment: bool
    fee: Mapping[str, Any]
    account: Account = field(repr=False)


def _find(organisation_id: str, provider: str) -> Configured | None:
    item = store.find_provider(organisation_id, provider)
    if item is None:
        return None
    secrets = generations(read_secrets(organisation_id, provider, int(item.secrets_version)))
    account = Account(dict(item.settings), secrets)
    return Configured(bool(item.enabled), bool(item.part_payment), dict(item.fee), account)


_vault = Vault("payments")
read_secrets, write_secrets = _vault.read, _vault.write
_providers = ForAMinute(_find)
_known = _providers.known
configured = _providers.get
"""A provider as the organisation has it; None where it was never set up. `again`: not older than a few seconds."""
forget = _known.clear
"""Read afresh: for tests, and after a change."""


def may_call(url: str, known: tuple[Field, ...]) -> bool:
    """Whether an address is the provider's, in the domain of its own host."""
    return credentials.may_call(url, next((one.default for one in known if one.name == "host"), ""))
