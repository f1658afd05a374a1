"""Which transfer is a provider's payout, and how it compares."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from payments.providers import NAMES, provider
from payments.rules_payouts import Line, Payout, find, sender, state

DAY = date(2026, 11, 20)
SENDERS = {name: provider(name).TRAITS.senders for name in NAMES}


def line(amount=98000, name="STRIPE PAYMENTS EUROPE", text="STRIPE A1B2C3D4", currency="EUR", day=DAY):
    return Line(amount, currency, day, name, text)


def payout(amount=98000, payout_id="po_1ABCDEFG9", reference="", day="2026-11-19", currency="EUR"):
    return Payout("stripe", payout_id, reference, amount, currency, day)


@pytest.mark.parametrize(
    ("name", "text", "providers", "expected"),
    [
        ("Stripe Payments Europe Ltd", "", ["stripe"], "stripe"),
        ("BLUE  MEDIA S.A.", "", ["autopay", "stripe"], "autopay"),
        ("Autopay S.A.", "", ["stripe"], ""),
        ("ANNA PINSTRIPE", "stripe", ["stripe"], ""),
        ("", "VIPPS*oppgjør 12", ["vipps"], "vipps"),
        ("", "czynsz, zapłacone przez Autopay", ["autopay"], ""),
        ("ANNA NOWAK", "czynsz, zapłacone przez Autopay", ["autopay"], ""),
    ],
)
def test_a_provider_is_known_by_its_name(name, text, providers, expected):
    assert sender(line(name=name, text=text), {one: SENDERS[one] for one in providers}) == expected


def test_every_provider_has_a_name_in_capitals():
    assert all(names and all(one == one.upper() for one in names) for names in SENDERS.values())


def test_a_reference_is_enough_whatever_the_sender_and_amount():
    known = payout(reference="DEMO-JCTG64W2E5Z")
    assert find(line(1, "SOME BANK", "payout demo jctg64w2e5z"), [known], "") == known
    assert find(line(1, "SOME BANK", "", currency="PLN"), [known], "") is None
    assert find(line(1, "SOME BANK", "xx po_1abcdefg9 yy"), [payout()], "") == payout()
    # Words alone, or few characters, say nothing of one payout.
    assert (
        find(line(1, "SOME BANK", "settlement of november"), [payout(reference="SETTLEMENT", payout_id="P1")], "")
        is None
    )


def test_sender_amount_and_day_are_enough_and_the_oldest_goes_first():
    old, new = payout(payout_id="po_2", day="2026-11-17"), payout(payout_id="po_1", day="2026-11-19")
    assert find(line(), [new, old], "stripe") == old
    assert find(line(), [new, old], "") is None, "an amount alone says nothing"
    assert find(line(97999), [new, old], "stripe") is None
    assert find(line(), [new, old], "gocardless") is None
    assert find(line(day=date(2026, 12, 30)), [new, old], "stripe") is None
    assert find(line(day=date(2026, 11, 10)), [new, old], "stripe") is None


@pytest.mark.parametrize(
    ("amount", "found", "gross", "expected"),
    [
        (980, 980, 1000, "matched"),
        (980, 980, None, "matched"),
        (980, 970, 1000, "amount_differs"),
        (980, None, 1000, "missing_there"),
        (980, 980, 900, "amount_differs"),
        (980, None, 900, "amount_differs"),
    ],
)
def test_how_a_payout_compares(amount, found, gross, expected):
    assert state(amount, found, gross) == expected


@given(st.text(max_size=60), st.text(max_size=60), st.integers(1, 10**9))
def test_a_stranger_is_never_a_payout_without_the_reference(name, text, amount):
    known = payout(amount=amount, reference="ZQX918273645")
    given_line = Line(amount, "EUR", DAY, name or "x", text)
    if find(given_line, [known], sender(given_line, {"stripe": SENDERS["stripe"]})):
        assert "STRIPE" in name.upper() or "918273645" in text
