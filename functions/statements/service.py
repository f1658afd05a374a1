"""Use cases that change the ledger."""

import json
from datetime import date
from typing import Final

from pynamodb.expressions.update import Action

from shared import access
from shared.errors import Conflict, DomainError, NotFound, TooEarly
from shared.events.catalog import (
    ChargePosted,
    ContractEnded,
    ContractStarted,
    EntryReversed,
    PaymentBooked,
    PaymentSettled,
)
from shared.ids import derived_id, new_id
from shared.tables import AlreadyDone, UnitOfWork
from statements import responses, store
from statements.booking import book
from statements.rules import codec
from statements.rules.entries import CHARGE, PAYMENT, REVERSAL, Entry
from statements.rules.numbers import format_number, take
from statements.rules.policy import PolicyError, parse_policies
from statements.rules.posting import Account
from statements.schemas import ChargeRequest, ChargeResponse, ReversalRequest, ReversalResponse
from statements.store import AccountItem, EntryItem, NumberItem, ReferenceItem

REBOOKED: Final = "rebooked"


class AccountMissing(TooEarly):
    """A payment has come before its account: the queue will bring it again."""


def open_account(uow: UnitOfWork, event: ContractStarted) -> None:
    """Open the contract's account, or take over what changed of the contract.

    The allocation policy is frozen on the account: a later policy of the organisation does not move money that lies allocated.
    Raises DomainError `policy_missing` where the organisation's profile holds none.
    """
    account = store.find_account(uow.organisation_id, event.contract_id)
    ends_on = event.ends_on.isoformat() if event.ends_on else None
    if account is None:
        account = _new_account(uow.organisation_id, event)
        uow.create(account)
    elif (account.number, account.ends_on) == (event.number, ends_on):
        return
    else:
        if account.number != event.number:
            _release_number(uow, account)
        account.number, account.ends_on = event.number, ends_on
        uow.put(account)
    _claim_number(uow, event.number, event.contract_id, account.currency)


def _new_account(organisation_id: str, event: ContractStarted) -> AccountItem:
    policy = access.organisation(organisation_id).allocation_policy
    try:
        parse_policies(policy)
    except PolicyError as error:
        raise DomainError("policy_missing") from error
    account = AccountItem(
        pk=store.account_pk(organisation_id, event.contract_id),
        sk=store.ACCOUNT_SK,
        contract_id=event.contract_id,
        number=event.number,
        currency=event.currency,
        ends_on=event.ends_on.isoformat() if event.ends_on else None,
        policy=json.dumps(policy, ensure_ascii=False, separators=(",", ":")),
    )
    account.take_over(Account())
    return account


def _claim_number(uow: UnitOfWork, number: str, contract_id: str, currency: str) -> None:
    known = store.find_number(uow.organisation_id, number)
    if known is None:
        pk = store.number_pk(uow.organisation_id, number)
        uow.create(NumberItem(pk=pk, sk="NUMBER", contract_id=contract_id, currency=currency))
    elif known.contract_id != contract_id and not known.ambiguous:
        uow.update(known, [NumberItem.ambiguous.set(True)])


def _release_number(uow: UnitOfWork, account: AccountItem) -> None:
    known = store.find_number(uow.organisation_id, account.number)
    if known and known.contract_id == account.contract_id and not known.ambiguous:
        uow.delete(known)


def end_account(uow: UnitOfWork, event: ContractEnded) -> None:
    """Note the contract's end. The account stays open: money keeps coming after people have left."""
    account = _account_of_event(uow, event.contract_id)
    ends_on = event.ends_on.isoformat()
    if account.ends_on != ends_on:
        account.ends_on = ends_on
        uow.put(account)


def book_settled_payment(uow: UnitOfWork, event: PaymentSettled) -> None:
    """Book a payment under its own id and value date; a second event for it finds it booked.

    A payment is one transaction of its provider: what was paid twice comes under two ids, and the second is credit.

    Raises AccountMissing while the account is not open yet, Conflict `currency_mismatch`.
    """
    account = _account_of_event(uow, event.contract_id)
    if account.currency != event.currency:
        raise Conflict("currency_mismatch")
    entry = Entry(
        PAYMENT,
        event.payment_id,
        event.value_date.isoformat(),
        -event.amount,
        designated=tuple(event.designated_charge_ids),
    )
    item = store.new_entry_item(
        uow.organisation_id,
        event.contract_id,
        entry,
        type=event.method,
        reference=event.reference,
        booked_on=event.booking_date.isoformat(),
    )
    # The id is taken: whoever sends the payment again has it booked already.
    book(uow, account, [item], taken=AlreadyDone("", ""))
    uow.emit(_payment_booked(account, entry))


def post_charge(uow: UnitOfWork, contract_id: str, request: ChargeRequest) -> ChargeResponse:
    """Post one charge under the next number of its year.

    Raises NotFound, DomainError `unknown_charge` (the one that it is accessory to), Conflict `too_many_open_items`.
    """
    account = account_of(uow, contract_id)
    if request.accessory_of:
        check_accessory(uow, contract_id, request.accessory_of)
    entry = Entry(
        CHARGE,
        new_id("chg"),
        request.date.isoformat(),
        request.amount,
        due_date=request.due_date.isoformat(),
        purpose=request.purpose,
        number=next_number(uow, request.date),
        accessory_of=request.accessory_of or "",
    )
    item = store.new_entry_item(
        uow.organisation_id, contract_id, entry, type=request.type, description=request.description
    )
    book(uow, account, [item])
    uow.emit(charge_posted(account, entry))
    return responses.charge(store.plain(item.to_dynamodb_dict()), codec.open_amounts(account.state))


