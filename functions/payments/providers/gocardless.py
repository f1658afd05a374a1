"""GoCardless, France and the euro area: bank payments and direct debits, their webhooks, refunds and payouts.

Sources: `gocardless/gocardless-pro-python`, developer.gocardless.com (billing requests, events), support article 360000989989. A
webhook carries no amounts, and often not our reference: what counts is fetched (Event.HINT). `confirmed` is not final: a payment
may bounce or be charged back weeks later. Unconfirmed: whether a payment made by a billing request has its request's metadata;
so the billing request is followed to its payment, too.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from payments.providers import wire
from payments.providers.gocardless_events import order_of, read_events
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
    PayoutRow,
    Refund,
    Refusal,
    Reply,
    Result,
    Traits,
    reply_to,
)

FIELDS: Final = (
    Field("access_token", secret=True),
    Field("webhook_secret", secret=True),
    Field("mode", default="instant", pattern="instant|debit"),
    Field("credit_on", default="confirmed", pattern="confirmed|paid_out"),
    Field("host", default="https://api.gocardless.com", pattern=HOST),
    Field("api_version", default="2015-07-06"),
)
CURRENCIES: Final = frozenset({"EUR", "GBP", "SEK", "DKK"})
TRAITS: Final = Traits(("GOCARDLESS",))

_URL: Final = r"https?://[\x21-\x7e]{1,2000}"
_CONFLICT: Final = 409
_NOT_FOUND: Final = 404
_PAYMENTS: Final = {
    "pending_customer_approval": Event.PENDING,
    "pending_submission": Event.PENDING,
    "submitted": Event.PENDING,
    "confirmed": Event.PENDING,
    "paid_out": Event.PAID,
    "failed": Event.BOUNCED,
    "cancelled": Event.CANCELLED,
    "customer_approval_denied": Event.CANCELLED,
    "charged_back": Event.PAID,
}
_MOVES: Final = frozenset(
    {
        "payment_paid_out",
        "payment_failed",
        "payment_charged_back",
        "payment_refunded",
        "refund",
        "refund_funds_returned",
    }
)
"""The items of a payout that are payers' money; all others are fees and taxes on them."""
_REFUNDS: Final = {
    "paid": Event.REFUNDED,
    "cancelled": Event.REFUND_FAILED,
    "bounced": Event.REFUND_FAILED,
    "funds_returned": Event.REFUND_FAILED,
}


def token(_account: Account) -> Call | None:
    """None: the access token does not change."""
    return None


def start(account: Account, order: Order) -> Call:
    """Create a billing request: for this payment at once, or for a mandate under which it is then collected."""
    wire.check_order(order, CURRENCIES)
    ours = {"order": order.reference, "amount": f"{order.amount} {order.currency}"}
    text = wire.cut(order.description, 100) or order.reference
    if account.setting("mode", "instant") == "instant":
        what = {"amount": order.amount, "currency": order.currency, "description": text, "metadata": ours}
        body: dict[str, Any] = {"payment_request": what, "metadata": ours}
    else:
        body = {"mandate_request": {"currency": order.currency, "metadata": ours}, "metadata": ours}
    wire.fit("return_url", order.return_url, _URL)
    context = {"return_url": order.return_url, "email": order.email}
    return _post(
        account, "start", "billing_requests", body, once=order.reference, reference=order.reference, context=context
    )


def read_webhook(account: Account, delivery: Delivery) -> tuple[Notice, ...]:
    """Up to 250 events. Those of kinds that mean nothing to us are OTHER."""
    return read_events(account, delivery)


def answer(_account: Account, _delivery: Delivery, problem: str) -> Reply:
    """200 within ten seconds; 498 for a wrong signature, as GoCardless has it."""
    return reply_to(problem, 498)


def follow_up(account: Account, notice: Notice) -> Call | None:
    """Fetch what an event speaks of: the webhook itself has no amounts."""
    if notice.event is not Event.HINT:
        return None
    kind = notice.detail.partition(".")[0]
    return _get(account, kind, notice.part or notice.transaction_id or notice.provider_id, notice.reference, notice)


