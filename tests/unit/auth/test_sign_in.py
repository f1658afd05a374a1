"""Sign-in, sessions, lock-out, through the routes."""

import re

import pytest
import time_machine
from auth import devices, rules, store
from auth.app import app
from auth.store import KnownAddress, KnownDevices

from shared import access, clock
from shared.access import ABSOLUTE_SECONDS, IDLE_SECONDS, SessionItem
from tests.support import api_event, call, outbox
from tests.unit.auth.helpers import (
    EMAIL,
    ORGANISATION,
    PASSWORD,
    PERSON,
    appoint,
    attempt,
    cookie,
    enrol,
    person,
    token,
)


def grant_tenant():
    access.GrantItem(
        f"ORG#{ORGANISATION}#PERSON#{PERSON}",
        "GRANT#tenant#contract#con_1#t",
        role="tenant",
        scope="contract",
        scope_id="con_1",
    ).save()


def test_a_person_signs_in_and_is_known(anna):
    grant_tenant()
    answer = attempt()
    assert answer["statusCode"] == 200
    assert PASSWORD not in answer["body"]
    status, me = call(app, "GET", "/auth/me", token=token(answer))
    assert status == 200
    assert me["person"] == {
        "person_id": PERSON,
        "first_name": "Anna",
        "last_name": "Nowak",
        "locale": "pl",
        "email": EMAIL,
    }
    assert me["roles"] == ["tenant"]
    assert me["grants"][0]["contract_id"] == "con_1"
    assert me["organisation"]["organisation_id"] == ORGANISATION
    assert me["organisation"]["password_rules"]["least_length"] == 12


def test_the_cookie_is_out_of_reach_of_scripts_and_foreign_pages(anna):
    parts = {part.strip() for part in cookie(attempt()).split(";")}
    assert {"HttpOnly", "SameSite=Strict", "Path=/", "Secure"} <= parts


def test_no_token_is_stored(anna):
    secret = token(attempt())
    stored = [item.attribute_values for item in SessionItem.scan()]
    assert stored
    assert not any(secret in str(values) for values in stored)


def test_case_and_spaces_of_the_email_do_not_matter(anna):
    assert attempt(email="  ANNA@Demo.Example ")["statusCode"] == 200


def test_unknown_person_and_wrong_password_get_the_same_answer(anna):
    wrong, unknown = attempt(password="Wrong-Horse-1"), attempt(email="nobody@demo.example")
    strip = re.compile(r'"correlation_id": "[^"]+"')
    assert wrong["statusCode"] == unknown["statusCode"] == 401
    assert strip.sub("", wrong["body"]) == strip.sub("", unknown["body"])
    assert '"wrong_credentials"' in wrong["body"]
    assert "Set-Cookie" not in wrong["multiValueHeaders"]


def test_an_unknown_person_is_locked_out_like_a_known_one(anna):
    for email in (EMAIL, "nobody@demo.example"):
        statuses = [attempt(email=email, password="Wrong-Horse-1")["statusCode"] for _ in range(7)]
        assert statuses == [401] * rules.SIGN_IN_PAIR.limit.free + [429, 429]


def test_the_wait_grows_and_ends(anna):
    with time_machine.travel("2026-03-01T10:00:00Z", tick=False) as now:
        for _ in range(rules.SIGN_IN_PAIR.limit.free):
            attempt(password="Wrong-Horse-1")
        refused = attempt()
        assert refused["statusCode"] == 429
        assert refused["headers"]["Retry-After"] == "30"
        now.shift(30)
        assert attempt(password="Wrong-Horse-1")["statusCode"] == 401
        assert attempt()["headers"]["Retry-After"] == "60"
        now.shift(60)
        assert attempt()["statusCode"] == 200
        # A right password clears what this address had against it.
        assert [attempt(password="Wrong-Horse-1")["statusCode"] for _ in range(5)] == [401] * 5


