"""Limits and errors as the real ones have them, read by the channels' code; and switches that make them happen."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from notifications.channels import channel
from notifications.channels import push as push_channel
from notifications.channels.model import Account, Answer, State
from notifications.kinds import Channel

from infra.local.messengers import Limits
from infra.local.providers.config import Switches
from tests.local_cloud.messengers.portal import DEMO, message
from tests.local_cloud.providers.portal import http

TIGHT = {
    "telegram": Limits(2, 1.0, apart=1.0),
    "viber": Limits(2, 10.0),
    "whatsapp": Limits(3, 1.0, apart=6.0),
    "push": Limits(2, 1.0),
}


@pytest.fixture
def joined(portal, messengers):
    """A person's address with each, ready to be sent to."""
    starts = {"telegram": "start", "viber": "open", "whatsapp": "write", "push": "subscribe"}
    for name, action in starts.items():
        for person in ("nowak", "mazur"):
            messengers[name].do(messengers[name].chat("lipowa", person), action, "" if name == "push" else "abc")
    for person in ("nowak", "mazur"):
        messengers["viber"].do(messengers["viber"].chat("lipowa", person), "write", "Tak")
    assert messengers.idle()

    def address(name, person="nowak"):
        chat = messengers[name].chat("lipowa", person)
        if name == "push":
            return push_channel.address(portal.accounts["push"], chat.record()["shown"])
        return f"+{chat.address}" if name == "whatsapp" else chat.address

    return address


def outcome(portal, joined, name, person="nowak", **changes):
    return portal.send(name, joined(name, person), **changes)


@pytest.mark.parametrize("limits", [TIGHT])
class TestLimits:
    def test_telegram_says_how_long_to_wait(self, portal, joined, clock):
        assert outcome(portal, joined, "telegram").state is State.SENT
        again = outcome(portal, joined, "telegram")
        assert (again.state, again.seconds, again.code) == (State.AGAIN, 1, "429")
        assert outcome(portal, joined, "telegram", "mazur").code == "429", "two calls a second, whomever to"
        clock.pass_by(1)
        assert outcome(portal, joined, "telegram").state is State.SENT

    def test_viber_says_it_with_200(self, portal, joined, clock):
        for _ in range(2):
            assert outcome(portal, joined, "viber").state is State.SENT
        again = outcome(portal, joined, "viber")
        assert (again.state, again.code) == (State.AGAIN, "12")
        clock.pass_by(again.seconds)
        assert outcome(portal, joined, "viber").state is State.SENT

    def test_whatsapp_counts_all_and_each(self, portal, joined, clock):
        assert outcome(portal, joined, "whatsapp").state is State.SENT
        again = outcome(portal, joined, "whatsapp")
        assert (again.state, again.code) == (State.AGAIN, "131056")
        assert outcome(portal, joined, "whatsapp", "mazur").state is State.SENT
        assert outcome(portal, joined, "whatsapp", "mazur").code == "130429"
        clock.pass_by(again.seconds)
        assert outcome(portal, joined, "whatsapp").state is State.SENT

    def test_push_names_a_time(self, portal, joined, clock):
        for _ in range(2):
            assert outcome(portal, joined, "push").state is State.SENT
        again = outcome(portal, joined, "push")
        assert (again.state, again.seconds) == (State.AGAIN, 1)
        clock.pass_by(1)
        assert outcome(portal, joined, "push").state is State.SENT


def test_viber_hears_no_more_of_who_does_not_answer(portal, messengers, joined, clock):
    for _ in range(100):
        clock.pass_by(1)
        assert outcome(portal, joined, "viber").state is State.SENT
    assert outcome(portal, joined, "viber").code == "12"
    chat = messengers["viber"].chat("lipowa", "nowak")
    messengers["viber"].do(chat, "write", "Dziękuję")
    assert outcome(portal, joined, "viber").state is State.SENT


