"""A notice on its way (D6): by the channels that a person has, at a time that suits him, and never the same message twice."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from botocore.client import BaseClient
from notifications import calls, service_channels, service_delivering, service_due, store, store_due, store_people
from notifications.app import consumers
from notifications.channels import email
from notifications.channels.model import Account, Answer, Limits
from notifications.kinds import Channel
from notifications.service_telling import tell

from shared import clock
from shared.events.envelope import Metadata
from shared.events.notifications import NotificationQueued
from shared.people import PersonItem
from shared.tables import UnitOfWork, run
from tests.support import event_message, outbox
from tests.unit.notifications.conftest import ORG

NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)
MONEY = {"amount": 125035, "currency": "PLN", "day": "2026-11-20"}
TAKEN = {
    "telegram": Answer(200, body=b'{"ok": true, "result": {"message_id": 7}}'),
    "email": Answer(200, data={"MessageId": "m-1"}),
    "sms": Answer(200, data={"MessageId": "s-1"}),
}
BLOCKED = Answer(403, body=b'{"ok": false, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}')
BUSY = Answer(429, body=b'{"ok": false, "error_code": 429, "parameters": {"retry_after": 90}}')
ACCOUNTS = {
    Channel.EMAIL: Account({"from": "portal@example.org", "sender": "Zarządca Testowy"}),
    Channel.TELEGRAM: Account({"bot": "LokumBot"}, ({"bot_token": "12345:abcdefghijklmnopqrstuvwxyz"},)),
    Channel.SMS: Account({"origination": "LOKUM"}),
}


class KilledError(BaseException):
    """What a SIGKILL is within a process: nothing catches it."""


class Post:
    """The channels, a clock that is set, and Anna, who has e-mail and Telegram."""

    def __init__(self, world, monkeypatch):
        self.world, self.now, self.sent, self.answers, self.events = world, NOON, [], dict(TAKEN), 0
        monkeypatch.setattr(clock, "now", lambda: self.now)
        monkeypatch.setattr(calls, "make", self.make)
        monkeypatch.setattr(service_channels, "account_of", lambda _org, channel: ACCOUNTS.get(channel))
        for module in (service_delivering, service_due):
            monkeypatch.setattr(module.time, "sleep", self.sleep)
        self.card("per_anna", email="anna@example.org", phone="+48601100100")
        self.do(lambda uow: store_people.stage_link(uow, "per_anna", Channel.TELEGRAM, "4711"))

    def card(self, person_id, email="", phone="", locale="pl"):
        given = {"first_name": "Anna", "last_name": "Nowak", "company": "", "email": email, "phone": phone}
        PersonItem(f"ORG#{ORG}#PERSON#{person_id}", "PERSON", person_id=person_id, locale=locale, **given).save()

    def sleep(self, seconds):
        self.now += timedelta(seconds=seconds)

    def make(self, channel, call):
        answer = self.answers[channel.value]
        self.sent.append((channel.value, self.now, call))
        return answer

    def channels(self):
        return [channel for channel, _, _ in self.sent]

    def do(self, work):
        metadata = Metadata(correlation_id="cor_1", organisation_id=ORG)
        return run(lambda: UnitOfWork(store.VARIABLE, metadata), work, lambda _uow, _result: None)

    def tell(self, kind="payment_settled", person_id="per_anna", what=None, about=None, **values):
        """Tell and answer with the notice's id; nothing is sent yet."""
        self.events += 1
        about = about or {"contract_id": "ctr_1"}
        self.do(lambda uow: tell(uow, person_id, kind, what or f"what {self.events}", about, **(values or MONEY)))
        return self.notices(person_id)[0].notice_id

    def deliver(self, notice_id, person_id="per_anna"):
        self.events += 1
        message = event_message(
            NotificationQueued(person_id=person_id, notice_id=notice_id), ORG, f"evt_d{self.events:04}"
        )
        consumers.consume(message)

    def notices(self, person_id="per_anna"):
        return store.list_notices(ORG, person_id, None, 50)[0]

    def log(self, notice_id, person_id="per_anna"):
        entries = store.find_notice(ORG, person_id, notice_id).deliveries
        return [(entry["channel"], entry["state"]) for entry in entries]

    def due(self):
        return sorted(due.at[:19] for shard in range(store_due.SHARDS) for due in store_due.due_until(shard, FAR, 50))


