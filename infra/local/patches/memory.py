"""What the emulator works out anew for every request although it was asked the same before: a sixth of its time."""

# ruff: noqa: SLF001 - a patch is about private parts
import json
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, Final

from infra.local.patches.parts import require

KEPT: Final = 4096


def remember(**_context: Any) -> None:
    """Expressions are read, and policies parsed, once for each text of theirs."""
    from ministack.core import iam_evaluator
    from ministack.services import dynamodb

    require(dynamodb, "_condition_syntax_error", "_tokenize")
    require(iam_evaluator, "parse_policy_document")
    dynamodb._condition_syntax_error = lru_cache(KEPT)(dynamodb._condition_syntax_error)
    dynamodb._tokenize = _once_for_each_text(dynamodb._tokenize)
    iam_evaluator.parse_policy_document = _once_for_each_text(iam_evaluator.parse_policy_document)


def _once_for_each_text(read: Callable[[Any], list[Any]]) -> Callable[[Any], list[Any]]:
    """The list that was read, a new one for each caller; what is given as a structure is read by its text."""

    @lru_cache(KEPT)
    def reading(text: str) -> tuple[Any, ...]:
        return tuple(read(text))

    @wraps(read)
    def remembering(given: Any) -> list[Any]:
        if not isinstance(given, str):
            given = json.dumps(given)
        return list(reading(given))

    return remembering
