"""The inspection under /_sandbox: what was paid, which webhooks went out, and levers for what people and banks do."""

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from infra.local.providers.config import Manner, Switches
from infra.local.providers.frame import Request, Response, Route, json_response

if TYPE_CHECKING:
    from infra.local.providers.sandbox import Sandbox

ROOT = "/_sandbox"
PAYMENT = f"{ROOT}/payments/{{reference}}"


def switches_of(values: dict[str, Any]) -> Switches:
    """Switches from JSON. Raises ValueError for what is none."""
    unknown = set(values) - {known.name for known in fields(Switches)}
    if unknown:
        raise ValueError(", ".join(sorted(unknown)))
    return Switches(**values)


class Inspection:
    """The handlers, for one sandbox."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("GET", f"{ROOT}/books", self._books),
            Route("GET", f"{ROOT}/webhooks", self._webhooks),
            Route("POST", f"{ROOT}/webhooks/release", self._release),
            Route("POST", f"{ROOT}/webhooks/{{number}}/again", self._again),
            Route("PUT", f"{ROOT}/endpoint", self._endpoint),
            Route("GET", f"{ROOT}/payments", self._payments),
            Route("GET", PAYMENT, self._payment),
            Route("POST", f"{PAYMENT}/pay", self._pay),
            Route("POST", f"{PAYMENT}/finish", self._finish),
            Route("POST", f"{PAYMENT}/expire", self._expire),
            Route("POST", f"{PAYMENT}/events", self._event),
            Route("PUT", f"{PAYMENT}/switches", self._switches),
        ]

    def _books(self, _request: Request) -> Response:
        return json_response({"transactions": self._sandbox.books()})

    def _webhooks(self, request: Request) -> Response:
        return json_response({"webhooks": self._sandbox.webhooks(request.query.get("reference", ""))})

    def _payments(self, _request: Request) -> Response:
        orders = list(self._sandbox.orders.values())
        return json_response({"payments": [self._sandbox.described(order) for order in orders]})

    def _payment(self, _request: Request, reference: str) -> Response:
        return json_response(self._sandbox.described(self._sandbox.order(reference)))

    def _pay(self, request: Request, reference: str) -> Response:
        return json_response({"url": self._sandbox.pay(reference, Manner(request.json().get("manner", "pay")))})

    def _finish(self, request: Request, reference: str) -> Response:
        success = request.json().get("success", True) is True
        self._sandbox.finish_now(self._sandbox.order(reference), success=success)
        return json_response({})

    def _expire(self, _request: Request, reference: str) -> Response:
        self._sandbox.expire_now(self._sandbox.order(reference))
        return json_response({})

    def _event(self, request: Request, reference: str) -> Response:
        given = request.json()
        self._sandbox.happen(reference, str(given["event"]), int(given.get("amount", 0)))
        return json_response({})

    def _switches(self, request: Request, reference: str) -> Response:
        self._sandbox.set_switches(reference, switches_of(request.json()))
        return json_response({})

    def _release(self, request: Request) -> Response:
        given = request.json()
        reference, reverse = str(given.get("reference", "")), given.get("reverse") is True
        return json_response({"released": self._sandbox.courier.release(reference, reverse=reverse)})

    def _again(self, _request: Request, number: str) -> Response:
        return json_response({}) if self._sandbox.courier.again(int(number)) else Response(404)

    def _endpoint(self, request: Request) -> Response:
        given = request.json()
        self._sandbox.register(str(given["merchant"]), str(given["url"]))
        return json_response({})
