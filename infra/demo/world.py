"""The demo world: four organisations, made from their countries' data, the same for the same day whoever makes it.

    for organisation in make_world(date(2026, 11, 22)): ...

Charges cover the 18 months that end with the month before `today`; payments end with that month too. Meters: see `meters`.
"""

import random
from dataclasses import replace
from datetime import date

from infra.build.jurisdictions import law
from infra.demo.bank import write_statements
from infra.demo.calendar import Month, window
from infra.demo.check_digits import kid, polish_account, rf
from infra.demo.countries import COUNTRIES
from infra.demo.country import Agreement, Country
from infra.demo.habits import Dues
from infra.demo.meters import make_meters
from infra.demo.model import Charge, Contract, Mandate, Occupancy, Organisation, Person, References
from infra.demo.money_flow import rebookings, transfers
from shared.events.catalog import PartyRole

SEED = "lokum-demo-1"
STAFF, ADMINISTRATOR = "staff", "admin"
_ROLES: dict[str, PartyRole] = {"lease": "tenant", "ownership": "owner", "supply": "supplier"}
_WINTER = (10, 11, 12, 1, 2, 3, 4)
_RISE_PERCENT = 4
_MANDATE_YEARS = 2


def make_world(today: date) -> tuple[Organisation, ...]:
    """All four organisations as they stand on this day."""
    return tuple(make_organisation(country, today) for country in COUNTRIES)


def make_organisation(country: Country, today: date) -> Organisation:
    """One organisation with its portfolio, ledger and bank statement files."""
    months = window(today)
    plans = {agreement.ref: _plan(country, agreement, months) for agreement in country.agreements}
    contracts = {agreement.ref: _contract(country, agreement, months) for agreement in country.agreements}
    supply = _supply(country)
    movements = transfers(country, months, plans, contracts, SEED)
    organisation = Organisation(
        profile=country.profile.model_copy(update=law(country.code)),
        administrator=_person(country, ADMINISTRATOR),
        staff=_person(country, STAFF),
        people=country.people,
        communities=country.communities,
        units=country.units,
        contracts=(*contracts.values(), supply),
        occupancies=(*_occupancies(country, contracts), _supplies(country, supply)),
        mandates=tuple(
            Mandate(person, community, date(months[-1].year - _MANDATE_YEARS, 3, 1))
            for person, community in country.board.items()
        ),
        charges=_charges(country, months, plans),
        transfers=movements,
        rebookings=rebookings(country, movements),
        opening_balance=country.opening_balance,
        meters=make_meters(country, today),
        reading_window=country.metering.window,
    )
    return replace(organisation, statement_files=write_statements(organisation))


def _person(country: Country, ref: str) -> Person:
    return next(person for person in country.people if person.ref == ref)


def _period(agreement: Agreement, months: tuple[Month, ...]) -> tuple[date, date | None]:
    starts = agreement.starts if isinstance(agreement.starts, date) else months[agreement.starts].first
    return starts, None if agreement.ends is None else months[agreement.ends].last


def _contract(country: Country, agreement: Agreement, months: tuple[Month, ...]) -> Contract:
    unit = next(unit for unit in country.units if unit.ref == agreement.unit)
    community = next(found for found in country.communities if found.ref == unit.community_ref)
    starts, ends = _period(agreement, months)
    return Contract(
        ref=agreement.ref,
        number=agreement.number,
        type=agreement.type,
        unit_ref=unit.ref,
        community_ref=community.ref,
        landlord=country.landlord if agreement.type == "lease" else community.name,
        starts_on=starts,
        ends_on=ends,
        value=agreement.value,
        adviser_ref=STAFF,
        references=_references(country, agreement),
    )


def _references(country: Country, agreement: Agreement) -> References:
    order = int(agreement.ref.removeprefix("k"))
    if country.code == "PL":
        if agreement.has_virtual_account:
            return References(virtual_account=polish_account("11402004", 5_800_000_000_000_000 + order))
        return References(mass_payment_id=f"XX{order:012d}")
    if country.code == "NO":
        return References(kid=kid(362_450, order))
    if country.code == "FR":
        return References(rf=rf(agreement.number.replace("-", "")))
    return References()


def _supply(country: Country) -> Contract:
    return Contract(
        ref="supply",
        number=country.supplier_agreement,
        type="supply",
        unit_ref="",
        community_ref=country.communities[0].ref,
        landlord=country.landlord,
        starts_on=date(2020, 1, 1),
        ends_on=None,
        value=country.supplier_fee * 12,
        adviser_ref=STAFF,
        references=References(),
    )


def _supplies(country: Country, supply: Contract) -> Occupancy:
    return Occupancy(country.supplier_ref, supply.ref, "supplier", supply.starts_on, None)


def _occupancies(country: Country, contracts: dict[str, Contract]) -> list[Occupancy]:
    return [
        Occupancy(holder, agreement.ref, _ROLES[agreement.type], contract.starts_on, contract.ends_on)
        for agreement in country.agreements
        for contract in (contracts[agreement.ref],)
        for holder in agreement.holders
    ]


def _plan(country: Country, agreement: Agreement, months: tuple[Month, ...]) -> list[Dues]:
    starts, ends = _period(agreement, months)
    return [
        Dues(month, month.day(country.due_day), _amounts(country, agreement, month, months[0].year + 1))
        for month in months
        if month.first >= starts.replace(day=1) and (ends is None or month.last <= ends)
    ]


def _amounts(country: Country, agreement: Agreement, month: Month, dearer_from: int) -> dict[str, int]:
    """What the month costs: everything rises in January, heat goes by the season, water by use."""
    amounts = {}
    for purpose, base in agreement.monthly.items():
        amount = base if month.year < dearer_from else base * (100 + _RISE_PERCENT) // 100
        if purpose == "heating" and country.code != "NO":
            amount = amount * (130 if month.month in _WINTER else 45) // 100
        elif purpose == "water":
            chance = random.Random(f"{SEED}/{country.code}/{agreement.ref}/{month}")  # noqa: S311 - demo data
            amount = amount * chance.randint(82, 118) // 100
        amounts[purpose] = amount - amount % 10
    return amounts


def _charges(country: Country, months: tuple[Month, ...], plans: dict[str, list[Dues]]) -> tuple[Charge, ...]:
    monthly = [
        Charge(
            ref=f"{agreement.ref}-{dues.month.year}-{dues.month.month:02d}-{purpose}",
            contract_number=agreement.number,
            dated=dues.month.first,
            due_date=dues.due_date,
            purpose=purpose,
            amount=amount,
            description=country.descriptions[purpose].format(month=dues.month),
        )
        for agreement in country.agreements
        for dues in plans[agreement.ref]
        for purpose, amount in dues.amounts.items()
    ]
    return (*monthly, *_settlements(country, months[-1]))


def _settlements(country: Country, last: Month) -> list[Charge]:
    """Yearly settlements: charged at the end of the last month, due only after the present one."""
    return [
        Charge(
            ref=f"{agreement.ref}-{last.year}-{last.month:02d}-settlement",
            contract_number=agreement.number,
            dated=last.last,
            due_date=last.plus(2).day(10),
            purpose="settlement",
            amount=country.settled[agreement.ref],
            description=country.settlement,
        )
        for agreement in country.agreements
        if agreement.ref in country.settled
    ]
