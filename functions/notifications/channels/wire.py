"""What the channels' protocols share: strict readers, signatures in constant time, webhooks that are refused, texts cut to fit."""

import hmac
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from notifications.channels.model import (
    MAX_BODY,
    Account,
    Answer,
    HttpCall,
    NotConfiguredError,
    Outcome,
    Reply,
    Request,
    State,
    WebhookRefusedError,
)

_PHONE: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_BETWEEN: Final = str.maketrans("", "", " \u00a0()-./")
_SECONDS: Final = re.compile(r"[0-9]{1,6}")
_SERVER_ERROR: Final = 500
_TOO_MANY: Final = 429
_UNKNOWN: Final = frozenset({0, 504})
"""Nothing came, or only the word of a gateway to which nothing came."""
_FINE: Final = range(200, 300)
_YEARS: Final = range(2000, 2100)
TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""A one-time token as it travels in a link: what the narrowest channel (Telegram) takes."""


def matches(given: str, expected: Iterable[str]) -> bool:
    """Whether a secret or signature is one of those expected. Takes the same time wherever they differ."""
    raw = given.encode("utf-8", "surrogatepass")
    return any([hmac.compare_digest(raw, one.encode()) for one in expected])  # noqa: C419 - all, so that time tells nothing


def hmac_hex(secret: str, text: bytes) -> str:
    """Hex of HMAC-SHA256 with the secret's text as key."""
    return hmac.new(secret.encode(), text, "sha256").hexdigest()


def refused(code: str, status: int) -> WebhookRefusedError:
    """The refusal of a webhook, answered with an HTTP status and nothing else."""
    return WebhookRefusedError(code, Reply(status))


def live(account: Account, name: str) -> tuple[str, ...]:
    """The live secrets that a webhook may be signed with. Raises WebhookRefusedError: the channel shall try again when there is one."""
    try:
        return account.live(name)
    except NotConfiguredError as error:
        raise refused("not_configured", 503) from error


def posted(request: Request) -> None:
    """Look at nothing but a POST of a size that can be. Raises WebhookRefusedError."""
    if request.method != "POST":
        raise refused("method", 405)
    if len(request.body) > MAX_BODY:
        raise refused("too_large", 413)


def read_body(request: Request) -> dict[str, Any]:
    """The object in a webhook that was verified. Raises WebhookRefusedError."""
    found = read_object(request.body)
    if found is None:
        raise refused("malformed", 400)
    return found


def read_object(body: bytes) -> dict[str, Any] | None:
    """The JSON object that a body is; None for anything else."""
    try:
        found = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _no_number(word: str) -> float:
    raise ValueError(word)


def at(found: Any, *path: str | int) -> Any:
    """What lies at a path of names and places; None where it does not go on."""
    for step in path:
        if isinstance(step, int):
            found = found[step] if isinstance(found, list) and len(found) > step else None
        else:
            found = found.get(step) if isinstance(found, Mapping) else None
    return found


def text_at(found: Any, *path: str | int) -> str:
    """A text or whole number at a path, as text; empty for anything else, or longer than any id or code is."""
    value = at(found, *path)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = str(value) if isinstance(value, str) or abs(value) < 10**30 else ""
    return text if len(text) <= 500 else ""  # noqa: PLR2004 - see above


def objects_at(found: Any, *path: str | int) -> list[dict[str, Any]]:
    """The objects of a list at a path; what else is in it is passed over."""
    value = at(found, *path)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def since_epoch(value: Any, a_second: int = 1) -> datetime | None:
    """The time of a count since 1970, `a_second` of which are a second; None for what is no time of this century."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not re.fullmatch("[0-9]{1,15}", text, re.ASCII):
        return None
    seconds = int(text) / a_second
    found = datetime.fromtimestamp(min(seconds, 4e9), UTC)
    return found if found.year in _YEARS else None


def instant(value: Any) -> datetime | None:
    """The time that an RFC 3339 text says; None for anything else."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found and found.tzinfo and found.year in _YEARS else None


def phone(given: str) -> str:
    """A phone number as E.164 writes it, with its `+`. Raises ValueError."""
    found = given.strip().translate(_BETWEEN)
    if not _PHONE.fullmatch(found):
        raise ValueError("phone")
    return found


def post_json(url: str, data: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> HttpCall:
    """A POST of JSON."""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    return HttpCall("POST", url, {"Content-Type": "application/json", **(headers or {})}, body)


def seconds_of(answer: Answer) -> int:
    """How long the channel asks to wait (Retry-After in seconds); 0 where it does not say."""
    asked = answer.headers.get("retry-after", "")
    return int(asked) if isinstance(asked, str) and _SECONDS.fullmatch(asked) else 0


def failed(answer: Answer, code: str = "") -> Outcome:
    """What a try came to by its HTTP status alone, for whatever a channel says nothing else about."""
    code = code or answer.code or (f"http_{answer.status}" if answer.status else "no_answer")
    if answer.status in _UNKNOWN:
        return Outcome(State.UNSURE, code=code)
    if answer.status == _TOO_MANY or answer.status >= _SERVER_ERROR:
        return Outcome(State.AGAIN, seconds=seconds_of(answer), code=code)
    return Outcome(State.REFUSED, code=code)


def unread(answer: Answer) -> Outcome:
    """What a try came to whose answer does not say it in the channel's own words."""
    if answer.status in _FINE:
        return Outcome(State.UNSURE, code=answer.code or "unreadable")
    return failed(answer)


def plain(text: str) -> str:
    """A text on one line, without what is not for the eye."""
    return " ".join("".join(" " if unicodedata.category(one) in {"Cc", "Zl", "Zp"} else one for one in text).split())


def cut(text: str, most: int) -> str:
    """A text of at most so many characters, an ellipsis where it was longer."""
    return text if len(text) <= most else text[: max(most - 1, 0)].rstrip() + "…"
