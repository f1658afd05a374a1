"""Secrets that an organisation has agreed with another program: kept in the parameter store, read by the version that counts.

One SecureString for an organisation and a party, `/lokum/<stage>/<context>/<organisation>/<party>`: JSON with the `live` secrets and,
during a rotation, the `former` ones. A row of the context's table names the version of it that counts, so that its commit decides:
what a refused or killed change has written is a version that nobody reads. Why not Secrets Manager: docs/decisions.
"""

import json
import re
import time
from collections.abc import Callable
from functools import cache
from typing import Any, Final, Generic, TypeVar

from shared.settings import is_local, settings

_SECONDS: Final = 60
_AGAIN: Final = 5
"""Seconds: how old what is known may be when a signature does not fit, for it may be that of a secret that was set just now."""
_PLAIN: Final = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?(?=[/?]|\Z)")
"""Scheme, name and port, without a user, and nothing that two parsers could read in two ways."""
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})

Secrets = dict[str, dict[str, str]]
T = TypeVar("T")


class Vault:
    """The secrets of a context's parties, such as payment providers."""

    def __init__(self, context: str) -> None:
        self._context = context

    def read(self, organisation_id: str, party: str, version: int) -> Secrets:
        """All generations of a version; empty where nothing was set (0), or where it is gone: then they can be set anew."""
        if not version:
            return {}
        from aws_lambda_powertools.utilities import parameters
        from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError

        name = f"{self._name(organisation_id, party)}:{version}"
        try:
            text = parameters.get_parameter(name, decrypt=True, force_fetch=True)
        except GetParameterError as error:
            if "ParameterNotFound" in str(error) or "ParameterVersionNotFound" in str(error):
                return {}
            raise
        found: Secrets = json.loads(str(text))
        return found

    def write(self, organisation_id: str, party: str, secrets: Secrets) -> int:
        """Put all generations; the version that they have got, which counts when the row names it. The store keeps a hundred."""
        written = ssm().put_parameter(
            Name=self._name(organisation_id, party),
            Value=json.dumps(secrets, separators=(",", ":")),
            Type="SecureString",
            Overwrite=True,
        )
        return int(written["Version"])

    def _name(self, organisation_id: str, party: str) -> str:
        return f"/lokum/{settings().stage}/{self._context}/{organisation_id}/{party}"


class ForAMinute(Generic[T]):
    """What `find(organisation_id, party)` gives, known for a minute."""

    def __init__(self, find: Callable[[str, str], T]) -> None:
        self._find = find
        self.known: dict[tuple[str, str], tuple[float, T]] = {}

    def get(self, organisation_id: str, party: str, *, again: bool = False) -> T:
        """The value; `again`: not older than a few seconds."""
        key, now = (organisation_id, party), time.monotonic()
        kept = self.known.get(key)
        if kept and kept[0] > now - (_AGAIN if again else _SECONDS):
            return kept[1]
        found = self._find(organisation_id, party)
        self.known[key] = (now, found)
        return found


def turned(secrets: Secrets, given: dict[str, str]) -> Secrets:
    """The generations after some secrets were given anew: what was live is the former one."""
    live = secrets.get("live", {})
    new = {**live, **given}
    if new == live:
        return secrets
    return {"live": new, "former": live} if live else {"live": new}


def generations(secrets: Secrets) -> tuple[dict[str, str], ...]:
    """The generations that count, the newest first."""
    return tuple(secrets[name] for name in ("live", "former") if secrets.get(name))


def may_call(url: str, own: str) -> bool:
    """Whether an address is the party's: https in the domain of its `own` host; in the local cloud also a sandbox on this machine."""
    # Read by what connects: other parsers end the name elsewhere (at a backslash, say), and the call would go to another host.
    from urllib3.exceptions import LocationParseError
    from urllib3.util import parse_url

    known = parse_url(own)
    try:
        given = parse_url(url)
    except LocationParseError:
        return False
    if not _PLAIN.match(url) or not given.host or not known.host or given.auth is not None:
        return False
    if given.scheme == "http":
        return is_local() and given.host in _LOOPBACK
    domain = ".".join(known.host.split(".")[-2:])
    return given.scheme == "https" and f".{given.host}".endswith(f".{domain}") and given.port in (None, 443)


@cache
def ssm() -> Any:
    """One client for all reads and writes of the process."""
    import boto3

    return boto3.client("ssm")
