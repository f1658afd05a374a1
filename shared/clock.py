"""The only reader of the clock."""

from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """The civil date in an IANA time zone, such as `Europe/Warsaw`."""
    return now().astimezone(ZoneInfo(zone)).date()


@cache
def time_zones() -> frozenset[str]:
    """The zones of the IANA database that have an area, and UTC; without what else a system may keep there, such as `localtime`."""
    return frozenset(name for name in available_timezones() if "/" in name or name == "UTC")


def timestamp() -> int:
    """Whole seconds since 1970, as DynamoDB's TTL wants them."""
    return int(now().timestamp())


def stamp(instant: datetime) -> str:
    """RFC 3339 in UTC with microseconds: sorts as text in the order of time."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
