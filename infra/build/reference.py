"""Derives the reference pages `docs/errors.md`, `docs/events.md` and `docs/whatsapp-templates.md` from the code.

`python -m infra.build.reference` writes them; a test holds the checked-in pages to it.
"""

from pathlib import Path
from typing import Final

from notifications.kinds import KINDS, Channel

from infra.build.openapi import CONTEXTS, ROOT, error_codes
from infra.build.template import load
from shared.events.catalog import EVENTS

DOCS: Final = ROOT / "docs"


def errors_page() -> str:
    """Every permanent error code with its meaning."""
    rows = [f"| `{code}` | {meaning} |" for code, meaning in sorted(error_codes().items())]
    return "\n".join(
        [
            "# Error codes",
            "",
            "Derived from the `CODES` tables of `shared/errors.py` and of each context's `errors.py` by `make reference`. A code is",
            "permanent; the words for people are in `web/messages/`.",
            "",
            "| code | meaning |",
            "|---|---|",
            *rows,
            "",
        ]
    )


def events_page() -> str:
    """Every event: who says it, what it carries, who listens."""
    listeners = _listeners()
    rows = [
        f"| `{name}` | {event.source.removeprefix('lokum.')} | {', '.join(event.model_fields)} | "
        f"{', '.join(listeners.get(name, [])) or 'the archive'} |"
        for name, event in sorted(EVENTS.items(), key=lambda pair: (pair[1].source, pair[0]))
    ]
    return "\n".join(
        [
            "# Events",
            "",
            "Derived from `shared/events/catalog.py` and `infra/events.yaml` by `make reference`. The envelope is",
            "`{metadata: {id, version, occurred_at, correlation_id, causation_id, organisation_id, actor}, data}`; schemas are in",
            "`events/schemas`, one sample each in `events/samples`. No event carries personal data beyond ids.",
            "",
            "| event | said by | data | heard by |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def whatsapp_templates() -> dict[str, tuple[str, ...]]:
    """What an organisation has approved at Meta: each template's name without the prefix, and what its body's parameters hold."""
    kinds = {
        name: (*(value for value in kind.values if value != "currency"), "link")
        for name, kind in KINDS.items()
        if any(Channel.WHATSAPP in step for step in kind.ladder)
    }
    return {**kinds, "digest": ("digest", "link"), "code": ("code",)}


def whatsapp_page() -> str:
    """What an administrator registers at Meta."""
    rows = [
        f"| `{name}` | {', '.join(f'`{{{{{place}}}}}` {value}' for place, value in enumerate(values, 1))} |"
        for name, values in whatsapp_templates().items()
    ]
    return "\n".join(
        [
            "# WhatsApp templates",
            "",
            "Derived from `functions/notifications/kinds.py` by `make reference`. Before an organisation sends by WhatsApp it has each",
            "of these approved at Meta, in each of its people's languages (`pl`, `uk`, `nb`, `fr`, `en`), named `<template_prefix><name>`",
            "(`lokum_` by default). The body has all parameters in this order; an amount comes with its currency, days, times and codes",
            "in the reader's words. The words of each notice stand on the site at `/notification-templates`. All are of category utility",
            "but `code`, which is of category authentication, with the button that copies the code. A template that is missing, or has",
            "another number of parameters, is refused by Meta (132001, 132000): the notice then goes its next way.",
            "",
            "| name | parameters of the body |",
            "|---|---|",
            *rows,
            "",
        ]
    )


def _listeners() -> dict[str, list[str]]:
    resources = load("infra/events.yaml")["Resources"]
    found: dict[str, list[str]] = {}
    for context in CONTEXTS:
        rule = resources.get(f"{context.capitalize()}Rule")
        for name in rule["Properties"]["EventPattern"]["detail-type"] if rule else []:
            found.setdefault(name, []).append(context)
    return found


PAGES: Final = {"errors.md": errors_page, "events.md": events_page, "whatsapp-templates.md": whatsapp_page}


def main() -> None:
    """Write the pages."""
    for name, page in PAGES.items():
        Path(DOCS / name).write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
