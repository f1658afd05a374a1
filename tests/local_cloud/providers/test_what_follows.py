"""What follows a payment at each provider: failures, disputes, payouts, mandates, cancellations, settings that are unconfirmed."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from payments import rules_attempts
from payments.providers import autopay, provider, understand, vipps
from payments.providers.model import Answer, Event, Notice, Refusal

from infra.local.providers import SandboxConfig, Switches, start_sandboxes
from tests.local_cloud.providers.conftest import QUICK
from tests.local_cloud.providers.portal import http

REFERENCE = "inv-2026-0001"


@pytest.fixture
def opened(portal):
    """Sandboxes of one provider with other settings."""
    running = []

    def make(name, told=None, known=None, switches=lambda _provider, _reference: Switches(), **changes):
        merchants = [one for one in portal.merchants(**{name: told or {}}) if one.provider == name]
        timing = {"schedules": QUICK, "later_seconds": 60, "process_seconds": 0, **changes}
        running.append(start_sandboxes(SandboxConfig(tuple(merchants), switches=switches, **timing)))
        portal.connect(running[-1], **{name: known or {}})
        return running[-1][name]

    yield make
    for one in running:
        one.close()


def paid(portal, sandbox, **changes):
    portal.press(sandbox.name, portal.start(sandbox.name, **changes), "pay")
    settle(portal, sandbox)
    assert portal.view(REFERENCE).state == "settled"


def settle(portal, sandbox):
    for _ in range(4):
        sandbox.courier.idle(0.1 if sandbox.name == "przelewy24" else 5)
        portal.follow(sandbox.name)
    assert sandbox.courier.idle(5)


def happen(portal, sandbox, name, amount=0):
    sandbox.happen(REFERENCE, name, amount)
    settle(portal, sandbox)
    return portal.view(REFERENCE)


def net(sandbox):
    return sum(row["net"] for row in sandbox.books())


def seen(portal, monkeypatch):
    """Every notice that the portal reads from now on."""
    found = []
    take = portal._take
    monkeypatch.setattr(portal, "_take", lambda name, notices: (found.extend(notices), take(name, notices)))
    return found


def test_autopay_fee_customer_data_and_sha512(portal, opened):
    told = {"fee": "150", "customer_data": "yes", "algorithm": "sha512", "istn_pending": "yes"}
    sandbox = opened("autopay", told, {"algorithm": "sha512"})
    paid(portal, sandbox)
    happen(portal, sandbox, "refund", 25000)
    assert portal.view(REFERENCE).refunded == sandbox.books()[0]["refunded"] == 25000
    assert portal.problems == []
    assert all(hook["accepted"] for hook in sandbox.webhooks())


def test_autopay_payout_and_refused_refund(portal, opened, monkeypatch):
    sandbox = opened("autopay")
    paid(portal, sandbox)
    notices = seen(portal, monkeypatch)
    call = autopay.payoff(portal.accounts["autopay"], "out-1", 100000, "PLN")
    for _ in range(2):
        portal.call("autopay", call)
    settle(portal, sandbox)
    assert [(n.event, n.amount) for n in notices if n.event is Event.PAYOUT] == [(Event.PAYOUT, 100000)]
    with pytest.raises(Refusal, match="VALIDATION_FAILED"):
        portal.call("autopay", autopay.payoff(portal.accounts["autopay"], "out-2", 25036, "PLN"))
    happen(portal, sandbox, "payout")
    assert sum(amount for _, amount in sandbox.payoffs.values()) == 125035
    happen(portal, sandbox, "refund", 5000)
    assert happen(portal, sandbox, "refund_failed").state == "settled"
    assert net(sandbox) == 125035


def test_autopay_repeat_carries_the_newest_status(portal, opened):
    sandbox = opened("autopay", switches=lambda _p, _r: Switches(lost=1))
    page = portal.start("autopay")
    portal.press("autopay", page, "pay")
    settle(portal, sandbox)
    pending, success = sandbox.webhooks()
    assert [hook["name"].split()[-1] for hook in (pending, success)] == ["PENDING", "SUCCESS"]
    assert portal.view(REFERENCE).state == "settled"
    assert {fact.event for fact in portal.attempts[REFERENCE].facts} == {Event.PAID}


@pytest.mark.parametrize("name", ["autopay", "stripe", "vipps"])
def test_expiry(portal, opened, name):
    sandbox = opened(name)
    page = portal.start(name)
    sandbox.expire_now(sandbox.order(REFERENCE))
    settle(portal, sandbox)
    assert portal.view(REFERENCE).state == "expired"
    portal.status(name, REFERENCE)
    assert portal.view(REFERENCE).state == "expired"
    assert "Pay with" in page
    assert b"closed" in http("GET", f"{sandbox.url}/pay/{sandbox.order(REFERENCE).token}")[2]


def test_stripe_disputes_and_late_refunds(portal, opened, monkeypatch):
    sandbox = opened("stripe", {"refund_state": "pending"})
    paid(portal, sandbox)
    assert happen(portal, sandbox, "dispute").state == "disputed"
    assert net(sandbox) == 0
    assert happen(portal, sandbox, "dispute_won").state == "settled"
    assert net(sandbox) == 125035
    portal.refund("stripe", REFERENCE, 25035, "rfd-0001")
    settle(portal, sandbox)
    assert portal.view(REFERENCE).refunded == 25035
    assert happen(portal, sandbox, "refund_failed").state == "settled"
    assert happen(portal, sandbox, "dispute").state == "disputed"
    assert happen(portal, sandbox, "dispute_lost").taken == 125035
    notices = seen(portal, monkeypatch)
    happen(portal, sandbox, "payout", 777)
    assert [(n.event, n.amount) for n in notices] == [(Event.PAYOUT, 777)]
    with pytest.raises(ValueError, match="surprise"):
        sandbox.happen(REFERENCE, "surprise")


def test_stripe_declined_then_paid(portal, opened):
    sandbox = opened("stripe")
    page = portal.start("stripe")
    again = portal.press("stripe", page, "refuse")
    shown = http("GET", sandbox.url + again)[2].decode()
    assert "declined" in shown
    portal.press("stripe", shown, "pay")
    settle(portal, sandbox)
    assert portal.view(REFERENCE).state == "settled"


@pytest.mark.parametrize("name", ["stripe", "autopay", "liqpay", "gocardless"])
def test_late_payment_that_fails(portal, opened, name):
    sandbox = opened(name)
    portal.press(name, portal.start(name), "later")
    settle(portal, sandbox)
    sandbox.finish_now(sandbox.order(REFERENCE), success=False)
    settle(portal, sandbox)
    assert portal.view(REFERENCE).state in {"failed", "cancelled"}
    assert net(sandbox) == 0


def test_liqpay_version_7_on_its_way(portal, opened):
    sandbox = opened("liqpay", {"version": "7", "success_status": "wait_compensation"}, {"version": "7"})
    paid(portal, sandbox)
    assert happen(portal, sandbox, "refund", 100).refunded == 100


def test_liqpay_gives_a_double_payment_back_before_the_payment(portal, opened):
    """Its refunds name an order only: the second goes to the transaction that still has money."""
    sandbox = opened("liqpay")
    portal.press("liqpay", portal.start("liqpay"), "twice")
    settle(portal, sandbox)
    whole = net(sandbox) // 2
    for number in (1, 2):
        portal.refund("liqpay", REFERENCE, whole, f"rfd-000{number}")
        settle(portal, sandbox)
        assert net(sandbox) == whole * (2 - number)


def test_vipps_cancel_and_partial_capture(portal, opened):
    sandbox = opened("vipps")
    paid(portal, sandbox)
    with pytest.raises(Refusal, match="CancelNotAllowed"):
        portal.call("vipps", vipps.release(portal.accounts["vipps"], REFERENCE))
    other = "inv-2026-0002"
    portal.press("vipps", portal.start("vipps", other), "pay")
    assert sandbox.courier.idle(5)
    authorised = [notice for _, notice in portal.notices if notice.reference == other]
    portal.notices.clear()
    for _ in range(2):
        portal.call("vipps", vipps.release(portal.accounts["vipps"], other))
    settle(portal, sandbox)
    # The capture that comes too late is refused.
    (capture,) = filter(None, (vipps.follow_up(portal.accounts["vipps"], notice) for notice in authorised))
    with pytest.raises(Refusal, match="CaptureNotAllowed"):
        portal.call("vipps", capture)
    assert portal.view(other).state == "cancelled"
    portal.start("vipps", "inv-2026-0003")
    portal.call("vipps", vipps.release(portal.accounts["vipps"], "inv-2026-0003"))
    settle(portal, sandbox)
    assert portal.view("inv-2026-0003").state == "cancelled"
    assert [row["state"] for row in sandbox.books()] == ["paid", "cancelled"]


def test_vipps_registered_webhook(portal, opened):
    sandbox = opened("vipps")
    headers = {**vipps.status(portal.accounts["vipps"], REFERENCE, "").headers, "Content-Type": "application/json"}

    def register(*events):
        body = json.dumps({"url": portal.url("vipps"), "events": events}).encode()
        return http("POST", f"{sandbox.url}/webhooks/v1/webhooks", body, headers)

    assert register("epayment.payment.created.v1")[0] == 400
    status, _, body = register(*vipps.EVENTS)
    made = json.loads(body)
    assert (status, len(made["secret"])) == (201, 64)
    sandbox.shops[0].endpoints.clear()
    account = portal.accounts["vipps"]
    portal.accounts["vipps"] = replace(account, secrets=({**account.secrets[0], "webhook_secret": made["secret"]},))
    paid(portal, sandbox)
    assert portal.problems == []
    assert made["id"] in http("GET", f"{sandbox.url}/webhooks/v1/webhooks", b"", headers)[2].decode()
    assert http("DELETE", f"{sandbox.url}/webhooks/v1/webhooks/{made['id']}", b"", headers)[0] == 204


def test_przelewy24_is_held_until_verified(portal, opened, monkeypatch):
    sandbox = opened("przelewy24")
    portal.press("przelewy24", portal.start("przelewy24"), "pay")
    assert not sandbox.courier.idle(0.1)
    assert [(row["state"], row["paid"]) for row in sandbox.books()] == [("held", 0)]
    assert portal.status("przelewy24", REFERENCE).notices[0].event is Event.AUTHORISED
    settle(portal, sandbox)
    (hook,) = sandbox.webhooks()
    assert (hook["state"], hook["accepted"]) == ("delivered", True)
    assert len(hook["attempts"]) > 1
    assert {attempt["status"] for attempt in hook["attempts"]} == {200}
    assert sandbox.books()[0]["paid"] == 125035
    happen(portal, sandbox, "refund")
    assert portal.status("przelewy24", REFERENCE).notices[-1].event is Event.REFUNDED
    assert happen(portal, sandbox, "refund_rejected").state == "refunded"  # the status above said it of the whole


@pytest.mark.parametrize("copied", ["yes", "no"])
def test_gocardless_debit_under_a_mandate(portal, opened, copied):
    told = {"payment_metadata": copied, "resource_metadata": copied}
    sandbox = opened("gocardless", told, {"mode": "debit"})
    page = portal.start("gocardless")
    assert "by direct debit" in page
    portal.press("gocardless", page, "pay")
    settle(portal, sandbox)
    assert portal.view(REFERENCE).state == "settled"
    assert net(sandbox) == 125035
    assert happen(portal, sandbox, "payout").state == "settled"
    assert happen(portal, sandbox, "dispute").state == "disputed"
    assert happen(portal, sandbox, "dispute_won").state == "settled"
    assert happen(portal, sandbox, "late_failure").taken == 125035
    assert net(sandbox) == 0
    happen(portal, sandbox, "mandate_cancelled")
    assert portal.problems == []


def test_gocardless_without_copied_metadata(portal, opened):
    sandbox = opened("gocardless", {"payment_metadata": "no"})
    paid(portal, sandbox)
    portal.refund("gocardless", REFERENCE, 5000, "rfd-0001")
    settle(portal, sandbox)
    assert portal.view(REFERENCE).refunded == 5000
    notices = portal.status("gocardless", REFERENCE)
    assert notices.provider_id.startswith("PM")


ROTATED = {
    "autopay": "key",
    "stripe": "webhook_secret",
    "liqpay": "private_key",
    "vipps": "webhook_secret",
    "przelewy24": "crc",
    "gocardless": "webhook_secret",
}


@pytest.mark.parametrize("name", list(ROTATED))
def test_rotation(portal, opened, name):
    sandbox = opened(name)
    page = portal.start(name)
    sandbox.shops[0].rotate(ROTATED[name], "the-new-secret")
    account = portal.accounts[name]
    new = {**account.secrets[0], ROTATED[name]: "the-new-secret"}
    if name != "stripe":  # it signs with both while a secret is rolled
        portal.accounts[name] = replace(account, secrets=(new, account.secrets[0]))
    portal.press(name, page, "pay")
    settle(portal, sandbox)
    assert portal.view(REFERENCE).state == "settled"
    assert portal.problems == []


def test_notices_carry_times_of_the_sandbox(portal, opened, monkeypatch):
    sandbox = opened("vipps")
    notices: list[Notice] = seen(portal, monkeypatch)
    paid(portal, sandbox)
    assert all(abs(notice.occurred_at - sandbox.now()) < timedelta(seconds=30) for notice in notices)


@pytest.mark.parametrize("name", ["stripe", "gocardless"])
def test_what_a_payout_is_made_of(portal, opened, monkeypatch, name):
    sandbox = opened(name, {"payout_fee": "180", "page": "1"})
    paid(portal, sandbox)
    (order,) = portal.attempts.values()
    (transaction,) = rules_attempts.view(order).paid
    if name == "stripe":
        happen(portal, sandbox, "refund", 25035)
    notices = seen(portal, monkeypatch)
    happen(portal, sandbox, "payout")
    (payout,) = [notice for notice in notices if notice.event is Event.PAYOUT]
    assert payout.part
    account, module, rows, pages = portal.accounts[name], provider(name), [], 0
    call = module.payout(account, payout.transaction_id)
    while call:
        status, _, body = http(call.method, call.url, call.body, call.headers)
        result = understand(module, account, call, Answer(status, body, datetime.now(UTC)))
        rows, call, pages = [*rows, *result.rows], result.then, pages + 1
    assert pages == 3
    assert [(row.amount, row.transaction_id) for row in rows if row.transaction_id] == [(125035, transaction)]
    assert sum(row.amount for row in rows) - payout.amount == 180
    call = module.payout(account, "PO-unknown")
    status, _, body = http(call.method, call.url, call.body, call.headers)
    with pytest.raises(Refusal, match="provider_refused"):
        understand(module, account, call, Answer(status, body, datetime.now(UTC)))
