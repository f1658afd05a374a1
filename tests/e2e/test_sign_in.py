"""Coming in, being kept out, going, forgetting and changing passwords."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e import mail
from tests.e2e.conftest import Visit
from tests.e2e.people import FIXED, PASSWORD, STAFF_NO, TENANT_FR, TENANT_NO, TENANT_PL

NEW_PASSWORD = "Nytt-Passord-41"


@pytest.fixture
def newcomer(visit: Visit, request: pytest.FixtureRequest) -> str:
    """A person of the Norwegian register whom no other test uses and who may sign in; gives the e-mail."""
    staff = visit(STAFF_NO)
    people = [one for one in staff.get("/people")["items"] if one["email"] and one["email"] not in FIXED]
    taken = request.config.stash.setdefault(TAKEN, set())
    person = next(one for one in people if one["email"] not in taken)
    taken.add(person["email"])
    whole = staff.get(f"/people/{person['person_id']}")
    names = {key: whole[key] for key in ("person_id", "email", "first_name", "last_name", "locale")}
    staff.post("/auth/enrolments", {"people": [names]})
    return str(person["email"])


TAKEN: pytest.StashKey[set[str]] = pytest.StashKey()


def test_a_wrong_password_is_told_and_corrected(visit: Visit) -> None:
    site = visit()
    site.open("/sign-in")
    site.press("sign_in_action")
    summary = site.part("error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text(site.text("email_wanted"))
    expect(summary).to_contain_text(site.text("password_wanted"))
    expect(site.page).to_have_title(re.compile("^" + re.escape(site.text("error_prefix"))))
    summary.get_by_role("link", name=site.text("password_wanted")).click()
    expect(site.page.locator("[name=password]")).to_be_focused()

    site.watch.expect("/api/auth/sign-in", 401)
    site.sign_in(TENANT_NO, "Wrong-Password-1")
    expect(summary).to_contain_text(site.text("code_wrong_credentials"))
    expect(summary).to_be_focused()
    expect(site.page.locator("[name=email]")).to_have_value(TENANT_NO)

    site.sign_in(TENANT_NO)
    expect(site.page.locator(".account-button")).to_be_visible()
    site.is_at("/")
    assert site.page.context.cookies()[0]["httpOnly"]
    assert site.page.context.cookies()[0]["sameSite"] == "Strict"


def test_an_unknown_person_gets_the_same_answer(visit: Visit) -> None:
    site = visit()
    site.watch.expect("/api/auth/sign-in", 401)
    site.open("/sign-in")
    site.sign_in("nobody.at.all@demo.example", "Wrong-Password-1")
    expect(site.part("error-summary")).to_contain_text(site.text("code_wrong_credentials"))


def test_after_signing_out_nothing_is_left(visit: Visit) -> None:
    site = visit(TENANT_FR, locale="fr", fresh=True)
    contract_id = site.get("/contracts")["items"][0]["contract_id"]
    site.open("/")
    # Among what is to be paid, or what is in order.
    site.page.locator(f'a[href="/accounts/{contract_id}"]').click()
    expect(site.part("balance")).to_be_visible()
    account, cookies = site.path, site.page.context.cookies()
    name = site.page.locator(".account-name").inner_text()
    site.sign_out()

    site.page.go_back()
    expect(site.heading("sign_in_title")).to_be_visible()
    expect(site.part("balance")).to_have_count(0)
    expect(site.page.get_by_text(name)).to_have_count(0)

    # The session itself has ended, not only the cookie in this browser.
    site.page.context.add_cookies([{**one} for one in cookies])  # type: ignore[typeddict-item]
    site.open(account)
    expect(site.heading("sign_in_title")).to_be_visible()


def test_a_lost_session_leads_back_to_where_one_was(visit: Visit) -> None:
    site = visit(TENANT_PL, locale="pl")
    contract_id = site.get("/contracts")["items"][0]["contract_id"]
    site.open(f"/accounts/{contract_id}")
    site.page.context.clear_cookies()
    site.watch.expect("/api/accounts/*", 401)
    site.watch.expect("/api/payments", 401)
    site.press_link("tab_payments")
    expect(site.heading("sign_in_title")).to_be_visible()
    expect(site.page.get_by_text(site.text("sign_in_again"))).to_be_visible()
    site.sign_in(TENANT_PL)
    expect(site.part("payment-row").first).to_be_visible()
    site.is_at(f"/accounts/{contract_id}?tab=payments")


def test_the_sign_in_page_leads_to_no_other_site(visit: Visit) -> None:
    site = visit(locale="nb")
    site.open("/sign-in?back=https://elsewhere.example/accounts")
    site.sign_in(TENANT_NO)
    expect(site.page.locator(".account-button")).to_be_visible()
    site.is_at("/")


def test_the_sign_in_page_of_an_organisation_wears_its_look(visit: Visit) -> None:
    slug = visit(TENANT_NO).get("/auth/me")["organisation"]["slug"]
    site = visit()
    site.open(f"/sign-in?o={slug}")
    public = site.get(f"/organisations/{slug}")
    expect(site.page.locator(".outside-face")).to_contain_text(public["name"])
    expect(site.page).to_have_title(re.compile(re.escape(public["name"]) + "$"))


def test_a_forgotten_password_is_set_anew_by_the_mailed_code(visit: Visit, world: Any, newcomer: str) -> None:
    site = visit(locale="nb")
    site.open("/sign-in?o=" + visit(STAFF_NO).get("/auth/me")["organisation"]["slug"])
    site.follow("forgotten_link")
    known = len(mail.mails(world, newcomer))
    site.fill(email=newcomer)
    site.press("forgotten_action")
    expect(site.heading("reset_title")).to_be_visible()
    code = mail.newest_code(world, newcomer, known)

    # The rules are told while typing, and a poor password is not even sent.
    broken = site.page.locator(".rule:not(.rule-kept)")
    site.fill(code=code, password="kort")
    expect(broken.first).to_be_visible()
    site.press("reset_action")
    expect(site.part("error-summary")).to_contain_text(site.text("code_password_rules"))
    site.fill(password=NEW_PASSWORD)
    expect(broken).to_have_count(0)

    # A wrong code is told; the right one sets the password.
    site.watch.expect("/api/auth/reset-password", 422)
    site.fill(code="000000" if code != "000000" else "111111")
    site.press("reset_action")
    expect(site.part("error-summary")).to_contain_text(site.text("code_wrong_code"))
    site.fill(code=code)
    site.press("reset_action")
    expect(site.notice("reset_done")).to_be_visible()
    site.sign_in(newcomer, NEW_PASSWORD)
    expect(site.page.locator(".account-button")).to_be_visible()


def give_password(visit: Visit, world: Any, email: str, password: str) -> None:
    """Set a person's password by the mailed code, through the API."""
    site = visit()
    known = len(mail.mails(world, email))
    site.post("/auth/forgot-password", {"email": email})
    code = mail.newest_code(world, email, known)
    site.post("/auth/reset-password", {"email": email, "code": code, "password": password})


