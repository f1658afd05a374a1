"""A meter's state as it is kept: a few hundred bytes, whatever the length of its stream.

Days are counted from the first one named, totals from the mark before, and the whole is deflated: a head of one register with all its marks
stays under one kilobyte, the unit in which writes are paid for.
"""

import json
import zlib
from datetime import date
from typing import Any, Final

from meters.rules.stream import Interval, Mark, Point, State
from meters.rules.vocabulary import Device

_RAW: Final = -15
"""Deflate without zlib's header and checksum."""


def encode(state: State) -> bytes:
    """The state in bytes; `decode` gives it back exactly."""
    base = state.installed.toordinal() if state.installed else 0
    document = [
        base,
        pack_device(state.device) if state.device else None,
        [_count(day, base) for day in (state.device_since, state.removed, state.verified_until)],
        state.seal,
        _pack_point(state.actual, base),
        _pack_point(state.estimate, base),
        [[each.start.toordinal() - base, each.days, *each.uses] for each in state.recent],
        _pack_marks(state.marks, base),
    ]
    return zlib.compress(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(), 9, _RAW)


def decode(packed: bytes) -> State:
    """The state that `encode` packed."""
    base, device, days, seal, actual, estimate, recent, marks = json.loads(zlib.decompress(packed, _RAW))
    since, removed, verified = (None if count is None else _day(count, base) for count in days)
    return State(
        device=unpack_device(device) if device else None,
        installed=date.fromordinal(base) if base else None,
        device_since=since,
        removed=removed,
        verified_until=verified,
        seal=seal,
        actual=_unpack_point(actual, base),
        estimate=_unpack_point(estimate, base),
        recent=tuple(
            Interval(_day(start, base), _day(start + length, base), tuple(uses)) for start, length, *uses in recent
        ),
        marks=_unpack_marks(marks, base),
    )


def pack_device(device: Device) -> list[int | None]:
    """A counter's kind as JSON."""
    return [device.digits, device.decimals, device.registers, device.multiplier_milli, device.max_flow]


def unpack_device(packed: list[Any]) -> Device:
    return Device(*packed)


def _pack_point(point: Point | None, base: int) -> list[Any] | None:
    if point is None:
        return None
    return [point.day.toordinal() - base, point.values, point.totals, point.event_id, point.codes]


def _unpack_point(packed: list[Any] | None, base: int) -> Point | None:
    if packed is None:
        return None
    day, values, totals, event_id, codes = packed
    return Point(_day(day, base), tuple(values), tuple(totals), event_id, tuple(codes))


def _pack_marks(marks: tuple[Mark, ...], base: int) -> list[list[int]]:
    packed, day, totals = [], base, (0,) * (len(marks[0].totals) if marks else 0)
    for mark in marks:
        more = [total - before for total, before in zip(mark.totals, totals, strict=True)]
        packed.append([mark.day.toordinal() - day, *more])
        day, totals = mark.day.toordinal(), mark.totals
    return packed


def _unpack_marks(packed: list[list[int]], base: int) -> tuple[Mark, ...]:
    marks, day = [], base
    totals = [0] * (len(packed[0]) - 1 if packed else 0)
    for days, *more in packed:
        day += days
        totals = [total + further for total, further in zip(totals, more, strict=True)]
        marks.append(Mark(date.fromordinal(day), tuple(totals)))
    return tuple(marks)


def _count(day: date | None, base: int) -> int | None:
    return None if day is None else day.toordinal() - base


def _day(count: int, base: int) -> date:
    return date.fromordinal(base + count)
