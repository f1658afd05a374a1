"""The checked vectors beside the repository, where they are, through the sandboxes' own signing and decrypting."""

import json
from pathlib import Path

import pytest

from infra.local.messengers import viber, whatsapp
from infra.local.messengers.push_crypto import Keys, UnreadableError, from_text, public_key, to_text, vapid_claims

VECTORS = Path(__file__).resolve().parents[4] / "shared" / "vectors"
pytestmark = pytest.mark.skipif(not VECTORS.is_dir(), reason="the vectors are not here")


def cases(name):
    return {one["name"]: one for one in json.loads((VECTORS / f"{name}.json").read_text())["cases"]}


def test_viber_signs_as_published():
    case = cases("viber")["sdk"]
    outgoing = viber.signed(case["auth_token"], case["body"].encode())
    assert outgoing.headers["X-Viber-Content-Signature"] == case["expected_signature"]


def test_whatsapp_signs_by_the_rule():
    case = cases("whatsapp")["synthetic_status"]
    outgoing = whatsapp.signed(case["app_secret"], case["body"].encode())
    assert outgoing.headers["X-Hub-Signature-256"] == case["expected_header"]


def test_the_browser_reads_the_published_message():
    case = cases("webpush")["rfc8291_example"]
    keys = Keys.of_number(int.from_bytes(from_text(case["ua_private"]), "big"), from_text(case["auth_secret"]))
    assert to_text(keys.public) == case["ua_public"]
    assert public_key(case["as_private"]) == case["as_public"]
    body = from_text(case["expected_body"])
    assert keys.decrypt(body).decode() == case["plaintext"]
    for place in (0, 25, 90, len(body) - 1):
        broken = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        with pytest.raises(UnreadableError):
            keys.decrypt(broken)


def test_the_service_believes_the_published_token():
    case = cases("webpush")["rfc8292_jwt"]
    claims, public = vapid_claims(f"vapid t={case['jwt']}, k={case['k']}")
    assert claims == {"aud": "https://push.example.net", "exp": 1453523768, "sub": "mailto:push@example.com"}
    assert to_text(public) == case["k"]
    head, body, signature = case["jwt"].split(".")
    for wrong in (f"{head}.{body}.{'A' + signature[1:]}", f"{head}.{'e' + body[1:-1]}B.{signature}", f"{head}.{body}"):
        with pytest.raises(UnreadableError):
            vapid_claims(f"vapid t={wrong}, k={case['k']}")
