"""People who pay online, and what happens to their payments afterwards: a plan for each payment, and threads that carry plans out."""

import base64
import json
import queue
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from infra.local.providers import KINDS, Manner, Sandboxes, Switches
from infra.local.providers.post import Answer, Outgoing
from tests.chaos.lambdas import Function
from tests.local_cloud.providers.portal import CURRENCY, http
from tests.support import api_event

WEBHOOK: Final = "/payments/webhooks/{provider}/{organisation_id}"
TRIES: Final = 40
MANNERS: Final = ((Manner.PAY, 66), (Manner.LATER, 10), (Manner.TWICE, 8), (Manner.REFUSE, 9), (Manner.ABANDON, 7))
AFTERWARDS: Final = {
    "autopay": ("staff", "panel", "refund_failed"),
    "stripe": ("staff", "panel", "refund_failed", "dispute", "dispute_won", "dispute_lost"),
    "liqpay": ("staff", "panel", "dispute"),
    "vipps": ("staff", "panel"),
    "przelewy24": ("staff", "panel"),
    "gocardless": ("staff", "panel", "late_failure", "dispute", "dispute_won", "dispute_lost"),
}
CHARGE_BACKS: Final = frozenset({"dispute", "dispute_won", "dispute_lost", "late_failure"})
AFTER_SHARE: Final = 0.15
_APART: Final = 1.2
"""Seconds between two things that a provider dates to the second."""


@dataclass
class Plan:
    """One attempt: who pays what through whom, and how it goes on. `part` of the money goes back."""

    provider: str
    contract: str
    amount: int
    manner: Manner
    charge: bool
    after: str
    part: float
    reference: str = ""
    payment_id: str = ""


@dataclass(frozen=True)
class People:
    """The session tokens of tenants by contract, and of two members of staff."""

    tenants: dict[str, str]
    sara: str
    stefan: str


def plans(count: int, contracts: Mapping[str, Sequence[str]], chance: random.Random) -> list[Plan]:
    """So many, spread over the providers. `contracts` are those of each currency."""
    manners, weights = zip(*MANNERS, strict=True)
    found = []
    for number in range(count):
        provider = list(KINDS)[number % len(KINDS)]
        manner = chance.choices(manners, weights)[0]
        paid = manner not in {Manner.REFUSE, Manner.ABANDON}
        after = chance.choice(AFTERWARDS[provider]) if paid and chance.random() < AFTER_SHARE else ""
        found.append(
            Plan(
                provider,
                chance.choice(contracts[CURRENCY[provider]]),
                chance.randint(100, 250_000),
                manner,
                charge=chance.random() < 0.3,
                after=after,
                part=chance.choice((1.0, 0.37)),
            )
        )
    chance.shuffle(found)
    return found


def switches(seed: str, spread: float) -> Any:
    """How the webhooks of each payment travel: one to five times, late, so that they overtake each other; some forged, some lost."""

    def of(provider: str, reference: str) -> Switches:
        chance = random.Random(f"{seed}/{provider}/{reference}")
        return Switches(
            copies=chance.randint(1, 5),
            delay=chance.uniform(0, spread),
            jitter=chance.uniform(0, spread),
            lost=int(chance.random() < 0.1),
            tampered=chance.random() < 0.05,
        )

    return of


class Door:
    """The way in for webhooks: what API Gateway makes of them. A function that died is its 502."""

    def __init__(self, function: Function) -> None:
        self._function = function
        self.arrived: Counter[str] = Counter()
        self._lock = threading.Lock()

    def post(self, url: str, outgoing: Outgoing) -> Answer:
        provider, organisation_id = urlsplit(url).path.split("/")[-2:]
        event = api_event("POST", WEBHOOK, path={"provider": provider, "organisation_id": organisation_id})
        event["headers"] = dict(outgoing.headers)
        event["multiValueHeaders"] = {key: [value] for key, value in outgoing.headers.items()}
        event["body"], event["isBase64Encoded"] = base64.b64encode(outgoing.body).decode(), True
        with self._lock:
            self.arrived[provider] += 1
        end = self._function.invoke(event)
        if end.killed or end.error:
            return Answer(502)
        body = end.answer["body"] or ""
        raw = base64.b64decode(body) if end.answer.get("isBase64Encoded") else body.encode()
        return Answer(end.answer["statusCode"], raw)


class Caller:
    """Calls of the site to a context's routes: again under the same key, until there is an answer."""

    def __init__(self, function: Function) -> None:
        self._function = function

    def ask(self, method: str, route: str, token: str, *, path: Any = None, body: Any = None) -> tuple[int, Any]:
        """Status and body of the first answer that is no failure. Raises AssertionError when there is none."""
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        for _ in range(TRIES):
            end = self._function.invoke(api_event(method, route, path=path, body=body, token=token, headers=headers))
            if not end.killed and not end.error and end.answer["statusCode"] < 500:
                return end.answer["statusCode"], json.loads(end.answer["body"] or "null")
            time.sleep(0.05)
        msg = f"{method} {route}: no answer in {TRIES} tries; the last: {end}"
        raise AssertionError(msg)


