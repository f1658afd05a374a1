"""Telegram, Viber and WhatsApp: what is sent, what the answers mean, what the webhooks say."""

import html
import json
from dataclasses import replace

import pytest
from notifications.channels import channel
from notifications.channels.model import Event, Message, State, WebhookRefusedError
from notifications.channels.viber import WELCOME
from notifications.kinds import Channel

from tests.unit.notifications.channels import samples as s

TELEGRAM, VIBER, WHATSAPP = channel(Channel.TELEGRAM), channel(Channel.VIBER), channel(Channel.WHATSAPP)
LONG = replace(s.MESSAGE, subject="T" * 5000, short="ż" * 9000)


def shape(outcome):
    return outcome.state, outcome.seconds, outcome.code


# ---------------------------------------------------------------- Telegram


def test_telegram_sends_html_without_a_preview():
    call = s.send(Channel.TELEGRAM)
    assert call.url == f"https://api.telegram.org/bot{s.BOT}/sendMessage"
    body = s.sent(call)
    assert body["chat_id"] == 5551234
    assert body["link_preview_options"] == {"is_disabled": True}
    assert body["text"] == (
        "<b>Zapłacono 1 250,35 zł</b>\nWpłata 1 250,35 zł &lt;zaksięgowana&gt; &amp; potwierdzona."
        "\n\nhttps://rent.example/payments/pay_1?a=1&amp;b=2"
    )
    seen = html.unescape(s.sent(s.send(Channel.TELEGRAM, LONG))["text"]).replace("<b>", "").replace("</b>", "")
    assert len(seen) <= 4096
    assert seen.endswith(LONG.link)
    assert s.send(Channel.TELEGRAM, host="http://127.0.0.1:9999").url.startswith("http://127.0.0.1:9999/bot")


@pytest.mark.parametrize(
    ("status", "data", "expected"),
    [
        (200, {"ok": True, "result": {"message_id": 42}}, (State.SENT, 0, "")),
        (200, {"ok": True, "result": True}, (State.SENT, 0, "")),
        (403, {"ok": False, "description": "Forbidden: bot was blocked by the user"}, (State.GONE, 0, "403")),
        (400, {"ok": False, "description": "Bad Request: chat not found"}, (State.GONE, 0, "400")),
        (400, {"ok": False, "description": "Bad Request: can't parse entities"}, (State.REFUSED, 0, "400")),
        (401, {"ok": False, "description": "Unauthorized"}, (State.REFUSED, 0, "401")),
        (429, {"ok": False, "parameters": {"retry_after": 37}}, (State.AGAIN, 37, "429")),
        (429, {"ok": False, "parameters": {"retry_after": True}}, (State.AGAIN, 0, "429")),
        (502, {"ok": False}, (State.AGAIN, 0, "502")),
    ],
)
def test_telegrams_answers(status, data, expected):
    assert shape(TELEGRAM.understand(s.answered({"error_code": status, **data}, status))) == expected


def test_telegram_names_the_message():
    assert TELEGRAM.understand(s.answered({"ok": True, "result": {"message_id": 42}})).message_id == "42"


def update(**parts):
    return {"update_id": 9, **parts}


def chat(kind="private", **more):
    return {"chat": {"id": 5551234, "type": kind}, "date": 1793000000, **more}


@pytest.mark.parametrize(
    ("data", "event", "token"),
    [
        (update(message=chat(text="/start tok_-1")), Event.LINKED, "tok_-1"),
        (update(message=chat(text="/start@lokum_bot tok")), Event.LINKED, "tok"),
        (update(message=chat(text="/stop")), Event.UNLINKED, ""),
        (update(my_chat_member=chat(new_chat_member={"status": "kicked"})), Event.UNLINKED, ""),
        (update(my_chat_member=chat(new_chat_member={"status": "member"})), None, ""),
        (update(message=chat(text="/start")), None, ""),
        (update(message=chat(text="/start " + "a" * 65)), None, ""),
        (update(message=chat(text="/start tok; rm")), None, ""),
        (update(message=chat("group", text="/start tok")), None, ""),
        (update(edited_message=chat(text="/start tok")), None, ""),
        (update(message=chat(text="hello")), None, ""),
    ],
)
def test_telegrams_updates(data, event, token):
    said = s.said(Channel.TELEGRAM, data)
    assert [(one.event, one.token, one.address, one.said_id) for one in said] == (
        [(event, token, "5551234", "9/5551234")] if event else []
    )


def test_in_a_sandbox_its_own_pages_open():
    for name, expected in (
        (Channel.TELEGRAM, "http://127.0.0.1:9000/lokum_bot?start=tok_-1"),
        (Channel.VIBER, "http://127.0.0.1:9000/pa?chatURI=lokumbot&context=tok_-1"),
    ):
        assert channel(name).link(s.account(name, host="http://127.0.0.1:9000"), "tok_-1") == expected
        own = next(field.default for field in channel(name).FIELDS if field.name == "host")
        assert channel(name).link(s.account(name, host=own), "t") == channel(name).link(s.account(name), "t")


