"""WhatsApp: the Cloud API of a number of the organisation's. Sources: david-lev/pywa, developers.facebook.com.

A business may write first only by templates that Meta has approved: one for each kind, `<template_prefix><kind>` in the reader's
language, whose body takes the kind's values in the catalogue's order and then the link; and one of category authentication for codes.
"""

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

_HOST: Final = "https://graph.facebook.com"
_VERSION: Final = "v23.0"
_PREFIX: Final = "lokum_"
FIELDS: Final = (
    Field("phone_number_id", pattern=r"[0-9]{5,20}"),
    Field("version", default=_VERSION, pattern=r"v[0-9]{2}\.[0-9]"),
    Field("template_prefix", default=_PREFIX, pattern=r"[a-z0-9_]{1,40}"),
    Field("access_token", secret=True, pattern=r"[A-Za-z0-9_-]{20,500}"),
    Field("app_secret", secret=True, pattern=r"[0-9a-f]{32}"),
    Field("verify_token", secret=True, pattern=r"[A-Za-z0-9_-]{8,100}"),
    Field("host", default=_HOST, pattern=HOST),
)
LIMITS: Final = Limits(per_second=80, apart=6)
_CODE_TEMPLATE: Final = "code"
_LONGEST: Final = 1024
_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{1,200}")
_AGAIN: Final[dict[str, int]] = {
    "1": 60,
    "2": 60,
    "4": 3600,
    "80007": 3600,
    "130429": 1,
    "131000": 60,
    "131016": 60,
    "131048": 3600,
    "131056": 6,
    "131057": 3600,
    "133004": 60,
}
"""Errors after which the same may be sent again, and seconds to wait: too many calls, too many messages, to one user, a pause of Meta's."""
_GONE: Final = frozenset({"131026", "131030"})
"""The number has no WhatsApp that can be written to; in a test account it is none of those allowed."""
_STATUSES: Final = {"delivered": Event.DELIVERED, "read": Event.READ}


def address(_account: Account, given: str) -> str:
    """A phone number, E.164."""
    return wire.phone(given)


def send(account: Account, address: str, message: Message, _now: object) -> HttpCall:
    """The kind's template, or that of a one-time code, which has a button that copies it."""
    to = wire.phone(address)
    if message.code:
        name, components = _CODE_TEMPLATE, [_body(message.code), _button(message.code)]
    else:
        name, components = message.kind, [_body(*message.values, *([message.link] if message.link else []))]
    template = {
        "name": account.setting("template_prefix", _PREFIX) + name,
        "language": {"code": re.split("[-_]", message.locale)[0]},
        "components": components,
    }
    data: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": to.removeprefix("+"),
        "type": "template",
        "template": template,
    }
    if message.reference:
        data["biz_opaque_callback_data"] = message.reference
    url = "/".join(
        (
            account.setting("host", _HOST),
            account.setting("version", _VERSION),
            account.setting("phone_number_id"),
            "messages",
        )
    )
    return wire.post_json(url, data, {"Authorization": f"Bearer {account.secret('access_token')}"})


def understand(answer: Answer) -> Outcome:
    """The message's id, or `error.code`; what is told at once may as well come later by the webhook."""
    found = wire.read_object(answer.body)
    message_id = wire.text_at(found, "messages", 0, "id")
    if message_id:
        return Outcome(State.SENT, message_id)
    code = wire.text_at(found, "error", "code")
    if code in _AGAIN:
        return Outcome(State.AGAIN, seconds=wire.seconds_of(answer) or _AGAIN[code], code=code)
    return (
        Outcome(State.GONE, code=code) if code in _GONE else wire.failed(answer, code) if code else wire.unread(answer)
    )


def link(_account: Account, _token: str) -> str:
    """Empty: a code that is sent to the number links it."""
    return ""


def register(_account: Account, _url: str) -> HttpCall | None:
    """None: the address and the verify token are entered in the app's settings at Meta."""
    return None


def read_webhook(account: Account, request: Request) -> tuple[Reply, tuple[Said, ...]]:
    """Meta's check of the address (GET), or what became of messages, signed with the app's secret over the raw body."""
    if request.method == "GET":
        return _verification(account, request), ()
    wire.posted(request)
    expected = [f"sha256={wire.hmac_hex(secret, request.body)}" for secret in wire.live(account, "app_secret")]
    if not wire.matches(request.headers.get("x-hub-signature-256", ""), expected):
        raise wire.refused("bad_signature", 401)
    body = wire.read_body(request)
    number = account.setting("phone_number_id", "-")
    said: list[Said] = []
    for entry in wire.objects_at(body, "entry"):
        for change in wire.objects_at(entry, "changes"):
            # An app's webhook tells of all its numbers; another one is another organisation's.
            if wire.text_at(change, "value", "metadata", "phone_number_id") == number:
                said += [one for status in wire.objects_at(change, "value", "statuses") if (one := _status(status))]
                said += [one for inbound in wire.objects_at(change, "value", "messages") if (one := _inbound(inbound))]
    return Reply(), tuple(said)


def read_event(_detail_type: str, _detail: Mapping[str, Any]) -> tuple[Said, ...]:
    """Nothing: what Meta says comes by its webhook."""
    return ()


def _verification(account: Account, request: Request) -> Reply:
    given, challenge = request.query.get("hub.verify_token", ""), request.query.get("hub.challenge", "")
    if not wire.matches(given, wire.live(account, "verify_token")) or request.query.get("hub.mode") != "subscribe":
        raise wire.refused("bad_signature", 403)
    if not _CHALLENGE.fullmatch(challenge):
        raise wire.refused("malformed", 400)
    return Reply(200, challenge.encode())


def _status(status: dict[str, Any]) -> Said | None:
    name, message_id = wire.text_at(status, "status"), wire.text_at(status, "id")
    code = wire.text_at(status, "errors", 0, "code")
    event = _STATUSES.get(name)
    if name == "failed":
        event = Event.GONE if code in _GONE else Event.FAILED
    if event is None or not message_id:
        return None
    return Said(
        event,
        f"{message_id}/{name}",
        _from(wire.text_at(status, "recipient_id")),
        message_id=message_id,
        reference=wire.text_at(status, "biz_opaque_callback_data"),
        code=code,
        at=wire.since_epoch(status.get("timestamp")),
    )


def _inbound(message: dict[str, Any]) -> Said | None:
    """Whoever answers STOP wants no more of it: Meta's policy, and good manners."""
    who, message_id = _from(wire.text_at(message, "from")), wire.text_at(message, "id")
    if not who or wire.text_at(message, "text", "body").strip().upper() != "STOP":
        return None
    return Said(Event.UNLINKED, message_id, who, code="stop", at=wire.since_epoch(message.get("timestamp")))


def _from(digits: str) -> str:
    try:
        return wire.phone(f"+{digits}")
    except ValueError:
        return ""


def _body(*values: str) -> dict[str, Any]:
    # A parameter has neither line ends nor five blanks in a row, and is never empty.
    texts = [wire.cut(wire.plain(value), _LONGEST) or "–" for value in values]  # noqa: RUF001 - the sign for nothing
    return {"type": "body", "parameters": [{"type": "text", "text": text} for text in texts]}


def _button(code: str) -> dict[str, Any]:
    return {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": code}]}
