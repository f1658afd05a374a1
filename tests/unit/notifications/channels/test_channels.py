"""What holds for every channel: its module, its secrets, webhooks to the byte, and answers of any kind."""

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from notifications.channels import channel
from notifications.channels.model import (
    MAX_BODY,
    Account,
    Answer,
    AwsCall,
    Event,
    HttpCall,
    NotConfiguredError,
    Outcome,
    State,
    WebhookRefusedError,
)
from notifications.kinds import Channel

from tests.unit.notifications.channels import samples as s

each = pytest.mark.parametrize("name", list(Channel))
hooked = pytest.mark.parametrize("name", list(s.SIGNED))


def refusal(name, request, account=None):
    with pytest.raises(WebhookRefusedError) as caught:
        channel(name).read_webhook(account or s.account(name), request)
    assert caught.value.reply.status >= 400
    return caught.value.code


@each
def test_a_message_is_a_call_and_no_secret_shows(name):
    call = s.send(name)
    assert isinstance(call, AwsCall if name in {Channel.EMAIL, Channel.SMS} else HttpCall)
    shown = repr(call) + repr(s.account(name))
    assert not any(secret in shown for secret in s.SECRETS[name].values())
    assert "1 250,35" not in shown


@each
def test_every_field_takes_what_is_set_here(name):
    import re

    fields = {field.name: field for field in channel(name).FIELDS}
    for field, value in {
        **s.SETTINGS[name],
        **{k: v for k, v in s.SECRETS[name].items() if k != "access_token"},
    }.items():
        assert re.fullmatch(fields[field].pattern, value), field
        assert fields[field].secret == (field in s.SECRETS[name])
    for field in fields.values():
        assert not field.default or re.fullmatch(field.pattern, field.default), field.name


def test_only_who_sends_to_browsers_loads_cryptography():
    names = ", ".join(f"notifications.channels.{name.value}" for name in Channel)
    heavy = "{'cryptography', 'boto3', 'urllib3', 'pynamodb', 'babel'} & set(sys.modules)"
    code = f"import sys, {names}; sys.exit(', '.join({heavy}) or 0)"
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": os.pathsep.join(sys.path)})


@each
def test_without_its_settings_nothing_is_sent(name):
    with pytest.raises(NotConfiguredError):
        channel(name).send(Account({}), s.ADDRESSES[name], s.MESSAGE, s.NOW)


@each
@pytest.mark.parametrize(
    "given", ["", "x", "a b@c.example", "+48", "https://fcm.googleapis.com/x", "\ud800", "a\r\nb", "[" * 9000]
)
def test_what_is_no_address_is_refused(name, given):
    if name is Channel.VIBER and given in {"x", "+48"}:
        given = "an id"  # Viber's have no form of their own
    with pytest.raises(ValueError):
        channel(name).address(s.account(name), given)
    with pytest.raises(ValueError):
        channel(name).send(s.account(name), given, s.MESSAGE, s.NOW)


@each
def test_an_address_is_kept_in_one_form(name):
    once = channel(name).address(s.account(name), s.ADDRESSES[name])
    assert channel(name).address(s.account(name), once) == once


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                (
                    "ok",
                    "result",
                    "message_id",
                    "status",
                    "error",
                    "code",
                    "messages",
                    "id",
                    "parameters",
                    "retry_after",
                    "x",
                )
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@each
@settings(max_examples=80, deadline=None)
@given(
    status=st.sampled_from((0, 200, 201, 400, 403, 404, 410, 413, 429, 500, 503)) | st.integers(0, 999),
    body=st.binary(max_size=60) | JSON.map(lambda data: json.dumps(data).encode()),
    data=st.dictionaries(st.sampled_from(("MessageId", "Reason", "x")), JSON, max_size=3),
    wait=st.text(max_size=6) | st.integers(0, 10**7).map(str),
)
def test_any_answer_is_understood(name, status, body, data, wait):
    outcome = channel(name).understand(Answer(status, {"retry-after": wait, "location": "l"}, body, data, "C"))
    assert isinstance(outcome, Outcome)
    assert outcome.seconds >= 0
    assert (
        outcome.state is not State.SENT or outcome.message_id or name in {Channel.TELEGRAM, Channel.VIBER, Channel.PUSH}
    )


