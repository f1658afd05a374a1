"""Booking entries on an account: what the rules say, staged as one part of the unit of work."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date

from shared import clock
from shared.errors import Conflict, DomainError
from shared.events.catalog import BalanceChanged, InterestRestatementDue
from shared.tables import AlreadyDone, UnitOfWork
from statements import store
from statements.rules import codec
from statements.rules.entries import CHARGE, FOLDED, Entry
from statements.rules.posting import Posting, post
from statements.rules.state import MAX_OPEN_ITEMS
from statements.store import AccountItem, EntryItem
from statements.store_book import StoredBook, new_checkpoint, write_ahead

_GENERATION_BYTES = 4
MAX_SAID = 200
"""Open items that `BalanceChanged` names."""


def book(
    uow: UnitOfWork,
    account: AccountItem,
    items: Sequence[EntryItem],
    *,
    undone: EntryItem | None = None,
    changed: Entry | None = None,
    fingerprints: Mapping[str, str] | None = None,
    taken: DomainError | AlreadyDone | None = None,
) -> None:
    """Stage entries of one account, with its new state and what is said about it.

    `undone` is an entry that a reversal among the items takes out of allocation; `changed` is a payment with what goes back of it
    from now on. `taken` is what the commit raises where an
    entry's id is taken already; without it the use case runs again. Raises Conflict `too_many_open_items`.
    """
    before, stored = account.snapshot(), StoredBook(account.pk)
    posting = post(
        before,
        [item.entry() for item in items if item.kind in FOLDED],
        stored,
        account.policies(),
        generation=secrets.token_hex(_GENERATION_BYTES),
        undone=undone.entry() if undone and undone.kind in FOLDED else None,
        changed=changed,
    )
    after = posting.account.state
    grows = len(after.open_items) > len(before.state.open_items)
    if grows and len(after.open_items) > MAX_OPEN_ITEMS and any(item.kind == CHARGE for item in items):
        raise Conflict("too_many_open_items")
    recorded_at = clock.stamp(clock.now())
    for item in items:
        item.recorded_at, item.actor = recorded_at, uow.metadata.actor
        uow.put(item)
        reference = store.new_reference(uow.organisation_id, item, (fingerprints or {}).get(item.entry_id))
        uow.create(reference, otherwise=taken)
    _stage_checkpoints(uow, account.pk, posting)
    account.take_over(posting.account)
    uow.put(account)
    uow.emit(_balance_changed(account))
    # Interest runs up to the day of its own line, so what is booked after that has no bearing on it.
    touched = [item.entry() for item in (*items, undone) if item]
    since = min(entry.position for entry in (*touched, changed) if entry)
    if stored.stated > since:
        uow.emit(InterestRestatementDue(contract_id=account.contract_id, since=since))


def _stage_checkpoints(uow: UnitOfWork, pk: str, posting: Posting) -> None:
    made = [new_checkpoint(pk, made.generation, made.position, made.state) for made in posting.checkpoints]
    if posting.deep:
        # They may be too many for the transaction, and unread until it commits: if it does not, they are litter and no more.
        write_ahead(made)
        return
    for item in made:
        uow.put(item)
    for generation, position in posting.deletes:
        uow.delete(new_checkpoint(pk, generation, position))


def _balance_changed(account: AccountItem) -> BalanceChanged:
    summary = codec.summarise(account.state, today="")
    amounts, days = codec.open_first(account.state, MAX_SAID)
    return BalanceChanged(
        contract_id=account.contract_id,
        # PynamoDB counts up when it writes.
        ledger_version=int(account.version or 0) + 1,
        balance=summary.balance,
        due=summary.due,
        credit=summary.credit,
        overdue_from=date.fromisoformat(summary.overdue_from) if summary.overdue_from else None,
        currency=account.currency,
        open_items=amounts,
        due_dates={charge_id: date.fromisoformat(day) for charge_id, day in days.items()},
    )
