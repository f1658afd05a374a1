"""The wire of auth. Passwords are SecretStr, so that no log line or error can hold one."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, SecretStr

from shared.organisations import PasswordRules, Theme
from shared.wire import LINE, Asked, Wire

Email = Annotated[str, Field(min_length=3, max_length=254, examples=["tenant.pl@demo.example"])]
Password = Annotated[SecretStr, Field(min_length=1, max_length=256)]
PersonId = Annotated[str, Field(pattern=r"^per_[0-9A-Za-z]{1,40}$", examples=["per_01JCZ0A1B2C3D4E5F6G7H8J9K0"])]
Locale = Literal["pl", "uk", "nb", "fr", "en"]

ENROLMENT_LIMIT = 12
"""People in one enrolment: each takes up to seven of the hundred items of its one transaction."""


class SignInRequest(Asked):
    email: Email
    password: Password


class SignedInPerson(Wire):
    person_id: str
    first_name: str
    last_name: str
    locale: Locale


class SignInResponse(Wire):
    person: SignedInPerson
    second_factor: None = None
    """Always null until a second factor exists; then it says which one is wanted."""


class ForgotPasswordRequest(Asked):
    email: Email


class ResetPasswordRequest(Asked):
    email: Email
    code: Annotated[str, Field(min_length=4, max_length=64)]
    password: Password


class ChangePasswordRequest(Asked):
    current_password: Password
    new_password: Password


class EmptyResponse(Wire):
    """Nothing to say beyond the status."""


class Me(SignedInPerson):
    email: str


class GrantView(Wire):
    """A role on one object; the id is named after the kind of the object."""

    role: Literal["tenant", "owner", "board_member", "supplier", "staff", "administrator"]
    scope: Literal["organisation", "community", "unit", "contract"]
    contract_id: str | None = None
    unit_id: str | None = None
    community_id: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None


class PublicOrganisation(Wire):
    """What anybody may know of an organisation: what its sign-in page shows."""

    organisation_id: str
    slug: str
    name: str
    locale: Locale
    theme: Theme
    password_rules: PasswordRules


class OrganisationView(PublicOrganisation):
    country: str
    currency: str
    time_zone: str
    features: list[str]


class MeResponse(Wire):
    person: Me
    roles: list[str]
    grants: list[GrantView]
    organisation: OrganisationView


class Enrolment(Asked):
    person_id: PersonId
    email: Email
    first_name: Annotated[str, Field(max_length=100), LINE]
    last_name: Annotated[str, Field(min_length=1, max_length=140), LINE]
    locale: Locale
    roles: Annotated[list[Literal["staff", "administrator"]], Field(max_length=2)] = []
    """Roles in the whole organisation, which only administrators give; tenants and owners get theirs from contracts."""


class EnrolmentRequest(Asked):
    people: Annotated[list[Enrolment], Field(min_length=1, max_length=ENROLMENT_LIMIT)]


class EnrolmentResult(Wire):
    person_id: str
    email: str
    state: Literal["enrolled", "unchanged", "changed", "email_taken", "forbidden"]
    """`changed`: name, locale, roles or e-mail; `forbidden`: only an administrator may do this to this person."""


class EnrolmentResponse(Wire):
    items: list[EnrolmentResult]


class Colleague(Wire):
    """Somebody who works in the organisation."""

    person_id: str
    first_name: str
    last_name: str
    roles: list[Literal["staff", "administrator"]]


class ColleaguesResponse(Wire):
    items: list[Colleague]
    next_cursor: str | None


class AppointmentRequest(Asked):
    """Payload of the operator's function `appoint_administrator`."""

    organisation_id: Annotated[str, Field(pattern=r"^org_[0-9A-Za-z_]{1,40}$")]
    person_id: PersonId | None = None
    email: Email
    first_name: Annotated[str, Field(max_length=100), LINE]
    last_name: Annotated[str, Field(min_length=1, max_length=140), LINE]
    locale: Locale
