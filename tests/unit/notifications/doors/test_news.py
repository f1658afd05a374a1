"""News (D6, and the notices of D1): staff write it once, everybody whom it is for is told once, in his language, and may refuse it."""

import re
from datetime import timedelta

import pytest
from auth.store import Account
from notifications import app as notifications_app
from notifications import service_desk, service_news, service_telling, store, store_news, store_people
from notifications.kinds import Channel
from pynamodb.connection import Connection

from shared import access, clock
from shared.access import STAFF
from shared.events.envelope import Metadata
from shared.events.notifications import NotificationQueued, TellingDue
from shared.tables import UnitOfWork
from tests.support import call, outbox, sign_in
from tests.unit.notifications.conftest import ORG, OTHER_ORG

WORDS = {
    "uk": {"title": "Нові години", "text": "Від 1 грудня до 18:00."},
    "pl": {"title": "Nowe godziny", "text": "Od 1 grudnia do 18.\n\nZapraszamy & <pozdrawiamy>!"},
}
ALONE = {"pl": {"title": "Przerwa", "text": "Jutro zamknięte."}}
CONTRACT = {"role": "tenant", "starts_on": "2020-01-01", "ends_on": None}


class News:
    """Anna reads Polish, Olek Ukrainian, Piotr, who lives in another community, Norwegian. Sara is staff."""

    def __init__(self, doors):
        self.doors, self.heard = doors, set()
        doors.add_person("per_olek", locale="uk")
        doors.add_person("per_piotr", locale="nb")
        self.piotr = sign_in(ORG, "per_piotr", ("tenant", "contract", "ctr_2"))
        doors.world.start_contract(
            "ctr_2", parties=(("per_piotr", "tenant", None), ("per_fred", "tenant", "2020-01-31"))
        )
        other = store.find_contract(ORG, "ctr_2")
        other.community_id, other.gsi2pk = "com_2", store.community_pk(ORG, "com_2")
        other.save()

    def send(self, communities=None, words=WORDS, key="key-00000001"):
        body, headers = {"words": words, "community_ids": communities}, {"Idempotency-Key": key}
        status, answer = call(notifications_app.app, "POST", "/news", token=self.doors.sara, body=body, headers=headers)
        self.spread()
        return answer["news_id"] if status == 201 else (status, answer["code"], answer.get("errors"))

    def spread(self):
        """Tell many to the end."""
        while left := [data for data in said("TellingDue") if key_of(data) not in self.heard]:
            for data in left:
                self.heard.add(key_of(data))
                self.doors.world.hear(TellingDue.model_validate(data))

    def inbox(self, token):
        return [one["values"] for one in self.doors.world.inbox(token)["items"]]

    def read(self, news_id, token):
        return self.doors.ask("GET", "/news/{news_id}", token, path={"news_id": news_id})

    def listed(self, **query):
        status, body = self.doors.ask("GET", "/news", self.doors.sara, query=query or None)
        assert status == 200, body
        return body

    def deliver(self, person_id):
        """Send what a person was told last; the mails of it."""
        wishes = store_people.preferences_of(ORG, person_id)
        wishes.quiet_from = wishes.quiet_to = "00:00"
        wishes.save()
        (notice,), _ = store.list_notices(ORG, person_id, None, 1)
        before = len(self.doors.sent)
        self.doors.world.hear(NotificationQueued(person_id=person_id, notice_id=notice.notice_id))
        return [given.arguments for channel, given in self.doors.sent[before:] if channel is Channel.EMAIL]


def said(kind):
    return [data for name, data in outbox("NOTIFICATIONS_TABLE") if name == kind]


def key_of(data):
    return data["what"], tuple(data["community_ids"]), data["after"]


@pytest.fixture
def news(doors):
    store_news.titles_of.cache_clear()
    store_news.texts_of.cache_clear()
    return News(doors)


