"""The site's own words, read from its message files, so that no test repeats a wording."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

MESSAGES: Final = Path(__file__).parents[2] / "web" / "messages"
LOCALES: Final = ("en", "pl", "uk", "nb", "fr")
LANGUAGES: Final = {"PL": "pl", "UA": "uk", "NO": "nb", "FR": "fr"}


@cache
def messages(locale: str) -> dict[str, Any]:
    """All messages of a language by their keys."""
    found: dict[str, Any] = json.loads((MESSAGES / f"{locale}.json").read_text("utf-8"))
    return {key: value for key, value in found.items() if not key.startswith("$")}


def variants(locale: str, key: str) -> list[str]:
    """The wordings of a message: one, or one for each plural form."""
    message = messages(locale)[key]
    return [message] if isinstance(message, str) else [text for part in message for text in part["match"].values()]


def text(locale: str, key: str, **values: object) -> str:
    """A message as it is shown; its placeholders are taken from ``values``."""
    (wording,) = variants(locale, key)
    return wording.format(**values)


def shape(locale: str, key: str) -> re.Pattern[str]:
    """How a text with this message begins, whatever its placeholders hold and whatever its plural form is."""
    wordings = (re.split(r"\{\w+\}", wording) for wording in variants(locale, key))
    return re.compile("^(?:" + "|".join(".+".join(map(re.escape, parts)) for parts in wordings) + ")")


@cache
def foreign(locale: str) -> frozenset[str]:
    """English wordings that read otherwise in this language: seen there, they are not translated."""
    own = {wording for key in messages(locale) for wording in variants(locale, key)}
    english = {wording for key in messages("en") for wording in variants("en", key)}
    return frozenset(wording for wording in english - own if "{" not in wording)
