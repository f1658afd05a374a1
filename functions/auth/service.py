"""Sign-in, sign-out, sessions, and who is signed in."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final, TypeVar
from urllib.parse import urlsplit

from auth import cognito, devices, rules, store, throttle
from auth.schemas import GrantView, Me, MeResponse, OrganisationView, PublicOrganisation, SignedInPerson, SignInResponse
from auth.store import Account, KnownAddress, KnownDevices, PersonSession, SignInName
from shared import access, clock, emails
from shared.access import ABSOLUTE_SECONDS, IDLE_SECONDS, Grant, Principal, SessionItem
from shared.errors import DomainError, NotFound
from shared.events.catalog import SignedInFromNewDevice
from shared.events.envelope import Metadata
from shared.http.call import SESSION_COOKIE
from shared.organisations import OrganisationProfile
from shared.settings import settings
from shared.tables import UnitOfWork, run

T = TypeVar("T")
TABLE: Final = "ACCESS_TABLE"
DEVICE_COOKIE: Final = "lokum_device"
_TOKEN_BYTES: Final = 32
_ENDED_AT_ONCE: Final = 40
"""Sessions ended in one transaction: two items each."""


@dataclass(frozen=True)
class Caller:
    """From where somebody signs in: his address, what his browser calls itself, and the device id that it was given (empty: none)."""

    address: str
    user_agent: str
    device: str


@dataclass(frozen=True)
class SignedIn:
    response: SignInResponse
    cookies: tuple[str, ...]


def sign_in(email: str, password: str, caller: Caller) -> SignedIn:
    """Check e-mail and password and open a session; a device that the person has not used before is told of.

    An unknown e-mail takes the same steps as a wrong password: the same reads under keys that name nobody, the same counters,
    the same call to the user pool. Raises `wrong_credentials` (401), `too_many_attempts` (429), `sign_in_unavailable` (503).
    """
    name = emails.normalise(email)
    found = store.find_sign_in(name)
    owner = found or SignInName(
        store.sign_in_key(name), "SIGNIN", organisation_id="org_0", person_id=store.digest(name)
    )
    account = store.find_account(owner.organisation_id, owner.person_id)
    counted = throttle.reserve(_counters(name, caller.address, owner))
    try:
        right = cognito.check_password(name, password)
    except DomainError:
        throttle.forgive(counted)
        raise
    if not (found and account and right):
        raise wrong_credentials()
    throttle.forgive(counted)
    device = caller.device if devices.is_id(caller.device) else secrets.token_urlsafe(_TOKEN_BYTES)
    token = _open_session(owner, account, replace(caller, device=device))
    cookies = _cookie(SESSION_COOKIE, token, ABSOLUTE_SECONDS), _cookie(DEVICE_COOKIE, device, devices.SECONDS)
    return SignedIn(SignInResponse(person=_person(account, owner.person_id)), cookies)


def wrong_credentials() -> DomainError:
    return DomainError("wrong_credentials", HTTPStatus.UNAUTHORIZED)


def sign_out(uow: UnitOfWork, me: Principal) -> None:
    """End the present session. It is gone for every function with the commit: sessions are not cached."""
    _end(uow, store.person_key(me.organisation_id, me.person_id), me.session_id)


def ended_cookie() -> str:
    """The cookie that makes a browser forget its session."""
    return _cookie(SESSION_COOKIE, "", 0)


def end_sessions(organisation_id: str, person_id: str, *, keep: str = "") -> None:
    """End all sessions of a person but one, and let no sign-in that is under way with the old password open another."""

    def work(uow: UnitOfWork) -> bool:
        pk = store.person_key(organisation_id, person_id)
        open_sessions = [s.sk.removeprefix("SESSION#") for s in store.person_sessions(organisation_id, person_id)]
        ending = [identity for identity in open_sessions if identity != keep]
        for identity in ending[:_ENDED_AT_ONCE]:
            _end(uow, pk, identity)
        uow.update(Account(pk, "ACCOUNT"), [Account.credentials.add(1)], Account.pk.exists())
        return len(ending) > _ENDED_AT_ONCE

    while _run(organisation_id, person_id, work):
        pass


def describe_me(me: Principal, profile: OrganisationProfile) -> MeResponse:
    """The signed-in person. Raises NotFound where the account is gone."""
    account = store.find_account(me.organisation_id, me.person_id)
    if account is None:
        raise NotFound
    person = Me(**_person(account, me.person_id).model_dump(), email=account.email)
    return MeResponse(
        person=person,
        roles=sorted(me.roles),
        grants=[_view(grant) for grant in me.grants],
        organisation=OrganisationView.model_validate(profile.model_dump()),
    )


def find_organisation(slug: str) -> PublicOrganisation:
    """What a sign-in page shows. Raises NotFound for an unknown short name."""
    found = store.find(store.Slug, f"SLUG#{slug}", "SLUG")
    if found is None:
        raise NotFound
    return PublicOrganisation.model_validate(access.organisation(found.organisation_id).model_dump())


def _counters(name: str, address: str, owner: SignInName) -> list[throttle.Counted]:
    """The person's own count is left out at an address from which he has signed in before: strangers cannot lock him out there."""
    own = store.find(KnownAddress, store.person_key(owner.organisation_id, owner.person_id), _address_key(address))
    known = own is not None and own.expires > clock.timestamp()
    wanted = (rules.SIGN_IN_PAIR, rules.SIGN_IN_ADDRESS, *(() if known else (rules.SIGN_IN_PERSON,)))
    return [throttle.counted(counter, name, address) for counter in wanted]


