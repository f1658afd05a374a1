"""Helpers of the patches."""

from typing import Any


class WrongEmulatorError(RuntimeError):
    """The installed emulator is not the one that the patches were written for."""


def require(module: Any, *names: str) -> None:
    """Refuse a module of the emulator that has lost a part which a patch replaces or uses. Raises WrongEmulatorError."""
    missing = [name for name in names if not hasattr(module, name)]
    if missing:
        raise WrongEmulatorError(f"{module.__name__} has no {', '.join(missing)}")


class Stand:
    """Stands in for a module that a patched one imported: its own attributes first, then the real module's."""

    def __init__(self, real: Any, **replaced: Any) -> None:
        self._real = real
        for name, value in replaced.items():
            setattr(self, name, value)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)
