"""One real exchange of each route, for OpenAPI; a test holds them to the models."""

from typing import Any, Final

from shared.http.contracts import Example

_PERSON: Final[dict[str, Any]] = {
    "person_id": "per_01JD3M3M3M3M3M3M3M3M3M3M3M",
    "first_name": "Anna",
    "last_name": "Nowak",
    "locale": "pl",
}
_EMAIL: Final = "tenant.pl@demo.example"
_PUBLIC: Final[dict[str, Any]] = {
    "organisation_id": "org_01JD3M3M3M3M3M3M3M3M3M3M3M",
    "slug": "dom",
    "name": "Zarządca Dom sp. z o.o.",
    "locale": "pl",
    "theme": {
        "accent": "#1f5f8b",
        "logo_url": None,
        "header_address": ["ul. Prosta 1", "00-001 Warszawa"],
        "email": "biuro@dom.example",
        "phone": "+48221234567",
    },
    "password_rules": {"least_length": 12, "digit": True, "symbol": False, "capital": True, "small_letter": True},
}

SIGN_IN: Final = Example(
    body={"email": _EMAIL, "password": "Demo-Lokum-2026"}, response={"person": _PERSON, "second_factor": None}
)
SIGN_OUT: Final = Example()
FORGOT_PASSWORD: Final = Example(body={"email": _EMAIL}, response={})
RESET_PASSWORD: Final = Example(body={"email": _EMAIL, "code": "654321", "password": "Nowe-Haslo-2026"}, response={})
CHANGE_PASSWORD: Final = Example(
    body={"current_password": "Demo-Lokum-2026", "new_password": "Nowe-Haslo-2026"}, response={}
)
ME: Final = Example(
    response={
        "person": {**_PERSON, "email": _EMAIL},
        "roles": ["tenant"],
        "grants": [
            {
                "role": "tenant",
                "scope": "contract",
                "contract_id": "con_01JD3M3M3M3M3M3M3M3M3M3M3M",
                "unit_id": None,
                "community_id": None,
                "starts_on": "2015-03-01",
                "ends_on": None,
            }
        ],
        "organisation": {**_PUBLIC, "country": "PL", "currency": "PLN", "time_zone": "Europe/Warsaw", "features": []},
    }
)
ORGANISATION: Final = Example(response=_PUBLIC)
ENROLMENTS: Final = Example(
    body={"people": [{**_PERSON, "email": _EMAIL, "roles": []}]},
    response={"items": [{"person_id": _PERSON["person_id"], "email": _EMAIL, "state": "enrolled"}]},
)
COLLEAGUES: Final = Example(
    response={
        "items": [{**{key: _PERSON[key] for key in ("person_id", "first_name", "last_name")}, "roles": ["staff"]}],
        "next_cursor": None,
    }
)
