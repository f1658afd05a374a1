"""Everything that takes part in a storm of online payments, from the tables to the payers' providers."""

import json
import random
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import boto3
from botocore.config import Config

from infra.build.environment import ROOT
from infra.local.providers import KINDS, Merchant, SandboxConfig, start_sandboxes
from shared.events.catalog import ContractStarted
from tests.chaos.lambdas import Fleet, Weather
from tests.chaos.mappings import BUS, Queue, Relay
from tests.chaos.payers import Caller, Door, People, switches
from tests.load.stand import ORGANISATION, VARIABLES
from tests.local_cloud.providers.portal import CURRENCY, DEMO
from tests.support import CONTEXT_TABLES, create_table, event_message
from tests.tenancy import plain

KILLED: Final = 0.1
"""Of all invocations."""
STAFF: Final = ("staff", "organisation", ORGANISATION)
LOOKS: Final = 3
"""In a row that must find nothing under way."""


@dataclass(frozen=True)
class Size:
    """How much there is of everything; times in seconds."""

    contracts: int
    """Of each currency."""
    spread: float
    """By which webhooks are late, and again as much by which they overtake each other."""
    patience: float
    restarts: int
    away: float
    """How long a relay is stopped."""


class Stage:
    """Everything that takes part, from the tables to the payers."""

    def __init__(self, url: str, folder: Path, doors: ExitStack, size: Size, seed: str) -> None:
        self.url, self.size, self.seed, self.began, self.sent_again = url, size, seed, time.monotonic(), 0
        self.weather = Weather(KILLED, random.Random(seed))
        self._build()
        fleet = doors.enter_context(Fleet(url, folder, self.weather))
        self.queues = [Queue(self.client, context) for context in ("Payments", "Statements")]
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
        until, quiet = time.monotonic() + self.size.patience, 0
        while quiet < LOOKS:
            assert time.monotonic() < until, self.state()
            helped = self.help_on()
            settled = self.sandboxes.idle(0.2) and all(relay.idle.is_set() for relay in self.relays)
            left = sum(found.depth() for found in self.queues)
            quiet = quiet + 1 if settled and not left and not helped else 0
            time.sleep(0.2)

    def help_on(self) -> int:
        """What operators do: end what is pending, put dead letters back, have given up webhooks sent again. How many there were of the last two."""
        self._finish_late_payments()
        return sum(found.redrive() for found in self.queues) + self._send_again()

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

    def _send_again(self) -> int:
        """Have a provider send again what it had given up, as from its panel; how many there were."""
        count = 0
        for sandbox in self.sandboxes:
            for message in sandbox.webhooks():
                if message["state"] == "given_up":
                    sandbox.courier.again(message["number"])
                    count += 1
        self.sent_again += count
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
            seed=self.seed,
            schedules=dict.fromkeys(KINDS, (0.3, 0.6, 1.0, *(1.5,) * 8)),
            later_seconds=self.size.spread,
            process_seconds=0.3,
            switches=switches(self.seed, self.size.spread),
            post=self.door.post,
            workers=2,
        )

    def _furnish(self) -> None:
        currencies = sorted(set(CURRENCY.values()))
        self.contracts = {one: [f"con_{one}{number}" for number in range(self.size.contracts)] for one in currencies}
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
        until, quiet = time.monotonic() + self.size.patience, 0
        while quiet < LOOKS:
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
    found: dict[str, Any] = json.loads((ROOT / "infra" / "jurisdictions" / "pl" / "allocation.json").read_text())
    return found
