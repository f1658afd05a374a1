"""What is not one's own, what waits, what was claimed or refused: nothing of it goes, or is lost, without staff."""

from datetime import date

import pytest
from meters.accepting import Acceptance
from meters.readings import Reading, circumstances
from meters.rules.submissions import Known
from meters.rules.vocabulary import Device
from meters.store import find_meter
from meters.store_settings import settings_of

from shared.events.envelope import Metadata
from shared.tables import UnitOfWork
from tests.unit.meters import builders
from tests.unit.meters.conftest import DAILY, ORG, litres

LAST = date(2026, 10, 31)
BASE = 100_000 + DAILY * (LAST - date(2024, 10, 31)).days
TODAY = date(2026, 11, 22)
NOW = BASE + DAILY * 22
TOO_HIGH = BASE + 22 * DAILY * 12


def codes(body):
    return [each["code"] for each in body["findings"]]


def bring(meter_id, day, value):
    """A reading from a file."""
    metadata = Metadata(correlation_id="cor_1", organisation_id=ORG, actor="per_sara")
    uow = UnitOfWork("METERS_TABLE", metadata)
    meter = find_meter(ORG, meter_id)
    taking = Acceptance(meter, circumstances(settings_of(ORG), meter, None, TODAY))
    outcome = taking.take(Reading(day, (litres(value),), "file"))
    taking.finish(uow)
    uow.commit()
    return outcome


def accepted_on(world, meter_id, day):
    return [
        each["values"][0]
        for each in world.entries(meter_id)
        if each["date"] == day.isoformat() and each["status"] == "accepted"
    ]


def test_a_household_puts_right_only_its_own_last_reading(world, steady):
    # Staff's reading of October, in the form of a question first.
    asked = world.read(steady, world.anna, LAST, BASE + 100, status=422)
    assert (asked["code"], codes(asked), asked["findings"][0]["severity"]) == (
        "reading_questioned", ["DUPLICATE"], "hold"
    )  # fmt: skip
    held = world.read(steady, world.anna, LAST, BASE + 100, confirmed=True)
    assert held["status"] == "held"
    assert accepted_on(world, steady, LAST) == [litres(BASE)]
    # Three times the same is one in the queue, whoever sends it; another value of its own takes its place.
    for token in (world.anna, world.sara, world.anna):
        again = world.read(steady, token, LAST, BASE + 100, confirmed=True)
        assert (again["reading_id"], codes(again)[-1]) == (held["reading_id"], "DUPLICATE")
    other = world.read(steady, world.anna, LAST, BASE + 200, confirmed=True)
    assert [each["reading_id"] for each in world.held()] == [other["reading_id"]]
    assert world.decide(other["reading_id"], decision="accept")["status"] == "accepted"
    assert accepted_on(world, steady, LAST) == [litres(BASE + 200)]
    # Staff decided on it: now it is not the household's any more, named as a correction or not.
    for more in ({}, {"supersedes": other["reading_id"]}):
        assert world.read(steady, world.anna, LAST, BASE + 90, confirmed=True, **more)["status"] == "held"
    assert accepted_on(world, steady, LAST) == [litres(BASE + 200)]
    # Its own last one it may, an older one of its own it may not.
    own = world.read(steady, world.anna, date(2026, 11, 10), BASE + 10 * DAILY)
    world.read(steady, world.anna, date(2026, 11, 10), BASE + 10 * DAILY + 5, confirmed=True)
    assert accepted_on(world, steady, date(2026, 11, 10)) != own["values"]
    world.read(steady, world.anna, TODAY, NOW)
    assert world.read(steady, world.anna, date(2026, 11, 10), BASE + 10 * DAILY + 9, confirmed=True)["status"] == "held"
    # Staff need nobody.
    assert world.read(steady, world.sara, TODAY, NOW + 10, confirmed=True)["status"] == "accepted"


def test_an_import_takes_nothing_away_that_waits(world, steady):
    held = world.read(steady, world.anna, TODAY, TOO_HIGH, confirmed=True)
    for _ in range(2):
        outcome = bring(steady, TODAY, NOW)
        assert outcome.status == "held"
    assert outcome.repeated
    assert [each["reading_id"] for each in world.held()] == [held["reading_id"], outcome.reading_id]
    # Staff decide on each of them.
    world.decide(outcome.reading_id, decision="accept")
    assert [each["reading_id"] for each in world.held()] == [held["reading_id"]]
    world.decide(held["reading_id"], decision="accept")
    assert accepted_on(world, steady, TODAY) == [litres(TOO_HIGH)]


