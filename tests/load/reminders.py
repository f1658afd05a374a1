"""Reminders: what one costs, and many people whose rent falls due on one day, told by runs of the clock of which ten are killed.

Each run is a process of its own, at a time of its own; one is killed (SIGKILL) at a random call to DynamoDB, before it is sent or before its
answer is read, and begun again at once. At the end nobody must have been told twice and nobody forgotten; the most instants for sending in a
second are to be compared with the rate, which is ten.
"""

import contextlib
import io
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, NamedTuple

from infra.build.environment import ROOT
from tests.load.figures import Figures, say, table
from tests.load.stand import Stand

PEOPLE: Final = int(os.environ.get("LOKUM_REMINDED_PEOPLE", "50000"))
QUICK_PEOPLE: Final = 300
KILLS: Final = 10
DUE: Final = date(2026, 11, 30)
FIRST_RUN: Final = datetime(2026, 11, 23, 9, tzinfo=UTC)
QUARTER: Final = timedelta(minutes=15)
ORGANISATION: Final = "org_reminded"
_SAMPLE: Final = 100
_SEED: Final = 2026
_SPARE: Final = 100
"""Runs beyond those that are killed, after which it would never end."""


class Life(NamedTuple):
    """A run's end: what it counted (None: it was killed), and the seconds for which it worked."""

    counts: dict[str, int] | None
    seconds: float


def measure(stand: Stand, people: int = PEOPLE) -> Figures:
    """Units of one reminder, and what came of the runs."""
    units = {way: _units(stand, way) for way in ("at once", "later")}
    furnish(ORGANISATION, people)
    say(f"  {people:,} people are due on {DUE}")
    lives = list(_lives(people, units["at once"]["calls"]))
    told, instants = _outcome(stand)
    assert len(told) == people, f"{people - len(told)} were forgotten"
    assert set(told.values()) == {1}, "somebody was told twice"
    return {
        "people": people,
        "units": units,
        "runs": len(lives),
        "killed": sum(life.counts is None for life in lives),
        "seconds": sum(life.seconds for life in lives),
        "told_twice": 0,
        "forgotten": 0,
        "most_in_a_second": max(instants.values()),
        "sending_minutes": (max(instants) - min(instants)) / 60,
    }


def report(figures: Figures) -> str:
    rows = [(way, each["read"], each["write"]) for way, each in figures["units"].items()]
    costs = table("A reminder (capacity of DynamoDB, without delivery)", ("sent", "read units", "write units"), rows)
    row = [
        (
            f"{figures['people']:,}",
            figures["runs"],
            figures["killed"],
            f"{figures['seconds']:.0f}",
            f"{figures['people'] / figures['seconds']:.0f}",
            figures["told_twice"],
            figures["forgotten"],
            figures["most_in_a_second"],
            f"{figures['sending_minutes']:.0f}",
        )
    ]
    columns = (
        "people",
        "runs",
        "killed",
        "s",
        "reminders / s",
        "told twice",
        "forgotten",
        "most / s",
        "sent within min",
    )
    return costs + table("People due on one day (emulator, one process at a time)", columns, row)


# ------------------------------------------------------------------ what one costs
def _units(stand: Stand, way: str) -> Figures:
    """Of the reminders of a small organisation, which are sent at once, or later because its rate is taken up."""
    import time_machine
    from notifications import store_reminders
    from notifications.service_reminders import run_reminders
    from notifications.store import VARIABLE

    from shared import rounds
    from shared.tables import connection
    from tests.load.observer import observed

    organisation_id = f"org_sample{way.replace(' ', '')}"
    furnish(organisation_id, _SAMPLE, per_second=100)
    with time_machine.travel(FIRST_RUN, tick=True), contextlib.redirect_stdout(io.StringIO()):
        if way == "later":
            rounds.do(VARIABLE, organisation_id, store_reminders.take_pace, 60.0)
        with observed(connection().client, stand.dynamodb) as seen:
            assert run_reminders()["told"] == _SAMPLE
    _forget_clock(organisation_id)
    calls = len(seen.calls) / _SAMPLE
    return {"read": seen.read_units / _SAMPLE, "write": seen.write_units / _SAMPLE, "calls": calls}


# ------------------------------------------------------------------ runs that die
def _lives(people: int, calls: float) -> Iterator[Life]:
    """Runs until one has nothing left to do; ten are killed. `calls`: that a reminder takes."""
    chance, killed, moment = random.Random(_SEED), 0, FIRST_RUN
    # So short that all ten die before the people are done.
    longest = int(people * calls / (KILLS + 2))
    for _ in range(KILLS + _SPARE):
        death = (chance.randint(1, longest), chance.choice(("unsent", "unheard"))) if killed < KILLS else ()
        life = _live(moment, *map(str, death))
        yield life
        if life.counts is None:
            killed += 1
            moment += timedelta(seconds=life.seconds)
            say(f"  killed at call {death[0]:,}, {death[1]}, after {life.seconds:.1f} s")
        else:
            moment += QUARTER
            say(f"  {life.counts['told']:,} told in {life.seconds:.0f} s")
            if not life.counts["told"]:
                return
    msg = "the runs do not come to an end"
    raise AssertionError(msg)


