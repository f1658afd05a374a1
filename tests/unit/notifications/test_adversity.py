"""What goes wrong between us, the channels and the people (D6): reports that overtake, odd addresses, shared browsers, newcomers."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from notifications import calls, service_webhooks, store, store_due, store_people
from notifications.channels import email
from notifications.channels.model import Limits
from notifications.kinds import Channel
from notifications.service_telling import tell

from shared import clock
from shared.events.catalog import BalanceChanged
from tests.support import outbox
from tests.unit.notifications.conftest import ORG
from tests.unit.notifications.test_delivering import MONEY, NOON, post  # noqa: F401 - the fixture

SES_TAG = re.compile(r"[A-Za-z0-9_-]{1,256}")


def bounced(reference, address, kind="Permanent"):
    mail = {"messageId": f"m-{address}", "timestamp": "2026-11-20T11:00:00.000Z", "tags": {"reference": [reference]}}
    part = {"bounceType": kind, "bounceSubType": "General", "bouncedRecipients": [{"emailAddress": address}]}
    service_webhooks.hear("Email Bounced", {"mail": mail, "bounce": {**part, "timestamp": "2026-11-20T11:00:00.000Z"}})


def told(kind):
    return [data for name, data in outbox("NOTIFICATIONS_TABLE") if name == "TellingDue" and data["kind"] == kind]


# ------------------------------------------------------------------ what channels say
def test_what_a_mail_refers_to_is_a_tag_that_ses_takes(post):  # noqa: F811
    post.deliver(post.tell())
    ((tag,),) = [call.arguments["EmailTags"] for channel, _, call in post.sent if channel == "email"]
    assert SES_TAG.fullmatch(tag["Value"])


@pytest.mark.parametrize(("kind", "state"), [("Permanent", "gone"), ("Transient", "failed")])
def test_a_bounce_that_is_faster_than_the_answer_is_not_forgotten(post, monkeypatch, kind, state):  # noqa: F811
    post.do(lambda uow: uow.delete(store_people.find_link(ORG, "per_anna", Channel.TELEGRAM, "4711")))
    post.do(lambda uow: store_people.stage_link(uow, "per_anna", Channel.SMS, "+48601100100"))
    notice_id = post.tell("payment_due", **MONEY, days=3)

    def make(channel, call):
        if channel is Channel.EMAIL:
            bounced(call.arguments["EmailTags"][0]["Value"], "anna@example.org", kind)
        return post.make(channel, call)

    monkeypatch.setattr(calls, "make", make)
    post.deliver(notice_id)
    assert post.log(notice_id) == [("email", state), ("sms", "sent")]


def test_two_consumers_at_one_notice_send_once_and_the_log_is_the_senders(post, monkeypatch):  # noqa: F811
    """The second comes while the first waits for the channel's answer."""
    notice_id, nested = post.tell(), []

    def make(channel, call):
        if not nested:
            nested.append(channel)
            post.deliver(notice_id)
        return post.make(channel, call)

    monkeypatch.setattr(calls, "make", make)
    post.deliver(notice_id)
    assert sorted(post.channels()) == ["email", "telegram"]
    assert sorted(post.log(notice_id)) == [("email", "sent"), ("telegram", "sent")]


# ------------------------------------------------------------------ odd addresses
def test_a_bounce_switches_off_an_address_whose_domain_is_not_ascii(post):  # noqa: F811
    post.card("per_anna", email="Anna@zażółć.example")
    notice_id = post.tell()
    post.deliver(notice_id)
    mail = next(call for channel, _, call in post.sent if channel == "email").arguments
    (to,) = mail["Destination"]["ToAddresses"]
    assert to.isascii()
    bounced(mail["EmailTags"][0]["Value"], to)
    post.sent.clear()
    post.deliver(post.tell())
    assert post.channels() == ["telegram"]


def test_an_address_to_which_no_mail_can_be_sent_is_switched_off_and_the_staff_hear_of_it(post):  # noqa: F811
    post.card("per_anna", email="żółw@example.org")
    for _ in range(2):
        post.deliver(post.tell("charge_posted", **MONEY, purpose="rent"))
    assert [post.log(one.notice_id) for one in post.notices()] == [[], [("email", "gone")]]
    assert [one["about"] for one in told("staff_channel_failed")] == [{"person_id": "per_anna"}]


def test_what_is_urgent_does_not_stand_behind_reminders(post, monkeypatch):  # noqa: F811
    monkeypatch.setattr(email, "LIMITS", Limits(per_second=4, common=True))
    reminded = post.tell("charge_posted", **MONEY, purpose="rent")
    for _ in range(3):  # others' mails, as many as may go out
        assert store_due.take_place("ALL#email", 3, 1, NOON.timestamp())
    post.deliver(reminded)
    assert (post.channels(), len(post.due())) == ([], 1)
    post.now = NOON
    post.deliver(post.tell("incident_opened", about={"incident_id": "inc_1"}, at="2026-11-20T12:00+01:00"))
    assert post.channels() == ["email", "telegram"]
    assert post.now - NOON < timedelta(seconds=2)


