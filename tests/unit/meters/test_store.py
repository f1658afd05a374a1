"""The table against the rules: what a meter hands over, whatever came in, in whatever order."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from meters.accepting import Acceptance
from meters.codec import decode, encode
from meters.installing import Installation, stage_installation
from meters.keeping import say
from meters.readings import Circumstances, Reading
from meters.rules.handover import CHECKPOINT_EVERY, hand_over
from meters.rules.stream import EMPTY, effective, step
from meters.rules.vocabulary import Device
from meters.store import find_meter
from meters.store_events import EventItem

from shared.errors import Conflict
from shared.events.envelope import Metadata
from shared.tables import UnitOfWork
from tests.unit.meters.builders import WATER, litres
from tests.unit.meters.histories import histories

ORG = "org_test"
DEVICE = Device(digits=5, decimals=3)
START = date(2024, 1, 1)
TODAY = date(2027, 12, 31)
GIVEN = Circumstances(TODAY, WATER)
_NUMBERS = iter(range(10**6))


def unit():
    return UnitOfWork("METERS_TABLE", Metadata(correlation_id="cor_1", organisation_id=ORG, actor="per_sara"))


def install(device=DEVICE, day=START, opening=("00100.000",)):
    uow = unit()
    number = f"N{next(_NUMBERS)}"
    taking = stage_installation(uow, Installation(number, "cold_water", device, day, opening, "com_1"), TODAY)
    uow.commit()
    return taking.meter.meter_id


def accepting(meter_id):
    return Acceptance(find_meter(ORG, meter_id), GIVEN)


def stored(meter_id):
    """All items of a stream as they stand in the table: those that count, and the others."""
    items = list(EventItem.query(f"ORG#{ORG}#METER#{meter_id}", consistent_read=True))
    counted = [item for item in items if item.sk.startswith("EVENT#")]
    aside = [item for item in items if item.sk.startswith("ASIDE#")]
    return counted, aside


@settings(max_examples=60, deadline=None)
@given(histories(most=70))
def test_a_state_is_packed_and_unpacked_as_it_is(history):
    state = EMPTY
    for event in history.events:
        state = step(state, event)[0]
        assert decode(encode(state)) == state
    assert decode(encode(EMPTY)) == EMPTY


def check_store(meter_id):
    """The head, every kept state and every use agree with what the rules make of all the events that count."""
    counted, aside = stored(meter_id)
    events = [item.event() for item in counted]
    assert [event.event_id for event in effective(events)] == [event.event_id for event in events]
    meter = find_meter(ORG, meter_id)
    state, since = EMPTY, 0
    for item in counted:
        before = state
        # Raises where a counter goes backwards other than by a replacement or past its end.
        state = step(state, item.event())[0]
        since += 1
        if item.packed:
            assert decode(item.packed) == state
            since = 0
        assert since < CHECKPOINT_EVERY
        interval = step(before, item.event())[1]
        assert item.uses == (list(interval.uses) if interval else None)
    assert meter.state == state
    assert int(meter.events) == len(events)
    assert int(meter.since_checkpoint) == since
    assert (meter.last_day, meter.last_place) == (counted[-1].day.isoformat(), counted[-1].place)
    held = [item for item in aside if item.status == "held"]
    assert int(meter.held) == len(held)
    assert {each[0] for each in meter.waiting or []} <= {item.event_id for item in held}
    return events, held


_MOVES = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("read",) * 8,
                *("late",) * 3,
                "correct",
                "correct",
                "same_day",
                "estimated",
                "sealed",
                "replaced",
                "reject",
                "accept",
            ]
        ),
        st.integers(0, 10**6),
        st.integers(0, 45),
    ),
    min_size=8,
    max_size=20,
)


_PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
# A held reading that takes the place of another on its day, and is looked for afterwards.
_MOVED = [
    ("read", 1, 18), ("reject", 1827, 33), ("read", 524289, 19), ("replaced", 115, 28), ("same_day", 23323, 28), ("read", 25849, 0),
    ("read", 2199, 0), ("read", 38785, 42), ("read", 63259, 24), ("accept", 700, 17), ("late", 2349, 38), ("late", 45269, 15),
    ("late", 21198, 33), ("read", 176, 0), ("read", 3730, 43),
]  # fmt: skip


@pytest.mark.usefixtures("cloud")
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), phases=_PHASES)
@given(_MOVES, st.integers(2, 6))
@example(_MOVED, 3)
def test_the_table_hands_over_what_the_rules_do(moves, together):
    meter_id = install()
    last = _history(meter_id, 40)
    for at in range(0, len(moves), together):
        uow, taking = unit(), accepting(meter_id)
        latest = last
        try:
            for move, number, step in moves[at : at + together]:
                latest = _move(taking, latest, move, number, step)
        except Conflict:
            continue  # nothing of this unit of work is kept
        last = latest
        taking.finish(uow)
        say(uow, [taking])
        assert uow.size <= 1 + taking.size
        uow.commit()
    events, held = check_store(meter_id)
    _check_hand_overs(meter_id, events, [item.known() for item in held], last)


def _history(meter_id, readings):
    """Readings at every twenty days, in one commit; the last day."""
    uow, taking = unit(), accepting(meter_id)
    days = [START + timedelta(days=20 * number) for number in range(1, readings + 1)]
    for day in days:
        value = 100_000 + (day - START).days * 150 + day.day
        assert taking.take(Reading(day, (litres(value),), "staff", confirmed=True)).status == "accepted"
    taking.finish(uow)
    uow.commit()
    return days[-1]


def _check_hand_overs(meter_id, events, known, last):
    taking = accepting(meter_id)
    for back in range(0, 40, 11):
        day = last - timedelta(days=back)
        expected, got = hand_over(events, day, held=known), taking.hand_over(day, None, set())
        assert got.state == expected.state
        assert (got.around.after, got.around.installed) == (expected.around.after, expected.around.installed)
        same = expected.around.same_day
        if same is None or same.status == "accepted":
            assert got.around.same_day == same
        else:
            assert (got.around.same_day.status, got.around.same_day.day) == ("held", day)
    for event in [event for event in events if event.kind in ("read", "rolled_over")][-5:]:
        for day in (event.day, event.day + timedelta(days=3), event.day - timedelta(days=2)):
            corrected = taking.find(event.event_id, day)
            expected = hand_over(events, day, held=known, without=event.event_id)
            got = taking.hand_over(day, corrected, {event.event_id})
            assert (got.state, got.around.after) == (expected.state, expected.around.after)


def _move(taking, last, move, number, step):
    """One thing that happens to the meter; readings grow with their days, give or take what makes them fall or wait."""
    day = last + timedelta(days=step)
    if move in ("late", "correct"):
        day = START + timedelta(days=number % ((last - START).days + 1))
    elif move == "same_day":
        day = last
    value = 100_000 + (day - START).days * 150 + (number % 20_000 if move == "correct" else number % 97)
    text = litres(value)
    actual = taking.state.actual
    if move == "estimated":
        if actual.day < day:
            taking.record("estimated", day, values=[text])
    elif move == "sealed":
        taking.record("sealed", day, seal=str(number))
    elif move == "replaced":
        closing = litres(actual.values[0])
        taking.record("replaced", max(day, actual.day), values=[text], closing=[closing], device=[5, 3, 1, 1000, None])
    elif move in ("reject", "accept"):
        _decide(taking, move)
        return last
    else:
        supersedes = ""
        run = taking.stream.backward("EVENT#~") if move == "correct" else ()
        counted = [item for item in run if item.kind in ("read", "rolled_over")]
        if counted:
            corrected = counted[number % len(counted)]
            supersedes, day = corrected.event_id, corrected.day + timedelta(days=number % 3 - 1)
        channel = ("staff", "file", "portal")[number % 3]
        taking.take(Reading(day, (text,), channel, confirmed=number % 5 > 0, supersedes=supersedes))
    return max(last, day)


def _decide(taking, decision):
    waiting = taking.meter.waiting or []
    if not waiting:
        return
    reading_id, day, *_ = waiting[0]
    item = next(each for each in taking.held_on(date.fromisoformat(day)) if each.event_id == reading_id)
    if decision == "reject":
        taking.reject_held(item, {"decision": "reject"})
    else:
        taking.accept_held(item, None, {"decision": "accept"})
