"""The demo organisations' messengers: complete, told apart by the sandboxes, set up once."""

import json
import re

import httpx
import pytest
from notifications.channels import channel
from notifications.kinds import Channel

from infra.demo import channels
from infra.demo.client import Client

HOSTS = {
    name: f"http://127.0.0.1:{4000 + number}"
    for number, name in enumerate(("telegram", "viber", "whatsapp", "push", "sms"))
}


@pytest.mark.parametrize("reached", channels.CHANNELS, ids=lambda one: f"{one.country.code}-{one.channel}")
def test_each_account_says_what_its_channel_asks_in_its_form(reached) -> None:
    fields = {field.name: field for field in channel(Channel(reached.channel)).FIELDS}
    given = {**reached.settings, **reached.secrets}
    if reached.channel != "sms":
        given["host"] = HOSTS[reached.channel]
    assert {name for name, field in fields.items() if field.required and not field.default} <= set(given)
    for name, value in given.items():
        assert re.fullmatch(fields[name].pattern, value), name
        assert fields[name].secret == (name in reached.secrets)


def test_no_two_organisations_share_a_secret() -> None:
    secrets = [value for reached in channels.CHANNELS for value in reached.secrets.values()]
    assert len(set(secrets)) == len(secrets)
    assert {reached.channel for reached in channels.CHANNELS if reached.country.code == "PL"} == set(HOSTS)


class Administration:
    """The routes of channels as all four organisations have them."""

    def __init__(self) -> None:
        self.shown = {name: {"version": 0, "enabled": False, "settings": {}} for name in HOSTS}
        self.sent: list[tuple[str, str, dict]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/sign-in"):
            return httpx.Response(200, headers={"Set-Cookie": "lokum_session=one; Secure"})
        if request.method == "GET":
            return httpx.Response(200, json={"channels": [{"channel": n, **one} for n, one in self.shown.items()]})
        body = json.loads(request.content)
        self.sent.append((request.method, request.url.path.removeprefix("/notification-channels/"), body))
        return httpx.Response(200, json={**body, "state": "sent"})


@pytest.fixture
def administration(monkeypatch: pytest.MonkeyPatch) -> Administration:
    made = Administration()
    monkeypatch.setattr(channels, "Client", lambda url: Client(url, httpx.MockTransport(made)))
    return made


def test_what_was_never_set_up_is_set_up_whole_and_told_where_the_site_is(administration: Administration) -> None:
    channels.connect_channels("http://api", HOSTS)
    set_up = [path for method, path, _ in administration.sent if method == "PUT"]
    told = [path for method, path, _ in administration.sent if method == "POST"]
    assert sorted(set_up) == sorted(reached.channel for reached in channels.CHANNELS)
    assert sorted(told) == sorted(
        f"{one.channel}/registration" for one in channels.CHANNELS if one.channel in channels.REGISTERED
    )
    body = next(body for method, path, body in administration.sent if (method, path) == ("PUT", "telegram"))
    assert body["settings"] == {"bot": "lokum_pl_bot", "host": HOSTS["telegram"]}
    assert set(body["secrets"]) == {"bot_token"}
    body = next(body for method, path, body in administration.sent if (method, path) == ("PUT", "sms"))
    assert (body["settings"], body["secrets"]) == ({"origination": "LokumPL"}, {}), "AWS has no host to enter"


def test_only_the_address_of_a_sandbox_moves(administration: Administration) -> None:
    administration.shown = {
        "telegram": {"version": 3, "enabled": True, "settings": {"bot": "own_bot", "host": "http://127.0.0.1:1"}},
        "viber": {"version": 2, "enabled": True, "settings": {"uri": "own", "host": "https://chatapi.viber.com"}},
        "whatsapp": {"version": 1, "enabled": False, "settings": {"host": HOSTS["whatsapp"]}},
        "push": {"version": 1, "enabled": False, "settings": {}},
        "sms": {"version": 1, "enabled": True, "settings": {"origination": "Own"}},
    }
    channels.connect_channels("http://api", HOSTS)
    assert {path for _, path, _ in administration.sent} == {"telegram", "telegram/registration"}
    body = administration.sent[0][2]
    assert body["settings"] == {"bot": "own_bot", "host": HOSTS["telegram"]}
    assert (body["secrets"], body["version"]) == ({}, 3)
