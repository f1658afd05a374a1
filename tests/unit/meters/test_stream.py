"""The state kept with a meter is what the whole stream comes to, and its size does not grow."""

import pickle
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from meters.rules.consumption import consumption, series
from meters.rules.days import month_end
from meters.rules.stream import EMPTY, MARKS, READINGS, RECENT, Event, StreamError, effective, fold, step
from meters.rules.vocabulary import Device
from pydantic import TypeAdapter

from tests.unit.meters.builders import DEVICE, LAST, START, at, installed, read, steady
from tests.unit.meters.histories import BEGIN, histories

QUICK = settings(max_examples=60, deadline=None)


@QUICK
@given(histories(same_registers=True))
def test_aggregates_kept_along_the_way_are_those_of_the_whole_stream(history):
    state = fold(EMPTY, history.events)
    whole = series(history.events)
    lasting = [interval for interval in whole.actual if interval.days]
    assert state.recent == tuple(lasting[-RECENT:])
    assert sum(state.actual.totals) == history.true[-1][1]
    for mark in state.marks:
        assert mark.day in (BEGIN, month_end(mark.day))
        # On the first day only what was read then counts: a period that begins the day before holds it.
        used = consumption(replace(whole, estimated=()), BEGIN - timedelta(days=1), mark.day)
        assert mark.totals == (used.uses or (0,) * len(mark.totals))
    ends = [BEGIN]
    while month_end(ends[-1] + timedelta(days=1)) <= state.actual.day:
        ends.append(month_end(ends[-1] + timedelta(days=1)))
    assert [mark.day for mark in state.marks] == ends[-MARKS:]


@QUICK
@given(histories(), st.data())
def test_a_state_on_the_way_and_the_rest_give_the_same(history, data):
    cut = data.draw(st.integers(1, len(history.events)))
    assert fold(fold(EMPTY, history.events[:cut]), history.events[cut:]) == fold(EMPTY, history.events)


@QUICK
@given(histories(), st.randoms())
def test_the_order_of_arrival_does_not_matter(history, random):
    mixed = list(history.events)
    random.shuffle(mixed)
    assert effective(mixed) == history.events
    assert fold(EMPTY, effective(mixed)) == fold(EMPTY, history.events)


@QUICK
@given(histories())
def test_no_use_is_ever_negative(history):
    whole = series(history.events)
    assert all(use >= 0 for interval in (*whole.actual, *whole.estimated) for use in interval.uses)


@QUICK
@given(histories())
def test_a_state_survives_being_stored(history):
    stored = TypeAdapter(type(EMPTY))
    state = fold(EMPTY, history.events)
    assert stored.validate_json(stored.dump_json(state)) == state


def test_the_state_of_ten_years_is_no_larger_than_that_of_three():
    long, short = (fold(EMPTY, steady(until=date(year, 12, 31))) for year in (2035, 2028))
    assert (len(long.marks), len(long.recent)) == (len(short.marks), len(short.recent)) == (MARKS, RECENT)
    assert abs(len(pickle.dumps(long)) - len(pickle.dumps(short))) < 64


def test_a_superseded_reading_is_gone_and_its_correction_stands_in_its_place():
    wrong = read(date(2026, 10, 31), at(LAST) + 9000)
    right = Event("rdg_right", "read", wrong.day, wrong.place, (at(wrong.day),), supersedes=wrong.event_id)
    assert fold(EMPTY, effective([*steady(), wrong, right])) == fold(EMPTY, effective([*steady(), right]))
    again = replace(right, event_id="rdg_again", supersedes="rdg_right")
    kept = effective([*steady(), wrong, right, again])
    assert [event.event_id for event in kept if event.day == wrong.day] == ["rdg_again"]


def test_a_reading_put_in_before_a_rollover_takes_it_over():
    rolled = read(date(2026, 12, 31), 50, kind="rolled_over", rolled=(0,))
    start = installed(date(2026, 10, 31), (99_999_900,))
    between = read(date(2026, 11, 30), 20, kind="rolled_over", rolled=(0,))
    for events in ([start, rolled], [start, between, rolled]):
        assert fold(EMPTY, events).actual.totals == (150 * 10**6,)


def test_replacement_sums_up_old_and_new():
    new = Event("evt_new", "replaced", date(2026, 10, 10), "900", (7,), (at(LAST) + 1500,), device=Device(6, 1))
    state = fold(EMPTY, [*steady(), new, read(date(2026, 10, 31), 40)])
    assert state.actual.totals == ((at(LAST) - at(START) + 1500) * 10**6 + 33 * 10**8,)
    assert state.device_since == new.day
    assert state.installed == START


def test_another_number_of_registers_begins_anew():
    new = Event("evt_new", "replaced", date(2026, 10, 10), "900", (0, 0), (at(LAST) + 1500,), device=Device(6, 0, 2))
    state = fold(EMPTY, [*steady(), new])
    assert (state.recent, state.actual.totals) == ((), (0, 0))
    assert [mark.day for mark in state.marks] == [new.day]


def test_an_estimate_that_a_reading_has_overtaken_is_void():
    guess = Event("evt_guess", "estimated", date(2026, 10, 31), "500", (at(LAST) + 1000,))
    late = read(date(2026, 10, 20), at(LAST) + 2000)
    assert fold(EMPTY, [*steady(), guess]).estimate.values == guess.values
    assert fold(EMPTY, effective([*steady(), guess, late])).estimate is None


def test_seals_and_stamps_are_the_latest():
    stamp = Event("evt_stamp", "verified", LAST, "900", verified_until=date(2031, 9, 30))
    seal = Event("evt_seal", "sealed", LAST, "901", seal="PL-77")
    state = fold(EMPTY, [*steady(), stamp, seal])
    assert (state.verified_until, state.seal) == (date(2031, 9, 30), "PL-77")


@pytest.mark.parametrize(
    ("event", "fault"),
    [
        (read(date(2026, 10, 31), at(LAST) - 1), "decrease"),
        (read(date(2026, 9, 1), at(LAST)), "order"),
        (read(date(2026, 10, 31), at(LAST), 5), "registers"),
        (Event("e", "estimated", date(2026, 10, 31), "1", (1, 2)), "registers"),
        (Event("e", "replaced", date(2026, 10, 31), "1", (0,), (at(LAST),)), "device"),
        (Event("e", "installed", date(2026, 10, 31), "1", (0, 0), device=DEVICE), "registers"),
    ],
)
def test_what_no_counter_can_have_gone_through(event, fault):
    with pytest.raises(StreamError, match=fault):
        step(fold(EMPTY, steady()), event)


def test_nothing_is_read_before_it_hangs_nor_after_it_is_gone():
    with pytest.raises(StreamError, match="device"):
        step(EMPTY, read(LAST, 1))
    gone = fold(EMPTY, [*steady(), Event("e", "removed", LAST, "900")])
    assert gone.removed == LAST
    with pytest.raises(StreamError, match="removed"):
        step(gone, read(date(2026, 10, 31), at(LAST)))


@pytest.mark.parametrize(
    "fields",
    [
        {"digits": 0},
        {"digits": 13},
        {"decimals": 7},
        {"registers": 0},
        {"registers": 5},
        {"multiplier_milli": 0},
        {"max_flow": 0},
    ],
)
def test_no_such_counter(fields):
    with pytest.raises(ValueError):
        Device(**{"digits": 5, **fields})


def test_readings_are_the_two_kinds():
    assert frozenset({"read", "rolled_over"}) == READINGS
