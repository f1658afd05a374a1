"""What was probably meant: the plausible value that one slip away from the typed one is nearest to what is expected.

A suggestion is judged by the very checks that raised the question, so taking it never raises them again.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from meters.rules.counters import format_value
from meters.rules.use_checks import Gauge
from meters.rules.vocabulary import Suggestion, SuggestionKind

_DECIMAL_SLIPS = (1, 2, 3)
_DIGITS = "0123456789"
_TOO_LONG = re.compile(r"([0-9]+)(?:[.,]([0-9]*))?")


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


def meant(gauge: Gauge, value: int) -> tuple[Suggestion | None, Suggestion | None]:
    """Two digits swapped, and another slip: each only where it makes the value plausible.

    Neighbours are what fingers swap: two digits further apart only stand where no other slip comes nearer to what is expected. The other
    slip is told beside the swap where it comes nearer.
    """
    swap, is_near = _transposed(gauge, value)
    kind, slip = _other_slip(gauge, value)
    if swap is not None and slip is not None:
        if gauge.distance(slip) >= gauge.distance(swap):
            slip = None
        elif not is_near:
            swap = None
    return _suggest(gauge, "transposed_digits", swap), _suggest(gauge, kind, slip)


def mended(gauge: Gauge, text: str) -> Suggestion | None:
    """What a text that is no value may mean: all that the counter shows without its point, or one digit too many before it."""
    digits = "".join(char for char in text if char in _DIGITS)
    width = gauge.device.digits + gauge.device.decimals
    if digits and len(digits) <= width and gauge.is_plausible(int(digits)):
        return _suggest(gauge, "decimal_point", int(digits))
    found = _TOO_LONG.fullmatch(text.strip())
    if not found or len(found[1]) != gauge.device.digits + 1 or len(found[2] or "") > gauge.device.decimals:
        return None
    head, tail = found[1], (found[2] or "").ljust(gauge.device.decimals, "0")
    return _suggest(gauge, "extra_digit", _nearest(gauge, -1, (variant[1:] + tail for variant in _dropped(head))))


def _transposed(gauge: Gauge, value: int) -> tuple[int | None, bool]:
    """The value with two digits swapped, and whether they are neighbours."""
    digits = _digits(gauge, value)
    pairs = list(combinations(range(len(digits)), 2))
    near = _nearest(gauge, value, [_swap(digits, one, other) for one, other in pairs if other == one + 1])
    if near is not None:
        return near, True
    return _nearest(gauge, value, [_swap(digits, one, other) for one, other in pairs]), False


def _other_slip(gauge: Gauge, value: int) -> tuple[SuggestionKind, int | None]:
    """A slipped decimal point, an extra digit, or a wrong or missing one beside which no other fits: the nearest to what is expected.

    A point too far to the right leaves zeros behind, which no other slip does but by chance: it goes first.
    """
    right = [value // 10**power for power in _DECIMAL_SLIPS if value % 10**power == 0]
    found = _nearest(gauge, value, map(str, right))
    if found is not None:
        return "decimal_point", found
    left = [value * 10**power for power in _DECIMAL_SLIPS if value * 10**power < gauge.device.range]
    head, tail = _split(gauge, value)
    slips: tuple[tuple[SuggestionKind, int | None], ...] = (
        ("decimal_point", _nearest(gauge, value, map(str, left))),
        ("extra_digit", _nearest(gauge, value, (variant + tail for variant in _dropped(head)))),
        ("missing_digit", _only(gauge, value, (variant + tail for variant in _inserted(head)))),
        ("wrong_digit", _only(gauge, value, (variant + tail for variant in _replaced(head)))),
    )
    fitting = [(kind, candidate) for kind, candidate in slips if candidate is not None]
    return min(fitting, key=lambda slip: gauge.distance(slip[1]), default=("wrong_digit", None))


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
