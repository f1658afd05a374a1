"""Hourly values of remote reading in the meters table, kept beside the stream."""

from collections.abc import Mapping, Sequence
from typing import Final

from pynamodb.attributes import JSONAttribute, NumberAttribute

from meters.store import Item, meter_pk
from shared import clock

_KEEP_SECONDS: Final = 731 * 86_400
"""Two years; what the days came to stays in the stream."""


class HoursItem(Item):
    """The meter's pk, sk `HOURS#<day>#<import>#<number>`: values by the minute since the day began (four digits), as the counter shows
    them.

    An item of each import and counter, so that nobody writes over what another brought; of the same minute the later import holds.
    """

    values = JSONAttribute()
    expires = NumberAttribute()


def hours_of(organisation_id: str, meter_id: str, day: str) -> dict[str, list[str]]:
    """The values of a day by minute, of all imports."""
    found = HoursItem.query(
        meter_pk(organisation_id, meter_id), HoursItem.sk.startswith(f"HOURS#{day}#"), consistent_read=True
    )
    values: dict[str, list[str]] = {}
    for item in found:
        values |= item.values
    return values


def write_hours(
    organisation_id: str, import_id: str, hours: Mapping[tuple[str, str, str], Mapping[str, Sequence[str]]]
) -> None:
    """Write an import's values, by meter, number and day, 25 items a call.

    Outside the transaction, and before it: the same rows give the same items however often they are written, and a day's reading that
    counts is never without the values that it was taken from. Values without a reading (the transaction failed) wait for its repetition.
    """
    expires = clock.timestamp() + _KEEP_SECONDS
    with HoursItem.batch_write() as batch:
        for (meter_id, number, day), values in hours.items():
            batch.save(
                HoursItem(
                    pk=meter_pk(organisation_id, meter_id),
                    sk=f"HOURS#{day}#{import_id}#{number}",
                    values={minute: list(texts) for minute, texts in values.items()},
                    expires=expires,
                )
            )
