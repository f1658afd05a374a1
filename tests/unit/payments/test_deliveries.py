"""Imports whose events are delivered twice, late and backwards, or whose worker is killed anywhere."""

import pytest
from payments import chunks, service_imports, service_matching, store
from payments.bank_files.model import BankFileError

from shared.tables import UnitOfWork
from tests.cloud import aws_client
from tests.unit.payments.world import collect, counts, mt940

LARGE = 40
"""More than one step takes, and several chunks of the fixture's size; moto copies its tables in each transaction."""


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(chunks, "MAX_TRANSFERS", 15)
    monkeypatch.setattr(service_matching, "MAX_OPERATIONS", 40)


def large_file():
    rows = [(n + 1, f"B{n}", collect(f"XX00000000000{n % 4}", n, payer=f"{n % 40:026d}1")) for n in range(LARGE)]
    return mt940(*rows, (-50, "D1", "oplata"))


EXPECTED = {
    "transactions": LARGE + 1,
    "matched": sum(n % 4 in (1, 2, 3) for n in range(LARGE)),
    "unmatched": sum(n % 4 == 0 for n in range(LARGE)),
    "duplicates": 0,
    "ignored": 1,
}


def check_large(world, result):
    assert (result["state"], counts(result)) == ("done", EXPECTED)
    check_books(world, result)


def check_books(world, result):
    assert result["state"] == "done"
    payments = world.settled()
    assert len({p["payment_id"] for p in payments}) == len(payments) == EXPECTED["matched"]
    assert sum(p["amount"] for p in payments) == sum(n + 1 for n in range(LARGE) if n % 4)
    assert len(world.transfers()) == LARGE + 1
    left = [item for item in store.ChunkItem.scan() if item.sk.startswith("CHUNK#")]
    assert not [item for item in left if result["import_id"] in item.pk]


@pytest.mark.parametrize("backwards", [False, True])
def test_everything_delivered_twice_counts_once(world, backwards, small_chunks):
    import_id = world.receive(large_file())
    world.pump(times=2, backwards=backwards)
    check_large(world, world.result(import_id))


def test_progress_is_shown_while_it_runs(world, small_chunks):
    import_id = world.receive(large_file())
    world.deliver(world.waiting()[0])
    world.delivered.add(world.waiting()[0].pk)
    seen = []
    while waiting := world.waiting():
        world.deliver(waiting[0])
        world.delivered.add(waiting[0].pk)
        result = world.result(import_id)
        seen.append(sum(value for name, value in counts(result).items() if name != "transactions"))
        assert counts(result)["transactions"] == LARGE + 1
    assert seen == sorted(seen)
    assert seen[0] < seen[-1] == LARGE + 1


class Killed(BaseException):
    """A worker's end: nothing catches it."""


def test_a_kill_at_any_commit_leaves_nothing_half_done(world, monkeypatch, small_chunks):
    """Each step is killed once before its commit and once after it, before anybody heard of it; then it is delivered again."""
    real = UnitOfWork.commit
    plan = {"steps": 0}

    def commit(uow):
        plan["steps"] += 1
        if plan["steps"] % 3 == 1:
            raise Killed
        real(uow)
        if plan["steps"] % 3 == 2:
            raise Killed

    import_id = world.receive(large_file())
    monkeypatch.setattr(UnitOfWork, "commit", commit)
    kills = 0
    while waiting := world.waiting():
        for item in waiting:
            try:
                world.deliver(item)
                world.delivered.add(item.pk)
            except Killed:
                kills += 1
    monkeypatch.setattr(UnitOfWork, "commit", real)
    assert kills >= 6
    check_large(world, world.result(import_id))


def test_two_imports_of_the_same_file_at_once_book_it_once(world, small_chunks):
    first, second = world.receive(large_file()), world.receive(large_file())
    world.pump()
    a, b = counts(world.result(first)), counts(world.result(second))
    assert world.result(first)["state"] == world.result(second)["state"] == "done"
    assert a["transactions"] == b["transactions"] == LARGE + 1
    for result in (a, b):
        assert sum(result.values()) == 2 * (LARGE + 1)
    assert a["matched"] + b["matched"] == EXPECTED["matched"]
    assert a["duplicates"] + b["duplicates"] == LARGE + 1
    assert len({p["payment_id"] for p in world.settled()}) == EXPECTED["matched"]


def test_a_file_larger_than_one_transaction_is_written_in_steps(world, monkeypatch, small_chunks):
    monkeypatch.setattr(service_imports, "_CHUNKS_A_STEP", 2)
    import_id = world.receive(large_file())
    world.deliver(world.waiting()[0])
    item = store.find_import("org_test", import_id)
    assert (item.chunks_written, item.chunks, item.state) == (2, 3, "running")
    world.pump(times=2)
    check_large(world, world.result(import_id))


def test_a_file_on_its_way_does_not_fail_when_its_upload_expires(world, monkeypatch, small_chunks):
    monkeypatch.setattr(service_imports, "_CHUNKS_A_STEP", 2)
    import_id = world.receive(large_file())
    world.deliver(world.waiting()[0])
    world.delivered.add(world.waiting()[0].pk)
    key = store.find_import("org_test", import_id).upload
    aws_client("s3").delete_object(Bucket="lokum-test-uploads", Key=key)
    (rest,) = [item for item in world.waiting() if item.detail_type == "BankStatementReceived"]
    with pytest.raises(BankFileError):
        world.deliver(rest)
    assert world.result(import_id)["state"] == "running"
    world.delivered.update(item.pk for item in world.waiting())
    again = world.receive(large_file())
    world.pump()
    check_books(world, world.result(again))
