"""Payouts: announced, read, found on the bank statement, never booked as a payer's money."""

import pytest

from shared import clock
from tests.unit.payments import world as bank_world
from tests.unit.payments.online.conftest import AMOUNT, ORG, paid, reference
from tests.unit.payments.online.steps import later
from tests.unit.payments.providers import samples

FEE = 1500


@pytest.fixture
def bank(world):
    """The same organisation with an account in euro, and a contract whose number a title may hold."""
    made = bank_world.World(ORG, accounts=((bank_world.ACCOUNT, "EUR"),))
    made.start("L/2015/001", event_id="evt_bank", contract_id="ctr_title", currency="EUR")
    world.sign_in()
    made.token = world.sara
    return made


def statement(*lines):
    """Lines `(amount, bank reference, sender, title)`."""
    entries = [(amount, ref, f"?00X?20{title}?32{name}") for amount, ref, name, title in lines]
    text = bank_world.mt940(*entries).replace(b"PLN", b"EUR")
    today = clock.now()
    return text.replace(b":61:1701190119", f":61:{today:%y%m%d%m%d}".encode()).replace(
        b"C170101", f"C{today:%y%m%d}".encode()
    ).replace(b"170119EUR", f"{today:%y%m%d}EUR".encode())  # fmt: skip


def announce(world, amount=AMOUNT - FEE, payout_id="po_1AbCdEfG2"):
    now = clock.now()
    subject = {
        "id": payout_id, "amount": amount, "currency": "eur", "status": "paid", "metadata": {}, "statement_descriptor": None,
    }  # fmt: skip
    event = {
        "id": f"evt_{payout_id}",
        "type": "payout.paid",
        "created": int(now.timestamp()),
        "data": {"object": subject},
    }
    assert world.hear("stripe", samples.stripe(event, at=now, now=now)) == 200


def report(world, *payments, more=()):
    """What a payout is made of: `(transaction, our payment)`, on two pages."""

    def row(number, kind, amount, source):
        return {"id": f"txn_{number}", "type": kind, "amount": amount, "fee": 0, "net": amount, "source": source}

    rows = [
        row(number, "charge", AMOUNT, {"id": f"ch_{number}", "payment_intent": one, "metadata": {"order": ours}})
        for number, (one, ours) in enumerate(payments)
    ]
    last = [row("p", "payout", -1, {"id": "po"}), row("f", "stripe_fee", -200, "fee"), *more]
    world.server.answers["GET /v1/balance_transactions"] = {"data": rows, "has_more": True}
    query = f"GET /v1/balance_transactions?payout=po_1AbCdEfG2&limit=100&expand%5B%5D=data.source&starting_after=txn_{len(rows) - 1}"
    world.server.answers[query] = {"data": last, "has_more": False}


@pytest.fixture
def settled(world):
    world.ready("stripe")
    payment_id = world.pay("stripe")
    world.hear("stripe", paid("stripe", payment_id))
    world.server.answers["GET /v1/checkout/sessions/cs_test_1"] = {
        "id": "cs_test_1", "status": "complete", "payment_status": "paid", "payment_intent": {"id": "pi_1"},
        "amount_total": AMOUNT, "currency": "eur", "client_reference_id": reference(payment_id),
    }  # fmt: skip
    return payment_id


def payouts(world, state):
    return [line for line in world.lines(state) if line["kind"] == "payout"]


def test_a_payout_is_its_payments_less_the_fee_and_stands_on_the_statement(world, bank, settled):
    report(world, ("pi_1", reference(settled)))
    announce(world)
    announce(world)
    counts = world.clock()
    assert (counts["payouts"], counts["failed"]) == (1, 0)
    assert payouts(world, "missing_there") == [], "it has only been announced"
    # The sender and the amount are enough; the number of a contract in the title does not make it that tenant's money.
    result = bank.run(statement((AMOUNT - FEE, "REF1", "STRIPE PAYMENTS EUROPE", "PAYOUT L/2015/001")))
    assert (result["state"], result["matched"], result["unmatched"]) == ("done", 1, 0)
    (line,) = payouts(world, "matched")
    assert (line["expected"], line["found"], line["fee"]) == (AMOUNT - FEE, AMOUNT - FEE, FEE)
    assert (line["provider"], line["transaction_id"]) == ("stripe", "po_1AbCdEfG2")
    (transfer,) = bank.transfers()
    assert (transfer.state, transfer.transfer_id, transfer.contract_id) == ("payout", line["transfer_id"], None)
    assert [one["method"] for one in world.events("PaymentSettled")] == ["online"]
    assert bank.inbox() == []
    assert bank.assign(transfer.transfer_id, "ctr_title")[1]["code"] == "not_assignable"
    assert world.clock()["payouts"] == 0, "it is explained"


def test_a_transfer_waits_for_its_payout(world, bank, settled):
    result = bank.run(statement((AMOUNT - FEE, "REF1", "STRIPE PAYMENTS EUROPE", "PAYOUT L/2015/001")))
    assert (result["matched"], world.events("PaymentSettled")[0]["method"]) == (1, "online")
    (line,) = payouts(world, "missing_here")
    assert (line["expected"], line["found"], line["transaction_id"]) == (None, AMOUNT - FEE, line["transfer_id"])
    report(world, ("pi_1", reference(settled)))
    announce(world)
    world.clock()
    assert payouts(world, "missing_here") == []
    (matched,) = payouts(world, "matched")
    assert matched["transfer_id"] == line["transfer_id"]
    assert len(world.events("PaymentSettled")) == 1