# ---------------------------------------------------------------- who is told, and in which language
def test_everybody_with_a_contract_is_told_in_his_language(news):
    news_id = news.send()
    world = news.doors.world
    assert news.inbox(world.anna) == [{"title": "Nowe godziny"}]
    assert news.inbox(world.olek) == [{"title": "Нові години"}]
    assert news.inbox(news.piotr) == [{"title": "Nowe godziny"}], (
        "the organisation's language, for there is no Norwegian"
    )
    assert [news.inbox(token) for token in (world.fred, world.sara, world.fatma)] == [[], [], []]
    kept, _ = store.list_notices(ORG, "per_anna", None, 1)
    assert (kept[0].about, kept[0].values) == ({"news_id": news_id}, {}), "no notice has a copy of the words"
    status, body = news.read(news_id, world.olek)
    assert (status, body["title"], body["text"], body["locale"]) == (200, *WORDS["uk"].values(), "uk")
    assert news.read(news_id, news.piotr)[1]["locale"] == "pl"


def test_chosen_communities_alone_are_told(news):
    news.send(["com_2", "com_2"])
    assert [len(news.inbox(token)) for token in (news.doors.anna, news.doors.olek, news.piotr)] == [0, 0, 1]
    assert news.listed()["items"][0]["community_ids"] == ["com_2"]
    news.send(["com_1", "com_2"], key="key-00000002")
    assert [len(news.inbox(token)) for token in (news.doors.anna, news.doors.olek, news.piotr)] == [1, 1, 2]


@pytest.mark.parametrize("communities", [["com_1", "com_9"], ["ctr_1"], ["com_1#unt_1"]])
def test_where_nobody_is_nothing_is_sent(news, communities):
    assert news.send(communities)[:2] == (422, "nobody_there")
    assert (news.listed()["items"], said("TellingDue")) == ([], [])


def test_the_organisations_own_language_is_wanted(news):
    status, code, errors = news.send(words={"uk": WORDS["uk"]})
    assert (status, code, errors[0]["field"]) == (422, "own_language_missing", "words.pl")
    for wrong in (
        {},
        {"de": WORDS["pl"]},
        {"pl": {"title": " ", "text": "x"}},
        {"pl": {"title": "x" * 121, "text": "x"}},
    ):
        assert news.send(words=wrong)[:2] == (422, "invalid_body")
    assert news.send(words={"pl": {"title": "x" * 120, "text": "y" * 4000}}).startswith("nws_")


def test_what_is_sent_or_heard_twice_is_told_once(news):
    assert news.send() == news.send()
    news.heard.clear()
    news.spread()
    assert len(news.inbox(news.doors.anna)) == 1
    (item,) = news.listed()["items"]
    assert (item["told"], item["sent_by"], item["languages"]) == (3, "per_sara", ["pl", "uk"])
    assert news.send(key="key-00000002") != item["news_id"]
    assert len(news.inbox(news.doors.anna)) == 2


def test_a_person_with_many_contracts_is_told_once_in_each_batch_and_over_all(news, monkeypatch):
    monkeypatch.setattr(service_telling, "BATCH", 2)
    for number in range(5):
        news.doors.world.start_contract(
            f"ctr_1{number}", parties=(("per_anna", "owner", None), ("per_olek", "tenant", None))
        )
    news.send()
    assert [len(news.inbox(token)) for token in (news.doors.anna, news.doors.olek, news.piotr)] == [1, 1, 1]
    assert news.listed()["items"][0]["told"] == 3
    assert len(said("TellingDue")) == 7, "thirteen parts, two at a time"


# ---------------------------------------------------------------- who may read it
def test_who_was_not_told_finds_nothing(news):
    news_id = news.send(["com_1"])
    doors = news.doors
    assert [news.read(news_id, token)[0] for token in (doors.anna, doors.sara)] == [200, 200]
    stranger = sign_in(OTHER_ORG, "per_eve", (STAFF, "organisation", OTHER_ORG))
    for token in (news.piotr, doors.world.fred, doors.fatma, stranger):
        status, body = news.read(news_id, token)
        assert (status, body["code"]) == (404, "not_found")
    assert news.read("nws_9", doors.sara)[0] == 404
    assert doors.ask("GET", "/news", stranger)[1]["items"] == []
    assert doors.ask("GET", "/news", doors.anna)[0] == 403


