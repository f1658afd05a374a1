"""How people are reached: a messenger is linked, quiet hours are set, what happens is told and refused; a dead address is shown."""

import re
import uuid
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from shared.clock import now
from tests.e2e.conftest import Visit
from tests.e2e.paying import contract_with_debt, paid
from tests.e2e.people import OWNER_PL, STAFF_PL, TENANT_PL
from tests.e2e.site import NARROW, PATIENCE_MS, Site
from tests.e2e.test_pages import faults

SETTINGS: Final = "/own-data/notifications"
WARSAW: Final = ZoneInfo("Europe/Warsaw")
TRIES: Final = 2 * PATIENCE_MS // 500
"""A channel that says "later" is tried again after a minute."""


def be_awake(site: Site) -> None:
    """Set quiet hours that are some hours away."""
    later = now().astimezone(WARSAW) + timedelta(hours=3)
    site.open(SETTINGS)
    site.fill(quiet_from=f"{later:%H:%M}", quiet_to=f"{later + timedelta(hours=8):%H:%M}")
    site.press("save_action")
    expect(site.part("saved")).to_be_visible()


def wait_for(page: Page, text: str) -> None:
    """Look at a page of the sandboxes again until something has come."""
    for _ in range(TRIES):
        if text in page.content():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"not there: {text}")


def state_of(site: Site, channel: str) -> str:
    """Whether the address of this person on a channel is on or off; empty without one."""
    offers = {one["channel"]: one["addresses"] for one in site.get("/notifications/channels")["channels"]}
    return offers[channel][0]["state"] if offers[channel] else ""


def news_row(site: Site, title: str) -> Any:
    return site.page.locator("[data-testid=notice-row][data-kind=newsletter]").filter(has_text=title)


def write(staff: Site, community: str, title: str, text: str) -> None:
    """News in two languages, looked at, and sent to a community once that was confirmed."""
    staff.open("/news/new")
    staff.fill(title_pl=title, text_pl=text)
    staff.page.locator(".tabs").get_by_role("link", name="Українська").click()
    staff.fill(title_uk=f"{title} (uk)", text_uk="Українською")
    staff.page.locator(".tabs").get_by_role("link", name="Polski").click()
    expect(staff.page.locator("[name=title_pl]")).to_have_value(title)
    staff.press("news_preview")
    expect(staff.page.frame_locator("iframe.letter").get_by_role("heading", level=1)).to_have_text(title)
    staff.page.get_by_label(staff.text("news_some"), exact=True).check()
    staff.page.get_by_label(community, exact=True).check()
    staff.press("continue_action")
    dialog = staff.page.get_by_role("dialog")
    expect(dialog.get_by_test_id("news-to")).to_have_text(community)
    staff.press("news_send", within=dialog)
    expect(staff.part("news-sent")).to_be_visible()
    row = staff.page.locator("[data-testid=news-row]").filter(has_text=title)
    expect(row).to_contain_text(community)


def test_news_reaches_people_until_they_refuse_it_with_one_click(visit: Visit) -> None:
    """Staff write to a community; its tenant reads it, refuses news from the mail, and finds what comes then in his inbox alone."""
    staff, tenant, reader = (
        visit(STAFF_PL, locale="pl"),
        visit(TENANT_PL, locale="pl", width=NARROW),
        visit(locale=None),
    )
    be_awake(tenant)
    community = tenant.get(f"/contracts/{contract_with_debt(tenant)}")["community"]
    first, second, third = (f"Nowina {word} {uuid.uuid4().hex[:6]}" for word in ("A", "B", "C"))
    write(staff, community["name"], first, "Od piątku <nowy> regulamin.\n\nProsimy o lekturę.")

    def send(title: str) -> None:
        words = {"title": title, "text": "Tekst."}
        staff.post("/news", {"words": {"pl": words}, "community_ids": [community["community_id"]]})

    # In the inbox stands its title, and it can be read there
    tenant.open("/notifications")
    tenant.until(lambda: news_row(tenant, first).count() == 1, "that the tenant is told")
    news_row(tenant, first).get_by_role("link").click()
    expect(tenant.page.get_by_role("heading", level=1, name=first, exact=True)).to_be_visible()
    expect(tenant.part("news-text").locator("p")).to_have_text(["Od piątku <nowy> regulamin.", "Prosimy o lekturę."])
    assert faults(tenant) == []

    # and by mail. Its last link opens in a browser where nobody is signed in: the page is in the language of the mail's reader
    inbox = f"{tenant.origin}/dev/mailbox?to={TENANT_PL}"
    reader.page.goto(inbox)
    wait_for(reader.page, first)
    reader.page.get_by_role("link", name=first).first.click()
    reader.page.locator("a[href*='/api/unsubscribe/']").first.click()
    reader.locale = "pl"
    expect(reader.heading("unsubscribe_title")).to_be_visible()
    reader.press("unsubscribe_action")
    expect(reader.part("unsubscribed")).to_contain_text(reader.text("notify_kind_news"))
    # and the preferences show it.
    tenant.open(SETTINGS)
    row = tenant.part("wish-row").filter(has_text=tenant.text("notify_group_news"))
    expect(row.get_by_role("checkbox", checked=True)).to_have_count(0)

    # What is sent now stands in the inbox only.
    send(second)
    tenant.open("/notifications")
    tenant.until(lambda: news_row(tenant, second).count() == 1, "that the second one stands in the inbox")

    # He thinks better of it, and the next one comes by mail. The mail program's own button (RFC 8058) refuses them again.
    tenant.open(SETTINGS)
    for box in row.get_by_role("checkbox").all():
        box.check()
    tenant.press("save_action")
    expect(tenant.part("saved")).to_be_visible()
    send(third)
    reader.page.goto(inbox)
    wait_for(reader.page, third)
    assert second not in reader.page.content()
    reader.page.get_by_role("link", name=third).first.click()
    reader.page.get_by_role("button", name="Unsubscribe with one click").click()
    expect(reader.page.locator("body")).to_contain_text('"refused": true')
    tenant.reload()
    expect(row.get_by_role("checkbox", checked=True)).to_have_count(0)


