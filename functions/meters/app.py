"""Routes, event handlers and the clock's function of meters: parse, one call, answer."""

from typing import Any

from meters import (
    examples,
    schemas,
    schemas_staff,
    service_balance,
    service_consumption,
    service_decisions,
    service_estimates,
    service_imports,
    service_installation,
    service_places,
    service_readings,
    service_settings,
    service_view,
)
from shared import attachments
from shared.access import ADMINISTRATORS_ONLY, ANYONE_SIGNED_IN, STAFF_ONLY
from shared.events.catalog import ContractStarted, UnitRegistered
from shared.events.consumer import Consumers
from shared.events.meters import (
    EstimationDue,
    MeterReplaced,
    ReadingHeld,
    ReadingImportChunkReady,
    ReadingImportReceived,
    ReadingsAccepted,
)
from shared.http import LOOKUP, ORGANISATION, Call, PortalApp
from shared.tables import UnitOfWork

app = PortalApp("meters")
consumers = Consumers("meters")
_READING_ERRORS = (
    "reading_rejected", "reading_questioned", "unknown_reading", "too_far_back", "unknown_upload", "upload_not_ready", "upload_refused",
)  # fmt: skip


# ------------------------------------------------------------------ reading meters
@app.endpoint(
    "GET", "/meters", query=schemas.MetersQuery, returns=schemas.MetersResponse, access=LOOKUP, roles=ANYONE_SIGNED_IN,
    paged=True, example=examples.LIST,
)  # fmt: skip
def get_meters(call: Call) -> schemas.MetersResponse:
    """The meters of a unit or of a community's common parts, each with all that entering a reading needs."""
    items, last_key = service_view.list_meters(call.me, call.query, call.cursor)
    return schemas.MetersResponse(items=items, next_cursor=call.next_cursor(last_key))


@app.endpoint(
    "GET", "/meters/{meter_id}", returns=schemas.MeterResponse, access=LOOKUP, roles=ANYONE_SIGNED_IN, example=examples.METER,
)  # fmt: skip
def get_meter(call: Call, meter_id: str) -> schemas.MeterResponse:
    """One meter with its window, its last accepted reading and the expected range."""
    return service_view.get_meter(call.me, meter_id)


@app.endpoint(
    "GET", "/meters/{meter_id}/readings", returns=schemas.StreamResponse, access=LOOKUP, roles=ANYONE_SIGNED_IN, paged=True,
    example=examples.STREAM,
)  # fmt: skip
def get_readings(call: Call, meter_id: str) -> schemas.StreamResponse:
    """What happened to a meter, the newest first: readings, estimates, replacements."""
    items, last_key = service_view.list_entries(call.me, meter_id, call.cursor)
    return schemas.StreamResponse(items=items, next_cursor=call.next_cursor(last_key))


@app.endpoint(
    "POST", "/meters/{meter_id}/readings", body=schemas.ReadingRequest, returns=schemas.ReadingReceipt, status=201,
    access=LOOKUP, roles=ANYONE_SIGNED_IN, example=examples.READ, errors=_READING_ERRORS,
)  # fmt: skip
def post_reading(call: Call, meter_id: str, body: schemas.ReadingRequest) -> schemas.ReadingReceipt:
    """Enter a reading; it is checked at once. The same meter, date and values again answer the reading that stands."""
    return service_readings.enter_reading(call.uow, call.me, meter_id, body)


@app.endpoint(
    "POST", "/meters/{meter_id}/checks", body=schemas.ReadingRequest, returns=schemas.ReadingCheckResponse, access=LOOKUP,
    roles=ANYONE_SIGNED_IN, example=examples.CHECK, repeatable=True,
)  # fmt: skip
def post_reading_check(call: Call, meter_id: str, body: schemas.ReadingRequest) -> schemas.ReadingCheckResponse:
    """What would become of a reading, while it is being typed; nothing is kept."""
    return service_readings.check_reading(call.me, meter_id, body)


@app.endpoint(
    "GET", "/meters/{meter_id}/consumption", query=schemas.ConsumptionQuery, returns=schemas.ConsumptionResponse,
    access=LOOKUP, roles=ANYONE_SIGNED_IN, example=examples.CONSUMPTION, errors=("invalid_period",),
)  # fmt: skip
def get_consumption(call: Call, meter_id: str) -> schemas.ConsumptionResponse:
    """Use month by month, actual and estimated, against the same months a year before."""
    return service_consumption.get_consumption(call.me, meter_id, call.query)


# ------------------------------------------------------------------ staff: meters
@app.endpoint(
    "POST", "/meters", body=schemas_staff.InstallationRequest, returns=schemas.MeterResponse, status=201, access=ORGANISATION,
    roles=STAFF_ONLY, example=examples.INSTALL,
    errors=("unit_or_community", "unknown_unit", "unknown_community", "unknown_parent", "number_taken", "meter_exists", "invalid_device"),
)  # fmt: skip
def post_meter(call: Call, body: schemas_staff.InstallationRequest) -> schemas.MeterResponse:
    """Install a meter."""
    return service_installation.install_meter(call.uow, call.me, body)


