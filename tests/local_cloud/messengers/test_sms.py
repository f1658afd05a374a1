"""Texts by the channel's own code and boto3 against AWS's side: what a phone shows, what the bus hears, what is refused."""

import json

import pytest
from botocore.exceptions import ClientError
from notifications import calls
from notifications.channels import sms as channel
from notifications.channels.gsm import parts_of
from notifications.channels.model import Account, Event, State
from notifications.kinds import Channel

from infra.local.messengers import Account as SandboxAccount
from infra.local.messengers import Limits, MessengerConfig, start_messengers
from infra.local.messengers.sms_parts import parts
from tests.local_cloud.messengers.portal import ANNA, PEOPLE, message
from tests.local_cloud.messengers.test_round_trips import page, press
from tests.local_cloud.providers.portal import http

STRANGER = "+380671234567"


class Phones:
    """The sandbox with what the bus was told; `send` is what delivery does."""

    def __init__(self, messengers, told):
        self.messengers, self.sandbox, self.told = messengers, messengers["sms"], told
        self.account = Account({"origination": "LokumPL"})
        self.chat = self.sandbox.chat("pl", ANNA.handle)

    def send(self, address=ANNA.phone, **settings):
        account = Account({**self.account.settings, **settings})
        call = channel.send(account, address, message(), None)
        return channel.understand(calls.make(Channel.SMS, call))

    def said(self):
        """What the channel reads in the events so far."""
        assert self.messengers.idle()
        given = [(entry["DetailType"], json.loads(entry["Detail"])) for entry in self.told]
        assert {entry["Source"] for entry in self.told} <= {"aws.sms-voice"}
        return [one for event in given for one in channel.read_event(*event)]


@pytest.fixture
def phones(monkeypatch, clock):
    told = []
    accounts = (SandboxAccount("sms", "pl", "Lipowa", {"origination": "LokumPL"}),)
    config = MessengerConfig(
        accounts, PEOPLE, limits={"sms": Limits(3, 1.0)}, receipt_seconds=0.0, clock=clock, bus=told.append
    )
    with start_messengers(config) as messengers:
        monkeypatch.setenv("AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2", messengers["sms"].url)
        calls._client.cache_clear()
        yield Phones(messengers, told)
    calls._client.cache_clear()


def test_a_text_comes_and_the_bus_says_so(phones):
    sent = phones.send()
    assert sent.state is State.SENT
    (delivered,) = phones.said()
    assert (delivered.event, delivered.message_id) == (Event.DELIVERED, sent.message_id)
    assert (delivered.address, delivered.reference) == (ANNA.phone, "ntc_1.per_1")
    (line,) = phones.chat.lines
    assert line.state == "delivered"
    assert line.text.endswith(message().link)
    assert "LokumPL, Unicode, parts: 2" in page(phones.sandbox, phones.chat.path), "the emoji has no letter of GSM"
    kinds = [json.loads(entry["Detail"])["eventType"] for entry in phones.told]
    assert kinds == ["TEXT_PENDING", "TEXT_DELIVERED"]


def test_what_a_phone_does_is_heard_or_refused(phones, clock):
    press(phones.sandbox, phones.chat.path, "off")
    assert phones.send().state is State.SENT
    assert [(one.event, one.code) for one in phones.said()] == [(Event.FAILED, "text_unreachable")]
    press(phones.sandbox, phones.chat.path, "on")
    press(phones.sandbox, phones.chat.path, "leave")
    assert phones.send().state is State.SENT
    assert (phones.said()[-1].event, phones.said()[-1].code) == (Event.GONE, "text_invalid")
    press(phones.sandbox, phones.chat.path, "return")
    press(phones.sandbox, phones.chat.path, "stop")
    refused = phones.send()
    assert (refused.state, refused.code) == (State.GONE, "DESTINATION_PHONE_NUMBER_OPTED_OUT")
    clock.pass_by(1)
    press(phones.sandbox, phones.chat.path, "start")
    assert phones.send().state is State.SENT
    assert phones.said()[-1].event is Event.DELIVERED


