"""LiqPay, Ukraine: form start, signed callbacks, status and refund. Versions 3 (SHA-1) and 7 (SHA3-256).

Sources: `liqpay/sdk-python`, `liqpay/sdk-php`, liqpay.ua documentation of callback, checkout, status and refund. Unconfirmed: since
when version 7 is obligatory (the merchant's version is a setting, never guessed from a signature), the path of the calls (a
setting), whether callbacks are repeated (so every order is asked for, too), whether `refund_amount` counts all refunds of a
payment. A time of expiry is not sent: its field is not confirmed.
"""

import base64
import hashlib
from collections.abc import Mapping
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
    Redirect,
    Refund,
    Refusal,
    Reply,
    Result,
    Traits,
    reply_to,
)
from shared.money import format_plain

FIELDS: Final = (
    Field("public_key"),
    Field("private_key", secret=True),
    Field("version", default="3", pattern="3|7"),
    Field("sandbox", default="no", pattern="yes|no"),
    Field("host", default="https://www.liqpay.ua", pattern=HOST),
    Field("checkout_path", default="/api/3/checkout", pattern="/[A-Za-z0-9_/-]{1,60}"),
    Field("api_path", default="/api/request", pattern="/[A-Za-z0-9_/-]{1,60}"),
)
CURRENCIES: Final = frozenset({"UAH", "USD", "EUR"})
TRAITS: Final = Traits(("LIQPAY",), repeats_refunds=True)

_URL: Final = r"https?://[\x21-\x7e]{1,500}"
_ENDS: Final = {"failure": Event.FAILED, "error": Event.FAILED, "subscribed": Event.OTHER, "unsubscribed": Event.OTHER}
_PAID: Final = frozenset({"success", "wait_compensation"})
"""`wait_compensation`: paid, and on its way to the merchant with the daily posting. `wait_accept` is not: it may be cancelled."""


def token(_account: Account) -> Call | None:
    """None: every call is signed."""
    return None


def start(account: Account, order: Order) -> Redirect:
    """A form POST with the order and its signature."""
    wire.check_order(order, CURRENCIES)
    data = {
        "action": "pay",
        "amount": format_plain(order.amount, order.currency),
        "currency": order.currency,
        "description": wire.cut(order.description, 500) or order.reference,
        "order_id": order.reference,
        "language": "uk" if order.language.lower() == "uk" else "en",
        "result_url": wire.fit("return_url", order.return_url, _URL),
        "server_url": wire.fit("webhook_url", order.webhook_url, _URL),
    }
    url = account.setting("host", "https://www.liqpay.ua").rstrip("/") + account.setting(
        "checkout_path", "/api/3/checkout"
    )
    return Redirect("POST", url, _signed(account, data))


def read_webhook(account: Account, delivery: Delivery) -> tuple[Notice, ...]:
    """A callback. The signature covers the base64 text, not what it decodes to."""
    form = wire.read_form(delivery.body)
    data, given = form.get("data", ""), form.get("signature", "")
    if not data.isascii():
        raise Refusal("malformed", "data")
    if not wire.matches(given, [signature(account, key, data) for key in account.live("private_key")]):
        raise Refusal("bad_signature")
    return _notices(account, wire.read_json(wire.unbase64(data)), delivery.now)


def answer(_account: Account, _delivery: Delivery, problem: str) -> Reply:
    """200 for what is authentic, 400 for what is not."""
    return reply_to(problem)


def follow_up(_account: Account, _notice: Notice) -> Call | None:
    """None: a success is final."""
    return None


def status(account: Account, reference: str, _provider_id: str) -> Call:
    """Ask for an order."""
    return _call(account, "status", {"action": "status", "order_id": reference}, reference)


def refund(account: Account, refund: Refund) -> Call:
    """A full or partial refund. It has no idempotency key: ask for the status before it is tried again."""
    amount = format_plain(refund.amount, refund.currency)
    return _call(
        account, "refund", {"action": "refund", "order_id": refund.reference, "amount": amount}, refund.reference
    )