@app.endpoint(
    "PATCH", "/meters/{meter_id}", body=schemas_staff.MeterChange, returns=schemas.MeterResponse, access=ORGANISATION,
    roles=STAFF_ONLY, example=examples.CHANGE, errors=("unknown_parent",),
)  # fmt: skip
def patch_meter(call: Call, meter_id: str, body: schemas_staff.MeterChange) -> schemas.MeterResponse:
    """Say where a meter hangs, and behind which house meter."""
    return service_installation.change_meter(call.uow, call.me, meter_id, body)


@app.endpoint(
    "POST", "/meters/{meter_id}/replacement", body=schemas_staff.ReplacementRequest, returns=schemas.MeterResponse, status=201,
    access=ORGANISATION, roles=STAFF_ONLY, example=examples.REPLACE,
    errors=(
        "invalid_device", "number_taken", "stream_refused", "meter_removed", "too_far_back", "unknown_upload", "upload_not_ready",
        "upload_refused",
    ),
)  # fmt: skip
def post_replacement(call: Call, meter_id: str, body: schemas_staff.ReplacementRequest) -> schemas.MeterResponse:
    """Put another counter in a meter's place: closing values of the old one, opening values of the new one."""
    return service_installation.replace_counter(call.uow, call.me, meter_id, body)


@app.endpoint(
    "POST", "/meters/{meter_id}/events", body=schemas_staff.MeterEventRequest, returns=schemas.MeterResponse, status=201,
    access=ORGANISATION, roles=STAFF_ONLY, example=examples.EVENT,
    errors=("invalid_device", "stream_refused", "meter_removed", "too_far_back"),
)  # fmt: skip
def post_event(call: Call, meter_id: str, body: schemas_staff.MeterEventRequest) -> schemas.MeterResponse:
    """Note that a meter was verified, sealed or removed."""
    return service_installation.note_event(call.uow, call.me, meter_id, body)


@app.endpoint(
    "GET", "/meters/{meter_id}/balance", query=schemas_staff.BalanceQuery, returns=schemas_staff.BalanceResponse,
    access=LOOKUP, roles=ANYONE_SIGNED_IN, example=examples.BALANCE, errors=("invalid_period",),
)  # fmt: skip
def get_balance(call: Call, meter_id: str) -> schemas_staff.BalanceResponse:
    """A house meter against the sum of what hangs behind it; for staff and the community's board."""
    return service_balance.get_balance(call.me, meter_id, call.query)


# ------------------------------------------------------------------ staff: held readings
@app.endpoint(
    "GET", "/held-readings", query=schemas_staff.HeldQuery, returns=schemas_staff.HeldResponse, access=ORGANISATION,
    roles=STAFF_ONLY, paged=True, example=examples.HELD,
)  # fmt: skip
def get_held_readings(call: Call) -> schemas_staff.HeldResponse:
    """Readings that wait for a decision, the longest waiting first."""
    items, last_key = service_decisions.list_held(call.me, call.query, call.cursor)
    return call.with_etag(schemas_staff.HeldResponse(items=items, next_cursor=call.next_cursor(last_key)))


@app.endpoint(
    "POST", "/readings/{reading_id}/decision", body=schemas_staff.DecisionRequest, returns=schemas.ReadingReceipt, status=201,
    access=ORGANISATION, roles=STAFF_ONLY, example=examples.DECIDE,
    errors=("decision_made", "decision_refused", "reason_required", "too_far_back"),
)  # fmt: skip
def post_decision(call: Call, reading_id: str, body: schemas_staff.DecisionRequest) -> schemas.ReadingReceipt:
    """Accept or reject a held reading."""
    return service_decisions.decide(call.uow, call.me, reading_id, body)


# ------------------------------------------------------------------ staff: imports
@app.endpoint(
    "POST", "/reading-imports", body=schemas_staff.ReadingImportRequest, returns=schemas_staff.ReadingImportAccepted, status=202,
    access=ORGANISATION, roles=STAFF_ONLY, example=examples.IMPORT, errors=("unknown_upload",),
)  # fmt: skip
def post_reading_import(call: Call, body: schemas_staff.ReadingImportRequest) -> schemas_staff.ReadingImportAccepted:
    """Take an uploaded file of readings or of meters."""
    return service_imports.receive_file(call.uow, body)


@app.endpoint(
    "POST", "/reading-batches", body=schemas_staff.BatchRequest, returns=schemas_staff.ReadingImportAccepted, status=202,
    access=ORGANISATION, roles=STAFF_ONLY, example=examples.BATCH, errors=("wrong_time",),
)  # fmt: skip
def post_batch(call: Call, body: schemas_staff.BatchRequest) -> schemas_staff.ReadingImportAccepted:
    """Take readings of other programs and of remote reading, many at a time."""
    return service_imports.receive_batch(call.uow, body)


