"""The daily digest: what has waited for a person's hour is one message, once a day, and nothing is said twice or lost."""

import json
import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from notifications import (
    service_delivering,
    service_digest,
    service_due,
    service_inbox,
    service_webhooks,
    store,
    store_people,
)
from notifications.kinds import Channel

from shared import clock
from shared.events.catalog import BalanceChanged
from shared.tables import _own_items
from tests.unit.notifications.conftest import ORG
from tests.unit.notifications.test_delivering import BLOCKED, MONEY, NOON, KilledError, Mortal, Post, said

REMINDED = {**MONEY, "days": 3, "day": "2026-11-23"}
EVENING = datetime(2026, 11, 20, 17, tzinfo=UTC)
"""18:00 in Warsaw, Anna's hour."""


class Digests(Post):
    """Anna wants a digest at six in the evening."""

    def __init__(self, world, monkeypatch):
        super().__init__(world, monkeypatch)
        self.heard = set()
        self.wish(digest_at="18:00")

    def wish(self, **wishes):
        item = store_people.preferences_of(ORG, "per_anna")
        for name, value in wishes.items():
            setattr(item, name, value)
        item.save()

    def wait(self, kind="payment_due", **values):
        """Tell, and hear it: it waits."""
        notice_id = self.tell(kind, about={"contract_id": "ctr_1", "meter_id": "mtr_1"}, **(values or REMINDED))
        self.deliver(notice_id)
        return notice_id

    def come(self, until):
        """The clock comes to an instant, and all that it says is heard."""
        self.hear()
        while due := [one for one in self.due() if one < f"{until:%Y-%m-%dT%H:%M:%S}"]:
            self.now = max(self.now, datetime.fromisoformat(f"{due[0]}+00:00"))
            service_due.run_due()
            while self.hear():
                pass
        self.now = until

    def hear(self):
        """Hear what waits to be heard, which others may have heard before; whether there was anything."""
        items = [
            item for item in _own_items(store.VARIABLE)[0].scan() if item.sk == "OUTBOX" and item.pk not in self.heard
        ]
        for item in sorted(items, key=lambda item: item.pk):
            self.heard.add(item.pk)
            if item.detail_type == "NotificationQueued":
                self.deliver(json.loads(item.detail)["data"]["notice_id"])
        return bool(items)

    def mails(self):
        return [given.arguments["Content"]["Simple"] for channel, _, given in self.sent if channel == "email"]

    def subjects(self):
        return [mail["Subject"]["Data"] for mail in self.mails()]

    def shown(self, notice_id):
        """What the person's own log of a notice says."""
        (notice,) = service_inbox.shown(ORG, "per_anna", [store.find_notice(ORG, "per_anna", notice_id)])
        return [(one.channel, one.state, one.digest) for one in notice.deliveries]


@pytest.fixture
def post(world, monkeypatch):
    return Digests(world, monkeypatch)


# ------------------------------------------------------------------ one message
def test_what_has_waited_is_one_message_and_each_log_says_so(post):
    told = [
        post.wait(),
        post.wait("charge_posted", **MONEY, purpose="rent"),
        post.wait("reading_held", day="2026-11-19"),
    ]
    assert (post.sent, post.due()) == ([], ["2026-11-20T17:00:00"]), "one pointer for all"
    post.come(EVENING + timedelta(minutes=1))
    assert (post.channels(), post.sent[0][1], post.due()) == (["email"], EVENING, [])
    (mail,) = post.mails()
    assert mail["Subject"]["Data"] == "3 nowe powiadomienia"
    for part in (mail["Body"]["Text"]["Data"], mail["Body"]["Html"]["Data"]):
        plain = part.replace("\u00a0", " ")
        assert plain.count("1 250,35 zł") >= 4, "in titles and lines"
        assert plain.index("/accounts/ctr_1/pay") < plain.index("20 listopada 2026") < plain.index("/meters/mtr_1")
        assert part.count("/api/unsubscribe/") == 1, "of the reminder only"
    assert "List-Unsubscribe" not in {one["Name"] for one in mail["Headers"]}
    for notice_id in told:
        assert post.shown(notice_id) == [("email", "sent", True)]
    assert [one["kind"] for one in said("NotificationDelivered")] == ["digest"]
    post.deliver(told[0])
    assert len(post.sent) == 1, "whoever says one of them again is told that it went out"


def test_one_alone_goes_out_as_its_own_message(post):
    notice_id = post.wait()
    post.come(EVENING + timedelta(minutes=1))
    assert post.channels() == ["telegram"], "by its own ladder"
    assert post.shown(notice_id) == [("telegram", "sent", False)]


