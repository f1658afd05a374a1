"""Meters and what happened to them, as their readers see them."""

from datetime import date, datetime
from typing import Any, Final, cast

from meters import findings, store, store_events, store_places
from meters.installing import device_texts
from meters.readings import Circumstances, circumstances
from meters.rules.counters import format_value, use_text
from meters.rules.expected import expect, expected_range
from meters.rules.stream import READINGS, Point, State
from meters.rules.vocabulary import UNITS, Channel, Device, Status
from meters.schemas import (
    Actor,
    DecisionResponse,
    DeviceResponse,
    ExpectedRange,
    MeterResponse,
    MetersQuery,
    MeterSummary,
    RefusedReading,
    ShownReading,
    StreamEntry,
    WindowResponse,
)
from meters.store_settings import Settings, settings_of
from meters.visibility import Seen, find_visible, may_see, may_see_common, may_see_unit, see, today_of
from shared import attachments
from shared.access import Principal
from shared.errors import DomainError, FieldProblem, NotFound

_PAGE: Final = 50
_ENTRIES: Final = 25
_END: Final = "~"
Page = tuple[list[Any], dict[str, Any] | None]


# ------------------------------------------------------------------ meters
def list_meters(me: Principal, query: MetersQuery, cursor: dict[str, Any] | None) -> Page:
    """The meters of a unit or of common parts in the order of medium and number, or the one of a number; 50 a page.

    Raises NotFound where the caller may see none there, `invalid_query` unless exactly one of the three is asked for.
    """
    asked = [name for name in ("unit_id", "community_id", "number") if getattr(query, name) is not None]
    if len(asked) != 1:
        raise DomainError("invalid_query", 400, problems=(FieldProblem("unit_id", "missing"),))
    if query.number is not None:
        found = store.find_numbers(me.organisation_id, [query.number])
        return _summaries(me, [each.meter_id for each in found.values()]), None
    pk = _place(me, query)
    pointers = store.meters_in(pk, cursor["after"] if cursor else None, _PAGE)
    last = {"after": pointers[-1].sk} if len(pointers) == _PAGE else None
    return _summaries(me, [pointer.meter_id for pointer in pointers]), last


def get_meter(me: Principal, meter_id: str) -> MeterResponse:
    """One meter. Raises NotFound."""
    return response(me, find_visible(me, meter_id))


def response(me: Principal, seen: Seen, version: int | None = None) -> MeterResponse:
    """A meter with all that its own page shows; `version` where it was changed just now."""
    settings = settings_of(me.organisation_id)
    given = circumstances(settings, seen.meter, seen.unit, today_of(me))
    return MeterResponse(
        **dict(summary(me, seen, given)),
        unit_label=seen.unit.label if seen.unit else None,
        seal=seen.state.seal,
        photo_on_confirmation=given.limits.photo_on_confirmation,
        version=version or int(seen.meter.version or 1),
    )


def summary(me: Principal, seen: Seen, given: Circumstances) -> MeterSummary:
    """A meter as lists show it."""
    meter, state = seen.meter, seen.state
    device = cast("Device", state.device)
    waiting = next((each for each in meter.waiting or [] if seen.shows(date.fromisoformat(each[1]))), None)
    removed = state.removed is not None
    lives_here = store_places.own_since(seen.unit, me.person_id, given.today) is not None
    return MeterSummary(
        meter_id=meter.meter_id,
        number=meter.number,
        medium=cast("Any", meter.medium),
        unit=UNITS[cast("Any", meter.medium)],
        place=meter.place,
        unit_id=meter.unit_id,
        community_id=meter.community_id,
        parent_id=meter.parent_id,
        device=DeviceResponse(**device_texts(device)),
        installed_on=cast("date", state.installed),
        removed_on=state.removed,
        verified_until=state.verified_until,
        last=_shown(state.actual, device),
        estimate=_shown(state.estimate, device, estimated=True),
        waiting=waiting and ShownReading(reading_id=waiting[0], date=waiting[1], values=waiting[2], estimated=False),
        refused=_refused(seen, given),
        window=None if removed else _window(given),
        expected=[] if removed else _expected(state, device, given),
        may_read=not removed and (me.is_staff or lives_here),
    )


def _place(me: Principal, query: MetersQuery) -> str:
    if query.unit_id is not None:
        if not may_see_unit(me, query.unit_id) or store_places.find_unit(me.organisation_id, query.unit_id) is None:
            raise NotFound
        return store.place_pk(me.organisation_id, query.unit_id, "")
    community_id = str(query.community_id)
    known = may_see_common(me, community_id) and store_places.find_community(me.organisation_id, community_id)
    if not known:
        raise NotFound
    return store.place_pk(me.organisation_id, None, community_id)


def _summaries(me: Principal, meter_ids: list[str]) -> list[MeterSummary]:
    meters = store.load_meters(me.organisation_id, meter_ids)
    found = [meters[meter_id] for meter_id in meter_ids if meter_id in meters and may_see(me, meters[meter_id])]
    units = store_places.load_units(me.organisation_id, [meter.unit_id for meter in found])
    settings, today = settings_of(me.organisation_id), today_of(me)
    seen = [see(me, meter, units.get(meter.unit_id or "")) for meter in found]
    return [_summary(me, each, settings, today) for each in seen if me.is_staff or not each.state.removed]


