"""Sandboxes that run together."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar

from infra.local.providers.courier import Courier


class Closable(Protocol):
    """What is asked of each."""

    url: str
    courier: Courier

    def close(self) -> None:
        """Close it."""


Kind = TypeVar("Kind", bound=Closable)


class Running(Generic[Kind]):
    """Running sandboxes, by their names."""

    def __init__(self, makers: Iterable[tuple[str, Callable[[], Kind]]]) -> None:
        """Open each. When one cannot be opened, those before it are closed. Raises OSError."""
        self._running: dict[str, Kind] = {}
        try:
            for name, make in makers:
                self._running[name] = make()
        except OSError:
            self.close()
            raise

    def __getitem__(self, name: str) -> Kind:
        return self._running[name]

    def __iter__(self) -> Iterator[Kind]:
        return iter(self._running.values())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def addresses(self) -> dict[str, str]:
        """Where each is: the `host` setting of who uses it."""
        return {name: one.url for name, one in self._running.items()}

    def idle(self, seconds: float = 10.0) -> bool:
        """Wait until no webhook is under way or due. False when the time is over first."""
        return all([one.courier.idle(seconds) for one in self])  # noqa: C419 - wait for each

    def close(self) -> None:
        """Close all, at once."""
        with ThreadPoolExecutor(max(len(self._running), 1)) as pool:
            list(pool.map(lambda one: one.close(), self))
