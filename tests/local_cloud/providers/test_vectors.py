"""The checked vectors beside the repository, where they are, through the sandboxes' own signing."""

import ast
import base64
import json
from pathlib import Path

import pytest

from infra.local.providers import (
    autopay_messages,
    gocardless_resources,
    liqpay,
    przelewy24,
    stripe_objects,
    vipps_webhooks,
)
from infra.local.providers.post import Answer

ROOT = Path(__file__).resolve().parents[3]
VECTORS = Path(__file__).resolve().parents[4] / "shared" / "vectors"
needs_vectors = pytest.mark.skipif(not VECTORS.is_dir(), reason="the vectors are not here")


def test_nothing_is_shared_with_the_portal():
    """A mistake in code that both sides use would never show."""
    files = list((ROOT / "infra" / "local" / "providers").glob("*.py"))
    imported = {
        name
        for file in files
        for node in ast.walk(ast.parse(file.read_text()))
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else _names(node))
    }
    ours = {name for name in imported if name.split(".")[0] in {"payments", "functions", "shared", "infra"}}
    assert len(files) > 10
    assert {name for name in ours if not name.startswith("infra.local.providers")} == {"shared.clock"}


def _names(node):
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def cases(name, wanted=lambda _case: True):
    if not VECTORS.is_dir():
        return []
    found = json.loads((VECTORS / f"{name}.json").read_text())["cases"]
    return [pytest.param(case, id=case["name"]) for case in found if wanted(case)]


@needs_vectors
@pytest.mark.parametrize("case", cases("autopay"))
def test_autopay_hash(case):
    values = [value for _, value in case["fields"]]
    assert autopay_messages.digest(case["algo"], values, case["key"]) == case["expected_hash"]


@pytest.mark.parametrize(
    "case", cases("autopay", lambda case: case["message"].startswith("ITN") and "http_body" in case)
)
def test_autopay_notice(case):
    (_, service), *leaves = map(tuple, case["fields"])
    xml = autopay_messages.xml_list(service, [leaves], case["algo"], case["key"])
    assert xml.decode() == case["xml"]
    assert autopay_messages.notice(xml).body.decode() == case["http_body"]


@needs_vectors
@pytest.mark.parametrize("case", cases("autopay", lambda case: case["name"] == "itn_with_customerData_and_fee"))
def test_autopay_nested_notice(case):
    (_, service), *leaves = map(tuple, case["fields"])
    assert autopay_messages.xml_list(service, [leaves], case["algo"], case["key"]).decode() == case["xml"]


@needs_vectors
@pytest.mark.parametrize("case", cases("autopay", lambda case: case["message"] == "transactionStatus response"))
def test_autopay_status(case):
    (_, service), *leaves = map(tuple, case["fields"])
    rows = [leaves[:8], leaves[8:]]
    assert case["expected_hash"] in autopay_messages.xml_list(service, rows, case["algo"], case["key"]).decode()


@needs_vectors
@pytest.mark.parametrize("case", cases("autopay", lambda case: "confirmation (our" in case["message"]))
def test_autopay_confirmation(case):
    (_, service), named, (_, said) = map(tuple, case["fields"])

    def confirmed(xml, status=200):
        answer = Answer(status, xml.encode())
        return autopay_messages.confirmed(answer, named, service, case["algo"], ["another-key", case["key"]])

    assert confirmed(case["xml"]) is (said == "CONFIRMED")
    for broken in (
        case["xml"].replace(named[1], "other"),
        case["xml"].replace("<serviceID>", "<serviceID>9"),
        case["xml"].replace("orderID", "remoteOutID"),
        case["xml"][:-30],
        "",
    ):
        assert not confirmed(broken)
    assert not confirmed(case["xml"], 201)


@needs_vectors
@pytest.mark.parametrize("case", cases("stripe", lambda case: case["valid"]))
def test_stripe(case):
    found = stripe_objects.signature_header([case["secret"]], case["timestamp"], case["body"].encode())
    assert found == case["header"]


@needs_vectors
@pytest.mark.parametrize("case", cases("liqpay"))
def test_liqpay(case):
    if "decoded_json" in case:
        data = base64.b64encode(case["decoded_json"].encode()).decode()
        assert liqpay.signature("3", case["private_key"], data) == case["signature_over_base64_data"]
    else:
        version = {"sha1": "3", "sha3-256": "7"}[case["algo"]]
        assert liqpay.signature(version, case["private_key"], case["data"]) == case["expected_signature"]


@needs_vectors
@pytest.mark.parametrize("case", cases("vipps"))
def test_vipps(case):
    url = f"https://{case['host']}{case['path_and_query']}"
    headers = vipps_webhooks.signed_headers(case["secret"], url, case["x_ms_date"], case["body"].encode())
    assert headers["x-ms-content-sha256"] == case["expected_content_sha256"]
    assert headers["Authorization"] == case["authorization"]


@needs_vectors
@pytest.mark.parametrize("case", cases("przelewy24"))
def test_przelewy24(case):
    values = json.loads(case["json"])
    crc = values.pop("crc")
    names = {
        "notification": przelewy24.NOTICE,
        "refund_notification": przelewy24.REFUND,
        "register": przelewy24.REGISTER,
    }
    assert przelewy24.seal(values, names.get(case["name"], przelewy24.VERIFY), crc) == case["expected_sign"]


@needs_vectors
@pytest.mark.parametrize("case", cases("gocardless"))
def test_gocardless(case):
    assert gocardless_resources.mark_of(case["secret"], case["body"].encode()) == case["expected_signature"]
