"""Refunds and charge-backs on DynamoDB (moto): booked once, shown, undone, in whatever order they are delivered."""

from itertools import permutations
from random import Random

import pytest
from statements import service_refunds, store
from statements.rules.allocation import replay

from shared.errors import Conflict
from tests.support import outbox
from tests.unit.statements.builders import charge as posted
from tests.unit.statements.builders import payment
from tests.unit.statements.test_routes import charge, read, reverse

TWO = {"contract_id": "ctr_2"}


def stored(contract_id="ctr_1"):
    """The account's state and the entries it comes from, with payments as they were booked."""
    account = store.find_account("org_test", contract_id)
    items = list(store.EntryItem.query(account.pk, store.EntryItem.sk.startswith("ENTRY#")))
    entries = [item.entry()._replace(returned=()) for item in items]
    return account.snapshot().state, entries, account.policies()


def check(contract_id="ctr_1"):
    """The books agree with a recomputation from the entries alone."""
    state, entries, policies = stored(contract_id)
    assert state == replay(entries, policies)
    assert state.balance == sum(entry.amount for entry in entries)
    return state.balance


def test_should_open_again_what_a_refund_takes_back_and_show_it_everywhere(world):
    # Given two charges paid together
    world.start_contract()
    rent = charge(world, "2026-01-01", 1000, due_date="2026-01-10")
    waste = charge(world, "2026-01-02", 300, due_date="2026-01-31", purpose="waste")
    world.settle("pay_1", 1400, "2026-01-12")
    # When more than the credit is given back
    world.send_back("pay_1", "rfd_a", 500, "2026-02-20")
    world.send_back("pay_1", "rfd_a", 500, "2026-02-20")
    # Then what was paid last is open
    assert check() == 400
    open_now = {c["charge_id"]: (c["status"], c["open"]) for c in read(world, "/charges")["items"]}
    assert open_now == {waste["charge_id"]: ("open", 300), rent["charge_id"]: ("part_paid", 100)}
    assert read(world)["due"] == 400
    # And the payment, the lines and the explanation say so
    (paid,) = read(world, "/payments")["items"]
    assert (paid["amount"], paid["returned"], paid["status"], paid["unallocated"]) == (1400, 500, "part_returned", 0)
    line, *rest = read(world, "/entries")["items"]
    assert (line["kind"], line["cause"], line["amount"], line["date"]) == ("refund", "refund", 500, "2026-02-20")
    assert (line["payment_id"], line["reference"], line["booked_on"]) == ("pay_1", "transfer pay_1", "2026-02-20")
    assert [one["kind"] for one in rest] == ["payment", "charge", "charge"]
    explained = read(world, "/explain")
    parts = {
        i["charge_id"]: [(p["amount"], p["rule"], p["on"]) for p in i["allocated"]] for i in explained["open_items"]
    }
    assert parts == {
        rent["charge_id"]: [(1000, "longest_overdue", "2026-01-12"), (-100, "refunded", "2026-02-20")],
        waste["charge_id"]: [(300, "not_yet_due", "2026-01-12"), (-300, "refunded", "2026-02-20")],
    }
    assert explained["settled"] == []
    # Until that day they were paid
    before = read(world, "/explain", query={"on": "2026-02-19"})
    assert (before["balance"], before["open_items"], len(before["settled"])) == (-100, [], 2)
    said = [data for kind, data in outbox("STATEMENTS_TABLE") if kind == "BalanceChanged"]
    assert [data["balance"] for data in said] == [1000, 1300, -100, 400]
    assert said[-1]["overdue_from"] == "2026-01-10"


