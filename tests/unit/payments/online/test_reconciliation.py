"""Lines of the reconciliation are dealt with by people: with a note, undoable, and open again when there is news."""

import pytest
from payments import store_messages

from tests.unit.payments.online.conftest import AMOUNT, ORG, OTHER, paid, reference
from tests.unit.payments.online.steps import ask_refund, decide, later
from tests.unit.payments.online.test_payouts import FEE, announce, bank, payouts, report, settled, statement
from tests.unit.payments.providers import samples

__all__ = ["bank", "settled"]
NOTE = "Left as credit"


@pytest.fixture
def twice(world):
    """A payment that was made twice; its id."""
    world.ready("stripe")
    payment_id = world.pay("stripe")
    for number in (1, 2):
        world.hear("stripe", paid("stripe", payment_id, number=number))
    return payment_id


def tick(world, line, note=NOTE, token=None, **body):
    given = {"note": note, "version": line["version"], **body}
    path = {"line_id": line["line_id"]}
    return world.ask("POST", "/reconciliation/{line_id}/tick", token or world.sara, path=path, body=given)


def test_a_line_is_ticked_off_with_a_note_and_opened_again(world, twice):
    (line,) = world.lines("paid_twice")
    assert (line["note"], line["done_by"], line["done_at"]) == (None, None, None)
    status, done = tick(world, line)
    assert (status, done["state"], done["note"], done["done_by"]) == (201, "paid_twice", NOTE, "per_sara")
    assert world.lines("paid_twice") == []
    assert world.lines("done") == [done]
    status, opened = tick(world, done, note=None, token=world.stefan)
    assert (status, opened["note"], opened["done_by"], opened["done_at"]) == (201, None, None, None)
    assert (world.lines("paid_twice"), world.lines("done")) == ([opened], [])
    kept = [
        (one.what, one.actor, one.details["note"])
        for one in store_messages.audit_of(ORG)
        if one.what.startswith("line_")
    ]
    assert kept == [("line_done", "per_sara", NOTE), ("line_opened", "per_stefan", None)]


def test_only_what_was_looked_at_is_ticked_off(world, twice):
    (line,) = world.lines("paid_twice")
    assert tick(world, line, token=world.anna)[0] == 403
    assert tick(world, line, token=world.foreign)[0] == 404
    for note in ("", "ok", "x" * 301):
        assert tick(world, line, note=note)[0] == 422
    for line_id in ("nothing", "w6k", "!", OTHER):
        assert tick(world, {**line, "line_id": line_id})[0] == 404
    assert tick(world, line)[0] == 201
    assert tick(world, line, "Somebody else's note", token=world.stefan)[0] == 409
    assert [one["note"] for one in world.lines("done")] == [NOTE]
    store_messages.find_line(ORG, f"stripe#{line['reference']}#{line['transaction_id']}").delete()
    status, answer = tick(world, line)
    assert (status, answer["code"]) == (409, "conflict"), "it is gone"


def said(payment_id, amount="1250.00", **fields):
    given = {"orderID": reference(payment_id), "amount": amount, "remoteID": "R1", **fields}
    return samples.itn(samples.itn_fields(**given))


def test_another_amount_is_no_line_once_the_transaction_is_booked(world):
    world.ready("autopay")
    payment_id = world.pay()
    world.hear("autopay", said(payment_id, "7.00"))
    world.hear("autopay", said(payment_id, "8.00", remoteID="R2"))
    assert len(world.lines("amount_differs")) == 2
    world.hear("autopay", said(payment_id))
    assert world.payment(payment_id)["state"] == "settled"
    (left,) = world.lines("amount_differs")
    assert (left["transaction_id"], left["found"]) == ("R2", 800), "that is other money, which nobody has credited"
    # Whatever the order.
    world.hear("autopay", said(payment_id, "9.00"))
    assert world.lines("amount_differs") == [left]


def test_another_currency_is_named(world):
    world.ready("autopay")
    payment_id = world.pay()
    world.hear("autopay", said(payment_id, currency="EUR"))
    (line,) = world.lines("amount_differs")
    assert (line["expected"], line["found"], line["currency"]) == (None, AMOUNT, "EUR")
    assert line["payment_id"] == payment_id


def test_what_only_looks_like_our_order_is_nobodys(world):
    world.ready("autopay")
    payment_id = world.pay()
    world.hear("autopay", said(payment_id, orderID=payment_id))
    assert world.lines("amount_differs") == []
    (line,) = world.lines("missing_here")
    assert (line["reference"], line["payment_id"], line["contract_id"]) == (payment_id, None, None)
    assert (line["expected"], line["found"]) == (None, AMOUNT)


def test_the_newest_that_was_dealt_with_comes_first(world, twice, monkeypatch):
    third = paid("stripe", twice, number=3)
    world.hear("stripe", third)
    first, second = sorted(world.lines("paid_twice"), key=lambda one: one["transaction_id"])
    tick(world, second)
    later(world, monkeypatch, minutes=1)
    tick(world, first)
    assert [one["transaction_id"] for one in world.lines("done")] == [first["transaction_id"], second["transaction_id"]]


def test_a_sum_that_changes_opens_it_again(world, twice):
    (line,) = world.lines("paid_twice")
    tick(world, line)
    world.server.answers["POST /v1/refunds"] = {
        "id": "re_1", "payment_intent": "pi_2", "amount": 5000, "currency": "eur", "status": "succeeded", "metadata": {}
    }  # fmt: skip
    refund = ask_refund(world, twice, amount=5000)[1]["refunds"][0]
    decide(world, twice, refund["refund_id"])
    assert [one["note"] for one in world.lines("done")] == [NOTE], "nothing has gone back yet"
    world.pump()
    (again,) = world.lines("paid_twice")
    assert (again["found"], again["note"], world.lines("done")) == (AMOUNT - 5000, None, [])


def test_a_later_run_leaves_done_what_says_the_same(world, bank, settled):
    report(world, ("pi_1", reference(settled)))
    announce(world)
    bank.run(statement((AMOUNT - FEE - 700, "REF1", "SOME BANK", "ACH po_1AbCdEfG2")))
    (line,) = payouts(world, "amount_differs")
    assert (line["fee"], line["import_id"]) == (None, bank.transfers()[0].import_id)
    tick(world, line)
    assert world.clock()["payouts"] == 1
    assert payouts(world, "amount_differs") == []
    (done,) = payouts(world, "done")
    assert (done["fee"], done["note"], done["version"]) == (FEE, NOTE, line["version"] + 2)


def test_what_is_in_order_needs_nobody(world, bank, settled):
    announce(world)
    bank.run(statement((AMOUNT - FEE, "REF1", "STRIPE", "PAYOUT")))
    (line,) = payouts(world, "matched")
    assert tick(world, line)[0] == 409


def test_a_providers_transfer_without_a_payout_is_shown_where_it_is_assigned(world, bank, settled):
    bank.run(statement((45000, "REF1", "JAN STRIPE", "CZYNSZ")))
    (line,) = payouts(world, "missing_here")
    named = {"transfer_id": line["transfer_id"]}
    shown = world.ask("GET", "/unmatched-transfers", world.sara, query=named)[1]["items"]
    assert [(one["transfer_id"], one["import_id"]) for one in shown] == [(line["transfer_id"], line["import_id"])]
    assert bank.inbox() == [], "only where it is asked for"
    assert world.ask("GET", "/unmatched-transfers", world.foreign, query=named)[1]["items"] == []
    bank.assign(line["transfer_id"], "ctr_title")
    assert world.ask("GET", "/unmatched-transfers", world.sara, query=named)[1]["items"] == []
