"""Sandboxes with quick schedules and the portal's side, anew for each test: their state is in memory."""

from collections.abc import Iterator

import pytest

from infra.local.providers import KINDS, SandboxConfig, Sandboxes, start_sandboxes
from tests.local_cloud.providers.portal import Portal

QUICK = dict.fromkeys(KINDS, (0.02,) * 40)


@pytest.fixture
def portal() -> Iterator[Portal]:
    portal = Portal()
    yield portal
    portal.close()


@pytest.fixture
def sandboxes(portal: Portal, request: pytest.FixtureRequest) -> Iterator[Sandboxes]:
    """All of them; in a test for each provider, that one."""
    only = getattr(getattr(request.node, "callspec", None), "params", {}).get("name")
    merchants = tuple(merchant for merchant in portal.merchants() if only in {None, merchant.provider})
    config = SandboxConfig(merchants, schedules=QUICK, later_seconds=60, process_seconds=0)
    with start_sandboxes(config) as running:
        portal.connect(running)
        yield running
