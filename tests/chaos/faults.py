"""Faults inside a process that works as a function: SIGKILL between any two of its calls, tables that refuse for a while.

Every call goes out through one place: boto3's and PynamoDB's to AWS, and our own to the providers.
"""

import json
import os
import random
import signal
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, Final

SINGLE: Final = 0.01
"""Of the calls to tables so many are refused once; the SDK tries again."""
SPELL: Final = 0.01
"""In so many invocations a table refuses everything for a while, longer than the SDK has patience."""
SPELL_CALLS: Final = 4
_PATIENCE: Final = 0.1
"""The SDK's pauses are so much of what they are elsewhere: they would be most of the test."""
_REFUSALS: Final = ("ProvisionedThroughputExceededException", "ThrottlingException")
AT_THE_END: Final = "all done, before its answer"


class Faults:
    """What goes wrong in this process; `say` is its last word before it dies."""

    def __init__(self, say: Callable[[dict[str, Any]], None]) -> None:
        self._say = say
        self._chance, self._seeded, self._dry, self._left = random.Random(), False, 0, 0
        self._death: tuple[int | str, bool] | None = None
        self.calls: list[str] = []
        self.throttled = 0
        self._patch()

    def prepare(self, asked: dict[str, Any]) -> None:
        """For the next invocation; without a `seed` no table refuses.

        `death` is None or [call, unheard]: the number of a call or its name (then the first one), and whether it is sent
        before the process dies.
        """
        self.calls, self.throttled = [], 0
        self._death = tuple(asked["death"]) if asked.get("death") else None
        self._seeded = asked.get("seed") is not None
        self._chance = random.Random(asked.get("seed"))
        self._left = 0
        self._dry = self._chance.randint(1, 8) if self._seeded and self._chance.random() < SPELL else 0

    def end(self) -> None:
        """Die now if it was to be and has not happened yet: all is done, and nobody hears of it."""
        if self._death is not None:
            self._die(AT_THE_END)

    def _die(self, step: str) -> None:
        self._say({"dying": step})
        os.kill(os.getpid(), signal.SIGKILL)

    def _patch(self) -> None:
        import botocore.endpoint
        from botocore.httpsession import URLLib3Session
        from urllib3.connection import HTTPConnection

        request, answered, send = HTTPConnection.request, HTTPConnection.getresponse, URLLib3Session.send
        sleep = botocore.endpoint.time.sleep

        def counted(connection: Any, method: str, url: str, *rest: Any, **more: Any) -> Any:
            # botocore hands the headers over by their place, urllib3 by their name.
            self.calls.append(_name(method, more.get("headers") or (rest[1] if len(rest) > 1 else None) or {}))
            if self._is_last(unheard=False):
                self._die(f"before {self.calls[-1]}")
            return request(connection, method, url, *rest, **more)

        def unheard(connection: Any) -> Any:
            if self._is_last(unheard=True):
                self._die(f"{self.calls[-1]} sent, not heard")
            return answered(connection)

        def throttled(session: Any, asked: Any) -> Any:
            target = asked.headers.get("X-Amz-Target", b"")
            name = target.decode() if isinstance(target, bytes) else str(target)
            if name.startswith("DynamoDB_") and self._refuses():
                self.throttled += 1
                return _refusal(asked, name.rpartition(".")[2], self._chance)
            return send(session, asked)

        HTTPConnection.request = counted  # type: ignore[method-assign]
        HTTPConnection.getresponse = unheard  # type: ignore[method-assign]
        URLLib3Session.send = throttled  # type: ignore[method-assign]
        short = SimpleNamespace(sleep=lambda seconds: sleep(seconds * _PATIENCE))
        botocore.endpoint.time = short  # type: ignore[attr-defined]

    def _is_last(self, *, unheard: bool) -> bool:
        if self._death is None or self._death[1] is not unheard:
            return False
        wanted = self._death[0]
        return wanted in (len(self.calls), self.calls[-1])

    def _refuses(self) -> bool:
        if not self._seeded:
            return False
        if self._dry:
            self._dry -= 1
            if not self._dry:
                self._left = SPELL_CALLS
        if self._left:
            self._left -= 1
            return True
        return self._chance.random() < SINGLE


def _name(method: str, headers: Any) -> str:
    target = headers.get("X-Amz-Target", "")
    named = target.decode() if isinstance(target, bytes) else str(target)
    if named:
        return named.rpartition(".")[2]
    if headers.get("X-Amz-Date"):
        return f"{method} of AWS"
    return f"{method} to the provider"


def _refusal(asked: Any, operation: str, chance: random.Random) -> Any:
    """An answer as DynamoDB gives it: the whole call is too much, or one part of a transaction."""
    from botocore.awsrequest import AWSResponse, HeadersDict

    kind, more = chance.choice(_REFUSALS), dict[str, Any]()
    if operation == "TransactWriteItems" and chance.random() < 0.5:
        kind = "TransactionCanceledException"
        parts = json.loads(asked.body)["TransactItems"]
        more["CancellationReasons"] = [{"Code": "ThrottlingError", "Message": "too much"}] + [
            {"Code": "None"} for _ in parts[1:]
        ]
    body = json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{kind}", "message": "too much", **more}).encode()

    def stream(*_amount: Any, **_how: Any) -> Iterator[bytes]:
        yield body

    return AWSResponse(asked.url, 400, HeadersDict({"x-amzn-requestid": "injected"}), SimpleNamespace(stream=stream))
