"""An organisation that uses every channel, its administrator, and what would have gone out."""

import json

import pytest
from notifications import app as notifications_app
from notifications import calls, service_channels, store, store_people
from notifications.channels.model import Answer
from notifications.kinds import Channel

from shared import people
from shared.access import ADMINISTRATOR
from shared.events.envelope import Metadata
from shared.ids import new_id
from shared.settings import settings
from shared.tables import unit_of_work
from tests.support import api_event, call, sign_in

ORG, OTHER = "org_test", "org_other"
BOT_TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
VIBER_TOKEN = "445da6az1s345z78-dazcczb2542zv51a-e0vc5fva17480im9"
APP_SECRET = "0123456789abcdef0123456789abcdef"
SET = {
    "email": {"settings": {"from": "biuro@lipowa.example"}},
    "push": {"settings": {"subject": "mailto:biuro@lipowa.example"}},
    "telegram": {"settings": {"bot": "lipowa_bot"}, "secrets": {"bot_token": BOT_TOKEN}},
    "viber": {"settings": {"uri": "lipowa", "sender": "Lipowa"}, "secrets": {"auth_token": VIBER_TOKEN}},
    "whatsapp": {
        "settings": {"phone_number_id": "106540352242922"},
        "secrets": {"access_token": "EAAJB" * 8, "app_secret": APP_SECRET, "verify_token": "meatyhamhock"},
    },
    "sms": {"settings": {"origination": "LIPOWA"}},
}
WRITE = {"Idempotency-Key": "key-00000001"}


class Doors:
    """`sent` are the calls that would have been made, each answered with the next of `answers`, or well."""

    def __init__(self, world):
        self.world, self.sent, self.answers = world, [], []
        self.anna, self.olek, self.sara, self.fatma = world.anna, world.olek, world.sara, world.fatma
        self.admin = sign_in(ORG, "per_admin", (ADMINISTRATOR, "organisation", ORG))
        self.add_person("per_anna", phone="+48501502301", locale="pl")
        self.add_person("per_sara")

    def add_person(self, person_id, organisation_id=ORG, phone="", locale="uk"):
        people.PersonItem(
            f"ORG#{organisation_id}#PERSON#{person_id}",
            "PERSON",
            person_id=person_id,
            first_name="Anna",
            last_name="Nowak",
            company="",
            email=f"{person_id}@lipowa.example",
            phone=phone,
            locale=locale,
        ).save()

    def make(self, channel, given):
        self.sent.append((channel, given))
        return self.answers.pop(0) if self.answers else GOOD[channel]

    # ---- routes
    def ask(self, method, route, token, **given):
        return call(notifications_app.app, method, route, token=token, headers=WRITE, **given)

    def set(self, channel, version=0, **changes):
        body = {"enabled": True, **SET[channel], "version": version, **changes}
        return self.ask("PUT", "/notification-channels/{channel}", self.admin, path={"channel": channel}, body=body)

    def use(self, *channels):
        for channel in channels:
            status, body = self.set(channel)
            assert status == 200, body

    def link(self, channel, token=None, **body):
        route = "/notifications/channels/{channel}/link"
        return self.ask("POST", route, token or self.anna, path={"channel": channel}, body=body)

    def confirm(self, channel, code, token=None):
        route = "/notifications/channels/{channel}/confirmation"
        return self.ask("POST", route, token or self.anna, path={"channel": channel}, body={"code": code})

    def unlink(self, channel, token=None, **query):
        route = "/notifications/channels/{channel}"
        return self.ask("DELETE", route, token or self.anna, path={"channel": channel}, query=query)

    def channels(self, token=None):
        status, body = self.ask("GET", "/notifications/channels", token or self.anna)
        assert status == 200, body
        return {one["channel"]: one for one in body["channels"]}

    def addresses(self, channel, token=None):
        return self.channels(token)[channel]["addresses"]

    # ---- what channels say
    def raw(self, method, route, path, *, body="", headers=None, query=None):
        event = api_event(method, route, path=path, body=body, headers=headers, query=query)
        return notifications_app.app(event, None)

    def webhook(self, channel, body, headers, *, organisation_id=ORG, method="POST", query=None):
        text = body if isinstance(body, str) else json.dumps(body)
        path = {"channel": channel, "organisation_id": organisation_id}
        return self.raw(
            method, "/notifications/webhooks/{channel}/{organisation_id}", path, body=text, headers=headers, query=query
        )

    # ---- what stands
    def tried(self, channel, address, person_id="per_anna", state="sent"):
        """A notice in somebody's inbox with one try; its id."""
        with self.work() as uow:
            notice = store.stage_notice(uow, person_id, "staff_unmatched", new_id("tst"), about={}, values={})
            entry = {"channel": channel, "mark": "m", "state": state, "at": notice.created_at, "code": ""}
            notice.deliveries = [entry]
        return notice.notice_id

    def state_of(self, notice_id, person_id="per_anna"):
        (entry,) = store.find_notice(ORG, person_id, notice_id).deliveries
        return entry["state"], entry["code"]

    def linked(self, channel, address, person_id="per_anna"):
        with self.work() as uow:
            store_people.stage_link(uow, person_id, Channel(channel), address)

    def work(self, organisation_id=ORG):
        return unit_of_work(store.VARIABLE, Metadata(correlation_id="cor_1", organisation_id=organisation_id))


GOOD = {
    Channel.EMAIL: Answer(200, data={"MessageId": "ses-1"}),
    Channel.SMS: Answer(200, data={"MessageId": "sms-1"}),
    Channel.WHATSAPP: Answer(200, body=b'{"messages": [{"id": "wamid.1"}]}'),
    Channel.TELEGRAM: Answer(200, body=b'{"ok": true, "result": {"message_id": 7}}'),
}


@pytest.fixture
def doors(world, monkeypatch):
    settings.cache_clear()
    service_channels.forget()
    made = Doors(world)
    monkeypatch.setattr(calls, "make", made.make)
    yield made
    service_channels.forget()