def test_a_stranger_cannot_lock_a_person_out_of_his_own_address(anna):
    assert attempt(address="198.51.100.7")["statusCode"] == 200
    strangers = (f"203.0.113.{n}" for n in range(200))
    refused = 0
    while refused < 3:
        refused += attempt(password="Wrong-Horse-1", address=next(strangers))["statusCode"] == 429
    assert attempt(address=next(strangers))["statusCode"] == 429, "person-wide count holds at unknown addresses"
    assert attempt(address="198.51.100.7")["statusCode"] == 200


def test_one_address_cannot_try_many_people(anna):
    statuses = {attempt(email=f"p{n}@demo.example")["statusCode"] for n in range(rules.SIGN_IN_ADDRESS.limit.free)}
    assert statuses == {401}
    assert attempt()["statusCode"] == 429
    assert attempt(address="192.0.2.99")["statusCode"] == 200


def test_right_passwords_are_not_counted(anna):
    for _ in range(rules.SIGN_IN_ADDRESS.limit.free + 5):
        assert attempt()["statusCode"] == 200


def test_an_outage_of_the_pool_is_not_counted(anna, monkeypatch):
    from auth import cognito

    def refuse(**_given):
        raise cognito.client().exceptions.TooManyRequestsException({"Error": {"Code": "TooManyRequestsException"}}, "x")

    with monkeypatch.context() as patch:
        patch.setattr(cognito.client(), "admin_initiate_auth", refuse)
        for _ in range(rules.SIGN_IN_PAIR.limit.free + 2):
            assert attempt()["statusCode"] == 503
    assert attempt()["statusCode"] == 200


def test_sign_out_ends_the_session_at_once(anna):
    grant_tenant()
    secret = token(attempt())
    answer = app(api_event("POST", "/auth/sign-out", token=secret), None)
    assert (answer["statusCode"], answer["body"]) == (204, "")
    assert "Max-Age=0" in cookie(answer)
    assert call(app, "GET", "/auth/me", token=secret)[0] == 401
    assert store.person_sessions(ORGANISATION, PERSON) == []


def test_a_session_slides_while_in_use_and_ends_when_idle(anna):
    grant_tenant()
    with time_machine.travel("2026-03-01T10:00:00Z", tick=False) as now:
        secret = token(attempt())
        for _ in range(3):
            now.shift(IDLE_SECONDS - 1)
            assert call(app, "GET", "/auth/me", token=secret)[0] == 200
        now.shift(IDLE_SECONDS + 1)
        assert call(app, "GET", "/auth/me", token=secret)[0] == 401


