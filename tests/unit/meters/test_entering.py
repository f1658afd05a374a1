"""Readings through the API: what is asked, kept, held, corrected."""

from datetime import date, timedelta

import pytest

from tests.unit.meters.conftest import DAILY, ORG, litres

LAST = date(2026, 10, 31)
BASE = 100_000 + DAILY * (LAST - date(2024, 10, 31)).days
TODAY = date(2026, 11, 22)
NOW = BASE + DAILY * 22


def codes(body):
    return [found["code"] for found in body["findings"]]


def test_a_plain_reading_is_accepted_and_shown(world, steady):
    receipt = world.read(steady, world.anna, TODAY, [f"{NOW // 1000},{NOW % 1000:03d}"])
    assert (receipt["status"], receipt["values"], receipt["findings"]) == ("accepted", [litres(NOW)], [])
    assert receipt["consumption"] == {"unit": "m3", "since": "2026-10-31", "days": 22, "uses": ["3.300"]}
    meter = world.meter(steady, world.anna)
    assert meter["last"] == {
        "reading_id": receipt["reading_id"], "date": "2026-11-22", "values": [litres(NOW)], "estimated": False
    }  # fmt: skip
    newest = world.entries(steady, world.anna)[0]
    assert (newest["entry_id"], newest["uses"], newest["channel"]) == (receipt["reading_id"], ["3.300"], "portal")
    assert newest["actor"] == {"role": "household", "mine": True, "person_id": None}
    said = world.events("ReadingsAccepted")[-1]["readings"]
    assert [(each["reading_id"], each["day"], each["channel"]) for each in said] == [
        (receipt["reading_id"], "2026-11-22", "portal")
    ]


def test_the_same_again_answers_the_reading_that_stands(world, steady):
    first = world.read(steady, world.anna, TODAY, NOW)
    version = world.meter(steady)["version"]
    again = world.read(steady, world.anna, TODAY, [litres(NOW).lstrip("0")])
    assert codes(again) == ["DUPLICATE"]
    assert {**again, "findings": []} == first
    assert world.read(steady, world.sara, TODAY, NOW)["reading_id"] == first["reading_id"]
    # One in the midst of the history, too.
    old = world.entries(steady)[5]
    again = world.read(steady, world.sara, date.fromisoformat(old["date"]), old["values"])
    assert again["reading_id"] == old["entry_id"]
    assert again["consumption"]["uses"] == old["uses"]
    assert world.meter(steady)["version"] == version
    check = world.check(steady, world.anna, TODAY, NOW)
    assert (check["status"], check["duplicate_of"], codes(check)) == ("accepted", first["reading_id"], ["DUPLICATE"])


def test_a_question_keeps_nothing_until_it_is_answered(world, steady):
    before = world.meter(steady)
    high = BASE + 22 * DAILY * 3
    refused = world.read(steady, world.anna, TODAY, high, status=422)
    assert (refused["code"], codes(refused)[0]) == ("reading_questioned", "HIGH")
    assert refused["findings"][0]["message_params"]["since"] == "2026-10-31"
    assert world.meter(steady) == before
    check = world.check(steady, world.anna, TODAY, high)
    assert (check["status"], check["findings"]) == ("submitted", refused["findings"])
    confirmed = world.read(steady, world.anna, TODAY, high, confirmed=True)
    assert (confirmed["status"], confirmed["findings"]) == ("accepted", refused["findings"])
    assert world.entries(steady)[0]["findings"] == confirmed["findings"]


def test_swapped_digits_are_offered_back(world, steady):
    swapped = litres(NOW)
    wrong = swapped[:3] + swapped[4] + swapped[3] + swapped[5:]
    assert wrong != swapped
    check = world.check(steady, world.anna, TODAY, [wrong])
    offers = [found["suggestion"] for found in check["findings"] if found["suggestion"]]
    assert swapped in [offer["values"][0] for offer in offers]
    taken = next(offer for offer in offers if offer["values"] == [swapped])
    assert world.read(steady, world.anna, TODAY, taken["values"])["status"] == "accepted"


