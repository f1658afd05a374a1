"""The portal's side of a payment, with its own provider code: makes the calls, answers the webhooks, keeps an attempt."""

import threading
import urllib.error
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urlsplit

from payments import rules_attempts
from payments.providers import provider, receive, understand
from payments.providers.model import Account, Answer, Call, Delivery, Event, Order, Redirect, Refund, Refusal

from infra.local.providers import Merchant
from infra.local.providers.frame import Response, Route, Server

DEMO = {
    "autopay": ({"service_id": "903001"}, {"key": "demo-autopay-key"}),
    "stripe": ({}, {"api_key": "sk_test_demo", "webhook_secret": "whsec_demo_stripe_secret"}),
    "liqpay": ({"public_key": "demo_public"}, {"private_key": "demo_private"}),
    "przelewy24": ({"merchant_id": "903002"}, {"crc": "demo_crc", "api_key": "demo-p24-reports"}),
    "vipps": (
        {"msn": "903003", "client_id": "demo-client"},
        {"client_secret": "demo-client-secret", "subscription_key": "demo-sub", "webhook_secret": "demo-vipps-secret"},
    ),
    "gocardless": ({}, {"access_token": "demo-gc-token", "webhook_secret": "demo-gc-secret"}),
}
CURRENCY = {
    "autopay": "PLN",
    "stripe": "EUR",
    "liqpay": "UAH",
    "vipps": "NOK",
    "przelewy24": "PLN",
    "gocardless": "EUR",
}


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args, **_kwargs):
        return None


OPENER = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({}))


def http(method, url, body=b"", headers=None):
    """Status, headers and body, without following redirects."""
    request = urllib.request.Request(
        url, data=body if method != "GET" else None, headers=dict(headers or {}), method=method
    )
    try:
        with OPENER.open(request, timeout=10) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


class Portal:
    """Listens for the webhooks of all providers; each payment of a test is one attempt."""

    def __init__(self):
        self.server = Server("portal", [Route("POST", "/hooks/{name}", self._hook)])
        self.server.start()
        self.close = self.server.close
        self.lock = threading.RLock()
        self.accounts, self.attempts, self.starts = {}, {}, {}
        self.notices, self.problems, self.effects = [], [], []
        self.down = 0
        self.redirects = {}

    def url(self, name):
        return f"{self.server.url}/hooks/{name}?o=1"

    def merchants(self, **settings):
        """The demo credentials, handed in as configuration."""
        return tuple(
            Merchant(name, "Wspólnota Lipowa", {**known, **settings.get(name, {})}, secrets, (self.url(name),))
            for name, (known, secrets) in DEMO.items()
        )

    def connect(self, sandboxes, **settings):
        """Use the sandboxes as the providers' hosts."""
        for sandbox in sandboxes:
            known, secrets = DEMO[sandbox.name]
            account = Account({**known, **settings.get(sandbox.name, {}), "host": sandbox.url}, (secrets,))
            self.accounts[sandbox.name] = account
            if call := provider(sandbox.name).token(account):
                token = self.call(sandbox.name, call).token
                self.accounts[sandbox.name] = replace(account, token=token)

    def order(self, name, reference, **changes):
        at = datetime.now(UTC)
        known = Order(
            reference=reference,
            amount=125035,
            currency=CURRENCY[name],
            description="Czynsz za listopad, mieszkanie 12",
            language="pl",
            created_at=at,
            expires_at=at + timedelta(hours=1),
            return_url=f"{self.server.url}/back?p=1",
            webhook_url=self.url(name),
            email="tenant@example.com",
            customer_number="T-0012",
        )
        return replace(known, **changes)

    def start(self, name, reference="inv-2026-0001", **changes):
        """Start a payment and open the page; the page's address and text."""
        order = self.order(name, reference, **changes)
        self.attempts[reference] = rules_attempts.Attempt(reference, order.amount, order.currency)
        begun = provider(name).start(self.accounts[name], order)
        if isinstance(begun, Call):
            result = self.call(name, begun, reference)
            begun = result.redirect
        assert isinstance(begun, Redirect)
        self.redirects[reference] = begun
        body = urlencode(begun.fields).encode()
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        status, _, page = http(begun.method, begun.url, body, form if body else {})
        assert status == 200, page
        return page.decode()

    def press(self, name, page, manner):
        """Press a button of the page; where the browser goes then."""
        path = page.partition('action="')[2].partition('"')[0]
        host = self.accounts[name].setting("host")
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        status, headers, _ = http("POST", host + path, urlencode({"manner": manner}).encode(), form)
        assert status == 303
        return headers["Location"]

    def call(self, name, call, reference=""):
        """Make a call and those that it leads to."""
        status, _, body = http(call.method, call.url, call.body, call.headers)
        result = understand(provider(name), self.accounts[name], call, Answer(status, body, datetime.now(UTC)))
        if result.provider_id:
            self.starts[reference or call.reference] = result.provider_id
        self._take(name, result.notices)
        return self.call(name, result.then, reference) if result.then else result

    def follow(self, name):
        """Make the calls that notices ask for, until there are none."""
        with self.lock:
            waiting = [notice for one, notice in self.notices if one == name]
            self.notices[:] = [kept for kept in self.notices if kept[0] != name]
        for notice in waiting:
            attempt = self.attempts.get(notice.reference)
            if (
                attempt
                and notice.event is Event.AUTHORISED
                and notice.transaction_id in rules_attempts.view(attempt).paid
            ):
                continue  # captured or verified before: a duplicate asks for nothing
            if call := provider(name).follow_up(self.accounts[name], notice):
                self.call(name, call)

    def status(self, name, reference):
        return self.call(
            name, provider(name).status(self.accounts[name], reference, self.starts.get(reference, "")), reference
        )

    def refund(self, name, reference, amount, refund_id, refunded=0):
        transaction = next(iter(self.view(reference).paid))
        wanted = Refund(refund_id, reference, transaction, amount, CURRENCY[name], self.url(name), refunded)
        return self.call(name, provider(name).refund(self.accounts[name], wanted), reference)

    def view(self, reference):
        return rules_attempts.view(self.attempts[reference])

    def _hook(self, request, name):
        module, account = provider(name), self.accounts[name]
        delivery = Delivery(request.body, request.headers, self.url(name), datetime.now(UTC))
        with self.lock:
            if self.down:
                self.down -= 1
                return Response(503)
        problem = ""
        try:
            self._take(name, receive(module, account, delivery))
        except Refusal as refusal:
            problem = refusal.code
            with self.lock:
                self.problems.append(problem)
        reply = module.answer(account, delivery, problem)
        return Response(reply.status, reply.body, reply.content_type)

    def _take(self, name, notices):
        with self.lock:
            for notice in notices:
                self.notices.append((name, notice))
                reference = notice.reference or self._known(notice)
                if reference in self.attempts:
                    after, effects = rules_attempts.apply(self.attempts[reference], notice)
                    self.attempts[reference] = after
                    self.effects += effects

    def _known(self, notice):
        """The attempt that knows the provider's transaction; GoCardless's events name nothing of ours."""
        for reference, attempt in self.attempts.items():
            if notice.transaction_id and any(fact.transaction_id == notice.transaction_id for fact in attempt.facts):
                return reference
            if notice.provider_id and self.starts.get(reference) == notice.provider_id:
                return reference
        return ""


def origin(url):
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
