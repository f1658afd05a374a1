"""Telegram's Bot API from its own side: sendMessage, setWebhook, updates with the secret token's header, /start by a deep link.

Limits: 30 messages a second for a bot, one a second to a person. A webhook's answer may carry a call, as at Telegram.
"""

import json
import re
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from infra.local.messengers.chats import Bot, Chat, Line, Trouble
from infra.local.messengers.config import Limits, Person
from infra.local.messengers.markup import Unparsable, read
from infra.local.messengers.messenger import Action, Limited, Messenger, same
from infra.local.messengers.pages import choice_page, token_of
from infra.local.providers.frame import Request, Response, Route, json_response
from infra.local.providers.post import Answer, Outgoing

PAYLOAD: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")
REASONS: Final = {
    400: "Bad Request: chat not found",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: can't use getUpdates method while webhook is active",
    429: "Too Many Requests: retry after {seconds}",
    500: "Internal Server Error",
}


def refusal(status: int, reason: str = "", seconds: int = 0) -> Response:
    """An error as Telegram words it."""
    known = (reason or REASONS[status]).format(seconds=seconds)
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": known}
    if status == 429:  # noqa: PLR2004 - the one with parameters
        body["parameters"] = {"retry_after": seconds}
    return json_response(body, status)


def success(result: object) -> Response:
    """An answer."""
    return json_response({"ok": True, "result": result})


