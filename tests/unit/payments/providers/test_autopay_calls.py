"""Autopay: what we send (start, status, refund, payout), and the answers to it."""

import hashlib
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from payments.providers import autopay, understand
from payments.providers.model import Answer, Event, Refusal

from tests.unit.payments.providers import samples as s


def test_start_keeps_every_limit():
    account = s.account("autopay", gateway_id="106", start_path="/start")
    order = s.order(
        "autopay",
        description="Łukasz|<Żółć> " * 20,
        expires_at=s.NOW.replace(year=2027),
        language="uk",
        customer_number="A|B" * 30,
    )
    redirect = autopay.start(account, order)
    fields = dict(redirect.fields)
    assert (redirect.method, redirect.url) == ("POST", "https://pay.autopay.eu/start")
    assert list(fields) == [*autopay.START, "Hash"]
    assert fields["Description"].startswith("Lukasz Zolc Lukasz")
    assert len(fields["Description"]) <= 79
    assert len(fields["CustomerNumber"]) <= 35
    assert fields["ValidityTime"] == "2026-12-04 11:15:01"
    assert (fields["Language"], fields["Amount"], fields["GatewayID"]) == ("EN", "1250.00", "106")
    digest = fields.pop("Hash")
    assert digest == s.autopay_hash(fields.values(), s.KEYS[0])
    assert not any("|" in value for value in fields.values())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": 100_000_01}, "amount_out_of_range"),
        ({"amount": 0}, "amount_out_of_range"),
        ({"currency": "NOK"}, "currency_not_taken"),
        ({"email": ""}, "field_unfit"),
        ({"email": "a|b@example.com"}, "field_unfit"),
        ({"email": "x" * 250 + "@example.com"}, "field_unfit"),
        ({"reference": "ż"}, "field_unfit"),
        ({"reference": "x" * 33}, "field_unfit"),
        ({"return_url": "https://x.example/" + "y" * 1000}, "field_unfit"),
        ({"return_url": "https://x.example/a|b"}, "field_unfit"),
        ({"expires_at": s.NOW}, "field_unfit"),
    ],
)
def test_start_refuses_what_does_not_fit(changes, code):
    with pytest.raises(Refusal) as caught:
        autopay.start(s.account("autopay"), s.order("autopay", **changes))
    assert caught.value.code == code


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=200), number=st.text(max_size=60))
def test_any_description_fits(text, number):
    fields = dict(
        autopay.start(s.account("autopay"), s.order("autopay", description=text, customer_number=number)).fields
    )
    assert set(fields.get("Description", "")) <= set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:-, "
    )
    digest = fields.pop("Hash")
    assert digest == s.autopay_hash(fields.values(), s.KEYS[0])


def answer(body, status=200):
    return Answer(status, body.encode(), s.NOW)


def test_status_query():
    account = s.account("autopay")
    call = autopay.status(account, "INV-2026-0001", "")
    sent = {name: value[0] for name, value in parse_qs(call.body.decode()).items()}
    assert (call.method, call.url, call.headers["BmHeader"]) == (
        "POST",
        "https://pay.autopay.eu/webapi/transactionStatus",
        "pay-bm",
    )
    assert sent["Hash"] == s.autopay_hash(["123456", "INV-2026-0001"], s.KEYS[0])
    (notice,) = understand(autopay, account, call, answer(s.itn_xml(s.itn_fields()))).notices
    assert (notice.event, notice.transaction_id) == (Event.PAID, "9IA2UISN")
    for body, code in (
        (s.itn_xml(s.itn_fields(), key="other"), "bad_answer"),
        (s.itn_xml(s.itn_fields(orderID="ANOTHER")), "bad_answer"),
        (s.itn_xml(s.itn_fields(amount="x")), "bad_answer"),
        ("<transaction><reason>LIMIT_REQUESTED_TRANSACTIONS</reason></transaction>", "provider_refused"),
        ("<error><statusCode>7</statusCode><name>INVALID_HASH</name></error>", "provider_refused"),
        ("<html>", "bad_answer"),
    ):
        with pytest.raises(Refusal) as caught:
            understand(autopay, account, call, answer(body))
        assert caught.value.code == code
    with pytest.raises(Refusal, match="provider_unavailable") as caught:
        understand(autopay, account, call, answer("", 503))
    assert caught.value.again


def test_refund_and_payout():
    account = s.account("autopay")
    call = autopay.refund(account, s.refund("autopay", transaction_id="9IA2UISN"))
    sent = {name: value[0] for name, value in parse_qs(call.body.decode()).items()}
    assert sent["MessageID"] == hashlib.sha256(b"rfd-01").hexdigest()[:32]
    assert (sent["RemoteID"], sent["Amount"], sent["Currency"]) == ("9IA2UISN", "250.00", "PLN")
    assert call == autopay.refund(account, s.refund("autopay", transaction_id="9IA2UISN"))
    digest = s.autopay_hash(["123456", sent["MessageID"]], s.KEYS[0])
    body = f"<serviceID>123456</serviceID><messageID>{sent['MessageID']}</messageID><hash>{digest}</hash>"
    accepted = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><transactionRefund>{body}</transactionRefund>'
    assert understand(autopay, account, call, answer(accepted)).notices == ()
    payoff = autopay.payoff(account, "rfd-01", 50000, "PLN")
    assert payoff.url.endswith("/settlementapi/balancePayoff")
    assert understand(autopay, account, payoff, answer(f"<balancePayoff>{body}</balancePayoff>")).notices == ()
    with pytest.raises(Refusal, match="bad_answer"):
        understand(autopay, account, payoff, answer(f"<balancePayoff>{body}</balancePayoff>".replace(digest, "0" * 64)))
    other = autopay.refund(account, s.refund("autopay", refund_id="rfd-02", transaction_id="9IA2UISN"))
    with pytest.raises(Refusal, match="bad_answer messageID"):
        understand(autopay, account, other, answer(accepted))
