"""Each sandbox against the portal's own provider code: both sides sign and read with code of their own, and must agree."""

import pytest

from infra.local.providers import KINDS, Switches
from tests.local_cloud.providers.portal import origin

NAMES = tuple(KINDS)
REFERENCE = "inv-2026-0001"


def settle(portal, sandboxes, name):
    """Let webhooks arrive and the portal do what they ask for, until nothing is left to do."""
    sandbox = sandboxes[name]
    for _ in range(4):
        if name != "przelewy24":  # its notices are repeated until they are verified, so it is never idle before
            assert sandbox.courier.idle(5)
        else:
            sandbox.courier.idle(0.1)
        portal.follow(name)
    assert sandbox.courier.idle(5)


@pytest.fixture(params=NAMES)
def name(request):
    return request.param


def net(sandbox):
    return sum(row["net"] for row in sandbox.books())


def test_pay_and_refund(portal, sandboxes, name):
    sandbox = sandboxes[name]
    sandbox.set_switches(REFERENCE, Switches(copies=3))
    page = portal.start(name)
    assert "Wspólnota Lipowa" in page
    assert "1250.35" in page
    assert "Czynsz za listopad" in page
    assert origin(portal.press(name, page, "pay")) == portal.server.url
    settle(portal, sandboxes, name)
    (row,) = sandbox.books()
    assert (row["paid"], row["refunded"], row["reference"]) == (125035, 0, REFERENCE)
    view = portal.view(REFERENCE)
    assert (view.state, sum(view.paid.values())) == ("settled", 125035)
    assert [effect.kind for effect in portal.effects if effect.kind != "changed"] == ["settled"]
    assert {hook["state"] for hook in sandbox.webhooks()} == {"delivered"}
    tries = [attempt for hook in sandbox.webhooks() for attempt in hook["attempts"]]
    assert len(tries) >= 3 * len(sandbox.webhooks())
    assert portal.problems == []
    # The same is said when it is asked for, and changes nothing.
    portal.status(name, REFERENCE)
    portal.follow(name)
    assert portal.view(REFERENCE) == view
    # Part of it back, then the rest.
    portal.refund(name, REFERENCE, 25000, "rfd-0001")
    settle(portal, sandboxes, name)
    assert (portal.view(REFERENCE).state, portal.view(REFERENCE).refunded) == ("part_refunded", 25000)
    portal.refund(name, REFERENCE, 100035, "rfd-0002", refunded=25000)
    settle(portal, sandboxes, name)
    assert (portal.view(REFERENCE).state, portal.view(REFERENCE).refunded) == ("refunded", 125035)
    assert net(sandbox) == 0
    assert portal.problems == []


def test_refused_then_taken(portal, sandboxes, name):
    sandbox = sandboxes[name]
    page = portal.start(name)
    settle(portal, sandboxes, name)
    portal.down = 3
    portal.press(name, page, "pay")
    settle(portal, sandboxes, name)
    assert portal.down == 0
    assert portal.view(REFERENCE).state == "settled"
    statuses = [attempt["status"] for hook in sandbox.webhooks() for attempt in hook["attempts"]]
    assert statuses.count(503) == 3
    assert all(hook["accepted"] for hook in sandbox.webhooks())


def test_tampered_byte(portal, sandboxes, name):
    sandbox = sandboxes[name]
    sandbox.set_switches(REFERENCE, Switches(tampered=True))
    page = portal.start(name)
    portal.press(name, page, "pay")
    settle(portal, sandboxes, name)
    forged = [a for hook in sandbox.webhooks() for a in hook["attempts"] if not a["counts"]]
    assert len(forged) == len(sandbox.webhooks()) == len(portal.problems)
    assert not any(attempt["accepted"] for attempt in forged)
    assert portal.view(REFERENCE).state == "settled"
    assert net(sandbox) == 125035


def test_later(portal, sandboxes, name):
    page = portal.start(name)
    portal.press(name, page, "later")
    settle(portal, sandboxes, name)
    portal.status(name, REFERENCE)
    portal.follow(name)
    assert portal.view(REFERENCE).state in {"started", "pending"}
    assert net(sandboxes[name]) == 0
    sandboxes[name].finish_now(sandboxes[name].order(REFERENCE), success=True)
    settle(portal, sandboxes, name)
    assert portal.view(REFERENCE).state == "settled"
    assert net(sandboxes[name]) == 125035


def test_twice(portal, sandboxes, name):
    page = portal.start(name)
    portal.press(name, page, "twice")
    settle(portal, sandboxes, name)
    twice = name in {"autopay", "liqpay", "przelewy24"}  # the others let nobody pay one thing twice
    assert net(sandboxes[name]) == sum(portal.view(REFERENCE).paid.values()) == 125035 * (2 if twice else 1)
    kinds = [effect.kind for effect in portal.effects if effect.kind != "changed"]
    assert kinds == ["settled", "double_payment"][: 2 if twice else 1]


ENDS = {"autopay": "cancelled", "stripe": "started", "liqpay": "failed", "vipps": "cancelled", "przelewy24": "started"}


def test_refuse_and_abandon(portal, sandboxes, name):
    page = portal.start(name)
    assert origin(portal.press(name, page, "abandon")) == portal.server.url
    assert sandboxes[name].books() == []
    where = portal.press(name, page, "refuse")
    settle(portal, sandboxes, name)
    assert portal.view(REFERENCE).state == ENDS.get(name, "failed")
    assert net(sandboxes[name]) == 0
    assert where.startswith("/pay/" if name == "stripe" else portal.server.url)


def test_late_and_out_of_order(portal, sandboxes, name):
    sandbox = sandboxes[name]
    sandbox.set_switches(REFERENCE, Switches(held=True, copies=2))
    page = portal.start(name)
    portal.press(name, page, "pay")
    settle(portal, sandboxes, name)
    assert portal.view(REFERENCE).state == "started"
    for _ in range(4):
        sandbox.courier.release(REFERENCE, reverse=True)
        settle(portal, sandboxes, name)
    assert portal.view(REFERENCE).state == "settled"
    assert sum(portal.view(REFERENCE).paid.values()) == net(sandbox) == 125035
    assert [effect.kind for effect in portal.effects if effect.kind != "changed"] == ["settled"]
