"""Every code of the table: where it is raised, how severe on each channel, and where just not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from meters.rules.checks import judge
from meters.rules.days import Window
from meters.rules.stream import EMPTY, Event, fold
from meters.rules.submissions import Situation, Submission
from meters.rules.vocabulary import TABLE, Device

from tests.unit.meters.builders import (
    BASE,
    CHANNELS,
    DAY,
    DEVICE,
    LAST,
    LIMITS,
    START,
    TODAY,
    ask,
    at,
    found,
    installed,
    limits,
    litres,
    month_ends,
    read,
    steady,
)

USUAL = litres(at(DAY))
LAST_VALUE = at(LAST)
REJECT = dict.fromkeys(CHANNELS, "reject")
HOLD = dict.fromkeys(CHANNELS, "hold")
INFO = dict.fromkeys(CHANNELS, "info")
NONE = dict.fromkeys(CHANNELS)


def _by(portal, staff, bulk):
    return {"portal": portal, "staff": staff, "file": bulk, "api": bulk, "remote": bulk}


def _after(use):
    return litres(LAST_VALUE + use)


REMOVED = Event("evt_removed", "removed", date(2026, 10, 15), "900", closing=(LAST_VALUE + 1000,))
STAMPED = Event("evt_stamp", "verified", START, "100", verified_until=date(2026, 10, 30))
STAMPED_LONGER = replace(STAMPED, verified_until=DAY)
ESTIMATED = Event("evt_guess", "estimated", date(2026, 10, 15), "500", (LAST_VALUE + 4000,))
NEAR_END = steady(base=99_999_000 - LAST_VALUE + BASE)
NINETY = [
    installed(values=(0,), device=Device(2)),
    *(read(day, number, place="1") for number, day in enumerate(list(month_ends(START, LAST))[:-1], 60)),
]
ALLOCATOR = {"limits": LIMITS["heat_cost_allocator"]}

# name: events, texts, extra arguments, the code, its severity by channel
RAISED = {
    "a letter": (steady(), ["4x1"], {}, "FORMAT", REJECT),
    "a negative": (steady(), ["-5"], {}, "FORMAT", REJECT),
    "nothing": (steady(), ["  "], {}, "FORMAT", REJECT),
    "a digit too many": (steady(), ["000412"], {}, "FORMAT", REJECT),
    "a decimal too many": (steady(), ["412,3500"], {}, "FORMAT", REJECT),
    "tomorrow": (steady(), [USUAL], {"day": TODAY + timedelta(1)}, "FUTURE", REJECT),
    "before it was there": (steady(), [USUAL], {"day": START - timedelta(1)}, "BEFORE_INSTALL", REJECT),
    "after it was removed": ([*steady(), REMOVED], [USUAL], {}, "ARCHIVED", REJECT),
    "stamp expired": ([*steady(), STAMPED], [USUAL], {}, "VERIFICATION_EXPIRED", _by("reject", "warn", "warn")),
    "stamp expired, lenient": (
        [*steady(), STAMPED],
        [USUAL],
        {"limits": limits(verification_expired="warn")},
        "VERIFICATION_EXPIRED",
        _by("warn", "warn", "warn"),
    ),
    "outside the window": (steady(), [USUAL], {"window": Window(1, 30)}, "WINDOW", _by("warn", "info", "info")),
    "outside a strict window": (
        steady(),
        [USUAL],
        {"window": Window(1, 30), "limits": limits(outside_window="reject")},
        "WINDOW",
        _by("reject", "info", "info"),
    ),
    "two values for one register": (steady(), [USUAL, USUAL], {}, "REGISTERS", REJECT),
    "no value": (steady(), [], {}, "REGISTERS", REJECT),
    "the same again": (steady(DAY), [USUAL], {}, "DUPLICATE", INFO),
    "the same day, another value": (steady(DAY), [_after(4700)], {}, "DUPLICATE", _by("warn", "warn", "hold")),
    "one count less": (steady(), [litres(LAST_VALUE - 1)], {}, "DECREASE", _by("reject", "reject", "hold")),
    "more than a later reading": (
        steady(DAY),
        [litres(at(DAY) + 1)],
        {"day": date(2026, 10, 30)},
        "DECREASE",
        _by("reject", "reject", "hold"),
    ),
    "past the end": (NEAR_END, ["00002.650"], {}, "ROLLOVER", _by("warn", "warn", "hold")),
    "from the last tenth": ([*NINETY, read(LAST, 90)], ["5"], ALLOCATOR, "ROLLOVER", _by("warn", "warn", "hold")),
    "two digits swapped": (steady(), ["00149.150"], {}, "TRANSPOSED", _by("warn", "warn", "hold")),
    "over twice the usual": (steady(), [_after(9301)], {}, "HIGH", _by("warn", "warn", "hold")),
    "nearly five times the usual": (steady(), [_after(23_244)], {}, "HIGH", _by("warn", "warn", "hold")),
    "five times the usual": (steady(), [_after(23_250)], {}, "HIGH", HOLD),
    "under a fifth": (steady(), [_after(929)], {}, "LOW", _by("warn", "warn", "info")),
    "nothing used": (steady(), [_after(0)], {}, "ZERO", _by("warn", "warn", "info")),
    "nothing used in a fortnight": (
        steady(),
        [_after(0)],
        {"day": LAST + timedelta(14)},
        "ZERO",
        _by("warn", "warn", "info"),
    ),
    "after an estimate": ([*steady(), ESTIMATED], [USUAL], {}, "DEEMED_TRUEUP", INFO),
    "less than the estimate": ([*steady(), ESTIMATED], [_after(3000)], {}, "DEEMED_TRUEUP", INFO),
    "more than flows": (steady(device=replace(DEVICE, max_flow=50_000_000)), [_after(37_201)], {}, "PHYSICAL", HOLD),
}
NOT_RAISED = {
    "a comma": (steady(), [USUAL.replace(".", ",")], {}, "FORMAT"),
    "all digits and decimals": (steady(), [USUAL], {}, "FORMAT"),
    "fewer digits": (steady(), [USUAL.lstrip("0")], {}, "FORMAT"),
    "today": (steady(), [litres(at(TODAY))], {"day": TODAY}, "FUTURE"),
    "the day it was installed": (steady(START), [litres(BASE)], {"day": START}, "BEFORE_INSTALL"),
    "the day it was removed": ([*steady(), REMOVED], [_after(500)], {"day": date(2026, 10, 15)}, "ARCHIVED"),
    "the stamp's last day": ([*steady(), STAMPED_LONGER], [USUAL], {}, "VERIFICATION_EXPIRED"),
    "the window's last day": (steady(), [USUAL], {"window": Window(1, 31)}, "WINDOW"),
    "a window around the month's end": (steady(), [USUAL], {"window": Window(25, 5)}, "WINDOW"),
    "always open": (steady(), [USUAL], {}, "WINDOW"),
    "one value for one register": (steady(), [USUAL], {}, "REGISTERS"),
    "another day": (steady(), [USUAL], {}, "DUPLICATE"),
    "a declared correction": (steady(DAY), [_after(4700)], {"supersedes": "rdg_20261031"}, "DUPLICATE"),
    "equal is allowed": (steady(), [_after(0)], {}, "DECREASE"),
    "equal to a later one": (steady(DAY), [USUAL], {"day": date(2026, 10, 30)}, "DECREASE"),
    "a decrease past the end": (NEAR_END, ["00002.650"], {}, "DECREASE"),
    "past the end with too much": (NEAR_END, ["00009.000"], {}, "ROLLOVER"),
    "not from the last tenth": ([*NINETY, read(LAST, 89)], ["5"], ALLOCATOR, "ROLLOVER"),
    "swapped and as good": (steady(), [litres(LAST_VALUE + 4560)], {}, "TRANSPOSED"),
    "no swap helps": (steady(), ["00055.555"], {}, "TRANSPOSED"),
    "twice the usual": (steady(), [_after(9300)], {}, "HIGH"),
    "much of next to nothing": (steady(daily=1), [litres(at(LAST, 1) + 6200)], {}, "HIGH"),
    "a fifth": (steady(), [_after(930)], {}, "LOW"),
    "nobody there": (steady(), [_after(100)], {"occupied": False}, "LOW"),
    "not known who is there": (steady(), [_after(0)], {"occupied": None}, "ZERO"),
    "a short absence": (steady(), [_after(0)], {"day": date(2026, 10, 13)}, "ZERO"),
    "supply cut": (steady(), [_after(0)], {"occupied": False}, "ZERO"),
    "one count used": (steady(), [_after(1)], {}, "ZERO"),
    "after a real reading": (steady(), [USUAL], {}, "DEEMED_TRUEUP"),
    "below the last real reading": ([*steady(), ESTIMATED], [_after(-1)], {}, "DEEMED_TRUEUP"),
    "as much as flows": (steady(device=replace(DEVICE, max_flow=50_000_000)), [_after(37_200)], {}, "PHYSICAL"),
    "flow unknown": (steady(), [_after(90_000)], {}, "PHYSICAL"),
}


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("name", RAISED)
def test_raised_as_severe_as_the_channel_has_it(name, channel):
    events, texts, more, code, severity = RAISED[name]
    assert found(ask(events, *texts, channel=channel, **more), code) == severity[channel]


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("name", NOT_RAISED)
def test_not_raised(name, channel):
    events, texts, more, code = NOT_RAISED[name]
    assert found(ask(events, *texts, channel=channel, **more), code) is None


def test_every_code_of_a_reading_is_tested_both_ways():
    codes = set(TABLE["portal"])
    assert {case[3] for case in RAISED.values()} == codes
    assert {case[3] for case in NOT_RAISED.values()} == codes


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_usual_reading_is_accepted_without_a_word(channel):
    judgement = ask(steady(), USUAL, channel=channel)
    assert (judgement.status, judgement.findings) == ("accepted", ())
    assert judgement.uses == (31 * 150 * 10**6,)
    assert judgement.kind == "read"


def test_a_refused_day_says_nothing_about_the_value():
    judgement = ask(steady(), "00000.000", day=TODAY + timedelta(1))
    assert judgement.codes == ("FUTURE",)
    assert judgement.status == "rejected"


def test_before_anything_was_installed_the_day_is_told():
    judgement = ask(steady(), USUAL, day=START - timedelta(1))
    assert judgement.findings[0].params == {"installed": START.isoformat()}


def test_fault_and_counter_are_told():
    (one,) = ask(steady(), "1e3").findings
    assert one.params == {"fault": "not_a_number", "digits": "5", "decimals": "3"}
    assert one.register == 0


def test_the_numbers_used_are_told():
    judgement = ask(steady(), _after(10_000))
    (one,) = [one for one in judgement.findings if one.code == "HIGH"]
    assert one.params == {
        "use": "10.000",
        "days": "31",
        "since": "2026-09-30",
        "daily": "0.3225",
        "expected_daily": "0.1500",
        "basis": "season",
        "daily_bound": "0.3000",
    }


def test_asked_once_about_low_use():
    first = ask(steady(), _after(0), confirmed=True)
    events = [*steady(), read(DAY, LAST_VALUE, codes=first.codes)]
    again = ask(events, _after(0), day=date(2026, 11, 21))
    assert found(first, "ZERO") == "warn"
    assert found(again, "ZERO") == "info"
    assert again.status == "accepted"


@pytest.mark.parametrize(
    ("medium", "day", "code"), [("heat", date(2025, 6, 30), None), ("heat", date(2026, 1, 31), "ZERO")]
)
def test_no_use_out_of_season_is_no_question(medium, day, code):
    events = [event for event in steady(device=Device(8)) if event.day < day]
    last = events[-1].values[0]
    kept = [event for event in events if event.kind != "installed" and event.day >= day - timedelta(days=200)]
    short = [installed(kept[0].day - timedelta(days=30), (1,), Device(8)), *kept]
    assert found(ask(short, str(last), day=day, limits=LIMITS[medium], today=day), "ZERO") == ("warn" if code else None)


def test_the_state_must_not_be_later_than_the_reading():
    with pytest.raises(ValueError, match="state"):
        judge(fold(EMPTY, steady()), Submission(LAST - timedelta(1), ("1",), "portal"), Situation(TODAY, limits()))
