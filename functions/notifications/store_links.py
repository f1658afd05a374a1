"""What linking an address takes, and what channels said of messages. Access patterns: docs/data-model.md."""

import hashlib
import re
from collections.abc import Sequence
from typing import Final, NamedTuple, TypeVar

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from notifications.kinds import Channel
from notifications.store import Item, person_pk
from shared import clock
from shared.tables import UnitOfWork

TOKEN_SECONDS: Final = 15 * 60
CODE_SECONDS: Final = 15 * 60
_KEPT_SECONDS: Final = 30 * 86_400
"""For how long a channel may say something of a message, or say the same twice."""
_WITHOUT_REFERENCE: Final = frozenset({Channel.VIBER})
"""Channels whose reports name a message by their own id only."""

# What ids are made of has no dash, and SES takes no other mark in a tag: a mail with a dot there is refused.
_REFERENCE: Final = re.compile(r"(org_\w{1,40})-(\w{1,64})-((?:ntc|dig)_\w{1,40})-([0-9]{1,3})", re.ASCII)
M = TypeVar("M", bound=Item)


class TokenItem(Item):
    """pk `ORG#<org>#LINK#<sha256 of the token>`, sk `LINK`: whom a one-time token links; the token itself is in his QR code only."""

    person_id = UnicodeAttribute()
    channel = UnicodeAttribute()
    expires = NumberAttribute()


class CodeItem(Item):
    """pk `ORG#<org>#PERSON#<person>`, sk `CODE#<channel>`: a code was sent to this address; its right entry proves whose it is."""

    address = UnicodeAttribute()
    digest = UnicodeAttribute()
    tries = NumberAttribute(default=0)
    expires = NumberAttribute()


class CountItem(Item):
    """pk `ORG#<org>#COUNT#<hash of what>`, sk `<number of the window>`: how often something was done in a window of time."""

    times = NumberAttribute(default=0)
    expires = NumberAttribute()


class SentItem(Item):
    """pk `ORG#<org>#SENT#<channel>#<hash of address and message id>`, sk `SENT`: which notice a channel means by its id."""

    person_id = UnicodeAttribute()
    notice_id = UnicodeAttribute()
    place = NumberAttribute()
    expires = NumberAttribute()


class SaidItem(Item):
    """pk `ORG#<org>#SAID#<channel>#<hash of its id>`, sk `SAID`: that a channel said this; who says it again is not heard."""

    expires = NumberAttribute()


class Referred(NamedTuple):
    """A try to send a person's notice: the place in its log."""

    organisation_id: str
    person_id: str
    notice_id: str
    place: int


def reference_of(organisation_id: str, person_id: str, notice_id: str, place: int) -> str:
    """What a message carries, for channels that give it back with what they say of it later."""
    return "-".join((organisation_id, person_id, notice_id, str(place)))


def read_reference(text: str) -> Referred | None:
    """What `reference_of` made; None for anything else."""
    found = _REFERENCE.fullmatch(text)
    return Referred(found[1], found[2], found[3], int(found[4])) if found else None


def stage_sent(uow: UnitOfWork, channel: Channel, address: str, message_id: str, tried: Referred) -> None:
    """Note which try a message was, for channels that give no reference back."""
    if channel in _WITHOUT_REFERENCE and message_id:
        item = SentItem(_sent_pk(uow.organisation_id, channel, address, message_id), "SENT")
        item.person_id, item.notice_id, item.place = tried.person_id, tried.notice_id, tried.place
        item.expires = _until(_KEPT_SECONDS)
        uow.put(item)


def find_sent(organisation_id: str, channel: Channel, address: str, message_id: str) -> SentItem | None:
    return _find(SentItem, _sent_pk(organisation_id, channel, address, message_id), "SENT")


def was_said(organisation_id: str, channel: Channel, said_id: str) -> bool:
    return _find(SaidItem, _said_pk(organisation_id, channel, said_id), "SAID") is not None


