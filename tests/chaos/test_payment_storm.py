"""Online payments under fire: at the end the ledger has what the providers say was paid, each transaction once, and nothing was lost.

The functions' own handlers run in processes that are killed between any two of their calls, against the emulator's tables, bus and queues; the
providers are the sandboxes. The short form runs with all other tests; `make chaos` has 2,000 payments (PAYMENTS=, LOKUM_CHAOS_PAYMENTS).
"""

import json
import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any, Final

import boto3
import pytest
from botocore.config import Config

from infra.local.providers import KINDS, Merchant, SandboxConfig, start_sandboxes
from shared.events.catalog import ContractStarted
from tests.chaos.lambdas import Fleet, Weather
from tests.chaos.mappings import BUS, Queue, Relay
from tests.chaos.payers import Caller, Crowd, Door, People, plans, switches
from tests.chaos.payment_books import Comparison, compare
from tests.load.figures import say, table
from tests.load.stand import ORGANISATION, VARIABLES, emulator
from tests.local_cloud.providers.portal import CURRENCY, DEMO
from tests.support import CONTEXT_TABLES, create_table, event_message
from tests.tenancy import plain

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(3600)]

COUNT: Final = int(os.environ.get("LOKUM_CHAOS_PAYMENTS", "60"))
SEED: Final = os.environ.get("LOKUM_CHAOS_SEED", "storm")
SMALL: Final = COUNT <= 200
CONTRACTS: Final = 2 if SMALL else 20
"""Of each currency."""
SPREAD: Final = 0.5 if SMALL else 8.0
"""Seconds by which webhooks are late, and again as many by which they overtake each other."""
VISIBILITY: Final = 4 if SMALL else 30
PATIENCE: Final = 60.0 if SMALL else 1800.0
RESTARTS: Final = 2 if SMALL else 6
KILLED: Final = 0.1
STAFF: Final = ("staff", "organisation", ORGANISATION)


