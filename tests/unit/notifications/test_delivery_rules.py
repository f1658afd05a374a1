"""When a notice goes out and by which way next (D6): quiet hours across the change of clocks, the digest, the ladder."""

from datetime import UTC, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notifications import rules_delivery as rules
from notifications.channels.model import Outcome, State
from notifications.kinds import KINDS, Channel
from notifications.rules_delivery import Move, Target, Try, Wishes

NEWS, STATUTORY, URGENT = KINDS["payment_due"], KINDS["contract_ending"], KINDS["incident_opened"]
MAIL, CHAT, PHONE = (Target(one, "x") for one in (Channel.EMAIL, Channel.TELEGRAM, Channel.SMS))
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def wishes(zone="Europe/Warsaw", quiet=("22:00", "07:00"), digest=None, muted=None):
    start, end = (time.fromisoformat(one) for one in quiet)
    return Wishes(ZoneInfo(zone), muted or {}, start, end, time.fromisoformat(digest) if digest else None)


def tried(target, state, until=None):
    return Try(target.channel.value, target.mark, state, until)


def digests(told, held):
    return list(islice(rules.digests_from(told, held), 3))


# ------------------------------------------------------------------ quiet hours
@pytest.mark.parametrize(
    ("zone", "before", "ends"),
    [
        # In the night to 25 October 2026 the clocks of the Union and of Norway go back at 01:00 UTC, those of Kyiv with them.
        ("Europe/Warsaw", "2026-10-24T20:00:00+00:00", "2026-10-25T06:00:00+00:00"),
        ("Europe/Oslo", "2026-10-24T20:00:00+00:00", "2026-10-25T06:00:00+00:00"),
        ("Europe/Paris", "2026-10-24T20:00:00+00:00", "2026-10-25T06:00:00+00:00"),
        ("Europe/Kyiv", "2026-10-24T19:00:00+00:00", "2026-10-25T05:00:00+00:00"),
    ],
)
def test_the_night_of_25_october_2026_has_ten_quiet_hours(zone, before, ends):
    starts, ends = datetime.fromisoformat(before), datetime.fromisoformat(ends)
    held = wishes(zone)
    assert rules.earliest(NEWS, starts - timedelta(seconds=1), held) == starts - timedelta(seconds=1)
    assert (ends - starts) == timedelta(hours=10)
    for minutes in range(0, 600, 7):
        now = starts + timedelta(minutes=minutes)
        assert rules.earliest(NEWS, now, held) == ends
    assert ends.astimezone(ZoneInfo(zone)).time() == time(7)
    assert rules.earliest(NEWS, ends, held) == ends


def test_a_quiet_hour_that_comes_twice_is_quiet_twice_and_one_that_is_left_out_ends_with_the_gap():
    held = wishes(quiet=("02:00", "02:30"))
    first, second = datetime(2026, 10, 25, 0, 10, tzinfo=UTC), datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    assert rules.earliest(NEWS, first, held) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert rules.earliest(NEWS, second, held) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    spring = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # 01:30 in Warsaw; 02:00 is 03:00
    assert rules.earliest(NEWS, spring, wishes(quiet=("01:00", "02:30"))) == datetime(2026, 3, 29, 1, tzinfo=UTC)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    st.sampled_from(
        ["Europe/Warsaw", "Europe/Kyiv", "Europe/Oslo", "Europe/Paris", "Asia/Kathmandu", "Australia/Lord_Howe"]
    ),
    st.times(),
    st.times(),
    st.none() | st.times(),
)
def test_what_waits_rings_at_the_first_minute_that_is_not_quiet(now, zone, start, end, digest):
    start, end = (one.replace(second=0, microsecond=0, fold=0) for one in (start, end))
    digest = digest and digest.replace(second=0, microsecond=0, fold=0)
    held = Wishes(ZoneInfo(zone), {}, start, end, digest)
    found = rules.earliest(NEWS, now, held)
    assert found >= now
    assert found - now <= timedelta(hours=50)
    assert not rules.is_quiet(found, held)
    if digest is None and found > now:
        assert all(rules.is_quiet(now + part * (found - now), held) for part in (0, 0.25, 0.5, 0.75))
        assert rules.is_quiet(found - timedelta(microseconds=1), held)
    assert rules.earliest(STATUTORY, now, held) == rules.earliest(URGENT, now, held) == now


# ------------------------------------------------------------------ the digest
def test_a_digest_comes_at_its_hour_also_on_the_day_of_the_change():
    told = datetime(2026, 10, 24, 10, tzinfo=UTC)
    hour = datetime(2026, 10, 25, 7, tzinfo=UTC)  # eight o'clock in winter
    assert digests(told, wishes(digest="08:00")) == [hour, hour + timedelta(days=1), hour + timedelta(days=2)]
    assert digests(hour, wishes(digest="08:00"))[0] == hour
    assert digests(told, wishes()) == []


