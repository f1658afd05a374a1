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
    """The code in a mail that has come after the ``known`` first ones."""
    found = world.wait_until(lambda: mails(world, email)[known:])
    code = CODE.search(str(found[-1]))
    assert code, found[-1]
    return code[0]
