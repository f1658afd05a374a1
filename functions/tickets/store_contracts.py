"""What tickets know of contracts, the numbers of a year, and how much somebody has written today."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Final, Literal
from zoneinfo import ZoneInfo

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute, VersionAttribute
from pynamodb.expressions.update import Action

from shared import clock
from shared.errors import DomainError
from shared.tables import Base, UnitOfWork, table_name
from tickets.rules.numbers import format_number

_DAY: Final = 86_400
_OPEN_END: Final = "9999"


class Item(Base):
    class Meta:
        table_name = table_name("TICKETS_TABLE")


class ContractItem(Item):
    """pk `ORG#<org>#CONTRACT#<contract>`, sk `CONTRACT`: a copy from ContractStarted. `parties`: person_id, role, starts_on, ends_on."""

    contract_id = UnicodeAttribute()
    number = UnicodeAttribute()
    unit_id = UnicodeAttribute(null=True)
    community_id = UnicodeAttribute()
    starts_on = UnicodeAttribute()
    ends_on = UnicodeAttribute(null=True)
    parties = JSONAttribute(default=list)
    as_of = UnicodeAttribute(default="")
    """When the event was said that this is the copy of."""
    version = VersionAttribute()

    def has_part(self, person_id: str, day: date) -> bool:
        """Whether somebody has a part in the running contract that day, or will have one."""
        return self._runs_until(day) and any(_until(party, day) for party in self._parts(person_id))

    def has_left(self, person_id: str, day: date) -> bool:
        """Whether the contract, or all of somebody's part in it, is over. His grant on it is not: debts outlast a home."""
        parts = self._parts(person_id)
        return not self._runs_until(day) or (bool(parts) and not any(_until(party, day) for party in parts))

    def had_part(self, person_id: str) -> bool:
        return bool(self._parts(person_id))

    def runs_on(self, day: date) -> bool:
        return self.starts_on <= day.isoformat() and self._runs_until(day)

    def _runs_until(self, day: date) -> bool:
        return day.isoformat() <= (self.ends_on or _OPEN_END)

    def _parts(self, person_id: str) -> list[dict[str, str | None]]:
        return [party for party in self.parties if party["person_id"] == person_id]


def _until(party: dict[str, str | None], day: date) -> bool:
    return day.isoformat() <= (party["ends_on"] or _OPEN_END)


class PointerItem(Item):
    """pk `ORG#<org>#UNIT#<unit>`, sk `CONTRACT#<contract>`; and pk `ORG#<org>#COMMUNITY#<community>`, sk `COMMUNITY`: that it is."""


class SeriesItem(Item):
    """pk `ORG#<org>#SERIES`, sk `TICKET#<year>`: the last number given."""

    last = NumberAttribute(default=0)
    version = VersionAttribute()


class NumberItem(Item):
    """pk `ORG#<org>#NUMBER#<number>`, sk `NUMBER`: which ticket has a number; created only once."""

    ticket_id = UnicodeAttribute()


class LimitItem(Item):
    """pk `ORG#<org>#LIMIT#<person>#<civil day>`, sk `tickets` or `comments`: how many of them he wrote on the day."""

    used = NumberAttribute()
    expires = NumberAttribute()


def contract_pk(organisation_id: str, contract_id: str) -> str:
    return f"ORG#{organisation_id}#CONTRACT#{contract_id}"


def find_contract(organisation_id: str, contract_id: str) -> ContractItem | None:
    try:
        return ContractItem.get(contract_pk(organisation_id, contract_id), "CONTRACT", consistent_read=True)
    except ContractItem.DoesNotExist:
        return None


def find_contracts(organisation_id: str, contract_ids: Iterable[str]) -> list[ContractItem]:
    """Those of the contracts that are known, in no order; one call for each hundred."""
    keys = [(contract_pk(organisation_id, contract_id), "CONTRACT") for contract_id in contract_ids]
    return list(ContractItem.batch_get(keys, consistent_read=True)) if keys else []


