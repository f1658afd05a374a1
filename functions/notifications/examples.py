"""One real exchange of each route, for OpenAPI; a test holds them to the models."""

from typing import Any, Final

from shared.http.contracts import Example

_ULID: Final = "01JD3M3M3M3M3M3M3M3M3M3M3M"
_NOTICE_ID: Final = f"ntc_{_ULID}"
_NOTICE: Final[dict[str, Any]] = {
    "notice_id": _NOTICE_ID,
    "kind": "payment_settled",
    "about": {"contract_id": f"con_{_ULID}", "payment_id": f"pay_{_ULID}"},
    "values": {"amount": 125035, "currency": "PLN", "day": "2026-11-20"},
    "created_at": "2026-11-22T08:30:00Z",
    "read": False,
    "deliveries": [
        {"channel": "email", "state": "delivered", "at": "2026-11-22T08:30:04Z", "code": "", "digest": False}
    ],
}

INBOX: Final = Example(response={"items": [_NOTICE], "unread": 1, "next_cursor": None})
READ: Final = Example(body={"notice_ids": [_NOTICE_ID]}, response={"unread": 0})
