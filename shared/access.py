"""Who may see what: sessions, grants and organisation profiles in the access table. `auth` writes it; everybody reads it."""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import UpdateError

from shared import clock
from shared.errors import NotFound
from shared.indexes import Gsi1
from shared.organisations import OrganisationProfile
from shared.tables import Base, table_name

TENANT: Final = "tenant"
OWNER: Final = "owner"
BOARD_MEMBER: Final = "board_member"
SUPPLIER: Final = "supplier"
STAFF: Final = "staff"
ADMINISTRATOR: Final = "administrator"
ROLES: Final = (TENANT, OWNER, BOARD_MEMBER, SUPPLIER, STAFF, ADMINISTRATOR)
ANYONE_SIGNED_IN: Final = frozenset(ROLES)
STAFF_ONLY: Final = frozenset({STAFF, ADMINISTRATOR})
ADMINISTRATORS_ONLY: Final = frozenset({ADMINISTRATOR})

IDLE_SECONDS: Final = 30 * 60
"""A session that is not used for this long ends."""
ABSOLUTE_SECONDS: Final = 12 * 3600
"""A session ends this long after sign-in, used or not."""
SLIDE_SECONDS: Final = 60
"""A session in use is extended at most this often: one write a minute, not one a request."""
_PROFILE_SECONDS: Final = 60


class AccessItem(Base):
    class Meta:
        table_name = table_name("ACCESS_TABLE")


class SessionItem(AccessItem):
    """pk `SESSION#<sha256 of the token>`, sk `SESSION`. gsi1: the person's sessions."""

    person_id = UnicodeAttribute()
    organisation_id = UnicodeAttribute()
    created = NumberAttribute()
    expires = NumberAttribute()
    ends = NumberAttribute()
    gsi1pk = UnicodeAttribute(null=True)
    gsi1sk = UnicodeAttribute(null=True)


class GrantItem(AccessItem):
    """pk `ORG#<org>#PERSON#<person>`, sk `GRANT#<role>#<scope>#<scope id>#<origin>`; `origin` is what the grant came from."""

    role = UnicodeAttribute()
    scope = UnicodeAttribute()
    scope_id = UnicodeAttribute()
    starts_on = UnicodeAttribute(null=True)
    ends_on = UnicodeAttribute(null=True)


class StaffItem(AccessItem):
    """gsi1 `ORG#<org>#STAFF` / `<name>#<person>`: who has a role in the whole organisation. What of an account is read by others."""

    gsi1pk = UnicodeAttribute()
    gsi1sk = UnicodeAttribute()
    by_name = Gsi1()


class ProfileItem(AccessItem):
    """pk `ORG#<org>#PROFILE`, sk `PROFILE`."""

    profile = JSONAttribute()


@dataclass(frozen=True)
class Grant:
    """A role on one object. `scope` is organisation, community, unit or contract; the dates are civil, both included."""

    role: str
    scope: str
    scope_id: str
    starts_on: date | None = None
    ends_on: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True)
class Principal:
    """The signed-in person with the grants that hold today."""

    person_id: str
    organisation_id: str
    grants: tuple[Grant, ...]
    session_id: str = ""
    roles: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "roles", frozenset(grant.role for grant in self.grants))

    @property
    def is_staff(self) -> bool:
        return not self.roles.isdisjoint(STAFF_ONLY)

    def scope_ids(self, scope: str) -> tuple[str, ...]:
        """The objects of a kind that the person has grants on, each once, in a stable order."""
        return tuple(sorted({grant.scope_id for grant in self.grants if grant.scope == scope}))

    def may_see(
        self, *, contract_id: str | None = None, unit_id: str | None = None, community_id: str | None = None
    ) -> bool:
        """Whether the person may see an object of his own organisation. Staff see all of it; others what they are granted."""
        wanted = {("contract", contract_id), ("unit", unit_id), ("community", community_id)}
        return self.is_staff or any((grant.scope, grant.scope_id) in wanted for grant in self.grants)

    def require(
        self, *, contract_id: str | None = None, unit_id: str | None = None, community_id: str | None = None
    ) -> None:
        """Raises NotFound, never a 403: whether somebody else's object exists is nobody's business."""
        if not self.may_see(contract_id=contract_id, unit_id=unit_id, community_id=community_id):
            raise NotFound


