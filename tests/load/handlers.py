"""The ledger's routes called in this process: their CPU time against bare boto3, and the capacity that they consume."""

import contextlib
import io
from collections.abc import Callable
from typing import Any

from tests.load.figures import Figures, cpu_seconds, median, table
from tests.load.observer import observed
from tests.load.stand import ORGANISATION, Stand

AIM = 1.4
BLOCKS, BLOCK = 15, 20
SIZES = (10, 1_000, 50_000)
WRITES = 7
CPU_SIZE = 1_000
GETS = {
    "GET /accounts/{contract_id}": {},
    "GET /accounts/{contract_id}/charges": {},
    "GET /accounts/{contract_id}/payments": {},
    "GET /accounts/{contract_id}/entries": {},
    "GET /accounts/{contract_id}/explain": {},
}
MEASURED = ("GET /accounts/{contract_id}", "GET /accounts/{contract_id}/entries")


def contract_of(size: int) -> str:
    return f"con_bench{size}"


def caller(stand: Stand, route: str, *, path: dict[str, str], body: Any = None) -> Callable[[], Any]:
    """One request to a route; it fails unless the route answers 2xx. What the handler prints is thrown away."""
    from statements.app import app

    from tests.support import api_event

    method, resource = route.split(" ")
    event = api_event(method, resource, path=path, body=body, token=stand.token)

    def call() -> Any:
        with contextlib.redirect_stdout(io.StringIO()):
            answer = app(event, None)
        if answer["statusCode"] >= 300:
            raise RuntimeError(f"{route}: {answer['statusCode']} {answer['body']}")
        return answer

    return call


def measure_cpu(stand: Stand) -> Figures:
    """Ratios of CPU time; handler and bare calls take turns in short blocks."""
    import boto3

    from shared.tables import connection

    bare, results = boto3.client("dynamodb"), {}
    for route in MEASURED:
        call = caller(stand, route, path={"contract_id": contract_of(CPU_SIZE)})
        call()
        with observed(connection().client, stand.dynamodb) as seen:
            call()
        calls = list(seen.calls)

        def repeat(calls: list[tuple[str, dict[str, Any]]] = calls) -> None:
            for name, params in calls:
                bare._make_api_call(name, params)

        repeat()
        pairs = [(cpu_seconds(call, BLOCK), cpu_seconds(repeat, BLOCK)) for _ in range(BLOCKS)]
        ours, theirs = (median([pair[index] for pair in pairs]) for index in (0, 1))
        results[route] = {
            "milliseconds": ours * 1000,
            "bare_milliseconds": theirs * 1000,
            "ratio": median([handler / plain for handler, plain in pairs]),
            "calls": [name for name, _params in calls],
        }
    return {"aim": AIM, "entries": CPU_SIZE, "routes": results}


def report_cpu(figures: Figures) -> str:
    rows = [
        (
            route,
            each["milliseconds"],
            each["bare_milliseconds"],
            each["ratio"],
            len(each["calls"]),
            "" if each["ratio"] <= AIM else "above the aim",
        )
        for route, each in figures["routes"].items()
    ]
    title = f"CPU time of the handler alone against the same DynamoDB calls by bare boto3 (aim {AIM})"
    return table(title, ("route", "ms", "bare ms", "ratio", "calls", ""), rows)


def measure_capacity(stand: Stand, sizes: tuple[int, ...] = SIZES) -> Figures:
    """Read and write units of each route at each size of the account."""
    routes: dict[str, dict[str, Any]] = {}
    for size in sizes:
        path = {"contract_id": contract_of(size)}
        for route in GETS:
            routes.setdefault(route, {})[str(size)] = _consumed(stand, [caller(stand, route, path=path)])
        for route, calls in _writes(stand, size).items():
            routes.setdefault(route, {})[str(size)] = _consumed(stand, calls)
    return {"sizes": list(sizes), "routes": routes}


def report_capacity(figures: Figures) -> str:
    rows = []
    for route, sizes in figures["routes"].items():
        units = [sizes[str(size)] for size in figures["sizes"]]
        rows.append(
            (route, *(f"{each['read']:g} / {each['write']:g}" for each in units), "" if is_flat(units) else "grows")
        )
    columns = ("route", *(f"{size:,} entries" for size in figures["sizes"]), "")
    return table("Consumed capacity, read / write units (medians; session and grants included)", columns, rows)


def is_flat(units: list[Figures]) -> bool:
    """Whether a thousand entries and fifty thousand cost about the same: a tenth more, or one unit, is the noise of item sizes."""
    _few, many, most = units
    return all(most[kind] <= max(many[kind] * 1.1, many[kind] + 1) for kind in ("read", "write"))


def _writes(stand: Stand, size: int) -> dict[str, list[Callable[[], Any]]]:
    from shared import clock
    from tests.load.ledgers import newest_payments

    today = clock.today("Europe/Warsaw").isoformat()
    contract = contract_of(size)
    charge = {
        "date": today,
        "due_date": today,
        "type": "bank",
        "purpose": "rent",
        "amount": 100,
        "description": "Czynsz",
    }
    post, reverse = "POST /accounts/{contract_id}/charges", "POST /entries/{entry_id}/reversal"
    payments = newest_payments(contract, size)[: min(WRITES, 3 if size <= SIZES[0] else WRITES)]
    return {
        post: [caller(stand, post, path={"contract_id": contract}, body=charge) for _ in range(WRITES)],
        reverse: [caller(stand, reverse, path={"entry_id": each}, body=REASON) for each in payments],
    }


REASON = {"reason": "Booked to the wrong account", "rebook_to_contract_id": None}


def _consumed(stand: Stand, calls: list[Callable[[], Any]]) -> Figures:
    from shared.tables import connection

    reads, writes, count = [], [], 0
    for call in calls:
        with observed(connection().client, stand.dynamodb) as seen:
            call()
        reads.append(seen.read_units)
        writes.append(seen.write_units)
        count = max(count, len(seen.calls))
    return {
        "read": median(reads),
        "write": median(writes),
        "most_read": max(reads),
        "most_write": max(writes),
        "calls": count,
    }


def seed(sizes: tuple[int, ...]) -> None:
    """The accounts that are measured."""
    from tests.load.ledgers import seed_account

    for size in sizes:
        seed_account(ORGANISATION, contract_of(size), size)
