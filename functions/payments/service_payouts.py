"""Payouts: announced by the provider, compared with its own report and with the bank statement, never booked.

Whichever comes first waits for the other: a payout for its transfer, a provider's transfer for its payout.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from payments import calls, store, store_messages, store_online, store_payouts, store_providers
from payments import rules_payouts as rules
from payments import service_settling as settling
from payments import service_webhooks as webhooks
from payments.bank_files.model import Transfer
from payments.providers import provider
from payments.providers.model import Event, Notice, PayoutRow, Refusal
from payments.store import TransferItem
from payments.store_payouts import PayoutItem
from shared import access, clock
from shared.observe import logger
from shared.tables import UnitOfWork

_PAGES: Final = 40
"""Of a report: 4,000 payments at Stripe, 20,000 at GoCardless."""
_LISTED: Final = 50
"""Payments of one report that are put before people's eyes; it is likely another business of theirs when there are more."""


class Recogniser:
    """Tells providers' transfers from payers', for one step of an import."""

    def __init__(self, organisation_id: str) -> None:
        self._organisation_id = organisation_id
        self._senders = _senders(store_providers.providers_of(organisation_id))
        self._waiting = store_payouts.waiting_payouts(organisation_id) if self._senders else []

    def take(self, uow: UnitOfWork, item: TransferItem, transfer: Transfer) -> bool:
        """Stage what follows from a transfer that is a provider's payout; whether it is one. It is never a payer's then."""
        if not self._senders:
            return False
        text = f"{transfer.title} {transfer.creditor_reference} {transfer.end_to_end_id} {transfer.bank_reference}"
        line = rules.Line(transfer.amount, transfer.currency, transfer.booking_date, transfer.payer_name, text)
        sent_by = rules.sender(line, self._senders)
        open_ones = {_known(one): one for one in self._waiting if not one.transfer_id}
        found = rules.find(line, open_ones, sent_by)
        payout = open_ones[found] if found else None
        if payout is None and not sent_by:
            return False
        item.state, item.provider = store.PAYOUT, payout.provider if payout else sent_by
        if payout:
            _explain(payout, item)
            _put(uow, payout)
        else:
            store_payouts.leave_open(item, self._organisation_id)
            store_messages.put_line(uow, store_payouts.transfer_line(self._organisation_id, item))
        return True


def _senders(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    return {name: provider(name).TRAITS.senders for name in names}


def _known(item: PayoutItem) -> rules.Payout:
    return rules.Payout(item.provider, item.payout_id, item.reference, int(item.amount), item.currency, item.day)


def _explain(payout: PayoutItem, item: TransferItem) -> None:
    payout.transfer_id, payout.import_id, payout.found = item.transfer_id, item.import_id, int(item.amount)
    item.gsi1pk = item.gsi1sk = None


def _put(uow: UnitOfWork, payout: PayoutItem) -> None:
    """Stage a payout and its line, where there is something new to say: it came, it did not come in time, its report differs."""
    gross, found = (None if one is None else int(one) for one in (payout.gross, payout.found))
    state = rules.state(int(payout.amount), found, gross)
    waited = _waited(uow, payout)
    if state != "missing_there" or waited > rules.PATIENCE:
        payout.said = state
        store_messages.put_line(uow, store_payouts.payout_line(uow.organisation_id, payout, state))
    if (payout.transfer_id and payout.read_at) or waited > rules.WAITS:
        payout.gsi1pk = payout.gsi1sk = None
    uow.put(payout)


def compare(uow: UnitOfWork, payout: PayoutItem) -> None:
    """Read the report of a payout where its provider has one, look for its transfer, and say how they compare. Safe to repeat."""
    news = not payout.read_at
    if not payout.read_at:
        rows = _report(uow.organisation_id, payout)
        if rows is not None:
            payout.gross = sum(row.amount for row in rows)
            _list_unknown(uow, payout, rows)
        payout.read_at = clock.stamp(clock.now())
    if not payout.transfer_id:
        news |= _look_for_transfer(uow, payout)
    # Else nothing is written: a payout may wait for weeks.
    if news or _is_late(uow, payout):
        _put(uow, payout)


def _is_late(uow: UnitOfWork, payout: PayoutItem) -> bool:
    """Whether it has waited too long, and that was not said yet."""
    return _waited(uow, payout) > (rules.WAITS if payout.said else rules.PATIENCE)


def _waited(uow: UnitOfWork, payout: PayoutItem) -> timedelta:
    return clock.today(access.organisation(uow.organisation_id).time_zone) - date.fromisoformat(payout.day)


def _report(organisation_id: str, payout: PayoutItem) -> tuple[PayoutRow, ...] | None:
    """The rows of a report; None where there is none. Raises Refusal where the provider did not answer."""
    account = calls.with_token(payout.provider, webhooks.account_of(organisation_id, payout.provider))
    call = provider(payout.provider).payout(account, payout.payout_id)
    if call is None:
        return None
    try:
        return calls.follow(payout.provider, account, call, _PAGES).rows
    except Refusal as error:
        if error.code != "provider_refused":
            raise
        # A payout made by hand, or one of long ago.
        logger.warning("no report of a payout", extra={"provider": payout.provider, "detail": error.detail})
        return None


def _list_unknown(uow: UnitOfWork, payout: PayoutItem, rows: Iterable[PayoutRow]) -> None:
    """Put before people's eyes every payment of a payout that is not in the books."""
    listed = 0
    for row in {row.transaction_id: row for row in rows if row.transaction_id}.values():
        if listed == _LISTED:
            return
        item = _attempt(uow.organisation_id, payout.provider, row)
        if item and row.transaction_id in item.bookings:
            continue
        listed += 1
        line = store_messages.new_reconciliation(
            uow.organisation_id,
            "missing_here",
            payout.day,
            payout.provider,
            reference=store_online.reference_of(item.payment_id) if item else row.reference,
            transaction_id=row.transaction_id,
            payment_id=item.payment_id if item else None,
            contract_id=item.contract_id if item else None,
            found=row.amount,
            currency=payout.currency,
        )
        store_messages.put_line(uow, line)


def _attempt(organisation_id: str, name: str, row: PayoutRow) -> store_online.AttemptItem | None:
    known = Notice(Event.PAYOUT, "", clock.now(), reference=row.reference, transaction_id=row.transaction_id)
    # Without our reference, or with somebody else's, the provider's own id may be known.
    return settling.find(organisation_id, name, known) or settling.find(
        organisation_id, name, Notice(Event.PAYOUT, "", clock.now(), transaction_id=row.transaction_id)
    )


def _look_for_transfer(uow: UnitOfWork, payout: PayoutItem) -> bool:
    """Take a transfer that came before its payout was told of: from those of providers, or the inbox. Whether there was one."""
    open_lines = store_payouts.unexplained(uow.organisation_id)
    inbox, _ = store.list_waiting(uow.organisation_id, None)
    senders = _senders([payout.provider])
    for item in [*open_lines, *inbox]:
        text = f"{item.title} {item.bank_reference}"
        day = date.fromisoformat(item.booking_date)
        line = rules.Line(int(item.amount), item.currency, day, item.payer_name, text)
        if rules.find(line, [_known(payout)], item.provider or rules.sender(line, senders)) is None:
            continue
        if item.provider:
            uow.delete(store_payouts.transfer_line(uow.organisation_id, item))
        item.state, item.provider = store.PAYOUT, payout.provider
        _explain(payout, item)
        uow.put(item)
        return True
    return False
