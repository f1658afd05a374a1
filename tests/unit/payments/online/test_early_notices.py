"""Money that goes back is heard of before the payment: webhooks come in any order, and some name nothing but the provider's own id."""

from datetime import timedelta

import pytest

from shared import clock
from tests.unit.payments.online.conftest import AMOUNT, paid
from tests.unit.payments.providers import samples


@pytest.fixture
def started(world):
    world.ready("stripe")
    return world.pay("stripe")


def dispute(intent, event_id):
    now = clock.now()
    subject = {
        "id": f"dp_{event_id}", "payment_intent": intent, "amount": AMOUNT, "currency": "eur",
        "status": "needs_response", "metadata": {},
    }  # fmt: skip
    event = {
        "id": event_id,
        "type": "charge.dispute.created",
        "created": int(now.timestamp()),
        "data": {"object": subject},
    }
    return samples.stripe(event, at=now, now=now)


def test_a_dispute_waits_for_its_payment(world, started):
    world.hear_early("stripe", dispute("pi_1", "evt_d1"))
    world.hear("stripe", paid("stripe", started))
    assert world.payment(started)["state"] == "settled"
    world.hear_again()
    assert world.payment(started)["state"] == "disputed"
    (said,) = world.events("PaymentRefunded")
    assert (said["payment_id"], said["amount"], said["cause"]) == (started, AMOUNT, "dispute")


def test_one_of_a_payment_that_is_none_of_ours_is_noted_after_a_while(world, started, monkeypatch):
    world.hear_early("stripe", dispute("pi_elsewhere", "evt_d2"))
    assert "unwanted_notice" not in world.audit()
    later = clock.now() + timedelta(minutes=9)
    monkeypatch.setattr(clock, "now", lambda: later)
    world.hear_again()
    assert "unwanted_notice" in world.audit()
    assert world.payment(started)["state"] == "started"
