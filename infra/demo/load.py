"""Loads the demo world into a deployed system, as an operator and then the customer's own people would.

An operator registers the organisations and their administrators and sets the demo password; everything else goes through routes, as
the administrator (portfolio, sign-ins, reading windows), as staff (ledger, bank statements, a rebooking, tickets, meters and their
readings) and as a tenant (tickets).
"""

import threading
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from datetime import date
from typing import Final

from infra.build.deployment import Deployment
from infra.demo.client import wait_for
from infra.demo.organisation_load import SECONDS, LoadError, OrganisationLoad, Progress
from infra.demo.world import make_world
from shared import clock

CONTEXTS: Final = ("Auth", "Registry", "Statements", "Payments", "Tickets", "Meters", "Notifications")
_COUNTS: Final = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
_QUIET_LOOKS: Final = 3
_ZONE: Final = "Europe/Warsaw"


def load(api_url: str, deployment: Deployment, progress: Progress, today: date | None = None) -> None:
    """Load the four organisations side by side. Raises LoadError; safe to repeat."""
    world = make_world(today or clock.today(_ZONE))
    stopping = threading.Event()
    loads = [OrganisationLoad(api_url, deployment, organisation, progress, stopping) for organisation in world]
    try:
        _side_by_side([one.prepare for one in loads], stopping)
        # The bank import must know every contract's reference before the first statement comes, tickets every
        # contract, and meters every unit.
        _wait_until_quiet(deployment)
        _side_by_side([one.fill for one in loads], stopping)
    finally:
        for one in loads:
            one.api.close()


def _side_by_side(works: Collection[Callable[[], None]], stopping: threading.Event) -> None:
    with ThreadPoolExecutor(len(works), thread_name_prefix="demo") as pool:
        running = [pool.submit(work) for work in works]
        try:
            done, _ = wait(running, return_when=FIRST_EXCEPTION)
            for finished in done:
                finished.result()
        except BaseException:
            stopping.set()
            raise


def _wait_until_quiet(deployment: Deployment) -> None:
    """Until no event waits or is being worked on, several looks in a row."""
    sqs = deployment.client("sqs")
    looks: list[int] = []

    def is_quiet() -> bool | None:
        answers = (
            sqs.get_queue_attributes(QueueUrl=deployment.outputs[f"{context}Queue"], AttributeNames=list(_COUNTS))
            for context in CONTEXTS
        )
        looks.append(sum(int(answer["Attributes"][name]) for answer in answers for name in _COUNTS))
        return (len(looks) >= _QUIET_LOOKS and not any(looks[-_QUIET_LOOKS:])) or None

    wait_for("the queues to run empty", is_quiet, SECONDS)


__all__ = ["LoadError", "load"]
