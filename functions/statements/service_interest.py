"""Interest for delay: stated by staff, put right by a reversal and a new entry where the days behind it have changed.

What it was counted by stays with it: the rates, and its value date, up to which it runs. So the ledger puts it right by itself.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple

from pynamodb.expressions.update import Action

from shared.errors import DomainError
from shared.events.catalog import EntryReversed, InterestRestatementDue
from shared.ids import derived_id
from shared.tables import UnitOfWork
from statements import service, store, store_book
from statements.booking import book
from statements.rules.entries import CHARGE, REVERSAL, Entry
from statements.rules.overdue import Overdue, Rate, interest, overdue
from statements.schemas import InterestRequest, InterestResponse
from statements.service_views import item_of
from statements.store import AccountItem, EntryItem

_MOST_CHECKED: Final = 20
"""Charges looked at for one event: each is folded from its own place on."""


class _Statement(NamedTuple):
    """All interest on a charge up to a day."""

    charge_id: str
    until: str
    rates: Sequence[Rate]
    amount: int


def state_interest(uow: UnitOfWork, contract_id: str, charge_id: str, request: InterestRequest) -> InterestResponse:
    """Post all interest on a charge up to a day; what was posted so before and is another sum is reversed.

    The same call again changes nothing. Raises NotFound, DomainError `unknown_charge`, Conflict `too_many_open_items`.
    """
    account = service.account_of(uow, contract_id)
    reference = service.check_accessory(uow, contract_id, charge_id)
    until, rates = (
        request.until.isoformat(),
        [Rate(rate.valid_from.isoformat(), rate.basis_points) for rate in request.rates],
    )
    item = item_of(account, until, charge_id, reference.position)
    # There is no interest on interest.
    if item is None or item.purpose == "interest":
        raise DomainError("unknown_charge")
    late = overdue(item, until)
    statement = _Statement(charge_id, until, rates, interest(late, rates))
    last, entry_id = _last(uow, charge_id)
    former = None if last is None or last.reversed_by else last
    if statement.amount == _amount(former):
        return _response(statement.amount, former, None, late)
    added, reversal = _restate(uow, account, statement, former, entry_id)
    return _response(statement.amount, added, reversal, late)


def put_right(uow: UnitOfWork, event: InterestRestatementDue) -> None:
    """State again the first interest, from a place in the account on, that is another sum now.

    Interest is a charge itself and takes money from its day on. So the earliest goes first, and its booking says that what comes
    after it is to be looked at: whatever is booked in whatever order, this ends where every sum is right.
    """
    account = service.account_of(uow, event.contract_id)
    for checked, line in enumerate(store_book.stated_interest(account.pk, event.since)):
        if checked == _MOST_CHECKED:
            uow.emit(InterestRestatementDue(contract_id=event.contract_id, since=line.entry().position))
            return
        if _put_right(uow, account, line):
            return


def _put_right(uow: UnitOfWork, account: AccountItem, line: EntryItem) -> bool:
    """Whether what this line says was another sum."""
    charge_id = line.accessory_of or ""
    last, entry_id = _last(uow, charge_id)
    # A reversal that was followed by new interest says nothing any more.
    if last is None or last.entry_id != (line.reverses or line.entry_id):
        return False
    reference = service.check_accessory(uow, account.contract_id, charge_id)
    item = item_of(account, line.value_date, charge_id, reference.position)
    # What was charged wrongly was never owed.
    late = overdue(item, line.value_date) if item else ()
    rates = [Rate(*rate) for rate in json.loads(line.rates or "[]")]
    statement = _Statement(charge_id, line.value_date, rates, interest(late, rates))
    former = None if last.reversed_by else last
    if statement.amount == _amount(former):
        return False
    _restate(uow, account, statement, former, entry_id)
    return True


def _last(uow: UnitOfWork, charge_id: str) -> tuple[EntryItem | None, str]:
    """The last interest that was stated on a charge, and the id of the next."""
    number, last = 0, None
    while True:
        entry_id = derived_id("chg", charge_id, "interest", str(number))
        reference = store.find_reference(uow.organisation_id, entry_id)
        if reference is None:
            return (store.get_entry(uow.organisation_id, last) if last else None), entry_id
        number, last = number + 1, reference


def _amount(former: EntryItem | None) -> int:
    return int(former.amount) if former else 0


def _restate(
    uow: UnitOfWork, account: AccountItem, statement: _Statement, former: EntryItem | None, entry_id: str
) -> tuple[EntryItem | None, EntryItem | None]:
    """Book the new interest, if there is any, and the reversal of the former."""
    added = _charge(uow, account, statement, entry_id) if statement.amount else None
    reversal = _reversal(uow, account, statement, former) if former else None
    # Who states it at the same time meets this one at the same ids, and states it again.
    book(uow, account, [item for item in (reversal, added) if item], undone=former)
    if former and reversal:
        _mark_reversed(uow, account, former, reversal)
    if added:
        uow.emit(service.charge_posted(account, added.entry()))
    return added, reversal


def _charge(uow: UnitOfWork, account: AccountItem, statement: _Statement, entry_id: str) -> EntryItem:
    until = statement.until
    entry = Entry(
        CHARGE,
        entry_id,
        until,
        statement.amount,
        due_date=until,
        purpose="interest",
        number=service.next_number(uow, date.fromisoformat(until)),
        accessory_of=statement.charge_id,
    )
    return store.new_entry_item(
        uow.organisation_id, account.contract_id, entry, type="bank", rates=json.dumps(statement.rates)
    )


def _reversal(uow: UnitOfWork, account: AccountItem, statement: _Statement, former: EntryItem) -> EntryItem:
    day = former.value_date
    entry = Entry(
        REVERSAL,
        derived_id("rev", former.entry_id),
        day,
        -int(former.amount),
        reverses=former.entry_id,
        accessory_of=statement.charge_id,
    )
    # Nothing is owed now; it may be again. Who states less than the days that were counted before has taken them back.
    nothing = not statement.amount and statement.until >= day
    rates = json.dumps(statement.rates) if nothing else None
    return store.new_entry_item(uow.organisation_id, account.contract_id, entry, rates=rates)


def _mark_reversed(uow: UnitOfWork, account: AccountItem, former: EntryItem, reversal: EntryItem) -> None:
    marks: list[Action] = [EntryItem.reversed_by.set(reversal.entry_id)]
    uow.update(former, marks, EntryItem.reversed_by.does_not_exist())
    uow.emit(
        EntryReversed(
            contract_id=account.contract_id,
            entry_id=former.entry_id,
            reversal_id=reversal.entry_id,
            amount=abs(int(reversal.amount)),
            currency=account.currency,
        )
    )


def _response(
    amount: int, standing: EntryItem | None, reversal: EntryItem | None, late: Iterable[Overdue]
) -> InterestResponse:
    return InterestResponse.model_validate(
        {
            "amount": amount,
            "charge_id": standing.entry_id if standing else None,
            "reversal_id": reversal.entry_id if reversal else None,
            "overdue": [span._asdict() for span in late],
        }
    )
