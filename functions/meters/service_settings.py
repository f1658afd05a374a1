"""What an organisation decides about its meters."""

from dataclasses import asdict
from typing import Any

from meters import store_settings as store
from meters.rules.counters import use_text
from meters.rules.days import Window
from meters.rules.thresholds import ThresholdError, Thresholds, sources, thresholds
from meters.schemas_staff import MeterSettingsRequest, MeterSettingsResponse, PolicyResponse, WindowDays
from shared.errors import Conflict, DomainError, FieldProblem
from shared.tables import UnitOfWork

_USES = ("floor", "first_daily_max")
"""Thresholds that are uses, told as decimal text."""


def get_settings(organisation_id: str) -> MeterSettingsResponse:
    """The organisation's settings beside those that hold where it says nothing (version 0: it has said nothing)."""
    return _shown(organisation_id, store.settings_of(organisation_id))


def set_settings(uow: UnitOfWork, body: MeterSettingsRequest) -> MeterSettingsResponse:
    """Set them anew over the version that was read. Raises Conflict, `invalid_thresholds`, `unknown_policy`."""
    item = store.find_settings(uow.organisation_id)
    if body.version != (int(item.version or 1) if item else 0):
        raise Conflict
    own = {str(medium): values for medium, values in body.thresholds.items() if values}
    try:
        thresholds(own)
    except ThresholdError as error:
        problem = FieldProblem("thresholds", "invalid_thresholds", {"name": str(error)})
        raise DomainError("invalid_thresholds", problems=(problem,)) from error
    policy = body.estimation_policy
    if policy is not None and policy not in store.policies_for(uow.organisation_id):
        raise DomainError("unknown_policy", problems=(FieldProblem("estimation_policy", "unknown_policy"),))
    settings = store.Settings(
        windows={medium: Window(days.first, days.last) for medium, days in body.windows.items()},
        own_thresholds={medium: values for medium, values in body.thresholds.items() if values},
        estimation_policy=policy,
        version=body.version + 1,
    )
    store.stage_settings(uow, item, settings)
    return _shown(uow.organisation_id, settings)


def _shown(organisation_id: str, settings: store.Settings) -> MeterSettingsResponse:
    return MeterSettingsResponse(
        windows={
            medium: WindowDays(first=window.first, last=window.last) for medium, window in settings.windows.items()
        },
        thresholds={medium: dict(values) for medium, values in settings.own_thresholds.items()},
        default_thresholds={medium: _texts(limits) for medium, limits in thresholds().items()},
        sources={medium: dict(named) for medium, named in sources().items()},
        estimation_policy=settings.estimation_policy,
        estimation_policies=[
            PolicyResponse(policy_id=policy.policy_id, method=policy.method, source=policy.source)
            for policy in store.policies_for(organisation_id).values()
        ],
        version=settings.version,
    )


def _texts(limits: Thresholds) -> dict[str, Any]:
    """Thresholds in the form in which an organisation gives its own."""
    values = asdict(limits)
    for name, value in values.items():
        if name in _USES:
            values[name] = use_text(value)
        elif isinstance(value, frozenset | tuple):
            values[name] = sorted(value) if isinstance(value, frozenset) else list(value)
    return values
