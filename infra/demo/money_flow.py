"""What moves on the organisation's bank account: payments by everybody's habits, strays, mistakes, the supplier's fee."""

import random
from datetime import date, timedelta
from typing import NamedTuple

from infra.demo.calendar import Month, banking_day
from infra.demo.check_digits import payer_account
from infra.demo.country import Agreement, Country
from infra.demo.habits import HABITS, Dues
from infra.demo.model import Contract, Payer, Rebooking, References, Transfer

_SUPPLIER_DAY = 25
_NOTHING = References()


class _Movement(NamedTuple):
    """A transfer before it is numbered."""

    value_date: date
    amount: int
    payer: Payer
    title: str
    references: References
    credited: str
    meant_for: str


def transfers(
    country: Country,
    months: tuple[Month, ...],
    plans: dict[str, list[Dues]],
    contracts: dict[str, Contract],
    seed: str,
) -> tuple[Transfer, ...]:
    """All movements, by day; those after the last month have not happened yet."""
    movements = [*_strays(country, months[-1], seed), *_fees(country, months, seed)]
    for agreement in country.agreements:
        movements += _payments(country, agreement, months, plan=plans[agreement.ref], contracts=contracts, seed=seed)
    happened = sorted(
        (m for m in movements if m.value_date <= months[-1].last), key=lambda m: (m.value_date, m.meant_for, m.title)
    )
    return tuple(Transfer(number, *movement) for number, movement in enumerate(happened, 1))


def rebookings(country: Country, movements: tuple[Transfer, ...]) -> tuple[Rebooking, ...]:
    """The payments that came under another contract's reference."""
    return tuple(
        Rebooking(found.credited, found.meant_for, found.value_date, found.amount, country.wrong_reference.reason)
        for found in movements
        if found.credited and found.meant_for and found.credited != found.meant_for
    )


def _payments(
    country: Country,
    agreement: Agreement,
    months: tuple[Month, ...],
    *,
    plan: list[Dues],
    contracts: dict[str, Contract],
    seed: str,
) -> list[_Movement]:
    chance = random.Random(f"{seed}/{country.code}/{agreement.ref}/payments")  # noqa: S311 - demo data
    payer = _payer(country, agreement.holders[0], seed)
    wrong = country.wrong_reference
    found = []
    for paid in HABITS[agreement.habit](plan, chance):
        contract = contracts[agreement.ref]
        if wrong.payer == agreement.ref and paid.month == months[wrong.month]:
            contract = contracts[wrong.credited]
        forgotten = agreement.forgets_reference and paid.month == months[-1]
        title = country.forgotten_title if forgotten else country.title
        found.append(
            _Movement(
                value_date=banking_day(paid.day),
                amount=paid.amount,
                payer=payer,
                title=title.format(month=paid.month, number=contract.number),
                references=_NOTHING if forgotten else contract.references,
                credited="" if forgotten else contract.number,
                meant_for=contracts[agreement.ref].number,
            )
        )
    return found


def _payer(country: Country, person_ref: str, seed: str) -> Payer:
    person = next(person for person in country.people if person.ref == person_ref)
    chance = random.Random(f"{seed}/{country.code}/{person_ref}/account")  # noqa: S311 - demo data
    return Payer(person.name, person.address, payer_account(country.code, chance))


def _strays(country: Country, last: Month, seed: str) -> list[_Movement]:
    place = country.communities[0].address
    found = []
    for stray in country.strays:
        chance = random.Random(f"{seed}/{country.code}/{stray.payer}/account")  # noqa: S311 - demo data
        day = last.last - timedelta(days=stray.days_before_end)
        while day != banking_day(day):
            day -= timedelta(days=1)
        payer = Payer(stray.payer, place, payer_account(country.code, chance))
        found.append(_Movement(day, stray.amount, payer, stray.title, _NOTHING, "", ""))
    return found


def _fees(country: Country, months: tuple[Month, ...], seed: str) -> list[_Movement]:
    """What the organisation pays its supplier each month."""
    payer = _payer(country, country.supplier_ref, seed)
    return [
        _Movement(
            banking_day(month.day(_SUPPLIER_DAY)),
            -country.supplier_fee,
            payer,
            country.supplier_title.format(month=month),
            _NOTHING,
            "",
            "",
        )
        for month in months
    ]
