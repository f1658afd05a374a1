"""The running portal with the demo world, for integration and browser tests: what ``make run`` starts, on free ports.

It runs in a process of its own, with the roles' policies enforced, and is shared by all tests of a session. A loaded demo
world is kept under ``.build/worlds/`` and used again until code, templates, demo data or the month change;
``LOKUM_WORLD=fresh`` loads it anew.
"""

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.build.deployment import Deployment
from infra.build.environment import BUILD, ROOT
from infra.build.package import inputs_hash

PASSWORD = "Demo-Lokum-2026"
START_SECONDS = 600.0
STOP_SECONDS = 90.0
KEPT_SECONDS = 86400.0
KEPT_VARIABLES = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "CI",
    "SSL_CERT_FILE",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The time limit of a test does not count the making of the world, which watches its own time."""
    for item in items:
        if "world" in getattr(item, "fixturenames", ()) and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(300, func_only=True))


def wait_until(probe: Callable[[], Any], seconds: float = 30.0, pause: float = 0.1) -> Any:
    """The first true answer of ``probe``. Raises AssertionError with the last one when the time is over."""
    deadline = time.monotonic() + seconds
    while not (found := probe()):
        assert time.monotonic() < deadline, f"nothing after {seconds} s: {found!r}"
        time.sleep(pause)
    return found


def add_idempotency_key(request: httpx.Request) -> None:
    """What the site sends with everything that creates something."""
    if request.method == "POST":
        request.headers.setdefault("Idempotency-Key", str(uuid.uuid4()))


class World:
    """A portal in a process of its own. ``url`` is its origin; the API is below ``/api``."""

    def __init__(self, data: Path, *, demo: bool = True) -> None:
        self.data, self.demo, self.port = data, demo, 0
        self.process: subprocess.Popen[str] | None = None
        self.log = data.with_suffix(".log")
        self._clients: list[httpx.Client] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def deployment(self) -> Deployment:
        """Names of everything deployed, and clients with the operator's credentials."""
        return Deployment.read(self.data / "deployment.json")

    def start(self) -> float:
        """Start it and wait for the line ``ready``; gives the seconds that took."""
        began = time.monotonic()
        command = [sys.executable, "-m", "infra.local", "run", "--port", str(self.port), "--data", str(self.data)]
        environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        environment |= {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'functions'}"}
        self.log.touch()
        seen = len(self.log.read_text())
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                command if self.demo else [*command, "--no-demo"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        while time.monotonic() - began < START_SECONDS:
            lines = self.log.read_text()[seen:].splitlines()
            ready = next((line for line in lines if line.startswith("ready http://")), None)
            if ready:
                self.port = int(ready.rsplit(":", 1)[1])
                return time.monotonic() - began
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        self.stop()
        pytest.fail(f"the portal did not start:\n{self.log.read_text()[seen:]}")

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End it, by default in order."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(STOP_SECONDS)
        self.process = None

    def restart(self, number: int = signal.SIGTERM) -> float:
        """Stop (SIGKILL: like a power cut) and start again on the same data and port; gives the seconds until ready."""
        self.stop(number)
        return self.start()

    def client(self, email: str | None = None, password: str = PASSWORD) -> httpx.Client:
        """A browser's side of the API, signed in as a person of the demo world; without one: signed in as nobody."""
        client = httpx.Client(
            base_url=f"{self.url}/api",
            headers={"X-Requested-With": "lokum", "Origin": self.url},
            timeout=60,
            trust_env=False,
            event_hooks={"request": [add_idempotency_key]},
        )
        self._clients.append(client)
        if email is not None:
            answer = client.post("/auth/sign-in", json={"email": email, "password": password})
            assert answer.status_code == 200, answer.text
        return client

    def upload(self, client: httpx.Client, purpose: str, name: str, body: bytes, kind: str = "text/plain") -> str:
        """Hand in a file as the site does: a signed address, then the file itself to the bucket. Gives the key."""
        wanted = {"name": name, "size": len(body), "type": kind, "purpose": purpose}
        signed = client.post("/uploads", json=wanted)
        assert signed.status_code == 201, signed.text
        upload = signed.json()
        with httpx.Client(trust_env=False, timeout=60) as bucket:
            answer = bucket.post(upload["url"], data=upload["fields"], files={"file": (name, body, kind)})
        assert answer.status_code in {200, 201, 204}, answer.text
        return str(upload["key"])

    def workers(self) -> list[int]:
        """Process ids of the functions' workers."""
        assert self.process is not None
        listed = subprocess.run(["ps", "-axww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True)
        rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
        return [int(row[0]) for row in rows if row[1] == str(self.process.pid) and "_worker.py" in row[2]]

    def kill_worker(self, choose: random.Random | None = None) -> int | None:
        """SIGKILL one of the functions' workers, as a crash would; None when there is none at the moment."""
        found = self.workers()
        if not found:
            return None
        victim = (choose or random.Random()).choice(found)
        try:
            os.kill(victim, signal.SIGKILL)
        except ProcessLookupError:
            return None
        return victim

    def wait_until(self, probe: Callable[[], Any], seconds: float = 30.0) -> Any:
        """The first true answer of ``probe``. Raises AssertionError when the time is over."""
        return wait_until(probe, seconds)

    def close(self) -> None:
        for client in self._clients:
            client.close()
        self.stop()


def world_key() -> str:
    """Name of everything that a loaded demo world depends on."""
    digest = hashlib.sha256(inputs_hash(ROOT, {"month": datetime.now(UTC).strftime("%Y-%m")}).encode())
    for folder in ("infra/demo", "infra/build", "infra/local"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:32]


def prepare(world: World) -> None:
    """Start a world from the kept copy of a loaded one where there is one."""
    kept = BUILD / "worlds" / world_key()
    if kept.is_dir() and os.environ.get("LOKUM_WORLD") != "fresh":
        shutil.copytree(kept, world.data, dirs_exist_ok=True)
        world.start()
        return
    world.start()
    if "CI" not in os.environ:
        keep(world, kept)


def keep(world: World, kept: Path) -> None:
    """Stop the world, keep a copy of its data, start it again. Copies of yesterday go."""
    world.stop()
    kept.parent.mkdir(parents=True, exist_ok=True)
    for old in kept.parent.iterdir():
        if time.time() - old.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(old, ignore_errors=True)
    scratch = kept.with_name(f"{kept.name}.{os.getpid()}")
    shutil.copytree(world.data, scratch)
    try:
        scratch.rename(kept)
    except OSError:  # another run of the tests was quicker
        shutil.rmtree(scratch)
    world.start()


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The portal with the demo world, one for the whole session."""
    running = World(tmp_path_factory.mktemp("world") / "data")
    try:
        prepare(running)
        yield running
    finally:
        running.close()
