"""Errors that callers see: a permanent code and a status, never prose. The site and the mail templates hold the words."""

import dataclasses
from http import HTTPStatus
from typing import Any, Final

CODES: Final[dict[str, str]] = {
    "body_too_large": "The request body is larger than the route takes.",
    "conflict": "The object was changed by somebody else at the same time, and kept changing.",
    "cross_site_request": "A write without the X-Requested-With header, or from a foreign Origin.",
    "forbidden": "The caller's role does not include this action.",
    "idempotency_key_reused": "The Idempotency-Key was used before with another body.",
    "internal_error": "Something failed on our side; the correlation id finds it in the log.",
    "invalid_amount": "An amount that is not a number with at most the currency's decimals.",
    "invalid_body": "The body is not what the route takes; errors[] names the fields.",
    "invalid_cursor": "The paging cursor is not one that we gave out for this list and person.",
    "invalid_header": "A header has a value that the route does not take.",
    "invalid_query": "A query parameter is not what the route takes; errors[] names it.",
    "method_not_allowed": "The address exists, the method does not.",
    "not_found": "No such object, or not one that the caller may see.",
    "not_signed_in": "No session, or one that has ended.",
    "too_many_requests": "The rate limit is reached; Retry-After says when to come back.",
    "unknown_upload": "The upload key is not one that was given to this person or organisation for this purpose.",
    "unsupported_media_type": "The body is not application/json.",
    "upload_not_ready": "The upload has not arrived, or its check is not finished.",
    "upload_refused": "The upload was checked and refused; errors[] says why.",
}


@dataclasses.dataclass(frozen=True)
class FieldProblem:
    """One field's problem: its path in the body, a permanent code, and the numbers that the words need."""

    field: str
    code: str
    params: dict[str, Any] = dataclasses.field(default_factory=dict)


class DomainError(Exception):
    """A refusal that the caller can understand.

    `code` is permanent and listed in a CODES table; `status` is the HTTP status; `problems` name single fields;
    `headers` go with the answer (Retry-After and the like); `members` are further members of the problem (RFC 9457, section 3.2).
    """

    def __init__(
        self,
        code: str,
        status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
        *,
        problems: tuple[FieldProblem, ...] = (),
        headers: dict[str, str] | None = None,
        members: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status = int(status)
        self.problems = problems
        self.headers = headers or {}
        self.members = members or {}


class NotFound(DomainError):  # noqa: N818 - named as people say it
    """No such object for this caller; also the answer for somebody else's object."""

    def __init__(self) -> None:
        super().__init__("not_found", HTTPStatus.NOT_FOUND)


class TooEarly(RuntimeError):  # noqa: N818 - said of an event
    """An event has come before the one that it builds on: the queue brings it again, soon (`shared.events.consumer`)."""


class Conflict(DomainError):  # noqa: N818
    """The object's state does not allow the change."""

    def __init__(self, code: str = "conflict") -> None:
        super().__init__(code, HTTPStatus.CONFLICT)
