"""Until when meters are verified: a copy of what the meters' context says. Access patterns: docs/data-model.md."""

from collections.abc import Sequence
from datetime import date

from pynamodb.attributes import UnicodeAttribute, VersionAttribute

from notifications.store import Item
from shared.events.meters import VerifiedMeter
from shared.indexes import Gsi2
from shared.tables import UnitOfWork


class VerifiedItem(Item):
    """pk `ORG#<org>#METER#<meter>`, sk `VERIFIED`: what was heard of a meter last, as of when.

    gsi2, `ORG#<org>#VERIFIED#<day>` / `<number>#<meter>`: the meters whose verification expires on a day.
    """

    as_of = UnicodeAttribute()
    version = VersionAttribute()
    gsi2pk = UnicodeAttribute(null=True)
    gsi2sk = UnicodeAttribute(null=True)
    by_day = Gsi2()


def stage_verified(uow: UnitOfWork, meters: Sequence[VerifiedMeter]) -> set[date]:
    """Stage what was said of meters, unless something newer was heard of them before; the days until which they are verified."""
    org = uow.organisation_id
    keys = [(f"ORG#{org}#METER#{meter.meter_id}", "VERIFIED") for meter in meters]
    known = {item.pk: item for item in VerifiedItem.batch_get(keys, consistent_read=True)}
    days = set()
    for (pk, sk), meter in zip(keys, meters, strict=True):
        item = known.get(pk) or VerifiedItem(pk, sk, as_of="")
        if item.as_of > uow.said_at:
            continue
        item.as_of, item.gsi2pk, item.gsi2sk = uow.said_at, None, None
        if meter.verified_until:
            item.gsi2pk, item.gsi2sk = _day_pk(org, meter.verified_until), f"{meter.number}#{meter.meter_id}"
            days.add(meter.verified_until)
        uow.put(item)
    return days


def verified_until(organisation_id: str, day: date, most: int) -> tuple[int, list[tuple[str, str]]]:
    """How many meters' verification expires on a day; number and id of the first ones. Eventually consistent."""
    pk = _day_pk(organisation_id, day)
    found = [str(item.gsi2sk).rpartition("#") for item in VerifiedItem.by_day.query(pk, limit=most)]
    first = [(number, meter_id) for number, _, meter_id in found]
    return (VerifiedItem.by_day.count(pk) if len(first) == most else len(first)), first


def _day_pk(organisation_id: str, day: date) -> str:
    return f"ORG#{organisation_id}#VERIFIED#{day.isoformat()}"
