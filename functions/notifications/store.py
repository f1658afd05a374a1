"""What people were told, and the contracts by which they are found. Access patterns: docs/data-model.md."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, Final

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute, VersionAttribute

from shared import clock
from shared.ids import new_id
from shared.indexes import Gsi1, Gsi2
from shared.tables import Base, UnitOfWork, table_name

VARIABLE: Final = "NOTIFICATIONS_TABLE"
KEPT: Final = timedelta(days=730)
"""How long it is known what somebody was told: two years, longer than a year's settlement can be disputed over."""
MOST_UNREAD: Final = 100
"""Unread notices that are counted; beyond it the bell shows that there are more."""
_NOTICE: Final = "NOTICE#"
_DIGEST: Final = "dig_"
_OPEN_END: Final = "9999"


class Item(Base):
    class Meta:
        table_name = table_name(VARIABLE)


class ContractItem(Item):
    """pk `ORG#<org>#CONTRACT#<contract>`, sk `CONTRACT`: a copy from ContractStarted. `parties`: person_id, role, starts_on, ends_on.

    gsi2, `ORG#<org>#COMMUNITY#<community>` / `<unit>#<contract>`: who lives in a unit, and in a community.
    gsi1, `ORG#<org>#CONTRACTS` / `<contract>`: who lives in the whole organisation.
    """

    contract_id = UnicodeAttribute()
    number = UnicodeAttribute()
    community_id = UnicodeAttribute()
    parties = JSONAttribute(default=list)
    as_of = UnicodeAttribute(default="")
    """When the event was said that this is the copy of."""
    version = VersionAttribute()
    gsi1pk = UnicodeAttribute(null=True)
    gsi1sk = UnicodeAttribute(null=True)
    every = Gsi1()
    gsi2pk = UnicodeAttribute(null=True)
    gsi2sk = UnicodeAttribute(null=True)
    by_place = Gsi2()

    def people_on(self, day: date) -> list[str]:
        """Who is told what happens to the contract: those whose part runs, or, when all have left, those who left last.

        Who comes later hears nothing of those before him; before anybody has come, all are told.
        """
        told, text = [party for party in self.parties if party["role"] != "supplier"], day.isoformat()
        told = [party for party in told if party["starts_on"] <= text] or told
        last = max((party["ends_on"] or _OPEN_END for party in told), default="")
        until = min(last, text)
        return sorted({party["person_id"] for party in told if (party["ends_on"] or _OPEN_END) >= until})

    def residents_on(self, day: date) -> set[str]:
        """Whose part runs on a day."""
        text = day.isoformat()
        return {
            party["person_id"]
            for party in self.parties
            if party["role"] != "supplier" and party["starts_on"] <= text <= (party["ends_on"] or _OPEN_END)
        }


class NoticeItem(Item):
    """pk `ORG#<org>#PERSON#<person>`, sk `NOTICE#<notice>`: what a person was told, and what became of it on each channel.

    While unread it stands in gsi1, `ORG#<org>#UNREAD#<person>` / `<notice>`. `about` names the object that it leads to, `values` is what
    the words are made of: codes, dates, minor units; the words themselves are made when it is shown or sent, in the reader's language.

    sk `DIGEST#dig_<day>`: a digest, which no inbox lists; its values are `notice_ids` and, until it is made, `due_at`.
    """

    notice_id = UnicodeAttribute()
    person_id = UnicodeAttribute()
    kind = UnicodeAttribute()
    about = JSONAttribute(default=dict)
    values = JSONAttribute(default=dict)
    created_at = UnicodeAttribute()
    read_at = UnicodeAttribute(null=True)
    deliveries = JSONAttribute(default=list)
    """Of each try: channel, mark of the address, state, at, code, message_id; of one that is repeated, until when it waits."""
    digest_id = UnicodeAttribute(null=True)
    """The digest that it waits for or went out in, or that it has waited and goes out alone."""
    expires = NumberAttribute()
    version = VersionAttribute()
    gsi1pk = UnicodeAttribute(null=True)
    gsi1sk = UnicodeAttribute(null=True)
    unread = Gsi1()


class ToldItem(Item):
    """pk `ORG#<org>#PERSON#<person>#TOLD#<hash of what>`, sk `TOLD`: that a person was told this; whoever says it again is not heard."""

    expires = NumberAttribute()


def person_pk(organisation_id: str, person_id: str) -> str:
    return f"ORG#{organisation_id}#PERSON#{person_id}"


def contract_pk(organisation_id: str, contract_id: str) -> str:
    return f"ORG#{organisation_id}#CONTRACT#{contract_id}"


def contracts_pk(organisation_id: str) -> str:
    return f"ORG#{organisation_id}#CONTRACTS"


def community_pk(organisation_id: str, community_id: str) -> str:
    return f"ORG#{organisation_id}#COMMUNITY#{community_id}"


def find_contract(organisation_id: str, contract_id: str) -> ContractItem | None:
    try:
        return ContractItem.get(contract_pk(organisation_id, contract_id), "CONTRACT", consistent_read=True)
    except ContractItem.DoesNotExist:
        return None


def contracts_of_unit(organisation_id: str, community_id: str, unit_id: str) -> list[ContractItem]:
    """The contracts of a unit; read eventually."""
    pk = community_pk(organisation_id, community_id)
    return list(ContractItem.by_place.query(pk, ContractItem.gsi2sk.startswith(f"{unit_id}#")))


