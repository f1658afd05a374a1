"""Organisations, by an operator."""

from registry import store
from registry.store import OrganisationItem, SlugOwner
from shared import clock
from shared.errors import Conflict
from shared.events.catalog import OrganisationChanged, OrganisationRegistered
from shared.events.envelope import Metadata
from shared.organisations import OrganisationProfile
from shared.tables import UnitOfWork, run

TABLE = "REGISTRY_TABLE"


def register_organisation(profile: OrganisationProfile) -> OrganisationProfile:
    """Make an organisation, or change one; nothing happens where it is as it should be.

    Raises Conflict `slug_taken` where another organisation has the short name, ValueError for a time zone that there is not.
    """
    if profile.time_zone not in clock.time_zones():
        raise ValueError(profile.time_zone)
    metadata = Metadata(organisation_id=profile.organisation_id)
    run(lambda: UnitOfWork(TABLE, metadata), lambda uow: _stage(uow, profile), lambda _uow, _result: None)
    return profile


def _stage(uow: UnitOfWork, profile: OrganisationProfile) -> None:
    organisation_id, wanted = profile.organisation_id, profile.model_dump(mode="json")
    pk = f"ORG#{organisation_id}#ORGANISATION"
    item = store.find(OrganisationItem, pk, "ORGANISATION")
    if item and item.profile == wanted:
        return
    old_slug = item.profile["slug"] if item else None
    if old_slug != profile.slug:
        uow.create(
            SlugOwner(f"SLUG#{profile.slug}", "SLUG", organisation_id=organisation_id), otherwise=Conflict("slug_taken")
        )
        if old_slug:
            uow.delete(SlugOwner(f"SLUG#{old_slug}", "SLUG"))
    uow.emit(OrganisationChanged(profile=profile) if item else OrganisationRegistered(profile=profile))
    item = item or OrganisationItem(pk, "ORGANISATION")
    item.profile = wanted
    uow.put(item)
