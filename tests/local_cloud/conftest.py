"""Emulators of their own for the tests of the local cloud: one as we run it, one without any patch."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.build.archives import bare_runtime
from infra.build.deploy import LocalDeployer
from infra.build.deployment import Deployment
from infra.build.environment import ROOT
from infra.local import patches
from infra.local.emulator import REGION

BUILD = ROOT / ".build"
FIXTURE = Path(__file__).parent / "fixture"


def wait_until(probe: Callable[[], Any], seconds: float = 60.0) -> Any:
    """The first true answer of a probe, or its last one when the time is over."""
    deadline = time.monotonic() + seconds
    while not (found := probe()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def get(url: str) -> httpx.Response:
    """Patient enough for a cold start on a busy machine."""
    return httpx.get(url, timeout=60, trust_env=False)


@dataclass
class Cloud:
    """An emulator in a process of its own, with the small system of ``fixture/`` deployed into it."""

    data: Path
    patched: bool
    root: Path = FIXTURE
    url: str = ""
    process: subprocess.Popen[str] = field(init=False)
    deployment: Deployment = field(init=False)

    def start(self) -> None:
        without = [] if self.patched else [word for name in patches.ALL for word in ("--without", name)]
        runtime = bare_runtime(BUILD) if self.patched else sys.executable
        command = [sys.executable, "-m", "infra.local.emulator", "--data", self.data, "--runtime", runtime, *without]
        command += ["--cache", BUILD / "unpacked-layers", "--port", self.url.rpartition(":")[2] or "0"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "HOST_VARIABLE": "seen"}
        self.process = subprocess.Popen(
            [str(word) for word in command], stdout=subprocess.PIPE, text=True, env=environment
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        assert self.url, "the emulator did not start"

    def stop(self, number: int = signal.SIGTERM) -> None:
        self.process.send_signal(number)
        self.process.wait(90)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def deployer(self, **values: str) -> LocalDeployer:
        return LocalDeployer(self.url, REGION, self.root, BUILD, values)

    def deploy(self, **values: str) -> Deployment:
        self.deployment = self.deployer(**values).deploy()
        return self.deployment

    def restart(self, number: int = signal.SIGTERM) -> None:
        """On the same port, so that its addresses stay true."""
        self.stop(number)
        self.start()

    def client(self, service: str) -> Any:
        return self.deployer().client(service)

    def put(self, key: str, **attributes: int) -> None:
        item = {"pk": {"S": key}, **{name: {"N": str(value)} for name, value in attributes.items()}}
        self.client("dynamodb").put_item(TableName=self.deployment.outputs["Things"], Item=item)

    def seen(self, key: str) -> dict[str, Any] | None:
        """What the stream's function wrote about a record, or None."""
        answer = self.client("dynamodb").get_item(TableName=self.deployment.outputs["Seen"], Key={"pk": {"S": key}})
        found: dict[str, Any] | None = answer.get("Item")
        return found

    def attempts(self, key: str) -> int:
        found = self.seen(key)
        return int(found["attempts"]["N"]) if found else 0


def running(folder: Path, *, patched: bool) -> Iterator[Cloud]:
    cloud = Cloud(folder, patched)
    cloud.start()
    try:
        cloud.deploy(Greeting="hello")
        yield cloud
    finally:
        cloud.stop()


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """The local cloud as we run it."""
    yield from running(tmp_path_factory.mktemp("cloud"), patched=True)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """The emulator as it comes."""
    yield from running(tmp_path_factory.mktemp("plain"), patched=False)
