"""Forgotten, reset and changed passwords, through the routes."""

import re

import pytest
from auth import cognito, rules
from auth.app import app

from tests.support import call, sign_in
from tests.unit.auth.helpers import EMAIL, ORGANISATION, PASSWORD, PERSON, attempt

NEW = "Fresh-Garden-22"
WRONG = "moto-confirmation-code:1"
"""moto looks only at codes of this form; all others open."""


@pytest.fixture
def mailed(anna, monkeypatch):
    """Ask for a reset code and read it, as if from the mail."""
    codes = []
    original = cognito.client().forgot_password

    def spy(**given):
        answer = original(**given)
        header = answer["ResponseMetadata"]["HTTPHeaders"]["x-moto-forgot-password-confirmation-code"]
        codes.append(header)
        return answer

    confirm = cognito.client().confirm_forgot_password
    errors = cognito.client().exceptions

    def confirm_as_the_pool_is_set(**given):
        """moto names an unknown user; the real pool (PreventUserExistenceErrors) says that the code is wrong."""
        try:
            return confirm(**given)
        except errors.ResourceNotFoundException:
            raise errors.CodeMismatchException({"Error": {"Code": "CodeMismatchException"}}, "x") from None

    monkeypatch.setattr(cognito.client(), "forgot_password", spy)
    monkeypatch.setattr(cognito.client(), "confirm_forgot_password", confirm_as_the_pool_is_set)

    def ask(email=EMAIL):
        assert call(app, "POST", "/auth/forgot-password", body={"email": email}) == (202, {})
        return codes[-1]

    return ask


def reset(code, password=NEW, email=EMAIL):
    return call(app, "POST", "/auth/reset-password", body={"email": email, "code": code, "password": password})


def test_a_forgotten_password_is_replaced_and_all_sessions_end(mailed):
    session = sign_in(ORGANISATION, PERSON, ("tenant", "contract", "con_1"))
    from_sign_in = re.search(r"lokum_session=([^;]+)", attempt()["multiValueHeaders"]["Set-Cookie"][0]).group(1)
    assert call(app, "GET", "/auth/me", token=from_sign_in)[0] == 200
    assert reset(mailed()) == (200, {})
    assert attempt()["statusCode"] == 401
    assert attempt(password=NEW)["statusCode"] == 200
    assert call(app, "GET", "/auth/me", token=from_sign_in)[0] == 401
    assert session


def test_an_unknown_email_gets_the_same_answers(mailed):
    code = mailed()
    assert call(app, "POST", "/auth/forgot-password", body={"email": "nobody@demo.example"}) == (202, {})
    unknown, wrong = reset(WRONG, email="nobody@demo.example"), reset(WRONG)
    for status, body in (unknown, wrong):
        assert (status, body["code"]) == (422, "wrong_code")
    # Nor does a poor password tell them apart: the rules are looked at only with a right code.
    assert reset(WRONG, "x", email="nobody@demo.example")[1]["code"] == reset(WRONG, "x")[1]["code"] == "wrong_code"
    assert reset(code)[0] == 200


def test_a_right_code_with_a_poor_password_can_be_sent_again(mailed):
    code = mailed()
    status, body = reset(code, "poor")
    assert (status, body["code"]) == (422, "password_rules")
    assert {(e["field"], e["code"]) for e in body["errors"]} == {
        ("password", "password_too_short"),
        ("password", "password_without_digit"),
        ("password", "password_without_capital"),
    }
    assert body["errors"][0]["params"] == {"least": 12}
    assert reset(WRONG, NEW)[1]["code"] == "wrong_code"
    assert reset(code, NEW) == (200, {})
    assert attempt(password=NEW)["statusCode"] == 200
    assert reset(code, "Other-Garden-22")[1]["code"] == "wrong_code"


def test_guessing_codes_is_stopped(mailed):
    code = mailed()
    statuses = [reset(f"{WRONG}{n}")[0] for n in range(rules.RESET_PERSON.limit.free + 1)]
    assert statuses == [422] * rules.RESET_PERSON.limit.free + [429]
    assert reset(code)[0] == 429


def test_asking_for_mails_is_limited_alike_for_known_and_unknown(mailed):
    for email in (EMAIL, "nobody@demo.example"):
        statuses = [call(app, "POST", "/auth/forgot-password", body={"email": email})[0] for _ in range(6)]
        assert statuses == [202] * rules.FORGOT_PERSON.limit.free + [429] * 2


def change(token, current=PASSWORD, new=NEW):
    return call(app, "POST", "/auth/password", token=token, body={"current_password": current, "new_password": new})


def test_a_changed_password_ends_the_other_sessions_only(anna):
    def cookie():
        return re.search(r"lokum_session=([^;]+)", attempt()["multiValueHeaders"]["Set-Cookie"][0]).group(1)

    sign_in(ORGANISATION, PERSON, ("tenant", "contract", "con_1"))
    here, there = cookie(), cookie()
    assert change(here) == (200, {})
    assert call(app, "GET", "/auth/me", token=here)[0] == 200
    assert call(app, "GET", "/auth/me", token=there)[0] == 401
    assert attempt()["statusCode"] == 401
    assert attempt(password=NEW)["statusCode"] == 200


def test_the_present_password_must_be_right_and_guesses_are_counted(anna):
    token = sign_in(ORGANISATION, PERSON, ("tenant", "contract", "con_1"))
    answers = [change(token, current="Wrong-Horse-1") for _ in range(rules.PASSWORD_PERSON.limit.free + 1)]
    assert [status for status, _ in answers] == [422] * rules.PASSWORD_PERSON.limit.free + [429]
    assert answers[0][1]["errors"] == [{"field": "current_password", "code": "wrong_current_password", "params": {}}]


def test_a_new_password_keeps_the_rules_of_the_organisation(anna):
    token = sign_in(ORGANISATION, PERSON, ("tenant", "contract", "con_1"))
    status, body = change(token, new="short")
    assert (status, body["code"]) == (422, "password_rules")
    assert {e["field"] for e in body["errors"]} == {"new_password"}


def test_a_sign_in_under_way_with_the_old_password_opens_nothing_after_a_reset(anna, monkeypatch):
    from auth import service

    original = cognito.check_password

    def reset_meanwhile(user, password):
        right = original(user, password)
        service.end_sessions(ORGANISATION, PERSON)
        return right

    monkeypatch.setattr(cognito, "check_password", reset_meanwhile)
    assert attempt()["statusCode"] == 401


def test_the_mail_is_in_the_persons_language():
    from auth.messages import write_message

    def mail(locale, source="CustomMessage_ForgotPassword"):
        return write_message(
            {
                "triggerSource": source,
                "request": {"userAttributes": {"locale": locale}, "codeParameter": "{####}"},
                "response": {},
            },
            None,
        )["response"]

    texts = {locale: mail(locale) for locale in ("pl", "uk", "nb", "fr", "en")}
    assert len({text["emailSubject"] for text in texts.values()}) == 5
    assert all("{####}" in text["emailMessage"] for text in texts.values())
    assert mail("xx") == texts["en"]
    assert "<br>" in texts["pl"]["emailMessage"]
    assert mail("pl", "CustomMessage_Other") == {}
