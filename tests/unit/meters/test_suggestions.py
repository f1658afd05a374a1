"""What is offered in place of a slip, and that taking it settles the question."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from meters.rules.vocabulary import Device

from tests.unit.meters.builders import (
    BASE,
    DAY,
    DEVICE,
    LAST,
    ask,
    at,
    found,
    installed,
    litres,
    month_ends,
    read,
    steady,
)

DOUBTS = {"FORMAT", "DECREASE", "ROLLOVER", "TRANSPOSED", "HIGH", "LOW", "PHYSICAL"}
LAST_VALUE = at(LAST)
USUAL = litres(at(DAY))


def _offers(judgement):
    return [one.suggestion for one in judgement.findings if one.suggestion]


def _kinds(judgement):
    return {offer.kind for offer in _offers(judgement)}


@pytest.mark.parametrize(
    ("typed", "kind", "offered"),
    [
        ("00149.150", "transposed_digits", "00194.150"),
        ("01958.500", "decimal_point", "00195.850"),
        ("00019.585", "decimal_point", "00195.850"),
        ("00995.850", "wrong_digit", "00195.850"),
        ("00015.850", "missing_digit", "00195.850"),
        ("01995.851", "extra_digit", "00195.851"),
        ("01995.850", "decimal_point", "00199.585"),
    ],
)
def test_the_slip_is_found(typed, kind, offered):
    offers = _offers(ask(steady(), typed))
    assert (kind, (offered,)) in [(offer.kind, offer.values) for offer in offers]


def test_the_tenant_who_swaps_two_digits_is_offered_the_right_value():
    """A counter of 5 digits and 3 decimals that showed 00412.350 a month ago, some 3.5 m3 a month."""
    events = steady(base=412_350 - at(LAST, 115, base=0), daily=115)
    assert events[-1].values == (412_350,)
    judgement = ask(events, "00451.920", day=DAY)
    (one,) = [one for one in judgement.findings if one.code == "TRANSPOSED"]
    assert one.suggestion.values == ("00415.920",)
    assert judgement.status == "submitted"
    taken = ask(events, *one.suggestion.values)
    assert (taken.status, taken.findings) == ("accepted", ())


def test_a_swap_below_the_last_value_is_offered_too_though_the_value_is_refused():
    judgement = ask(steady(), "00159.850")
    assert judgement.status == "rejected"
    assert found(judgement, "DECREASE") == "reject"
    assert "00195.850" in [offer.values[0] for offer in _offers(judgement)]


def test_a_value_without_its_point():
    judgement = ask(steady(), USUAL.replace(".", ""))
    assert judgement.findings[0].suggestion.values == (USUAL,)
    assert judgement.findings[0].code == "FORMAT"


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("001195.850", "00195.850"),
        ("195850", "00195.850"),
        ("00195850", "00195.850"),
        ("0019585", None),
        ("000195850", None),
        ("9991195.850", None),
    ],
)
def test_a_digit_too_many_or_no_point(typed, offered):
    (one,) = ask(steady(), typed).findings
    assert one.code == "FORMAT"
    assert (one.suggestion.values[0] if one.suggestion else None) == offered


def test_a_slip_that_comes_nearer_is_told_beside_the_swap():
    """Two digits further apart are swapped seldom: a point that slipped takes their place."""
    judgement = ask(steady(), "01958.500")
    assert "TRANSPOSED" not in judgement.codes
    assert [offer.kind for offer in _offers(judgement)] == ["decimal_point"]


def test_an_offer_is_made_once():
    events = steady(device=replace(DEVICE, max_flow=10_000_000))
    judgement = ask(events, "01958.500")
    assert {"HIGH", "PHYSICAL"} <= set(judgement.codes)
    assert len(_offers(judgement)) == 1


def test_nothing_is_offered_where_several_are_as_good():
    judgement = ask(steady(), litres(LAST_VALUE + 77_777))
    assert all(offer.kind != "missing_digit" for offer in _offers(judgement))


def test_a_counter_past_its_end_is_offered_as_such():
    events = steady(base=99_999_000 - LAST_VALUE + BASE)
    judgement = ask(events, "00002.650")
    (offer,) = _offers(judgement)
    assert (offer.kind, offer.values, offer.claim) == ("rolled_over", ("00002.650",), "rolled_over")
    taken = ask(events, *offer.values, claim=offer.claim)
    assert (taken.status, taken.rolled, taken.kind) == ("accepted", (0,), "rolled_over")
    assert taken.uses == (3650 * 10**6,)


TWO = Device(6, 0, registers=2)


def _two_rates(day_rate=8, night_rate=3):
    events = [installed(values=(40_000, 9_000), device=TWO)]
    for count, day in enumerate(month_ends(events[0].day, LAST), 1):
        events.append(read(day, 40_000 + count * 30 * day_rate, 9_000 + count * 30 * night_rate))
    return events


def test_registers_in_each_others_place():
    events = _two_rates()
    high, low = events[-1].values
    judgement = ask(events, str(low + 93), str(high + 248))
    (one,) = [one for one in judgement.findings if one.code == "TRANSPOSED"]
    assert one.register is None
    assert one.suggestion.kind == "swapped_registers"
    assert one.suggestion.values == (f"{high + 248:06d}", f"{low + 93:06d}")
    assert ask(events, *one.suggestion.values).findings == ()


def test_a_register_is_doubted_alone():
    events = _two_rates()
    high, low = events[-1].values
    judgement = ask(events, str(high + 248), str(low - 1))
    assert {one.register for one in judgement.findings if one.code == "DECREASE"} == {1}
    assert all(offer.values[0] == str(high + 248) for offer in _offers(judgement))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 99_999_999), st.integers(1, 400), st.sampled_from(["portal", "staff", "file"]))
def test_a_suggestion_never_raises_again_what_raised_it(value, daily, channel):
    events = steady(daily=daily)
    judgement = ask(events, litres(value), channel=channel)
    for one in judgement.findings:
        if not one.suggestion:
            continue
        taken = ask(
            events, *one.suggestion.values, channel=channel, claim=one.suggestion.claim, claimed=one.suggestion.claimed
        )
        again = [finding for finding in taken.findings if finding.code in DOUBTS and finding.severity != "info"]
        if one.suggestion.claim and channel == "file":  # an import never takes a rollover silently, claimed or not
            again = [finding for finding in again if finding.code != "ROLLOVER"]
        assert again == []


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_two_neighbouring_digits_swapped_into_a_doubt_are_offered_back(data):
    digits = f"{at(DAY):08d}"
    place = data.draw(st.integers(0, 6))
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    judgement = ask(steady(), f"{swapped[:5]}.{swapped[5:]}")
    if found(judgement, "HIGH") or found(judgement, "DECREASE"):
        assert "transposed_digits" in _kinds(judgement)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="0123456789.,- x", max_size=12))
def test_whatever_is_typed_is_judged(text):
    judgement = ask(steady(), text)
    assert judgement.status in ("accepted", "submitted", "rejected")
    assert (judgement.values is None) == (found(judgement, "FORMAT") is not None)


def test_the_flow_alone_is_a_doubt():
    events = steady(device=replace(DEVICE, max_flow=5_000_000))
    assert found(ask(events, litres(LAST_VALUE + 3800), day=date(2026, 10, 31)), "PHYSICAL") == "hold"