def _live(moment: datetime, *death: str) -> Life:
    command = [sys.executable, "-m", "tests.load.reminders", moment.isoformat(), *death]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'functions'}"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        began = time.monotonic()
        said, _ = process.communicate()
    seconds = time.monotonic() - began
    if process.returncode == -signal.SIGKILL:
        return Life(None, seconds)
    assert process.returncode == 0
    return Life(json.loads(said.splitlines()[-1]), seconds)


def main() -> int:
    """One run at the moment that is given, which may die at a call."""
    import time_machine
    from notifications.app import run_reminders

    from shared.tables import connection

    assert connection().client
    if sys.argv[2:]:
        _die_at(int(sys.argv[2]), unheard=sys.argv[3] == "unheard")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    with time_machine.travel(datetime.fromisoformat(sys.argv[1]), tick=True):
        with contextlib.redirect_stdout(io.StringIO()):
            counts = run_reminders({}, None)
        sys.stdout.write(json.dumps(counts))
    return 0


def _die_at(last: int, *, unheard: bool) -> None:
    """SIGKILL at the n-th call: before it is sent, or before its answer is read."""
    from shared.tables import connection

    make_call, calls = connection()._make_api_call, itertools.count(1)

    def mortal(*arguments: Any, **named: Any) -> Any:
        is_last = next(calls) == last
        if is_last and not unheard:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = make_call(*arguments, **named)
        if is_last:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    connection()._make_api_call = mortal  # type: ignore[method-assign]


# ------------------------------------------------------------------ what stands before and after
def furnish(
    organisation_id: str, people: int, *, per_second: int = 10, due: date = DUE, time_zone: str = "Europe/Warsaw"
) -> None:
    """An organisation whose people each owe a rent on the same day, as the events leave it."""
    from notifications import store_reminders as store
    from notifications.rules_reminders import Debts, Policy
    from notifications.service_agenda import put_debts
    from notifications.store import VARIABLE, ContractItem, contract_pk

    from shared import rounds
    from shared.tables import UnitOfWork
    from tests.support import profile, put_organisation

    put_organisation(profile(organisation_id, time_zone=time_zone))

    def set_policy(uow: UnitOfWork) -> Policy:
        policy = Policy(per_second=per_second, version=1)
        store.stage_policy(uow, None, policy)
        store.stage_clocked(uow, policy)
        return policy

    policy = rounds.do(VARIABLE, organisation_id, set_policy)
    with ContractItem.batch_write() as contracts, store.ReminderItem.batch_write() as reminders:
        for number in range(people):
            contract_id, charge_id = f"con_{number:026}", f"chg_{number:026}"
            party = {"person_id": person_id_of(number), "role": "tenant", "starts_on": "2015-03-01", "ends_on": None}
            contracts.save(
                ContractItem(
                    pk=contract_pk(organisation_id, contract_id), sk="CONTRACT", contract_id=contract_id,
                    number=f"U/{number}", community_id="com_1", parties=[party],
                )
            )  # fmt: skip
            item = store.new_reminder(organisation_id, contract_id, store.DEBTS)
            debts = Debts({charge_id: 125_000}, {charge_id: due.isoformat()})
            item.state = {"currency": "PLN", "ledger_version": 1}
            put_debts(item, debts)
            store.place(organisation_id, item, policy, debts.next_day(policy.debt_stages))
            reminders.save(item)


def person_id_of(number: int) -> str:
    """Who owes the rent of that number."""
    return f"per_{number:026}"


def _forget_clock(organisation_id: str) -> None:
    from notifications.store_reminders import CLOCK, ClockItem

    ClockItem(CLOCK, f"ORG#{organisation_id}").delete()


def _outcome(stand: Stand) -> tuple[Counter[str], Counter[int]]:
    """How often each person was told, and how many notices may go out in each second since 1970."""
    told: Counter[str] = Counter()
    created: dict[str, str] = {}
    waiting: dict[str, str] = {}
    for item in _all_items(stand):
        if item["pk"]["S"].startswith("DUE#"):
            waiting[item["notice_id"]["S"]] = item["at"]["S"]
        elif item["pk"]["S"].startswith(f"ORG#{ORGANISATION}#") and item["sk"]["S"].startswith("NOTICE#"):
            told[item["person_id"]["S"]] += 1
            created[item["notice_id"]["S"]] = item["created_at"]["S"]
    instants = (waiting.get(notice_id, at) for notice_id, at in created.items())
    return told, Counter(int(datetime.fromisoformat(at).timestamp()) for at in instants)


def _all_items(stand: Stand) -> Iterator[dict[str, Any]]:
    for page in stand.dynamodb.get_paginator("scan").paginate(TableName="notifications"):
        yield from page["Items"]


if __name__ == "__main__":
    sys.exit(main())
