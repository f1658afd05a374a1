"""How the pages of messages and news come to be seen as people see them (`pages`)."""

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
    site.page.locator(".desk-more > summary").click()


def see_sms(site: Site) -> None:
    site.page.get_by_label(site.text("template_channel"), exact=True).select_option("sms")
    expect(site.part("sms-parts")).to_be_visible()


def wrong_days(site: Site) -> None:
    """What the server refuses, at its field."""
    site.fill(overdue="3, 400")
    site.watch.expect("/api/reminder-policy", 422)
    site.page.locator("main form button[type=submit]").click()
    expect(site.part("error-summary")).to_be_visible()


def some_news(site: Site) -> str:
    """The page of the newest news; some is sent to the people of one community where there is none."""
    for news in site.get("/news")["items"]:
        return f"/news/{news['news_id']}"
    contract_id = site.get("/contracts")["items"][0]["contract_id"]
    words = {"title": "Przegląd kominiarski", "text": "Kominiarz przyjdzie w piątek.\n\nProsimy o dostęp do kratek."}
    where = [site.get(f"/contracts/{contract_id}")["community"]["community_id"]]
    return f"/news/{site.post('/news', {'words': {'pl': words}, 'community_ids': where})['news_id']}"


def see_names(site: Site) -> None:
    """The list once all names have come."""
    expect(site.part("news-row").filter(has_text="\u2013")).to_have_count(0)


def write_news(site: Site) -> None:
    """News in the organisation's language, as it is going to read, and communities to choose from."""
    site.page.get_by_label(site.text("news_some"), exact=True).check()
    site.fill(title_pl="Nowe godziny otwarcia biura", text_pl="Od 1 grudnia w czwartki do 18.\n\nZapraszamy!")
    site.press("news_preview")
    letter = site.page.frame_locator("iframe.letter")
    expect(letter.get_by_role("heading", level=1)).to_be_visible()
    expect(site.page.locator("iframe.letter[height]")).to_be_visible()


def ask_news(site: Site) -> None:
    """Whom it goes to, before it goes."""
    site.fill(title_pl="Nowe godziny", text_pl="Do 18.")
    site.press("continue_action")
    expect(site.page.get_by_role("dialog")).to_be_visible()
