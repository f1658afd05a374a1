"""Use month by month: actual, estimated, and in the same months a year before."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final, cast

from meters.rules.consumption import Consumption, Series, a_year_before, by_month, consumption, series
from meters.rules.days import YEARS, months_after, year_before
from meters.rules.stream import READINGS, Event, Interval
from meters.rules.vocabulary import UNITS
from meters.schemas import ConsumptionQuery, ConsumptionResponse, Period, Use
from meters.store_events import end_of
from meters.store_stream import Stream
from meters.visibility import Seen, find_visible
from shared.access import Principal
from shared.errors import DomainError, FieldProblem

_LONGEST_MONTHS: Final = 60
_DAY: Final = timedelta(days=1)
_SHOWN: Final = 10**6
"""Three decimals of the unit, in billionths."""
_PARTS: Final = 1000
_AT_ONCE: Final = 60
"""Events read at once: two months of daily values, five years of monthly ones."""


def get_consumption(me: Principal, meter_id: str, query: ConsumptionQuery) -> ConsumptionResponse:
    """A meter's use on the days from one up to and including another; of a household only since it came.

    Reads the events of the period and of the same days a year before, each from a kept state on. Raises NotFound, `invalid_period`.
    """
    seen = find_visible(me, meter_id)
    start, end = period(query.from_, query.to)
    past_start, past_end = year_before(start), year_before(end)
    if past_end < start:  # nothing of what lies between is read
        known, past = _known(seen, start, end), _known(seen, past_start, past_end)
    else:
        known = past = _known(seen, past_start, end)
    found = by_month(known, start, end)
    earlier = [a_year_before(past, each) for each in found]
    now, before = _uses(found), _uses(earlier)
    whole = consumption(known, start, end)
    medium: Any = seen.meter.medium
    return ConsumptionResponse(
        meter_id=seen.meter.meter_id,
        medium=medium,
        unit=UNITS[cast("Any", medium)],
        periods=[
            Period(first=each.start + _DAY, last=each.end, now=one, last_year=other)
            for each, one, other in zip(found, now, before, strict=True)
        ],
        total=Period(
            first=query.from_, last=end, now=_uses([whole])[0], last_year=_uses([a_year_before(past, whole)])[0]
        ),
    )


def period(first: date, last: date) -> tuple[date, date]:
    """The day before a period and its last day. Raises `invalid_period`."""
    is_ours = first.year in YEARS and last.year in YEARS
    if not is_ours or last < first or last > months_after(first - _DAY, _LONGEST_MONTHS):
        raise DomainError("invalid_period", problems=(FieldProblem("to", "invalid_period"),))
    return first - _DAY, last


def _known(seen: Seen, start: date, end: date) -> Series:
    """What is known of the use of a period, cut to the days that the reader may see."""
    if seen.since is not None and end < seen.since:
        return Series((), ())
    stream = Stream(seen.meter.organisation_id, seen.meter.meter_id)
    state, events = stream.clean_run(start)
    return _cut(series([*events, *_until(stream, start, end)], state), seen.since)


def _until(stream: Stream, day: date, end: date) -> Iterable[Event]:
    """The events after a day up to a period's end, and on to the actual reading in which its last days end."""
    for item in stream.forward(end_of(day), _AT_ONCE):
        event = item.event()
        yield event
        closes = event.kind in READINGS or bool(event.closing)
        if event.day > end and closes:
            return


def _cut(known: Series, since: date | None) -> Series:
    if since is None:
        return known
    return Series(_cut_all(known.actual, since - _DAY), _cut_all(known.estimated, since - _DAY))


def _cut_all(intervals: Iterable[Interval], after: date) -> tuple[Interval, ...]:
    """What of the stretches lies after a day."""
    cut = []
    for each in intervals:
        if each.end <= after:
            continue
        if each.start < after:
            rest = tuple(whole - part for whole, part in zip(each.uses, each.until(after), strict=True))
            cut.append(Interval(after, each.end, rest))
        else:
            cut.append(each)
    return tuple(cut)


def _uses(found: list[Consumption]) -> list[Use]:
    """Uses in text, cut to thousandths at their ends, so that what is shown adds up to what is shown of the whole."""
    width = max((len(each.uses) for each in found), default=0)
    done, estimated_done = [0] * width, 0
    shown = []
    for each in found:
        uses = [*each.uses, *(0,) * (width - len(each.uses))]
        parts = [(before + use) // _SHOWN - before // _SHOWN for before, use in zip(done, uses, strict=True)]
        done = [before + use for before, use in zip(done, uses, strict=True)]
        estimated = (estimated_done + each.estimated) // _SHOWN - estimated_done // _SHOWN
        estimated_done += each.estimated
        shown.append(
            Use(
                use=_text(sum(parts)),
                registers=[_text(part) for part in parts],
                estimated=_text(min(estimated, sum(parts))),
                actual_days=each.actual_days,
                estimated_days=each.estimated_days,
            )
        )
    return shown


def _text(thousandths: int) -> str:
    return f"{thousandths // _PARTS}.{thousandths % _PARTS:03d}"
