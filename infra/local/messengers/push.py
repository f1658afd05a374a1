"""A push service and the browsers behind it: subscriptions, messages that are really decrypted, the sender's token verified.

A person's page shows the subscription that the site is given. Limits: 100 messages a second from a sender, none to a browser. A browser
that is switched off gets what is not too old (TTL) when it is on again, of one Topic the newest.
"""

import json
from datetime import timedelta
from typing import Any, ClassVar, Final

from infra.local.messengers.chats import Bot, Chat, Line, Trouble
from infra.local.messengers.config import Limits, Person
from infra.local.messengers.messenger import Action, Limited, Messenger
from infra.local.messengers.push_crypto import Keys, UnreadableError, from_text, public_key, to_text, vapid_claims
from infra.local.providers.book import LETTERS
from infra.local.providers.frame import Refused, Request, Response, Route

MOST_BODY: Final = 4096
MOST_TOPIC: Final = 32
LONGEST: Final = timedelta(hours=24)
URGENCIES: Final = frozenset({"very-low", "low", "normal", "high"})
TROUBLES: Final = (400, 401, 403, 404, 410, 413, 429, 500, 503)


class Push(Messenger):
    """See the module."""

    name, title = "push", "Browser notifications"
    limits: ClassVar = Limits(100, 1.0)
    troubles: ClassVar = tuple(map(str, TROUBLES))

    def routes(self) -> list[Route]:
        return [Route("POST", "/push/{found}", self._send)]

    def address(self, bot: Bot, person: Person) -> str:
        """Of the newest subscription, empty without one."""
        chat = self.chats.get((bot.account.handle, person.handle))
        return chat.address if chat else ""

    def actions(self, chat: Chat) -> list[Action]:
        if chat.state in {"new", "left"}:
            return [Action("subscribe", "Allow notifications", "The site's public key (empty: the account's)")]
        name = "on" if chat.state == "off" else "off"
        return [Action(name, f"Switch the browser {name}"), Action("leave", "Withdraw the permission")]

    def act(self, chat: Chat, action: str, text: str) -> None:
        if action == "subscribe":
            self._subscribe(chat, text.strip() or public_key(chat.bot.secret("vapid_key")))
        elif action == "leave":
            chat.state = "left"
            chat.extra["gone"].append(chat.address)
            chat.extra.pop("shown")
        else:
            chat.state = "open" if action == "on" else "off"
            self._deliver(chat)

    def bad_answer(self, trouble: Trouble) -> Response:
        retry = {"Retry-After": str(trouble.seconds)} if trouble.code in {"429", "503"} else {}
        return Response(int(trouble.code), headers=retry)

    def limited(self, limit: Limited) -> Response:
        return Response(429, headers={"Retry-After": str(limit.whole_seconds)})

    def opened(self, chat: Chat) -> None:
        for line in chat.lines:
            if line.state == "delivered":
                line.state = "read"

    # --- The browser

    def _subscribe(self, chat: Chat, server_key: str) -> None:
        name = (chat.bot.account.handle, chat.person.handle, self.count())
        private, auth = self.ids.make("123456789", 60, "key", *name), self.ids.make(LETTERS, 16, "auth", *name)
        keys = Keys.of_number(int(private), auth.encode())
        chat.address = f"{self.url}/push/{self.ids.make(LETTERS, 40, 'subscription', *name)}"
        subscription = {
            "endpoint": chat.address,
            "expirationTime": None,
            "keys": {"p256dh": to_text(keys.public), "auth": to_text(keys.auth)},
        }
        chat.state = "open"
        chat.extra.setdefault("gone", [])
        chat.extra |= {
            "private": private,
            "auth": auth,
            "server_key": server_key,
            "shown": json.dumps(subscription, indent=1),
        }

    def _deliver(self, chat: Chat) -> None:
        """Show what has waited and is still fresh."""
        if chat.state != "open":
            return
        for line in chat.lines:
            if line.state == "sent":
                fresh = self.now() <= line.at + timedelta(seconds=line.extra["ttl"])
                line.state = "delivered" if fresh else "failed"

    # --- The service

    def _send(self, request: Request, found: str) -> Response:
        endpoint = f"{self.url}/push/{found}"
        with self.lock:
            chat = next((one for one in self.chats.values() if one.address == endpoint), None)
            gone = any(endpoint in one.extra.get("gone", []) for one in self.chats.values())
            if gone or chat is None:
                return Response(410 if gone else 404)
            self._check_sender(request, chat)
            return self.take(chat.bot, endpoint, lambda: self._receive(request, chat))

    def _check_sender(self, request: Request, chat: Chat) -> None:
        """Raises Refused: 401 without a token that can be believed, 403 for one of somebody else or for another place or time."""
        try:
            claims, public = vapid_claims(request.headers.get("authorization", ""))
        except UnreadableError as error:
            raise Refused(Response(401, str(error).encode())) from error
        left = int(claims.get("exp", 0)) - self.now().timestamp()
        reachable = str(claims.get("sub", "")).startswith(("mailto:", "https:"))
        if public != from_text(chat.extra["server_key"]) or claims.get("aud") != self.url:
            raise Refused(Response(403, b"another key or audience"))
        if not 0 < left <= LONGEST.total_seconds() or not reachable:
            raise Refused(Response(403, b"exp or sub"))

    def _receive(self, request: Request, chat: Chat) -> Response:
        headers = request.headers
        ttl, urgency, topic = headers.get("ttl", ""), headers.get("urgency", "normal"), headers.get("topic", "")
        if len(request.body) > MOST_BODY:
            return Response(413)
        if not ttl.isdigit() or urgency not in URGENCIES or len(topic) > MOST_TOPIC:
            return Response(400, b"TTL, Urgency or Topic")
        if headers.get("content-encoding") != "aes128gcm":
            return Response(415)
        about: dict[str, Any] = {"ttl": int(ttl), "urgency": urgency, "topic": topic}
        line = self._opened_line(chat, request.body, about)
        if topic:
            chat.lines[:] = [old for old in chat.lines if old.state != "sent" or old.extra["topic"] != topic]
        if chat.state == "off" and not about["ttl"]:
            line.state = "failed"
        chat.lines.append(line)
        self._deliver(chat)
        return Response(201, headers={"Location": f"{self.url}/messages/{line.id}"})

    def _opened_line(self, chat: Chat, body: bytes, about: dict[str, Any]) -> Line:
        """A service cannot tell whether the browser can read it: what it cannot, the person never sees."""
        found, at = str(self.count()), self.now()
        try:
            keys = Keys.of_number(int(chat.extra["private"]), chat.extra["auth"].encode())
            text = keys.decrypt(body).decode()
        except (UnreadableError, UnicodeDecodeError) as error:
            wrong = {**about, "problem": str(error)}
            return Line(found, "", at, state="failed", title="cannot be decrypted", extra=wrong)
        try:
            told = json.loads(text)
        except ValueError:
            return Line(found, text, at, extra=about)
        link = str(told.get("url") or told.get("link") or "")
        title, shown = str(told.get("title", "")), str(told.get("body", text))
        return Line(found, shown, at, title=title, links=(link,), extra={**about, "payload": told})
