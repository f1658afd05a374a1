"""What administrators set up: only the provider's own hosts are called, and only what was accepted counts."""

import time

import pytest
from payments import credentials
from payments.providers import NAMES, provider

from shared.settings import settings
from tests.unit.payments.online.conftest import ORG, paid
from tests.unit.payments.providers import samples

NOT_STRIPE = [
    "https://127.0.0.1\\.stripe.com",
    "https://127.0.0.1\\@api.stripe.com",
    "https://127.0.0.1#.stripe.com",
    "https://127.0.0.1?.stripe.com",
    "https://127.0.0.1/.stripe.com",
    "https://127.0.0.1%5c.stripe.com",
    "https://127.0.0.1\t.stripe.com",
    "https://key@api.stripe.com",
    "https://api.stripe.com:8443",
    "https://[::1].stripe.com",
    "https://evilstripe.com",
    "https://.stripe.com.evil.example",
    "http://api.stripe.com",
    "http://127.0.0.1\\@evil.example",
    "ftp://api.stripe.com",
]


@pytest.mark.parametrize("host", NOT_STRIPE)
def test_no_call_goes_to_another_host(world, host):
    own = samples.account("stripe", samples.KEYS[:1]).settings
    status, body = world.set_provider("stripe", settings={**own, "host": host})
    assert (status, body["code"]) == (422, "invalid_provider_setting")
    fields = provider("stripe").FIELDS
    assert not credentials.may_call(host, fields)
    assert not credentials.may_call(f"{host}/v1/checkout/sessions", fields)


@pytest.mark.parametrize("name", NAMES)
def test_the_own_host_is_called_and_loopback_only_here(world, name, monkeypatch):
    fields = provider(name).FIELDS
    host = next(field.default for field in fields if field.name == "host")
    for own in (host, f"{host}/", f"{host}:443", f"{host}/v1/x?query=1", host.replace("https://", "https://test.")):
        assert credentials.may_call(own, fields), own
    assert credentials.may_call("http://127.0.0.1:8080/v1", fields)
    monkeypatch.setenv("STAGE", "prod")
    settings.cache_clear()
    assert not credentials.may_call("http://127.0.0.1:8080/v1", fields)
    assert credentials.may_call(host, fields)
