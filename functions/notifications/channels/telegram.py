"""Telegram: a bot of the organisation's. Bot API 10.0: sendMessage, setWebhook, updates.

The webhook's secret token is derived from the bot's token, so that there is one thing to enter and to renew. Telegram says nothing of
delivery or reading. Whoever blocks the bot is said by `my_chat_member`, and again by 403 when something is sent.
"""

import html
import re
from collections.abc import Mapping
from typing import Any, Final

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

_HOST: Final = "https://api.telegram.org"
FIELDS: Final = (
    Field("bot", pattern=r"[A-Za-z][A-Za-z0-9_]{3,30}[A-Za-z0-9]"),
    Field("bot_token", secret=True, pattern=r"[0-9]{3,20}:[A-Za-z0-9_-]{20,80}"),
    Field("host", default=_HOST, pattern=HOST),
)
LIMITS: Final = Limits(per_second=30, apart=1)
_LONGEST: Final = 4096
"""Characters of a message, counted after its markup is taken away."""
_CHAT: Final = re.compile(r"-?[0-9]{1,20}")
_START: Final = re.compile(r"/start(?:@[A-Za-z0-9_]+)? ([A-Za-z0-9_-]{1,64})")
_DEAD: Final = ("chat not found", "user not found", "peer_id_invalid")
"""Of the refusals with 400 those that say that the chat is none."""
_BLOCKED: Final = 403
_BAD_REQUEST: Final = 400


def address(_account: Account, given: str) -> str:
    """A chat's id."""
    if not _CHAT.fullmatch(given):
        raise ValueError("chat")
    return given


def send(account: Account, address: str, message: Message, _now: object) -> HttpCall:
    """The subject in bold, the short words, the link; without a preview, for what it leads to is the reader's own."""
    if not _CHAT.fullmatch(address):
        raise ValueError("chat")
    # The subject may be cut as well: what is left over is the room of the short words.
    subject = wire.cut(wire.plain(message.subject), 256)
    short = wire.cut(message.short, _LONGEST - len(subject) - len(message.link) - 4)
    text = f"<b>{html.escape(subject, quote=False)}</b>\n{html.escape(short, quote=False)}"
    if message.link:
        text += f"\n\n{html.escape(message.link, quote=False)}"
    return _call(
        account,
        "sendMessage",
        {"chat_id": int(address), "text": text, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}},
    )


def understand(answer: Answer) -> Outcome:
    """`ok` in the body, else `error_code`, which is the HTTP status as well."""
    found = wire.read_object(answer.body)
    if found is None:
        return wire.unread(answer)
    if found.get("ok") is True:
        return Outcome(State.SENT, wire.text_at(found, "result", "message_id"))
    said = wire.text_at(found, "description").lower()
    if answer.status == _BLOCKED or (answer.status == _BAD_REQUEST and any(words in said for words in _DEAD)):
        return Outcome(State.GONE, code=str(answer.status))
    outcome = wire.failed(answer, str(answer.status))
    wait = wire.at(found, "parameters", "retry_after")
    return (
        outcome._replace(seconds=wait) if outcome.state is State.AGAIN and type(wait) is int and wait > 0 else outcome
    )


def link(account: Account, token: str) -> str:
    """Opens the chat with a Start button, which sends the token; a sandbox has a page for that."""
    host = account.settings.get("host") or _HOST
    return f"{'https://t.me' if host == _HOST else host}/{account.setting('bot')}?start={token}"


def register(account: Account, url: str) -> HttpCall:
    """setWebhook, for the updates that are read here."""
    return _call(
        account,
        "setWebhook",
        {
            "url": url,
            "secret_token": _webhook_secret(account.secret("bot_token")),
            "allowed_updates": ["message", "my_chat_member"],
        },
    )


def read_webhook(account: Account, request: Request) -> tuple[Reply, tuple[Said, ...]]:
    """An update: `/start <token>`, `/stop`, or that the bot was blocked."""
    wire.posted(request)
    given = request.headers.get("x-telegram-bot-api-secret-token", "")
    if not wire.matches(given, [_webhook_secret(token) for token in wire.live(account, "bot_token")]):
        raise wire.refused("bad_signature", 401)
    update = wire.read_body(request)
    said = _said(update)
    return Reply(), (said,) if said else ()


def read_event(_detail_type: str, _detail: Mapping[str, Any]) -> tuple[Said, ...]:
    """Nothing: Telegram is not of AWS."""
    return ()


def _said(update: dict[str, Any]) -> Said | None:
    kind = "my_chat_member" if "my_chat_member" in update else "message"
    chat = wire.text_at(update, kind, "chat", "id")
    number = wire.text_at(update, "update_id")
    # In a group a notice would be read by all who are in it.
    if wire.at(update, kind, "chat", "type") != "private" or not _CHAT.fullmatch(chat) or not number:
        return None
    # Numbers are each bot's own, and the organisation may have another bot by now.
    said_id = f"{number}/{chat}"
    when = wire.since_epoch(wire.at(update, kind, "date"))
    if kind == "my_chat_member":
        blocked = wire.at(update, kind, "new_chat_member", "status") == "kicked"
        return Said(Event.UNLINKED, said_id, chat, code="kicked", at=when) if blocked else None
    text = wire.text_at(update, kind, "text").strip()
    start = _START.fullmatch(text)
    if start:
        return Said(Event.LINKED, said_id, chat, token=start[1], at=when)
    return Said(Event.UNLINKED, said_id, chat, code="stop", at=when) if text == "/stop" else None


def _webhook_secret(bot_token: str) -> str:
    return wire.hmac_hex(bot_token, b"telegram webhook")


def _call(account: Account, method: str, data: Mapping[str, Any]) -> HttpCall:
    host = account.setting("host", _HOST)
    return wire.post_json(f"{host}/bot{account.secret('bot_token')}/{method}", data)
