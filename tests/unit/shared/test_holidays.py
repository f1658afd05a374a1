"""Public holidays as data: our rules against the `holidays` library and against days that are known."""

import json
from datetime import date, timedelta
from pathlib import Path

import holidays as library
import pytest

from shared.holidays import HolidayError, Holidays, read_holidays

FOLDER = Path(__file__).resolve().parents[3] / "infra" / "jurisdictions"
COUNTRIES = ("pl", "ua", "no", "fr")
YEARS = range(2017, 2036)
SWAPPED = "substituted"
"""The library's word for a day that a government swapped by decree in one year; no rule of law says them."""


def data(country):
    return json.loads((FOLDER / country / "holidays.json").read_text())


def ours(country, first, last):
    calendar = read_holidays(data(country))
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return {day for day in days if calendar.has(day)}


def theirs(country, first, last):
    found = library.country_holidays(country.upper(), years=range(first.year, last.year + 1), language="en_US")
    return {day for day, name in found.items() if first <= day <= last and SWAPPED not in name}


@pytest.mark.parametrize("country", ["pl", "fr", "no"])
def test_all_days_are_those_of_the_library(country):
    span = date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)
    assert ours(country, *span) == theirs(country, *span)


def test_ukraine_before_martial_law_is_the_librarys_with_the_days_in_lieu():
    span = date(2017, 1, 1), date(2021, 12, 31)
    assert ours("ua", *span) == theirs("ua", *span)


def test_in_ukraine_no_day_is_free_while_martial_law_lasts():
    assert ours("ua", date(2022, 3, 24), date(2035, 12, 31)) == set()
    assert theirs("ua", date(2023, 1, 1), date(2026, 12, 31)) == set()


def test_ukraine_has_its_present_days_again_once_the_suspension_ends():
    given = data("ua")
    given["suspensions"][0]["until"] = "2027-12-31"
    calendar = read_holidays(given)
    assert not calendar.has(date(2027, 12, 25))
    free = {day for day in (date(2028, 1, 1) + timedelta(days=n) for n in range(366)) if calendar.has(day)}
    expected = {"01-01", "03-08", "04-16", "05-01", "05-08", "06-04", "06-28", "07-15", "08-24", "10-01", "12-25"}
    # What falls on a weekend is free on the following Monday: New Year, Easter, Trinity, 15 July, 1 October.
    in_lieu = {"01-03", "04-17", "06-05", "07-17", "10-02"}
    assert {day.strftime("%m-%d") for day in free} == expected | in_lieu


@pytest.mark.parametrize(
    ("country", "day", "free"),
    [
        ("pl", date(2024, 12, 24), False),
        ("pl", date(2025, 12, 24), True),
        ("pl", date(2010, 1, 6), False),
        ("pl", date(2026, 6, 4), True),
        ("no", date(2026, 4, 2), True),
        ("no", date(2026, 5, 17), True),
        ("fr", date(2026, 4, 3), False),
        ("fr", date(2026, 7, 14), True),
    ],
)
def test_known_days(country, day, free):
    assert read_holidays(data(country)).has(day) is free


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_rule_has_its_source_and_validity(country):
    given = data(country)
    assert given["country"] == country.upper()
    for rule in [*given["rules"], *([given["in_lieu"]] if given["in_lieu"] else []), *given["suspensions"]]:
        assert len(rule["source"]) > 20
        assert "valid_from" in rule or "from" in rule


def test_without_rules_no_day_is_free():
    assert read_holidays({}) == Holidays()
    assert not Holidays().has(date(2026, 12, 25))


@pytest.mark.parametrize(
    "wrong",
    [
        {"rules": [{"day": "13-01", "valid_from": 2000}]},
        {"rules": [{"day": "02-30", "valid_from": 2000}]},
        {"rules": [{"day": "01-01"}]},
        {"rules": [{"easter": "julian", "offset": 1, "valid_from": 2000}]},
        {"rules": [{"easter": "western", "valid_from": 2000}]},
        {"suspensions": [{"from": "soon"}]},
        {"rules": [7]},
    ],
)
def test_data_that_are_no_rules_are_refused(wrong):
    with pytest.raises(HolidayError):
        read_holidays(wrong)
