"""The pay page: plain HTML in the manner of the site, usable with a keyboard and a reader, without a script."""

from collections.abc import Iterable
from html import escape
from typing import Final

from infra.local.providers.book import Order, decimal_text
from infra.local.providers.config import Manner
from infra.local.providers.frame import HTML, Response

STYLE: Final = """
:root { color-scheme: light dark; --paper: light-dark(#faf9f7, #161513); --surface: light-dark(#fff, #201e1b);
  --ink: light-dark(#1d1b18, #eeebe6); --muted: light-dark(#5c5850, #b5afa5); --line: light-dark(#dfdbd4, #3b3833);
  --edge: light-dark(#827c72, #938c81); --accent: light-dark(#0f5c63, #6fc3cb); --on: light-dark(#fff, #000);
  --bad: light-dark(#a0231c, #ff9d92); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); line-height: 1.55; font-size: 1.0625rem;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere; }
main { max-width: 30rem; margin: 0 auto; padding: 2rem 1rem; }
h1 { font-size: 1.625rem; line-height: 1.2; margin: 0 0 0.25rem; }
.note { color: var(--muted); margin: 0 0 1.5rem; }
dl { background: var(--surface); border: 1px solid var(--line); border-radius: 0.5rem; padding: 1rem; margin: 0 0 1.5rem; }
dt { color: var(--muted); font-size: 0.9375rem; } dd { margin: 0 0 0.75rem; } dd:last-child { margin: 0; }
.amount { font-size: 1.5rem; font-weight: 680; font-variant-numeric: tabular-nums; }
form { display: grid; gap: 0.75rem; }
button { font: inherit; min-height: 2.75rem; padding: 0.5rem 1rem; border-radius: 0.5rem; border: 1px solid var(--edge);
  background: var(--surface); color: var(--ink); cursor: pointer; }
button[value=pay] { background: var(--accent); border-color: var(--accent); color: var(--on); font-weight: 650; }
button:focus-visible, a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.bad { color: var(--bad); border: 1px solid currentColor; border-radius: 0.5rem; padding: 0.75rem 1rem; margin: 0 0 1.5rem; }
a { color: var(--accent); }
"""
STYLE_PATH: Final = "/_sandbox/style.css"
POLICY: Final = "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'"
"""Without form-action: browsers hold it against the way back to the shop, too."""
LABELS: Final = {
    Manner.PAY: "Pay {amount}",
    Manner.LATER: "Pay later (pending, then paid)",
    Manner.TWICE: "Pay twice",
    Manner.REFUSE: "Refuse the payment",
    Manner.ABANDON: "Go back without paying",
}


def pay_page(provider: str, order: Order, manners: Iterable[Manner] = LABELS) -> Response:
    """Who gets how much for what, and what the payer may do."""
    amount = order.extra.get("asked") or f"{decimal_text(order.amount)} {order.currency}"
    rows = [("Recipient", order.shop.name, ""), ("Amount", amount, " class=amount"), ("For", order.title, "")]
    listed = "".join(f"<dt>{name}</dt><dd{look}>{escape(text)}</dd>" for name, text, look in rows)
    buttons = "".join(
        f'<button name="manner" value="{manner}">{escape(LABELS[manner].format(amount=amount))}</button>'
        for manner in manners
    )
    said = f'<p class="bad" role="alert">{escape(order.note)}</p>' if order.note else ""
    form = f'<form method="post" action="/pay/{escape(order.token)}">{buttons}</form>'
    return sandbox_page(200, f"Pay with {provider}", f"{said}<dl>{listed}</dl>{form}")


def closed_page(provider: str, order: Order) -> Response:
    """A payment that cannot be paid any more."""
    back = f'<p><a href="{escape(order.back_url or order.return_url)}">Back to {escape(order.shop.name)}</a></p>'
    return sandbox_page(200, f"{provider}: this payment is closed", f"<p>It is {escape(order.state)}.</p>{back}")


def refusal_page(provider: str, code: str, status: int = 400) -> Response:
    """The shop's form was refused; the payer can do nothing about it."""
    said = f'<p class="bad" role="alert">The shop\'s request was refused: <strong>{escape(code)}</strong></p>'
    return sandbox_page(status, f"{provider}: no payment", said)


def sandbox_page(
    status: int, title: str, content: str, note: str = "no money moves", style: str = STYLE_PATH
) -> Response:
    """A page of a sandbox around some HTML; `note` says what is not real, `style` is the address of the style sheet."""
    text = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="{style}"></head><body><main><h1>{escape(title)}</h1>'
        f'<p class="note">A sandbox on this machine: {note}.</p>{content}</main></body></html>'
    )
    return Response(status, text.encode(), HTML, {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"})
