"""Many at once on the same account: exact totals, numbers without gaps, one effect for one key. Moto cannot do this."""

import json
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any, TypeVar

import httpx
import pytest

from shared.events.catalog import PaymentSettled
from tests.queues import Queues
from tests.support import event_message
from tests.tenancy import Tenancy, pages
from tests.world import World

pytestmark = pytest.mark.world

T = TypeVar("T")
THREADS = 8
CHARGE = {
    "date": "2026-03-01",
    "due_date": "2026-03-10",
    "type": "bank",
    "purpose": "rent",
    "amount": 1_37,
    "description": "Czynsz",
}


def at_once(work: Callable[[int], T], count: int, threads: int = THREADS) -> list[T]:
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, range(count)))


def post_charge(client: httpx.Client, contract_id: str, **changes: Any) -> httpx.Response:
    """A charge; a conflict after all of the service's own attempts is repeated under the same key, as the site does it."""
    key = {"Idempotency-Key": str(uuid.uuid4())}
    for _ in range(20):
        answer = client.post(f"/accounts/{contract_id}/charges", json={**CHARGE, **changes}, headers=key)
        if answer.status_code not in {409, 429, 500, 502, 503, 504}:
            break
    return answer


def test_charges_and_payments_of_eight_threads_add_up(
    world: World, tenancy: Tenancy, queues: Queues, contract_id: str
) -> None:
    charges = payments = 40
    settled = [
        PaymentSettled(
            payment_id=f"pay_{uuid.uuid4().hex[:26].upper()}", contract_id=contract_id, amount=101 + index, currency="PLN",
            value_date=date(2026, 3, 1 + index % 20), booking_date=date(2026, 3, 21), method="bank", reference=f"R{index}",
        )
        for index in range(payments)
    ]  # fmt: skip

    def work(index: int) -> int:
        if index % 2:
            event = settled[index // 2]
            message = event_message(event, tenancy.organisation_id, event_id=f"evt_{event.payment_id}")
            queues.send("StatementsQueue", json.dumps(message))
            return 201
        return post_charge(tenancy.staff, contract_id, amount=1_000 + index).status_code

    assert set(at_once(work, charges + payments)) == {201}
    owed = sum(1_000 + index for index in range(0, charges + payments, 2))
    paid = sum(event.amount for event in settled)

    def account() -> dict[str, Any]:
        return dict(tenancy.staff.get(f"/accounts/{contract_id}").json())

    world.wait_until(lambda: account()["balance"] == owed - paid, 120)
    entries = list(pages(tenancy.staff, f"/accounts/{contract_id}/entries"))
    assert len(entries) == charges + payments
    assert sum(entry["amount"] for entry in entries) == owed - paid
    shown = account()
    assert shown["due"] - shown["credit"] == shown["balance"]
    explained = tenancy.staff.get(f"/accounts/{contract_id}/explain").json()
    assert explained["balance"] == shown["balance"]


def test_charge_numbers_have_no_gap_under_fifty_parallel_posts(tenancy: Tenancy) -> None:
    contracts = [tenancy.contract_id(tenancy.take()) for _ in range(2)]
    year = "2031"
    answers = at_once(
        lambda index: post_charge(tenancy.staff, contracts[index % 2], date=f"{year}-01-01", due_date=f"{year}-01-10"),
        50,
        16,
    )
    assert {answer.status_code for answer in answers} == {201}
    numbers = sorted(int(answer.json()["number"].rsplit("/", 1)[1]) for answer in answers)
    assert all(year in answer.json()["number"] for answer in answers)
    assert numbers == list(range(1, 51))


def test_one_key_at_once_has_one_effect(tenancy: Tenancy, contract_id: str) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}

    def post(_index: int) -> httpx.Response:
        return tenancy.staff.post(f"/accounts/{contract_id}/charges", json=CHARGE, headers=key)

    answers = at_once(post, 8)
    assert {answer.status_code for answer in answers} == {201}, [answer.text for answer in answers]
    assert len({answer.json()["charge_id"] for answer in answers}) == 1
    assert len(list(pages(tenancy.staff, f"/accounts/{contract_id}/charges"))) == 1


def test_a_key_is_bound_to_what_it_was_sent_with(tenancy: Tenancy, contract_id: str) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first = tenancy.staff.post(f"/accounts/{contract_id}/charges", json=CHARGE, headers=key)
    other = tenancy.staff.post(f"/accounts/{contract_id}/charges", json={**CHARGE, "amount": 2}, headers=key)
    assert (first.status_code, other.status_code, other.json()["code"]) == (201, 422, "idempotency_key_reused")


def test_one_payment_said_eight_times_at_once_is_booked_once(
    world: World, tenancy: Tenancy, queues: Queues, contract_id: str
) -> None:
    """Under eight event ids, so that no inbox item stands in the way: the payment's own id must do it."""
    event = PaymentSettled(
        payment_id=f"pay_{uuid.uuid4().hex[:26].upper()}", contract_id=contract_id, amount=500_00, currency="PLN",
        value_date=date(2026, 2, 2), booking_date=date(2026, 2, 3), method="bank", reference="once",
    )  # fmt: skip

    def say(index: int) -> None:
        message = event_message(event, tenancy.organisation_id, event_id=f"evt_{event.payment_id}_{index}")
        queues.send("StatementsQueue", json.dumps(message))

    at_once(say, 8)
    world.wait_until(lambda: not queues.depth("StatementsQueue"), 120)
    account = tenancy.staff.get(f"/accounts/{contract_id}").json()
    assert (account["balance"], account["credit"]) == (-500_00, 500_00)
    assert len(list(pages(tenancy.staff, f"/accounts/{contract_id}/payments"))) == 1


def test_reversal_at_once_takes_effect_once(tenancy: Tenancy, contract_id: str) -> None:
    charge_id = post_charge(tenancy.staff, contract_id).json()["charge_id"]
    body = {"reason": "Wrong", "rebook_to_contract_id": None}
    answers = at_once(lambda _index: tenancy.staff.post(f"/entries/{charge_id}/reversal", json=body), 8)
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [201, *[409] * 7], [answer.text for answer in answers]
    assert tenancy.staff.get(f"/accounts/{contract_id}").json()["balance"] == 0
