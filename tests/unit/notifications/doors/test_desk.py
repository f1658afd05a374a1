"""Refusing with one click, what staff see of a person, and every kind of notice as it reads."""

import json
from datetime import timedelta

import time_machine
from notifications import app as notifications_app
from notifications import service_desk, service_unsubscribe, store_people
from notifications.channels.model import Answer
from notifications.kinds import KINDS, REFUSABLE, Channel

from shared import clock, i18n
from shared import people as people_module
from shared.access import STAFF
from tests.support import api_event, sign_in
from tests.unit.notifications.doors.conftest import ORG, OTHER, SET

ROUTE = "/unsubscribe/{token}"


def token_of(kind="payment_due", person_id="per_anna", organisation_id=ORG):
    return service_unsubscribe.unsubscribe_address(organisation_id, person_id, kind).rpartition("/")[2]


def ask(doors, method, token, headers=None, body=""):
    return doors.raw(method, ROUTE, {"token": token}, body=body, headers={"X-Requested-With": "", **(headers or {})})


def muted(person_id="per_anna"):
    return dict(store_people.preferences_of(ORG, person_id).muted)


# ---------------------------------------------------------------- one click
def test_one_click_of_a_mail_program_refuses_the_kind_everywhere(doors):
    """RFC 8058: a form body, no cookie, no header of ours, and as often as one likes."""
    form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "https://mail.example"}
    for _ in range(2):
        answer = ask(doors, "POST", token_of(), form, "List-Unsubscribe=One-Click")
        assert answer["statusCode"] == 200
    assert json.loads(answer["body"]) == {
        "kind": "payment_due", "organisation": "Zarządca Testowy", "slug": "org-test", "locale": "pl", "refused": True,
    }  # fmt: skip
    assert muted() == {"payment_due": sorted(one.value for one in Channel)}
    assert store_people.preferences_of(ORG, "per_anna").version == 1, "the second time there was nothing to write"


def test_looking_changes_nothing_and_browsers_go_to_the_page(doors):
    token = token_of()
    assert json.loads(ask(doors, "GET", token)["body"])["refused"] is False
    page = ask(doors, "GET", token, {"Accept": "text/html,application/xhtml+xml"})
    assert (page["statusCode"], page["headers"]["Location"]) == (303, f"https://portal.example/unsubscribe/{token}")
    assert muted() == {}


def test_a_forged_address_is_none(doors):
    token = token_of()
    others = [
        token.replace("per_anna", "per_olek"),
        token.replace(ORG, OTHER),
        token.replace("payment_due", "window_opened"),
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        f"{ORG}.per_anna.payment_due.é",
        "x",
    ]
    for method in ("GET", "POST"):
        assert [ask(doors, method, one)["statusCode"] for one in others] == [404] * len(others)
    assert muted() == muted("per_olek") == {}


def test_only_what_may_be_refused_has_an_address(cloud):
    for name, kind in KINDS.items():
        address = service_unsubscribe.unsubscribe_address(ORG, "per_anna", name)
        assert bool(address) is (kind.nature in REFUSABLE)
        assert len(address.rpartition("/")[2]) < 128


def test_what_has_become_statutory_is_refused_no_more(doors, monkeypatch):
    token = token_of()
    statutory = KINDS["contract_ending"]
    monkeypatch.setitem(KINDS, "payment_due", statutory)
    assert ask(doors, "POST", token)["statusCode"] == 404


# ---------------------------------------------------------------- staff
def test_staff_see_what_became_of_each_notice(doors):
    notice_id = doors.tried("email", "per_anna@lipowa.example", state="delivered")
    route, path = "/people/{person_id}/notifications", {"person_id": "per_anna"}
    status, body = doors.ask("GET", route, doors.sara, path=path)
    assert status == 200
    ((notice,), after) = body["items"], body["next_cursor"]
    assert (notice["notice_id"], after) == (notice_id, None)
    assert [(one["channel"], one["state"]) for one in notice["deliveries"]] == [("email", "delivered")]
    assert "mark" not in notice["deliveries"][0]
    own = doors.world.inbox(doors.anna)["items"][0]
    assert own["deliveries"] == notice["deliveries"]
    assert doors.ask("GET", route, doors.sara, path={"person_id": "per_nobody"})[0] == 404
    assert doors.ask("GET", route, doors.anna, path=path)[0] == 403


