"""A leak from its report to its rating, and a call on the telephone: who looks at an open page sees every step without loading it again."""

import secrets
import time
from typing import Any, Final

from playwright.sync_api import Locator, Response, expect

from tests import reports
from tests.e2e.conftest import Visit
from tests.e2e.people import OWNER_PL, STAFF_PL, TENANT_NO, TENANT_PL
from tests.e2e.site import NARROW, Site
from tests.load.figures import say
from tests.unit.uploads.media import pdf

FOUR_TAPS: Final = 4
LIVE_SECONDS: Final = 3.0
"""What is promised; a machine on which many others work may need longer, so more is only refused beyond LATEST_SECONDS."""
LATEST_SECONDS: Final = 12.0
COUNT_TAPS: Final = (
    "window.taps = 0; addEventListener('pointerdown', event => { window.taps += event.isTrusted ? 1 : 0 }, true)"
)


class Watched:
    """A page that stays open while others act: how long it takes until it shows what they did. Any reload would empty its mark."""

    def __init__(self, site: Site) -> None:
        self.site, self.seconds = site, {}
        self.mark = secrets.token_hex(4)
        self.keep_open()

    def keep_open(self) -> None:
        """From now on this document must not be left."""
        self.site.page.evaluate("mark => { window.mark = mark }", self.mark)

    def shows(self, what: str, since: float, *places: Locator) -> None:
        """Wait until all of it can be seen, without a reload, and note the time."""
        for place in places:
            expect(place).to_be_visible(timeout=LATEST_SECONDS * 1000)
        self.seconds[what] = time.monotonic() - since
        assert self.site.page.evaluate("window.mark") == self.mark, "the page was loaded again"


def answered(site: Site, method: str, path: str, act: Any) -> tuple[Response, float]:
    """The answer to what `act` makes the page send to an address with `path` in it, and when it came."""

    def wanted(response: Response) -> bool:
        return response.request.method == method and path in response.url

    with site.page.expect_response(wanted) as caught:
        act()
    assert caught.value.ok, f"{caught.value.status} {caught.value.text()}"
    return caught.value, time.monotonic()


def standing(site: Site, status: str) -> Locator:
    """The ticket's status as the page says it: for people `ticket-status`, for staff `standing`."""
    return site.page.locator(
        f"[data-testid=ticket-status][data-status={status}], [data-testid=standing][data-status={status}]"
    )


def said(site: Site, words: str) -> Locator:
    """An entry of the timeline with these words."""
    return site.part("entry").filter(has_text=words)


def step(staff: Site, key: str, words: str | None = None, wanted: str | None = None) -> float:
    """A step of staff, with the words that it asks for, and what they want of the resident; when it was answered."""

    def go() -> None:
        staff.press(key, within=staff.part("steps"))
        if words is not None:
            dialog = staff.page.get_by_role("dialog")
            if wanted is not None:
                dialog.get_by_label(staff.text("queue_wanted")).select_option(wanted)
            dialog.get_by_role("textbox").fill(words)
            staff.press(key, within=dialog)

    return answered(staff, "PATCH", "/tickets/", go)[1]


def report_leak(tenant: Site) -> tuple[dict[str, Any], float]:
    """From the first page to the sent report, as on a telephone; the receipt."""
    tenant.open("/")
    tenant.page.evaluate(COUNT_TAPS)
    tenant.follow("home_report")
    photo = {"name": "cieknie.jpg", "mimeType": "image/jpeg", "buffer": reports.photo(1600, 1200)}
    tenant.page.locator("input[name=files]").set_input_files([photo])
    tenant.part("place").filter(has_text="Kuchnia").click()
    tenant.part("problem").filter(has_text="Przeciek").click()
    answer, at = answered(tenant, "POST", "/api/tickets", lambda: tenant.press("report_send"))
    expect(tenant.part("sent")).to_be_visible()
    taps = tenant.page.evaluate("window.taps")
    assert 0 < taps <= FOUR_TAPS, f"{taps} taps"
    return answer.json(), at


