"""What providers say becomes an attempt's facts, and what follows from them is told the books: one function for every way in."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from payments import rules_attempts as attempts
from payments import rules_books as books
from payments import service_doubles as doubles
from payments import store_messages, store_payouts
from payments import store_online as store
from payments.providers.model import Event, Notice, Refusal
from payments.rules_attempts import Attempt, State, view
from payments.store_online import AttemptItem
from shared import access, clock
from shared.events.payments import PaymentFailed, PaymentRefunded, PaymentRefundUndone
from shared.observe import logger
from shared.tables import UnitOfWork


class Unwanted(NamedTuple):
    """An authentic notice that is not what we asked for: never credited. `item` is the attempt that it names, if any."""

    notice: Notice
    code: str
    item: AttemptItem | None


UNDER_WAY: Final = frozenset({State.STARTED, State.PENDING})
_FAILURES: Final = frozenset({State.FAILED, State.EXPIRED, State.CANCELLED})
_MONEY: Final = frozenset({Event.PAID, Event.AUTHORISED})
_BACK: Final = frozenset(
    {Event.BOUNCED, Event.REFUNDED, Event.REFUND_FAILED, Event.DISPUTED, Event.DISPUTE_WON, Event.DISPUTE_LOST}
)
_FREED: Final = frozenset({Event.PAID, Event.CANCELLED, Event.EXPIRED})
"""After these nothing of the payer's is reserved any more."""


def load(item: AttemptItem) -> Attempt:
    """The attempt of the rules; what it was started with is what the payer is asked for, our fee included."""
    asked = int(item.amount) + int(item.fee)
    return attempts.load(store.reference_of(item.payment_id), asked, item.currency, item.facts)


def find(organisation_id: str, provider: str, notice: Notice) -> AttemptItem | None:
    """The attempt that a notice is about: by our reference, else by the provider's ids."""
    if notice.reference:
        payment_id: str | None = store.payment_of(notice.reference)
    else:
        payment_id = store.pointed(organisation_id, provider, notice.provider_id) or store.pointed(
            organisation_id, provider, notice.transaction_id
        )
    item = store.find_attempt(organisation_id, payment_id) if payment_id else None
    return item if item and item.provider == provider else None


def judge(organisation_id: str, provider: str, notice: Notice) -> str:
    """Why an authentic notice is not wanted, as a code of Refusal; empty where it is, or only its follow-up will tell."""
    if notice.event is Event.OTHER:
        return ""
    item = find(organisation_id, provider, notice)
    if item is None:
        return "wrong_reference" if notice.reference or notice.event in _MONEY else ""
    return attempts.disagreement(load(item), notice)


def comes_too_late(organisation_id: str, provider: str, notice: Notice) -> bool:
    """Whether a reservation is for an attempt that has ended, or whose items another attempt has paid since it began."""
    item = find(organisation_id, provider, notice)
    if item is None or item.state in _FAILURES:
        return item is not None
    account = store.open_charges(organisation_id, item.contract_id)
    return account is not None and doubles.bought(organisation_id, account, item).doubled >= item.amount


def comes_too_early(organisation_id: str, provider: str, notices: Iterable[Notice]) -> bool:
    """Whether money went back of a payment of which nothing was worked off yet: by its own id only, we know it then."""
    return any(
        notice.event in _BACK and not notice.reference and find(organisation_id, provider, notice) is None
        for notice in notices
    )


def settle(uow: UnitOfWork, provider: str, notices: Iterable[Notice]) -> None:
    """Stage what notices say of attempts, each once; nothing for what was said before. What is not wanted is noted for people."""
    groups: dict[str, tuple[AttemptItem, list[Notice]]] = {}
    unwanted: list[Unwanted] = []
    payouts: dict[str, Notice] = {}
    for notice in dict.fromkeys(notices):
        if notice.event is Event.OTHER:
            continue
        if notice.event is Event.PAYOUT:
            payouts[notice.transaction_id] = notice
            continue
        item = find(uow.organisation_id, provider, notice)
        if item is not None:
            groups.setdefault(item.payment_id, (item, []))[1].append(notice)
        elif notice.event in _MONEY | _BACK or notice.reference:
            unwanted.append(Unwanted(notice, "wrong_reference", None))
    accounts: dict[str, store.OpenChargesItem] = {}
    for item, own in groups.values():
        unwanted += _take(uow, item, own, accounts)
        if item.reserved:
            uow.put(store.open_item(uow.organisation_id, item.payment_id, clock.stamp(clock.now())))
    for account in accounts.values():
        uow.put(account)
    note(uow, provider, unwanted)
    for notice in payouts.values():
        _keep_payout(uow, provider, notice)


