"""What a messenger remembers: accounts, chats with what came and was written, and troubles that are to happen."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from infra.local.messengers.config import Account, Person


@dataclass
class Line:
    """One message in a chat. `state`: sent, delivered, read, failed; `links` are the addresses that it leads to."""

    id: str
    text: str
    at: datetime
    by_person: bool = False
    state: str = "sent"
    title: str = ""
    links: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """For the inspection."""
        return {**vars(self), "at": self.at.isoformat(), "links": list(self.links)}


@dataclass
class Bot:
    """An account while the sandbox runs, with what it has agreed about its webhook; `events` are those that it wants, empty: all."""

    account: Account
    webhook_url: str
    webhook_secret: str = ""
    verified: bool = False
    events: list[str] = field(default_factory=list)

    def secret(self, name: str) -> str:
        """A secret. Raises KeyError where the configuration has none."""
        return self.account.secrets[name]


@dataclass
class Chat:
    """A person's chat with an account, on one phone or in one browser. `address` is who he is to the account.

    `state`: new (never written), open, left (stopped by him), blocked, off (a browser that is switched off). `extra["shown"]` is what the
    site is given of it.
    """

    bot: Bot
    person: Person
    address: str
    state: str = "new"
    lines: list[Line] = field(default_factory=list)
    written_at: datetime | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Of its page."""
        return f"/chats/{self.bot.account.handle}/{self.person.handle}"

    def line(self, found: str) -> Line:
        """A message by its id. Raises KeyError."""
        for line in self.lines:
            if line.id == found:
                return line
        raise KeyError(found)

    def record(self) -> dict[str, Any]:
        """For the inspection."""
        known = {"account": self.bot.account.handle, "person": self.person.handle, "address": self.address}
        about = {"state": self.state, "page": self.path, "shown": self.extra.get("shown", "")}
        return {**known, **about, "messages": [line.record() for line in self.lines]}


@dataclass
class Trouble:
    """An answer that the next calls get, `times` of them: all or those for one address. `seconds` is the wait that it names.

    `taken`: the message arrives all the same, and only the answer is bad.
    """

    code: str
    times: int = 1
    address: str = ""
    seconds: int = 1
    taken: bool = False
