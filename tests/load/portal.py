"""The whole local portal: seconds until it is ready, requests per second and response times through the edge and without it."""

import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.load.figures import Figures, median, percentile, table
from tests.world import World

TENANT = "tenant.pl@demo.example"
CLIENTS = (1, 8)
REQUESTS = 300


@contextmanager
def portal() -> Iterator[tuple[World, Figures]]:
    """A portal with the demo world and the seconds that its first and its second start took."""
    with tempfile.TemporaryDirectory(prefix="lokum-bench-") as folder:
        world = World(Path(folder) / "data")
        try:
            first = world.start()
            world.stop()
            yield world, {"first_start": first, "second_start": world.start()}
        finally:
            world.close()


def report_ready(figures: Figures) -> str:
    rows = [(name.replace("_", " "), seconds) for name, seconds in figures.items()]
    return table(
        "Seconds to `ready` (environment and layers there; the first start loads the demo world)", ("start", "s"), rows
    )


def measure_requests(world: World) -> Figures:
    """Requests per second and response times in milliseconds, by way, route and number of clients."""
    signed_in = world.client(TENANT)
    shown = signed_in.get("/contracts").json()["items"][0]["contract_id"]
    cookie = {"Cookie": f"lokum_session={signed_in.cookies['lokum_session']}"}
    ways = {"edge": f"{world.url}/api", "API": world.deployment.api_url}
    paths = {"GET /accounts/{contract_id}": f"/accounts/{shown}", "GET /contracts": "/contracts"}
    rows = []
    for way, base in ways.items():
        for route, path in paths.items():
            for clients in CLIENTS:
                _requests(base, path, cookie, clients, 8 * clients)  # warm: a worker for each client
                rows.append(
                    {"way": way, "route": route, "clients": clients, **_requests(base, path, cookie, clients, REQUESTS)}
                )
    return {"rows": rows}


def report_requests(figures: Figures) -> str:
    rows = [
        (f"{each['way']}: {each['route']}", each["clients"], each["per_second"], each["p50"], each["p99"])
        for each in figures["rows"]
    ]
    return table(
        "The local portal under load (relative figures only)",
        ("route", "clients", "requests/s", "p50 ms", "p99 ms"),
        rows,
    )


def _requests(base: str, path: str, headers: dict[str, str], clients: int, count: int) -> Figures:
    def one_client(_index: int) -> list[float]:
        times = []
        with httpx.Client(base_url=base, headers=headers, timeout=60, trust_env=False) as client:
            for _ in range(count // clients):
                began = time.perf_counter()
                answer = client.get(path)
                times.append((time.perf_counter() - began) * 1000)
                if answer.status_code != 200:
                    raise RuntimeError(f"{path}: {answer.status_code} {answer.text}")
        return times

    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        times = [each for found in pool.map(one_client, range(clients)) for each in found]
    took = time.perf_counter() - began
    return {
        "requests": len(times),
        "per_second": len(times) / took,
        "p50": median(times),
        "p99": percentile(times, 0.99),
    }
