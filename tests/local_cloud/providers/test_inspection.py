"""What tests and people use over HTTP: the books, the webhooks, the levers, the page; and many payments at once."""

import json
import random
from html.parser import HTMLParser

from infra.local.providers import KINDS, Merchant, SandboxConfig, Switches, start_sandboxes
from tests.local_cloud.providers.conftest import QUICK
from tests.local_cloud.providers.portal import http

REFERENCE = "inv-2026-0001"
PAYMENT = f"/_sandbox/payments/{REFERENCE}"


def ask(sandbox, method, path, body=None):
    status, _, answer = http(method, sandbox.url + path, json.dumps(body or {}).encode())
    assert status == 200, (path, status, answer)
    return json.loads(answer)


def test_levers(portal, sandboxes):
    sandbox = sandboxes["autopay"]
    ask(sandbox, "PUT", f"{PAYMENT}/switches", {"held": True, "copies": 2})
    portal.start("autopay")
    assert ask(sandbox, "GET", PAYMENT)["switches"]["copies"] == 2
    assert ask(sandbox, "POST", f"{PAYMENT}/pay", {"manner": "later"})["url"].startswith(portal.server.url)
    ask(sandbox, "POST", f"{PAYMENT}/finish", {"success": True})
    hooks = ask(sandbox, "GET", f"/_sandbox/webhooks?reference={REFERENCE}")["webhooks"]
    assert [(hook["state"], hook["attempts"]) for hook in hooks] == [("held", []), ("held", [])]
    assert ask(sandbox, "POST", "/_sandbox/webhooks/release", {"reverse": True}) == {"released": 2}
    assert sandboxes.idle()
    hooks = ask(sandbox, "GET", "/_sandbox/webhooks")["webhooks"]
    assert [len(hook["attempts"]) for hook in hooks] == [2, 2]
    assert all("CONFIRMED" in attempt["body"] for hook in hooks for attempt in hook["attempts"])
    ask(sandbox, "POST", f"/_sandbox/webhooks/{hooks[0]['number']}/again")
    assert sandboxes.idle()
    assert len(sandbox.webhooks()[0]["attempts"]) == 3
    ask(sandbox, "POST", f"{PAYMENT}/events", {"event": "refund", "amount": 35})
    assert sandboxes.idle()
    (row,) = ask(sandbox, "GET", "/_sandbox/books")["transactions"]
    assert (row["asked"], row["paid"], row["refunded"], row["net"]) == (125035, 125035, 35, 125000)
    assert len(ask(sandbox, "GET", "/_sandbox/payments")["payments"]) == 1
    ask(sandbox, "PUT", "/_sandbox/endpoint", {"merchant": "Wspólnota Lipowa", "url": "http://127.0.0.1:9/x"})
    assert sandbox.shops[0].endpoints == ["http://127.0.0.1:9/x"]
    for path, body in (
        (f"{PAYMENT}/events", {"event": "x"}),
        (f"{PAYMENT}/pay", {"manner": "x"}),
        ("/_sandbox/payments/x/pay", {}),
    ):
        assert http("POST", sandbox.url + path, json.dumps(body).encode())[0] == 400
    assert http("PUT", f"{sandbox.url}{PAYMENT}/switches", b'{"x": 1}')[0] == 400


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.buttons = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "button":
            self.buttons.append(dict(attrs)["value"])


def test_page(portal, sandboxes):
    page = portal.start("stripe", description="<script>alert(1)</script> & mieszkanie 12")
    reader = Reader()
    reader.feed(page)
    names = [tag for tag, _ in reader.tags]
    assert ("html", {"lang": "en"}) in reader.tags
    assert "script" not in names
    assert {"main", "h1", "dl"} <= set(names)
    assert set(reader.buttons) == {"pay", "refuse", "abandon", "twice", "later"}
    sheet = next(attrs["href"] for tag, attrs in reader.tags if tag == "link")
    status, headers, _ = http("GET", sandboxes["stripe"].url + sheet)
    assert (status, headers["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert http("GET", f"{sandboxes['stripe'].url}/pay/unknown")[0] == 404


def test_two_merchants_of_one_provider(portal):
    both = tuple(
        Merchant(
            "stripe",
            name,
            {},
            {"api_key": f"sk_{name}", "webhook_secret": "whsec_demo"},
            (f"{portal.url('x')}&m={name}",),
        )
        for name in ("a", "b")
    )
    with start_sandboxes(SandboxConfig(both, schedules={"stripe": ()})) as running:
        assert list(KINDS) != [sandbox.name for sandbox in running] == ["stripe"]
        headers = {"Authorization": "Bearer sk_b", "Stripe-Version": "2026-10-28.endive"}
        form = (
            b"mode=payment&success_url=http://x&line_items[0][quantity]=1&line_items[0][price_data][currency]=eur"
            b"&line_items[0][price_data][unit_amount]=100&line_items[0][price_data][product_data][name]=x"
            b"&client_reference_id=inv"
        )
        status, _, body = http("POST", f"{running['stripe'].url}/v1/checkout/sessions", form, headers)
        assert status == 200
        running["stripe"].pay("inv")
        assert running.idle()
        assert {hook["url"][-3:] for hook in running["stripe"].webhooks()} == {"m=b"}
        found = json.loads(body)["id"]
        other = {**headers, "Authorization": "Bearer sk_a"}
        assert http("GET", f"{running['stripe'].url}/v1/checkout/sessions/{found}", b"", other)[0] == 404


def test_many_at_once(portal):
    """Every webhook 1-5 times, late and out of order: the portal's attempts are what the sandboxes' books say."""
    seed = "many"
    chance = random.Random(seed)

    def switches(_provider, reference):
        own = random.Random(seed + reference)
        return Switches(copies=own.randint(1, 5), jitter=0.05, lost=own.randint(0, 1), tampered=own.random() < 0.1)

    config = SandboxConfig(
        portal.merchants(),
        seed=seed,
        schedules={**QUICK, "przelewy24": (0.05,) * 400},
        switches=switches,
        later_seconds=0,
        process_seconds=0,
        workers=3,
    )
    manners = ["pay", "pay", "pay", "twice", "later", "refuse", "abandon"]
    with start_sandboxes(config) as running:
        portal.connect(running)
        for number in range(48):
            name = list(KINDS)[number % 6]
            page = portal.start(name, f"inv-{number:04d}", amount=chance.randint(100, 10**6))
            portal.press(name, page, chance.choice(manners))
        for _ in range(8):
            running.idle(0.25)
            for name in KINDS:
                portal.follow(name)
        assert running.idle()
        booked = {}
        for sandbox in running:
            for row in sandbox.books():
                booked[row["reference"]] = booked.get(row["reference"], 0) + row["paid"]
            assert {hook["state"] for hook in sandbox.webhooks()} == {"delivered"}
    paid = {reference: sum(portal.view(reference).paid.values()) for reference in portal.attempts}
    assert paid == {reference: booked.get(reference, 0) for reference in portal.attempts}
    assert sum(booked.values()) > 0
    settled = [effect for effect in portal.effects if effect.kind == "settled"]
    assert len(settled) == sum(amount > 0 for amount in paid.values())
