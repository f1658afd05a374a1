"""Vipps MobilePay ePayment from its own side: token, create, authorise, capture, cancel, refund, webhooks in order.

Unconfirmed, and so settings of the merchant: `fresh_date` (yes|no: whether a repeated webhook has a new x-ms-date),
`token_seconds`, `keep_order` (yes|no; no lets the events of a payment overtake each other, which Vipps does not). Known:
`calls_a_minute` (5 captures, refunds, cancellations each of a reference, then 429; 0 for no limit).
"""

import re
from datetime import datetime, timedelta
from typing import Any

from infra.local.providers.book import LETTERS, Order, Refund, Shop, Transaction
from infra.local.providers.config import Manner, SandboxConfig
from infra.local.providers.frame import Refused, Request, Response, Route, json_response
from infra.local.providers.sandbox import same
from infra.local.providers.vipps_webhooks import VippsWebhooks, problem

FLOWS = frozenset({"WEB_REDIRECT", "NATIVE_REDIRECT", "PUSH_MESSAGE", "QR"})
CURRENCIES = frozenset({"NOK", "DKK", "EUR"})
MINUTES = 10
BASE = "/epayment/v1/payments"


class Vipps(VippsWebhooks):
    """See the module. One payment is authorised once: a payer who presses twice makes only the events come twice."""

    name, title = "vipps", "Vipps MobilePay"

    def __init__(self, config: SandboxConfig) -> None:
        self.tokens: dict[str, tuple[str, datetime]] = {}
        self.calls: dict[tuple[str, str], list[datetime]] = {}
        super().__init__(config)

    def routes(self) -> list[Route]:
        one = f"{BASE}/{{reference}}"
        return [
            Route("POST", "/accesstoken/get", self._token),
            Route("POST", BASE, self._create),
            Route("GET", one, self._get),
            Route("GET", f"{one}/events", self._events),
            Route("POST", f"{one}/capture", self._capture),
            Route("POST", f"{one}/refund", self._refund),
            Route("POST", f"{one}/cancel", self._cancel),
            Route("POST", "/webhooks/v1/webhooks", self.register_webhook),
            Route("GET", "/webhooks/v1/webhooks", self.list_webhooks),
            Route("DELETE", "/webhooks/v1/webhooks/{found}", self.delete_webhook),
        ]

    def act(self, order: Order, manner: Manner) -> str:
        if manner is Manner.REFUSE:
            self._end(order, "cancelled", "ABORTED")
        elif manner is Manner.LATER:
            # The app has the question; until the payer answers, nothing has happened.
            self.add(order, Transaction(order.reference, "pending", self.now()))
            self.soon(order)
        else:
            self.add(order, Transaction(order.reference, "pending", self.now()))
            self._authorise(order, times=2 if manner is Manner.TWICE else 1)
        return self.way_back(order)

    def finish(self, order: Order, *, success: bool) -> None:
        if success:
            self._authorise(order)
        else:
            self._end(order, "cancelled", "ABORTED")

    def expire(self, order: Order) -> None:
        self._end(order, "expired", "EXPIRED")

    def event(self, order: Order, name: str, amount: int) -> None:
        if name == "refund":
            self._give_back(order, amount or order.last.left, "")
        elif name == "capture":
            self._take(order, amount or order.amount - order.last.paid, "")
        else:
            raise ValueError(name)

    def _authorise(self, order: Order, times: int = 1) -> None:
        order.state, order.last.state, order.last.at = "done", "held", self.now()
        order.extra["vipps"] = "AUTHORIZED"
        for _ in range(times):
            self.emit(order, "AUTHORIZED", order.amount)

    def _end(self, order: Order, state: str, said: str) -> None:
        order.state, order.extra["vipps"] = state, said
        for transaction in order.transactions:
            transaction.state = "failed"
        self.emit(order, said, order.amount)

    # --- What the shop asks

    def _token(self, request: Request) -> Response:
        given = request.headers
        shop = self.shop(lambda one: one.settings["client_id"] == given.get("client_id"))
        known = (
            shop is not None
            and same(given.get("client_secret", ""), shop.secrets["client_secret"])
            and same(given.get("ocp-apim-subscription-key", ""), shop.secrets["subscription_key"])
        )
        if shop is None or not known:
            return json_response({"error": "invalid_client", "error_description": "client_id or client_secret"}, 401)
        seconds = int(shop.settings.get("token_seconds", "3599"))
        with self.lock:
            token = f"eyJ.{self.ids.make(LETTERS, 60, 'token', shop.name, len(self.tokens))}"
            self.tokens[token] = (shop.name, self.now() + timedelta(seconds=seconds))
        answer = {"token_type": "Bearer", "expires_in": str(seconds), "ext_expires_in": str(seconds)}
        return json_response({**answer, "access_token": token})

    def asked(self, request: Request) -> Shop:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        name, until = self.tokens.get(token, ("", self.now()))
        shop = self.shop(lambda one: one.name == name)
        if shop is None or until <= self.now():
            raise Refused(problem(401, "Unauthorized", "Invalid or expired access token"))
        if not same(request.headers.get("ocp-apim-subscription-key", ""), shop.secrets["subscription_key"]):
            raise Refused(problem(401, "Unauthorized", "Invalid subscription key"))
        if request.headers.get("merchant-serial-number") != str(shop.settings["msn"]):
            raise Refused(problem(403, "Forbidden", "Merchant-Serial-Number"))
        return shop

    def _once(self, request: Request) -> str:
        key = request.headers.get("idempotency-key", "")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,50}", key):
            raise Refused(problem(400, "Validation failed", "Idempotency-Key"))
        return key

    def _create(self, request: Request) -> Response:
        shop, key, values = self.asked(request), self._once(request), request.json()
        if wrong := _misfit(values):
            return problem(400, "Validation failed", wrong)
        reference = str(values["reference"])
        with self.lock:
            order = next((o for o in self.orders.values() if (o.shop, o.reference) == (shop, reference)), None)
            if order is not None and order.extra["call"] != (key, values):
                return problem(409, "Conflict", "PaymentReferenceNotUnique")
            if order is None:
                token = self.ids.make(LETTERS, 24, "payment", shop.name, reference)
                expires = self.now() + timedelta(minutes=MINUTES)
                title = str(values.get("paymentDescription") or reference)
                amount = values["amount"]
                order = Order(
                    *(token, shop, reference, amount["value"], amount["currency"], title, str(values["returnUrl"])),
                    *(self.now(), expires),
                )
                order.extra = {"call": (key, values), "events": [], "vipps": "CREATED", "keys": {}}
                self.keep(order, MINUTES * 60)
                self.emit(order, "CREATED", order.amount)
        return json_response({"redirectUrl": f"{self.url}/pay/{order.token}", "reference": reference}, 201)

    def _mine(self, request: Request, reference: str) -> Order:
        shop = self.asked(request)
        for order in self.orders.values():
            if (order.shop, order.reference) == (shop, reference):
                return order
        raise Refused(problem(404, "Not found", "PaymentNotFound"))

    def _get(self, request: Request, reference: str) -> Response:
        with self.lock:
            order = self._mine(request, reference)
            method = {"paymentMethod": {"type": "WALLET"}, "profile": {}}
            return json_response({**self._standing(order), **method, "redirectUrl": f"{self.url}/pay/{order.token}"})

    def _events(self, request: Request, reference: str) -> Response:
        with self.lock:
            return json_response(self._mine(request, reference).extra["events"])

    def _standing(self, order: Order) -> dict[str, Any]:
        one = order.transactions[-1] if order.transactions else None
        authorised = order.amount if order.extra["vipps"] == "AUTHORIZED" or order.extra.get("released") else 0
        amounts = {
            "authorizedAmount": authorised,
            "cancelledAmount": order.extra.get("released", 0),
            "capturedAmount": one.paid if one else 0,
            "refundedAmount": one.refunded if one else 0,
        }
        return {
            "aggregate": {name: {"currency": order.currency, "value": value} for name, value in amounts.items()},
            "amount": {"currency": order.currency, "value": order.amount},
            "state": order.extra["vipps"],
            "pspReference": order.extra["events"][-1]["pspReference"],
            "reference": order.reference,
        }

    def _change(self, request: Request, reference: str, kind: str) -> tuple[Order, int, str, bool]:
        """The order, the amount, the key, and whether the same call was answered before."""
        order, key = self._mine(request, reference), self._once(request)
        self._limit(order, kind)
        values = request.json()
        amount = values.get("modificationAmount") or {"currency": order.currency, "value": 0}
        known = order.extra["keys"].get((kind, key))
        if known is not None and known != values:
            raise Refused(problem(409, "Conflict", "Idempotency-Key was used for another call"))
        if amount["currency"] != order.currency or type(amount["value"]) is not int:
            raise Refused(problem(400, "Validation failed", "modificationAmount"))
        return order, amount["value"], key, known is not None

    def _limit(self, order: Order, kind: str) -> None:
        most = int(order.shop.settings.get("calls_a_minute", "5"))
        since = self.now() - timedelta(minutes=1)
        recent = [at for at in self.calls.get((order.token, kind), []) if at > since]
        if most and len(recent) >= most:
            raise Refused(problem(429, "Too Many Requests"))
        self.calls[order.token, kind] = [*recent, self.now()]

    def _capture(self, request: Request, reference: str) -> Response:
        with self.lock:
            order, amount, key, again = self._change(request, reference, "capture")
            if not again:
                if order.extra["vipps"] != "AUTHORIZED":
                    return problem(400, "Cannot capture before reservation", "6080")
                free = order.amount - (order.last.paid if order.transactions else 0) - order.extra.get("released", 0)
                if not 0 < amount <= free:
                    return problem(400, "Bad request", "CaptureNotAllowed")
                order.extra["keys"]["capture", key] = request.json()
                self._take(order, amount, key)
            return json_response(self._standing(order))

    def _take(self, order: Order, amount: int, key: str) -> None:
        order.last.state, order.last.paid = "paid", order.last.paid + amount
        self.emit(order, "CAPTURED", amount, key)

    def _refund(self, request: Request, reference: str) -> Response:
        with self.lock:
            order, amount, key, again = self._change(request, reference, "refund")
            if not again:
                if not order.transactions or not 0 < amount <= order.last.left:
                    return problem(400, "Bad request", "RefundNotAllowed")
                order.extra["keys"]["refund", key] = request.json()
                self._give_back(order, amount, key)
            return json_response(self._standing(order))

    def _give_back(self, order: Order, amount: int, key: str) -> None:
        order.last.refunds.append(Refund(key or "panel", amount, "done", self.now()))
        self.emit(order, "REFUNDED", amount, key)

    def _cancel(self, request: Request, reference: str) -> Response:
        with self.lock:
            order, _, key, again = self._change(request, reference, "cancel")
            if not again:
                if order.state == "open":
                    self._end(order, "cancelled", "TERMINATED")
                elif order.extra["vipps"] == "AUTHORIZED" and order.last.paid < order.amount:
                    order.extra["released"] = order.amount - order.last.paid
                    order.last.state = "paid" if order.last.paid else "cancelled"
                    self.emit(order, "CANCELLED", order.extra["released"], key)
                else:
                    return problem(400, "Bad request", "CancelNotAllowed")
                order.extra["keys"]["cancel", key] = request.json()
            return json_response(self._standing(order))


def _misfit(values: dict[str, Any]) -> str:
    amount = values.get("amount") or {}
    if amount.get("currency") not in CURRENCIES or type(amount.get("value")) is not int or amount["value"] < 100:  # noqa: PLR2004
        return "amount"
    if (values.get("paymentMethod") or {}).get("type") not in {"WALLET", "CARD"}:
        return "paymentMethod"
    if not re.fullmatch(r"[a-zA-Z0-9-]{8,64}", str(values.get("reference", ""))):
        return "reference"
    if values.get("userFlow") not in FLOWS:
        return "userFlow"
    if not str(values.get("returnUrl", "")).startswith("http"):
        return "returnUrl"
    return "" if len(str(values.get("paymentDescription", ""))) <= 100 else "paymentDescription"  # noqa: PLR2004 - documented
