"""Refunds: asked for by one member of staff, confirmed by another, then sent to the provider, whose word moves the books."""

from payments import calls, store_messages, store_online
from payments import service_payments as payments
from payments import service_settling as settling
from payments.providers import provider
from payments.providers.model import Event, Notice, Refund, Refusal
from payments.rules_attempts import Attempt, view
from payments.schemas_online import ListedRefund, OnlinePaymentResponse, RefundConfirmation, RefundRequest
from payments.service_webhooks import account_of, address_of
from payments.store import Key
from payments.store_online import ASKED, CONFIRMED, FAILED, REJECTED, SENT, AttemptItem, RefundItem
from shared import access, clock
from shared.errors import Conflict
from shared.events.payments import RefundConfirmed
from shared.ids import new_id
from shared.observe import logger
from shared.tables import UnitOfWork


def ask_refund(uow: UnitOfWork, me: access.Principal, payment_id: str, body: RefundRequest) -> OnlinePaymentResponse:
    """Note that somebody wants money sent back. A double payment goes back before the payment itself.

    Raises NotFound, Conflict `already_asked` or `not_refundable`.
    """
    item = payments.seen(me, payment_id)
    if item.open_refund:
        raise Conflict("already_asked")
    attempt = settling.load(item)
    transaction, left, gone = _refundable(item, attempt)
    amount = left if body.amount is None else body.amount
    if amount <= 0 or amount > left:
        raise Conflict("not_refundable")
    refund = store_online.new_refund(
        me.organisation_id,
        item,
        new_id("rfd"),
        ASKED,
        clock.stamp(clock.now()),
        transaction_id=transaction,
        amount=amount,
        reason=body.reason,
        refunded_before=gone,
        asked_by=me.person_id,
    )
    item.open_refund = refund.refund_id
    uow.put(item)
    uow.create(refund)
    _audit(uow, item, "refund_asked", refund)
    return payments.shown(me, item, refunds=[*store_online.refunds_of(item), refund])


def decide_refund(
    uow: UnitOfWork, me: access.Principal, payment_id: str, body: RefundConfirmation
) -> OnlinePaymentResponse:
    """Confirm or reject what somebody else asked for.

    So is one that its provider gave no answer about: it is asked again, which is harmless, or put down as not sent.
    Raises NotFound, Conflict `refund_decided`, `second_look_needed`, or `not_refundable` where so much went back since it was asked for
    that it is more than what is left: it can then only be rejected.
    """
    item = payments.seen(me, payment_id)
    refund = store_online.find_refund(me.organisation_id, payment_id, body.refund_id)
    given_up = refund is not None and refund.state == CONFIRMED and refund.code is not None
    if refund is None or not (refund.state == ASKED or given_up) or item.open_refund != body.refund_id:
        raise Conflict("refund_decided")
    # Whoever asked may take it back, but not confirm it.
    if body.confirmed and refund.asked_by == me.person_id:
        raise Conflict("second_look_needed")
    if body.confirmed and not given_up:
        left, gone = _left(item, settling.load(item), refund.transaction_id)
        if refund.amount > left:
            raise Conflict("not_refundable")
        refund.refunded_before = gone
    refused = FAILED if given_up else REJECTED
    store_online.move_refund(me.organisation_id, refund, CONFIRMED if body.confirmed else refused)
    refund.decided_by, refund.decided_at = me.person_id, clock.stamp(clock.now())
    if body.confirmed:
        refund.code = None
    else:
        item.open_refund = None
    uow.put(item)
    uow.put(refund)
    _audit(uow, item, f"refund_{refund.state}", refund)
    if body.confirmed:
        uow.emit(RefundConfirmed(payment_id=payment_id, refund_id=refund.refund_id))
    others = [one for one in store_online.refunds_of(item) if one.refund_id != refund.refund_id]
    return payments.shown(me, item, refunds=sorted([*others, refund], key=lambda one: str(one.refund_id)))


def list_refunds(organisation_id: str, state: str, start: Key | None) -> tuple[list[ListedRefund], Key | None]:
    """A page of the organisation's refunds in a state, those that wait longest first."""
    items, last = store_online.list_refunds(organisation_id, state, start)
    return [ListedRefund.model_validate(item) for item in items], last


