"""Everything that people are told: of what nature it is, by which ways it travels, and what its words are made of."""

from enum import StrEnum
from typing import Final, NamedTuple


class Channel(StrEnum):
    """A way to a person outside the portal. The inbox is none of them: every notice is in it."""

    EMAIL = "email"
    PUSH = "push"
    TELEGRAM = "telegram"
    VIBER = "viber"
    WHATSAPP = "whatsapp"
    SMS = "sms"


class Nature(StrEnum):
    """Why somebody is told. Only `news` and `reminder` may be refused; `statutory` goes out at any hour."""

    STATUTORY = "statutory"
    TRANSACTIONAL = "transactional"
    REMINDER = "reminder"
    NEWS = "news"


REFUSABLE: Final = frozenset({Nature.REMINDER, Nature.NEWS})
MESSENGERS: Final = (Channel.PUSH, Channel.TELEGRAM, Channel.VIBER, Channel.WHATSAPP)
_WRITTEN: Final = ((Channel.EMAIL,),)
_QUICK: Final = (MESSENGERS, (Channel.EMAIL,), (Channel.SMS,))
_BOTH: Final = ((Channel.EMAIL, *MESSENGERS),)


class Kind(NamedTuple):
    """`ladder`: the first step that reaches the person is enough; on a step, every channel that he has is used.

    `values` names what the words are made of; `to` says who is told: the parties of a contract, one person, or the staff.
    """

    nature: Nature
    ladder: tuple[tuple[Channel, ...], ...]
    values: tuple[str, ...] = ()
    to: str = "parties"


KINDS: Final[dict[str, Kind]] = {
    "payment_settled": Kind(Nature.TRANSACTIONAL, _BOTH, ("amount", "currency", "day")),
}
