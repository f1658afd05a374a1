"""Messengers with quick schedules and the portal's side, anew for each test: their state is in memory."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from infra.local.messengers import KINDS, Limits, MessengerConfig, Messengers, start_messengers
from tests.local_cloud.messengers.portal import PEOPLE, Portal

QUICK = dict.fromkeys(KINDS, (0.02,) * 20)
LOOSE = dict.fromkeys(KINDS, Limits(0, 0.0))


class Clock:
    """Stands still until it is moved on."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def portal() -> Iterator[Portal]:
    portal = Portal()
    yield portal
    portal.close()


@pytest.fixture
def limits() -> dict[str, Limits]:
    return LOOSE


@pytest.fixture
def messengers(portal: Portal, clock: Clock, limits: dict[str, Limits]) -> Iterator[Messengers]:
    config = MessengerConfig(
        portal.sandbox_accounts(), PEOPLE, schedules=QUICK, limits=limits, receipt_seconds=0.0, clock=clock
    )
    with start_messengers(config) as running:
        portal.connect(running)
        yield running
