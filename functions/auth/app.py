"""Routes, event handlers and operator functions of auth: parse, one call, answer."""

from typing import Any

from auth import examples, service, service_enrolment, service_grants, service_passwords
from auth.schemas import (
    AppointmentRequest,
    ChangePasswordRequest,
    ColleaguesResponse,
    EmptyResponse,
    EnrolmentRequest,
    EnrolmentResponse,
    ForgotPasswordRequest,
    MeResponse,
    PublicOrganisation,
    ResetPasswordRequest,
    SignInRequest,
    SignInResponse,
)
from shared.access import STAFF_ONLY
from shared.events.catalog import (
    ContractEnded,
    ContractStarted,
    MandateEnded,
    MandateStarted,
    OrganisationChanged,
    OrganisationRegistered,
)
from shared.events.consumer import Consumers
from shared.http import ORGANISATION, PUBLIC, SELF, Call, PortalApp
from shared.http.call import cookie
from shared.tables import UnitOfWork

app = PortalApp("auth", "ACCESS_TABLE")
consumers = Consumers("auth", "ACCESS_TABLE")


@app.endpoint(
    "POST", "/auth/sign-in", body=SignInRequest, returns=SignInResponse, access=PUBLIC, example=examples.SIGN_IN,
    errors=("wrong_credentials", "too_many_attempts", "sign_in_unavailable"),
)  # fmt: skip
def post_sign_in(call: Call, body: SignInRequest) -> SignInResponse:
    """Sign in with e-mail and password; the session travels in an HttpOnly cookie."""
    device = cookie(call.headers, service.DEVICE_COOKIE) or ""
    caller = service.Caller(call.client_address, call.headers.get("user-agent", ""), device)
    signed_in = service.sign_in(body.email, body.password.get_secret_value(), caller)
    call.cookies.extend(signed_in.cookies)
    return signed_in.response


@app.endpoint("POST", "/auth/sign-out", returns=None, status=204, access=SELF, example=examples.SIGN_OUT)
def post_sign_out(call: Call) -> None:
    """End the present session, everywhere and at once."""
    service.sign_out(call.uow, call.me)
    call.cookies.append(service.ended_cookie())


@app.endpoint(
    "POST", "/auth/forgot-password", body=ForgotPasswordRequest, returns=EmptyResponse, status=202, access=PUBLIC,
    example=examples.FORGOT_PASSWORD, errors=("too_many_attempts",),
)  # fmt: skip
def post_forgot_password(call: Call, body: ForgotPasswordRequest) -> EmptyResponse:
    """Mail a reset code, if the e-mail is known; the answer is the same if not."""
    service_passwords.request_reset(body.email, call.client_address)
    return EmptyResponse()


@app.endpoint(
    "POST", "/auth/reset-password", body=ResetPasswordRequest, returns=EmptyResponse, access=PUBLIC,
    example=examples.RESET_PASSWORD, errors=("wrong_code", "password_rules", "too_many_attempts"),
)  # fmt: skip
def post_reset_password(call: Call, body: ResetPasswordRequest) -> EmptyResponse:
    """Set a new password with the mailed code; ends all sessions of the person."""
    service_passwords.reset_password(body.email, body.code, body.password.get_secret_value(), call.client_address)
    return EmptyResponse()


@app.endpoint(
    "POST", "/auth/password", body=ChangePasswordRequest, returns=EmptyResponse, access=SELF,
    example=examples.CHANGE_PASSWORD,
    errors=("wrong_current_password", "password_rules", "too_many_attempts", "sign_in_unavailable"),
)  # fmt: skip
def post_password(call: Call, body: ChangePasswordRequest) -> EmptyResponse:
    """Change the own password; ends the person's other sessions."""
    current, new = body.current_password.get_secret_value(), body.new_password.get_secret_value()
    service_passwords.change_password(call.uow, call.me, current, new, call.client_address)
    return EmptyResponse()


@app.endpoint("GET", "/auth/me", returns=MeResponse, access=SELF, example=examples.ME)
def get_me(call: Call) -> MeResponse:
    """Who is signed in: person, roles, grants that hold today, organisation."""
    return service.describe_me(call.me, call.organisation)


@app.endpoint("GET", "/organisations/{slug}", returns=PublicOrganisation, access=PUBLIC, example=examples.ORGANISATION)
def get_organisation(call: Call, slug: str) -> PublicOrganisation:  # noqa: ARG001 - every view takes the call
    """What an organisation's sign-in page shows: name, look, password rules."""
    return service.find_organisation(slug)


@app.endpoint(
    "POST", "/auth/enrolments", body=EnrolmentRequest, returns=EnrolmentResponse, status=201, access=ORGANISATION,
    roles=STAFF_ONLY, example=examples.ENROLMENTS, errors=("duplicate_person",),
)  # fmt: skip
def post_enrolments(call: Call, body: EnrolmentRequest) -> EnrolmentResponse:
    """Let people sign in under the ids of the register; safe to repeat."""
    return service_enrolment.enrol_people(call.uow, call.me, body.people)


@app.endpoint(
    "GET", "/colleagues", returns=ColleaguesResponse, access=ORGANISATION, roles=STAFF_ONLY, paged=True,
    example=examples.COLLEAGUES,
)  # fmt: skip
def get_colleagues(call: Call) -> ColleaguesResponse:
    """Who works in the organisation: those whom work can be given to."""
    items, last_key = service_enrolment.list_colleagues(call.me.organisation_id, call.cursor)
    return ColleaguesResponse(items=items, next_cursor=call.next_cursor(last_key))


@consumers.on(OrganisationRegistered)
def _(event: OrganisationRegistered, uow: UnitOfWork) -> None:
    service_grants.keep_profile(uow, event.profile)


@consumers.on(OrganisationChanged)
def _(event: OrganisationChanged, uow: UnitOfWork) -> None:
    service_grants.keep_profile(uow, event.profile)


@consumers.on(ContractStarted)
def _(event: ContractStarted, uow: UnitOfWork) -> None:
    service_grants.grant_for_contract(uow, event)


@consumers.on(ContractEnded)
def _(event: ContractEnded, uow: UnitOfWork) -> None:
    service_grants.end_contract(uow, event)


@consumers.on(MandateStarted)
def _(event: MandateStarted, uow: UnitOfWork) -> None:
    service_grants.start_mandate(uow, event)


@consumers.on(MandateEnded)
def _(event: MandateEnded, uow: UnitOfWork) -> None:
    service_grants.end_mandate(uow, event)


on_events = consumers.handler


def appoint_administrator(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """An operator's function without a route: makes an organisation's administrator; safe to repeat."""
    return service_enrolment.appoint_administrator(AppointmentRequest.model_validate(event)).model_dump()
