"""The message that is made from a notice: text, HTML and short form say the same, and nothing that is put in becomes markup."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from notifications.kinds import KINDS, REFUSABLE
from notifications.rendering import render

from shared.i18n import LOCALES
from tests.letters import ABOUT, ORIGIN, UNSUBSCRIBE, message, values_of

EVIL = """"><img src=x onerror=alert(1)><script>alert('1')</script>&lt;$subject {0}"""


class Page(HTMLParser):
    """The tags of a page, its links, and the words that are read in its body."""

    def __init__(self, html: str):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if data.strip() and "body" in self.open:
            self.words.append(data.strip())

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_letter_says_what_the_text_says(kind: str, locale: str) -> None:
    made = message(kind, locale)
    page = Page(made.html)
    assert page.open == []
    assert page.named("html") == [{"lang": locale}]
    assert len(page.named("h1")) == len(page.named("title")) == 1
    assert {tag for tag, _attributes in page.tags} == {
        "html", "head", "meta", "title", "style", "body", "div", "p", "h1", "a",
    }  # fmt: skip
    may_be_refused = KINDS[kind].nature in REFUSABLE
    _sender, subject, *paragraphs, action, sent_by, refusal = [*page.words, *([] if may_be_refused else [""])]
    assert (subject, made.locale) == (made.subject, locale)
    assert len(paragraphs) == (2 if kind == "newsletter" else 1)
    refused = [f"{refusal}\n{UNSUBSCRIBE}"] if may_be_refused else []
    assert made.text == "\n\n".join([*paragraphs, f"{action}\n{made.link}", sent_by, *refused]) + "\n"
    links = [attributes["href"] for attributes in page.named("a")]
    assert links == ([made.link, UNSUBSCRIBE] if may_be_refused else [made.link])


@pytest.mark.parametrize("kind", KINDS)
def test_it_leads_to_the_page_of_its_kind(kind: str) -> None:
    assert message(kind, "en").link == ORIGIN + KINDS[kind].page.format_map(ABOUT)
    assert message(kind, "en").urgent == (kind == "incident_opened")


@pytest.mark.parametrize("locale", LOCALES)
def test_a_name_that_ends_in_a_full_stop_brings_no_second_one(locale: str) -> None:
    given = {"sender": "Lipowa sp. z o.o.", "origin": ORIGIN, "notice_id": "ntc_1"}
    made = render("payment_failed", {}, ABOUT, locale, **given)
    assert made.text.endswith("Lipowa sp. z o.o.\n")
    assert "o.o.." not in made.html


def test_what_is_put_in_never_becomes_markup() -> None:
    made = render(
        "ticket_opened",
        {"number": EVIL},
        {"ticket_id": '../x?y="><script>'},
        "pl",
        sender=EVIL,
        origin=ORIGIN,
        notice_id="ntc_1",
        unsubscribe=f'{ORIGIN}/"><script>',
    )
    page, plain = Page(made.html), Page(message("payment_due", "pl").html)
    assert [tag for tag, _attributes in page.tags] == [tag for tag, _attributes in plain.tags]
    assert page.words[0] == EVIL
    assert EVIL in page.words[1] == made.subject
    assert EVIL in page.words[2]
    assert [attributes["href"] for attributes in page.named("a")] == [
        f"{ORIGIN}/tickets/..%2Fx%3Fy%3D%22%3E%3Cscript%3E",
        f'{ORIGIN}/"><script>',
    ]


def test_what_others_write_never_becomes_markup_and_keeps_its_lines() -> None:
    text = f"{EVIL}\nA line\n\nA paragraph"
    made = message("newsletter", "pl", title=EVIL, start=EVIL, text=text)
    page, plain = Page(made.html), Page(message("newsletter", "pl").html)
    assert [tag for tag, _ in page.tags if tag != "br"] == [tag for tag, _ in plain.tags]
    assert page.words[2:5] == [EVIL, "A line", "A paragraph"]
    assert (made.subject, made.text.partition("\n\nPrzeczytaj")[0]) == (EVIL, text)


def test_an_address_without_a_space_does_not_make_the_letter_wider() -> None:
    made = message("newsletter", "pl", title="x", start="x", text="https://portal.example/" + "a" * 200)
    (letter,) = re.findall(r"^\.letter \{(.*)\}$", made.html, re.MULTILINE)[:1]
    assert "overflow-wrap: break-word;" in letter


def test_what_is_put_in_never_breaks_a_line() -> None:
    made = message("contract_ending", "en", number="1\r\nBcc: all@example.com\n")
    assert made.subject == "Contract 1 Bcc: all@example.com ends in\u00a022\u00a0days"
    assert "\n" not in made.short


def test_a_template_is_filled_in_the_order_of_the_kind() -> None:
    made = message("charge_posted", "en")
    assert (made.kind, made.values) == ("charge_posted", ("€1,250.35", "rent", "5\u00a0November\u00a02026"))


def test_what_the_link_needs_must_be_there() -> None:
    with pytest.raises(KeyError, match="contract_id"):
        render("payment_due", values_of("payment_due", "pl"), {}, "pl", sender="x", origin=ORIGIN, notice_id="ntc_1")


def test_languages_are_learnt_only_to_write() -> None:
    program = "import sys; from notifications import app; assert app.app; sys.exit('babel' in sys.modules)"
    path = {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr or "a handler that starts imports Babel"
