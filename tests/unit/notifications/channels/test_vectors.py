"""The checked vectors beside the repository, where they are; those that are published stand in the tests themselves as well."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from notifications.channels import channel, push
from notifications.channels.model import Account, Event, WebhookRefusedError
from notifications.kinds import Channel

from tests.unit.notifications.channels import samples as s

VECTORS = Path(__file__).resolve().parents[5] / "shared" / "vectors"
pytestmark = pytest.mark.skipif(not VECTORS.is_dir(), reason="the vectors are not here")


def cases(name):
    return {case["name"]: case for case in json.loads((VECTORS / f"{name}.json").read_text())["cases"]}


def test_viber_signs_as_its_own_library_does():
    case = cases("viber")["sdk"]
    account = Account({}, ({"auth_token": case["auth_token"]},))
    headers = {"x-viber-content-signature": case["expected_signature"]}
    reply, said = channel(Channel.VIBER).read_webhook(account, s.request(case["body"].encode(), headers))
    assert (reply.status, said) == (200, ())
    with pytest.raises(WebhookRefusedError):
        channel(Channel.VIBER).read_webhook(account, s.request(case["body"].encode() + b" ", headers))


def test_whatsapp_signs_with_the_apps_secret():
    case = cases("whatsapp")["synthetic_status"]
    account = Account({"phone_number_id": "200000000000000"}, ({"app_secret": case["app_secret"]},))
    headers = {"x-hub-signature-256": case["expected_header"]}
    _, said = channel(Channel.WHATSAPP).read_webhook(account, s.request(case["body"].encode(), headers))
    assert [(one.event, one.address, one.message_id) for one in said] == [
        (Event.DELIVERED, "+15551111111", "wamid.TEST")
    ]
    assert said[0].at == datetime.fromtimestamp(1762000000, UTC)


def test_push_encrypts_as_the_example_of_rfc_8291():
    case = cases("webpush")["rfc8291_example"]
    body = push.encrypt(
        case["plaintext"].encode(),
        s.unb64(case["ua_public"]),
        s.unb64(case["auth_secret"]),
        salt=s.unb64(case["salt"]),
        our_key=case["as_private"],
    )
    assert s.b64(body) == case["expected_body"]
    assert push.public_key(case["as_private"]) == case["as_public"]


def test_our_signature_is_checked_as_the_example_of_rfc_8292():
    case = cases("webpush")["rfc8292_jwt"]
    assert s.verified(case["jwt"], case["k"])["aud"] == "https://push.example.net"
