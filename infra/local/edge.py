"""The one origin that people open: the built site at ``/``, the API's stage at ``/api``; what CloudFront does on AWS.

The rules are those of ``infra/web.yaml``: its content security policy is sent here too, an address without a file
extension gets the site's shell, and nothing under ``/api`` is cached or rewritten.
"""

import asyncio
import logging
import re
import socket
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import unquote

import httpx

from infra.build.package import read_template
from infra.build.site import caching, content_type

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Header = tuple[bytes, bytes]

LOOPBACK: Final = "127.0.0.1"
API: Final = "/api/"
MAILBOX: Final = "/dev/mailbox/"
HOP_BY_HOP: Final = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization te trailer transfer-encoding upgrade host".split()
)
OF_THE_EMULATOR: Final = frozenset({b"server", b"date"})
FILE_NAME: Final = re.compile(r"\.[a-z0-9]{1,15}$")
"""As in web.yaml: an extension. Behind the last dot of an address that refuses a notice is more, and it may be small letters only."""
PATIENCE: Final = {"timeout": httpx.Timeout(60.0).as_dict()}
logger = logging.getLogger(__name__)


class PortTakenError(RuntimeError):
    """Somebody else listens on the port that the portal was to have."""


def security_headers(web_template: Path, uploads_origin: str, local: Mapping[str, str]) -> list[Header]:
    """The headers of the template's SecurityHeaders policy that make sense without TLS, for uploads to a local bucket.

    `local` are the origins that stand in for those that the policy names.
    """
    resource = read_template(web_template)["Resources"]["SecurityHeaders"]["Properties"]
    policy = resource["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]["ContentSecurityPolicy"]
    content = policy["ContentSecurityPolicy"]
    text = str(content["Fn::Sub"] if isinstance(content, dict) else content)
    for origin, stand_in in {"https://${UploadsDomain}": uploads_origin, **local}.items():
        text = text.replace(origin, stand_in)
    return [
        (b"content-security-policy", text.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
        (b"referrer-policy", b"no-referrer"),
    ]


def plain_answer(status: int, text: str) -> tuple[int, list[Header], bytes]:
    """A short answer of the edge itself."""
    return status, [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")], text.encode()


@dataclass(frozen=True)
class Site:
    """The built site in a folder."""

    folder: Path
    headers: list[Header] = field(default_factory=list)

    def answer(self, path: str) -> tuple[int, list[Header], bytes]:
        """Status, headers and body for a path; pages of the site, which are no files, get its shell."""
        name = unquote(path).lstrip("/")
        if not FILE_NAME.search(name):
            name = "index.html"
        found = (self.folder / name.replace("\0", "")).resolve()
        if not found.is_relative_to(self.folder.resolve()) or not found.is_file():
            return plain_answer(404, "not found")
        own = [(b"content-type", content_type(name).encode()), (b"cache-control", caching(name).encode())]
        return 200, own + self.headers, found.read_bytes()


@dataclass
class Edge:
    """A server on one loopback port. ``api_url`` may be set anew while it runs, after a deployment.

    With ``site_url`` the site comes from a development server there, without our policy, which hot reload would break.
    """

    port: int
    api_url: str
    site: Site
    site_url: str = ""
    mailbox_url: str = ""
    """Where the pages of the local cloud's mails are; empty: there are none."""

    def __post_init__(self) -> None:
        self._socket: socket.socket | None = None
        self._loop: asyncio.AbstractEventLoop
        self._stopping: asyncio.Event
        self._ready = threading.Event()
        self._client: httpx.AsyncClient
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="edge", daemon=True)

    @property
    def url(self) -> str:
        """Origin under which people open it."""
        return f"http://{LOOPBACK}:{self.port}"

    def claim(self) -> Self:
        """Take the port. Raises PortTakenError. Port 0 becomes a free one."""
        claimed = socket.socket()
        claimed.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            claimed.bind((LOOPBACK, self.port))
        except OverflowError as error:
            claimed.close()
            raise PortTakenError(f"{self.port} is no port; ports go from 1 to 65535") from error
        except OSError as error:
            claimed.close()
            raise PortTakenError(f"port {self.port} is taken by another program; try PORT={self.port + 1}") from error
        claimed.listen(128)
        self._socket, self.port = claimed, claimed.getsockname()[1]
        return self

    def start(self) -> Self:
        """Open it."""
        if self._socket is None:
            self.claim()
        self._thread.start()
        self._ready.wait(10)
        return self

    def stop(self) -> None:
        """Close it; requests under way get a moment to end."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(10)
        if self._socket is not None:
            self._socket.close()

    async def _serve(self) -> None:
        from hypercorn.asyncio import serve
        from hypercorn.config import Config

        config = Config()
        # Hypercorn closes the socket it is given by number, so it gets one of its own.
        config.bind = [f"fd://{self._socket.dup().detach()}"] if self._socket else []
        config.loglevel = "ERROR"
        config.keep_alive_timeout = 75
        config.graceful_timeout = config.shutdown_timeout = 3
        config.include_server_header = False
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        limits = httpx.Limits(max_connections=200, max_keepalive_connections=50)
        async with httpx.AsyncClient(limits=limits, trust_env=False) as self._client:
            self._ready.set()
            await serve(self._app, config, shutdown_trigger=self._stopping.wait)

    async def _app(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await lifespan(receive, send)
        elif scope["type"] == "http":
            raw = scope.get("raw_path", scope["path"].encode()).decode("ascii").split("?")[0]
            if raw.startswith(API):
                await self._forward(scope, receive, send, f"{self.api_url}/{raw.removeprefix(API)}")
            elif self.mailbox_url and f"{raw}/".startswith(MAILBOX):
                await self._forward(scope, receive, send, f"{self.mailbox_url}{raw}")
            elif self.site_url:
                await self._forward(scope, receive, send, f"{self.site_url}{raw}")
            else:
                await self._serve_site(scope, send, raw)

    async def _serve_site(self, scope: Scope, send: Send, path: str) -> None:
        if scope["method"] not in {"GET", "HEAD"}:
            await respond(send, plain_answer(405, "method not allowed"), with_body=True)
            return
        await respond(send, self.site.answer(path), with_body=scope["method"] == "GET")

    async def _forward(self, scope: Scope, receive: Receive, send: Send, target: str) -> None:
        if query := scope["query_string"].decode("ascii"):
            target = f"{target}?{query}"
        headers = forwarded_headers(scope)
        has_body = any(name in {b"content-length", b"transfer-encoding"} for name, _value in scope["headers"])
        content = body_of(receive) if has_body else None
        started = False
        try:
            request = httpx.Request(scope["method"], target, headers=headers, content=content, extensions=PATIENCE)
            answer = await self._client.send(request, stream=True)
            try:
                await send({"type": "http.response.start", "status": answer.status_code, "headers": kept(answer)})
                started = True
                async for chunk in answer.aiter_raw():
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                await send({"type": "http.response.body", "body": b""})
            finally:
                await answer.aclose()
        except httpx.HTTPError as error:
            logger.warning("%s %s: %r", scope["method"], scope["path"], error)
            if not started:
                await respond(send, plain_answer(502, "no answer from behind the edge"), with_body=True)


async def lifespan(receive: Receive, send: Send) -> None:
    """The server's own start and end."""
    while (message := await receive())["type"] != "lifespan.shutdown":
        await send({"type": f"{message['type']}.complete"})
    await send({"type": "lifespan.shutdown.complete"})


async def respond(send: Send, answer: tuple[int, list[Header], bytes], *, with_body: bool) -> None:
    """Send a whole answer."""
    status, headers, body = answer
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body if with_body else b""})


async def body_of(receive: Receive) -> AsyncIterator[bytes]:
    """A request's body as it comes in."""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return
        if message.get("body"):
            yield message["body"]
        if not message.get("more_body"):
            return


def forwarded_headers(scope: Scope) -> list[Header]:
    """The request's headers, with the client's address and ours appended as CloudFront and API Gateway do."""
    headers: Iterable[Header] = scope["headers"]
    seen = [value for name, value in headers if name == b"x-forwarded-for"]
    client = str((scope.get("client") or (LOOPBACK,))[0]).encode()
    kept_ones = [(k, v) for k, v in headers if k not in HOP_BY_HOP and k != b"x-forwarded-for"]
    return [*kept_ones, (b"x-forwarded-for", b", ".join([*seen, client, LOOPBACK.encode()]))]


def kept(answer: httpx.Response) -> list[Header]:
    """The answer's headers as they came, repeated ones too."""
    dropped = HOP_BY_HOP | OF_THE_EMULATOR
    headers = [(name.lower(), value) for name, value in answer.headers.raw if name.lower() not in dropped]
    return [*headers, (b"date", formatdate(time.time(), usegmt=True).encode())]
