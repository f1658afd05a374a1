"""The site as a person drives it: go somewhere, read, fill in, press; words in the language that is shown."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal

from playwright.sync_api import APIRequestContext, APIResponse, FilePayload, Locator, Page, Route, expect

from tests.e2e import texts
from tests.e2e.people import PASSWORD
from tests.e2e.watch import Watch

NARROW: Final = 360
WIDE: Final = 1280
SETTLED: Final = (
    "() => document.querySelector('h1') && !document.querySelector('.skeleton, [aria-busy=true], [data-busy]')"
)
PATIENCE_MS: Final = 45_000
RETRY_MS: Final = 250


def payload(name: str, content: bytes) -> FilePayload:
    """A file as a person chooses it; banks' files have no type that a browser would know."""
    return {"name": name, "mimeType": "", "buffer": content}


class Site:
    """One browser window of one person. ``api`` shares its cookies."""

    def __init__(self, page: Page, origin: str, locale: str, watch: Watch) -> None:
        self.page, self.origin, self.locale, self.watch = page, origin, locale, watch

    @property
    def api(self) -> APIRequestContext:
        return self.page.context.request

    @property
    def path(self) -> str:
        """Address of the page within the site, with its query."""
        return self.page.url.removeprefix(self.origin)

    def get(self, path: str) -> Any:
        """What the API answers to this person."""
        answer = self.api.get(f"{self.origin}/api{path}")
        assert answer.ok, f"{answer.status} for {path}: {answer.text()}"
        return answer.json()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """What the API answers to this person's command."""
        answer = self.api.post(f"{self.origin}/api{path}", data=body, headers={"X-Requested-With": "lokum"})
        assert answer.ok, f"{answer.status} for {path}: {answer.text()}"
        return answer.json() if answer.body() else None

    # --- reading

    def text(self, key: str, **values: object) -> str:
        return texts.text(self.locale, key, **values)

    def shape(self, key: str) -> re.Pattern[str]:
        return texts.shape(self.locale, key)

    def part(self, test_id: str) -> Locator:
        return self.page.get_by_test_id(test_id)

    def heading(self, key: str, **values: object) -> Locator:
        return self.page.get_by_role("heading", level=1, name=self.text(key, **values), exact=True)

    def notice(self, key: str, **values: object) -> Locator:
        return self.page.locator(".notice").filter(has_text=self.text(key, **values))

    def is_at(self, path: str) -> None:
        """Expect this address within the site, with its query."""
        expect(self.page).to_have_url(f"{self.origin}{path}")

    def has_balance(self, amount: int) -> None:
        """Expect a balance to be shown, in minor units; positive is a debt."""
        expect(self.part("balance")).to_have_attribute("data-minor", str(amount))

    def balance(self) -> int:
        """The balance shown, in minor units; positive is a debt."""
        return int(self.part("balance").get_attribute("data-minor") or "")

    def number(self, test_id: str) -> int:
        """A counter's value, however it is written in this language."""
        return int(self.part(test_id).get_attribute("data-value") or "")

    # --- going

    def open(self, path: str) -> None:
        self.page.goto(f"{self.origin}{path}")
        self.settle()

    def reload(self) -> None:
        self.page.reload()
        self.settle()

    def settle(self) -> None:
        """Wait until nothing on the page is being loaded any more."""
        self.page.wait_for_function(SETTLED)

    def follow(self, key: str, within: Locator | None = None) -> None:
        """Press the link with these words."""
        place = within or self.page
        place.get_by_role("link", name=self.shape(key)).first.click()
        self.settle()

    def press_link(self, key: str) -> None:
        """Press the link with these words, wherever it may lead."""
        self.page.get_by_role("link", name=self.shape(key)).first.click()

    def press(self, key: str, within: Locator | None = None) -> None:
        """Press the button with these words."""
        place = within or self.page
        place.get_by_role("button", name=self.shape(key)).first.click()

    def fill(self, **fields: str) -> None:
        """Fill in fields by their names."""
        for name, value in fields.items():
            control = self.page.locator(f"[name={name}]")
            if control.evaluate("node => node.tagName") == "SELECT":
                control.select_option(value)
            else:
                control.fill(value)

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Load the page again until something is there that other parts of the system bring in their own time."""
        waited = 0
        while not condition():
            assert waited < PATIENCE_MS, f"still not after {PATIENCE_MS / 1000:.0f} s: {what}"
            self.page.wait_for_timeout(RETRY_MS)
            waited += RETRY_MS
            self.reload()

    def show_all(self) -> None:
        """Press "show more" until the whole list is there."""
        more = self.page.get_by_role("button", name=self.text("list_more"), exact=True)
        while more.count():
            shown = self.page.locator("tbody tr").count()
            more.click()
            expect(self.page.locator("tbody tr").nth(shown)).to_be_visible()
            self.settle()

    # --- what people do

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        """Fill in the sign-in form that is shown."""
        self.fill(email=email, password=password)
        self.press("sign_in_action")

    def signed_in_as(self, email: str, password: str = PASSWORD) -> None:
        """Open the site and sign in with the form."""
        self.open("/sign-in")
        self.sign_in(email, password)
        expect(self.page.locator(".account-button")).to_be_visible()
        self.settle()

    def menu(self) -> Locator:
        """The opened account menu."""
        panel = self.page.locator("#account-panel")
        if not panel.is_visible():
            self.page.locator(".account-button").click()
        expect(panel).to_be_visible()
        return panel

    def sign_out(self) -> None:
        self.menu().get_by_role("button", name=self.text("sign_out")).click()
        expect(self.heading("sign_in_title")).to_be_visible()

    def choose_language(self, locale: str) -> None:
        """Choose the language with the page's own control, which loads the page again."""
        control = self.page.locator("select").filter(has=self.page.locator("option[value=nb]"))
        control.select_option(locale)
        self.locale = locale
        self.page.wait_for_function("locale => document.documentElement.lang === locale", arg=locale)
        self.settle()

    def keep_language(self, locale: str) -> None:
        """As if the language had been chosen here before: pages that are opened from now on are in it."""
        self.page.evaluate("locale => localStorage.setItem('lokum.locale', locale)", locale)
        self.locale = locale

    @contextmanager
    def remembered_answers(self) -> Iterator[None]:
        """What the API was asked once is not asked again: the page shows the same data each time, and sooner."""
        known: dict[str, APIResponse] = {}

        def answer(route: Route) -> None:
            request = route.request
            if request.method != "GET":
                route.fallback()
                return
            if request.url not in known:
                known[request.url] = route.fetch()
            route.fulfill(response=known[request.url])

        self.page.route("**/api/**", answer)
        try:
            yield
        finally:
            self.page.unroute_all(behavior="ignoreErrors")

    def choose_look(self, look: Literal["light", "dark"]) -> None:
        """Show the page light or dark, as the device would ask for it."""
        self.page.emulate_media(color_scheme=look)

    def import_statement(self, name: str, content: bytes) -> dict[str, int]:
        """Upload a bank statement and wait for its end; the counters that are shown then."""
        self.open("/bank-statements")
        self.page.locator("input[name=file]").set_input_files([payload(name, content)])
        self.press("bank_import_action")
        expect(self.part("import-state")).to_have_attribute("data-state", "done", timeout=PATIENCE_MS)
        return {key: self.number(key) for key in ("transactions", "matched", "unmatched", "duplicates")}
