"""Use cases that take money of a payment back, and undo that. The order of delivery does not matter."""

import json
from typing import Final

from shared.errors import Conflict, TooEarly
from shared.events.catalog import EntryReversed
from shared.events.payments import PaymentRefunded, PaymentRefundUndone
from shared.ids import derived_id
from shared.observe import logger
from shared.tables import AlreadyDone, UnitOfWork
from statements import store
from statements.booking import book
from statements.rules.entries import CHARGEBACK, REFUND, REVERSAL, Entry, Returned
from statements.store import AccountItem, EntryItem, ReferenceItem

_KIND: Final = {"refund": REFUND, "dispute": CHARGEBACK, "bounce": CHARGEBACK}


class PaymentMissing(TooEarly):
    """A refund has come before its payment: the queue will bring it again."""


class RefundTooLarge(RuntimeError):  # noqa: N818 - said of the refund
    """More would go back than was paid. An undoing under way makes room; without one, somebody has to look at it."""


def refund_entry_id(payment_id: str, refund_id: str) -> str:
    """The id under which a refund or charge-back of a payment is booked, once."""
    return derived_id("rfd", payment_id, refund_id)


def _booked() -> AlreadyDone:
    return AlreadyDone("", "")


def book_refund(uow: UnitOfWork, event: PaymentRefunded) -> None:
    """Book what went back of a payment, on the account that the payment is on now.

    Staff may have reversed the payment themselves meanwhile: then it is off the books already and nothing is booked. Raises
    PaymentMissing, RefundTooLarge, Conflict `currency_mismatch`, AlreadyDone where it is booked or was undone before it came.
    """
    entry_id = refund_entry_id(event.payment_id, event.refund_id)
    if store.find_reference(uow.organisation_id, entry_id):
        raise _booked()
    account, payment = _payment(uow, event.payment_id)
    if account.currency != event.currency:
        raise Conflict("currency_mismatch")
    kind = _KIND[event.cause]
    if payment.reversed_by:
        said = {"payment_id": event.payment_id, "refund_id": event.refund_id}
        logger.warning("refund of a payment that staff had reversed", extra=said)
        _use_up(uow, account.contract_id, entry_id, kind)
        return
    before = payment.entry()
    if event.amount > before.lasting - before.to_be_refunded:
        raise RefundTooLarge(event.refund_id)
    # A charge-back stands where its payment does; nothing is given back before it was there.
    day = max(event.value_date.isoformat(), payment.value_date) if kind == REFUND else payment.value_date
    entry = Entry(kind, entry_id, day, event.amount, payment_id=payment.entry_id)
    item = store.new_entry_item(
        uow.organisation_id,
        account.contract_id,
        entry,
        type=payment.type,
        reference=payment.reference,
        booked_on=event.value_date.isoformat(),
        cause=event.cause,
    )
    after = before._replace(returned=(*before.returned, Returned(entry_id, kind, event.amount)))
    book(uow, account, [item], changed=after, taken=_booked())
    _keep_returned(uow, payment, after)


def undo_refund(uow: UnitOfWork, event: PaymentRefundUndone) -> None:
    """Reverse a refund or charge-back; one that has not come yet will not be booked any more.

    Raises AlreadyDone where it was undone before.
    """
    entry_id = refund_entry_id(event.payment_id, event.refund_id)
    reference = store.find_reference(uow.organisation_id, entry_id)
    if reference is None:
        _use_up(uow, event.contract_id, entry_id, _KIND[event.cause])
        return
    if not reference.position:
        raise _booked()
    account = _account(uow, reference)
    refund = store.get_entry(uow.organisation_id, reference)
    if refund.reversed_by:
        raise _booked()
    of = store.find_reference(uow.organisation_id, refund.payment_id or "")
    if of is None:
        raise PaymentMissing(refund.payment_id)
    payment = store.get_entry(uow.organisation_id, of)
    before = payment.entry()
    after = before._replace(returned=tuple(part for part in before.returned if part.entry_id != entry_id))
    entry = Entry(REVERSAL, derived_id("rev", entry_id), refund.value_date, -int(refund.amount), reverses=entry_id)
    item = store.new_entry_item(
        uow.organisation_id,
        account.contract_id,
        entry,
        reference=refund.reference,
        booked_on=event.value_date.isoformat(),
    )
    book(uow, account, [item], undone=refund, changed=after, taken=_booked())
    uow.update(refund, [EntryItem.reversed_by.set(entry.entry_id)], EntryItem.reversed_by.does_not_exist())
    _keep_returned(uow, payment, after)
    uow.emit(
        EntryReversed(
            contract_id=account.contract_id,
            entry_id=entry_id,
            reversal_id=entry.entry_id,
            amount=abs(entry.amount),
            currency=account.currency,
        )
    )


def _payment(uow: UnitOfWork, payment_id: str) -> tuple[AccountItem, EntryItem]:
    """The payment where it is booked now, and its account, which is read first: what changes the one changes the other."""
    reference = store.find_reference(uow.organisation_id, payment_id)
    while reference:
        account = _account(uow, reference)
        payment = store.get_entry(uow.organisation_id, reference)
        if not payment.rebooked_to:
            return account, payment
        reference = store.find_reference(uow.organisation_id, payment.rebooked_to)
    raise PaymentMissing(payment_id)


def _account(uow: UnitOfWork, reference: ReferenceItem) -> AccountItem:
    account = store.find_account(uow.organisation_id, reference.contract_id)
    if account is None:
        raise PaymentMissing(reference.contract_id)
    return account


def _keep_returned(uow: UnitOfWork, payment: EntryItem, after: Entry) -> None:
    """Repeat on the payment's item what goes back of it. The account's version keeps others out meanwhile."""
    stored = json.dumps(after.returned, separators=(",", ":"))
    action = EntryItem.returned.set(stored) if after.returned else EntryItem.returned.remove()
    uow.update(payment, [action], EntryItem.reversed_by.does_not_exist())


def _use_up(uow: UnitOfWork, contract_id: str, entry_id: str, kind: str) -> None:
    """Take the id without an entry, so that nothing will be booked under it."""
    pk = store.reference_pk(uow.organisation_id, entry_id)
    uow.create(ReferenceItem(pk=pk, sk="ENTRY", contract_id=contract_id, position="", kind=kind))
