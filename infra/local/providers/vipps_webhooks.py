"""The webhooks of Vipps MobilePay: registration, signature, events that keep their order. A code path of its own."""

import base64
import hashlib
import hmac
import json
from datetime import datetime
from email.utils import format_datetime
from typing import Final
from urllib.parse import urlsplit

from infra.local.providers.book import DIGITS, LETTERS, Order, Shop
from infra.local.providers.frame import Refused, Request, Response, json_response
from infra.local.providers.post import Outgoing
from infra.local.providers.sandbox import Sandbox

NAMES: Final = ("CREATED", "AUTHORIZED", "CAPTURED", "ABORTED", "EXPIRED", "TERMINATED", "CANCELLED", "REFUNDED")
EVENTS: Final = frozenset(f"epayments.payment.{name.lower()}.v1" for name in NAMES)


def problem(status: int, title: str, reason: str = "") -> Response:
    """A refusal as Vipps words it."""
    details = [{"name": title, "reason": reason or title}]
    body = {"type": "about:blank", "title": title, "status": status, "traceId": "00-sandbox", "extraDetails": details}
    return json_response(body, status)


def signed_headers(secret: str, url: str, date: str, body: bytes) -> dict[str, str]:
    """What Vipps sends with a body. The key is the secret's text; host and path are those of the registered address."""
    parts = urlsplit(url)
    target = parts.path or "/"
    if parts.query:
        target += "?" + parts.query
    content = base64.b64encode(hashlib.sha256(body).digest()).decode()
    text = f"POST\n{target}\n{date};{parts.netloc};{content}"
    mac = hmac.digest(secret.encode(), text.encode(), "sha256")
    signature = base64.b64encode(mac).decode()
    return {
        "Content-Type": "application/json",
        "x-ms-date": date,
        "x-ms-content-sha256": content,
        "Authorization": f"HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature={signature}",
    }


def stamp(at: datetime) -> str:
    """Seven decimals, as Vipps writes them."""
    return f"{at:%Y-%m-%dT%H:%M:%S.%f}0Z"


class VippsWebhooks(Sandbox):
    """The half of Vipps that tells."""

    def emit(self, order: Order, name: str, amount: int, key: str = "") -> None:
        """Tell of an event. Each has a pspReference of its own."""
        shop, at = order.shop, self.now()
        number = len(order.extra["events"])
        event = {
            "msn": str(shop.settings["msn"]),
            "reference": order.reference,
            "pspReference": self.ids.make(DIGITS, 11, "psp", order.token, number),
            "name": name,
            "amount": {"currency": order.currency, "value": amount},
            "timestamp": stamp(at),
            "idempotencyKey": key or self.ids.make(LETTERS, 20, "key", order.token, number),
            "success": True,
        }
        order.extra["events"].append(event)
        body = json.dumps(event, separators=(",", ":")).encode()
        kind = f"epayments.payment.{name.lower()}.v1"
        for url, secret in self._listeners(shop, kind):
            self._tell_one(order, name, url, secret, body)

    def _listeners(self, shop: Shop, kind: str) -> list[tuple[str, str]]:
        registered = [(hook["url"], hook["secret"]) for hook in shop.extra.values() if kind in hook["events"]]
        return [(url, "") for url in shop.endpoints] + registered

    def _tell_one(self, order: Order, name: str, url: str, secret: str, body: bytes) -> None:
        shop, first = order.shop, format_datetime(self.now(), usegmt=True)

        def build(attempt: int) -> Outgoing:
            fresh = attempt > 1 and shop.settings.get("fresh_date", "yes") == "yes"
            date = format_datetime(self.now(), usegmt=True) if fresh else first
            return Outgoing(body, signed_headers(secret or shop.secret("webhook_secret"), url, date, body))

        keeps = shop.settings.get("keep_order", "yes") == "yes"
        self.tell(order, name, build, to=url, line=f"{order.token} {url}" if keeps else "")

    def register_webhook(self, request: Request) -> Response:
        """Register an address; the secret is shown this once."""
        shop, values = self.asked(request), request.json()
        unknown = [kind for kind in values.get("events", []) if kind not in EVENTS]
        if unknown or not values.get("events") or not str(values.get("url", "")).startswith("http"):
            raise Refused(problem(400, "Validation failed", unknown[0] if unknown else "url"))
        with self.lock:
            found = self.ids.make(LETTERS, 20, "webhook", shop.name, len(shop.extra))
            raw = self.ids.make(LETTERS, 48, "webhook-secret", found).encode()
            hook = {
                "url": str(values["url"]),
                "events": list(values["events"]),
                "secret": base64.b64encode(raw).decode(),
            }
            shop.extra[found] = hook
        return json_response({"id": found, "secret": hook["secret"]}, 201)

    def list_webhooks(self, request: Request) -> Response:
        """What is registered, without secrets."""
        shop = self.asked(request)
        hooks = [{"id": found, "url": hook["url"], "events": hook["events"]} for found, hook in shop.extra.items()]
        return json_response({"webhooks": hooks})

    def delete_webhook(self, request: Request, found: str) -> Response:
        """Forget an address."""
        shop = self.asked(request)
        return Response(204) if shop.extra.pop(found, None) else problem(404, "Not found")

    def asked(self, request: Request) -> Shop:
        """The merchant that a call is from, by its token and keys. Raises Refused."""
        raise NotImplementedError
