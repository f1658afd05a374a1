"""What the commands say while they work."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

WIDTH: Final = 10


class Console:
    """Progress lines of named steps. On a terminal the line of the step under way is rewritten."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open = False
        self._rewrites = sys.stdout.isatty()

    def line(self, text: str = "") -> None:
        """A whole line."""
        with self._lock:
            self._close()
            print(text, flush=True)

    def progress(self, step: str, text: str) -> None:
        """What the step is at."""
        with self._lock:
            if self._rewrites:
                print(f"\r\033[K  {step:<{WIDTH}} {text}", end="", flush=True)
                self._open = True
            else:
                print(f"  {step:<{WIDTH}} {text}", flush=True)

    @contextmanager
    def step(self, name: str, doing: str) -> Iterator[list[str]]:
        """A step from what it does to what came of it: put the result into the list that is handed out."""
        began, result = time.monotonic(), [""]
        self.progress(name, doing)
        yield result
        took = time.monotonic() - began
        with self._lock:
            self._close(erase=True)
            seconds = f" ({took:.1f} s)" if took >= 1 else ""
            print(f"  {name:<{WIDTH}} {result[-1] or doing}{seconds}", flush=True)

    def table(self, title: str, rows: list[tuple[str, str]]) -> None:
        """Two columns under a title."""
        width = max((len(left) for left, _right in rows), default=0)
        self.line()
        self.line(title)
        for left, right in rows:
            self.line(f"  {left:<{width}}  {right}")

    def _close(self, *, erase: bool = False) -> None:
        if self._open:
            print("\r\033[K" if erase else "", end="" if erase else "\n", flush=True)
            self._open = False
