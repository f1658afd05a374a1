"""The checked vectors beside the repository, where they are: each both ways, made by us and taken from the other side."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, quote

import pytest
from payments.providers import autopay, autopay_xml, gocardless, liqpay, przelewy24, stripe, vipps
from payments.providers.model import Account, Answer, Call, Delivery, Event, Refusal

VECTORS = Path(__file__).resolve().parents[5] / "shared" / "vectors"
pytestmark = pytest.mark.skipif(not VECTORS.is_dir(), reason="the vectors are not here")
NOW = datetime(2026, 11, 3, 10, 15, tzinfo=UTC)


def cases(name):
    if not VECTORS.is_dir():
        return []
    return [pytest.param(case, id=case["name"]) for case in json.loads((VECTORS / f"{name}.json").read_text())["cases"]]


def only(name, wanted):
    return [case for case in cases(name) if wanted(case.values[0])]


def autopay_account(case, **changes):
    service = next((value for name, value in case["fields"] if name.lower() == "serviceid"), "1")
    return Account({"service_id": service, "algorithm": case["algo"], **changes}, ({"key": case["key"]},))


def transactions_of(case):
    rows, service = [], ""
    for name, value in case["fields"]:
        if name == "serviceID":
            service = value
        elif name == "orderID":
            rows.append([(name, value)])
        else:
            rows[-1].append((name, value))
    lists = "".join("<transaction>" + "".join(f"<{n}>{v}</{n}>" for n, v in row) + "</transaction>" for row in rows)
    head = '<?xml version="1.0" encoding="UTF-8"?><transactionList>'
    return f"{head}<serviceID>{service}</serviceID><transactions>{lists}</transactions><hash>{case['expected_hash']}</hash></transactionList>"


@pytest.mark.parametrize("case", cases("autopay"))
def test_autopay_hash(case):
    assert (
        autopay_xml.hash_of(case["algo"], case["key"], [value for _, value in case["fields"]]) == case["expected_hash"]
    )


@pytest.mark.parametrize("case", only("autopay", lambda case: case["name"].startswith("itn_")))
def test_autopay_notice(case):
    body = case.get("http_body") or "transactions=" + quote(base64.b64encode(case["xml"].encode()).decode(), safe="")
    delivery = Delivery(body.encode(), {}, "", NOW)
    (notice,) = autopay.read_webhook(autopay_account(case), delivery)
    fields = dict(case["fields"])
    assert (notice.reference, notice.transaction_id, notice.currency) == (fields["orderID"], fields["remoteID"], "PLN")
    assert notice.amount == round(float(fields["amount"]) * 100)
    assert notice.event is (Event.PENDING if fields["paymentStatus"] == "PENDING" else Event.PAID)
    if "startAmount" in fields:
        assert (notice.start_amount, notice.fee) == (125000, 375)
    with pytest.raises(Refusal, match="wrong_service"):
        autopay.read_webhook(autopay_account(case, service_id="77"), delivery)


@pytest.mark.parametrize("case", only("autopay", lambda case: "confirmation" in dict(case["fields"]) and "xml" in case))
def test_autopay_confirmation(case):
    fields = dict(case["fields"])
    account = autopay_account(case)
    made = autopay_xml.confirmation(
        account,
        case["key"],
        fields["serviceID"],
        ("orderID", fields["orderID"]),
        confirmed=fields["confirmation"] == "CONFIRMED",
    )
    assert made.decode() == case["xml"]


@pytest.mark.parametrize("case", only("autopay", lambda case: case["name"].startswith("return_url")))
def test_autopay_return(case):
    fields = dict(case["fields"])
    account = autopay_account(case)
    assert autopay.read_return(account, {**fields, "Hash": case["expected_hash"]}) == fields["OrderID"]
    assert autopay.read_return(account, {**fields, "OrderID": "99", "Hash": case["expected_hash"]}) == ""
    assert autopay.read_return(account, fields) == ""


@pytest.mark.parametrize("case", only("autopay", lambda case: case["name"] == "transaction_status_two_tx"))
def test_autopay_status(case):
    call = Call("status", "POST", "", {}, reference="INV-1")
    result = autopay.read(autopay_account(case), call, Answer(200, transactions_of(case).encode(), NOW))
    assert [(notice.event, notice.transaction_id) for notice in result.notices] == [
        (Event.EXPIRED, "AAAA1111"),
        (Event.PAID, "BBBB2222"),
    ]


@pytest.mark.parametrize("case", only("autopay", lambda case: case["name"] == "istn_payout"))
def test_autopay_payout(case):
    fields = "".join(f"<{n}>{v}</{n}>" for n, v in case["fields"][1:])
    xml = (
        f"<transactionList><serviceID>123456</serviceID><transactions><transaction>{fields}</transaction></transactions>"
        f"<hash>{case['expected_hash']}</hash></transactionList>"
    )
    body = "transactions=" + quote(base64.b64encode(xml.encode()).decode(), safe="")
    (notice,) = autopay.read_webhook(autopay_account(case), Delivery(body.encode(), {}, "", NOW))
    assert (notice.event, notice.transaction_id, notice.amount, notice.reference) == (
        Event.PAYOUT,
        "OUT123456",
        125000,
        "",
    )


@pytest.mark.parametrize("case", only("autopay", lambda case: case["name"] == "start_rent_full"))
def test_autopay_start_signs_what_is_sent(case):
    from tests.unit.payments.providers import samples

    account = Account({"service_id": "123456"}, ({"key": case["key"]},))
    sent = dict(
        autopay.start(account, samples.order("autopay", description="Rent 2026-11 flat 12", language="PL")).fields
    )
    assert list(sent)[:-1] == [name for name in autopay.START if name in sent]
    known = [name for name, _ in case["fields"] if name in sent]
    assert [name for name in sent if name in known] == known
    same = {"ServiceID", "OrderID", "Amount", "Description", "GatewayID", "Currency", "CustomerEmail", "Language"}
    assert {name: sent[name] for name in same} == {name: value for name, value in case["fields"] if name in same}


@pytest.mark.parametrize("case", cases("stripe"))
def test_stripe(case):
    account = Account({}, ({"webhook_secret": case["secret"]},))
    at = datetime.fromtimestamp(case["timestamp"], UTC)
    delivery = Delivery(case["body"].encode(), {"stripe-signature": case["header"]}, "", at)
    if not case["valid"]:
        with pytest.raises(Refusal, match="bad_signature"):
            stripe.read_webhook(account, delivery)
        return
    (notice,) = stripe.read_webhook(account, delivery)
    paid = case["name"] == "checkout_paid_utf8"
    assert notice.event is (Event.PAID if paid else Event.OTHER)
    assert (notice.amount, notice.currency) == ((125000, "PLN") if paid else (None, ""))


@pytest.mark.parametrize("case", only("liqpay", lambda case: "data" in case))
def test_liqpay(case):
    version = {"sha1": "3", "sha3-256": "7"}[case["algo"]]
    content = json.loads(base64.b64decode(case["data"]))
    account = Account(
        {"public_key": content["public_key"], "version": version}, ({"private_key": case["private_key"]},)
    )
    assert liqpay.signature(account, case["private_key"], case["data"]) == case["expected_signature"]
    body = f"data={quote(case['data'], safe='')}&signature={quote(case['expected_signature'], safe='')}".encode()
    if "status" not in content:
        return
    (notice,) = liqpay.read_webhook(account, Delivery(body, {}, "", NOW))
    assert (notice.event, notice.reference, notice.amount) == (Event.PAID, "INV-2026-0001", 125000)
    other = Account({**account.settings, "version": "7"}, account.secrets)
    with pytest.raises(Refusal, match="bad_signature"):
        liqpay.read_webhook(other, Delivery(body, {}, "", NOW))


@pytest.mark.parametrize("case", only("liqpay", lambda case: "decoded_json" in case))
def test_liqpay_signs_the_base64_text(case):
    account = Account({"public_key": "x"}, ({"private_key": case["private_key"]},))
    data = base64.b64encode(case["decoded_json"].encode()).decode()
    assert liqpay.signature(account, case["private_key"], data) == case["signature_over_base64_data"]
    body = f"data={quote(data, safe='')}&signature={quote(case['sdk_signature_over_decoded_json'], safe='')}".encode()
    with pytest.raises(Refusal, match="bad_signature"):
        liqpay.read_webhook(account, Delivery(body, {}, "", NOW))


@pytest.mark.parametrize("case", cases("vipps"))
def test_vipps(case):
    account = Account({"msn": "123456"}, ({"webhook_secret": case["secret"]},))
    url = f"https://{case['host']}{case['path_and_query']}"
    body = case["body"].encode()
    assert vipps.content_hash(body) == case["expected_content_sha256"]
    assert vipps.string_to_sign(url, case["x_ms_date"], body) == case["string_to_sign"]
    headers = {
        "x-ms-date": case["x_ms_date"],
        "x-ms-content-sha256": case["expected_content_sha256"],
        "authorization": case["authorization"],
    }
    delivery = Delivery(body, headers, url, NOW)
    if case["name"] == "official_doc":
        # Authentic, but its body is not an event of ours.
        with pytest.raises(Refusal, match="wrong_service"):
            vipps.read_webhook(account, delivery)
        return
    (notice,) = vipps.read_webhook(account, delivery)
    assert (notice.event, notice.amount, notice.currency) == (Event.PAID, 1250000, "NOK")


@pytest.mark.parametrize("case", cases("przelewy24"))
def test_przelewy24(case):
    signed = json.loads(case["json"])
    crc = signed.pop("crc")
    assert przelewy24.sign(signed, list(signed), crc) == case["expected_sign"]
    names = {
        "notification": przelewy24.NOTIFICATION,
        "refund_notification": przelewy24.REFUND_NOTIFICATION,
        "register": przelewy24.REGISTER,
        "verify": przelewy24.VERIFY,
    }[case["name"]]
    assert tuple(signed) == names
    if "notification" not in case["name"]:
        return
    account = Account({"merchant_id": "12345", "pos_id": "123"}, ({"crc": crc},))
    body = json.dumps({**signed, "sign": case["expected_sign"]}).encode()
    (notice,) = przelewy24.read_webhook(account, Delivery(body, {}, "", NOW))
    assert notice.event is (Event.AUTHORISED if case["name"] == "notification" else Event.REFUNDED)
    assert (notice.reference, notice.transaction_id, notice.amount) == ("0beec7", "123456789", 1500)


@pytest.mark.parametrize("case", cases("gocardless"))
def test_gocardless(case):
    account = Account({}, ({"webhook_secret": case["secret"]},))
    headers = {"Webhook-Signature": case["expected_signature"]}
    notices = gocardless.read_webhook(account, Delivery(case["body"].encode(), headers, "", NOW))
    assert [(notice.event, notice.key) for notice in notices] == [
        (Event.OTHER, "EV00BD05S5VM2T"),
        (Event.OTHER, "EV00BD05TB8K63"),
    ]


def test_autopay_requests():
    """The refund and payout requests hash to their vectors when the ids are those of the vectors."""
    found = {case.values[0]["name"]: case.values[0] for case in cases("autopay")}
    for name in ("refund_request", "balance_payoff_request"):
        case = found[name]
        account = Account({"service_id": "123456"}, ({"key": case["key"]},))
        fields = dict(case["fields"])
        if name == "refund_request":
            from payments.providers.model import Refund

            call = autopay.refund(account, Refund("r1", "INV-1", fields["RemoteID"], 10000, "PLN", ""))
        else:
            call = autopay.payoff(account, "r1", 50000, "PLN")
        sent = {key: value[0] for key, value in parse_qs(call.body.decode()).items()}
        assert list(sent) == [*fields, "Hash"]
        assert {**sent, "MessageID": fields["MessageID"], "Hash": ""} == {**fields, "Hash": ""}
        assert sent["Hash"] == autopay_xml.hash_of("sha256", case["key"], [sent[key] for key in fields])