def next_number(uow: UnitOfWork, day: date) -> str:
    """Take the next charge number of the day's year."""
    year = str(day.year)
    series = store.get_series(uow.organisation_id, year)
    (number,), left = take(series.series(), 1)
    series.take_over(left)
    uow.put(series)
    return format_number(year, number)


def check_accessory(uow: UnitOfWork, contract_id: str, charge_id: str) -> ReferenceItem:
    """Where a charge of the account is. Raises DomainError `unknown_charge` where it has no such charge."""
    reference = store.find_reference(uow.organisation_id, charge_id)
    if reference is None or reference.kind != CHARGE or reference.contract_id != contract_id:
        raise DomainError("unknown_charge")
    return reference


def reverse_entry(uow: UnitOfWork, me: access.Principal, entry_id: str, request: ReversalRequest) -> ReversalResponse:
    """Reverse a charge or a payment; book a payment again on another account under its original value date.

    Raises NotFound, Conflict `already_reversed`, `not_reversible`, `payment_refunded`, `same_account` or `currency_mismatch`.
    """
    reference = store.find_reference(uow.organisation_id, entry_id)
    if reference is None:
        raise NotFound
    me.require(contract_id=reference.contract_id)
    target = request.rebook_to_contract_id
    _check_reversible(reference, target)
    # The account first: whatever changes the payment after it was read changes the account's version too.
    account = account_of(uow, reference.contract_id)
    original = store.get_entry(uow.organisation_id, reference)
    if original.reversed_by:
        raise Conflict("already_reversed")
    if original.returned:
        raise Conflict("payment_refunded")
    rebooked = _rebook(uow, account, original, target) if target else None
    # Derived: two requests at once meet at the same id.
    entry = Entry(REVERSAL, derived_id("rev", entry_id), original.value_date, -int(original.amount), reverses=entry_id)
    item = store.new_entry_item(uow.organisation_id, account.contract_id, entry, description=request.reason)
    book(uow, account, [item], undone=original, taken=Conflict("already_reversed"))
    marks: list[Action] = [EntryItem.reversed_by.set(entry.entry_id)]
    if rebooked:
        marks.append(EntryItem.rebooked_to.set(rebooked))
    uow.update(original, marks, EntryItem.reversed_by.does_not_exist(), otherwise=Conflict("already_reversed"))
    uow.emit(
        EntryReversed(
            contract_id=account.contract_id,
            entry_id=entry_id,
            reversal_id=entry.entry_id,
            amount=abs(entry.amount),
            currency=account.currency,
            rebooked_to=rebooked,
        )
    )
    return ReversalResponse(reversal_id=entry.entry_id, entry_id=entry_id, rebooked_payment_id=rebooked)


def _check_reversible(reference: ReferenceItem, target: str | None) -> None:
    if reference.kind not in (CHARGE, PAYMENT) or (target and reference.kind != PAYMENT):
        raise Conflict("not_reversible")
    if target == reference.contract_id:
        raise Conflict("same_account")


def _rebook(uow: UnitOfWork, wrong: AccountItem, original: EntryItem, target: str) -> str:
    """The payment once more, on the right account. What the payer named is left behind: it named the other account's charges."""
    account = account_of(uow, target)
    if account.currency != wrong.currency:
        raise Conflict("currency_mismatch")
    payment_id = derived_id("pay", original.entry_id, REBOOKED)
    entry = Entry(PAYMENT, payment_id, original.value_date, int(original.amount))
    item = store.new_entry_item(
        uow.organisation_id,
        target,
        entry,
        type=original.type,
        reference=original.reference,
        booked_on=original.booked_on,
        rebooked_from=original.entry_id,
    )
    book(uow, account, [item], taken=Conflict("already_reversed"))
    uow.emit(_payment_booked(account, entry))
    return payment_id


def charge_posted(account: AccountItem, entry: Entry) -> ChargePosted:
    return ChargePosted.model_validate(
        {
            "contract_id": account.contract_id,
            "charge_id": entry.entry_id,
            "purpose": entry.purpose,
            "amount": entry.amount,
            "currency": account.currency,
            "due_date": entry.due_date,
        }
    )


def _payment_booked(account: AccountItem, entry: Entry) -> PaymentBooked:
    return PaymentBooked.model_validate(
        {
            "contract_id": account.contract_id,
            "payment_id": entry.entry_id,
            "amount": -entry.amount,
            "currency": account.currency,
            "value_date": entry.value_date,
        }
    )


def account_of(uow: UnitOfWork, contract_id: str) -> AccountItem:
    """A contract's account. Raises NotFound."""
    account = store.find_account(uow.organisation_id, contract_id)
    if account is None:
        raise NotFound
    return account


def _account_of_event(uow: UnitOfWork, contract_id: str) -> AccountItem:
    account = store.find_account(uow.organisation_id, contract_id)
    if account is None:
        raise AccountMissing(contract_id)
    return account
