"""From a notice to the message that travels: its words in the reader's language as text, as HTML and in short, and where it leads."""

from collections.abc import Mapping
from functools import cache
from html import escape
from string import Template
from urllib.parse import quote

from notifications import wording
from notifications.channels.model import Message
from notifications.kinds import KINDS


def render(
    kind: str,
    values: wording.Values,
    about: Mapping[str, str],
    locale: str,
    *,
    sender: str,
    origin: str,
    notice_id: str,
    unsubscribe: str = "",
) -> Message:
    """A notice of a kind for a reader. `sender` is the organisation's name, `origin` the site's, `unsubscribe` where this kind is refused.

    Raises KeyError where a value, a code's words or an id that the link needs is missing, ValueError for a day that is none.
    """
    language = wording.supported(locale)
    put_in = wording.written(kind, values, language)
    words = {key: wording.say(language, kind, key, put_in) for key in ("subject", "text", "short", "action")}
    words["link"] = origin.rstrip("/") + _page(kind, about)
    words["sender"] = wording.line(sender)
    words["sent_by"] = wording.say(language, "letter", "sent_by", words)
    refusal = wording.say(language, "letter", "unsubscribe", {}) if unsubscribe else ""
    return Message(
        notice_id=notice_id,
        subject=words["subject"],
        text=_text(words, refusal, unsubscribe),
        html=_html(words, refusal, unsubscribe, language),
        short=wording.line(words["short"]),  # in an SMS a no-break space would double the price of all letters
        link=words["link"],
        locale=language,
        unsubscribe=unsubscribe,
        urgent=KINDS[kind].urgent,
        kind=kind,
        values=tuple(put_in.values()),
    )


def _page(kind: str, about: Mapping[str, str]) -> str:
    return KINDS[kind].page.format_map({name: quote(one, safe="") for name, one in about.items()})


def _text(words: Mapping[str, str], refusal: str, unsubscribe: str) -> str:
    paragraphs = [words["text"], f"{words['action']}\n{words['link']}", words["sent_by"]]
    return "\n\n".join([*paragraphs, f"{refusal}\n{unsubscribe}"] if unsubscribe else paragraphs) + "\n"


def _html(words: Mapping[str, str], refusal: str, unsubscribe: str, locale: str) -> str:
    link = f'<p><a href="{escape(unsubscribe)}">{escape(refusal)}</a></p>\n' if unsubscribe else ""
    escaped = {key: escape(value) for key, value in words.items()}
    return _letter().substitute(escaped, locale=locale, refusal=link)


@cache
def _letter() -> Template:
    return Template((wording.FOLDER / "letter.html").read_text("utf-8"))
