"""WhatsApp's Cloud API from its own side: messages by approved templates, statuses and answers signed with the app secret.

The address of the webhook is verified by a GET with the verify token before anything is sent there. Limits: 80 messages a second
(130429), one in 6 seconds to one person (131056). Outside 24 hours after the person wrote, only templates are allowed (131047). A setting
of the sandbox: `templates` (`name:parameters` with commas between; without it every name is approved). The HTTP status of a refusal
is not confirmed for each code.
"""

import hashlib
import hmac
import json
import re
from datetime import timedelta
from typing import Any, ClassVar, Final, NamedTuple
from urllib.parse import quote

from infra.local.messengers.chats import Bot, Chat, Line, Trouble
from infra.local.messengers.config import Limits, Person
from infra.local.messengers.messenger import Action, Limited, Messenger, same
from infra.local.messengers.pages import choice_page
from infra.local.providers.book import CAPITALS
from infra.local.providers.frame import Request, Response, Route, json_response
from infra.local.providers.post import Outgoing, get

WINDOW: Final = timedelta(hours=24)
MOST_TEXT: Final = 4096
VERSION: Final = re.compile(r"v\d{2}\.\d")
PARAMETER: Final = re.compile(r"[^\n\t]+")


class Reason(NamedTuple):
    """A code's HTTP status and its words."""

    status: int
    message: str


REASONS: Final = {
    1: Reason(500, "API Unknown"),
    100: Reason(400, "Invalid parameter"),
    190: Reason(401, "Access token has expired"),
    368: Reason(403, "Temporarily blocked for policies violations"),
    130429: Reason(400, "Rate limit hit"),
    130472: Reason(400, "User's number is part of an experiment"),
    131008: Reason(400, "Required parameter is missing"),
    131009: Reason(400, "Parameter value is not valid"),
    131026: Reason(400, "Message undeliverable"),
    131047: Reason(400, "Re-engagement message"),
    131056: Reason(400, "(Business Account, Consumer Account) pair rate limit hit"),
    132000: Reason(400, "Template param count mismatch"),
    132001: Reason(404, "Template does not exist"),
    132018: Reason(400, "Template params have line breaks, tabs or more than four spaces"),
}