def test_a_digest_of_one_kind_is_refused_with_one_click(post):
    for _ in range(2):
        post.wait()
    post.come(EVENING + timedelta(minutes=1))
    (mail,) = post.mails()
    (address,) = (one["Value"][1:-1] for one in mail["Headers"] if one["Name"] == "List-Unsubscribe")
    assert ".payment_due." in address
    assert mail["Body"]["Text"]["Data"].count(address) == 1


def test_what_cannot_wait_does_not_and_quiet_hours_hold_a_digest_back(post):
    post.wish(digest_at="23:00")
    post.wait()
    post.wait()
    post.wait("contract_ending", number="U/1", days=30, day="2026-12-20")
    assert post.channels() == ["email", "telegram"]
    post.come(datetime(2026, 11, 21, 7, tzinfo=UTC))
    assert [(at.hour, at.day) for _, at, _ in post.sent[2:]] == [(6, 21)], "seven o'clock"


def test_what_is_settled_or_refused_by_then_is_left_out(post):
    settled, refused = post.wait(), post.wait("reading_held", day="2026-11-19")
    kept = [post.wait("window_opened", medium="gas", last="2026-11-30") for _ in range(2)]
    post.world.hear(
        BalanceChanged(
            contract_id="ctr_1", ledger_version=1, balance=0, due=0, credit=0, overdue_from=None, currency="PLN",
            open_items={}, due_dates={},
        )
    )  # fmt: skip
    post.wish(muted={"reading_held": ["email", "telegram"]})
    post.come(EVENING + timedelta(minutes=1))
    assert post.subjects() == ["2 nowe powiadomienia"]
    assert [post.shown(one) for one in (settled, refused)] == [[], []]
    assert [post.shown(one) for one in kept] == [[("email", "sent", True)]] * 2


def test_what_is_refused_by_mail_goes_out_by_its_other_way(post, monkeypatch):
    post.wish(muted={"reading_held": ["email"]})
    monkeypatch.setattr(service_delivering, "MOST_AN_HOUR", 1000)
    monkeypatch.setattr(service_digest, "MOST", 4)
    others = [post.wait("reading_held", day="2026-11-19") for _ in range(service_digest.MOST + 2)]
    kept = [post.wait() for _ in range(service_digest.MOST + 3)]
    post.come(EVENING + timedelta(hours=1))
    assert post.subjects() == ["7 nowych powiadomień"]
    assert "Jeszcze 3 powiadomienia są w portalu." in post.mails()[0]["Body"]["Text"]["Data"]
    assert post.channels().count("telegram") == len(others)
    assert all(post.log(one) == [("telegram", "sent")] for one in others)
    assert post.shown(kept[-1]) == [("email", "sent", True)]


def test_who_has_no_mail_has_the_count_and_the_first_in_his_messenger(post):
    post.card("per_anna")
    told = [post.wait() for _ in range(5)]
    post.wait("charge_posted", **MONEY, purpose="rent")
    post.come(EVENING + timedelta(minutes=1))
    assert post.channels() == ["telegram"]
    body = json.loads(post.sent[0][2].body)
    assert "5 nowych powiadomień: Płatność 1 250,35 zł: termin mija za 3 dni / " in body["text"], (
        "the charge goes by mail only"
    )
    assert " / +2\n" in body["text"]
    assert "https://portal.example/notifications" in json.dumps(body)
    assert post.shown(told[4]) == [("telegram", "sent", True)]


def test_a_digest_that_bounces_switches_the_address_off_and_goes_on(post):
    told, by_mail = [post.wait(), post.wait()], post.wait("charge_posted", **MONEY, purpose="rent")
    post.come(EVENING + timedelta(minutes=1))
    reference = post.sent[0][2].arguments["EmailTags"][0]["Value"]
    bounce = {
        "mail": {"messageId": "m-1", "tags": {"reference": [reference]}},
        "bounce": {
            "bounceType": "Permanent", "bounceSubType": "General",
            "bouncedRecipients": [{"emailAddress": "anna@example.org"}],
        },
    }  # fmt: skip
    for _ in range(2):
        service_webhooks.hear("Email Bounced", bounce)
    assert store_people.find_link(ORG, "per_anna", Channel.EMAIL, "anna@example.org").state == "off"
    assert [one["kind"] for one in said("TellingDue")] == ["staff_channel_failed"]
    post.come(EVENING + timedelta(minutes=2))
    assert post.channels() == ["email", "telegram"]
    assert [post.shown(one) for one in told] == [[("email", "gone", True), ("telegram", "sent", True)]] * 2
    assert post.shown(by_mail) == [("email", "gone", True)]


# ------------------------------------------------------------------ one a day
def test_what_comes_late_waits_for_the_next_day_whatever_hour_is_set(post):
    for _ in range(2):
        post.wait()
    post.come(EVENING + timedelta(minutes=1))
    post.wish(digest_at="20:00")
    late = [post.wait(), post.wait()]
    assert post.due() == ["2026-11-21T19:00:00"]
    post.wish(digest_at="09:00")
    late.append(post.wait())
    post.come(EVENING + timedelta(days=3))
    assert [f"{at:%d %H:%M}" for _, at, _ in post.sent] == ["20 17:00", "21 08:00"], "an earlier hour counts at once"
    assert [post.shown(one) for one in late] == [[("email", "sent", True)]] * 3


