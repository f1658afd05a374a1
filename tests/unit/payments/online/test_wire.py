"""What the wire of online payments does not take, though it looks like what it takes."""

import pytest

NO_INTEGERS = [True, "100", 100.0, [100]]


@pytest.mark.parametrize("amount", NO_INTEGERS)
def test_an_amount_is_a_whole_number_and_nothing_like_it(world, amount):
    world.ready("autopay", part_payment=True)
    status, body = world.post("autopay", amount=amount)
    assert (status, [one["field"] for one in body["errors"]]) == (422, ["amount"])
    assert world.post("autopay", amount=100)[0] == 201
    refund = {"amount": amount, "reason": "Paid by mistake"}
    path = {"payment_id": "pay_unknown"}
    assert world.ask("POST", "/payments/{payment_id}/refund", world.sara, path=path, body=refund)[0] == 422
    for name in ("fixed", "basis_points", "most"):
        assert world.set_provider("autopay", fee={"kind": "payer", name: amount})[0] == 422, name


@pytest.mark.parametrize("text", ["   ", " \t\n ", " a ", "\u00a0\u00a0\u00a0"])
def test_blanks_are_no_reason(world, text):
    body, path = {"reason": text}, {"payment_id": "pay_unknown"}
    status, said = world.ask("POST", "/payments/{payment_id}/refund", world.sara, path=path, body=body)
    assert (status, [one["field"] for one in said["errors"]]) == (422, ["reason"])
    body, path = {"note": text, "version": 1}, {"line_id": "unknown"}
    status, said = world.ask("POST", "/reconciliation/{line_id}/tick", world.sara, path=path, body=body)
    assert (status, [one["field"] for one in said["errors"]]) == (422, ["note"])