class Telegram(Messenger):
    """See the module."""

    name, title = "telegram", "Telegram"
    limits: ClassVar = Limits(30, 1.0, apart=1.0)
    troubles: ClassVar = tuple(map(str, REASONS))

    def routes(self) -> list[Route]:
        calls = {
            "sendMessage": self._send,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._webhook_info,
            "getMe": self._me,
        }

        def call(request: Request, token: str, method: str) -> Response:
            bot = self.bot(lambda one: same(token, one.secret("bot_token")))
            if bot is None:
                return refusal(401)
            return calls[method](bot, request.json()) if method in calls else refusal(404)

        return [
            Route("POST", "/bot{token}/{method}", call),
            Route("GET", "/bot{token}/{method}", call),
            Route("GET", "/{username}", self._open),
        ]

    def address(self, _bot: Bot, person: Person) -> str:
        return str(self.ids.number(9, "user", person.handle))

    def actions(self, chat: Chat) -> list[Action]:
        if chat.state == "blocked":
            return [Action("unblock", "Unblock the bot")]
        start = Action("start", "Press START", "The link from the site, or its code")
        return [start, Action("write", "Send", "Message"), Action("block", "Block the bot")]

    def act(self, chat: Chat, action: str, text: str) -> None:
        if action == "start":
            self._start(chat, token_of(text, "start"))
        elif action == "write":
            self._write(chat, text)
        else:
            blocked = action == "block"
            old, new = ("member", "kicked") if blocked else ("kicked", "member")
            chat.state = "blocked" if blocked else "open"
            change = {"old_chat_member": self._member(chat, old), "new_chat_member": self._member(chat, new)}
            about = {"chat": self._chat(chat), "from": self._user(chat), "date": self._date()}
            self._update(chat, "my_chat_member", {**about, **change})

    def bad_answer(self, trouble: Trouble) -> Response:
        return refusal(int(trouble.code), seconds=trouble.seconds)

    def limited(self, limit: Limited) -> Response:
        return refusal(429, seconds=limit.whole_seconds)

    def opened(self, chat: Chat) -> None:
        """Telegram tells bots nothing of what was read."""
        for line in chat.lines:
            line.state = "read"

    # --- What the bot asks

    def _send(self, bot: Bot, given: dict[str, Any]) -> Response:
        address = str(given.get("chat_id", ""))
        return self.take(bot, address, lambda: self._receive(bot, address, given))

    def _receive(self, bot: Bot, address: str, given: dict[str, Any]) -> Response:
        chat = self.known(bot, address)
        if chat is None or chat.state == "new":
            return refusal(400)
        if chat.state == "blocked":
            return refusal(403)
        try:
            shown, links = read(given)
        except Unparsable as error:
            return refusal(400, f"Bad Request: {error}")
        line = Line(str(self.count()), shown, self.now(), state="delivered", links=links, extra={"request": given})
        chat.lines.append(line)
        message = {"message_id": int(line.id), "chat": self._chat(chat), "date": self._date(), "text": shown}
        return success(message)

    def _set_webhook(self, bot: Bot, given: dict[str, Any]) -> Response:
        url, secret = str(given.get("url", "")), str(given.get("secret_token", ""))
        if url and urlsplit(url).scheme not in {"http", "https"}:
            return refusal(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        if secret and not SECRET.fullmatch(secret):
            return refusal(400, "Bad Request: secret token contains unallowed characters")
        with self.lock:
            bot.webhook_url, bot.webhook_secret, bot.events = url, secret, list(given.get("allowed_updates") or [])
        return success(result=True)

    def _delete_webhook(self, bot: Bot, _given: dict[str, Any]) -> Response:
        with self.lock:
            bot.webhook_url = bot.webhook_secret = ""
        return success(result=True)

    def _webhook_info(self, bot: Bot, _given: dict[str, Any]) -> Response:
        waiting = sum(m.merchant == bot.account.handle and m.state == "waiting" for m in self.courier.messages)
        return success({"url": bot.webhook_url, "pending_update_count": waiting, "has_custom_certificate": False})

    def _me(self, bot: Bot, _given: dict[str, Any]) -> Response:
        known = {"id": self.ids.number(10, "bot", bot.account.handle), "is_bot": True}
        return success({**known, "first_name": bot.account.name, "username": bot.account.settings["bot"]})

    # --- What the person does

    def _open(self, request: Request, username: str) -> Response:
        """What `t.me` shows for a deep link."""
        bot = self.bot(lambda one: one.account.settings["bot"] == username)
        if bot is None:
            return Response(404, b"no such bot")
        return choice_page(self, bot, "start", "Press START", request.query.get("start", ""))

    def _start(self, chat: Chat, token: str) -> None:
        chat.state = "open"
        # What is no payload, Telegram leaves out.
        self._write(chat, f"/start {token}" if PAYLOAD.fullmatch(token) else "/start")

    def _write(self, chat: Chat, text: str) -> None:
        chat.state = "open"
        line = self.wrote(chat, text)
        message: dict[str, Any] = {
            "message_id": int(line.id),
            "from": self._user(chat),
            "chat": self._chat(chat),
            "date": self._date(),
            "text": text,
        }
        if command := re.match(r"/\w+", text):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": command.end()}]
        self._update(chat, "message", message)

    def _update(self, chat: Chat, kind: str, content: dict[str, Any]) -> None:
        if chat.bot.events and kind not in chat.bot.events:
            return
        update = {"update_id": self.count(), kind: content}
        body = json.dumps(update, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"}
        if chat.bot.webhook_secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = chat.bot.webhook_secret
        self.tell(chat, kind, lambda: Outgoing(body, headers), lambda answer: self._answered(chat, answer))

    def _answered(self, chat: Chat, answer: Answer) -> bool:
        """A webhook's answer may hold a call, which is carried out without a word to the bot."""
        if answer.ok and answer.body.lstrip().startswith(b"{"):
            given = json.loads(answer.body)
            if given.get("method") == "sendMessage":
                with self.lock:
                    self._receive(chat.bot, str(given.get("chat_id", "")), given)
        return answer.ok

    def _user(self, chat: Chat) -> dict[str, Any]:
        known = {"id": int(chat.address), "is_bot": False, "first_name": chat.person.name}
        return {**known, "language_code": chat.person.language}

    def _member(self, chat: Chat, status: str) -> dict[str, Any]:
        bot = chat.bot.account
        user = {"id": self.ids.number(10, "bot", bot.handle), "is_bot": True, "first_name": bot.name}
        return {"user": user, "status": status}

    def _chat(self, chat: Chat) -> dict[str, Any]:
        return {"id": int(chat.address), "type": "private", "first_name": chat.person.name}

    def _date(self) -> int:
        return int(self.now().timestamp())