def test_who_only_has_a_providers_name_can_still_pay(world, bank, settled):
    bank.run(statement((45000, "REF1", "JAN STRIPE", "CZYNSZ")))
    (line,) = payouts(world, "missing_here")
    assert bank.assign(line["transfer_id"], "ctr_title")[0] == 201
    assert payouts(world, "missing_here") == []
    assert world.events("PaymentSettled")[-1]["contract_id"] == "ctr_title"


def test_a_reference_finds_the_transfer_and_another_amount_is_told(world, bank, settled):
    report(world, ("pi_1", reference(settled)))
    announce(world)
    bank.run(statement((AMOUNT - FEE - 700, "REF1", "SOME BANK", "ACH po_1AbCdEfG2")))
    (line,) = payouts(world, "amount_differs")
    assert (line["expected"], line["found"]) == (AMOUNT - FEE, AMOUNT - FEE - 700)
    world.clock()
    (line,) = payouts(world, "amount_differs")
    assert line["fee"] == FEE, "its report was read afterwards"


def test_a_payout_that_does_not_come_is_told_once_it_is_late(world, bank, settled, monkeypatch):
    report(world, ("pi_1", reference(settled)))
    announce(world)
    later(world, monkeypatch, days=7)
    world.clock()
    assert payouts(world, "missing_there") == []
    later(world, monkeypatch, days=1)
    world.clock()
    (line,) = payouts(world, "missing_there")
    assert (line["expected"], line["found"], line["transfer_id"]) == (AMOUNT - FEE, None, None)
    bank.token = world.sara
    bank.run(statement((AMOUNT - FEE, "REF1", "STRIPE", "PAYOUT")))
    assert (payouts(world, "missing_there"), len(payouts(world, "matched"))) == ([], 1)


def test_a_payment_of_a_payout_that_is_not_in_the_books_is_listed(world, bank, settled):
    report(world, ("pi_1", ""), ("pi_9", ""), more=[{"id": "txn_r", "type": "refund", "amount": -5000, "source": None}])
    announce(world, 2 * AMOUNT - 5000)
    world.clock()
    (line,) = world.lines("missing_here")
    assert (line["kind"], line["transaction_id"], line["found"], line["payment_id"]) == (
        "payment",
        "pi_9",
        AMOUNT,
        None,
    )


def test_more_than_its_payments_come_to_is_told(world, bank, settled):
    report(world, ("pi_1", reference(settled)))
    announce(world, AMOUNT + 1)
    world.clock()
    (line,) = payouts(world, "amount_differs")
    assert (line["expected"], line["found"], line["fee"]) == (AMOUNT + 1, None, -1)


def test_a_provider_that_does_not_answer_is_asked_again_and_a_manual_payout_has_no_report(world, bank, settled):
    from shared.rounds import RoundFailedError

    announce(world)
    world.server.answers["GET /v1/balance_transactions"] = (503, b"")
    with pytest.raises(RoundFailedError):
        world.clock()
    world.server.answers["GET /v1/balance_transactions"] = (400, {"error": {"type": "invalid_request_error"}})
    world.clock()
    bank.run(statement((AMOUNT - FEE, "REF1", "STRIPE", "PAYOUT")))
    (line,) = payouts(world, "matched")
    assert line["fee"] is None


def test_gocardless_has_fees_with_fractions_and_a_reference(world, bank):
    world.ready("gocardless")
    payment_id = world.pay("gocardless")
    world.hear("gocardless", paid("gocardless", payment_id))
    items = [
        {"type": "payment_paid_out", "amount": f"{AMOUNT}.0", "links": {"payment": "PM1"}},
        {"type": "gocardless_fee", "amount": "-99.5", "links": {"payment": "PM1"}},
        {"type": "vat", "amount": "-0.5"},
    ]
    world.server.answers |= {
        "GET /billing_requests/BRQ1": {"billing_requests": {"id": "BRQ1", "status": "pending"}},
        "GET /payouts/PO1": {
            "payouts": {
                "id": "PO1",
                "amount": AMOUNT - 100,
                "currency": "EUR",
                "status": "paid",
                "reference": "DEMO-JC64W2E5Z",
            }
        },
        "GET /payout_items?payout=PO1&limit=500": {"payout_items": items[:1], "meta": {"cursors": {"after": "c2"}}},
        "GET /payout_items?payout=PO1&limit=500&after=c2": {
            "payout_items": items[1:],
            "meta": {"cursors": {"after": None}},
        },
    }
    world.hear("gocardless", samples.gocardless(samples.gc_event("payouts", "paid", id="EVP", links={"payout": "PO1"})))
    world.clock()
    assert world.lines("missing_here") == []
    bank.run(statement((AMOUNT - 100, "REF1", "SOME CLEARING", "DEMO-JC64W2E5Z")))
    (line,) = payouts(world, "matched")
    assert (line["provider"], line["fee"], line["found"]) == ("gocardless", 100, AMOUNT - 100)
