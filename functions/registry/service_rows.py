"""Writing one thing of an import: created, changed or left as it is; and saying what others must know."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final, Literal

from registry import rules, service, service_people, store
from registry.import_plan import Work
from registry.store import Community, Contract, Mandate, Person, Unit
from shared.events.catalog import (
    ContactChanged,
    ContractEnded,
    ContractStarted,
    MandateEnded,
    MandateStarted,
    UnitRegistered,
)
from shared.tables import UnitOfWork

Outcome = Literal["created", "changed", "unchanged"]
_PERSON_FIELDS: Final = (*rules.CONTACT_FIELDS, "company", "locale")


def write_row(uow: UnitOfWork, work: Work) -> Outcome:
    """Stage a thing and its events, if it is new or its rows say something new since the last import."""
    return _WRITERS[work["kind"]](uow, work)


def _write_community(uow: UnitOfWork, work: Work) -> Outcome:
    item = store.find_thing(Community, uow.organisation_id, work["id"])
    outcome = _outcome(item, work)
    if outcome != "unchanged":
        item = item or Community(store.key(uow.organisation_id, "COMMUNITY", work["id"]), "COMMUNITY")
        _fill(item, community_id=work["id"], **work["values"], imported=_print(work))
        item.gsi1pk = service.communities_key(uow.organisation_id)
        item.gsi1sk = f"{rules.fold(item.name)}#{work['id']}"
        uow.put(item)
    return outcome


def _write_unit(uow: UnitOfWork, work: Work) -> Outcome:
    item = store.find_thing(Unit, uow.organisation_id, work["id"])
    outcome = _outcome(item, work)
    if outcome != "unchanged":
        before = _registered(item) if item else None
        item = item or Unit(store.key(uow.organisation_id, "UNIT", work["id"]), "UNIT")
        _fill(item, unit_id=work["id"], **work["values"], imported=_print(work))
        uow.put(item)
        now = _registered(item)
        if now != before:
            uow.emit(now)
    return outcome


def _write_person(uow: UnitOfWork, work: Work) -> Outcome:
    person = store.find_thing(Person, uow.organisation_id, work["id"])
    row = work["values"]
    if person is None:
        person = Person(store.key(uow.organisation_id, "PERSON", work["id"]), "PERSON")
        _fill(person, person_id=work["id"], **row, imported=row)
        service_people.stage_person(uow, person)
        return "created"
    if person.imported == row:
        return "unchanged"
    before = {field: getattr(person, field) for field in _PERSON_FIELDS}
    after = rules.merged(before, person.imported, row)
    _fill(person, **after, imported=row)
    service_people.stage_person(uow, person)
    fields = sorted(field for field, value in after.items() if value != before[field])
    if fields:
        uow.emit(ContactChanged(person_id=work["id"], fields=fields))
    return "changed"


def _write_contract(uow: UnitOfWork, work: Work) -> Outcome:
    organisation_id = uow.organisation_id
    contract = store.find_thing(Contract, organisation_id, work["id"])
    outcome = _outcome(contract, work)
    if outcome == "unchanged":
        return outcome
    contract = contract or Contract(store.key(organisation_id, "CONTRACT", work["id"]), "CONTRACT")
    _fill(contract, contract_id=work["id"], **work["values"], imported=_print(work))
    contract.gsi1pk = service.contracts_key(organisation_id)
    contract.gsi1sk = f"{rules.fold(contract.number)}#{work['id']}"
    uow.put(contract)
    coming = {
        person_id: Person(store.key(organisation_id, "PERSON", person_id), "PERSON", person_id=person_id, **names)
        for person_id, names in work["names"].items()
    }
    service_people.index_contract(organisation_id, contract, coming)
    uow.emit(_started(contract))
    if contract.ends_on:
        uow.emit(ContractEnded(contract_id=work["id"], ends_on=date.fromisoformat(contract.ends_on)))
    return outcome


def _write_mandate(uow: UnitOfWork, work: Work) -> Outcome:
    values = work["values"]
    pk, sk = store.key(uow.organisation_id, "PERSON", values["person_id"]), f"MANDATE#{work['id']}"
    mandate = store.find(Mandate, pk, sk)
    outcome = _outcome(mandate, work)
    if outcome == "unchanged":
        return outcome
    mandate = mandate or Mandate(pk, sk)
    kept = {name: value for name, value in values.items() if name != "person_id"}
    _fill(mandate, mandate_id=work["id"], **kept, imported=_print(work))
    uow.put(mandate)
    uow.emit(MandateStarted.model_validate({"mandate_id": work["id"], **values}))
    if mandate.ends_on:
        ended = {name: value for name, value in values.items() if name != "starts_on"}
        uow.emit(MandateEnded.model_validate({"mandate_id": work["id"], **ended}))
    return outcome


def _registered(unit: Unit) -> UnitRegistered:
    """What others keep of a unit."""
    return UnitRegistered(unit_id=unit.unit_id, community_id=unit.community_id, label=unit.label)


def _started(contract: Contract) -> ContractStarted:
    """The contract as it stands now, for whoever keeps something by it."""
    return ContractStarted.model_validate({name: getattr(contract, name) for name in ContractStarted.model_fields})


def _outcome(item: Any, work: Work) -> Outcome:
    if item is None:
        return "created"
    return "unchanged" if item.imported == _print(work) else "changed"


def _print(work: Work) -> str:
    return rules.fingerprint(work["values"])


def _fill(item: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(item, name, value)


_WRITERS: Final[dict[str, Callable[[UnitOfWork, Work], Outcome]]] = {
    "community": _write_community,
    "unit": _write_unit,
    "person": _write_person,
    "contract": _write_contract,
    "mandate": _write_mandate,
}
