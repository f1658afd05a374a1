"""Payouts of providers, and what the organisation's bank statements say of them. Access patterns: docs/data-model.md."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, VersionAttribute

from payments.providers.model import Notice
from payments.store import Item, TransferItem
from payments.store_messages import ReconciliationItem, new_reconciliation
from payments.store_online import find, key_of
from shared.indexes import Gsi1


class PayoutItem(Item):
    """pk `ORG#<org>#PAYOUT#<provider>#<payout>`, sk `PAYOUT`; in gsi1 until it is explained: `ORG#<org>#PAYOUTS`, `<day>#<payout>`.

    `amount` is what the provider says it sent, `gross` what its report comes to before fees (null: there is none, or it was not
    read yet), `found` what stands on the bank statement.
    """

    gsi1pk = UnicodeAttribute(null=True)
    gsi1sk = UnicodeAttribute(null=True)
    provider = UnicodeAttribute()
    payout_id = UnicodeAttribute()
    day = UnicodeAttribute()
    amount = NumberAttribute()
    currency = UnicodeAttribute()
    reference = UnicodeAttribute(default="")
    read_at = UnicodeAttribute(null=True)
    gross = NumberAttribute(null=True)
    found = NumberAttribute(null=True)
    transfer_id = UnicodeAttribute(null=True)
    import_id = UnicodeAttribute(null=True)
    said = UnicodeAttribute(default="")
    """The state of its line, empty while there is none."""
    waiting = Gsi1()
    version = VersionAttribute()


def new_payout(organisation_id: str, provider: str, notice: Notice, day: str) -> PayoutItem:
    """A payout that a provider has announced; it waits for its report and for the statement."""
    return PayoutItem(
        pk=key_of(organisation_id, "PAYOUT", provider, notice.transaction_id),
        sk="PAYOUT",
        gsi1pk=key_of(organisation_id, "PAYOUTS"),
        gsi1sk=f"{day}#{notice.transaction_id}",
        provider=provider,
        payout_id=notice.transaction_id,
        day=day,
        amount=notice.amount,
        currency=notice.currency,
        reference=notice.part,
    )


def find_payout(organisation_id: str, provider: str, payout_id: str) -> PayoutItem | None:
    return find(PayoutItem, key_of(organisation_id, "PAYOUT", provider, payout_id), "PAYOUT")


def waiting_payouts(organisation_id: str) -> list[PayoutItem]:
    """Payouts that are not explained yet: a few dozen at most, one a day and provider."""
    return list(PayoutItem.waiting.query(key_of(organisation_id, "PAYOUTS")))


def leave_open(item: TransferItem, organisation_id: str) -> None:
    """Keep a provider's transfer where its payout will look for it when the provider tells of it."""
    item.gsi1pk, item.gsi1sk = key_of(organisation_id, "UNEXPLAINED"), f"{item.booking_date}#{item.transfer_id}"


def unexplained(organisation_id: str) -> list[TransferItem]:
    """Transfers of providers without a payout."""
    return list(TransferItem.waiting.query(key_of(organisation_id, "UNEXPLAINED")))


def payout_line(organisation_id: str, item: PayoutItem, state: str) -> ReconciliationItem:
    """What the reconciliation says of a payout."""
    return new_reconciliation(
        organisation_id,
        state,
        item.day,
        item.provider,
        kind="payout",
        reference=item.reference,
        transaction_id=item.payout_id,
        expected=int(item.amount),
        found=None if item.found is None else int(item.found),
        fee=None if item.gross is None else int(item.gross) - int(item.amount),
        transfer_id=item.transfer_id,
        import_id=item.import_id,
        currency=item.currency,
    )


def transfer_line(organisation_id: str, item: TransferItem) -> ReconciliationItem:
    """What it says of a provider's transfer whose payout nobody has told of."""
    return new_reconciliation(
        organisation_id,
        "missing_here",
        item.booking_date,
        str(item.provider),
        kind="payout",
        reference=item.bank_reference,
        transaction_id=item.transfer_id,
        found=int(item.amount),
        transfer_id=item.transfer_id,
        import_id=item.import_id,
        currency=item.currency,
    )