def contracts_of_unit(organisation_id: str, unit_id: str) -> list[ContractItem]:
    """All contracts of a unit, past ones too."""
    pk = f"ORG#{organisation_id}#UNIT#{unit_id}"
    pointers = PointerItem.query(pk, PointerItem.sk.startswith("CONTRACT#"), consistent_read=True)
    found = find_contracts(organisation_id, [item.sk.removeprefix("CONTRACT#") for item in pointers])
    # The contract decides: a pointer may be older than the contract's move to another unit.
    return [item for item in found if item.unit_id == unit_id]


def is_community(organisation_id: str, community_id: str) -> bool:
    """Whether some contract lies in a community of this id."""
    return _exists(PointerItem(pk=f"ORG#{organisation_id}#COMMUNITY#{community_id}", sk="COMMUNITY"))


def stage_pointers(uow: UnitOfWork, contract: ContractItem) -> None:
    """Make a contract findable by its unit, and its community known. Only what is missing: many contracts share a community."""
    organisation = f"ORG#{uow.organisation_id}"
    wanted = [PointerItem(pk=f"{organisation}#COMMUNITY#{contract.community_id}", sk="COMMUNITY")]
    if contract.unit_id:
        wanted.append(PointerItem(pk=f"{organisation}#UNIT#{contract.unit_id}", sk=f"CONTRACT#{contract.contract_id}"))
    for item in wanted:
        if not _exists(item):
            uow.put(item)


def _exists(item: PointerItem) -> bool:
    try:
        PointerItem.get(item.pk, item.sk, consistent_read=True)
    except PointerItem.DoesNotExist:
        return False
    return True


def take_number(uow: UnitOfWork, zone: str, ticket_id: str) -> str:
    """Give a ticket the next number of the organisation's year, such as `2026/000017`, if this unit of work commits.

    To be called last before the commit: whoever else takes a number in between makes this unit of work begin again.
    """
    year = clock.today(zone).year
    pk, sk = f"ORG#{uow.organisation_id}#SERIES", f"TICKET#{year}"
    try:
        series = SeriesItem.get(pk, sk, consistent_read=True)
    except SeriesItem.DoesNotExist:
        series = SeriesItem(pk=pk, sk=sk)
    series.last = int(series.last) + 1
    number = format_number(year, int(series.last))
    uow.put(series)
    uow.create(NumberItem(pk=number_pk(uow.organisation_id, number), sk="NUMBER", ticket_id=ticket_id))
    return number


def number_pk(organisation_id: str, number: str) -> str:
    return f"ORG#{organisation_id}#NUMBER#{number}"


def find_number(organisation_id: str, number: str) -> str | None:
    """The ticket that has a number."""
    try:
        return NumberItem.get(number_pk(organisation_id, number), "NUMBER").ticket_id
    except NumberItem.DoesNotExist:
        return None


def stage_limit(uow: UnitOfWork, person_id: str, kind: Literal["tickets", "comments"], most: int, zone: str) -> None:
    """Count one more of today's; beyond `most` the unit of work ends in 429 `too_many_requests` until local midnight."""
    now = clock.now()
    local = now.astimezone(ZoneInfo(zone))
    midnight = datetime.combine(local.date() + timedelta(days=1), datetime.min.time(), ZoneInfo(zone))
    wait = max(1, int((midnight - now).total_seconds()))
    refusal = DomainError("too_many_requests", HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": str(wait)})
    item = LimitItem(pk=f"ORG#{uow.organisation_id}#LIMIT#{person_id}#{local.date()}", sk=kind)
    actions: list[Action] = [LimitItem.used.add(1), LimitItem.expires.set(clock.timestamp() + 2 * _DAY)]
    uow.update(item, actions, LimitItem.used.does_not_exist() | (LimitItem.used < most), otherwise=refusal)