def write(staff: Site, kind: str, form: str, action: str, words: str) -> float:
    """A word of staff, to the resident or for themselves; when it was answered."""
    staff.press(kind)
    staff.part(form).get_by_role("textbox").fill(words)
    return answered(staff, "POST", "/comments", lambda: staff.press(action, within=staff.part(form)))[1]


def hand_in_document(tenant: Site, number: str) -> None:
    """From the inbox to the ticket that waits for a document, and choose one there."""
    tenant.part("bell").click()
    words = tenant.text("notice_ticket_asked_document", number=number)
    told = tenant.page.locator("[data-testid=notice-row][data-kind=ticket_asked]").filter(has_text=words)
    tenant.until(lambda: told.count() == 1, "the notice")
    told.get_by_role("link").click()
    expect(tenant.part("awaiting-you")).to_contain_text(tenant.text("ticket_document_title"))
    warranty = {"name": "gwarancja.pdf", "mimeType": "application/pdf", "buffer": pdf(b"gwarancja")}
    tenant.page.locator("input[name=files]").set_input_files([warranty])


def test_a_leak_from_its_report_to_its_rating(visit: Visit) -> None:
    # Given staff with the queue open, and a tenant with a telephone
    staff, tenant = visit(STAFF_PL, locale="pl"), visit(TENANT_PL, locale="pl", width=NARROW)
    staff.open("/queue?status=new")
    desk = Watched(staff)

    # When the tenant reports a leak with a photo, the queue shows it at once
    receipt, at = report_leak(tenant)
    row = staff.part("ticket-row").filter(has_text=receipt["number"])
    desk.shows("report in the queue", at, row)
    tenant.follow("report_follow")
    expect(standing(tenant, "not_reviewed")).to_be_visible()
    expect(tenant.part("attachment").locator("img")).to_be_visible()
    home = Watched(tenant)

    # and staff see the photo beside the queue
    row.get_by_role("link").click()
    expect(standing(staff, "new")).to_be_visible()
    picture = staff.part("attachment").locator("img")
    expect(picture).to_be_visible()
    assert picture.evaluate("async node => { await node.decode(); return node.naturalWidth }") > 0

    # The tenant sees each step of theirs live: accepted,
    home.shows("accepted", step(staff, "queue_step_accepted"), standing(tenant, "in_progress"))
    # written to, but not what they note for themselves,
    note, reply, result = (
        f"{word} {secrets.token_hex(4)}" for word in ("Notatka", "Jutro o dziewiątej", "Uszczelka wymieniona")
    )
    write(staff, "ticket_internal", "note-form", "queue_note_action", note)
    at = write(staff, "queue_reply", "reply-form", "queue_reply_action", reply)
    home.shows("comment", at, said(tenant, reply))
    expect(said(tenant, note)).to_have_count(0)
    # asked for a document, of which his inbox tells him and which he hands in,
    question = f"Proszę o kartę gwarancyjną {secrets.token_hex(4)}"
    at = step(staff, "queue_step_waiting_for_tenant", question, "document")
    home.shows("asked", at, tenant.part("awaiting-you").filter(has_text=question))
    expect(staff.part("asked")).to_contain_text(question)
    hand_in_document(tenant, receipt["number"])
    _, at = answered(tenant, "POST", "/comments", lambda: tenant.press("ticket_write_action"))
    home.keep_open()
    desk.shows(
        "document", at, staff.part("attachment").filter(has_text="gwarancja.pdf"), standing(staff, "in_progress")
    )
    expect(tenant.part("awaiting-you")).to_have_count(0)
    # and finished with a result.
    at = step(staff, "queue_step_done", result)
    home.shows("finished", at, standing(tenant, "reviewed"), tenant.part("result").filter(has_text=result))

    # It leaks again: the tenant reopens, which staff see live, and finish once more
    again = f"Znowu cieknie {secrets.token_hex(4)}"
    tenant.press("ticket_reopen")
    tenant.page.get_by_label(tenant.text("ticket_reopen_reason")).fill(again)
    _, at = answered(tenant, "POST", "/reopening", lambda: tenant.press("ticket_reopen_action"))
    desk.shows("reopened, at the desk", at, standing(staff, "new"), said(staff, again))
    expect(tenant.part("result")).to_have_count(0)
    at = step(staff, "queue_step_done", f"Wężyk wymieniony. {result}")
    home.shows("finished again", at, standing(tenant, "reviewed"), tenant.part("result").filter(has_text="Wężyk"))

    # and now the tenant is content
    thanks = f"Dziękuję {secrets.token_hex(4)}"
    rating = tenant.part("rating")
    rating.get_by_role("radio").nth(3).check()
    rating.get_by_role("textbox").fill(thanks)
    _, at = answered(tenant, "POST", "/rating", lambda: tenant.press("ticket_rate_action", within=rating))
    desk.shows("rating, at the desk", at, staff.page.get_by_text(thanks).first)
    expect(rating).to_have_count(0)
    assert tenant.get(f"/tickets/{receipt['ticket_id']}")["stars"] == 4
    tell(desk, home)


