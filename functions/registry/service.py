"""Contracts and units as people see them, and the balance that the ledger says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from registry import rules, store
from registry.schemas import (
    Adviser,
    CommunitySummary,
    ContractResponse,
    ContractSummary,
    Holder,
    UnitContract,
    UnitDetail,
    UnitResponse,
    UnitSummary,
)
from registry.store import Balance, Community, Contract, Person, Unit
from shared.access import Principal
from shared.errors import NotFound
from shared.events.catalog import BalanceChanged, PaymentReference
from shared.tables import UnitOfWork

Key = dict[str, Any] | None
_AFTER: Final = "after"


@dataclass(frozen=True)
class _Surroundings:
    """What the views of some contracts need beside the contracts: read together, one read a kind."""

    balances: dict[str, Balance]
    units: dict[str, Unit]
    communities: dict[str, Community]
    people: dict[str, Person]


def list_contracts(me: Principal, q: str, cursor: Key) -> tuple[list[ContractSummary], Key]:
    """One page of contracts: for staff all of the organisation by number, or those that a search finds; else the own, newest first."""
    if not me.is_staff:
        return _list_own(me, rules.fold(q), cursor)
    beginning = rules.fold(q)
    if beginning:
        return _search(me.organisation_id, beginning, cursor)
    found = Contract.by_number.query(
        contracts_key(me.organisation_id), limit=store.PAGE, page_size=store.PAGE, last_evaluated_key=cursor
    )
    contracts = list(found)
    return _summaries(me.organisation_id, contracts, for_staff=True), found.last_evaluated_key


def get_contract(me: Principal, contract_id: str) -> ContractResponse:
    """One contract. Raises NotFound where the organisation has none of this id."""
    contract = store.find_thing(Contract, me.organisation_id, contract_id)
    if contract is None:
        raise NotFound
    around = _surroundings(me.organisation_id, [contract], for_staff=me.is_staff)
    summary = _summary(contract, around, for_staff=me.is_staff)
    unit = around.units.get(contract.unit_id or "")
    return ContractResponse(
        **{**dict(summary), "unit": unit_detail(unit) if unit else None},
        payment_references=[PaymentReference.model_validate(item) for item in contract.payment_references],
    )


def get_unit(me: Principal, unit_id: str) -> UnitResponse:
    """A unit with those of its contracts that the caller may see. Raises NotFound."""
    unit = store.find_thing(Unit, me.organisation_id, unit_id)
    if unit is None:
        raise NotFound
    community = store.find_all(Community, me.organisation_id, [unit.community_id])
    pointed = [c for c in store.pointers(unit.pk) if me.may_see(contract_id=c)]
    contracts = [c for c in store.find_all(Contract, me.organisation_id, pointed).values() if c.unit_id == unit_id]
    return UnitResponse(
        **dict(unit_detail(unit)),
        community=community_summary(community, unit.community_id),
        contracts=[
            UnitContract.model_validate(contract, from_attributes=True)
            for contract in sorted(contracts, key=lambda c: c.starts_on, reverse=True)
        ],
    )


def keep_balance(uow: UnitOfWork, event: BalanceChanged) -> None:
    """Keep what the ledger says of an account, unless something newer is kept already."""
    kept = store.find(Balance, store.key(uow.organisation_id, "CONTRACT", event.contract_id), "BALANCE")
    if kept and kept.ledger_version >= event.ledger_version:
        return
    uow.put(
        Balance(
            store.key(uow.organisation_id, "CONTRACT", event.contract_id),
            "BALANCE",
            overdue_from=event.overdue_from.isoformat() if event.overdue_from else None,
            **event.model_dump(include={"contract_id", "ledger_version", "balance", "due", "credit", "currency"}),
        ),
        Balance.pk.does_not_exist() | (Balance.ledger_version < event.ledger_version),
    )


def contracts_key(organisation_id: str) -> str:
    return f"ORG#{organisation_id}#CONTRACTS"


def contract_terms_key(organisation_id: str) -> str:
    return f"ORG#{organisation_id}#CONTRACT_TERMS"


def contract_terms(contract: Contract, people: dict[str, Person]) -> frozenset[str]:
    """What one may begin to type in order to find a contract: its number, or a holder's name."""
    holders = [people[p] for p in holder_ids(contract) if p in people]
    names = [rules.name_terms(person.first_name, person.last_name, person.company) for person in holders]
    return frozenset({rules.fold(contract.number)}).union(*names)


def holder_ids(contract: Contract) -> list[str]:
    return list(dict.fromkeys(party["person_id"] for party in contract.parties))


def unit_summary(unit: Unit) -> UnitSummary:
    return UnitSummary(unit_id=unit.unit_id, label=unit.label, address=_address(unit))


def unit_detail(unit: Unit) -> UnitDetail:
    return UnitDetail(
        **dict(unit_summary(unit)), property=unit.property, floor_area_m2=unit.floor_area_m2, state=unit.state
    )


