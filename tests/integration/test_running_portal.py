"""The portal as people and operators meet it: one origin, safe headers, an orderly life."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from infra.build.environment import ROOT
from tests.world import World

pytestmark = pytest.mark.world


def test_site_and_api_share_an_origin(world: World) -> None:
    page = httpx.get(world.url)
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    problem = httpx.get(f"{world.url}/api/auth/me")
    assert problem.status_code == 401
    assert problem.json()["code"] == "not_signed_in"


def test_pages_of_the_site_get_its_shell_and_files_their_own(world: World) -> None:
    shell = httpx.get(world.url)
    assert httpx.get(f"{world.url}/contracts/some-contract").text == shell.text
    assert httpx.get(f"{world.url}/missing.js").status_code == 404
    assert httpx.get(f"{world.url}/assets/..%2f..%2f..%2fpyproject.toml").status_code == 404
    script = re.search(r'src="(/assets/[^"]+\.js)"', shell.text)
    assert script is not None
    answer = httpx.get(world.url + script[1])
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]
    assert shell.headers["cache-control"] == "no-cache"


def test_policy_is_the_one_of_the_template(world: World) -> None:
    policy = httpx.get(world.url).headers["content-security-policy"]
    assert policy.startswith(f"default-src 'self'; connect-src 'self' {world.deployment.endpoint_url};")
    assert "'unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_unknown_route_is_a_problem_of_ours(world: World) -> None:
    answer = httpx.get(f"{world.url}/api/no/such/route")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"


def test_browsers_may_hand_files_to_the_bucket(world: World) -> None:
    bucket = world.deployment.outputs["UploadsBucket"]
    asked = {"Access-Control-Request-Method": "POST"}
    url = f"{world.deployment.endpoint_url}/{bucket}"
    ours = httpx.options(url, headers={"Origin": world.url, **asked})
    assert ours.headers.get("access-control-allow-origin") == world.url
    theirs = httpx.options(url, headers={"Origin": "http://elsewhere.example", **asked})
    assert "access-control-allow-origin" not in theirs.headers


def test_a_taken_port_is_told(tmp_path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        command = [sys.executable, "-m", "infra.local", "run", "--no-demo", "--no-site"]
        done = subprocess.run(
            [*command, "--data", tmp_path / "data", "--port", str(port)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert f"port {port} is taken" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_two_portals_never_share_data(world: World) -> None:
    command = [sys.executable, "-m", "infra.local", "run", "--port", "0", "--data", world.data]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "running already" in done.stdout


@pytest.fixture
def empty_portal(tmp_path) -> Iterator[World]:
    portal = World(tmp_path / "data", demo=False)
    portal.start()
    yield portal
    portal.close()


def test_ctrl_c_stops_everything_it_started(empty_portal: World) -> None:
    assert empty_portal.process is not None
    assert httpx.get(f"{empty_portal.url}/api/auth/me").status_code == 401
    workers, process = empty_portal.workers(), empty_portal.process
    assert workers
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    for pid in workers:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", empty_portal.port)) != 0
