"""What administrators set up: secrets are never shown, and nothing is called that is not the channel's."""

import json

from notifications import service_channels, store_channels
from notifications.channels.model import Answer, HttpCall
from notifications.kinds import Channel

from shared.settings import settings
from tests.unit.notifications.doors.conftest import BOT_TOKEN, ORG, OTHER, SET


def shown(doors):
    status, body = doors.ask("GET", "/notification-channels", doors.admin)
    assert status == 200
    return {one["channel"]: one for one in body["channels"]}


def test_all_channels_are_listed_and_secrets_never_shown(doors, caplog, capsys):
    assert list(shown(doors)) == [one.value for one in Channel]
    doors.use(*SET)
    channels = shown(doors)
    assert all(one["enabled"] for one in channels.values())
    assert (channels["telegram"]["secrets_set"], channels["telegram"]["version"]) == (["bot_token"], 1)
    assert channels["telegram"]["webhook_url"] == f"https://portal.example/api/notifications/webhooks/telegram/{ORG}"
    everything = f"{channels} {caplog.text} {capsys.readouterr().out}"
    assert BOT_TOKEN not in everything
    item = store_channels.find_channel(ORG, Channel.TELEGRAM)
    assert BOT_TOKEN not in json.dumps(item.attribute_values)
    assert item.set_by == "per_admin"


def test_the_account_is_the_organisations_own_and_gone_when_it_is_off(doors):
    assert service_channels.account_of(ORG, Channel.TELEGRAM) is None
    doors.use("telegram")
    account = service_channels.account_of(ORG, Channel.TELEGRAM)
    assert (account.secret("bot_token"), account.setting("bot")) == (BOT_TOKEN, "lipowa_bot")
    assert service_channels.account_of(OTHER, Channel.TELEGRAM) is None
    doors.set("telegram", 1, enabled=False)
    assert service_channels.account_of(ORG, Channel.TELEGRAM) is None


def test_the_first_key_of_push_is_made_here(doors):
    doors.use("push")
    key = service_channels.account_of(ORG, Channel.PUSH).secret("vapid_key")
    doors.set("push", 1, settings={"subject": "https://lipowa.example"})
    account = service_channels.account_of(ORG, Channel.PUSH)
    assert (account.secret("vapid_key"), account.setting("subject")) == (key, "https://lipowa.example")


def test_mails_come_from_the_deployments_address_until_an_organisation_says_another(doors, monkeypatch):
    assert service_channels.account_of(ORG, Channel.EMAIL) is None
    monkeypatch.setenv("MAIL_SENDER", "portal@lokum.example")
    settings.cache_clear()
    service_channels.forget()
    account = service_channels.account_of(ORG, Channel.EMAIL)
    assert dict(account.settings) == {"from": "portal@lokum.example", "sender": "Zarządca Testowy"}
    assert shown(doors)["email"]["enabled"]
    assert doors.set("email", settings={"sender": "Biuro"})[0] == 200
    account = service_channels.account_of(ORG, Channel.EMAIL)
    assert dict(account.settings) == {"from": "portal@lokum.example", "sender": "Biuro"}
    assert doors.set("email", 1, enabled=False)[0] == 200
    assert service_channels.account_of(ORG, Channel.EMAIL) is None
    settings.cache_clear()


WRONG = [
    ("telegram", {"settings": {"bot": "!"}}, "settings.bot"),
    ("telegram", {"settings": {"bot": "lipowa_bot", "bot_token": BOT_TOKEN}}, "settings.bot_token"),
    ("telegram", {"secrets": {}}, "secrets.bot_token"),
    ("telegram", {"secrets": {"bot_token": "short"}}, "secrets.bot_token"),
    ("telegram", {"settings": {"bot": "lipowa_bot", "host": "https://evil.example"}}, "settings.host"),
    ("telegram", {"settings": {"bot": "lipowa_bot", "host": "http://127.0.0.1:1"}}, "settings.host"),
    ("push", {"settings": {"subject": "mailto:a@b.example", "host": "http://127.0.0.1:1"}}, "settings.host"),
    ("email", {"settings": {}}, "settings.from"),
    ("email", {"settings": {"from": "łąka@b.example"}}, "settings.from"),
    ("email", {"settings": {"from": "a@łąka.example"}}, "settings.from"),
    ("email", {"settings": {"from": "a@b.example", "reply_to": "łąka@b.example"}}, "settings.reply_to"),
    ("email", {"settings": {"from": "a@b.example", "else": "x"}}, "settings.else"),
]


def test_what_may_not_be_set(doors):
    for channel, changes, field in WRONG:
        status, body = doors.set(channel, **changes)
        assert (status, body["code"]) == (422, "invalid_channel_setting")
        assert [one["field"] for one in body["errors"]] == [field]
        assert service_channels.account_of(ORG, Channel(channel)) is None


def test_somebody_elses_change_is_not_written_over(doors):
    doors.use("telegram")
    assert doors.set("telegram", 0)[0] == 409
    assert doors.set("telegram", 1)[0] == 200


def test_the_webhook_is_registered_at_the_channel(doors):
    def register(channel):
        route = "/notification-channels/{channel}/registration"
        return doors.ask("POST", route, doors.admin, path={"channel": channel})

    assert register("telegram")[0] == 404, "not used"
    doors.use("telegram", "sms")
    assert register("sms")[0] == 404, "has none"
    assert register("telegram") == (200, {"state": "sent", "code": ""})
    ((_, given),) = doors.sent
    assert isinstance(given, HttpCall)
    assert json.loads(given.body)["url"].endswith(f"/api/notifications/webhooks/telegram/{ORG}")
    doors.answers = [Answer(401, body=b'{"ok": false, "error_code": 401, "description": "Unauthorized"}')]
    assert register("telegram") == (200, {"state": "refused", "code": "401"})