def test_a_digest_in_quiet_hours_comes_after_them():
    told = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert digests(told, wishes(digest="06:00"))[0] == datetime(2026, 11, 21, 6, tzinfo=UTC)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    st.sampled_from(["Europe/Warsaw", "Europe/Kyiv", "Asia/Kathmandu", "Australia/Lord_Howe"]),
    st.times(),
    st.times(),
    st.times(),
)
def test_there_is_a_digest_to_wait_for_on_every_day(told, zone, start, end, hour):
    start, end, hour = (one.replace(second=0, microsecond=0, fold=0) for one in (start, end, hour))
    held = Wishes(ZoneInfo(zone), {}, start, end, hour)
    found = digests(told, held)
    assert found == sorted(found)
    assert told <= found[0] <= told + timedelta(hours=50)
    assert not any(rules.is_quiet(one, held) for one in found)
    shown = [one.astimezone(held.zone).date() for one in found]
    assert {(later - one).days for one, later in pairwise(shown)} <= {0, 1}, "0: of an hour that comes twice"


# ------------------------------------------------------------------ the ladder
def test_a_step_has_the_targets_that_the_person_has():
    assert rules.steps_of("payment_due", NEWS, [PHONE, MAIL], wishes()) == [[MAIL], [PHONE]]
    assert rules.steps_of("payment_due", NEWS, [], wishes()) == []


@pytest.mark.parametrize("name", ["payment_due", "reminder"])
def test_what_is_muted_goes_by_another_way_or_by_none(name):
    held = wishes(muted={name: ["email", "sms"]})
    assert rules.steps_of("payment_due", NEWS, [PHONE, MAIL, CHAT], held) == [[CHAT]]
    assert rules.steps_of("payment_due", NEWS, [PHONE, MAIL], held) == []


def test_nobody_refuses_what_is_statutory_or_urgent():
    everything = {name: [one.value for one in Channel] for name in ("contract_ending", "statutory", "incident_opened")}
    for name, kind in (("contract_ending", STATUTORY), ("incident_opened", URGENT)):
        assert rules.steps_of(name, kind, [MAIL, PHONE], wishes(muted=everything)) == [[MAIL, PHONE]]


@pytest.mark.parametrize(
    ("tries", "expected"),
    [
        ([], Move(target=CHAT)),
        ([tried(CHAT, "sent")], Move()),
        ([tried(CHAT, "delivered")], Move()),
        ([tried(CHAT, "gone")], Move(target=MAIL)),
        ([tried(CHAT, "refused"), tried(MAIL, "failed")], Move(target=PHONE)),
        ([tried(CHAT, "gone"), tried(MAIL, "gone"), tried(PHONE, "gone")], Move()),
        ([tried(CHAT, "unsure")], Move()),
        ([tried(CHAT, "trying")], Move()),
        ([tried(CHAT, "again", NOW + timedelta(minutes=1))], Move(until=NOW + timedelta(minutes=1))),
        ([tried(CHAT, "again", NOW)], Move(target=CHAT)),
        ([tried(CHAT, "again", NOW), tried(CHAT, "sent")], Move()),
    ],
)
def test_the_next_step_is_for_whom_the_one_before_did_not_reach(tries, expected):
    assert rules.next_move([[CHAT], [MAIL], [PHONE]], tries, NOW, urgent=False) == expected


def test_on_a_step_every_target_is_used():
    steps = [[MAIL, CHAT], [PHONE]]
    assert rules.next_move(steps, [tried(MAIL, "sent")], NOW, urgent=False) == Move(target=CHAT)
    assert rules.next_move(steps, [tried(MAIL, "sent"), tried(CHAT, "gone")], NOW, urgent=False) == Move()
    again = tried(CHAT, "again", NOW + timedelta(minutes=1))
    assert rules.next_move(steps, [tried(MAIL, "sent"), again], NOW, urgent=False) == Move(until=again.until)


def test_what_is_urgent_neither_waits_nor_hopes():
    steps = [[CHAT], [MAIL], [PHONE]]
    later = NOW + timedelta(minutes=1)
    assert rules.next_move(steps, [tried(CHAT, "unsure")], NOW, urgent=True) == Move(target=MAIL)
    assert rules.next_move(steps, [tried(CHAT, "again", later)], NOW, urgent=True) == Move(target=MAIL)
    assert rules.next_move(steps, [tried(CHAT, "again", later), tried(MAIL, "sent")], NOW, urgent=True) == Move()
    nobody = [tried(CHAT, "again", later), tried(MAIL, "gone"), tried(PHONE, "refused")]
    assert rules.next_move(steps, nobody, NOW, urgent=True) == Move(until=later)


def test_a_channel_that_takes_nothing_on_is_tried_ever_later_and_then_no_more():
    waits = [rules.judged(Outcome(State.AGAIN), number, NOW)[1] for number in range(len(rules.PAUSES))]
    assert [(until - NOW).total_seconds() for until in waits] == list(rules.PAUSES)
    assert rules.judged(Outcome(State.AGAIN, seconds=90), 0, NOW) == ("again", NOW + timedelta(seconds=90))
    assert rules.judged(Outcome(State.AGAIN), len(rules.PAUSES), NOW) == ("failed", None)
    assert rules.judged(Outcome(State.SENT, "1"), 0, NOW) == ("sent", None)
