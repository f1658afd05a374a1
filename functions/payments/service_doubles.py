"""What was paid twice: by one attempt, or by two that were started for the same charges. Who notices it, and who is told."""

from typing import Final, NamedTuple

from payments import rules_books as books
from payments import store_messages
from payments import store_online as store
from payments.rules_attempts import State
from payments.store_online import AttemptItem
from shared.events.payments import PaymentDoubled
from shared.observe import logger
from shared.tables import UnitOfWork

_MOST: Final = 50
"""Settled payments that a contract remembers for what may be paid twice."""


class Bought(NamedTuple):
    """What a payment pays of each charge, how much of it was paid for the second time, and by which payments before."""

    shares: dict[str, int]
    doubled: int
    double_of: list[str]


def bought(organisation_id: str, account: store.OpenChargesItem, item: AttemptItem) -> Bought:
    """Judge a payment by what others have paid since the ledger said what was open when it was started.

    What was settled under an older version of the ledger than that is no longer among what was open then.
    """
    rows: dict[str, dict[str, int]] = {
        payment_id: paid
        for payment_id, as_of, paid in account.bought
        if as_of >= item.as_of and payment_id != item.payment_id and paid.keys() & item.covers.keys()
    }
    for payment_id in list(rows):
        other = store.find_attempt(organisation_id, payment_id)
        if other is None or other.state in {State.REFUNDED, State.DISPUTED}:
            del rows[payment_id]
    shares, doubled = books.shares(item.covers, int(item.amount), rows.values())
    return Bought(shares, doubled, list(rows) if doubled else [])


def remember(uow: UnitOfWork, item: AttemptItem, accounts: dict[str, store.OpenChargesItem]) -> None:
    """Keep what a payment that settles has paid, and in it what was paid before; two at once meet in the contract's item."""
    account = accounts.get(item.contract_id) or store.open_charges(uow.organisation_id, item.contract_id)
    if account is None or not item.covers:
        return
    found = bought(uow.organisation_id, account, item)
    item.doubled, item.double_of = found.doubled, found.double_of
    row = [item.payment_id, int(account.ledger_version), found.shares]
    account.bought = [*account.bought, row][-_MOST:]
    accounts[item.contract_id] = account


def tell(uow: UnitOfWork, item: AttemptItem, first: str, second: str, amount: int) -> None:
    """Say that a payment is one too many for so much: `first` had paid the same."""
    doubled = PaymentDoubled(
        payment_id=first,
        double_payment_id=second,
        contract_id=item.contract_id,
        provider=item.provider,
        amount=amount,
        currency=item.currency,
    )
    uow.emit(doubled)
    logger.warning("double payment", extra={"payment_id": item.payment_id, "first": first})


def list_lines(uow: UnitOfWork, item: AttemptItem, touched: set[str], day: str) -> None:
    """Keep a line before people's eyes for every double payment until all of it has gone back; it names what was paid first."""
    for transaction, payment_id in item.bookings.items():
        own = payment_id == item.payment_id
        first = item.double_of[0] if own and item.doubled else item.payment_id
        whole = int(item.doubled if own else item.amount)
        if payment_id not in touched or not whole:
            continue
        gone = sum(
            one.amount for one in books.from_rows(item.returned) if one.payment_id == payment_id and not one.undone
        )
        line = store_messages.new_reconciliation(
            uow.organisation_id,
            "paid_twice",
            day,
            item.provider,
            reference=store.reference_of(first),
            transaction_id=transaction,
            payment_id=item.payment_id,
            contract_id=item.contract_id,
            expected=0,
            found=whole - gone,
            currency=item.currency,
        )
        if gone < whole:
            store_messages.put_line(uow, line)
        else:
            uow.delete(line)
