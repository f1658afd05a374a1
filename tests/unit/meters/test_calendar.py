"""Days that nobody means: slips while a year is typed, other programs' words for nothing. No request may break on them."""

from datetime import date

import pytest
from meters.rules.days import (
    Window,
    month_ends,
    months_after,
    months_before,
    months_between,
    shifted,
    year_before,
)

EDGES = (date.min, date(1, 1, 10), date(1, 2, 1), date(9999, 11, 30), date(9999, 12, 10), date.max)
FAR = ("0001-01-01", "0001-01-10", "0202-11-22", "9999-12-10", "9999-12-31")


@pytest.mark.parametrize("day", EDGES)
@pytest.mark.parametrize("window", [Window(25, 5), Window(1, 31), Window(31, 31), Window(20, 25)])
def test_windows_at_the_ends_of_the_calendar(window, day):
    first, last = window.next(day)
    assert first <= last
    assert last >= day
    assert window.opened(day.year, day.month)[0].month in (day.month, date.min.month, date.max.month)


@pytest.mark.parametrize("day", EDGES)
def test_days_at_the_ends_of_the_calendar(day):
    assert year_before(day) <= day
    assert months_before(day, 27) <= day <= months_after(day, 27)
    assert months_between(day, date.max) <= set(range(1, 13))
    assert all(date.min <= end <= day for end in month_ends(date.min, day, 27))
    assert date.min <= shifted(day, -400) <= day <= shifted(day, 400) <= date.max


@pytest.mark.parametrize("day", FAR)
def test_a_check_of_any_day_has_an_answer(world, steady, day):
    world.set_settings(windows={"cold_water": {"first": 25, "last": 5}})
    code = "FUTURE" if day > "2026" else "BEFORE_INSTALL"
    for token in (world.anna, world.sara):
        found = world.check(steady, token, date.fromisoformat(day), 210_000)
        assert (found["status"], found["findings"][0]["code"]) == ("rejected", code)
        refused = world.read(steady, token, date.fromisoformat(day), 210_000, status=422)
        assert refused["code"] == "reading_rejected"


@pytest.mark.parametrize(
    ("first", "last"), [("9998-01-01", "9999-12-31"), ("9999-12-31", "9999-12-31"), ("0001-01-01", "0001-12-31")]
)
def test_a_period_far_from_our_time_is_refused(world, steady, first, last):
    query = {"from": first, "to": last}
    for resource in ("/meters/{meter_id}/consumption", "/meters/{meter_id}/balance"):
        found = world.must(422, "GET", resource, world.sara, meter_id=steady, query=query)
        assert found["code"] == "invalid_period"


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "9999-12-31"])
def test_what_nobody_can_have_seen_is_not_recorded(world, steady, day):
    body = {
        "number": "WZ-9",
        "medium": "cold_water",
        "unit_id": "unt_1",
        "device": {"digits": 5},
        "date": day,
        "opening": ["1"],
    }
    found = world.must(422, "POST", "/meters", world.sara, body=body)
    assert (found["code"], found["errors"][0]["code"]) == ("invalid_body", "invalid_date")
    body = {"kind": "sealed", "date": day, "seal": "P-1"}
    found = world.must(422, "POST", "/meters/{meter_id}/events", world.sara, meter_id=steady, body=body)
    assert found["errors"][0]["code"] == "invalid_date"


def test_another_meters_id_is_told_as_such(world, steady):
    body = {
        "meter_id": steady,
        "number": "WZ-9",
        "medium": "cold_water",
        "unit_id": "unt_1",
        "device": {"digits": 5},
        "date": "2026-10-31",
        "opening": ["1"],
    }
    assert world.must(409, "POST", "/meters", world.sara, body=body)["code"] == "meter_exists"
    assert world.must(409, "POST", "/meters", world.sara, body={**body, "number": "WZ-1"})["code"] == "number_taken"
