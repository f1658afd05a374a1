"""One real exchange of each route, for OpenAPI; a test holds them to the models."""

from typing import Any, Final

from shared.http.contracts import Example

_ULID: Final = "01JD3M3M3M3M3M3M3M3M3M3M3M"
_PERSON_ID: Final = f"per_{_ULID}"
_UNIT: Final[dict[str, Any]] = {"unit_id": f"unt_{_ULID}", "label": "m. 12", "address": "ul. Prosta 1, 00-001 Warszawa"}
_UNIT_DETAIL: Final[dict[str, Any]] = {**_UNIT, "property": "Prosta 1", "floor_area_m2": "48.60", "state": "good"}
_COMMUNITY: Final[dict[str, Any]] = {"community_id": f"com_{_ULID}", "name": "Wspólnota Prosta 1"}
_CONTRACT: Final[dict[str, Any]] = {
    "contract_id": f"con_{_ULID}",
    "number": "N/2015/0001",
    "type": "lease",
    "starts_on": "2015-03-01",
    "ends_on": None,
    "landlord": "Dom sp. z o.o.",
    "value": 120000,
    "currency": "PLN",
    "current_debt": 4500,
    "adviser": {"name": "Ewa Lis", "email": "ewa.lis@dom.example", "phone": "+48221234567"},
    "unit": _UNIT,
    "community": _COMMUNITY,
    "holders": None,
}
_ADDRESS: Final[dict[str, Any]] = {
    "street": "ul. Prosta 1/12",
    "postal_code": "00-001",
    "city": "Warszawa",
    "country": "PL",
}
_PERSON: Final[dict[str, Any]] = {
    "person_id": _PERSON_ID,
    "name": "Anna Nowak",
    "first_name": "Anna",
    "last_name": "Nowak",
    "company": "",
    "email": "tenant.pl@demo.example",
    "phone": "+48600100200",
    "locale": "pl",
}
_CONTACT: Final[dict[str, Any]] = {
    key: _PERSON[key] for key in ("person_id", "first_name", "last_name", "company", "phone", "email")
}

IMPORT: Final = Example(
    body={"upload": f"org/org_{_ULID}/portfolio/upl_{_ULID}/portfolio.zip"}, response={"import_id": f"imp_{_ULID}"}
)
IMPORT_PROGRESS: Final = Example(
    response={
        "import_id": f"imp_{_ULID}",
        "state": "failed",
        "rows": 61,
        "done": 0,
        "created": 0,
        "changed": 0,
        "unchanged": 0,
        "errors": [{"file": "occupancies.csv", "line": 7, "field": "contract_ref", "code": "unknown_reference"}],
        "more_errors": False,
        "created_at": "2026-11-02T08:15:00Z",
    }
)
CONTRACTS: Final = Example(response={"items": [_CONTRACT], "next_cursor": None})
CONTRACT: Final = Example(
    response={
        **_CONTRACT,
        "unit": _UNIT_DETAIL,
        "payment_references": [{"kind": "mass_payment_id", "value": "XX000000000001"}],
    }
)
UNIT: Final = Example(
    response={
        **_UNIT_DETAIL,
        "community": _COMMUNITY,
        "contracts": [{key: _CONTRACT[key] for key in ("contract_id", "number", "type", "starts_on", "ends_on")}],
    }
)
CONTACT: Final = Example(response={**_CONTACT, "address": _ADDRESS, "version": 3})
CONTACT_CHANGE: Final = Example(
    body={"phone": "+48600100200", "address": {"city": "Warszawa"}, "version": 2},
    response={**_CONTACT, "address": _ADDRESS, "version": 3},
)
PEOPLE: Final = Example(response={"items": [_PERSON], "next_cursor": None})
PERSON: Final = Example(
    response={
        **_PERSON,
        "address": _ADDRESS,
        "contracts": [
            {
                **{key: _CONTRACT[key] for key in ("contract_id", "number", "type", "starts_on", "ends_on", "unit")},
                "role": "tenant",
            }
        ],
        "mandates": [
            {"community": _COMMUNITY, "role": "board_member", "starts_on": "2024-01-01", "ends_on": None},
        ],
    }
)
NAMES: Final = Example(
    query={"ids": _PERSON["person_id"]},
    response={"items": [{key: _PERSON[key] for key in ("person_id", "name")}]},
)
COMMUNITIES: Final = Example(response={"items": [_COMMUNITY], "next_cursor": None})
