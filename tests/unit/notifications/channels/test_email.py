"""E-mail: what SES is given, what its events say."""

from dataclasses import replace
from email.header import decode_header, make_header
from email.utils import parseaddr

import botocore.session
import pytest
from botocore.validate import validate_parameters
from notifications.channels import email
from notifications.channels.model import Answer, Event, State
from notifications.kinds import Channel

from tests.unit.notifications.channels import samples as s

ACCOUNT = s.account(Channel.EMAIL)
ONE_CLICK = "https://rent.example/unsubscribe/tok"


def test_a_mail_is_what_ses_takes():
    settings = {"reply_to": "biuro@rent.example", "configuration_set": "lokum"}
    call = s.send(
        Channel.EMAIL, replace(s.MESSAGE, unsubscribe=ONE_CLICK, subject="Wpłata\r\nBcc: evil@x.example"), **settings
    )
    assert (call.service, call.operation) == ("sesv2", "send_email")
    model = botocore.session.get_session().get_service_model("sesv2")
    validate_parameters(call.arguments, model.operation_model("SendEmail").input_shape)
    given = call.arguments
    assert given["Destination"] == {"ToAddresses": ["Anna.Kowalska@mail.example"]}
    name, mailbox = parseaddr(given["FromEmailAddress"])
    assert given["FromEmailAddress"].isascii()
    assert (str(make_header(decode_header(name))), mailbox) == ("Zarządca Łąka, sp. z o.o.", "office@rent.example")
    assert given["ReplyToAddresses"] == ["biuro@rent.example"]
    assert given["ConfigurationSetName"] == "lokum"
    assert given["EmailTags"] == [{"Name": "reference", "Value": "org_test-per_anna-ntc_1"}]
    simple = given["Content"]["Simple"]
    assert simple["Subject"]["Data"] == "Wpłata Bcc: evil@x.example"
    assert (simple["Body"]["Text"]["Data"], simple["Body"]["Html"]["Data"]) == (s.MESSAGE.text, s.MESSAGE.html)
    headers = {one["Name"]: one["Value"] for one in simple["Headers"]}
    assert headers["List-Unsubscribe"] == f"<{ONE_CLICK}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("name", "words"),
    [("", 0), ('Lipowa "Dom", sp. z o.o.', 0), ("Łąka", 1), ("Zażółć gęślą jaźń " * 5, 3)],
)
def test_a_name_in_any_letters_is_written_as_mails_write_it(name, words):
    given = s.send(Channel.EMAIL, sender=name).arguments["FromEmailAddress"]
    shown, mailbox = parseaddr(given)
    assert given.isascii()
    assert (str(make_header(decode_header(shown))), mailbox) == (name.strip(), "office@rent.example")
    encoded = [word for word in given.split(" ") if word.startswith("=?")]
    assert len(encoded) == words
    assert all(len(word) <= 75 for word in encoded), "RFC 2047, section 2"


def test_what_cannot_be_refused_offers_no_refusal():
    call = s.send(Channel.EMAIL)
    assert {one["Name"] for one in call.arguments["Content"]["Simple"]["Headers"]} == {"Auto-Submitted"}
    assert "ReplyToAddresses" not in call.arguments


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (" Anna.K@Mail.Example ", "Anna.K@mail.example"),
        ("a+b@żółw.pl", "a+b@xn--w-uga1v8h.pl"),
        ("o'hara@a-b.co.uk", "o'hara@a-b.co.uk"),
    ],
)
def test_addresses(given, kept):
    assert email.address(ACCOUNT, given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "a@b",
        "@x.pl",
        "a@@x.pl",
        "a..b@x.pl",
        "ł@x.pl",
        "a@x.pl,b@x.pl",
        "A <a@x.pl>",
        "a@-x.pl",
        "a" * 65 + "@x.pl",
        "a@" + "b." * 130 + "pl",
    ],
)
def test_no_addresses(given):
    with pytest.raises(ValueError):
        email.address(ACCOUNT, given)


