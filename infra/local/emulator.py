"""The emulator in this process: loopback only, our patches applied, its state in a folder.

    with Emulator(data=Path(".local")) as emulator:
        emulator.url

One for each process and only once: the emulator keeps its state in module globals.
``python -m infra.local.emulator --data DIR`` runs one alone.
"""

import argparse
import asyncio
import contextvars
import logging
import os
import re
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from infra.local import patches
from infra.local.autosave import Autosave
from infra.local.patches import expiry, mails

LOOPBACK: Final = "127.0.0.1"
REGION: Final = "eu-central-1"
ACCESS_KEY: Final = "test"
SECRET_KEY: Final = "test"  # noqa: S105 - the emulator's fixed root key, of no worth elsewhere
AUTOSAVE_SECONDS: Final = 3.0
START_SECONDS: Final = 30.0
STOP_SECONDS: Final = 60.0
SIGNED_FOR: Final = re.compile(rb"Credential=[^/]+/\d+/[^/]+/([a-z0-9-]+)/")


def free_port() -> int:
    """A port of the loopback interface that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether nobody listens on a port of the loopback interface."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


@dataclass
class Emulator:
    """Settings and life of the emulator. ``data`` None keeps nothing; ``auth`` enforces the policies of every role.

    ``elsewhere`` are the addresses of services that it has not, by their names as the SDK's variable for the address has them.
    """

    runtime: Path = Path(sys.executable)
    cache: Path = Path(".build/unpacked-layers")
    data: Path | None = None
    port: int = 0
    auth: bool = True
    autosave_seconds: float = AUTOSAVE_SECONDS
    patches: Iterable[str] = field(default_factory=lambda: tuple(patches.ALL))
    log_level: str = "ERROR"
    elsewhere: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.port = self.port or free_port()
        self._running = threading.Event()
        self._failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop
        self._stopping: asyncio.Event
        self._autosave: Autosave
        self._thread = threading.Thread(target=self._run, name="emulator", daemon=True)

    @property
    def url(self) -> str:
        """Endpoint of all its services."""
        return f"http://{LOOPBACK}:{self.port}"

    def start(self) -> Self:
        """Start it and wait until it answers. Raises RuntimeError when it does not within 30 s."""
        self._thread.start()
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._thread.is_alive():
            try:
                urllib.request.urlopen(f"{self.url}/_ministack/health", timeout=1).close()
            except (urllib.error.URLError, OSError):
                time.sleep(0.02)
            else:
                return self
        raise RuntimeError(f"the local cloud did not start: {self._failure or 'no answer'}")

    def stop(self) -> None:
        """Save the state and stop, with every worker."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(STOP_SECONDS)

    def save(self) -> None:
        """Write what has changed to disk now. Raises RuntimeError when that fails."""
        if self.data is None:
            return
        saved: Future[bool] = asyncio.run_coroutine_threadsafe(self._autosave.save(), self._loop)
        if not saved.result(STOP_SECONDS):
            raise RuntimeError("the state of the local cloud could not be saved")

    def report_mail(self, mail: dict[str, Any], kind: str) -> None:
        """Say what became of a mail (`mails.report`)."""
        self._on_loop(lambda: mails.report(mail, kind))

    def publish(self, entry: dict[str, Any]) -> None:
        """Say something as AWS itself (`mails.publish`). Raises RuntimeError once it has stopped."""
        self._on_loop(lambda: mails.publish(entry))

    def _on_loop(self, work: Callable[[], None]) -> None:
        context = contextvars.copy_context()
        self._loop.call_soon_threadsafe(lambda: context.run(work))

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def _environment(self) -> dict[str, str]:
        """The emulator's settings; it reads them at import."""
        values = {
            "GATEWAY_PORT": str(self.port),
            "BIND_HOST": LOOPBACK,
            "MINISTACK_HOST": LOOPBACK,
            "MINISTACK_REGION": REGION,
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "LOG_LEVEL": self.log_level,
            "AUTH": str(self.auth).lower(),
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "PERSIST_STATE": "0",
        }
        # Functions inherit them, and boto3 goes there instead of to the emulator.
        values |= {f"AWS_ENDPOINT_URL_{name}": url for name, url in self.elsewhere.items()}
        if self.data is not None:
            state = {"PERSIST_STATE": "1", "S3_PERSIST": "1"}
            folders = {"STATE_DIR": self.data / "state", "S3_DATA_DIR": self.data / "objects"}
            values |= state | {name: str(folder.resolve()) for name, folder in folders.items()}
        return values

    def _run(self) -> None:
        try:
            os.environ.update(self._environment())
            patches.apply(self.patches, runtime=self.runtime, cache=self.cache)
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001 - told by start()
            self._failure = error

    async def _serve(self) -> None:
        from hypercorn.asyncio import serve
        from hypercorn.config import Config
        from ministack import app as ministack

        config = Config()
        config.bind = [f"{LOOPBACK}:{self.port}"]
        config.loglevel = "ERROR"
        config.keep_alive_timeout = 75
        config.shutdown_timeout = 10
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        self._autosave = Autosave(ministack._build_persistence_save_dict, ministack.save_all)  # noqa: SLF001

        async def noting(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http" and scope["method"] not in {"GET", "HEAD"}:
                self._autosave.note(service_of(scope))
            await ministack.app(scope, receive, send)

        chores = [asyncio.create_task(self._sweep())] if "expiry" in self.patches else []
        if self.data is not None and self.autosave_seconds:
            chores.append(asyncio.create_task(self._autosave.run(self.autosave_seconds)))
        try:
            await serve(noting, config, shutdown_trigger=self._stopping.wait)
        finally:
            for chore in chores:
                chore.cancel()
            end_workers()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(expiry.SWEEP_SECONDS)
            if contextvars.copy_context().run(expiry.sweep):
                self._autosave.note("dynamodb")


def service_of(scope: dict[str, Any]) -> str:
    """Name of the service that a signed request is for; empty for one that is not signed."""
    header = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    found = SIGNED_FOR.search(header)
    return found[1].decode() if found else ""


def end_workers() -> None:
    """Stop the subprocesses of all functions."""
    runtime = sys.modules.get("ministack.core.lambda_runtime")
    if runtime is not None:
        runtime.reset()


def main() -> int:
    """Run an emulator alone until a signal comes; its address is the first line of output."""
    parser = argparse.ArgumentParser(prog="python -m infra.local.emulator")
    parser.add_argument("--data", type=Path, help="folder of its state; without it nothing is kept")
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument("--cache", type=Path, default=Path(".build/unpacked-layers"))
    parser.add_argument("--runtime", type=Path, default=Path(sys.executable), help="interpreter of the functions")
    parser.add_argument("--no-auth", action="store_true", help="do not enforce the policies of roles")
    parser.add_argument("--without", action="append", default=[], choices=sorted(patches.ALL), metavar="PATCH")
    parser.add_argument("--log-level", default="ERROR")
    given = parser.parse_args()
    logging.basicConfig(level=given.log_level)
    emulator = Emulator(
        runtime=given.runtime,
        cache=given.cache,
        data=given.data,
        port=given.port,
        auth=not given.no_auth,
        patches=[name for name in patches.ALL if name not in given.without],
        log_level=given.log_level,
    )
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with emulator:
        print(emulator.url, flush=True)
        stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
