"""Stripe from its own side: Checkout Sessions, signed events in any order, refunds, disputes, payouts, idempotency keys.

Settings of the merchant: `events` (those that the endpoint is registered for, a comma between; all without it),
`refund_state` (succeeded|pending: how a refund begins), `payout_fee` (what a payout is less than its payment, minor units),
`page` (the most rows of a list). A session is paid once: a payer who presses twice makes only the
event come twice; two sessions of one order are the real double payment.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.local.providers.book import LETTERS, Order, Refund, Shop, Transaction
from infra.local.providers.config import Manner, SandboxConfig
from infra.local.providers.frame import Refused, Request, Response, Route, json_response
from infra.local.providers.sandbox import Sandbox, same
from infra.local.providers.stripe_objects import (
    LOCALES,
    MINOR,
    SESSION_FIELDS,
    Objects,
    invalid,
    nested,
    refusal,
    webhook,
)

SHORTEST, LONGEST = timedelta(minutes=30), timedelta(hours=24)
MOST = 999_999_99


class Stripe(Sandbox):
    """See the module."""

    name, title = "stripe", "Stripe"

    def __init__(self, config: SandboxConfig) -> None:
        self.answers: dict[tuple[str, str], tuple[bytes, Response]] = {}
        self.payouts: dict[str, tuple[Order, int]] = {}
        super().__init__(config)
        self.objects = Objects(self.ids, self.url)

    def routes(self) -> list[Route]:
        sessions = "/v1/checkout/sessions"
        return [
            Route("POST", sessions, self._create),
            Route("GET", f"{sessions}/{{found}}", self._session),
            Route("POST", f"{sessions}/{{found}}/expire", self._expire),
            Route("GET", "/v1/payment_intents/{found}", self._intent),
            Route("POST", "/v1/refunds", self._refund),
            Route("GET", "/v1/refunds/{found}", self._get_refund),
            Route("GET", "/v1/events", self._events),
            Route("GET", "/v1/balance_transactions", self._balance),
        ]

    def act(self, order: Order, manner: Manner) -> str:
        one = self._intent_of(order)
        if manner is Manner.REFUSE:
            one.state, order.note = "failed", "Your card was declined. Try another."
            self._emit(order, "payment_intent.payment_failed", self.objects.intent(order, one))
            return ""
        order.state = "done"
        if manner is Manner.LATER:
            one.state = "pending"
            self._emit(order, "payment_intent.processing", self.objects.intent(order, one))
            self._emit(order, "checkout.session.completed", self.objects.session(order))
            self.soon(order)
        else:
            self._succeed(order, one, "completed", times=2 if manner is Manner.TWICE else 1)
        return self.way_back(order)

    def finish(self, order: Order, *, success: bool) -> None:
        if success:
            self._succeed(order, order.last, "async_payment_succeeded")
            return
        order.last.state = "failed"
        self._emit(order, "payment_intent.payment_failed", self.objects.intent(order, order.last))
        self._emit(order, "checkout.session.async_payment_failed", self.objects.session(order))

    def expire(self, order: Order) -> None:
        self._emit(order, "checkout.session.expired", self.objects.session(order))

    def event(self, order: Order, name: str, amount: int) -> None:
        one = order.paid_ones()[-1]
        if name == "refund":
            self._give_back(order, one, amount or one.left, {}, "succeeded")
        elif name == "refund_failed":
            one.refunds[-1].state = "failed"
            self._tell_refund(order, one, one.refunds[-1], "refund.failed")
        elif name in {"dispute", "dispute_won", "dispute_lost"}:
            self._dispute(order, one, name, amount or one.left)
        elif name == "payout":
            found = "po_" + self.ids.make(LETTERS, 24, "payout", order.token, len(order.extra["events"]))
            payout = self.objects.payout(found, order, amount or one.left - self._fee(order.shop))
            self.payouts[found] = (order, payout["amount"])
            self._emit(order, "payout.paid", payout)
        else:
            raise ValueError(name)

    def way_back(self, order: Order) -> str:
        return order.return_url.replace("{CHECKOUT_SESSION_ID}", order.token)

    # --- What happens

    def _intent_of(self, order: Order) -> Transaction:
        if not order.transactions:
            found = "pi_" + self.ids.make(LETTERS, 24, "intent", order.token)
            self.add(order, Transaction(found, "pending", self.now()))
        return order.last

    def _succeed(self, order: Order, one: Transaction, said: str, times: int = 1) -> None:
        one.state, one.paid, one.at = "paid", order.amount, self.now()
        self._emit(order, "payment_intent.succeeded", self.objects.intent(order, one))
        self._emit(order, "charge.succeeded", self.objects.charge(order, one))
        self._emit(order, f"checkout.session.{said}", self.objects.session(order), times)

    def _emit(self, order: Order, kind: str, subject: dict[str, Any], times: int = 1) -> None:
        shop = order.shop
        event = self.objects.event(order, kind, subject, int(self.now().timestamp()))
        wanted = str(shop.settings.get("events", ""))
        if wanted and kind not in wanted.split(","):
            return
        for _ in range(times):
            self.tell(
                order,
                kind,
                lambda _attempt: webhook(event, shop.secrets["webhook_secret"], int(self.now().timestamp())),
            )

    def _give_back(self, order: Order, one: Transaction, amount: int, metadata: dict[str, str], state: str) -> Refund:
        found = "re_" + self.ids.make(LETTERS, 24, "refund", one.id, len(one.refunds))
        done = "done" if state == "succeeded" else "pending"
        refund = Refund(found, amount, done, self.now(), {"metadata": metadata})
        one.refunds.append(refund)
        self._tell_refund(order, one, refund, "refund.created")
        if done == "pending":
            self.courier.later(self.config.process_seconds, lambda: self._refund_done(order, one, refund))
        return refund

    def _refund_done(self, order: Order, one: Transaction, refund: Refund) -> None:
        with self.lock:
            if refund.state == "pending":
                refund.state = "done"
                self._tell_refund(order, one, refund, "refund.updated")

    def _tell_refund(self, order: Order, one: Transaction, refund: Refund, kind: str) -> None:
        self._emit(order, kind, self.objects.refund(order, one, refund))
        if refund.state == "done":
            self._emit(order, "charge.refunded", self.objects.charge(order, one))

    def _dispute(self, order: Order, one: Transaction, name: str, amount: int) -> None:
        if name == "dispute":
            number = one.extra.get("disputes", 0) + 1
            one.extra |= {"dispute": "needs_response", "dispute_amount": amount, "disputes": number}
            one.disputed = amount
            self._emit(order, "charge.dispute.created", self.objects.dispute(order, one))
            self._emit(order, "charge.dispute.funds_withdrawn", self.objects.dispute(order, one))
            return
        won = name == "dispute_won"
        one.extra["dispute"] = "won" if won else "lost"
        one.disputed = 0 if won else one.disputed
        self._emit(order, "charge.dispute.closed", self.objects.dispute(order, one))
        if won:
            self._emit(order, "charge.dispute.funds_reinstated", self.objects.dispute(order, one))

    # --- What the shop asks

    def _asked(self, request: Request) -> Shop:
        given = request.headers.get("authorization", "")
        shop = self.shop(lambda one: same(given, [f"Bearer {key}" for key in one.secrets["api_key"]]))
        if shop is None:
            raise Refused(refusal(401, "invalid_request_error", "api_key_invalid"))
        if not re.fullmatch(r"\d{4}-\d\d-\d\d(\.[a-z]+)?", request.headers.get("stripe-version", "")):
            raise Refused(invalid("version_invalid", "Stripe-Version"))
        return shop

    def _once(self, shop: Shop, request: Request, answer: Response | None = None) -> Response | None:
        """The answer that was given to this key before, or keep one. Raises Refused for a key of another call."""
        key = request.headers.get("idempotency-key", "")
        known = self.answers.get((shop.name, key)) if key else None
        if known is not None and known[0] != request.path.encode() + request.body:
            raise Refused(refusal(400, "idempotency_error", ""))
        if known is None and answer is not None and key:
            self.answers[shop.name, key] = (request.path.encode() + request.body, answer)
        replayed = {"Idempotent-Replayed": "true"}
        return answer or (Response(known[1].status, known[1].body, known[1].content_type, replayed) if known else None)

    def _create(self, request: Request) -> Response:
        shop = self._asked(request)
        with self.lock:
            if known := self._once(shop, request):
                return known
            values = nested(request.form())
            order = self._take(shop, values, request)
            answer = json_response(self.objects.session(order))
            self._once(shop, request, answer)
            return answer

    def _take(self, shop: Shop, values: dict[str, Any], request: Request) -> Order:
        if unknown := sorted(set(values) - SESSION_FIELDS):
            raise Refused(invalid("parameter_unknown", unknown[0]))
        item = (values.get("line_items") or {}).get("0") or {}
        price = item.get("price_data") or {}
        name = (price.get("product_data") or {}).get("name", "")
        amount, currency = price.get("unit_amount", ""), price.get("currency", "")
        until = values.get("expires_at") or str(int((self.now() + LONGEST).timestamp()))
        checks = {
            "mode": values.get("mode") == "payment",
            "line_items[0][price_data][unit_amount]": re.fullmatch(r"[1-9]\d{0,11}", amount) and int(amount) <= MOST,
            "line_items[0][price_data][currency]": currency in MINOR,
            "line_items[0][price_data][product_data][name]": bool(name),
            "line_items[0][quantity]": item.get("quantity") == "1",
            "success_url": values.get("success_url", "").startswith("http"),
            "client_reference_id": len(values.get("client_reference_id", "")) <= 200,  # noqa: PLR2004 - documented
            "locale": values.get("locale", "auto") in LOCALES,
            "expires_at": until.isdigit(),
        }
        if wrong := [param for param, good in checks.items() if not good]:
            raise Refused(invalid("parameter_invalid", wrong[0]))
        expires = datetime.fromtimestamp(int(until), UTC)
        if not self.now() + SHORTEST <= expires <= self.now() + LONGEST + timedelta(minutes=1):
            raise Refused(invalid("parameter_invalid", "expires_at"))
        reference = values.get("client_reference_id", "")
        number = sum(order.shop is shop and order.reference == reference for order in self.orders.values())
        token = "cs_test_" + self.ids.make(LETTERS, 50, "session", shop.name, reference, number)
        order = Order(
            *(token, shop, reference, int(amount), currency.upper(), name, values["success_url"], self.now(), expires),
            values.get("cancel_url", ""),
        )
        order.extra = {"values": values, "events": [], "version": request.headers["stripe-version"]}
        return self.keep(order, (expires - self.now()).total_seconds())

    def _mine(self, shop: Shop, found: str) -> Order:
        order = self.orders.get(found)
        if order is None or order.shop is not shop:
            raise Refused(refusal(404, "invalid_request_error", "resource_missing", "id"))
        return order

    def _session(self, request: Request, found: str) -> Response:
        expanded = "payment_intent" in request.query.values()
        with self.lock:
            return json_response(self.objects.session(self._mine(self._asked(request), found), expanded=expanded))

    def _expire(self, request: Request, found: str) -> Response:
        with self.lock:
            order = self._mine(self._asked(request), found)
            if order.state != "open":
                return invalid("session_not_open")
            self.expire_now(order)
            return json_response(self.objects.session(order))

    def _paid(self, shop: Shop, found: str) -> tuple[Order, Transaction]:
        for order in self.orders.values():
            for one in order.transactions:
                if order.shop is shop and found in {one.id, self.objects.charge_id(one)}:
                    return order, one
        raise Refused(refusal(404, "invalid_request_error", "resource_missing", "payment_intent"))

    def _intent(self, request: Request, found: str) -> Response:
        with self.lock:
            return json_response(self.objects.intent(*self._paid(self._asked(request), found)))

    def _refund(self, request: Request) -> Response:
        shop = self._asked(request)
        with self.lock:
            if known := self._once(shop, request):
                return known
            values = nested(request.form())
            if unknown := sorted(set(values) - {"payment_intent", "charge", "amount", "metadata", "reason"}):
                return invalid("parameter_unknown", unknown[0])
            order, one = self._paid(shop, values.get("payment_intent") or values.get("charge", ""))
            amount = int(values.get("amount") or one.left)
            if one.paid and not one.left:
                return invalid("charge_already_refunded")
            if not 0 < amount <= one.left:
                return invalid("parameter_invalid", "amount")
            state = str(shop.settings.get("refund_state", "succeeded"))
            refund = self._give_back(order, one, amount, values.get("metadata", {}), state)
            answer = json_response(self.objects.refund(order, one, refund))
            self._once(shop, request, answer)
            return answer

    def _get_refund(self, request: Request, found: str) -> Response:
        shop = self._asked(request)
        with self.lock:
            rows = [
                (o, t, r) for o in self.orders.values() if o.shop is shop for t in o.transactions for r in t.refunds
            ]
            match = [row for row in rows if row[2].id == found]
            return json_response(self.objects.refund(*match[0])) if match else invalid("resource_missing", "id")

    def _fee(self, shop: Shop) -> int:
        return int(shop.settings.get("payout_fee", 0))

    def _balance(self, request: Request) -> Response:
        """What a payout is made of, a page at a time, the payout itself first."""
        shop, query = self._asked(request), request.query
        expanded = query.get("expand[]") == "data.source"
        with self.lock:
            order, amount = self.payouts.get(query.get("payout", ""), (None, 0))
            if order is None or order.shop is not shop:
                return invalid("resource_missing", "payout")
            rows = self.objects.balance_transactions(order, query["payout"], amount, self._fee(shop), expanded=expanded)
        after, size = query.get("starting_after", ""), int(query.get("limit", 10))
        first = next((place + 1 for place, row in enumerate(rows) if row["id"] == after), 0)
        page = rows[first : first + min(size, int(shop.settings.get("page", 100)))]
        return json_response({"object": "list", "data": page, "has_more": page[-1:] != rows[-1:]})

    def _events(self, request: Request) -> Response:
        shop = self._asked(request)
        with self.lock:
            events = [event for o in self.orders.values() if o.shop is shop for event in o.extra["events"]]
        events.sort(key=lambda event: -event["created"])
        return json_response(
            {"object": "list", "data": events[: int(request.query.get("limit", 10))], "has_more": False}
        )
