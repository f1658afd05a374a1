"""Files that people hang on tickets."""

from typing import Any, Final

from shared import attachments
from shared.access import Principal
from shared.errors import DomainError, FieldProblem

MAX_FILES: Final = 30
"""On one ticket, all entries together."""
_PURPOSE: Final = "ticket"


def take(me: Principal, keys: list[str], already: int = 0) -> list[dict[str, Any]]:
    """The checked files behind upload keys, as an entry keeps them; `already`: how many the ticket has.

    Raises `too_many_attachments`, and the refusals of `attachments.resolve`.
    """
    if already + len(set(keys)) > MAX_FILES:
        raise DomainError(
            "too_many_attachments", problems=(FieldProblem("attachments", "too_long", {"max_length": MAX_FILES}),)
        )
    return attachments.resolve(me, _PURPOSE, keys)
