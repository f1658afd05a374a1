"""The caller's own contact data (B3)."""

from http import HTTPStatus

from registry import rules, service_people, store
from registry.schemas import Address, ContactChange, ContactResponse
from registry.store import Person
from shared.access import Principal
from shared.errors import Conflict, DomainError, NotFound
from shared.events.catalog import ContactChanged
from shared.tables import UnitOfWork
from shared.text import tidy_line


def get_contact(me: Principal) -> ContactResponse:
    """Raises NotFound for who is in no register: an administrator whom an operator appointed."""
    return _response(_find(me))


def change_contact(uow: UnitOfWork, me: Principal, change: ContactChange) -> ContactResponse:
    """Change the fields that were sent; staff see the change with the commit.

    Raises Conflict `contact_changed_meanwhile` where the version sent is not the present one, `invalid_body` with the fields.
    """
    person = _find(me)
    if change.version is not None and change.version != person.version:
        raise Conflict("contact_changed_meanwhile")
    before = {field: getattr(person, field) for field in (*rules.CONTACT_FIELDS, "company")}
    after = {**before, **_sent(change)}
    problems = rules.contact_problems(after)
    if problems:
        raise DomainError("invalid_body", HTTPStatus.UNPROCESSABLE_ENTITY, problems=problems)
    after["phone"] = rules.plain_phone(after["phone"]) or ""
    changed = sorted(field for field, value in after.items() if value != before[field])
    if not changed:
        return _response(person)
    for field in changed:
        setattr(person, field, after[field])
    service_people.stage_person(uow, person)
    uow.emit(ContactChanged(person_id=me.person_id, fields=changed))
    # The lock lets the version grow by one at the commit, or the whole change runs again.
    return _response(person, version=int(person.version or 0) + 1)


def _find(me: Principal) -> Person:
    person = store.find_thing(Person, me.organisation_id, me.person_id)
    if person is None:
        raise NotFound
    return person


def _sent(change: ContactChange) -> dict[str, str]:
    given = change.model_dump(exclude_none=True, exclude={"version", "address"})
    address = change.address.model_dump(exclude_none=True) if change.address else {}
    sent = {field: tidy_line(value) for field, value in {**given, **address}.items()}
    return {field: value.upper() if field == "country" else value for field, value in sent.items()}


def _response(person: Person, version: int | None = None) -> ContactResponse:
    address = Address(**{field: getattr(person, field) for field in rules.ADDRESS_FIELDS})
    names = ("person_id", "first_name", "last_name", "company", "phone", "email")
    return ContactResponse(
        **{name: getattr(person, name) for name in names},
        address=address,
        version=int(person.version or 0) if version is None else version,
    )
