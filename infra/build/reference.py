"""Derives the reference pages `docs/errors.md` and `docs/events.md` from the code.

`python -m infra.build.reference` writes them; a test holds the checked-in pages to it.
"""

from pathlib import Path
from typing import Final

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


def _listeners() -> dict[str, list[str]]:
    resources = load("infra/events.yaml")["Resources"]
    found: dict[str, list[str]] = {}
    for context in CONTEXTS:
        rule = resources.get(f"{context.capitalize()}Rule")
        for name in rule["Properties"]["EventPattern"]["detail-type"] if rule else []:
            found.setdefault(name, []).append(context)
    return found


PAGES: Final = {"errors.md": errors_page, "events.md": events_page}


def main() -> None:
    """Write the pages."""
    for name, page in PAGES.items():
        Path(DOCS / name).write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
