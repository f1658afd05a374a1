"""What channels say: believed only when it is verified, done once, and answered as the protocol wants."""

import hashlib
import hmac
import json

import pytest
from notifications import routes_webhooks, store_channels, store_links, store_people
from notifications.channels import telegram
from notifications.kinds import Channel
from notifications.store_links import Referred

from tests.support import outbox
from tests.unit.notifications.doors.conftest import APP_SECRET, BOT_TOKEN, ORG, OTHER, VIBER_TOKEN

SECRET = {"X-Telegram-Bot-Api-Secret-Token": telegram._webhook_secret(BOT_TOKEN)}
KICKED = {
    "update_id": 9,
    "my_chat_member": {"chat": {"id": 4242, "type": "private"}, "date": 1, "new_chat_member": {"status": "kicked"}},
}


def whatsapp(*statuses, number="106540352242922", secret=APP_SECRET):
    value = {"metadata": {"phone_number_id": number}, "statuses": list(statuses)}
    text = json.dumps({"entry": [{"changes": [{"value": value}]}]})
    signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return text, {"X-Hub-Signature-256": f"sha256={signature}"}


def status(name, notice_id, organisation_id=ORG, message_id="wamid.1", **more):
    reference = store_links.reference_of(organisation_id, "per_anna", notice_id, 0)
    return {
        "id": message_id,
        "status": name,
        "recipient_id": "48501502301",
        "biz_opaque_callback_data": reference,
        **more,
    }


def viber(name, token=7, **more):
    text = json.dumps({"event": name, "message_token": token, "user_id": "u1==", "timestamp": 1732260000000, **more})
    signature = hmac.new(VIBER_TOKEN.encode(), text.encode(), hashlib.sha256).hexdigest()
    return text, {"X-Viber-Content-Signature": signature}


def told_staff():
    return [data for kind, data in outbox("NOTIFICATIONS_TABLE") if kind == "TellingDue"]


def queued(notice_id):
    events = outbox("NOTIFICATIONS_TABLE")
    return sum(kind == "NotificationQueued" and data["notice_id"] == notice_id for kind, data in events)


# ---------------------------------------------------------------- the address is dead
def test_whoever_blocks_the_bot_is_written_to_no_more_and_the_staff_know(doors):
    doors.use("telegram")
    doors.linked("telegram", "4242")
    doors.linked("telegram", "4242", "per_olek")
    for _ in range(2):
        assert doors.webhook("telegram", KICKED, SECRET)["statusCode"] == 200
    (address,) = doors.addresses("telegram")
    assert (address["state"], address["code"]) == ("off", "kicked")
    assert doors.addresses("telegram", doors.olek)[0]["state"] == "off", "a telephone of two"
    said = told_staff()
    assert [one["about"]["person_id"] for one in said] == ["per_anna", "per_olek"]
    assert {(one["kind"], one["values"]["channel"]) for one in said} == {("staff_channel_failed", "telegram")}


def test_what_is_said_again_is_done_once(doors):
    doors.use("telegram")
    doors.linked("telegram", "4242")
    doors.webhook("telegram", KICKED, SECRET)
    with doors.work() as uow:
        store_people.stage_link(uow, "per_anna", Channel.TELEGRAM, "4242")
    doors.webhook("telegram", KICKED, SECRET)
    assert doors.addresses("telegram")[0]["state"] == "on", "linked again since"


# ---------------------------------------------------------------- what became of a message
def test_reports_go_into_the_log_and_never_back(doors):
    doors.use("whatsapp")
    notice_id = doors.tried("whatsapp", "+48501502301")
    for name, message_id in (("read", "a"), ("delivered", "b"), ("failed", "c")):
        assert doors.webhook("whatsapp", *whatsapp(status(name, notice_id, message_id=message_id)))["statusCode"] == 200
    assert doors.state_of(notice_id) == ("read", "")
    assert queued(notice_id) == 0


def test_what_failed_goes_on_to_the_next_step(doors):
    doors.use("whatsapp")
    notice_id = doors.tried("whatsapp", "+48501502301")
    text, headers = whatsapp(status("failed", notice_id, errors=[{"code": 131026}]))
    for _ in range(2):
        doors.webhook("whatsapp", text, headers)
    assert doors.state_of(notice_id)[1] == "131026"
    assert queued(notice_id) == 1


def test_a_report_of_another_organisations_message_changes_nothing(doors):
    doors.use("whatsapp")
    notice_id = doors.tried("whatsapp", "+48501502301")
    doors.webhook("whatsapp", *whatsapp(status("read", notice_id, OTHER)))
    assert doors.state_of(notice_id) == ("sent", "")