def test_rejects_say_why_and_keep_nothing(world, steady):
    before = world.meter(steady)
    for value, code in ((["12a"], "FORMAT"), (["1", "2"], "REGISTERS"), ([litres(BASE - 1000)], "DECREASE")):
        refused = world.read(steady, world.anna, TODAY, value, status=422, confirmed=True)
        assert (refused["code"], codes(refused)[0]) == ("reading_rejected", code)
        check = world.check(steady, world.anna, TODAY, value)
        assert (check["status"], codes(check)[0], check["consumption"]) == ("rejected", code, None)
    refused = world.read(steady, world.anna, TODAY + timedelta(days=1), NOW, status=422)
    assert codes(refused) == ["FUTURE"]
    assert world.meter(steady) == before
    assert not world.events("ReadingHeld")


def test_five_times_the_usual_use_waits_with_its_photo_and_staff_accept_it(world, steady):
    high = BASE + 22 * DAILY * 12
    key = world.put_photo()
    held = world.read(steady, world.anna, TODAY, high, confirmed=True, photo=key)
    assert (held["status"], codes(held)) == ("held", ["HIGH"])
    meter = world.meter(steady, world.anna)
    assert meter["last"]["date"] == "2026-10-31"
    assert meter["waiting"]["reading_id"] == held["reading_id"]
    assert world.read(steady, world.anna, TODAY, high, confirmed=True, photo=key)["reading_id"] == held["reading_id"]
    (queued,) = world.held()
    assert (queued["reading_id"], queued["unit_label"], queued["uses"]) == (held["reading_id"], "1", ["39.600"])
    assert queued["last"]["values"] == [litres(BASE)]
    assert queued["actor"] == {"role": "household", "mine": False, "person_id": "per_anna"}
    assert queued["photo"]["attachment_id"] == "upl_1"
    (said,) = world.events("ReadingHeld")
    folder = f"checked/org/{ORG}/reading/per_anna/upl_1"
    assert said["photo"] == [f"{folder}/file", f"{folder}/thumbnail.jpg"]
    accepted = world.decide(held["reading_id"], decision="accept")
    assert (accepted["status"], accepted["consumption"]["uses"]) == ("accepted", ["39.600"])
    assert world.events("ReadingsAccepted")[-1]["readings"][0]["photo"] == said["photo"]
    meter = world.meter(steady, world.anna)
    assert (meter["last"]["reading_id"], meter["waiting"]) == (held["reading_id"], None)
    entry = world.entries(steady, world.anna)[0]
    assert (entry["status"], entry["decision"]["decision"], entry["decision"]["person_id"]) == (
        "accepted",
        "accept",
        None,
    )
    assert world.held() == []
    assert world.decide(held["reading_id"], 409, decision="accept")["code"] == "decision_made"


def test_a_rejected_reading_leaves_the_baseline_and_says_why(world, steady):
    high = BASE + 22 * DAILY * 12
    held = world.read(steady, world.anna, TODAY, high, confirmed=True)
    assert world.decide(held["reading_id"], 422, decision="reject")["code"] == "reason_required"
    assert world.decide(held["reading_id"], decision="reject", reason="Photo shows 8 for 3")["status"] == "rejected"
    assert world.events("ReadingRejected")[0]["reading_id"] == held["reading_id"]
    assert world.meter(steady)["last"]["date"] == "2026-10-31"
    entry = world.entries(steady, world.anna)[0]
    assert (entry["status"], entry["decision"]["reason"]) == ("rejected", "Photo shows 8 for 3")
    # The refused one binds nobody: the right one of the same day is accepted, and so is the same again, after another look.
    again = world.read(steady, world.anna, TODAY, high, confirmed=True)
    assert again["reading_id"] != held["reading_id"]
    right = world.read(steady, world.anna, TODAY, NOW)
    assert right["status"] == "accepted"
    assert world.held() == []
    assert world.decide(again["reading_id"], 409, decision="accept")["code"] == "decision_made"
    statuses = {each["entry_id"]: each["status"] for each in world.entries(steady)}
    assert (statuses[held["reading_id"]], statuses[again["reading_id"]]) == ("rejected", "superseded")


