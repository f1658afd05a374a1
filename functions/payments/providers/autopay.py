"""Autopay S.A. (formerly Blue Media), Poland: form start, ITN and ISTN notices, status query, refund, payout.

Source: the operator's documentation, `Autopay-S-A/mobile-sdk-docs` online-payments. Unconfirmed, and therefore not relied on:
the schedule of repeats, the addresses that notices come from, whether CustomerEmail is obligatory (it is always sent).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from xml.etree.ElementTree import Element

from payments.providers import autopay_xml as xml
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
)
from shared.money import format_plain

FIELDS: Final = (
    Field("service_id", pattern=xml.SERVICE),
    Field("key", secret=True),
    Field("algorithm", default="sha256", pattern="sha256|sha512"),
    Field("host", default="https://pay.autopay.eu", pattern=HOST),
    Field("start_path", default="/payment", pattern="/[A-Za-z0-9_/-]{1,60}"),
    Field("gateway_id", default="0", pattern="[0-9]{1,5}"),
)
CURRENCIES: Final = frozenset({"PLN", "EUR", "GBP", "USD"})
TRAITS: Final = Traits(("AUTOPAY", "BLUE MEDIA"), needs_email=True, signs_return=True)
START: Final = (
    "ServiceID",
    "OrderID",
    "Amount",
    "Description",
    "GatewayID",
    "Currency",
    "CustomerEmail",
    "Language",
    "ValidityTime",
    "CustomerNumber",
    "ReturnURL",
)
"""The fields that we send, in the documented numbering: 1-8, 19, 20, 45."""

_LANGUAGES: Final = frozenset({"pl", "en", "de", "cs", "es", "fr", "it"})
_MOST: Final = 100_000_00
_LONGEST: Final = timedelta(days=31)
_EMAIL: Final = r"(?=.{3,255}$)[^\s|@]+@[^\s|@]+"
_URL: Final = r"https?://[\x21-\x7b\x7d\x7e]{1,990}"
_EVENTS: Final = {"PENDING": Event.PENDING, "SUCCESS": Event.PAID, "FAILURE": Event.FAILED}
_FAILURES: Final = {"EXPIRED": Event.EXPIRED, "CANCELLED": Event.CANCELLED, "REJECTED_BY_USER": Event.CANCELLED}
_MONEY: Final = {"refund": "transactionRefund", "payoff": "balancePayoff"}
_HEADERS: Final = {"Content-Type": wire.FORM, "BmHeader": "pay-bm"}


@dataclass(frozen=True, slots=True)
class _Message:
    document: xml.Document
    transaction: Element
    id_field: str
    id_value: str


def token(_account: Account) -> Call | None:
    """None: the shared key is enough."""
    return None


def start(account: Account, order: Order) -> Redirect:
    """A form POST. The expiry is cut at 31 days, as Autopay does itself."""
    wire.check_order(order, CURRENCIES, _MOST)
    expires = min(order.expires_at, order.created_at + _LONGEST).astimezone(xml.WARSAW)
    language = order.language.lower()
    fields = {
        "ServiceID": account.setting("service_id"),
        "OrderID": order.reference,
        "Amount": format_plain(order.amount, order.currency),
        "Description": wire.plain_text(order.description, "A-Za-z0-9.:, -", 79),
        "GatewayID": account.setting("gateway_id", "0"),
        "Currency": order.currency,
        "CustomerEmail": wire.fit("email", order.email, _EMAIL),
        "Language": (language if language in _LANGUAGES else "en").upper(),
        "ValidityTime": f"{expires:%Y-%m-%d %H:%M:%S}",
        "CustomerNumber": wire.plain_text(order.customer_number, "A-Za-z0-9.:, /-", 35),
        "ReturnURL": wire.fit("return_url", order.return_url, _URL),
    }
    return Redirect("POST", _host(account) + account.setting("start_path", "/payment"), _signed(account, fields))


def read_webhook(account: Account, delivery: Delivery) -> tuple[Notice, ...]:
    """One notice: of a payment (ITN), or of a settlement transfer or refund (ISTN)."""
    message = _open(account, delivery)
    if message.document.key is None:
        raise Refusal("bad_signature")
    if message.document.service != account.setting("service_id"):
        raise Refusal("wrong_service")
    if message.id_field == "orderID":
        return (_payment(message.document.service, message.transaction),)
    return (_transfer(message, delivery),)


def answer(account: Account, delivery: Delivery, problem: str) -> Reply:
    """200 and a signed CONFIRMED or NOTCONFIRMED, signed with the key that the notice was signed with.

    What is no notice at all gets a plain 400: nothing in it could be named in a confirmation.
    """
    if problem == "too_large":
        return Reply(413)
    try:
        message = _open(account, delivery)
        key = message.document.key
        named = (message.id_field, message.id_value)
        body = xml.confirmation(
            account,
            key or account.secret("key"),
            message.document.service,
            named,
            confirmed=not problem and key is not None,
        )
    except Refusal:
        return Reply(400)
    return Reply(200, body, "application/xml; charset=utf-8")


def follow_up(_account: Account, _notice: Notice) -> Call | None:
    """None: a SUCCESS is final."""
    return None


def status(account: Account, reference: str, _provider_id: str) -> Call:
    """All transactions of an order (the payer may have tried several ways)."""
    fields = _signed(account, {"ServiceID": account.setting("service_id"), "OrderID": reference})
    return Call(
        "status", "POST", f"{_host(account)}/webapi/transactionStatus", _HEADERS, wire.form_body(fields), reference
    )


def refund(account: Account, refund: Refund) -> Call:
    """A full or partial refund. The amount always stands in it: the documentation is not of one mind on what its absence means."""
    remote = {"RemoteID": refund.transaction_id}
    return _order_money(
        account, "refund", refund.refund_id, remote, (refund.amount, refund.currency), reference=refund.reference
    )


def payoff(account: Account, payoff_id: str, amount: int, currency: str) -> Call:
    """Have collected money sent to the merchant's bank account. Three errors in a row block the caller for ten minutes."""
    return _order_money(account, "payoff", payoff_id, {}, (amount, currency))


