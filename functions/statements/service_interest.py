"""Interest for delay: stated by staff, put right by a reversal and a new entry where the days behind it have changed."""

from collections.abc import Iterable

from pynamodb.expressions.update import Action

from shared.errors import DomainError
from shared.events.catalog import EntryReversed
from shared.ids import derived_id
from shared.tables import UnitOfWork
from statements import service, store
from statements.booking import book
from statements.rules.entries import CHARGE, REVERSAL, Entry
from statements.rules.overdue import Overdue, Rate, interest, overdue
from statements.schemas import InterestRequest, InterestResponse
from statements.service_views import item_of
from statements.store import AccountItem, EntryItem


def state_interest(uow: UnitOfWork, contract_id: str, charge_id: str, request: InterestRequest) -> InterestResponse:
    """Post all interest on a charge up to a day; what was posted so before and is another sum is reversed.

    The same call again changes nothing. Called after a refund, a charge-back or its undoing it puts right what was counted on days that
    are others now. Raises NotFound, DomainError `unknown_charge` (also for a charge that was paid off more than a year before),
    Conflict `too_many_open_items`.
    """
    account = service.account_of(uow, contract_id)
    service.check_accessory(uow, contract_id, charge_id)
    item = item_of(account, request.until, charge_id)
    # There is no interest on interest.
    if item is None or item.purpose == "interest":
        raise DomainError("unknown_charge")
    late = overdue(item, request.until.isoformat())
    amount = interest(late, [Rate(rate.valid_from.isoformat(), rate.basis_points) for rate in request.rates])
    former, entry_id = _former(uow, charge_id)
    if amount == (int(former.amount) if former else 0):
        return _response(amount, former.entry_id if former else None, None, late)
    reversal = _reversal(former) if former else None
    added = _charge(uow, request, entry_id, charge_id, amount) if amount else None
    items = [
        store.new_entry_item(uow.organisation_id, contract_id, entry, type="bank" if entry is added else None)
        for entry in (reversal, added)
        if entry
    ]
    # Who states it at the same time meets this one at the same ids, and states it again.
    book(uow, account, items, undone=former)
    if former and reversal:
        _mark_reversed(uow, account, former, reversal)
    if added:
        uow.emit(service.charge_posted(account, added))
    return _response(amount, entry_id if added else None, reversal.entry_id if reversal else None, late)


def _former(uow: UnitOfWork, charge_id: str) -> tuple[EntryItem | None, str]:
    """The interest on a charge that is in the books, and the id of the next."""
    number, found = 0, None
    while True:
        entry_id = derived_id("chg", charge_id, "interest", str(number))
        reference = store.find_reference(uow.organisation_id, entry_id)
        if reference is None:
            return found, entry_id
        item = store.get_entry(uow.organisation_id, reference)
        found = None if item.reversed_by else item
        number += 1


def _reversal(former: EntryItem) -> Entry:
    reversal_id = derived_id("rev", former.entry_id)
    return Entry(REVERSAL, reversal_id, former.value_date, -int(former.amount), reverses=former.entry_id)


def _charge(uow: UnitOfWork, request: InterestRequest, entry_id: str, charge_id: str, amount: int) -> Entry:
    until = request.until.isoformat()
    number = service.next_number(uow, request.until)
    return Entry(
        CHARGE, entry_id, until, amount, due_date=until, purpose="interest", number=number, accessory_of=charge_id
    )


def _mark_reversed(uow: UnitOfWork, account: AccountItem, former: EntryItem, reversal: Entry) -> None:
    marks: list[Action] = [EntryItem.reversed_by.set(reversal.entry_id)]
    uow.update(former, marks, EntryItem.reversed_by.does_not_exist())
    uow.emit(
        EntryReversed(
            contract_id=account.contract_id,
            entry_id=former.entry_id,
            reversal_id=reversal.entry_id,
            amount=abs(reversal.amount),
            currency=account.currency,
        )
    )


def _response(amount: int, charge_id: str | None, reversal_id: str | None, late: Iterable[Overdue]) -> InterestResponse:
    return InterestResponse.model_validate(
        {
            "amount": amount,
            "charge_id": charge_id,
            "reversal_id": reversal_id,
            "overdue": [span._asdict() for span in late],
        }
    )
