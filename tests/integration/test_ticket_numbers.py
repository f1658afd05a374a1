"""Fifty people report at the same moment: everybody gets a number, and no number is missing. Moto cannot do this."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests import reports
from tests.load.figures import percentile, say
from tests.tenancy import Tenancy
from tests.world import World

pytestmark = [pytest.mark.world, pytest.mark.timeout(240, func_only=True)]

REPORTERS = 50


@pytest.fixture(scope="module")
def house(world: World) -> Tenancy:
    """An organisation of which nobody has reported anything yet."""
    return Tenancy(world, REPORTERS).found()


def test_numbers_have_no_gap_under_fifty_parallel_reporters(house: Tenancy) -> None:
    everybody = house.sessions(range(REPORTERS))
    barrier = threading.Barrier(REPORTERS)

    def report(number: int) -> tuple[httpx.Response, float]:
        barrier.wait(60)
        began = time.monotonic()
        answer = reports.report(everybody[number], contract_id=house.contract_id(number))
        return answer, time.monotonic() - began

    assert house.contracts
    began = time.monotonic()
    with ThreadPoolExecutor(REPORTERS) as pool:
        done = list(pool.map(report, range(REPORTERS)))
    took = time.monotonic() - began
    answers, times = [answer for answer, _seconds in done], [seconds for _answer, seconds in done]
    assert {answer.status_code for answer in answers} == {201}, [answer.text for answer in answers]
    numbers = sorted(answer.json()["number"] for answer in answers)
    year = numbers[0][:4]
    assert numbers == [f"{year}/{place:06d}" for place in range(1, REPORTERS + 1)]
    # And the table has these and no others: one ticket for each report, one event for each ticket.
    items = list(house.items("TICKETS"))
    assert sorted(item["number"] for item in items if item["sk"] == "TICKET") == numbers
    assert [item["last"] for item in items if item["pk"].endswith("#SERIES")] == [REPORTERS]
    assert sum(item.get("detail_type") == "TicketOpened" for item in items) == REPORTERS
    refused = Counter(status for answer in answers for status in answer.extensions["refused"])
    say(f"\n  answers upon which the same was sent again: {dict(refused)}")
    say(
        f"  {REPORTERS} reports at once: {took:.1f} s, the slowest answer {max(times):.1f} s, the median {percentile(times, 0.5):.1f} s"
    )
