"""Viber: a bot of the organisation's (REST Bot API). Sources: Viber/viber-bot-python, creators.viber.com.

Everything is answered with HTTP 200; `status` in the body says what became of it. Opening the bot by its link does not subscribe, the
reader's first message does: the welcome message carries the link's token as its tracking data, and Viber hands it back with the reply.
New bots are on commercial terms since 5 February 2024.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from notifications.channels import wire
from notifications.channels.model import (
    HOST,
    Account,
    Answer,
    Event,
    Field,
    HttpCall,
    Limits,
    Message,
    Outcome,
    Reply,
    Request,
    Said,
    State,
)

_HOST: Final = "https://chatapi.viber.com"
FIELDS: Final = (
    Field("uri", pattern=r"[A-Za-z0-9_.-]{1,60}"),
    Field("sender", pattern=r"[^\x00-\x1f\x7f]{1,28}"),
    Field("auth_token", secret=True, pattern=r"[A-Za-z0-9-]{16,100}"),
    Field("host", default=_HOST, pattern=HOST),
)
# 500 requests in ten seconds.
LIMITS: Final = Limits(per_second=50)
_LONGEST: Final = 7000
_ID: Final = re.compile(r"[A-Za-z0-9+/=_-]{1,60}")
_TRACKED: Final = re.compile(r"link:([A-Za-z0-9_-]{1,64})")
_OK: Final = "0"
_GONE: Final = frozenset({"5", "6"})
"""The receiver is not registered, or not subscribed."""
_TOO_MANY: Final = "12"
_PAUSE: Final = 10
"""Seconds in which the requests are counted."""
_EVENTS: Final = {
    "unsubscribed": Event.UNLINKED,
    "delivered": Event.DELIVERED,
    "seen": Event.READ,
    "failed": Event.FAILED,
}
WELCOME: Final = {
    "pl": ("Czy przysyłać tu powiadomienia z portalu?", "Tak, przysyłaj"),
    "uk": ("Надсилати сюди сповіщення з порталу?", "Так, надсилайте"),
    "nb": ("Skal varsler fra portalen sendes hit?", "Ja, send dem hit"),
    "fr": ("Souhaitez-vous recevoir ici les notifications du portail ?", "Oui, les recevoir ici"),
    "en": ("Shall notifications from the portal come here?", "Yes, send them here"),
}
"""The question and its button. They answer the webhook itself, before it is known who asks: no notice, and in no catalogue."""


def address(_account: Account, given: str) -> str:
    """The id that a user has with the bot."""
    if not _ID.fullmatch(given):
        raise ValueError("viber_id")
    return given


def send(account: Account, address: str, message: Message, _now: object) -> HttpCall:
    """Subject, short words and link as plain text."""
    if not _ID.fullmatch(address):
        raise ValueError("viber_id")
    words = f"{wire.cut(wire.plain(message.subject), 256)}\n{message.short}"
    text = wire.cut(words, _LONGEST - len(message.link) - 2) + (f"\n\n{message.link}" if message.link else "")
    sender = {"name": account.setting("sender")}
    return _call(
        account,
        "send_message",
        {"receiver": address, "min_api_version": 1, "sender": sender, "type": "text", "text": text},
    )


def understand(answer: Answer) -> Outcome:
    """The `status` of the body; the HTTP status only where there is no body that can be read."""
    found = wire.read_object(answer.body)
    status = wire.text_at(found, "status")
    if not status:
        return wire.unread(answer)
    if status == _OK:
        return Outcome(State.SENT, wire.text_at(found, "message_token"))
    if status == _TOO_MANY:
        return Outcome(State.AGAIN, seconds=wire.seconds_of(answer) or _PAUSE, code=status)
    return Outcome(State.GONE if status in _GONE else State.REFUSED, code=status)


def link(account: Account, token: str) -> str:
    """Opens the bot, which is told the token as the conversation's context; a sandbox has a page for that."""
    host = account.settings.get("host") or _HOST
    scheme = "viber:/" if host == _HOST else host
    return f"{scheme}/pa?chatURI={quote(account.setting('uri'), safe='')}&context={token}"


def register(account: Account, url: str) -> HttpCall:
    """set_webhook; Viber calls it at once with the event `webhook`, before it answers. `send_name`: the language comes with the name."""
    events = ["conversation_started", "subscribed", "unsubscribed", "delivered", "seen", "failed"]
    return _call(account, "set_webhook", {"url": url, "event_types": events, "send_name": True})


def read_webhook(account: Account, request: Request) -> tuple[Reply, tuple[Said, ...]]:
    """A callback, signed with the bot's token over the raw body."""
    wire.posted(request)
    expected = [wire.hmac_hex(token, request.body) for token in wire.live(account, "auth_token")]
    if not wire.matches(request.headers.get("x-viber-content-signature", ""), expected):
        raise wire.refused("bad_signature", 401)
    return _read(account, wire.read_body(request))


def read_event(_detail_type: str, _detail: Mapping[str, Any]) -> tuple[Said, ...]:
    """Nothing: Viber is not of AWS."""
    return ()


def _read(account: Account, callback: dict[str, Any]) -> tuple[Reply, tuple[Said, ...]]:
    name = wire.text_at(callback, "event")
    who = next(
        (
            found
            for path in (("user_id",), ("user", "id"), ("sender", "id"))
            if (found := wire.text_at(callback, *path))
        ),
        "",
    )
    message_id = wire.text_at(callback, "message_token")
    if not _ID.fullmatch(who):
        return Reply(), ()
    said_id, when = f"{name}/{message_id}", wire.since_epoch(callback.get("timestamp"), 1000)
    if name in _EVENTS:
        code = name if name in {"unsubscribed", "failed"} else ""
        return Reply(), (Said(_EVENTS[name], said_id, who, message_id=message_id, code=code, at=when),)
    token = wire.text_at(callback, "context") if name == "conversation_started" else _tracked(callback)
    if not wire.TOKEN.fullmatch(token):
        return Reply(), ()
    if name == "conversation_started" and callback.get("subscribed") is not True:
        return _welcome(account, wire.text_at(callback, "user", "language"), token), ()
    return Reply(), (Said(Event.LINKED, said_id, who, token=token, at=when),)


def _tracked(callback: dict[str, Any]) -> str:
    found = _TRACKED.fullmatch(wire.text_at(callback, "message", "tracking_data"))
    return found[1] if found else ""


def _welcome(account: Account, language: str, token: str) -> Reply:
    question, button = WELCOME.get(re.split("[-_]", language)[0].lower(), WELCOME["en"])
    reply = {"Columns": 6, "Rows": 1, "ActionType": "reply", "ActionBody": button, "Text": button}
    message = {
        "sender": {"name": account.setting("sender", "Lokum")},
        "tracking_data": f"link:{token}",
        "type": "text",
        "text": question,
        "keyboard": {"Type": "keyboard", "Buttons": [reply]},
    }
    return Reply(200, json.dumps(message, ensure_ascii=False).encode(), "application/json")


def _call(account: Account, method: str, data: Mapping[str, Any]) -> HttpCall:
    host = account.setting("host", _HOST)
    return wire.post_json(f"{host}/pa/{method}", data, {"X-Viber-Auth-Token": account.secret("auth_token")})
