"""The inbox of transfers that no rule could assign, and what a person decides."""

from payments import rules_matching as rules
from payments import service_index, store, store_payouts
from payments.schemas import AssignmentResponse, CandidateResponse, TransferResponse
from payments.service_matching import payment_id, settled
from shared.errors import Conflict, DomainError, NotFound
from shared.tables import UnitOfWork


def list_unmatched_transfers(
    organisation_id: str, start: store.Key | None
) -> tuple[list[TransferResponse], store.Key | None]:
    """A page of the inbox, the newest first."""
    items, last = store.list_waiting(organisation_id, start)
    return [_response(item) for item in items], last


def find_assignable(organisation_id: str, transfer_id: str) -> TransferResponse | None:
    """A transfer that a person can assign: from the inbox, or a provider's that no payout explains."""
    item = store.find_transfer(organisation_id, transfer_id)
    return _response(item) if item and (item.state == store.UNMATCHED or _looks_like_payout(item)) else None


def assign_transfer(uow: UnitOfWork, transfer_id: str, contract_id: str) -> AssignmentResponse:
    """A person says whose a transfer is: it becomes a payment, once, and the payer's account is remembered.

    The same answer again for the same contract. Raises NotFound for a transfer or contract that is not the organisation's,
    Conflict `already_assigned` or `not_assignable`, DomainError `currency_differs`.
    """
    item = store.find_transfer(uow.organisation_id, transfer_id)
    contract = store.find_contract(uow.organisation_id, contract_id)
    if item is None or contract is None:
        raise NotFound
    answer = AssignmentResponse(payment_id=payment_id(transfer_id), contract_id=contract_id)
    if item.contract_id == contract_id:
        return answer
    if item.contract_id:
        raise Conflict("already_assigned")
    looks_like_payout = _looks_like_payout(item)
    if item.state != store.UNMATCHED and not looks_like_payout:
        raise Conflict("not_assignable")
    if item.currency != contract.currency:
        raise DomainError("currency_differs")
    if looks_like_payout:
        # Somebody has the name of a provider, and is a payer.
        uow.delete(store_payouts.transfer_line(uow.organisation_id, item))
    item.state, item.contract_id, item.payment_id = store.ASSIGNED, contract_id, answer.payment_id
    item.decided_by = uow.metadata.actor
    item.gsi1pk = item.gsi1sk = None
    uow.put(item)
    uow.emit(settled(item, contract_id))
    _remember_payer(uow, item, rules.Contract(contract_id, contract.number, contract.currency))
    return answer


def _looks_like_payout(item: store.TransferItem) -> bool:
    """A provider's by its sender, and no payout explains it."""
    return item.state == store.PAYOUT and item.gsi1pk is not None


def _remember_payer(uow: UnitOfWork, item: store.TransferItem, contract: rules.Contract) -> None:
    account = rules.account_key(item.payer_account)
    if not account:
        return
    payer = store.payers(uow.organisation_id, [account])[account]
    if service_index.learn_payer(payer, contract, int(item.amount)):
        uow.put(payer)


def _response(item: store.TransferItem) -> TransferResponse:
    return TransferResponse(
        transfer_id=item.transfer_id,
        import_id=item.import_id,
        amount=int(item.amount),
        currency=item.currency,
        value_date=item.value_date,
        payer_name=item.payer_name,
        payer_account=item.payer_account,
        title=item.title,
        candidates=[CandidateResponse.model_validate(candidate) for candidate in item.candidates],
    )
