"""The words of the daily digest: text, HTML and short form say the same in every language; `SNAPSHOTS=write` writes what is kept anew."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from notifications.channels.model import Message
from notifications.rendering import render, render_digest

from shared.i18n import LOCALES
from tests.letters import ORIGIN, SENDERS, UNSUBSCRIBE, message
from tests.unit.notifications.kept import check_kept
from tests.unit.notifications.test_rendering import EVIL, Page

KINDS = ("payment_due", "charge_posted", "reading_accepted")


def digest(locale: str, parts: list[Message], count: int | None = None) -> Message:
    return render_digest(
        parts,
        count or len(parts),
        locale,
        sender=SENDERS[locale],
        origin=ORIGIN,
        page="/notifications",
        notice_id="dig_1",
    )


def titled(subject: str) -> Message:
    return Message("ntc_1", subject, "text", "html", "short", ORIGIN, "en")


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_said_is_as_it_was(locale: str) -> None:
    made = digest(locale, [message(kind, locale) for kind in KINDS], 5)
    said = f"Subject: {made.subject}\nShort: {made.short}\n\n{made.text}"
    check_kept(f"digest/{locale}", said)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_letter_says_what_the_text_says(locale: str) -> None:
    made = digest(locale, [message(kind, locale) for kind in KINDS], 5)
    page = Page(made.html)
    assert page.open == []
    assert page.words[1] == made.subject
    links = [attributes["href"] for attributes in page.named("a")]
    assert [word for word in (*page.words[2:], *links) if word not in made.text] == []
    assert links == re.findall(r"https://\S+", made.text)


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("pl", {1: "1 nowe powiadomienie", 2: "2 nowe powiadomienia", 5: "5 nowych powiadomień", 22: "22 nowe powiadomienia"}),
        ("uk", {1: "1 нове сповіщення", 3: "3 нові сповіщення", 11: "11 нових сповіщень", 21: "21 нове сповіщення"}),
        ("nb", {1: "1 nytt varsel", 2: "2 nye varsler"}),
        ("fr", {1: "1 nouvelle notification", 2: "2 nouvelles notifications"}),
        ("en", {1: "1 new notification", 2: "2 new notifications"}),
    ],
)  # fmt: skip
def test_the_subject_is_their_number(locale: str, expected: dict[int, str]) -> None:
    for count, said in expected.items():
        assert digest(locale, [message("payment_due", locale)], count).subject == said


def test_all_of_one_kind_is_refused_with_one_click_and_others_each_by_itself() -> None:
    due, posted = message("payment_due", "en"), message("charge_posted", "en")
    alike = digest("en", [due, due])
    assert (alike.unsubscribe, alike.text.count(UNSUBSCRIBE), alike.html.count(UNSUBSCRIBE)) == (UNSUBSCRIBE, 1, 1)
    for parts, count in (([due, posted], 2), ([due, due], 3)):
        mixed = digest("en", parts, count)
        assert (mixed.unsubscribe, mixed.text.count(UNSUBSCRIBE)) == ("", parts.count(due)), (
            "what is not said may be another"
        )


def test_what_is_put_in_never_becomes_markup_nor_breaks_a_line() -> None:
    evil = render(
        "ticket_opened", {"number": f"{EVIL}\r\nBcc: x"}, {"ticket_id": '"><script>'}, "en", sender="x", origin=ORIGIN,
        notice_id="ntc_1", unsubscribe=f'{ORIGIN}/"><script>',
    )  # fmt: skip
    made = digest("en", [evil, message("payment_due", "en")])
    assert {tag for tag, _ in Page(made.html).tags} <= {
        "html", "head", "meta", "title", "style", "body", "div", "p", "h1", "a", "ul", "li",
    }  # fmt: skip
    assert "\n" not in made.subject + made.short


@given(
    st.lists(st.text("aż \u00a0", min_size=1, max_size=78).filter(str.strip), min_size=1, max_size=40),
    st.integers(0, 500),
)
@settings(max_examples=50)
def test_the_short_form_has_the_number_the_first_titles_and_how_many_are_left(titles: list[str], more: int) -> None:
    count = len(titles) + more
    short = digest("pl", [titled(title) for title in titles], count).short
    found = re.fullmatch(r"(\d+) now[a-z]+ powiadomie[a-zń]+:(.*?)(?: / \+(\d+))?", short)
    assert found, short
    said = found[2].split(" / ")
    assert len(said) + int(found[3] or 0) == count == int(found[1])
    assert [one.strip() for one in said] == [" ".join(title.split()) for title in titles[: len(said)]]
    assert len(said) == 1 or len(short) <= 160


def test_values_fill_the_template_that_whatsapp_has_approved() -> None:
    made = digest("en", [titled("A"), titled("B")])
    assert (made.kind, made.values) == ("digest", ("2 new notifications: A / B",))
    assert made.link == f"{ORIGIN}/notifications"
