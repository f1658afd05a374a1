"""Meters are installed, hung elsewhere, replaced, verified, sealed, removed."""

from datetime import date
from typing import Any

from meters import service_view, store, store_places
from meters.codec import pack_device
from meters.installing import Installation, device_from, id_of, shown_values, stage_installation
from meters.keeping import Keeping, say
from meters.readings import circumstances
from meters.rules.days import YEARS
from meters.rules.vocabulary import Device
from meters.schemas import MeterResponse
from meters.schemas_staff import DeviceRequest, InstallationRequest, MeterChange, MeterEventRequest, ReplacementRequest
from meters.service_readings import PURPOSE
from meters.store_settings import settings_of
from meters.visibility import Seen, find_visible, today_of
from shared import attachments
from shared.access import Principal
from shared.errors import Conflict, DomainError, FieldProblem
from shared.events.meters import MeterReplaced
from shared.tables import UnitOfWork


def install_meter(uow: UnitOfWork, me: Principal, body: InstallationRequest) -> MeterResponse:
    """Install a meter in a unit or in the common parts of a community.

    Raises `unit_or_community`, `unknown_unit`, `unknown_community`, `unknown_parent`, `invalid_device`, and Conflict `number_taken`,
    `meter_exists`.
    """
    unit, community_id = _where(me, body)
    _check_day(me, body.date)
    installation = Installation(
        number=body.number,
        medium=body.medium,
        device=_device(body.device),
        day=body.date,
        opening=tuple(body.opening),
        community_id=community_id,
        unit_id=body.unit_id,
        parent_id=body.parent_id,
        place=body.place,
        verified_until=body.verified_until,
        seal=body.seal,
        meter_id=body.meter_id or "",
        actor=me.person_id,
    )
    meter_id = id_of(me.organisation_id, installation)
    known = store.load_meters(me.organisation_id, [meter_id])
    if store.find_numbers(me.organisation_id, [body.number]):
        raise Conflict("number_taken")
    if known:
        raise Conflict("meter_exists")
    check_parent(me.organisation_id, body.parent_id, meter_id, body.medium, community_id)
    taking = stage_installation(uow, installation, today_of(me))
    say(uow, [taking])
    return service_view.response(me, Seen(taking.meter, unit, taking.state, None), version=1)


def change_meter(uow: UnitOfWork, me: Principal, meter_id: str, body: MeterChange) -> MeterResponse:
    """Say where a meter hangs and behind which house meter. Raises NotFound, Conflict, `unknown_parent`."""
    seen = find_visible(me, meter_id)
    meter = seen.meter
    if body.version != int(meter.version or 1):
        raise Conflict
    if body.place is not None:
        meter.place = body.place
    if body.parent_id is not None:
        _move(uow, meter, body.parent_id or None)
    store.stage_meter(uow, meter, seen.state)
    return service_view.response(me, seen, version=body.version + 1)


def replace_counter(uow: UnitOfWork, me: Principal, meter_id: str, body: ReplacementRequest) -> MeterResponse:
    """Put another counter in a meter's place; readings that cannot be of it wait for staff from then on.

    Raises NotFound, `invalid_device`, the refusals of a photograph, and Conflict `meter_removed`, `number_taken`, `stream_refused`,
    `too_far_back`.
    """
    seen, taking = _begin(me, meter_id, body.date)
    meter, old = seen.meter, _device_on(taking, body.date)
    if seen.state.device_since and body.date < seen.state.device_since:
        raise Conflict("stream_refused")
    if store.find_numbers(me.organisation_id, [body.number]):
        raise Conflict("number_taken")
    device = _device(body.device) if body.device else old
    closing, opening = shown_values(old, body.closing, "closing"), shown_values(device, body.opening, "opening")
    photo = attachments.resolve(me, PURPOSE, [body.photo], "photo") if body.photo else []
    taking.record(
        "replaced",
        body.date,
        values=opening,
        closing=closing,
        device=pack_device(device),
        number=body.number,
        verified_until=_text(body.verified_until),
        seal=body.seal or None,
        actor=me.person_id,
        channel="staff",
        photo=photo or None,
    )
    _renumber(uow, meter, body)
    taking.finish(uow)
    say(uow, [taking])
    uow.emit(
        MeterReplaced(
            meter_id=meter.meter_id,
            unit_id=meter.unit_id,
            community_id=meter.community_id,
            day=body.date,
            number=body.number,
            photo=attachments.object_keys(photo),
        )
    )
    return _changed(me, seen, taking)


