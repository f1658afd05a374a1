"""Numbers of tickets as people read, say and type them: `2026/000017`."""

import re
from typing import Final

_TYPED: Final = re.compile(r"\s*(?:([0-9]{4})\s*/\s*)?([0-9]{1,9})\s*")


def format_number(year: int, number: int) -> str:
    return f"{year}/{number:06d}"


def read_number(typed: str, this_year: int) -> str:
    """The number that somebody means who leaves the zeros away, or this year; what is none stays as it is."""
    found = _TYPED.fullmatch(typed)
    return format_number(int(found[1] or this_year), int(found[2])) if found else typed
