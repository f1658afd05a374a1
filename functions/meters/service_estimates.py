"""What the clock does to meters: says that readings are taken, and has estimates made where a window closed without one.

What was done is kept with each window, in the transaction that says it. So running twice, or after an outage of days, does everything once:
an opening that was missed is said only while the window is open, a closing is made up for.
"""

from collections.abc import Mapping
from copy import deepcopy
from datetime import date, timedelta
from typing import Any, Final

from meters import store, store_places, store_settings, store_windows
from meters.keeping import Keeping
from meters.readings import Circumstances, circumstances
from meters.rules.counters import format_value
from meters.rules.days import Window, month_end
from meters.rules.estimates import EstimateError, estimate
from meters.rules.estimation_policies import EstimationPolicy, policies_of
from meters.rules.stream import present
from meters.rules.vocabulary import Medium
from meters.store import SHARDS, MeterItem
from meters.store_settings import Settings
from meters.store_windows import WindowItem
from shared import access, clock, rounds
from shared.errors import Conflict
from shared.events.meters import EstimationDue, ReadingWindowOpened
from shared.observe import logger
from shared.tables import UnitOfWork

METERS: Final = 20
"""Estimated in one transaction: of each the head and an event, or what one put in before later events changes."""
ROOM: Final = 90
PAGE: Final = 60
"""Meters of all media looked at in one transaction."""
_CAUGHT_UP: Final = 12
"""Windows that are made up for, the latest ones."""
_VARIABLE: Final = "METERS_TABLE"
_DAY: Final = timedelta(days=1)


# ------------------------------------------------------------------ the clock
def run_windows() -> dict[str, int]:
    """Open and close what is due in every organisation's time zone. Raises RoundFailedError at the end where one failed."""
    this = rounds.Round("reading windows", "opened", "closed")
    for organisation_id in store_settings.clock_organisations():
        with this.part(organisation_id=organisation_id):
            _run_organisation(organisation_id, this.counts)
    return this.end()


def _run_organisation(organisation_id: str, counts: dict[str, int]) -> None:
    settings = store_settings.settings_of(organisation_id)
    today = clock.today(access.organisation(organisation_id).time_zone)
    opened, closed = rounds.do(_VARIABLE, organisation_id, _step, settings.windows, today)
    counts["opened"] += opened
    counts["closed"] += closed


def _step(uow: UnitOfWork, windows: Mapping[Medium, Window], today: date) -> tuple[int, int]:
    """Say what is due of an organisation's windows; how many openings and closings that were."""
    known = store_windows.windows_of(uow.organisation_id)
    opened = closed = 0
    for medium, window in windows.items():
        item = known.pop(medium, None) or store_windows.new_window(uow.organisation_id, medium)
        before = (item.days, item.opened, item.closed)
        days = f"{window.first}-{window.last}"
        if item.days != days:
            # What would have been over already when it was set is nobody's to make up for.
            item.days, item.closed = days, max(item.closed, (today - _DAY).isoformat())
        opened += _open(uow, item, medium, window, today)
        closed += _close(uow, item, medium, window, today)
        if (item.days, item.opened, item.closed) != before:
            uow.put(item)
    for item in known.values():
        uow.delete(item)
    return opened, closed


def _open(uow: UnitOfWork, item: WindowItem, medium: Medium, window: Window, today: date) -> int:
    first, last = window.next(today)
    if not first <= today <= last or item.opened >= first.isoformat():
        return 0
    item.opened = first.isoformat()
    uow.emit(ReadingWindowOpened(medium=medium, first=first, last=last))
    return 1


def _close(uow: UnitOfWork, item: WindowItem, medium: Medium, window: Window, today: date) -> int:
    due = closed_windows(window, date.fromisoformat(item.closed), today)
    if not due:
        return 0
    # One window a run: what is said of it has to fit a transaction, and the estimates of an earlier one come first.
    first, last = due[0]
    item.closed = last.isoformat()
    for shard in range(SHARDS):
        uow.emit(EstimationDue(medium=medium, first=first, last=last, shard=shard))
    return 1


def closed_windows(window: Window, after: date, today: date) -> list[tuple[date, date]]:
    """The windows whose last day is later than one day and before another, the earliest first; at most a year's latest."""
    start = after.replace(day=1) - _DAY
    month = start.replace(day=1)
    found = []
    while month <= today:
        first, last = window.opened(month.year, month.month)
        if after < last < today:
            found.append((first, last))
        month = month_end(month) + _DAY
    return found[-_CAUGHT_UP:]


# ------------------------------------------------------------------ estimating
def estimate_missing(uow: UnitOfWork, event: EstimationDue) -> None:
    """Estimate the next meters of a shard that nobody has read since a window opened; the rest is said again."""
    organisation_id = uow.organisation_id
    settings = store_settings.settings_of(organisation_id)
    policy = _policy(organisation_id, settings)
    if policy is None:
        return
    page = store.last_read_before(organisation_id, event.shard, event.first, event.after, PAGE)
    # The index may lag behind: the heads say what holds.
    asked = [meter.meter_id for meter in page if meter.medium == event.medium and not _is_done(meter, event)]
    heads = store.load_meters(organisation_id, asked[:METERS])
    units = store_places.load_units(organisation_id, (head.unit_id for head in heads.values()))
    today = clock.today(access.organisation(organisation_id).time_zone)
    counts = {"estimated": 0, "left": 0}
    last: MeterItem | None = None
    for meter in page:
        head = heads.get(meter.meter_id)
        if head is None and meter.meter_id in asked:
            break
        if head and not _is_done(head, event):
            given = circumstances(settings, head, units.get(head.unit_id or ""), today)
            taking = _estimated(head, given, event, policy)
            if last and uow.size + taking.size > ROOM:
                break
            counts["estimated" if taking.stream.size else "left"] += 1
            taking.finish(uow)
        last = meter
    logger.info("estimates", extra={**counts, "medium": event.medium, "shard": event.shard})
    if last and (last is not page[-1] or len(page) == PAGE):
        uow.emit(event.model_copy(update={"after": last.gsi2sk}))


def _policy(organisation_id: str, settings: Settings) -> EstimationPolicy | None:
    known = policies_of(access.organisation(organisation_id).estimation_policies)
    return known.get(settings.estimation_policy) if settings.estimation_policy else None


def _is_done(meter: MeterItem, event: EstimationDue) -> bool:
    """Whether an estimate was made or found impossible for the window, or a later one."""
    return (meter.estimated_for or "") >= event.last.isoformat()


def _estimated(head: MeterItem, given: Circumstances, event: EstimationDue, policy: EstimationPolicy) -> Keeping:
    """The meter marked, with an estimate that counts at the window's end where one can be made."""
    head.estimated_for = event.last.isoformat()
    taking = Keeping(deepcopy(head), given)
    taking.touch()
    state = taking.state
    try:
        if state.actual is None or state.actual.day >= event.first:
            return taking
        device, _ = present(state)
        medium: Any = head.medium
        made = estimate(state, event.last, policy, medium, given.on(event.last).occupied_since)
        taking.record("estimated", event.last, values=[format_value(value, device) for value in made.values])
    except (EstimateError, Conflict):
        # Too little history, too old, or nothing that a counter can have shown: the window stays without.
        taking = Keeping(head, given)
        taking.touch()
    return taking
