"""Processes that call a route and die on the way, by SIGKILL, just where they are told to.

Two sides. `Mortals` is the test's: it starts a launcher, which has imported the context once. The launcher (this module as a program) forks a
process for each request, which patches the one place through which all of its calls to AWS go out.
"""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Self

from infra.build.environment import ROOT
from tests.load.stand import ORGANISATION, VARIABLES


@dataclass(frozen=True)
class Death:
    """SIGKILL at the n-th call to AWS, counted from 1: before it is sent, or (`unheard`) sent but before its answer is read."""

    call: int
    unheard: bool = False


@dataclass(frozen=True)
class End:
    """How a request ended: killed without an answer, or answered after so many calls to AWS."""

    killed: bool
    calls: tuple[str, ...] = ()
    """What was called, in its order."""
    status: int = 0
    body: Any = None


class Mortals:
    """The test's side; the launcher lives as long as this. `context` is the one whose processes die."""

    def __init__(self, url: str, context: str) -> None:
        self._context = context
        self._environment = {**os.environ, **VARIABLES, "AWS_ENDPOINT_URL": url, "NO_PROXY": "127.0.0.1"}
        self._environment["PYTHONPATH"] = f"{ROOT}{os.pathsep}{ROOT / 'functions'}"

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.chaos.mortals", self._context]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._launcher = subprocess.Popen(command, cwd=ROOT, env=self._environment, text=True, **pipes)  # type: ignore[call-overload]
        return self

    def __exit__(self, *_error: object) -> None:
        self._launcher.stdin.close()
        self._launcher.wait(30)
        self._launcher.stdout.close()

    def request(self, event: dict[str, Any], death: Death | None = None) -> End:
        """One API Gateway event to the context, in a process of its own."""
        asked = {"event": event, "death": None if death is None else [death.call, death.unheard]}
        return End(**self._ask(asked))

    def hear(self, message: dict[str, Any], death: Death | None = None) -> End:
        """One event of the bus to the context's consumers, in a process of its own."""
        asked = {"message": message, "death": None if death is None else [death.call, death.unheard]}
        return End(**self._ask(asked))

    def sign_in(self, person_id: str, *grants: tuple[str, str, str]) -> str:
        """The session token of somebody with these grants."""
        return str(End(**self._ask({"sign_in": [person_id, grants]})).body)

    def _ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        self._launcher.stdin.write(json.dumps(asked) + "\n")
        self._launcher.stdin.flush()
        answered: dict[str, Any] = json.loads(self._launcher.stdout.readline())
        return {**answered, "calls": tuple(answered.get("calls", ()))}


def main() -> None:
    """The launcher: a line on standard input is a request, a line on standard output says how it ended."""
    context = sys.argv[1]
    _warm_up(context)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # metrics and log lines of the handlers are no answers
    for line in sys.stdin:
        answers.write(json.dumps(_one_life(context, json.loads(line))) + "\n")
        answers.flush()


def _warm_up(context: str) -> None:
    """Import the context and make its clients, which takes longer than a request; nothing is sent, so that no socket is shared."""
    from shared import files
    from shared.tables import connection

    assert import_module(f"{context}.app").app.contracts
    assert connection().client
    files.s3()


def _one_life(context: str, asked: dict[str, Any]) -> dict[str, Any]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        code = 1
        try:
            os.write(writing, json.dumps(_work(context, asked)).encode())
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    _, ended = os.waitpid(child, 0)
    if os.WIFSIGNALED(ended) and os.WTERMSIG(ended) == signal.SIGKILL:
        return {"killed": True}
    return {"killed": False, **json.loads(said or "{}")}


def _work(context: str, asked: dict[str, Any]) -> dict[str, Any]:
    if "sign_in" in asked:
        return {"body": _sign_in(*asked["sign_in"])}
    calls = _count_calls(Death(*asked["death"]) if asked.get("death") else None)
    if "message" in asked:
        import_module(f"{context}.app").consumers.consume(asked["message"])
        return {"calls": calls, "status": 200}
    answer = import_module(f"{context}.app").app(asked["event"], None)
    return {"calls": calls, "status": answer["statusCode"], "body": json.loads(answer["body"] or "null")}


def _sign_in(person_id: str, grants: list[tuple[str, str, str]]) -> str:
    from tests.support import profile, put_organisation, sign_in

    put_organisation(profile(ORGANISATION))
    return sign_in(ORGANISATION, person_id, *grants)


def _count_calls(death: Death | None) -> list[str]:
    """Count what this process sends to AWS, and kill it where `death` says. Every client, boto3's and PynamoDB's, sends here."""
    from botocore.httpsession import URLLib3Session
    from urllib3.connection import HTTPConnection

    calls: list[str] = []
    send, read_answer = URLLib3Session.send, HTTPConnection.getresponse

    def counted(session: Any, request: Any) -> Any:
        target = request.headers.get("X-Amz-Target", request.method)
        calls.append((target.decode() if isinstance(target, bytes) else str(target)).rpartition(".")[2])
        if death == Death(len(calls)):
            os.kill(os.getpid(), signal.SIGKILL)
        return send(session, request)

    def unread(connection: Any) -> Any:
        if death == Death(len(calls), unheard=True):
            os.kill(os.getpid(), signal.SIGKILL)
        return read_answer(connection)

    URLLib3Session.send = counted  # type: ignore[method-assign]
    HTTPConnection.getresponse = unread  # type: ignore[method-assign]
    return calls


if __name__ == "__main__":
    main()