def payout(_account: Account, _payout_id: str) -> Call | None:
    """None: a settlement is one sum, told by its ISTN; no report of it is published."""
    return None


def release(_account: Account, _transaction_id: str) -> Call | None:
    """None: nothing is reserved."""
    return None


def read(account: Account, call: Call, answer: Answer) -> Result:
    """The transactions of an order; nothing for a refund or payout that was accepted: its ISTN tells how it ended."""
    wire.check_status(answer)
    document = _answered(account, answer.body, _MONEY.get(call.purpose, "transactionList"))
    if call.purpose != "status":
        if document.root.findtext("messageID") != call.context["message_id"]:
            raise Refusal("bad_answer", "messageID")
        return Result()
    notices = tuple(_payment(document.service, transaction) for transaction in xml.transactions(document))
    if any(notice.reference != call.reference for notice in notices):
        raise Refusal("bad_answer", "orderID")
    return Result(notices=notices)


def read_return(account: Account, query: Mapping[str, str]) -> str:
    """The order that the signed way back names. It says nothing about the payment."""
    service, order, given = (query.get(name, "") for name in ("ServiceID", "OrderID", "Hash"))
    algorithm = account.setting("algorithm", "sha256")
    expected = [xml.hash_of(algorithm, key, (service, order)) for key in account.live("key")]
    known = service == account.setting("service_id") and "|" not in order
    return order if wire.matches(given, expected) and known else ""


def message_id(ours: str) -> str:
    """The 32 characters that make a repeated call harmless, always the same for the same id of ours."""
    return hashlib.sha256(ours.encode()).hexdigest()[:32]


def _host(account: Account) -> str:
    return account.setting("host", "https://pay.autopay.eu").rstrip("/")


