"""Reading windows open and close by the clock; what nobody read is estimated once, and trued up by the next reading."""

from datetime import date, timedelta

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from meters.app import run_meters
from meters.rules.days import Window
from meters.service_estimates import closed_windows
from meters.store_settings import ClockItem

from infra.build.jurisdictions import law
from shared.events.meters import EstimationDue
from shared.rounds import RoundFailedError
from tests.support import outbox, profile, put_organisation
from tests.unit.meters.import_world import ORG, ImportWorld, everything
from tests.unit.meters.test_imports import START, steady, table


@pytest.fixture
def world(cloud):
    with time_machine.travel("2026-11-22T12:00:00Z", tick=True):
        world = ImportWorld()
        put_organisation(profile(ORG, **law("PL")))
        ClockItem(pk="CLOCK", sk=f"ORG#{ORG}").save()
        yield world


def at(moment):
    return time_machine.travel(f"{moment}Z", tick=True)


def said(world, kind):
    """What the clock has said so far."""
    return [data for name, data in outbox("METERS_TABLE") if name == kind]


def clock(world, moment):
    with at(moment):
        done = run_meters({}, None)
        world.deliver()
    return done["opened"], done["closed"]


def test_a_window_is_opened_once_and_closed_once(world):
    world.set_rules(windows={"cold_water": [25, 2], "gas": [26, 28]}, estimation_policy="pl-last-period")
    assert clock(world, "2026-11-24T22:30:00") == (0, 0)
    assert clock(world, "2026-11-24T23:30:00") == (1, 0)  # midnight in Warsaw
    assert clock(world, "2026-11-25T00:30:00") == (0, 0)
    assert said(world, "ReadingWindowOpened") == [{"medium": "cold_water", "first": "2026-11-25", "last": "2026-12-02"}]
    assert clock(world, "2026-11-27T10:00:00") == (1, 0)
    assert clock(world, "2026-11-28T23:30:00") == (0, 1)
    assert clock(world, "2026-12-02T22:30:00") == (0, 0)
    assert clock(world, "2026-12-02T23:30:00") == (0, 1)
    assert clock(world, "2026-12-03T00:30:00") == (0, 0)
    due = said(world, "EstimationDue")
    assert {(each["medium"], each["first"], each["last"]) for each in due} == {
        ("gas", "2026-11-26", "2026-11-28"),
        ("cold_water", "2026-11-25", "2026-12-02"),
    }
    assert sorted(each["shard"] for each in due if each["medium"] == "gas") == list(range(8))


def test_what_nobody_read_is_estimated_once_and_trued_up(world):
    numbers = [f"W{n}" for n in range(24)]
    world.install(*numbers, "NEW", day=START)
    world.install("G", day=START, medium="gas")
    world.send(table(*(row for number in numbers for row in steady(number, months=range(8, 11)))))
    world.set_rules(windows={"cold_water": [20, 25]}, estimation_policy="pl-last-period")
    clock(world, "2026-11-22T12:00:00")
    world.send(table(("W3", "2026-11-22", "00145.000")))
    assert clock(world, "2026-11-26T12:00:00") == (0, 1)
    for number in numbers:
        kinds = [entry[0] for entry in world.stream(number)]
        assert kinds.count("estimated") == (number != "W3")
    # A hundred and fifty litres a day since 31 October.
    assert world.history("W5")[-1] == ("2026-11-25", "00144.700")
    assert [entry[0] for entry in world.stream("NEW")] == ["installed"]  # nothing to go by
    assert [entry[0] for entry in world.stream("G")] == ["installed"]
    assert world.head("W5").state.actual.day == date(2026, 10, 31)
    before = everything()
    assert clock(world, "2026-11-26T13:00:00") == (0, 0)
    for data in said(world, "EstimationDue")[:8]:
        with at("2026-11-26T14:00:00"):
            world.hear(EstimationDue.model_validate(data))
            world.deliver()
    assert everything() == before
    with at("2026-11-30T12:00:00"):
        done = world.send(table(("W5", "2026-11-30", "00144.500")))  # less than the estimate, more than was read
        assert world.counts(done) == (1, 0, 0, 0)
    assert world.head("W5").state.estimate is None
    assert world.stream("W5")[-1][0] == "read"


def test_an_outage_is_caught_up_with(world):
    world.install("W", day=START)
    world.send(table(*steady("W")))
    world.set_rules(windows={"cold_water": [1, 5]}, estimation_policy="pl-last-period")
    clock(world, "2026-11-22T12:00:00")
    # The clock stood still over the windows of December and January, and wakes in that of February.
    assert clock(world, "2027-02-03T12:00:00") == (1, 1)
    assert clock(world, "2027-02-03T13:00:00") == (0, 1)
    assert clock(world, "2027-02-03T14:00:00") == (0, 0)
    assert [each["first"] for each in said(world, "ReadingWindowOpened")] == ["2027-02-01"]
    assert [entry[2] for entry in world.stream("W") if entry[0] == "estimated"] == ["2026-12-05", "2027-01-05"]


def test_no_policy_no_estimates_and_a_new_window_is_not_made_up_for(world):
    world.install("W", day=START)
    world.send(table(*steady("W")))
    world.set_rules(windows={"cold_water": [1, 5]})
    clock(world, "2026-11-30T12:00:00")
    assert clock(world, "2026-12-06T12:00:00") == (0, 1)
    world.set_rules(windows={"cold_water": [6, 8]}, estimation_policy="pl-last-period")
    assert clock(world, "2026-12-20T12:00:00") == (0, 0)
    world.set_rules(windows={}, estimation_policy="pl-last-period")
    assert clock(world, "2026-12-21T12:00:00") == (0, 0)
    world.set_rules(windows={"cold_water": [6, 8]}, estimation_policy="pl-last-period")
    assert clock(world, "2027-03-20T12:00:00") == (0, 0)
    assert "estimated" not in [entry[0] for entry in world.stream("W")]


def test_one_organisation_that_fails_keeps_no_other_waiting(world):
    ClockItem(pk="CLOCK", sk="ORG#org_gone").save()
    ClockItem(pk="CLOCK", sk="ORG#org_a").save()
    world.set_rules(windows={"cold_water": [1, 28]})
    with at("2026-11-22T12:00:00"), pytest.raises(RoundFailedError):
        run_meters({}, None)
    assert len(said(world, "ReadingWindowOpened")) == 1


@settings(deadline=None)
@given(st.integers(1, 31), st.integers(1, 31), st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 300))
def test_closed_windows_are_those_of_the_days_between(first, last, after, days):
    window, today = Window(first, last), after + timedelta(days=days)
    found = closed_windows(window, after, today)
    assert found == sorted(found, key=lambda pair: pair[1])
    walked = {window.next(day) for day in (after - timedelta(days=40) + timedelta(days=n) for n in range(days + 80))}
    assert set(found) == {pair for pair in walked if after < pair[1] < today}
