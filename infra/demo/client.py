"""A signed-in person's way to the API, as the site goes it: cookie, own header, idempotency keys, presigned uploads."""

import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

import httpx

Found = TypeVar("Found")
_COOKIE: Final = "lokum_session"
_TRIES: Final = 5
_BUSY: Final = {429, 502, 503, 504}
_TIMEOUT: Final = 60.0
_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 1.5


class ApiError(RuntimeError):
    """The API refused a request; the message has its code and what it says of the fields."""

    def __init__(self, method: str, path: str, status: int, body: str) -> None:
        try:
            problem: dict[str, Any] = json.loads(body)
            said = f"{problem['code']} {problem['errors'] or ''} (correlation {problem['correlation_id']})"
        except (ValueError, KeyError, TypeError):
            said = body[:500]
        super().__init__(f"{method} {path}: {status} {said}")
        self.status = status


class WaitError(RuntimeError):
    """Something did not come about in time."""


class Client:
    """`api_url` is where the routes begin, without a slash at the end."""

    def __init__(self, api_url: str, transport: httpx.BaseTransport | None = None) -> None:
        self._api_url = api_url.rstrip("/")
        self._http = httpx.Client(timeout=_TIMEOUT, trust_env=False, transport=transport)
        self._cookie = ""

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def sign_in(self, email: str, password: str) -> None:
        """Go on as this person. Raises ApiError."""
        answer = self._send("POST", "/auth/sign-in", {"email": email, "password": password})
        self._cookie = f"{_COOKIE}={answer.cookies[_COOKIE]}" if _COOKIE in answer.cookies else _session_of(answer)

    def get(self, path: str) -> Any:
        """The parsed answer. Raises ApiError."""
        return self._send("GET", path).json()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """The parsed answer; the request is repeated under one key while the API is busy. Raises ApiError."""
        return self._send("POST", path, body).json()

    def put(self, path: str, body: dict[str, Any]) -> Any:
        """The parsed answer. Raises ApiError."""
        return self._send("PUT", path, body).json()

    def patch(self, path: str, body: dict[str, Any]) -> Any:
        """The parsed answer. Raises ApiError."""
        return self._send("PATCH", path, body).json()

    def pages(self, path: str) -> Iterator[dict[str, Any]]:
        """The items of a list, page after page."""
        cursor = None
        while True:
            page = self.get(f"{path}{'&' if '?' in path else '?'}cursor={cursor}" if cursor else path)
            yield from page["items"]
            cursor = page["next_cursor"]
            if not cursor:
                return

    def upload(self, name: str, data: bytes, purpose: str) -> str:
        """Put a file into the bucket by a presigned form; its key. Raises ApiError."""
        form = self.post("/uploads", {"name": name, "size": len(data), "type": _media_type(name), "purpose": purpose})
        answer = self._http.post(form["url"], data=form["fields"], files={"file": (name, data)})
        if not answer.is_success:
            raise ApiError("POST", form["url"], answer.status_code, answer.text)
        return str(form["key"])

    def _send(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        headers = {"X-Requested-With": "lokum", **({"Cookie": self._cookie} if self._cookie else {})}
        if method == "POST" and self._cookie:
            headers["Idempotency-Key"] = str(uuid.uuid4())
        for again in reversed(range(_TRIES)):
            try:
                answer = self._http.request(method, f"{self._api_url}{path}", json=body, headers=headers)
            except httpx.TransportError:
                if not again:
                    raise
            else:
                if answer.is_success:
                    return answer
                if answer.status_code not in _BUSY or not again:
                    raise ApiError(method, path, answer.status_code, answer.text)
            time.sleep(_PAUSE * (_TRIES - again))
        raise AssertionError  # the last try returned or raised


def wait_for(
    what: str, look: Callable[[], Found | None], seconds: float, stopping: threading.Event | None = None
) -> Found:
    """Look again and again until there is something. Raises WaitError: not in time, or somebody set `stopping`."""
    stopping = stopping or threading.Event()
    deadline, pause = time.monotonic() + seconds, _PAUSE
    while True:
        found = look()
        if found is not None:
            return found
        if time.monotonic() > deadline:
            raise WaitError(f"{what}: not within {seconds:.0f} s")
        # Each look costs time that the work itself needs.
        if stopping.wait(pause):
            raise WaitError(f"{what}: interrupted")
        pause = min(pause * 1.4, _LONGEST_PAUSE)


def _session_of(answer: httpx.Response) -> str:
    """The session of a `Secure` cookie, which the client would not send over plain HTTP."""
    for header in answer.headers.get_list("set-cookie"):
        if header.startswith(f"{_COOKIE}="):
            return header.split(";", 1)[0]
    raise ApiError("POST", "/auth/sign-in", answer.status_code, "no session cookie")


def _media_type(name: str) -> str:
    kinds = {
        "zip": "application/zip",
        "csv": "text/csv",
        "xml": "application/xml",
        "txt": "text/plain",
        "jpg": "image/jpeg",
    }
    return kinds.get(name.rsplit(".", 1)[-1], "")
