"""The items of the registry table, and its queries.

A thing's partition holds the thing and pointers from it. Pointers and search terms are an index: they are written beside the
truth, not with it, and readers check what they find through them against the thing itself.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeVar

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    VersionAttribute,
)

from shared import imports
from shared.indexes import Gsi1
from shared.tables import Base, table_name

PAGE: Final = 50
I = TypeVar("I", bound="RegistryItem")  # noqa: E741


class RegistryItem(Base):
    class Meta:
        table_name = table_name("REGISTRY_TABLE")


class OrganisationItem(RegistryItem):
    """pk `ORG#<org>#ORGANISATION`, sk `ORGANISATION`."""

    profile = JSONAttribute()
    version = VersionAttribute()


class SlugOwner(RegistryItem):
    """pk `SLUG#<slug>`, sk `SLUG`: keeps short names unique among organisations."""

    organisation_id = UnicodeAttribute()


class Community(RegistryItem):
    """pk `ORG#<org>#COMMUNITY#<community>`, sk `COMMUNITY`; gsi1: all communities by name."""

    community_id = UnicodeAttribute()
    name = UnicodeAttribute()
    street = UnicodeAttribute()
    postal_code = UnicodeAttribute()
    city = UnicodeAttribute()
    country = UnicodeAttribute()
    imported = UnicodeAttribute()
    version = VersionAttribute()
    gsi1pk = UnicodeAttribute()
    gsi1sk = UnicodeAttribute()
    by_name = Gsi1()


class Unit(RegistryItem):
    """pk `ORG#<org>#UNIT#<unit>`, sk `UNIT`."""

    unit_id = UnicodeAttribute()
    community_id = UnicodeAttribute()
    label = UnicodeAttribute()
    property = UnicodeAttribute()
    street = UnicodeAttribute()
    postal_code = UnicodeAttribute()
    city = UnicodeAttribute()
    floor_area_m2 = UnicodeAttribute()
    state = UnicodeAttribute()
    imported = UnicodeAttribute()
    version = VersionAttribute()


class Person(RegistryItem):
    """pk `ORG#<org>#PERSON#<person>`, sk `PERSON`; gsi1: the register by name. `imported` is the last imported row."""

    person_id = UnicodeAttribute()
    first_name = UnicodeAttribute()
    last_name = UnicodeAttribute()
    company = UnicodeAttribute()
    email = UnicodeAttribute()
    phone = UnicodeAttribute()
    street = UnicodeAttribute()
    postal_code = UnicodeAttribute()
    city = UnicodeAttribute()
    country = UnicodeAttribute()
    locale = UnicodeAttribute()
    imported = JSONAttribute()
    version = VersionAttribute()
    gsi1pk = UnicodeAttribute()
    gsi1sk = UnicodeAttribute()
    by_name = Gsi1()


class Contract(RegistryItem):
    """pk `ORG#<org>#CONTRACT#<contract>`, sk `CONTRACT`; gsi1: all contracts by number. `parties` are the occupancies (B7)."""

    contract_id = UnicodeAttribute()
    number = UnicodeAttribute()
    type = UnicodeAttribute()
    unit_id = UnicodeAttribute(null=True)
    community_id = UnicodeAttribute()
    landlord = UnicodeAttribute()
    starts_on = UnicodeAttribute()
    ends_on = UnicodeAttribute(null=True)
    value = NumberAttribute()
    currency = UnicodeAttribute()
    adviser_id = UnicodeAttribute(null=True)
    payment_references = JSONAttribute()
    parties = JSONAttribute()
    imported = UnicodeAttribute()
    version = VersionAttribute()
    gsi1pk = UnicodeAttribute()
    gsi1sk = UnicodeAttribute()
    by_number = Gsi1()


class Balance(RegistryItem):
    """pk as Contract, sk `BALANCE`: what the ledger last said."""

    contract_id = UnicodeAttribute()
    ledger_version = NumberAttribute()
    balance = NumberAttribute()
    due = NumberAttribute()
    credit = NumberAttribute()
    overdue_from = UnicodeAttribute(null=True)
    currency = UnicodeAttribute()


class Mandate(RegistryItem):
    """pk as Person, sk `MANDATE#<mandate>`: a seat on a community's board."""

    mandate_id = UnicodeAttribute()
    community_id = UnicodeAttribute()
    role = UnicodeAttribute()
    starts_on = UnicodeAttribute()
    ends_on = UnicodeAttribute(null=True)
    imported = UnicodeAttribute()
    version = VersionAttribute()


class Pointer(RegistryItem):
    """pk as Person or Unit, sk `CONTRACT#<contract>`: the contracts to look at from there."""


