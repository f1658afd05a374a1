"""A person links himself, gets a notice, refuses it: the channels' code against sandboxes that share nothing with it."""

import json
import re
from urllib.parse import urlencode

from notifications.channels.model import Event, State

from tests.local_cloud.messengers.portal import message
from tests.local_cloud.providers.portal import http

TOKEN = "one-time-token_0123456789"


def page(messenger, path):
    status, _, body = http("GET", messenger.url + path)
    assert status == 200
    return body.decode()


def press(messenger, path, action, text=""):
    """Press a button of a chat's page, as its form does it."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    status, headers, _ = http("POST", messenger.url + path, urlencode({"action": action, "text": text}).encode(), form)
    assert status == 303
    return headers["Location"]


def test_telegram(portal, messengers):
    from notifications.channels import telegram as module

    telegram = messengers["telegram"]
    chat = telegram.chat("lipowa", "nowak")
    assert portal.send("telegram", chat.address).state is State.GONE, "a bot cannot write first"
    press(telegram, chat.path, "start", module.link(portal.accounts["telegram"], TOKEN))
    assert messengers.idle()
    [(_, linked)] = portal.said
    assert (linked.event, linked.token, linked.address) == (Event.LINKED, TOKEN, chat.address)
    sent = portal.send("telegram", linked.address)
    assert (sent.state, sent.message_id) == (State.SENT, chat.lines[-1].id)
    shown = page(telegram, chat.path)
    assert "Płatność &lt;zaksięgowana&gt; &amp; potwierdzona" in shown
    assert "1\u00a0250,35" in shown
    press(telegram, chat.path, "block")
    assert messengers.idle()
    assert portal.said[-1][1].event is Event.UNLINKED
    assert portal.send("telegram", linked.address).state is State.GONE
    press(telegram, chat.path, "unblock")
    assert portal.send("telegram", linked.address).state is State.SENT
    assert portal.problems == []


def test_a_telegram_link_asks_whose_phone_it_is(portal, messengers):
    telegram = messengers["telegram"]
    shown = page(telegram, f"/lipowa_bot?start={TOKEN}")
    assert "Press START as Anna Nowak" in shown
    path = re.search(r'action="(/chats/lipowa/nowak)"', shown)[1]
    press(telegram, path, "start", TOKEN)
    assert messengers.idle()
    assert portal.said[0][1].token == TOKEN


def test_viber(portal, messengers):
    from notifications.channels import viber as module

    viber = messengers["viber"]
    chat = viber.chat("lipowa", "nowak")
    assert portal.send("viber", chat.address).code == "6", "only subscribers"
    press(viber, chat.path, "open", module.link(portal.accounts["viber"], TOKEN))
    assert messengers.idle()
    assert portal.said == [], "opening the conversation is no subscription"
    assert module.WELCOME["pl"][0] in page(viber, chat.path)
    press(viber, chat.path, "press")
    assert messengers.idle()
    [linked] = [said for _, said in portal.said if said.event is not Event.READ]
    assert (linked.event, linked.token, linked.address) == (Event.LINKED, TOKEN, chat.address)
    sent = portal.send("viber", linked.address)
    assert sent.state is State.SENT
    assert messengers.idle()
    page(viber, chat.path)
    assert messengers.idle()
    receipts = [said for _, said in portal.said if said.message_id == sent.message_id]
    assert [said.event for said in receipts] == [Event.DELIVERED, Event.READ]
    press(viber, chat.path, "leave")
    assert messengers.idle()
    assert portal.said[-1][1].event is Event.UNLINKED
    assert portal.send("viber", linked.address).state is State.GONE
    assert portal.problems == []


def test_whatsapp(portal, messengers):
    whatsapp = messengers["whatsapp"]
    chat = whatsapp.chat("lipowa", "nowak")
    sent = portal.send("whatsapp", "+48 600 100 201")
    assert sent.state is State.SENT
    assert messengers.idle()
    shown = page(whatsapp, chat.path)
    assert "lokum_payment_settled (pl)" in shown
    assert "1 250,35 zł" in shown
    assert messengers.idle()
    receipts = [(said.event, said.message_id, said.reference) for _, said in portal.said]
    assert receipts == [(event, sent.message_id, "ntc_1.per_1") for event in (Event.DELIVERED, Event.READ)]
    press(whatsapp, chat.path, "block")
    assert portal.send("whatsapp", "+48600100201").state is State.SENT, "told only afterwards"
    assert messengers.idle()
    assert portal.said[-1][1].event is Event.GONE
    press(whatsapp, chat.path, "unblock")
    press(whatsapp, chat.path, "write", "Stop")
    assert messengers.idle()
    assert portal.said[-1][1].event is Event.UNLINKED
    assert portal.problems == []


def test_a_code_by_whatsapp(portal, messengers):
    assert portal.send("whatsapp", "+48600100201", code="481516").state is State.SENT
    line = messengers["whatsapp"].chat("lipowa", "nowak").lines[-1]
    assert line.text == "481516"


def test_push(portal, messengers):
    from notifications.channels import push as module

    push = messengers["push"]
    chat = push.chat("lipowa", "nowak")
    press(push, chat.path, "subscribe")
    address = module.address(portal.accounts["push"], chat.record()["shown"])
    sent = portal.send("push", address, urgent=True)
    assert sent.state is State.SENT
    line = chat.lines[-1]
    assert (line.title, line.links) == (message().subject, (message().link,))
    assert line.text == message().short
    assert line.extra["urgency"] == "high"
    press(push, chat.path, "off")
    portal.send("push", address)
    portal.send("push", address)
    assert [line.state for line in chat.lines] == ["delivered", "sent"], "of one Topic the newest waits"
    press(push, chat.path, "on")
    assert chat.lines[-1].state == "delivered"
    press(push, chat.path, "leave")
    assert portal.send("push", address).state is State.GONE


def test_one_person_has_an_address_for_each_account_that_asks(messengers):
    """What a test of isolation rests on: two people are two addresses everywhere."""
    for name in ("telegram", "viber", "whatsapp"):
        chats = [messengers[name].chat("lipowa", person) for person in ("nowak", "mazur")]
        assert len({chat.address for chat in chats}) == 2


def test_the_inspection_shows_the_same(portal, messengers):
    telegram = messengers["telegram"]
    body = json.dumps({"text": TOKEN}).encode()
    status, _, _ = http("POST", f"{telegram.url}/_sandbox/chats/lipowa/nowak/start", body)
    assert status == 200
    assert messengers.idle()
    portal.send("telegram", portal.said[0][1].address)
    _, _, raw = http("GET", f"{telegram.url}/_sandbox/chats")
    [chat] = [one for one in json.loads(raw)["chats"] if one["person"] == "nowak"]
    assert [line["by_person"] for line in chat["messages"]] == [True, False]
    _, _, raw = http("GET", f"{telegram.url}/_sandbox/webhooks")
    assert [hook["state"] for hook in json.loads(raw)["webhooks"]] == ["delivered"]
    assert "Anna Nowak: open, 2 messages" in page(telegram, "/")
