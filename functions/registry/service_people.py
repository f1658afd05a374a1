"""The register of people, for staff."""

from typing import Final

from registry import rules, service, store
from registry.schemas import Address, PersonMandate, PersonName, PersonOccupancy, PersonResponse, PersonSummary
from registry.service import Key
from registry.store import Community, Contract, Person, Term, Unit
from shared.errors import NotFound
from shared.tables import UnitOfWork

ID_LENGTH: Final = 64


def list_people(organisation_id: str, q: str, cursor: Key) -> tuple[list[PersonSummary], Key]:
    """One page of the register by name, or of those whose name or company begins with `q`."""
    beginning = rules.fold(q)
    if beginning:
        return _search(organisation_id, beginning, cursor)
    found = Person.by_name.query(
        people_key(organisation_id), limit=store.PAGE, page_size=store.PAGE, last_evaluated_key=cursor
    )
    people = [_summary(person) for person in found]
    return people, found.last_evaluated_key


def get_person(organisation_id: str, person_id: str) -> PersonResponse:
    """One person with contact data, occupancies and mandates. Raises NotFound."""
    person = store.find_thing(Person, organisation_id, person_id)
    if person is None:
        raise NotFound
    contracts = store.find_all(Contract, organisation_id, store.pointers(person.pk))
    units = store.find_all(Unit, organisation_id, [contract.unit_id for contract in contracts.values()])
    mandates = store.mandates(person.pk)
    communities = store.find_all(Community, organisation_id, [mandate.community_id for mandate in mandates])
    occupancies = [o for contract in contracts.values() for o in _occupancies(contract, person_id, units)]
    return PersonResponse(
        **dict(_summary(person)),
        address=Address(**{field: getattr(person, field) for field in rules.ADDRESS_FIELDS}),
        contracts=sorted(occupancies, key=lambda o: (o.starts_on, o.number), reverse=True),
        mandates=[
            PersonMandate.model_validate(
                {
                    "community": service.community_summary(communities, mandate.community_id),
                    "role": mandate.role,
                    "starts_on": mandate.starts_on,
                    "ends_on": mandate.ends_on,
                }
            )
            for mandate in mandates
        ],
    )


def name_people(organisation_id: str, ids: str) -> list[PersonName]:
    """What people are called, by their ids, in the order asked; unknown ids are left out."""
    wanted = list(dict.fromkeys(part for part in map(str.strip, ids.split(",")) if 0 < len(part) <= ID_LENGTH))
    found = store.find_all(Person, organisation_id, wanted)
    return [
        PersonName(person_id=person_id, name=service.person_name(found[person_id]))
        for person_id in wanted
        if person_id in found
    ]


def stage_person(uow: UnitOfWork, person: Person) -> None:
    """Stage a person with his place in the register and the terms that find him, all in the one transaction."""
    organisation_id = uow.organisation_id
    names = (person.first_name, person.last_name, person.company)
    person.gsi1pk = people_key(organisation_id)
    person.gsi1sk = f"{rules.sort_name(*names)}#{person.person_id}"
    uow.put(person)
    wanted = rules.name_terms(*names)
    standing = {
        item.sk.removeprefix("TERM#")
        for item in Term.query(person.pk, Term.sk.startswith("TERM#"), consistent_read=True)
    }
    list_key = f"ORG#{organisation_id}#PEOPLE_TERMS"
    for term in sorted(wanted - standing):
        uow.put(
            Term(
                person.pk,
                f"TERM#{term}",
                target_id=person.person_id,
                gsi1pk=list_key,
                gsi1sk=f"{term}#{person.person_id}",
            )
        )
    for term in sorted(standing - wanted):
        uow.delete(Term(person.pk, f"TERM#{term}"))


def index_contracts_of(organisation_id: str, person_id: str) -> None:
    """Let a person's contracts be found by the name that he has now. Safe to repeat; changes nothing but the index."""
    pk = store.key(organisation_id, "PERSON", person_id)
    for contract in store.find_all(Contract, organisation_id, store.pointers(pk)).values():
        index_contract(organisation_id, contract, {})


def index_contract(organisation_id: str, contract: Contract, coming: dict[str, Person]) -> None:
    """Let a contract be found by number, holders' names, from its unit and from its people.

    `coming` are holders as an import has them, for those whose own rows it has not written yet.
    """
    holders = service.holder_ids(contract)
    people = {**coming, **store.find_all(Person, organisation_id, holders)}
    terms = service.contract_terms(contract, people)
    store.keep_terms(contract.pk, service.contract_terms_key(organisation_id), contract.contract_id, terms)
    partitions = [store.key(organisation_id, "PERSON", person_id) for person_id in holders]
    if contract.unit_id:
        partitions.append(store.key(organisation_id, "UNIT", contract.unit_id))
    store.keep_pointers(partitions, contract.contract_id)
    store.keep_number(organisation_id, contract)


def people_key(organisation_id: str) -> str:
    return f"ORG#{organisation_id}#PEOPLE"


def _search(organisation_id: str, beginning: str, cursor: Key) -> tuple[list[PersonSummary], Key]:
    terms, last_key = store.search(f"ORG#{organisation_id}#PEOPLE_TERMS", beginning, cursor)
    found = store.find_all(Person, organisation_id, [term.target_id for term in terms])
    shown = []
    for term in terms:
        person = found.get(term.target_id)
        if person is None:
            continue
        names = rules.name_terms(person.first_name, person.last_name, person.company)
        if term.sk == f"TERM#{rules.first_match(names, beginning)}":
            shown.append(_summary(person))
    return shown, last_key


def _summary(person: Person) -> PersonSummary:
    names = ("person_id", "first_name", "last_name", "company", "email", "phone", "locale")
    return PersonSummary(**{name: getattr(person, name) for name in names}, name=service.person_name(person))


def _occupancies(contract: Contract, person_id: str, units: dict[str, Unit]) -> list[PersonOccupancy]:
    unit = units.get(contract.unit_id or "")
    return [
        PersonOccupancy.model_validate(
            {
                "contract_id": contract.contract_id,
                "number": contract.number,
                "type": contract.type,
                "unit": service.unit_summary(unit) if unit else None,
                "role": party["role"],
                "starts_on": party["starts_on"],
                "ends_on": party["ends_on"],
            }
        )
        for party in contract.parties
        if party["person_id"] == person_id
    ]
