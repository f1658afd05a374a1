"""Linking: a token works once and for a quarter of an hour, a code is guessed five times, a browser gives its subscription."""

import hashlib
import json
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from notifications import app as notifications_app
from notifications import store_links, store_people
from notifications.channels import push, telegram
from notifications.channels.model import Account, Answer
from notifications.kinds import Channel

from shared import clock
from tests.support import api_event, profile, put_organisation, sign_in
from tests.unit.notifications.doors.conftest import BOT_TOKEN, ORG, OTHER

SECRET = {"X-Telegram-Bot-Api-Secret-Token": telegram._webhook_secret(BOT_TOKEN)}
SUBSCRIPTION = {
    "endpoint": "https://fcm.googleapis.com/fcm/send/abc",
    "keys": {"p256dh": push.public_key(push.new_key()), "auth": "dGhpcyBpcyAxNiBieXRlcw"},
}


def start(token, chat=4242, update=1):
    message = {"chat": {"id": chat, "type": "private"}, "text": f"/start {token}", "date": 1732260000}
    return {"update_id": update, "message": message}


def token_of(answer):
    return parse_qs(urlsplit(answer["url"]).query)["start"][0]


def code_of(sent):
    _, given = sent
    return re.match("[0-9]{6}", given.arguments["MessageBody"])[0]


def later(**time):
    return time_machine.travel(clock.now() + timedelta(**time), tick=False)


# ---------------------------------------------------------------- by a token
def test_whoever_starts_the_bot_with_the_token_is_linked_once(doors):
    doors.use("telegram")
    status, answer = doors.link("telegram")
    assert (status, answer["state"]) == (200, "waiting")
    assert doors.addresses("telegram") == []
    token = token_of(answer)
    assert len(token) >= 32, "of 192 bits"
    said = doors.webhook("telegram", start(token), SECRET)
    assert (said["statusCode"], said["body"]) == (200, "")
    (address,) = doors.addresses("telegram")
    assert (address["state"], address["shown"]) == ("on", "")
    # A second time, from another chat, it is a stranger's.
    doors.webhook("telegram", start(token, chat=666, update=2), SECRET)
    assert [one["link_id"] for one in doors.addresses("telegram")] == [address["link_id"]]
    assert doors.addresses("telegram", doors.olek) == []


def test_only_the_hash_of_a_token_is_kept_and_its_time_ends(doors):
    doors.use("telegram")
    token = token_of(doors.link("telegram")[1])
    kept = [item.pk for item in store_links.TokenItem.scan() if item.sk == "LINK"]
    assert kept == [f"ORG#{ORG}#LINK#{hashlib.sha256(token.encode()).hexdigest()}"]
    with later(minutes=15, seconds=1):
        doors.webhook("telegram", start(token), SECRET)
    assert doors.addresses("telegram") == []


def test_a_token_is_of_one_organisation_and_channel(doors):
    doors.use("telegram")
    token = token_of(doors.link("telegram")[1])
    assert store_links.find_token(OTHER, Channel.TELEGRAM, token) is None
    assert store_links.find_token(ORG, Channel.VIBER, token) is None
    assert store_links.find_token(ORG, Channel.TELEGRAM, token).person_id == "per_anna"


def test_the_qr_code_holds_the_link(doors):
    doors.use("telegram")
    answer = doors.link("telegram")[1]
    size, path = answer["qr"]["size"], answer["qr"]["path"]
    dark = [
        (int(x) + step, int(y)) for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1", path) for step in range(int(run))
    ]
    assert size == 29 + 8 + 4, "version 4 to 5 with four modules of quiet on each side"
    assert min(min(x, y) for x, y in dark) == 4
    # Three finder patterns: a ring of seven.
    for corner in ((4, 4), (size - 11, 4), (4, size - 11)):
        assert all((corner[0] + step, corner[1]) in dark for step in range(7))
    import segno

    drawn = {(x, y) for y, row in enumerate(segno.make(answer["url"], error="m", micro=False, boost_error=False).matrix_iter(border=4)) for x, one in enumerate(row) if one}  # fmt: skip
    assert set(dark) == drawn


