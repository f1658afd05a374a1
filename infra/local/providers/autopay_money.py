"""Autopay's money that leaves: refunds, payouts, balance, and the ISTN notices about them; signed answers and errors."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from infra.local.providers import autopay_messages as m
from infra.local.providers.book import CAPITALS, DIGITS, Order, Refund, Shop, Transaction, decimal_text, minor_units
from infra.local.providers.config import SandboxConfig
from infra.local.providers.frame import XML, Refused, Request, Response, Route
from infra.local.providers.sandbox import Sandbox

WARSAW: Final = ZoneInfo("Europe/Warsaw")


def polish(at: datetime) -> str:
    """A time as Autopay writes it: Polish, `YYYYMMDDhhmmss`."""
    return f"{at.astimezone(WARSAW):%Y%m%d%H%M%S}"


class AutopayMoney(Sandbox):
    """The half of Autopay that sends money out."""

    def __init__(self, config: SandboxConfig) -> None:
        self.payoffs: dict[str, tuple[str, int]] = {}
        super().__init__(config)

    def money_routes(self) -> list[Route]:
        """The calls about money that leaves."""
        return [
            Route("POST", "/webapi/balanceGet", self._balance),
            Route("POST", "/settlementapi/transactionRefund", self._refund),
            Route("POST", "/settlementapi/balancePayoff", self._payoff),
        ]

    def _balance(self, request: Request) -> Response:
        shop, fields = self._asked(request, "balanceGet")
        with self.lock:
            value = decimal_text(self._balance_of(shop))
        named = [("serviceID", fields["ServiceID"]), ("messageID", fields["MessageID"])]
        return self._signed(shop, "balanceGet", [*named, ("balance", value), ("currency", "PLN")])

    def _refund(self, request: Request) -> Response:
        shop, fields = self._asked(request, "transactionRefund")
        with self.lock:
            found = [(o, t) for o in self.orders.values() for t in o.transactions if t.id == fields.get("RemoteID")]
            if not found or found[0][0].shop is not shop:
                return self._error(-10, "TRANSACTION_NOT_FOUND")
            order, transaction = found[0]
            # The same MessageID is confirmed again, and not carried out again.
            if all(refund.extra["message"] != fields["MessageID"] for refund in transaction.refunds):
                amount = minor_units(fields["Amount"]) if fields.get("Amount") else transaction.left
                if fields.get("Currency", order.currency) != order.currency:
                    return self._error(2, "INVALID_FORMAT")
                if transaction.state != "paid" or not 0 < amount <= transaction.left:
                    return self._error(54, "TRANSACTION_NOT_IN_REFUNDABLE_STATUS")
                self._refund_of(order, transaction, amount, fields["MessageID"])
        named = [("serviceID", fields["ServiceID"]), ("messageID", fields["MessageID"])]
        return self._signed(shop, "transactionRefund", named)

    def _refund_of(self, order: Order, transaction: Transaction, amount: int, message: str) -> None:
        found = self.ids.make(DIGITS, 10, "refund", transaction.id, len(transaction.refunds))
        extra = {"message": message, "remote": transaction.id}
        refund = Refund(f"ZWTR_{found}", amount, "pending", self.now(), extra)
        transaction.refunds.append(refund)
        if order.shop.settings.get("istn_pending") == "yes":
            self._istn(order, refund, "PENDING")
        self.courier.later(self.config.process_seconds, lambda: self._carry_out(order, refund))

    def _carry_out(self, order: Order, refund: Refund) -> None:
        with self.lock:
            if refund.state == "pending":
                refund.state, refund.at = "done", self.now()
                self._istn(order, refund, "SUCCESS")

    def _payoff(self, request: Request) -> Response:
        shop, fields = self._asked(request, "balancePayoff")
        with self.lock:
            if fields["MessageID"] not in self.payoffs:
                amount = minor_units(fields["Amount"]) if fields.get("Amount") else self._balance_of(shop)
                if not 0 < amount <= self._balance_of(shop):
                    return self._error(49, "VALIDATION_FAILED")
                self._send_out(shop, amount, fields["MessageID"])
        named = [("serviceID", fields["ServiceID"]), ("messageID", fields["MessageID"])]
        return self._signed(shop, "balancePayoff", named)

    def _pay_out(self, order: Order, amount: int) -> None:
        self._send_out(order.shop, amount or self._balance_of(order.shop), f"daily {len(self.payoffs)}")

    def _send_out(self, shop: Shop, amount: int, message: str) -> None:
        self.payoffs[message] = (shop.name, amount)
        transfer = Refund(self.ids.make(CAPITALS, 10, "out", message), amount, "done", self.now(), {"remote": ""})
        order = next(order for order in self.orders.values() if order.shop is shop)
        self._istn(order, transfer, "SUCCESS")

    def _balance_of(self, shop: Shop) -> int:
        paid = sum(t.paid - t.refunded for o in self.orders.values() if o.shop is shop for t in o.transactions)
        return paid - sum(amount for name, amount in self.payoffs.values() if name == shop.name)

    def _istn(self, order: Order, transfer: Refund, status: str) -> None:
        shop, service = order.shop, str(order.shop.settings["service_id"])
        if shop.settings.get("istn", "yes") != "yes":
            return
        is_refund = bool(transfer.extra["remote"])
        about = [("orderID", order.reference), ("remoteID", transfer.extra["remote"])] if is_refund else []
        details = {"SUCCESS": "CONFIRMED", "FAILURE": "ANOTHER_ERROR"}.get(status, "")
        leaves: list[m.Leaf] = [
            ("isRefund", "true" if is_refund else "false"),
            *about,
            ("remoteOutID", transfer.id),
            ("amount", decimal_text(transfer.amount)),
            ("currency", order.currency),
            *([("transferDate", polish(transfer.at))] if status == "SUCCESS" else []),
            ("transferStatus", status),
            *([("transferStatusDetails", details)] if details else []),
            ("title", f"Zwrot {order.reference}" if is_refund else "Rozliczenie"),
        ]
        self.tell(
            order,
            f"ISTN {transfer.id} {status}",
            lambda _attempt: m.notice(m.xml_list(service, [leaves], self._algorithm(shop), shop.secret("key"))),
            accepts=lambda answer: m.confirmed(
                answer, ("remoteOutID", transfer.id), service, self._algorithm(shop), shop.secrets["key"]
            ),
        )

    # --- Common

    def _algorithm(self, shop: Shop) -> str:
        return str(shop.settings.get("algorithm", "sha256"))

    def _checked(self, fields: dict[str, str], order: tuple[str, ...]) -> Shop | None:
        shop = self.shop(lambda one: one.settings["service_id"] == fields.get("ServiceID"))
        known = shop and m.signed_by(fields, order, self._algorithm(shop), shop.secrets["key"])
        return shop if known else None

    def _asked(self, request: Request, call: str) -> tuple[Shop, dict[str, str]]:
        fields = request.form()
        if call == "transactionStatus" and request.headers.get("bmheader") != "pay-bm":
            raise Refused(self._error(2, "INVALID_FORMAT"))
        shop = self._checked(fields, m.CALL_ORDER[call])
        if shop is None:
            raise Refused(self._error(7, "INVALID_HASH"))
        if m.misfit(fields, m.CALL_ORDER[call]) or ("MessageID" in m.CALL_ORDER[call] and not fields.get("MessageID")):
            raise Refused(self._error(2, "INVALID_FORMAT"))
        return shop, fields

    def _error(self, code: int, name: str) -> Response:
        status = next((int(shop.settings.get("error_status", "200")) for shop in self.shops), 200)
        return Response(status, m.error(code, name.partition(" ")[0]), XML)

    def _signed(self, shop: Shop, root: str, leaves: list[m.Leaf]) -> Response:
        return Response(200, m.flat_answer(root, leaves, self._algorithm(shop), shop.secret("key")), XML)
