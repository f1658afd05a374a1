"""From a notice to the message that travels: its words in the reader's language as text, as HTML and in short, and where it leads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from html import escape
from string import Template
from typing import Final
from urllib.parse import quote

from notifications import wording
from notifications.channels.model import Message
from notifications.kinds import KINDS

_DIGEST: Final = "digest"
_SHORT: Final = 160
"""Letters that an SMS of one part holds."""


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
    words["sent_by"] = _sent_by(language, words["sender"])
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


def render_digest(
    parts: Sequence[Message], count: int, locale: str, *, sender: str, origin: str, page: str, notice_id: str
) -> Message:
    """The first of `count` notices as one message. All of one kind that is refused: with one click; else each says how it is refused."""
    language = wording.supported(locale)
    words = {key: wording.say(language, _DIGEST, key, {}) for key in ("text", "action")}
    words["subject"] = wording.counted(language, _DIGEST, "notice", "notices", count)
    words["link"] = origin.rstrip("/") + page
    words["sender"] = wording.line(sender)
    words["sent_by"] = _sent_by(language, words["sender"])
    left = count - len(parts)
    more = wording.counted(language, _DIGEST, "more", "more of them", left) if left else ""
    unsubscribe = _common(parts) if not left else ""
    refusal = wording.say(language, "letter", "unsubscribe", {})
    told = [replace(part, unsubscribe="") for part in parts] if unsubscribe else parts
    short = _in_short(language, words["subject"], [part.subject for part in parts], count)
    return Message(
        notice_id=notice_id,
        subject=words["subject"],
        text=_text(words, refusal, unsubscribe, [*(_item_text(part, refusal) for part in told), *filter(None, [more])]),
        html=_html(words, refusal, unsubscribe, language, _items_html(told, refusal, more)),
        short=short,
        link=words["link"],
        locale=language,
        unsubscribe=unsubscribe,
        kind=_DIGEST,
        values=(short,),
    )


def _common(parts: Sequence[Message]) -> str:
    """The address that refuses every one of them, if one does."""
    refused = {part.unsubscribe for part in parts}
    return refused.pop() if len(refused) == 1 else ""


def _in_short(language: str, subject: str, titles: Sequence[str], count: int) -> str:
    """How many there are and the first of them, as many as an SMS of one part holds; at least one."""
    said, short = 0, ""
    while said < len(titles):
        said += 1
        left = [f"+{count - said}"] if count > said else []
        longer = wording.line(
            wording.say(language, _DIGEST, "short", {"count": subject, "titles": " / ".join([*titles[:said], *left])})
        )
        if short and len(longer) > _SHORT:
            break
        short = longer
    return short


def _page(kind: str, about: Mapping[str, str]) -> str:
    return KINDS[kind].page.format_map({name: quote(one, safe="") for name, one in about.items()})


def _sent_by(language: str, sender: str) -> str:
    """On whose behalf. The sentence ends with the name; a full stop that is part of it ("sp. z o.o.") is stop enough."""
    return wording.say(language, "letter", "sent_by", {"sender": sender.removesuffix(".")})


def _text(words: Mapping[str, str], refusal: str, unsubscribe: str, items: Iterable[str] = ()) -> str:
    paragraphs = [words["text"], *items, f"{words['action']}\n{words['link']}", words["sent_by"]]
    return "\n\n".join([*paragraphs, f"{refusal}\n{unsubscribe}"] if unsubscribe else paragraphs) + "\n"


def _item_text(part: Message, refusal: str) -> str:
    lines = [part.subject, part.short, part.link]
    return "\n".join([*lines, refusal, part.unsubscribe] if part.unsubscribe else lines)


def _html(words: Mapping[str, str], refusal: str, unsubscribe: str, locale: str, items: str = "") -> str:
    link = f'<p><a href="{escape(unsubscribe)}">{escape(refusal)}</a></p>\n' if unsubscribe else ""
    escaped = {key: escape(value) for key, value in words.items()}
    return _letter().substitute(
        escaped | {"text": _paragraphs(words["text"])}, locale=locale, refusal=link, items=items
    )


def _paragraphs(text: str) -> str:
    """What stands between empty lines is a paragraph; other ends of lines stay."""
    return "\n".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in text.split("\n\n"))


def _items_html(parts: Iterable[Message], refusal: str, more: str) -> str:
    items = "".join(f"<li>{_item_html(part, refusal)}</li>\n" for part in parts)
    return f'<ul class="items">\n{items}</ul>\n' + (f"<p>{escape(more)}</p>\n" if more else "")


def _item_html(part: Message, refusal: str) -> str:
    title = f'<a href="{escape(part.link)}">{escape(part.subject)}</a><div>{escape(part.short)}</div>'
    if not part.unsubscribe:
        return title
    return f'{title}<div class="refusal"><a href="{escape(part.unsubscribe)}">{escape(refusal)}</a></div>'


@cache
def _letter() -> Template:
    return Template((wording.FOLDER / "letter.html").read_text("utf-8"))