def test_telegram_is_linked_and_brings_the_receipt(visit: Visit) -> None:
    tenant = visit(TENANT_PL, locale="pl", width=NARROW)
    contract_id = contract_with_debt(tenant)
    be_awake(tenant)
    assert faults(tenant, examine=False) == []

    # The one-time link opens on the telephone, where START is pressed
    row = tenant.page.locator("[data-testid=channel-row][data-channel=telegram]")
    row.get_by_role("button").last.click()
    with tenant.page.context.expect_page() as opened:
        tenant.page.get_by_role("dialog").get_by_role("link").click()
    telegram = opened.value
    telegram.locator("form[action$='/pl-nowak'] button").click()
    # and the site says so by itself.
    expect(tenant.part("channel-said")).to_be_visible(timeout=PATIENCE_MS)
    assert faults(tenant, examine=False) == []

    # A payment is told there, by mail and in the inbox
    paid(tenant, contract_id, 51_37)
    wait_for(telegram, "51,37")
    tenant.open("/notifications")
    told = tenant.page.locator("[data-testid=notice-row][data-kind=receipt_ready]").filter(has_text="51,37")
    expect(told).to_have_count(1)
    told.get_by_role("link").click()
    expect(tenant.part("receipt")).to_contain_text("51,37")
    mailbox = visit(locale=None).page
    mailbox.goto(f"{tenant.origin}/dev/mailbox?to={TENANT_PL}")
    wait_for(mailbox, "51,37")

    # Whoever blocks the bot is not written to any more.
    telegram.locator("button[value=block]").click()
    tenant.open(SETTINGS)
    tenant.until(lambda: state_of(tenant, "telegram") == "off", "that the bot was blocked")


def test_an_address_that_is_dead_shows_at_the_staff(visit: Visit) -> None:
    owner, staff = visit(OWNER_PL, locale="pl"), visit(STAFF_PL, locale="pl")
    contract_id = contract_with_debt(owner)
    be_awake(owner)
    paid(owner, contract_id, 52_38)
    mailbox = visit(locale=None).page
    mailbox.goto(f"{owner.origin}/dev/mailbox?to={OWNER_PL}")
    wait_for(mailbox, "52,38")
    mailbox.get_by_role("link", name="52,38").click()
    mailbox.get_by_role("button", name="From now on").click()

    # The next mail comes back
    paid(owner, contract_id, 53_39)
    owner.until(lambda: state_of(owner, "email") == "off", "that the mail came back")
    # which its owner sees, and the staff.
    owner.open(SETTINGS)
    expect(owner.page.locator("[data-testid=channel-row][data-channel=email]").get_by_role("link")).to_be_visible()
    person = f"/people/{owner.get('/auth/me')['person']['person_id']}"
    # whose bell says that nothing reaches him.
    staff.open("/notifications")
    alarm = staff.page.locator("[data-testid=notice-row][data-kind=staff_channel_failed]").filter(
        has=staff.page.locator(f"a[href='{person}']")
    )
    staff.until(lambda: alarm.count() == 1, "that the staff are told")
    expect(staff.part("bell")).to_have_attribute("data-unread", re.compile("[1-9]"))
    alarm.get_by_role("link").click()
    staff.is_at(person)
    told = staff.page.get_by_role("row").filter(has_text="53,39")
    expect(told.locator("[data-testid=delivery]").filter(has_text="bounce_permanent").first).to_be_visible()
    mail = staff.page.locator("[data-testid=person-channel][data-channel=email]")
    expect(mail).to_contain_text(staff.text("notify_off_bounced"))
    # He is among those whose address is to be put right.
    staff.open("/dead-addresses")
    dead = staff.part("dead-row").filter(has=staff.page.locator(f"a[href='{person}']"))
    expect(dead).to_contain_text(staff.text("notify_off_bounced"))
