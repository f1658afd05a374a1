"""The copy of contracts that tickets keep: where a contract lies, and who has a part in it."""

from collections.abc import Iterable

from shared import access, clock
from shared.access import Principal
from shared.events.catalog import ContractStarted
from shared.tables import UnitOfWork
from tickets import store_contracts as store


def keep_contract(uow: UnitOfWork, event: ContractStarted) -> None:
    """Keep what the event says of a contract, unless something newer was heard before."""
    as_of = uow.said_at
    known = store.find_contract(uow.organisation_id, event.contract_id)
    if known and known.as_of > as_of:
        return
    pk = store.contract_pk(uow.organisation_id, event.contract_id)
    item = known or store.ContractItem(pk=pk, sk="CONTRACT", contract_id=event.contract_id)
    item.number, item.unit_id, item.community_id = event.number, event.unit_id, event.community_id
    item.starts_on = event.starts_on.isoformat()
    item.ends_on = event.ends_on.isoformat() if event.ends_on else None
    item.parties = [party.model_dump(mode="json") for party in event.parties]
    item.as_of = as_of
    uow.put(item)
    store.stage_pointers(uow, item)


def held_contracts(me: Principal, contract_ids: Iterable[str] | None = None) -> frozenset[str]:
    """Those of the contracts (all, if none are named) in which the person has a part today.

    A grant on a contract outlasts the person's part in it; whoever has moved out of a common home must not follow what happens there.
    """
    granted = set(me.scope_ids("contract"))
    asked = granted if contract_ids is None else granted.intersection(contract_ids)
    today = clock.today(access.organisation(me.organisation_id).time_zone)
    found = store.find_contracts(me.organisation_id, sorted(asked))
    return frozenset(str(each.contract_id) for each in found if not each.has_left(me.person_id, today))