def test_should_undo_a_charge_back_from_the_day_of_the_payment(world):
    world.start_contract()
    rent = charge(world, "2026-01-01", 1000, due_date="2026-01-10")
    world.settle("pay_1", 1000, "2026-01-05")
    world.send_back("pay_1", "dp_1", 1000, "2026-03-05", "dispute")
    assert check() == 1000
    assert read(world, "/explain", query={"on": "2026-01-31"})["balance"] == 1000
    (paid,) = read(world, "/payments")["items"]
    assert (paid["status"], paid["returned"]) == ("returned", 1000)
    line = read(world, "/entries")["items"][0]
    assert (line["kind"], line["cause"], line["date"], line["booked_on"]) == (
        "chargeback",
        "dispute",
        "2026-01-05",
        "2026-03-05",
    )
    # When the dispute is won, it was never lost
    world.undo("pay_1", "dp_1", 1000, "2026-04-01", "dispute")
    world.undo("pay_1", "dp_1", 1000, "2026-04-01", "dispute")
    assert check() == 0
    assert [c["status"] for c in read(world, "/charges")["items"]] == ["paid"]
    (paid,) = read(world, "/payments")["items"]
    assert (paid["status"], paid["returned"]) == ("booked", 0)
    assert [(e["kind"], e["amount"]) for e in read(world, "/entries")["items"]] == [
        ("chargeback", 1000),
        ("reversal", -1000),
        ("payment", -1000),
        ("charge", 1000),
    ]
    (item,) = read(world, "/explain")["settled"]
    assert (item["charge_id"], [part["amount"] for part in item["allocated"]]) == (rent["charge_id"], [1000])
    # What was undone once is not booked again, however late it comes
    world.send_back("pay_1", "dp_1", 1000, "2026-03-05", "dispute")
    assert check() == 0
    reversed_events = [data for kind, data in outbox("STATEMENTS_TABLE") if kind == "EntryReversed"]
    assert [data["amount"] for data in reversed_events] == [1000]


def test_should_refuse_what_cannot_be_and_wait_for_what_is_to_come(world):
    world.start_contract()
    with pytest.raises(service_refunds.PaymentMissing):
        world.send_back("pay_1", "rfd_a", 10, "2026-02-01")
    world.settle("pay_1", 100, "2026-01-05")
    with pytest.raises(Conflict):
        world.send_back("pay_1", "rfd_a", 10, "2026-02-01", currency="EUR")
    world.send_back("pay_1", "rfd_a", 60, "2026-02-01")
    with pytest.raises(service_refunds.RefundTooLarge):
        world.send_back("pay_1", "rfd_b", 41, "2026-02-02")
    world.send_back("pay_1", "rfd_b", 40, "2026-02-02")
    assert check() == 0
    # The same id of another payment is another refund
    world.settle("pay_2", 100, "2026-01-06")
    world.send_back("pay_2", "rfd_a", 30, "2026-02-01")
    assert check() == -70


def test_should_come_to_the_same_in_any_order_of_delivery(world):
    """Two refunds, of which the first failed and the second takes its room, and the payment itself: what fails comes again."""
    balances = set()
    for number, order in enumerate(permutations(["settle", "send", "undo", "again"])):
        contract_id, payment_id = f"ctr_{number}", f"pay_{number}"
        world.start_contract(contract_id)
        deliver = {
            "settle": lambda c=contract_id, p=payment_id: world.settle(p, 100, "2026-01-05", c),
            "send": lambda c=contract_id, p=payment_id: world.send_back(p, "rfd_a", 80, "2026-02-01", contract_id=c),
            "undo": lambda c=contract_id, p=payment_id: world.undo(p, "rfd_a", 80, "2026-02-02", contract_id=c),
            "again": lambda c=contract_id, p=payment_id: world.send_back(p, "rfd_b", 70, "2026-02-03", contract_id=c),
        }
        queue = list(order)
        for _ in range(12):
            if not queue:
                break
            what = queue.pop(0)
            try:
                deliver[what]()
            except (service_refunds.PaymentMissing, service_refunds.RefundTooLarge):
                queue.append(what)
        assert not queue
        balances.add(check(contract_id))
    assert balances == {-30}