def _keep_payout(uow: UnitOfWork, provider: str, notice: Notice) -> None:
    """Keep what the provider says it sent on, once; the clock and the bank statements compare it."""
    if notice.amount and not store_payouts.find_payout(uow.organisation_id, provider, notice.transaction_id):
        zone = ZoneInfo(access.organisation(uow.organisation_id).time_zone)
        day = notice.occurred_at.astimezone(zone).date().isoformat()
        uow.put(store_payouts.new_payout(uow.organisation_id, provider, notice, day))


def take(uow: UnitOfWork, item: AttemptItem, notices: Iterable[Notice]) -> list[Unwanted]:
    """Stage what notices say of one attempt; those that cannot be about it are given back."""
    accounts: dict[str, store.OpenChargesItem] = {}
    unwanted = _take(uow, item, notices, accounts)
    for account in accounts.values():
        uow.put(account)
    return unwanted


def _take(
    uow: UnitOfWork, item: AttemptItem, notices: Iterable[Notice], accounts: dict[str, store.OpenChargesItem]
) -> list[Unwanted]:
    unwanted: list[Unwanted] = []
    before = load(item)
    after, when = before, None
    names: set[str] = set()
    reserved = bool(item.reserved)
    for notice in notices:
        if notice.event in _FREED and notice.transaction_id:
            reserved = False
        try:
            after, _ = attempts.apply(after, notice)
        except Refusal as error:
            unwanted.append(Unwanted(notice, error.code, item))
            reserved |= notice.event is Event.AUTHORISED
            continue
        reserved |= notice.event is Event.AUTHORISED and item.state in _FAILURES
        when = max(when or notice.occurred_at, notice.occurred_at)
        names |= {notice.provider_id, notice.transaction_id}
        _learn(item, notice)
    changed = reserved != item.reserved
    item.reserved = reserved
    if when is None or after.facts == before.facts:
        if changed:
            uow.put(item)
        return unwanted
    _point(uow, item, names, before)
    now, was = view(after), view(before).state
    item.facts, item.state = attempts.dump(after), now.state
    _correct_refunds(uow, item, {fact.part for fact in after.facts.keys() - before.facts.keys()} - {""})
    _tell_books(uow, item, after, when, accounts)
    if now.state in _FAILURES and was not in _FAILURES:
        # One of three; the type checker does not see it.
        failed = PaymentFailed.model_validate({**_about(item), "state": now.state.value})
        uow.emit(failed)
    if now.state not in UNDER_WAY:
        item.redirect = None
        if was in UNDER_WAY and not reserved:
            uow.delete(store.open_item(uow.organisation_id, item.payment_id))
    uow.put(item)
    return unwanted


def _about(item: AttemptItem) -> dict[str, str]:
    return {"payment_id": item.payment_id, "contract_id": item.contract_id, "provider": item.provider}


def _point(uow: UnitOfWork, item: AttemptItem, names: set[str], before: Attempt) -> None:
    """Keep what later notices may name instead of our reference."""
    known = {fact.transaction_id for fact in before.facts}
    for named in sorted(names - known - {""}):
        uow.put(store.pointer(uow.organisation_id, item.provider, named, item.payment_id))


def has_gone(item: AttemptItem, refund_id: str) -> bool:
    """Whether the provider said that it sent this refund of ours, for those that name it."""
    part = store.reference_of(refund_id)
    return any(fact.event is Event.REFUNDED and fact.part == part for fact in load(item).facts)


def _correct_refunds(uow: UnitOfWork, item: AttemptItem, parts: set[str]) -> None:
    """A refund that was put down as failed, because the answer to its first call was lost, has been sent after all."""
    for part in sorted(parts):
        refund = store.find_refund(uow.organisation_id, item.payment_id, store.payment_of(part))
        if refund is not None and refund.state == store.FAILED and has_gone(item, refund.refund_id):
            store.move_refund(uow.organisation_id, refund, store.SENT)
            refund.code = None
            uow.put(refund)


def _learn(item: AttemptItem, notice: Notice) -> None:
    """Keep what staff want to see."""
    if notice.provider_id and not item.provider_id:
        item.provider_id = notice.provider_id
    if notice.detail:
        item.detail = notice.detail
    if notice.fee:
        item.provider_fee = notice.fee


