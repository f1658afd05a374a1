"""The mails that the local cloud has sent."""

import re
from typing import Any, Final

import httpx

CODE: Final = re.compile(r"\b\d{6}\b")


def mails(world: Any, email: str) -> list[str]:
    """The texts of the mails to a person, the newest last."""
    inbox = httpx.get(f"{world.deployment.endpoint_url}/_ministack/ses/messages", trust_env=False, timeout=10).json()
    return [one["BodyText"] for account in inbox["messages"].values() for one in account if email in one["To"]]


def newest_code(world: Any, email: str, known: int) -> str:
    """The newest code in the mails that have come after the ``known`` first ones; others, of a new device, may be among them."""
    found = world.wait_until(lambda: [code for text in mails(world, email)[known:] for code in CODE.findall(text)])
    return str(found[-1])
