"""Online payments through the running portal: six sandboxes on one side, the ledger on the other, all six providers side by side."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import httpx
import pytest

from infra.local.providers import Merchant, Sandbox, SandboxConfig, Sandboxes, Switches, start_sandboxes
from tests.integration.conftest import PROVIDER_CURRENCIES, TAKEN
from tests.tenancy import PASSWORD, Tenancy
from tests.world import World

pytestmark = pytest.mark.world

AGREED: Final[dict[str, tuple[dict[str, str], dict[str, str]]]] = {
    "autopay": ({"service_id": "903011"}, {"key": "a-key-of-the-tests"}),
    "przelewy24": ({"merchant_id": "903012"}, {"crc": "crc-of-the-tests", "api_key": "api-key-of-the-tests"}),
    "stripe": ({}, {"api_key": "sk_test_of_the_tests", "webhook_secret": "whsec_of_the_tests"}),
    "gocardless": ({}, {"access_token": "token-of-the-tests", "webhook_secret": "gc-secret-of-the-tests"}),
    "liqpay": ({"public_key": "tests_public"}, {"private_key": "tests_private"}),
    "vipps": (
        {"msn": "903013", "client_id": "tests-client"},
        {
            "client_secret": "client-secret-of-the-tests",
            "subscription_key": "key-of-the-tests",
            "webhook_secret": "vipps-secret-of-the-tests",
        },
    ),
}
"""Settings and secrets, in the order of the contracts' currencies."""
NAMES: Final = tuple(AGREED)
CONTRACTS: Final = range(TAKEN, TAKEN + len(PROVIDER_CURRENCIES))
SIGNED_WITH: Final = {
    "autopay": "key",
    "przelewy24": "crc",
    "stripe": "webhook_secret",
    "gocardless": "webhook_secret",
    "liqpay": "private_key",
    "vipps": "webhook_secret",
}
FEES: Final = {"przelewy24": 150, "stripe": 99}
"""Minor units that the payer pays on top."""
FIRST, SECOND = 400_00, 250_00
SECONDS: Final = 60.0


@dataclass
class Paid:
    """A payment under way: whose, for what, with whom."""

    provider: str
    number: int
    contract_id: str
    payment_id: str
    items: list[str]
    asked: int

    @property
    def reference(self) -> str:
        return self.payment_id.replace("_", "-")


