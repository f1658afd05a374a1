"""How the emulator fires the schedules of EventBridge Scheduler."""

# ruff: noqa: SLF001 - a patch is about private parts
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from infra.local.patches.parts import require

Schedule = dict[str, Any]
TICK_SECONDS: Final = 1
FIRED: Final = "_fired"
"""Key of the time of the last firing in the schedule's own record, so that it is saved with it."""

logger = logging.getLogger(__name__)


def fire_in_their_zone(**_context: Any) -> None:
    """Honour ScheduleExpressionTimezone, look each second, and remember over a restart what has fired.

    The emulator reads every expression in UTC, looks each 10 s, and fires a one-off again after a restart.
    """
    from ministack.services import eventbridge, scheduler

    require(scheduler, "_tick_schedules", "_SCHEDULE_TICK_INTERVAL", "_schedules", "_to_epoch", "new_uuid")
    require(eventbridge, "_invoke_target", "_parse_rate_seconds", "_parse_cron_fields", "_cron_next_fire")
    scheduler._SCHEDULE_TICK_INTERVAL = TICK_SECONDS
    scheduler._tick_schedules = ticker(scheduler, eventbridge)


def ticker(scheduler: Any, eventbridge: Any) -> Callable[[], None]:
    """A pass over all schedules that fires those which are due."""

    def tick() -> None:
        now = time.time()
        scope = scheduler.get_account_id(), scheduler.get_region()
        try:
            for key, schedule in list(scheduler._schedules._data.items()):
                if schedule.get("State") == "ENABLED":
                    _visit(scheduler, eventbridge, key, schedule, now)
        finally:
            scheduler.set_request_account_id(scope[0])
            scheduler.set_request_region(scope[1])

    return tick


def _visit(scheduler: Any, eventbridge: Any, key: tuple[str, str, str], schedule: Schedule, now: float) -> None:
    start, end = (scheduler._to_epoch(schedule.get(name)) for name in ("StartDate", "EndDate"))
    over = end is not None and now > end
    if not over and (start is None or now >= start) and is_due(eventbridge, schedule, now):
        schedule[FIRED] = now
        _fire(scheduler, eventbridge, key, schedule, now)
        over = is_one_off(schedule)
    if over and schedule.get("ActionAfterCompletion") == "DELETE":
        scheduler._schedules._data.pop(key, None)


def is_one_off(schedule: Schedule) -> bool:
    """Whether the schedule fires at one instant only."""
    return str(schedule.get("ScheduleExpression", "")).strip().startswith("at(")


def is_due(eventbridge: Any, schedule: Schedule, now: float) -> bool:
    """Whether a schedule has to fire at ``now`` (epoch seconds), read in its own time zone."""
    expression = str(schedule.get("ScheduleExpression", "")).strip()
    zone = ZoneInfo(schedule.get("ScheduleExpressionTimezone") or "UTC")
    fired = schedule.get(FIRED)
    if is_one_off(schedule):
        at = datetime.fromisoformat(expression[3:-1].strip())
        return fired is None and now >= at.replace(tzinfo=at.tzinfo or zone).timestamp()
    since = float(fired or schedule.get("CreationDate") or now)
    seconds = eventbridge._parse_rate_seconds(expression)
    if seconds is not None:
        return bool(now - since >= seconds)
    fields = eventbridge._parse_cron_fields(expression)
    following = eventbridge._cron_next_fire(fields, wall_clock(since, zone)) if fields else None
    return following is not None and wall_clock(now, zone) >= following


def wall_clock(instant: float, zone: ZoneInfo) -> datetime:
    """What a clock in the zone shows, labelled UTC because the emulator's cron arithmetic wants one zone."""
    return datetime.fromtimestamp(instant, zone).replace(tzinfo=UTC)


def _fire(scheduler: Any, eventbridge: Any, key: tuple[str, str, str], schedule: Schedule, now: float) -> None:
    account, region, _name = key
    scheduler.set_request_account_id(account)
    scheduler.set_request_region(region)
    event = {
        "EventId": scheduler.new_uuid(),
        "Source": "aws.scheduler",
        "DetailType": "Scheduled Event",
        "Detail": "{}",
        "Time": now,
        "Resources": [schedule.get("Arn", "")],
        "Account": account,
        "Region": region,
    }
    try:
        eventbridge._invoke_target(schedule.get("Target") or {}, event, schedule)
    except Exception:
        logger.exception("schedule %s could not be fired", key)
