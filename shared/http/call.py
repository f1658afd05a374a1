"""One request, as a view sees it."""

import hashlib
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from shared import access, cursors
from shared.errors import DomainError
from shared.organisations import OrganisationProfile
from shared.secret import is_deployment_secret
from shared.tables import UnitOfWork

SESSION_COOKIE: Final = "lokum_session"
_ETAG_DIGITS: Final = 24

M = TypeVar("M", bound=BaseModel)


@dataclass
class Call:
    """The caller, the unit of work, the validated query, and what goes into the answer beside its body."""

    route: str
    headers: dict[str, str]
    source_address: str
    correlation_id: str
    principal: access.Principal | None
    cursor_text: str | None = None
    query: Any = None
    uow_or_none: UnitOfWork | None = None
    cookies: list[str] = field(default_factory=list)
    raw: bytes = field(default=b"", repr=False)
    """The body as it came, and the query as it stands there: on raw routes only."""
    raw_query: dict[str, str] = field(default_factory=dict, repr=False)
    etag: str | None = None

    @property
    def me(self) -> access.Principal:
        """The signed-in person. Raises `not_signed_in` on a public route without a session."""
        if self.principal is None:
            raise DomainError("not_signed_in", 401)
        return self.principal

    @property
    def uow(self) -> UnitOfWork:
        """The request's unit of work; it commits after the view has returned. Public routes have none."""
        if self.uow_or_none is None:
            msg = f"{self.route} has no unit of work"
            raise RuntimeError(msg)
        return self.uow_or_none

    @property
    def organisation(self) -> OrganisationProfile:
        return access.organisation(self.me.organisation_id)

    def with_etag(self, answer: M, mark: str | None = None) -> M:
        """Let the caller ask again with If-None-Match at the price of a 304 as long as nothing has changed.

        `mark` stands for the answer's content where it holds what differs every time, such as signed addresses.
        """
        content = mark if mark is not None else answer.model_dump_json()
        # The caller belongs to it: the same content under another sign-in is another answer.
        digest = hashlib.sha256(f"{self._audience}\x1f{content}".encode()).hexdigest()
        self.etag = f'"{digest[:_ETAG_DIGITS]}"'
        return answer

    @property
    def knows_already(self) -> bool:
        """Whether If-None-Match names what would be answered."""
        given = self.headers.get("if-none-match", "")
        return self.etag is not None and self.etag in [tag.strip().removeprefix("W/") for tag in given.split(",")]

    @property
    def client_address(self) -> str:
        """Who calls, for the rate limits.

        Our edge sends the deployment's secret along; then the address that it saw stands in X-Forwarded-For before its own, whatever
        the client wrote in front. Without the secret somebody called the API's own address, and API Gateway's word counts.
        """
        mark = self.headers.get("x-lokum-edge")
        forwarded = [part.strip() for part in self.headers.get("x-forwarded-for", "").split(",") if part.strip()]
        if mark and len(forwarded) > 1 and is_deployment_secret(mark):
            return forwarded[-2]
        return self.source_address

    @property
    def cursor(self) -> dict[str, Any] | None:
        """The key where this page begins, or None for the first. Raises `invalid_cursor`."""
        return cursors.read(self.cursor_text, self._audience) if self.cursor_text else None

    def next_cursor(self, last_key: dict[str, Any] | None) -> str | None:
        """The cursor to give out for the page after `last_key` (DynamoDB's LastEvaluatedKey), or None at the end."""
        return cursors.sign(last_key, self._audience) if last_key else None

    @property
    def _audience(self) -> str:
        # The query belongs to it: a cursor of one search is no cursor of another.
        query = self.query.model_dump_json() if isinstance(self.query, BaseModel) else ""
        return f"{self.me.organisation_id}/{self.me.person_id}{self.route}?{query}"


def cookie(headers: dict[str, str], wanted: str) -> str | None:
    """A cookie's value in a Cookie header (names of `headers` in lower case), whatever other programs' cookies look like.

    Python's SimpleCookie stops at the first cookie that it cannot read, and would sign people out for somebody else's cookie.
    """
    for part in headers.get("cookie", "").split(";"):
        name, _, value = part.partition("=")
        if name.strip() == wanted:
            return value.strip()
    return None