def contracts_from(
    organisation_id: str, community_id: str | None, place: str, page: int
) -> Iterator[tuple[str, ContractItem]]:
    """The contracts of a community, or all, each with its place in their order: from a place on, so many at a time as they are taken.

    Read eventually. The first place is empty.
    """
    if community_id is None:
        onwards = ContractItem.gsi1sk >= place if place else None
        for contract in ContractItem.every.query(contracts_pk(organisation_id), onwards, page_size=page):
            yield str(contract.gsi1sk), contract
    else:
        onwards = ContractItem.gsi2sk >= place if place else None
        for contract in ContractItem.by_place.query(
            community_pk(organisation_id, community_id), onwards, page_size=page
        ):
            yield str(contract.gsi2sk), contract


def was_told(organisation_id: str, person_id: str, what: str) -> bool:
    item = _told(organisation_id, person_id, what)
    return bool(ToldItem.count(item.pk, consistent_read=True))


def stage_notice(
    uow: UnitOfWork, person_id: str, kind: str, what: str, *, about: dict[str, str], values: dict[str, Any]
) -> NoticeItem:
    """Tell a person something, once for each `what`: two who say it at the same time meet at the second item."""
    now, expires = clock.now(), clock.timestamp() + int(KEPT.total_seconds())
    notice_id = new_id("ntc")
    item = NoticeItem(
        pk=person_pk(uow.organisation_id, person_id),
        sk=f"{_NOTICE}{notice_id}",
        notice_id=notice_id,
        person_id=person_id,
        kind=kind,
        about=about,
        values=values,
        created_at=clock.stamp(now),
        expires=expires,
        gsi1pk=_unread_pk(uow.organisation_id, person_id),
        gsi1sk=notice_id,
    )
    told = _told(uow.organisation_id, person_id, what)
    told.expires = expires
    uow.create(told)
    uow.put(item)
    return item


def new_digest(organisation_id: str, person_id: str, day: date, kind: str) -> NoticeItem:
    """The digest of a person's day, with nothing in it yet; written by whoever puts something in."""
    digest_id = _digest_id(day)
    return NoticeItem(
        pk=person_pk(organisation_id, person_id),
        sk=_sk(digest_id),
        notice_id=digest_id,
        person_id=person_id,
        kind=kind,
        values={"notice_ids": []},
        created_at=clock.stamp(clock.now()),
        expires=clock.timestamp() + int(KEPT.total_seconds()),
    )


def find_digest(organisation_id: str, person_id: str, day: date) -> NoticeItem | None:
    return find_notice(organisation_id, person_id, _digest_id(day))


def load_digests(organisation_id: str, person_id: str, notices: Iterable[NoticeItem]) -> dict[str, NoticeItem]:
    """The digests of these notices by their ids; read eventually."""
    pk, ids = person_pk(organisation_id, person_id), {one.digest_id for one in notices if one.digest_id}
    keys = [(pk, _sk(digest_id)) for digest_id in ids if digest_id.startswith(_DIGEST)]
    return {one.notice_id: one for one in NoticeItem.batch_get(keys)}


def find_notice(organisation_id: str, person_id: str, notice_id: str) -> NoticeItem | None:
    """A notice, or a digest."""
    try:
        return NoticeItem.get(person_pk(organisation_id, person_id), _sk(notice_id), consistent_read=True)
    except NoticeItem.DoesNotExist:
        return None


def list_notices(
    organisation_id: str, person_id: str, cursor: dict[str, Any] | None, limit: int
) -> tuple[list[NoticeItem], dict[str, Any] | None]:
    """A page of a person's notices, newest first."""
    found = NoticeItem.query(
        person_pk(organisation_id, person_id),
        NoticeItem.sk.startswith(_NOTICE),
        scan_index_forward=False,
        limit=limit,
        page_size=limit,
        last_evaluated_key=cursor,
        consistent_read=True,
    )
    return list(found), found.last_evaluated_key


def load_notices(organisation_id: str, person_id: str, notice_ids: list[str]) -> list[NoticeItem]:
    """Those of them that the person has."""
    pk = person_pk(organisation_id, person_id)
    return list(NoticeItem.batch_get([(pk, f"{_NOTICE}{one}") for one in notice_ids], consistent_read=True))


def unread_notices(organisation_id: str, person_id: str, limit: int = MOST_UNREAD) -> list[NoticeItem]:
    """The newest that the person has not read."""
    return list(
        NoticeItem.unread.query(
            _unread_pk(organisation_id, person_id), scan_index_forward=False, limit=limit, page_size=limit
        )
    )


def stage_read(uow: UnitOfWork, item: NoticeItem) -> None:
    """Mark a notice as read; it leaves the unread ones."""
    item.read_at, item.gsi1pk, item.gsi1sk = clock.stamp(clock.now()), None, None
    uow.put(item)


def _sk(notice_id: str) -> str:
    return f"DIGEST#{notice_id}" if notice_id.startswith(_DIGEST) else f"{_NOTICE}{notice_id}"


def _digest_id(day: date) -> str:
    return f"{_DIGEST}{day:%Y%m%d}"


def _unread_pk(organisation_id: str, person_id: str) -> str:
    return f"ORG#{organisation_id}#UNREAD#{person_id}"


def _told(organisation_id: str, person_id: str, what: str) -> ToldItem:
    digest = hashlib.sha256(what.encode()).hexdigest()[:32]
    return ToldItem(pk=f"{person_pk(organisation_id, person_id)}#TOLD#{digest}", sk="TOLD")
