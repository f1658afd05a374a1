"""The life of the emulator: what a power cut leaves, and who can reach it."""

import signal
import socket
import time

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


def test_unchanged_state_of_functions_is_not_written_again(cloud: Cloud) -> None:
    """Their state holds every layer's archive."""
    state = cloud.data / "state"
    cloud.put("first")
    wait_until(lambda: b'"first"' in (state / "dynamodb.json").read_bytes())
    time.sleep(0.5)
    before = (state / "lambda.json").stat().st_mtime_ns
    cloud.put("second")
    assert wait_until(lambda: b'"second"' in (state / "dynamodb.json").read_bytes())
    assert (state / "lambda.json").stat().st_mtime_ns == before


def test_it_answers_while_it_saves(cloud: Cloud) -> None:
    dynamodb, things = cloud.client("dynamodb"), cloud.deployment.outputs["Things"]
    for start in range(0, 2000, 25):
        rows = [{"PutRequest": {"Item": {"pk": {"S": f"row-{start + i}"}}}} for i in range(25)]
        dynamodb.batch_write_item(RequestItems={things: rows})
    slowest = 0.0
    for _ in range(60):
        began = time.perf_counter()
        dynamodb.get_item(TableName=things, Key={"pk": {"S": "row-1"}})
        slowest = max(slowest, time.perf_counter() - began)
        cloud.put("busy")
        time.sleep(0.05)
    assert slowest < 1.5


def test_it_listens_on_loopback_only(cloud: Cloud) -> None:
    port = int(cloud.url.rsplit(":", 1)[1])
    others = {entry[4][0] for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in others - {"127.0.0.1", "127.0.1.1"}:
        with socket.socket() as outside:
            outside.settimeout(2)
            assert outside.connect_ex((address, port)) != 0