STATES = {
    ("telegram", "429"): State.AGAIN,
    ("telegram", "403"): State.GONE,
    ("telegram", "400"): State.GONE,
    ("telegram", "401"): State.REFUSED,
    ("telegram", "500"): State.AGAIN,
    ("viber", "12"): State.AGAIN,
    ("viber", "5"): State.GONE,
    ("viber", "6"): State.GONE,
    ("viber", "2"): State.REFUSED,
    ("viber", "500"): State.AGAIN,
    ("whatsapp", "130429"): State.AGAIN,
    ("whatsapp", "131056"): State.AGAIN,
    ("whatsapp", "132001"): State.REFUSED,
    ("whatsapp", "190"): State.REFUSED,
    ("whatsapp", "1"): State.AGAIN,
    ("push", "410"): State.GONE,
    ("push", "404"): State.GONE,
    ("push", "413"): State.REFUSED,
    ("push", "429"): State.AGAIN,
    ("push", "403"): State.REFUSED,
    ("push", "503"): State.AGAIN,
}


def test_troubles_that_are_asked_for(portal, messengers, joined):
    for (name, code), expected in STATES.items():
        body = json.dumps({"code": code, "seconds": 7}).encode()
        assert http("POST", f"{messengers[name].url}/_sandbox/troubles", body)[0] == 200
        bad = outcome(portal, joined, name)
        assert bad.state is expected, (name, code)
        if code == "429":
            assert bad.seconds == 7
        assert outcome(portal, joined, name).state is State.SENT, "only the next call"


def test_a_message_may_have_come_though_the_answer_is_bad(portal, messengers, joined):
    telegram = messengers["telegram"]
    telegram.trouble("500", taken=True)
    before = len(telegram.chat("lipowa", "nowak").lines)
    assert outcome(portal, joined, "telegram").state is State.AGAIN
    assert len(telegram.chat("lipowa", "nowak").lines) == before + 1


def test_whatsapp_says_later_that_nobody_is_there(portal, messengers, joined):
    messengers["whatsapp"].trouble("131026")
    assert outcome(portal, joined, "whatsapp").state is State.SENT
    assert messengers.idle()
    assert portal.said[-1][1].code == "131026"
    assert portal.events("whatsapp")[-1] == "gone"


@pytest.mark.parametrize("name", list(DEMO))
def test_wrong_credentials(portal, messengers, joined, name):
    address, account = joined(name), portal.accounts[name]
    other = {key: value[:-1] + ("A" if value[-1] != "A" else "B") for key, value in account.secrets[0].items()}
    if name == "push":
        other = {"vapid_key": push_channel.new_key()}
    portal.accounts[name] = Account(account.settings, (other,))
    before = messengers[name].records()
    assert portal.send(name, address).state is State.REFUSED
    assert messengers[name].records() == before


def test_templates_that_were_not_approved(portal, messengers, joined):
    bot = messengers["whatsapp"].bots["lipowa"]
    bot.account = replace(bot.account, settings={**bot.account.settings, "templates": "lokum_payment_settled:3"})
    assert outcome(portal, joined, "whatsapp").state is State.SENT
    assert outcome(portal, joined, "whatsapp", values=("one",)).code == "132000"
    assert outcome(portal, joined, "whatsapp", kind="invoice_due").code == "132001"


@pytest.mark.parametrize("name", ["telegram", "viber", "whatsapp"])
def test_a_tampered_webhook_is_refused_and_a_repeat_is_known(portal, messengers, name):
    messenger = messengers[name]
    messenger.switches = Switches(copies=2, tampered=name != "telegram")
    chat = messenger.chat("lipowa", "nowak")
    action, text = {"telegram": ("start", "abc"), "viber": ("open", "abc"), "whatsapp": ("write", "STOP")}[name]
    messenger.do(chat, action, text)
    if name == "viber":
        messenger.do(chat, "write", "Tak")
        messenger.do(chat, "leave")
    assert messengers.idle()
    assert portal.problems == ["bad_signature"] * len(messenger.courier.messages) * (name != "telegram")
    own = [said.said_id for _, said in portal.said]
    assert own
    assert len(own) == 2 * len(set(own))


