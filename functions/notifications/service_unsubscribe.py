"""Refusing a kind of notice with one click (RFC 8058), by an address that needs no session: it names who and what, and we signed it."""

import base64
import hashlib
import hmac
import json
from typing import Final, NamedTuple

from notifications import store, store_people
from notifications.kinds import KINDS, REFUSABLE, Channel
from shared import access
from shared.errors import NotFound
from shared.events.envelope import Metadata
from shared.http import Call, Raw
from shared.secret import deployment_secret
from shared.settings import settings
from shared.tables import UnitOfWork, run

_MAC_BYTES: Final = 16
_EVERYWHERE: Final = sorted(channel.value for channel in Channel)
"""Whoever refuses a kind means it: it does not come by another way instead. It stays in the inbox."""


class _Refusal(NamedTuple):
    organisation_id: str
    person_id: str
    kind: str


def unsubscribe_address(organisation_id: str, person_id: str, kind: str) -> str:
    """The address that refuses a kind for a person, as long as the deployment's secret is the same; empty where it cannot be refused."""
    if KINDS[kind].nature not in REFUSABLE:
        return ""
    token = ".".join((organisation_id, person_id, kind, _mac(_Refusal(organisation_id, person_id, kind))))
    return f"{settings().need('public_origin')}/api/unsubscribe/{token}"


def show(call: Call, token: str) -> Raw:
    """What the address would refuse, for the site's page, to which browsers are sent; changes nothing. Raises NotFound for a forged one."""
    refusal = _read(token)
    if "text/html" in call.headers.get("accept", ""):
        return Raw(303, headers={"Location": f"{settings().need('public_origin')}/unsubscribe/{token}"})
    return _facts(refusal)


def refuse(call: Call, token: str) -> Raw:
    """Refuse the kind. Safe to repeat. Raises NotFound for a forged address."""
    refusal = _read(token)
    metadata = Metadata(
        correlation_id=call.correlation_id, organisation_id=refusal.organisation_id, actor=refusal.person_id
    )

    def work(uow: UnitOfWork) -> None:
        wishes = store_people.preferences_of(refusal.organisation_id, refusal.person_id)
        if set(wishes.muted.get(refusal.kind, ())) < set(_EVERYWHERE):
            wishes.muted = {**wishes.muted, refusal.kind: _EVERYWHERE}
            uow.put(wishes)

    run(lambda: UnitOfWork(store.VARIABLE, metadata), work, lambda _uow, _result: None)
    return _facts(refusal)


def _facts(refusal: _Refusal) -> Raw:
    organisation = access.organisation(refusal.organisation_id)
    wishes = store_people.preferences_of(refusal.organisation_id, refusal.person_id)
    facts = {
        "kind": refusal.kind,
        "organisation": organisation.name,
        "slug": organisation.slug,
        "locale": wishes.locale or organisation.locale,
        "refused": set(wishes.muted.get(refusal.kind, ())) >= set(_EVERYWHERE),
    }
    return Raw(200, json.dumps(facts, ensure_ascii=False).encode(), "application/json")


def _read(token: str) -> _Refusal:
    parts = token.split(".")
    if len(parts) != len(_Refusal._fields) + 1:
        raise NotFound
    refusal = _Refusal(*parts[:-1])
    kind = KINDS.get(refusal.kind)
    if not hmac.compare_digest(parts[-1].encode(), _mac(refusal).encode()):
        raise NotFound
    # What could be refused when it was sent may be statutory by now.
    if kind is None or kind.nature not in REFUSABLE:
        raise NotFound
    access.organisation(refusal.organisation_id)
    return refusal


def _mac(refusal: _Refusal) -> str:
    digest = hmac.new(deployment_secret(), "/".join(("unsubscribe", *refusal)).encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:_MAC_BYTES]).rstrip(b"=").decode()
