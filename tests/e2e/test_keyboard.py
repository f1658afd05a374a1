"""Everything without a mouse, with the focus always to be seen; and with text twice as large."""

import secrets
from collections.abc import Callable
from datetime import date

from playwright.sync_api import Locator, expect

from tests.e2e import bank_files
from tests.e2e.conftest import Visit
from tests.e2e.people import PASSWORD, STAFF_PL, TENANT_FR, TENANT_PL
from tests.e2e.site import NARROW, PATIENCE_MS, Site, payload

MOST_STEPS = 60
FOCUS = """() => {
  const node = document.activeElement;
  // A heading that a page gives the focus to when it opens is no stop of Tab's: it wears no ring.
  if (!node || node === document.body || node.tabIndex < 0) return null;
  // The file chooser, a date's parts and the like hold the focus inside themselves.
  const style = getComputedStyle(node);
  const box = node.getBoundingClientRect();
  const ringed = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  // A date's calendar button lies inside the field and wears the browser's own ring.
  const native = node.type === 'date' && !node.matches(':focus-visible');
  const name = `${node.tagName.toLowerCase()} ${node.getAttribute('name') ?? node.textContent.trim().slice(0, 40)}`;
  const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const covered = at !== null && !node.contains(at) && !at.contains(node) && !at.closest('label');
  const inside = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
  return {name, ringed: ringed || native || style.boxShadow !== 'none', seen: inside && box.width > 1 && !covered};
}"""


class Keys:
    """A person at the keyboard alone."""

    def __init__(self, site: Site) -> None:
        self.site, self.page = site, site.page

    def to(self, wanted: Locator, key: str = "Tab") -> None:
        """Press Tab until something has the focus; every stop on the way has to be visible."""
        for _ in range(MOST_STEPS):
            self.page.keyboard.press(key)
            focus = self.page.evaluate(FOCUS)
            if focus is not None:
                assert focus["ringed"], f"no focus ring on {focus['name']}"
                assert focus["seen"], f"the focus is out of sight on {focus['name']}"
            if wanted.evaluate("node => node === document.activeElement"):
                return
        raise AssertionError(f"{wanted} is not reached by the keyboard")

    def press(self, wanted: Locator, key: str = "Enter") -> None:
        self.to(wanted)
        self.page.keyboard.press(key)

    def type(self, name: str, text: str) -> None:
        self.to(self.page.locator(f"[name={name}]"))
        self.page.keyboard.type(text)

    def sign_in(self, email: str) -> None:
        self.site.open("/sign-in")
        self.type("email", email)
        self.type("password", PASSWORD)
        self.page.keyboard.press("Enter")
        expect(self.page.locator(".account-button")).to_be_visible()
        self.site.settle()


def link(site: Site, key: str) -> Locator:
    return site.page.get_by_role("link", name=site.shape(key)).first


def test_a_tenant_finds_out_what_he_owes(visit: Visit) -> None:
    site = visit(locale="fr", width=NARROW)
    keys = Keys(site)
    keys.sign_in(TENANT_FR)

    # The first stop of every page skips the navigation.
    site.reload()
    skip = link(site, "skip_to_content")
    site.page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    assert skip.bounding_box()["height"] > 20  # type: ignore[index]
    site.page.keyboard.press("Enter")
    expect(site.page.locator("main")).to_be_focused()

    keys.press(link(site, "home_see_account"))
    expect(site.part("balance")).to_be_visible()
    expect(site.page.locator("h1")).to_be_focused()
    keys.press(link(site, "balance_explain"))
    expect(site.heading("explain_title")).to_be_focused()
    item = site.page.locator("details").first
    keys.press(item.locator("summary"))
    expect(item.locator(".sum-result")).to_be_visible()

    menu = site.page.locator(".account-button")
    keys.to(menu, key="Shift+Tab")
    site.page.keyboard.press("Enter")
    keys.to(site.page.get_by_role("button", name=site.text("sign_out")))
    site.page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    expect(site.page.locator("#account-panel")).to_be_hidden()


def test_staff_import_a_bank_statement(visit: Visit) -> None:
    site = visit(locale="uk")
    keys = Keys(site)
    keys.sign_in(STAFF_PL)
    keys.press(link(site, "nav_bank_statements"))
    expect(site.page.locator("input[name=file]")).to_be_visible()
    with site.page.expect_file_chooser() as chooser:
        keys.press(site.page.locator("input[name=file]"))
    content = bank_files.transfer(
        name=secrets.token_hex(6),
        title="wpłata",
        payer="ANNA NIEZNANA",
        payer_account="PL13102010260000000000000019",
        amount="5.00",
        on=date(2026, 1, 5),
    )
    chooser.value.set_files([payload("statement.xml", content)])
    keys.press(site.page.get_by_role("button", name=site.text("bank_import_action"), exact=True))
    expect(site.part("import-state")).to_have_attribute("data-state", "done", timeout=PATIENCE_MS)
    expect(site.page.locator("h1")).to_be_focused()


def test_a_dialog_keeps_the_focus_and_gives_it_back(visit: Visit) -> None:
    site = visit(STAFF_PL, locale="pl")
    site.open("/unmatched-transfers")
    keys = Keys(site)
    keys.press(site.part("transfer-row").first.get_by_role("button"))
    expect(site.part("transfer-detail").get_by_role("heading", level=2)).to_be_focused()
    site.fill(q="a")
    site.press("search_action")
    pick = site.part("found-contract").first.get_by_role("button")
    keys.press(pick)
    dialog = site.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    inside = "node => node.contains(document.activeElement) || document.activeElement === document.body"
    for _ in range(6):
        site.page.keyboard.press("Tab")
        assert dialog.evaluate(inside)
    site.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(pick).to_be_focused()


def twice_as_large(site: Site) -> None:
    site.page.evaluate("document.documentElement.style.fontSize = '200%'")


LOST = """() => [...document.querySelectorAll('main *, nav *, header *')].filter(node => {
  const style = getComputedStyle(node);
  const cut = style.overflowX !== 'visible' && node.scrollWidth > node.clientWidth + 1
    && !['auto', 'scroll'].includes(style.overflowX);
  return cut && node.textContent.trim() && !node.closest('.hidden') && node.clientWidth > 1;
}).map(node => `${node.tagName} ${node.className}: ${node.textContent.trim().slice(0, 40)}`)"""


def test_text_twice_as_large_loses_nothing(visit: Visit) -> None:
    site = visit(TENANT_PL, locale="uk")
    contract_id = site.get("/contracts")["items"][0]["contract_id"]
    paths: list[tuple[str, Callable[[], object]]] = [
        ("/", lambda: None),
        (f"/accounts/{contract_id}", lambda: None),
        (f"/accounts/{contract_id}/explain", site.page.locator("summary").first.click),
        ("/own-data", lambda: None),
        ("/own-data/password", site.menu),
    ]
    for path, act in paths:
        site.open(path)
        act()
        twice_as_large(site)
        wider = site.page.evaluate("document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth")
        assert wider <= 0, f"{path} is {wider} px too wide"
        assert site.page.evaluate(LOST) == [], path
