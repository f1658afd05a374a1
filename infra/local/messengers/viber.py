"""Viber's bots from its own side: send_message, set_webhook, account info; callbacks signed with the account's token.

Errors come with HTTP 200 and a status. Somebody who opened a conversation by a link is no subscriber before he writes. Limits: 500
calls in 10 seconds; 100 messages an hour to one who does not answer.
"""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any, ClassVar, Final

from infra.local.messengers.chats import Bot, Chat, Line, Trouble
from infra.local.messengers.config import Limits, Person
from infra.local.messengers.messenger import Action, Limited, Messenger, same
from infra.local.messengers.pages import choice_page, token_of
from infra.local.providers.book import LETTERS
from infra.local.providers.frame import Request, Response, Route, json_response
from infra.local.providers.post import Answer, Outgoing

STATUSES: Final = {
    0: "ok",
    1: "invalidUrl",
    2: "invalidAuthToken",
    3: "badData",
    4: "missingData",
    5: "receiverNotRegistered",
    6: "receiverNotSubscribed",
    7: "publicAccountBlocked",
    10: "webhookNotSet",
    11: "receiverNoSuitableDevice",
    12: "tooManyRequests",
    13: "apiVersionNotSupported",
}
MOST_BODY: Final = 30 * 1024
MOST_TEXT: Final = 7000
MOST_NAME: Final = 28
MOST_TRACKING: Final = 4000
MOST_UNANSWERED: Final = 100
UNANSWERED: Final = timedelta(hours=1)
ALWAYS: Final = frozenset({"message", "subscribed", "unsubscribed"})
"""Callbacks that an account cannot refuse."""
FIRST_TOKEN: Final = 5 * 10**18


def signed(token: str, body: bytes) -> Outgoing:
    """A callback as it leaves."""
    signature = hmac.digest(token.encode(), body, hashlib.sha256).hex()
    return Outgoing(body, {"Content-Type": "application/json", "X-Viber-Content-Signature": signature})


def answer(status: int, **more: Any) -> Response:
    """Always 200; the status says the rest."""
    return json_response({"status": status, "status_message": STATUSES[status], **more})


