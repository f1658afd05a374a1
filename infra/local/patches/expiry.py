"""How the emulator deletes items whose time to live is over."""

# ruff: noqa: SLF001 - a patch is about private parts
import sys
import threading
import time
from typing import Any, Final

from infra.local.patches.parts import Stand, require

REAPER_THREAD: Final = "dynamodb-ttl-reaper"
SWEEP_SECONDS: Final = 2.0
OLDEST_SECONDS: Final = 5 * 365 * 86400
"""DynamoDB leaves an item alone whose time lies more than five years back."""
BY_DYNAMODB: Final = {"Type": "Service", "PrincipalId": "dynamodb.amazonaws.com"}


def disable_slow_reaper(**_context: Any) -> None:
    """The emulator sweeps once a minute and writes no stream record; ``sweep`` takes its place on the event loop."""
    from ministack.services import dynamodb

    require(
        dynamodb, "_ttl_reaper", "_ttl_settings", "_tables", "_remove_item", "_emit_stream_event", "_stream_records"
    )
    dynamodb.time = Stand(dynamodb.time, sleep=_sleep)


def _sleep(seconds: float) -> None:
    """Time's sleep, but for the emulator's reaper, which sleeps for good after its first minute."""
    if threading.current_thread().name == REAPER_THREAD:
        threading.Event().wait()
    time.sleep(seconds)


def sweep() -> int:
    """Delete the expired items of every table, each with its REMOVE record by DynamoDB itself; says how many.

    Has to run on the emulator's event loop, where no request is being served at the same time.
    """
    dynamodb = sys.modules.get("ministack.services.dynamodb")
    if dynamodb is None:
        return 0
    removed = 0
    for (account, region, name), setting in list(dynamodb._ttl_settings.all_items()):
        table = dynamodb._tables.get_scoped(account, region, name)
        if table and setting.get("TimeToLiveStatus") == "ENABLED":
            removed += _sweep_table(dynamodb, (account, region, name), table, setting["AttributeName"])
    return removed


def _sweep_table(dynamodb: Any, key: tuple[str, str, str], table: dict[str, Any], attribute: str) -> int:
    now = time.time()
    expired = [
        (partition, sort, item)
        for partition, rows in table["items"].items()
        for sort, item in rows.items()
        if "N" in item.get(attribute, {}) and now - OLDEST_SECONDS < float(item[attribute]["N"]) <= now
    ]
    for partition, sort, item in expired:
        _remove(dynamodb, key, table, (partition, sort, item))
    return len(expired)


def _remove(
    dynamodb: Any, key: tuple[str, str, str], table: dict[str, Any], row: tuple[str, str, dict[str, Any]]
) -> None:
    from ministack.core.responses import set_request_account_id, set_request_region

    account, region, name = key
    partition, sort, item = row
    set_request_account_id(account)
    set_request_region(region)
    dynamodb._remove_item(table, partition, sort)
    before = len(dynamodb._stream_records.get(name) or [])
    dynamodb._emit_stream_event(name, "REMOVE", item, None)
    records = dynamodb._stream_records.get(name) or []
    if len(records) > before:
        records[-1]["userIdentity"] = dict(BY_DYNAMODB)