def _open_session(owner: SignInName, account: Account, caller: Caller) -> str:
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    pk, identity = store.person_key(owner.organisation_id, owner.person_id), access.session_id(token)

    def work(uow: UnitOfWork) -> None:
        now = clock.timestamp()
        ends = now + ABSOLUTE_SECONDS
        uow.check(
            Account, pk, "ACCOUNT", Account.credentials == account.credentials, otherwise=wrong_credentials()
        )  # the password was reset meanwhile
        uow.create(
            SessionItem(
                f"SESSION#{identity}", "SESSION", person_id=owner.person_id, organisation_id=owner.organisation_id,
                created=now, expires=now + IDLE_SECONDS, ends=ends,
            )
        )  # fmt: skip
        uow.create(PersonSession(pk, f"SESSION#{identity}", created=now, expires=ends))
        uow.put(KnownAddress(pk, _address_key(caller.address), expires=now + rules.KNOWN_ADDRESS_SECONDS))
        _remember_device(uow, pk, owner.person_id, caller)
        others = store.person_sessions(owner.organisation_id, owner.person_id)
        for oldest in others[: max(0, len(others) - rules.SESSION_LIMIT + 1)][:_ENDED_AT_ONCE]:
            _end(uow, pk, oldest.sk.removeprefix("SESSION#"))

    _run(owner.organisation_id, owner.person_id, work)
    return token


def _remember_device(uow: UnitOfWork, pk: str, person_id: str, caller: Caller) -> None:
    """Remember the device, and say so where it is new; the person's very first one is news to nobody."""
    known: KnownDevices | None = store.find(KnownDevices, pk, "DEVICES")
    seen, now, device = (known.seen if known else {}), clock.timestamp(), store.digest(pk, caller.device)
    if now - seen.get(device, 0) < devices.NOTED_SECONDS:
        return
    if known and not devices.is_known(seen, device, now):
        uow.emit(SignedInFromNewDevice(person_id=person_id, at=clock.now(), device=devices.describe(caller.user_agent)))
    known = known or KnownDevices(pk, "DEVICES")
    known.seen = devices.seen_with(seen, device, now)
    uow.put(known)


def _run(organisation_id: str, person_id: str, work: Callable[[UnitOfWork], T]) -> T:
    metadata = Metadata(organisation_id=organisation_id, actor=person_id)
    return run(lambda: UnitOfWork(TABLE, metadata), work, lambda _uow, _result: None)


def _end(uow: UnitOfWork, pk: str, identity: str) -> None:
    uow.delete(SessionItem(f"SESSION#{identity}", "SESSION"))
    uow.delete(PersonSession(pk, f"SESSION#{identity}"))


def _cookie(name: str, value: str, seconds: int) -> str:
    """Strict: no foreign page can send it along. Not Secure only on loopback over plain http, where the local run is."""
    origin = urlsplit(settings().public_origin)
    plain = origin.scheme == "http" and origin.hostname == "127.0.0.1"
    return f"{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict" + ("" if plain else "; Secure")


def _address_key(address: str) -> str:
    return f"ADDRESS#{store.digest(address)}"


def _person(account: Account, person_id: str) -> SignedInPerson:
    return SignedInPerson.model_validate(
        {
            "person_id": person_id,
            "first_name": account.first_name,
            "last_name": account.last_name,
            "locale": account.locale,
        }
    )


def _view(grant: Grant) -> GrantView:
    named = {} if grant.scope == "organisation" else {f"{grant.scope}_id": grant.scope_id}
    return GrantView.model_validate(
        {
            "role": grant.role,
            "scope": grant.scope,
            **named,
            "starts_on": grant.starts_on,
            "ends_on": grant.ends_on,
        }
    )
