"""The edge in front of a real stage of the local cloud."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from infra.build.environment import ROOT
from infra.local.edge import FILE_NAME, Edge, PortTakenError, Site, security_headers
from tests.local_cloud.conftest import Cloud

UPLOADS = "http://127.0.0.1:4566"
SANDBOX = "http://127.0.0.1:4567"


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    (tmp_path / "dist" / "assets").mkdir(parents=True)
    (tmp_path / "dist" / "index.html").write_text("<p>shell</p>")
    (tmp_path / "dist" / "assets" / "index-abc.js").write_text("1")
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path / "dist"


@pytest.fixture
def edge(dist: Path) -> Iterator[Edge]:
    site = Site(dist, security_headers(ROOT / "infra" / "web.yaml", UPLOADS, {"https://*.autopay.eu": SANDBOX}))
    running = Edge(0, "http://127.0.0.1:9/nowhere", site).start()
    yield running
    running.stop()


@pytest.fixture
def client(edge: Edge) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=edge.url, timeout=60, trust_env=False) as client:
        yield client


def raw(edge: Edge, request: bytes) -> bytes:
    """An answer to bytes that no client library would send."""
    with socket.create_connection(("127.0.0.1", edge.port), timeout=10) as connection:
        connection.sendall(request)
        return connection.recv(65536)


def test_site_is_served_with_its_policy(client: httpx.Client) -> None:
    page = client.get("/")
    assert page.text == "<p>shell</p>"
    assert page.headers["content-security-policy"].startswith(f"default-src 'self'; connect-src 'self' {UPLOADS};")
    # Files of tickets come from the bucket by signed addresses: pictures, films.
    policy = dict(rule.split(" ", 1) for rule in page.headers["content-security-policy"].split("; "))
    assert UPLOADS in policy["img-src"].split()
    assert UPLOADS in policy["media-src"].split()
    assert "UploadsDomain" not in page.headers["content-security-policy"]
    # A sandbox takes the place of its provider, and of no other.
    assert policy["form-action"].split() == ["'self'", SANDBOX, "https://*.liqpay.ua"]
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["cache-control"] == "no-cache"
    assert client.get("/contracts/ctr_1").text == page.text
    assert client.get(f"/unsubscribe/org_1.per_1.news.{'a1' * 11}").text == page.text
    assert "immutable" in client.get("/assets/index-abc.js").headers["cache-control"]
    assert client.head("/").headers["content-length"] == "12"


def test_the_cdn_tells_files_from_pages_by_the_same_rule() -> None:
    assert f"!/{FILE_NAME.pattern}/.test(request.uri)" in (ROOT / "infra" / "web.yaml").read_text()


def test_only_files_of_the_site_are_served(edge: Edge, client: httpx.Client) -> None:
    assert client.get("/no-such.js").status_code == 404
    for path in (b"/../secret.txt", b"/..%2fsecret.txt", b"/%2e%2e/secret.txt", b"//etc/passwd.txt", b"/%00.js"):
        answer = raw(edge, b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert b" 404 " in answer.splitlines()[0], path
    assert client.post("/").status_code == 405


def test_calls_reach_the_stage_as_they_were_made(cloud: Cloud, edge: Edge, client: httpx.Client) -> None:
    edge.api_url = cloud.deployment.api_url
    headers = {"Cookie": "one=1; two=2", "X-Forwarded-For": "203.0.113.9"}
    answer = client.get("/api/probe/gr%C3%BCn", params=[("a", "1"), ("a", "2 3")], headers=headers)
    report = answer.json()
    assert report["query"] == {"a": ["1", "2 3"]}
    assert report["cookies"] == ["one=1; two=2"]
    assert report["forwarded_for"] == ["203.0.113.9, 127.0.0.1, 127.0.0.1"]
    assert answer.headers.get_list("set-cookie") == ["a=1; Path=/", "b=2; Path=/"]
    assert client.post("/api/probe", content=b'{"text": "\xc5\x82"}').json()["body"] == '{"text": "ł"}'


def test_an_api_that_is_gone_is_told(client: httpx.Client) -> None:
    assert client.get("/api/probe/x").status_code == 502


def test_answers_flow_as_they_come(edge: Edge, client: httpx.Client) -> None:
    """A long answer is handed on piece by piece, not gathered first."""
    seen = threading.Event()

    class Slow(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "10")
            self.end_headers()
            self.wfile.write(b"first")
            self.wfile.flush()
            seen.wait(20)
            self.wfile.write(b"again")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Slow) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        edge.api_url = f"http://127.0.0.1:{server.server_port}"
        with client.stream("GET", "/api/slow") as answer:
            pieces = answer.iter_raw()
            assert next(pieces) == b"first"
            seen.set()
            assert b"".join(pieces) == b"again"
        server.shutdown()


def test_a_taken_port_is_refused(edge: Edge, dist: Path) -> None:
    with pytest.raises(PortTakenError, match=f"port {edge.port} is taken"):
        Edge(edge.port, "", Site(dist)).claim()


def test_many_callers_at_once(edge: Edge) -> None:
    async def call_all() -> list[int]:
        async with httpx.AsyncClient(base_url=edge.url, timeout=60, trust_env=False) as client:
            answers = await asyncio.gather(*(client.get(f"/page-{number}") for number in range(100)))
        return [answer.status_code for answer in answers]

    assert asyncio.run(call_all()) == [200] * 100
