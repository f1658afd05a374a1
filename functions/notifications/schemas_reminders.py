"""The wire of the reminder policy."""

from typing import Annotated

from pydantic import Field

from notifications.rules_reminders import MOST_OVERDUE
from shared.wire import Asked, Wire

Soon = Annotated[int, Field(ge=0, le=60)]
Past = Annotated[int, Field(ge=1, le=MOST_OVERDUE)]
Year = Annotated[int, Field(ge=1, le=365)]


class ReminderPolicyRequest(Asked):
    """All of it anew, over the version that was read. An empty list: nobody is reminded of that."""

    due: Annotated[list[Soon], Field(max_length=5, description="Days before a due date; 0 is the day itself.")]
    overdue: Annotated[list[Past], Field(max_length=5, description="Days after a due date.")]
    ending: Annotated[list[Year], Field(max_length=5, description="Days before a contract ends.")]
    closing: Annotated[list[Soon], Field(max_length=3, description="Days before a reading window's last day.")]
    verification: Annotated[
        list[Year], Field(max_length=5, description="Days before the verification of meters expires, for the staff.")
    ]
    per_second: Annotated[int, Field(ge=1, le=100, description="Notices handed over in a second, at most.")]
    version: Annotated[int, Field(ge=0)]


class ReminderPolicyResponse(Wire):
    """`version` 0: the organisation has set nothing, and the defaults hold."""

    due: list[int]
    overdue: list[int]
    ending: list[int]
    closing: list[int]
    verification: list[int]
    per_second: int
    version: int
