"""What administrators set up: only the provider's own hosts are called, and only what was accepted counts."""

import time

import pytest
from payments import credentials
from payments.providers import NAMES, provider

from shared.settings import settings
from tests.unit.payments.online.conftest import AMOUNT, ORG, paid
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


def change(key, version, settings=None):
    account = samples.account("autopay", [key])
    return {"keys": (key,), "settings": settings or dict(account.settings), "version": version}


def keys_that_count():
    credentials.forget()
    return [generation["key"] for generation in credentials.configured(ORG, "autopay").account.secrets]


def test_a_change_that_is_refused_changes_no_secret(world, monkeypatch):
    host = {"host": world.server.url, "service_id": "100047"}
    world.set_provider("autopay", **change("first", 0, host))
    write, answers = credentials.write_secrets, []

    def overtaken(*given):
        """Between another's write and its commit somebody is faster; and the slower one's is the newer version."""
        monkeypatch.setattr(credentials, "write_secrets", write)
        answers.append(world.set_provider("autopay", **change("accepted", 1, host)))
        return write(*given)

    monkeypatch.setattr(credentials, "write_secrets", overtaken)
    answers.append(world.set_provider("autopay", **change("refused", 1, host)))
    assert [status for status, _ in answers] == [200, 409]
    assert keys_that_count() == ["accepted", "first"]
    path = {"provider": "autopay"}
    status, _ = world.ask("DELETE", "/payment-providers/{provider}/former-secret", world.admin, path=path)
    assert (status, keys_that_count()) == (200, ["accepted"])


def test_a_change_that_is_killed_before_its_commit_changes_no_secret(world, monkeypatch):
    host = {"host": world.server.url, "service_id": "100047"}
    world.set_provider("autopay", **change("first", 0, host))
    write = credentials.write_secrets

    def killed(*given):
        write(*given)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(credentials, "write_secrets", killed)
        with pytest.raises(KeyboardInterrupt):
            world.set_provider("autopay", **change("lost", 1, host))
    assert keys_that_count() == ["first"]
    assert world.set_provider("autopay", **change("second", 1, host))[0] == 200
    assert keys_that_count() == ["second", "first"]


def test_a_message_for_an_organisation_that_is_not_there_is_counted(world, capsys, caplog):
    world.ready("autopay")
    message = paid("autopay", world.pay())
    capsys.readouterr()
    assert world.webhook("autopay", message, organisation_id="org_unknown")["statusCode"] == 404
    assert "webhooks_refused" in capsys.readouterr().out
    assert [one.code for one in caplog.records if one.message == "webhook refused"] == ["unknown_organisation"]


def test_a_setting_that_was_changed_a_moment_ago_is_known(world):
    world.ready("autopay")
    payment_id = world.pay()
    right = samples.account("autopay", samples.KEYS[:1]).settings
    other = {**right, "host": world.server.url, "service_id": "999"}
    assert world.set_provider("autopay", settings=other, secrets={})[0] == 200
    stale = credentials.configured(ORG, "autopay")
    assert world.set_provider("autopay", settings={**other, "service_id": right["service_id"]}, secrets={})[0] == 200
    credentials._known[ORG, "autopay"] = (time.monotonic() - 10, stale)
    assert "NOTCONFIRMED" not in world.webhook("autopay", paid("autopay", payment_id))["body"]


@pytest.mark.parametrize(("event", "rings"), [("CREATED", False), ("ABORTED", False), ("AUTHORIZED", True)])
def test_only_unwanted_money_rings_the_alarm(world, capsys, event, rings):
    world.ready("vipps")
    said = samples.vipps_event(
        reference="pay-01JD3M3M3M3M3M3M3M3M3M3M3M", name=event, amount={"currency": "NOK", "value": AMOUNT}
    )
    url = f"https://portal.example/api/payments/webhooks/vipps/{ORG}"
    capsys.readouterr()
    assert world.webhook("vipps", samples.vipps(said, samples.KEYS[0], url=url))["statusCode"] == 200
    said = capsys.readouterr().out
    assert ("webhooks_unwanted" in said) is rings
