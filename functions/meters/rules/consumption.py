"""Past consumption, recomputed from the stream: through replacements, rollovers, several registers and trued-up estimates.

Between two actual readings the use is spread evenly over the days. An estimate counts only while no actual reading follows it. A period is
the days after `start` up to and including `end`; every amount is a difference of whole numbers at its two ends, so the parts of a
period always add up to the whole.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from meters.rules.days import month_end, year_before
from meters.rules.stream import EMPTY, Event, Interval, Point, State, step


@dataclass(frozen=True, slots=True)
class Series:
    """What is known of a meter's use: stretches between actual readings, then the estimated ones after the last of them."""

    actual: tuple[Interval, ...]
    estimated: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Consumption:
    """The use of a period in billionths of the medium's unit, register by register, and how much of it is estimated.

    `actual_days` and `estimated_days` say for how many days of the period anything is known; a month with neither is a gap, no zero.
    """

    start: date
    end: date
    uses: tuple[int, ...]
    estimated: int
    actual_days: int
    estimated_days: int

    @property
    def total(self) -> int:
        return sum(self.uses)


def series(events: Iterable[Event], state: State = EMPTY) -> Series:
    """The stretches that the effective events, in their order, make after a state; from the whole stream, all of them.

    Raises StreamError.
    """
    actual: list[Interval] = []
    estimated: list[Interval] = []
    for event in events:
        state, interval = step(state, event)
        if interval:
            actual.append(interval)
        if not state.estimate:
            estimated.clear()
        elif state.actual and state.estimate.event_id == event.event_id:
            estimated.append(_stretch(estimated, state.actual, state.estimate))
    return Series(tuple(actual), tuple(estimated))


def consumption(known: Series, start: date, end: date) -> Consumption:
    """The use after one day up to and including another."""
    actual = [_part(interval, start, end) for interval in known.actual]
    estimated = [_part(interval, start, end) for interval in known.estimated]
    width = max((len(uses) for uses in (*actual, *estimated)), default=0)
    return Consumption(
        start=start,
        end=end,
        uses=tuple(sum(_at(uses, register) for uses in (*actual, *estimated)) for register in range(width)),
        estimated=sum(sum(uses) for uses in estimated),
        actual_days=sum(_days(interval, start, end) for interval in known.actual),
        estimated_days=sum(_days(interval, start, end) for interval in known.estimated),
    )


def by_month(known: Series, start: date, end: date) -> list[Consumption]:
    """The same, calendar month by calendar month; the first and the last may be parts of months."""
    found = []
    while start < end:
        until = min(end, month_end(date.fromordinal(start.toordinal() + 1)))
        found.append(consumption(known, start, until))
        start = until
    return found


def a_year_before(known: Series, period: Consumption) -> Consumption:
    """The consumption of the same period one year earlier."""
    return consumption(known, year_before(period.start), year_before(period.end))


def _stretch(before: list[Interval], actual: Point, estimate: Point) -> Interval:
    """From the estimate before, or else from the last actual reading.

    Where two estimates of different makers contradict each other the later one holds, so a stretch never takes anything back.
    """
    start = before[-1].end if before else actual.day
    done = [sum(interval.uses[register] for interval in before) for register in range(len(actual.totals))]
    uses = zip(estimate.totals, actual.totals, done, strict=True)
    return Interval(start, estimate.day, tuple(max(0, total - base - so_far) for total, base, so_far in uses))


def _part(interval: Interval, start: date, end: date) -> tuple[int, ...]:
    return tuple(up - low for up, low in zip(interval.until(end), interval.until(start), strict=True))


def _days(interval: Interval, start: date, end: date) -> int:
    return max(0, (min(interval.end, end) - max(interval.start, start)).days)


def _at(uses: tuple[int, ...], register: int) -> int:
    return uses[register] if register < len(uses) else 0