def test_telegram_is_linked_by_a_deep_link_and_told_where_we_are():
    account = s.account(Channel.TELEGRAM)
    assert TELEGRAM.link(account, "tok_-1") == "https://t.me/lokum_bot?start=tok_-1"
    call = TELEGRAM.register(account, "https://rent.example/hook")
    assert call.url.endswith("/setWebhook")
    body = s.sent(call)
    assert body["url"] == "https://rent.example/hook"
    assert body["allowed_updates"] == ["message", "my_chat_member"]
    assert len(body["secret_token"]) == 64
    assert s.BOT not in body["secret_token"]


# ---------------------------------------------------------------- Viber


def test_viber_sends_text_in_the_organisations_name():
    call = s.send(Channel.VIBER)
    assert call.url == "https://chatapi.viber.com/pa/send_message"
    assert call.headers["X-Viber-Auth-Token"] == s.VIBER
    body = s.sent(call)
    assert (body["receiver"], body["type"], body["sender"]) == ("01234567890A=", "text", {"name": "Lokum"})
    assert body["text"].startswith("Zapłacono 1 250,35 zł\nWpłata")
    assert body["text"].endswith(s.MESSAGE.link)
    long = s.send(Channel.VIBER, LONG)
    assert len(s.sent(long)["text"]) <= 7000
    assert len(long.body) <= 30 * 1024
    assert s.sent(long)["text"].endswith(LONG.link)


@pytest.mark.parametrize(
    ("status", "data", "expected"),
    [
        (200, {"status": 0, "message_token": 5741311803571721087}, (State.SENT, 0, "")),
        (200, {"status": 6, "status_message": "receiverNotSubscribed"}, (State.GONE, 0, "6")),
        (200, {"status": 5, "status_message": "receiverNotRegistered"}, (State.GONE, 0, "5")),
        (200, {"status": 12, "status_message": "tooManyRequests"}, (State.AGAIN, 10, "12")),
        (200, {"status": 2, "status_message": "invalidAuthToken"}, (State.REFUSED, 0, "2")),
        (200, {"status": 7, "status_message": "publicAccountBlocked"}, (State.REFUSED, 0, "7")),
        (500, {}, (State.AGAIN, 0, "http_500")),
        (200, {}, (State.UNSURE, 0, "unreadable")),
    ],
)
def test_vibers_answers_are_in_the_body(status, data, expected):
    assert shape(VIBER.understand(s.answered(data, status))) == expected


def test_viber_is_linked_when_the_reader_has_answered_the_welcome():
    account = s.account(Channel.VIBER)
    assert VIBER.link(account, "tok_-1") == "viber://pa?chatURI=lokumbot&context=tok_-1"
    opened = {**s.WEBHOOKS[Channel.VIBER], "subscribed": False}
    reply, said = VIBER.read_webhook(account, s.signed(Channel.VIBER, opened))
    assert said == ()
    welcome = json.loads(reply.body)
    assert reply.content_type == "application/json"
    assert (welcome["text"], welcome["keyboard"]["Buttons"][0]["Text"]) == WELCOME["uk"]
    answer = {
        "event": "message",
        "timestamp": 1793000001000,
        "message_token": 77,
        "sender": opened["user"],
        "message": {"type": "text", "text": "Так", "tracking_data": welcome["tracking_data"]},
    }
    (linked,) = s.said(Channel.VIBER, answer)
    assert (linked.event, linked.address, linked.token) == (Event.LINKED, "01234567890A=", "tok_-1")
    answer["message"]["tracking_data"] = "tok_-1"
    assert s.said(Channel.VIBER, answer) == ()


@pytest.mark.parametrize("language", ["pl", "uk", "nb", "fr", "en", "de-DE", ""])
def test_viber_welcomes_in_five_languages(language):
    opened = {**s.WEBHOOKS[Channel.VIBER], "subscribed": False, "user": {"id": "u=", "language": language}}
    reply, _ = VIBER.read_webhook(s.account(Channel.VIBER), s.signed(Channel.VIBER, opened))
    assert json.loads(reply.body)["text"] == WELCOME.get(language, WELCOME["en"])[0]


@pytest.mark.parametrize(
    ("name", "event", "code"),
    [
        ("delivered", Event.DELIVERED, ""),
        ("seen", Event.READ, ""),
        ("failed", Event.FAILED, "failed"),
        ("unsubscribed", Event.UNLINKED, "unsubscribed"),
        ("webhook", None, ""),
        ("subscribed", None, ""),
        ("action", None, ""),
    ],
)
def test_vibers_callbacks(name, event, code):
    data = {"event": name, "timestamp": 1793000000000, "message_token": 88, "user_id": "u="}
    said = s.said(Channel.VIBER, data)
    assert [(one.event, one.address, one.message_id, one.code) for one in said] == (
        [(event, "u=", "88", code)] if event else []
    )


