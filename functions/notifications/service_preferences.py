"""How a person wants to be told: what he sets of it, and what he may set."""

from typing import Final

from notifications import rules_delivery, store_people
from notifications.kinds import KINDS, Audience, Channel, Kind, Nature
from notifications.schemas_preferences import KindOffered, PreferencesChange, PreferencesResponse
from shared import access, clock, people
from shared.access import Principal
from shared.errors import Conflict, DomainError, FieldProblem
from shared.tables import UnitOfWork

_REQUIRED: Final = frozenset({"muted", "quiet_from", "quiet_to"})
"""What null does not change: there is no other to fall back to."""


def get_preferences(me: Principal) -> PreferencesResponse:
    """What counts for the caller."""
    return preferences_of(me.organisation_id, me.person_id, is_staff=me.is_staff)


def preferences_of(organisation_id: str, person_id: str, *, is_staff: bool) -> PreferencesResponse:
    """What counts for a person; `is_staff`: whether the staff's kinds are told to him, too."""
    return _shown(store_people.preferences_of(organisation_id, person_id), organisation_id, is_staff=is_staff)


def change_preferences(uow: UnitOfWork, me: Principal, change: PreferencesChange) -> PreferencesResponse:
    """Change what was sent.

    Raises Conflict where the version sent is not the present one, DomainError `cannot_be_muted`, `unknown_kind`, `unknown_time_zone`.
    """
    item = store_people.preferences_of(me.organisation_id, me.person_id)
    if change.version is not None and change.version != int(item.version or 0):
        raise Conflict
    sent = change.model_dump(mode="json", exclude_unset=True, exclude={"version"})
    for name, value in sent.items():
        if value is not None or name not in _REQUIRED:
            setattr(item, name, value)
    _check(sent)
    uow.put(item)
    return _shown(item, me.organisation_id, is_staff=me.is_staff, version=int(item.version or 0) + 1)


def _check(sent: dict[str, object]) -> None:
    for name in sent.get("muted") or ():  # type: ignore[attr-defined]
        if name not in KINDS and name not in set(Nature):
            raise DomainError("unknown_kind", problems=(FieldProblem(f"muted.{name}", "unknown_kind"),))
        if name == Nature.STATUTORY or (name in KINDS and rules_delivery.cannot_wait(KINDS[name])):
            raise DomainError("cannot_be_muted", problems=(FieldProblem(f"muted.{name}", "cannot_be_muted"),))
    if sent.get("time_zone") is not None and sent["time_zone"] not in clock.time_zones():
        raise DomainError("unknown_time_zone", problems=(FieldProblem("time_zone", "unknown_time_zone"),))


def _shown(
    item: store_people.PreferencesItem, organisation_id: str, *, is_staff: bool, version: int | None = None
) -> PreferencesResponse:
    profile = access.organisation(organisation_id)
    card = people.cards(organisation_id, [item.person_id]).get(item.person_id)
    return PreferencesResponse.model_validate(
        {
            "muted": dict(item.muted),
            "quiet_from": item.quiet_from,
            "quiet_to": item.quiet_to,
            "digest_at": item.digest_at,
            "time_zone": item.time_zone or profile.time_zone,
            "own_time_zone": item.time_zone is not None,
            "locale": item.locale or (card.locale if card else "") or profile.locale,
            "own_locale": item.locale is not None,
            "kinds": [
                _offered(name, kind) for name, kind in KINDS.items() if kind.to is not Audience.STAFF or is_staff
            ],
            "version": int(item.version or 0) if version is None else version,
        }
    )


def _offered(name: str, kind: Kind) -> KindOffered:
    used = {channel for step in kind.ladder for channel in step}
    return KindOffered(
        kind=name,
        nature=kind.nature,
        channels=[channel for channel in Channel if channel in used],
        may_be_muted=not rules_delivery.cannot_wait(kind),
    )
