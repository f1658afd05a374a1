"""What people, providers and time do after a payment."""

from datetime import timedelta

from payments import app as payments_app

from shared import clock
from tests.support import api_event
from tests.unit.payments.online.conftest import AMOUNT, reference
from tests.unit.payments.providers import samples


def later(world, monkeypatch, **time):
    now = clock.now() + timedelta(**time)
    monkeypatch.setattr(clock, "now", lambda: now)
    world.sign_in()


def ask_refund(world, payment_id, token=None, **body):
    path = {"payment_id": payment_id}
    given = {"reason": "Paid by mistake", **body}
    return world.ask("POST", "/payments/{payment_id}/refund", token or world.sara, path=path, body=given)


def listed(world, state="asked", token=None):
    return world.ask("GET", "/refunds", token or world.sara, query={"state": state})[1]["items"]


def decide(world, payment_id, refund_id, token=None, *, confirmed=True):
    path, body = {"payment_id": payment_id}, {"refund_id": refund_id, "confirmed": confirmed}
    route = "/payments/{payment_id}/refund/confirmation"
    return world.ask("POST", route, token or world.stefan, path=path, body=body)


def stripe_refund(payment_id, amount, refund_id="re_1", status="succeeded", event_id="evt_r1"):
    now = clock.now()
    subject = {
        "id": refund_id, "payment_intent": "pi_1", "amount": amount, "currency": "eur", "status": status,
        "metadata": {"order": reference(payment_id)},
    }  # fmt: skip
    event = {"id": event_id, "type": "refund.updated", "created": int(now.timestamp()), "data": {"object": subject}}
    return samples.stripe(event, at=now, now=now)


def dispute(payment_id, status, event_id):
    now = clock.now()
    subject = {
        "id": "dp_1", "payment_intent": "pi_1", "amount": AMOUNT, "currency": "eur", "status": status,
        "metadata": {"order": reference(payment_id)},
    }  # fmt: skip
    event = {
        "id": event_id,
        "type": "charge.dispute.closed",
        "created": int(now.timestamp()),
        "data": {"object": subject},
    }
    return samples.stripe(event, at=now, now=now)


def way_back(world, payment_id, **changes):
    """Where the payer who comes back from Autopay is taken on our site."""
    ours = reference(payment_id)
    signature = samples.autopay_hash(["123456", ours], samples.KEYS[0])
    path = {"provider": "autopay", "organisation_id": "org_test"}
    query = {"ServiceID": "123456", "OrderID": ours, "Hash": signature, **changes}
    answer = payments_app.app(
        api_event("GET", "/payments/return/{provider}/{organisation_id}", path=path, query=query), None
    )
    assert answer["statusCode"] == 303
    return answer["headers"]["Location"].removeprefix("https://portal.example")
