"""The staff queue: order, filters, and pages in which every ticket comes exactly once."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tickets import service_queue, store
from tickets.rules.statuses import OPEN, SHUT
from tickets.store_queue import Partition

from shared import clock
from shared.events.envelope import Metadata
from shared.ids import new_id
from shared.tables import unit_of_work
from tests.unit.tickets.conftest import ORG

HOURS = timedelta(hours=1)


def put(number, status="new", *, due_in=None, **values):
    """A ticket's head without the detour over a report."""
    now = clock.now()
    ticket_id = new_id("tkt")
    ticket = store.TicketItem(
        pk=store.ticket_pk(ORG, ticket_id),
        sk=store.TICKET_SK,
        ticket_id=ticket_id,
        number=f"2026/{number:06}",
        type="technical",
        category="kitchen_leak",
        subject=f"Zgłoszenie {number}",
        status=status,
        contract_id=f"ctr_{number % 7}",
        community_id=f"com_{number % 3}",
        reporter_id=f"per_{number}",
        channel="portal",
        created_at=clock.stamp(now),
        due_at=clock.stamp(now + due_in) if due_in is not None else None,
    )
    for name, value in values.items():
        setattr(ticket, name, value)
    with unit_of_work("TICKETS_TABLE", Metadata(organisation_id=ORG)) as uow:
        store.stage_ticket(uow, ticket)
    return ticket_id


FILTERS = [
    ({"assignee_id": "me"}, lambda n: n % 3 == 1 and n % 13 < 10),
    ({"assignee_id": "none"}, lambda n: n % 3 == 0 and n % 13 < 10),
    ({"assignee_id": "per_stefan", "status": "shut"}, lambda n: n % 3 == 2 and n % 13 >= 10),
    ({"community_id": "com_1", "status": "new"}, lambda n: n % 3 == 1 and n % 13 in (0, 5)),
    ({"community_id": "com_1", "assignee_id": "me", "status": "all"}, lambda n: n % 3 == 1),
    ({"contract_id": "ctr_3", "status": "all"}, lambda n: n % 7 == 3),
    ({"status": "done"}, lambda n: n % 13 == 10),
    ({"emergency": "true"}, lambda n: n % 10 == 0 and n % 13 < 10),
    ({"emergency": "false", "category": "noise"}, lambda n: n % 5 == 0 and n % 10 != 0 and n % 13 < 10),
    ({"category": "neighbours"}, lambda n: n % 5 == 0 and n % 13 < 10),
    ({"category": "kitchen", "status": "all"}, lambda n: n % 5 != 0),
    ({"overdue": "true"}, lambda n: n % 11 != 0 and n % 50 - 20 <= 0 and n % 13 < 10),
    ({"overdue": "false"}, lambda n: (n % 11 == 0 or n % 50 - 20 > 0) and n % 13 < 10),
    ({"overdue": "true", "assignee_id": "me"}, lambda n: n % 3 == 1 and n % 11 != 0 and n % 50 - 20 <= 0 and n % 13 < 10),
    ({"overdue": "true", "status": "shut"}, lambda n: False),
    ({"channel": "telephone"}, lambda n: False),
    ({"type": "financial"}, lambda n: False),
    ({"number": "2026/000012"}, lambda n: False),
]  # fmt: skip


@pytest.fixture
def queue(world):
    """130 tickets: 13 in each open status and more that have ended; due before and after now, or never."""
    statuses = [*OPEN, *OPEN, *SHUT]
    return {
        put(
            number,
            statuses[number % len(statuses)],
            due_in=None if number % 11 == 0 else (number % 50 - 20) * HOURS,
            assignee_id=(None, "per_sara", "per_stefan")[number % 3],
            emergency=number % 10 == 0,
            category="noise" if number % 5 == 0 else "kitchen_leak",
        ): number
        for number in range(130)
    }


def pages(world, **query):
    cursor, found = None, []
    while True:
        status, body = world.ask(
            "GET", "/tickets", world.sara, query={**query, **({"cursor": cursor} if cursor else {})} or None
        )
        assert status == 200, body
        found.append(body["items"])
        cursor = body["next_cursor"]
        if cursor is None:
            return found


def test_what_is_due_first_comes_first_and_each_ticket_once(world, queue):
    read = pages(world)
    assert [len(page) for page in read] == [50, 50]
    items = [item for page in read for item in page]
    assert {item["status"] for item in items} == set(OPEN)
    assert (
        len({item["ticket_id"] for item in items}) == len(items) == sum(number % 13 < 10 for number in queue.values())
    )
    due = [item["due_at"] or "9999" for item in items]
    assert due == sorted(due)
    overdue = [item["overdue"] for item in items]
    assert overdue == sorted(overdue, reverse=True)
    assert any(overdue)


