"""The pages of a messenger: all chats, one chat as its person sees it, and who it is that opened a link. Without a script."""

import re
from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit

from infra.local.messengers.chats import Bot, Chat, Line
from infra.local.providers.frame import Request, Response, Route, see_other
from infra.local.providers.page import STYLE, STYLE_PATH, sandbox_page

if TYPE_CHECKING:
    from infra.local.messengers.messenger import Action, Messenger

URL: Final = re.compile(r"https?://\S+")
NOTE: Final = "nothing leaves it"
LOOK: Final = """
ol.chat { list-style: none; margin: 0 0 1.5rem; padding: 0; display: grid; gap: 0.75rem; }
ol.chat li { background: var(--surface); border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.75rem 1rem;
  margin-inline-end: 2rem; }
ol.chat li.own { margin-inline: 2rem 0; border-color: var(--accent); }
ol.chat p { margin: 0; white-space: pre-wrap; } ol.chat small, ol.chat a { display: block; } ol.chat small { color: var(--muted); }
pre { overflow-x: auto; background: var(--surface); border: 1px solid var(--line); border-radius: 0.5rem; padding: 1rem;
  white-space: pre-wrap; }
h2 { font-size: 1.25rem; margin: 1.5rem 0 0.5rem; } label { display: grid; gap: 0.25rem; }
input, select { font: inherit; min-height: 2.75rem; padding: 0.5rem 0.75rem; border-radius: 0.5rem; border: 1px solid var(--edge);
  background: var(--surface); color: var(--ink); width: 100%; }
form + form { margin-top: 0.75rem; }
"""


def token_of(text: str, *names: str) -> str:
    """The one-time token of a pasted link, by the names of its parameters; a text that is no link is the token itself."""
    given = dict(parse_qsl(urlsplit(text.strip()).query))
    return next((given[name] for name in names if name in given), text.strip())


def choice_page(messenger: "Messenger", bot: Bot, action: str, label: str, text: str) -> Response:
    """A link was opened: on whose phone? Each button does the action with the text in that person's chat."""
    chats = [messenger.chat(bot.account.handle, person) for person in messenger.people_of(bot.account.handle)]
    forms = "".join(
        f'<form method="post" action="{escape(chat.path)}"><input type="hidden" name="text" value="{escape(text)}">'
        f'<button name="action" value="{action}">{escape(label)} as {escape(chat.person.name)}</button></form>'
        for chat in chats
    )
    return sandbox_page(200, f"{messenger.title}: {bot.account.name}", forms, NOTE)


class Pages:
    """The handlers, for one messenger."""

    def __init__(self, messenger: "Messenger") -> None:
        self._messenger = messenger

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route(
                "GET", STYLE_PATH, lambda _request: Response(200, (STYLE + LOOK).encode(), "text/css; charset=utf-8")
            ),
            Route("GET", "/", self._all),
            Route("POST", "/troubles", self._trouble),
            Route("GET", "/chats/{bot}/{person}", self._chat),
            Route("POST", "/chats/{bot}/{person}", self._act),
        ]

    def _all(self, _request: Request) -> Response:
        known = self._messenger
        parts = []
        for handle, bot in known.bots.items():
            chats = [known.chat(handle, person) for person in known.people_of(handle)]
            rows = "".join(f'<li><a href="{escape(chat.path)}">{escape(_summary(chat))}</a></li>' for chat in chats)
            parts.append(f"<h2>{escape(bot.account.name)}</h2><ul>{rows}</ul>")
        options = "".join(f"<option>{escape(code)}</option>" for code in known.troubles)
        waiting = "".join(f"<li>{escape(one.code)}: {one.times}</li>" for one in known.coming)
        form = (
            f'<h2>What the next messages are answered</h2><ul>{waiting}</ul><form method="post" action="/troubles">'
            f'<label>Answer<select name="code">{options}</select></label>'
            '<label>How often<input name="times" inputmode="numeric" value="1"></label>'
            "<button>Have it happen</button></form>"
        )
        return sandbox_page(200, known.title, "".join(parts) + form, NOTE)

    def _trouble(self, request: Request) -> Response:
        given = request.form()
        self._messenger.trouble(given["code"], times=int(given["times"]))
        return see_other("/")

    def _chat(self, _request: Request, bot: str, person: str) -> Response:
        chat = self._messenger.chat(bot, person)
        with self._messenger.lock:
            self._messenger.opened(chat)
            return _page(self._messenger, chat)

    def _act(self, request: Request, bot: str, person: str) -> Response:
        chat, given = self._messenger.chat(bot, person), request.form()
        self._messenger.do(chat, given["action"], given.get("text", ""))
        return see_other(chat.path)


def _summary(chat: Chat) -> str:
    unread = sum(not line.by_person and line.state != "read" for line in chat.lines)
    return f"{chat.person.name}: {chat.state}, {len(chat.lines)} messages" + (f", {unread} not read" if unread else "")


def _page(messenger: "Messenger", chat: Chat) -> Response:
    name, person = chat.bot.account.name, chat.person
    lines = "".join(map(_line, chat.lines))
    shown = f'<ol class="chat" aria-label="Messages">{lines}</ol>' if lines else "<p>Nothing has come yet.</p>"
    extra = f"<h2>What the site is given</h2><pre>{escape(chat.extra['shown'])}</pre>" if "shown" in chat.extra else ""
    forms = "".join(_form(chat, action) for action in messenger.actions(chat))
    about = f"<p>{escape(person.name)}, {escape(person.phone)}. This chat is {escape(chat.state)}.</p>"
    again = f'<p><a href="{escape(chat.path)}">Look again</a> · <a href="/">All chats</a></p>'
    return sandbox_page(200, f"{messenger.title}: {name}", about + shown + extra + forms + again, NOTE)


def _line(line: Line) -> str:
    title = f"<strong>{escape(line.title)}</strong>" if line.title else ""
    leads = dict.fromkeys(URL.findall(" ".join((*line.links, line.text))))
    links = "".join(f'<a href="{escape(link)}">{escape(link)}</a>' for link in leads)
    look = ' class="own"' if line.by_person else ""
    when = f"<small>{line.at:%d.%m. %H:%M:%S} UTC · {escape(line.state)}</small>"
    return f"<li{look}>{title}<p>{escape(line.text)}</p>{links}{when}</li>"


def _form(chat: Chat, action: "Action") -> str:
    asked = f'<label>{escape(action.asks)}<input name="text" autocomplete="off"></label>' if action.asks else ""
    button = f'<button name="action" value="{escape(action.name)}">{escape(action.label)}</button>'
    return f'<form method="post" action="{escape(chat.path)}">{asked}{button}</form>'