def _tell_books(
    uow: UnitOfWork,
    item: AttemptItem,
    attempt: Attempt,
    when: datetime,
    accounts: dict[str, store.OpenChargesItem],
) -> None:
    # The whole catalogue: the webhook function only judges, and starts without it.
    from shared.events.catalog import PaymentSettled

    zone = ZoneInfo(access.organisation(uow.organisation_id).time_zone)
    day, net = when.astimezone(zone).date(), int(item.amount)
    touched: set[str] = set()
    for booking in books.new_bookings(attempt, item.payment_id, item.bookings):
        item.bookings = {**item.bookings, booking.transaction_id: booking.payment_id}
        uow.emit(
            PaymentSettled(
                payment_id=booking.payment_id,
                contract_id=item.contract_id,
                amount=net,
                currency=item.currency,
                value_date=day,
                booking_date=clock.now().astimezone(zone).date(),
                method="online",
                reference=booking.transaction_id or store.reference_of(item.payment_id),
                # The second time the charges are paid already: it becomes credit.
                designated_charge_ids=[] if booking.double else list(item.charges),
                provider=item.provider,
                fee=int(item.fee) or int(item.provider_fee or 0),
            )
        )
        touched.add(booking.payment_id)
        if booking.double:
            doubles.tell(uow, item, item.payment_id, booking.payment_id, net)
        else:
            doubles.remember(uow, item, accounts)
            if item.doubled:
                doubles.tell(uow, item, item.double_of[0], item.payment_id, int(item.doubled))
            item.settled_on = day.isoformat()
            uow.put(store_messages.settled_item(uow.organisation_id, day.isoformat(), item.payment_id))
            _clear(uow, item, booking.transaction_id)
    said, kept = books.changes(attempt, net, item.bookings, books.from_rows(item.returned))
    item.returned = [list(row) for row in kept]
    touched |= {row.payment_id for row in said}
    doubles.list_lines(uow, item, touched, day.isoformat())
    for row in said:
        facts = {
            "payment_id": row.payment_id,
            "contract_id": item.contract_id,
            "refund_id": row.refund_id,
            "amount": row.amount,
            "currency": item.currency,
            "value_date": day,
            "cause": row.cause,
        }
        uow.emit(PaymentRefundUndone.model_validate(facts) if row.undone else PaymentRefunded.model_validate(facts))


def _clear(uow: UnitOfWork, item: AttemptItem, transaction_id: str) -> None:
    """Take away the line that another amount was said of a transaction which is booked now."""
    key = store_messages.line_key(item.provider, store.reference_of(item.payment_id), transaction_id)
    line = store_messages.find_line(uow.organisation_id, key)
    if line is not None and line.state == "amount_differs" and not line.done_at:
        uow.delete(line)


def note(uow: UnitOfWork, provider: str, unwanted: Iterable[Unwanted]) -> None:
    """Put before people's eyes what was not credited: an audit item for each, a line of the comparison where money was named."""
    zone = ZoneInfo(access.organisation(uow.organisation_id).time_zone)
    lines: dict[str, store_messages.ReconciliationItem] = {}
    for number, (notice, code, item) in enumerate(unwanted):
        subject = f"{item.payment_id if item else notice.reference or notice.transaction_id}#{number}"
        details = {"provider": provider, "event": notice.event.value, "code": code, "key": notice.key[:200]}
        uow.put(store_messages.new_audit(uow.organisation_id, subject, "unwanted_notice", "system", **details))
        logger.warning("unwanted notice", extra={"provider": provider, "code": code})
        if notice.event not in _MONEY or (item and notice.transaction_id in item.bookings):
            continue
        # What names no order of ours, however like one, is about none.
        about = None if code == "wrong_reference" else item
        asked = int(about.amount) + int(about.fee) if about else None
        line = store_messages.new_reconciliation(
            uow.organisation_id,
            "amount_differs" if about else "missing_here",
            notice.occurred_at.astimezone(zone).date().isoformat(),
            provider,
            reference=notice.reference,
            transaction_id=notice.transaction_id,
            payment_id=about.payment_id if about else None,
            contract_id=about.contract_id if about else None,
            # A line has one currency: that of what was found.
            expected=None if code == "wrong_currency" else asked,
            found=notice.amount,
            currency=notice.currency,
        )
        lines[line.sk] = line
    for line in lines.values():
        store_messages.put_line(uow, line)


def is_news(item: AttemptItem, notices: Iterable[Notice]) -> bool:
    """Whether any of these notices adds a fact to the attempt."""
    attempt = load(item)
    return any(
        not attempts.disagreement(attempt, one) and attempts.apply(attempt, one)[0] != attempt for one in notices
    )