def _signed(account: Account, fields: dict[str, str]) -> dict[str, str]:
    solid = {name: value for name, value in fields.items() if value}
    algorithm = account.setting("algorithm", "sha256")
    return {**solid, "Hash": xml.hash_of(algorithm, account.secret("key"), solid.values())}


def _order_money(
    account: Account, purpose: str, ours: str, what: dict[str, str], money: tuple[int, str], *, reference: str = ""
) -> Call:
    fields = {
        "ServiceID": account.setting("service_id"),
        "MessageID": message_id(ours),
        **what,
        "Amount": format_plain(*money),
        "Currency": money[1],
    }
    url = f"{_host(account)}/settlementapi/{_MONEY[purpose]}"
    known = {"message_id": fields["MessageID"]}
    return Call(purpose, "POST", url, _HEADERS, wire.form_body(_signed(account, fields)), reference, known)


def _open(account: Account, delivery: Delivery) -> _Message:
    form = wire.read_form(delivery.body)
    document = xml.open_document(account, wire.unbase64(form.get("transactions", "")), "transactionList")
    found = xml.transactions(document)
    if len(found) != 1:
        raise Refusal("malformed", "transactions")
    id_field = "orderID" if found[0].find("transferStatus") is None else "remoteOutID"
    return _Message(document, found[0], id_field, found[0].findtext(id_field) or "")


def _payment(service: str, transaction: Element) -> Notice:
    required = ("orderID", "remoteID", "amount", "currency", "paymentDate", "paymentStatus")
    found = xml.fields_of(transaction, xml.PAYMENT, required)
    said, detail = found["paymentStatus"], wire.code_of(found.get("paymentStatusDetails", ""))
    event = _EVENTS.get(said, Event.OTHER)
    amount = wire.minor(found["amount"], found["currency"])
    asked = wire.minor(found["startAmount"], found["currency"]) if "startAmount" in found else None
    return Notice(
        event=_FAILURES.get(detail, event) if event is Event.FAILED else event,
        key="/".join((service, found["orderID"], found["remoteID"], said)),
        occurred_at=xml.polish_time(found["paymentDate"]),
        reference=found["orderID"],
        transaction_id=found["remoteID"],
        amount=amount,
        currency=found["currency"],
        service=service,
        start_amount=asked,
        fee=None if asked is None else amount - asked,
        detail=detail or said,
    )


def _transfer(message: _Message, delivery: Delivery) -> Notice:
    required = ("remoteOutID", "amount", "currency", "transferStatus")
    found = xml.fields_of(message.transaction, xml.TRANSFER, required)
    said, service = found["transferStatus"], message.document.service
    is_refund = found.get("isRefund") == "true"
    events = {"SUCCESS": Event.REFUNDED, "FAILURE": Event.REFUND_FAILED} if is_refund else {"SUCCESS": Event.PAYOUT}
    return Notice(
        event=events.get(said, Event.OTHER),
        key="/".join((service, found["remoteOutID"], said)),
        occurred_at=xml.polish_time(found["transferDate"]) if "transferDate" in found else delivery.now,
        reference=found.get("orderID", ""),
        transaction_id=found.get("remoteID", "") if is_refund else found["remoteOutID"],
        amount=wire.minor(found["amount"], found["currency"]),
        currency=found["currency"],
        service=service,
        part=found["remoteOutID"] if is_refund else wire.cut(found.get("title", ""), 40),
        detail=wire.code_of(found.get("transferStatusDetails", "")) or said,
    )


def _answered(account: Account, body: bytes, root: str) -> xml.Document:
    found = xml.parse(body)
    if found.tag != root:
        said = found.findtext("name") or found.findtext("reason") or found.findtext("statusCode")
        raise Refusal("provider_refused" if said else "bad_answer", wire.code_of(said or ""))
    document = xml.open_document(account, body, root)
    if document.key is None or document.service != account.setting("service_id"):
        raise Refusal("bad_answer", "hash")
    return document
