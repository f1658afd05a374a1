"""The inspection under /_sandbox: chats, webhooks with their answers, and levers for what people and messengers do."""

from typing import TYPE_CHECKING

from infra.local.providers.frame import Request, Response, Route, json_response
from infra.local.providers.inspection import ROOT, switches_of

if TYPE_CHECKING:
    from infra.local.messengers.messenger import Messenger


class Inspection:
    """The handlers, for one messenger."""

    def __init__(self, messenger: "Messenger") -> None:
        self._messenger = messenger

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("GET", f"{ROOT}/chats", self._chats),
            Route("POST", f"{ROOT}/chats/{{bot}}/{{person}}/{{action}}", self._act),
            Route("POST", f"{ROOT}/troubles", self._trouble),
            Route("GET", f"{ROOT}/webhooks", self._webhooks),
            Route("POST", f"{ROOT}/webhooks/release", self._release),
            Route("POST", f"{ROOT}/webhooks/{{number}}/again", self._again),
            Route("PUT", f"{ROOT}/switches", self._switches),
            Route("PUT", f"{ROOT}/endpoint", self._endpoint),
        ]

    def _chats(self, request: Request) -> Response:
        return json_response({"chats": self._messenger.records(request.query.get("address", ""))})

    def _act(self, request: Request, bot: str, person: str, action: str) -> Response:
        chat = self._messenger.chat(bot, person)
        self._messenger.do(chat, action, str(request.json().get("text", "")))
        return json_response(chat.record())

    def _trouble(self, request: Request) -> Response:
        given = request.json()
        allowed = {"times": int, "address": str, "seconds": int, "taken": bool}
        more = {name: kind(given[name]) for name, kind in allowed.items() if name in given}
        self._messenger.trouble(str(given["code"]), **more)
        return json_response({})

    def _webhooks(self, request: Request) -> Response:
        address = request.query.get("address", "")
        messages = list(self._messenger.courier.messages)
        return json_response({"webhooks": [m.record() for m in messages if address in {"", m.reference}]})

    def _release(self, request: Request) -> Response:
        given = request.json()
        address, reverse = str(given.get("address", "")), given.get("reverse") is True
        return json_response({"released": self._messenger.courier.release(address, reverse=reverse)})

    def _again(self, _request: Request, number: str) -> Response:
        return json_response({}) if self._messenger.courier.again(int(number)) else Response(404)

    def _switches(self, request: Request) -> Response:
        self._messenger.switches = switches_of(request.json())
        return json_response({})

    def _endpoint(self, request: Request) -> Response:
        given = request.json()
        self._messenger.register(str(given["account"]), str(given["url"]))
        return json_response({})
