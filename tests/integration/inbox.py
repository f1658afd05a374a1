"""What a person was told, in his inbox, in the staff's log of him and by mail; and charges that one digest tells him of."""

from typing import Any, Final

import httpx

from tests.e2e.mail import mails
from tests.tenancy import Tenancy
from tests.world import World

COLLECTED: Final = {"rent": 411_01, "water": 422_02}
"""Amounts of charges by their purposes."""


def told(client: httpx.Client, kind: str = "", path: str = "/notifications") -> list[dict[str, Any]]:
    """The notices of an inbox, or of a person's log, of one kind or of all."""
    return [one for one in client.get(path).json()["items"] if kind in {"", one["kind"]}]


def letters(world: World, house: Tenancy) -> list[str]:
    """The mails that say what is collected, each once."""
    shown = [f"{amount // 100},{amount % 100:02}" for amount in COLLECTED.values()]
    return [text for text in mails(world, house.holder(0)) if any(amount in text for amount in shown)]
