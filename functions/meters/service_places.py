"""The copy of units and contracts that meters keep: where a unit lies, and who lives there since when."""

from meters import store_places as store
from shared.events.catalog import ContractStarted, UnitRegistered
from shared.tables import UnitOfWork


def keep_unit(uow: UnitOfWork, event: UnitRegistered) -> None:
    """Keep what the event says of a unit, unless something newer was heard before."""
    as_of = uow.said_at
    unit = _unit(uow, event.unit_id, event.community_id)
    if unit.as_of > as_of:
        return
    unit.community_id, unit.label, unit.as_of = event.community_id, event.label, as_of
    uow.put(unit)
    _keep_community(uow, event.community_id)


def keep_contract(uow: UnitOfWork, event: ContractStarted) -> None:
    """Keep with its unit by which contract who lives there, unless something newer was heard of the contract before."""
    as_of = uow.said_at
    known = store.find_contract(uow.organisation_id, event.contract_id)
    if known and known.as_of > as_of:
        return
    unit_id = event.unit_id if event.type in store.HOMES else None
    if not known and not unit_id:
        return
    pk = f"ORG#{uow.organisation_id}#CONTRACT#{event.contract_id}"
    item = known or store.ContractItem(pk=pk, sk="CONTRACT")
    if item.unit_id and item.unit_id != unit_id:
        former = _unit(uow, item.unit_id, event.community_id)
        former.contracts = {key: value for key, value in former.contracts.items() if key != event.contract_id}
        uow.put(former)
    item.unit_id, item.as_of = unit_id, as_of
    uow.put(item)
    if unit_id:
        unit = _unit(uow, unit_id, event.community_id)
        parties = [(each.person_id, each.starts_on, each.ends_on) for each in event.parties if each.role != "supplier"]
        contract = store.as_contract(event.starts_on, event.ends_on, parties)
        unit.contracts = {**unit.contracts, event.contract_id: contract}
        uow.put(unit)
        _keep_community(uow, event.community_id)


def _unit(uow: UnitOfWork, unit_id: str, community_id: str) -> store.UnitItem:
    found = store.find_unit(uow.organisation_id, unit_id)
    pk = store.unit_pk(uow.organisation_id, unit_id)
    return found or store.UnitItem(pk=pk, sk="UNIT", community_id=community_id)


def _keep_community(uow: UnitOfWork, community_id: str) -> None:
    if store.find_community(uow.organisation_id, community_id) is None:
        uow.put(store.CommunityItem(pk=f"ORG#{uow.organisation_id}#COMMUNITY#{community_id}", sk="COMMUNITY"))