def test_a_replaced_counter_waits_until_the_replacement_is_recorded(world, steady):
    day, new = date(2026, 11, 10), 1_800
    lower = world.check(steady, world.anna, TODAY, new)
    assert lower["findings"][0]["message_params"]["choices"] == ["typo", "replaced", "rolled_over"]
    held = world.read(steady, world.anna, TODAY, new, confirmed=True, claim="replaced")
    assert (held["status"], codes(held)) == ("held", ["DECREASE"])
    refused = world.decide(held["reading_id"], 409, decision="accept")
    assert (refused["code"], codes(refused)) == ("decision_refused", ["DECREASE"])
    replaced = world.replace(steady, day, BASE + 10 * DAILY, "WZ-2")
    assert (replaced["number"], replaced["last"]["values"]) == ("WZ-2", ["00000.000"])
    assert world.events("MeterReplaced")[0]["number"] == "WZ-2"
    accepted = world.decide(held["reading_id"], decision="accept")
    assert (accepted["status"], accepted["consumption"]["uses"]) == ("accepted", ["1.800"])
    use = world.use(steady, world.anna, LAST + timedelta(days=1), TODAY)
    assert use["total"]["now"]["use"] == "3.300"
    # Its old number stands for it until that day.
    (found,) = world.must(200, "GET", "/meters", world.sara, query={"number": "WZ-1"})["items"]
    assert found["meter_id"] == steady
    listed = world.must(200, "GET", "/meters", world.anna, query={"unit_id": "unt_1"})["items"]
    assert [each["number"] for each in listed] == ["WZ-2"]


def test_a_counter_goes_past_its_end(world):
    near = 99_990_000
    meter = world.install("WZ-9", opening=near - DAILY * 59, first=date(2026, 9, 1), until=LAST)
    last = near + DAILY
    assert world.meter(meter)["last"]["values"] == [litres(last)]
    value = (last + DAILY * 100) % 100_000_000
    day = TODAY
    asked = world.read(meter, world.anna, day, value, status=422)
    assert codes(asked) == ["ROLLOVER"]
    offer = asked["findings"][0]["suggestion"]
    taken = world.read(
        meter, world.anna, day, offer["values"], confirmed=True, claim=offer["claim"], claimed=offer["claimed"]
    )
    assert taken["status"] == "accepted"
    assert world.entries(meter)[0]["kind"] == "rolled_over"
    assert taken["consumption"]["uses"] == [f"{DAILY * 100 / 1000:.3f}"]


def test_a_late_reading_divides_the_use_and_moves_nothing_else(world, steady):
    before = world.use(steady, world.sara, date(2026, 1, 1), LAST)
    at = date(2026, 5, 15)
    value = 100_000 + DAILY * (at - date(2024, 10, 31)).days + 1_000
    late = world.read(steady, world.sara, at, value)
    assert late["status"] == "accepted"
    after = world.use(steady, world.sara, date(2026, 1, 1), LAST)
    assert after["total"] == before["total"]
    entries = {each["date"]: each for each in world.entries(steady)}
    assert (entries["2026-05-15"]["uses"], entries["2026-05-31"]["uses"]) == (["3.250"], ["1.400"])
    assert (
        world.read(steady, world.sara, date(2026, 5, 20), value - 1, status=422, confirmed=True)["code"]
        == "reading_rejected"
    )


def test_a_correction_supersedes_what_it_puts_right(world, steady):
    first = world.read(steady, world.anna, TODAY, NOW + 5_000, confirmed=True)
    asked = world.read(steady, world.anna, TODAY, NOW, status=422)
    assert codes(asked) == ["DUPLICATE"]
    second = world.read(steady, world.anna, TODAY, NOW, supersedes=first["reading_id"])
    assert second["status"] == "accepted"
    entries = {each["entry_id"]: each for each in world.entries(steady, world.anna)}
    assert entries[first["reading_id"]]["status"] == "superseded"
    assert entries[first["reading_id"]]["superseded_by"] == second["reading_id"]
    assert entries[second["reading_id"]]["supersedes"] == first["reading_id"]
    assert world.meter(steady)["last"]["values"] == [litres(NOW)]
    # Only what a household entered itself, and only the last.
    for entry in world.entries(steady)[2:4]:
        refused = world.read(steady, world.anna, TODAY, NOW + 10, status=422, supersedes=entry["entry_id"])
        assert refused["code"] == "unknown_reading"
    # Staff correct any, to what the readings after it allow.
    october = next(each for each in world.entries(steady) if each["date"] == "2026-10-31")
    refused = world.read(
        steady, world.sara, LAST, BASE + 4_000, status=422, confirmed=True, supersedes=october["entry_id"]
    )
    assert (refused["code"], codes(refused)[0]) == ("reading_rejected", "DECREASE")
    moved = world.read(steady, world.sara, LAST, BASE + 100, confirmed=True, supersedes=october["entry_id"])
    assert moved["status"] == "accepted"
    assert world.entries(steady)[0]["uses"] == ["3.200"]


