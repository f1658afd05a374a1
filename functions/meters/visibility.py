"""Which meters somebody may see, and from which day on: what a former household used is nobody's business."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from meters.rules.stream import State
from meters.store import MeterItem, find_meter
from meters.store_places import UnitItem, find_unit, own_since
from shared import access, clock
from shared.access import BOARD_MEMBER, SUPPLIER, Principal
from shared.errors import NotFound

NOTHING: Final = date.max
"""From this day on somebody sees readings who lives in the unit by no contract that is in force."""


@dataclass(frozen=True)
class Seen:
    """A meter as somebody sees it: readings only `since` a day (None: all of them)."""

    meter: MeterItem
    unit: UnitItem | None
    state: State
    since: date | None

    def shows(self, day: date) -> bool:
        return self.since is None or day >= self.since


def today_of(me: Principal) -> date:
    """The civil day of the caller's organisation."""
    return clock.today(access.organisation(me.organisation_id).time_zone)


def may_see_unit(me: Principal, unit_id: str) -> bool:
    """Whether somebody may see the meters of a unit: staff, and who lives there or owns it; no supplier, whatever he works on."""
    return me.is_staff or any(
        (grant.scope, grant.scope_id) == ("unit", unit_id) and grant.role != SUPPLIER for grant in me.grants
    )


def may_see_common(me: Principal, community_id: str) -> bool:
    """Whether somebody may see the meters of a community's common parts: staff and its board."""
    return me.is_staff or any(
        (grant.role, grant.scope, grant.scope_id) == (BOARD_MEMBER, "community", community_id) for grant in me.grants
    )


def may_see(me: Principal, meter: MeterItem) -> bool:
    if meter.unit_id:
        return may_see_unit(me, meter.unit_id)
    return may_see_common(me, meter.community_id)


def find_visible(me: Principal, meter_id: str) -> Seen:
    """A meter of the caller's organisation that he may see. Raises NotFound: whether it exists is nobody's business.

    A removed meter is for staff only.
    """
    meter = find_meter(me.organisation_id, meter_id)
    if not may_see(me, meter):
        raise NotFound
    seen = see(me, meter, find_unit(me.organisation_id, meter.unit_id) if meter.unit_id else None)
    if seen.state.removed and not me.is_staff:
        raise NotFound
    return seen


def see(me: Principal, meter: MeterItem, unit: UnitItem | None) -> Seen:
    """A meter that the caller may see."""
    since = None
    if meter.unit_id and not me.is_staff:
        since = own_since(unit, me.person_id, today_of(me)) or NOTHING
    return Seen(meter, unit, meter.state, since)