def session_id(token: str) -> str:
    """What is stored of a session's token: its SHA-256. The token itself is only in the person's cookie."""
    return hashlib.sha256(token.encode()).hexdigest()


def principal(token: str, *, in_use: bool = True) -> Principal | None:
    """The person behind a session token, or None where the session is unknown or has ended. Extends a session in use.

    `in_use` is False for a page that looks by itself whether something has changed: nobody may be sitting before it.
    """
    identity = session_id(token)
    try:
        session = SessionItem.get(f"SESSION#{identity}", "SESSION", consistent_read=True)
    except SessionItem.DoesNotExist:
        return None
    now = clock.timestamp()
    if session.expires <= now:
        return None
    zone = organisation(session.organisation_id).time_zone
    held = tuple(
        grant for grant in grants(session.organisation_id, session.person_id) if grant.holds_on(clock.today(zone))
    )
    if in_use:
        _slide(session, now)
    return Principal(session.person_id, session.organisation_id, held, identity)


def grants(organisation_id: str, person_id: str) -> list[Grant]:
    """All grants of a person, whenever they hold."""
    items = GrantItem.query(
        f"ORG#{organisation_id}#PERSON#{person_id}", GrantItem.sk.startswith("GRANT#"), consistent_read=True
    )
    return [Grant(item.role, item.scope, item.scope_id, _day(item.starts_on), _day(item.ends_on)) for item in items]


def staff(organisation_id: str, after: str = "", page: int | None = None) -> Iterator[str]:
    """The ids of all who have a role in the whole organisation, as `auth` has them; read eventually, so many at a time as they are taken.

    `after`: only those behind that person in their order; all of them where he is one of them no more.
    """
    place = _place_of_staff(organisation_id, after) if after else None
    behind = StaffItem.gsi1sk > place if place else None
    for item in StaffItem.by_name.query(f"ORG#{organisation_id}#STAFF", behind, page_size=page):
        yield item.pk.rpartition("#")[2]


def _place_of_staff(organisation_id: str, person_id: str) -> str | None:
    try:
        item = StaffItem.get(f"ORG#{organisation_id}#PERSON#{person_id}", "ACCOUNT", consistent_read=True)
    except StaffItem.DoesNotExist:
        return None
    return str(item.gsi1sk) if item.gsi1sk else None


_profiles: dict[str, tuple[float, OrganisationProfile]] = {}


def organisation(organisation_id: str) -> OrganisationProfile:
    """The organisation's profile, at most a minute old. Raises NotFound where there is none (yet)."""
    kept = _profiles.get(organisation_id)
    if kept and kept[0] > time.monotonic():
        return kept[1]
    try:
        item = ProfileItem.get(f"ORG#{organisation_id}#PROFILE", "PROFILE")
    except ProfileItem.DoesNotExist as error:
        raise NotFound from error
    profile = OrganisationProfile.model_validate(item.profile)
    _profiles[organisation_id] = (time.monotonic() + _PROFILE_SECONDS, profile)
    return profile


def forget_profiles() -> None:
    """Read profiles afresh: for tests, and for the writer of profiles."""
    _profiles.clear()


def _slide(session: Any, now: int) -> None:
    expires = min(now + IDLE_SECONDS, int(session.ends))
    if expires - session.expires < SLIDE_SECONDS:
        return
    try:
        # The condition keeps a session that was ended in this moment from coming back.
        session.update([SessionItem.expires.set(expires)], SessionItem.pk.exists())
    except UpdateError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