CHANNELS, DEAD = "/people/{person_id}/channels", "/notification-channels/dead-addresses"


def kill(doors, person_id, channel, address, *, code="bounce_permanent_noemail", organisation_id=ORG):
    with doors.work(organisation_id) as uow:
        store_people.stage_link(uow, person_id, Channel(channel), address, state=store_people.OFF, code=code)


def test_staff_see_where_a_person_is_reached_and_what_he_wants(doors):
    doors.use("email", "sms", "telegram")
    doors.linked("telegram", "4242")
    doors.linked("viber", "not offered")
    kill(doors, "per_anna", "email", "per_anna@lipowa.example")
    wishes = {"muted": {"payment_due": ["sms"]}, "digest_at": "18:00", "locale": "fr"}
    assert doors.ask("PATCH", "/notifications/preferences", doors.anna, body=wishes)[0] == 200
    path = {"person_id": "per_anna"}
    status, body = doors.ask("GET", CHANNELS, doors.sara, path=path)
    assert (status, [one["channel"] for one in body["channels"]]) == (200, ["email", "telegram", "sms"])
    mail, telegram, sms = (one["addresses"] for one in body["channels"])
    assert [(one["shown"], one["state"], one["code"]) for one in mail] == [
        ("p***@lipowa.example", "off", "bounce_permanent_noemail")
    ]
    assert [(one["shown"], one["state"]) for one in telegram] == [("", "on")]
    assert sms == [], "the number was not confirmed"
    assert body["preferences"] == doors.ask("GET", "/notifications/preferences", doors.anna)[1]
    assert (body["preferences"]["muted"], body["preferences"]["locale"]) == (wishes["muted"], "fr")
    own = doors.ask("GET", CHANNELS, doors.sara, path={"person_id": "per_sara"})[1]["preferences"]
    assert own == doors.ask("GET", "/notifications/preferences", doors.sara)[1], "of the staff, with the staff's kinds"
    event = api_event("GET", CHANNELS, token=doors.sara, path=path)
    mark = notifications_app.app(event, None)["headers"]["ETag"]
    event = api_event("GET", CHANNELS, token=doors.sara, path=path, headers={"If-None-Match": mark})
    assert notifications_app.app(event, None)["statusCode"] == 304
    assert doors.ask("GET", CHANNELS, doors.anna, path=path)[0] == 403
    stranger = sign_in(OTHER, "per_theirs", (STAFF, "organisation", OTHER))
    assert doors.ask("GET", CHANNELS, stranger, path=path)[0] == 404


