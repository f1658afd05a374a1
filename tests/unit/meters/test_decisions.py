"""From findings to a status: who is asked, what is held, what a confirmation may and may not do."""

from datetime import date

import pytest
from meters.rules.submissions import Known

from tests.unit.meters.builders import BASE, DAY, LAST, accept, ask, at, found, limits, litres, read, steady

LAST_VALUE = at(LAST)
USUAL = litres(at(DAY))
HIGH = litres(LAST_VALUE + 15_000)
VERY_HIGH = litres(LAST_VALUE + 30_000)
LOWER = litres(LAST_VALUE - 1)
NEAR_END = steady(base=99_999_000 - LAST_VALUE + BASE)


@pytest.mark.parametrize(
    ("channel", "text", "confirmed", "status"),
    [
        ("portal", HIGH, False, "submitted"),
        ("portal", HIGH, True, "accepted"),
        ("portal", VERY_HIGH, False, "submitted"),
        ("portal", VERY_HIGH, True, "held"),
        ("portal", LOWER, True, "rejected"),
        ("staff", VERY_HIGH, False, "submitted"),
        ("staff", VERY_HIGH, True, "accepted"),
        ("staff", LOWER, True, "rejected"),
        ("file", HIGH, False, "held"),
        ("file", HIGH, True, "held"),
        ("api", LOWER, True, "held"),
        ("remote", litres(LAST_VALUE), False, "accepted"),
    ],
)
def test_status(channel, text, confirmed, status):
    assert ask(steady(), text, channel=channel, confirmed=confirmed).status == status


def test_five_times_the_usual_is_held_once_it_is_confirmed():
    judgement = ask(steady(), litres(LAST_VALUE + 5 * 31 * 150 + 1), confirmed=True, has_photo=True)
    assert judgement.status == "held"
    assert found(judgement, "HIGH") == "hold"
    assert judgement.uses == (23_251 * 10**6,)


@pytest.mark.parametrize(("has_photo", "status"), [(False, "held"), (True, "accepted")])
def test_a_photo_where_the_organisation_wants_one(has_photo, status):
    strict = limits(photo_on_confirmation=True)
    assert ask(steady(), HIGH, confirmed=True, has_photo=has_photo, limits=strict).status == status


def test_a_usual_reading_needs_no_photo():
    assert ask(steady(), USUAL, limits=limits(photo_on_confirmation=True)).status == "accepted"


def test_a_lower_value_offers_its_three_reasons():
    (one,) = [one for one in ask(steady(), LOWER).findings if one.code == "DECREASE"]
    assert one.params["choices"] == ("typo", "replaced", "rolled_over")
    assert one.params["bound"] == litres(LAST_VALUE)


@pytest.mark.parametrize(("channel", "confirmed"), [("portal", True), ("staff", True), ("file", False)])
def test_a_claimed_replacement_waits_for_staff_whoever_says_it(channel, confirmed):
    judgement = ask(steady(), LOWER, channel=channel, claim="replaced", confirmed=confirmed)
    assert judgement.status == "held"
    assert judgement.uses is None


def test_an_unlikely_rollover_is_held_and_staff_may_let_it_stand():
    held = ask(steady(), LOWER, claim="rolled_over", confirmed=True)
    assert (held.status, found(held, "ROLLOVER")) == ("held", "hold")
    let = ask(steady(), LOWER, claim="rolled_over", confirmed=True, channel="staff")
    assert (let.status, let.rolled) == ("accepted", (0,))


def test_a_likely_rollover_asked_and_confirmed():
    assert ask(NEAR_END, "00002.650").status == "submitted"
    judgement = ask(NEAR_END, "00002.650", confirmed=True)
    assert (judgement.status, judgement.rolled) == ("accepted", (0,))
    assert ask(NEAR_END, "00002.650", channel="api", claim="rolled_over").status == "held"


def test_the_same_again_answers_what_stands():
    judgement = ask(steady(DAY), USUAL)
    assert (judgement.status, judgement.duplicate_of) == ("accepted", f"rdg_{DAY:%Y%m%d}")
    waiting = Known("rdg_held", DAY, (LAST_VALUE + 30_000,), "held")
    again = ask(steady(), VERY_HIGH, held=[waiting], confirmed=True)
    assert (again.status, again.duplicate_of) == ("held", "rdg_held")


def test_the_same_again_is_answered_though_the_day_would_now_be_refused():
    judgement = ask(steady(DAY), USUAL, today=date(2026, 10, 1))
    assert judgement.duplicate_of
    assert judgement.codes == ("DUPLICATE",)


def test_a_usual_reading_takes_the_place_of_a_held_one():
    waiting = Known("rdg_held", DAY, (LAST_VALUE + 30_000,), "held")
    judgement = ask(steady(), USUAL, held=[waiting])
    assert (judgement.status, judgement.supersedes, judgement.findings) == ("accepted", "rdg_held", ())


def test_another_value_of_the_same_day_supersedes_once_it_is_confirmed():
    other = litres(at(DAY) + 200)
    assert ask(steady(DAY), other).status == "submitted"
    judgement = ask(steady(DAY), other, confirmed=True)
    assert (judgement.status, judgement.supersedes) == ("accepted", f"rdg_{DAY:%Y%m%d}")


def test_a_false_high_reading_blocks_no_later_one():
    """Held, it is no baseline: the next true reading is judged against the last accepted one."""
    high = ask(steady(), "09195.850", confirmed=True)
    assert high.status == "held"
    after = ask(steady(), litres(at(date(2026, 11, 20))), day=date(2026, 11, 20))
    assert (after.status, after.findings) == ("accepted", ())


def test_an_accepted_reading_is_the_next_baseline():
    first = ask(steady(), USUAL)
    events = [*steady(), accept("rdg_new", first, DAY)]
    assert found(ask(events, litres(at(DAY) - 1), day=date(2026, 11, 20)), "DECREASE") == "reject"


def test_a_new_meter_is_judged_by_what_its_medium_may_use():
    new = steady(date(2025, 3, 31))
    within, above = 31 * 1500, 31 * 1500 + 30
    day = date(2025, 4, 30)
    base = new[-1].values[0]
    assert found(ask(new, litres(base + within - 1500), day=day), "HIGH") is None
    assert found(ask(new, litres(base + above), day=day), "HIGH") == "warn"
    assert found(ask(new, litres(base + 5 * above), day=day), "HIGH") == "hold"


def test_what_a_former_household_used_is_no_measure():
    since = date(2026, 9, 30)
    judgement = ask(steady(), litres(LAST_VALUE + 12_000), occupied_since=since)
    assert judgement.findings == ()
    assert found(ask(steady(), litres(LAST_VALUE + 12_000)), "HIGH") == "warn"


def test_a_late_reading_is_judged_as_of_its_day():
    events = [event for event in steady() if event.day != date(2026, 3, 31)]
    assert ask(events, litres(at(date(2026, 3, 31))), day=date(2026, 3, 31)).findings == ()
    high = ask(events, litres(at(date(2026, 3, 31)) + 4500), day=date(2026, 3, 31))
    assert found(high, "HIGH") is None  # 9.150 of at most 9.300
    beyond = ask(events, litres(at(date(2026, 4, 30)) + 1), day=date(2026, 3, 31))
    assert found(beyond, "DECREASE") == "reject"
    assert beyond.findings[0].params["side"] == "later"


def test_read_on_the_day_of_another_event_only():
    events = [*steady(), read(date(2026, 10, 10), at(date(2026, 10, 10)))]
    assert ask(events, USUAL).uses == (21 * 150 * 10**6,)
