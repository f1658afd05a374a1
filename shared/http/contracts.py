"""What each route promises: its models, who may call it, and an example. OpenAPI and the tests of the seams read it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPMethod, HTTPStatus
from typing import Any, Final

from pydantic import BaseModel

from shared.access import ANYONE_SIGNED_IN, Principal

MAX_BODY_BYTES: Final = 256 * 1024
_PARAMETERS: Final = re.compile(r"{(\w+)}")


@dataclass(frozen=True)
class Access:
    """How a route's resource is guarded.

    `public`: no session. `self`: the caller's own data. `organisation`: all of the caller's organisation, so for staff.
    `contract`, `unit`, `community`: the path parameter `parameter` names it and the caller must hold a grant, checked before the
    view runs. `lookup`: the view's service finds the object in the caller's organisation and calls `Principal.require`.
    """

    kind: str
    parameter: str = ""

    def check(self, me: Principal, path: dict[str, str]) -> None:
        """Raises NotFound where the caller holds no grant on the named resource."""
        if self.parameter:
            me.require(**{f"{self.kind}_id": path[self.parameter]})


PUBLIC: Final = Access("public")
SELF: Final = Access("self")
ORGANISATION: Final = Access("organisation")
LOOKUP: Final = Access("lookup")


def contract(parameter: str = "contract_id") -> Access:
    return Access("contract", parameter)


def unit(parameter: str = "unit_id") -> Access:
    return Access("unit", parameter)


def community(parameter: str = "community_id") -> Access:
    return Access("community", parameter)


@dataclass(frozen=True)
class Example:
    """One real exchange: what is asked and what comes back. Both must satisfy the models; a test holds them to it."""

    response: dict[str, Any] | None = None
    body: dict[str, Any] | None = None
    query: dict[str, Any] | None = None


@dataclass(frozen=True)
class Raw:
    """The answer of a raw route, in whatever form another program wants it. `body` is UTF-8 text."""

    status: int
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Contract:
    """One route."""

    method: HTTPMethod
    path: str
    view: Callable[..., Any]
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    returns: type[BaseModel] | None
    status: HTTPStatus
    access: Access
    roles: frozenset[str]
    example: Example
    errors: tuple[str, ...] = ()
    summary: str = ""
    max_body: int = MAX_BODY_BYTES
    paged: bool = False
    repeatable: bool = False
    raw: bool = False
    parameters: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", tuple(_PARAMETERS.findall(self.path)))
        if self.access.parameter and self.access.parameter not in self.parameters:
            msg = f"{self.path} has no {{{self.access.parameter}}}"
            raise ValueError(msg)
        if self.raw and (self.access != PUBLIC or self.body or self.query or self.returns):
            msg = f"{self.path} is raw: public, and without models"
            raise ValueError(msg)
        if self.access != PUBLIC and not self.roles <= ANYONE_SIGNED_IN:
            msg = f"{self.path} names unknown roles"
            raise ValueError(msg)

    @property
    def is_write(self) -> bool:
        return self.method not in (HTTPMethod.GET, HTTPMethod.HEAD)

    @property
    def takes_idempotency_key(self) -> bool:
        """A POST that makes something for a signed-in person may be sent again under the same key."""
        return (
            self.method is HTTPMethod.POST
            and not self.repeatable
            and self.access != PUBLIC
            and self.status in (HTTPStatus.CREATED, HTTPStatus.ACCEPTED)
        )