def test_news_is_listed_newest_first_page_by_page(news, monkeypatch):
    monkeypatch.setattr(service_telling, "tell_everybody", lambda *_args, **_values: None)
    monkeypatch.setattr(service_news, "_PAGE", 3)
    ids = [news.send(words=ALONE, key=f"key-{number:08}") for number in range(5)]
    first = news.listed()
    second = news.listed(cursor=first["next_cursor"])
    assert [one["news_id"] for one in first["items"] + second["items"]] == sorted(ids, reverse=True)
    assert (len(first["items"]), second["next_cursor"]) == (3, None)


# ---------------------------------------------------------------- how it is sent
def test_a_mail_has_the_words_escaped_and_is_refused_with_one_click(news):
    news.doors.use("email")
    news_id = news.send()
    (mail,) = news.deliver("per_anna")
    content = mail["Content"]["Simple"]
    assert content["Subject"]["Data"] == "Nowe godziny"
    assert content["Body"]["Text"]["Data"].startswith(WORDS["pl"]["text"])
    assert "<p>Zapraszamy &amp; &lt;pozdrawiamy&gt;!</p>" in content["Body"]["Html"]["Data"]
    assert f"https://portal.example/news/{news_id}" in content["Body"]["Text"]["Data"]
    headers = {one["Name"]: one["Value"] for one in content["Headers"]}
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    token = re.fullmatch(r"<https://portal\.example/api/unsubscribe/(.+)>", headers["List-Unsubscribe"])[1]
    form = {"Content-Type": "application/x-www-form-urlencoded", "X-Requested-With": ""}
    refused = news.doors.raw(
        "POST", "/unsubscribe/{token}", {"token": token}, body="List-Unsubscribe=One-Click", headers=form
    )
    assert refused["statusCode"] == 200

    news.send(words=ALONE, key="key-00000002")
    assert news.deliver("per_anna") == []
    assert news.inbox(news.doors.anna)[0] == {"title": "Przerwa"}, "it stands in the inbox all the same"
    assert len(news.deliver("per_olek")) == 1


def test_news_waits_for_the_digest_of_who_wants_one(news):
    news.doors.use("email")
    wishes = store_people.preferences_of(ORG, "per_anna")
    wishes.digest_at = "18:00"
    wishes.save()
    news.send()
    assert news.deliver("per_anna") == []
    (notice,), _ = store.list_notices(ORG, "per_anna", None, 1)
    assert notice.digest_id.startswith("dig_")


def test_news_that_is_kept_no_more_is_a_line_without_words(news):
    news_id = news.send()
    store_news.find_news(ORG, news_id).delete()
    store_news.titles_of.cache_clear()
    assert news.inbox(news.doors.anna) == [{}]


# ---------------------------------------------------------------- before it is sent
def test_staff_see_how_it_reads_and_send_it_to_themselves(news, monkeypatch):
    doors, draft = news.doors, {**WORDS["pl"], "locale": "pl"}
    status, body = doors.ask("POST", "/news/preview", doors.sara, body=draft)
    assert (status, body["subject"], body["short"]) == (
        200,
        "Nowe godziny",
        "Od 1 grudnia do 18. Zapraszamy & <pozdrawiamy>!",
    )
    assert "<p>Od 1 grudnia do 18.</p>" in body["html"]
    long = doors.ask("POST", "/news/preview", doors.sara, body={**draft, "text": "Uwaga, " * 40})[1]["short"]
    assert (len(long) <= 160, long[-7:]) == (True, " Uwaga…")
    assert doors.ask("POST", "/news/test", doors.sara, body=draft)[1]["code"] == "channel_not_offered"
    doors.use("email")
    assert doors.ask("POST", "/news/test", doors.sara, body=draft) == (200, {"state": "sent", "code": ""})
    assert doors.sent[-1][1].arguments["Destination"] == {"ToAddresses": ["per_sara@lipowa.example"]}
    assert (news.listed()["items"], said("TellingDue")) == ([], [])
    monkeypatch.setattr(service_desk, "_TESTS", 2)
    assert [doors.ask("POST", "/news/test", doors.sara, body=draft)[0] for _ in range(2)] == [200, 429]