FAR = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def post(world, monkeypatch):
    return Post(world, monkeypatch)


def said(name):
    return [data for kind, data in outbox("NOTIFICATIONS_TABLE") if kind == name]


# ------------------------------------------------------------------ the way
def test_a_notice_goes_out_in_the_readers_words_and_its_log_says_so(post):
    notice_id = post.tell()
    assert {"person_id": "per_anna", "notice_id": notice_id} in said("NotificationQueued")
    post.deliver(notice_id)
    assert post.channels() == ["email", "telegram"]
    mail = post.sent[0][2].arguments
    assert mail["Destination"] == {"ToAddresses": ["anna@example.org"]}
    assert "1 250,35 zł" in mail["Content"]["Simple"]["Subject"]["Data"]
    assert mail["EmailTags"] == [{"Name": "reference", "Value": f"{ORG}-per_anna-{notice_id}-0"}]
    assert mail["FromEmailAddress"].endswith("<portal@example.org>")
    assert json.loads(post.sent[1][2].body)["chat_id"] in (4711, "4711")
    assert post.log(notice_id) == [("email", "sent"), ("telegram", "sent")]
    delivered = said("NotificationDelivered")
    assert [(one["kind"], one["channel"]) for one in delivered] == [
        ("payment_settled", "email"), ("payment_settled", "telegram"),
    ]  # fmt: skip
    assert "anna" not in json.dumps([one.deliveries for one in post.notices()]), "the log holds no address"


def test_an_event_that_comes_twice_sends_once(post):
    notice_id = post.tell()
    post.deliver(notice_id)
    post.deliver(notice_id)
    assert post.channels() == ["email", "telegram"]


def test_the_language_that_the_person_has_chosen_counts_more_than_the_registers(post):
    wishes = store_people.preferences_of(ORG, "per_anna")
    wishes.locale = "uk"
    wishes.save()
    post.deliver(post.tell())
    assert "платіж" in post.sent[0][2].arguments["Content"]["Simple"]["Subject"]["Data"].lower()


def test_who_has_no_address_has_his_inbox(post):
    notice_id = post.tell(person_id="per_olek")
    post.deliver(notice_id, "per_olek")
    assert (post.sent, post.log(notice_id, "per_olek"), post.due()) == ([], [], [])


def test_a_telephone_number_is_used_once_it_was_confirmed(post):
    incident = {"kind": "incident_opened", "about": {"incident_id": "inc_1"}, "at": "2026-11-20T12:00+01:00"}
    post.deliver(post.tell(**incident))
    assert post.channels() == ["email", "telegram"]
    post.do(lambda uow: store_people.stage_link(uow, "per_anna", Channel.SMS, "+48601100100"))
    post.deliver(post.tell(**incident))
    assert post.channels()[2:] == ["email", "telegram", "sms"]
    post.card("per_anna", email="anna@example.org", phone="+48602200200")
    post.deliver(post.tell(**incident))
    assert post.channels()[5:] == ["email", "telegram"], "another number has not been confirmed"


def test_a_reminder_climbs_the_ladder_and_may_be_refused_with_one_click(post):
    post.answers["telegram"] = BLOCKED
    notice_id = post.tell("payment_due", **MONEY, days=3)
    post.deliver(notice_id)
    assert post.log(notice_id) == [("telegram", "gone"), ("email", "sent")]
    headers = {one["Name"]: one["Value"] for one in post.sent[1][2].arguments["Content"]["Simple"]["Headers"]}
    assert headers["List-Unsubscribe"].startswith("<https://portal.example/api/unsubscribe/")


