"""The reminder policy, what reminders hear, and their clock."""

from typing import Any

from notifications import examples_reminders as examples
from notifications import schemas_reminders as schemas
from notifications import service_agenda, service_policy, service_reminders
from notifications.base import app, consumers
from shared.access import ADMINISTRATORS_ONLY, STAFF_ONLY
from shared.events.catalog import BalanceChanged
from shared.events.meters import ReadingWindowOpened, VerificationsChanged
from shared.http import ORGANISATION, Call
from shared.tables import UnitOfWork


@app.endpoint(
    "GET", "/reminder-policy", returns=schemas.ReminderPolicyResponse, access=ORGANISATION, roles=STAFF_ONLY,
    example=examples.POLICY,
)  # fmt: skip
def get_reminder_policy(call: Call) -> schemas.ReminderPolicyResponse:
    """When people are reminded of what is due, of what is overdue, of ends of contracts and reading windows, and staff of meters."""
    return service_policy.get_policy(call.me.organisation_id)


@app.endpoint(
    "PUT", "/reminder-policy", body=schemas.ReminderPolicyRequest, returns=schemas.ReminderPolicyResponse,
    access=ORGANISATION, roles=ADMINISTRATORS_ONLY, example=examples.SET_POLICY,
)  # fmt: skip
def put_reminder_policy(call: Call, body: schemas.ReminderPolicyRequest) -> schemas.ReminderPolicyResponse:
    """Set when people are reminded; what they were told before is not told again."""
    return service_policy.set_policy(call.uow, body)


@consumers.on(BalanceChanged)
def _balance_changed(event: BalanceChanged, uow: UnitOfWork) -> None:
    service_agenda.keep_balance(uow, event)


@consumers.on(ReadingWindowOpened)
def _reading_window_opened(event: ReadingWindowOpened, uow: UnitOfWork) -> None:
    service_agenda.keep_window(uow, event)


@consumers.on(VerificationsChanged)
def _verifications_changed(event: VerificationsChanged, uow: UnitOfWork) -> None:
    service_agenda.keep_verifications(uow, event)


def run_reminders(_event: Any, _context: Any) -> dict[str, int]:
    """The clock's function: reminds everybody of what has come due. Safe to run again."""
    return service_reminders.run_reminders()