def test_telegram_without_its_secret_is_not_believed(portal, messengers):
    messengers["telegram"].bots["lipowa"].webhook_secret = "another"
    messengers["telegram"].do(messengers["telegram"].chat("lipowa", "nowak"), "start", "abc")
    assert messengers.idle()
    assert portal.said == []
    assert set(portal.problems) == {"bad_signature"}


def test_whatsapp_speaks_only_to_an_address_that_knows_the_token(portal, messengers):
    whatsapp = messengers["whatsapp"]
    account = portal.accounts["whatsapp"]
    portal.accounts["whatsapp"] = Account(account.settings, ({**account.secrets[0], "verify_token": "another-one"},))
    whatsapp.do(whatsapp.chat("lipowa", "nowak"), "write", "STOP")
    assert messengers.idle()
    assert portal.problems == ["bad_signature"]
    assert whatsapp.courier.messages == []
    portal.accounts["whatsapp"] = account
    whatsapp.do(whatsapp.chat("lipowa", "nowak"), "write", "STOP")
    assert messengers.idle()
    assert portal.events() == ["unlinked"]


def test_viber_refuses_an_address_that_does_not_answer(portal, messengers):
    call = channel(Channel.VIBER).register(portal.accounts["viber"], f"{portal.server.url}/nowhere")
    assert portal.make("viber", call).code == "1"


def raw_push(portal, joined, **headers):
    """A push call with other headers: the status that comes back."""
    call = push_channel.send(portal.accounts["push"], joined("push"), message(), datetime.now(UTC))
    kept = {name: value for name, value in {**call.headers, **headers}.items() if value is not None}
    status, _, _ = http("POST", call.url, call.body, kept)
    return status


def test_push_wants_its_headers(portal, messengers, joined):
    assert raw_push(portal, joined) == 201
    assert raw_push(portal, joined, TTL=None) == 400
    assert raw_push(portal, joined, Urgency="at once") == 400
    assert raw_push(portal, joined, Topic="x" * 33) == 400
    assert raw_push(portal, joined, Authorization=None) == 401
    token = push_channel.send(portal.accounts["push"], joined("push"), message(), datetime.now(UTC)).headers[
        "Authorization"
    ]
    assert raw_push(portal, joined, Authorization=token.replace(", k=", "A, k=")) == 401
    late = datetime.fromtimestamp(messengers["push"].now().timestamp() + 86400, UTC)
    call = push_channel.send(portal.accounts["push"], joined("push"), message(), late)
    assert raw_push(portal, joined, Authorization=call.headers["Authorization"]) == 403


def test_push_of_what_cannot_be_decrypted_is_taken_and_never_seen(portal, messengers, joined):
    call = push_channel.send(portal.accounts["push"], joined("push"), message(), datetime.now(UTC))
    broken = call.body[:-1] + bytes([call.body[-1] ^ 1])
    assert http("POST", call.url, broken, call.headers)[0] == 201
    line = messengers["push"].chat("lipowa", "nowak").lines[-1]
    assert (line.state, line.text, line.extra["problem"]) == ("failed", "", "sealed")
    assert http("POST", call.url, call.body + bytes(4096), call.headers)[0] == 413


def test_push_with_the_key_of_another_site(portal, messengers, joined):
    other = Account(portal.accounts["push"].settings, ({"vapid_key": push_channel.new_key()},))
    call = push_channel.send(other, joined("push"), message(), datetime.now(UTC))
    status, headers, body = http("POST", call.url, call.body, call.headers)
    assert status == 403
    assert push_channel.understand(Answer(status, dict(headers), body)).state is State.REFUSED