def send_refund(uow: UnitOfWork, payment_id: str, refund_id: str) -> None:
    """Have the provider send the money. Raises Refusal where it does not answer: the queue tries again, which is harmless."""
    item = store_online.find_attempt(uow.organisation_id, payment_id)
    refund = store_online.find_refund(uow.organisation_id, payment_id, refund_id)
    if item is None or refund is None or refund.state != CONFIRMED:
        return
    name, account = item.provider, calls.with_token(item.provider, account_of(uow.organisation_id, item.provider))
    reference = store_online.reference_of(payment_id)
    wanted = Refund(
        store_online.reference_of(refund_id),
        reference,
        refund.transaction_id,
        int(refund.amount),
        item.currency,
        address_of(uow.organisation_id, name),
        refunded=int(refund.refunded_before),
    )
    try:
        said: tuple[Notice, ...] = ()
        ask = provider(name).TRAITS.repeats_refunds
        if ask:
            said = calls.follow(name, account, provider(name).status(account, reference, item.provider_id)).notices
        if not ask or _gone_there(item, said, wanted.transaction_id) < wanted.refunded + wanted.amount:
            said = calls.follow(name, account, provider(name).refund(account, wanted)).notices
    except Refusal as error:
        if error.again:
            raise
        code = error.detail or error.code
        logger.warning("refund refused", extra={"payment_id": payment_id, "code": error.code, "detail": error.detail})
        # A repeat may be refused because the first call, whose answer was lost, went through.
        gone = settling.has_gone(item, refund_id)
        _end(uow, item, refund, SENT if gone else FAILED, None if gone else code)
        uow.put(item)
        return
    _end(uow, item, refund, SENT, None)
    # `settle` reads the attempt itself; where nothing is said, the attempt is written here.
    if settling.is_news(item, said):
        settling.take(uow, item, said)
    else:
        uow.put(item)


def _gone_there(item: AttemptItem, said: tuple[Notice, ...], transaction: str) -> int:
    """What went back of a transaction by the provider's word, now or before: an answer may be about another of the same order."""
    now = (one for one in said if one.event is Event.REFUNDED and one.total and one.transaction_id == transaction)
    return max((one.amount or 0 for one in now), default=0) or _refunded(settling.load(item), transaction)[0]


def give_up_refund(uow: UnitOfWork, payment_id: str, refund_id: str) -> None:
    """After the last try: staff must look at the provider whether the money went."""
    item = store_online.find_attempt(uow.organisation_id, payment_id)
    refund = store_online.find_refund(uow.organisation_id, payment_id, refund_id)
    if item is not None and refund is not None and refund.state == CONFIRMED:
        refund.code = "provider_unavailable"
        uow.put(refund)


def _end(uow: UnitOfWork, item: AttemptItem, refund: RefundItem, state: str, code: str | None) -> None:
    store_online.move_refund(uow.organisation_id, refund, state)
    refund.code, item.open_refund = code, None
    uow.put(refund)
    _audit(uow, item, f"refund_{state}", refund)


def _refundable(item: AttemptItem, attempt: Attempt) -> tuple[str, int, int]:
    """The transaction to refund, how much is left of it, and what went before.

    It is the last double payment that has something left, else the first. What is on its way at the provider counts as gone.
    """
    for transaction in reversed(list(item.bookings)):
        left, gone = _left(item, attempt, transaction)
        if left > 0:
            return transaction, left, gone
    return "", 0, 0


def _left(item: AttemptItem, attempt: Attempt, transaction: str) -> tuple[int, int]:
    """How much is left of a transaction, and what has gone, or is on its way at the provider."""
    asked, standing = int(item.amount) + int(item.fee), view(attempt)
    sent = sum(
        int(one.amount)
        for one in store_online.refunds_of(item)
        if one.state in {CONFIRMED, SENT} and one.transaction_id == transaction
    )
    done, failed = _refunded(attempt, transaction)
    gone = max(done, sent - failed)
    return min(asked - gone, sum(standing.paid.values()) - standing.refunded - standing.taken), gone


def _refunded(attempt: Attempt, transaction: str) -> tuple[int, int]:
    """What the provider said it sent back of a transaction, and what of that failed."""
    facts = {fact: at for fact, at in attempt.facts.items() if fact.transaction_id == transaction}
    failed = {fact.part for fact in facts if fact.event is Event.REFUND_FAILED}
    amounts: dict[str, int] = {}
    for fact in facts:
        if fact.part in failed:
            amounts[fact.part] = max(fact.amount or 0, amounts.get(fact.part, 0))
    own = Attempt(attempt.reference, attempt.amount, attempt.currency, facts)
    return view(own).refunded, sum(amounts.values())


def _audit(uow: UnitOfWork, item: AttemptItem, what: str, refund: RefundItem) -> None:
    details = {"refund_id": refund.refund_id, "amount": int(refund.amount), "currency": item.currency}
    uow.put(
        store_messages.new_audit(uow.organisation_id, item.payment_id, what, uow.metadata.actor or "system", **details)
    )
