"""What an organisation has agreed with a provider: settings from the table, secrets from the parameter store, for a minute.

One SecureString for an organisation and provider, `/lokum/<stage>/payments/<organisation>/<provider>`: JSON with the `live` secrets and,
during a rotation, the `former` ones. The table's row names the version of it that counts, so that its commit decides: what a
refused or killed change has written is a version that nobody reads. Why not Secrets Manager: docs/decisions.
"""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from payments import store_providers as store
from payments.providers.model import Account, Field
from shared.settings import is_local, settings

_SECONDS: Final = 60
_AGAIN: Final = 5
"""Seconds: how old what is known may be when a signature does not fit, for it may be that of a secret that was set just now."""
_PLAIN: Final = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?(?=[/?]|\Z)")
"""Scheme, name and port, without a user, and nothing that two parsers could read in two ways."""
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})

Secrets = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Configured:
    """A provider as an organisation has it. `fee` is what `rules_fees.fee_of` takes."""

    enabled: bool
    part_payment: bool
    fee: Mapping[str, Any]
    account: Account = field(repr=False)


_known: dict[tuple[str, str], tuple[float, Configured | None]] = {}


def configured(organisation_id: str, provider: str, *, again: bool = False) -> Configured | None:
    """A provider as the organisation has it; None where it was never set up. `again`: not older than a few seconds."""
    key, now = (organisation_id, provider), time.monotonic()
    kept = _known.get(key)
    if kept and kept[0] > now - (_AGAIN if again else _SECONDS):
        return kept[1]
    item = store.find_provider(organisation_id, provider)
    found = None
    if item is not None:
        secrets = read_secrets(organisation_id, provider, int(item.secrets_version))
        generations = tuple(secrets[name] for name in ("live", "former") if secrets.get(name))
        account = Account(dict(item.settings), generations)
        found = Configured(bool(item.enabled), bool(item.part_payment), dict(item.fee), account)
    _known[key] = (now, found)
    return found


def forget() -> None:
    """Read afresh: for tests, and after a change."""
    _known.clear()


def read_secrets(organisation_id: str, provider: str, version: int) -> Secrets:
    """All generations of a version; empty where nothing was set (0), or where it is gone: then they can be set anew."""
    if not version:
        return {}
    from aws_lambda_powertools.utilities import parameters
    from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError

    name = f"{_name(organisation_id, provider)}:{version}"
    try:
        text = parameters.get_parameter(name, decrypt=True, force_fetch=True)
    except GetParameterError as error:
        if "ParameterNotFound" in str(error) or "ParameterVersionNotFound" in str(error):
            return {}
        raise
    found: Secrets = json.loads(str(text))
    return found


def write_secrets(organisation_id: str, provider: str, secrets: Secrets) -> int:
    """Put all generations; the version that they have got, which counts when the row names it. The store keeps a hundred."""
    written = _ssm().put_parameter(
        Name=_name(organisation_id, provider),
        Value=json.dumps(secrets, separators=(",", ":")),
        Type="SecureString",
        Overwrite=True,
    )
    return int(written["Version"])


def may_call(url: str, known: tuple[Field, ...]) -> bool:
    """Whether an address is the provider's: https in the domain of its own host; in the local cloud also a sandbox on this machine."""
    # Read by what connects: other parsers end the name elsewhere (at a backslash, say), and the call would go to another host.
    from urllib3.exceptions import LocationParseError
    from urllib3.util import parse_url

    own = parse_url(next((one.default for one in known if one.name == "host"), ""))
    try:
        given = parse_url(url)
    except LocationParseError:
        return False
    if not _PLAIN.match(url) or not given.host or not own.host or given.auth is not None:
        return False
    if given.scheme == "http":
        return is_local() and given.host in _LOOPBACK
    domain = ".".join(own.host.split(".")[-2:])
    return given.scheme == "https" and f".{given.host}".endswith(f".{domain}") and given.port in (None, 443)


def _name(organisation_id: str, provider: str) -> str:
    return f"/lokum/{settings().stage}/payments/{organisation_id}/{provider}"


@cache
def _ssm() -> Any:
    import boto3

    return boto3.client("ssm")
