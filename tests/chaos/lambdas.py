"""Functions whose processes live on from one invocation to the next, as on Lambda, until they are killed between two of their calls.

Two sides. `Fleet` is the test's: it starts a launcher, which has imported all contexts once. The launcher (this module as a program)
listens on a socket and forks a process for each connection; the process answers invocations, a line each, until it dies.
"""

import json
import os
import queue
import random
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Self

from infra.build.environment import ROOT
from tests.chaos.faults import AT_THE_END, Faults
from tests.load.stand import VARIABLES


@dataclass(frozen=True)
class End:
    """How an invocation ended: killed, failed with an error, or with this answer."""

    killed: bool = False
    error: str = ""
    answer: Any = None


@dataclass
class Weather:
    """How often invocations are killed and tables refuse, and what came of it."""

    share: float
    chance: random.Random
    invocations: Counter[str] = field(default_factory=Counter)
    kills: Counter[tuple[str, str]] = field(default_factory=Counter)
    errors: Counter[tuple[str, str]] = field(default_factory=Counter)
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    throttled: int = 0
    raging: bool = False
    _usual: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    _names: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def forecast(self, name: str) -> dict[str, Any]:
        """What shall happen to the next invocation of a function: any of its steps may be its last.

        Half of the deaths are spread over all calls, half over all kinds of calls: there are many reads to each commit.
        """
        with self._lock:
            self.invocations[name] += 1
            if not self.raging:
                return {}
            seed = self.chance.getrandbits(48)
            if self.chance.random() >= self.share:
                return {"seed": seed}
            if self._names[name] and self.chance.random() < 0.5:
                return {
                    "seed": seed,
                    "death": [self.chance.choice(sorted(self._names[name])), self.chance.random() < 0.5],
                }
            step = self.chance.randint(1, 2 * self._usual[name] + 1)
            return {"seed": seed, "death": [(step + 1) // 2, step % 2 == 0]}

    def note(self, name: str, said: dict[str, Any] | None, seconds: float) -> None:
        """What became of it; None where the process died without a word."""
        with self._lock:
            self.seconds[name] += seconds
            if said is None or "dying" in said:
                self.kills[name, said["dying"] if said else "by the restart"] += 1
                return
            self.throttled += said["throttled"]
            self._usual[name] = (9 * self._usual[name] + len(said["calls"]) + 9) // 10
            self._names[name] |= set(said["calls"])
            if "error" in said:
                self.errors[name, said["error"]] += 1

    @property
    def steps(self) -> Counter[str]:
        """Kills by what the process was about to do, or had just done."""
        found: Counter[str] = Counter()
        for (_name, step), count in self.kills.items():
            found[step] += count
        return found


class Function:
    """One function: `handler` is `module:attribute`; at most `most` of its processes work at a time."""

    def __init__(self, fleet: "Fleet", name: str, handler: str, most: int) -> None:
        self._fleet, self._handler, self.name = fleet, handler, name
        self._idle: queue.LifoQueue[socket.socket | None] = queue.LifoQueue()
        for _ in range(most):
            self._idle.put(None)
        self._pids: dict[socket.socket, int] = {}

    def invoke(self, event: Any) -> End:
        """Have a process of its own handle an event, a new one where the last was killed."""
        asked = {"handler": self._handler, "event": event, **self._fleet.weather.forecast(self.name)}
        process = self._idle.get()
        began = time.monotonic()
        try:
            if process is None:
                process = self._begin()
            said = _ask(process, asked)
            if said is None or "dying" in said:
                del self._pids[process]
                process.close()
                process = None
        finally:
            self._idle.put(process)
        self._fleet.weather.note(self.name, said, time.monotonic() - began)
        if said is None or "dying" in said:
            return End(killed=True)
        return End(error=said.get("error", ""), answer=said.get("answer"))

    def kill(self) -> None:
        """SIGKILL to all of its processes, whatever they are at."""
        for pid in list(self._pids.values()):
            os.kill(pid, signal.SIGKILL)

    def close(self) -> None:
        for process in list(self._pids):
            process.close()

    def _begin(self) -> socket.socket:
        process = socket.socket(socket.AF_UNIX)
        process.connect(str(self._fleet.address))
        hello = _hear(process)
        assert hello is not None
        self._pids[process] = hello["pid"]
        return process


class Fleet:
    """The test's side; the launcher lives as long as this."""

    def __init__(self, url: str, folder: Path, weather: Weather, **variables: str) -> None:
        self.weather, self.address, self._log = weather, folder / "launcher", folder / "functions.log"
        self._environment = {**os.environ, **VARIABLES, "AWS_ENDPOINT_URL": url, "NO_PROXY": "127.0.0.1", **variables}
        self._environment["PYTHONPATH"] = f"{ROOT}{os.pathsep}{ROOT / 'functions'}"
        self._functions: list[Function] = []

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.chaos.lambdas", str(self.address)]
        with self._log.open("w") as log:
            self._launcher = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
            )
        assert self._launcher.stdout is not None
        if not self._launcher.stdout.readline():
            self._end()
            raise RuntimeError(self._log.read_text()[-2000:])
        return self

    def __exit__(self, *_error: object) -> None:
        for function in self._functions:
            function.close()
        self._end()

    def _end(self) -> None:
        assert self._launcher.stdin is not None
        assert self._launcher.stdout is not None
        self._launcher.stdin.close()
        self._launcher.wait(30)
        self._launcher.stdout.close()

    def function(self, name: str, handler: str, most: int = 1) -> Function:
        made = Function(self, name, handler, most)
        self._functions.append(made)
        return made


def _ask(process: socket.socket, asked: dict[str, Any]) -> dict[str, Any] | None:
    try:
        process.sendall(json.dumps(asked).encode() + b"\n")
        return _hear(process)
    except OSError:
        return None


def _hear(process: socket.socket) -> dict[str, Any] | None:
    said = b""
    while not said.endswith(b"\n"):
        part = process.recv(1 << 20)
        if not part:
            return None
        said += part
    found: dict[str, Any] = json.loads(said)
    return found


# ------------------------------------------------------------------ the launcher and its processes
def main() -> None:
    """Import everything, say so, and fork a process for each connection until standard input ends."""
    _warm_up()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(sys.argv[1])
        listening.listen(64)
        os.write(1, b"ready\n")
        while sys.stdin not in (ready := select.select([listening, sys.stdin], [], [])[0]):
            assert ready
            process, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                _serve(process)
                os._exit(0)
            process.close()


def _warm_up() -> None:
    """Nothing is sent, so that no socket is shared."""
    from shared.tables import connection

    for module in ("payments.app", "payments.routes_webhooks", "statements.app", "relay.app"):
        import_module(module)
    assert import_module("payments.app").app.contracts
    assert connection().client


def _serve(process: socket.socket) -> None:
    os.dup2(2, 1)  # metrics and log lines of the handlers are no answers
    faults = Faults(lambda said: process.sendall(json.dumps(said).encode() + b"\n"))
    process.sendall(json.dumps({"pid": os.getpid()}).encode() + b"\n")
    with process.makefile() as lines:
        for line in lines:
            asked = json.loads(line)
            faults.prepare(asked)
            said = _work(asked)
            faults.end()
            process.sendall(json.dumps({**said, "calls": faults.calls, "throttled": faults.throttled}).encode() + b"\n")


def _work(asked: dict[str, Any]) -> dict[str, Any]:
    module, _, name = asked["handler"].partition(":")
    try:
        return {"answer": getattr(import_module(module), name)(asked["event"], None)}
    except Exception as error:  # noqa: BLE001 - as on Lambda, whatever it is: the invocation has failed
        return {"error": type(error).__name__}


def sign_in(event: dict[str, Any], _context: object) -> str:
    """Not a function of ours: the session token of somebody in an organisation that is made for it."""
    from tests.support import profile, put_organisation
    from tests.support import sign_in as begin

    if event.get("profile"):
        put_organisation(profile(event["organisation_id"], **event["profile"]))
    return begin(event["organisation_id"], event["person_id"], *event["grants"])


__all__ = ["AT_THE_END", "End", "Fleet", "Function", "Weather"]


if __name__ == "__main__":
    main()
