"""Readings that wait for staff, and what staff decide."""

from datetime import date
from http import HTTPStatus
from typing import Any, Final, cast

from meters import findings, service_view, store, store_events, store_places
from meters.accepting import Acceptance
from meters.keeping import say
from meters.readings import circumstances
from meters.rules.counters import format_value, use_text
from meters.rules.vocabulary import UNITS, Channel, Claim
from meters.schemas import ReadingReceipt, ShownReading
from meters.schemas_staff import DecisionRequest, HeldQuery, HeldReading
from meters.service_readings import consumption, receipt
from meters.store_settings import settings_of
from meters.visibility import today_of
from shared import attachments, clock
from shared.access import Principal
from shared.errors import Conflict, DomainError, FieldProblem, NotFound
from shared.events.meters import ReadingRejected
from shared.tables import UnitOfWork

_PAGE: Final = 25
_LOOKED_AT: Final = 200
"""Held readings of an organisation that one page of a filtered list looks at."""


def list_held(
    me: Principal, query: HeldQuery, cursor: dict[str, Any] | None
) -> tuple[list[HeldReading], dict[str, Any] | None]:
    """Readings that wait, the longest waiting first. A filtered page may hold less than there is: the cursor goes on."""
    if query.reading_id:
        return _waiting(me, query.reading_id), None
    after, looked_at = (cursor["after"] if cursor else None), 0
    shown: list[HeldReading] = []
    while len(shown) < _PAGE and looked_at < _LOOKED_AT:
        items = store_events.held_readings(me.organisation_id, after, _PAGE)
        if not items:
            return shown, None
        looked_at += len(items)
        for item, held in zip(items, _shown(me, items), strict=True):
            if len(shown) == _PAGE:
                return shown, {"after": after}
            after = item.gsi1sk
            if held and _is_asked(query, held):
                shown.append(held)
        if len(items) < _PAGE:
            return shown, None
    return shown, {"after": after}


def _waiting(me: Principal, reading_id: str) -> list[HeldReading]:
    pointer = store_events.find_reading(me.organisation_id, reading_id)
    item = store_events.find_item(store.meter_pk(me.organisation_id, pointer.meter_id), pointer.at) if pointer else None
    return [held for held in _shown(me, [item]) if held] if item and item.status == "held" else []


def decide(uow: UnitOfWork, me: Principal, reading_id: str, body: DecisionRequest) -> ReadingReceipt:
    """Accept or reject a held reading. Accepted, it is judged again at its place, as staff confirm it.

    Raises NotFound, `reason_required`, and Conflict: `decision_made`, `decision_refused` (with the findings) for what the counter cannot
    have shown, `too_far_back`.
    """
    pointer = store_events.find_reading(me.organisation_id, reading_id)
    if pointer is None:
        raise NotFound
    meter = store.find_meter(me.organisation_id, pointer.meter_id)
    item = store_events.find_item(meter.pk, pointer.at)
    if item is None or item.status != "held":
        raise Conflict("decision_made")
    if body.decision == "reject" and not body.reason:
        raise DomainError("reason_required", problems=(FieldProblem("reason", "reason_required"),))
    unit = store_places.find_unit(me.organisation_id, meter.unit_id) if meter.unit_id else None
    taking = Acceptance(meter, circumstances(settings_of(me.organisation_id), meter, unit, today_of(me)))
    made = {
        "decision": body.decision,
        "at": clock.stamp(clock.now()),
        "reason": body.reason,
        "person_id": me.person_id,
    }
    if body.decision == "reject":
        return _reject(uow, taking, item, made)
    return _accept(uow, taking, item, made, body.claim)


def _accept(
    uow: UnitOfWork, taking: Acceptance, item: store_events.EventItem, made: dict[str, Any], claim: Claim | None
) -> ReadingReceipt:
    outcome = taking.accept_held(item, claim, made)
    if outcome.item is None:
        said = [found.model_dump(mode="json") for found in findings.judged(outcome.judgement.findings)]
        raise DomainError("decision_refused", HTTPStatus.CONFLICT, members={"findings": said})
    taking.finish(uow)
    say(uow, [taking])
    return receipt(taking.meter, outcome.item, consumption(taking.meter, outcome))


def _reject(uow: UnitOfWork, taking: Acceptance, item: store_events.EventItem, made: dict[str, Any]) -> ReadingReceipt:
    taking.reject_held(item, made)
    taking.finish(uow)
    uow.emit(ReadingRejected(**taking.about(item)))
    return receipt(taking.meter, item, None)


def _is_asked(query: HeldQuery, held: HeldReading) -> bool:
    return query.community_id in (None, held.community_id) and query.medium in (None, held.medium)


def _shown(me: Principal, items: list[store_events.EventItem]) -> list[HeldReading | None]:
    """None: decided in this moment, or its meter is gone."""
    meters = store.load_meters(me.organisation_id, [item.meter_id for item in items])
    units = store_places.load_units(me.organisation_id, [meter.unit_id for meter in meters.values()])
    return [
        _one(me, item, meters[item.meter_id], units.get(meters[item.meter_id].unit_id or ""))
        if item.meter_id in meters
        else None
        for item in items
    ]


def _one(
    me: Principal, item: store_events.EventItem, meter: store.MeterItem, unit: store_places.UnitItem | None
) -> HeldReading:
    return HeldReading(
        reading_id=item.event_id,
        meter_id=meter.meter_id,
        number=meter.number,
        medium=cast("Any", meter.medium),
        unit=UNITS[cast("Any", meter.medium)],
        place=meter.place,
        unit_id=meter.unit_id,
        unit_label=unit.label if unit else None,
        community_id=meter.community_id,
        date=item.day,
        values=item.values or [],
        last=_last(item, meter),
        uses=None if item.uses is None else [use_text(use) for use in item.uses],
        findings=findings.shown(item.findings),
        channel=cast("Channel", item.channel or "staff"),
        claim=cast("Claim | None", item.claim),
        actor=service_view.actor(me, item),
        photo=attachments.shown(item.photo[0]) if item.photo else None,
        recorded_at=cast("Any", item.recorded_at),
    )


def _last(item: store_events.EventItem, meter: store.MeterItem) -> ShownReading | None:
    """What stands before it now; for a reading that came late, what stood before it then."""
    state = meter.state
    if state.actual and state.device and state.actual.day <= item.day:
        values = [format_value(value, state.device) for value in state.actual.values]
        return ShownReading(reading_id=state.actual.event_id, date=state.actual.day, values=values, estimated=False)
    if not item.before:
        return None
    event_id, day, values = item.before
    return ShownReading(reading_id=event_id, date=date.fromisoformat(day), values=values, estimated=False)
