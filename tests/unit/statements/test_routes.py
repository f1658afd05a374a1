"""The ledger's routes and consumers on DynamoDB (moto), single-threaded."""

import pytest
from statements import service, store
from statements.app import app
from statements.rules.allocation import replay

from shared.errors import Conflict, DomainError
from shared.events.catalog import ContractEnded
from tests.support import call, outbox, profile, put_organisation, sign_in
from tests.unit.statements.builders import charge as posted
from tests.unit.statements.builders import payment

ACCOUNT = "/accounts/{contract_id}"
ONE = {"contract_id": "ctr_1"}


def read(world, what="", path=None, token=None, query=None):
    status, body = call(app, "GET", ACCOUNT + what, path=path or ONE, token=token or world.tenant, query=query)
    assert status == 200, body
    return body


def charge(world, day="2026-01-01", amount=1000, *, path=None, key=None, **more):
    body = {"date": day, "due_date": day, "purpose": "rent", "amount": amount, **more}
    headers = {"Idempotency-Key": key} if key else None
    status, answer = call(
        app, "POST", ACCOUNT + "/charges", path=path or ONE, token=world.staff, body=body, headers=headers
    )
    assert status == 201, answer
    return answer


def reverse(world, entry_id, rebook_to=None):
    return call(
        app,
        "POST",
        "/entries/{entry_id}/reversal",
        path={"entry_id": entry_id},
        token=world.staff,
        body={"reason": "Booked wrongly", "rebook_to_contract_id": rebook_to},
    )


def test_should_show_an_empty_account_once_the_contract_has_started(world):
    status, _ = call(app, "GET", ACCOUNT, path=ONE, token=world.tenant)
    assert status == 404
    world.start_contract()
    account = read(world)
    assert account["currency"] == "PLN"
    assert (account["balance"], account["purposes"], account["next_due"]) == (0, [], None)
    assert read(world, "/charges") == {"items": [], "next_cursor": None}


def test_should_charge_book_and_show_where_the_money_went(world):
    # Given a charge overdue, one far ahead, and a payment
    world.start_contract()
    rent = charge(world, "2026-01-01", 1000, due_date="2026-01-10", description="Rent January")
    waste = charge(world, "2026-01-02", 300, due_date="2099-01-31", purpose="waste")
    world.settle("pay_1", 1100, "2026-01-12")
    # Then the account adds up
    account = read(world)
    assert (account["balance"], account["due"], account["overdue"], account["credit"]) == (200, 200, 0, 0)
    assert account["next_due"] == {"date": "2099-01-31", "amount": 200}
    assert account["purposes"] == [
        {"purpose": "rent", "charged": 1000, "paid": 1000, "due": 0},
        {"purpose": "waste", "charged": 300, "paid": 100, "due": 200},
    ]
    # And the lists say the same, newest first
    charges = read(world, "/charges")["items"]
    assert [(c["charge_id"], c["status"], c["open"]) for c in charges] == [
        (waste["charge_id"], "part_paid", 200),
        (rent["charge_id"], "paid", 0),
    ]
    assert [c["number"] for c in charges] == ["N/2026/000002", "N/2026/000001"]
    (payment,) = read(world, "/payments")["items"]
    assert (payment["payment_id"], payment["amount"], payment["unallocated"]) == ("pay_1", 1100, 0)
    assert [entry["amount"] for entry in read(world, "/entries")["items"]] == [-1100, 300, 1000]
    # And every figure opens into its entries
    explained = read(world, "/explain")
    assert (explained["balance"], explained["policy"]) == (200, "pl-451")
    (item,) = explained["open_items"]
    assert item["allocated"] == [
        {
            "payment_id": "pay_1",
            "reference": "transfer pay_1",
            "value_date": "2026-01-12",
            "amount": 100,
            "rule": "not_yet_due",
            "on": "2026-01-12",
        }
    ]
    past = read(world, "/explain", query={"on": "2026-01-05"})
    assert (past["balance"], len(past["open_items"]), past["settled"]) == (1300, 2, [])
    lately = read(world, "/explain", query={"on": "2026-02-01"})["settled"]
    assert [(s["charge_id"], s["allocated"][0]["rule"]) for s in lately] == [(rent["charge_id"], "longest_overdue")]
    assert read(world, "/explain", query={"on": "2027-01-13"})["settled"] == []


