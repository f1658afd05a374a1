"""Any past consumption, from the stream alone."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from meters.rules.consumption import a_year_before, by_month, consumption, series
from meters.rules.stream import EMPTY, Event, Interval, fold
from meters.rules.vocabulary import Device

from tests.unit.meters.builders import LAST, START, at, installed, read, steady
from tests.unit.meters.histories import BEGIN, histories

QUICK = settings(max_examples=60, deadline=None)
LITRE = 10**6


@QUICK
@given(histories(), st.lists(st.integers(-40, 2200), min_size=2, max_size=6))
def test_the_parts_of_a_period_add_up_to_the_whole(history, offsets):
    known = series(history.events)
    days = sorted(BEGIN + timedelta(days=offset) for offset in offsets)
    parts = [consumption(known, start, end) for start, end in pairwise(days)]
    whole = consumption(known, days[0], days[-1])
    assert sum(part.total for part in parts) == whole.total
    assert sum(part.estimated for part in parts) == whole.estimated
    assert tuple(map(sum, zip(*(part.uses for part in parts), strict=True))) == whole.uses
    months = by_month(known, days[0], days[-1])
    assert sum(month.total for month in months) == whole.total
    assert sum(month.actual_days + month.estimated_days for month in months) == whole.actual_days + whole.estimated_days
    assert all(part.total >= 0 for part in [*parts, *months])


@QUICK
@given(histories())
def test_all_of_it_is_what_was_really_used(history):
    """Through replacements by other kinds of counters, rollovers, multipliers and estimates."""
    used = consumption(series(history.events), BEGIN - timedelta(days=1), history.end)
    assert used.total - used.estimated == history.true[-1][1]


@QUICK
@given(histories())
def test_between_actual_readings_it_is_exact(history):
    known = series(history.events)
    last = dict(history.true)  # of several readings of one day, the last
    for (day, total), (until, then) in pairwise(last.items()):
        used = consumption(known, day, until)
        assert used.total - used.estimated == then - total


@QUICK
@given(histories(), st.data())
def test_it_may_be_recomputed_from_any_state_on_the_way(history, data):
    reals = [at for at, event in enumerate(history.events) if event.kind not in ("estimated", "verified", "sealed")]
    cut = data.draw(st.sampled_from(reals)) + 1
    state = fold(EMPTY, history.events[:cut])
    rest = series(history.events[cut:], state)
    start = state.actual.day
    end = history.end
    assert consumption(rest, start, end).total == consumption(series(history.events), start, end).total


def test_months_of_a_steady_household():
    months = by_month(series(steady()), date(2026, 1, 31), date(2026, 4, 30))
    assert [month.total for month in months] == [28 * 150 * LITRE, 31 * 150 * LITRE, 30 * 150 * LITRE]
    assert (months[0].start, months[0].end) == (date(2026, 1, 31), date(2026, 2, 28))


def test_a_reading_in_the_middle_of_a_month_is_spread_over_its_days():
    events = [installed(), read(date(2025, 3, 15), 100_000 + 43 * 100)]
    february, march = by_month(series(events), START, date(2025, 3, 31))
    assert (february.total, february.actual_days) == (28 * 100 * LITRE, 28)
    assert (march.total, march.actual_days) == (15 * 100 * LITRE, 15)


def test_before_the_first_and_after_the_last_reading_nothing_is_known():
    unknown = consumption(series(steady()), LAST, date(2026, 12, 31))
    assert (unknown.total, unknown.actual_days, unknown.estimated_days) == (0, 0, 0)


def test_the_same_period_last_year():
    known = series(steady())
    this = consumption(known, date(2026, 1, 31), date(2026, 2, 28))
    before = a_year_before(known, this)
    assert (before.start, before.end, before.total) == (date(2025, 1, 31), date(2025, 2, 28), 28 * 150 * LITRE)


def test_an_estimate_counts_until_it_is_trued_up():
    guess = Event("evt_guess", "estimated", date(2026, 10, 31), "500", (at(LAST) + 6200,))
    second = Event("evt_more", "estimated", date(2026, 11, 15), "500", (at(LAST) + 9200,))
    known = series([*steady(), guess, second])
    october, november = by_month(known, LAST, date(2026, 11, 30))
    assert (october.total, october.estimated, october.estimated_days) == (6200 * LITRE, 6200 * LITRE, 31)
    assert (november.total, november.estimated_days, november.actual_days) == (3000 * LITRE, 15, 0)
    real = read(date(2026, 11, 30), at(date(2026, 11, 30)))
    october, november = by_month(series([*steady(), guess, second, real]), LAST, date(2026, 11, 30))
    assert (october.total, october.estimated) == (31 * 150 * LITRE, 0)
    assert november.total == 30 * 150 * LITRE


def test_a_later_estimate_that_is_lower_takes_nothing_back():
    guess = Event("evt_guess", "estimated", date(2026, 10, 31), "500", (at(LAST) + 6200,))
    lower = Event("evt_less", "estimated", date(2026, 11, 15), "500", (at(LAST) + 6000,))
    assert consumption(series([*steady(), guess, lower]), LAST, date(2026, 11, 30)).total == 6200 * LITRE


def test_replacement_in_the_middle_of_a_month_with_other_registers():
    new = Event("evt_new", "replaced", date(2026, 10, 10), "900", (5, 0), (at(LAST) + 1500,), device=Device(6, 3, 2))
    used = consumption(series([*steady(), new, read(date(2026, 10, 31), 2005, 1000)]), LAST, date(2026, 10, 31))
    assert used.uses == (3500 * LITRE, 1000 * LITRE)


def test_two_readings_of_one_day():
    same = Interval(LAST, LAST, (5,))
    assert (same.until(LAST - timedelta(days=1)), same.until(LAST)) == ((0,), (5,))
