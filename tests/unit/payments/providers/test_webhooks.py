"""What holds for every provider's webhooks: only what a live secret signed, to the byte, is read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from payments.providers import NAMES, provider, receive, wire
from payments.providers.model import CODES, MAX_BODY, Account, Delivery, Event, Refusal

from tests.unit.payments.providers import samples as s

SIGNED_HEADERS = {
    "stripe": ("Stripe-Signature",),
    "vipps": ("X-Ms-Date", "x-ms-content-sha256", "Authorization"),
    "gocardless": ("Webhook-Signature",),
}
RAW = frozenset(SIGNED_HEADERS)
"""Providers that sign the bytes themselves; the others sign what is written in a form or JSON around which bytes may differ."""
EXPECTED = {"przelewy24": Event.AUTHORISED, "gocardless": Event.HINT}
each = pytest.mark.parametrize("genuine", s.GENUINE, ids=lambda genuine: genuine.name)


def taken(genuine, delivery, account=None):
    return receive(genuine.module, account or s.account(genuine.name), delivery)


def refusal(genuine, delivery, account=None):
    with pytest.raises(Refusal) as caught:
        taken(genuine, delivery, account)
    assert caught.value.code in CODES
    return caught.value.code


def test_every_provider_is_there():
    assert set(NAMES) == set(s.NAMES)
    with pytest.raises(KeyError):
        provider("os")
    for name in NAMES:
        fields = {field.name: field for field in provider(name).FIELDS}
        assert fields[s.SIGNING[name]].secret
        assert fields["host"].default.startswith("https://")
        assert set(s.SETTINGS[name]) <= set(fields)


@each
def test_a_genuine_webhook_is_read_and_confirmed_every_time(genuine):
    first, again = taken(genuine, genuine.deliver()), taken(genuine, genuine.deliver())
    assert first == again
    assert [notice.event for notice in first] == [EXPECTED.get(genuine.name, Event.PAID)]
    assert first[0].key
    if genuine.name != "gocardless":
        assert (first[0].reference, first[0].amount, first[0].currency) == (
            "INV-2026-0001",
            125000,
            s.CURRENCY[genuine.name],
        )
    module, account = genuine.module, s.account(genuine.name)
    assert module.answer(account, genuine.deliver(), "").status == 200
    assert module.answer(account, genuine.deliver(), "") == module.answer(account, genuine.deliver(), "")


@each
def test_two_secrets_live_during_rotation(genuine):
    for key in s.KEYS:
        assert taken(genuine, genuine.deliver(key))
    assert refusal(genuine, genuine.deliver(s.KEYS[1]), s.account(genuine.name, s.KEYS[:1])) == "bad_signature"
    assert refusal(genuine, genuine.deliver("")) == "bad_signature"
    nothing = Account(s.SETTINGS[genuine.name], ())
    assert refusal(genuine, genuine.deliver(), nothing) == "not_configured"
    empty = Account(s.SETTINGS[genuine.name], ({s.SIGNING[genuine.name]: ""},))
    assert refusal(genuine, genuine.deliver(""), empty) == "not_configured"


@each
def test_secrets_do_not_show(genuine):
    shown = repr(s.account(genuine.name))
    assert not any(secret in shown for secret in (*s.KEYS, "sk-1", "token-1"))


@each
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_one_changed_byte_is_never_taken_for_something_else(genuine, data):
    delivery = genuine.deliver()
    place = data.draw(st.integers(0, len(delivery.body) - 1))
    changed = bytearray(delivery.body)
    changed[place] ^= data.draw(st.integers(1, 255))
    other = Delivery(bytes(changed), delivery.headers, delivery.url, delivery.now)
    try:
        notices, code = taken(genuine, other), ""
    except Refusal as caught:
        notices, code = taken(genuine, delivery), caught.code
    # What is taken is the same text written otherwise: %2b for %2B, another blank in JSON.
    assert notices == taken(genuine, delivery)
    assert code in {"bad_signature", "malformed", "wrong_service"} or (not code and genuine.name not in RAW)


@pytest.mark.parametrize("name", sorted(RAW))
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_one_changed_character_of_a_signature_is_refused(name, data):
    genuine = s.Genuine(name)
    delivery = genuine.deliver()
    header = data.draw(st.sampled_from(SIGNED_HEADERS[name]))
    value = delivery.headers[header]
    place = data.draw(st.integers(0, len(value) - 1))
    letter = data.draw(st.characters().filter(lambda c: c != value[place]))
    changed = {**delivery.headers, header: value[:place] + letter + value[place + 1 :]}
    expected = {"bad_signature"} | ({"malformed", "too_old", "too_new"} if name == "stripe" else set())
    assert refusal(genuine, Delivery(delivery.body, changed, delivery.url, delivery.now)) in expected


@each
@settings(max_examples=60, deadline=None)
@given(body=st.binary(max_size=400))
def test_anything_else_is_refused(genuine, body):
    delivery = genuine.deliver()
    code = refusal(genuine, Delivery(body, delivery.headers, delivery.url, delivery.now))
    assert code in {"bad_signature", "malformed"}
    reply = genuine.module.answer(s.account(genuine.name), Delivery(body, {}, delivery.url, delivery.now), code)
    assert reply.status >= 400


@each
def test_too_large_a_body_is_not_looked_at(genuine):
    delivery = s.delivery(b"x" * (MAX_BODY + 1))
    assert refusal(genuine, delivery) == "too_large"
    assert genuine.module.answer(s.account(genuine.name), delivery, "too_large").status == 413


@each
def test_deep_and_doubled_texts_are_refused(genuine):
    for text in (b"[" * 100_000, b'{"a":1,"a":1}', b'{"a":NaN}', b'{"a":' + b"9" * 5000 + b"}", b"\xff\xfe{}", b"[]"):
        if genuine.name == "stripe":
            delivery = s.stripe(text)
        elif genuine.name == "vipps":
            delivery = s.vipps(text)
        else:
            delivery = s.delivery(text, genuine.deliver().headers)
        assert refusal(genuine, delivery) in {"malformed", "bad_signature"}


@each
def test_a_missing_signature_is_refused(genuine):
    delivery = genuine.deliver()
    if genuine.name in RAW:
        assert refusal(genuine, s.delivery(delivery.body, {})) == "bad_signature"
        name, value = next(iter((delivery.headers).items()))
        twice = {**delivery.headers, name.swapcase(): value}
        assert refusal(genuine, s.delivery(delivery.body, twice)) == "bad_signature"


@each
def test_header_names_have_no_case(genuine):
    delivery = genuine.deliver()
    low = {name.lower(): value for name, value in delivery.headers.items()}
    assert taken(genuine, Delivery(delivery.body, low, delivery.url, delivery.now))


@pytest.mark.parametrize(
    ("read", "when"),
    [
        (wire.instant, "0001-01-01T00:00:00+01:00"),
        (wire.instant, "9999-12-31T23:59:59-01:00"),
        (wire.instant, "1999-06-01T00:00:00Z"),
        (wire.since_epoch, 0),
        (wire.since_epoch, 253402300799),
        (wire.since_epoch, 10**30),
    ],
)
def test_times_that_cannot_be_are_malformed(read, when):
    with pytest.raises(Refusal) as caught:
        read(when)
    assert caught.value.code == "malformed"