def status(account: Account, reference: str, provider_id: str) -> Call:
    """Fetch a billing request (BRQ...) or a payment (PM...)."""
    return _get(account, "billing_requests" if provider_id.startswith("BRQ") else "payments", provider_id, reference)


def refund(account: Account, refund: Refund) -> Call:
    """A full or partial refund. All that was refunded so far must be said, as a guard against doing it twice."""
    body = {
        "amount": refund.amount,
        "total_amount_confirmation": refund.refunded + refund.amount,
        "metadata": {"order": refund.reference, "refund": refund.refund_id},
        "links": {"payment": refund.transaction_id},
    }
    return _post(account, "refund", "refunds", body, once=refund.refund_id, reference=refund.reference)


def release(_account: Account, _transaction_id: str) -> Call | None:
    """None: nothing is reserved."""
    return None


def payout(account: Account, payout_id: str) -> Call | None:
    """The items of a payout. GoCardless keeps them for six months."""
    return _payout_items(account, payout_id)


def read(account: Account, call: Call, answer: Answer) -> Result:
    """The resource that an answer holds, and the call that it leads to."""
    kind = call.context.get("kind", "")
    if call.purpose == "fetch" and answer.status == _NOT_FOUND:
        return Result()
    if answer.status == _CONFLICT and (made := _conflicting(answer)):
        # The same call was answered before: what it made is taken.
        return (
            _flow(account, call, made)
            if call.purpose == "start"
            else Result(then=_get(account, kind, made, call.reference))
        )
    body = wire.answered(answer, lambda data: data["error"]["errors"][0].get("reason") or data["error"].get("type"))
    if call.purpose == "payout":
        return _payout_rows(account, call, body)
    resource = wire.object_at(body, kind)
    if call.purpose == "start":
        return _flow(account, call, wire.text_at(resource, "id"))
    if call.purpose == "flow":
        redirect = wire.redirect_to(resource.get("authorisation_url"), _host(account))
        return Result(redirect=redirect, provider_id=call.context["billing_request"])
    return _read_resource(account, call, resource, call.about.occurred_at if call.about else answer.at)


def read_return(_account: Account, _query: Mapping[str, str]) -> str:
    """Empty: the way back is not signed."""
    return ""


def _read_resource(account: Account, call: Call, resource: dict[str, Any], at: datetime) -> Result:
    kind, state, found = call.context["kind"], str(resource.get("status")), wire.text_at(resource, "id")

    def notice(event: Event, transaction_id: str, part: str = "") -> Notice:
        return Notice(
            event,
            key=f"{found}/{state}/{event}",
            occurred_at=at,
            reference=order_of(resource, "metadata") or ("" if kind == "payouts" else call.reference),
            transaction_id=transaction_id,
            amount=wire.int_at(resource, "amount") if kind != "billing_requests" else None,
            currency=wire.currency_at(resource) if kind != "billing_requests" else "",
            part=part,
            provider_id=found if kind == "billing_requests" else "",
            detail=wire.code_of(state),
        )

    if kind == "billing_requests":
        return _billing_request(account, call, resource, notice)
    if kind == "refunds":
        event = _REFUNDS.get(state)
        payment = wire.text_at(wire.object_at(resource, "links"), "payment")
        return Result(notices=(notice(event, payment, found),) if event else ())
    if kind == "payouts":
        shown = wire.code_of(resource.get("reference"))
        return Result(notices=(notice(Event.PAYOUT, found, shown),) if state == "paid" else ())
    event = Event.PAID if state == account.setting("credit_on", "confirmed") else _PAYMENTS.get(state, Event.OTHER)
    back = (notice(Event.DISPUTED, found, found),) if state == "charged_back" else ()
    return Result(notices=(notice(event, found), *back), provider_id=found)


