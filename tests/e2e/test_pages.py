"""Every page, in every language, on a telephone and on a desk: accessible, translated, nothing sticks out."""

import re
from functools import cache
from itertools import product
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import expect

from infra.build.environment import BUILD
from tests.e2e import texts
from tests.e2e.conftest import HEIGHT, Visit
from tests.e2e.pages import PAGES, Shown
from tests.e2e.people import TENANT_FR, TENANT_NO, TENANT_UA
from tests.e2e.site import NARROW, WIDE, Site

AXE: Final = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CHECK: Final = """async ([tags, rules]) => {
  const answer = await axe.run(document, {runOnly: {type: 'tag', values: tags}, rules, resultTypes: ['violations']});
  return answer.violations.map(one => `${one.id}: ${one.help} ` + one.nodes.slice(0, 3).map(
    node => node.target.join(' ') + ' ' + (node.any[0]?.message ?? node.all[0]?.message ?? node.none[0]?.message ?? '')).join('; '));
}"""
SHOWN: Final = """() => {
  const found = [document.title];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.textContent.trim();
    // A language names itself in its own words, and the columns of a file have the same names in all of them.
    if (text && !walk.currentNode.parentElement.closest('[lang]:not(html), code')) found.push(text);
  }
  for (const node of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]'))
    for (const name of ['aria-label', 'placeholder', 'title', 'alt'])
      if (node.getAttribute(name)) found.push(node.getAttribute(name));
  return found;
}"""
OVERFLOW: Final = """() => {
  const root = document.scrollingElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  return [...document.querySelectorAll('body *')].filter(
    node => node.getBoundingClientRect().right > root.clientWidth + 1 && !node.closest('.hidden')
  ).slice(0, 5).map(node => `${node.tagName} ${node.className} ${node.textContent.trim().slice(0, 30)}`);
}"""
CUT: Final = """() => [...document.querySelectorAll('.table-box')].filter(
  box => box.scrollWidth > box.clientWidth + 1
).map(box => `${box.scrollWidth} of ${box.clientWidth}: ${box.textContent.trim().slice(0, 60)}`)"""
"""Tables that have to be pushed aside to be read: on a telephone no words of usual size are so long."""
KEY: Final = re.compile(r"\b[a-z]{2,}(?:_[a-z0-9]+)+\b")
NO_SUCH_VALUE: Final = re.compile(r"\b(?:undefined|NaN|null)\b|\[object |Invalid Date|\{\w+\}")
PICTURES: Final = BUILD / "screenshots"
EXAMINED: Final = {NARROW: frozenset({"en", "uk"}), WIDE: frozenset({"en"})}
"""Languages in which axe examines a page of a width. What it finds lies in how a page is made, not in its words, and examining takes
most of the time; words and widths are looked at in every language. With --screenshots everything is examined.
"""
IN_THE_DARK: Final = frozenset(
    {
        "home",
        "account",
        "explain",
        "sign-in-refused",
        "unmatched-transfers",
        "bank-statement",
        "report-emergency",
        "ticket",
    }
)


@cache
def axe() -> str:
    return AXE.read_text("utf-8")


def violations(site: Site, *, contrast: bool = True) -> list[str]:
    """What axe finds. Contrast takes most of its time and does not depend on the language."""
    if not site.page.evaluate("typeof axe === 'object'"):
        site.page.evaluate(axe())
    found: list[str] = site.page.evaluate(CHECK, [RULES, {"color-contrast": {"enabled": contrast}}])
    return found


def wording(site: Site) -> list[str]:
    """What is shown and should not be: keys, values without words, another language's words."""
    shown: list[str] = site.page.evaluate(SHOWN)
    foreign = texts.foreign(site.locale) if site.locale != "en" else frozenset()
    return [
        text
        for text in shown
        if NO_SUCH_VALUE.search(text) or (KEY.search(text) and "@" not in text and "." not in text) or text in foreign
    ]


