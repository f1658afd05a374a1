"""People and operators of the auth tests."""

import re

from auth import service_enrolment
from auth.app import app
from auth.schemas import AppointmentRequest, Enrolment

from shared.events.envelope import Metadata
from shared.tables import UnitOfWork, run
from tests.support import api_event

PASSWORD = "Correct-Horse-1"
EMAIL = "anna@demo.example"
PERSON = "per_anna"
ORGANISATION = "org_test"


def enrol(*people: Enrolment, organisation_id: str = ORGANISATION, may_appoint: bool = True) -> list[str]:
    """Enrol people as an administrator (or as staff) would; the states of the rows."""

    def work(uow):
        return [service_enrolment._enrol(uow, person, may_appoint=may_appoint).state for person in people]

    metadata = Metadata(organisation_id=organisation_id, actor="per_admin")
    return run(lambda: UnitOfWork("ACCESS_TABLE", metadata), work, lambda _uow, _result: None)


def person(person_id: str = PERSON, email: str = EMAIL, **changes) -> Enrolment:
    base = {"person_id": person_id, "email": email, "first_name": "Anna", "last_name": "Nowak", "locale": "pl"}
    return Enrolment.model_validate({**base, **changes})


def appoint(email: str = "admin@demo.example", organisation_id: str = ORGANISATION):
    return service_enrolment.appoint_administrator(
        AppointmentRequest(
            organisation_id=organisation_id, email=email, first_name="Adam", last_name="Lis", locale="pl"
        )
    )


def attempt(email=EMAIL, password=PASSWORD, address="192.0.2.1", **headers):
    event = api_event("POST", "/auth/sign-in", body={"email": email, "password": password}, headers=headers)
    event["requestContext"]["identity"]["sourceIp"] = address
    return app(event, None)


def cookie(answer):
    return answer["multiValueHeaders"]["Set-Cookie"][0]


def token(answer):
    return re.match(r"lokum_session=([^;]+)", cookie(answer)).group(1)
