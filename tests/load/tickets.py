"""Tickets: what the routes that people look at all day cost in organisations of two sizes, half of the tickets open.

Capacity is that of DynamoDB (see `observer`). Milliseconds are CPU time of the handler in this process, with PynamoDB and the signing of requests:
what the function itself does for a request.
"""

import contextlib
import io
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from tests.load.figures import Figures, cpu_seconds, median, table
from tests.load.observer import observed
from tests.load.stand import Stand

if TYPE_CHECKING:
    from tests.load.desk import Desk

SIZES = (100, 10_000, 100_000)
QUICK_SIZES = (100, 1_000, 5_000)
TIMES, WRITES = 9, 7
POLL_SECONDS = 2
LISTS: dict[str, dict[str, str]] = {
    "queue": {},
    "queue, overdue": {"overdue": "true"},
    "queue, status": {"status": "accepted"},
    "queue, ended": {"status": "shut"},
    "queue, assignee": {"assignee_id": "per_assignee"},
    "queue, nobody's": {"assignee_id": "none"},
    "queue, community": {"community_id": "com_00"},
    "queue, status + assignee": {"status": "accepted", "assignee_id": "per_assignee"},
    "queue, status + community": {"status": "accepted", "community_id": "com_00"},
    "queue, assignee + community": {"assignee_id": "per_assignee", "community_id": "com_00"},
    "queue, category": {"category": "no_heating"},
    "queue, emergency": {"emergency": "true"},
}
Call = Callable[[], Any]


def measure(stand: Stand, sizes: tuple[int, ...] = SIZES) -> Figures:
    """Units, calls, items shown and milliseconds of each row at each size."""
    from tests.load.desk import seed

    rows: dict[str, dict[str, Any]] = {}
    for size in sizes:
        desk = seed(size)
        for name, calls in {**_reads(desk), **_writes(desk)}.items():
            rows.setdefault(name, {})[str(size)] = _measured(stand, calls)
    return {"sizes": list(sizes), "rows": rows}


def report(figures: Figures) -> str:
    """A row a route: read / write units, items shown and CPU milliseconds by size; and what an idle viewer costs in an hour."""
    sizes = [str(size) for size in figures["sizes"]]
    rows = []
    for name, found in figures["rows"].items():
        cells = [found[size] for size in sizes]
        units = [f"{each['read']:g} / {each['write']:g}" for each in cells]
        rows.append(
            (
                name,
                *units,
                *(each["shown"] for each in cells),
                *(each["milliseconds"] for each in cells),
                _verdict(cells),
            )
        )
    labels = [f"{int(size):,}" for size in sizes]
    columns = (
        "tickets in the organisation",
        *labels,
        *(f"shown {each}" for each in labels),
        *(f"ms {each}" for each in labels),
        "",
    )
    title = "Tickets: consumed read / write units, tickets on the page, CPU milliseconds of the handler (medians; session and grants included)"
    note = f"  With {labels[0]} tickets most pages are not full; so it is the two others that are compared."
    return f"{table(title, columns, rows)}\n{note}\n{report_viewer(figures)}"


def report_viewer(figures: Figures) -> str:
    """What somebody costs who only leaves a page open."""
    most, polls = str(figures["sizes"][-1]), 3600 // POLL_SECONDS
    rows = []
    for name in ("ticket page, 304", "queue, 304"):
        each = figures["rows"][name][most]
        rows.append(
            (name, each["read"], each["milliseconds"], polls, each["read"] * polls, each["milliseconds"] * polls / 1000)
        )
    columns = ("idle viewer", "read units a poll", "ms a poll", "polls an hour", "read units an hour", "CPU s an hour")
    return table(
        f"One open page that nobody touches, asked every {POLL_SECONDS} s, {int(most):,} tickets", columns, rows
    )