@pytest.mark.parametrize(
    ("answer", "state", "seconds"),
    [
        (Answer(200, data={"MessageId": "0100-1"}), State.SENT, 0),
        (Answer(429, code="TooManyRequestsException"), State.AGAIN, 1),
        (Answer(400, code="ThrottlingException"), State.AGAIN, 1),
        (Answer(400, code="LimitExceededException"), State.AGAIN, 3600),
        (Answer(400, code="MessageRejected"), State.REFUSED, 0),
        (Answer(400, code="SendingPausedException"), State.REFUSED, 0),
        (Answer(500, code="InternalServiceError"), State.AGAIN, 0),
        (Answer(200), State.UNSURE, 0),
    ],
)
def test_answers(answer, state, seconds):
    outcome = email.understand(answer)
    assert (outcome.state, outcome.seconds) == (state, seconds)
    assert outcome.message_id == ("0100-1" if state is State.SENT else "")


MAIL = {
    "messageId": "0100-1",
    "timestamp": "2026-11-22T12:00:00.123Z",
    "destination": ["anna@mail.example"],
    "tags": {"reference": ["org_test-per_anna-ntc_1"], "ses:configuration-set": ["lokum"]},
}
WHEN = "2026-11-22T12:01:02.669Z"


def bounce(kind, subtype="General"):
    recipient = {"emailAddress": "Anna <anna@MAIL.example>", "status": "5.1.1"}
    return {
        "bounce": {"bounceType": kind, "bounceSubType": subtype, "bouncedRecipients": [recipient], "timestamp": WHEN}
    }


@pytest.mark.parametrize(
    ("kind", "part", "event", "code"),
    [
        (
            "Email Delivered",
            {"delivery": {"recipients": ["anna@mail.example"], "timestamp": WHEN}},
            Event.DELIVERED,
            "",
        ),
        ("Email Bounced", bounce("Permanent"), Event.GONE, "bounce_permanent_general"),
        ("Email Bounced", bounce("Transient", "MailboxFull"), Event.FAILED, "bounce_transient_mailboxfull"),
        ("Email Bounced", bounce("Undetermined"), Event.FAILED, "bounce_undetermined_general"),
        (
            "Email Complaint Received",
            {"complaint": {"complainedRecipients": [{"emailAddress": "anna@mail.example"}], "timestamp": WHEN}},
            Event.UNLINKED,
            "complaint",
        ),
        (
            "Email Complaint Received",
            {
                "complaint": {
                    "complaintSubType": "OnAccountSuppressionList",
                    "complainedRecipients": [{"emailAddress": "anna@mail.example"}],
                    "timestamp": WHEN,
                }
            },
            Event.GONE,
            "complaint",
        ),
        ("Email Rejected", {"reject": {"reason": "Bad content"}}, Event.FAILED, "rejected"),
    ],
)
def test_events(kind, part, event, code):
    (said,) = email.read_event(kind, {"mail": MAIL, **part})
    assert (said.event, said.address, said.message_id, said.code) == (event, "anna@mail.example", "0100-1", code)
    assert said.reference == "org_test-per_anna-ntc_1"
    assert (said.at.minute, said.at.tzinfo is not None) == (0 if kind == "Email Rejected" else 1, True)
    assert said == email.read_event(kind, {"mail": MAIL, **part})[0]


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("Email Opened", {}),
        ("Email Delivery Delayed", {}),
        ("Email Bounced", {"bounce": {"bouncedRecipients": [{"emailAddress": "none"}, 7]}}),
        (
            "Email Complaint Received",
            {"complaint": {"complaintFeedbackType": "not-spam", "complainedRecipients": [{"emailAddress": "a@x.pl"}]}},
        ),
    ],
)
def test_what_says_nothing(kind, part):
    assert email.read_event(kind, {"mail": MAIL, **part}) == ()