def _billing_request(
    account: Account, call: Call, request: dict[str, Any], notice: Callable[[Event, str], Notice]
) -> Result:
    found, links, state = request["id"], wire.object_at(request, "links"), request.get("status")
    reference = order_of(request, "metadata") or call.reference
    if state == "cancelled":
        return Result(notices=(notice(Event.CANCELLED, ""),), provider_id=found)
    if state != "fulfilled":
        return Result(provider_id=found)
    if links.get("payment_request_payment"):
        payment = wire.text_at(links, "payment_request_payment")
        then = _get(account, "payments", payment, reference)
        return Result(notices=(notice(Event.PENDING, payment),), provider_id=found, then=then)
    mandate = wire.text_at(links, "mandate_request_mandate")
    amount, _, currency = wire.text_at(wire.object_at(request, "metadata"), "amount", "[0-9]{1,12} [A-Z]{3}").partition(
        " "
    )
    body = {
        "amount": int(amount),
        "currency": currency,
        "metadata": {"order": reference},
        "links": {"mandate": mandate},
    }
    then = _post(account, "collect", "payments", body, once=reference, reference=reference)
    return Result(notices=(notice(Event.MANDATE_ACTIVE, mandate),), provider_id=found, then=then)


def _payout_items(account: Account, payout_id: str, after: str = "") -> Call:
    query = {"payout": payout_id, "limit": "500", **({"after": after} if after else {})}
    url = f"{_host(account)}/payout_items?{wire.form_body(query).decode()}"
    return Call("payout", "GET", url, _headers(account), context={"payout": payout_id, "kind": "payout_items"})


def _payout_rows(account: Account, call: Call, body: dict[str, Any]) -> Result:
    listed = body.get("payout_items")
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise Refusal("malformed", "payout_items")
    rows = tuple(_payout_row(one) for one in listed if one.get("type") in _MOVES)
    after = wire.object_at(wire.object_at(body, "meta"), "cursors").get("after")
    then = _payout_items(account, call.context["payout"], wire.code_of(after, 255)) if after else None
    return Result(rows=rows, then=then)


def _payout_row(item: dict[str, Any]) -> PayoutRow:
    """Minor units with one decimal, which only fees need."""
    amount = Decimal(wire.text_at(item, "amount", r"-?[0-9]{1,13}\.0"))
    paid = item["type"] == "payment_paid_out"
    return PayoutRow(int(amount), wire.text_at(wire.object_at(item, "links"), "payment") if paid else "")


def _flow(account: Account, call: Call, request_id: str) -> Result:
    back = call.context["return_url"]
    body: dict[str, Any] = {"redirect_uri": back, "exit_uri": back, "links": {"billing_request": request_id}}
    if call.context.get("email"):
        body["prefilled_customer"] = {"email": call.context["email"]}
    context = {"billing_request": request_id}
    then = _post(account, "flow", "billing_request_flows", body, reference=call.reference, context=context)
    return Result(provider_id=request_id, then=then)


def _conflicting(answer: Answer) -> str:
    try:
        problem = wire.read_json(answer.body)["error"]["errors"][0]
        if problem["reason"] == "idempotent_creation_conflict":
            return wire.code_of(problem["links"]["conflicting_resource_id"])
    except (Refusal, LookupError, TypeError):
        return ""
    return ""


def _host(account: Account) -> str:
    return account.setting("host", "https://api.gocardless.com").rstrip("/")


def _headers(account: Account) -> dict[str, str]:
    version = account.setting("api_version", "2015-07-06")
    return {"Authorization": f"Bearer {account.secret('access_token')}", "GoCardless-Version": version}


def _get(account: Account, kind: str, found: str, reference: str, about: Notice | None = None) -> Call:
    url = f"{_host(account)}/{kind}/{wire.path(found)}"
    return Call("fetch", "GET", url, _headers(account), reference=reference, context={"kind": kind}, about=about)


def _post(
    account: Account,
    purpose: str,
    kind: str,
    body: dict[str, Any],
    *,
    reference: str,
    once: str = "",
    context: Mapping[str, str] | None = None,
) -> Call:
    headers = {**_headers(account), "Content-Type": wire.JSON}
    if once:
        headers["Idempotency-Key"] = f"{once}:{purpose}"
    url, known = f"{_host(account)}/{kind}", {**(context or {}), "kind": kind}
    return Call(purpose, "POST", url, headers, wire.json_body({kind: body}), reference, known)
