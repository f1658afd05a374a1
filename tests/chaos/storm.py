"""Workers killed at random while work is under way."""

import random
import threading
from typing import Self

from tests.world import World

SHORTEST, LONGEST = 0.9, 1.7
"""Seconds between two kills: more often, and the emulator fails to start workers at all."""


class Storm:
    """A thread that sends SIGKILL to one worker after the other. `kills` counts those that were hit."""

    def __init__(self, world: World, seed: int = 1) -> None:
        self.world, self.kills = world, 0
        self._chance = random.Random(seed)
        self._quiet, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._rage, name="storm", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join(10)

    def pause(self) -> None:
        """No kills until `go_on`: while the launcher itself is away there is nobody to kill."""
        self._quiet.set()

    def go_on(self) -> None:
        self._quiet.clear()

    def _rage(self) -> None:
        while not self._over.wait(self._chance.uniform(SHORTEST, LONGEST)):
            if not self._quiet.is_set() and self.world.process is not None and self.world.kill_worker(self._chance):
                self.kills += 1
