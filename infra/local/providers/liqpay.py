"""LiqPay from its own side: checkout form, signed callbacks, status and refund. Versions 3 (SHA-1) and 7 (SHA3-256).

Unconfirmed, and so settings of the merchant: `version`, `checkout_path`, `api_path`, `success_status` (success|
wait_compensation|sandbox), `refund_amount` (sum|last), `partial_refund` (the status after one: reversed|success).
"""

import base64
import hashlib
import json
import re
from typing import Any
from urllib.parse import urlencode

from infra.local.providers.book import LETTERS, Order, Refund, Shop, Transaction, decimal_text, minor_units
from infra.local.providers.config import Manner
from infra.local.providers.frame import Refused, Request, Response, Route, json_response
from infra.local.providers.page import refusal_page
from infra.local.providers.post import Outgoing
from infra.local.providers.sandbox import Sandbox, same

CURRENCIES = frozenset({"UAH", "USD", "EUR"})
REQUIRED = ("version", "public_key", "action", "amount", "currency", "description", "order_id")


def signature(version: str, key: str, data: str) -> str:
    """Base64 of the hash over key, base64 text, key."""
    text = (key + data + key).encode("utf-8")
    summed = hashlib.sha3_256(text) if version == "7" else hashlib.sha1(text, usedforsecurity=False)
    return base64.standard_b64encode(summed.digest()).decode("ascii")


def packed(values: dict[str, Any]) -> str:
    """JSON in base64."""
    return base64.standard_b64encode(json.dumps(values, separators=(",", ":"), ensure_ascii=False).encode()).decode()