def payout(_account: Account, _payout_id: str) -> Call | None:
    """None: no report of settlements is known."""
    return None


def release(_account: Account, _transaction_id: str) -> Call | None:
    """None: nothing is reserved."""
    return None


def read(account: Account, call: Call, answer: Answer) -> Result:
    """An order as it stands; after a refund, the call that asks for it. Answers are not signed: TLS is all there is."""
    body = wire.answered(answer, lambda data: data.get("err_code"))
    if body.get("result") == "error" or ("err_code" in body and "payment_id" not in body):
        code = wire.code_of(body.get("err_code"))
        if call.purpose == "status" and code in {"payment_not_found", "order_not_found"}:
            return Result()
        raise Refusal("provider_refused", code)
    if call.purpose == "refund":
        return Result(then=status(account, call.reference, ""))
    notices = _notices(account, {"public_key": account.setting("public_key"), **body}, answer.at)
    if any(notice.reference != call.reference for notice in notices):
        raise Refusal("bad_answer", "order_id")
    return Result(notices=notices)


def read_return(_account: Account, _query: Mapping[str, str]) -> str:
    """Empty: the way back is not signed."""
    return ""


def signature(account: Account, key: str, data: str) -> str:
    """Base64 of the hash over key, data, key; the hash is that of the merchant's version."""
    hashes = {"3": hashlib.sha1, "7": hashlib.sha3_256}
    version = account.setting("version", "3")
    if version not in hashes:
        raise Refusal("not_configured", "version")
    return base64.b64encode(hashes[version](f"{key}{data}{key}".encode()).digest()).decode()


def _signed(account: Account, values: dict[str, str]) -> dict[str, str]:
    version = int(account.setting("version", "3"))
    text = wire.json_body({"version": version, "public_key": account.setting("public_key"), **values})
    data = base64.b64encode(text).decode()
    return {"data": data, "signature": signature(account, account.secret("private_key"), data)}


def _call(account: Account, purpose: str, values: dict[str, str], reference: str) -> Call:
    url = account.setting("host", "https://www.liqpay.ua").rstrip("/") + account.setting("api_path", "/api/request")
    return Call(purpose, "POST", url, {"Content-Type": wire.FORM}, wire.form_body(_signed(account, values)), reference)


def _notices(account: Account, data: dict[str, Any], now: datetime) -> tuple[Notice, ...]:
    if data.get("public_key") != account.setting("public_key"):
        raise Refusal("wrong_service")
    said = wire.text_at(data, "status", "[a-z0-9_]{1,40}")
    payment, ended, currency = wire.int_at(data, "payment_id"), data.get("end_date"), wire.currency_at(data)
    amount = wire.minor(data.get("amount"), currency)

    def notice(event: Event, amount: int, *, total: bool = False) -> Notice:
        return Notice(
            event,
            key="/".join(str(part) for part in (payment, said, event) if part) + (f"/{ended}" if ended else ""),
            occurred_at=now if ended is None else wire.since_epoch(ended, milliseconds=True),
            reference=wire.text_at(data, "order_id", "[A-Za-z0-9_-]{1,32}"),
            transaction_id=str(payment),
            amount=amount,
            currency=currency,
            service=account.setting("public_key"),
            total=total,
            detail=said,
        )

    if data.get("action") == "hold" and (said in _PAID or said == "reversed"):
        # We never ask for one. What is only held is not money, and what is let go was never paid.
        return (notice(Event.CANCELLED if said == "reversed" else Event.PENDING, amount),)
    if said == "reversed":
        # What is given back was paid before, though its callback may have been lost.
        back = wire.minor(data.get("refund_amount", data.get("amount")), currency)
        return notice(Event.PAID, amount), notice(Event.REFUNDED, back, total=True)
    if said == "sandbox" and account.setting("sandbox", "no") != "yes":
        raise Refusal("wrong_service", "sandbox")
    event = Event.PAID if said in _PAID or said == "sandbox" else _ENDS.get(said, Event.PENDING)
    return (notice(event, amount),)
