"""A messenger's memory on disk, so that who was linked before a restart of the portal is linked after it."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from infra.local.messengers.chats import Bot, Chat, Line


def keep(path: Path, bots: dict[str, Bot], chats: dict[tuple[str, str], Chat]) -> None:
    """Write down what accounts have agreed with the messenger, and the chats."""
    agreed = {handle: [bot.webhook_url, bot.webhook_secret, bot.verified, bot.events] for handle, bot in bots.items()}
    kept = [{**chat.record(), "extra": chat.extra, "written_at": _text(chat.written_at)} for chat in chats.values()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"accounts": agreed, "chats": kept}, ensure_ascii=False))


def recall(path: Path, bots: dict[str, Bot], chat_of: Callable[[str, str], Chat]) -> None:
    """Fill in what was kept; what is of accounts or people that are no more is left out."""
    if not path.is_file():
        return
    known = json.loads(path.read_text())
    for handle, agreed in known["accounts"].items():
        if handle in bots:
            bot = bots[handle]
            url, bot.webhook_secret, verified, bot.events = agreed
            # Where the configuration says where the webhook is, the site may have moved since.
            bot.webhook_url = bot.account.webhook_url or url
            bot.verified = verified and bot.webhook_url == url
    for row in known["chats"]:
        try:
            chat = chat_of(row["account"], row["person"])
        except KeyError:
            continue
        chat.address, chat.state, chat.extra = row["address"], row["state"], row["extra"]
        chat.written_at = datetime.fromisoformat(row["written_at"]) if row["written_at"] else None
        chat.lines = [
            Line(**{**line, "at": datetime.fromisoformat(line["at"]), "links": tuple(line["links"])})
            for line in row["messages"]
        ]


def _text(at: datetime | None) -> str:
    return at.isoformat() if at else ""