# ------------------------------------------------------------------ what waited through the night
def owe(post, version, **open_items):  # noqa: F811
    event = BalanceChanged(
        contract_id="ctr_1", ledger_version=version, balance=0, due=0, credit=0, overdue_from=None, currency="PLN",
        open_items=open_items, due_dates=dict.fromkeys(open_items, date(2026, 11, 23)),
    )  # fmt: skip
    post.world.hear(event)


def test_a_reminder_says_what_is_open_and_how_many_days_are_left_when_it_is_sent(post):  # noqa: F811
    post.now = datetime(2026, 11, 20, 22, tzinfo=UTC)
    owe(post, 1, chg_1=125035)
    notice_id = post.tell("payment_due", amount=125035, currency="PLN", days=3, day="2026-11-23")
    post.deliver(notice_id)
    owe(post, 2, chg_1=5000)
    post.now += timedelta(hours=9)
    post.deliver(notice_id)
    ((channel, _, call),) = post.sent
    text = json.loads(call.body)["text"].replace("\u00a0", " ")
    assert (channel, "50,00 zł" in text, "za 2 dni" in text) == ("telegram", True, True)
    assert post.notices()[0].values["amount"] == 125035, "the inbox says what was told"


def test_what_was_due_yesterday_is_not_said_to_be_due_today(post):  # noqa: F811
    post.now = datetime(2026, 11, 20, 22, tzinfo=UTC)
    reminder = {"kind": "payment_due", **MONEY, "days": 0}
    window = {"kind": "window_closing", "about": {}, "medium": "gas", "last": "2026-11-20", "days": 0}
    for notice_id in [post.tell(**reminder), post.tell(**window)]:
        post.deliver(notice_id)
        post.now += timedelta(hours=9)
        post.deliver(notice_id)
        post.now -= timedelta(hours=9)
    assert post.sent == []


def test_the_digests_of_a_day_are_spread_over_the_shards(post):  # noqa: F811
    for number in range(40):
        post.do(lambda uow, number=number: store_due.stage_due(uow, f"per_{number}", "dig_20261120", NOON))
    assert all(store_due.due_until(shard, NOON, 1) for shard in range(store_due.SHARDS))


# ------------------------------------------------------------------ people
def test_who_has_set_another_mail_address_is_not_the_only_one_to_hear_of_it(post):  # noqa: F811
    post.card("per_anna", email="mallory@example.org")
    post.do(lambda uow: tell(uow, "per_anna", "contact_changed", "x", {}))
    post.deliver(post.notices()[0].notice_id)
    assert post.channels() == ["email", "telegram"]


def test_who_comes_later_hears_nothing_of_those_before_him(world):
    today = clock.today("Europe/Warsaw")
    (left, come), parties = (today - timedelta(days=40), today + timedelta(days=9)), []
    for person, begins, ends in (("per_fred", "2015-01-01", left), ("per_anna", left, today), ("per_olek", come, None)):
        parties.append({"person_id": person, "role": "tenant", "starts_on": str(begins), "ends_on": ends and str(ends)})
    contract = store.ContractItem(pk="x", sk="CONTRACT", parties=parties)
    assert contract.people_on(today) == ["per_anna"]
    assert contract.people_on(today + timedelta(days=5)) == ["per_anna"], "who has left last"
    assert contract.people_on(come) == ["per_olek"]
    contract.parties = parties[2:]
    assert contract.people_on(today) == ["per_olek"], "of what begins only, those who come are told"


def test_many_notices_are_read_by_the_hundred_and_the_count_is_true(world):
    stamp, pk = clock.stamp(datetime(2026, 11, 1, tzinfo=UTC)), store.person_pk(ORG, "per_anna")
    with store.NoticeItem.batch_write() as batch:
        for number in range(220):
            one = f"ntc_{number:04}"
            item = store.NoticeItem(pk, f"NOTICE#{one}", notice_id=one, person_id="per_anna", kind="staff_unmatched")
            item.created_at, item.expires = stamp, clock.timestamp() + 1000
            item.gsi1pk, item.gsi1sk = f"ORG#{ORG}#UNREAD#per_anna", one
            batch.save(item)
    assert world.read(world.anna, "ntc_0003") == world.inbox(world.anna)["unread"] == 100
    assert [world.read(world.anna) for _ in range(3)] == [100, 21, 0]
    assert world.inbox(world.anna)["unread"] == 0
