"""Autopay. Published examples: the hash page of `Autopay-S-A/mobile-sdk-docs` and the fixtures of `bluepayment-plugin/bm-sdk`."""

import base64
from urllib.parse import quote

import pytest
from payments.providers import autopay, autopay_xml
from payments.providers.model import Account, Event, Refusal

from tests.unit.payments.providers import samples as s

PUBLISHED_KEY = "QCBm3N0oFjzQAWsTIVN8mPLK12TW6HU6InSfjvnF"


def read(fields=None, account=None, **known):
    (notice,) = autopay.read_webhook(account or s.account("autopay"), s.itn(fields, **known))
    return notice


def test_published_notice_and_our_answer():
    """Autopay-S-A/mobile-sdk-docs, online-payments/security/hashing.md."""
    account = Account({"service_id": "1"}, ({"key": "1test1"},))
    fields = s.itn_fields(
        orderID="11",
        remoteID="91",
        amount="11.11",
        gatewayID="1",
        paymentDate="20010101111111",
        paymentStatusDetails="AUTHORIZED",
    )
    delivery = s.itn(fields, service="1", signature="a103bfe581a938e9ad78238cfc674ffafdd6ec70cb6825e7ed5c41787671efe4")
    (notice,) = autopay.read_webhook(account, delivery)
    assert (notice.event, notice.amount, notice.key) == (Event.PAID, 1111, "1/11/91/SUCCESS")
    reply = autopay.answer(account, delivery, "")
    assert b"<hash>c1e9888b7d9fb988a4aae0dfbff6d8092fc9581e22e02f335367dd01058f9618</hash>" in reply.body
    assert (reply.status, reply.content_type) == (200, "application/xml; charset=utf-8")


def test_published_notice_of_the_sdk():
    """bluepayment-plugin/bm-sdk, tests/Fixtures/Itn."""
    account = Account({"service_id": "123456"}, ({"key": PUBLISHED_KEY},))
    fields = s.itn_fields(
        orderID="123", remoteID="102686", amount="500.00", paymentDate="20200621171238", paymentStatusDetails="ACCEPTED"
    )
    delivery = s.itn(fields, signature="422fbd7c1bbac1eb745b647980dd63c2e8ccf261ea196739ab8043eff8dd4e17")
    (notice,) = autopay.read_webhook(account, delivery)
    assert notice.occurred_at.isoformat() == "2020-06-21T15:12:38+00:00"
    assert (
        b"7194a50431ce359cc4c201a0f154400f89f49f765b8eeb60299fc6fee1a01228"
        in autopay.answer(account, delivery, "").body
    )
    refused = autopay.answer(account, delivery, "wrong_amount")
    assert b"<confirmation>NOTCONFIRMED</confirmation>" in refused.body
    assert b"268ec5b448a60d652aab73c3a250e6c5eb85d473f6ff031cac2182775771fc0f" in refused.body
    assert refused.status == 200


def test_published_return():
    """bluepayment-plugin/bm-sdk, tests/Unit/ClientTest.php; the basket's formula of hashing.md."""
    account = Account({"service_id": "123456"}, ({"key": "an-older-one"}, {"key": PUBLISHED_KEY}))
    query = {
        "ServiceID": "123456",
        "OrderID": "123",
        "Hash": "df5f737f48bcef93361f590b460cc633b28f91710a60415527221f9cb90da52a",
    }
    assert autopay.read_return(account, query) == "123"
    assert autopay.read_return(account, {**query, "Hash": query["Hash"].upper()}) == ""
    assert autopay.read_return(account, {}) == ""


def test_the_answer_is_signed_with_the_key_that_signed_the_notice():
    account = s.account("autopay")
    for key in s.KEYS:
        expected = s.autopay_hash(["123456", "INV-2026-0001", "CONFIRMED"], key)
        assert expected.encode() in autopay.answer(account, s.itn(key=key), "").body


