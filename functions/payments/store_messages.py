"""What providers said, what was refused, and what the comparison with them found. Access patterns: docs/data-model.md.

What a provider says may name people and their accounts: messages as they came stand in this table only, and expire.
"""

from collections.abc import Iterable
from typing import Any, Final

from pynamodb.attributes import (
    BinaryAttribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    VersionAttribute,
)
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from payments.store import Item, Key
from payments.store_online import PAGE, expiry, find, key_of
from shared import clock
from shared.indexes import Gsi1
from shared.tables import UnitOfWork

DONE: Final = "done"
"""The list of lines that people have dealt with; no state of a line."""


class WebhookItem(Item):
    """pk `ORG#<org>#WEBHOOK#<provider>#<webhook id>`, sk `WEBHOOK`: a message as it came, and what it says.

    The webhook id is the hash of the notices' keys. `problem` says why an authentic message is not wanted.
    """

    webhook_id = UnicodeAttribute()
    provider = UnicodeAttribute()
    body = BinaryAttribute(legacy_encoding=False, null=True)
    headers = JSONAttribute(default=dict)
    notices = JSONAttribute(default=list)
    problem = UnicodeAttribute(default="")
    received_at = UnicodeAttribute()
    done_at = UnicodeAttribute(null=True)
    expires = NumberAttribute()


class RefusedItem(Item):
    """pk `ORG#<org>#REFUSED#<provider>`, sk `<minute>#<code>`: how many messages that nobody vouches for came in a minute."""

    times = NumberAttribute(default=0)
    source = UnicodeAttribute(default="")
    expires = NumberAttribute()


class AuditItem(Item):
    """pk `ORG#<org>#PAYMENTAUDIT`, sk `<time>#<payment or webhook>`: what nobody may do, or has happened, unseen."""

    what = UnicodeAttribute()
    actor = UnicodeAttribute()
    details = JSONAttribute(default=dict)


class SettledItem(Item):
    """pk `ORG#<org>#SETTLED`, sk `<day>#<payment>`: waits for the daily comparison with the provider."""

    payment_id = UnicodeAttribute()


class ReconciliationItem(Item):
    """pk `ORG#<org>#RECONCILIATION`, sk `<provider>#<reference>#<transaction>`; gsi1: `<pk>#<state>`, `<day>#<sk>`.

    A payment, or a payout (whose `transaction_id` is the provider's id of it). One that somebody has dealt with keeps its state and
    stands in gsi1 under `<pk>#done`, `<done at>#<sk>`.
    """

    gsi1pk = UnicodeAttribute()
    gsi1sk = UnicodeAttribute()
    kind = UnicodeAttribute(default="payment")
    state = UnicodeAttribute()
    provider = UnicodeAttribute()
    day = UnicodeAttribute()
    payment_id = UnicodeAttribute(null=True)
    contract_id = UnicodeAttribute(null=True)
    reference = UnicodeAttribute(default="")
    transaction_id = UnicodeAttribute(default="")
    expected = NumberAttribute(null=True)
    found = NumberAttribute(null=True)
    fee = NumberAttribute(null=True)
    transfer_id = UnicodeAttribute(null=True)
    import_id = UnicodeAttribute(null=True)
    currency = UnicodeAttribute(default="")
    note = UnicodeAttribute(null=True)
    done_by = UnicodeAttribute(null=True)
    done_at = UnicodeAttribute(null=True)
    by_state = Gsi1()
    version = VersionAttribute()


def new_webhook(organisation_id: str, provider: str, webhook_id: str, **values: Any) -> WebhookItem:
    return WebhookItem(
        pk=key_of(organisation_id, "WEBHOOK", provider, webhook_id),
        sk="WEBHOOK",
        webhook_id=webhook_id,
        provider=provider,
        received_at=clock.stamp(clock.now()),
        expires=expiry(),
        **values,
    )


def find_webhook(organisation_id: str, provider: str, webhook_id: str) -> WebhookItem | None:
    return find(WebhookItem, key_of(organisation_id, "WEBHOOK", provider, webhook_id), "WEBHOOK")


def count_refused(organisation_id: str, provider: str, code: str, source: str) -> None:
    """Note that a message was refused: one item a minute and code, so that a flood of forgeries cannot fill the table."""
    minute = clock.stamp(clock.now())[:16]
    item = RefusedItem(pk=key_of(organisation_id, "REFUSED", provider), sk=f"{minute}#{code}")
    item.update([RefusedItem.times.add(1), RefusedItem.source.set(source), RefusedItem.expires.set(expiry())])