def _verdict(cells: list[Figures]) -> str:
    """Whether the largest costs more than the one before it, in which pages are full too: a tenth more, or one unit, is the noise of item sizes."""
    *_few, many, most = cells
    flat = all(most[kind] <= max(many[kind] * 1.1, many[kind] + 1) for kind in ("read", "write"))
    return "" if flat else "grows"


def _reads(desk: "Desk") -> dict[str, list[Call]]:
    ticket = {"ticket_id": desk.ticket_id}
    rows = {name: [caller("GET /tickets", desk.staff, query=query)] * TIMES for name, query in LISTS.items()}
    rows["queue, by number"] = [caller("GET /tickets", desk.staff, query={"number": _number(desk)})] * TIMES
    rows["queue, 304"] = [_known("GET /tickets", desk.staff)] * TIMES
    rows["own list"] = [caller("GET /tickets", desk.tenant, query={"status": "all"})] * TIMES
    rows["ticket page"] = [caller("GET /tickets/{ticket_id}", desk.tenant, path=ticket)] * TIMES
    rows["ticket page, staff"] = [caller("GET /tickets/{ticket_id}", desk.staff, path=ticket)] * TIMES
    rows["ticket page, 304"] = [_known("GET /tickets/{ticket_id}", desk.tenant, path=ticket)] * TIMES
    return rows


def _writes(desk: "Desk") -> dict[str, list[Call]]:
    from tests.load.desk import CONTRACT

    opening = {
        "contract_id": CONTRACT,
        "type": "technical",
        "category": "kitchen_leak",
        "subject": "Cieknie",
        "description": "Od rana.",
    }
    path, patch = {"ticket_id": desk.ticket_id}, "PATCH /tickets/{ticket_id}"
    statuses = ("waiting_for_supplier", "in_progress") * WRITES
    return {
        "POST /tickets": [caller("POST /tickets", desk.tenant, body=opening) for _ in range(WRITES)],
        patch: [
            caller(patch, desk.staff, path=path, body={"status": status, "text": "Jutro."})
            for status in statuses[: WRITES + 1]
        ],
    }


def _number(desk: "Desk") -> str:
    page = json.loads(caller("GET /tickets/{ticket_id}", desk.staff, path={"ticket_id": desk.ticket_id})()["body"])
    return str(page["number"])


def _known(route: str, token: str, **given: Any) -> Call:
    """The question of somebody who has the answer already."""
    known: dict[str, str] = {}

    def call() -> Any:
        answer = caller(route, token, headers=known, **given)()
        if answer["statusCode"] != HTTPStatus.NOT_MODIFIED:
            # The first time; and signed addresses are new every quarter of an hour.
            known["If-None-Match"] = answer["headers"]["ETag"]
        return answer

    call()
    return call


def caller(route: str, token: str, **given: Any) -> Call:
    """One request to a route; it fails where the route refuses. What the handler prints is thrown away."""
    from tickets.app import app

    from tests.support import api_event

    method, resource = route.split(" ")
    event = api_event(method, resource, token=token, **given)

    def call() -> Any:
        with contextlib.redirect_stdout(io.StringIO()):
            answer = app(event, None)
        if answer["statusCode"] >= HTTPStatus.BAD_REQUEST:
            raise RuntimeError(f"{route}: {answer['statusCode']} {answer['body']}")
        return answer

    return call


def _measured(stand: Stand, calls: list[Call]) -> Figures:
    from shared.tables import connection

    seen, answers = [], []
    for call in calls:
        with observed(connection().client, stand.dynamodb) as one:
            answers.append(call())
        seen.append(one)
    # Once more unobserved: the observer's own reads are no time of the handler.
    times = [cpu_seconds(call, 1) * 1000 for call in calls]
    page = json.loads(answers[-1]["body"] or "{}")
    return {
        "read": median([each.read_units for each in seen]),
        "write": median([each.write_units for each in seen]),
        "milliseconds": median(times),
        "calls": [name for name, _params in seen[-1].calls],
        "shown": len(page["items"]) if "items" in page else "",
    }