# ---------------------------------------------------------------- what it costs
def test_telling_five_thousand_homes_reads_each_about_once(world, monkeypatch):
    homes = [
        (f"ctr_{n:04}", store.ContractItem(parties=[{**CONTRACT, "person_id": f"per_{n:04}"}])) for n in range(5000)
    ]
    taken, told = [], []

    def from_place(_org, _community, place, _page):
        start = next((at for at, (key, _) in enumerate(homes) if key >= place), len(homes))
        for home in homes[start:]:
            taken.append(home[0])
            yield home

    monkeypatch.setattr(store, "contracts_from", from_place)
    monkeypatch.setattr(
        service_telling, "tell", lambda _uow, person_id, *_args, **_values: told.append(person_id) or True
    )
    batches = run_to_the_end(TellingDue(kind="incident_opened", what="w", about={}, values={}, community_ids=["com_1"]))
    assert told == [f"per_{n:04}" for n in range(5000)]
    assert batches == 200
    assert len(taken) <= 5000 + 2 * batches


@pytest.mark.parametrize("event", [{"everybody": True}, {"community_ids": ["com_1"]}, {}])
def test_a_batch_is_one_query_of_what_it_needs(world, monkeypatch, event):
    for number in range(90):
        person, contract = f"per_{number:02}", f"ctr_{number:02}"
        keys = {"gsi1pk": store.contracts_pk(ORG), "gsi1sk": contract, "gsi2pk": store.community_pk(ORG, "com_1")}
        store.ContractItem(
            store.contract_pk(ORG, contract), "CONTRACT", contract_id=contract, number="x", community_id="com_1",
            parties=[{**CONTRACT, "person_id": person}], gsi2sk=f"unt_{number:02}#{contract}", **keys,
        ).save()  # fmt: skip
        account = Account(f"ORG#{ORG}#PERSON#{person}", "ACCOUNT", gsi1pk=f"ORG#{ORG}#STAFF", gsi1sk=f"n#{person}")
        account.email = account.first_name = account.last_name = account.locale = "x"
        account.save()
    queries, told = [], []
    ask = Connection._make_api_call

    def counted(self, operation, arguments, *args, **kwargs):
        answer = ask(self, operation, arguments, *args, **kwargs)
        if operation == "Query":
            queries.append(answer["Count"])
        return answer

    monkeypatch.setattr(Connection, "_make_api_call", counted)
    monkeypatch.setattr(
        service_telling, "tell", lambda _uow, person_id, *_args, **_values: told.append(person_id) or True
    )
    batches = run_to_the_end(TellingDue(kind="incident_opened", what="w", about={}, values={}, **event))
    assert {f"per_{number:02}" for number in range(90)} <= set(told)
    assert len(told) == len(set(told))
    assert (batches, len(queries), max(queries)) == (4, 4, 27 if event else 26)


def test_who_is_no_longer_of_the_staff_begins_their_order_again(world):
    for name in ("a", "b", "c"):
        account = Account(
            f"ORG#{ORG}#PERSON#per_{name}", "ACCOUNT", gsi1pk=f"ORG#{ORG}#STAFF", gsi1sk=f"{name}#per_{name}"
        )
        account.email = account.first_name = account.last_name = account.locale = "x"
        account.save()
    assert list(access.staff(ORG, "per_b")) == ["per_c"]
    account.delete()
    assert list(access.staff(ORG, "per_c")) == ["per_a", "per_b"]


def run_to_the_end(event):
    """Tell batch by batch; how many there were."""
    batches = 0
    while event:
        uow, batches = UnitOfWork(store.VARIABLE, Metadata(correlation_id="cor_1", organisation_id=ORG)), batches + 1
        emitted = []
        uow.emit = emitted.append
        service_telling.tell_next(uow, event)
        event = emitted[0] if emitted else None
    return batches


def test_news_is_kept_longer_than_its_notices(news):
    item = store_news.find_news(ORG, news.send())
    assert item.expires - clock.timestamp() > store.KEPT.total_seconds() + timedelta(days=30).total_seconds()
