# ruff: noqa: RUF001 - letters that look alike are what this is about
"""SMS: parts as carriers count them, letters that cost less, what the service says."""

from dataclasses import replace

import botocore.session
import pytest
from botocore.validate import validate_parameters
from hypothesis import given, settings
from hypothesis import strategies as st
from notifications.channels import sms
from notifications.channels.gsm import parts_of, spelt
from notifications.channels.model import Answer, Event, State
from notifications.kinds import Channel

from tests.unit.notifications.channels import samples as s


@pytest.mark.parametrize(
    ("text", "encoding", "number"),
    [
        ("a" * 160, "GSM", 1),
        ("a" * 161, "GSM", 2),
        ("a" * 306, "GSM", 2),
        ("a" * 307, "GSM", 3),
        ("å" * 160, "GSM", 1),
        ("€" * 80, "GSM", 1),
        ("€" * 81, "GSM", 2),
        # 76 pairs and one place that stays free, twice; a pair more is a third part.
        ("€" * 152, "GSM", 2),
        ("€" * 153, "GSM", 3),
        ("ł" * 70, "UCS-2", 1),
        ("ł" * 71, "UCS-2", 2),
        ("ł" * 134, "UCS-2", 2),
        ("ł" * 135, "UCS-2", 3),
        ("\U0001f600" * 35, "UCS-2", 1),
        ("\U0001f600" * 66, "UCS-2", 2),
        ("\U0001f600" * 67, "UCS-2", 3),
        ("", "GSM", 1),
    ],
)
def test_parts(text, encoding, number):
    assert parts_of(text) == (encoding, number)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zażółć gęślą jaźń: „ŁÓDŹ”", 'Zazolc gesla jazn: "LODZ"'),
        ("Être ôté à Noël, ça, cœur – 5 €", "Etre oté à Noel, ca, coeur - 5 €"),
        ("Blåbær, Ørsta", "Blåbær, Ørsta"),
        ("Згурський, Єнакієве, Знам'янка", "Zghurskyi, Yenakiieve, Znamianka"),
        ("ЮРІЙ, Щербак", "YURII, Shcherbak"),
        ("1\u00a0250,35\u202fzł", "1 250,35 zl"),
        ("中文", "中文"),
    ],
)
def test_letters_of_the_gsm_alphabet(text, expected):
    assert spelt(text) == expected


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="aąłżŻЩщьєЄг'’ з€^é… \u00a0", max_size=60))
def test_what_is_spelt_costs_no_more_than_it_must(text):
    once = spelt(text)
    assert parts_of(once).encoding == "GSM"
    assert spelt(once) == once


def test_a_message_is_what_the_service_takes():
    call = s.send(Channel.SMS, configuration_set="lokum", max_price="0.50")
    assert (call.service, call.operation) == ("pinpoint-sms-voice-v2", "send_text_message")
    model = botocore.session.get_session().get_service_model("pinpoint-sms-voice-v2")
    validate_parameters(call.arguments, model.operation_model("SendTextMessage").input_shape)
    given = call.arguments
    assert given["DestinationPhoneNumber"] == "+48600100200"
    assert (
        given["MessageBody"]
        == "Wplata 1 250,35 zl <zaksiegowana> & potwierdzona. https://rent.example/payments/pay_1?a=1&b=2"
    )
    assert given["Context"] == {"reference": "org_test-per_anna-ntc_1"}
    assert (given["MaxPrice"], given["ConfigurationSetName"]) == ("0.50", "lokum")
    assert s.send(Channel.SMS, transliterate="no").arguments["MessageBody"].startswith("Wpłata 1 250,35 zł")


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="aąż€ж ", min_size=200, max_size=900), st.sampled_from(("yes", "no")), st.sampled_from("123"))
def test_no_more_parts_than_wanted_and_the_link_whole(short, transliterate, most):
    message = replace(s.MESSAGE, short=short, link="https://rent.example/n/1")
    body = sms.body_of(s.account(Channel.SMS, transliterate=transliterate, max_parts=most), message)
    assert parts_of(body).number <= int(most)
    assert body.endswith(" https://rent.example/n/1")
    assert len(body) <= 1600


@pytest.mark.parametrize(
    ("given_", "kept"), [("+48 600-100-200", "+48600100200"), (" +47 (900) 00.000 ", "+4790000000")]
)
def test_numbers(given_, kept):
    assert sms.address(s.account(Channel.SMS), given_) == kept


@pytest.mark.parametrize(
    "given_",
    ["600100200", "0048600100200", "+0123456789", "+48", "+48600100200x", "+1234567890123456", "+48６00100200"],
)
def test_no_numbers(given_):
    with pytest.raises(ValueError):
        sms.address(s.account(Channel.SMS), given_)


@pytest.mark.parametrize(
    ("answer", "state", "code"),
    [
        (Answer(200, data={"MessageId": "m-1"}), State.SENT, ""),
        (
            Answer(400, data={"Reason": "DESTINATION_PHONE_NUMBER_OPTED_OUT"}, code="ConflictException"),
            State.GONE,
            "DESTINATION_PHONE_NUMBER_OPTED_OUT",
        ),
        (
            Answer(400, data={"Reason": "COUNTRY_NOT_ENABLED"}, code="ValidationException"),
            State.REFUSED,
            "COUNTRY_NOT_ENABLED",
        ),
        (Answer(400, code="ThrottlingException"), State.AGAIN, "ThrottlingException"),
        (Answer(402, code="ServiceQuotaExceededException"), State.REFUSED, "ServiceQuotaExceededException"),
        (Answer(500, code="InternalServerException"), State.AGAIN, "InternalServerException"),
    ],
)
def test_answers(answer, state, code):
    outcome = sms.understand(answer)
    assert (outcome.state, outcome.code) == (state, code)


STATUS = "Text Message Delivery Status Updated"


def detail(kind, **more):
    return {
        "eventType": kind,
        "eventTimestamp": 1793000000123,
        "messageId": "m-1",
        "isFinal": True,
        "context": {"reference": "r-1"},
        **more,
    }


@pytest.mark.parametrize(
    ("given_", "event", "code"),
    [
        (detail("TEXT_DELIVERED"), Event.DELIVERED, ""),
        (detail("TEXT_SUCCESSFUL"), Event.DELIVERED, ""),
        (detail("TEXT_SUCCESSFUL", isFinal=False), None, ""),
        (detail("TEXT_QUEUED", isFinal=False), None, ""),
        (detail("TEXT_INVALID"), Event.GONE, "text_invalid"),
        (detail("TEXT_UNREACHABLE"), Event.FAILED, "text_unreachable"),
        (detail("TEXT_BLOCKED"), Event.FAILED, "text_blocked"),
        (detail("VOICE_COMPLETED"), None, ""),
    ],
)
def test_events(given_, event, code):
    said = sms.read_event(STATUS, given_)
    assert [(one.event, one.code, one.message_id, one.reference, one.at.year) for one in said] == (
        [(event, code, "m-1", "r-1", 2026)] if event else []
    )
    assert sms.read_event("Voice Message Delivery Status Updated", given_) == ()
