"""Rounds of a clock: what a scheduled function does for many organisations, of which one that fails keeps no other waiting."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Concatenate, ParamSpec, TypeVar

from shared.events.envelope import Metadata
from shared.ids import new_id
from shared.observe import logger
from shared.tables import UnitOfWork, run

P = ParamSpec("P")
R = TypeVar("R")


class RoundFailedError(RuntimeError):
    """Parts of a round failed; raised after all the others, so that the alarm of the function tells of it."""


class Round:
    """One run of a clock and what it has done so far, counted under these names; `failed` is always among them."""

    def __init__(self, name: str, *counted: str) -> None:
        self.name, self.counts = name, dict.fromkeys((*counted, "failed"), 0)

    @contextmanager
    def part(self, **about: str) -> Iterator[None]:
        """Do one part; its failure is logged with what it is about, counted, and told at the end."""
        try:
            yield
        except Exception:  # noqa: BLE001 - one part must not keep the others waiting; told at the end
            logger.exception(f"{self.name} failed", extra=about)
            self.counts["failed"] += 1

    def end(self) -> dict[str, int]:
        """What was done. Raises RoundFailedError where a part failed."""
        logger.info(self.name, extra=self.counts)
        if self.counts["failed"]:
            raise RoundFailedError(str(self.counts))
        return self.counts


def do(
    variable: str,
    organisation_id: str,
    work: Callable[Concatenate[UnitOfWork, P], R],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """Do `work` for an organisation in a transaction of its own, begun by the clock and by nobody's request."""
    metadata = Metadata(correlation_id=new_id("cor"), organisation_id=organisation_id)
    return run(
        lambda: UnitOfWork(variable, metadata), lambda uow: work(uow, *args, **kwargs), lambda _uow, _result: None
    )
