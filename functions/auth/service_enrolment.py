"""Letting people sign in: the user in the pool, the e-mail's look-up, roles in the whole organisation."""

from collections.abc import Sequence
from typing import Any

from auth import cognito, store
from auth.schemas import AppointmentRequest, Colleague, Enrolment, EnrolmentResponse, EnrolmentResult
from auth.service import TABLE, end_sessions
from auth.store import Account, SignInName
from shared import access, emails
from shared.access import ADMINISTRATOR, STAFF_ONLY, GrantItem, Principal
from shared.emails import is_email
from shared.errors import DomainError, FieldProblem
from shared.events.catalog import AccessGranted, PersonInvited
from shared.events.envelope import Metadata
from shared.ids import derived_id
from shared.tables import UnitOfWork, run

ENROLLED, UNCHANGED, CHANGED, EMAIL_TAKEN, FORBIDDEN = "enrolled", "unchanged", "changed", "email_taken", "forbidden"


def enrol_people(uow: UnitOfWork, me: Principal, people: Sequence[Enrolment]) -> EnrolmentResponse:
    """Enrol people of the register; each row says how it went. Roles are added, never taken away.

    The users in the pool are made outside the transaction: a repeat finds them and goes on. Raises `invalid_body` where a person
    or an e-mail stands twice, or an e-mail is none.
    """
    _check_rows(people)
    may_appoint = ADMINISTRATOR in me.roles
    results = [_enrol(uow, person, may_appoint=may_appoint) for person in people]
    return EnrolmentResponse(items=results)


def list_colleagues(
    organisation_id: str, cursor: dict[str, Any] | None
) -> tuple[list[Colleague], dict[str, Any] | None]:
    """One page of those who have a role in the whole organisation, by last name."""
    accounts, last_key = store.staff(organisation_id, cursor)
    start = len(store.person_key(organisation_id, ""))
    found = [
        Colleague(person_id=a.pk[start:], first_name=a.first_name, last_name=a.last_name, roles=a.roles)
        for a in accounts
    ]
    return found, last_key


def appoint_administrator(request: AppointmentRequest) -> EnrolmentResult:
    """Make an organisation's administrator, by an operator. Raises `invalid_body` for what is no e-mail."""
    person_id = request.person_id or derived_id("per", request.organisation_id, emails.normalise(request.email))
    person = Enrolment(
        person_id=person_id,
        roles=[ADMINISTRATOR],
        **request.model_dump(include={"email", "first_name", "last_name", "locale"}),
    )
    _check_rows([person])
    metadata = Metadata(organisation_id=request.organisation_id)
    return run(
        lambda: UnitOfWork(TABLE, metadata),
        lambda uow: _enrol(uow, person, may_appoint=True),
        lambda _uow, _result: None,
    )


def _check_rows(people: Sequence[Enrolment]) -> None:
    problems = []
    seen: set[str] = set()
    for index, person in enumerate(people):
        email = emails.normalise(person.email)
        if not is_email(email):
            problems.append(FieldProblem(f"people.{index}.email", "invalid_email"))
        if seen & {person.person_id, email}:
            problems.append(FieldProblem(f"people.{index}", "duplicate_person"))
        seen |= {person.person_id, email}
    if problems:
        raise DomainError("invalid_body", problems=tuple(problems))


def _enrol(uow: UnitOfWork, person: Enrolment, *, may_appoint: bool) -> EnrolmentResult:
    def result(state: str) -> EnrolmentResult:
        return EnrolmentResult.model_validate({"person_id": person.person_id, "email": email, "state": state})

    email = emails.normalise(person.email)
    name = store.find_sign_in(email)
    if name and (name.person_id, name.organisation_id) != (person.person_id, uow.organisation_id):
        return result(EMAIL_TAKEN)
    account = store.find_account(uow.organisation_id, person.person_id)
    held = access.grants(uow.organisation_id, person.person_id)
    has_power = any(grant.role in STAFF_ONLY for grant in held)
    # Whoever may change a person's e-mail may take over his sign-in: with staff and administrators only an administrator may.
    if not may_appoint and (person.roles or (account and has_power and _differs(account, person, email))):
        return result(FORBIDDEN)
    held_roles = sorted({g.role for g in held if g.scope == "organisation"})
    new_roles = [role for role in dict.fromkeys(person.roles) if role not in held_roles]
    roles = sorted({*held_roles, *new_roles})
    if account and name and not _differs(account, person, email) and (account.roles or []) == roles:
        return result(UNCHANGED)
    if account and account.email != email:
        end_sessions(uow.organisation_id, person.person_id)
        account = store.find_account(uow.organisation_id, person.person_id)
    if name is None:
        cognito.make_user(email, person.locale)
    elif account is None or account.locale != person.locale:
        cognito.set_locale(email, person.locale)
    _keep_account(uow, person, email, account, roles, has_name=name is not None)
    for role in new_roles:
        _grant(uow, person.person_id, role)
    return result(CHANGED if account else ENROLLED)


def _differs(account: Account, person: Enrolment, email: str) -> bool:
    old = (account.email, account.first_name, account.last_name, account.locale)
    return old != (email, person.first_name, person.last_name, person.locale)


def _keep_account(
    uow: UnitOfWork, person: Enrolment, email: str, account: Account | None, roles: list[str], *, has_name: bool
) -> None:
    if account is None:
        account = Account(store.person_key(uow.organisation_id, person.person_id), "ACCOUNT", credentials=1)
        uow.emit(PersonInvited(person_id=person.person_id))
    elif (
        account.email != email
    ):  # the new address has to prove itself with a reset code; the old one opens nothing more
        uow.delete(SignInName(store.sign_in_key(account.email), "SIGNIN"))
    account.email, account.locale = email, person.locale
    account.first_name, account.last_name = person.first_name, person.last_name
    account.roles = roles or None
    account.gsi1pk = store.staff_key(uow.organisation_id) if roles else None
    account.gsi1sk = f"{person.last_name} {person.first_name}#{person.person_id}".casefold() if roles else None
    uow.put(account)
    if not has_name:
        uow.create(
            SignInName(
                store.sign_in_key(email), "SIGNIN", organisation_id=uow.organisation_id, person_id=person.person_id
            )
        )


def _grant(uow: UnitOfWork, person_id: str, role: str) -> None:
    organisation_id = uow.organisation_id
    uow.put(
        GrantItem(
            store.person_key(organisation_id, person_id), f"GRANT#{role}#organisation#{organisation_id}#enrolment",
            role=role, scope="organisation", scope_id=organisation_id,
        )
    )  # fmt: skip
    uow.emit(
        AccessGranted(
            person_id=person_id, role=role, scope="organisation", scope_id=organisation_id, starts_on=None, ends_on=None
        )
    )
