"""The ledger's items in the statements table, and their queries. The access patterns stand in docs/data-model.md."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, NumberAttribute, UnicodeAttribute, VersionAttribute

from shared.indexes import Gsi1
from shared.tables import Base, table_name
from statements.rules import codec
from statements.rules.entries import CHARGE, PAYMENT, Entry, Returned, position
from statements.rules.lineage import Lineage, Segment
from statements.rules.numbers import Series
from statements.rules.policy import Policies, parse_policies
from statements.rules.posting import Account

PAGE: Final = 50
ACCOUNT_SK: Final = "ACCOUNT"
ENTRY_SK: Final = "ENTRY#"

Key = dict[str, Any]
Line = dict[str, Any]


class Item(Base):
    class Meta:
        table_name = table_name("STATEMENTS_TABLE")


def account_pk(organisation_id: str, contract_id: str) -> str:
    return f"ORG#{organisation_id}#ACCOUNT#{contract_id}"


class AccountItem(Item):
    """pk `ORG#<org>#ACCOUNT#<contract>`, sk `ACCOUNT`: all that a balance, a booking and a status need, in one read."""

    contract_id = UnicodeAttribute()
    number = UnicodeAttribute()
    currency = UnicodeAttribute()
    ends_on = UnicodeAttribute(null=True)
    policy = UnicodeAttribute()
    """The allocation policy as it was when the account was opened, in JSON."""
    state = BinaryAttribute(legacy_encoding=False)
    head = UnicodeAttribute()
    lineage = UnicodeAttribute()
    version = VersionAttribute()

    def policies(self) -> Policies:
        return parse_policies(json.loads(self.policy))

    def snapshot(self) -> Account:
        """The account as the rules know it."""
        segments, marks, older, since = json.loads(self.lineage)
        lineage = Lineage(tuple(Segment(*segment) for segment in segments), tuple(marks), older, since)
        return Account(codec.decode(self.state), self.head, lineage)

    def take_over(self, account: Account) -> None:
        """Write the rules' account into the item."""
        lineage = account.lineage
        segments = [(segment.start, segment.generation) for segment in lineage.segments]
        self.state = codec.encode(account.state)
        self.head = account.head
        self.lineage = json.dumps((segments, lineage.marks, lineage.older, lineage.since), separators=(",", ":"))


class EntryItem(Item):
    """The account's pk, sk `ENTRY#<position>`. Charges and payments are in gsi1: `<account pk>#<kind>`, position.

    Never changed but for `reversed_by`, `rebooked_to` and `returned`, which repeat what reversals, refunds and charge-backs say.
    """

    entry_id = UnicodeAttribute()
    kind = UnicodeAttribute()
    value_date = UnicodeAttribute()
    amount = NumberAttribute()
    type = UnicodeAttribute(null=True)
    number = UnicodeAttribute(null=True)
    due_date = UnicodeAttribute(null=True)
    purpose = UnicodeAttribute(null=True)
    description = UnicodeAttribute(null=True)
    accessory_of = UnicodeAttribute(null=True)
    reference = UnicodeAttribute(null=True)
    booked_on = UnicodeAttribute(null=True)
    designated = UnicodeAttribute(null=True)
    """Ids with a space between them."""
    reverses = UnicodeAttribute(null=True)
    reversed_by = UnicodeAttribute(null=True)
    rebooked_from = UnicodeAttribute(null=True)
    rebooked_to = UnicodeAttribute(null=True)
    payment_id = UnicodeAttribute(null=True)
    """Of a refund or charge-back: the payment that it takes from; `cause` says why, `reference` repeats the payment's."""
    cause = UnicodeAttribute(null=True)
    returned = UnicodeAttribute(null=True)
    """Of a payment: its live refunds and charge-backs as JSON, `[[entry, kind, amount], ...]`."""
    rates = UnicodeAttribute(null=True)
    """Of interest that staff have stated up to its value date: the rates as JSON, `[[valid from, basis points], ...]`.

    On a reversal: nothing is owed any more, but may be again.
    """
    actor = UnicodeAttribute()
    recorded_at = UnicodeAttribute()
    gsi1pk = UnicodeAttribute(null=True)
    gsi1sk = UnicodeAttribute(null=True)
    by_kind = Gsi1()

    @property
    def contract_id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    def entry(self) -> Entry:
        """The entry as the rules know it."""
        return Entry(
            kind=self.kind,
            entry_id=self.entry_id,
            value_date=self.value_date,
            amount=int(self.amount),
            due_date=self.due_date or "",
            purpose=self.purpose or "",
            number=self.number or "",
            accessory_of=self.accessory_of or "",
            designated=tuple((self.designated or "").split()),
            reverses=self.reverses or "",
            payment_id=self.payment_id or "",
            returned=parse_returned(self.returned),
        )