def test_a_session_ends_for_good_after_its_longest_time(anna):
    grant_tenant()
    with time_machine.travel("2026-03-01T10:00:00Z", tick=False) as now:
        secret = token(attempt())
        for _ in range(ABSOLUTE_SECONDS // 1500):
            now.shift(1500)
            last = call(app, "GET", "/auth/me", token=secret)[0]
        now.shift(1500)
        assert last == 200
        assert call(app, "GET", "/auth/me", token=secret)[0] == 401


def test_the_oldest_session_gives_way(anna):
    grant_tenant()
    with time_machine.travel("2026-03-01T10:00:00Z", tick=False) as now:
        secrets = []
        for _ in range(rules.SESSION_LIMIT + 2):
            secrets.append(token(attempt()))
            now.shift(1)
        statuses = [call(app, "GET", "/auth/me", token=secret)[0] for secret in secrets]
    assert statuses == [401, 401] + [200] * rules.SESSION_LIMIT


def test_known_addresses_are_kept_without_the_address(anna):
    attempt(address="198.51.100.7")
    kept = [item for item in KnownAddress.scan() if item.sk.startswith("ADDRESS#")]
    assert len(kept) == 1
    assert "198.51.100.7" not in str(kept[0].attribute_values) + kept[0].sk
    assert kept[0].expires > clock.timestamp()


FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"


def new_devices():
    """What was said of new devices: their coarse descriptions."""
    return [data["device"] for kind, data in outbox("ACCESS_TABLE") if kind == "SignedInFromNewDevice"]


def device_of(answer):
    """The device cookie of an answer, as the browser sends it back."""
    given = answer["multiValueHeaders"]["Set-Cookie"][1]
    assert re.fullmatch(r"lokum_device=[\w-]{43}; Path=/; Max-Age=34560000; HttpOnly; SameSite=Strict; Secure", given)
    return given.partition(";")[0]


def test_a_new_device_is_said_once_and_the_first_one_never(anna):
    first = device_of(attempt(**{"User-Agent": FIREFOX}))
    assert new_devices() == []
    attempt(password="Wrong-Horse-1", **{"User-Agent": FIREFOX})
    assert new_devices() == []
    second = device_of(attempt(**{"User-Agent": FIREFOX}))
    assert new_devices() == ["Firefox, Linux"]
    for known in (first, second):
        assert device_of(attempt(Cookie=f"theme=dark; {known}")) == known
    assert len(new_devices()) == 1
    # An id that is none of ours is not taken over, and what a stranger calls himself is not repeated.
    assert (
        device_of(attempt(Cookie="lokum_device=mine", **{"User-Agent": "Call +48 700 000 000"})) != "lokum_device=mine"
    )
    assert sorted(new_devices()) == ["", "Firefox, Linux"]
    kept = store.find(KnownDevices, store.person_key(ORGANISATION, PERSON), "DEVICES")
    assert len(kept.seen) == 3
    assert first.partition("=")[2] not in str(kept.seen)


def test_a_device_that_was_not_used_for_long_is_new_again(anna):
    with time_machine.travel("2025-01-01T10:00:00Z", tick=False) as now:
        mine = device_of(attempt())
        now.shift(devices.SECONDS - 1)
        attempt(Cookie=mine)
        now.shift(devices.SECONDS - 1)
        attempt(Cookie=mine)
        assert new_devices() == []
        now.shift(devices.SECONDS)
        attempt(Cookie=mine)
        assert len(new_devices()) == 1


def test_a_device_is_remembered_as_long_as_it_is_among_the_last_ones():
    seen = {}
    for number in range(devices.LIMIT + 5):
        seen = devices.seen_with(seen, str(number), number)
    assert sorted(seen, key=int) == [str(number) for number in range(5, devices.LIMIT + 5)]
    assert devices.seen_with(seen, "5", 99)["5"] == 99


@pytest.mark.parametrize(
    ("user_agent", "said"),
    [
        (FIREFOX, "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0", "Edge, Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15", "Safari, macOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0 Mobile/15E148 Safari/604.1", "Chrome, iPhone"),
        ("Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36", "Samsung Internet, Android"),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_devices_are_described_coarsely(user_agent, said):
    assert devices.describe(user_agent) == said


@pytest.mark.parametrize("email", ["", "x" * 300, "not an email", "a@b"])
def test_what_is_no_email_is_refused_without_an_error_of_ours(anna, email):
    assert attempt(email=email)["statusCode"] in (401, 422)


def test_the_sign_in_page_knows_the_organisation(anna):
    from auth.store import Slug

    Slug("SLUG#org-test", "SLUG", organisation_id=ORGANISATION).save()
    status, body = call(app, "GET", "/organisations/{slug}", path={"slug": "org-test"})
    assert status == 200
    assert set(body) == {"organisation_id", "slug", "name", "locale", "theme", "password_rules"}
    assert call(app, "GET", "/organisations/{slug}", path={"slug": "none"})[0] == 404


def test_an_operator_appoints_an_administrator_once(pool):
    assert appoint().state == "enrolled"
    assert appoint().state == "unchanged"
    assert enrol(person(email="admin@demo.example")) == ["email_taken"]