def test_viber_names_its_own_message_id(doors):
    doors.use("viber")
    notice_id = doors.tried("viber", "u1==")
    with doors.work() as uow:
        store_links.stage_sent(uow, Channel.VIBER, "u1==", "77", Referred(ORG, "per_anna", notice_id, 0))
        store_links.stage_sent(uow, Channel.TELEGRAM, "4242", "78", Referred(ORG, "per_anna", notice_id, 0))
    assert store_links.find_sent(ORG, Channel.TELEGRAM, "4242", "78") is None, "it says nothing of messages"
    doors.webhook("viber", *viber("seen", 76))
    assert doors.state_of(notice_id) == ("sent", "")
    doors.webhook("viber", *viber("seen", 77))
    assert doors.state_of(notice_id) == ("read", "")


def test_viber_welcomes_and_links_by_the_answer(doors):
    doors.use("viber")
    token = doors.link("viber")[1]["url"].rpartition("context=")[2]
    welcome = doors.webhook("viber", *viber("conversation_started", user={"id": "u1=="}, context=token))
    assert json.loads(welcome["body"])["tracking_data"] == f"link:{token}"
    assert doors.addresses("viber") == []
    tracked = {"text": "x", "tracking_data": f"link:{token}"}
    doors.webhook("viber", *viber("message", 8, sender={"id": "u1=="}, message=tracked))
    assert doors.addresses("viber")[0]["state"] == "on"


