"""What a person sees of a message to Telegram: text, links, buttons; the few tags of its HTML."""

from html import unescape
from html.parser import HTMLParser
from typing import Any, Final

from infra.local.providers.book import words

MOST_TEXT: Final = 4096
TAGS: Final = frozenset(words("b strong i em u ins s strike del span tg-spoiler a code pre blockquote"))
ENTITIES: Final = frozenset(words("lt gt amp quot"))


class Unparsable(ValueError):  # noqa: N818 - what Telegram says of a text
    """Why a message cannot be shown."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.text: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            raise Unparsable(f'can\'t parse entities: Unsupported start tag "{tag}"')
        self.open.append(tag)
        self.links += [value for name, value in attrs if tag == "a" and name == "href" and value]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise Unparsable(f'can\'t parse entities: Unmatched end tag "{tag}"')

    def handle_data(self, data: str) -> None:
        if "<" in data:
            raise Unparsable("can't parse entities: Unsupported start tag")
        self.text.append(data)

    def handle_entityref(self, name: str) -> None:
        # What it does not know, Telegram shows as it is written.
        self.text.append(unescape(f"&{name};") if name in ENTITIES else f"&{name}")

    def handle_charref(self, name: str) -> None:
        self.text.append(unescape(f"&#{name};"))


def read(given: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """The text that a person sees, and where its links and buttons lead. Raises Unparsable."""
    text = str(given.get("text", ""))
    shown, links = _plain(text) if given.get("parse_mode") == "HTML" else (text, ())
    if not shown.strip():
        raise Unparsable("message text is empty")
    if len(shown) > MOST_TEXT:
        raise Unparsable("message is too long")
    rows = (given.get("reply_markup") or {}).get("inline_keyboard") or []
    buttons = tuple(str(button["url"]) for row in rows for button in row if "url" in button)
    if not all(url.startswith(("http://", "https://", "tg://")) for url in buttons):
        raise Unparsable("inline keyboard button URL is invalid")
    return shown, links + buttons


def _plain(html: str) -> tuple[str, tuple[str, ...]]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    if reader.open:
        raise Unparsable(f"can't parse entities: Can't find end tag corresponding to start tag \"{reader.open[-1]}\"")
    return "".join(reader.text), tuple(reader.links)
