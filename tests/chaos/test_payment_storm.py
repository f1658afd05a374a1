"""Online payments under fire: at the end the ledger has what the providers say was paid, each transaction once, and nothing was lost.

The functions' own handlers run in processes that are killed between any two of their calls, against the emulator's tables, bus and queues; the
providers are the sandboxes. The short form runs with all other tests; `make chaos` has 2,000 payments (PAYMENTS=, LOKUM_CHAOS_PAYMENTS).
"""

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest

from tests.chaos.payers import Crowd, plans
from tests.chaos.payment_books import Comparison, compare
from tests.chaos.payment_stage import KILLED, Size, Stage
from tests.load.figures import say, table
from tests.load.stand import emulator

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(3600)]

COUNT: Final = int(os.environ.get("LOKUM_CHAOS_PAYMENTS", "24"))
SEED: Final = os.environ.get("LOKUM_CHAOS_SEED", "storm")
SMALL: Final = Size(contracts=2, spread=0.5, patience=300, restarts=2, away=0.3)
LARGE: Final = Size(contracts=20, spread=8, patience=2400, restarts=6, away=2)
PAYERS: Final = 4


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with ExitStack() as doors:
        url = doors.enter_context(emulator("tests.load.ordered"))
        yield Stage(url, tmp_path, doors, SMALL if COUNT <= 200 else LARGE, SEED)


def test_each_payment_is_in_the_books_once(stage: Stage) -> None:
    ready = time.monotonic()
    stage.weather.raging = True
    wanted = plans(COUNT, stage.contracts, random.Random(f"{SEED}/plans"))
    crowd = Crowd(stage.api, stage.sandboxes, stage.people, stage.charges)
    crowd.begin(wanted, PAYERS)
    restarts = threading.Thread(target=restart_relays, args=(stage, crowd), daemon=True)
    restarts.start()
    crowd.follow_up(stage.size.patience, stage.help_on)
    restarts.join(60)
    stage.rest()
    seconds = time.monotonic() - ready

    found = compare(stage.sandboxes, crowd.done, stage.items("statements"), stage.items("payments"), stage.door)
    tell(stage, crowd, found, seconds)
    assert not crowd.problems, f"{len(crowd.problems)} problems: {crowd.problems[:5]}"
    assert len(crowd.done) == COUNT
    assert not found.problems, f"{len(found.problems)} problems: {found.problems[:10]}"
    check_accounts(stage)
    assert not any(one.depth(dead=True) for one in stage.queues)
    kills, calls = sum(stage.weather.kills.values()), sum(stage.weather.invocations.values())
    assert kills > KILLED * calls / 2, "no storm"
    assert stage.weather.throttled, "no table refused anything"
    assert all(relay.restarts for relay in stage.relays)


def restart_relays(stage: Stage, crowd: Crowd) -> None:
    """While payments come in, at even parts of the way."""
    for number in range(1, stage.size.restarts + 1):
        while crowd.busy and len(crowd.done) < COUNT * number // (stage.size.restarts + 1):
            time.sleep(0.05)
        for relay in stage.relays:
            relay.restart(stage.size.away)


def check_accounts(stage: Stage) -> None:
    """Each account stands at the sum of its entries."""
    stage.weather.raging = False
    sums: dict[str, int] = {}
    for item in stage.items("statements"):
        if item["sk"].startswith("ENTRY#"):
            contract = item["pk"].rpartition("#")[2]
            sums[contract] = sums.get(contract, 0) + item["amount"]
    for contract, total in sums.items():
        path = {"contract_id": contract}
        status, shown = stage.ledger.ask("GET", "/accounts/{contract_id}", stage.people.sara, path=path)
        assert status == 200, shown
        assert shown["balance"] == total == shown["due"] - shown["credit"], contract


def tell(stage: Stage, crowd: Crowd, found: Comparison, seconds: float) -> None:
    weather = stage.weather
    killed, failed = (_by_function(kinds) for kinds in (weather.kills, weather.errors))
    rows = [
        (name, count, weather.seconds[name] / count * 1000, killed[name], failed[name])
        for name, count in sorted(weather.invocations.items())
    ]
    say(found.report())
    say(table("Invocations", ("function", "invocations", "ms each", "killed", "failed"), rows))
    say(table("Killed by step", ("step", "kills"), weather.steps.most_common()))
    say(
        f"\n  afterwards                 {dict(crowd.afterwards)}"
        f"\n  killed                     {sum(killed.values())} of {sum(weather.invocations.values())}"
        f"\n  calls refused by tables    {weather.throttled}"
        f"\n  relays restarted           {sum(relay.restarts for relay in stage.relays)}"
        f"\n  dead letters put back      { {one.context: one.redriven for one in stage.queues} }"
        f"\n  given up by a provider, and sent again {stage.sent_again}"
        f"\n  seconds                    {seconds:.0f}, and {time.monotonic() - stage.began - seconds:.0f} to make ready"
    )


def _by_function(kinds: Counter[tuple[str, str]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for (name, _step), count in kinds.items():
        found[name] += count
    return found
