"""Meters and their pointers in the meters table; how heads are found and staged. Access patterns: docs/data-model.md."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from pynamodb.attributes import BinaryAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute, VersionAttribute

from meters.codec import decode, encode
from meters.rules.stream import State
from shared.errors import NotFound
from shared.indexes import Gsi1, Gsi2
from shared.tables import Base, UnitOfWork, table_name

METER_SK: Final = "METER"
SHARDS: Final = 8
"""Into so many partitions the meters of an organisation go, in the order of their last actual reading."""
MOST_WAITING: Final = 5
"""So many held readings a head names; where more wait, the stream is asked."""


class Item(Base):
    class Meta:
        table_name = table_name("METERS_TABLE")


class MeterItem(Item):
    """pk `ORG#<org>#METER#<meter>`, sk `METER`: the head, with the state after everything that is accepted.

    `unit_id` is none for a meter of the common parts. `last_day` and `last_place` are the place of the latest event that counts,
    `since_checkpoint` how many count after the last state kept in the stream. `waiting` are the newest held readings, the newest first:
    `[reading_id, day, values, entered by a household]`; `held` how many there are; `refused` is the newest one that staff refused,
    until another reading of its day or later counts or waits: `[reading_id, day, values, reason]`. gsi2:
    `ORG#<org>#METERS#<shard>` / `<day of the last actual reading>#<meter>`, which a removed meter leaves. Never save it but by
    `stage_meter`.
    """

    meter_id = UnicodeAttribute()
    number = UnicodeAttribute()
    medium = UnicodeAttribute()
    place = UnicodeAttribute(default="")
    unit_id = UnicodeAttribute(null=True)
    community_id = UnicodeAttribute()
    parent_id = UnicodeAttribute(null=True)
    packed = BinaryAttribute(legacy_encoding=False)
    events = NumberAttribute(default=0)
    since_checkpoint = NumberAttribute(default=0)
    last_day = UnicodeAttribute(null=True)
    last_place = UnicodeAttribute(null=True)
    held = NumberAttribute(default=0)
    waiting = JSONAttribute(null=True)
    refused = JSONAttribute(null=True)
    estimated_for = UnicodeAttribute(null=True)
    """The last day of the window for which an estimate was made or found impossible."""
    gsi2pk = UnicodeAttribute(null=True)
    gsi2sk = UnicodeAttribute(null=True)
    by_held = Gsi1()
    by_last_day = Gsi2()
    version = VersionAttribute()

    @property
    def organisation_id(self) -> str:
        return str(self.pk).split("#", 2)[1]

    @property
    def state(self) -> State:
        """What the meter's stream has come to."""
        return decode(self.packed)

    @state.setter
    def state(self, state: State) -> None:
        self.packed = encode(state)


class MeterPointer(Item):
    """A meter among others, in the order of lists.

    pk `ORG#<org>#UNIT#<unit>` or `ORG#<org>#COMMUNITY#<community>` (its common parts), sk `METER#<medium>#<number>#<meter>`; and pk
    `ORG#<org>#METER#<house meter>`, sk `CHILD#<meter>`.
    """

    meter_id = UnicodeAttribute()


class NumberItem(Item):
    """pk `ORG#<org>#NUMBER#<number>`, sk `METER`: which meter's counter has or had a number, from a day on and until it was replaced."""

    meter_id = UnicodeAttribute()
    since = UnicodeAttribute()
    until = UnicodeAttribute(null=True)


@dataclass(frozen=True)
class Numbered:
    """A counter by its number: it hung in the meter's place from `since` on, until it was replaced on `until`."""

    number: str
    meter_id: str
    since: date
    until: date | None


def meter_pk(organisation_id: str, meter_id: str) -> str:
    return f"ORG#{organisation_id}#METER#{meter_id}"


def number_pk(organisation_id: str, number: str) -> str:
    return f"ORG#{organisation_id}#NUMBER#{number}"


