"""Providers as administrators set them up: secrets, their rotation, what settings may be."""

import pytest

from tests.unit.payments.online.conftest import ORG, paid
from tests.unit.payments.providers import samples


def test_secrets_are_never_shown_and_rotate(world, caplog, capsys):
    key, other = samples.KEYS
    shown = world.ready("autopay", keys=(key,))
    assert (shown["secrets_set"], shown["former_secret_lives"], shown["version"]) == (["key"], False, 1)
    payment_id = world.pay()
    status, shown = world.set_provider("autopay", keys=(other,))
    assert (status, shown["former_secret_lives"], shown["version"]) == (200, True, 2)
    for secret in (key, other):
        assert world.hear("autopay", paid("autopay", payment_id, key=secret)) == 200
    assert len(world.events("PaymentSettled")) == 1
    route, path = "/payment-providers/{provider}/former-secret", {"provider": "autopay"}
    status, shown = world.ask("DELETE", route, world.admin, path=path)
    assert (status, shown["former_secret_lives"]) == (200, False)
    assert world.ask("DELETE", route, world.admin, path=path)[0] == 404
    second = world.pay(items=["chg_1"])
    assert "NOTCONFIRMED" in world.webhook("autopay", paid("autopay", second, key=key, amount=100000))["body"]
    assert "NOTCONFIRMED" not in world.webhook("autopay", paid("autopay", second, key=other, amount=100000))["body"]
    everything = f"{world.providers()} {caplog.text} {capsys.readouterr().out}"
    assert key not in everything
    assert other not in everything
    assert world.audit().count("provider_set") == 2


def test_a_secret_that_was_set_a_moment_ago_is_known(world, monkeypatch):
    from payments import credentials

    world.ready("autopay")
    payment_id = world.pay()
    stale = credentials.configured(ORG, "autopay")
    world.set_provider("autopay", keys=samples.KEYS[1:])
    import time

    credentials._known[ORG, "autopay"] = (time.monotonic() - 10, stale)
    assert "NOTCONFIRMED" not in world.webhook("autopay", paid("autopay", payment_id, key=samples.KEYS[1]))["body"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"settings": {"service_id": "x"}}, "settings.service_id"),
        ({"settings": {"service_id": "1", "host": "https://evil.example"}}, "settings.host"),
        ({"settings": {"service_id": "1", "host": "https://pay.autopay.eu@evil.example"}}, "settings.host"),
        ({"settings": {"service_id": "1", "host": "https://evilautopay.eu"}}, "settings.host"),
        ({"settings": {"service_id": "1", "host": "http://pay.autopay.eu"}}, "settings.host"),
        ({"settings": {"service_id": "1", "key": "x"}}, "settings.key"),
        ({"secrets": {"service_id": "1"}}, "secrets.service_id"),
        ({"secrets": {}}, "secrets.key"),
        ({"settings": {}}, "settings.service_id"),
    ],
)
def test_settings_are_checked(world, changes, field):
    status, body = world.set_provider("autopay", **changes)
    assert (status, body["code"]) == (422, "invalid_provider_setting")
    assert field in [one["field"] for one in body["errors"]]


def test_a_sandbox_host_is_for_the_local_cloud(world, monkeypatch):
    from shared.settings import settings

    monkeypatch.setenv("STAGE", "prod")
    settings.cache_clear()
    assert world.set_provider("autopay")[0] == 422
    assert world.set_provider("autopay", settings={"service_id": "1", "host": "https://testpay.autopay.eu"})[0] == 200


def test_providers_are_for_the_own_administrators(world):
    world.ready("autopay")
    for token in (world.anna, world.sara):
        assert world.ask("GET", "/payment-providers", token)[0] == 403
    foreign = world.ask("GET", "/payment-providers", world.foreign)[1]["providers"]
    assert not any(one["enabled"] or one["secrets_set"] for one in foreign)
    assert world.set_provider("autopay", version=7)[0] == 409