def signed(secret: str, body: bytes) -> Outgoing:
    """A webhook as it leaves."""
    mac = hmac.digest(secret.encode(), body, hashlib.sha256).hex()
    return Outgoing(body, {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={mac}"})


def refusal(code: int) -> Response:
    """An error as Meta words it."""
    known = REASONS[code]
    error: dict[str, Any] = {
        "message": f"(#{code}) {known.message}",
        "type": "OAuthException",
        "code": code,
        "fbtrace_id": "sandbox",
    }
    error["error_data"] = {"messaging_product": "whatsapp", "details": known.message}
    return json_response({"error": error}, known.status)


class WhatsApp(Messenger):
    """See the module."""

    name, title = "whatsapp", "WhatsApp"
    limits: ClassVar = Limits(80, 1.0, apart=6.0)
    troubles: ClassVar = tuple(map(str, REASONS))
    late: ClassVar = frozenset({"130472", "131026"})

    def routes(self) -> list[Route]:
        return [
            Route("POST", "/{version}/{phone}/messages", self._send),
            Route("GET", "/open/{phone}", self._open),
        ]

    def address(self, _bot: Bot, person: Person) -> str:
        return person.phone.removeprefix("+")

    def actions(self, chat: Chat) -> list[Action]:
        if chat.state == "blocked":
            return [Action("unblock", "Unblock")]
        return [Action("write", "Send", "Message"), Action("block", "Block")]

    def act(self, chat: Chat, action: str, text: str) -> None:
        if action == "write":
            chat.state = "open"
            self._write(chat, text)
        else:
            # Nobody is told of it; what is sent then fails.
            chat.state = "blocked" if action == "block" else "open"

    def bad_answer(self, trouble: Trouble) -> Response:
        return refusal(int(trouble.code))

    def limited(self, limit: Limited) -> Response:
        return refusal(131056 if limit.pair else 130429)

    def opened(self, chat: Chat) -> None:
        for line in chat.lines:
            if not line.by_person and line.state == "delivered":
                line.state = "read"
                self._status(chat, line)

    # --- What the account asks

    def _send(self, request: Request, version: str, phone: str) -> Response:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        bot = self.bot(lambda one: same(token, one.secret("access_token")))
        if bot is None:
            return refusal(190)
        if not VERSION.fullmatch(version) or phone != bot.account.settings["phone_number_id"]:
            return refusal(100)
        given = request.json()
        address = str(given.get("to", "")).lstrip("+")
        return self.take(bot, address, lambda: self._receive(bot, address, given))

    def _receive(self, bot: Bot, address: str, given: dict[str, Any]) -> Response:
        if given.get("messaging_product") != "whatsapp" or not address.isdigit():
            return refusal(100)
        chat = self.known(bot, address)
        template = given.get("type") == "template"
        if (
            wrong := self._template_misfit(bot, given.get("template") or {})
            if template
            else self._text_misfit(chat, given)
        ):
            return refusal(wrong)
        found = f"wamid.{self.ids.make(CAPITALS, 32, 'message', self.count())}"
        if chat is not None:
            self._show(chat, found, given)
        contact = {"input": str(given["to"]), "wa_id": address}
        body = {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": found}]}
        return json_response(body)

    def _template_misfit(self, bot: Bot, template: dict[str, Any]) -> int:
        name, language = str(template.get("name", "")), (template.get("language") or {}).get("code")
        if not name or not language:
            return 131008
        texts = parameters(template)
        listed = bot.account.settings.get("templates", "")
        approved = dict(one.rsplit(":", 1) for one in listed.split(",")) if listed else {name: str(len(texts))}
        if name not in approved:
            return 132001
        if int(approved[name]) != len(texts):
            return 132000
        fine = all(PARAMETER.fullmatch(text) and " " * 5 not in text for text in texts)
        return 0 if fine else 132018

    def _text_misfit(self, chat: Chat | None, given: dict[str, Any]) -> int:
        body = str((given.get("text") or {}).get("body", ""))
        if given.get("type", "text") != "text" or not 0 < len(body) <= MOST_TEXT:
            return 131009
        written = chat.written_at if chat else None
        return 0 if written is not None and self.now() - written < WINDOW else 131047

    def _show(self, chat: Chat, found: str, given: dict[str, Any]) -> None:
        if chat.state == "new":
            chat.state = "open"
        template = given.get("template") or {}
        text = "\n".join(parameters(template)) if template else str(given["text"]["body"])
        title = f"{template['name']} ({template['language']['code']})" if template else ""
        links = tuple(re.findall(r"https?://\S+", text))
        line = Line(found, text, self.now(), title=title, links=links, extra={"request": given})
        code = int(chat.extra.pop("fails", 131026 if chat.state == "blocked" else 0))
        if code:
            line.state, line.extra["code"] = "failed", code
        chat.lines.append(line)
        self.courier.later(self.config.receipt_seconds, lambda: self._travel(chat, line))

    def _travel(self, chat: Chat, line: Line) -> None:
        with self.lock:
            if line.state == "sent":
                self._status(chat, line)
                line.state = "delivered"
            self._status(chat, line)

    # --- What the person does

    def _open(self, request: Request, phone: str) -> Response:
        """What `wa.me` opens: the message is written, the person sends it."""
        bot = self.bot(lambda one: one.account.settings["phone_number_id"] == phone)
        return choice_page(self, bot, "write", "Send", request.query.get("text", "")) if bot else Response(404)

    def _write(self, chat: Chat, text: str) -> None:
        line = self.wrote(chat, text)
        found = f"wamid.{self.ids.make(CAPITALS, 32, 'answer', line.id)}"
        message = {
            "from": chat.address,
            "id": found,
            "timestamp": self._stamp(),
            "type": "text",
            "text": {"body": text},
        }
        contact = {"profile": {"name": chat.person.name}, "wa_id": chat.address}
        self._webhook(chat, "message", {"contacts": [contact], "messages": [message]})

    # --- Webhooks

    def verify(self, bot: Bot) -> bool:
        """Ask the address whether it is ours: it has to know the verify token and give the challenge back."""
        challenge = str(self.ids.number(10, "challenge", self.count()))
        token = quote(bot.secret("verify_token"), safe="")
        query = f"hub.mode=subscribe&hub.verify_token={token}&hub.challenge={challenge}"
        reply = get(f"{bot.webhook_url}{'&' if '?' in bot.webhook_url else '?'}{query}")
        bot.verified = reply.ok and reply.body == challenge.encode()
        return bot.verified

    def _status(self, chat: Chat, line: Line) -> None:
        status: dict[str, Any] = {
            "id": line.id,
            "status": line.state,
            "timestamp": self._stamp(),
            "recipient_id": chat.address,
        }
        if own := line.extra["request"].get("biz_opaque_callback_data"):
            status["biz_opaque_callback_data"] = own
        if code := line.extra.get("code"):
            words = REASONS[code].message
            status["errors"] = [{"code": code, "title": words, "message": words, "error_data": {"details": words}}]
        self._webhook(chat, line.state, {"statuses": [status]})

    def _webhook(self, chat: Chat, name: str, content: dict[str, Any]) -> None:
        bot = chat.bot
        if not bot.webhook_url or not (bot.verified or self.verify(bot)):
            return
        found = bot.account.settings["phone_number_id"]
        metadata = {"display_phone_number": found, "phone_number_id": found}
        value = {"messaging_product": "whatsapp", "metadata": metadata, **content}
        entry = {"id": str(self.ids.number(15, bot.account.handle)), "changes": [{"value": value, "field": "messages"}]}
        event = {"object": "whatsapp_business_account", "entry": [entry]}
        # Meta escapes what is no ASCII; whoever re-writes the JSON before checking gets another signature.
        body = json.dumps(event).replace("/", "\\/").encode()
        self.tell(chat, name, lambda: signed(bot.secret("app_secret"), body))

    def _stamp(self) -> str:
        return str(int(self.now().timestamp()))


def parameters(template: dict[str, Any]) -> list[str]:
    """The texts that fill the body of a template in."""
    bodies = [one for one in template.get("components") or [] if one.get("type") == "body"]
    return [str(one.get("text", "")) for body in bodies for one in body.get("parameters", [])]
