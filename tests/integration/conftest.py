"""Organisations of the tests' own in the running portal, beside the demo world."""

import pytest

from tests.queues import Queues
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


@pytest.fixture
def contract_id(tenancy: Tenancy) -> str:
    """A contract without any entry."""
    return tenancy.contract_id(tenancy.take())


@pytest.fixture
def queues(world: World) -> Queues:
    return Queues(world)
