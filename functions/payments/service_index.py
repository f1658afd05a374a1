"""The reference index: which contract a payment reference, a contract's number or a payer's account belongs to."""

from collections.abc import Iterable
from typing import Final

from payments import rules_matching as rules
from payments import store
from shared.events.catalog import ContractStarted
from shared.tables import UnitOfWork

_MAX_AMOUNTS: Final = 12
_MAX_CONTRACTS: Final = 20


def index_contract(uow: UnitOfWork, event: ContractStarted) -> None:
    """Index a contract's references and number; a later word of the same contract takes back what it no longer says.

    A reference that two contracts have stays with both: no transfer is sure by it.
    """
    as_of = uow.said_at
    known = store.find_contract(uow.organisation_id, event.contract_id)
    if known and known.as_of > as_of:
        return
    item = known or store.new_contract(uow.organisation_id, event.contract_id)
    before, after = set(item.entries), set(_entries(event))
    _change_entries(uow, event, before | after, after)
    item.number, item.currency, item.as_of = event.number, event.currency, as_of
    item.entries = sorted(after)
    uow.put(item)
    _learn_shape(uow, rules.number_shape(rules.number_key(event.number)))


def _entries(event: ContractStarted) -> Iterable[str]:
    for reference in event.payment_references:
        value = rules.reference_key(reference.kind, reference.value)
        if value:
            yield store.index_entry(reference.kind, value)
    if key := rules.number_key(event.number):
        yield store.index_entry("number", key)


def _change_entries(uow: UnitOfWork, event: ContractStarted, entries: set[str], wanted: set[str]) -> None:
    found = store.index_items(uow.organisation_id, entries)
    for entry in sorted(entries):
        item = found.get(entry) or store.new_index(uow.organisation_id, entry)
        contracts = dict(item.contracts)
        if entry in wanted:
            contracts[event.contract_id] = [event.number, event.currency]
        else:
            contracts.pop(event.contract_id, None)
        if contracts != item.contracts:
            item.contracts = contracts
            uow.put(item)


def _learn_shape(uow: UnitOfWork, shape: str) -> None:
    known = store.shapes(uow.organisation_id)
    if shape and shape not in known.shapes:
        known.shapes = sorted({*known.shapes, shape})
        uow.put(known)


def contracts_of(item: store.IndexItem) -> list[rules.Contract]:
    """The contracts of an entry of the index."""
    return [rules.Contract(one, number, currency) for one, (number, currency) in sorted(item.contracts.items())]


def history_of(payer: store.PayerItem | None) -> dict[rules.Contract, list[int]]:
    """Which contracts a payer's account paid for, with the amounts; nothing for an account that pays for many."""
    if payer is None or payer.for_many:
        return {}
    return {
        rules.Contract(one, known["number"], known["currency"]): known["amounts"]
        for one, known in payer.contracts.items()
    }


def learn_payer(payer: store.PayerItem, contract: rules.Contract, amount: int) -> bool:
    """Remember that this account paid this amount for this contract; whether that is news.

    An account that pays for more than a handful is marked once and then left alone, or every chunk of a large file would wait for
    the same item.
    """
    if payer.for_many:
        return False
    known = payer.contracts.get(contract.contract_id)
    if known and amount in known["amounts"]:
        return False
    if known is None and len(payer.contracts) >= _MAX_CONTRACTS:
        payer.for_many, payer.contracts = True, {}
        return True
    amounts = [*(known["amounts"] if known else []), amount][-_MAX_AMOUNTS:]
    entry = {"number": contract.number, "currency": contract.currency, "amounts": amounts}
    payer.contracts = {**payer.contracts, contract.contract_id: entry}
    return True