def test_a_replacement_told_late_makes_the_old_counters_readings_wait(world, steady):
    reading = world.read(steady, world.anna, TODAY, NOW)
    world.replace(steady, date(2026, 11, 10), BASE + 10 * DAILY, "WZ-2", opening=NOW + 1_000)
    (held,) = world.held()
    assert (held["reading_id"], codes(held)[0]) == (reading["reading_id"], "DECREASE")
    meter = world.meter(steady)
    assert (meter["last"]["values"], meter["waiting"]["reading_id"]) == ([litres(NOW + 1_000)], reading["reading_id"])
    assert world.events("ReadingHeld")[0]["reading_id"] == reading["reading_id"]


def test_the_window_and_the_thresholds_are_the_organisations(world, steady):
    world.set_settings(windows={"cold_water": {"first": 25, "last": 5}})
    meter = world.meter(steady, world.anna)
    assert meter["window"] == {"first": "2026-11-25", "last": "2026-12-05", "is_open": False, "outside": "warn"}
    assert codes(world.read(steady, world.anna, TODAY, NOW, status=422)) == ["WINDOW"]
    assert world.check(steady, world.sara, TODAY, NOW)["status"] == "accepted"
    strict = {"outside_window": "reject", "high_percent": 120, "floor": "0.010", "photo_on_confirmation": True}
    world.set_settings(thresholds={"cold_water": strict})
    refused = world.read(steady, world.anna, TODAY, NOW, status=422, confirmed=True)
    assert (refused["code"], codes(refused)) == ("reading_rejected", ["WINDOW"])
    world.set_settings(windows={})
    more = BASE + 22 * DAILY * 13 // 10
    assert codes(world.read(steady, world.anna, TODAY, more, status=422))[0] == "HIGH"
    assert world.meter(steady, world.anna)["photo_on_confirmation"] is True
    assert world.read(steady, world.anna, TODAY, more, confirmed=True)["status"] == "held"
    (high,) = world.meter(steady)["expected"]
    assert world.check(steady, world.sara, TODAY, [high["high"]])["findings"] == []
    assert world.set_settings(422, thresholds={"cold_water": {"low_percent": 300}})["code"] == "invalid_thresholds"
    assert world.set_settings(422, estimation_policy="nobody")["code"] == "unknown_policy"
    assert world.set_settings(409, version=1)["code"] == "conflict"


def test_the_expected_range_holds_what_the_checks_say(world, steady):
    (expected,) = world.meter(steady, world.anna)["expected"]
    assert (expected["basis"], expected["expected_use"]) == ("season", "3.300")
    low, high = (int(expected[name].replace(".", "")) for name in ("low", "high"))
    for value, questioned in ((low, False), (low - 1, True), (high, False), (high + 1, True)):
        assert bool(world.check(steady, world.anna, TODAY, value)["findings"]) is questioned


@pytest.mark.parametrize("route", ["readings", "checks"])
def test_a_reading_before_the_household_came_is_refused(world, steady, route):
    body = {"date": "2024-12-15", "values": [litres(103_000)]}
    status, answer = world.ask("POST", f"/meters/{{meter_id}}/{route}", world.anna, meter_id=steady, body=body)
    assert status == (422 if route == "readings" else 200)
    assert codes(answer) == ["BEFORE_INSTALL"]
    # Anna's second lease followed upon her first.
    assert answer["findings"][0]["message_params"] == {"contract_from": "2025-01-01"}


def test_a_photo_of_somebody_else_is_refused(world, steady):
    key = world.put_photo(person_id="per_piotr")
    refused = world.read(steady, world.anna, TODAY, NOW, status=422, photo=key)
    assert refused["code"] == "unknown_upload"
