"""A change in the past: what comes after is judged as if it came in only now."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st
from meters.rules.checks import judge
from meters.rules.handover import hand_over
from meters.rules.replay import replay
from meters.rules.stream import EMPTY, READINGS, Event, StreamError, effective, fold
from meters.rules.submissions import Situation, Submission
from meters.rules.vocabulary import Device

from tests.unit.meters.builders import BASE, LAST, START, WATER, ask, at, found, litres, read, steady
from tests.unit.meters.histories import histories

QUICK = settings(max_examples=40, deadline=None)


def _situation(event):
    return Situation(today=event.day, limits=WATER, occupied=True)


@QUICK
@given(histories(most=20), st.data())
def test_after_a_correction_the_rest_is_judged_as_in_a_full_replay(history, data):
    """From the state before the corrected reading and what follows it, the same comes out as from the whole stream."""
    first = replay(EMPTY, history.events, _situation)
    known = list(first.events)
    readings = [at for at, event in enumerate(known) if event.kind in READINGS]
    assume(readings)
    cut = data.draw(st.sampled_from(readings))
    wrong = known[cut]
    other = tuple(max(0, value - data.draw(st.integers(0, 30))) for value in wrong.values)
    right = replace(wrong, event_id="rdg_right", values=other, supersedes=wrong.event_id, codes=())
    judgement = judge(fold(EMPTY, known[:cut]), _submission(right, known[:cut]), _situation(right))
    assume(judgement.status == "accepted")
    right = replace(right, kind=judgement.kind, rolled=judgement.rolled)
    try:
        partly = replay(fold(EMPTY, known[:cut]), effective([*known[cut:], right]), _situation)
    except StreamError:  # the closing values of a counter that was replaced later contradict it
        reject()
    whole = replay(EMPTY, effective([*known, right]), _situation)
    assert partly.state == whole.state
    assert known[:cut] + list(partly.events) == list(whole.events)
    before = sum(event.kind in READINGS for event in known[:cut])
    assert partly.readings == whole.readings[before:]
    assert "rdg_right" in {event.event_id for event in partly.events}


def _submission(event, before):
    device = fold(EMPTY, before).device
    texts = tuple(f"{value / 10**device.decimals:.{device.decimals}f}" for value in event.values)
    return Submission(event.day, texts, "staff", confirmed=True, claim="rolled_over" if event.rolled else None)


@QUICK
@given(st.randoms(), st.lists(st.integers(0, 20_000), min_size=4, max_size=12))
def test_an_imports_readings_come_to_the_same_in_any_order(random, uses):
    """Those that are true: each is accepted whenever it comes, and the stream and its judgements are the same in the end."""
    base, rows = at(LAST), []
    for number, use in enumerate(uses, 1):
        base += use
        rows.append((LAST + timedelta(days=30 * number), base))

    def arrive(order):
        events = steady()
        for day, value in order:
            judgement = ask(events, litres(value), day=day, channel="staff", confirmed=True, today=date(2028, 1, 1))
            assert judgement.status == "accepted"
            events.append(read(day, value, codes=judgement.codes))
            given_before = hand_over(effective(events), day).state
            later = [event for event in effective(events) if event.day >= day]
            again = replay(given_before, later, _situation)
            events = [event for event in events if event.day < day] + list(again.events)
        return events

    mixed = list(rows)
    random.shuffle(mixed)
    assert arrive(mixed) == arrive(rows)


def test_a_correction_may_take_back_what_was_said_of_the_next_reading():
    wrong = read(date(2026, 10, 31), at(date(2026, 10, 31)) + 4000, codes=())
    following = date(2026, 11, 30)
    low = ask([*steady(), wrong], litres(at(following)), day=following, today=following, confirmed=True)
    assert found(low, "LOW") == "warn"
    stored = read(following, at(following), codes=low.codes)
    right = replace(wrong, event_id="rdg_right", values=(at(wrong.day),), supersedes=wrong.event_id)
    done = replay(fold(EMPTY, steady()), effective([wrong, stored, right]), _situation)
    again = done.readings[-1]
    assert (again.event.event_id, again.judgement.codes, again.is_changed) == (stored.event_id, (), True)


def test_a_reading_that_the_counter_cannot_have_shown_falls():
    low = read(date(2026, 10, 31), at(LAST) + 100)
    later = read(date(2026, 11, 30), at(LAST) + 5000)
    forced = replace(low, event_id="rdg_right", values=(at(LAST) + 9000,), supersedes=low.event_id)
    done = replay(fold(EMPTY, steady()), effective([low, later, forced]), _situation)
    assert [event.event_id for event in done.events] == ["rdg_right"]
    assert done.readings[-1].judgement.codes[0] == "DECREASE"
    assert done.readings[-1].is_fallen
    assert done.readings[-1].is_changed
    assert done.state.actual.values == forced.values


def test_a_reading_does_not_become_a_rollover_by_itself():
    start = replace(steady()[0], values=(99_990_000,))
    first, later = read(date(2025, 2, 28), 99_991_000), read(date(2025, 3, 31), 99_995_000)
    raised = replace(first, event_id="rdg_right", values=(99_999_000,), supersedes=first.event_id)
    done = replay(EMPTY, effective([start, first, later, raised]), _situation)
    assert [event.event_id for event in done.events] == [start.event_id, "rdg_right"]
    assert done.readings[-1].is_fallen


def test_a_rollover_of_one_register_excuses_no_other():
    two = replace(steady()[0], values=(50_000_000, 99_998_000), device=Device(5, 3, registers=2))
    day = date(2025, 2, 28)
    texts = ("49999.000", "00001.000")
    for claimed, rolled in (((1,), ()), ((), (0, 1))):
        judgement = ask([two], *texts, day=day, channel="staff", confirmed=True, claim="rolled_over", claimed=claimed)
        assert judgement.rolled == rolled
        assert (judgement.status == "rejected") == (claimed == (1,))


def test_window_and_duplicate_are_of_the_day_on_which_it_came_in():
    first = read(date(2026, 10, 31), at(date(2026, 10, 31)), codes=("WINDOW", "DUPLICATE"))
    done = replay(fold(EMPTY, steady()), [first], _situation)
    assert not done.readings[0].is_changed
    assert done.events == (first,)


# What a store hands over


def test_a_reading_is_handed_the_state_before_its_day_and_its_neighbours():
    march = hand_over(steady(), date(2026, 3, 31))
    assert march.state == fold(EMPTY, [event for event in steady() if event.day < date(2026, 3, 31)])
    assert march.around.same_day.values == (at(date(2026, 3, 31)),)
    assert march.around.after.day == date(2026, 4, 30)
    assert hand_over(steady(), date(2026, 10, 5)).state == fold(EMPTY, steady())
    assert hand_over(steady(), date(2026, 10, 5)).around.after is None


NEW = Event("evt_new", "replaced", date(2026, 10, 10), "900", (0,), (at(LAST) + 1500,), device=Device(5, 3))


def test_on_the_day_of_a_replacement_a_reading_is_of_the_new_counter():
    morning = read(NEW.day, at(LAST) + 1400, place="100")
    events = [*steady(), morning, NEW]
    given_to = hand_over(events, NEW.day)
    assert given_to.around.same_day is None
    assert given_to.state.actual.values == (0,)
    assert ask(events, "0.010", day=NEW.day).status == "accepted"


def test_a_correction_of_the_morning_is_of_the_old_counter():
    morning = read(NEW.day, at(LAST) + 1400, place="100")
    events = [*steady(), morning, NEW]
    assert ask(events, litres(at(LAST) + 1450), day=NEW.day, supersedes=morning.event_id).status == "accepted"
    beyond = ask(events, litres(at(LAST) + 1501), day=NEW.day, supersedes=morning.event_id)
    assert found(beyond, "DECREASE") == "reject"
    assert ask(events, litres(at(LAST) + 1600), day=date(2026, 10, 9)).findings[0].params["side"] == "later"


def test_a_counter_that_was_removed_bounds_what_was_before():
    gone = Event("evt_gone", "removed", date(2026, 10, 20), "900", closing=(at(LAST) + 1000,))
    assert hand_over([*steady(), gone], date(2026, 10, 5)).around.after.values == gone.closing
    unread = replace(gone, closing=())
    assert hand_over([*steady(), unread], date(2026, 10, 5)).around.after is None


def test_before_installation_only_its_day_is_known():
    given_to = hand_over(steady(), START - timedelta(days=3))
    assert given_to.state == EMPTY
    assert given_to.around.installed == START
    assert given_to.around.after.values[0] > BASE
