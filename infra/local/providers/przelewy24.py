"""Przelewy24 from its own side: register, notification until it is verified, verify, status, refund.

Unconfirmed, and so settings of the merchant: `verify_again` (success|error: the answer to a second verification) and
`refund_again` (success|error: to a request id that was used).
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from infra.local.providers.book import Order, Refund, Shop, Transaction, words
from infra.local.providers.config import Manner
from infra.local.providers.frame import Refused, Request, Response, Route, json_response
from infra.local.providers.post import Outgoing
from infra.local.providers.sandbox import Sandbox, same

METHOD = 154
NEEDED = words("merchantId posId sessionId amount currency description email country language urlReturn sign")
KNOWN = {
    *NEEDED,
    *words("urlStatus timeLimit encoding channel waitForResult regulationAccept transferLabel method client"),
}
LIMITS = {"sessionId": 100, "description": 1024, "email": 50, "urlReturn": 250, "urlStatus": 250}


def seal(values: Mapping[str, Any], names: str, crc: str) -> str:
    """SHA-384 over compact JSON: the named values in this order, `crc` last, letters and slashes as they are."""
    parts = [f"{json.dumps(name)}:{json.dumps(values[name], ensure_ascii=False)}" for name in names.split()]
    text = "{" + ",".join([*parts, f'"crc":{json.dumps(crc, ensure_ascii=False)}']) + "}"
    return hashlib.sha384(text.encode("utf-8")).hexdigest()


REGISTER = "sessionId merchantId amount currency"
VERIFY = "sessionId orderId amount currency"
NOTICE = "merchantId posId sessionId amount originAmount currency orderId methodId statement"
REFUND = "orderId sessionId refundsUuid merchantId amount currency status"


class Przelewy24(Sandbox):
    """See the module."""

    name, title = "przelewy24", "Przelewy24"

    def routes(self) -> list[Route]:
        base = "/api/v1"
        return [
            Route("GET", f"{base}/testAccess", self._test),
            Route("POST", f"{base}/transaction/register", self._register),
            Route("PUT", f"{base}/transaction/verify", self._verify),
            Route("GET", f"{base}/transaction/by/sessionId/{{session}}", self._status),
            Route("POST", f"{base}/transaction/refund", self._refund),
            Route("GET", "/trnRequest/{token}", lambda _request, token: self.page(self._found(token))),
        ]

    def act(self, order: Order, manner: Manner) -> str:
        if manner is Manner.LATER:
            self._try(order)
            self.soon(order)
        elif manner is not Manner.REFUSE:
            for _ in range(2 if manner is Manner.TWICE else 1):
                self._receive(order, self._try(order))
        else:
            # Nobody is told of a refused payment; the shop has to ask.
            self._try(order).state = "failed"
        return self.way_back(order)

    def finish(self, order: Order, *, success: bool) -> None:
        for transaction in [one for one in order.transactions if one.state == "pending"]:
            if success:
                self._receive(order, transaction)
            else:
                transaction.state = "failed"

    def expire(self, order: Order) -> None:
        """Nothing: nobody is told."""

    def event(self, order: Order, name: str, amount: int) -> None:
        transaction = order.paid_ones()[-1]
        if name == "refund":
            self._give_back(order, transaction, amount or transaction.left, f"panel-{len(transaction.refunds)}", "")
        elif name == "refund_rejected":
            self._refund_notice(order, transaction, transaction.refunds[-1], "failed")
        else:
            raise ValueError(name)

    def _try(self, order: Order) -> Transaction:
        number = self.ids.number(12, "order", order.token, len(order.transactions))
        return self.add(order, Transaction(str(number), "pending", self.now()))

    def _receive(self, order: Order, transaction: Transaction) -> None:
        order.state, transaction.state, transaction.at = "done", "held", self.now()
        shop = order.shop
        values = {
            **self._names(shop),
            "sessionId": order.reference,
            "amount": order.amount,
            "originAmount": order.amount,
            "currency": order.currency,
            "orderId": int(transaction.id),
            "methodId": METHOD,
            "statement": f"p24-{transaction.id}",
        }

        def build(_attempt: int) -> Outgoing:
            return _json({**values, "sign": seal(values, NOTICE, shop.secret("crc"))})

        # Only the verification ends the repeats, not the answer.
        def verified() -> bool:
            with self.lock:
                return transaction.state == "paid"

        name = self._notice_name(transaction)
        self.tell(order, name, build, accepts=lambda answer: answer.ok and verified(), wanted=lambda: not verified())

    def _notice_name(self, transaction: Transaction) -> str:
        return f"notification {transaction.id}"

    def _test(self, request: Request) -> Response:
        self._asked(request)
        return json_response({"data": True, "error": ""})

    def _register(self, request: Request) -> Response:
        shop, values = self._asked(request), request.json()
        wrong = self._misfit(shop, values)
        if wrong:
            return _error(400, f"Incorrect {wrong}")
        if not self._sealed(shop, values, REGISTER):
            return _error(400, "Incorrect CRC value")
        with self.lock:
            token = self.ids.make("0123456789ABCDEF", 32, "token", shop.name, values["sessionId"])
            order = self.orders.get(token)
            if order is not None and order.extra["values"] != values:
                return _error(400, "Transaction with this sessionId is registered already")
            if order is None:
                minutes = int(values.get("timeLimit", 15)) or 99
                expires = self.now() + timedelta(minutes=minutes)
                order = Order(
                    *(token, shop, values["sessionId"], values["amount"], values["currency"]),
                    *(values["description"], values["urlReturn"], self.now(), expires),
                )
                order.webhook_url, order.extra = str(values.get("urlStatus", "")), {"values": values}
                self.keep(order, minutes * 60)
        return json_response({"data": {"token": token}, "responseCode": 0})

    def _misfit(self, shop: Shop, values: dict[str, Any]) -> str:
        if missing := [name for name in NEEDED if values.get(name) in {None, ""}]:
            return missing[0]
        if unknown := sorted(set(values) - KNOWN):
            return unknown[0]
        if long := [name for name, most in LIMITS.items() if len(str(values.get(name, ""))) > most]:
            return long[0]
        if {name: values[name] for name in ("merchantId", "posId")} != self._names(shop):
            return "merchantId"
        minutes = values.get("timeLimit", 0)
        if type(minutes) is not int or not 0 <= minutes <= 99:  # noqa: PLR2004 - the documented limit
            return "timeLimit"
        good = type(values["amount"]) is int and values["amount"] > 0
        return "" if good and values["currency"] == "PLN" else "amount" if not good else "currency"

    def _verify(self, request: Request) -> Response:
        shop, values = self._asked(request), request.json()
        if not self._sealed(shop, values, VERIFY):
            return _error(400, "Incorrect CRC value")
        with self.lock:
            order, transaction = self._transaction(shop, values)
            if (order.amount, order.currency) != (values["amount"], values["currency"]):
                return _error(400, "Incorrect amount or currency")
            if transaction.state == "paid" and shop.settings.get("verify_again") == "error":
                return _error(400, "Transaction is verified already")
            if transaction.state not in {"held", "paid"}:
                return _error(400, "Transaction is not paid")
            transaction.state, transaction.paid = "paid", order.amount
        self.courier.drop(order.reference, self._notice_name(transaction))
        return json_response({"data": {"status": "success"}, "responseCode": 0})

    def _status(self, request: Request, session: str) -> Response:
        shop = self._asked(request)
        with self.lock:
            orders = [order for order in self.orders.values() if order.shop is shop and order.reference == session]
            if not orders:
                return _error(404, "Transaction not found")
            order = orders[-1]
            tries = order.paid_ones() or order.transactions
            one = tries[-1] if tries else None
            state = 0 if one is None else {"held": 1, "paid": 2}.get(one.state, 0)
            # Given back is what was given back whole.
            state = 3 if one is not None and one.paid and one.refunded == one.paid else state
            data = {
                "statement": f"p24-{one.id}" if one else "",
                "orderId": int(one.id) if one else 0,
                "sessionId": session,
                "status": state,
                "amount": order.amount,
                "currency": order.currency,
                "date": f"{order.at:%Y%m%d%H%M}",
                "dateOfTransaction": f"{one.at:%Y%m%d%H%M}" if one else "",
                "clientEmail": order.extra["values"]["email"],
                "paymentMethod": METHOD,
                "description": order.title,
            }
        return json_response({"data": data, "responseCode": 0})

    def _refund(self, request: Request) -> Response:
        shop, values = self._asked(request), request.json()
        item = values["refunds"][0]
        if len(str(values["requestId"])) > 45 or len(str(values["refundsUuid"])) > 35:  # noqa: PLR2004 - documented
            return _error(400, "Incorrect requestId or refundsUuid")
        if len(str(item.get("description", ""))) > 35:  # noqa: PLR2004 - documented
            return _error(400, "Incorrect description")
        with self.lock:
            order, transaction = self._transaction(shop, item)
            known = any(refund.extra["request"] == values["requestId"] for refund in transaction.refunds)
            problem = ""
            if known and shop.settings.get("refund_again", "error") == "error":
                return _error(409, "Request with this requestId was made already")
            if transaction.state != "paid":
                problem = "Transaction in wrong status - cannot refund"
            elif not known and not 0 < item["amount"] <= transaction.left:
                problem = "The amount of refund exceeds available amount for the transaction"
            if not problem and not known:
                self._give_back(order, transaction, item["amount"], values["requestId"], values["refundsUuid"])
                transaction.refunds[-1].extra["url"] = values.get("urlStatus", "")
        said = {**item, "status": not problem, "message": problem or "success"}
        if problem:
            return json_response({"error": [said], "code": 409}, 409)
        return json_response({"data": [said], "responseCode": 0}, 201)

    def _give_back(self, order: Order, transaction: Transaction, amount: int, request: str, uuid: str) -> None:
        found = self.ids.make("0123456789ABCDEF", 20, "refund", transaction.id, request)
        refund = Refund(found, amount, "pending", self.now(), {"request": request, "uuid": uuid or found})
        transaction.refunds.append(refund)

        def carry_out() -> None:
            with self.lock:
                if refund.state == "pending":
                    self._refund_notice(order, transaction, refund, "done")

        self.courier.later(self.config.process_seconds, carry_out)

    def _refund_notice(self, order: Order, transaction: Transaction, refund: Refund, state: str) -> None:
        refund.state, refund.at = state, self.now()
        values = {
            "orderId": int(transaction.id),
            "sessionId": order.reference,
            "merchantId": self._names(order.shop)["merchantId"],
            "requestId": refund.extra["request"],
            "refundsUuid": refund.extra["uuid"],
            "amount": refund.amount,
            "currency": order.currency,
            "timestamp": int(refund.at.timestamp()),
            "status": 0 if state == "done" else 1,
        }
        signed = {**values, "sign": seal(values, REFUND, order.shop.secret("crc"))}
        self.tell(order, f"refund {refund.id} {state}", lambda _attempt: _json(signed))

    def _transaction(self, shop: Shop, values: Mapping[str, Any]) -> tuple[Order, Transaction]:
        for order in self.orders.values():
            if order.shop is shop and order.reference == values.get("sessionId"):
                for transaction in order.transactions:
                    if transaction.id == str(values.get("orderId")):
                        return order, transaction
        raise Refused(_error(404, "Transaction not found"))

    def _names(self, shop: Shop) -> dict[str, int]:
        merchant = int(shop.settings["merchant_id"])
        return {"merchantId": merchant, "posId": int(shop.settings.get("pos_id", "") or merchant)}

    def _sealed(self, shop: Shop, values: dict[str, Any], names: str) -> bool:
        try:
            return same(str(values["sign"]), [seal(values, names, crc) for crc in shop.secrets["crc"]])
        except KeyError:
            return False

    def _asked(self, request: Request) -> Shop:
        given = request.headers.get("authorization", "")

        def fits(shop: Shop) -> bool:
            user = self._names(shop)["posId"]
            keys = [base64.b64encode(f"{user}:{key}".encode()).decode() for key in shop.secrets["api_key"]]
            return same(given, [f"Basic {key}" for key in keys])

        shop = self.shop(fits)
        if shop is None:
            raise Refused(_error(401, "Incorrect authentication"))
        return shop


def _json(values: dict[str, Any]) -> Outgoing:
    body = json.dumps(values, ensure_ascii=False).encode()
    return Outgoing(body, {"Content-Type": "application/json"})


def _error(status: int, text: str) -> Response:
    return json_response({"error": text, "code": status}, status)
