"""Imports: a plan that counts as a whole or not at all, chunks that are worked off once, and sums that are right at every moment."""

import pytest
from pynamodb.exceptions import TransactWriteError

from shared import clock
from shared.errors import NotFound
from shared.events.envelope import Metadata
from shared.imports import Import, Planned
from shared.tables import UnitOfWork, table_name, unit_of_work

ORG = "org_a"
METADATA = Metadata(organisation_id=ORG, actor="per_1")
DAY = 86_400


class Papers(Import):
    class Meta:
        table_name = table_name("STATEMENTS_TABLE")


class Masses(Import):
    class Meta:
        table_name = table_name("STATEMENTS_TABLE")

    problems_expire = True


def work():
    return unit_of_work("STATEMENTS_TABLE", METADATA)


def started(chunks, problems=(), model=Papers):
    with work() as uow:
        item = model.new(uow, upload="u")
        item.rows = sum(len(chunk.rows) for chunk in chunks)
        item.release(chunks, problems)
        uow.create(item)
    return found(item, model)


def found(item, model=Papers):
    return model.find(ORG, item.import_id)


def close(item, number, counts, problems=(), taken=None):
    with work() as uow:
        return item.close_chunk(uow, item.open_chunk(number), counts, problems, taken=taken)


def items_of(item, kind):
    return [each for each in Papers._get_connection().scan()["Items"] if each["sk"]["S"].startswith(f"{kind}#")]


@pytest.fixture(autouse=True)
def _table(cloud):
    """The tables are empty."""


def test_what_the_chunks_come_to_is_summed_until_the_last_one_is_done():
    item = started([Planned([["a"], ["b"]], [1, 2]), Planned([["c"]]), Planned([["d"]])])
    assert (item.state, item.sum_up(), item.counts) == ("running", False, {})
    assert close(item, 0, {"taken": 2}) == [1, 2]
    assert close(item, 2, {"taken": 1}) == []
    assert (item.sum_up(), item.counts, item.state) == (False, {"taken": 3}, "running")
    item = found(item)
    close(item, 1, {"known": 1})
    assert (item.sum_up(), item.counts, item.state) == (True, {"taken": 3, "known": 1}, "done")
    # What is done is not added once more.
    assert (item.sum_up(), item.counts) == (False, {"taken": 3, "known": 1})


def test_a_chunk_may_take_several_transactions_and_goes_on_where_it_was_left():
    item = started([Planned([1, 2, 3, 4], [1]), Planned([5])])
    assert close(item, 0, {"taken": 3}, taken=3) == [0]
    left = item.open_chunk(0)
    assert (left.start, left.part, left.rows) == (3, 1, [4])
    assert (item.sum_up(), item.counts) == (False, {"taken": 3})
    # Nothing was taken: the same rows come again.
    assert close(item, 0, {}, taken=0) == [0]
    assert item.open_chunk(0).rows == [4]
    assert close(item, 0, {"taken": 1}, taken=1) == [1]
    assert item.open_chunk(0) is None
    assert item.open_chunk(1).rows == [5]


def test_of_two_who_work_on_a_chunk_the_second_fails():
    item = started([Planned([1])])
    chunk = item.open_chunk(0)
    close(item, 0, {"taken": 1})
    uow = UnitOfWork("STATEMENTS_TABLE", METADATA)
    item.close_chunk(uow, chunk, {"taken": 1})
    with pytest.raises(TransactWriteError):
        uow.commit()
    assert item.sum_up()
    assert item.counts == {"taken": 1}


def test_chunks_of_a_plan_that_was_not_kept_are_never_read():
    with work() as uow:
        item = Papers.new(uow)
        uow.create(item)
    lost = found(item)
    lost.release([Planned(["of a plan that did not commit"])], [("lost",)])
    with pytest.raises(NotFound):
        found(item).open_chunk(0)
    with work() as uow:
        kept = found(item)
        kept.release([Planned(["kept"])])
        uow.put(kept)
    assert found(item).open_chunk(0).rows == ["kept"]
    assert found(item).problems() == []


def test_an_import_without_rows_is_done_and_one_that_fails_says_why():
    item = started([], [(1, "wrong")])
    assert (item.state, item.chunks, item.problems()) == ("done", 0, [[1, "wrong"]])
    item.fail([(0, "unreadable")])
    assert (item.state, item.problems(), item.sum_up()) == ("failed", [[0, "unreadable"]], False)


def test_problems_come_in_the_order_of_plan_and_chunks_and_page_by_page_each_once():
    planned = [(number,) for number in range(450)]
    item = started([Planned([1]), Planned([2])], planned)
    close(item, 1, {}, [("second",)])
    close(item, 0, {}, [("first",)])
    everything = [*map(list, planned), ["first"], ["second"]]
    assert item.problems() == everything
    pages, after = [], None
    while True:
        page, after = item.page_problems(after, 150)
        pages.append(page)
        if after is None:
            break
    assert [len(page) for page in pages] == [200, 200, 52]
    assert [problem for page in pages for problem in page] == everything


def test_chunks_go_after_a_month_and_problems_only_where_they_may_be_many():
    item = started([Planned([1])], [("x",)])
    (chunk,) = items_of(item, "CHUNK")
    assert 29 * DAY < int(chunk["expires"]["N"]) - clock.timestamp() <= 30 * DAY
    assert all("expires" not in each for each in items_of(item, "PROBLEMS"))
    many = started([], [("y",)], Masses)
    (problem,) = [each for each in items_of(many, "PROBLEMS") if "expires" in each]
    assert 89 * DAY < int(problem["expires"]["N"]) - clock.timestamp() <= 90 * DAY


def test_an_import_of_another_organisation_is_not_found():
    item = started([])
    with pytest.raises(NotFound):
        Papers.find("org_b", item.import_id)