def note_event(uow: UnitOfWork, me: Principal, meter_id: str, body: MeterEventRequest) -> MeterResponse:
    """Note that a meter was verified, sealed or removed.

    Raises NotFound, `invalid_device`, `invalid_body`, Conflict `meter_removed`, `stream_refused`, `too_far_back`.
    """
    if body.kind == "verified" and body.verified_until is None:
        raise DomainError("invalid_body", problems=(FieldProblem("verified_until", "missing"),))
    seen, taking = _begin(me, meter_id, body.date)
    device = _device_on(taking, body.date)
    fields: dict[str, Any] = {"actor": me.person_id, "channel": "staff"}
    if body.kind == "verified":
        fields["verified_until"] = _text(body.verified_until)
    elif body.kind == "sealed":
        fields["seal"] = body.seal
    elif body.closing:
        fields["closing"] = shown_values(device, body.closing, "closing")
    taking.record(body.kind, body.date, **fields)
    taking.finish(uow)
    say(uow, [taking])
    return _changed(me, seen, taking)


def check_parent(organisation_id: str, parent_id: str | None, meter_id: str, medium: str, community_id: str) -> None:
    """A house meter hangs in the common parts of the same community and counts the same medium. Raises `unknown_parent`."""
    if not parent_id:
        return
    parent = store.load_meters(organisation_id, [parent_id]).get(parent_id)
    fits = parent and (parent.medium, parent.community_id) == (medium, community_id) and not parent.unit_id
    if not fits or parent_id == meter_id:
        raise DomainError("unknown_parent", problems=(FieldProblem("parent_id", "unknown_parent"),))


def _begin(me: Principal, meter_id: str, day: date) -> tuple[Seen, Keeping]:
    seen = find_visible(me, meter_id)
    if seen.state.removed:
        raise Conflict("meter_removed")
    _check_day(me, day)
    given = circumstances(settings_of(me.organisation_id), seen.meter, seen.unit, today_of(me))
    return seen, Keeping(seen.meter, given, seen.state)


def _changed(me: Principal, seen: Seen, taking: Keeping) -> MeterResponse:
    now = Seen(seen.meter, seen.unit, taking.state, None)
    return service_view.response(me, now, version=int(seen.meter.version or 0) + 1)


def _device_on(taking: Keeping, day: date) -> Device:
    device = taking.device_on(day)
    if device is None:  # before it was installed
        raise Conflict("stream_refused")
    return device


def _renumber(uow: UnitOfWork, meter: store.MeterItem, body: ReplacementRequest) -> None:
    """The old counter's number stands for the meter until that day, the new one's from then on; lists show the new one."""
    pk, day = store.number_pk(meter.organisation_id, meter.number), body.date.isoformat()
    old = store.NumberItem(pk=pk, sk=store.METER_SK)
    uow.update(old, [store.NumberItem.until.set(day)])
    uow.delete(store.pointer_of(meter))
    meter.number = body.number
    pk = store.number_pk(meter.organisation_id, body.number)
    new = store.NumberItem(pk=pk, sk=store.METER_SK, meter_id=meter.meter_id, since=day)
    uow.create(new, otherwise=Conflict("number_taken"))
    uow.put(store.pointer_of(meter))


def _move(uow: UnitOfWork, meter: store.MeterItem, parent_id: str | None) -> None:
    if parent_id == meter.parent_id:
        return
    check_parent(meter.organisation_id, parent_id, meter.meter_id, meter.medium, meter.community_id)
    if meter.parent_id:
        uow.delete(store.child_pointer(meter, meter.parent_id))
    if parent_id:
        uow.put(store.child_pointer(meter, parent_id))
    meter.parent_id = parent_id


def _where(me: Principal, body: InstallationRequest) -> tuple[store_places.UnitItem | None, str]:
    if (body.unit_id is None) == (body.community_id is None):
        raise DomainError("unit_or_community", problems=(FieldProblem("unit_id", "unit_or_community"),))
    if body.unit_id is not None:
        unit = store_places.find_unit(me.organisation_id, body.unit_id)
        if unit is None:
            raise DomainError("unknown_unit", problems=(FieldProblem("unit_id", "unknown_unit"),))
        return unit, unit.community_id
    community_id = str(body.community_id)
    if store_places.find_community(me.organisation_id, community_id) is None:
        raise DomainError("unknown_community", problems=(FieldProblem("community_id", "unknown_community"),))
    return None, community_id


def _device(body: DeviceRequest) -> Device:
    return device_from(body.digits, body.decimals, body.registers, multiplier=body.multiplier, max_flow=body.max_flow)


def _check_day(me: Principal, day: date) -> None:
    """What has not happened yet cannot be recorded, nor what nobody can have seen."""
    if day > today_of(me) or day.year not in YEARS:
        raise DomainError("invalid_body", problems=(FieldProblem("date", "invalid_date"),))


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
