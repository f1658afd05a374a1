"""What meters know of units and of those who live there, from the registry's events."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from pynamodb.attributes import JSONAttribute, UnicodeAttribute, VersionAttribute

from meters.store import Item

HOMES: Final = frozenset({"lease", "ownership"})
"""Contracts by which somebody lives in a unit."""
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Home:
    """A contract by which people live in a unit: its days, both included, and of each person the days of the part in it."""

    contract_id: str
    starts_on: date
    ends_on: date | None
    parts: tuple[tuple[str, date, date | None], ...]

    def holds(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    @property
    def people(self) -> frozenset[str]:
        return frozenset(person_id for person_id, _, _ in self.parts)

    def has(self, person_id: str, day: date) -> bool:
        """Whether the contract is in force that day and the person has a part in it."""
        return self.holds(day) and any(
            who == person_id and starts <= day and (ends is None or day <= ends) for who, starts, ends in self.parts
        )


class UnitItem(Item):
    """pk `ORG#<org>#UNIT#<unit>`, sk `UNIT`: a copy of the unit with the contracts of its homes, by id.

    Of each contract: starts_on, ends_on, parties (person_id, starts_on, ends_on). Either may have been heard of first.
    """

    community_id = UnicodeAttribute()
    label = UnicodeAttribute(null=True)
    contracts = JSONAttribute(default=dict)
    as_of = UnicodeAttribute(default="")
    version = VersionAttribute()

    @property
    def unit_id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    @property
    def homes(self) -> list[Home]:
        """The contracts, the earliest first."""
        found = [_home(contract_id, contract) for contract_id, contract in self.contracts.items()]
        return sorted(found, key=lambda home: (home.starts_on, home.contract_id))


class ContractItem(Item):
    """pk `ORG#<org>#CONTRACT#<contract>`, sk `CONTRACT`: in which unit the contract was heard of last, and when that was said."""

    unit_id = UnicodeAttribute(null=True)
    as_of = UnicodeAttribute(default="")
    version = VersionAttribute()


class CommunityItem(Item):
    """pk `ORG#<org>#COMMUNITY#<community>`, sk `COMMUNITY`: that it is."""


def unit_pk(organisation_id: str, unit_id: str) -> str:
    return f"ORG#{organisation_id}#UNIT#{unit_id}"


def find_unit(organisation_id: str, unit_id: str) -> UnitItem | None:
    try:
        return UnitItem.get(unit_pk(organisation_id, unit_id), "UNIT", consistent_read=True)
    except UnitItem.DoesNotExist:
        return None


def load_units(organisation_id: str, unit_ids: Iterable[str | None]) -> dict[str, UnitItem]:
    """Those of the units that are known, by id; one call for each hundred."""
    keys = [(unit_pk(organisation_id, unit_id), "UNIT") for unit_id in dict.fromkeys(unit_ids) if unit_id]
    found = UnitItem.batch_get(keys, consistent_read=True) if keys else ()
    return {item.unit_id: item for item in found}


def find_contract(organisation_id: str, contract_id: str) -> ContractItem | None:
    try:
        return ContractItem.get(f"ORG#{organisation_id}#CONTRACT#{contract_id}", "CONTRACT", consistent_read=True)
    except ContractItem.DoesNotExist:
        return None


def find_community(organisation_id: str, community_id: str) -> CommunityItem | None:
    try:
        return CommunityItem.get(f"ORG#{organisation_id}#COMMUNITY#{community_id}", "COMMUNITY", consistent_read=True)
    except CommunityItem.DoesNotExist:
        return None


def occupancy(unit: UnitItem | None, day: date) -> tuple[bool | None, date | None]:
    """Whether somebody lives in a unit on a day (None: nothing is known of it), and since when the present household does.

    That is since the contract that began last, or since the day after other people's ended, whichever is later: when tenants move out
    the owner lives there, or nobody. A contract that follows upon another of the same people goes on with it.
    """
    homes = unit.homes if unit else []
    if not homes:
        return None, None
    present = [home for home in homes if home.holds(day)]
    if not present:
        return False, None
    people = {person_id for home in present for person_id in home.people}
    others = [home for home in homes if home.ends_on and home.ends_on < day and people.isdisjoint(home.people)]
    starts = [_since(home.starts_on, homes, home.people) for home in present]
    return True, max([*starts, *(home.ends_on + _DAY for home in others if home.ends_on)])


def own_since(unit: UnitItem | None, person_id: str, day: date) -> date | None:
    """Since when a person has lived in a unit without a break, by contracts of his own; None: not on that day."""
    homes = unit.homes if unit else []
    starts = [home.starts_on for home in homes if home.has(person_id, day)]
    return _since(min(starts), homes, frozenset({person_id})) if starts else None


def _since(start: date, homes: list[Home], people: frozenset[str]) -> date:
    """The start of a contract, or of those of the same people that it follows upon without a break."""
    for home in reversed(homes):
        if home.starts_on < start and any(home.has(person_id, start - _DAY) for person_id in people):
            start = home.starts_on
    return start


def own_homes(unit: UnitItem | None, person_id: str) -> list[Home]:
    """All contracts in a unit in which a person has or had a part, the earliest first."""
    return [home for home in (unit.homes if unit else []) if any(who == person_id for who, _, _ in home.parts)]


def as_contract(
    starts_on: date, ends_on: date | None, parties: Iterable[tuple[str, date, date | None]]
) -> dict[str, Any]:
    """A contract as a unit keeps it."""
    return {
        "starts_on": starts_on.isoformat(),
        "ends_on": ends_on.isoformat() if ends_on else None,
        "parties": [
            [person_id, starts.isoformat(), ends.isoformat() if ends else None] for person_id, starts, ends in parties
        ],
    }


def _home(contract_id: str, contract: dict[str, Any]) -> Home:
    return Home(
        contract_id,
        date.fromisoformat(contract["starts_on"]),
        _day(contract["ends_on"]),
        tuple((person_id, date.fromisoformat(starts), _day(ends)) for person_id, starts, ends in contract["parties"]),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
