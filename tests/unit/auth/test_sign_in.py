"""Sign-in, sessions, lock-out, through the routes."""

import re

import pytest
import time_machine
from auth import rules, store
from auth.app import app
from auth.store import KnownAddress

from shared import access, clock
from shared.access import ABSOLUTE_SECONDS, IDLE_SECONDS, SessionItem
from tests.support import api_event, call
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
