"""What the protocols share on the wire: strict readers, text that fits a field, signatures in constant time."""

import base64
import binascii
import hmac
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from payments.providers.model import REFERENCE, Answer, Order, Redirect, Refusal
from shared.errors import DomainError
from shared.money import to_minor

FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"
_MAX_FIELDS: Final = 20
_SERVER_ERROR: Final = 500
_AGAIN: Final = frozenset({408, 425, 429})
_CODE: Final = re.compile(r"[^A-Za-z0-9_.:-]+")
# Letters that Unicode does not take apart into a plain one and an accent.
_PLAIN: Final = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "ß": "ss", "đ": "d", "œ": "oe"}
)
_YEARS: Final = range(2000, 2100)
_FRACTION: Final = re.compile(r"\.(\d+)")


def matches(given: str, expected: Iterable[str]) -> bool:
    """Whether a signature is one of those that live secrets give. Takes the same time wherever they differ."""
    raw = given.encode("utf-8", "surrogatepass")
    return any([hmac.compare_digest(raw, one.encode()) for one in expected])  # noqa: C419 - all, so that time tells nothing


def hmac_hex(secret: str, text: bytes) -> str:
    """Hex of HMAC-SHA256 with the secret's text as key, `whsec_` and all."""
    return hmac.new(secret.encode(), text, "sha256").hexdigest()


def hmac_base64(secret: str, text: bytes) -> str:
    """Base64 of HMAC-SHA256. The secret may look like base64; its text is the key, never what it would decode to."""
    return base64.b64encode(hmac.new(secret.encode(), text, "sha256").digest()).decode()


def unbase64(text: str) -> bytes:
    """Strict base64 with its padding, in the one way to write it. Raises Refusal `malformed`."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refusal("malformed", "base64") from error
    if base64.b64encode(raw).decode() != text:
        raise Refusal("malformed", "base64")
    return raw


def read_form(body: bytes) -> dict[str, str]:
    """A form in UTF-8, each field once. Raises Refusal `malformed`."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=_MAX_FIELDS,
        )
    except ValueError as error:
        raise Refusal("malformed", "form") from error
    return _unique(pairs)


