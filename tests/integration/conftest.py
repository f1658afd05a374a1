"""Organisations of the tests' own in the running portal, beside the demo world."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest

from shared import clock
from tests.integration.inbox import COLLECTED, told
from tests.queues import Queues
from tests.support import daytime_zone
from tests.tenancy import Tenancy
from tests.world import World

TAKEN = 32
PROVIDER_CURRENCIES = ("PLN", "PLN", "EUR", "EUR", "UAH", "NOK") * 2 + ("PLN",)


@pytest.fixture(scope="session")
def tenancy(world: World) -> Tenancy:
    """An organisation with a few leases, shared by tests that take a contract each: `take` gives one that nobody had.

    The last ones are those of online payments, kept in the money that the providers take.
    """
    currencies = dict(enumerate(PROVIDER_CURRENCIES, TAKEN))
    return Tenancy(world, TAKEN + len(currencies), currencies=currencies).found()


@pytest.fixture(scope="session")
def neighbour(world: World) -> Tenancy:
    """Another organisation."""
    return Tenancy(world, 2).found()


@pytest.fixture(scope="session")
def house(world: World) -> Tenancy:
    """An organisation whose portfolio tests of events may change, and in whose time zone nobody's hours are quiet."""
    return Tenancy(world, 4, time_zone=daytime_zone()).found()


@pytest.fixture(scope="session")
def collected(world: World, house: Tenancy) -> httpx.Client:
    """A tenant to whom two charges will be told by one mail, in some seconds to a minute from now."""
    tenant, contract_id = house.enrol(0), house.contract_id(0)
    world.wait_until(lambda: all(one["deliveries"] for one in told(tenant)), 60)
    hour = (clock.now() + timedelta(seconds=80)).astimezone(ZoneInfo(house.time_zone))
    answer = tenant.patch("/notifications/preferences", json={"digest_at": f"{hour:%H:%M}"})
    assert answer.status_code == 200, answer.text
    due = (clock.today(house.time_zone) + timedelta(days=14)).isoformat()
    for purpose, amount in COLLECTED.items():
        charge = {"date": "2026-01-01", "due_date": due, "type": "bank", "purpose": purpose, "amount": amount}
        answer = house.staff.post(f"/accounts/{contract_id}/charges", json={**charge, "description": "Opłata"})
        assert answer.status_code == 201, answer.text
    world.wait_until(lambda: len(told(tenant, "charge_posted")) == len(COLLECTED), 60)
    return tenant


@pytest.fixture
def contract_id(tenancy: Tenancy) -> str:
    """A contract without any entry."""
    return tenancy.contract_id(tenancy.take())


@pytest.fixture
def queues(world: World) -> Queues:
    return Queues(world)
