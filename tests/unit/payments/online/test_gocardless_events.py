"""GoCardless's events name a payment by its `PM...` alone: each finds its attempt, before and after the request that made it."""

import pytest

from tests.unit.payments.online.conftest import AMOUNT, reference
from tests.unit.payments.providers import samples


def event(action, number, at="2027-01-20T10:00:00.000Z"):
    links = {"payment": "PM1"}
    return samples.gocardless(samples.gc_event("payments", action, id=f"EV{number}", links=links, created_at=at))


def fulfilled(number=90):
    links = {"billing_request": "BRQ1"}
    return samples.gocardless(samples.gc_event("billing_requests", "fulfilled", id=f"EV{number}", links=links))


def payment(world, status):
    resource = {"id": "PM1", "status": status, "amount": AMOUNT, "currency": "EUR", "metadata": {}}
    world.server.answers["GET /payments/PM1"] = {"payments": resource}


@pytest.fixture
def started(world):
    """A payment whose own resource and events do not repeat our metadata; its billing request does."""
    world.ready("gocardless")
    payment_id = world.pay("gocardless")
    ours, links = {"order": reference(payment_id)}, {"payment_request_payment": "PM1"}
    request = {"id": "BRQ1", "status": "fulfilled", "links": links, "metadata": ours}
    world.server.answers["GET /billing_requests/BRQ1"] = {"billing_requests": request}
    payment(world, "confirmed")
    return payment_id


ENDS = [
    ("failed", "disputed", "bounce"),
    ("late_failure_settled", "disputed", "bounce"),
    ("charged_back", "disputed", "dispute"),
]


@pytest.mark.parametrize(("action", "state", "cause"), ENDS)
def test_what_comes_back_is_found(world, started, action, state, cause):
    world.hear("gocardless", fulfilled())
    assert world.payment(started)["state"] == "settled"
    world.hear("gocardless", event(action, 1))
    (said,) = world.events("PaymentRefunded")
    assert (said["payment_id"], said["amount"], said["cause"]) == (started, AMOUNT, cause)
    assert world.payment(started)["state"] == state
    world.hear("gocardless", event(action, 2))
    assert len(world.events("PaymentRefunded")) == 1


def test_a_charge_back_that_is_given_up_is_found(world, started):
    world.hear("gocardless", fulfilled())
    world.hear("gocardless", event("charged_back", 1))
    world.hear("gocardless", event("chargeback_cancelled", 2, "2027-01-21T10:00:00.000Z"))
    assert len(world.events("PaymentRefundUndone")) == 1
    assert world.payment(started)["state"] == "settled"


@pytest.mark.parametrize("first", ["event", "request"])
@pytest.mark.parametrize("action", ["failed", "cancelled", "customer_approval_denied"])
def test_what_never_came_is_found_in_either_order(world, started, action, first):
    state = "failed" if action == "failed" else "cancelled"
    if first == "request":
        payment(world, "submitted")
        world.hear("gocardless", fulfilled())
        assert world.payment(started)["state"] == "pending"
        world.hear("gocardless", event(action, 1))
    else:
        # Nobody knows yet whose it is; the request says it, and its payment is asked how it stands.
        payment(world, action)
        hear = world.hear_early if action == "failed" else world.hear
        hear("gocardless", event(action, 1))
        assert world.payment(started)["state"] == "started"
        world.hear("gocardless", fulfilled())
        world.hear_again()
    assert (world.payment(started)["state"], world.events("PaymentSettled")) == (state, [])


def test_a_charge_back_before_everything_else_never_paid(world, started):
    payment(world, "charged_back")
    world.hear_early("gocardless", event("charged_back", 1))
    world.hear("gocardless", fulfilled())
    world.hear_again()
    (paid,), (back,) = world.events("PaymentSettled"), world.events("PaymentRefunded")
    assert (paid["payment_id"], back["payment_id"], back["cause"]) == (started, started, "dispute")
