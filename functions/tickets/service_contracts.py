"""The copy of contracts that tickets keep: where a contract lies, and who has a part in it."""

from shared.clock import stamp
from shared.events.catalog import ContractStarted
from shared.tables import UnitOfWork
from tickets import store_contracts as store


def keep_contract(uow: UnitOfWork, event: ContractStarted) -> None:
    """Keep what the event says of a contract, unless something newer was heard before."""
    occurred = uow.metadata.occurred_at
    as_of = stamp(occurred) if occurred else ""
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
