"""How payments stand, as people see them."""

from payments import rules_books, store, store_online
from payments import service_settling as settling
from payments.rules_attempts import State, view
from payments.schemas_online import OnlinePaymentResponse
from payments.store import Key
from payments.store_online import AttemptItem, RefundItem
from shared import access, clock
from shared.errors import NotFound


def get_payment(me: access.Principal, payment_id: str) -> OnlinePaymentResponse:
    """One payment. Raises NotFound for one that the caller may not see."""
    return shown(me, seen(me, payment_id))


def seen(me: access.Principal, payment_id: str) -> AttemptItem:
    item = store_online.find_attempt(me.organisation_id, payment_id)
    if item is None:
        raise NotFound
    me.require(contract_id=item.contract_id)
    return item


def list_payments(
    me: access.Principal, contract_id: str, start: Key | None
) -> tuple[list[OnlinePaymentResponse], Key | None]:
    """A page of a contract's payments, the newest first. Refunds stand only with the single payment."""
    me.require(contract_id=contract_id)
    if store.find_contract(me.organisation_id, contract_id) is None:
        raise NotFound
    items, last = store_online.list_attempts(me.organisation_id, contract_id, start)
    return [shown(me, item, with_refunds=False) for item in items], last


def shown(
    me: access.Principal,
    item: AttemptItem,
    *,
    with_refunds: bool = True,
    refunds: list[RefundItem] | None = None,
) -> OnlinePaymentResponse:
    """A payment as this person may see it."""
    standing = view(settling.load(item))
    returned = rules_books.from_rows(item.returned)
    # What is being processed is not offered: it could be paid a second time.
    may_go_on = item.redirect and me.person_id == item.person_id and standing.state is State.STARTED
    if refunds is None:
        refunds = store_online.refunds_of(item) if with_refunds and me.is_staff else []
    return OnlinePaymentResponse.model_validate(
        {
            "payment_id": item.payment_id,
            "contract_id": item.contract_id,
            "payer_id": item.person_id if me.is_staff or me.person_id == item.person_id else None,
            "provider": item.provider,
            "state": standing.state.value,
            "amount": int(item.amount),
            "fee": int(item.fee),
            "currency": item.currency,
            "charge_ids": list(item.charges),
            "created_at": item.created_at,
            "expires_at": item.expires_at,
            "settled_on": item.settled_on,
            "refunded": sum(row.amount for row in returned if not row.undone),
            "double_payment_ids": [one for one in item.bookings.values() if one != item.payment_id],
            "double_of": list(item.double_of),
            "doubled": int(item.doubled),
            "redirect": dict(zip(("method", "url", "fields"), item.redirect, strict=True))
            if may_go_on and item.expires_at > clock.stamp(clock.now())
            else None,
            "detail": item.detail or None if me.is_staff else None,
            "refunds": [_refund(one) for one in refunds],
        }
    )


def _refund(item: RefundItem) -> dict[str, object]:
    return {
        "refund_id": item.refund_id,
        "amount": int(item.amount),
        "reason": item.reason,
        "state": item.state,
        "asked_by": item.asked_by,
        "asked_at": item.asked_at,
        "decided_by": item.decided_by,
        "decided_at": item.decided_at,
        "code": item.code,
    }
