"""Charge numbers without gaps, taken in ranges: a range that was not used up is given back and goes out first."""

from typing import NamedTuple

Range = tuple[int, int]
"""First and last number, both included."""


class Series(NamedTuple):
    """The numbers of one organisation and year: `last` went out; `returned` went out and came back, sorted, not touching."""

    last: int = 0
    returned: tuple[Range, ...] = ()


def take(series: Series, count: int) -> tuple[tuple[int, ...], Series]:
    """The next `count` numbers: what was returned first, then new ones."""
    taken: list[int] = []
    returned = list(series.returned)
    while returned and len(taken) < count:
        first, last = returned.pop(0)
        end = min(last, first + count - len(taken) - 1)
        taken.extend(range(first, end + 1))
        if end < last:
            returned.insert(0, (end + 1, last))
    new = count - len(taken)
    taken.extend(range(series.last + 1, series.last + new + 1))
    return tuple(taken), Series(series.last + new, tuple(returned))


def give_back(series: Series, numbers: tuple[int, ...]) -> Series:
    """Take numbers back that were not used. Raises ValueError for numbers that are not out."""
    free = {number for first, last in series.returned for number in range(first, last + 1)}
    if any(number in free or not 1 <= number <= series.last for number in numbers):
        raise ValueError("numbers that are not out")
    ranges: list[Range] = []
    for number in sorted(free.union(numbers)):
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return Series(series.last, tuple(ranges))


def format_number(year: str, number: int) -> str:
    """`N/2026/000123`."""
    return f"N/{year}/{number:06d}"
