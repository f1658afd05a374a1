"""Reminders (D6) of many people: runs that die, contracts of more people than a transaction tells, the pace, and those that fail."""

import itertools
import random
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from notifications import service_reminders, store_due, store_reminders
from notifications.app import run_reminders
from notifications.store import VARIABLE, Item

from shared import rounds
from shared.events.meters import ReadingWindowOpened
from shared.rounds import RoundFailedError
from shared.tables import connection
from tests.unit.notifications.conftest import ORG
from tests.unit.notifications.test_reminders import DUE, Reminded, many, run


@pytest.fixture
def world(cloud):
    with time_machine.travel("2026-10-01T12:00:00Z", tick=True):
        yield Reminded()


class Killed(BaseException):
    """No handler catches it, as none catches SIGKILL."""


def die(monkeypatch, times, *between):
    """Have so many runs die before a call to DynamoDB or after it, so that its answer is never heard; how many have."""
    chance = random.Random(20_261_025)
    make_call, left, deaths = connection()._make_api_call, {"calls": 0}, 0

    def mortal(*arguments, **named):
        left["calls"] -= 1
        if left["calls"] == 0 and left["before"]:
            raise Killed
        answer = make_call(*arguments, **named)
        if left["calls"] == 0:
            raise Killed
        return answer

    with monkeypatch.context() as patched:
        patched.setattr(connection(), "_make_api_call", mortal)
        for _ in range(times):
            left.update(calls=chance.randint(*between), before=chance.random() < 0.5)
            try:
                run("2026-10-18")
            except Killed:
                deaths += 1
    return deaths


def test_runs_that_are_killed_anywhere(world, monkeypatch):
    many(world, 24)
    assert die(monkeypatch, 10, 9, 20) == 10
    run("2026-10-18")
    assert all(len(world.notices(f"per_{number}")) == 1 for number in range(24))
    assert run("2026-10-18", "10:00") == 0


# ------------------------------------------------------------------ contracts of many people
def test_more_people_than_one_transaction_tells(world):
    people = [f"per_{number}" for number in range(34)]
    world.begin("ctr_heirs", *people, ends_on="2027-01-16")
    world.post()
    world.balance("ctr_heirs", chg_1=9900)
    world.hear(ReadingWindowOpened(medium="heat", first=date(2026, 10, 18), last=date(2026, 10, 31)))
    run("2026-10-18")
    for person_id in people:
        kinds = sorted(kind for kind, _ in world.notices(person_id))
        assert kinds == ["contract_ending", "payment_due", "window_opened"]
    assert run("2026-10-18", "10:00") == 0


def test_several_notices_to_several_people_are_more_than_one_transaction_tells(world, monkeypatch):
    monkeypatch.setattr(service_reminders, "BATCH", 5)
    world.begin("ctr_9", *(f"per_{number}" for number in range(4)))
    for number in range(3):
        world.post(f"chg_{number}", due=DUE - timedelta(days=number))
    world.balance("ctr_9", chg_0=100, chg_1=200, chg_2=300)
    assert run("2026-10-18") == 12
    for number in range(4):
        assert sorted(values["amount"] for _, values in world.notices(f"per_{number}")) == [100, 200, 300]
    assert run("2026-10-18", "10:00") == 0


def test_runs_that_die_between_the_people_of_one_contract(world, monkeypatch):
    monkeypatch.setattr(service_reminders, "BATCH", 3)
    people = [f"per_{number}" for number in range(11)]
    world.begin("ctr_heirs", *people)
    world.post()
    world.balance("ctr_heirs", chg_1=9900)
    assert die(monkeypatch, 6, 15, 35) == 6
    assert 0 < sum(len(world.notices(person_id)) for person_id in people) < len(people)
    run("2026-10-18")
    assert [len(world.notices(person_id)) for person_id in people] == [1] * len(people)
    assert run("2026-10-18", "10:00") == 0


# ------------------------------------------------------------------ the pace, and what fails
def test_the_pace_is_kept_over_runs_in_haste(world, monkeypatch):
    many(world, 16)
    monkeypatch.setattr(service_reminders, "AHEAD", timedelta(seconds=1))
    with time_machine.travel("2026-10-18T09:30:00Z", tick=False):
        assert run_reminders({}, None)["told"] == 11  # one second, at ten a second
        assert run_reminders({}, None)["told"] == 1  # one block of instants was begun, whose rest nobody takes
    assert run("2026-10-18", "09:45") == 4
    assert all(len(world.notices(f"per_{number}")) == 1 for number in range(16))


def test_nobody_waits_longer_than_until_the_next_run(world):
    many(world, 12)
    with time_machine.travel("2026-10-18T09:30:00Z", tick=False):
        rounds.do(VARIABLE, ORG, store_reminders.take_pace, 60.0)  # a run that was killed had taken a minute
        run_reminders({}, None)
    waiting = [
        due
        for shard in range(store_due.SHARDS)
        for due in store_due.due_until(shard, datetime(2027, 1, 1, tzinfo=UTC), 100)
    ]
    instants = sorted(datetime.fromisoformat(due.at) for due in waiting)
    assert len(instants) == 12
    assert instants[0] == datetime(2026, 10, 18, 9, 31, tzinfo=UTC)
    assert {later - earlier for earlier, later in itertools.pairwise(instants)} == {timedelta(milliseconds=100)}


def test_one_that_fails_keeps_nobody_waiting(world):
    many(world, 3)
    Item("ORG#org_test#CONTRACT#ctr_1", "CONTRACT").delete()
    with pytest.raises(RoundFailedError):
        run("2026-10-18")
    assert [len(world.notices(f"per_{number}")) for number in range(3)] == [1, 0, 1]
    world.begin("ctr_1", "per_1")
    assert run("2026-10-18", "09:45") == 1