@each
def test_what_may_have_been_sent_is_not_sent_again(name):
    assert channel(name).understand(Answer(0)).state is State.UNSURE
    assert channel(name).understand(Answer(504, body=b"Gateway Timeout")) == Outcome(State.UNSURE, code="http_504")
    if name is not Channel.PUSH:
        assert channel(name).understand(Answer(200, body=b"<html>")).state is State.UNSURE
    assert channel(name).understand(Answer(503)).state is State.AGAIN
    assert channel(name).understand(Answer(400)).state is State.REFUSED


@each
@settings(max_examples=40, deadline=None)
@given(
    kind=st.sampled_from(("Email Bounced", "Email Delivered", "Text Message Delivery Status Updated", "x")), detail=JSON
)
def test_any_event_is_read(name, kind, detail):
    assert isinstance(channel(name).read_event(kind, detail if isinstance(detail, dict) else {}), tuple)


@hooked
def test_a_genuine_webhook_is_read_and_the_same_again(name):
    first, again = s.said(name, s.WEBHOOKS[name]), s.said(name, s.WEBHOOKS[name])
    assert first == again
    assert first[0].said_id
    assert first[0].address == s.ADDRESSES[name]
    assert first[0].at.year == 2026
    assert first[0].event is (Event.DELIVERED if name is Channel.WHATSAPP else Event.LINKED)
    assert first[0].token == ("" if name is Channel.WHATSAPP else "tok_-1")


@hooked
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_one_changed_byte_is_refused(name, data):
    genuine = s.signed(name, s.WEBHOOKS[name])
    header, _ = s.SIGNED[name]
    value = genuine.headers[header]
    place = data.draw(st.integers(0, len(value) - 1))
    letter = data.draw(st.characters().filter(lambda c: c != value[place]))
    forged = value[:place] + letter + value[place + 1 :]
    assert refusal(name, s.request(genuine.body, {header: forged})) == "bad_signature"
    if name is Channel.TELEGRAM:
        return  # its token says who speaks, and nothing of the body
    place = data.draw(st.integers(0, len(genuine.body) - 1))
    changed = bytearray(genuine.body)
    changed[place] ^= data.draw(st.integers(1, 255))
    assert refusal(name, s.request(bytes(changed), genuine.headers)) == "bad_signature"


@hooked
def test_two_secrets_live_during_rotation(name):
    header, secret = s.SIGNED[name]
    new, old = s.SECRETS[name][secret], "f" * 40
    both = s.account(name, {**s.SECRETS[name], secret: new}, {secret: old})
    for key in (new, old):
        assert channel(name).read_webhook(both, s.signed(name, s.WEBHOOKS[name], key))[1]
    assert refusal(name, s.signed(name, s.WEBHOOKS[name], old)) == "bad_signature"
    for nothing in (Account(s.SETTINGS[name]), s.account(name, {secret: ""})):
        assert refusal(name, s.signed(name, s.WEBHOOKS[name]), nothing) == "not_configured"
    assert refusal(name, s.request(s.signed(name, {}).body, {header: ""})) == "bad_signature"
    assert refusal(name, s.request(s.signed(name, {}).body)) == "bad_signature"


@hooked
@pytest.mark.parametrize("body", [b"", b"[]", b"\xff{}", b"[" * 100_000, b'{"a":NaN}', b'{"a":' + b"9" * 5000 + b"}"])
def test_what_is_signed_and_malformed_is_refused(name, body):
    assert refusal(name, s.signed(name, body)) == "malformed"


@hooked
@settings(max_examples=60, deadline=None)
@given(
    data=st.dictionaries(
        st.sampled_from(
            ("update_id", "message", "my_chat_member", "event", "user", "context", "entry", "message_token")
        ),
        JSON,
        max_size=5,
    )
)
def test_whatever_is_signed_is_read(name, data):
    reply, said = channel(name).read_webhook(s.account(name), s.signed(name, data))
    assert reply.status == 200
    assert isinstance(said, tuple)


@hooked
def test_too_large_or_not_posted(name):
    genuine = s.signed(name, b"x" * (MAX_BODY + 1))
    assert refusal(name, genuine) == "too_large"
    assert refusal(name, s.request(b"{}", method="PUT")) == "method"


@pytest.mark.parametrize("name", [name for name in Channel if name not in s.SIGNED])
def test_the_others_have_no_webhook(name):
    assert refusal(name, s.request(b"{}")) == "no_webhook"
    assert channel(name).register(s.account(name), "https://rent.example/hook") is None
    assert channel(name).link(s.account(name), "tok") == ""
