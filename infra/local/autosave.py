"""Saving the emulator's state while it runs; by itself it saves only when it is stopped in order."""

import asyncio
import logging
import os
import signal
import time
import warnings
from collections.abc import Callable
from typing import Any, Final

SELDOM_CHANGED: Final = frozenset({"lambda"})
"""State that holds every layer's archive and changes only through requests to the service or by a deployment."""
NOT_WORTH_IT: Final = frozenset({"logs", "cloudwatch_logs"})
"""State that grows with every invocation and is saved at an orderly stop only."""
CHILD_SECONDS: Final = 60
SHARE: Final = 10
"""Between two saves passes at least this multiple of what the last one took."""

logger = logging.getLogger(__name__)


class Autosave:
    """Writes the state to disk from a forked child, as Redis does: the emulator itself stands still for milliseconds only.

    The fork happens on the emulator's event loop, between two requests, so what the child sees is consistent.
    """

    def __init__(self, states: Callable[[], dict[str, Any]], save: Callable[[dict[str, Any]], None]) -> None:
        self._states, self._save = states, save
        self._written: set[str] = set()
        self._changes = 0
        self._saved_changes = 0
        self._lock = asyncio.Lock()

    def note(self, service: str) -> None:
        """A request that may have changed something reached ``service``."""
        self._changes += 1
        if service in {"lambda", "cloudformation"}:
            self._written -= SELDOM_CHANGED

    async def run(self, seconds: float) -> None:
        """Save every ``seconds`` while something changes, more seldom when saving takes long."""
        while True:
            await asyncio.sleep(seconds)
            began = time.monotonic()
            await self.save()
            await asyncio.sleep((time.monotonic() - began) * SHARE)

    async def save(self) -> bool:
        """Save what has changed. False when the child did not end well; then nothing counts as saved."""
        async with self._lock:
            changes = self._changes
            if changes == self._saved_changes:
                return True
            states = {name: get for name, get in self._states().items() if name not in NOT_WORTH_IT | self._written}
            status = await asyncio.to_thread(os.waitpid, self._fork(states), 0)
            if os.waitstatus_to_exitcode(status[1]) != 0:
                logger.warning("the state could not be saved; it is tried again")
                return False
            self._saved_changes = changes
            if changes == self._changes:
                self._written |= SELDOM_CHANGED
            return True

    def _fork(self, states: dict[str, Any]) -> int:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # the child takes no lock but the emulator's own
            child = os.fork()
        if child:
            return child
        try:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(CHILD_SECONDS)  # should a thread have held a lock at the fork, the child ends here
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            os.closerange(3, os.sysconf("SC_OPEN_MAX"))
            self._save(states)
        except BaseException:  # noqa: BLE001 - a child must never run on as a second emulator
            os._exit(1)
        os._exit(0)
