"""How a checked portfolio is written: every thing with all that belongs to it, cut into chunks that fit one transaction. Pure."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from registry import references
from registry.portfolio import Portfolio, Row
from shared.ids import derived_id
from shared.money import to_minor

ROWS: Final = 20
"""Things in one chunk at most."""
ROOM: Final = 88
"""Items of one transaction that the things may take; the rest is for progress, the next event and the inbox."""
_ITEMS: Final = {"community": 1, "unit": 2, "person": 8, "contract": 3, "mandate": 3}
"""Items that a thing takes at most: itself, its events, and of a person the search terms of old and new name."""
PREFIXES: Final = {"community": "com", "unit": "unt", "person": "per", "contract": "con", "mandate": "mdt"}

Work = dict[str, Any]
"""One thing to write: kind, id, the values to keep, and how many rows of the files it stands for."""


def thing_id(kind: str, organisation_id: str, *reference: str) -> str:
    """The id of a thing that the customer's system calls `reference`: the same at every import."""
    return derived_id(PREFIXES[kind], organisation_id, *reference)


def chunks(organisation_id: str, portfolio: Portfolio) -> list[list[Work]]:
    """Everything in transactions' worth. The order does not matter to the result: each thing brings along what it needs."""
    return list(_cut(_works(organisation_id, portfolio)))


def _cut(works: Iterable[Work]) -> Iterator[list[Work]]:
    chunk: list[Work] = []
    room = ROOM
    for work in works:
        if chunk and (len(chunk) == ROWS or _ITEMS[work["kind"]] > room):
            yield chunk
            chunk, room = [], ROOM
        chunk.append(work)
        room -= _ITEMS[work["kind"]]
    if chunk:
        yield chunk


def _works(organisation_id: str, portfolio: Portfolio) -> Iterator[Work]:
    for row in portfolio.files["communities.csv"]:
        yield _work(
            "community", thing_id("community", organisation_id, row["community_ref"]), _but(row, "community_ref")
        )
    for row in portfolio.files["units.csv"]:
        community_id = thing_id("community", organisation_id, row["community_ref"])
        values = {**_but(row, "unit_ref", "community_ref"), "community_id": community_id}
        yield _work("unit", thing_id("unit", organisation_id, row["unit_ref"]), values)
    for row in portfolio.files["people.csv"]:
        yield _work("person", thing_id("person", organisation_id, row["person_ref"]), _but(row, "person_ref"))
    yield from _contract_works(organisation_id, portfolio)
    for row in portfolio.files["mandates.csv"]:
        reference = (row["person_ref"], row["community_ref"], row["role"], row["starts_on"])
        mandate: dict[str, str | None] = {
            "person_id": thing_id("person", organisation_id, row["person_ref"]),
            "community_id": thing_id("community", organisation_id, row["community_ref"]),
            **_but(row, "person_ref", "community_ref"),
            "ends_on": row["ends_on"] or None,
        }
        yield _work("mandate", thing_id("mandate", organisation_id, *reference), mandate)


def _contract_works(organisation_id: str, portfolio: Portfolio) -> Iterator[Work]:
    people = portfolio.by_key("people.csv")
    occupancies = portfolio.occupancies()
    for row in portfolio.files["contracts.csv"]:
        held = occupancies.get(row["contract_ref"], [])
        values = {
            **{name: row[name] for name in ("number", "type", "landlord", "starts_on", "currency")},
            "ends_on": row["ends_on"] or None,
            "unit_id": thing_id("unit", organisation_id, row["unit_ref"]) if row["unit_ref"] else None,
            "community_id": thing_id("community", organisation_id, row["community_ref"]),
            "value": to_minor(row["value"], row["currency"]),
            "adviser_id": thing_id("person", organisation_id, row["adviser_ref"]) if row["adviser_ref"] else None,
            "payment_references": [
                {"kind": kind, "value": row[column]} for column, (kind, _) in references.KINDS.items() if row[column]
            ],
            "parties": [_party(organisation_id, occupancy, row) for occupancy in held],
        }
        holders = {thing_id("person", organisation_id, h["person_ref"]): people[h["person_ref"]] for h in held}
        names = {
            identity: {name: person[name] for name in ("first_name", "last_name", "company")}
            for identity, person in holders.items()
        }
        work = _work("contract", thing_id("contract", organisation_id, row["contract_ref"]), values)
        yield {**work, "names": names, "rows": 1 + len(held)}


def _party(organisation_id: str, occupancy: Row, contract: Row) -> dict[str, str | None]:
    """An occupancy that names no end lasts as long as its contract."""
    return {
        "person_id": thing_id("person", organisation_id, occupancy["person_ref"]),
        "role": occupancy["role"],
        "starts_on": occupancy["starts_on"],
        "ends_on": occupancy["ends_on"] or contract["ends_on"] or None,
    }


def _work(kind: str, identity: str, values: dict[str, Any]) -> Work:
    return {"kind": kind, "id": identity, "values": values, "rows": 1}


def _but(row: Row, *columns: str) -> dict[str, str]:
    return {name: value for name, value in row.values.items() if name not in columns}
