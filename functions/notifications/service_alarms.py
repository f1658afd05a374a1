"""The staff's alarms about people: each by name while they are few, one for all others of an hour when something has broken down."""

from typing import Any, Final

from notifications.service_telling import tell_staff
from notifications.store_links import count_within
from shared import clock
from shared.tables import UnitOfWork

NAMED: Final = 25
"""People of an organisation whom the alarms of a kind name within an hour of the clock."""
_HOUR: Final = 3600
_UNTIL_HOUR: Final = len("2026-11-20T11")


def tell_staff_of(uow: UnitOfWork, person_id: str, kind: str, what: str, **values: Any) -> None:
    """Have the staff told something of a person; beyond NAMED in an hour, once, that there are more."""
    if count_within(uow.organisation_id, kind, NAMED, _HOUR):
        hour = clock.stamp(clock.now())[:_UNTIL_HOUR]
        tell_staff(uow, "staff_more_unreached", f"staff_more_unreached/{hour}", {})
    else:
        tell_staff(uow, kind, what, {"person_id": person_id}, **values)