def refused(organisation_id: str, provider: str, since: str = "0") -> list[RefusedItem]:
    """What was refused from a minute on, the newest last."""
    return list(RefusedItem.query(key_of(organisation_id, "REFUSED", provider), RefusedItem.sk >= since))


def new_audit(organisation_id: str, subject: str, what: str, actor: str, **details: Any) -> AuditItem:
    return AuditItem(
        pk=key_of(organisation_id, "PAYMENTAUDIT"),
        sk=f"{clock.stamp(clock.now())}#{subject}",
        what=what,
        actor=actor,
        details=details,
    )


def audit_of(organisation_id: str) -> list[AuditItem]:
    return list(AuditItem.query(key_of(organisation_id, "PAYMENTAUDIT")))


def settled_item(organisation_id: str, day: str, payment_id: str) -> SettledItem:
    return SettledItem(pk=key_of(organisation_id, "SETTLED"), sk=f"{day}#{payment_id}", payment_id=payment_id)


def settled_before(organisation_id: str, day: str) -> Iterable[SettledItem]:
    """What was settled before a day and not yet compared."""
    return SettledItem.query(key_of(organisation_id, "SETTLED"), SettledItem.sk < day)


def line_key(provider: str, reference: str, transaction_id: str) -> str:
    """The sort key of a line."""
    return f"{provider}#{reference}#{transaction_id}"


def new_reconciliation(
    organisation_id: str, state: str, day: str, provider: str, *, reference: str, transaction_id: str, **values: Any
) -> ReconciliationItem:
    pk, sk = key_of(organisation_id, "RECONCILIATION"), line_key(provider, reference, transaction_id)
    return ReconciliationItem(
        pk=pk,
        sk=sk,
        gsi1pk=f"{pk}#{state}",
        gsi1sk=f"{day}#{sk}",
        state=state,
        day=day,
        provider=provider,
        reference=reference,
        transaction_id=transaction_id,
        **values,
    )


def put_line(uow: UnitOfWork, line: ReconciliationItem) -> None:
    """Stage a line. One that people have dealt with stays so while it says the same; what is new opens it again."""
    known = find_line(uow.organisation_id, line.sk)
    if known is not None:
        line.version = known.version
        if known.done_at and _figures(known) == _figures(line):
            tick(line, known.note, known.done_by, known.done_at)
    uow.put(line)


def tick(line: ReconciliationItem, note: str | None, by: str | None, at: str | None) -> None:
    """Move a line to those that are dealt with; without a time, back to those of its state."""
    line.note, line.done_by, line.done_at = note, by, at
    line.gsi1pk, line.gsi1sk = f"{line.pk}#{DONE if at else line.state}", f"{at or line.day}#{line.sk}"


def find_line(organisation_id: str, sk: str) -> ReconciliationItem | None:
    return find(ReconciliationItem, key_of(organisation_id, "RECONCILIATION"), sk)


def _figures(line: ReconciliationItem) -> tuple[object, ...]:
    return line.state, line.expected, line.found, line.currency


def list_reconciliation(
    organisation_id: str, state: str, start: Key | None
) -> tuple[list[ReconciliationItem], Key | None]:
    """A page of the lines in a state that wait for somebody, or of those that are done, the newest first."""
    pk = f"{key_of(organisation_id, 'RECONCILIATION')}#{state}"
    found = ReconciliationItem.by_state.query(pk, scan_index_forward=False, limit=PAGE, last_evaluated_key=start)
    return list(found), found.last_evaluated_key


def known_webhooks(rows: Iterable[WebhookItem]) -> dict[str, str]:
    """Of those that are stored already: why they were not wanted, by partition key."""
    keys = {(row.pk, row.sk) for row in rows}
    return {item.pk: item.problem for item in WebhookItem.batch_get(keys, consistent_read=True)}


def unsettled() -> Condition:
    """A row that is new, or was not wanted so far."""
    condition: Condition = WebhookItem.pk.does_not_exist() | (WebhookItem.problem != "")
    return condition


def done_now() -> list[Action]:
    return [WebhookItem.done_at.set(clock.stamp(clock.now()))]