# ---------------------------------------------------------------- strangers
def test_whoever_cannot_prove_it_is_refused_and_counted(doors, capsys):
    doors.use("telegram", "whatsapp")
    doors.linked("telegram", "4242")
    assert doors.webhook("telegram", KICKED, {})["statusCode"] == 401
    assert doors.webhook("telegram", KICKED, {"X-Telegram-Bot-Api-Secret-Token": BOT_TOKEN})["statusCode"] == 401
    text, headers = whatsapp(secret="f" * 32)
    assert doors.webhook("whatsapp", text, headers)["statusCode"] == 401
    assert doors.addresses("telegram")[0]["state"] == "on"
    assert store_channels.count_of_refused(ORG, Channel.TELEGRAM) == 2
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "webhooks_refused" in line]
    # What the alarm looks at: one dimension, and one count for each.
    assert [(one["service"], one["webhooks_refused"]) for one in lines] == [("notifications", [1.0])] * 3
    assert lines[0]["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["service"]]


@pytest.mark.parametrize(
    ("channel", "organisation_id"),
    [("telegram", "org_unknown"), ("telegram", OTHER), ("pigeon", ORG), ("viber", ORG)],
)
def test_an_organisation_that_does_not_use_the_channel_is_none(doors, channel, organisation_id):
    doors.use("telegram")
    said = doors.webhook(channel, KICKED, SECRET, organisation_id=organisation_id)
    assert (said["statusCode"], json.loads(said["body"])["code"]) == (404, "not_found")


def test_a_body_that_is_too_long_is_not_read(doors):
    doors.use("telegram")
    assert doors.webhook("telegram", "x" * (256 * 1024 + 1), SECRET)["statusCode"] == 413


def test_meta_checks_the_address(doors):
    doors.use("whatsapp")
    query = {"hub.mode": "subscribe", "hub.verify_token": "meatyhamhock", "hub.challenge": "1158201444"}
    said = doors.webhook("whatsapp", "", {}, method="GET", query=query)
    assert (said["statusCode"], said["body"]) == (200, "1158201444")
    assert (
        doors.webhook("whatsapp", "", {}, method="GET", query={**query, "hub.verify_token": "x"})["statusCode"] == 403
    )


def test_a_secret_that_was_set_a_moment_ago_is_known_and_the_former_one_until_it_is_ended(doors):
    doors.use("telegram")
    assert doors.webhook("telegram", KICKED, SECRET)["statusCode"] == 200
    other = BOT_TOKEN.replace("A", "B")
    newer = {"X-Telegram-Bot-Api-Secret-Token": telegram._webhook_secret(other)}
    assert doors.set("telegram", 1, secrets={"bot_token": other})[0] == 200
    assert [doors.webhook("telegram", KICKED, one)["statusCode"] for one in (SECRET, newer)] == [200, 200]
    route = "/notification-channels/{channel}/former-secret"
    assert doors.ask("DELETE", route, doors.admin, path={"channel": "telegram"})[0] == 200
    assert [doors.webhook("telegram", KICKED, one)["statusCode"] for one in (SECRET, newer)] == [401, 200]


# ---------------------------------------------------------------- AWS
def ses(detail_type, notice_id, organisation_id=ORG, **more):
    reference = store_links.reference_of(organisation_id, "per_anna", notice_id, 0)
    mail = {"messageId": "ses-1", "timestamp": "2026-11-22T08:00:00.000Z", "tags": {"reference": [reference]}}
    return {"detail-type": detail_type, "source": "aws.ses", "detail": {"mail": mail, **more}}


def bounced(notice_id, kind):
    bounce = {
        "bounceType": kind,
        "bounceSubType": "General",
        "bouncedRecipients": [{"emailAddress": "Per_anna@LIPOWA.example"}],
    }
    return ses("Email Bounced", notice_id, bounce=bounce)


def hear(*messages):
    records = [
        {"messageId": f"m{n}", "body": one if isinstance(one, str) else json.dumps(one), "eventSource": "aws:sqs"}
        for n, one in enumerate(messages)
    ]
    return routes_webhooks.on_reports({"Records": records}, None)["batchItemFailures"]


def test_an_address_that_bounced_is_off_and_the_staff_know(doors):
    notice_id = doors.tried("email", "per_anna@lipowa.example")
    assert hear(bounced(notice_id, "Permanent"), bounced(notice_id, "Permanent")) == []
    link = store_people.find_link(ORG, "per_anna", Channel.EMAIL, "per_anna@lipowa.example")
    assert (link.state, link.code) == ("off", "bounce_permanent_general")
    assert doors.state_of(notice_id) == ("gone", "bounce_permanent_general")
    assert [one["values"]["channel"] for one in told_staff()] == ["email"]
    assert queued(notice_id) == 1


def test_one_that_bounced_for_now_stays(doors):
    notice_id = doors.tried("email", "per_anna@lipowa.example")
    hear(bounced(notice_id, "Transient"))
    assert doors.state_of(notice_id)[0] == "failed"
    assert store_people.find_link(ORG, "per_anna", Channel.EMAIL, "per_anna@lipowa.example") is None
    assert told_staff() == []


def test_one_that_bounced_for_now_and_then_for_good_is_off(doors):
    notice_id = doors.tried("email", "per_anna@lipowa.example")
    hear(bounced(notice_id, "Transient"), bounced(notice_id, "Permanent"))
    link = store_people.find_link(ORG, "per_anna", Channel.EMAIL, "per_anna@lipowa.example")
    assert (link.state, link.code) == ("off", "bounce_permanent_general")
    assert (doors.state_of(notice_id)[0], queued(notice_id)) == ("failed", 1), "it went on to its next step once"


def test_a_complaint_switches_off_and_a_delivery_is_noted(doors):
    first, second = (doors.tried("email", "per_anna@lipowa.example") for _ in range(2))
    hear(ses("Email Delivered", first, delivery={"recipients": ["per_anna@lipowa.example"]}))
    assert doors.state_of(first) == ("delivered", "")
    complaint = {
        "complainedRecipients": [{"emailAddress": "per_anna@lipowa.example"}],
        "complaintFeedbackType": "abuse",
    }
    message = ses("Email Complaint Received", second, complaint=complaint)
    message["detail"]["mail"]["messageId"] = "ses-2"
    hear(message)
    assert store_people.find_link(ORG, "per_anna", Channel.EMAIL, "per_anna@lipowa.example").code == "complaint"
    assert (doors.state_of(second)[0], queued(second)) == ("sent", 0), "who complains has read it: it goes no other way"


def test_a_mail_that_comes_back_after_it_was_delivered_goes_another_way(doors):
    delivered = {"recipients": ["per_anna@lipowa.example"]}
    first, second = (doors.tried("email", "per_anna@lipowa.example") for _ in range(2))
    hear(ses("Email Delivered", first, delivery=delivered), bounced(first, "Permanent"))
    assert (doors.state_of(first)[0], queued(first)) == ("gone", 1)
    again = [ses("Email Delivered", second, delivery=delivered), bounced(second, "Transient")]
    for message in again:
        message["detail"]["mail"]["messageId"] = "ses-2"
    hear(*again)
    assert (doors.state_of(second)[0], queued(second)) == ("delivered", 0), "an answering machine's answer"


def test_mails_of_others_are_passed_over_and_a_bad_message_returns_alone(doors):
    """The account's mails with reset codes say the same events; they carry no reference of ours."""
    theirs = ses("Email Delivered", "ntc_x", delivery={"recipients": ["x@y.example"]})
    theirs["detail"]["mail"]["tags"] = {"ses:from-domain": ["lipowa.example"]}
    notice_id = doors.tried("email", "per_anna@lipowa.example")
    failures = hear("not json", theirs, bounced(notice_id, "Permanent"))
    assert failures == [{"itemIdentifier": "m0"}]
    assert doors.state_of(notice_id)[0] == "gone"


def test_references_are_read_strictly():
    assert store_links.read_reference(f"{ORG}-per_anna-ntc_1-0") == (ORG, "per_anna", "ntc_1", 0)
    for text in (
        "",
        f"{ORG}-per_anna-ntc_1",
        f"{ORG}-per_anna-ntc_1-x",
        "x-per_anna-ntc_1-0",
        f"{ORG}-per/anna-ntc_1-0",
    ):
        assert store_links.read_reference(text) is None