# ---------------------------------------------------------------- by a code
def test_a_code_sent_to_the_registered_number_links_it(doors):
    doors.use("sms")
    status, answer = doors.link("sms")
    assert (status, answer["state"], answer["url"]) == (200, "code_sent", None)
    ((channel, given),) = doors.sent
    assert (channel, given.arguments["DestinationPhoneNumber"]) == (Channel.SMS, "+48501502301")
    assert "kod do portalu" in given.arguments["MessageBody"]
    assert doors.confirm("sms", code_of(doors.sent[0]))[0] == 204
    (address,) = doors.addresses("sms")
    assert (address["shown"], address["state"]) == ("+48***301", "on")
    # Once.
    assert doors.confirm("sms", code_of(doors.sent[0]))[1]["code"] == "wrong_link_code"


def test_a_code_s_sentence_ends_with_one_full_stop(doors):
    put_organisation(profile(ORG, name="Lipowa sp. z o.o."))
    doors.use("sms")
    doors.link("sms")
    assert " Lipowa sp. z o.o. Wpisz " in doors.sent[0][1].arguments["MessageBody"]


def test_a_code_is_not_kept_and_guessed_five_times(doors):
    doors.use("sms")
    doors.link("sms")
    code = code_of(doors.sent[0])
    assert code not in json.dumps(
        [item.attribute_values for item in store_links.CodeItem.scan() if item.sk == "CODE#sms"]
    )
    wrong = f"{(int(code) + 1) % 10**6:06}"
    assert [doors.confirm("sms", wrong)[1]["code"] for _ in range(5)] == ["wrong_link_code"] * 5
    assert doors.confirm("sms", code)[1]["code"] == "wrong_link_code"
    # It is somebody else's code that does not fit, and one that is too old.
    doors.link("sms")
    assert doors.confirm("sms", code_of(doors.sent[1]), doors.olek)[1]["code"] == "wrong_link_code"
    with later(minutes=16):
        assert doors.confirm("sms", code_of(doors.sent[1]), doors.anna)[1]["code"] == "wrong_link_code"
    assert doors.confirm("sms", code_of(doors.sent[1]))[0] == 204


def test_not_many_codes_are_sent(doors):
    doors.use("whatsapp")

    def ask(hour, person, phone="+48600100200"):
        with time_machine.travel(f"2026-11-22T{hour}:05:00Z", tick=False):
            token = sign_in(ORG, person, ("tenant", "contract", "ctr_1"))
            return doors.link("whatsapp", token, phone=phone)[0]

    assert [ask(10, "per_anna") for _ in range(4)] == [200, 200, 200, 429]
    assert len(doors.sent) == 3
    assert [ask(11, "per_anna", "+48600100201") for _ in range(4)] == [200, 200, 200, 429]
    assert ask(12, "per_anna", "+48600100201") == 429, "six a day"
    # Whoever asks, one number gets six a day.
    assert [ask(12, f"per_{number}") for number in range(4)] == [200, 200, 200, 429]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(429, code="ThrottlingException"), "channel_unavailable"),
        (
            Answer(400, code="ConflictException", data={"Reason": "DESTINATION_PHONE_NUMBER_OPTED_OUT"}),
            "invalid_address",
        ),
    ],
)
def test_a_code_that_does_not_go_out_says_so(doors, answer, code):
    doors.use("sms")
    doors.answers = [answer]
    assert doors.link("sms")[1]["code"] == code


def test_a_code_that_was_not_sent_leaves_the_one_before_as_it_was(doors):
    doors.use("sms")
    doors.link("sms")
    wrong = f"{(int(code_of(doors.sent[0])) + 1) % 10**6:06}"
    assert [doors.confirm("sms", wrong)[0] for _ in range(4)] == [422] * 4
    doors.answers = [Answer(429, code="ThrottlingException")]
    assert doors.link("sms")[1]["code"] == "channel_unavailable"
    assert doors.confirm("sms", code_of(doors.sent[0]))[0] == 204, "the last of its five tries"
    assert [one["state"] for one in doors.addresses("sms")] == ["on"]


def test_numbers_that_are_none_or_missing(doors):
    doors.use("sms", "whatsapp")
    assert doors.link("sms", phone="+48600100200")[1]["code"] == "invalid_address", "not the register's"
    assert doors.link("sms", doors.olek)[1]["code"] == "address_missing"
    assert doors.link("whatsapp", phone="600100200")[1]["code"] == "invalid_body"
    assert doors.sent == []