def stage_said(uow: UnitOfWork, channel: Channel, said_id: str) -> None:
    """Note that a channel said this: two who hear it at the same time meet here."""
    uow.create(SaidItem(_said_pk(uow.organisation_id, channel, said_id), "SAID", expires=_until(_KEPT_SECONDS)))


def stage_token(uow: UnitOfWork, person_id: str, channel: Channel, token: str) -> int:
    """Keep whom a token links; until when, in seconds since 1970."""
    expires = _until(TOKEN_SECONDS)
    pk = _token_pk(uow.organisation_id, token)
    uow.put(TokenItem(pk, "LINK", person_id=person_id, channel=channel.value, expires=expires))
    return expires


def find_token(organisation_id: str, channel: Channel, token: str) -> TokenItem | None:
    """A token that still links somebody on this channel."""
    item = _find(TokenItem, _token_pk(organisation_id, token), "LINK")
    return item if item and item.channel == channel.value and item.expires > clock.timestamp() else None


def stage_code(uow: UnitOfWork, person_id: str, channel: Channel, address: str, digest: str) -> int:
    """Keep the code that was sent last; it takes the place of an earlier one. Until when, in seconds since 1970."""
    expires = _until(CODE_SECONDS)
    item = CodeItem(person_pk(uow.organisation_id, person_id), f"CODE#{channel.value}")
    item.address, item.digest, item.expires, item.tries = address, digest, expires, 0
    uow.put(item)
    return expires


def find_code(organisation_id: str, person_id: str, channel: Channel) -> CodeItem | None:
    """The code that waits to be entered."""
    item = _find(CodeItem, person_pk(organisation_id, person_id), f"CODE#{channel.value}")
    return item if item and item.expires > clock.timestamp() else None


def bring_back(item: CodeItem, instead_of: str) -> None:
    """Have an earlier code wait to be entered again, with the tries that it had left; not where a third one has come."""
    actions = [
        CodeItem.address.set(item.address),
        CodeItem.digest.set(item.digest),
        CodeItem.tries.set(item.tries),
        CodeItem.expires.set(item.expires),
    ]
    _counted(item, actions, CodeItem.digest == instead_of)


def count_try(item: CodeItem, most: int) -> bool:
    """Count a try of a code before it is looked at; False when there were enough. Outside any transaction: a refusal keeps it counted."""
    return _counted(item, [CodeItem.tries.add(1)], (CodeItem.tries < most) & (CodeItem.digest == item.digest))


def count_within(organisation_id: str, what: str, most: int, seconds: int) -> int:
    """Count something that may be done `most` times in a window of so many seconds: 0, or how long to wait."""
    now = clock.timestamp()
    item = CountItem(f"ORG#{organisation_id}#COUNT#{_digest(what)}", f"{now // seconds}")
    actions = [CountItem.times.add(1), CountItem.expires.set(now + 2 * seconds)]
    allowed = _counted(item, actions, CountItem.times.does_not_exist() | (CountItem.times < most))
    return 0 if allowed else seconds - now % seconds


def _counted(item: Item, actions: Sequence[Action], condition: Condition) -> bool:
    try:
        item.update(list(actions), condition)
    except UpdateError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        return False
    return True


def _find(model: type[M], pk: str, sk: str) -> M | None:
    try:
        return model.get(pk, sk, consistent_read=True)
    except model.DoesNotExist:
        return None


def _until(seconds: int) -> int:
    return clock.timestamp() + seconds


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _token_pk(organisation_id: str, token: str) -> str:
    return f"ORG#{organisation_id}#LINK#{_digest(token)}"


def _said_pk(organisation_id: str, channel: Channel, said_id: str) -> str:
    return f"ORG#{organisation_id}#SAID#{channel.value}#{_digest(said_id)[:32]}"


def _sent_pk(organisation_id: str, channel: Channel, address: str, message_id: str) -> str:
    return f"ORG#{organisation_id}#SENT#{channel.value}#{_digest(f'{address} {message_id}')[:32]}"
