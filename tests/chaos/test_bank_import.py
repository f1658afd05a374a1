"""A bank import under fire: it comes to its end, nothing is booked twice, the books balance.

The short form runs with all other tests; `make chaos` runs it with 10,000 transfers (LOKUM_CHAOS_TRANSFERS) and a power cut.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import TypeVar

import httpx
import pytest

from tests.chaos.bank_file import transfers, write
from tests.chaos.books import Books, check_books, read_books
from tests.chaos.storm import Storm
from tests.load.figures import say
from tests.queues import CONTEXTS, Queues
from tests.tenancy import Tenancy
from tests.world import World, wait_until

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(3600)]

COUNT = int(os.environ.get("LOKUM_CHAOS_TRANSFERS", "60"))
SMALL = COUNT <= 1_000
T = TypeVar("T")
CONTRACTS = 12 if SMALL else 200
PATIENCE = 60.0 if SMALL else 600.0
"""Seconds without any progress after which the import counts as stuck."""


@pytest.fixture
def tenancy(tmp_path) -> Iterator[Tenancy]:
    """An organisation in a portal of its own, which this test may ill-treat."""
    world = World(tmp_path / "data", demo=False)
    world.start()
    try:
        yield Tenancy(world, CONTRACTS)
    finally:
        world.close()


def test_import_survives_killed_workers_and_restarts(tenancy: Tenancy) -> None:
    tenancy.found()
    tenancy.post_charges("1000.00", date(2026, 1, 1))
    run = Run(tenancy)
    run.settle(0)
    before = read_books(tenancy)
    # Shorter than the consumers' own time limit: what was lost comes back soon, and what is only slow comes twice.
    run.queues.set_visibility(15 if SMALL else 45)
    given = transfers(tenancy, COUNT)
    body = write(tenancy, given)

    with Storm(tenancy.world) as storm:
        first = run.post(body)
        run.wait_for(COUNT // 4)
        run.restart(storm, signal.SIGTERM)
        if not SMALL:
            run.wait_for(COUNT // 2)
            run.restart(storm, signal.SIGKILL)
        run.wait_for(COUNT * 3 // 4)
    how = run.come_to_an_end(body)

    after = run.steady_books()
    check_books(tenancy, given, before, after)
    again = tenancy.finished("/bank-statements", run.send(body))
    assert (again["transactions"], again["duplicates"], again["matched"]) == (COUNT, COUNT, 0)
    run.settle(COUNT)
    assert read_books(tenancy) == after
    run.tell(storm, first, how, before, after)
    assert not run.queues.dead()


class Run:
    """One import and what happens to it."""

    def __init__(self, tenancy: Tenancy) -> None:
        self.tenancy, self.world, self.queues = tenancy, tenancy.world, Queues(tenancy.world)
        self.began, self.redriven = time.monotonic(), 0
        self.restarts: list[str] = []
        self.events: list[str] = []

    def note(self, text: str) -> None:
        line = f"{time.monotonic() - self.began:7.1f} s  {text}"
        self.events.append(line)
        say(line)

    def send(self, body: bytes) -> httpx.Response:
        """Upload a file and post it, again and again under the same key until it is taken: callers repeat what failed."""
        upload = _repeated(lambda: self.world.upload(self.tenancy.staff, "bank_statement", "many.sta", body))
        key = {"Idempotency-Key": upload.rsplit("/", 2)[1]}

        def post() -> httpx.Response:
            answer = self.tenancy.staff.post("/bank-statements", json={"upload": upload}, headers=key)
            assert answer.status_code < 500, answer.text
            return answer

        return _repeated(post)

    def post(self, body: bytes) -> str:
        answer = self.send(body)
        assert answer.status_code == 202, answer.text
        self.began = time.monotonic()
        self.note(f"import of {COUNT} transfers ({len(body):,} bytes) accepted")
        return str(answer.json()["import_id"])

    def booked(self) -> int:
        """How many payments stand in the ledger."""
        table = self.world.deployment.resources["Data.StatementsTable"]
        asked = {
            "FilterExpression": "#kind = :payment AND begins_with(sk, :entry) AND begins_with(pk, :organisation)",
            "ExpressionAttributeNames": {"#kind": "kind"},
            "ExpressionAttributeValues": {
                ":payment": {"S": "payment"},
                ":entry": {"S": "ENTRY#"},
                ":organisation": {"S": f"ORG#{self.tenancy.organisation_id}#"},
            },
        }
        pages = (
            self.world.deployment.client("dynamodb")
            .get_paginator("scan")
            .paginate(TableName=table, Select="COUNT", **asked)
        )
        return sum(page["Count"] for page in pages)

    def wait_for(self, count: int) -> bool:
        """Until so many payments are booked; False when nothing moves any more."""
        seen, since = -1, time.monotonic()
        while (now := self.booked()) < count:
            if now > seen:
                seen, since = now, time.monotonic()
            if time.monotonic() - since > PATIENCE:
                self.note(f"{now} booked and nothing moves; queues {self.queues.depths()}, dead {self.queues.dead()}")
                return False
            time.sleep(1 if SMALL else 5)
        self.note(f"{now} booked")
        return True

    def restart(self, storm: Storm, number: signal.Signals) -> None:
        storm.pause()
        self.note(f"{number.name} to the local cloud")
        took = self.world.restart(number)
        self.restarts.append(number.name)
        self.note(f"ready again after {took:.1f} s")
        storm.go_on()

    def come_to_an_end(self, body: bytes) -> str:
        """Wait for the end; what is needed for it beside waiting is told in the answer."""
        if self.wait_for(COUNT):
            return "by itself"
        self.redriven += sum(self.queues.redrive(context) for context in CONTEXTS)
        if self.redriven and self.wait_for(COUNT):
            return "after a redrive of the dead letters"
        answer = self.send(body)
        self.note(f"the same file again: {answer.status_code}")
        assert self.wait_for(COUNT), "the import did not come to its end"
        return "after the same file again"

    def settle(self, count: int) -> None:
        """Until all queues have been empty for a while and so many payments are booked."""
        quiet = 0
        deadline = time.monotonic() + PATIENCE * 3
        while quiet < 3:
            quiet = 0 if self.queues.depths() else quiet + 1
            assert time.monotonic() < deadline, self.queues.depths()
            time.sleep(1)
        assert self.booked() == count

    def steady_books(self) -> Books:
        """The books when everything has been said to everybody; dead letters are put back, as an operator would."""
        self.settle(COUNT)
        self.redriven += sum(self.queues.redrive(context) for context in CONTEXTS)
        self.settle(COUNT)
        return wait_until(self._agreeing_books, PATIENCE, 2)

    def _agreeing_books(self) -> Books | None:
        """The books, once the register of contracts has heard of the last balances."""
        books = read_books(self.tenancy)
        return books if books.debts == {key: account.due for key, account in books.accounts.items()} else None

    def tell(self, storm: Storm, import_id: str, how: str, before: Books, after: Books) -> None:
        shown = self.tenancy.staff.get(f"/bank-statements/{import_id}").json()
        say(
            f"\n  transfers in the file      {COUNT}"
            f"\n  workers killed             {storm.kills}"
            f"\n  restarts                   {', '.join(self.restarts)}"
            f"\n  came to its end            {how}"
            f"\n  the import says            {shown['state']}, {shown['matched']} matched, {shown['duplicates']} duplicates"
            f"\n  payments booked            {len(after.booked)}, twice {len(after.twice)}"
            f"\n  sum of the payments        {sum(amount for _c, amount in after.booked.values()) / 100:,.2f}"
            f"\n  balances before, after     {before.total / 100:,.2f}, {after.total / 100:,.2f}"
            f"\n  credits after              {sum(account.credit for account in after.accounts.values()) / 100:,.2f}"
            f"\n  dead letters put back      {self.redriven}"
        )


def _repeated(work: Callable[[], T]) -> T:
    """The first result that is no failure: what a caller with patience gets."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return work()
        except (AssertionError, httpx.HTTPError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
