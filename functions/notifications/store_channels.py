"""An organisation's channels: settings, never a secret; and what was refused at their doors. Access patterns: docs/data-model.md."""

from datetime import timedelta
from typing import Final

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute, VersionAttribute

from notifications.kinds import Channel
from notifications.store import Item
from shared import clock

_KEPT_SECONDS: Final = 30 * 86_400


class ChannelItem(Item):
    """pk `ORG#<org>#CHANNELS`, sk `CHANNEL#<channel>`: settings, never secrets, which are in the parameter store."""

    channel = UnicodeAttribute()
    enabled = BooleanAttribute(default=False)
    settings = JSONAttribute(default=dict)
    secrets = JSONAttribute(default=list)
    """The names of the secrets that are set."""
    secrets_version = NumberAttribute(default=0)
    """The version of the parameter that holds them, 0 where none are set: no other counts."""
    former = BooleanAttribute(default=False)
    set_by = UnicodeAttribute(default="")
    set_at = UnicodeAttribute(default="")
    version = VersionAttribute()


class RefusedItem(Item):
    """pk `ORG#<org>#REFUSED#<channel>`, sk `<minute>#<code>`: how many messages that nobody vouches for came in a minute."""

    times = NumberAttribute(default=0)
    expires = NumberAttribute()


def new_channel(organisation_id: str, channel: Channel) -> ChannelItem:
    return ChannelItem(_channels_pk(organisation_id), f"CHANNEL#{channel.value}", channel=channel.value)


def find_channel(organisation_id: str, channel: Channel) -> ChannelItem | None:
    try:
        return ChannelItem.get(_channels_pk(organisation_id), f"CHANNEL#{channel.value}", consistent_read=True)
    except ChannelItem.DoesNotExist:
        return None


def channels_of(organisation_id: str) -> dict[str, ChannelItem]:
    """The channels that the organisation has set up, by name."""
    found = ChannelItem.query(_channels_pk(organisation_id), ChannelItem.sk.startswith("CHANNEL#"))
    return {item.channel: item for item in found}


def count_refused(organisation_id: str, channel: Channel, code: str) -> None:
    """Note that a message was refused: one item a minute and code, so that a flood of forgeries cannot fill the table."""
    minute = clock.stamp(clock.now())[:16]
    expires = clock.timestamp() + _KEPT_SECONDS
    item = RefusedItem(_refused_pk(organisation_id, channel), f"{minute}#{code}")
    item.update([RefusedItem.times.add(1), RefusedItem.expires.set(expires)])


def count_of_refused(organisation_id: str, channel: Channel) -> int:
    """How many messages were refused in the last day."""
    since = clock.stamp(clock.now() - timedelta(days=1))
    found = RefusedItem.query(_refused_pk(organisation_id, channel), RefusedItem.sk >= since)
    return sum(int(item.times) for item in found)


def _channels_pk(organisation_id: str) -> str:
    return f"ORG#{organisation_id}#CHANNELS"


def _refused_pk(organisation_id: str, channel: Channel) -> str:
    return f"ORG#{organisation_id}#REFUSED#{channel.value}"