def test_an_unsigned_notice_is_not_confirmed_whatever_the_caller_says():
    forged = s.itn(key="guessed")
    reply = autopay.answer(s.account("autopay"), forged, "")
    assert (reply.status, b">NOTCONFIRMED<" in reply.body) == (200, True)
    assert autopay.answer(s.account("autopay"), s.delivery(b"transactions=xx"), "malformed").status == 400


def test_the_answer_is_no_oracle():
    """A signed NOTCONFIRMED over a chosen order id would be the hash of a paid notice that ends in NOTCONFIRMED."""
    account = s.account("autopay")
    order = "INV-1|REM1|1250.00|PLN|20261103101500|SUCCESS"
    asked = s.itn(s.itn_fields(orderID=order), signature="0" * 64)
    reply = autopay.answer(account, asked, "bad_signature")
    assert (reply.status, reply.body) == (400, b"")
    assert autopay.answer(account, s.itn(service="1|2", signature="0" * 64), "bad_signature").status == 400


def test_a_signed_text_cannot_be_given_other_names():
    """The payer sees the hash of the form: none of its values may become a notice by other names or another order."""
    account = s.account("autopay")
    sent = dict(autopay.start(account, s.order("autopay", description="SUCCESS")).fields)
    digest = sent.pop("Hash")
    values = list(sent.values())
    for names in (
        ["orderID", "amount", "paymentStatus", "gatewayID", "currency", "remoteID", "paymentDate"],
        ["orderID", "amount", "paymentStatusDetails", "gatewayID", "currency", "title", "remoteID"],
    ):
        leaves = dict(zip([*names, *(f"x{n}" for n in range(20))], values[1:], strict=False))
        with pytest.raises(Refusal, match="malformed"):
            read(leaves, signature=digest)
    swapped = s.itn_fields()
    swapped = {name: swapped[name] for name in ("orderID", "amount", "remoteID", *list(swapped)[3:])}
    with pytest.raises(Refusal, match="malformed"):
        read(swapped)


def test_unknown_and_empty_leaves_are_covered():
    fields = {
        **s.itn_fields(gatewayID="", paymentStatusDetails=None),
        "addressIP": "192.0.2.10",
        "somethingNew": "Łódź",
    }
    assert read(fields).event is Event.PAID
    xml = s.itn_xml(fields)
    with pytest.raises(Refusal, match="bad_signature"):
        autopay.read_webhook(s.account("autopay"), s.delivery(s.as_form(xml.replace("Łódź", "Lodz"))))


def test_basket_parameters_enter_the_hash_by_their_value():
    fields = s.itn_fields()
    digest = s.autopay_hash(["123456", *fields.values(), "12.00", "Czynsz"], s.KEYS[0])
    basket = (
        '<product><subAmount>12.00</subAmount><params><param name="n" value="Czynsz"/></params></product></transaction>'
    )
    xml = s.itn_xml(fields, signature=digest).replace("</transaction>", basket)
    (notice,) = autopay.read_webhook(s.account("autopay"), s.delivery(s.as_form(xml)))
    assert notice.amount == 125000


@pytest.mark.parametrize(
    "xml",
    [
        '<!DOCTYPE a [<!ENTITY x "y">]><transactionList/>',
        "<transactionList><serviceID>1</serviceID></transactionList>",
        "<other/>",
        "not xml",
        '<?xml version="1.0" encoding="none"?><transactionList/>',
        s.itn_xml(s.itn_fields()).replace("</transactions>", "<transaction/></transactions>"),
        s.itn_xml(s.itn_fields()).replace("<hash>", "<hash>1</hash><hash>"),
        s.itn_xml(s.itn_fields(amount="1250.0")),
        s.itn_xml(s.itn_fields(amount="1250,00")),
        s.itn_xml(s.itn_fields(amount="-1250.00")),
        s.itn_xml(s.itn_fields(paymentDate="20261303101500")),
        s.itn_xml(s.itn_fields(remoteID=None)),
        s.itn_xml(s.itn_fields(paymentStatus="PAID|")),
    ],
)
def test_what_the_protocol_does_not_allow_is_refused(xml):
    with pytest.raises(Refusal) as caught:
        autopay.read_webhook(s.account("autopay"), s.delivery(s.as_form(xml)))
    assert caught.value.code in {"malformed", "bad_signature"}