def test_a_number_that_nobody_here_has_gets_a_page(phones):
    assert phones.send(STRANGER).state is State.SENT
    assert phones.said()[0].address == STRANGER
    assert STRANGER in page(phones.sandbox, "/")
    (shown,) = phones.sandbox.records(STRANGER)
    assert len(shown["messages"]) == 1


def test_limits_and_troubles(phones, clock):
    for _ in range(3):
        assert phones.send().state is State.SENT
    assert (phones.send().state, phones.send().code) == (State.AGAIN, "ThrottlingException")
    clock.pass_by(1)
    expected = {
        "InternalServerException": (State.AGAIN, "InternalServerException"),
        "ServiceQuotaExceededException": (State.REFUSED, "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT"),
        "ValidationException": (State.REFUSED, "COUNTRY_NOT_ENABLED"),
    }
    for code, outcome in expected.items():
        body = json.dumps({"code": code}).encode()
        assert http("POST", f"{phones.sandbox.url}/_sandbox/troubles", body)[0] == 200
        answer = phones.send()
        assert (answer.state, answer.code) == outcome
    phones.sandbox.trouble("TEXT_CARRIER_BLOCKED")
    assert phones.send().state is State.SENT
    assert (phones.said()[-1].event, phones.said()[-1].code) == (Event.FAILED, "text_carrier_blocked")


def test_what_is_not_as_the_api_wants_it(phones, monkeypatch):
    assert phones.send(origination="Another").state is State.REFUSED
    assert phones.send(max_price="0.05").code == "PRICE_OVER_THRESHOLD"
    # What botocore itself lets pass, for it knows no patterns.
    client = calls._client("pinpoint-sms-voice-v2")
    good = {"DestinationPhoneNumber": ANNA.phone, "OriginationIdentity": "LokumPL", "MessageBody": "Dzień dobry"}
    for wrong in (
        {"DestinationPhoneNumber": "600 100 201"},
        {"DestinationPhoneNumber": "+4860010020112345"},
        {"MessageBody": " "},
        {"MessageBody": "x" * 1601},
        {"MessageType": "PERSONAL"},
        {"TimeToLive": 300_000},
        {"Context": {"reference": "r" * 801}},
    ):
        with pytest.raises(ClientError) as refused:
            client.send_text_message(**{**good, **wrong})
        assert refused.value.response["Error"]["Code"] == "ValidationException", wrong
        assert refused.value.response["Fields"][0]["Name"] == next(iter(wrong))
    assert phones.told == []
    assert client.send_text_message(**good, DryRun=True)["MessageId"]
    assert phones.chat.lines == []


def test_nobody_sends_without_a_signature(phones):
    call = channel.send(phones.account, ANNA.phone, message(), None)
    head = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "PinpointSMSVoiceV2.SendTextMessage"}
    scope = "AKIDEXAMPLE/20261122/eu-central-1/{}/aws4_request"
    signed = (
        "AWS4-HMAC-SHA256 Credential={}, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=" + 64 * "a"
    )
    answers = {}
    for name, given in (("none", None), ("ses", "ses"), ("own", "sms-voice")):
        more = {"Authorization": signed.format(scope.format(given))} if given else {}
        answers[name] = http("POST", phones.sandbox.url, json.dumps(call.arguments).encode(), {**head, **more})[0]
    assert answers == {"none": 400, "ses": 400, "own": 200}
    assert len(phones.chat.lines) == 1


@pytest.mark.parametrize("letters", ["a", "ł", "€", "^a", "🏠", "🏠a", "a\n", "€€€x"])
def test_both_sides_count_the_same_parts(letters):
    """Two tables of the alphabet that share nothing; every length around the borders."""
    names = {"GSM": "GSM", "UCS-2": "Unicode"}
    for length in (1, 66, 67, 68, 69, 70, 71, 76, 77, 80, 81, 134, 135, 152, 153, 154, 160, 161, 306, 307):
        text = (letters * length)[:length]
        ours, theirs = parts_of(text), parts(text)
        assert (names[ours.encoding], ours.number) == tuple(theirs), (letters, length)
