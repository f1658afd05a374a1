"""From what has happened to notices: who is told, and of what."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final

from notifications import store, store_due
from notifications.kinds import KINDS
from shared import access, clock
from shared.errors import NotFound
from shared.events.notifications import NotificationQueued, TellingDue
from shared.tables import UnitOfWork

BATCH: Final = 25
"""People who are told in one transaction, with three operations each."""


def tell_parties(uow: UnitOfWork, contract_id: str, kind: str, what: str, about: dict[str, str], **values: Any) -> None:
    """Tell everybody who has a part in a contract. Raises NotFound while it is not known here: the queue brings the event again."""
    contract = store.find_contract(uow.organisation_id, contract_id)
    if contract is None:
        raise NotFound
    for person_id in contract.people_on(_today(uow)):
        tell(uow, person_id, kind, what, {"contract_id": contract_id, **about}, **values)


def tell_staff(uow: UnitOfWork, kind: str, what: str, about: dict[str, str], **values: Any) -> None:
    """Have all the staff told. Who says the same `what` again is not heard, so that an hour's alarms of a kind can share one."""
    uow.emit(TellingDue(kind=kind, what=what, about=about, values=values))


def tell_communities(
    uow: UnitOfWork, community_ids: list[str], kind: str, what: str, about: dict[str, str], **values: Any
) -> None:
    """Have everybody told who lives in these communities; each by itself, for every batch looks through all of its homes."""
    for community_id in community_ids:
        uow.emit(TellingDue(kind=kind, what=what, about=about, values=values, community_ids=[community_id]))


def tell_next(uow: UnitOfWork, event: TellingDue) -> None:
    """Tell the next of many, and have the others told after them."""
    org = uow.organisation_id
    if event.community_ids:
        contracts = [contract for one in event.community_ids for contract in store.contracts_in(org, one)]
        audience = _residents(contracts, _today(uow))
    else:
        audience = set(access.staff(org))
    left = sorted(person_id for person_id in audience if person_id > event.after)
    values: dict[str, Any] = dict(event.values)
    for person_id in left[:BATCH]:
        tell(uow, person_id, event.kind, event.what, event.about, **values)
    if len(left) > BATCH:
        uow.emit(event.model_copy(update={"after": left[BATCH - 1]}))


def residents_of(uow: UnitOfWork, community_id: str, unit_id: str | None) -> list[str]:
    """Who lives in a unit today, as far as its contracts are known here; in none, nobody."""
    if unit_id is None:
        return []
    return sorted(_residents(store.contracts_in(uow.organisation_id, community_id, unit_id), _today(uow)))


def tell(
    uow: UnitOfWork,
    person_id: str,
    kind: str,
    what: str,
    about: dict[str, str],
    *,
    not_before: datetime | None = None,
    **values: Any,
) -> None:
    """Tell one person, unless he was told the same `what` before. `values` are those that the kind names.

    It is sent at once, or from `not_before` on; in the inbox it stands at once. Raises ValueError for other values: the words could
    not be made.
    """
    if values.keys() != set(KINDS[kind].values):
        msg = f"{kind} is made of {KINDS[kind].values}, not of {sorted(values)}"
        raise ValueError(msg)
    if store.was_told(uow.organisation_id, person_id, what):
        return
    notice = store.stage_notice(uow, person_id, kind, what, about=about, values=values)
    if not_before is None:
        uow.emit(NotificationQueued(person_id=person_id, notice_id=notice.notice_id))
    else:
        store_due.stage_due(uow, person_id, notice.notice_id, not_before)


def _residents(contracts: Iterable[store.ContractItem], day: date) -> set[str]:
    return {person_id for contract in contracts for person_id in contract.residents_on(day)}


def _today(uow: UnitOfWork) -> date:
    return clock.today(access.organisation(uow.organisation_id).time_zone)