def test_what_would_come_after_its_day_does_not_wait(post):
    post.wait("window_closing", medium="gas", last="2026-11-20", days=0)
    assert post.due() == ["2026-11-20T17:00:00"], "in the evening it still is that day"
    post.wish(digest_at="09:00")
    today = post.wait(**{**MONEY, "days": 0, "day": "2026-11-20"})
    assert (post.channels(), post.shown(today)) == (["telegram"], [("telegram", "sent", False)])
    post.wait("payment_overdue", **{**MONEY, "days": 3, "day": "2026-11-17"})
    assert post.due() == ["2026-11-20T17:00:00", "2026-11-21T08:00:00"]


def test_through_days_of_changes_each_is_said_once_and_a_day_has_one_digest(post):
    chance, told = random.Random(20), []
    for _ in range(20):
        told.append(post.wait("window_opened", medium="gas", last="2026-12-31"))
        post.wish(digest_at=chance.choice(["06:00", "12:30", "18:00", "23:30"]))
        post.come(post.now + timedelta(minutes=chance.choice([0, 0, 20, 60, 600, 900])))
    post.come(post.now + timedelta(days=3))
    digests = [at for channel, at, _ in post.sent if channel == "email"]
    days = [at.astimezone(ZoneInfo("Europe/Warsaw")).date() for at in digests]
    assert len(days) == len(set(days)) > 3
    assert [len(post.shown(one)) for one in told] == [1] * 20
    counts = [int(subject.split()[0]) for subject in post.subjects()]
    assert sum(counts) + post.channels().count("telegram") == 20


# ------------------------------------------------------------------ kills
def waiting(uow):
    """A digest with two that may go by mail and one that may not, in one transaction, which is quicker than hearing each."""
    digest = store.new_digest(ORG, "per_anna", clock.now().date(), service_digest.DIGEST)
    about = {"contract_id": "ctr_1", "meter_id": "mtr_1"}
    reminder = {**REMINDED, "day": (clock.now() + timedelta(days=3)).date().isoformat()}
    given = [("payment_due", reminder), ("payment_due", reminder), ("reading_held", {"day": "2026-11-19"})]
    for place, (kind, values) in enumerate(given):
        notice = store.stage_notice(uow, "per_anna", kind, f"{clock.now()} {place}", about=about, values=values)
        notice.digest_id = digest.notice_id
        digest.values["notice_ids"].append(notice.notice_id)
    digest.values["due_at"] = clock.stamp(EVENING)
    uow.put(digest)
    return [digest.notice_id, *digest.values["notice_ids"]]


def test_wherever_a_digest_is_killed_nothing_is_sent_twice_and_nothing_lost_without_a_word(post, monkeypatch):
    mortal, deaths, unsure = Mortal(post, monkeypatch), 0, 0
    post.wish(muted={"reading_held": ["email"]})
    while True:
        post.now = NOON + timedelta(days=deaths)
        digest_id, *told, alone = post.do(waiting)
        post.sent.clear()
        post.now = EVENING + timedelta(days=deaths)
        mortal.left = deaths + 1
        try:
            post.deliver(digest_id)
        except KilledError:
            deaths += 1
        else:
            break
        mortal.left = None
        for again in (digest_id, told[0], alone):
            post.deliver(again)
        ((channel, state, in_digest),) = post.shown(told[0])
        assert (channel, in_digest) == ("email", True)
        assert post.shown(told[1]) == [(channel, state, True)]
        assert post.shown(alone) == [("telegram", "sent", False)]
        assert sorted(post.channels()) == ["email", "telegram"] if state == "sent" else state == "unsure"
        assert post.channels().count("email") <= 1
        unsure += state == "unsure"
    mortal.left = None
    assert deaths > 20
    assert unsure == 6, "from the note that it is tried to the note of what became of it"


def test_a_channel_that_is_dead_is_left_for_the_next_step(post):
    post.card("per_anna", phone="+48601100100")
    post.do(lambda uow: store_people.stage_link(uow, "per_anna", Channel.SMS, "+48601100100"))
    post.answers["telegram"] = BLOCKED
    told = [post.wait(), post.wait(), post.wait("reading_held", day="2026-11-19")]
    post.come(EVENING + timedelta(minutes=1))
    assert post.channels() == ["telegram", "sms"]
    assert post.sent[1][2].arguments["MessageBody"].startswith("2 nowe powiadomienia: ")
    assert [post.shown(one)[1:] for one in told] == [[("sms", "sent", True)]] * 2 + [[]]
