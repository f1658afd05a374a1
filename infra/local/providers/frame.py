"""The small HTTP server that every sandbox stands on: routes, forms, JSON; loopback only."""

import contextlib
import json
import re
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

LOOPBACK: Final = "127.0.0.1"
MOST_BYTES: Final = 1024 * 1024
HTML: Final = "text/html; charset=utf-8"
JSON: Final = "application/json"
XML: Final = "application/xml; charset=utf-8"


@dataclass(frozen=True)
class Response:
    """An answer."""

    status: int
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


class Refused(Exception):  # noqa: N818 - an answer, not an accident
    """The request is refused with this answer; raise it from any depth."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


@dataclass(frozen=True)
class Request:
    """A request; header names in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def form(self) -> dict[str, str]:
        """A form's fields. Raises ValueError for a field that is there twice or for bytes that are no UTF-8."""
        pairs = parse_qsl(self.body.decode("ascii"), keep_blank_values=True, errors="strict")
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError("a field is there twice")
        return found

    def json(self) -> dict[str, Any]:
        """A JSON object. Raises ValueError for anything else."""
        value = json.loads(self.body.decode() or "{}")
        if not isinstance(value, dict):
            raise ValueError("no JSON object")  # noqa: TRY004 - one kind of error for the caller
        return value


Handler = Callable[..., Response]


@dataclass(frozen=True)
class Route:
    """`pattern` is a path with `{name}` parts, which the handler gets by name after the request."""

    method: str
    pattern: str
    handler: Handler

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """The parts of a path, None when it is another."""
        if method != self.method:
            return None
        found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.pattern), path)
        return {name: unquote(value) for name, value in found.groupdict().items()} if found else None


def json_response(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer."""
    return Response(status, json.dumps(value, ensure_ascii=False).encode(), JSON, headers or {})


def see_other(url: str) -> Response:
    """Send the browser on with a GET."""
    return Response(303, headers={"Location": url})


class Server:
    """Serves routes on one loopback port, each request in a thread of its own."""

    def __init__(self, name: str, routes: Sequence[Route], port: int = 0) -> None:
        self._routes = tuple(routes)
        outer = self

        class _Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            server_version, sys_version = f"sandbox-{name}", ""
            wbufsize = -1  # head and body leave together
            timeout = 60

            def _serve(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                if length > MOST_BYTES:
                    self.close_connection = True
                    self._send(Response(413))
                    return
                parts = urlsplit(self.path)
                headers = {key.lower(): value for key, value in self.headers.items()}
                query = dict(parse_qsl(parts.query, keep_blank_values=True))
                body = self.rfile.read(length) if length else b""
                self._send(outer.answer(Request(self.command, parts.path, query, headers, body)))

            do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - names that the base class asks for

            def _send(self, response: Response) -> None:
                self.send_response(response.status if 100 <= response.status < 600 else 500)  # noqa: PLR2004
                self.send_header("Content-Type", response.content_type)
                self.send_header("Content-Length", str(len(response.body)))
                self.send_header("Cache-Control", "no-store")
                for key, value in response.headers.items():
                    self.send_header(key, value)
                self.end_headers()
                self.wfile.write(response.body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the base class has it
                """Nothing: a sandbox's own records say more."""

        class _Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

        self._server = _Server((LOOPBACK, port), _Handler)
        self.url = f"http://{LOOPBACK}:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, name=f"sandbox-{name}", daemon=True)

    def start(self) -> None:
        """Open it."""
        self._thread.start()

    def close(self) -> None:
        """Close it."""
        closer = threading.Thread(target=self._server.shutdown, daemon=True)
        closer.start()
        while closer.is_alive():
            # A connection wakes the server, which would else look up only at its next poll.
            with contextlib.suppress(OSError):
                socket.create_connection((LOOPBACK, self._server.server_address[1]), 1).close()
            closer.join(0.005)
        self._server.server_close()
        self._thread.join(5)

    def answer(self, request: Request) -> Response:
        """What the first fitting route says; 404 without one, 400 for what it cannot read."""
        for route in self._routes:
            parts = route.match(request.method, request.path)
            if parts is not None:
                try:
                    return route.handler(request, **parts)
                except Refused as refused:
                    return refused.response
                except (ValueError, KeyError, LookupError) as error:
                    return Response(400, f"the sandbox cannot read this: {error!r}".encode())
        return Response(404, b"the sandbox has nothing here")
