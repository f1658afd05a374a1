"""The generated demo world holds all that the tour of the portal needs."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from infra.demo.calendar import window
from infra.demo.countries import COUNTRIES
from infra.demo.table import PASSWORD, SIGN_INS
from infra.demo.world import make_world
from shared import emails
from shared.holidays import read_holidays

TODAY = date(2026, 11, 22)
WORLD = {organisation.profile.country: organisation for organisation in make_world(TODAY)}
EACH = pytest.mark.parametrize("world", WORLD.values(), ids=WORLD)


def paid(world, number):
    """Transfers that count for a contract once mistakes are mended, in the order of their days."""
    return [t for t in world.transfers if t.meant_for == number and t.credited]


def charged(world, number, until=date.max):
    return sum(c.amount for c in world.charges if c.contract_number == number and c.due_date <= until)


def test_the_same_day_gives_the_same_world_and_another_day_another():
    assert make_world(TODAY) == tuple(WORLD.values())
    assert make_world(date(2026, 11, 1)) == tuple(WORLD.values())
    later = make_world(date(2026, 12, 1))
    assert later[0].charges != WORLD["PL"].charges
    assert later[0].people == WORLD["PL"].people


def test_one_organisation_per_country_in_its_money_and_language():
    found = {c: (w.profile.currency, w.profile.locale, w.profile.slug) for c, w in WORLD.items()}
    assert found == {
        "PL": ("PLN", "pl", "demo-pl"),
        "UA": ("UAH", "uk", "demo-ua"),
        "NO": ("NOK", "nb", "demo-no"),
        "FR": ("EUR", "fr", "demo-fr"),
    }
    assert len({w.profile.theme.accent for w in WORLD.values()}) == 4
    assert len({w.profile.organisation_id for w in WORLD.values()}) == 4


@EACH
def test_size(world):
    assert len(world.communities) == 2
    assert {u.community_ref for u in world.units} == {c.ref for c in world.communities}
    assert len(world.units) >= 12
    assert len(world.people) >= 14
    assert {c.type for c in world.contracts} == {"lease", "ownership", "supply"}


@EACH
def test_theme_and_contact(world):
    theme = world.profile.theme
    assert theme.header_address
    assert emails.is_email(theme.email)
    assert theme.phone
    assert world.profile.allocation_policy["versions"]
    assert world.profile.public_holidays["country"] == world.profile.country
    assert read_holidays(world.profile.public_holidays).rules


@EACH
def test_the_demo_password_keeps_the_organisations_rules(world):
    from auth.rules import broken_password_rules

    assert broken_password_rules(PASSWORD, world.profile.password_rules) == ()


@EACH
def test_charges_cover_eighteen_months_that_end_with_the_last_one(world):
    months = window(TODAY)
    assert (str(months[0]), str(months[-1]), len(months)) == ("05/2025", "10/2026", 18)
    for month in months:
        assert any(month.first <= c.dated <= month.last for c in world.charges)
        assert any(month.first <= t.value_date <= month.last for t in world.transfers if t.credited)
    assert all(months[0].first <= c.dated <= months[-1].last for c in world.charges)
    assert all(months[0].first <= t.value_date <= months[-1].last for t in world.transfers)


@EACH
def test_purposes_are_the_ledgers(world):
    from typing import get_args

    from statements.rules.entries import Purpose

    used = {c.purpose for c in world.charges}
    assert used <= set(get_args(Purpose))
    assert len(used) >= 4
    assert all(c.amount > 0 and c.description for c in world.charges)


@EACH
def test_charges_lie_within_their_contracts(world):
    contracts = {c.number: c for c in world.contracts}
    for charge in world.charges:
        contract = contracts[charge.contract_number]
        assert contract.starts_on <= charge.dated
        assert contract.ends_on is None or charge.dated <= contract.ends_on


@EACH
def test_debts_credits_and_settled_accounts(world):
    balances = world.balances().values()
    assert sum(balance > 0 for balance in balances) >= 3
    assert sum(balance < 0 for balance in balances) >= 2
    assert 0 in balances


@EACH
def test_part_payments_and_late_payers(world):
    country = next(c for c in COUNTRIES if c.code == world.profile.country)
    number = {habit: a.number for a in country.agreements for habit in (a.habit,)}
    in_part = number["part_payer"]
    assert charged(world, in_part, TODAY) - sum(t.amount for t in paid(world, in_part)) > 0
    assert len({t.amount for t in paid(world, in_part)}) > 4
    late = number["late"]
    due_days = sorted({c.due_date for c in world.charges if c.contract_number == late and c.purpose != "settlement"})
    mine = paid(world, late)
    assert len(mine) >= 16
    assert all(t.value_date > due for t, due in zip(mine, due_days, strict=False))


@EACH
def test_some_charge_is_due_only_after_today(world):
    assert any(c.due_date > TODAY for c in world.charges)


@EACH
def test_a_person_with_two_contracts_a_couple_and_a_board_member(world):
    people = Counter(o.person_ref for o in world.occupancies)
    holders = Counter(o.contract_ref for o in world.occupancies)
    assert max(people.values()) == 2
    assert max(holders.values()) == 2
    (mandate,) = world.mandates
    assert mandate.community_ref in {c.ref for c in world.communities}
    owned = {o.contract_ref for o in world.occupancies if o.person_ref == mandate.person_ref and o.role == "owner"}
    assert owned


@EACH
def test_a_tenant_moved_out_and_the_next_has_a_contract_of_his_own(world):
    gone = next(c for c in world.contracts if c.ends_on)
    new = next(c for c in world.contracts if c.unit_ref == gone.unit_ref and c.number != gone.number)
    assert gone.ends_on < new.starts_on <= TODAY
    holders = {o.contract_ref: o.person_ref for o in world.occupancies}
    assert holders[gone.ref] != holders[new.ref]
    assert world.balances()[gone.number] > 0
    assert gone.references != new.references or world.profile.country == "UA"


@EACH
def test_a_supplier_staff_and_an_administrator(world):
    (supply,) = [c for c in world.contracts if c.type == "supply"]
    (supplier,) = [p for p in world.people if p.company]
    assert [(o.person_ref, o.role) for o in world.occupancies if o.contract_ref == supply.ref] == [
        (supplier.ref, "supplier")
    ]
    assert world.staff.roles == ("staff",)
    assert world.administrator.roles == ("administrator",)
    assert {world.staff, world.administrator} <= set(world.people)
    assert {c.adviser_ref for c in world.contracts} == {world.staff.ref}


@EACH
def test_one_payment_to_rebook_that_is_found_by_day_and_sum(world):
    (rebooking,) = world.rebookings
    came = [t for t in world.transfers if t.credited == rebooking.from_number]
    assert [t.meant_for for t in came if (t.value_date, t.amount) == (rebooking.value_date, rebooking.amount)] == [
        rebooking.to_number
    ]


@EACH
def test_transfers_are_left_for_staff(world):
    left = [t for t in world.transfers if t.amount > 0 and not t.credited]
    assert 2 <= len(left) <= 5
    # One is of somebody who has paid before: the portal can propose his contract.
    known = {t.payer.account for t in world.transfers if t.credited}
    assert any(t.payer.account in known for t in left)
    assert any(t.payer.account not in known for t in left)


def test_sign_ins_are_people_of_the_world():
    people = {p.email: p for w in WORLD.values() for p in w.people}
    assert {email for email, _ in SIGN_INS} <= people.keys()
    fixed = {"tenant.pl", "owner.pl", "tenant.ua", "tenant.no", "tenant.fr"}
    fixed |= {f"{role}.{country.lower()}" for role in ("staff", "admin") for country in WORLD}
    assert {f"{name}@demo.example" for name in fixed} <= {email for email, _ in SIGN_INS}


def test_the_page_about_the_demo_world_names_the_same_sign_ins():
    page = (Path(__file__).parents[3] / "docs" / "demo-world.md").read_text("utf-8")
    assert tuple(re.findall(r"^\| `(\S+@\S+)` \| (.+) \|$", page, re.MULTILINE)) == SIGN_INS
    assert f"`{PASSWORD}`" in page


@EACH
def test_people_have_addresses_of_their_country(world):
    country = world.profile.country.lower()
    assert len({p.email for p in world.people}) == len(world.people)
    assert all(p.email.endswith(f".{country}@demo.example") for p in world.people)
    assert all(p.address.country == world.profile.country and p.address.postal_code for p in world.people)
    assert {p.locale for p in world.people} == {world.profile.locale}


def test_the_polish_tenant():
    world = WORLD["PL"]
    assert world.profile.bank_accounts[0].account == "PL29114010810000267002001002"
    tenant = next(p for p in world.people if p.email == "tenant.pl@demo.example")
    (ref,) = [o.contract_ref for o in world.occupancies if o.person_ref == tenant.ref]
    contract = next(c for c in world.contracts if c.ref == ref)
    assert (contract.type, contract.starts_on, contract.ends_on) == ("lease", date(2015, 3, 1), None)
    assert contract.references.mass_payment_id == "XX000000000001"
    overdue = charged(world, contract.number, TODAY) - sum(t.amount for t in paid(world, contract.number))
    later = [c for c in world.charges if c.contract_number == contract.number and c.due_date > TODAY]
    assert overdue > 0
    assert len(later) == 1
    assert world.balances()[contract.number] == overdue + later[0].amount


def test_the_polish_owner_is_on_the_board_and_no_party_to_the_tenants_contract():
    world = WORLD["PL"]
    owner = next(p for p in world.people if p.email == "owner.pl@demo.example")
    assert [m.person_ref for m in world.mandates] == [owner.ref]
    mine = [
        c for c in world.contracts for o in world.occupancies if (o.contract_ref, o.person_ref) == (c.ref, owner.ref)
    ]
    assert {c.type for c in mine} == {"ownership"}
    assert len(mine) == 2
    assert "XX000000000001" not in {c.references.mass_payment_id for c in mine}


def test_three_polish_mass_payment_ids():
    ids = {c.references.mass_payment_id for c in WORLD["PL"].contracts}
    assert {"XX000000000001", "XX000000000002", "XX000000000003"} <= ids


@pytest.mark.parametrize("today", [date(2027, 1, 1), date(2028, 2, 29), date(2027, 3, 31), date(2026, 12, 31)])
def test_the_story_is_the_same_on_any_day(today):
    for world in make_world(today):
        (rebooking,) = world.rebookings
        came = [t for t in world.transfers if t.credited == rebooking.from_number]
        assert [(t.value_date, t.amount) for t in came].count((rebooking.value_date, rebooking.amount)) == 1
        left = [t for t in world.transfers if t.amount > 0 and not t.credited]
        assert [bool(t.meant_for) for t in left].count(True) == 1
        assert len(left) == 3
        assert min(c.due_date for c in world.charges if c.purpose == "settlement") > today
        balances = world.balances().values()
        assert min(balances) < 0 < max(balances)
        assert len(world.statement_files) == 3