class Crowd:
    """Threads that carry out plans, and one for what happens to payments later."""

    def __init__(self, api: Caller, sandboxes: Sandboxes, people: People, charges: dict[str, list[str]]) -> None:
        self._api, self._sandboxes, self._people, self._charges = api, sandboxes, people, charges
        self._todo: queue.SimpleQueue[Plan] = queue.SimpleQueue()
        self._later: queue.SimpleQueue[tuple[float, Plan]] = queue.SimpleQueue()
        self.done: list[Plan] = []
        self.problems: list[str] = []
        self.afterwards: Counter[str] = Counter()
        self._threads: list[threading.Thread] = []

    def begin(self, wanted: Sequence[Plan], threads: int) -> None:
        for plan in wanted:
            self._todo.put(plan)
        self._threads = [threading.Thread(target=self._pay_all, name="payer", daemon=True) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    @property
    def busy(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def follow_up(self, patience: float, help_on: Callable[[], object]) -> None:
        """Let happen what is planned for later, as the payments come so far; until all is done. Who has paid all is helped on."""
        until, helped = time.monotonic() + patience, 0.0
        while (self.busy or not self._later.empty()) and time.monotonic() < until:
            if self._later.empty():
                time.sleep(0.05)
                continue
            if not self.busy and time.monotonic() - helped > _APART:
                help_on()
                helped = time.monotonic()
            since, plan = self._later.get()
            if time.monotonic() - since < _APART or not self._happen(plan):
                self._later.put((since, plan))
                time.sleep(0.02)
        while not self._later.empty():
            _, plan = self._later.get()
            rows = self._sandboxes[plan.provider].order(plan.reference).rows()
            self.problems.append(f"did not come so far: {plan} {rows}")

    def _pay_all(self) -> None:
        while not self._todo.empty():
            try:
                plan = self._todo.get_nowait()
            except queue.Empty:
                return
            try:
                self._pay(plan)
            except Exception as error:  # noqa: BLE001 - told at the end
                self.problems.append(f"{plan}: {error!r}")

    def _pay(self, plan: Plan) -> None:
        charges = self._charges[plan.contract]
        body = {
            "contract_id": plan.contract,
            "provider": plan.provider,
            "return_to": "/payments/done",
            "email": "anna@example.com",
            "despite": True,
        }
        token = self._people.tenants[plan.contract]
        status, answer = 0, None
        if plan.charge:
            items = {**body, "items": [charges[len(self.done) % len(charges)]]}
            status, answer = self._api.ask("POST", "/payments", token, body=items)
        if status != 201:
            status, answer = self._api.ask("POST", "/payments", token, body={**body, "amount": plan.amount})
        assert status == 201, answer
        plan.payment_id, plan.amount = answer["payment_id"], answer["amount"]
        plan.reference = plan.payment_id.replace("_", "-")
        self._open(answer["redirect"])
        self._sandboxes[plan.provider].pay(plan.reference, plan.manner)
        self.done.append(plan)
        if plan.after:
            self._later.put((time.monotonic(), plan))

    def _open(self, redirect: dict[str, Any]) -> None:
        """As a browser does."""
        form = {"Content-Type": "application/x-www-form-urlencoded"} if redirect["fields"] else {}
        status, _, page = http(redirect["method"], redirect["url"], urlencode(redirect["fields"]).encode(), form)
        assert status == 200, page

    def _happen(self, plan: Plan) -> bool:
        """Do what is planned, if the payment has come so far."""
        sandbox = self._sandboxes[plan.provider]
        last = sandbox.order(plan.reference).transactions[-1:]
        if last and last[0].state == "cancelled":
            # A reservation for what another had paid meanwhile: the portal has let it go.
            self.afterwards["released"] += 1
            return True
        if not last or last[0].state != "paid":
            return False
        amount = max(1, int(plan.amount * plan.part))
        if plan.after == "staff":
            if not self._refund(plan, amount):
                return False
        elif plan.after == "panel":
            sandbox.happen(plan.reference, "refund", amount)
        elif plan.after == "refund_failed":
            sandbox.happen(plan.reference, "refund", amount)
            time.sleep(_APART)
            sandbox.happen(plan.reference, "refund_failed")
        elif plan.after in {"dispute_won", "dispute_lost"}:
            sandbox.happen(plan.reference, "dispute")
            time.sleep(_APART)
            sandbox.happen(plan.reference, plan.after)
        else:
            sandbox.happen(plan.reference, plan.after)
        self.afterwards[plan.after] += 1
        return True

    def _refund(self, plan: Plan, amount: int) -> bool:
        """One asks, another confirms; False while we do not know of the money."""
        path = {"payment_id": plan.payment_id}
        status, shown = self._api.ask("GET", "/payments/{payment_id}", self._people.sara, path=path)
        if status != 200 or shown["state"] != "settled":
            return False
        body = {"amount": amount, "reason": "Nadpłata"}
        status, asked = self._api.ask("POST", "/payments/{payment_id}/refund", self._people.sara, path=path, body=body)
        assert status == 201, asked
        confirmed = {"refund_id": asked["refunds"][-1]["refund_id"], "confirmed": True}
        route = "/payments/{payment_id}/refund/confirmation"
        status, answer = self._api.ask("POST", route, self._people.stefan, path=path, body=confirmed)
        assert status == 201, answer
        return True