def test_dead_addresses_of_the_register_are_listed_until_they_live_again(doors, monkeypatch):
    def dead():
        return [(one["person_id"], one["channel"]) for one in doors.ask("GET", DEAD, doors.sara)[1]["items"]]

    people = ["per_anna", "per_sara", *(f"per_{number}" for number in range(3))]
    for number, person_id in enumerate(people):
        doors.add_person(person_id, phone="+48501502301")
        with time_machine.travel(clock.now() + timedelta(minutes=number), tick=False):
            kill(doors, person_id, "email", f"{person_id}@lipowa.example")
    kill(doors, "per_anna", "telegram", "4242")
    kill(doors, "per_theirs", "email", "per_theirs@lipowa.example", organisation_id=OTHER)
    assert dead() == [(one, "email") for one in reversed(people)]
    # It was used again, it is another one now, and there is nobody any more.
    doors.linked("email", "per_0@lipowa.example", "per_0")
    people_module.PersonItem.get(f"ORG#{ORG}#PERSON#per_1", "PERSON").update(
        [people_module.PersonItem.email.set("other@lipowa.example")]
    )
    people_module.PersonItem.get(f"ORG#{ORG}#PERSON#per_2", "PERSON").delete()
    kill(doors, "per_sara", "sms", "+48501502301", code="text_invalid")
    assert dead() == [("per_sara", "email"), ("per_sara", "sms"), ("per_anna", "email")]
    # The first two of the five have nothing to be shown any more.
    monkeypatch.setattr(service_desk, "_PAGE", 2)
    seen, cursor = [], None
    for _ in range(2):
        _, body = doors.ask("GET", DEAD, doors.sara, query={"cursor": cursor} if cursor else None)
        seen += [(one["name"], one["shown"], one["code"]) for one in body["items"]]
        cursor = body["next_cursor"]
    assert cursor is None
    assert seen == [
        ("Anna Nowak", "p***@lipowa.example", "bounce_permanent_noemail"),
        ("Anna Nowak", "+48***301", "text_invalid"),
        ("Anna Nowak", "p***@lipowa.example", "bounce_permanent_noemail"),
    ]
    assert doors.ask("GET", DEAD, doors.anna)[0] == 403


def test_every_kind_can_be_looked_at_in_every_language(doors):
    status, body = doors.ask("GET", "/notification-templates", doors.sara)
    assert (status, [one["kind"] for one in body["templates"]]) == (200, list(KINDS))
    listed = doors.ask("GET", "/notification-templates", doors.sara, query={"locale": "uk"})[1]["templates"]
    assert [one["subject"] for one in listed] == [service_desk.preview(ORG, kind, "uk").subject for kind in KINDS]
    for kind in KINDS:
        subjects = {service_desk.preview(ORG, kind, locale).subject for locale in i18n.LOCALES}
        assert len(subjects) > 1, kind
    path = {"kind": "payment_settled"}
    status, body = doors.ask("GET", "/notification-templates/{kind}", doors.sara, path=path, query={"locale": "uk"})
    assert (status, body["locale"]) == (200, "uk")
    assert "1" in body["text"]
    assert "<html" in body["html"]
    status, body = doors.ask("GET", "/notification-templates/{kind}", doors.sara, path=path)
    assert body["locale"] == "pl", "the organisation's"
    assert (body["sms"]["encoding"], body["sms"]["parts"]) == ("GSM", 1), "spelt in letters that one part has room for"
    doors.set("sms", settings={**SET["sms"]["settings"], "transliterate": "no"})
    dear = doors.ask("GET", "/notification-templates/{kind}", doors.sara, path=path)[1]["sms"]
    assert (dear["encoding"], dear["parts"] > 1) == ("UCS-2", True)
    assert dear["text"].endswith(body["link"])
    assert doors.ask("GET", "/notification-templates/{kind}", doors.sara, path={"kind": "x"})[0] == 404
    assert doors.ask("GET", "/notification-templates/{kind}", doors.sara, path=path, query={"locale": "de"})[0] == 400


def test_a_test_goes_to_the_callers_own_address(doors, monkeypatch):
    def test(kind="payment_due", token=doors.sara):
        return doors.ask(
            "POST", "/notification-templates/{kind}/test", token, path={"kind": kind}, body={"locale": "en"}
        )

    assert test()[1]["code"] == "channel_not_offered"
    doors.use("email")
    assert test() == (200, {"state": "sent", "code": ""})
    ((channel, given),) = doors.sent
    assert (channel, given.arguments["Destination"]) == (Channel.EMAIL, {"ToAddresses": ["per_sara@lipowa.example"]})
    assert "EmailTags" not in given.arguments
    doors.answers = [Answer(400, code="MessageRejected")]
    assert test() == (200, {"state": "refused", "code": "MessageRejected"})
    assert test("x")[0] == 404
    assert test(token=doors.admin)[1]["code"] == "address_missing"
    monkeypatch.setattr(service_desk, "_TESTS", 3)
    assert [test()[0] for _ in range(2)] == [200, 429]
