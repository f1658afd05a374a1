"""Grants made from what registry says: contracts, mandates; and the organisation's profile for everybody to read.

Messages may come twice or in the wrong order. Each thing's `Origin` item keeps when its newest message was said and what was made
of it; an older message changes nothing.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final

from auth import store
from auth.store import Origin, Slug
from shared import access, clock
from shared.access import GrantItem, ProfileItem
from shared.errors import DomainError
from shared.events.catalog import (
    AccessGranted,
    AccessRevoked,
    ContractEnded,
    ContractStarted,
    MandateEnded,
    MandateStarted,
    Party,
)
from shared.organisations import OrganisationProfile
from shared.tables import UnitOfWork

_FOLLOWING: Final = ("unit", "community")
"""Scopes that follow from a contract's: they end with the occupancy and are not told as events of their own."""


@dataclass(frozen=True)
class Made:
    """A grant made from an origin. Dates as text, as they are stored; `tag` tells two periods of one person apart."""

    person_id: str
    role: str
    scope: str
    scope_id: str
    starts_on: str | None
    ends_on: str | None
    tag: str

    @property
    def sk(self) -> str:
        return f"GRANT#{self.role}#{self.scope}#{self.scope_id}#{self.tag}"

    @property
    def key(self) -> tuple[str, str]:
        return self.person_id, self.sk

    def ending(self, ends_on: date) -> "Made":
        """The same grant, not beyond a day."""
        return replace(self, ends_on=min(self.ends_on or ends_on.isoformat(), ends_on.isoformat()))


def keep_profile(uow: UnitOfWork, profile: OrganisationProfile) -> None:
    """Keep the organisation's profile where every function reads it, and its short name for the sign-in page."""

    def change(made: Any) -> Any:
        old_slug = made[0] if made else None
        if old_slug and old_slug != profile.slug:
            uow.delete(Slug(f"SLUG#{old_slug}", "SLUG"))
        organisation_id = profile.organisation_id
        mine = Slug.pk.does_not_exist() | (Slug.organisation_id == organisation_id)
        uow.put(
            Slug(f"SLUG#{profile.slug}", "SLUG", organisation_id=organisation_id),
            mine,
            otherwise=DomainError("conflict"),
        )
        uow.put(ProfileItem(f"ORG#{organisation_id}#PROFILE", "PROFILE", profile=profile.model_dump(mode="json")))
        return [profile.slug]

    _hear(uow, "profile", change)
    access.forget_profiles()


def grant_for_contract(uow: UnitOfWork, event: ContractStarted) -> None:
    """Everyone with a part in the contract may see it, and its unit and community while the occupancy lasts (B7).

    The contract itself stays visible after the end: its debts, receipts and settlements still concern the person.
    """
    wanted = [made for party in event.parties for made in _grants_of(event, party)]
    _hear(uow, event.contract_id, lambda made: _replace(uow, _read(made), _merged(wanted)))


def end_contract(uow: UnitOfWork, event: ContractEnded) -> None:
    """Unit and community are not seen beyond the contract's end."""

    def change(made: Any) -> Any:
        old = _read(made)
        return _replace(uow, old, [m.ending(event.ends_on) if m.scope in _FOLLOWING else m for m in old])

    _hear_end(uow, event.contract_id, change)


def start_mandate(uow: UnitOfWork, event: MandateStarted) -> None:
    """A member of the board sees his community from and until."""
    grant = Made(
        event.person_id, event.role, "community", event.community_id, _text(event.starts_on), _text(event.ends_on),
        event.mandate_id,
    )  # fmt: skip
    _hear(uow, event.mandate_id, lambda made: _replace(uow, _read(made), [grant], told=("community",)))


def end_mandate(uow: UnitOfWork, event: MandateEnded) -> None:
    def change(made: Any) -> Any:
        old = _read(made)
        return _replace(uow, old, [grant.ending(event.ends_on) for grant in old], told=("community",))

    _hear_end(uow, event.mandate_id, change)


def _hear(uow: UnitOfWork, origin_id: str, change: Callable[[Any], Any]) -> None:
    """Let a message that says everything change what was made from its origin, unless a newer one was heard already."""
    pk = f"ORG#{uow.organisation_id}#ORIGIN#{origin_id}"
    origin: Origin | None = store.find(Origin, pk, "ORIGIN")
    if origin is None:
        origin = Origin(pk, "ORIGIN", made=[])
    elif _said(uow) < origin.heard:
        return
    origin.made = change(origin.made)
    origin.heard = _said(uow)
    uow.put(origin)


def _hear_end(uow: UnitOfWork, origin_id: str, change: Callable[[Any], Any]) -> None:
    """Let the news of an end shorten what stands.

    It says less than the message that registry sends beside it, which has the end too. So it never counts as the newest one, and
    where that message has not come yet there is nothing to shorten.
    """
    origin: Origin | None = store.find(Origin, f"ORG#{uow.organisation_id}#ORIGIN#{origin_id}", "ORIGIN")
    if origin is None or _said(uow) < origin.heard:
        return
    origin.made = change(origin.made)
    uow.put(origin)


def _said(uow: UnitOfWork) -> str:
    return clock.stamp(uow.metadata.occurred_at or clock.now())


def _replace(
    uow: UnitOfWork, old: list[Made], wanted: list[Made], told: tuple[str, ...] = ("contract",)
) -> list[dict[str, Any]]:
    """Write the difference between the grants that stand and those wanted; say the ones of `told` scopes as events."""
    standing, future = {made.key: made for made in old}, {made.key: made for made in wanted}
    for key, made in standing.items():
        if key not in future:
            uow.delete(GrantItem(store.person_key(uow.organisation_id, made.person_id), made.sk))
            if made.scope in told:
                uow.emit(
                    AccessRevoked(person_id=made.person_id, role=made.role, scope=made.scope, scope_id=made.scope_id)
                )
    for key, made in future.items():
        if standing.get(key) != made:
            _put(uow, made)
            if made.scope in told:
                uow.emit(
                    AccessGranted.model_validate(
                        {k: v for k, v in asdict(made).items() if k in AccessGranted.model_fields}
                    )
                )
    return [asdict(made) for made in wanted]


def _put(uow: UnitOfWork, made: Made) -> None:
    uow.put(
        GrantItem(
            store.person_key(uow.organisation_id, made.person_id), made.sk,
            role=made.role, scope=made.scope, scope_id=made.scope_id, starts_on=made.starts_on, ends_on=made.ends_on,
        )
    )  # fmt: skip


def _grants_of(event: ContractStarted, party: Party) -> list[Made]:
    start, end = _text(party.starts_on), _text(party.ends_on)
    period = f"{event.contract_id}.{start}"
    grants = [
        Made(party.person_id, party.role, "contract", event.contract_id, start, None, event.contract_id),
        Made(party.person_id, party.role, "community", event.community_id, start, end, period),
    ]
    if event.unit_id:
        grants.append(Made(party.person_id, party.role, "unit", event.unit_id, start, end, period))
    return grants


def _merged(wanted: list[Made]) -> list[Made]:
    """One grant a key: of a person who came back to the same contract, the earlier start counts for the contract."""
    merged: dict[tuple[str, str], Made] = {}
    for made in wanted:
        other = merged.get(made.key)
        merged[made.key] = made if other is None or (made.starts_on or "") < (other.starts_on or "") else other
    return list(merged.values())


def _read(made: Any) -> list[Made]:
    return [Made(**item) for item in made]


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
