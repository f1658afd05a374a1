"""Answers: JSON, `application/problem+json` (RFC 9457), and the headers that every answer carries."""

import json
from http import HTTPStatus
from typing import Any, Final

from chalice.app import Response
from pydantic import ValidationError

from shared.errors import DomainError, FieldProblem
from shared.http.contracts import Raw
from shared.settings import is_local

_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_HSTS: Final = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}


def answer(
    text: str, status: int, correlation_id: str, cookies: list[str] | None = None, headers: dict[str, str] | None = None
) -> Response:
    """A JSON answer with the security headers."""
    content_type = "application/json" if status < HTTPStatus.BAD_REQUEST else "application/problem+json"
    out: dict[str, Any] = {
        **_HEADERS,
        **({} if is_local() else _HSTS),
        "Content-Type": content_type,
        "X-Correlation-Id": correlation_id,
        **(headers or {}),
    }
    if cookies:
        out["Set-Cookie"] = [cookie.replace("\r", "").replace("\n", "") for cookie in cookies]
    return Response(text, status_code=status, headers=out)


def raw_answer(given: Raw, correlation_id: str) -> Response:
    """The answer of a raw route, with the security headers."""
    return answer(
        given.body.decode(), given.status, correlation_id, headers={"Content-Type": given.content_type, **given.headers}
    )


def problem(error: DomainError, correlation_id: str) -> Response:
    """The answer to a refusal."""
    body = {
        **error.members,
        "type": "about:blank",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "code": error.code,
        "correlation_id": correlation_id,
        "errors": [{"field": p.field, "code": p.code, "params": p.params} for p in error.problems],
    }
    return answer(json.dumps(body), error.status, correlation_id, headers=error.headers)


def from_validation(error: ValidationError, code: str, status: int) -> DomainError:
    """Pydantic's findings as ours: pydantic's error types are the field codes; its prose and the input stay out."""
    problems = tuple(
        FieldProblem(
            ".".join(str(part) for part in item["loc"]),
            item["type"],
            {key: value for key, value in item.get("ctx", {}).items() if isinstance(value, str | int | float | bool)},
        )
        for item in error.errors(include_url=False, include_input=False)
    )
    return DomainError(code, status, problems=problems)