# ---------------------------------------------------------------- by the browser
def test_a_browser_subscribes_with_the_key_and_is_linked_at_once(doors):
    doors.use("push")
    assert len(doors.channels()["push"]["public_key"]) == 87
    assert doors.link("push", subscription=SUBSCRIPTION)[1]["state"] == "linked"
    linked = doors.link("push", subscription=SUBSCRIPTION)[1]
    (address,) = doors.addresses("push")
    assert (linked["state"], linked["link_id"]) == ("linked", address["link_id"])
    assert address["shown"] == "fcm.googleapis.com"
    # Somebody else at the same browser: what is told to the first is not for his eyes.
    assert doors.link("push", doors.olek, subscription=SUBSCRIPTION)[1]["state"] == "linked"
    assert (doors.addresses("push"), len(doors.addresses("push", doors.olek))) == ([], 1)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://evil.example/x",
        "http://169.254.169.254/latest",
        "https://fcm.googleapis.com.evil.example/x",
        "http://127.0.0.1:1/x",
    ],
)
def test_a_push_service_is_a_known_one(doors, endpoint):
    doors.use("push")
    assert doors.link("push", subscription={**SUBSCRIPTION, "endpoint": endpoint})[1]["code"] == "invalid_address"
    assert doors.link("push")[1]["code"] == "address_missing"


def test_of_many_browsers_the_oldest_makes_room_and_one_can_be_unlinked(doors):
    doors.use("push")
    for number in range(11):
        own = {**SUBSCRIPTION, "endpoint": f"{SUBSCRIPTION['endpoint']}{number}"}
        assert doors.link("push", subscription=own)[0] == 200
    kept = doors.addresses("push")
    assert len(kept) == 10
    assert doors.unlink("push", doors.olek, link_id=kept[0]["link_id"])[0] == 404
    assert doors.unlink("push", link_id=kept[0]["link_id"])[0] == 204
    assert [one["link_id"] for one in doors.addresses("push")] == [one["link_id"] for one in kept[1:]]
    assert doors.unlink("push")[0] == 204
    assert (doors.addresses("push"), doors.unlink("push")[0]) == ([], 404)


# ---------------------------------------------------------------- what is offered
def test_a_channel_that_is_not_used_is_not_offered(doors):
    assert doors.channels() == {}
    for channel in ("telegram", "sms", "push", "email"):
        assert doors.link(channel)[1]["code"] == "channel_not_offered"
    assert doors.link("pigeon")[0] == 404
    doors.use("email")
    assert doors.channels() == {"email": {"channel": "email", "way": "card", "public_key": None, "addresses": []}}
    assert doors.link("email")[1]["code"] == "channel_not_offered"


def test_an_e_mail_address_that_is_off_can_be_tried_again(doors):
    doors.use("email")
    with doors.work() as uow:
        store_people.stage_link(
            uow, "per_anna", Channel.EMAIL, "per_anna@lipowa.example", state="off", code="complaint"
        )
    (address,) = doors.addresses("email")
    assert (address["shown"], address["state"], address["code"]) == ("p***@lipowa.example", "off", "complaint")
    assert doors.unlink("email", link_id=address["link_id"])[0] == 204
    assert doors.addresses("email") == []


def test_what_the_register_had_before_is_not_shown(doors):
    doors.use("email", "sms")
    for channel, address in (("email", "former@lipowa.example"), ("sms", "+48600000000"), ("sms", "+48501502301")):
        doors.linked(channel, address)
    assert doors.addresses("email") == []
    assert [one["shown"] for one in doors.addresses("sms")] == ["+48***301"]


def test_a_page_that_only_looks_gets_nothing_new(doors):
    doors.use("telegram")
    event = api_event("GET", "/notifications/channels", token=doors.anna)
    first = notifications_app.app(event, None)
    mark = first["headers"]["ETag"]
    again = api_event("GET", "/notifications/channels", token=doors.anna, headers={"If-None-Match": mark})
    assert notifications_app.app(again, None)["statusCode"] == 304
    doors.linked("telegram", "4242")
    assert notifications_app.app(again, None)["statusCode"] == 200


def test_push_addresses_are_kept_as_the_channel_takes_them():
    kept = push.address(Account({}), json.dumps(SUBSCRIPTION))
    assert json.loads(kept)["endpoint"] == SUBSCRIPTION["endpoint"]
