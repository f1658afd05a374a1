"""Przelewy24, Poland: register, notification, verify, status, refund.

Sources: the official OpenAPI (mirrored in `api-evangelist/przelewy24`) and `mnastalski/przelewy24-php`. A notification comes only for
what was paid, and is repeated until we verify; unverified money stays the payer's. There is no notification of a failure: orders
without one are asked for. The list of addresses that notifications come from is incomplete, so it is not used.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from payments.providers import wire
from payments.providers.model import (
    HOST,
    Account,
    Answer,
    Call,
    Delivery,
    Event,
    Field,
    Notice,
    Order,
    Refund,
    Refusal,
    Reply,
    Result,
    Traits,
    reply_to,
)

FIELDS: Final = (
    Field("merchant_id", pattern="[0-9]{1,10}"),
    Field("pos_id", required=False, pattern="[0-9]{1,10}"),
    Field("crc", secret=True),
    Field("api_key", secret=True),
    Field("host", default="https://secure.przelewy24.pl", pattern=HOST),
)
CURRENCIES: Final = frozenset({"PLN"})
"""Others need an agreement with the operator."""
TRAITS: Final = Traits(("PRZELEWY24", "PAYPRO"), needs_email=True)
NOTIFICATION: Final = (
    "merchantId",
    "posId",
    "sessionId",
    "amount",
    "originAmount",
    "currency",
    "orderId",
    "methodId",
    "statement",
)
REFUND_NOTIFICATION: Final = ("orderId", "sessionId", "refundsUuid", "merchantId", "amount", "currency", "status")
REGISTER: Final = ("sessionId", "merchantId", "amount", "currency")
VERIFY: Final = ("sessionId", "orderId", "amount", "currency")
"""The fields that a sign covers, in its order; the CRC key is last."""

_LANGUAGES: Final = frozenset(["bg", "cs", "de", "en", "es", "fr", "hr", "hu", "it", "nl", "pl", "pt", "sk", "ro"])
_TEXTS: Final = frozenset({"sessionId", "currency", "statement", "refundsUuid"})
# JSON of PHP, with which the signs are made, writes control characters, line separators and broken letters in its own way.
_PLAIN: Final = "[^\x00-\x1f\u2028\u2029\ud800-\udfff]{0,255}"
_URL: Final = r"https?://[\x21-\x7e]{1,242}"
_CALLS: Final = {
    "start": ("POST", "register"),
    "verify": ("PUT", "verify"),
    "status": ("GET", "by/sessionId/{reference}"),
    "refund": ("POST", "refund"),
}
_LONGEST: Final = 99
_NOT_FOUND: Final = 404
_CONFLICT: Final = 409


def token(_account: Account) -> Call | None:
    """None: calls carry the reports key."""
    return None


def start(account: Account, order: Order) -> Call:
    """Register a transaction. Its time limit is whole minutes, at most 99."""
    wire.check_order(order, CURRENCIES)
    language = order.language.lower()
    minutes = int((order.expires_at - order.created_at).total_seconds() // 60)
    fields = {
        "merchantId": _merchant(account),
        "posId": _pos(account),
        "sessionId": order.reference,
        "amount": order.amount,
        "currency": order.currency,
        "description": wire.cut(order.description, 1024) or order.reference,
        "email": wire.fit("email", order.email, r"(?=.{3,50}$)[^\s@]+@[^\s@]+"),
        "country": "PL",
        "language": language if language in _LANGUAGES else "en",
        "urlReturn": wire.fit("return_url", order.return_url, _URL),
        "urlStatus": wire.fit("webhook_url", order.webhook_url, _URL),
        "timeLimit": min(max(minutes, 1), _LONGEST),
        "encoding": "UTF-8",
    }
    fields["sign"] = sign(fields, REGISTER, account.secret("crc"))
    return _call(account, "start", order.reference, fields)


def read_webhook(account: Account, delivery: Delivery) -> tuple[Notice, ...]:
    """A payment that must be verified, or how a refund ended."""
    data = wire.read_json(delivery.body)
    is_refund = "refundsUuid" in data
    names = REFUND_NOTIFICATION if is_refund else NOTIFICATION
    for name in names:
        if name in _TEXTS:
            wire.text_at(data, name, _PLAIN)
        else:
            wire.int_at(data, name)
    given = wire.text_at(data, "sign")
    if not wire.matches(given, [sign(data, names, crc) for crc in account.live("crc")]):
        raise Refusal("bad_signature")
    if data["merchantId"] != _merchant(account) or data.get("posId", _pos(account)) != _pos(account):
        raise Refusal("wrong_service")
    return (_refunded(account, data, delivery.now) if is_refund else _paid(account, data, delivery.now),)


def answer(_account: Account, _delivery: Delivery, problem: str) -> Reply:
    """200 for what is authentic, 400 for what is not."""
    return reply_to(problem)


def follow_up(account: Account, notice: Notice) -> Call | None:
    """Verify: without it the money never becomes the merchant's."""
    if notice.event is not Event.AUTHORISED:
        return None
    fields = {
        "merchantId": _merchant(account),
        "posId": _pos(account),
        "sessionId": notice.reference,
        "amount": notice.amount,
        "currency": notice.currency,
        "orderId": int(notice.transaction_id),
    }
    fields["sign"] = sign(fields, VERIFY, account.secret("crc"))
    call = _call(account, "verify", notice.reference, fields)
    return replace(call, about=notice)


