"""How people want to be told (D6): what they may set, and what counts for who has set nothing."""

import pytest
from notifications.app import app

from shared.people import PersonItem
from tests.support import call
from tests.unit.notifications.conftest import ORG

PATH = "/notifications/preferences"


def preferences(token):
    status, body = call(app, "GET", PATH, token=token)
    assert status == 200, body
    return body


def change(token, **body):
    return call(app, "PATCH", PATH, token=token, body=body)


def test_who_has_set_nothing_has_quiet_nights_and_the_registers_language(world):
    given = {"first_name": "Olek", "last_name": "Nowak", "company": "", "email": "", "phone": "", "locale": "uk"}
    PersonItem(f"ORG#{ORG}#PERSON#per_olek", "PERSON", person_id="per_olek", **given).save()
    shown = preferences(world.olek)
    kinds = shown.pop("kinds")
    assert shown == {
        "muted": {},
        "quiet_from": "22:00",
        "quiet_to": "07:00",
        "digest_at": None,
        "time_zone": "Europe/Warsaw",
        "own_time_zone": False,
        "locale": "uk",
        "own_locale": False,
        "version": 0,
    }
    by_name = {one["kind"]: one for one in kinds}
    assert by_name["charge_posted"] == {
        "kind": "charge_posted", "nature": "transactional", "channels": ["email"], "may_be_muted": True,
    }  # fmt: skip
    assert [by_name[name]["may_be_muted"] for name in ("contract_ending", "incident_opened")] == [False, False]
    assert not any(name.startswith("staff_") for name in by_name)
    assert any(one["kind"].startswith("staff_") for one in preferences(world.sara)["kinds"])


def test_what_is_sent_is_changed_and_null_gives_it_up(world):
    wanted = {
        "muted": {"payment_due": ["sms"], "news": ["email"]},
        "quiet_from": "23:30",
        "quiet_to": "06:15",
        "digest_at": "08:00",
        "time_zone": "America/New_York",
        "locale": "nb",
    }
    status, shown = change(world.anna, **wanted)
    assert status == 200, shown
    assert {name: shown[name] for name in wanted} == wanted
    assert (shown["own_time_zone"], shown["own_locale"], shown["version"]) == (True, True, 1)
    assert preferences(world.anna) == shown
    _, shown = change(world.anna, digest_at=None, time_zone=None, locale=None, quiet_from=None)
    assert (shown["digest_at"], shown["time_zone"], shown["locale"]) == (None, "Europe/Warsaw", "pl")
    assert (shown["quiet_from"], shown["muted"]) == ("23:30", wanted["muted"]), "for these there is nothing else"
    assert preferences(world.olek)["muted"] == preferences(world.fatma)["muted"] == {}
    assert change(world.anna, time_zone="UTC")[1]["time_zone"] == "UTC"


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"muted": {"contract_ending": ["email"]}}, "cannot_be_muted", "muted.contract_ending"),
        ({"muted": {"incident_opened": ["sms"]}}, "cannot_be_muted", "muted.incident_opened"),
        ({"muted": {"statutory": ["email"]}}, "cannot_be_muted", "muted.statutory"),
        ({"muted": {"gossip": ["email"]}}, "unknown_kind", "muted.gossip"),
        ({"time_zone": "Europe/Atlantis"}, "unknown_time_zone", "time_zone"),
        ({"time_zone": "localtime"}, "unknown_time_zone", "time_zone"),
        ({"time_zone": ""}, "unknown_time_zone", "time_zone"),
        ({"time_zone": "Factory"}, "unknown_time_zone", "time_zone"),
        ({"time_zone": "posix/Europe/Warsaw"}, "unknown_time_zone", "time_zone"),
        ({"muted": {"news": ["pigeon"]}}, "invalid_body", "muted.news.0"),
        ({"quiet_from": "24:00"}, "invalid_body", "quiet_from"),
        ({"digest_at": "8"}, "invalid_body", "digest_at"),
        ({"locale": "de"}, "invalid_body", "locale"),
    ],
)
def test_what_there_is_not_and_what_nobody_may_refuse_is_refused(world, body, code, field):
    status, answer = change(world.anna, **body)
    assert (status, answer["code"]) == (422, code)
    assert [one["field"] for one in answer["errors"]] == [field]
    assert preferences(world.anna)["version"] == 0


def test_who_changes_what_he_has_not_seen_is_told_so(world):
    assert change(world.anna, locale="fr", version=0)[0] == 200
    status, answer = change(world.anna, locale="nb", version=0)
    assert (status, answer["code"]) == (409, "conflict")
    assert change(world.anna, locale="nb", version=1)[1]["locale"] == "nb"
