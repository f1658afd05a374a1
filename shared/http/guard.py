"""What a request must satisfy before a view sees it: size, origin, session, role, body, query, idempotency key."""

import hashlib
import re
from http import HTTPStatus
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from shared import access
from shared.errors import DomainError, NotFound
from shared.http.call import SESSION_COOKIE, cookie
from shared.http.contracts import PUBLIC, Contract
from shared.http.problems import from_validation
from shared.settings import settings

_IDEMPOTENCY_KEY: Final = re.compile(r"^[\x21-\x7e]{8,100}$")
WRITE_HEADER: Final = "lokum"
MAX_ID_BYTES: Final = 128


def check_size(contract: Contract, body: bytes) -> None:
    if not contract.raw and len(body) > contract.max_body:
        raise DomainError("body_too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def check_path(path: dict[str, str]) -> None:
    """No id of ours is that long; DynamoDB would refuse the key with an error of its own."""
    if any(len(value.encode()) > MAX_ID_BYTES for value in path.values()):
        raise NotFound


def check_origin(contract: Contract, headers: dict[str, str]) -> None:
    """A write must carry a header that no foreign page can send without a preflight, which nobody answers; see docs/access.md."""
    if not contract.is_write or contract.raw:
        return
    origin, ours = headers.get("origin"), settings().public_origin
    foreign = bool(origin and ours and origin != ours)
    if headers.get("x-requested-with", "").lower() != WRITE_HEADER or foreign:
        raise DomainError("cross_site_request", HTTPStatus.FORBIDDEN)


def check_caller(contract: Contract, headers: dict[str, str], path: dict[str, str]) -> access.Principal | None:
    """The caller, allowed to use this route on this resource. None on public routes."""
    if contract.access == PUBLIC:
        return None
    token = cookie(headers, SESSION_COOKIE)
    # Only pages that follow a change ask with If-None-Match; an open page alone must not keep a session for half a day.
    me = access.principal(token, in_use="if-none-match" not in headers) if token else None
    if me is None:
        raise DomainError("not_signed_in", HTTPStatus.UNAUTHORIZED)
    # What anybody signed in may do takes no grant: whose last grant has ended can still sign out.
    if contract.roles != access.ANYONE_SIGNED_IN and me.roles.isdisjoint(contract.roles):
        raise DomainError("forbidden", HTTPStatus.FORBIDDEN)
    contract.access.check(me, path)
    return me


def read_body(contract: Contract, raw: bytes) -> BaseModel | None:
    if contract.body is None:
        return None
    try:
        return contract.body.model_validate_json(raw)
    except ValidationError as error:
        raise from_validation(error, "invalid_body", HTTPStatus.UNPROCESSABLE_ENTITY) from error


def read_query(contract: Contract, query: dict[str, Any]) -> BaseModel | None:
    """The validated query, `cursor` aside. An unknown parameter is refused: a mistyped filter must not show everything."""
    if contract.raw:
        return None
    given = {key: value for key, value in query.items() if not (contract.paged and key == "cursor")}
    if contract.query is None:
        if given:
            raise DomainError("invalid_query", HTTPStatus.BAD_REQUEST)
        return None
    try:
        return contract.query.model_validate(given)
    except ValidationError as error:
        raise from_validation(error, "invalid_query", HTTPStatus.BAD_REQUEST) from error


def idempotency_key(contract: Contract, headers: dict[str, str]) -> str | None:
    key = headers.get("idempotency-key")
    if key is None or not contract.takes_idempotency_key:
        return None
    if not _IDEMPOTENCY_KEY.match(key):
        raise DomainError("invalid_header", HTTPStatus.BAD_REQUEST)
    return key


def fingerprint(contract: Contract, path: dict[str, str], raw: bytes) -> str:
    """What makes two requests the same: method, path with its values, body."""
    head = f"{contract.method} {contract.path.format(**path)}\n".encode()
    return hashlib.sha256(head + raw).hexdigest()
