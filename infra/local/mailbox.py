"""The mails that the local cloud has sent, as pages under /dev/mailbox of `make run`: HTML, text, headers, and what readers do.

A deployment has no such pages: its edge is CloudFront (`infra/web.yaml`), and only this machine's forwards to them.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.utils import parseaddr
from html import escape
from typing import Any, Final

from infra.local.patches import mails
from infra.local.providers.frame import HTML, Refused, Request, Response, Route, Server, see_other
from infra.local.providers.page import STYLE, sandbox_page

ROOT: Final = "/dev/mailbox"
STYLE_PATH: Final = f"{ROOT}/style.css"
NOTE: Final = "no mail leaves it"
MOST: Final = 200
LINK: Final = re.compile(r"https?://[^\s<>\"]+")
LOOK: Final = """
main { max-width: 60rem; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; vertical-align: top; padding: 0.5rem;
  border-bottom: 1px solid var(--line); } iframe { width: 100%; height: 38rem; border: 1px solid var(--line); border-radius: 0.5rem; }
pre { white-space: pre-wrap; background: var(--surface); border: 1px solid var(--line); border-radius: 0.5rem; padding: 1rem; }
h2 { font-size: 1.25rem; } form { margin: 0 0 0.75rem; }
"""
CONTENT_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
"""Of a mail's HTML: as in a mail program, no script runs and nothing is fetched."""

Mail = dict[str, Any]


class Mailbox:
    """The pages. `report` has the local cloud say what became of a mail (`mails.report`)."""

    def __init__(self, report: Callable[[Mail, str], None]) -> None:
        self._report = report
        self.server = Server(
            "mailbox",
            [
                Route("GET", ROOT, self._all),
                Route(
                    "GET",
                    STYLE_PATH,
                    lambda _request: Response(200, (STYLE + LOOK).encode(), "text/css; charset=utf-8"),
                ),
                Route("GET", f"{ROOT}/{{found}}", self._one),
                Route("GET", f"{ROOT}/{{found}}/html", self._html),
                Route("POST", f"{ROOT}/{{found}}/{{act}}", self._act),
            ],
        )
        self.url = self.server.url

    def _all(self, request: Request) -> Response:
        to = request.query.get("to", "")
        found = [mail for mail in mails.sent() if to in {"", *map(_address, mail["To"])}][:MOST]
        rows = "".join(
            f"<tr><td>{_when(mail)}</td><td>{escape(', '.join(mail['To']))}</td>"
            f'<td><a href="{ROOT}/{escape(_id(mail))}">{escape(mail["Subject"] or "(no subject)")}</a></td></tr>'
            for mail in found
        )
        head = '<thead><tr><th scope="col">Sent</th><th scope="col">To</th><th scope="col">Subject</th></tr></thead>'
        shown = f"<table>{head}<tbody>{rows}</tbody></table>" if rows else "<p>No mail has been sent yet.</p>"
        return _page("Mails", shown)

    def _one(self, _request: Request, found: str) -> Response:
        mail = _find(found)
        headers = [
            ("From", str(make_header(decode_header(mail["Source"])))),
            ("To", ", ".join(mail["To"])),
            ("Date", _when(mail)),
        ]
        headers += [("Reply-To", one) for one in mail.get("ReplyTo", [])]
        headers += [(str(name), str(value)) for name, value in mail.get("Headers", [])]
        listed = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in headers)
        text = _linked(mail["BodyText"] or "")
        html = f'<h2>As HTML</h2><iframe sandbox title="The mail as HTML" src="{ROOT}/{escape(found)}/html"></iframe>'
        body = f"{html if mail['BodyHtml'] else ''}<h2>As text</h2><pre>{text}</pre>"
        actions = f"<h2>What its reader may do</h2>{_unsubscribing(mail)}{_forms(mail)}"
        return _page(
            mail["Subject"] or "(no subject)", f"<dl>{listed}</dl>{body}{actions}<p><a href='{ROOT}'>All mails</a></p>"
        )

    def _html(self, _request: Request, found: str) -> Response:
        text = _find(found)["BodyHtml"] or ""
        return Response(200, text.encode(), HTML, {"Content-Security-Policy": CONTENT_POLICY})

    def _act(self, _request: Request, found: str, act: str) -> Response:
        mail = _find(found)
        whose = {_address(one) for one in mail["To"]}
        if act == "complain":
            self._report(mail, "complaint")
        elif act == "bounce":
            mails.bouncing.update(whose)
        elif act == "receive":
            mails.bouncing.difference_update(whose)
        else:
            raise Refused(Response(404))
        return see_other(f"{ROOT}/{found}")


def _forms(mail: Mail) -> str:
    """Those of the reader and of his post office."""
    bounces = any(_address(one) in mails.bouncing for one in mail["To"])
    names = {"complain": "Report it as spam"}
    names |= (
        {"receive": "Let mails to this address arrive again"}
        if bounces
        else {"bounce": "From now on, have mails to this address bounce"}
    )
    root = f"{ROOT}/{escape(_id(mail))}"
    return "".join(
        f'<form method="post" action="{root}/{act}"><button>{label}</button></form>' for act, label in names.items()
    )


def _unsubscribing(mail: Mail) -> str:
    """What a mail program does with one click (RFC 8058): a POST to the address of the header."""
    headers = {str(name).lower(): str(value) for name, value in mail.get("Headers", [])}
    address = LINK.search(headers.get("list-unsubscribe", ""))
    if not address or headers.get("list-unsubscribe-post") != "List-Unsubscribe=One-Click":
        return ""
    field = '<input type="hidden" name="List-Unsubscribe" value="One-Click">'
    return (
        f'<form method="post" action="{escape(address[0])}">{field}<button>Unsubscribe with one click</button></form>'
    )


def _find(found: str) -> Mail:
    for mail in mails.sent():
        if _id(mail) == found:
            return mail
    raise Refused(Response(404, b"no such mail"))


def _id(mail: Mail) -> str:
    return str(mail["MessageId"]).partition("@")[0]


def _address(text: str) -> str:
    return parseaddr(text)[1].lower()


def _linked(text: str) -> str:
    """A text as HTML, with its links to press."""
    parts, at = [], 0
    for found in LINK.finditer(text):
        link = escape(found[0])
        parts.append(f'{escape(text[at : found.start()], quote=False)}<a href="{link}">{link}</a>')
        at = found.end()
    return "".join(parts) + escape(text[at:], quote=False)


def _when(mail: Mail) -> str:
    return f"{datetime.fromtimestamp(mail['Timestamp'], UTC):%Y-%m-%d %H:%M:%S} UTC"


def _page(title: str, content: str) -> Response:
    return sandbox_page(200, title, content, NOTE, STYLE_PATH)