class Online:
    """The organisation's side: its providers are set up with the sandboxes, two charges are open on each contract."""

    def __init__(self, world: World, tenancy: Tenancy, sandboxes: Sandboxes) -> None:
        self.world, self.tenancy, self.sandboxes = world, tenancy, sandboxes
        self.public = world.client()
        side_by_side(self.set_up, NAMES)
        side_by_side(self.charge, CONTRACTS)
        self.tenants = dict(zip(CONTRACTS, tenancy.sessions(CONTRACTS), strict=True))

    def set_up(self, name: str) -> None:
        settings, secrets = AGREED[name]
        # Other tests have set some of them up.
        known = self.tenancy.staff.get("/payment-providers").json()["providers"]
        (version,) = (one["version"] for one in known if one["provider"] == name)
        body = {
            "enabled": True,
            "settings": {**settings, "host": self.sandboxes[name].url},
            "secrets": secrets,
            "fee": {"kind": "payer", "fixed": FEES[name]} if name in FEES else {"kind": "none"},
            "version": version,
        }
        answer = self.tenancy.staff.put(f"/payment-providers/{name}", json=body)
        assert answer.status_code == 200, answer.text
        assert not any(secret in answer.text for secret in secrets.values())

    def charge(self, number: int) -> None:
        for day, amount in (("2026-01-10", FIRST), ("2026-02-10", SECOND)):
            body = {
                "date": day,
                "due_date": day,
                "type": "bank",
                "purpose": "rent",
                "amount": amount,
                "description": "Czynsz",
            }
            path = f"/accounts/{self.tenancy.contract_id(number)}/charges"
            assert self.tenancy.staff.post(path, json=body).status_code == 201

    def start(self, name: str, number: int) -> Paid:
        """Start to pay the second charge of a contract and go to the provider, as the site does."""
        client, contract_id = self.tenants[number], self.tenancy.contract_id(number)

        def options() -> dict[str, Any] | None:
            answer = client.get("/payment-options", params={"contract_id": contract_id})
            assert answer.status_code == 200, answer.text
            found: dict[str, Any] = answer.json()
            return found if found["due"] == FIRST + SECOND else None

        open_items = self.world.wait_until(options, SECONDS)["open_items"]
        items = [charge for charge, amount in open_items.items() if amount == SECOND]
        body = {
            "contract_id": contract_id,
            "items": items,
            "provider": name,
            "return_to": "/pay",
            "email": "a@b.example",
        }
        answer = client.post("/payments", json=body)
        assert answer.status_code == 201, (name, answer.text)
        started = answer.json()
        assert (started["amount"], started["fee"]) == (SECOND, FEES.get(name, 0))
        go = started["redirect"]
        with httpx.Client(trust_env=False, timeout=20) as browser:
            page = browser.request(go["method"], go["url"], data=go["fields"] or None)
        assert page.status_code == 200, (name, page.text)
        return Paid(name, number, contract_id, started["payment_id"], items, SECOND + FEES.get(name, 0))

    def sandbox(self, paid: Paid) -> Sandbox:
        return self.sandboxes[paid.provider]

    def state(self, paid: Paid) -> str:
        answer = self.tenants[paid.number].get(f"/payments/{paid.payment_id}")
        assert answer.status_code == 200, answer.text
        return str(answer.json()["state"])

    def wait_for(self, paid: Paid, state: str) -> None:
        self.world.wait_until(lambda: self.state(paid) == state, SECONDS)

    def account(self, paid: Paid, what: str = "") -> Any:
        answer = self.tenants[paid.number].get(f"/accounts/{paid.contract_id}{what}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def wait_for_balance(self, paid: Paid, balance: int) -> None:
        self.world.wait_until(lambda: self.account(paid)["balance"] == balance, SECONDS)

    def tries(self, paid: Paid) -> list[dict[str, Any]]:
        """What was sent about a payment and how it was answered."""
        return [one for hook in self.sandbox(paid).webhooks(paid.reference) for one in hook["attempts"]]


def side_by_side(work: Any, given: Any) -> list[Any]:
    """Do it for all providers at once."""
    with ThreadPoolExecutor(len(NAMES)) as pool:
        return list(pool.map(work, given))


@pytest.fixture(scope="module")
def online(world: World, tenancy: Tenancy) -> Iterator[Online]:
    merchants = [
        Merchant(name, "Zarządca Testowy", *known, (f"{world.url}/api{webhook(name, tenancy)}",))
        for name, known in AGREED.items()
    ]
    quick = dict.fromkeys(NAMES, (1.0,) * 60)
    config = SandboxConfig(tuple(merchants), schedules=quick, process_seconds=0.1)
    with start_sandboxes(config) as sandboxes:
        yield Online(world, tenancy, sandboxes)


def webhook(name: str, tenancy: Tenancy) -> str:
    return f"/payments/webhooks/{name}/{tenancy.organisation_id}"


@pytest.fixture(scope="module")
def paid(online: Online) -> list[Paid]:
    """One payment with each provider; every webhook comes three times, in any order."""

    def pay(given: tuple[int, str]) -> Paid:
        number, name = given
        started = online.start(name, number)
        online.sandbox(started).set_switches(started.reference, Switches(copies=3, jitter=0.5))
        online.sandbox(started).pay(started.reference)
        return started

    return side_by_side(pay, zip(CONTRACTS, NAMES, strict=False))


def test_what_was_paid_is_on_the_account_for_the_chosen_item_within_seconds(online: Online, paid: list[Paid]) -> None:
    began = time.monotonic()
    for one in paid:
        online.wait_for(one, "settled")
        online.wait_for_balance(one, FIRST)
    assert time.monotonic() - began < SECONDS / 2
    for one in paid:
        # Not the older charge, which money without a purpose would go to; and not the fee, which is not the tenant's.
        items = {item["charge_id"]: item for item in online.account(one, "/explain")["open_items"]}
        assert [item["open"] for item in items.values()] == [FIRST], one.provider
        assert one.items[0] not in items
        (booked,) = online.account(one, "/payments")["items"]
        assert (booked["payment_id"], booked["amount"], booked["unallocated"]) == (one.payment_id, SECOND, 0)
        (row,) = [row for row in online.sandbox(one).books() if row["reference"] == one.reference]
        assert (row["paid"], row["asked"]) == (one.asked, one.asked)
        listed = online.tenants[one.number].get("/payments", params={"contract_id": one.contract_id}).json()["items"]
        assert [(item["payment_id"], item["state"]) for item in listed] == [(one.payment_id, "settled")]


def test_what_is_said_three_times_is_booked_once(online: Online, paid: list[Paid]) -> None:
    for one in paid:
        online.wait_for_balance(one, FIRST)
    assert online.sandboxes.idle(30)
    for one in paid:
        hooks = online.sandbox(one).webhooks(one.reference)
        assert {hook["state"] for hook in hooks} == {"delivered"}, one.provider
        # The three of Przelewy24 end with the verification that the first of them leads to.
        accepted = [attempt["accepted"] for attempt in online.tries(one)]
        assert len(accepted) >= (1 if one.provider == "przelewy24" else 3), one.provider
        assert len(online.account(one, "/payments")["items"]) == 1
        assert online.account(one)["balance"] == FIRST


def test_nobody_else_sees_a_payment(online: Online, paid: list[Paid], neighbour: Tenancy) -> None:
    one, other = paid[0], online.tenants[paid[1].number]
    missing = f"/payments/{one.payment_id[:-4]}0000"
    for client in (other, neighbour.staff):
        refused = client.get(f"/payments/{one.payment_id}")
        assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
        assert client.get(missing).status_code == 404
        assert client.get("/payments", params={"contract_id": one.contract_id}).status_code == 404
        body = {"contract_id": one.contract_id, "provider": "autopay", "return_to": "/pay"}
        assert client.post("/payments", json=body).status_code == 404
    assert online.public.get(f"/payments/{one.payment_id}").status_code == 401
    assert other.post(f"/payments/{one.payment_id}/refund", json={"reason": "mine"}).status_code in {403, 404}


REFUSED: Final = {
    "autopay": "cancelled",
    "przelewy24": "started",  # says nothing
    "stripe": "started",  # a declined card leaves the session open
    "gocardless": "failed",
    "liqpay": "failed",
    "vipps": "cancelled",
}
FORGED: Final = {"autopay": 200, "przelewy24": 400, "stripe": 400, "gocardless": 498, "liqpay": 400, "vipps": 401}


def test_refused_then_forged_then_paid(online: Online) -> None:
    """A refusal leaves the debt and the way to try again; what another key signed credits nothing, the same message rightly signed does."""

    def refuse(given: tuple[int, str]) -> Paid:
        number, name = given
        started = online.start(name, number)
        online.sandbox(started).pay(started.reference, "refuse")
        online.wait_for(started, REFUSED[name])
        again = online.start(name, number)
        assert (again.payment_id == started.payment_id) == (REFUSED[name] == "started")
        return again

    started = side_by_side(refuse, zip(CONTRACTS[len(NAMES) :], NAMES, strict=False))
    assert online.sandboxes.idle(30)
    before = {one.provider: len(online.tries(one)) for one in started}
    for one in started:
        online.sandbox(one).shops[0].secrets[SIGNED_WITH[one.provider]] = ["another"]
        online.sandbox(one).pay(one.reference)
    try:
        for one in started:
            online.world.wait_until(lambda paid=one: online.tries(paid)[before[paid.provider] :], SECONDS)
            forged = online.tries(one)[before[one.provider]]
            assert (forged["status"], forged["accepted"]) == (FORGED[one.provider], False), one.provider
            assert ("NOTCONFIRMED" in forged["body"]) == (one.provider == "autopay")
            assert online.account(one)["balance"] == FIRST + SECOND
            assert online.state(one) != "settled"
    finally:
        for one in started:
            name = SIGNED_WITH[one.provider]
            online.sandbox(one).shops[0].secrets[name] = [AGREED[one.provider][1][name]]
    for one in started:
        online.wait_for(one, "settled")
        online.wait_for_balance(one, FIRST)


def test_paid_twice_becomes_credit(online: Online) -> None:
    """The payer used the page twice: the second is his, and both sides are told."""
    number = CONTRACTS[-1]
    started = online.start("autopay", number)
    online.sandbox(started).pay(started.reference, "twice")
    online.wait_for_balance(started, FIRST - SECOND)
    shown = online.tenants[number].get(f"/payments/{started.payment_id}").json()
    assert len(shown["double_payment_ids"]) == 1


def test_what_is_too_large_or_for_nobody_is_refused(online: Online) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for name in NAMES:
        too_large = online.public.post(webhook(name, online.tenancy), content=b"x" * (256 * 1024 + 1), headers=form)
        assert too_large.status_code == 413, (name, too_large.text)
        nobody = f"/payments/webhooks/{name}/org_0000000000000000"
        assert online.public.post(nobody, content=b"x", headers=form).status_code == 404, name
    unknown = f"/payments/webhooks/paypal/{online.tenancy.organisation_id}"
    assert online.public.post(unknown, content=b"x", headers=form).status_code == 404


def test_two_members_of_staff_send_money_back(online: Online, paid: list[Paid]) -> None:
    tenancy = online.tenancy
    second = f"staff@{tenancy.mark}.example"
    row = {"person_id": tenancy.people[second], "email": second, "first_name": "Piotr", "last_name": "Zieliński"}
    answer = tenancy.staff.post("/auth/enrolments", json={"people": [{**row, "locale": "pl", "roles": ["staff"]}]})
    assert answer.status_code == 201, answer.text
    tenancy.set_password(second)
    colleague = online.world.client(second, PASSWORD)

    def refund(one: Paid) -> None:
        online.wait_for(one, "settled")
        path = f"/payments/{one.payment_id}/refund"
        asked = tenancy.staff.post(path, json={"amount": 100_00, "reason": "Paid for another flat"})
        assert asked.status_code == 201, (one.provider, asked.text)
        (open_one,) = asked.json()["refunds"]
        body = {"refund_id": open_one["refund_id"]}
        alone = tenancy.staff.post(f"{path}/confirmation", json=body)
        assert (alone.status_code, alone.json()["code"]) == (409, "second_look_needed")
        confirmed = colleague.post(f"{path}/confirmation", json=body)
        assert confirmed.status_code == 201, confirmed.text
        online.wait_for(one, "part_refunded")
        online.wait_for_balance(one, FIRST + 100_00)
        kinds = [entry["kind"] for entry in online.account(one, "/entries")["items"]]
        assert kinds.count("refund") == 1, (one.provider, kinds)

    side_by_side(refund, paid)
    for one in paid:
        (row,) = [row for row in online.sandbox(one).books() if row["reference"] == one.reference]
        assert row["refunded"] == 100_00, one.provider