def test_should_follow_a_payment_to_the_account_where_it_is_now(world):
    world.start_contract("ctr_1")
    world.start_contract("ctr_2")
    charge(world, "2026-01-01", 100, path=TWO)
    world.settle("pay_1", 100, "2026-01-05")
    moved = reverse(world, "pay_1", "ctr_2")[1]["rebooked_payment_id"]
    world.send_back("pay_1", "rfd_a", 40, "2026-02-01")
    assert (check("ctr_1"), check("ctr_2")) == (0, 40)
    # What has gone back in part cannot be moved or reversed
    assert reverse(world, moved, "ctr_1")[1]["code"] == "payment_refunded"
    assert reverse(world, moved)[1]["code"] == "payment_refunded"
    line = read(world, "/entries", path=TWO, token=world.staff)["items"][0]
    assert reverse(world, line["entry_id"])[1]["code"] == "not_reversible"
    world.undo("pay_1", "rfd_a", 40, "2026-02-02")
    assert reverse(world, moved)[0] == 201
    assert (check("ctr_1"), check("ctr_2")) == (0, 100)


def test_should_not_book_the_refund_of_a_payment_that_staff_reversed(world):
    world.start_contract()
    charge(world, "2026-01-01", 100)
    world.settle("pay_1", 100, "2026-01-05")
    assert reverse(world, "pay_1")[0] == 201
    world.send_back("pay_1", "rfd_a", 100, "2026-02-01", "bounce")
    assert check() == 100
    world.undo("pay_1", "rfd_a", 100, "2026-02-02", "bounce")
    assert check() == 100


def test_should_keep_a_double_payment_as_credit_and_give_it_back(world):
    world.start_contract()
    rent = charge(world, "2026-01-01", 100)
    world.settle("pay_1", 100, "2026-01-05", designated=[rent["charge_id"]])
    world.settle("pay_1_double", 100, "2026-01-05", designated=[rent["charge_id"]])
    assert (check(), read(world)["credit"]) == (-100, 100)
    world.send_back("pay_1_double", "rfd_a", 100, "2026-01-08")
    assert (check(), read(world)["credit"], read(world)["due"]) == (0, 0, 0)
    assert [c["status"] for c in read(world, "/charges")["items"]] == ["paid"]


def test_should_keep_checkpoints_true_through_refunds_of_long_ago(world, monkeypatch):
    """Deep and shallow re-runs, across checkpoints with refunds to come, agree with a recomputation."""
    monkeypatch.setattr("statements.rules.posting.EVERY", 5)
    world.start_contract()
    days = [f"2025-{1 + number // 5:02}-{1 + number % 5:02}" for number in range(45)]
    world.book([posted(f"chg_{number:03}", day, 10) for number, day in enumerate(days)])
    world.book([payment(f"pay_{number:03}", day, 15) for number, day in enumerate(days) if number % 3 == 0])
    random, made = Random(7), []
    for number in range(14):
        of = f"pay_{3 * random.randrange(15):03}"
        cause = random.choice(["refund", "dispute", "bounce"])
        day = f"2025-{random.randint(1, 12):02}-15"
        try:
            world.send_back(of, f"rfd_{number}", random.randint(1, 12), day, cause)
            made.append((of, f"rfd_{number}", cause))
        except service_refunds.RefundTooLarge:
            continue
        check()
        if number % 4 == 3:
            undone = made.pop(random.randrange(len(made)))
            world.undo(*undone[:2], 1, "2025-12-30", undone[2])
            check()
    assert len(store.find_account("org_test", "ctr_1").snapshot().lineage.segments) > 1, "no re-run was deep"
    _, entries, policies = stored()
    undone_ids = {entry.reverses for entry in entries}
    for day in ("2025-03-01", "2025-06-14", "2025-09-15"):
        explained = read(world, "/explain", query={"on": day})
        live = [e for e in entries if e.value_date <= day and e.entry_id not in undone_ids and not e.reverses]
        expected = replay(live, policies)
        assert explained["balance"] == expected.balance == sum(entry.amount for entry in live)
        assert {i["charge_id"]: i["open"] for i in explained["open_items"]} == {
            i.charge_id: i.open for i in expected.open_items
        }
