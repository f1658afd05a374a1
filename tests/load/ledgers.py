"""Accounts with many entries, made by the ledger's own rules in bulk: the items are those that single postings would have left."""

from datetime import date, timedelta

from statements import store
from statements.rules.entries import CHARGE, PAYMENT, Entry
from statements.rules.numbers import format_number
from statements.rules.posting import Account, Posting, post
from statements.store import AccountItem, EntryItem, Item, ReferenceItem
from statements.store_book import StoredBook, new_checkpoint

from shared import clock

BLOCK = 50
OPEN = 3
"""Charges at the end that nobody has paid yet."""


def seed_account(organisation_id: str, contract_id: str, entries: int) -> None:
    """An account with this many entries: charges, each paid some days later, the last few open."""
    from shared import access

    policy = access.organisation(organisation_id).allocation_policy
    item = AccountItem(
        pk=store.account_pk(organisation_id, contract_id),
        sk=store.ACCOUNT_SK,
        contract_id=contract_id,
        number=f"BENCH/{entries}",
        currency="PLN",
        policy=_compact(policy),
    )
    item.take_over(Account())
    made = _history(entries, contract_id)
    # As on a table, every posting continues the one before; 50 at a time leave each of the checkpoints that single ones leave.
    account, checkpoints = Account(), []
    for start in range(0, entries, BLOCK):
        posting: Posting = post(
            account, made[start : start + BLOCK], StoredBook(item.pk), item.policies(), generation=f"{start:08x}"
        )
        account = posting.account
        checkpoints += [
            new_checkpoint(item.pk, each.generation, each.position, each.state) for each in posting.checkpoints
        ]
    item.take_over(account)
    lines = [_line(organisation_id, contract_id, entry) for entry in made]
    references = [store.new_reference(organisation_id, line) for line in lines]
    item.save()
    for model, items in ((EntryItem, lines), (ReferenceItem, references), (Item, checkpoints)):
        with model.batch_write() as batch:
            for each in items:
                batch.save(each)


def newest_payments(contract_id: str, entries: int) -> list[str]:
    """Ids of the payments of such an account, the newest first."""
    return [entry.entry_id for entry in reversed(_history(entries, contract_id)) if entry.kind == PAYMENT]


def _history(entries: int, contract_id: str) -> list[Entry]:
    pairs = (entries - OPEN) // 2
    charges = entries - pairs
    days = [
        clock.today("Europe/Warsaw") - timedelta(days=30 + 2 * (charges - index) * 3650 // max(charges, 3650))
        for index in range(charges)
    ]
    made = [_charge(contract_id, index, day) for index, day in enumerate(days)]
    made += [_payment(contract_id, index, days[index] + timedelta(days=1)) for index in range(pairs)]
    return sorted(made, key=lambda entry: entry.position)


def _charge(contract_id: str, index: int, day: date) -> Entry:
    purpose = ("rent", "heating", "water", "waste")[index % 4]
    number = format_number(str(day.year), index + 1)
    due = (day + timedelta(days=10)).isoformat()
    return Entry(
        CHARGE, f"chg_{_suffix(contract_id, index)}", day.isoformat(), 150_000 + index % 997, due, purpose, number
    )


def _payment(contract_id: str, index: int, day: date) -> Entry:
    return Entry(PAYMENT, f"pay_{_suffix(contract_id, index)}", day.isoformat(), -(150_000 + index % 997))


def _suffix(contract_id: str, index: int) -> str:
    return f"{contract_id[-6:]:0>8}{index:018d}"


def _line(organisation_id: str, contract_id: str, entry: Entry) -> EntryItem:
    paid = entry.kind == PAYMENT
    details = {"type": "bank", "reference": "Czynsz i media, ul. Lipowa 12 m. 7" if paid else None}
    details |= {"booked_on": entry.value_date} if paid else {"description": "Czynsz i media według umowy"}
    line = store.new_entry_item(organisation_id, contract_id, entry, **details)
    line.recorded_at, line.actor = f"{entry.value_date}T05:12:44.000000Z", "system"
    return line


def _compact(policy: object) -> str:
    import json

    return json.dumps(policy, ensure_ascii=False, separators=(",", ":"))
