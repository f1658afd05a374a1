"""Starting a payment: what is offered, what is asked about, what is refused."""

import pytest
from payments import service_start

from tests.unit.payments.online.conftest import AMOUNT, CONTRACT_OF, CONTRACTS, paid, reference
from tests.unit.payments.online.steps import way_back
from tests.unit.payments.providers import samples


def test_options_say_what_is_open_and_what_it_costs(world):
    world.ready("autopay", fee={"kind": "payer", "fixed": 100})
    world.ready("liqpay")
    query = {"contract_id": "ctr_pln"}
    status, body = world.ask("GET", "/payment-options", world.anna, query=query)
    assert status == 200
    assert (body["due"], body["open_items"]) == (AMOUNT, {"chg_1": 100000, "chg_2": 25000})
    assert [(one["provider"], one["due_fee"]) for one in body["providers"]] == [("autopay", 100)]
    assert body["under_way"] == []
    payment_id = world.pay()
    _, body = world.ask("GET", "/payment-options", world.anna, query=query)
    assert [one["payment_id"] for one in body["under_way"]] == [payment_id]
    world.hear("autopay", paid("autopay", payment_id, amount=AMOUNT + 100))
    assert world.ask("GET", "/payment-options", world.anna, query=query)[1]["under_way"] == []


def test_an_attempt_under_way_is_offered_again(world):
    world.ready("autopay")
    world.ready("przelewy24")
    first = world.post()[1]
    assert world.post()[1] == first
    assert world.pay(items=["chg_1"]) != first["payment_id"]
    # Another way before he has begun: a new attempt in its place.
    other = world.pay("przelewy24")
    assert other != first["payment_id"]
    # He has begun.
    pending = samples.itn_fields(
        orderID=reference(world.pay()), amount="1250.00", paymentStatus="PENDING", paymentStatusDetails=None
    )
    world.hear("autopay", samples.itn(pending))
    status, body = world.post("przelewy24")
    assert (status, body["code"]) == (409, "payment_under_way")
    assert world.payment(body["payment_id"])["state"] == "pending"
    assert world.post("przelewy24", despite=True)[0] == 201


def begin(world, payment_id, amount=AMOUNT):
    """The payer has chosen his bank at Autopay; it has not answered yet."""
    said = samples.itn_fields(
        orderID=reference(payment_id), amount=f"{amount / 100:.2f}", paymentStatus="PENDING", paymentStatusDetails=None
    )
    world.hear("autopay", samples.itn(said))
    assert world.payment(payment_id)["state"] == "pending"


def test_what_is_being_processed_leads_nowhere_but_to_its_page(world):
    world.ready("autopay")
    payment_id = world.pay()
    assert world.payment(payment_id, world.anna)["redirect"]
    begin(world, payment_id)
    assert world.payment(payment_id, world.anna)["redirect"] is None
    status, body = world.post()
    assert (status, body["code"], body["payment_id"]) == (409, "payment_under_way", payment_id)
    other = world.pay(despite=True)
    assert other != payment_id
    # The one that was begun despite of it does not hide it.
    assert world.post()[1]["payment_id"] == payment_id


@pytest.mark.parametrize(
    ("begun", "wanted", "status"),
    [
        (["chg_1"], ["chg_1", "chg_2"], 409),
        (["chg_1", "chg_2"], ["chg_2"], 409),
        (["chg_1"], None, 409),
        (None, ["chg_1"], 409),
        (["chg_1"], ["chg_2"], 201),
    ],
)
def test_what_may_be_for_the_same_is_asked_about(world, begun, wanted, status):
    world.ready("autopay")
    amount = {"chg_1": 100000, "chg_2": 25000}
    payment_id = world.pay(items=begun)
    begin(world, payment_id, sum(amount[one] for one in begun or amount))
    answer, body = world.post(items=wanted)
    assert answer == status
    assert status == 201 or body["payment_id"] == payment_id
    assert world.post(items=wanted, despite=True)[0] == 201


