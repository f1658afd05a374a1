"""Words of what we send, in the reader's language: `shared/texts/<locale>.json`. The site holds its own words."""

import json
from functools import cache
from pathlib import Path
from typing import Final

LOCALES: Final = ("pl", "uk", "nb", "fr", "en")
SOURCE_LOCALE: Final = "en"
_FOLDER: Final = Path(__file__).parent / "texts"


@cache
def catalogue(locale: str) -> dict[str, str]:
    """All texts of a language; of English where we do not speak it."""
    chosen = locale if locale in LOCALES else SOURCE_LOCALE
    texts: dict[str, str] = json.loads((_FOLDER / f"{chosen}.json").read_text("utf-8"))
    return texts


def text(locale: str, key: str, **values: str) -> str:
    """One text with its values put in. Raises KeyError for a text that is not in the catalogue: a test keeps them complete."""
    return catalogue(locale)[key].format(**values)
