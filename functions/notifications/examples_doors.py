"""Real exchanges of the routes of channels, for OpenAPI; a test holds them to the models."""

from typing import Any, Final

from notifications.examples import INBOX
from notifications.examples_preferences import PREFERENCES
from shared.http.contracts import Example

_LINK: Final = {
    "link_id": "0f343b0931126a20f133d67c2b018a3b",
    "shown": "+48***301",
    "state": "on",
    "code": "",
    "since": "2026-11-22T08:30:00Z",
}
_SETTINGS: Final[dict[str, Any]] = {
    "channel": "telegram",
    "enabled": True,
    "fields": [
        {"name": "bot", "secret": False, "required": True, "default": "", "pattern": "[A-Za-z0-9_]{5,32}"},
        {"name": "bot_token", "secret": True, "required": True, "default": "", "pattern": "[!-~]{1,400}"},
    ],
    "settings": {"bot": "lipowa_bot"},
    "secrets_set": ["bot_token"],
    "former_secret_lives": False,
    "webhook_url": "https://portal.example/api/notifications/webhooks/telegram/org_lipowa",
    "refused": 0,
    "version": 1,
}

_CHANNELS: Final[dict[str, Any]] = {
    "channels": [
        {"channel": "email", "way": "card", "public_key": None, "addresses": []},
        {"channel": "sms", "way": "code", "public_key": None, "addresses": [_LINK]},
    ]
}

CHANNELS: Final = Example(response=_CHANNELS)
LINK: Final = Example(
    body={"phone": "+48501502301"},
    response={"state": "code_sent", "link_id": None, "url": None, "qr": None, "expires_at": "2026-11-22T08:45:00Z"},
)
CONFIRMATION: Final = Example(body={"code": "042117"})
SETTINGS: Final = Example(response={"channels": [_SETTINGS]})
SET_CHANNEL: Final = Example(
    body={
        "enabled": True,
        "settings": {"bot": "lipowa_bot"},
        "secrets": {"bot_token": "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"},
        "version": 0,
    },
    response=_SETTINGS,
)
END_FORMER: Final = Example(response=_SETTINGS)
OUTCOME: Final = Example(response={"state": "sent", "code": ""})
_LOG: Final = INBOX.response or {}
LOG: Final = Example(response={"items": _LOG["items"], "next_cursor": None})
PERSON_CHANNELS: Final = Example(response={**_CHANNELS, "preferences": PREFERENCES.response})
_DEAD: Final = {
    "person_id": "per_anna",
    "name": "Anna Nowak",
    "channel": "email",
    "shown": "a***@lipowa.example",
    "code": "bounce_permanent_noemail",
    "since": "2026-11-22T08:30:00Z",
}
DEAD_ADDRESSES: Final = Example(response={"items": [_DEAD], "next_cursor": None})
TEMPLATES: Final = Example(
    query={"locale": "en"},
    response={
        "templates": [
            {
                "kind": "payment_settled",
                "subject": "Payment received: PLN 1,250.35",
                "nature": "transactional",
                "to": "parties",
                "urgent": False,
                "may_be_muted": True,
                "ladder": [["email", "push", "telegram", "viber", "whatsapp"]],
                "values": ["amount", "currency", "day"],
            }
        ]
    },
)
PREVIEW: Final = Example(
    query={"locale": "en"},
    response={
        "kind": "payment_settled",
        "locale": "en",
        "subject": "Payment of PLN 1,250.35 received",
        "text": "We have received your payment of PLN 1,250.35 on 20 November 2026.",
        "html": "<p>We have received your payment of PLN 1,250.35 on 20 November 2026.</p>",
        "short": "Your payment of PLN 1,250.35 has arrived.",
        "link": "https://portal.example/accounts/example",
        "sms": {
            "text": "Your payment of PLN 1,250.35 has arrived. https://portal.example/accounts/example",
            "encoding": "GSM",
            "parts": 1,
        },
    },
)
TEST: Final = Example(body={"locale": "en"}, response={"state": "sent", "code": ""})