def test_viber_is_told_where_we_are():
    body = s.sent(VIBER.register(s.account(Channel.VIBER), "https://rent.example/hook"))
    assert body["url"] == "https://rent.example/hook"
    assert {"conversation_started", "unsubscribed", "failed"} <= set(body["event_types"])


# ---------------------------------------------------------------- WhatsApp


def test_whatsapp_sends_the_kinds_template():
    call = s.send(Channel.WHATSAPP)
    assert call.url == "https://graph.facebook.com/v23.0/200000000000000/messages"
    assert call.headers["Authorization"] == "Bearer token"
    body = s.sent(call)
    assert (body["to"], body["biz_opaque_callback_data"]) == ("48600100200", "org_test-per_anna-ntc_1")
    template = body["template"]
    assert (template["name"], template["language"]) == ("lokum_payment_settled", {"code": "pl"})
    (part,) = template["components"]
    assert [one["text"] for one in part["parameters"]] == ["1 250,35 zł", "20 listopada 2026", s.MESSAGE.link]
    empty = s.sent(s.send(Channel.WHATSAPP, replace(s.MESSAGE, values=("", "x" * 2000))))
    texts = [one["text"] for one in empty["template"]["components"][0]["parameters"]]
    assert texts[0]
    assert len(texts[1]) == 1024


def test_whatsapp_sends_a_code_by_a_template_with_a_button():
    message = Message("ntc_2", "Kod", "Kod: 123456", "", "Kod: 123456", "", "uk", code="123456")
    template = s.sent(s.send(Channel.WHATSAPP, message))["template"]
    assert template["name"] == "lokum_code"
    assert [part["type"] for part in template["components"]] == ["body", "button"]
    assert all(part["parameters"] == [{"type": "text", "text": "123456"}] for part in template["components"])


@pytest.mark.parametrize(
    ("status", "data", "expected"),
    [
        (200, {"messages": [{"id": "wamid.1"}]}, (State.SENT, 0, "")),
        (400, {"error": {"code": 130429}}, (State.AGAIN, 1, "130429")),
        (400, {"error": {"code": 131056}}, (State.AGAIN, 6, "131056")),
        (400, {"error": {"code": 131026}}, (State.GONE, 0, "131026")),
        (400, {"error": {"code": 131047}}, (State.REFUSED, 0, "131047")),
        (404, {"error": {"code": 132001}}, (State.REFUSED, 0, "132001")),
        (401, {"error": {"code": 190}}, (State.REFUSED, 0, "190")),
        (503, {"error": {"code": 2}}, (State.AGAIN, 60, "2")),
    ],
)
def test_whatsapps_answers(status, data, expected):
    assert shape(WHATSAPP.understand(s.answered(data, status))) == expected


def change(value, number="200000000000000"):
    return {"entry": [{"changes": [{"value": {"metadata": {"phone_number_id": number}, **value}}]}]}


@pytest.mark.parametrize(
    ("status", "event", "code"),
    [
        ({"status": "read"}, Event.READ, ""),
        ({"status": "failed", "errors": [{"code": 131047}]}, Event.FAILED, "131047"),
        ({"status": "failed", "errors": [{"code": 131026}]}, Event.GONE, "131026"),
        ({"status": "sent"}, None, ""),
    ],
)
def test_whatsapps_statuses(status, event, code):
    data = {"id": "wamid.2", "recipient_id": "48600100200", "timestamp": "1793000000", **status}
    said = s.said(Channel.WHATSAPP, change({"statuses": [data]}))
    assert [(one.event, one.address, one.message_id, one.code) for one in said] == (
        [(event, "+48600100200", "wamid.2", code)] if event else []
    )
    assert s.said(Channel.WHATSAPP, change({"statuses": [data]}, "999")) == ()


def test_whatsapp_hears_stop():
    inbound = {"id": "wamid.3", "from": "48600100200", "timestamp": "1793000000", "text": {"body": " stop "}}
    (said,) = s.said(Channel.WHATSAPP, change({"messages": [inbound]}))
    assert (said.event, said.address) == (Event.UNLINKED, "+48600100200")
    inbound["text"]["body"] = "dzień dobry"
    assert s.said(Channel.WHATSAPP, change({"messages": [inbound]})) == ()


def verification(**changes):
    query = {"hub.mode": "subscribe", "hub.verify_token": "verify-me-1", "hub.challenge": "1158201444", **changes}
    return WHATSAPP.read_webhook(s.account(Channel.WHATSAPP), s.request(method="GET", query=query))


def test_meta_checks_the_address():
    reply, said = verification()
    assert (reply.status, reply.body, said) == (200, b"1158201444", ())
    for changed in (
        {"hub.verify_token": "other"},
        {"hub.mode": "x"},
        {"hub.challenge": "<script>"},
        {"hub.verify_token": ""},
    ):
        with pytest.raises(WebhookRefusedError):
            verification(**changed)
