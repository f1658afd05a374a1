"""From what has happened to notices: who is told, and of what."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any, Final

from notifications import store, store_due, store_news
from notifications.kinds import KINDS
from shared import access, clock
from shared.errors import NotFound
from shared.events.notifications import NotificationQueued, TellingDue
from shared.tables import UnitOfWork

BATCH: Final = 25
"""People who are told in one transaction."""
_OPERATIONS: Final = 3
"""Of telling one person."""


def tell_parties(uow: UnitOfWork, contract_id: str, kind: str, what: str, about: dict[str, str], **values: Any) -> None:
    """Tell everybody who has a part in a contract. Raises NotFound while it is not known here: the queue brings the event again."""
    contract = store.find_contract(uow.organisation_id, contract_id)
    if contract is None:
        raise NotFound
    people = contract.people_on(_today(uow.organisation_id))
    tell_people(uow, people, kind, what, {"contract_id": contract_id, **about}, **values)


def tell_people(uow: UnitOfWork, people: list[str], kind: str, what: str, about: dict[str, str], **values: Any) -> None:
    """Tell these people; where they are more than the transaction takes, have them told."""
    if uow.size + _OPERATIONS * len(people) <= _OPERATIONS * BATCH:
        for person_id in people:
            tell(uow, person_id, kind, what, about, **values)
    else:
        uow.emit(TellingDue(kind=kind, what=what, about=about, values=values, person_ids=people))


def tell_staff(uow: UnitOfWork, kind: str, what: str, about: dict[str, str], **values: Any) -> None:
    """Have all the staff told. Who says the same `what` again is not heard, so that an hour's alarms of a kind can share one."""
    uow.emit(TellingDue(kind=kind, what=what, about=about, values=values))


def tell_communities(
    uow: UnitOfWork, community_ids: list[str], kind: str, what: str, about: dict[str, str], **values: Any
) -> None:
    """Have everybody told who lives in these communities."""
    for community_id in community_ids:
        uow.emit(TellingDue(kind=kind, what=what, about=about, values=values, community_ids=[community_id]))


def tell_everybody(uow: UnitOfWork, kind: str, what: str, about: dict[str, str], **values: Any) -> None:
    """Have everybody told who has a part in a contract."""
    uow.emit(TellingDue(kind=kind, what=what, about=about, values=values, everybody=True))


def tell_next(uow: UnitOfWork, event: TellingDue) -> None:
    """Tell the next of many, and have the others told after them. Who stands in their order twice is told once."""
    places = list(islice(_audience(uow.organisation_id, event), BATCH + 1))
    people = dict.fromkeys(place.rpartition("#")[2] for place in places[:BATCH])
    values: dict[str, Any] = dict(event.values)
    told = sum([tell(uow, person_id, event.kind, event.what, event.about, **values) for person_id in people])
    if KINDS[event.kind].by_reference and told:
        store_news.stage_told(uow, event.about["news_id"], told)
    if len(places) > BATCH:
        uow.emit(event.model_copy(update={"after": places[BATCH - 1]}))


def residents(organisation_id: str, community_id: str | None, after: str = "") -> Iterator[str]:
    """Who has a part in a contract today, in a community or, with None, anywhere: each as `<place of the contract>#<person>`, in order.

    A person with several contracts comes with each. Only those `after` one of them; read as they are taken.
    """
    day, (place, _, last) = _today(organisation_id), after.rpartition("#")
    for at, contract in store.contracts_from(organisation_id, community_id, place, BATCH + 2):
        for person_id in sorted(contract.residents_on(day)):
            if (at, person_id) > (place, last):
                yield f"{at}#{person_id}"


def residents_of(uow: UnitOfWork, community_id: str, unit_id: str | None) -> list[str]:
    """Who lives in a unit today, as far as its contracts are known here; in none, nobody."""
    if unit_id is None:
        return []
    contracts, day = store.contracts_of_unit(uow.organisation_id, community_id, unit_id), _today(uow.organisation_id)
    return sorted({person_id for contract in contracts for person_id in contract.residents_on(day)})


def tell(
    uow: UnitOfWork,
    person_id: str,
    kind: str,
    what: str,
    about: dict[str, str],
    *,
    not_before: datetime | None = None,
    **values: Any,
) -> bool:
    """Tell one person, unless he was told the same `what` before; whether he was not. `values` are those that the kind names.

    It is sent at once, or from `not_before` on; in the inbox it stands at once. Raises ValueError for other values: the words could
    not be made.
    """
    if values.keys() != set(KINDS[kind].kept):
        msg = f"{kind} is made of {KINDS[kind].kept}, not of {sorted(values)}"
        raise ValueError(msg)
    if store.was_told(uow.organisation_id, person_id, what):
        return False
    notice = store.stage_notice(uow, person_id, kind, what, about=about, values=values)
    if not_before is None:
        uow.emit(NotificationQueued(person_id=person_id, notice_id=notice.notice_id))
    else:
        store_due.stage_due(uow, person_id, notice.notice_id, not_before)
    return True


def _audience(organisation_id: str, event: TellingDue) -> Iterator[str]:
    """Those who are left to be told, each by where he stands in their order; his id is the last part of it."""
    if event.person_ids is not None:
        return (person_id for person_id in sorted(event.person_ids) if person_id > event.after)
    if event.everybody:
        return residents(organisation_id, None, event.after)
    if event.community_ids:
        return residents(organisation_id, event.community_ids[0], event.after)
    return access.staff(organisation_id, event.after, BATCH + 1)


def _today(organisation_id: str) -> date:
    return clock.today(access.organisation(organisation_id).time_zone)