class Number(RegistryItem):
    """pk `ORG#<org>#NUMBER#<number>`, sk `NUMBER`: the contract that last had a number; the contract itself says if it still has."""

    contract_id = UnicodeAttribute()


class Term(RegistryItem):
    """pk as Person or Contract, sk `TERM#<term>`; gsi1: the search by the beginning of a term."""

    target_id = UnicodeAttribute()
    gsi1pk = UnicodeAttribute()
    gsi1sk = UnicodeAttribute()
    by_term = Gsi1()


class Import(imports.Import):
    """An import of a portfolio. Counts `created`, `changed` and `unchanged` rows; a row of a chunk is a thing to write."""

    class Meta:
        table_name = table_name("REGISTRY_TABLE")

    more_errors = BooleanAttribute(default=False)


def key(organisation_id: str, kind: str, identity: str) -> str:
    """`ORG#<org>#<KIND>#<id>`: the organisation is part of every key."""
    return f"ORG#{organisation_id}#{kind}#{identity}"


def find(model: type[I], pk: str, sk: str) -> I | None:
    """The item, read consistently, or None."""
    try:
        return model.get(pk, sk, consistent_read=True)
    except model.DoesNotExist:
        return None


def find_thing(model: type[I], organisation_id: str, identity: str) -> I | None:
    """A community, unit, person or contract by its id."""
    kind = model.__name__.upper()
    return find(model, key(organisation_id, kind, identity), kind)


def find_all(
    model: type[I], organisation_id: str, identities: Iterable[str | None], sk: str | None = None
) -> dict[str, I]:
    """Things by their ids, in one or a few reads; the missing are left out."""
    kind = "CONTRACT" if model is Balance else model.__name__.upper()
    wanted = dict.fromkeys(identity for identity in identities if identity)
    keys = [(key(organisation_id, kind, identity), sk or model.__name__.upper()) for identity in wanted]
    found = model.batch_get(keys) if keys else []
    start = len(key(organisation_id, kind, ""))
    return {item.pk[start:]: item for item in found}


def pointers(pk: str) -> list[str]:
    """The contracts that a person's or unit's partition points to."""
    found = Pointer.query(pk, Pointer.sk.startswith("CONTRACT#"), consistent_read=True)
    return [item.sk.removeprefix("CONTRACT#") for item in found]


def mandates(pk: str) -> list[Mandate]:
    return list(Mandate.query(pk, Mandate.sk.startswith("MANDATE#"), consistent_read=True))


def search(list_key: str, beginning: str, cursor: dict[str, Any] | None) -> tuple[list[Term], dict[str, Any] | None]:
    """One page of terms with a beginning, and the key where the next page starts."""
    found = Term.by_term.query(
        list_key, Term.gsi1sk.startswith(beginning), limit=PAGE, page_size=PAGE, last_evaluated_key=cursor
    )
    return list(found), found.last_evaluated_key


def contracts_by_number(organisation_id: str, numbers: Iterable[str]) -> dict[str, str]:
    """Which contract has a number now; numbers that nobody has are left out. Ids by number."""
    pointed = find_all(Number, organisation_id, numbers)
    contracts = find_all(Contract, organisation_id, [item.contract_id for item in pointed.values()])
    return {contract.number: contract_id for contract_id, contract in contracts.items() if contract.number in pointed}


def keep_number(organisation_id: str, contract: Contract) -> None:
    Number(key(organisation_id, "NUMBER", contract.number), "NUMBER", contract_id=contract.contract_id).save()


def keep_pointers(pks: Iterable[str], contract_id: str) -> None:
    """Point from partitions to a contract. Pointers that have gone stale stay: readers see that the contract does not agree."""
    with Pointer.batch_write() as batch:
        for pk in sorted(set(pks)):
            batch.save(Pointer(pk, f"CONTRACT#{contract_id}"))


def keep_terms(pk: str, list_key: str, target_id: str, wanted: frozenset[str]) -> None:
    """Make the search terms of a thing those wanted: add what is missing, take away what is stale. Safe to repeat."""
    standing = {item.sk: item for item in Term.query(pk, Term.sk.startswith("TERM#"), consistent_read=True)}
    missing = [term for term in wanted if f"TERM#{term}" not in standing]
    stale: Sequence[Term] = [item for sk, item in standing.items() if sk.removeprefix("TERM#") not in wanted]
    if not missing and not stale:
        return
    with Term.batch_write() as batch:
        for term in missing:
            batch.save(Term(pk, f"TERM#{term}", target_id=target_id, gsi1pk=list_key, gsi1sk=f"{term}#{target_id}"))
        for item in stale:
            batch.delete(item)