@app.endpoint(
    "GET", "/reading-imports", returns=schemas_staff.ReadingImportsResponse, access=ORGANISATION, roles=STAFF_ONLY, paged=True,
    example=examples.IMPORTS,
)  # fmt: skip
def get_reading_imports(call: Call) -> schemas_staff.ReadingImportsResponse:
    """The organisation's imports, the newest first."""
    items, last_key = service_imports.list_imports(call.me.organisation_id, call.cursor)
    return schemas_staff.ReadingImportsResponse(items=items, next_cursor=call.next_cursor(last_key))


@app.endpoint(
    "GET", "/reading-imports/{import_id}", returns=schemas_staff.ReadingImportResponse, access=ORGANISATION, roles=STAFF_ONLY,
    example=examples.IMPORTED,
)  # fmt: skip
def get_reading_import(call: Call, import_id: str) -> schemas_staff.ReadingImportResponse:
    """How far an import is."""
    return service_imports.get_import(call.uow, import_id)


@app.endpoint(
    "GET", "/reading-imports/{import_id}/problems", returns=schemas_staff.RowProblemsResponse, access=ORGANISATION,
    roles=STAFF_ONLY, paged=True, example=examples.PROBLEMS,
)  # fmt: skip
def get_row_problems(call: Call, import_id: str) -> schemas_staff.RowProblemsResponse:
    """The rows that were refused or are held."""
    items, last_key = service_imports.list_problems(call.me.organisation_id, import_id, call.cursor)
    return schemas_staff.RowProblemsResponse(items=items, next_cursor=call.next_cursor(last_key))


# ------------------------------------------------------------------ settings
@app.endpoint(
    "GET", "/meter-settings", returns=schemas_staff.MeterSettingsResponse, access=ORGANISATION, roles=STAFF_ONLY,
    example=examples.SETTINGS,
)  # fmt: skip
def get_meter_settings(call: Call) -> schemas_staff.MeterSettingsResponse:
    """Reading windows, thresholds and the estimation policy of the organisation."""
    return service_settings.get_settings(call.me.organisation_id)


@app.endpoint(
    "PUT", "/meter-settings", body=schemas_staff.MeterSettingsRequest, returns=schemas_staff.MeterSettingsResponse,
    access=ORGANISATION, roles=ADMINISTRATORS_ONLY, example=examples.CHANGE_SETTINGS,
    errors=("invalid_thresholds", "unknown_policy"),
)  # fmt: skip
def put_meter_settings(call: Call, body: schemas_staff.MeterSettingsRequest) -> schemas_staff.MeterSettingsResponse:
    """Set the organisation's rules for meters."""
    return service_settings.set_settings(call.uow, body)


# ------------------------------------------------------------------ events
@consumers.on(ContractStarted)
def _contract_started(event: ContractStarted, uow: UnitOfWork) -> None:
    service_places.keep_contract(uow, event)


@consumers.on(UnitRegistered)
def _unit_registered(event: UnitRegistered, uow: UnitOfWork) -> None:
    service_places.keep_unit(uow, event)


@consumers.on(ReadingsAccepted)
def _readings_accepted(event: ReadingsAccepted, _uow: UnitOfWork) -> None:
    attachments.claim(key for reading in event.readings for key in reading.photo)


@consumers.on(ReadingHeld)
def _reading_held(event: ReadingHeld, _uow: UnitOfWork) -> None:
    attachments.claim(event.photo)


@consumers.on(MeterReplaced)
def _meter_replaced(event: MeterReplaced, _uow: UnitOfWork) -> None:
    attachments.claim(event.photo)


@consumers.on(ReadingImportReceived)
def _import_received(event: ReadingImportReceived, uow: UnitOfWork) -> None:
    service_imports.plan_import(uow, event.import_id)


@consumers.on_giving_up(ReadingImportReceived)
def _import_given_up(event: ReadingImportReceived, uow: UnitOfWork) -> None:
    service_imports.fail_import(uow, event.import_id)


@consumers.on(ReadingImportChunkReady)
def _chunk_ready(event: ReadingImportChunkReady, uow: UnitOfWork) -> None:
    service_imports.take_chunk(uow, event.import_id, event.chunk)


@consumers.on_giving_up(ReadingImportChunkReady)
def _chunk_given_up(event: ReadingImportChunkReady, uow: UnitOfWork) -> None:
    service_imports.fail_chunk(uow, event.import_id, event.chunk)


@consumers.on(EstimationDue)
def _estimation_due(event: EstimationDue, uow: UnitOfWork) -> None:
    service_estimates.estimate_missing(uow, event)


on_events = consumers.handler


def run_meters(_event: Any, _context: Any) -> dict[str, int]:
    """The clock's function: opens reading windows and has estimates made when one has closed. Safe to run again."""
    return service_estimates.run_windows()
