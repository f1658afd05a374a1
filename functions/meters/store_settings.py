"""An organisation's rules for meters: its reading windows, its own thresholds, its estimation policy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pynamodb.attributes import JSONAttribute, VersionAttribute

from meters.rules.days import Window
from meters.rules.estimation_policies import EstimationPolicy, default_policy, policies_of
from meters.rules.thresholds import Thresholds, thresholds
from meters.rules.vocabulary import Medium
from meters.store import Item
from shared import access
from shared.tables import UnitOfWork

CLOCK: Final = "CLOCK"


class SettingsItem(Item):
    """pk `ORG#<org>#SETTINGS`, sk `SETTINGS`: windows, thresholds, estimation_policy."""

    document = JSONAttribute()
    version = VersionAttribute()


class ClockItem(Item):
    """pk `CLOCK`, sk `ORG#<org>`: an organisation that has settings, over which the clock looks."""


@dataclass(frozen=True)
class Settings:
    """The settings in force. `estimation_policy`: the organisation's own or, where it has set nothing, its country's; None: no
    estimates are made.
    """

    windows: Mapping[Medium, Window] = field(default_factory=dict)
    own_thresholds: Mapping[Medium, Mapping[str, Any]] = field(default_factory=dict)
    estimation_policy: str | None = None
    version: int = 0

    @property
    def limits(self) -> Mapping[Medium, Thresholds]:
        return thresholds({str(medium): own for medium, own in self.own_thresholds.items()})


def settings_of(organisation_id: str) -> Settings:
    """The organisation's settings, or those that hold where it has set none (version 0)."""
    item = find_settings(organisation_id)
    if item is None:
        return Settings(estimation_policy=_policy_of_country(organisation_id))
    document = item.document
    return Settings(
        windows={medium: Window(first, last) for medium, (first, last) in document["windows"].items()},
        own_thresholds=document["thresholds"],
        estimation_policy=document["estimation_policy"],
        version=int(item.version or 1),
    )


def find_settings(organisation_id: str) -> SettingsItem | None:
    try:
        return SettingsItem.get(f"ORG#{organisation_id}#SETTINGS", "SETTINGS", consistent_read=True)
    except SettingsItem.DoesNotExist:
        return None


def stage_settings(uow: UnitOfWork, item: SettingsItem | None, settings: Settings) -> None:
    """Stage new settings over those that were read (None: there were none)."""
    organisation = f"ORG#{uow.organisation_id}"
    if item is None:
        item = SettingsItem(pk=f"{organisation}#SETTINGS", sk="SETTINGS")
        uow.put(ClockItem(pk=CLOCK, sk=organisation))
    item.document = {
        "windows": {medium: [window.first, window.last] for medium, window in settings.windows.items()},
        "thresholds": settings.own_thresholds,
        "estimation_policy": settings.estimation_policy,
    }
    uow.put(item)


def clock_organisations() -> list[str]:
    """The organisations that have settings."""
    return [item.sk.removeprefix("ORG#") for item in ClockItem.query(CLOCK, consistent_read=True)]


def policies_for(organisation_id: str) -> Mapping[str, EstimationPolicy]:
    """What an organisation may choose from, by id."""
    return policies_of(access.organisation(organisation_id).estimation_policies)


def _policy_of_country(organisation_id: str) -> str:
    return default_policy(access.organisation(organisation_id).estimation_policies)
