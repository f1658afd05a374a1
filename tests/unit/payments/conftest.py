"""What tests of bank transfers share."""

import pytest

from tests.unit.payments.world import World


@pytest.fixture
def world(cloud):
    made = World()
    for n in (1, 2, 3):
        made.start(f"L/2015/00{n}", contract_id=f"con_{n}", mass_payment_id=f"XX00000000000{n}")
    return made