def status(account: Account, reference: str, _provider_id: str) -> Call:
    """Ask for an order by our reference."""
    return _call(account, "status", reference)


def refund(account: Account, refund: Refund) -> Call:
    """A full or partial refund; its notification comes to the webhook's address."""
    item = {
        "orderId": int(wire.fit("transaction_id", refund.transaction_id, "[0-9]{1,15}")),
        "sessionId": refund.reference,
        "amount": refund.amount,
        "description": refund.reference,
    }
    body = {
        "requestId": refund.refund_id,
        "refundsUuid": refund.refund_id,
        "refunds": [item],
        "urlStatus": wire.fit("webhook_url", refund.webhook_url, _URL),
    }
    return _call(account, "refund", refund.reference, body)


def payout(_account: Account, _payout_id: str) -> Call | None:
    """None: no report of settlements is known."""
    return None


def release(_account: Account, _transaction_id: str) -> Call | None:
    """None: what is not verified stays the payer's advance."""
    return None


def read(account: Account, call: Call, answer: Answer) -> Result:
    """The page to go to, a payment that is verified now, or how an order stands."""
    if call.purpose == "status" and answer.status == _NOT_FOUND:
        return Result()
    if call.purpose == "refund" and answer.status == _CONFLICT and not _refuses(answer):
        # The same request was made before, and its answer was lost: the notification says how it ended.
        return Result()
    body = wire.answered(answer, lambda data: str(data.get("code", "")))
    if call.purpose == "refund":
        return Result()
    data = wire.object_at(body, "data")
    if call.purpose == "start":
        host = _host(account)
        url = f"{host}/trnRequest/{wire.text_at(data, 'token', '[A-Za-z0-9-]{1,100}')}"
        return Result(redirect=wire.redirect_to(url, host), provider_id=call.reference)
    if call.purpose == "verify":
        return Result(notices=_verified(call, data))
    if data.get("sessionId") != call.reference:
        raise Refusal("bad_answer", "sessionId")
    return Result(notices=_standing(account, data, answer.at))


def _refuses(answer: Answer) -> bool:
    """Whether a conflict names what is wrong with the transactions, and not with the request."""
    try:
        return isinstance(wire.read_json(answer.body).get("error"), list)
    except Refusal:
        return False


def read_return(_account: Account, _query: Mapping[str, str]) -> str:
    """Empty: the way back is not signed."""
    return ""


def sign(data: Mapping[str, Any], names: Sequence[str], crc: str) -> str:
    """SHA-384 over the compact JSON of these fields in this order, with the CRC key last."""
    return hashlib.sha384(wire.json_body({**{name: data[name] for name in names}, "crc": crc})).hexdigest()


def _paid(account: Account, data: dict[str, Any], now: datetime) -> Notice:
    return _notice(account, Event.AUTHORISED, data, now, str(data["methodId"]))


def _refunded(account: Account, data: dict[str, Any], now: datetime) -> Notice:
    event = {0: Event.REFUNDED, 1: Event.REFUND_FAILED}.get(data["status"], Event.OTHER)
    notice = _notice(account, event, data, now, str(data["status"]))
    part = wire.code_of(data["refundsUuid"])
    return replace(notice, part=part, key=f"{notice.key}/{part}/{data['status']}")


def _verified(call: Call, data: dict[str, Any]) -> tuple[Notice, ...]:
    if data.get("status") != "success" or call.about is None:
        raise Refusal("malformed", "status")
    return (replace(call.about, event=Event.PAID, key=f"{call.about.key}/verified"),)


def _standing(account: Account, data: dict[str, Any], at: datetime) -> tuple[Notice, ...]:
    """0 not paid, 1 paid and to be verified, 2 paid and verified, 3 given back."""
    events = {1: (Event.AUTHORISED,), 2: (Event.PAID,), 3: (Event.PAID, Event.REFUNDED)}
    said = wire.int_at(data, "status")
    return tuple(
        replace(
            _notice(account, event, data, at, str(said)),
            key=f"{_merchant(account)}/{data['sessionId']}/{data.get('orderId')}/status/{event}",
            total=event is Event.REFUNDED,
        )
        for event in events.get(said, ())
    )


def _notice(account: Account, event: Event, data: dict[str, Any], at: datetime, detail: str) -> Notice:
    order_id = wire.int_at(data, "orderId")
    merchant = str(_merchant(account))
    return Notice(
        event,
        key=f"{merchant}/{data['sessionId']}/{order_id}",
        occurred_at=at,
        reference=wire.reference_of(data["sessionId"]),
        transaction_id=str(order_id),
        amount=wire.int_at(data, "amount"),
        currency=wire.currency_at(data),
        service=merchant,
        detail=detail,
    )


def _merchant(account: Account) -> int:
    return int(account.setting("merchant_id"))


def _pos(account: Account) -> int:
    return int(account.settings.get("pos_id") or account.setting("merchant_id"))


def _host(account: Account) -> str:
    return account.setting("host", "https://secure.przelewy24.pl").rstrip("/")


def _call(account: Account, purpose: str, reference: str, body: Mapping[str, Any] | None = None) -> Call:
    method, path = _CALLS[purpose]
    headers = {"Authorization": wire.basic(str(_pos(account)), account.secret("api_key")), "Content-Type": wire.JSON}
    url = f"{_host(account)}/api/v1/transaction/{path.format(reference=wire.path(reference))}"
    return Call(purpose, method, url, headers, b"" if body is None else wire.json_body(body), reference)