def test_should_keep_an_overpayment_as_credit(world):
    world.start_contract()
    world.settle("pay_1", 500, "2026-01-05")
    assert read(world)["credit"] == 500
    assert read(world, "/payments")["items"][0]["unallocated"] == 500
    posted = charge(world, "2026-02-01", 200)
    assert (posted["status"], posted["open"]) == ("paid", 0)
    (credit,) = read(world, "/explain")["credits"]
    assert (credit["unallocated"], credit["reference"]) == (300, "transfer pay_1")
    assert [(used["number"], used["rule"]) for used in credit["used"]] == [("N/2026/000001", "from_credit")]


def test_should_cover_the_charge_that_the_payer_named(world):
    world.start_contract()
    charge(world, "2026-01-01", 100)
    named = charge(world, "2026-02-01", 100)
    interest = charge(world, "2026-02-02", 10, purpose="interest", accessory_of=named["charge_id"])
    world.settle("pay_1", 60, "2026-03-01", designated=[named["charge_id"]])
    left = {c["charge_id"]: c["open"] for c in read(world, "/charges")["items"]}
    assert (left[named["charge_id"]], left[interest["charge_id"]]) == (50, 0)
    status, answer = call(
        app,
        "POST",
        ACCOUNT + "/charges",
        path=ONE,
        token=world.staff,
        body={
            "date": "2026-01-01",
            "due_date": "2026-01-01",
            "purpose": "interest",
            "amount": 1,
            "accessory_of": "chg_x",
        },
    )
    assert (status, answer["code"]) == (422, "unknown_charge")


def test_should_book_a_payment_once_whatever_comes_twice(world):
    world.start_contract()
    world.settle("pay_1", 500, "2026-01-05", event_id="evt_same")
    world.settle("pay_1", 500, "2026-01-05", event_id="evt_same")
    world.settle("pay_1", 500, "2026-01-05", event_id="evt_other")
    world.settle("pay_1", 500, "2026-01-06", event_id="evt_moved")
    assert read(world)["balance"] == -500
    assert [kind for kind, _ in outbox("STATEMENTS_TABLE")].count("PaymentBooked") == 1


def test_should_let_a_payment_wait_for_its_account(world):
    with pytest.raises(service.AccountMissing):
        world.settle("pay_1", 500, "2026-01-05", event_id="evt_early")
    world.start_contract()
    world.settle("pay_1", 500, "2026-01-05", event_id="evt_early")
    assert read(world)["balance"] == -500


def test_should_refuse_a_payment_in_another_currency(world):
    world.start_contract()
    with pytest.raises(Conflict):
        world.settle("pay_1", 500, "2026-01-05", currency="EUR")
    assert read(world)["balance"] == 0


def test_should_say_every_change_of_a_balance_with_a_growing_version(world):
    world.start_contract()
    charge(world, "2026-01-01", 1000)
    world.settle("pay_1", 400, "2026-01-05")
    said = [data for kind, data in outbox("STATEMENTS_TABLE") if kind == "BalanceChanged"]
    assert [(data["balance"], data["overdue_from"]) for data in said] == [(1000, "2026-01-01"), (600, "2026-01-01")]
    assert said[0]["ledger_version"] < said[1]["ledger_version"] == store.find_account("org_test", "ctr_1").version


def test_should_refuse_a_rebooking_to_nowhere(world):
    """An empty contract once meant: take the payment back and book it nowhere."""
    world.start_contract()
    world.settle("pay_1", 150, "2026-03-01")
    assert reverse(world, "pay_1", "")[1]["code"] == "invalid_body"
    assert read(world)["balance"] == -150


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": True},
        {"amount": "100"},
        {"amount": 1.5},
        {"date": 1704067200},
        {"date": "1704067200"},
        {"date": "2024-W01-1"},
    ],
)
def test_should_take_amounts_and_days_only_as_they_are_written(world, wrong):
    world.start_contract()
    body = {"date": "2026-01-01", "due_date": "2026-01-10", "purpose": "rent", "amount": 100, **wrong}
    path = {"contract_id": "ctr_1"}
    status, answer = call(app, "POST", "/accounts/{contract_id}/charges", path=path, token=world.staff, body=body)
    assert (status, answer["code"]) == (422, "invalid_body")


