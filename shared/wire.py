"""Models of the wire."""

import re
from collections.abc import Callable
from typing import Final

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

from shared.text import tidy_line, tidy_text


class Wire(BaseModel):
    """An answer. Validators are built when a model is first used: building all of them is a good part of a cold start."""

    model_config = ConfigDict(defer_build=True)


class Asked(Wire):
    """A body or a query that takes no field it does not know."""

    model_config = ConfigDict(extra="forbid")


class Attachment(Wire):
    """A checked file. The addresses work for a quarter of an hour."""

    attachment_id: str
    name: str
    type: str
    size: int
    width: int | None
    height: int | None
    url: str
    thumbnail_url: str | None


def _tidied(tidy: Callable[[str], str]) -> BeforeValidator:
    return BeforeValidator(lambda value: tidy(value) if isinstance(value, str) else value)


LINE: Final = _tidied(tidy_line)
"""For text of one line: `Annotated[str, Field(max_length=80), LINE]` tidies first and judges the length then."""
TEXT: Final = _tidied(tidy_text)
"""The same for text of several lines."""


def _written_as_a_day(value: object) -> object:
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise PydanticCustomError("date_from_datetime_parsing", "not a day")
    if isinstance(value, int | float):
        raise PydanticCustomError("date_type", "not a day")
    return value


_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DAY: Final = BeforeValidator(_written_as_a_day)
"""For a civil date: `Annotated[date, DAY]`. Pydantic alone would also read a number of seconds, or a time at midnight, as one."""
