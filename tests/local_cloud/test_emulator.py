"""The life of the emulator: what a power cut leaves, and who can reach it."""

import asyncio
import signal
import socket
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from infra.local.autosave import Autosave
from tests.local_cloud.conftest import Cloud, wait_until


def test_state_survives_a_power_cut(cloud: Cloud) -> None:
    """Autosave: the emulator by itself saves only when it is stopped in order."""
    cloud.put("kept")
    state = cloud.data / "state" / "dynamodb.json"
    assert wait_until(lambda: state.is_file() and b'"kept"' in state.read_bytes())
    cloud.restart(signal.SIGKILL)
    things = cloud.deployment.outputs["Things"]
    assert "Item" in cloud.client("dynamodb").get_item(TableName=things, Key={"pk": {"S": "kept"}})
    assert cloud.deployer(Greeting="hello").unchanged(cloud.deployment) is not None
    assert cloud.deployment.invoke("SilentFunction", {}) is None


def _written_last(path: Path) -> int:
    """When a file was written that is not written any more; a busy machine takes its time."""
    written, since = path.stat().st_mtime_ns, time.monotonic()
    while time.monotonic() < since + 2:
        time.sleep(0.1)
        if path.stat().st_mtime_ns != written:
            written, since = path.stat().st_mtime_ns, time.monotonic()
    return written


def test_unchanged_state_of_functions_is_not_written_again(cloud: Cloud) -> None:
    """Their state holds every layer's archive."""
    state = cloud.data / "state"
    cloud.put("first")
    wait_until(lambda: b'"first"' in (state / "dynamodb.json").read_bytes())
    before = _written_last(state / "lambda.json")
    cloud.put("second")
    assert wait_until(lambda: b'"second"' in (state / "dynamodb.json").read_bytes())
    assert (state / "lambda.json").stat().st_mtime_ns == before


def run_beside_ticks(work: Callable[[], Awaitable[bool]]) -> tuple[bool, float]:
    """What some work on an event loop gives, and the longest time that the loop stood still for it."""

    async def tick(gaps: list[float]) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.01)
            gaps.append(time.perf_counter() - began)

    async def both() -> tuple[bool, float]:
        gaps: list[float] = []
        ticking = asyncio.create_task(tick(gaps))
        result = await work()
        ticking.cancel()
        return result, max(gaps)

    return asyncio.run(both())


def test_the_emulator_does_not_stand_still_while_it_is_saved() -> None:
    autosave = Autosave(lambda: {"dynamodb": dict}, lambda _states: time.sleep(3))
    autosave.note("dynamodb")
    began = time.perf_counter()
    saved, standstill = run_beside_ticks(autosave.save)
    assert saved
    assert time.perf_counter() - began >= 3
    assert standstill < 1.5


def test_what_could_not_be_saved_is_saved_next_time(tmp_path: Path) -> None:
    """Also state that is seldom written counts as written only when it was."""
    written = tmp_path / "written"

    def save(states: dict[str, object]) -> None:
        if not written.exists():
            written.touch()
            raise OSError("disk full")
        written.write_text(" ".join(sorted(states)))

    autosave = Autosave(lambda: {"dynamodb": dict, "lambda": dict, "logs": dict}, save)
    autosave.note("lambda")
    assert asyncio.run(autosave.save()) is False
    assert asyncio.run(autosave.save()) is True
    assert written.read_text() == "dynamodb lambda"
    written.write_text("nothing")
    assert asyncio.run(autosave.save()) is True
    assert written.read_text() == "nothing"
    autosave.note("dynamodb")
    assert asyncio.run(autosave.save()) is True
    assert written.read_text() == "dynamodb"


def test_it_listens_on_loopback_only(cloud: Cloud) -> None:
    port = int(cloud.url.rsplit(":", 1)[1])
    others = {entry[4][0] for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in others - {"127.0.0.1", "127.0.1.1"}:
        with socket.socket() as outside:
            outside.settimeout(2)
            assert outside.connect_ex((address, port)) != 0