def test_a_dead_address_is_switched_off_and_the_staff_hear_of_it(post):
    post.answers["telegram"] = BLOCKED
    post.deliver(post.tell())
    link = store_people.find_link(ORG, "per_anna", Channel.TELEGRAM, "4711")
    assert (link.state, bool(link.code)) == ("off", True)
    (telling,) = said("TellingDue")
    assert (telling["kind"], telling["about"], telling["values"]) == (
        "staff_channel_failed", {"person_id": "per_anna"}, {"channel": "telegram"},
    )  # fmt: skip
    assert [(one["channel"], bool(one["code"])) for one in said("NotificationFailed")] == [("telegram", True)]
    post.deliver(post.tell())
    assert post.channels() == ["email", "telegram", "email"]


def test_a_mail_address_that_bounced_is_not_used_while_it_is_the_same(post):
    post.do(lambda uow: service_delivering.switch_off(uow, "per_anna", Channel.EMAIL, "Anna@example.org", "bounce"))
    post.deliver(post.tell())
    assert post.channels() == ["telegram"]
    post.card("per_anna", email="anna.nowak@example.org")
    post.deliver(post.tell())
    assert post.channels() == ["telegram", "email", "telegram"]


# ------------------------------------------------------------------ the time
def test_quiet_hours_hold_back_and_the_clock_brings_it_again(post):
    post.now = datetime(2026, 10, 24, 21, tzinfo=UTC)  # 23:00 in Warsaw, the night before the clocks go back
    notice_id = post.tell()
    post.deliver(notice_id)
    assert (post.sent, post.due()) == ([], ["2026-10-25T06:00:00"])
    assert service_due.run_due() == {"said": 0, "failed": 0}
    post.now = datetime(2026, 10, 25, 5, 59, 30, tzinfo=UTC)
    before = len(said("NotificationQueued"))
    assert service_due.run_due() == {"said": 1, "failed": 0}
    assert post.now == datetime(2026, 10, 25, 6, tzinfo=UTC), "in the second in which its time has come"
    assert (post.due(), len(said("NotificationQueued"))) == ([], before + 1)
    post.deliver(notice_id)
    assert post.log(notice_id) == [("email", "sent"), ("telegram", "sent")]


def test_two_runs_of_the_clock_say_a_notice_once(post, monkeypatch):
    post.now = datetime(2026, 11, 20, 23, tzinfo=UTC)
    post.deliver(post.tell())
    post.now += timedelta(hours=8)
    before, pause = len(said("NotificationQueued")), service_due._pause

    def overtaken(due):
        monkeypatch.setattr(service_due, "_pause", pause)
        assert service_due.run_due() == {"said": 1, "failed": 0}
        pause(due)

    monkeypatch.setattr(service_due, "_pause", overtaken)
    assert service_due.run_due() == {"said": 0, "failed": 0}
    assert len(said("NotificationQueued")) == before + 1


def test_what_is_statutory_comes_at_night(post):
    post.now = datetime(2026, 11, 20, 23, tzinfo=UTC)
    post.deliver(post.tell("contract_ending", number="U/1", days=30, day="2026-12-20"))
    assert post.channels() == ["email", "telegram"]


def test_a_busy_channel_is_tried_again_when_it_says(post):
    post.answers["telegram"] = BUSY
    notice_id = post.tell()
    post.deliver(notice_id)
    assert post.log(notice_id) == [("email", "sent"), ("telegram", "again")]
    assert post.due() == ["2026-11-20T11:01:30"]
    post.deliver(notice_id)
    assert post.channels() == ["email", "telegram"], "not before"
    post.now, post.answers["telegram"] = NOON + timedelta(seconds=90), TAKEN["telegram"]
    post.deliver(notice_id)
    assert post.log(notice_id) == [("email", "sent"), ("telegram", "again"), ("telegram", "sent")]


