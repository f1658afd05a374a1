"""From what has happened to notices: who is told, and of what."""

from typing import Any

from notifications import store
from notifications.kinds import KINDS
from shared import access, clock
from shared.errors import NotFound
from shared.tables import UnitOfWork


def tell_parties(uow: UnitOfWork, contract_id: str, kind: str, what: str, about: dict[str, str], **values: Any) -> None:
    """Tell everybody who has a part in a contract. Raises NotFound while it is not known here: the queue brings the event again."""
    contract = store.find_contract(uow.organisation_id, contract_id)
    if contract is None:
        raise NotFound
    today = clock.today(access.organisation(uow.organisation_id).time_zone)
    for person_id in contract.people_on(today):
        tell(uow, person_id, kind, what, {"contract_id": contract_id, **about}, **values)


def tell(uow: UnitOfWork, person_id: str, kind: str, what: str, about: dict[str, str], **values: Any) -> None:
    """Tell one person, unless he was told the same `what` before. `values` are those that the kind names.

    Raises ValueError for others: the words could not be made.
    """
    if values.keys() != set(KINDS[kind].values):
        msg = f"{kind} is made of {KINDS[kind].values}, not of {sorted(values)}"
        raise ValueError(msg)
    if not store.was_told(uow.organisation_id, person_id, what):
        store.stage_notice(uow, person_id, kind, what, about=about, values=values)