class Stage:
    """Everything that takes part, from the tables to the payers."""

    def __init__(self, url: str, folder: Path, doors: ExitStack) -> None:
        self.url, self.began = url, time.monotonic()
        self.weather = Weather(KILLED, random.Random(SEED))
        self._build()
        fleet = doors.enter_context(Fleet(url, folder, self.weather))
        self.queues = [Queue(self.client, context, VISIBILITY) for context in ("Payments", "Statements")]
        for found in self.queues:
            doors.callback(found.close)
        self.relays = [
            Relay(self.client, name, fleet.function(f"relay of {name}", "relay.app:handler"))
            for name in ("payments", "statements")
        ]
        for relay in self.relays:
            doors.callback(relay.close)
        payments, statements = self.queues
        payments.bring_to(fleet.function("payments events", "payments.app:on_events", 3), 3)
        statements.bring_to(fleet.function("statements events", "statements.app:on_events", 2), 2)
        self.door = Door(fleet.function("webhooks", "payments.routes_webhooks:app", 3))
        self.api = Caller(fleet.function("payments api", "payments.app:app", 3))
        self.ledger = Caller(fleet.function("statements api", "statements.app:app"))
        self._sign = fleet.function("signing in", "tests.chaos.lambdas:sign_in")
        self.sandboxes = doors.enter_context(start_sandboxes(self._config()))
        doors.callback(lambda: say(f"  functions' log: {folder / 'functions.log'}"))
        self._furnish()

    def client(self, service: str) -> Any:
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": VARIABLES["AWS_REGION"]}
        patient = Config(read_timeout=60, max_pool_connections=20, retries={"total_max_attempts": 5})
        return boto3.client(service, endpoint_url=self.url, config=patient, **keys)

    def items(self, name: str) -> list[dict[str, Any]]:
        """All of a table, as an operator sees it."""
        pages = self.client("dynamodb").get_paginator("scan").paginate(TableName=name, ConsistentRead=True)
        return [{key: plain(value) for key, value in row.items()} for page in pages for row in page["Items"]]

    def rest(self) -> None:
        """Until nothing is under way: no webhook, no message, no record, and no dead letter that was not put back."""
        until, quiet = time.monotonic() + PATIENCE, 0
        while quiet < 3:
            assert time.monotonic() < until, self.state()
            self._finish_late_payments()
            settled = self.sandboxes.idle(0.2) and all(relay.idle.is_set() for relay in self.relays)
            left = sum(found.depth() for found in self.queues) + sum(found.redrive() for found in self.queues)
            quiet = quiet + 1 if settled and not left and not self._given_up() else 0
            time.sleep(0.2)

    def state(self) -> str:
        depths = {found.context: (found.depth(), found.depth(dead=True)) for found in self.queues}
        return f"not at rest: {depths}, relays idle {[relay.idle.is_set() for relay in self.relays]}"

    def _finish_late_payments(self) -> None:
        for sandbox in self.sandboxes:
            for order in list(sandbox.orders.values()):
                if any(one.state == "pending" and sandbox.name != "stripe" for one in order.transactions) or (
                    sandbox.name == "stripe" and order.state == "done" and order.last.state == "pending"
                ):
                    sandbox.finish_now(order, success=True)

    def _given_up(self) -> int:
        """Have a provider send again what it had given up, as from its panel; how many there were."""
        count = 0
        for sandbox in self.sandboxes:
            for message in sandbox.webhooks():
                if message["state"] == "given_up":
                    sandbox.courier.again(message["number"])
                    count += 1
        self.sent_again = getattr(self, "sent_again", 0) + count
        return count

    # ---- before the storm
    def _build(self) -> None:
        for name in CONTEXT_TABLES:
            create_table(self.client("dynamodb"), name)
        self.client("secretsmanager").create_secret(Name=VARIABLES["SIGNING_SECRET"], SecretString="chaos")
        self.client("events").create_event_bus(Name=BUS)

    def _config(self) -> SandboxConfig:
        address = f"{VARIABLES['PUBLIC_ORIGIN']}/api/payments/webhooks/{{}}/{ORGANISATION}"
        merchants = tuple(
            Merchant(name, "Storm", known, secrets, (address.format(name),)) for name, (known, secrets) in DEMO.items()
        )
        return SandboxConfig(
            merchants,
            seed=SEED,
            schedules=dict.fromkeys(KINDS, (0.3, 0.6, 1.0, *(1.5,) * 8)),
            later_seconds=SPREAD,
            process_seconds=0.3,
            switches=switches(SEED, SPREAD),
            post=self.door.post,
            workers=2,
        )

    def _furnish(self) -> None:
        currencies = sorted(set(CURRENCY.values()))
        self.contracts = {one: [f"con_{one}{number}" for number in range(CONTRACTS)] for one in currencies}
        profile = {"name": "Storm", "allocation_policy": _policy()}
        sara, stefan, ada = (
            self._sign_in(name, role, profile=profile)
            for name, role in (("sara", STAFF), ("stefan", STAFF), ("ada", ("administrator", *STAFF[1:])))
        )
        tenants = {
            contract: self._sign_in(f"of_{contract}", ("tenant", "contract", contract))
            for known in self.contracts.values()
            for contract in known
        }
        self.people = People(tenants, sara, stefan)
        self._start_contracts()
        for name, (known, secrets) in DEMO.items():
            settings = {**known, "host": self.sandboxes[name].url}
            body = {"enabled": True, "part_payment": True, "settings": settings, "secrets": secrets, "version": 0}
            route, path = "/payment-providers/{provider}", {"provider": name}
            status, answer = self.api.ask("PUT", route, ada, path=path, body=body)
            assert status == 200, answer
        self.charges = {contract: self._post_charges(contract, sara) for contract in tenants}
        self.wait_for_messages()

    def _start_contracts(self) -> None:
        for currency, known in self.contracts.items():
            for contract in known:
                started = ContractStarted(
                    contract_id=contract, number=f"U/{contract[4:]}", type="lease", unit_id="unt_1", community_id="com_1",
                    currency=currency, starts_on=date(2020, 1, 1), ends_on=None, parties=[], payment_references=[],
                )  # fmt: skip
                message = event_message(started, ORGANISATION, f"evt_{contract}")
                entry = {
                    "EventBusName": BUS,
                    "Source": message["source"],
                    "DetailType": message["detail-type"],
                    "Detail": json.dumps(message["detail"]),
                }
                assert not self.client("events").put_events(Entries=[entry])["FailedEntryCount"]
        self.wait_for_messages()

    def wait_for_messages(self) -> None:
        until, quiet = time.monotonic() + PATIENCE, 0
        while quiet < 3:
            assert time.monotonic() < until, self.state()
            at_rest = all(relay.idle.is_set() for relay in self.relays) and not sum(one.depth() for one in self.queues)
            quiet = quiet + 1 if at_rest else 0
            time.sleep(0.1)

    def _sign_in(self, person: str, *grants: tuple[str, str, str], profile: Any = None) -> str:
        asked = {"organisation_id": ORGANISATION, "person_id": f"per_{person}", "grants": grants, "profile": profile}
        end = self._sign.invoke(asked)
        assert end.answer, end
        return str(end.answer)

    def _post_charges(self, contract: str, token: str) -> list[str]:
        day = "2026-01-01"
        body = {"date": day, "due_date": day, "purpose": "rent", "amount": 123_45, "description": "Czynsz"}
        route, path = "/accounts/{contract_id}/charges", {"contract_id": contract}
        found = [self.ledger.ask("POST", route, token, path=path, body=body) for _ in range(2)]
        assert all(status == 201 for status, _ in found), found
        return [answer["charge_id"] for _, answer in found]