def test_a_contract_has_so_many_open_attempts_and_no_more(world, monkeypatch):
    monkeypatch.setattr(service_start, "MOST_OPEN", 3)
    world.ready("autopay")
    first, *_ = [world.pay(despite=True) for _ in range(3)]
    status, body = world.post(despite=True)
    assert (status, body["code"]) == (409, "too_many_under_way")
    assert world.post(items=["chg_1"])[1]["code"] == "too_many_under_way"
    assert world.post()[0] == 201, "the last one is offered again"
    world.hear("autopay", paid("autopay", first))
    assert world.post(despite=True)[0] == 201, "what has ended does not count"


def test_the_way_back_names_one_payment_and_the_page_that_was_asked_for_last(world):
    world.ready("autopay")
    payment_id = world.pay(return_to="/payments/return?payment_id=pay_x&tab=a%20b&payment%5Fid=pay_y")
    assert way_back(world, payment_id) == f"/payments/return?tab=a+b&payment_id={payment_id}"
    assert world.pay(return_to="/other") == payment_id
    assert way_back(world, payment_id) == f"/other?payment_id={payment_id}"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"items": ["chg_9"]}, "charge_not_open"),
        ({"amount": 1}, "amount_not_open"),
        ({"items": ["chg_1"], "amount": 100001}, "amount_not_open"),
        ({"email": None}, "email_needed"),
        ({"return_to": "//evil.example"}, "invalid_body"),
        ({"return_to": "https://evil.example"}, "invalid_body"),
        ({"provider": "stripe"}, "provider_unusable"),
        ({"provider": "vipps"}, "provider_unusable"),
    ],
)
def test_what_cannot_be_started(world, changes, code):
    world.ready("autopay")
    world.ready("vipps")
    status, body = world.post(**changes)
    assert (status, body["code"]) == (422, code)


def test_part_payment_and_paying_ahead_where_allowed(world):
    world.ready("autopay", part_payment=True)
    for changes, expected in (
        ({"amount": 500}, 500),
        ({"items": ["chg_1"], "amount": 7}, 7),
        ({"amount": 200000}, 200000),
    ):
        assert world.post(**changes)[1]["amount"] == expected
    world.balance("ctr_pln", {}, version=2)
    assert world.post()[1]["code"] == "nothing_due"
    world.balance("ctr_pln", {"chg_1": 5}, version=1)
    assert world.post()[1]["code"] == "nothing_due", "an older word of the ledger changes nothing"


def test_a_provider_that_refuses_or_sends_elsewhere(world):
    world.ready("stripe")
    for answer, code in (
        ((500, b""), "provider_unavailable"),
        ((402, b"{}"), "provider_refused"),
        ((302, b""), "provider_refused"),
    ):
        world.server.answers["POST /v1/checkout/sessions"] = answer
        status, body = world.post("stripe")
        assert (status, body["code"]) == (502, code)
    assert world.server.calls("GET", "/elsewhere") == 0
    assert world.ask("GET", "/payments", world.anna, query={"contract_id": "ctr_eur"})[1]["items"] == []


def test_others_see_nothing(world):
    world.ready("autopay")
    payment_id = world.pay()
    for token in (world.piotr, world.foreign):
        path = {"payment_id": payment_id}
        assert world.ask("GET", "/payments/{payment_id}", token, path=path)[0] == 404
        assert world.ask("GET", "/payments", token, query={"contract_id": "ctr_pln"})[0] == 404
        assert world.ask("GET", "/payment-options", token, query={"contract_id": "ctr_pln"})[0] == 404
        assert world.post(token=token)[0] == 404
    assert world.payment(payment_id, world.anna)["redirect"]["fields"]["OrderID"] == reference(payment_id)
    assert world.payment(payment_id, world.sara)["redirect"] is None
    assert [world.payment(payment_id, token)["payer_id"] for token in (world.anna, world.sara)] == ["per_anna"] * 2
    listed = world.ask("GET", "/payments", world.anna, query={"contract_id": "ctr_pln"})[1]["items"]
    assert [one["payment_id"] for one in listed] == [payment_id]


def test_the_world_is_complete():
    assert set(CONTRACT_OF.values()) == set(CONTRACTS)
