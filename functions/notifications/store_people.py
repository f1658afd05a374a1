"""How people want to be told, and where they can be reached. Access patterns: docs/data-model.md."""

import hashlib
from typing import Any, Final

from pynamodb.attributes import JSONAttribute, UnicodeAttribute, VersionAttribute

from notifications.kinds import Channel
from notifications.store import Item, person_pk
from shared import clock
from shared.indexes import Gsi1, Gsi2
from shared.tables import UnitOfWork

ON: Final = "on"
OFF: Final = "off"
_PREFERENCES: Final = "PREFERENCES"
_LINK: Final = "LINK#"
_OF_THE_REGISTER: Final = frozenset({Channel.EMAIL, Channel.SMS})
"""Channels whose addresses the register has: there the staff can put them right."""


class PreferencesItem(Item):
    """pk `ORG#<org>#PERSON#<person>`, sk `PREFERENCES`: how a person wants to be told. Who never said stands as a new item does."""

    person_id = UnicodeAttribute()
    muted = JSONAttribute(default=dict)
    """By kind or nature, the channels that are not wanted for it."""
    quiet_from = UnicodeAttribute(default="22:00")
    quiet_to = UnicodeAttribute(default="07:00")
    """Hours in which nothing rings, on the person's clock; the same hour twice: none."""
    digest_at = UnicodeAttribute(null=True)
    """The hour at which everything that can wait comes in one go; None: each by itself, at once."""
    time_zone = UnicodeAttribute(null=True)
    """IANA; None: the organisation's."""
    locale = UnicodeAttribute(null=True)
    """None: the language that the register has."""
    version = VersionAttribute()


class LinkItem(Item):
    """pk as PreferencesItem, sk `LINK#<channel>#<hash of address>`: an address of a person on a channel, and whether it is used.

    Messengers and push have no other addresses. Of e-mail and SMS the register has the address: e-mail is used unless an item here is
    off, SMS only while one is on, for its number was confirmed. gsi1, `ORG#<org>#ADDRESS#<channel>#<hash>` / `<person>`: whose it is.
    gsi2, `ORG#<org>#DEAD` / `<since>#<person>#<channel>`: which of the register's addresses are off.
    """

    person_id = UnicodeAttribute()
    channel = UnicodeAttribute()
    address = UnicodeAttribute()
    """As the channel's module takes it: an e-mail address, E.164, a chat's id, a push subscription in JSON."""
    state = UnicodeAttribute(default=ON)
    code = UnicodeAttribute(default="")
    """Why it is off: the channel's own code, or `unlinked`."""
    since = UnicodeAttribute()
    """When it came to be on or off."""
    version = VersionAttribute()
    gsi1pk = UnicodeAttribute()
    gsi1sk = UnicodeAttribute()
    by_address = Gsi1()
    gsi2pk = UnicodeAttribute(null=True)
    gsi2sk = UnicodeAttribute(null=True)
    by_death = Gsi2()


def preferences_of(organisation_id: str, person_id: str) -> PreferencesItem:
    """What the person wants; a new item where he never said."""
    pk = person_pk(organisation_id, person_id)
    try:
        return PreferencesItem.get(pk, _PREFERENCES, consistent_read=True)
    except PreferencesItem.DoesNotExist:
        return PreferencesItem(pk=pk, sk=_PREFERENCES, person_id=person_id)


def links_of(organisation_id: str, person_id: str) -> list[LinkItem]:
    """All of a person's addresses that are kept here, on and off."""
    pk = person_pk(organisation_id, person_id)
    return list(LinkItem.query(pk, LinkItem.sk.startswith(_LINK), consistent_read=True))


def find_link(organisation_id: str, person_id: str, channel: Channel, address: str) -> LinkItem | None:
    try:
        return LinkItem.get(person_pk(organisation_id, person_id), _link_sk(channel, address), consistent_read=True)
    except LinkItem.DoesNotExist:
        return None


def links_to(organisation_id: str, channel: Channel, address: str) -> list[LinkItem]:
    """Whose address it is: of a family phone, several people's. Read eventually."""
    return list(LinkItem.by_address.query(_address_pk(organisation_id, channel, address)))


def list_dead(
    organisation_id: str, cursor: dict[str, Any] | None, limit: int
) -> tuple[list[LinkItem], dict[str, Any] | None]:
    """A page of addresses that the register had when they died, the last ones first. Read eventually."""
    found = LinkItem.by_death.query(
        _dead_pk(organisation_id), scan_index_forward=False, limit=limit, page_size=limit, last_evaluated_key=cursor
    )
    return list(found), found.last_evaluated_key


def stage_link(
    uow: UnitOfWork, person_id: str, channel: Channel, address: str, *, state: str = ON, code: str = ""
) -> LinkItem:
    """Switch an address on or off, known or not."""
    item = find_link(uow.organisation_id, person_id, channel, address) or LinkItem(
        pk=person_pk(uow.organisation_id, person_id),
        sk=_link_sk(channel, address),
        person_id=person_id,
        channel=channel.value,
        address=address,
        gsi1pk=_address_pk(uow.organisation_id, channel, address),
        gsi1sk=person_id,
    )
    item.state, item.code, item.since = state, code, clock.stamp(clock.now())
    is_dead = state == OFF and channel in _OF_THE_REGISTER
    item.gsi2pk = _dead_pk(uow.organisation_id) if is_dead else None
    item.gsi2sk = f"{item.since}#{person_id}#{channel.value}" if is_dead else None
    uow.put(item)
    return item


def _link_sk(channel: Channel, address: str) -> str:
    return f"{_LINK}{channel.value}#{_digest(address)}"


def _address_pk(organisation_id: str, channel: Channel, address: str) -> str:
    return f"ORG#{organisation_id}#ADDRESS#{channel.value}#{_digest(address)}"


def _dead_pk(organisation_id: str) -> str:
    return f"ORG#{organisation_id}#DEAD"


def _digest(address: str) -> str:
    """E-mail addresses differ in case only as they are written."""
    return hashlib.sha256(address.casefold().encode()).hexdigest()[:32]
