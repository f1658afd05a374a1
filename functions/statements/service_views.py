"""Use cases that read the ledger. What they cost does not grow with the account."""

from datetime import date, timedelta
from typing import Final

from shared import clock
from shared.errors import Conflict, NotFound
from shared.organisations import OrganisationProfile
from statements import responses, store
from statements.rules import codec
from statements.rules.entries import CHARGE, PAYMENT, Entry, end_of
from statements.rules.posting import Fold, find_base
from statements.rules.state import OpenItem, State
from statements.schemas import AccountResponse, ChargeResponse, EntryResponse, ExplainResponse, PaymentResponse
from statements.store import AccountItem, Key
from statements.store_book import StoredBook

_SETTLED_FOR: Final = timedelta(days=365)
_SETTLED_MOST: Final = 50
_BACK: Final = 2
"""An explanation begins this many checkpoints back, so that it has lately settled charges to show."""
_ATTEMPTS: Final = 4


def get_account(organisation: OrganisationProfile, contract_id: str) -> AccountResponse:
    """The account's figures as of today in the organisation's time zone. Raises NotFound."""
    account = _account(organisation.organisation_id, contract_id)
    today = clock.today(organisation.time_zone)
    return responses.account(account, codec.summarise(account.state, today.isoformat()), today)


def list_charges(organisation_id: str, contract_id: str, start: Key | None) -> tuple[list[ChargeResponse], Key | None]:
    """A page of charges with their status, and the key of the next one. Raises NotFound."""
    items, last = store.list_kind(store.account_pk(organisation_id, contract_id), CHARGE, start)
    # Read after the page: whatever the page shows is in this state, so an open charge cannot pass for a paid one.
    left = codec.open_amounts(_account(organisation_id, contract_id).state)
    return [responses.charge(item, left) for item in items], last


def list_payments(
    organisation_id: str, contract_id: str, start: Key | None
) -> tuple[list[PaymentResponse], Key | None]:
    """A page of payments with what is unallocated of each. Raises NotFound."""
    items, last = store.list_kind(store.account_pk(organisation_id, contract_id), PAYMENT, start)
    left = codec.remaining_amounts(_account(organisation_id, contract_id).state)
    return [responses.payment(item, left) for item in items], last


def list_entries(organisation_id: str, contract_id: str, start: Key | None) -> tuple[list[EntryResponse], Key | None]:
    """A page of all entries. Raises NotFound for an account that does not exist."""
    items, last = store.list_entries(store.account_pk(organisation_id, contract_id), start)
    if not items:
        _account(organisation_id, contract_id)
    return [responses.entry(item) for item in items], last


def explain_balance(organisation: OrganisationProfile, contract_id: str, on: date | None) -> ExplainResponse:
    """Run the last entries up to a day again and tell what went where.

    Without a day: everything posted, so that the balance is the account's. Raises NotFound.
    """
    for _ in range(_ATTEMPTS):
        account = _account(organisation.organisation_id, contract_id)
        day = on or max(clock.today(organisation.time_zone), _day_of(account.head))
        book = StoredBook(account.pk)
        state, settled = _run(account, book, day)
        # A checkpoint read amid somebody's re-run may belong to the state after it: then the version has moved on.
        if _account(organisation.organisation_id, contract_id).version == account.version:
            return _explained(account, book, day, state, settled)
    raise Conflict


def _run(account: AccountItem, book: StoredBook, day: date) -> tuple[State, list[OpenItem]]:
    until = end_of(day.isoformat())
    state, settled = _fold(account, book, until, until, _BACK)
    return state, _lately(settled, day, {item.charge_id for item in state.open_items})


def _fold(
    account: AccountItem, book: StoredBook, at: str, until: str, back: int = 1
) -> tuple[State, list[tuple[Entry, OpenItem]]]:
    """The entries from a checkpoint before a position on, and what was settled on the way."""
    base, state = find_base(account.snapshot().lineage, at, book, back)
    fold = Fold(account.policies(), state)
    _, settled = fold.run(book.entries_after(base, until))
    return fold.state, settled


def item_of(account: AccountItem, until: str, charge_id: str, at: str) -> OpenItem | None:
    """The charge at a position as it stood at the end of a day; None where it was not there yet, or is reversed."""
    if at > end_of(until):
        return None
    state, settled = _fold(account, StoredBook(account.pk), at, end_of(until))
    known = (*(item for _, item in settled), *state.open_items)
    return next((item for item in reversed(known) if item.charge_id == charge_id), None)


def _lately(settled: list[tuple[Entry, OpenItem]], day: date, opened: set[str]) -> list[OpenItem]:
    """The charges that were paid off within a year, the newest first; not those that a refund has opened again."""
    first = (day - _SETTLED_FOR).isoformat()
    found: dict[str, OpenItem] = {}
    for by, item in reversed(settled):
        if by.value_date > first and item.charge_id not in opened:
            found.setdefault(item.charge_id, item)
    return list(found.values())[:_SETTLED_MOST]


def _explained(
    account: AccountItem, book: StoredBook, day: date, state: State, settled: list[OpenItem]
) -> ExplainResponse:
    items = [*state.open_items, *settled]
    unknown = {pair for pair in responses.payments_of(items, state.credits) if pair[1] not in book.references}
    found = store.find_payments(account.pk, unknown)
    references = book.references | {item.entry_id: item.reference or "" for item in found}
    return ExplainResponse(
        contract_id=account.contract_id,
        currency=account.currency,
        on=day,
        balance=state.balance,
        policy=account.policies().on(day.isoformat()).policy_id,
        open_items=[responses.explained_item(item, references, day) for item in state.open_items],
        credits=[responses.explained_credit(credit, references) for credit in state.credits],
        settled=[responses.explained_item(item, references, day) for item in settled],
    )


def _day_of(head: str) -> date:
    return date.fromisoformat(head.partition("#")[0]) if head else date.min


def _account(organisation_id: str, contract_id: str) -> AccountItem:
    account = store.find_account(organisation_id, contract_id)
    if account is None:
        raise NotFound
    return account
