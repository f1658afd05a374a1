"""Autopay from its own side: start form, ITN and ISTN with the confirmation checked, status query, refund, payout.

Unconfirmed, and so settings of the merchant: `algorithm`, `start_path`, `fee` (minor units that the payer bears), `istn`
(yes|no), `istn_pending` (yes|no), `customer_data` (yes|no), `email_required` (yes|no), `error_status` (of an XML error).
"""

from datetime import UTC, datetime, timedelta

from infra.local.providers import autopay_messages as m
from infra.local.providers.autopay_money import WARSAW, AutopayMoney, polish
from infra.local.providers.book import CAPITALS, Order, Shop, Transaction, decimal_text, minor_units
from infra.local.providers.config import Manner
from infra.local.providers.frame import XML, Request, Response, Route
from infra.local.providers.page import refusal_page
from infra.local.providers.post import Outgoing

MOST = 100_000_00
MOST_TRANSACTIONS = 50


class Autopay(AutopayMoney):
    """See the module."""

    name, title = "autopay", "Autopay"

    def routes(self) -> list[Route]:
        paths = {shop.settings.get("start_path", "/payment") for shop in self.shops}
        return [
            *(Route("POST", path, self._start) for path in sorted(paths)),
            Route("POST", "/webapi/transactionStatus", self._status),
            *self.money_routes(),
        ]

    def act(self, order: Order, manner: Manner) -> str:
        if manner is Manner.TWICE:
            for _ in range(2):
                self._succeed(order, self._try(order))
        else:
            transaction = self._try(order)
            if manner is Manner.PAY:
                self._succeed(order, transaction)
            elif manner is Manner.REFUSE:
                self._fail(order, transaction, "REJECTED_BY_USER")
            else:
                self.soon(order)
        return self.way_back(order)

    def finish(self, order: Order, *, success: bool) -> None:
        for transaction in order.transactions:
            if transaction.state == "pending":
                if success:
                    self._succeed(order, transaction)
                else:
                    self._fail(order, transaction, "CANCELLED")

    def expire(self, order: Order) -> None:
        tries = order.transactions or [self._try(order)]
        for transaction in [one for one in tries if one.state == "pending"]:
            self._fail(order, transaction, "EXPIRED")

    def event(self, order: Order, name: str, amount: int) -> None:
        if name == "refund":
            self._refund_of(order, order.paid_ones()[-1], amount or order.paid_ones()[-1].left, "")
        elif name == "refund_failed":
            refund = order.paid_ones()[-1].refunds[-1]
            refund.state = "failed"
            self._istn(order, refund, "FAILURE")
        elif name == "payout":
            self._pay_out(order, amount)
        else:
            raise ValueError(name)

    def way_back(self, order: Order) -> str:
        values = [str(order.shop.settings["service_id"]), order.reference]
        digest = m.digest(self._algorithm(order.shop), values, order.shop.secret("key"))
        sign = "&" if "?" in order.return_url else "?"
        return f"{order.return_url}{sign}ServiceID={values[0]}&OrderID={values[1]}&Hash={digest}"

    # --- What the payer does

    def _try(self, order: Order) -> Transaction:
        number = len(order.transactions)
        remote = self.ids.make(CAPITALS, 8, "remote", order.shop.name, order.reference, number)
        transaction = self.add(order, Transaction(remote, "pending", self.now(), extra={"details": ""}))
        self._itn(order, transaction)
        return transaction

    def _succeed(self, order: Order, transaction: Transaction) -> None:
        order.state, transaction.state, transaction.at = "done", "paid", self.now()
        transaction.paid, transaction.extra["details"] = order.amount, "AUTHORIZED"
        self._itn(order, transaction)

    def _fail(self, order: Order, transaction: Transaction, details: str) -> None:
        transaction.state, transaction.at, transaction.extra["details"] = "failed", self.now(), details
        self._itn(order, transaction)

    def _itn(self, order: Order, transaction: Transaction) -> None:
        shop, first = order.shop, self._leaves(order, transaction)
        service, status = str(shop.settings["service_id"]), dict(first)["paymentStatus"]

        def build(attempt: int) -> Outgoing:
            # A repeat carries the newest status.
            with self.lock:
                leaves = first if attempt == 1 else self._leaves(order, transaction)
            return m.notice(m.xml_list(service, [leaves], self._algorithm(shop), shop.secret("key")))

        named = ("orderID", order.reference)
        self.tell(
            order,
            f"ITN {transaction.id} {status}",
            build,
            accepts=lambda answer: m.confirmed(answer, named, service, self._algorithm(shop), shop.secrets["key"]),
        )

    def _leaves(self, order: Order, transaction: Transaction, *, plain: bool = False) -> list[m.Leaf]:
        fee = int(order.shop.settings.get("fee", "0"))
        status = {"paid": "SUCCESS", "failed": "FAILURE"}.get(transaction.state, "PENDING")
        leaves = [
            ("orderID", order.reference),
            ("remoteID", transaction.id),
            ("amount", decimal_text(order.amount + fee)),
            ("currency", order.currency),
            ("gatewayID", order.extra["gateway"]),
            ("paymentDate", polish(transaction.at)),
            ("paymentStatus", status),
            *([("paymentStatusDetails", transaction.extra["details"])] if transaction.extra["details"] else []),
        ]
        if not plain and order.shop.settings.get("customer_data") == "yes":
            leaves += [
                ("customerData.fName", "Jan"),
                ("customerData.lName", "Przykładowy"),
                ("customerData.city", "Gdańsk"),
            ]
        return leaves if plain or not fee else [*leaves, ("startAmount", decimal_text(order.amount))]

    # --- What the shop asks

    def _start(self, request: Request) -> Response:
        fields = request.form()
        shop, problem, code = self._checked(fields, m.START_ORDER), "", 2
        if shop is None:
            problem, code = "INVALID_HASH", 7
        elif misfit := self._misfit(shop, fields):
            problem = f"INVALID_FORMAT {misfit}"
        wants_xml = "bmheader" in request.headers
        if shop is None or problem:
            return self._error(code, problem) if wants_xml else refusal_page(self.title, problem)
        with self.lock:
            token = self.ids.make(CAPITALS, 16, "order", shop.name, fields["OrderID"])
            order = self.orders.get(token) or self._take(shop, token, fields)
            if order.extra["fields"] != fields:
                return refusal_page(self.title, "ORDER_ID_NOT_UNIQUE")
            if order.state == "done" and wants_xml:
                values = [("orderID", order.reference), ("confirmation", "NOTCONFIRMED")]
                return self._signed(shop, "transaction", [*values, ("reason", "MULTIPLY_PAID_TRANSACTION")])
            if wants_xml:
                values = [("status", "PENDING"), ("redirecturl", f"{self.url}/pay/{token}")]
                remote = self.ids.make(CAPITALS, 8, "remote", shop.name, order.reference, len(order.transactions))
                return self._signed(shop, "transaction", [*values, ("orderID", order.reference), ("remoteID", remote)])
            return self.page(order)

    def _take(self, shop: Shop, token: str, fields: dict[str, str]) -> Order:
        valid = fields.get("ValidityTime")
        now = self.now()
        expires = (
            datetime.fromisoformat(valid).replace(tzinfo=WARSAW).astimezone(UTC) if valid else now + timedelta(days=6)
        )
        order = Order(
            token,
            shop,
            fields["OrderID"],
            minor_units(fields["Amount"]),
            fields.get("Currency") or "PLN",
            fields.get("Description") or fields.get("Title") or fields["OrderID"],
            fields.get("ReturnURL") or str(shop.settings.get("return_url", "")),
            now,
            min(expires, now + timedelta(days=31)),
        )
        gateway = fields.get("GatewayID", "0")
        order.extra = {"fields": fields, "gateway": gateway if gateway != "0" else "106"}
        return self.keep(order, (expires - now).total_seconds())

    def _misfit(self, shop: Shop, fields: dict[str, str]) -> str:
        if misfit := m.misfit(fields, m.START_ORDER):
            return misfit
        needed = ["ServiceID", "OrderID", "Amount"]
        if shop.settings.get("email_required", "yes") == "yes":
            needed.append("CustomerEmail")
        if missing := [name for name in needed if not fields.get(name)]:
            return missing[0]
        if (fields.get("Currency") or "PLN") != shop.settings.get("currency", "PLN"):
            return "Currency"
        return "" if 1 <= minor_units(fields["Amount"]) <= MOST else "Amount"

    def _status(self, request: Request) -> Response:
        shop, fields = self._asked(request, "transactionStatus")
        with self.lock:
            orders = [o for o in self.orders.values() if (o.shop, o.reference) == (shop, fields.get("OrderID"))]
            rows = [self._leaves(order, one, plain=True) for order in orders for one in order.transactions]
        if len(rows) > MOST_TRANSACTIONS:
            reason = "LIMIT_REQUESTED_TRANSACTIONS_WITH_THE_SAME_ORDER_ID_AND_SERVICE_ID_EXCEEDED"
            return Response(403, f"{m.HEAD}<transaction><reason>{reason}</reason></transaction>".encode(), XML)
        service = str(shop.settings["service_id"])
        return Response(200, m.xml_list(service, rows, self._algorithm(shop), shop.secret("key")), XML)
