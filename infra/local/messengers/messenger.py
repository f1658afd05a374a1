"""What every messenger's sandbox can do: chats with pages, webhooks, limits, troubles, the inspection; in Python and over HTTP."""

import hmac
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from math import ceil
from typing import Any, ClassVar, NamedTuple

from infra.local.messengers.chats import Bot, Chat, Line, Trouble
from infra.local.messengers.config import Limits, MessengerConfig, Person, Rate
from infra.local.messengers.inspection import Inspection
from infra.local.messengers.memory import keep, recall
from infra.local.messengers.pages import Pages
from infra.local.providers.book import Ids
from infra.local.providers.config import Switches
from infra.local.providers.courier import Courier, Message
from infra.local.providers.frame import Response, Route, Server
from infra.local.providers.post import Answer, Outgoing


def same(given: str, expected: str) -> bool:
    """Whether a secret is the one."""
    return hmac.compare_digest(given.encode(), expected.encode())


class Action(NamedTuple):
    """Something that a person can do in a chat. `asks` is the label of what he types for it."""

    name: str
    label: str
    asks: str = ""


class Limited(NamedTuple):
    """Seconds that an account has to wait; `pair`: only with this one person."""

    seconds: float
    pair: bool = False

    @property
    def whole_seconds(self) -> int:
        """At least one."""
        return max(1, ceil(self.seconds))


