"""Routes, event handlers and operator functions of registry: parse, one call, answer."""

from typing import Any

from registry import examples, service, service_contact, service_imports, service_organisations, service_people
from registry.schemas import (
    CommunitiesResponse,
    ContactChange,
    ContactResponse,
    ContractResponse,
    ContractsResponse,
    ImportAccepted,
    ImportRequest,
    ImportResponse,
    NamesQuery,
    NamesResponse,
    PeopleResponse,
    PersonResponse,
    SearchQuery,
    UnitResponse,
)
from shared.access import ANYONE_SIGNED_IN, STAFF_ONLY
from shared.events.catalog import BalanceChanged, ContactChanged, PortfolioImportChunkReady, PortfolioImportReceived
from shared.events.consumer import Consumers
from shared.http import ORGANISATION, SELF, Call, PortalApp, contract, unit
from shared.organisations import OrganisationProfile
from shared.tables import UnitOfWork

app = PortalApp("registry")
consumers = Consumers("registry")


@app.endpoint(
    "POST", "/imports", body=ImportRequest, returns=ImportAccepted, status=202, access=ORGANISATION, roles=STAFF_ONLY,
    example=examples.IMPORT, errors=("upload_not_found",),
)  # fmt: skip
def post_import(call: Call, body: ImportRequest) -> ImportAccepted:
    """Import a portfolio: a ZIP of CSV files that was uploaded before."""
    return service_imports.receive_import(call.uow, body.upload)


@app.endpoint(
    "GET", "/imports/{import_id}", returns=ImportResponse, access=ORGANISATION, roles=STAFF_ONLY,
    example=examples.IMPORT_PROGRESS,
)  # fmt: skip
def get_import(call: Call, import_id: str) -> ImportResponse:
    """How far a portfolio import is, and what is wrong with its files."""
    return service_imports.describe_import(call.uow, import_id)


@app.endpoint(
    "GET", "/contracts", query=SearchQuery, returns=ContractsResponse, access=SELF, roles=ANYONE_SIGNED_IN, paged=True,
    example=examples.CONTRACTS,
)  # fmt: skip
def get_contracts(call: Call) -> ContractsResponse:
    """The caller's contracts; for staff those of the whole organisation, searched by number or holder."""
    items, last_key = service.list_contracts(call.me, call.query.q, call.cursor)
    return ContractsResponse(items=items, next_cursor=call.next_cursor(last_key))


@app.endpoint(
    "GET", "/contracts/{contract_id}", returns=ContractResponse, access=contract("contract_id"), roles=ANYONE_SIGNED_IN,
    example=examples.CONTRACT,
)  # fmt: skip
def get_contract(call: Call, contract_id: str) -> ContractResponse:
    """One contract with its unit and payment references."""
    return service.get_contract(call.me, contract_id)


@app.endpoint(
    "GET", "/units/{unit_id}", returns=UnitResponse, access=unit("unit_id"), roles=ANYONE_SIGNED_IN,
    example=examples.UNIT,
)  # fmt: skip
def get_unit(call: Call, unit_id: str) -> UnitResponse:
    """One unit with the contracts that the caller may see."""
    return service.get_unit(call.me, unit_id)


@app.endpoint("GET", "/me/contact", returns=ContactResponse, access=SELF, example=examples.CONTACT)
def get_my_contact(call: Call) -> ContactResponse:
    """The caller's own contact data."""
    return service_contact.get_contact(call.me)


@app.endpoint(
    "PATCH", "/me/contact", body=ContactChange, returns=ContactResponse, access=SELF, example=examples.CONTACT_CHANGE,
    errors=("contact_changed_meanwhile", "invalid_email", "invalid_phone", "invalid_country", "missing_name"),
)  # fmt: skip
def patch_my_contact(call: Call, body: ContactChange) -> ContactResponse:
    """Change the caller's own contact data; staff see it at once."""
    return service_contact.change_contact(call.uow, call.me, body)


@app.endpoint(
    "GET", "/people", query=SearchQuery, returns=PeopleResponse, access=ORGANISATION, roles=STAFF_ONLY, paged=True,
    example=examples.PEOPLE,
)  # fmt: skip
def get_people(call: Call) -> PeopleResponse:
    """The register of people, by name."""
    items, last_key = service_people.list_people(call.me.organisation_id, call.query.q, call.cursor)
    return PeopleResponse(items=items, next_cursor=call.next_cursor(last_key))


@app.endpoint(
    "GET", "/people/names", query=NamesQuery, returns=NamesResponse, access=ORGANISATION, roles=STAFF_ONLY,
    example=examples.NAMES,
)  # fmt: skip
def get_names(call: Call) -> NamesResponse:
    """What the people behind ids are called."""
    return NamesResponse(items=service_people.name_people(call.me.organisation_id, call.query.ids))


@app.endpoint(
    "GET", "/communities", returns=CommunitiesResponse, access=ORGANISATION, roles=STAFF_ONLY, paged=True,
    example=examples.COMMUNITIES,
)  # fmt: skip
def get_communities(call: Call) -> CommunitiesResponse:
    """The communities of the organisation, by name."""
    items, last_key = service.list_communities(call.me.organisation_id, call.cursor)
    return CommunitiesResponse(items=items, next_cursor=call.next_cursor(last_key))


@app.endpoint(
    "GET", "/people/{person_id}", returns=PersonResponse, access=ORGANISATION, roles=STAFF_ONLY, example=examples.PERSON
)
def get_person(call: Call, person_id: str) -> PersonResponse:
    """One person with contact data, contracts and mandates."""
    return service_people.get_person(call.me.organisation_id, person_id)


@consumers.on(PortfolioImportReceived)
def _(event: PortfolioImportReceived, uow: UnitOfWork) -> None:
    service_imports.validate_import(uow, event.import_id)


@consumers.on_giving_up(PortfolioImportReceived)
def _(event: PortfolioImportReceived, uow: UnitOfWork) -> None:
    service_imports.fail_import(uow, event.import_id)


@consumers.on(PortfolioImportChunkReady)
def _(event: PortfolioImportChunkReady, uow: UnitOfWork) -> None:
    service_imports.import_chunk(uow, event.import_id, event.chunk)


@consumers.on(BalanceChanged)
def _(event: BalanceChanged, uow: UnitOfWork) -> None:
    service.keep_balance(uow, event)


@consumers.on(ContactChanged)
def _(event: ContactChanged, uow: UnitOfWork) -> None:
    service_people.index_contracts_of(uow.organisation_id, event.person_id)


on_events = consumers.handler


def register_organisation(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """An operator's function without a route: makes or changes an organisation; safe to repeat."""
    return service_organisations.register_organisation(OrganisationProfile.model_validate(event)).model_dump(
        mode="json"
    )