def test_should_reverse_once_and_allocate_as_if_it_had_never_been(world):
    world.start_contract()
    first, second = charge(world, "2026-01-01", 100), charge(world, "2026-02-01", 100)
    world.settle("pay_1", 150, "2026-03-01")
    status, answer = reverse(world, first["charge_id"])
    assert status == 201
    assert answer["rebooked_payment_id"] is None
    shown = {c["charge_id"]: (c["status"], c["open"]) for c in read(world, "/charges")["items"]}
    assert shown == {first["charge_id"]: ("reversed", 0), second["charge_id"]: ("paid", 0)}
    assert read(world)["balance"] == -50
    assert sum(entry["amount"] for entry in read(world, "/entries")["items"]) == -50
    assert reverse(world, first["charge_id"])[1]["code"] == "already_reversed"
    assert reverse(world, answer["reversal_id"])[1]["code"] == "not_reversible"
    assert reverse(world, second["charge_id"], "ctr_1")[1]["code"] == "not_reversible"
    assert reverse(world, "chg_unknown")[0] == 404


def test_should_rebook_a_payment_under_its_own_value_date(world):
    # Given a payment on the wrong account
    world.start_contract("ctr_1")
    world.start_contract("ctr_2")
    world.start_contract("ctr_eur", currency="EUR")
    two = {"contract_id": "ctr_2"}
    charge(world, "2026-01-01", 100)
    charge(world, "2026-01-01", 100, path=two)
    world.settle("pay_1", 100, "2026-01-05")
    world.settle("pay_2", 30, "2026-02-05", "ctr_2")
    assert reverse(world, "pay_1", "ctr_1")[1]["code"] == "same_account"
    assert reverse(world, "pay_1", "ctr_eur")[1]["code"] == "currency_mismatch"
    # When staff book it again on the right one
    status, answer = reverse(world, "pay_1", "ctr_2")
    # Then it counts there from its value date, ahead of the payment that was there
    assert status == 201
    assert read(world)["balance"] == 100
    payments = read(world, "/payments", path=two, token=world.staff)["items"]
    assert [(p["payment_id"], p["value_date"], p["unallocated"], p["rebooked_from"]) for p in payments] == [
        ("pay_2", "2026-02-05", 30, None),
        (answer["rebooked_payment_id"], "2026-01-05", 0, "pay_1"),
    ]
    (wrong,) = read(world, "/payments")["items"]
    assert (wrong["status"], wrong["rebooked_to"]) == ("rebooked", answer["rebooked_payment_id"])
    reversed_event = next(data for kind, data in outbox("STATEMENTS_TABLE") if kind == "EntryReversed")
    assert (reversed_event["amount"], reversed_event["rebooked_to"]) == (100, answer["rebooked_payment_id"])


def test_should_answer_the_first_result_to_the_same_idempotency_key(world):
    world.start_contract()
    first = charge(world, key="key-number-one")
    assert charge(world, key="key-number-one") == first
    assert read(world)["balance"] == 1000


def test_should_page_through_a_long_account(world):
    world.start_contract()
    world.book([payment(f"pay_{number:03}", f"2026-01-{1 + number % 28:02}", 1) for number in range(120)])
    seen, cursor, pages = [], None, 0
    while True:
        page = read(world, "/payments", query={"cursor": cursor} if cursor else None)
        seen += [(item["value_date"], item["payment_id"]) for item in page["items"]]
        cursor, pages = page["next_cursor"], pages + 1
        if not cursor:
            break
    assert pages == 3
    assert len(seen) == 120
    assert seen == sorted(seen, reverse=True)


def test_should_keep_checkpoints_true_through_late_arrivals_and_reversals(world, monkeypatch):
    """The stored book gives what a full replay gives, over many checkpoints, in shallow and deep re-runs."""
    monkeypatch.setattr("statements.rules.posting.EVERY", 8)
    world.start_contract()
    days = [f"2025-{1 + number // 5:02}-{1 + number % 5:02}" for number in range(60)]
    world.book([posted(f"chg_{number:03}", day, 10) for number, day in enumerate(days)])
    world.settle("pay_end", 55, "2026-01-01")
    world.settle("pay_late", 25, "2025-11-05")
    world.settle("pay_deep", 15, "2025-01-03")
    reverse(world, "pay_late")
    world.settle("pay_named", 10, "2025-12-31")
    account = store.find_account("org_test", "ctr_1")
    assert len(account.snapshot().lineage.segments) > 1, "no re-run was deep"
    items = list(store.EntryItem.query(account.pk, store.EntryItem.sk.startswith("ENTRY#")))
    assert account.snapshot().state == replay([item.entry() for item in items], account.policies())
    assert read(world)["balance"] == 600 - 55 - 15 - 10 == sum(int(item.amount) for item in items)
    for day in ("2025-03-01", "2025-11-30", "2026-01-01"):
        explained = read(world, "/explain", query={"on": day})
        live = [item.entry() for item in items if item.value_date <= day and not item.reversed_by and not item.reverses]
        expected = replay(live, account.policies())
        assert explained["balance"] == expected.balance
        assert {i["charge_id"]: i["open"] for i in explained["open_items"]} == {
            i.charge_id: i.open for i in expected.open_items
        }