def test_what_has_ended_comes_latest_first(world, queue):
    items = [item for page in pages(world, status="shut") for item in page]
    assert len(items) == sum(number % 13 >= 10 for number in queue.values())
    ended = [item["changed_at"] for item in items]
    assert ended == sorted(ended, reverse=True)


def test_all_is_what_is_open_and_then_what_has_ended(world, queue):
    items = [item for page in pages(world, status="all") for item in page]
    assert len({item["ticket_id"] for item in items}) == len(items) == 130
    shut = [item["status"] in SHUT for item in items]
    assert shut == sorted(shut)


def test_filters(world, queue):
    for query, suits in FILTERS:
        found = [item["ticket_id"] for page in pages(world, **query) for item in page]
        assert len(found) == len(set(found)), query
        assert set(found) == {ticket_id for ticket_id, number in queue.items() if suits(number)}, query


def test_an_unknown_filter_or_a_cursor_of_another_list_is_refused(world, queue):
    _, body = world.ask("GET", "/tickets", world.sara)
    for query in ({"cursor": body["next_cursor"], "status": "shut"}, {"cursor": "x"}):
        status, refusal = world.ask("GET", "/tickets", world.sara, query=query)
        assert (status, refusal["code"]) == (400, "invalid_cursor")
    assert (
        world.ask("GET", "/tickets", world.stefan, query={"cursor": body["next_cursor"]})[1]["code"] == "invalid_cursor"
    )
    assert world.ask("GET", "/tickets", world.sara, query={"prio": "1"})[1]["code"] == "invalid_query"


def test_a_ticket_that_moves_to_another_status_is_neither_lost_nor_doubled(world, queue):
    _, first = world.ask("GET", "/tickets", world.sara)
    for item in first["items"][10:15]:
        with unit_of_work("TICKETS_TABLE", Metadata(organisation_id=ORG)) as uow:
            ticket = store.find_ticket(ORG, item["ticket_id"])
            ticket.status = "accepted" if ticket.status == "new" else "waiting_for_supplier"
            store.stage_ticket(uow, ticket)
    _, second = world.ask("GET", "/tickets", world.sara, query={"cursor": first["next_cursor"]})
    ids = [item["ticket_id"] for item in first["items"] + second["items"]]
    assert len(ids) == len(set(ids)) == 100


def test_a_page_reads_the_same_among_few_and_among_many(world, queue, monkeypatch):
    """Asked for pieces, not all: 130 tickets are looked at no more than a page and a piece of each partition."""
    asked = []
    fetch = Partition.fetch

    def counted(self, after, limit):
        found = fetch(self, after, limit)
        asked.append(len(found))
        return found

    monkeypatch.setattr(Partition, "fetch", counted)
    world.ask("GET", "/tickets", world.sara)
    assert sum(asked) <= service_queue.PAGE + len(OPEN) * (service_queue.PAGE // len(OPEN) + 4)
    asked.clear()
    world.ask("GET", "/tickets", world.sara, query={"status": "new"})
    assert asked == [20]


@dataclass
class Ticket:
    place: str
    suits: bool


@given(
    lanes=st.lists(st.lists(st.tuples(st.integers(0, 10**6), st.booleans()), max_size=90), max_size=5),
    newest_first=st.booleans(),
    most_read=st.integers(1, 120),
)
@settings(max_examples=150, deadline=None)
def test_pages_visit_every_match_exactly_once_in_order(lanes, newest_first, most_read):
    """Whatever lies in the partitions, whatever is filtered, however little a page may look at."""
    seen = set()
    stored = [
        sorted((Ticket(f"{at:07}#{lane}", suits) for at, suits in rows if (at, lane) not in seen and not seen.add((at, lane))),
               key=lambda each: each.place, reverse=newest_first)
        for lane, rows in enumerate(lanes)
    ]  # fmt: skip

    def fetcher(rows):
        def fetch(after, limit):
            behind = [
                each for each in rows if not after or (each.place < after if newest_first else each.place > after)
            ]
            return behind[:limit]

        return fetch

    part = service_queue.Part([fetcher(rows) for rows in stored], lambda each: each.place, newest_first)
    before, service_queue.MOST_READ = service_queue.MOST_READ, most_read
    try:
        found, start = [], None
        while True:
            page, start = service_queue.read_page([part, part], lambda each: each.suits, start)
            assert len(page) <= min(service_queue.PAGE, most_read)
            found += [each.place for each in page]
            if start is None:
                break
    finally:
        service_queue.MOST_READ = before
    expected = sorted((each.place for rows in stored for each in rows if each.suits), reverse=newest_first)
    assert found == expected + expected