def faults(site: Site, *, contrast: bool = True, examine: bool = True) -> list[str]:
    """All that is wrong with the page as it is shown now."""
    found = {
        "axe": violations(site, contrast=contrast) if examine else [],
        "words": wording(site),
        "language": [lang for lang in [site.page.evaluate("document.documentElement.lang")] if lang != site.locale],
        "too wide": site.page.evaluate(OVERFLOW),
        "cut": site.page.evaluate(CUT) if site.page.evaluate("innerWidth") == NARROW else [],
        "headings": [] if site.page.locator("h1").count() == 1 else ["not one h1"],
    }
    return [f"{site.locale}, {kind}: {one}" for kind, several in found.items() for one in several]


def show_whole(site: Site, width: int) -> None:
    """A window as high as the page, so that a bar at its foot lies over nothing but the foot."""
    site.page.set_viewport_size({"width": width, "height": HEIGHT})
    height = site.page.evaluate("document.documentElement.scrollHeight")
    site.page.set_viewport_size({"width": width, "height": height})


def keep_picture(site: Site, shown: Shown, width: int) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    looks = ("light", "dark") if shown.name in IN_THE_DARK else ("light",)
    for look in looks:
        site.choose_look(look)  # type: ignore[arg-type]
        site.page.screenshot(path=PICTURES / f"{shown.name}-{width}-{site.locale}-{look}.png", full_page=True)
    site.choose_look("light")


def languages(shown: Shown) -> list[str]:
    """English and another one, in turns; a page is seen in all where pictures are kept. That no word is missing, contract tests hold."""
    others = [locale for locale in texts.LOCALES if locale != "en"]
    return ["en", others[PAGES.index(shown) % len(others)]]


def look_at(site: Site, shown: Shown, *, thorough: bool) -> list[str]:
    """What is wrong with a page. In English it is brought up in each width; in the other languages it is widened, which takes half the time."""
    path = shown.path(site)
    found: list[str] = []
    for locale, width in product(texts.LOCALES if thorough else languages(shown), EXAMINED):
        site.page.set_viewport_size({"width": width, "height": HEIGHT})
        if locale == "en" or width == NARROW:
            if locale != site.locale:
                site.keep_language(locale)
            site.open(path)
            shown.act(site)
            site.settle()
        examine = thorough or locale in EXAMINED[width]
        if examine:
            show_whole(site, width)
        found += [f"{width}, {one}" for one in faults(site, contrast=locale == "en", examine=examine)]
        if locale == "en" and shown.name in IN_THE_DARK:
            site.choose_look("dark")
            found += [f"{width}, dark: {one}" for one in violations(site)]
            site.choose_look("light")
        if thorough and locale in {"pl", "uk"}:
            keep_picture(site, shown, width)
    return found


@pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.name)
def test_every_page_in_its_languages(visit: Visit, request: pytest.FixtureRequest, shown: Shown) -> None:
    site = visit(shown.who, locale="en")
    thorough = request.config.getoption("--screenshots", default=False)
    with site.remembered_answers():
        found = look_at(site, shown, thorough=thorough)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("who", "locale"), [(TENANT_UA, "uk"), (TENANT_NO, "nb"), (TENANT_FR, "fr")])
def test_an_organisation_in_its_own_language(visit: Visit, who: str, locale: str) -> None:
    """Without a choice of his own a person reads in the language of his data, from the first page on."""
    site = visit(who, locale=None)
    site.locale = locale
    for path in ("/", "/contracts"):
        site.open(path)
        assert not faults(site)


def test_a_language_is_chosen_on_the_page(visit: Visit) -> None:
    """The page comes back at the same address in the chosen language, and so does every later one."""
    site = visit(TENANT_NO, locale="nb")
    site.open("/contracts?from=menu")
    site.menu()
    site.choose_language("fr")
    expect(site.heading("nav_contracts")).to_be_visible()
    site.is_at("/contracts?from=menu")
    site.open("/")
    assert not faults(site, examine=False)


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_dark_and_light_can_be_chosen(visit: Visit, width: int) -> None:
    site = visit(TENANT_NO, locale="nb", width=width)
    site.open("/")
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light = site.page.evaluate(paper)
    panel = site.menu()
    panel.get_by_label(site.text("settings_appearance")).select_option("dark")
    dark = site.page.evaluate(paper)
    assert dark != light
    assert violations(site) == []
    site.reload()
    assert site.page.evaluate(paper) == dark
    site.menu().get_by_label(site.text("settings_appearance")).select_option("light")
    assert site.page.evaluate(paper) == light
