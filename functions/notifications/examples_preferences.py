"""One real exchange of each route of preferences, for OpenAPI; a test holds them to the models."""

from typing import Any, Final

from shared.http.contracts import Example

_PREFERENCES: Final[dict[str, Any]] = {
    "muted": {"payment_due": ["sms"], "news": ["email", "push", "telegram", "viber", "whatsapp", "sms"]},
    "quiet_from": "21:30",
    "quiet_to": "07:00",
    "digest_at": None,
    "time_zone": "Europe/Warsaw",
    "own_time_zone": False,
    "locale": "pl",
    "own_locale": True,
    "kinds": [
        {
            "kind": "payment_due",
            "nature": "reminder",
            "channels": ["email", "push", "telegram", "viber", "whatsapp", "sms"],
            "may_be_muted": True,
        }
    ],
    "version": 2,
}

PREFERENCES: Final = Example(response=_PREFERENCES)
CHANGE: Final = Example(body={"quiet_from": "21:30", "locale": "pl", "version": 1}, response=_PREFERENCES)
