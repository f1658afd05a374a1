"""Every kind of notice with values of its own, and pictures of what is sent by e-mail: `python -m tests.letters [folder]`, `make letters`."""

import itertools
import sys
from pathlib import Path
from typing import Any, Final

from notifications.channels.model import Message
from notifications.kinds import KINDS, REFUSABLE
from notifications.rendering import render
from notifications.wording import example
from playwright.sync_api import sync_playwright

from infra.build.environment import BUILD, find_chromium

ORIGIN: Final = "https://portal.example"
UNSUBSCRIBE: Final = f"{ORIGIN}/unsubscribe/AbCdEfGhIjKlMnOpQrStUvWxYz012345"
SENDERS: Final = {
    "pl": "Spółdzielnia Mieszkaniowa „Pod Lipami”",
    "uk": "ЖБК «Каштановий двір»",
    "nb": "Bjørkelia borettslag",
    "fr": "Régie des Tilleuls",
    "en": "Linden Court Management",
}
CURRENCIES: Final = {"pl": "PLN", "uk": "UAH", "nb": "NOK", "fr": "EUR", "en": "EUR"}
VALUES: Final[dict[str, Any]] = {
    "amount": 125035,
    "days": 3,
    "day": "2026-11-05",
    "last": "2026-11-30",
    "at": "2026-11-05T08:30:00+01:00",
    "purpose": "rent",
    "cause": "refund",
    "medium": "cold_water",
    "number": "17/2026",
    "meters": 5,
    "numbers": "W/1, W/2, W/3, W/4, W/5",
    "status": "in_progress",
    "wanted": "document",
    "role": "tenant",
    "channel": "email",
    "device": "Firefox, Linux",
}
DAYS: Final = {"payment_overdue": 14, "window_closing": 1, "contract_ending": 22}
ABOUT: Final = {
    name: f"{name[:3]}_1"
    for name in ("contract_id", "payment_id", "meter_id", "ticket_id", "person_id", "incident_id", "news_id")
}
PICTURED: Final = (("payment_due", "pl"), ("incident_opened", "uk"), ("contract_ending", "fr"))
SIZES: Final = {"wide": (900, 760), "phone": (360, 720)}


def values_of(kind: str, locale: str) -> dict[str, Any]:
    if KINDS[kind].by_reference:
        return dict(example(kind, locale))
    values = {**VALUES, "currency": CURRENCIES[locale], "days": DAYS.get(kind, VALUES["days"])}
    return {name: values[name] for name in KINDS[kind].values}


def message(kind: str, locale: str, **given: Any) -> Message:
    """A kind in a language; `given` are other values."""
    unsubscribe = UNSUBSCRIBE if KINDS[kind].nature in REFUSABLE else ""
    return render(
        kind,
        values_of(kind, locale) | given,
        ABOUT,
        locale,
        sender=SENDERS[locale],
        origin=ORIGIN,
        notice_id="ntc_1",
        unsubscribe=unsubscribe,
    )


def take_pictures(folder: Path) -> list[Path]:
    """PNGs of three kinds in light and dark, on a wide and on a narrow screen."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        for (kind, locale), scheme, (size, (width, height)) in itertools.product(
            PICTURED, ("light", "dark"), SIZES.items()
        ):
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.set_content(message(kind, locale).html)
            taken.append(folder / f"{kind}-{locale}-{scheme}-{size}.png")
            page.screenshot(path=taken[-1])
            page.close()
        browser.close()
    return taken


if __name__ == "__main__":
    for picture in take_pictures(Path(sys.argv[1]) if len(sys.argv) > 1 else BUILD / "letters"):
        sys.stdout.write(f"{picture}\n")