def test_a_document_type_and_loose_base64_are_refused_though_the_hash_is_right():
    account, xml = s.account("autopay"), s.itn_xml(s.itn_fields())
    typed = xml.replace("<transactionList>", "<!DOCTYPE transactionList><transactionList>", 1)
    with pytest.raises(Refusal, match="malformed xml"):
        autopay.read_webhook(account, s.delivery(s.as_form(typed)))
    padded = xml + " " * ((1 - len(xml)) % 3)
    text = base64.b64encode(padded.encode()).decode()
    assert text.endswith("==")
    assert autopay.read_webhook(account, s.delivery(f"transactions={quote(text, safe='')}".encode()))
    for loose in (text[:-3] + chr(ord(text[-3]) + 1) + "==", text[:-2], text[:8] + "\n" + text[8:]):
        with pytest.raises(Refusal, match="malformed base64"):
            autopay.read_webhook(account, s.delivery(f"transactions={quote(loose, safe='')}".encode()))


@pytest.mark.parametrize(
    ("status", "details", "event"),
    [
        ("PENDING", None, Event.PENDING),
        ("FAILURE", "EXPIRED", Event.EXPIRED),
        ("FAILURE", "CANCELLED", Event.CANCELLED),
        ("FAILURE", "REJECTED_BY_USER", Event.CANCELLED),
        ("FAILURE", "A_NEW_ONE", Event.FAILED),
        ("ON_HOLD", None, Event.OTHER),
    ],
)
def test_statuses(status, details, event):
    assert read(s.itn_fields(paymentStatus=status, paymentStatusDetails=details)).event is event


def test_the_fee_of_the_payer():
    notice = read({**s.itn_fields(amount="1253.75"), "startAmount": "1250.00"})
    assert (notice.amount, notice.start_amount, notice.fee) == (125375, 125000, 375)


def test_settlement_notices():
    base = {
        "isRefund": "true",
        "orderID": "INV-2026-0001",
        "remoteID": "9IA2UISN",
        "remoteOutID": "OUT1",
        "amount": "100.00",
        "currency": "PLN",
    }
    done = read({**base, "transferDate": "20261104120000", "transferStatus": "SUCCESS"})
    assert (done.event, done.part, done.transaction_id, done.amount) == (Event.REFUNDED, "OUT1", "9IA2UISN", 10000)
    assert read({**base, "transferStatus": "FAILURE"}).event is Event.REFUND_FAILED
    assert read({**base, "transferStatus": "PENDING"}).event is Event.OTHER
    payout = {**base, "isRefund": "false", "transferStatus": "SUCCESS"}
    assert (read(payout).event, read(payout).transaction_id) == (Event.PAYOUT, "OUT1")
    body = autopay.answer(s.account("autopay"), s.itn(payout), "").body
    assert b"<remoteOutID>OUT1</remoteOutID><confirmation>CONFIRMED" in body
    assert s.autopay_hash(["123456", "OUT1", "CONFIRMED"], s.KEYS[0]).encode() in body


def test_sha512_is_a_setting():
    account = s.account("autopay", algorithm="sha512")
    fields = s.itn_fields()
    assert (
        read(fields, account, signature=s.autopay_hash(["123456", *fields.values()], s.KEYS[0], "sha512")).event
        is Event.PAID
    )
    with pytest.raises(Refusal, match="bad_signature"):
        read(fields, account)
    with pytest.raises(Refusal, match="not_configured"):
        autopay_xml.hash_of("md5", "k", ["1"])


@pytest.mark.parametrize("when", ["00010101000000", "99991231235959", "19991231120000", "21000101120000"])
def test_a_time_outside_this_century_is_malformed(when):
    with pytest.raises(Refusal) as refused:
        read(s.itn_fields(paymentDate=when))
    assert refused.value.code == "malformed"