class LineItem(Item):
    """An entry as lists read it: plain values, because making fifty objects of it costs a third of the request's CPU."""

    by_kind = Gsi1()

    @classmethod
    def from_raw_data(cls, data: dict[str, dict[str, Any]]) -> Line:  # type: ignore[override]
        return plain(data)


def plain(raw: Mapping[str, Mapping[str, Any]]) -> Line:
    """The values of an entry's stored form by name: texts and whole numbers, there are no others."""
    return {name: int(value["N"]) if "N" in value else value["S"] for name, value in raw.items()}


def parse_returned(stored: str | None) -> tuple[Returned, ...]:
    """What went back of a payment, from its stored form."""
    return tuple(Returned(*part) for part in json.loads(stored or "[]"))


class ReferenceItem(Item):
    """pk `ORG#<org>#ENTRY#<entry>`, sk `ENTRY`: where an entry is, and that its id is used once.

    Without a position: the id is used, and there will be no entry.
    """

    contract_id = UnicodeAttribute()
    position = UnicodeAttribute()
    kind = UnicodeAttribute()
    fingerprint = UnicodeAttribute(null=True)
    """What an imported charge said, to tell a repeated row from a changed one."""


class SeriesItem(Item):
    """pk `ORG#<org>#SERIES`, sk `CHARGE#<year>`: the charge numbers of a year."""

    last = NumberAttribute(default=0)
    returned = UnicodeAttribute(default="[]")
    version = VersionAttribute()

    def series(self) -> Series:
        return Series(int(self.last), tuple((first, last) for first, last in json.loads(self.returned)))

    def take_over(self, series: Series) -> None:
        self.last, self.returned = series.last, json.dumps(series.returned)


class NumberItem(Item):
    """pk `ORG#<org>#NUMBER#<contract number>`, sk `NUMBER`: whose account a contract number means."""

    contract_id = UnicodeAttribute()
    currency = UnicodeAttribute()
    ambiguous = BooleanAttribute(default=False)


def new_entry_item(organisation_id: str, contract_id: str, entry: Entry, **details: str | None) -> EntryItem:
    """The item of an entry; `details` are the attributes that the rules do not know. Empty ones are left out."""
    pk = account_pk(organisation_id, contract_id)
    listed = entry.kind in (CHARGE, PAYMENT)
    item = EntryItem(
        pk=pk,
        sk=ENTRY_SK + entry.position,
        entry_id=entry.entry_id,
        kind=entry.kind,
        value_date=entry.value_date,
        amount=entry.amount,
        number=entry.number or None,
        due_date=entry.due_date or None,
        purpose=entry.purpose or None,
        accessory_of=entry.accessory_of or None,
        designated=" ".join(entry.designated) or None,
        reverses=entry.reverses or None,
        payment_id=entry.payment_id or None,
        gsi1pk=f"{pk}#{entry.kind}" if listed else None,
        gsi1sk=entry.position if listed else None,
    )
    for name, value in details.items():
        setattr(item, name, value or None)
    return item