def find_meter(organisation_id: str, meter_id: str) -> MeterItem:
    """A meter's head as it stands now. Raises NotFound."""
    try:
        return MeterItem.get(meter_pk(organisation_id, meter_id), METER_SK, consistent_read=True)
    except MeterItem.DoesNotExist as error:
        raise NotFound from error


def load_meters(organisation_id: str, meter_ids: Iterable[str]) -> dict[str, MeterItem]:
    """Those of the meters that exist, by id, as they stand now; one call for each hundred."""
    keys = [(meter_pk(organisation_id, meter_id), METER_SK) for meter_id in dict.fromkeys(meter_ids)]
    found = MeterItem.batch_get(keys, consistent_read=True) if keys else ()
    return {item.meter_id: item for item in found}


def find_numbers(organisation_id: str, numbers: Iterable[str]) -> dict[str, Numbered]:
    """Those of the numbers that some meter's counter has or had; one call for each hundred."""
    asked = {number_pk(organisation_id, number): number for number in numbers}
    found = NumberItem.batch_get([(pk, METER_SK) for pk in asked], consistent_read=True) if asked else ()
    return {
        asked[item.pk]: Numbered(
            asked[item.pk],
            item.meter_id,
            date.fromisoformat(item.since),
            date.fromisoformat(item.until) if item.until else None,
        )
        for item in found
    }


def children_of(organisation_id: str, meter_id: str) -> list[str]:
    """The meters behind a house meter."""
    found = MeterPointer.query(
        meter_pk(organisation_id, meter_id), MeterPointer.sk.startswith("CHILD#"), consistent_read=True
    )
    return [item.meter_id for item in found]


def meters_in(place_pk: str, after: str | None, limit: int) -> list[MeterPointer]:
    """The next pointers of a unit or of a community's common parts, in the order of lists, behind a sort key."""
    condition = MeterPointer.sk.between(f"{after} " if after else "METER#", "METER#~")
    return list(MeterPointer.query(place_pk, condition, limit=limit, consistent_read=True))


def place_pk(organisation_id: str, unit_id: str | None, community_id: str) -> str:
    """The partition in which the meters of a unit, or of a community's common parts, are listed."""
    return f"ORG#{organisation_id}#UNIT#{unit_id}" if unit_id else f"ORG#{organisation_id}#COMMUNITY#{community_id}"


def pointer_of(meter: MeterItem) -> MeterPointer:
    """The pointer under which a meter is listed where it hangs."""
    return MeterPointer(
        pk=place_pk(meter.organisation_id, meter.unit_id, meter.community_id),
        sk=f"METER#{meter.medium}#{meter.number}#{meter.meter_id}",
        meter_id=meter.meter_id,
    )


def child_pointer(meter: MeterItem, parent_id: str) -> MeterPointer:
    return MeterPointer(
        pk=meter_pk(meter.organisation_id, parent_id), sk=f"CHILD#{meter.meter_id}", meter_id=meter.meter_id
    )


def last_read_before(organisation_id: str, shard: int, day: date, after: str | None, limit: int) -> list[MeterItem]:
    """The next meters of a shard whose last actual reading is older than a day, behind an index position (`gsi2sk`).

    Eventually consistent: whoever acts on it reads the head again.
    """
    condition = MeterItem.gsi2sk.between(f"{after} " if after else " ", day.isoformat())
    return list(MeterItem.by_last_day.query(f"ORG#{organisation_id}#METERS#{shard}", condition, limit=limit))


def shard_of(meter_id: str) -> int:
    return hashlib.sha256(meter_id.encode()).digest()[0] % SHARDS


def stage_meter(uow: UnitOfWork, meter: MeterItem, state: State) -> None:
    """Stage a head that was read or made, at most once in a unit of work, with the state after everything."""
    meter.state = state
    meter.gsi2pk = meter.gsi2sk = None
    if state.actual and not state.removed:
        meter.gsi2pk = f"ORG#{meter.organisation_id}#METERS#{shard_of(meter.meter_id)}"
        meter.gsi2sk = f"{state.actual.day.isoformat()}#{meter.meter_id}"
    uow.put(meter)
