"""How a sandbox calls who uses it: one call, no redirect followed, and never to another machine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Final
from urllib.parse import urlsplit

SECONDS: Final = 10.0
HERE: Final = frozenset({"127.0.0.1", "localhost", "::1"})
MOST: Final = 64 * 1024


@dataclass(frozen=True)
class Outgoing:
    """A webhook as it leaves."""

    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """What the shop answered; status 0 with a `problem` when there was no answer."""

    status: int
    body: bytes = b""
    problem: str = ""

    @property
    def ok(self) -> bool:
        """2xx; a redirect is no success."""
        return 200 <= self.status < 300  # noqa: PLR2004 - the class of success


Post = Callable[[str, Outgoing], Answer]


def post(url: str, outgoing: Outgoing) -> Answer:
    """POST to an address of this machine."""
    return _call("POST", url, outgoing)


def get(url: str) -> Answer:
    """GET an address of this machine."""
    return _call("GET", url, Outgoing(b"", {}))


def _call(method: str, url: str, outgoing: Outgoing) -> Answer:
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in HERE:
        return Answer(0, problem="the sandbox calls only this machine")
    connection = HTTPConnection(parts.hostname, parts.port or 80, timeout=SECONDS)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, path, outgoing.body or None, dict(outgoing.headers))
        answer = connection.getresponse()
        return Answer(answer.status, answer.read(MOST))
    except (OSError, HTTPException) as error:
        return Answer(0, problem=f"no answer: {error!r}")
    finally:
        connection.close()