class LiqPay(Sandbox):
    """See the module."""

    name, title = "liqpay", "LiqPay"

    def routes(self) -> list[Route]:
        checkouts = {shop.settings.get("checkout_path", "/api/3/checkout") for shop in self.shops}
        apis = {shop.settings.get("api_path", "/api/request") for shop in self.shops}
        return [
            *(Route("POST", path, self._checkout) for path in sorted(checkouts)),
            *(Route("POST", path, self._api) for path in sorted(apis)),
        ]

    def act(self, order: Order, manner: Manner) -> str:
        if manner is Manner.REFUSE:
            self._end(order, self._try(order), "failure")
        elif manner is Manner.LATER:
            transaction = self._try(order)
            transaction.extra["status"] = "processing"
            self._callback(order, transaction)
            self.soon(order)
        else:
            for _ in range(2 if manner is Manner.TWICE else 1):
                self._end(order, self._try(order), order.shop.settings.get("success_status", "success"))
        return self.way_back(order)

    def finish(self, order: Order, *, success: bool) -> None:
        for transaction in order.transactions:
            if transaction.state == "pending":
                good = str(order.shop.settings.get("success_status", "success"))
                self._end(order, transaction, good if success else "failure")

    def expire(self, order: Order) -> None:
        """Nothing: nobody is told of a page that was left."""

    def event(self, order: Order, name: str, amount: int) -> None:
        transaction = order.paid_ones()[-1]
        if name not in {"refund", "dispute"}:
            raise ValueError(name)
        self._give_back(order, transaction, amount or transaction.left)

    def _try(self, order: Order) -> Transaction:
        number = self.ids.number(10, "payment", order.token, len(order.transactions))
        return self.add(order, Transaction(str(number), "pending", self.now(), extra={"status": "prepared"}))

    def _end(self, order: Order, transaction: Transaction, status: str) -> None:
        transaction.at, transaction.extra["status"] = self.now(), status
        if status == "failure":
            transaction.state = "failed"
        else:
            order.state, transaction.state, transaction.paid = "done", "paid", order.amount
        self._callback(order, transaction)

    def _callback(self, order: Order, transaction: Transaction) -> None:
        shop, values = order.shop, self._values(order, transaction)

        def build(_attempt: int) -> Outgoing:
            data = packed(values)
            signed = signature(self._version(shop), shop.secret("private_key"), data)
            body = urlencode({"data": data, "signature": signed}).encode()
            return Outgoing(body, {"Content-Type": "application/x-www-form-urlencoded"})

        self.tell(order, f"callback {transaction.id} {values['status']}", build)

    def _values(self, order: Order, transaction: Transaction) -> dict[str, Any]:
        done = transaction.state != "pending"
        values: dict[str, Any] = {
            "action": "pay",
            "payment_id": int(transaction.id),
            "status": transaction.extra["status"],
            "version": int(self._version(order.shop)),
            "type": "buy",
            "paytype": "card",
            "public_key": order.shop.settings["public_key"],
            "order_id": order.reference,
            "liqpay_order_id": self.ids.make(LETTERS, 20, "order", transaction.id).upper(),
            "description": order.title,
            "amount": float(decimal_text(order.amount)),
            "currency": order.currency,
            "sender_commission": 0.0,
            "receiver_commission": 0.0,
            "create_date": int(order.at.timestamp() * 1000),
        }
        if done:
            values["end_date"] = int(transaction.at.timestamp() * 1000)
        if transaction.state == "failed":
            values |= {"err_code": "limit", "err_description": "The limit of the card is exceeded"}
        if transaction.refunds:
            last = order.shop.settings.get("refund_amount", "sum") == "last"
            back = transaction.refunds[-1].amount if last else transaction.refunded
            values |= {
                "refund_amount": float(decimal_text(back)),
                "refund_date_last": int(transaction.at.timestamp() * 1000),
            }
        return values

    def _checkout(self, request: Request) -> Response:
        try:
            shop, values = self._opened(request)
        except Refused as refused:
            return refusal_page(self.title, json.loads(refused.response.body)["err_code"])
        problem = self._problem(shop, values)
        if problem:
            return refusal_page(self.title, problem)
        with self.lock:
            token = self.ids.make(LETTERS, 20, "checkout", shop.name, values["order_id"])
            if token in self.orders:
                order = self.orders[token]
                unlike = order.extra["values"] != values
                return refusal_page(self.title, "order_id_unique") if unlike else self.page(order)
            amount, currency = minor_units(str(values["amount"])), str(values["currency"])
            back = str(values.get("result_url", ""))
            told = str(values.get("server_url", ""))
            order = Order(
                token, shop, str(values["order_id"]), amount, currency, str(values["description"]), back, self.now()
            )
            order.webhook_url, order.extra = told, {"values": values}
            return self.page(self.keep(order))

    def _problem(self, shop: Shop, values: dict[str, Any]) -> str:
        if missing := [name for name in REQUIRED if not values.get(name)]:
            return f"err_missing_{missing[0]}"
        checks = {
            "invalid_version": str(values["version"]) == self._version(shop),
            "invalid_action": values["action"] == "pay",
            "invalid_currency": values["currency"] in CURRENCIES,
            "invalid_order_id": len(str(values["order_id"])) <= 255,  # noqa: PLR2004 - the documented limit
            "invalid_amount": re.fullmatch(r"\d{1,12}(\.\d{1,2})?", str(values["amount"])),
        }
        return next((code for code, good in checks.items() if not good), "")

    def _api(self, request: Request) -> Response:
        try:
            shop, values = self._opened(request)
        except Refused as refused:
            return refused.response
        with self.lock:
            orders = [o for o in self.orders.values() if o.shop is shop and o.reference == values.get("order_id")]
            if not orders or not orders[-1].transactions:
                return _error("payment_not_found")
            order = orders[-1]
            if values.get("action") == "status":
                return json_response({"result": "ok", **self._values(order, order.last)})
            if values.get("action") != "refund":
                return _error("invalid_action")
            transaction = next((one for one in reversed(order.transactions) if one.state == "paid" and one.left), None)
            amount = minor_units(str(values["amount"])) if values.get("amount") else order.amount
            if transaction is None or not 0 < amount <= transaction.left:
                return _error("payment_err_status" if transaction is None else "err_amount_hold")
            self._give_back(order, transaction, amount)
            found = {"action": "refund", "payment_id": int(transaction.id), "status": transaction.extra["status"]}
            return json_response({"result": "ok", "wait_amount": False, **found})

    def _give_back(self, order: Order, transaction: Transaction, amount: int) -> None:
        found = self.ids.make(LETTERS, 12, "refund", transaction.id, len(transaction.refunds))
        transaction.refunds.append(Refund(found, amount, "done", self.now()))
        partial = transaction.left > 0
        status = order.shop.settings.get("partial_refund", "reversed") if partial else "reversed"
        transaction.at, transaction.extra["status"] = self.now(), status
        self._callback(order, transaction)

    def _opened(self, request: Request) -> tuple[Shop, dict[str, Any]]:
        form = request.form()
        data = form.get("data", "")
        try:
            values = json.loads(base64.b64decode(data, validate=True))
        except ValueError as error:
            raise Refused(_error("invalid_data")) from error
        shop = self.shop(
            lambda one: isinstance(values, dict) and one.settings["public_key"] == values.get("public_key")
        )
        if shop is None:
            raise Refused(_error("public_key_not_found"))
        expected = [signature(self._version(shop), key, data) for key in shop.secrets["private_key"]]
        if not same(form.get("signature", ""), expected):
            raise Refused(_error("invalid_signature"))
        return shop, values

    def _version(self, shop: Shop) -> str:
        return str(shop.settings.get("version", "3"))


def _error(code: str) -> Response:
    return json_response({"result": "error", "status": "error", "err_code": code, "err_description": code})