def test_a_changed_password_counts_at_once(visit: Visit, world: Any, newcomer: str) -> None:
    give_password(visit, world, newcomer, PASSWORD)
    other = visit(newcomer, fresh=True)
    site = visit(newcomer, locale="nb", fresh=True)
    site.open("/own-data/password")
    broken = site.page.locator(".rule:not(.rule-kept)")
    expect(broken.first).to_be_visible()
    site.fill(new_password="a")
    expect(broken.first).to_be_visible()
    site.fill(current_password="Wrong-Password-1", new_password=NEW_PASSWORD)
    expect(broken).to_have_count(0)

    site.watch.expect("/api/auth/password", 422)
    site.press("reset_action")
    expect(site.part("error-summary")).to_contain_text(site.text("code_wrong_current_password"))
    site.fill(current_password=PASSWORD)
    site.press("reset_action")
    expect(site.part("saved")).to_be_visible()
    expect(site.part("saved")).to_be_focused()
    expect(site.page.locator("[name=new_password]")).to_have_value("")

    # Who had come in elsewhere is out; the new password opens, the old one does not.
    other.page.goto(f"{other.origin}/")
    expect(other.heading("sign_in_title")).to_be_visible()
    other.watch.expect("/api/auth/sign-in", 401)
    other.sign_in(newcomer, PASSWORD)
    expect(other.part("error-summary")).to_be_visible()
    other.sign_in(newcomer, NEW_PASSWORD)
    expect(other.page.locator(".account-button")).to_be_visible()

    # Of the second window he was told; the first device was no news, and its browser is known when it comes back.
    told = world.wait_until(
        lambda: [one for one in site.get("/notifications")["items"] if one["kind"] == "new_sign_in"]
    )
    assert [one["values"]["device"] for one in told] == ["Chrome, Linux"]
    assert world.wait_until(lambda: [text for text in mail.mails(world, newcomer) if "Chrome, Linux" in text])


def test_guessing_is_paused_and_the_wait_is_told(visit: Visit, newcomer: str) -> None:
    site = visit()
    site.watch.expect("/api/auth/sign-in", 401, 429)
    site.open("/sign-in")
    summary = site.part("error-summary")
    for attempt in range(5):
        with site.page.expect_response("**/api/auth/sign-in") as answer:
            site.sign_in(newcomer, f"Guess-Number-{attempt}")
        assert answer.value.status == 401
    with site.page.expect_response("**/api/auth/sign-in") as answer:
        site.sign_in(newcomer, "Guess-Number-6")
    assert answer.value.status == 429
    wait = int(answer.value.header_value("retry-after") or 0)
    assert 0 < wait <= 60
    expect(summary).to_contain_text(re.compile(r"\d+"))
    expect(summary).to_contain_text(site.shape("code_too_many_attempts"))
