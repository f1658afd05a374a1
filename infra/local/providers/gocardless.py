"""GoCardless from its own side: billing requests and their flows, mandates, payments that move on, refunds, signed events.

Unconfirmed, and so settings of the merchant: `payment_metadata` (yes|no: whether a payment made by a billing request has
the metadata of its request), `resource_metadata` (yes|no: whether events carry it). `payout_fee`: what a payout is less than its
payment, minor units; `page`: the most rows of a list. A request is fulfilled once: a payer
who presses twice makes only the webhook come twice.
"""

from typing import Any

from infra.local.providers.book import CAPITALS, Order, Shop, Transaction
from infra.local.providers.config import Manner, SandboxConfig
from infra.local.providers.frame import Refused, Request, Response, Route, json_response
from infra.local.providers.gocardless_resources import GoCardlessResources
from infra.local.providers.sandbox import same

CURRENCIES = frozenset({"EUR", "GBP", "SEK", "DKK"})


class GoCardless(GoCardlessResources):
    """See the module."""

    name, title = "gocardless", "GoCardless"

    def __init__(self, config: SandboxConfig) -> None:
        self.made: dict[tuple[str, str], str] = {}
        super().__init__(config)

    def routes(self) -> list[Route]:
        return [
            Route("POST", "/billing_requests", self._request),
            Route("POST", "/billing_requests/{found}/actions/cancel", self._cancel_request),
            Route("POST", "/billing_request_flows", self._flow),
            Route("POST", "/payments", self._collect),
            Route("POST", "/payments/{found}/actions/cancel", self._cancel_payment),
            Route("POST", "/refunds", self._refund),
            *(Route("GET", f"/{kind}/{{found}}", self._getter(kind)) for kind in self._finders()),
            Route("GET", "/payout_items", self._payout_items),
            Route("GET", "/events", self._events),
        ]

    def act(self, order: Order, manner: Manner) -> str:
        if manner is Manner.REFUSE:
            order.state = "cancelled"
            kind = "billing_requests"
            self.emit(order, [(kind, "bank_authorisation_denied", order.token), (kind, "failed", order.token)])
            return self.way_back(order)
        order.state, order.extra["fulfilled"], order.extra["later"] = "done", True, manner is Manner.LATER
        times = 2 if manner is Manner.TWICE else 1
        if "mandate_request" in order.extra["asked_for"]:
            self._sign(order, times)
        else:
            ours = order.extra["asked_for"]["payment_request"].get("metadata", {})
            copied = order.shop.settings.get("payment_metadata", "yes") == "yes"
            one = self.new_payment(order, order.amount, ours if copied else {})
            self.emit(order, [("payments", "created", one.id), ("billing_requests", "fulfilled", order.token)], times)
            self._go_on(order, one)
        return self.way_back(order)

    def _sign(self, order: Order, times: int) -> None:
        order.extra["mandate"] = "MD" + self.ids.make(CAPITALS, 12, "mandate", order.token)
        order.extra["mandate_status"] = "pending_submission" if order.extra["later"] else "active"
        happened = [("mandates", "created", order.extra["mandate"]), ("billing_requests", "fulfilled", order.token)]
        if not order.extra["later"]:
            happened.append(("mandates", "active", order.extra["mandate"]))
        self.emit(order, happened, times)

    def _go_on(self, order: Order, one: Transaction) -> None:
        if order.extra["later"]:
            self.soon(order)
        else:
            self.move_on(order, one)

    def finish(self, order: Order, *, success: bool) -> None:
        if order.extra["mandate"] and order.extra["mandate_status"] == "pending_submission":
            order.extra["mandate_status"] = "active" if success else "failed"
            self.emit(order, [("mandates", order.extra["mandate_status"], order.extra["mandate"])])
        for one in [one for one in order.transactions if one.state == "pending"]:
            if success:
                self.confirm(order, one)
            else:
                self.fail(order, one)

    def expire(self, order: Order) -> None:
        """Nothing: a billing request waits."""

    def event(self, order: Order, name: str, amount: int) -> None:
        if name == "mandate_cancelled":
            order.extra["mandate_status"] = "cancelled"
            self.emit(order, [("mandates", "cancelled", order.extra["mandate"])], origin="payer")
            return
        one = order.last
        if name == "refund":
            self.give_back(order, one, amount or one.left, {})
        elif name == "refund_failed":
            one.refunds[-1].state = "failed"
            self.emit(order, [("refunds", "failed", one.refunds[-1].id)])
        elif name == "late_failure":
            self.fail(order, one)
        elif name == "payout":
            self.pay_out(order, one)
        elif name in {"dispute", "dispute_won", "dispute_lost"}:
            self.charge_back(order, one, name)
        else:
            raise ValueError(name)

    # --- What the shop asks

    def _asked(self, request: Request) -> Shop:
        given = request.headers.get("authorization", "")
        shop = self.shop(lambda one: same(given, [f"Bearer {key}" for key in one.secrets["access_token"]]))
        if shop is None:
            raise Refused(_error(401, "invalid_api_usage", "access_token_not_found"))
        if not request.headers.get("gocardless-version"):
            raise Refused(_error(400, "invalid_api_usage", "missing_version_header"))
        return shop

    def _body(self, request: Request, shop: Shop, kind: str) -> dict[str, Any]:
        values = request.json().get(kind)
        if not isinstance(values, dict):
            raise Refused(_error(400, "invalid_api_usage", "request_body_missing_wrapper"))
        metadata = values.get("metadata", {})
        if len(metadata) > 3 or any(not isinstance(v, str) or len(v) > 500 for v in metadata.values()):  # noqa: PLR2004
            raise Refused(_error(422, "validation_failed", "metadata"))
        known = self.made.get((shop.name, f"{kind} {request.headers.get('idempotency-key', '')}"))
        if known and request.headers.get("idempotency-key"):
            links = {"conflicting_resource_id": known}
            raise Refused(_error(409, "invalid_state", "idempotent_creation_conflict", links))
        return values

    def _made(self, request: Request, shop: Shop, kind: str, resource: dict[str, Any]) -> Response:
        if key := request.headers.get("idempotency-key"):
            self.made[shop.name, f"{kind} {key}"] = resource["id"]
        return json_response({kind: resource}, 201)

    def _request(self, request: Request) -> Response:
        shop = self._asked(request)
        with self.lock:
            values = self._body(request, shop, "billing_requests")
            asked = values.get("payment_request") or values.get("mandate_request") or {}
            amount = values.get("payment_request", {}).get("amount", 0)
            currency = asked.get("currency")
            if currency not in CURRENCIES or ("payment_request" in values and (type(amount) is not int or amount <= 0)):
                return _error(422, "validation_failed", "amount or currency")
            metadata = values.get("metadata", {})
            reference = str(metadata.get("order", ""))
            number = sum(order.reference == reference for order in self.orders.values())
            token = "BRQ" + self.ids.make(CAPITALS, 12, "request", shop.name, reference, number)
            title = str(asked.get("description") or reference)
            order = Order(token, shop, reference or token, amount, currency, title, "", self.now())
            order.extra = {"asked_for": values, "metadata": metadata, "events": [], "fulfilled": False}
            order.extra |= {"mandate": "", "mandate_status": "", "cancelled": False, "later": False}
            if not amount:
                order.extra["asked"] = "by direct debit"
            self.keep(order)
            self.emit(order, [("billing_requests", "created", token)])
            return self._made(request, shop, "billing_requests", self.billing_request(order))

    def _flow(self, request: Request) -> Response:
        shop = self._asked(request)
        with self.lock:
            values = self._body(request, shop, "billing_request_flows")
            order = self._mine(shop, values["links"]["billing_request"])
            order.return_url = str(values.get("redirect_uri", ""))
            order.back_url = str(values.get("exit_uri") or order.return_url)
            if not order.return_url.startswith("http") or order.state != "open":
                return _error(422, "validation_failed", "redirect_uri")
            flow = {"id": "BRF" + order.token[3:], "authorisation_url": f"{self.url}/pay/{order.token}"}
            return json_response({"billing_request_flows": {**flow, "links": values["links"]}}, 201)

    def _collect(self, request: Request) -> Response:
        shop = self._asked(request)
        with self.lock:
            values = self._body(request, shop, "payments")
            order = self._by_mandate(shop, values["links"]["mandate"])
            if order.extra["mandate_status"] not in {"pending_submission", "submitted", "active"}:
                return _error(422, "invalid_state", "mandate_is_inactive")
            amount = values["amount"]
            if type(amount) is not int or amount <= 0 or values["currency"] != order.currency:
                return _error(422, "validation_failed", "amount or currency")
            one = self.new_payment(order, amount, values.get("metadata", {}))
            order.amount = order.amount or amount
            self.emit(order, [("payments", "created", one.id)])
            self._go_on(order, one)
            return self._made(request, shop, "payments", self.payment(order, one))

    def _refund(self, request: Request) -> Response:
        shop = self._asked(request)
        with self.lock:
            values = self._body(request, shop, "refunds")
            order, one = self._payment(shop, values["links"]["payment"])
            back = sum(refund.amount for refund in one.refunds if refund.state != "failed")
            if values.get("total_amount_confirmation") != back + values["amount"]:
                return _error(422, "validation_failed", "total_amount_confirmation_invalid")
            if not 0 < values["amount"] <= one.left:
                return _error(422, "invalid_state", "refund_payment_invalid_state")
            refund = self.give_back(order, one, values["amount"], values.get("metadata", {}))
            return self._made(request, shop, "refunds", self.refund_of(order, one, refund))

    def _cancel_request(self, request: Request, found: str) -> Response:
        with self.lock:
            order = self._mine(self._asked(request), found)
            if order.state != "open":
                return _error(422, "invalid_state", "cancellation_failed")
            order.state, order.extra["cancelled"] = "cancelled", True
            self.emit(order, [("billing_requests", "cancelled", found)])
            return json_response({"billing_requests": self.billing_request(order)})

    def _cancel_payment(self, request: Request, found: str) -> Response:
        with self.lock:
            order, one = self._payment(self._asked(request), found)
            if one.state != "pending":
                return _error(422, "invalid_state", "cancellation_failed")
            one.state, one.extra["status"] = "cancelled", "cancelled"
            self.emit(order, [("payments", "cancelled", found)])
            return json_response({"payments": self.payment(order, one)})

    # --- Finding

    def _finders(self) -> dict[str, Any]:
        return {
            "billing_requests": lambda shop, found: self.billing_request(self._mine(shop, found)),
            "payments": lambda shop, found: self.payment(*self._payment(shop, found)),
            "mandates": lambda shop, found: self.mandate(self._by_mandate(shop, found)),
            "refunds": self._refund_found,
            "payouts": lambda _shop, found: self.payouts[found],
        }

    def _getter(self, kind: str) -> Any:
        def get(request: Request, found: str) -> Response:
            shop = self._asked(request)
            with self.lock:
                try:
                    return json_response({kind: self._finders()[kind](shop, found)})
                except LookupError:
                    return _error(404, "invalid_api_usage", "resource_not_found")

        return get

    def _payout_items(self, request: Request) -> Response:
        """What a payout is made of, a page at a time; the cursor is the place of the next item."""
        shop = self._asked(request)
        with self.lock:
            items = self.payout_items.get(request.query.get("payout", ""))
        if items is None:
            return _error(422, "validation_failed", "payout")
        first = int(request.query.get("after") or 0)
        end = first + min(int(request.query.get("limit", 50)), int(shop.settings.get("page", 500)))
        cursors = {"before": None, "after": str(end) if end < len(items) else None}
        return json_response({"payout_items": items[first:end], "meta": {"cursors": cursors}})

    def _mine(self, shop: Shop, found: str) -> Order:
        order = self.orders.get(found)
        if order is None or order.shop is not shop:
            raise Refused(_error(404, "invalid_api_usage", "resource_not_found"))
        return order

    def _by_mandate(self, shop: Shop, found: str) -> Order:
        match = [order for order in self.orders.values() if order.shop is shop and order.extra["mandate"] == found]
        if not match or not found:
            raise Refused(_error(404, "invalid_api_usage", "resource_not_found"))
        return match[0]

    def _payment(self, shop: Shop, found: str) -> tuple[Order, Transaction]:
        rows = [(order, one) for order in self.orders.values() for one in order.transactions if order.shop is shop]
        match = [row for row in rows if row[1].id == found]
        if not match:
            raise Refused(_error(404, "invalid_api_usage", "resource_not_found"))
        return match[0]

    def _refund_found(self, shop: Shop, found: str) -> dict[str, Any]:
        rows = [(o, t, r) for o in self.orders.values() for t in o.transactions for r in t.refunds if o.shop is shop]
        return self.refund_of(*[row for row in rows if row[2].id == found][0])  # noqa: RUF015 - IndexError is a LookupError

    def _events(self, request: Request) -> Response:
        shop = self._asked(request)
        with self.lock:
            events = [event for order in self.orders.values() if order.shop is shop for event in order.extra["events"]]
        return json_response({"events": events[-int(request.query.get("limit", 50)) :], "meta": {}})


def _error(status: int, kind: str, reason: str, links: dict[str, str] | None = None) -> Response:
    problem = {"reason": reason, "message": reason, **({"links": links} if links else {})}
    return json_response({"error": {"type": kind, "code": status, "message": reason, "errors": [problem]}}, status)
