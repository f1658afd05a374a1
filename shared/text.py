"""Text that people write, made plain."""

import unicodedata
from typing import Final

_REORDERING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the order of those after them: a name or a file's ending could look like another."""
_UNSEEN: Final = frozenset({"Cf", "Zs", "Zl", "Zp"})
"""Categories of characters of which a text alone would look empty."""


def tidy_line(text: str) -> str:
    """One line, composed characters, no control characters, no outer or double spaces."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in composed).split())


def tidy_text(text: str) -> str:
    """Paragraphs: composed characters, line breaks kept (two empty lines at most become one), other control characters gone.

    Joiners stay, because many a script and every family emoji needs them; a text of nothing else is none.
    """
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    kept = "".join(
        c for c in composed if c == "\n" or (unicodedata.category(c) not in ("Cc", "Cs") and c not in _REORDERING)
    )
    if all(c == "\n" or unicodedata.category(c) in _UNSEEN for c in kept):
        return ""
    lines = [line.rstrip() for line in kept.strip().split("\n")]
    return "\n".join(line for number, line in enumerate(lines) if line or lines[number - 1])
