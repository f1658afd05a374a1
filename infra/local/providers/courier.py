"""Delivers webhooks: tries again by the provider's schedule, duplicates, late, out of order, tampered; keeps what was answered."""

import heapq
import itertools
import logging
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from infra.local.providers.config import Switches
from infra.local.providers.post import Answer, Outgoing, Post

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Attempt:
    """One try and its answer. `counts` is False for a tampered copy, whose refusal says nothing about the real one."""

    at: datetime
    status: int
    body: str
    accepted: bool
    counts: bool = True
    problem: str = ""


@dataclass
class Message:
    """A webhook. `build` makes it for each try (a fresh signature, or the newest status); `accepts` judges the answer.

    Messages of one `line` wait for each other. `wanted` is asked before each try: what became needless is dropped.
    """

    merchant: str
    reference: str
    name: str
    url: str
    build: Callable[[int], Outgoing]
    accepts: Callable[[Answer], bool] = lambda answer: answer.ok
    wanted: Callable[[], bool] = lambda: True
    line: str = ""
    number: int = 0
    state: str = "waiting"
    accepted: bool = False
    left: int = 0
    switches: Switches = field(default_factory=Switches)
    attempts: list[Attempt] = field(default_factory=list)

    def record(self) -> dict[str, Any]:
        """For the inspection."""
        tries = [{**vars(attempt), "at": attempt.at.isoformat()} for attempt in self.attempts]
        known = ("number", "merchant", "reference", "name", "url", "state", "accepted")
        return {**{name: getattr(self, name) for name in known}, "attempts": tries}


@dataclass(order=True)
class _Task:
    due: float
    number: int
    run: Callable[[], None] = field(compare=False)
    quiet: Callable[[], bool] = field(compare=False)


class Courier:
    """Threads that work off a queue of what is due."""

    def __init__(
        self, schedule: Sequence[float], post: Post, clock: Callable[[], datetime], *, workers: int = 2, seed: str = ""
    ) -> None:
        self.schedule, self._post, self._clock = tuple(schedule), post, clock
        self.messages: list[Message] = []
        self._random = random.Random(seed)  # noqa: S311 - jitter, no secret
        self._numbers = itertools.count(1)
        self._heap: list[_Task] = []
        self._lines: dict[str, deque[Message]] = {}
        self._changed = threading.Condition()
        self._busy, self._closed = 0, False
        self._threads = [threading.Thread(target=self._work, name="courier", daemon=True) for _ in range(workers)]
        for thread in self._threads:
            thread.start()

    def send(self, message: Message, switches: Switches) -> None:
        """Take a webhook over."""
        with self._changed:
            message.number, message.switches, message.left = next(self._numbers), switches, switches.copies
            self.messages.append(message)
            if switches.held:
                message.state = "held"
            else:
                self._line_up(message)

    def later(self, seconds: float, run: Callable[[], None], *, quiet: bool = False) -> None:
        """Do something later. `idle` does not wait for what is quiet."""
        self._push(seconds, run, lambda: quiet)

    def release(self, reference: str = "", *, reverse: bool = False) -> int:
        """Send what is held, of one payment or of all, the newest first when `reverse`. How many they were."""
        with self._changed:
            held = [m for m in self.messages if m.state == "held" and reference in {"", m.reference}]
            for message in reversed(held) if reverse else held:
                message.state = "waiting"
                self._line_up(message)
        return len(held)

    def again(self, number: int) -> bool:
        """Send a webhook once more, as from the provider's panel. False when there is none of this number."""
        with self._changed:
            message = next((m for m in self.messages if m.number == number and m.state != "held"), None)
            if message is None:
                return False
            message.left, message.state = max(message.left, 0) + 1, "waiting"
            self._schedule(message, 0.0)
            return True

    def drop(self, reference: str, name: str) -> None:
        """Stop sending what became needless."""
        with self._changed:
            for message in self.messages:
                if (message.reference, message.name) == (reference, name) and message.state == "waiting":
                    self._no_more(message)

    def idle(self, seconds: float = 10.0) -> bool:
        """Wait until nothing is under way or due, held webhooks aside. False when the time is over first."""
        end = time.monotonic() + seconds
        with self._changed:
            while self._busy or any(not task.quiet() for task in self._heap):
                left = end - time.monotonic()
                if left <= 0:
                    return False
                self._changed.wait(min(left, 0.05))
            return True

    def close(self) -> None:
        """Stop; what is under way ends."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(15)

    def _line_up(self, message: Message) -> None:
        pause = message.switches.delay + self._random.uniform(0, message.switches.jitter)
        if message.line:
            line = self._lines.setdefault(message.line, deque())
            line.append(message)
            if line[0] is not message:
                return
        self._schedule(message, pause)

    def _schedule(self, message: Message, seconds: float) -> None:
        self._push(seconds, lambda: self._try(message), lambda: message.state != "waiting")

    def _push(self, seconds: float, run: Callable[[], None], quiet: Callable[[], bool]) -> None:
        with self._changed:
            heapq.heappush(self._heap, _Task(time.monotonic() + seconds, next(self._numbers), run, quiet))
            self._changed.notify_all()

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._closed and not (self._heap and self._heap[0].due <= time.monotonic()):
                    self._changed.wait(self._heap[0].due - time.monotonic() if self._heap else None)
                if self._closed:
                    return
                task = heapq.heappop(self._heap)
                self._busy += 1
            try:
                task.run()
            except Exception:
                logger.exception("a sandbox's task failed")
            finally:
                with self._changed:
                    self._busy -= 1
                    self._changed.notify_all()

    def _try(self, message: Message) -> None:
        with self._changed:
            if message.state != "waiting":
                return
            if not message.accepted and not message.wanted():
                self._no_more(message)
                return
            tries = sum(attempt.counts for attempt in message.attempts)
        outgoing = message.build(tries + 1)
        if message.switches.tampered and not message.attempts:
            self._note(message, self._post(message.url, _tampered(outgoing)), counts=False)
        lost = tries < message.switches.lost
        answer = Answer(0, problem="lost on the way") if lost else self._post(message.url, outgoing)
        taken = self._note(message, answer)
        with self._changed:
            self._after(message, taken=taken, tries=tries)

    def _note(self, message: Message, answer: Answer, *, counts: bool = True) -> bool:
        taken = not answer.problem and message.accepts(answer)
        text = answer.body[:2000].decode("utf-8", "replace")
        message.attempts.append(Attempt(self._clock(), answer.status, text, taken, counts, answer.problem))
        return taken

    def _after(self, message: Message, *, taken: bool, tries: int) -> None:
        if message.state != "waiting":
            return
        if taken or message.accepted:
            message.accepted = True
            message.left -= 1
            if message.left > 0:
                self._schedule(message, self._random.uniform(0, message.switches.jitter))
            else:
                self._finish(message, "delivered")
        elif tries < len(self.schedule):
            self._schedule(message, self.schedule[tries])
        else:
            self._finish(message, "given_up")

    def _no_more(self, message: Message) -> None:
        message.accepted = True
        self._finish(message, "delivered")

    def _finish(self, message: Message, state: str) -> None:
        message.state = state
        line = self._lines.get(message.line)
        if line and line[0] is message:
            line.popleft()
            if line:
                self._schedule(line[0], 0.0)


def _tampered(outgoing: Outgoing) -> Outgoing:
    place = len(outgoing.body) * 2 // 3
    changed = bytes([outgoing.body[place] ^ 1])
    return Outgoing(outgoing.body[:place] + changed + outgoing.body[place + 1 :], outgoing.headers)
