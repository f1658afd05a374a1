"""Two organisations, and a portfolio in one of them."""

import pytest

from shared.settings import settings
from tests.support import profile, put_organisation
from tests.unit.registry import helpers


@pytest.fixture
def bus(cloud):
    settings.cache_clear()
    put_organisation(profile(helpers.ORGANISATION))
    put_organisation(profile("org_other"))
    yield helpers.Bus()
    settings.cache_clear()


@pytest.fixture
def loaded(bus):
    assert helpers.load(bus, helpers.packed(helpers.files()))["state"] == "done"
    return bus