def test_no_more_go_out_in_any_second_than_the_channel_takes(post, monkeypatch):
    monkeypatch.setattr(email, "LIMITS", Limits(per_second=3, common=True))
    for number in range(30):
        # As if ten came in a second, and many were at work at once.
        person_id, post.now = f"per_{number:02}", NOON + timedelta(seconds=number // 10, milliseconds=990)
        post.card(person_id, email=f"{person_id}@example.org")
        post.deliver(post.tell(person_id=person_id), person_id)
    sent = [instant for _, instant, _ in post.sent]
    assert all(later - earlier >= timedelta(seconds=1) for earlier, later in zip(sent, sent[3:], strict=False))
    assert (len(sent), sent[-1] - sent[0] < timedelta(seconds=3)) == (9, True), "but no fewer either"
    assert len(post.due()) == 21, "what is too much for now waits for the clock"
    assert all(post.due().count(one) <= 3 for one in post.due()), "which brings no more in a second than may go out"


def test_nobody_is_flooded_but_what_is_urgent_comes(post, monkeypatch):
    monkeypatch.setattr(service_delivering, "MOST_AN_HOUR", 2)
    for _ in range(3):
        post.deliver(post.tell())
    assert post.channels() == ["email", "telegram"] * 2
    assert [due[:16] for due in post.due()] == ["2026-11-20T12:00"]
    post.deliver(post.tell("contract_ending", number="U/1", days=30, day="2026-12-20"))
    assert post.channels() == ["email", "telegram"] * 3
    (third,) = (one.notice_id for one in post.notices() if not one.deliveries)
    post.now += timedelta(hours=1)
    post.deliver(third)
    assert post.channels() == ["email", "telegram"] * 4


def test_two_messages_to_one_chat_are_apart(post):
    for _ in range(2):
        post.deliver(post.tell())
    first, second = (instant for channel, instant, _ in post.sent if channel == "telegram")
    assert second - first >= timedelta(seconds=1)


# ------------------------------------------------------------------ kills
class Mortal:
    """Kills at the nth call of AWS or of a channel: before it (odd) or after it, when its effect stands but nobody knows."""

    def __init__(self, post, monkeypatch):
        self.left = None
        call, make = BaseClient._make_api_call, post.make
        monkeypatch.setattr(
            BaseClient, "_make_api_call", lambda client, name, arguments: self.at(lambda: call(client, name, arguments))
        )
        monkeypatch.setattr(calls, "make", lambda channel, asked: self.at(lambda: make(channel, asked)))

    def at(self, work):
        self._step()
        answer = work()
        self._step()
        return answer

    def _step(self):
        if self.left is not None:
            self.left -= 1
            if self.left == 0:
                self.left = None
                raise KilledError


def test_wherever_it_is_killed_no_message_is_sent_twice_and_none_is_lost_without_a_word(post, monkeypatch):
    monkeypatch.setattr(service_delivering, "MOST_AN_HOUR", 1000)
    mortal = Mortal(post, monkeypatch)
    deaths, unsure = 0, 0
    while True:
        notice_id = post.tell()
        post.sent.clear()
        mortal.left = deaths + 1
        try:
            post.deliver(notice_id)
        except KilledError:
            deaths += 1
        else:
            break
        mortal.left = None
        for _ in range(2):
            post.deliver(notice_id)
            post.now += timedelta(minutes=1)
        log = post.log(notice_id)
        assert sorted(channel for channel, _ in log) == ["email", "telegram"]
        for channel in ("email", "telegram"):
            assert post.channels().count(channel) <= 1
            state = dict(log)[channel]
            assert state in ("sent", "unsure")
            assert state == "unsure" or post.channels().count(channel) == 1
            unsure += state == "unsure"
    mortal.left = None
    assert deaths > 30
    assert unsure == 2 * 6, "on two channels, from the note that it is tried to the note of what became of it"
    assert len(said("NotificationFailed")) == unsure
