"""Auth's own items in the access table; sessions, grants and profiles, which others read, are in `shared.access`."""

import hashlib
from typing import Any, Final

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute, VersionAttribute

from shared import emails
from shared.access import AccessItem
from shared.indexes import Gsi1

STAFF_PAGE: Final = 100


class SignInName(AccessItem):
    """pk `SIGNIN#<sha256 of the e-mail>`, sk `SIGNIN`: whose e-mail it is, before an organisation is known."""

    person_id = UnicodeAttribute()
    organisation_id = UnicodeAttribute()


class Account(AccessItem):
    """pk `ORG#<org>#PERSON#<person>`, sk `ACCOUNT`: who signs in. `credentials` grows with every reset of the password.

    Who has a role in the whole organisation stands in gsi1, `ORG#<org>#STAFF` / `<name>#<person>`, with these `roles`: written in
    the transaction that gives the role.
    """

    email = UnicodeAttribute()
    first_name = UnicodeAttribute()
    last_name = UnicodeAttribute()
    locale = UnicodeAttribute()
    credentials = NumberAttribute(default=1)
    roles = JSONAttribute(null=True)
    gsi1pk = UnicodeAttribute(null=True)
    gsi1sk = UnicodeAttribute(null=True)
    version = VersionAttribute()
    by_name = Gsi1()


class PersonSession(AccessItem):
    """pk as Account, sk `SESSION#<id>`: a person's sessions, to be listed and ended by a consistent read."""

    created = NumberAttribute()
    expires = NumberAttribute()


class KnownAddress(AccessItem):
    """pk as Account, sk `ADDRESS#<sha256>`: an address from which the person has signed in."""

    expires = NumberAttribute()


class KnownDevices(AccessItem):
    """pk as Account, sk `DEVICES`: from which devices the person has signed in. `seen`: Unix time of the last use by SHA-256 of the id."""

    seen = JSONAttribute()
    version = VersionAttribute()


class ResetTicket(AccessItem):
    """pk as Account, sk `RESET`: a reset code that was right, while the password sent with it was not good enough."""

    code_hash = UnicodeAttribute()
    expires = NumberAttribute()


class Attempts(AccessItem):
    """pk `ATTEMPTS#<sha256>`, sk `ATTEMPTS`: failures counted for a person, an address or both."""

    failures = NumberAttribute()
    last = NumberAttribute()
    expires = NumberAttribute()


class Origin(AccessItem):
    """pk `ORG#<org>#ORIGIN#<id>`, sk `ORIGIN`: what was made from a contract, mandate or profile, and as of when it was heard."""

    heard = UnicodeAttribute()
    made = JSONAttribute()
    version = VersionAttribute()


class Slug(AccessItem):
    """pk `SLUG#<slug>`, sk `SLUG`: the organisation behind a short name."""

    organisation_id = UnicodeAttribute()


def digest(*parts: str) -> str:
    """SHA-256 of the parts: keys hold no e-mail, address or token in the clear."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def person_key(organisation_id: str, person_id: str) -> str:
    return f"ORG#{organisation_id}#PERSON#{person_id}"


def sign_in_key(email: str) -> str:
    return f"SIGNIN#{digest(emails.normalise(email))}"


def find(model: Any, pk: str, sk: str) -> Any:
    """The item, read consistently, or None."""
    try:
        return model.get(pk, sk, consistent_read=True)
    except model.DoesNotExist:
        return None


def find_sign_in(email: str) -> SignInName | None:
    found: SignInName | None = find(SignInName, sign_in_key(email), "SIGNIN")
    return found


def find_account(organisation_id: str, person_id: str) -> Account | None:
    found: Account | None = find(Account, person_key(organisation_id, person_id), "ACCOUNT")
    return found


def staff_key(organisation_id: str) -> str:
    return f"ORG#{organisation_id}#STAFF"


def staff(organisation_id: str, cursor: dict[str, Any] | None) -> tuple[list[Account], dict[str, Any] | None]:
    """One page of those who work in the organisation, by name, and the key where the next page starts."""
    found = Account.by_name.query(
        staff_key(organisation_id), limit=STAFF_PAGE, page_size=STAFF_PAGE, last_evaluated_key=cursor
    )
    return list(found), found.last_evaluated_key


def person_sessions(organisation_id: str, person_id: str) -> list[PersonSession]:
    """The person's sessions, oldest first; ended ones may still be among them."""
    pk = person_key(organisation_id, person_id)
    found = PersonSession.query(pk, PersonSession.sk.startswith("SESSION#"), consistent_read=True)
    return sorted(found, key=lambda session: (session.created, session.sk))