class Viber(Messenger):
    """See the module."""

    name, title = "viber", "Viber"
    limits: ClassVar = Limits(500, 10.0)
    troubles: ClassVar = (*(str(status) for status in STATUSES if status), "500")

    def routes(self) -> list[Route]:
        return [
            Route("POST", "/pa/send_message", lambda request: self._called(request, self._send)),
            Route("POST", "/pa/set_webhook", lambda request: self._called(request, self._set_webhook)),
            Route("POST", "/pa/get_account_info", lambda request: self._called(request, self._info)),
            Route("GET", "/pa", self._open),
        ]

    def address(self, bot: Bot, person: Person) -> str:
        """Each account knows a person by another id."""
        raw = self.ids.make(LETTERS, 16, bot.account.handle, person.handle)
        return base64.b64encode(raw.encode()).decode()

    def actions(self, chat: Chat) -> list[Action]:
        opening = Action("open", "Open the conversation", "The link from the site, or its code")
        if chat.state == "open":
            return [*self._buttons(chat), Action("write", "Send", "Message"), Action("leave", "Unsubscribe"), opening]
        if chat.extra.get("seen"):
            return [*self._buttons(chat), Action("write", "Send (this subscribes)", "Message"), opening]
        return [opening]

    def act(self, chat: Chat, action: str, text: str) -> None:
        if action == "open":
            self._converse(chat, token_of(text, "context"))
        elif action == "leave":
            chat.state = "left"
            self._callback(chat, "unsubscribed", {"user_id": chat.address})
        elif action == "press":
            self._write(chat, self._buttons(chat)[0].label)
        else:
            self._write(chat, text)

    def bad_answer(self, trouble: Trouble) -> Response:
        return Response(500, b"Internal Server Error") if trouble.code == "500" else answer(int(trouble.code))

    def limited(self, _limit: Limited) -> Response:
        return answer(12)

    def opened(self, chat: Chat) -> None:
        for line in chat.lines:
            if not line.by_person and line.state == "delivered" and "token" in line.extra:
                line.state = "read"
                self._receipt(chat, line, "seen")

    # --- What the account asks

    def _called(self, request: Request, handle: Any) -> Response:
        token = request.headers.get("x-viber-auth-token", "")
        bot = self.bot(lambda one: same(token, one.secret("auth_token")))
        if bot is None:
            return answer(2)
        if len(request.body) > MOST_BODY:
            return answer(3)
        try:
            given = request.json()
        except ValueError:
            return answer(3)
        done: Response = handle(bot, given)
        return done

    def _set_webhook(self, bot: Bot, given: dict[str, Any]) -> Response:
        """Viber calls the address at once, and refuses it when that is not answered with 200. An empty one takes it away."""
        url = str(given.get("url", ""))
        if url:
            body = self._body(bot, "webhook", {})
            if not self.config.post(url, signed(bot.secret("auth_token"), body)).ok:
                return answer(1)
        with self.lock:
            bot.webhook_url, bot.events = url, [str(one) for one in given.get("event_types", [])]
        return answer(0, event_types=bot.events)

    def _info(self, bot: Bot, _given: dict[str, Any]) -> Response:
        joined = sum(chat.state == "open" for chat in self.chats.values() if chat.bot is bot)
        found = f"pa:{self.ids.number(16, bot.account.handle)}"
        return answer(0, id=found, name=bot.account.name, webhook=bot.webhook_url, subscribers_count=joined)

    def _send(self, bot: Bot, given: dict[str, Any]) -> Response:
        address = str(given.get("receiver", ""))
        return self.take(bot, address, lambda: self._receive(bot, address, given))

    def _receive(self, bot: Bot, address: str, given: dict[str, Any]) -> Response:
        if not bot.webhook_url:
            return answer(10)
        if wrong := _misfit(given):
            return answer(wrong)
        chat = self.known(bot, address)
        if chat is None:
            return answer(5)
        if chat.state != "open":
            return answer(6)
        if self._unanswered(chat) >= MOST_UNANSWERED:
            return answer(12)
        line = self._show(chat, given)
        self.courier.later(self.config.receipt_seconds, lambda: self._delivered(chat, line))
        return answer(0, message_token=line.extra["token"], billing_status=1)

    def _unanswered(self, chat: Chat) -> int:
        since = max(chat.written_at or self.now() - UNANSWERED, self.now() - UNANSWERED)
        return sum(not line.by_person and line.at > since for line in chat.lines)

    def _show(self, chat: Chat, given: dict[str, Any]) -> Line:
        token = self._token()
        buttons = (given.get("keyboard") or {}).get("Buttons", [])
        media = [str(given["media"])] if "media" in given else []
        links = (*media, *(str(one.get("ActionBody", "")) for one in buttons if one.get("ActionType") == "open-url"))
        extra = {"token": token, "tracking_data": given.get("tracking_data", ""), "request": given}
        sender = str((given.get("sender") or {}).get("name", ""))
        line = Line(str(token), str(given.get("text", "")), self.now(), title=sender, links=links, extra=extra)
        chat.lines.append(line)
        return line

    def _delivered(self, chat: Chat, line: Line) -> None:
        with self.lock:
            if line.state == "sent":
                line.state = "delivered"
                self._receipt(chat, line, "delivered")

    # --- What the person does

    def _open(self, request: Request) -> Response:
        """What `viber://pa?chatURI=...&context=...` opens on a phone."""
        uri, context = request.query.get("chatURI", ""), request.query.get("context", "")
        bot = self.bot(lambda one: one.account.settings["uri"] == uri)
        return (
            choice_page(self, bot, "open", "Open the conversation", context) if bot else Response(404, b"no such bot")
        )

    def _converse(self, chat: Chat, context: str) -> None:
        chat.extra["seen"] = True
        about = {"type": "open", "user": self._user(chat), "subscribed": chat.state == "open", "context": context}
        self._callback(chat, "conversation_started", about, welcome=True)

    def _buttons(self, chat: Chat) -> list[Action]:
        """The first button of the newest message's keyboard, if it has one that answers."""
        own = [line.extra["request"] for line in chat.lines if not line.by_person]
        buttons = (own[-1].get("keyboard") or {}).get("Buttons", []) if own else []
        return [Action("press", str(one["Text"])) for one in buttons[:1] if one.get("ActionType") == "reply"]

    def _write(self, chat: Chat, text: str) -> None:
        if chat.state != "open":
            chat.state = "open"
            self._callback(chat, "subscribed", {"user": self._user(chat)})
        self.wrote(chat, text)
        message = {"type": "text", "text": text, "tracking_data": self._tracking(chat)}
        self._callback(chat, "message", {"sender": self._user(chat), "message": message})

    def _tracking(self, chat: Chat) -> str:
        own = [line for line in chat.lines if not line.by_person]
        return str(own[-1].extra.get("tracking_data", "")) if own else ""

    def _user(self, chat: Chat) -> dict[str, Any]:
        known = {"id": chat.address, "name": chat.person.name, "language": chat.person.language}
        return {**known, "country": "", "api_version": 10}

    def _token(self) -> int:
        return FIRST_TOKEN + self.count()

    # --- Callbacks

    def _receipt(self, chat: Chat, line: Line, event: str) -> None:
        if chat.bot.events and event not in chat.bot.events:
            return
        body = self._body(chat.bot, event, {"user_id": chat.address}, line.extra["token"])
        self.tell(chat, event, lambda: signed(chat.bot.secret("auth_token"), body))

    def _callback(self, chat: Chat, event: str, content: dict[str, Any], *, welcome: bool = False) -> None:
        if chat.bot.events and event not in ALWAYS.union(chat.bot.events):
            return
        body = self._body(chat.bot, event, content)
        self.tell(
            chat,
            event,
            lambda: signed(chat.bot.secret("auth_token"), body),
            lambda reply: self._taken(chat, reply, welcome=welcome),
        )

    def _taken(self, chat: Chat, reply: Answer, *, welcome: bool) -> bool:
        """The answer to an opened conversation may hold the welcome message; it makes nobody a subscriber."""
        if welcome and reply.ok and reply.body.lstrip().startswith(b"{"):
            given = json.loads(reply.body)
            if given.get("type") == "text" and not _misfit({**given, "receiver": chat.address}):
                with self.lock:
                    self._show(chat, given).state = "delivered"
        return reply.status == 200  # noqa: PLR2004 - the one status that Viber takes

    def _body(self, bot: Bot, event: str, content: dict[str, Any], token: int = 0) -> bytes:
        head = {
            "event": event,
            "timestamp": int(self.now().timestamp() * 1000),
            "message_token": token or self._token(),
        }
        return json.dumps({**head, "chat_hostname": f"SN-{bot.account.handle}", **content}, ensure_ascii=False).encode()


def _misfit(given: dict[str, Any]) -> int:
    """The status for what is missing (4) or wrong (3) in a message, 0 where all is right."""
    sender = given.get("sender") or {}
    if not given.get("receiver") or not given.get("type") or not sender.get("name"):
        return 4
    if given["type"] not in {"text", "url"}:
        return 3
    if given["type"] == "text" and not given.get("text"):
        return 4
    too_long = (
        len(str(sender["name"])) > MOST_NAME
        or len(str(given.get("text", ""))) > MOST_TEXT
        or len(str(given.get("tracking_data", ""))) > MOST_TRACKING
    )
    return 3 if too_long else 0