def communities_key(organisation_id: str) -> str:
    return f"ORG#{organisation_id}#COMMUNITIES"


def list_communities(organisation_id: str, cursor: Key) -> tuple[list[CommunitySummary], Key]:
    """One page of the organisation's communities, by name."""
    found = Community.by_name.query(
        communities_key(organisation_id), limit=store.PAGE, page_size=store.PAGE, last_evaluated_key=cursor
    )
    items = [CommunitySummary(community_id=item.community_id, name=item.name) for item in found]
    return items, found.last_evaluated_key


def community_summary(communities: dict[str, Community], community_id: str) -> CommunitySummary:
    found = communities.get(community_id)
    return CommunitySummary(community_id=community_id, name=found.name if found else "")


def person_name(person: Person) -> str:
    return rules.display_name(person.first_name, person.last_name, person.company)


def _list_own(me: Principal, beginning: str, cursor: Key) -> tuple[list[ContractSummary], Key]:
    """The contracts that the person has grants on. Only the page's contracts are read."""
    since = {g.scope_id: g.starts_on or date.min for g in me.grants if g.scope == "contract"}
    order = sorted(since, key=lambda contract_id: (-since[contract_id].toordinal(), contract_id))
    start = order.index(cursor[_AFTER]) + 1 if cursor and cursor.get(_AFTER) in order else 0
    page, more = order[start : start + store.PAGE], start + store.PAGE < len(order)
    found = store.find_all(Contract, me.organisation_id, page)
    contracts = [found[c] for c in page if c in found and rules.fold(found[c].number).startswith(beginning)]
    return _summaries(me.organisation_id, contracts, for_staff=False), ({_AFTER: page[-1]} if more else None)


def _search(organisation_id: str, beginning: str, cursor: Key) -> tuple[list[ContractSummary], Key]:
    """Contracts by the beginning of number or name.

    A contract that several terms find is shown under the first of them only, and one whose terms have changed not under an old one.
    """
    terms, last_key = store.search(contract_terms_key(organisation_id), beginning, cursor)
    found = store.find_all(Contract, organisation_id, [term.target_id for term in terms])
    around = _surroundings(organisation_id, found.values(), for_staff=True)
    shown = []
    for term in terms:
        contract = found.get(term.target_id)
        if contract is None:
            continue
        first = rules.first_match(contract_terms(contract, around.people), beginning)
        if term.sk == f"TERM#{first}":
            shown.append(_summary(contract, around, for_staff=True))
    return shown, last_key


def _summaries(organisation_id: str, contracts: list[Contract], *, for_staff: bool) -> list[ContractSummary]:
    around = _surroundings(organisation_id, contracts, for_staff=for_staff)
    return [_summary(contract, around, for_staff=for_staff) for contract in contracts]


def _surroundings(organisation_id: str, contracts: Iterable[Contract], *, for_staff: bool) -> _Surroundings:
    contracts = list(contracts)
    # Only staff see holders, so only for staff are they read.
    holders = [person_id for c in contracts for person_id in holder_ids(c)] if for_staff else []
    return _Surroundings(
        store.find_all(Balance, organisation_id, [c.contract_id for c in contracts]),
        store.find_all(Unit, organisation_id, [c.unit_id for c in contracts]),
        store.find_all(Community, organisation_id, [c.community_id for c in contracts]),
        store.find_all(Person, organisation_id, [*(c.adviser_id for c in contracts), *holders]),
    )


def _summary(contract: Contract, around: _Surroundings, *, for_staff: bool) -> ContractSummary:
    balance = around.balances.get(contract.contract_id)
    adviser = around.people.get(contract.adviser_id or "")
    unit = around.units.get(contract.unit_id or "")
    return ContractSummary.model_validate(
        {
            **{name: getattr(contract, name) for name in ("contract_id", "number", "type", "starts_on", "ends_on")},
            "landlord": contract.landlord,
            "value": contract.value,
            "currency": contract.currency,
            "current_debt": rules.current_debt(int(balance.balance) if balance else None),
            "adviser": _adviser(adviser) if adviser else None,
            "unit": unit_summary(unit) if unit else None,
            "community": community_summary(around.communities, contract.community_id),
            "holders": _holders(contract, around.people) if for_staff else None,
        }
    )


def _holders(contract: Contract, people: dict[str, Person]) -> list[Holder]:
    return [
        Holder.model_validate({**party, "name": person_name(people[party["person_id"]])})
        for party in contract.parties
        if party["person_id"] in people
    ]


def _adviser(person: Person) -> Adviser:
    return Adviser(name=person_name(person), email=person.email, phone=person.phone)


def _address(unit: Unit) -> str:
    town = " ".join(part for part in (unit.postal_code, unit.city) if part)
    return ", ".join(part for part in (unit.street, town) if part)
