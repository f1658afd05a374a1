"""What was probably meant: the plausible value that one slip away from the typed one is nearest to what is expected.

A suggestion is judged by the very checks that raised the question, so taking it never raises them again.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from meters.rules.counters import format_value
from meters.rules.use_checks import Gauge
from meters.rules.vocabulary import Suggestion, SuggestionKind

_DECIMAL_SLIPS = (1, 2, 3)
_DIGITS = "0123456789"


def swapped_registers(gauges: Sequence[Gauge], values: Sequence[int], doubted: Iterable[int]) -> Suggestion | None:
    """Two registers typed in each other's place, one of them doubted."""
    suspects = set(doubted)
    for one, other in combinations(range(len(values)), 2):
        if suspects.isdisjoint({one, other}) or values[one] == values[other]:
            continue
        if gauges[one].is_plausible(values[other]) and gauges[other].is_plausible(values[one]):
            swapped = list(values)
            swapped[one], swapped[other] = values[other], values[one]
            return Suggestion("swapped_registers", tuple(format_value(value, gauges[0].device) for value in swapped))
    return None


def transposed_digits(gauge: Gauge, value: int) -> Suggestion | None:
    """Two digits of the counter swapped: neighbours first, else any two."""
    digits = _digits(gauge, value)
    pairs = list(combinations(range(len(digits)), 2))
    neighbours = [_swap(digits, one, other) for one, other in pairs if other == one + 1]
    found = _nearest(gauge, value, neighbours) or _nearest(
        gauge, value, [_swap(digits, one, other) for one, other in pairs]
    )
    return _suggest(gauge, "transposed_digits", found)


def other_slip(gauge: Gauge, value: int) -> Suggestion | None:
    """A slipped decimal point, an extra digit, or a wrong or missing one beside which no other fits: the nearest to what is expected."""
    span = gauge.device.range
    shifted = [value * 10**power for power in _DECIMAL_SLIPS]
    shifted += [value // 10**power for power in _DECIMAL_SLIPS if value % 10**power == 0]
    head, tail = _split(gauge, value)
    slips: tuple[tuple[SuggestionKind, int | None], ...] = (
        ("decimal_point", _nearest(gauge, value, [str(candidate) for candidate in shifted if candidate < span])),
        ("extra_digit", _nearest(gauge, value, (variant + tail for variant in _dropped(head)))),
        ("missing_digit", _only(gauge, value, (variant + tail for variant in _inserted(head)))),
        ("wrong_digit", _only(gauge, value, (variant + tail for variant in _replaced(head)))),
    )
    found = [(kind, candidate) for kind, candidate in slips if candidate is not None]
    if not found:
        return None
    kind, nearest = min(found, key=lambda slip: gauge.distance(slip[1]))
    return _suggest(gauge, kind, nearest)


def misplaced_point(gauge: Gauge, text: str) -> Suggestion | None:
    """The digits of a text that is no value, read as all that the counter shows: `00412350` for `00412.350`."""
    digits = "".join(char for char in text if char in _DIGITS)
    if not digits or len(digits) > gauge.device.digits + gauge.device.decimals:
        return None
    found = int(digits)
    return _suggest(gauge, "decimal_point", found if gauge.is_plausible(found) else None)


def _suggest(gauge: Gauge, kind: SuggestionKind, value: int | None) -> Suggestion | None:
    if value is None:
        return None
    texts = list(gauge.submission.texts)
    texts[gauge.register] = format_value(value, gauge.device)
    return Suggestion(kind, tuple(texts))


def _nearest(gauge: Gauge, typed: int, candidates: Iterable[str]) -> int | None:
    plausible = [value for value in {int(text) for text in candidates} - {typed} if gauge.is_plausible(value)]
    return min(plausible, key=lambda value: (gauge.distance(value), value), default=None)


def _only(gauge: Gauge, typed: int, candidates: Iterable[str]) -> int | None:
    """The one that is plausible; several are none: a guess among equals helps nobody."""
    found = {value for value in {int(text) for text in candidates} - {typed} if gauge.is_plausible(value)}
    return found.pop() if len(found) == 1 else None


def _digits(gauge: Gauge, value: int) -> str:
    return str(value).zfill(gauge.device.digits + gauge.device.decimals)


def _split(gauge: Gauge, value: int) -> tuple[str, str]:
    digits = _digits(gauge, value)
    return digits[: gauge.device.digits], digits[gauge.device.digits :]


def _swap(digits: str, one: int, other: int) -> str:
    chars = list(digits)
    chars[one], chars[other] = chars[other], chars[one]
    return "".join(chars)


def _dropped(head: str) -> Iterator[str]:
    """One digit too many was typed: the others move to the right."""
    for at in range(len(head)):
        yield "0" + head[:at] + head[at + 1 :]


def _inserted(head: str) -> Iterator[str]:
    """One digit was left out: those before it move to the left, into a leading zero."""
    if not head.startswith("0"):
        return
    for at in range(1, len(head) + 1):
        for digit in _DIGITS:
            yield head[1:at] + digit + head[at:]


def _replaced(head: str) -> Iterator[str]:
    for at in range(len(head)):
        for digit in _DIGITS:
            yield head[:at] + digit + head[at + 1 :]
