"""News in the language of a reader, and what a notice of it says. Pure."""

from collections.abc import Iterable
from typing import Final

_SHORT: Final = 160
"""Letters of the short form."""


def language_for(languages: Iterable[str], locale: str) -> str:
    """The reader's language where the news was written in it, else the first one, which is that of the organisation."""
    known = list(languages)
    return locale if locale in known else known[0]


def values_of(title: str, text: str) -> dict[str, str]:
    """What the words of a notice are made of: title and text, and for the short form how the text begins."""
    return {"title": title, "start": _start(text), "text": text}


def _start(text: str) -> str:
    whole = " ".join(text.split())
    if len(whole) <= _SHORT:
        return whole
    cut = whole[:_SHORT]
    return (cut.rpartition(" ")[0] or cut[:-1]).rstrip(" .,;:") + "…"