def test_should_refuse_a_charge_beyond_the_limit_but_never_a_payment(world, monkeypatch):
    monkeypatch.setattr("statements.booking.MAX_OPEN_ITEMS", 2)
    world.start_contract()
    first = charge(world, "2026-01-01", 10)
    charge(world, "2026-01-02", 10)
    body = {"date": "2026-01-03", "due_date": "2026-01-03", "purpose": "rent", "amount": 10}
    status, answer = call(app, "POST", ACCOUNT + "/charges", path=ONE, token=world.staff, body=body)
    assert (status, answer["code"]) == (409, "too_many_open_items")
    # The refused charge took no number
    world.settle("pay_1", 10, "2026-01-05")
    assert charge(world, "2026-01-03", 10)["number"] == "N/2026/000003"
    # A reversal may open more than the limit: the books come first
    assert reverse(world, "pay_1")[0] == 201
    assert len(read(world, "/explain")["open_items"]) == 3
    assert first["charge_id"] in {item["charge_id"] for item in read(world, "/explain")["open_items"]}


def test_should_freeze_the_policy_and_follow_the_contract(world):
    world.start_contract(number="U/1")
    world.start_contract(number="U/1-new", ends_on="2026-12-31")
    account = store.find_account("org_test", "ctr_1")
    assert (account.number, account.ends_on) == ("U/1-new", "2026-12-31")
    assert store.find_number("org_test", "U/1") is None
    assert store.find_number("org_test", "U/1-new").contract_id == "ctr_1"
    world.hear(ContractEnded.model_validate({"contract_id": "ctr_1", "ends_on": "2026-06-30"}))
    assert store.find_account("org_test", "ctr_1").ends_on == "2026-06-30"
    put_organisation(profile("org_test", allocation_policy={}))
    with pytest.raises(DomainError) as refused:
        world.start_contract("ctr_9")
    assert refused.value.code == "policy_missing"


def test_should_mark_a_contract_number_that_two_contracts_have(world):
    world.start_contract("ctr_1", number="U/7")
    world.start_contract("ctr_2", number="U/7")
    assert store.find_number("org_test", "U/7").ambiguous


def test_should_keep_other_people_and_organisations_out(world):
    world.start_contract("ctr_1")
    world.start_contract("ctr_2")
    posted = charge(world)
    put_organisation(profile("org_other"))
    foreign = sign_in("org_other", "prs_foreign", ("staff", "organisation", "org_other"))
    for what in ("", "/charges", "/payments", "/entries", "/explain"):
        path = {"contract_id": "ctr_2"}
        assert call(app, "GET", ACCOUNT + what, path=path, token=world.tenant)[0] == 404
        assert call(app, "GET", ACCOUNT + what, path=ONE, token=foreign)[0] == 404
    body = {"reason": "x"}
    path = {"entry_id": posted["charge_id"]}
    assert call(app, "POST", "/entries/{entry_id}/reversal", path=path, token=foreign, body=body)[0] == 404
    assert call(app, "POST", "/entries/{entry_id}/reversal", path=path, token=world.tenant, body=body)[0] == 403


def test_should_refuse_a_charge_that_is_not_right(world):
    world.start_contract()
    for wrong in (
        {"amount": 0},
        {"amount": -5},
        {"amount": 1.5},
        {"purpose": "fun"},
        {"date": "2026-02-30"},
        {"date": "1979-12-31"},
        {"type": "barter"},
        {"unknown": 1},
    ):
        body = {"date": "2026-01-01", "due_date": "2026-01-10", "purpose": "rent", "amount": 5, **wrong}
        status, answer = call(app, "POST", ACCOUNT + "/charges", path=ONE, token=world.staff, body=body)
        assert (status, answer["code"]) == (422, "invalid_body"), wrong
    assert read(world, "/entries")["items"] == []
