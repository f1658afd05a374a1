"""Figures of a benchmark: the smallest tools that several parts share."""

import statistics
import sys
from collections.abc import Callable, Sequence
from time import process_time
from typing import Any

Figures = dict[str, Any]


def say(text: str) -> None:
    """A line for whoever watches, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def median(values: Sequence[float]) -> float:
    """The median; one noisy neighbour does not move it."""
    return float(statistics.median(values))


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, round(share * len(ordered)) - 1))]


def cpu_seconds(work: Callable[[], Any], times: int) -> float:
    """CPU time that this process spends on one call, as a mean over `times` calls."""
    began = process_time()
    for _ in range(times):
        work()
    return (process_time() - began) / times


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table for people: the first column to the left, figures to the right."""
    texts = [list(columns), *([_text(cell) for cell in row] for row in rows)]
    widths = [max(len(row[index]) for row in texts) for index in range(len(columns))]

    def line(row: Sequence[str]) -> str:
        first, *others = row
        cells = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))]
        return "  " + "  ".join(cells)

    return "\n".join(
        [f"\n{title}", line(texts[0]), "  " + "  ".join("-" * width for width in widths), *map(line, texts[1:])]
    )


def _text(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:.3g}" if abs(cell) < 10 else f"{cell:.1f}"
    return str(cell)
