"""Windows into the running portal: one browser for all tests, a fresh context for each window, everything watched."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, expect, sync_playwright

from infra.build.environment import BUILD, find_chromium
from tests.e2e.people import PASSWORD
from tests.e2e.site import WIDE, Site
from tests.e2e.watch import Watch

ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
)
HEIGHT: Final = 900
TRACES: Final = BUILD / "e2e"
PATIENCE_MS: Final = 15_000
REGIONS: Final = {"en": "en-GB", "pl": "pl-PL", "uk": "uk-UA", "nb": "nb-NO", "fr": "fr-FR"}
CHOOSE: Final = """if (location.protocol === 'http:') localStorage.getItem('lokum.locale') ?? localStorage.setItem('lokum.locale', '{}')"""

Visit = Callable[..., Site]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder needs the world and a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.world)
            item.add_marker(pytest.mark.browser)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--screenshots", action="store_true", help="keep pictures of all pages in .build/screenshots")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Let the fixtures know how the test went."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


FAILED: Final = pytest.StashKey[bool]()


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        expect.set_options(timeout=PATIENCE_MS)
        yield running


@pytest.fixture(scope="package")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    path = find_chromium()
    assert path, "no Chromium here: make browser brings one"
    browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def sessions() -> dict[str, list[Any]]:
    """Cookies of who has signed in, kept for the whole run."""
    return {}


class Windows:
    """Opens windows for one test and judges them at its end."""

    def __init__(self, browser: Browser, origin: str, sessions: dict[str, list[Any]]) -> None:
        self.browser, self.origin, self.sessions = browser, origin, sessions
        self.opened: list[tuple[Site, BrowserContext]] = []

    def open(
        self,
        who: str | None = None,
        *,
        locale: str | None = "en",
        width: int = WIDE,
        fresh: bool = False,
        service_worker: bool = False,
    ) -> Site:
        """A window of its own, its language chosen on this device; without one it follows the person's data.

        ``fresh`` takes a session that no other test has, so that the test may end it.
        """
        context = self.browser.new_context(
            base_url=self.origin,
            locale=REGIONS[locale or "en"],
            viewport={"width": width, "height": HEIGHT},
            service_workers="allow" if service_worker else "block",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        watch = Watch(context)
        if locale:  # people's own language would win over the browser's; what is chosen on a device wins over both
            context.add_init_script(CHOOSE.format(locale))
        if who:
            self._give_session(context, who, fresh=fresh)
        site = Site(context.new_page(), self.origin, locale or "en", watch)
        self.opened.append((site, context))
        return site

    def _give_session(self, context: BrowserContext, who: str, *, fresh: bool) -> None:
        if fresh or who not in self.sessions:
            answer = context.request.post(
                f"{self.origin}/api/auth/sign-in",
                data={"email": who, "password": PASSWORD},
                headers={"X-Requested-With": "lokum"},
            )
            assert answer.ok, f"{who} cannot sign in: {answer.status} {answer.text()}"
            if not fresh:
                self.sessions[who] = context.cookies()
        else:
            context.add_cookies(self.sessions[who])

    def keep_pictures(self, name: str) -> None:
        TRACES.mkdir(parents=True, exist_ok=True)
        for number, (site, _context) in enumerate(self.opened):
            site.page.screenshot(path=TRACES / f"{name}-{number}.png", full_page=True)

    def close(self) -> list[str]:
        """Close all; what went wrong in them unnoticed."""
        for _site, context in self.opened:
            context.close()
        return [problem for site, _context in self.opened for problem in site.watch.problems]


@pytest.fixture
def visit(
    request: pytest.FixtureRequest, world: Any, chromium: Browser, sessions: dict[str, list[Any]]
) -> Iterator[Visit]:
    """Opens windows: ``visit(TENANT_PL, locale="pl", width=360)``. Unexpected errors in any of them fail the test."""
    windows = Windows(chromium, world.url, sessions)
    yield windows.open
    failed = request.node.stash.get(FAILED, True)
    if failed:
        windows.keep_pictures(request.node.name.replace("/", "-"))
    problems = windows.close()
    assert failed or not problems, "the pages did more than the test asked for:\n" + "\n".join(problems)
