"""Meters, streams and readings for tests."""

from dataclasses import replace
from datetime import date, timedelta

from meters.rules.checks import judge
from meters.rules.handover import hand_over
from meters.rules.stream import Event, effective
from meters.rules.submissions import Judgement, Situation, Submission
from meters.rules.thresholds import thresholds
from meters.rules.vocabulary import Device

LIMITS = thresholds()
WATER = LIMITS["cold_water"]
DEVICE = Device(digits=5, decimals=3)
CHANNELS = ("portal", "staff", "file", "api", "remote")
START = date(2025, 1, 31)
LAST = date(2026, 9, 30)
DAY = date(2026, 10, 31)
TODAY = date(2026, 11, 22)
DAILY = 150  # litres a day: the steady household of these tests
BASE = 100_000


def installed(day=START, values=(BASE,), device=DEVICE, **fields):
    return Event("evt_install", "installed", day, "000", tuple(values), device=device, **fields)


def read(day, *values, kind="read", place="500", **fields):
    return Event(f"rdg_{day:%Y%m%d}", kind, day, place, tuple(values), **fields)


def month_ends(start, until):
    day = start
    while True:
        day = (day.replace(day=1) + timedelta(days=63)).replace(day=1) - timedelta(days=1)
        if day > until:
            return
        yield day


def at(day, daily=DAILY, start=START, base=BASE):
    """What the steady household's counter shows, in litres."""
    return base + daily * (day - start).days


def steady(until=LAST, daily=DAILY, device=DEVICE, base=BASE, start=START):
    """A household that uses the same every day, read on each month's last day."""
    days = month_ends(start, until)
    return [installed(start, (base,), device), *(read(day, at(day, daily, start, base)) for day in days)]


def litres(value):
    return f"{value // 1000:05d}.{value % 1000:03d}"


def ask(events, *texts, day=DAY, channel="portal", held=(), **fields) -> Judgement:
    """Judge a reading as a service would: over what a store hands over."""
    of_submission = {"confirmed", "has_photo", "claim", "claimed", "supersedes"}
    submission = Submission(day, texts, channel, **{key: fields.pop(key) for key in of_submission & set(fields)})
    order = effective(events)
    given = hand_over(order, day, held=held, without=submission.supersedes)
    situation = Situation(**{"today": TODAY, "limits": WATER, "occupied": True, "around": given.around, **fields})
    return judge(given.state, submission, situation)


def found(judgement, code):
    """The severity of a code's first finding, or None."""
    return next((one.severity for one in judgement.findings if one.code == code), None)


def accept(event_id, judgement, day, place="500"):
    """The event that an accepted reading becomes."""
    assert judgement.status == "accepted"
    return Event(
        event_id,
        judgement.kind,
        day,
        place,
        judgement.values,
        rolled=judgement.rolled,
        supersedes=judgement.supersedes,
        codes=judgement.codes,
    )


def limits(**changes):
    return replace(WATER, **changes)