class Messenger(ABC):
    """One messenger, seen from its side. All state is in memory and behind one lock."""

    name: ClassVar[str]
    title: ClassVar[str]
    limits: ClassVar[Limits]
    troubles: ClassVar[tuple[str, ...]]
    """Codes that `trouble` takes."""
    late: ClassVar[frozenset[str]] = frozenset()
    """Those that are no answer: the message is taken, and fails afterwards."""

    def __init__(self, config: MessengerConfig) -> None:
        self.config = config
        self.people = {person.handle: person for person in config.people}
        self.bots = {one.handle: Bot(one, one.webhook_url) for one in config.of(self.name)}
        self.chats: dict[tuple[str, str], Chat] = {}
        self.coming: list[Trouble] = []
        self.switches = Switches()
        self.lock = threading.RLock()
        self.ids = Ids(f"{config.seed}/{self.name}")
        # Milliseconds, so that after a restart nothing new looks like a repeat.
        self._count = int(config.clock().timestamp() * 1000)
        limits = config.limits.get(self.name, self.limits)
        self._calls, self._apart = Rate(limits.most, limits.seconds), Rate(1, limits.apart)
        self.courier = Courier(config.schedule(self.name), self.post, config.clock, seed=config.seed)
        own = [*self.routes(), *Inspection(self).routes(), *Pages(self).routes()]
        self.server = Server(self.name, own, config.ports.get(self.name, 0))
        self.url = self.server.url

    # --- What each messenger has of its own

    @abstractmethod
    def routes(self) -> list[Route]:
        """The messenger's own calls."""

    @abstractmethod
    def address(self, bot: Bot, person: Person) -> str:
        """Who a person is to an account."""

    @abstractmethod
    def actions(self, chat: Chat) -> list[Action]:
        """What the person can do now."""

    @abstractmethod
    def act(self, chat: Chat, action: str, text: str) -> None:
        """Do it. Raises ValueError for what cannot be done now."""

    @abstractmethod
    def bad_answer(self, trouble: Trouble) -> Response:
        """How the messenger words a trouble."""

    @abstractmethod
    def limited(self, limit: Limited) -> Response:
        """How it says that an account sends too fast."""

    def post(self, url: str, outgoing: Outgoing) -> Answer:
        """Make a webhook's call."""
        return self.config.post(url, outgoing)

    def opened(self, chat: Chat) -> None:  # noqa: B027 - only some messengers tell
        """The person looks at the chat."""

    # --- For tests and people

    def start(self) -> "Messenger":
        """Open it."""
        if self.config.memory:
            recall(self.config.memory / f"{self.name}.json", self.bots, self.chat)
        self.server.start()
        return self

    def close(self) -> None:
        """Close it."""
        self.server.close()
        self.courier.close()
        if self.config.memory:
            keep(self.config.memory / f"{self.name}.json", self.bots, self.chats)

    def chat(self, bot: str, person: str) -> Chat:
        """A person's chat with an account, by their handles. Raises KeyError."""
        with self.lock:
            key = (bot, person)
            if key not in self.chats:
                known, whom = self.bots[bot], self.people[person]
                self.chats[key] = Chat(known, whom, self.address(known, whom))
            return self.chats[key]

    def people_of(self, bot: str) -> list[str]:
        """The handles of who has to do with an account."""
        with self.lock:
            return [person.handle for person in self.people.values() if person.account in {"", bot}]

    def do(self, chat: Chat, action: str, text: str = "") -> None:
        """Have the person do something. Raises ValueError for what he cannot do now."""
        with self.lock:
            if action not in {possible.name for possible in self.actions(chat)}:
                raise ValueError(action)
            self.act(chat, action, text)

    def trouble(self, code: str, **more: Any) -> None:
        """Have the next calls answered badly; `more` are fields of Trouble. Raises ValueError for an unknown code."""
        if code not in self.troubles:
            raise ValueError(code)
        with self.lock:
            self.coming.append(Trouble(code, **more))

    def register(self, bot: str, url: str) -> None:
        """Set the address of an account's webhook, as on the messenger's own site."""
        with self.lock:
            self.bots[bot].webhook_url, self.bots[bot].verified = url, False

    def records(self, address: str = "") -> list[dict[str, Any]]:
        """The chats with their messages."""
        with self.lock:
            return [chat.record() for chat in self.chats.values() if address in {"", chat.address}]

    # --- For the messengers

    def now(self) -> datetime:
        """This instant, in UTC."""
        return self.config.clock()

    def count(self) -> int:
        """A number that is new each time."""
        with self.lock:
            self._count += 1
            return self._count

    def bot(self, fits: Callable[[Bot], bool]) -> Bot | None:
        """The account that fits."""
        return next((bot for bot in self.bots.values() if fits(bot)), None)

    def known(self, bot: Bot, address: str) -> Chat | None:
        """The account's chat with an address, if anybody has it."""
        for person in self.people.values():
            if self.address(bot, person) == address:
                return self.chat(bot.account.handle, person.handle)
        return None

    def take(self, bot: Bot, address: str, receive: Callable[[], Response]) -> Response:
        """What a call to send is answered: with a trouble that is due, a limit, or what `receive` makes of it."""
        with self.lock:
            trouble = self._due(address)
            if trouble is not None and trouble.code in self.late and (chat := self.known(bot, address)):
                chat.extra["fails"] = trouble.code
            elif trouble is not None:
                if trouble.taken:
                    receive()
                return self.bad_answer(trouble)
            if seconds := self._calls.wait(bot.account.handle, self.now()):
                return self.limited(Limited(seconds))
            if seconds := self._apart.wait(f"{bot.account.handle} {address}", self.now()):
                return self.limited(Limited(seconds, pair=True))
            return receive()

    def _due(self, address: str) -> Trouble | None:
        for trouble in self.coming:
            if trouble.address in {"", address}:
                trouble.times -= 1
                if trouble.times <= 0:
                    self.coming.remove(trouble)
                return trouble
        return None

    def tell(
        self,
        chat: Chat,
        name: str,
        build: Callable[[], Outgoing],
        accepts: Callable[[Answer], bool] = lambda answer: answer.ok,
    ) -> None:
        """Send the account a webhook about a chat; those of one chat keep their order."""
        bot = chat.bot
        if not bot.webhook_url:
            return
        head = (bot.account.handle, chat.address, name, bot.webhook_url)
        message = Message(*head, lambda _attempt: build(), accepts, line=chat.path)
        self.courier.send(message, replace(self.switches))

    def wrote(self, chat: Chat, text: str) -> Line:
        """Note what the person wrote."""
        line = Line(str(self.count()), text, self.now(), by_person=True)
        chat.lines.append(line)
        chat.written_at = line.at
        return line