def new_reference(organisation_id: str, item: EntryItem, fingerprint: str | None = None) -> ReferenceItem:
    return ReferenceItem(
        pk=reference_pk(organisation_id, item.entry_id),
        sk="ENTRY",
        contract_id=item.contract_id,
        position=item.sk.removeprefix(ENTRY_SK),
        kind=item.kind,
        fingerprint=fingerprint,
    )


def reference_pk(organisation_id: str, entry_id: str) -> str:
    return f"ORG#{organisation_id}#ENTRY#{entry_id}"


def find_account(organisation_id: str, contract_id: str) -> AccountItem | None:
    """An account as it stands now."""
    try:
        return AccountItem.get(account_pk(organisation_id, contract_id), ACCOUNT_SK, consistent_read=True)
    except AccountItem.DoesNotExist:
        return None


def find_reference(organisation_id: str, entry_id: str) -> ReferenceItem | None:
    try:
        return ReferenceItem.get(reference_pk(organisation_id, entry_id), "ENTRY", consistent_read=True)
    except ReferenceItem.DoesNotExist:
        return None


def find_references(organisation_id: str, entry_ids: Iterable[str]) -> dict[str, ReferenceItem]:
    """Those of the entries that exist, by id; one call for each hundred."""
    keys = [(reference_pk(organisation_id, entry_id), "ENTRY") for entry_id in entry_ids]
    found = ReferenceItem.batch_get(keys, consistent_read=True) if keys else ()
    return {item.pk.rpartition("#")[2]: item for item in found}


def get_entry(organisation_id: str, reference: ReferenceItem) -> EntryItem:
    pk = account_pk(organisation_id, reference.contract_id)
    return EntryItem.get(pk, ENTRY_SK + reference.position, consistent_read=True)


def find_payments(pk: str, payments: Iterable[tuple[str, str]]) -> list[EntryItem]:
    """Payments of an account by (value date, id)."""
    keys = [(pk, ENTRY_SK + position(value_date, PAYMENT, payment_id)) for value_date, payment_id in payments]
    return list(EntryItem.batch_get(keys)) if keys else []


def find_number(organisation_id: str, number: str) -> NumberItem | None:
    try:
        return NumberItem.get(number_pk(organisation_id, number), "NUMBER", consistent_read=True)
    except NumberItem.DoesNotExist:
        return None


def number_pk(organisation_id: str, number: str) -> str:
    return f"ORG#{organisation_id}#NUMBER#{number}"


def find_numbers(organisation_id: str, numbers: Iterable[str]) -> dict[str, NumberItem]:
    """The accounts that contract numbers mean."""
    keys = [(number_pk(organisation_id, number), "NUMBER") for number in numbers]
    found = NumberItem.batch_get(keys, consistent_read=True) if keys else ()
    return {item.pk.split("#", 3)[3]: item for item in found}


def get_series(organisation_id: str, year: str) -> SeriesItem:
    """The series of a year, a new one where there is none."""
    pk, sk = f"ORG#{organisation_id}#SERIES", f"CHARGE#{year}"
    try:
        return SeriesItem.get(pk, sk, consistent_read=True)
    except SeriesItem.DoesNotExist:
        return SeriesItem(pk=pk, sk=sk)


def list_entries(pk: str, start: Key | None) -> tuple[list[Line], Key | None]:
    """A page of all entries, newest first."""
    found: Any = LineItem.query(
        pk, LineItem.sk.startswith(ENTRY_SK), scan_index_forward=False, limit=PAGE, last_evaluated_key=start
    )
    return list(found), found.last_evaluated_key


def list_kind(pk: str, kind: str, start: Key | None) -> tuple[list[Line], Key | None]:
    """A page of the charges or the payments, newest first."""
    found: Any = LineItem.by_kind.query(f"{pk}#{kind}", scan_index_forward=False, limit=PAGE, last_evaluated_key=start)
    return list(found), found.last_evaluated_key
