"""Codes of the notifications context."""

from typing import Final

CODES: Final[dict[str, str]] = {}