def test_a_call_becomes_a_ticket_that_the_caller_follows(visit: Visit) -> None:
    # Given an owner who looks at his tickets
    staff, owner = visit(STAFF_PL, locale="pl"), visit(OWNER_PL, locale="pl")
    contract = owner.get("/contracts")["items"][0]
    owner.open("/tickets")
    home = Watched(owner)

    # When he rings, and staff write it down
    subject = f"Domofon nie działa {secrets.token_hex(3)}"
    staff.open("/queue/new")
    staff.fill(q=contract["number"])
    staff.press("search_action")
    staff.press("pick_action", within=staff.part("found-contract").filter(has_text=contract["number"]).first)
    person_id = owner.get("/auth/me")["person"]["person_id"]
    staff.fill(reporter_id=person_id, channel="telephone")
    staff.page.get_by_label(staff.text("ticket_category"), exact=True).select_option("intercom")
    staff.fill(subject=subject, description="Dzwonił rano.")
    answer, at = answered(staff, "POST", "/api/tickets", lambda: staff.press("queue_new_action"))
    receipt = answer.json()
    expect(staff.part("receipt")).to_contain_text(receipt["number"])

    # Then it stands among his, at once, and he may write to it
    row = owner.part("ticket-row").filter(has_text=subject)
    home.shows("telephone ticket in the owner's list", at, row)
    row.get_by_role("link").click()
    owner.settle()
    expect(owner.page.get_by_role("heading", level=1)).to_contain_text(subject)
    expect(owner.page.get_by_role("textbox", name=owner.text("ticket_entry_commented"), exact=True)).to_be_visible()
    seen = staff.get(f"/tickets/{receipt['ticket_id']}")
    assert (seen["channel"], seen["reporter_id"]) == ("telephone", person_id)
    tell(home)

    # And to tenants, of this manager and of another, it does not exist
    for who in (TENANT_PL, TENANT_NO):
        stranger = visit(who, locale="pl")
        stranger.watch.expect(f"/api/tickets/{receipt['ticket_id']}", 404)
        stranger.open(f"/tickets/{receipt['ticket_id']}")
        expect(stranger.part("not-found")).to_be_visible()
        expect(stranger.page.get_by_text(subject)).to_have_count(0)


def tell(*pages: Watched) -> None:
    """Print how long each change took from its answer to the other's open page."""
    say("")
    for what, seconds in ((what, seconds) for page in pages for what, seconds in page.seconds.items()):
        late = "" if seconds <= LIVE_SECONDS else f"   later than {LIVE_SECONDS:g} s"
        say(f"  {what:<40} {seconds:5.2f} s{late}")