def _policy() -> dict[str, Any]:
    from infra.build.environment import ROOT

    found: dict[str, Any] = json.loads((ROOT / "infra" / "jurisdictions" / "pl" / "allocation.json").read_text())
    return found


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with ExitStack() as doors:
        url = doors.enter_context(emulator("tests.load.ordered"))
        yield Stage(url, tmp_path, doors)


def test_each_payment_is_in_the_books_once(stage: Stage) -> None:
    ready = time.monotonic()
    stage.weather.raging = True
    wanted = plans(COUNT, stage.contracts, random.Random(f"{SEED}/plans"))
    crowd = Crowd(stage.api, stage.sandboxes, stage.people, stage.charges)
    crowd.begin(wanted, 4)
    over = threading.Event()
    restarts = threading.Thread(target=restart_relays, args=(stage, crowd, over), daemon=True)
    restarts.start()
    crowd.follow_up(PATIENCE)
    say(f"  {time.monotonic() - ready:.1f} s: all has happened")
    restarts.join(60)
    stage.rest()
    seconds = time.monotonic() - ready

    assert not crowd.problems, crowd.problems[:5]
    assert len(crowd.done) == COUNT
    found = compare(stage.sandboxes, crowd.done, stage.items("statements"), stage.items("payments"), stage.door)
    tell(stage, crowd, found, seconds)
    assert not found.problems, f"{len(found.problems)} problems: {found.problems[:10]}"
    check_accounts(stage)
    assert not any(one.depth(dead=True) for one in stage.queues)
    kills, calls = sum(stage.weather.kills.values()), sum(stage.weather.invocations.values())
    assert kills > KILLED / 2 * calls * 0.5, "no storm"
    assert stage.weather.throttled, "no table refused anything"
    assert all(relay.restarts for relay in stage.relays)


def restart_relays(stage: Stage, crowd: Crowd, _over: threading.Event) -> None:
    """While payments come in, at even parts of the way."""
    for number in range(1, RESTARTS + 1):
        while crowd.busy and len(crowd.done) < COUNT * number // (RESTARTS + 1):
            time.sleep(0.05)
        for relay in stage.relays:
            relay.restart(0.3 if SMALL else 2.0)


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
    kills = sum(weather.kills.values())
    say(found.report())
    by_function = [
        (name, count, weather.seconds[name] / count * 1000, *(sum(n for (own, _), n in kinds.items() if own == name)
         for kinds in (weather.kills, weather.errors)))
        for name, count in sorted(weather.invocations.items())
    ]  # fmt: skip
    say(table("Invocations", ("function", "invocations", "ms each", "killed", "failed"), by_function))
    say(table("Killed by step", ("step", "kills"), weather.steps.most_common()))
    say(
        f"\n  afterwards                 {dict(crowd.afterwards)}"
        f"\n  killed                     {kills} of {sum(weather.invocations.values())}"
        f"\n  calls refused by tables    {weather.throttled}"
        f"\n  relays restarted           {sum(relay.restarts for relay in stage.relays)}"
        f"\n  dead letters put back      { {one.context: one.redriven for one in stage.queues} }"
        f"\n  webhooks given up, sent again {getattr(stage, 'sent_again', 0)}"
        f"\n  seconds                    {ready_seconds(stage, seconds)}"
    )


def ready_seconds(stage: Stage, seconds: float) -> str:
    return f"{seconds:.0f} (and {time.monotonic() - stage.began - seconds:.0f} before and after)"
