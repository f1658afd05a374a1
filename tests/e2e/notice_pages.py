"""How the staff's pages of messages come to be seen as people see them (`pages`)."""

from playwright.sync_api import expect

from tests.e2e.site import Site


def see_letter(site: Site) -> None:
    """The e-mail in its frame, with its own look, and the text beside it."""
    site.page.get_by_label(site.text("template_channel"), exact=True).select_option("email")
    letter = site.page.frame_locator("iframe.letter")
    expect(letter.get_by_role("heading", level=1)).to_be_visible()
    # Its styles came through the site's content policy: the frame is as high as the letter, and the button has its ground.
    expect(site.page.locator("iframe.letter[height]")).to_be_visible()
    expect(letter.locator(".button")).not_to_have_css("background-color", "rgba(0, 0, 0, 0)")
    site.page.locator(".opens-text > summary").click()


def see_sms(site: Site) -> None:
    site.page.get_by_label(site.text("template_channel"), exact=True).select_option("sms")
    expect(site.part("sms-parts")).to_be_visible()


def wrong_days(site: Site) -> None:
    """What the server refuses, at its field."""
    site.fill(overdue="3, 400")
    site.watch.expect("/api/reminder-policy", 422)
    site.page.locator("main form button[type=submit]").click()
    expect(site.part("error-summary")).to_be_visible()
