"""Forgotten, reset and changed passwords."""

import hmac
from http import HTTPStatus

from auth import cognito, rules, service, store, throttle
from auth.store import ResetTicket, SignInName
from shared import access, clock, emails
from shared.access import Principal
from shared.errors import DomainError, FieldProblem, NotFound
from shared.organisations import PasswordRules
from shared.tables import UnitOfWork


def request_reset(email: str, address: str) -> None:
    """Have a reset code mailed, if the e-mail is somebody's; nothing in the answer tells. Raises `too_many_attempts`."""
    name = emails.normalise(email)
    throttle.reserve(throttle.counted(c, name, address) for c in (rules.FORGOT_PERSON, rules.FORGOT_ADDRESS))
    # Asked for a known and an unknown e-mail alike: the pool knows which it is, and tells nobody.
    cognito.mail_reset_code(name)


def reset_password(email: str, code: str, password: str, address: str) -> None:
    """Set a new password with the mailed code and end all sessions of the person.

    The rules of the organisation are looked at only after the code was right: told earlier, they would show that the e-mail is
    known. As Cognito takes a code once, a right code with a poor password leaves a ticket, so that it can be sent again.
    Raises `wrong_code` (422; also for an unknown e-mail), `password_rules` (422), `too_many_attempts` (429).
    """
    name = emails.normalise(email)
    counted = throttle.reserve(throttle.counted(c, name, address) for c in (rules.RESET_PERSON, rules.RESET_ADDRESS))
    found = store.find_sign_in(name)
    broken = rules.broken_password_rules(password, _rules_of(found))
    final = cognito.unguessable_password() if broken else password
    ticket = _ticket_for(found, code)
    if ticket is None and not cognito.use_reset_code(name, code, final):
        raise DomainError("wrong_code")
    if found is None:  # the pool knows only users that we made; never reached, and never to be signed in
        raise DomainError("wrong_code")
    throttle.forgive(counted)
    if broken:
        _leave_ticket(found, code)
        raise password_rules("password", broken)
    if ticket is not None:
        cognito.set_password(name, password)
        ticket.delete()
    service.end_sessions(found.organisation_id, found.person_id)


def change_password(uow: UnitOfWork, me: Principal, current: str, new: str, address: str) -> None:
    """Change the own password and end the person's other sessions.

    Nothing is staged: the sessions end in a transaction of their own, after the password is set, so that a lock conflict
    cannot run the check of the old password again. Raises `password_rules`, `wrong_current_password` (422), `too_many_attempts`.
    """
    broken = rules.broken_password_rules(new, access.organisation(uow.organisation_id).password_rules)
    if broken:
        raise password_rules("new_password", broken)
    account = store.find_account(me.organisation_id, me.person_id)
    if account is None:
        raise NotFound
    counted = throttle.reserve([throttle.counted(rules.PASSWORD_PERSON, account.email, address)])
    try:
        right = cognito.check_password(account.email, current)
    except DomainError:
        throttle.forgive(counted)
        raise
    if not right:
        problem = FieldProblem("current_password", "wrong_current_password")
        raise DomainError("wrong_current_password", problems=(problem,))
    throttle.forgive(counted)
    cognito.set_password(account.email, new)
    service.end_sessions(me.organisation_id, me.person_id, keep=me.session_id)


def password_rules(field: str, broken: tuple[rules.Broken, ...]) -> DomainError:
    """Every broken rule at once."""
    problems = tuple(FieldProblem(field, item.code, dict(item.params)) for item in broken)
    return DomainError("password_rules", HTTPStatus.UNPROCESSABLE_ENTITY, problems=problems)


def _rules_of(found: SignInName | None) -> PasswordRules:
    return access.organisation(found.organisation_id).password_rules if found else PasswordRules()


def _ticket_for(found: SignInName | None, code: str) -> ResetTicket | None:
    if found is None:
        return None
    pk = store.person_key(found.organisation_id, found.person_id)
    ticket: ResetTicket | None = store.find(ResetTicket, pk, "RESET")
    if ticket is None or ticket.expires <= clock.timestamp():
        return None
    return ticket if hmac.compare_digest(ticket.code_hash, store.digest(pk, code)) else None


def _leave_ticket(found: SignInName, code: str) -> None:
    pk = store.person_key(found.organisation_id, found.person_id)
    expires = clock.timestamp() + rules.RESET_TICKET_SECONDS
    ResetTicket(pk, "RESET", code_hash=store.digest(pk, code), expires=expires).save()