def _summary(me: Principal, seen: Seen, settings: Settings, today: date) -> MeterSummary:
    return summary(me, seen, circumstances(settings, seen.meter, seen.unit, today))


def _shown(point: Point | None, device: Device, *, estimated: bool = False) -> ShownReading | None:
    if point is None:
        return None
    values = [format_value(value, device) for value in point.values]
    return ShownReading(reading_id=point.event_id, date=point.day, values=values, estimated=estimated)


def _refused(seen: Seen, given: Circumstances) -> RefusedReading | None:
    """The refused reading that the head names, where it is the present household's."""
    if not seen.meter.refused:
        return None
    reading_id, day, values, reason = seen.meter.refused
    on, since = date.fromisoformat(day), given.on(given.today).occupied_since
    if not seen.shows(on) or (since is not None and on < since):
        return None
    return RefusedReading(reading_id=reading_id, date=on, values=values, reason=reason)


def _window(given: Circumstances) -> WindowResponse | None:
    if given.window is None:
        return None
    first, last = given.window.next(given.today)
    is_open = first <= given.today <= last
    return WindowResponse(first=first, last=last, is_open=is_open, outside=given.limits.outside_window)


def _expected(state: State, device: Device, given: Circumstances) -> list[ExpectedRange]:
    """Between which values today's reading raises no question, register by register; cut at the counter's end."""
    since, last = given.on(given.today).occupied_since, state.actual
    found = []
    for register in range(device.registers):
        bounds = expected_range(state, register, given.today, given.limits, since)
        if bounds is None or last is None:
            return []
        expected = expect(state, register, given.today, given.limits, since)
        step, before, end = device.use(1), last.values[register], device.range - 1
        low, high = before + -(-bounds.low // step), before + bounds.high // step
        days = (given.today - last.day).days
        found.append(
            ExpectedRange(
                register_=register,
                low=format_value(min(low, end), device),
                high=format_value(min(high, end), device),
                low_use=use_text(bounds.low),
                high_use=use_text(bounds.high),
                expected_use=use_text(expected.daily * days) if expected else None,
                basis=expected.basis if expected else None,
            )
        )
    return found


# ------------------------------------------------------------------ what happened
def list_entries(me: Principal, meter_id: str, cursor: dict[str, Any] | None) -> Page:
    """What happened to a meter, the newest first. Who lives there sees it since he came, and the value that stood there then.

    Raises NotFound.
    """
    seen = find_visible(me, meter_id)
    before = cursor["before"] if cursor else _END
    since = seen.since.isoformat() if seen.since else " "
    items = store_events.entries(seen.meter.pk, before, since, _ENTRIES + 1)
    shown = [entry(me, item) for item in items[:_ENTRIES]]
    if len(items) > _ENTRIES:
        return shown, {"before": items[_ENTRIES - 1].position}
    opening = _opening(seen)
    return shown + ([opening] if opening else []), None


def entry(me: Principal, item: store_events.EventItem) -> StreamEntry:
    """Something that happened, with who did it and who decided."""
    photo = item.photo[0] if item.photo else None
    return StreamEntry(
        entry_id=item.event_id,
        kind=cast("Any", item.kind),
        status=cast("Status", item.status),
        date=item.day,
        values=item.values or [],
        closing=item.closing or [],
        uses=None if item.uses is None else [use_text(use) for use in item.uses],
        number=item.number,
        verified_until=date.fromisoformat(item.verified_until) if item.verified_until else None,
        seal=item.seal or "",
        findings=findings.shown(item.findings),
        channel=cast("Channel | None", item.channel),
        actor=actor(me, item),
        photo=attachments.shown(photo) if photo else None,
        recorded_at=datetime.fromisoformat(item.recorded_at),
        decision=_decision(me, item),
        supersedes=item.supersedes,
        superseded_by=item.superseded_by,
    )


def actor(me: Principal, item: store_events.EventItem) -> Actor:
    """Who entered it."""
    role: Any = {"portal": "household", "staff": "staff"}.get(item.channel or "", "system")
    known = item.actor != "system" and me.is_staff
    return Actor(role=role, mine=item.actor == me.person_id, person_id=item.actor if known else None)


def _decision(me: Principal, item: store_events.EventItem) -> DecisionResponse | None:
    if not item.decision:
        return None
    made = item.decision
    return DecisionResponse(
        decision=made["decision"],
        at=made["at"],
        reason=made["reason"],
        person_id=made["person_id"] if me.is_staff else None,
    )


def _opening(seen: Seen) -> StreamEntry | None:
    """The value from which the household's own use is counted, bare: who read it, and what was said of it, is not theirs to see."""
    if seen.since is None or seen.since == date.max:
        return None
    stream = store_events.counted_before(seen.meter.pk, seen.since)
    found = next((item for item in stream if item.kind in READINGS or item.kind in ("installed", "replaced")), None)
    if found is None:
        return None
    return StreamEntry(
        entry_id=found.event_id,
        kind=cast("Any", found.kind),
        status="accepted",
        date=found.day,
        values=found.values or [],
        closing=[],
        uses=None,
        number=None,
        verified_until=None,
        seal="",
        findings=[],
        channel=None,
        actor=Actor(role="system", mine=False, person_id=None),
        photo=None,
        recorded_at=datetime.fromisoformat(found.recorded_at),
        decision=None,
        supersedes=None,
        superseded_by=None,
    )
