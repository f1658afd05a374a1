"""The copy of contracts that notifications keep: who is told what happens to them."""

from notifications import store
from shared.events.catalog import ContractStarted
from shared.tables import UnitOfWork


def keep_contract(uow: UnitOfWork, event: ContractStarted) -> bool:
    """Keep what the event says of a contract, unless something newer was heard before; whether it was kept."""
    known = store.find_contract(uow.organisation_id, event.contract_id)
    if known and known.as_of > uow.said_at:
        return False
    pk = store.contract_pk(uow.organisation_id, event.contract_id)
    item = known or store.ContractItem(pk=pk, sk="CONTRACT", contract_id=event.contract_id)
    item.number, item.community_id, item.as_of = event.number, event.community_id, uow.said_at
    item.parties = [party.model_dump(mode="json") for party in event.parties]
    item.gsi1pk, item.gsi1sk = store.contracts_pk(uow.organisation_id), event.contract_id
    item.gsi2pk = store.community_pk(uow.organisation_id, event.community_id)
    item.gsi2sk = f"{event.unit_id or ''}#{event.contract_id}"
    uow.put(item)
    return True
