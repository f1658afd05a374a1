"""The customer's files of meters and of readings, as `POST /reading-imports` takes them (docs/meters.md)."""

from collections.abc import Iterable
from typing import Final

from infra.demo.meter_model import Meter
from infra.demo.portfolio import csv_text

METERS: Final = (
    "meter_number,medium,unit_ref,community_ref,place,digits,decimals,registers,multiplier,max_flow,installed_on,opening1,opening2,"
    "verified_until,parent_number,meter_id"
)
READINGS: Final = "meter_number,date,value1,value2,estimated"


def meters_csv(meters: Iterable[Meter]) -> bytes:
    """One row for each meter."""
    return csv_text(METERS, map(_meter, meters)).encode()


def readings_csv(meters: Iterable[Meter]) -> bytes:
    """What the counters showed at the ends of the months, meter by meter."""
    rows = (
        (
            meter.number,
            reading.day.isoformat(),
            *_both(meter.counter.shown(reading.values)),
            "1" if reading.estimated else "",
        )
        for meter in meters
        for reading in meter.readings
    )
    return csv_text(READINGS, rows).encode()


def _meter(meter: Meter) -> tuple[str, ...]:
    counter = meter.counter
    return (
        meter.number,
        meter.medium,
        meter.unit_ref,
        "" if meter.unit_ref else meter.community_ref,
        meter.place,
        str(counter.digits),
        str(counter.decimals),
        str(counter.registers),
        "1",
        counter.max_flow,
        meter.installed_on.isoformat(),
        *_both(counter.shown(meter.openings)),
        meter.verified_until.isoformat(),
        meter.parent_number,
        meter.meter_id,
    )


def _both(values: tuple[str, ...]) -> tuple[str, str]:
    """The cells of two registers; the second is empty where there is one."""
    first, second = (*values, "")[:2]
    return first, second
