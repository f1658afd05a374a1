"""What an organisation reminds its people of, and when."""

from dataclasses import asdict

from notifications import store_reminders as store
from notifications.rules_reminders import Policy
from notifications.schemas_reminders import ReminderPolicyRequest, ReminderPolicyResponse
from shared.errors import Conflict
from shared.tables import UnitOfWork


def get_policy(organisation_id: str) -> ReminderPolicyResponse:
    """The policy in force (version 0: the organisation has set none)."""
    return _shown(store.policy_of(organisation_id))


def set_policy(uow: UnitOfWork, body: ReminderPolicyRequest) -> ReminderPolicyResponse:
    """Set the policy anew over the version that was read. The clock's next run sets all days by it. Raises Conflict."""
    item = store.find_policy(uow.organisation_id)
    if body.version != (int(item.version or 1) if item else 0):
        raise Conflict
    policy = Policy(
        due=_downwards(body.due),
        overdue=tuple(sorted(set(body.overdue))),
        ending=_downwards(body.ending),
        closing=_downwards(body.closing),
        verification=_downwards(body.verification),
        per_second=body.per_second,
        version=body.version + 1,
    )
    store.stage_policy(uow, item, policy)
    return _shown(policy)


def _downwards(days: list[int]) -> tuple[int, ...]:
    """Days before something, in the order in which they come."""
    return tuple(sorted(set(days), reverse=True))


def _shown(policy: Policy) -> ReminderPolicyResponse:
    return ReminderPolicyResponse.model_validate(asdict(policy))
