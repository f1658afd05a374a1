"""QR codes as a path that any page can draw."""

from typing import Final

_QUIET: Final = 4
"""Modules of quiet around a code (ISO/IEC 18004)."""


def drawn(text: str) -> tuple[int, str]:
    """The side of a square, in modules with the quiet zone, and the SVG path that fills the dark ones."""
    import segno

    # Level M, and the smallest version that holds the text: it is read from a screen, where nothing gets dirty.
    rows = list(segno.make(text, error="m", micro=False, boost_error=False).matrix_iter(border=_QUIET))
    runs = (f"M{start} {y}h{length}v1h-{length}z" for y, row in enumerate(rows) for start, length in _runs(list(row)))
    return len(rows), "".join(runs)


def _runs(row: list[int]) -> list[tuple[int, int]]:
    """Where dark modules begin, and how many stand together."""
    edges = [x for x in range(len(row)) if row[x] != (row[x - 1] if x else 0)]
    return [(start, end - start) for start, end in zip(edges[::2], edges[1::2], strict=True)]
