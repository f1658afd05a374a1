"""What every sandbox can do: its pay page, its webhooks, and the inspection that tests use, in Python and under /_sandbox."""

import hmac
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, ClassVar

from infra.local.providers.book import Ids, Order, Shop, Transaction
from infra.local.providers.config import Manner, SandboxConfig, Switches
from infra.local.providers.courier import Courier, Message
from infra.local.providers.frame import Refused, Request, Response, Route, Server
from infra.local.providers.inspection import Inspection
from infra.local.providers.page import STYLE, STYLE_PATH, closed_page, pay_page
from infra.local.providers.post import Outgoing


def same(given: str, expected: list[str]) -> bool:
    """Whether a secret or signature is one of the live ones."""
    return any([hmac.compare_digest(given.encode(), one.encode()) for one in expected])  # noqa: C419 - all, always


class Sandbox(ABC):
    """One provider, seen from its side. All state is in memory and behind one lock."""

    name: ClassVar[str]
    title: ClassVar[str]
    manners: ClassVar[tuple[Manner, ...]] = (*Manner,)

    def __init__(self, config: SandboxConfig) -> None:
        self.config = config
        self.shops = [Shop.of(merchant) for merchant in config.of(self.name)]
        self.orders: dict[str, Order] = {}
        self.preset: dict[str, Switches] = {}
        self.lock = threading.RLock()
        self.ids = Ids(f"{config.seed}/{self.name}")
        self.courier = Courier(
            config.schedule(self.name), config.post, config.clock, workers=config.workers, seed=config.seed
        )
        common = [
            Route("GET", STYLE_PATH, lambda _request: Response(200, STYLE.encode(), "text/css; charset=utf-8")),
            Route("GET", "/pay/{token}", self._show),
            Route("POST", "/pay/{token}", self._press),
        ]
        self.server = Server(
            self.name, [*self.routes(), *common, *Inspection(self).routes()], config.ports.get(self.name, 0)
        )
        self.url = self.server.url

    # --- What each provider has of its own

    @abstractmethod
    def routes(self) -> list[Route]:
        """The provider's own calls."""

    @abstractmethod
    def act(self, order: Order, manner: Manner) -> str:
        """Do what the payer does; the address to go on to, empty to stay on the page. ABANDON never comes here."""

    @abstractmethod
    def finish(self, order: Order, *, success: bool) -> None:
        """End what is pending (Manner.LATER)."""

    @abstractmethod
    def expire(self, order: Order) -> None:
        """The order's time is over."""

    def event(self, _order: Order, name: str, _amount: int) -> None:
        """Something else that happens on the provider's side. Raises ValueError for what this provider does not know."""
        raise ValueError(name)

    def way_back(self, order: Order) -> str:
        """Where the payer goes after the page."""
        return order.return_url

    # --- For tests and people

    def start(self) -> "Sandbox":
        """Open it."""
        self.server.start()
        return self

    def close(self) -> None:
        """Close it."""
        self.server.close()
        self.courier.close()

    def shop(self, fits: Callable[[Shop], bool]) -> Shop | None:
        """The merchant that fits."""
        return next((shop for shop in self.shops if fits(shop)), None)

    def register(self, merchant: str, url: str) -> None:
        """Set the address of a merchant's webhooks."""
        for shop in self.shops:
            if shop.name == merchant:
                shop.endpoints[:] = [url]

    def order(self, reference: str) -> Order:
        """The newest order of a reference, or the one of a token. Raises KeyError."""
        with self.lock:
            if reference in self.orders:
                return self.orders[reference]
            found = [order for order in self.orders.values() if order.reference == reference]
        if not found:
            raise KeyError(reference)
        return found[-1]

    def pay(self, reference: str, manner: Manner | str = Manner.PAY) -> str:
        """Do on the pay page what a payer would; where he goes from there, empty when he stays."""
        order, manner = self.order(reference), Manner(manner)
        with self.lock:
            if manner is Manner.ABANDON:
                return order.back_url or self.way_back(order)
            if order.state != "open":
                raise ValueError(order.state)
            order.note = ""
            return self.act(order, manner)

    def happen(self, reference: str, name: str, amount: int = 0) -> None:
        """Something on the provider's side: `refund`, `refund_failed`, `dispute`, `payout`... `event` of each says which.

        An amount of 0 is all of it. Raises ValueError for what this provider does not know.
        """
        with self.lock:
            self.event(self.order(reference), name, amount)

    def set_switches(self, reference: str, switches: Switches) -> None:
        """How the webhooks of a payment travel from now on, also of one that does not exist yet."""
        with self.lock:
            self.preset[reference] = switches

    def books(self) -> list[dict[str, Any]]:
        """What was paid, refunded and disputed, to the unit: a row for each transaction."""
        with self.lock:
            return [row for order in self.orders.values() for row in order.rows()]

    def webhooks(self, reference: str = "") -> list[dict[str, Any]]:
        """Which webhooks were sent how often, and how they were answered."""
        return [m.record() for m in list(self.courier.messages) if reference in {"", m.reference}]

    # --- For the providers

    def now(self) -> datetime:
        """This instant, in UTC."""
        return self.config.clock()

    def keep(self, order: Order, seconds: float | None = None) -> Order:
        """Take an order; it expires by itself after so many seconds."""
        self.orders[order.token] = order
        if seconds is not None:
            self.courier.later(seconds, lambda: self.expire_now(order), quiet=True)
        return order

    def expire_now(self, order: Order) -> None:
        """Let an order's time be over, unless it has ended."""
        with self.lock:
            if order.state == "open":
                order.state = "expired"
                self.expire(order)

    def add(self, order: Order, transaction: Transaction) -> Transaction:
        """A new try of the payer."""
        order.transactions.append(transaction)
        return transaction

    def soon(self, order: Order) -> None:
        """Have what is pending end well in a while."""
        self.courier.later(self.config.later_seconds, lambda: self.finish_now(order, success=True), quiet=True)

    def finish_now(self, order: Order, *, success: bool) -> None:
        """End what is pending, if it still is."""
        with self.lock:
            if any(transaction.state == "pending" for transaction in order.transactions):
                self.finish(order, success=success)

    def tell(self, order: Order, name: str, build: Callable[[int], Outgoing], *, to: str = "", **more: Any) -> None:
        """Send a webhook about an order: `to` an address, else to the order's own or to all that are registered.

        `more` are fields of Message.
        """
        found = self.preset.get(order.reference)
        switches = found if found is not None else self.config.switches(self.name, order.reference)
        own = to or order.webhook_url
        for url in [own] if own else list(order.shop.endpoints):
            message = Message(order.shop.name, order.reference, name, url, build, **more)
            self.courier.send(message, replace(switches))

    def described(self, order: Order) -> dict[str, Any]:
        """An order for the inspection."""
        with self.lock:
            money = {"amount": order.amount, "currency": order.currency, "state": order.state, "title": order.title}
            known = {"reference": order.reference, "token": order.token, "pay_page": f"{self.url}/pay/{order.token}"}
            used = self.preset.get(order.reference)
            switches = asdict(used) if used else None
            return {**known, **money, "switches": switches, "transactions": order.rows()}

    def _found(self, token: str) -> Order:
        order = self.orders.get(token)
        if order is None:
            raise Refused(Response(404, b"no such payment"))
        return order

    def page(self, order: Order) -> Response:
        """The pay page of an order."""
        return pay_page(self.title, order, self.manners) if order.state == "open" else closed_page(self.title, order)

    def _show(self, _request: Request, token: str) -> Response:
        return self.page(self._found(token))

    def _press(self, request: Request, token: str) -> Response:
        order = self._found(token)
        if order.state != "open":
            return Response(303, headers={"Location": order.back_url or self.way_back(order)})
        url = self.pay(token, request.form().get("manner", ""))
        return Response(303, headers={"Location": url or f"/pay/{token}"})