def test_a_claimed_replacement_waits_though_the_new_counter_shows_more(world, steady):
    check = world.check(steady, world.anna, TODAY, NOW, claim="replaced")
    assert check["status"] == "submitted"
    held = world.read(steady, world.anna, TODAY, NOW, confirmed=True, claim="replaced")
    assert (held["status"], held["consumption"]) == ("held", None)
    params = held["findings"][0]["message_params"]
    assert (params["side"], params["bound"], params["bound_day"]) == ("claimed", litres(BASE), "2026-10-31")
    assert world.decide(held["reading_id"], 409, decision="accept")["code"] == "decision_refused"
    world.replace(steady, date(2026, 11, 10), BASE + 1_500, "WZ-2", opening=NOW - 1_000)
    accepted = world.decide(held["reading_id"], decision="accept")
    assert (accepted["status"], accepted["consumption"]["uses"]) == ("accepted", ["1.000"])
    # Why it had waited stays with it.
    entry = next(each for each in world.entries(steady) if each["entry_id"] == held["reading_id"])
    assert codes(entry)[0] == "DECREASE"


def test_what_a_reading_was_held_for_stays_with_it(world, steady):
    held = world.read(steady, world.anna, TODAY, TOO_HIGH, confirmed=True)
    # A reading in between makes it usual.
    world.read(steady, world.sara, date(2026, 11, 21), TOO_HIGH - DAILY, confirmed=True)
    accepted = world.decide(held["reading_id"], decision="accept")
    assert accepted["findings"][0] == held["findings"][0]
    assert world.entries(steady)[0]["findings"][0] == held["findings"][0]
    assert world.events("ReadingsAccepted")[-1]["readings"][0]["codes"] == []


def test_a_correction_does_not_move_onto_another_reading(world, steady):
    day = date(2026, 11, 21)
    world.read(steady, world.anna, day, NOW - 200)
    last = world.read(steady, world.anna, TODAY, NOW)
    for value in (NOW, NOW - 200):
        refused = world.read(steady, world.anna, day, value, status=422, confirmed=True, supersedes=last["reading_id"])
        assert (refused["code"], codes(refused)) == ("reading_rejected", ["DUPLICATE"])
    assert (accepted_on(world, steady, day), accepted_on(world, steady, TODAY)) == ([litres(NOW - 200)], [litres(NOW)])


def test_a_photo_sent_afterwards_reaches_staff(world, steady):
    held = world.read(steady, world.anna, TODAY, TOO_HIGH, confirmed=True)
    again = world.read(steady, world.anna, TODAY, TOO_HIGH, confirmed=True, photo=world.put_photo())
    assert again["reading_id"] == held["reading_id"]
    (queued,) = world.held()
    assert queued["photo"]["attachment_id"] == "upl_1"
    said = world.events("ReadingHeld")[-1]
    assert (said["reading_id"], len(said["photo"])) == (held["reading_id"], 2)
    # The one that is there stays.
    world.read(steady, world.anna, TODAY, TOO_HIGH, confirmed=True, photo=world.put_photo("upl_2"))
    assert world.held()[0]["photo"]["attachment_id"] == "upl_1"


def test_a_refused_reading_is_told_until_another_comes(world, steady):
    held = world.read(steady, world.anna, TODAY, TOO_HIGH, confirmed=True)
    assert world.meter(steady, world.anna)["refused"] is None
    world.decide(held["reading_id"], decision="reject", reason="The photo shows 8")
    told = {"reading_id": held["reading_id"], "date": "2026-11-22", "values": [litres(TOO_HIGH)]}
    assert world.meter(steady, world.anna)["refused"] == {**told, "reason": "The photo shows 8"}
    (listed,) = world.must(200, "GET", "/meters", world.anna, query={"unit_id": "unt_1"})["items"]
    assert listed["refused"]["reading_id"] == held["reading_id"]
    world.read(steady, world.sara, date(2026, 11, 1), BASE + DAILY)  # an older one is no answer to it
    assert world.meter(steady, world.anna)["refused"] is not None
    world.read(steady, world.anna, TODAY, NOW)
    assert world.meter(steady, world.anna)["refused"] is None


@pytest.mark.parametrize(
    ("values", "code"), [(["1" * 40], "FORMAT"), ([], "REGISTERS"), (["1"] * 9, "REGISTERS"), (["1"] * 16, "REGISTERS")]
)
def test_whatever_is_typed_the_checks_say_what_is_wrong(world, steady, values, code):
    check = world.check(steady, world.anna, TODAY, values)
    assert (check["status"], codes(check)[0]) == ("rejected", code)


@pytest.mark.parametrize("channel", builders.CHANNELS)
def test_a_waiting_reading_answers_itself_whatever_counts(channel):
    last = builders.at(builders.LAST)
    waiting = [Known(f"rdg_{value}", builders.DAY, (value,), "held") for value in (last + 1, last + 2)]
    again = builders.ask(builders.steady(builders.DAY), litres(last + 2), held=waiting, channel=channel)
    assert (again.duplicate_of, builders.found(again, "DUPLICATE")) == (waiting[1].reading_id, "info")


def test_of_two_registers_a_replacement_is_of_the_one_that_shows_less():
    start = builders.installed(builders.LAST, (50_000, 50_000), Device(digits=5, decimals=3, registers=2))
    judgement = builders.ask([start], litres(50_100), litres(40_000), claim="replaced", confirmed=True)
    decreased = [(each.register, each.params["side"]) for each in judgement.findings if each.code == "DECREASE"]
    assert (judgement.status, decreased) == ("held", [(1, "earlier")])
