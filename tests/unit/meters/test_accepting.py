"""Whatever comes in, in whatever order: what was accepted is a history that a counter can have."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from meters.rules.consumption import series
from meters.rules.stream import EMPTY, Event, effective, fold

from tests.unit.meters.builders import CHANNELS, LAST, accept, ask, at, found, installed, litres, read

_ROWS = st.tuples(
    st.integers(1, 400),
    st.one_of(st.integers(0, 60_000), st.integers(-60_000, 0), st.integers(0, 99_999_999)),
    st.sampled_from(CHANNELS),
    st.booleans(),
    st.sampled_from([None, None, "rolled_over", "replaced"]),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(_ROWS, min_size=2, max_size=14), st.sampled_from([0, 99_900_000]))
def test_accepted_history_goes_back_only_by_rollover(rows, start):
    events = [installed(LAST, (start,))]
    for number, (offset, more, channel, confirmed, claim) in enumerate(rows):
        day = LAST + timedelta(days=offset)
        value = (start + more) % 10**8
        judgement = ask(events, litres(value), day=day, channel=channel, confirmed=confirmed, claim=claim, today=day)
        if judgement.status != "accepted" or judgement.duplicate_of:
            continue
        place = next((event.place for event in events if event.event_id == judgement.supersedes), "500")
        events.append(accept(f"rdg_{number}", judgement, day, place))
        standing = effective(events)
        state = fold(EMPTY, standing)
        assert len({event.day for event in standing}) == len(standing) or offset == 0
        before = standing[0]
        for event in standing[1:]:
            assert event.values >= before.values or event.rolled == (0,)
            before = event
        assert all(use >= 0 for interval in series(standing).actual for use in interval.uses)
        # What a late reading says moves use between days; it never adds a round of the counter.
        assert state.actual.totals[0] == (before.values[0] - start + _rounds(standing) * 10**8) * 10**6


def _rounds(standing):
    return sum(later.values[0] < earlier.values[0] for earlier, later in pairwise(standing))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 9300), st.sampled_from(CHANNELS), st.integers(2, 4))
def test_the_same_again_never_makes_a_second_reading(use, channel, times):
    start, day = installed(LAST, (at(LAST),)), LAST + timedelta(days=31)
    events = [start]
    for number in range(times):
        judgement = ask(events, litres(at(LAST) + use), day=day, channel=channel, confirmed=True)
        assert judgement.status == "accepted"
        if not judgement.duplicate_of:
            events.append(accept(f"rdg_{number}", judgement, day))
    assert [event.event_id for event in events] == ["evt_install", "rdg_0"]


def test_between_two_readings_of_one_round_no_register_goes_past_its_end():
    events = [installed(LAST, (99_990_000,)), read(LAST + timedelta(days=60), 99_995_000)]
    day = LAST + timedelta(days=30)
    for channel in ("portal", "staff"):
        judgement = ask(events, "00001.000", day=day, channel=channel, confirmed=True, claim="rolled_over", today=day)
        assert (judgement.status, found(judgement, "DECREASE")) == ("rejected", "reject")


def test_between_two_rounds_it_may_go_past_its_end_once():
    after = Event("r", "rolled_over", LAST + timedelta(days=60), "5", (4_000,), rolled=(0,))
    events, day = [installed(LAST, (99_996_000,)), after], LAST + timedelta(days=30)
    for text, status, rolled in (
        ("99999.000", "accepted", ()),
        ("00002.000", "accepted", (0,)),
        ("00004.001", "rejected", ()),
    ):
        judgement = ask(events, text, day=day, channel="staff", confirmed=True, today=day)
        assert (judgement.status, judgement.rolled) == (status, rolled)
    between = replace(after, event_id="b", day=day, values=(2_000,))
    assert fold(EMPTY, [events[0], between, after]).actual.totals == (8_000 * 10**6,)
