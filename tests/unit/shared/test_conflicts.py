"""Units of work that meet others at the same item: begun again, with pauses that stay short, and not for ever."""

import pytest
from pynamodb.exceptions import TransactWriteError

from shared import tables
from shared.errors import Conflict


class Unlucky:
    """A unit of work that loses so many times."""

    def __init__(self, losses):
        self.losses = losses
        self.commits = 0

    def commit(self):
        self.commits += 1
        if self.commits <= self.losses:
            raise TransactWriteError("conflict", cause=_cause())


def _cause():
    from botocore.exceptions import ClientError

    answer = {"Error": {"Code": "TransactionConflictException", "Message": ""}, "CancellationReasons": []}
    return ClientError(answer, "TransactWriteItems")


@pytest.fixture
def pauses(monkeypatch):
    """What was slept, without sleeping; the clock goes on by it."""
    slept = []
    monkeypatch.setattr(tables.time, "sleep", slept.append)
    monkeypatch.setattr(tables.time, "monotonic", lambda: sum(slept))
    return slept


def run(unlucky):
    works = []
    tables.run(lambda: unlucky, lambda _uow: works.append(1), lambda _uow, _result: None)
    return len(works)


def test_the_work_is_done_again_from_fresh_reads(pauses):
    assert run(Unlucky(0)) == 1
    assert pauses == []
    assert run(Unlucky(tables.MAX_ATTEMPTS - 1)) == tables.MAX_ATTEMPTS
    assert len(pauses) == tables.MAX_ATTEMPTS - 1
    assert max(pauses) <= 1


def test_at_some_time_it_is_enough(pauses):
    with pytest.raises(Conflict):
        run(Unlucky(tables.MAX_ATTEMPTS))
    assert len(pauses) == tables.MAX_ATTEMPTS


def test_nothing_is_begun_again_when_the_caller_waits_no_longer(pauses, monkeypatch):
    monkeypatch.setattr(tables.random, "uniform", lambda _least, most: most)
    unlucky = Unlucky(100)
    with pytest.raises(Conflict):
        run(unlucky)
    assert sum(pauses) < 17
    assert unlucky.commits < tables.MAX_ATTEMPTS