def read_json(body: bytes) -> dict[str, Any]:
    """A JSON object in UTF-8: no key twice, no NaN, fractions as Decimal. Raises Refusal `malformed`."""
    try:
        value = json.loads(body.decode(), object_pairs_hook=_unique, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Refusal("malformed", "json") from error
    if not isinstance(value, dict):
        raise Refusal("malformed", "json")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refusal("malformed", "key twice")
    return found


def _no_number(text: str) -> None:
    raise Refusal("malformed", text)


def text_at(data: Mapping[str, Any], name: str, pattern: str = r"[\x21-\x7e]{1,255}") -> str:
    """A text that matches. Raises Refusal `malformed` with the field's name."""
    value = data.get(name)
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise Refusal("malformed", name)
    return value


def int_at(data: Mapping[str, Any], name: str, least: int = 0) -> int:
    """A whole number (not a bool, not 15.0) of at most 15 digits. Raises Refusal `malformed` with the field's name."""
    value = data.get(name)
    if type(value) is not int or not least <= value < 10**15:
        raise Refusal("malformed", name)
    return value


def object_at(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    """An object; empty where there is none (null). Raises Refusal `malformed` for anything else."""
    value = data.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Refusal("malformed", name)
    return value


def currency_at(data: Mapping[str, Any], name: str = "currency") -> str:
    """An ISO 4217 code, in capitals. Raises Refusal `malformed`."""
    return text_at(data, name, r"[A-Za-z]{3}").upper()


def reference_of(value: object) -> str:
    """Our reference, or empty for anything that cannot be one."""
    return value if isinstance(value, str) and REFERENCE.fullmatch(value) else ""


def code_of(value: object, longest: int = 64) -> str:
    """A provider's own code, fit for a log and a table: printable, short, no personal text."""
    return _CODE.sub("_", value)[:longest] if isinstance(value, str) else ""


def minor(value: object, currency: str, *, least: int = 0) -> int:
    """A decimal amount (text with a point, whole number or Decimal) in minor units. Raises Refusal `malformed`."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise Refusal("malformed", "amount")
    try:
        amount = to_minor(Decimal(value) if isinstance(value, int) else value, currency)
    except DomainError as error:
        raise Refusal("malformed", "amount") from error
    if amount < least or (isinstance(value, str) and "," in value):
        raise Refusal("malformed", "amount")
    return amount


def instant(value: object) -> datetime:
    """An RFC 3339 time with its offset, however many decimals (Vipps sends seven). Raises Refusal `malformed`."""
    try:
        text = _FRACTION.sub(lambda found: f".{found.group(1)[:6]:0<6}", value) if isinstance(value, str) else ""
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refusal("malformed", "time") from error
    if at.tzinfo is None:
        raise Refusal("malformed", "time")
    return in_utc(at)


def since_epoch(value: object, *, milliseconds: bool = False) -> datetime:
    """Seconds or milliseconds since 1970. Raises Refusal `malformed`."""
    if type(value) is not int:
        raise Refusal("malformed", "time")
    try:
        return in_utc(datetime.fromtimestamp(value / 1000 if milliseconds else value, UTC))
    except (ValueError, OverflowError, OSError) as error:
        raise Refusal("malformed", "time") from error


def in_utc(at: datetime) -> datetime:
    """An aware time in UTC. Raises Refusal `malformed` outside this century: nothing was paid then, and some times overflow."""
    if at.year not in _YEARS:
        raise Refusal("malformed", "time")
    return at.astimezone(UTC)


def plain_text(text: str, allowed: str, longest: int) -> str:
    """Text as a narrow field takes it: accents fall away, what is not `allowed` (a regex class) becomes a space, then it is cut."""
    apart = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    solid = "".join(c for c in apart if not unicodedata.combining(c))
    return " ".join(re.sub(f"[^{allowed}]", " ", solid).split())[:longest].strip()


def cut(text: str, longest: int) -> str:
    """Text on one line, without control characters, at most so many characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:longest].strip()


def fit(name: str, value: str, pattern: str) -> str:
    """A value that must not be changed to fit. Raises Refusal `field_unfit` with the field's name."""
    if not re.fullmatch(pattern, value):
        raise Refusal("field_unfit", name)
    return value


def check_order(order: Order, currencies: frozenset[str], most: int = 10**9) -> None:
    """Raises Refusal `currency_not_taken` or `amount_out_of_range`."""
    if order.currency not in currencies:
        raise Refusal("currency_not_taken", order.currency)
    if order.amount > most:
        raise Refusal("amount_out_of_range")


def check_clock(at: datetime, now: datetime, seconds: int) -> None:
    """Raises Refusal `too_old` or `too_new` for a time that is further away than the tolerance, on either side."""
    apart = (now - at).total_seconds()
    if apart > seconds:
        raise Refusal("too_old")
    if apart < -seconds:
        raise Refusal("too_new")


def form_body(fields: Mapping[str, str]) -> bytes:
    return urlencode(fields).encode()


def json_body(value: object) -> bytes:
    """Compact JSON, letters as they are: the form that Przelewy24 signs, and any other takes."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def path(text: str) -> str:
    """One part of a path."""
    return quote(text, safe="")


def basic(user: str, password: str) -> str:
    """The value of a Basic Authorization header."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def redirect_to(url: object, host: str) -> Redirect:
    """A page of the provider that it told us to open: https, or whatever our own setting of the host says (a sandbox)."""
    try:
        parts = urlsplit(url) if isinstance(url, str) and re.fullmatch(r"[\x21-\x7e]{1,4096}", url) else None
    except ValueError:
        parts = None
    if parts is None or not parts.hostname or parts.scheme not in {"https", urlsplit(host).scheme}:
        raise Refusal("bad_answer", "redirect")
    return Redirect("GET", parts.geturl())


def answered(answer: Answer, error: Callable[[dict[str, Any]], object] = lambda _: "") -> dict[str, Any]:
    """The JSON of a 2xx answer.

    Raises Refusal `provider_unavailable` (the call may be made again), `provider_refused` with the provider's own code, or
    `bad_answer`.
    """
    check_status(answer, error)
    return _answer_json(answer.body)


def check_status(answer: Answer, error: Callable[[dict[str, Any]], object] = lambda _: "") -> None:
    if answer.status >= _SERVER_ERROR or answer.status in _AGAIN:
        raise Refusal("provider_unavailable", str(answer.status), again=True)
    if answer.status // 100 != 2:  # noqa: PLR2004 - the class of success
        raise Refusal("provider_refused", _detail(answer, error))


def _detail(answer: Answer, error: Callable[[dict[str, Any]], object]) -> str:
    try:
        return code_of(error(_answer_json(answer.body))) or str(answer.status)
    except (Refusal, AttributeError, TypeError, LookupError):
        return str(answer.status)


def _answer_json(body: bytes) -> dict[str, Any]:
    try:
        return read_json(body)
    except Refusal as error:
        raise Refusal("bad_answer", error.detail) from error
