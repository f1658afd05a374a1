"""Starting a payment: what can be paid, what it costs, and the way to the provider."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from payments import calls, credentials, store, store_online, store_providers
from payments.providers import provider
from payments.providers.model import Order, Redirect, Refusal, Result
from payments.rules_attempts import State
from payments.rules_fees import fee_of
from payments.schemas_online import (
    PaymentOptionsResponse,
    PaymentRequest,
    PaymentStartedResponse,
    ProviderOption,
    Underway,
)
from payments.service_webhooks import address_of, return_address
from payments.store_online import AttemptItem
from shared import access, clock
from shared.errors import Conflict, DomainError, FieldProblem, NotFound
from shared.events.catalog import BalanceChanged
from shared.events.payments import PaymentStarted
from shared.ids import new_id
from shared.settings import settings
from shared.tables import UnitOfWork

VALID: Final = timedelta(minutes=90)
"""For how long an attempt may be paid: between the 31 minutes that Stripe wants at least and the 99 that Przelewy24 takes at most."""
FIRST_CHECK: Final = timedelta(minutes=20)
_KEPT: Final = 7 * 86_400
MOST_OPEN: Final = 20
"""Attempts of a contract that can be paid at the same time: whoever has so many is trying something out."""
_REFUSALS: Final = frozenset({"amount_out_of_range", "currency_not_taken"})


def keep_open_charges(uow: UnitOfWork, event: BalanceChanged) -> None:
    """Keep what the ledger says is open; an older word never replaces a newer one."""
    known = store_online.open_charges(uow.organisation_id, event.contract_id)
    if known is not None and int(known.ledger_version) >= event.ledger_version:
        return
    item = known or store_online.new_open_charges(uow.organisation_id, event.contract_id)
    item.due, item.currency, item.charges = event.due, event.currency, dict(event.open_items)
    item.ledger_version = event.ledger_version
    uow.put(item)


def get_options(me: access.Principal, contract_id: str) -> PaymentOptionsResponse:
    """How a contract can be paid now. Raises NotFound for a contract that is not the caller's."""
    contract, due, charges = _contract(me, contract_id)
    items = store_providers.providers_of(me.organisation_id)
    usable = [one for name, one in items.items() if one.enabled and contract.currency in provider(name).CURRENCIES]
    return PaymentOptionsResponse(
        contract_id=contract_id,
        currency=contract.currency,
        due=due,
        open_items=charges,
        providers=[
            ProviderOption.model_validate(
                {
                    "provider": one.provider,
                    "fee": one.fee,
                    "part_payment": one.part_payment,
                    "due_fee": fee_of(one.fee, due),
                    "email_needed": provider(one.provider).TRAITS.needs_email,
                }
            )
            for one in usable
        ],
        under_way=[
            Underway.model_validate(
                {
                    "payment_id": item.payment_id,
                    "provider": item.provider,
                    "state": item.state,
                    "amount": int(item.amount),
                    "charge_ids": list(item.charges),
                    "expires_at": item.expires_at,
                }
            )
            for item in store_online.underway_of(me.organisation_id, contract_id)
            if is_under_way(item)
        ],
    )


def is_under_way(item: AttemptItem) -> bool:
    """Whether it may still be paid: the payer has begun, or could."""
    pending = item.state == State.PENDING
    return pending or (item.state == State.STARTED and item.expires_at > clock.stamp(clock.now()))


def _contract(me: access.Principal, contract_id: str) -> tuple[store.ContractItem, int, dict[str, int]]:
    me.require(contract_id=contract_id)
    contract = store.find_contract(me.organisation_id, contract_id)
    if contract is None:
        raise NotFound
    known = store_online.open_charges(me.organisation_id, contract_id)
    return contract, max(int(known.due), 0) if known else 0, dict(known.charges) if known else {}


@dataclass(frozen=True)
class _Plan:
    """What is about to be paid."""

    amount: int
    fee: int
    charges: tuple[str, ...]
    free: bool

    @property
    def digest(self) -> str:
        return store_online.set_digest(self.charges, free=self.free)


def start_payment(uow: UnitOfWork, me: access.Principal, body: PaymentRequest) -> PaymentStartedResponse:
    """Start a payment, or offer again the one that is under way for the same items.

    Raises NotFound, DomainError `charge_not_open`, `amount_not_open`, `nothing_due`, `provider_unusable`, `email_needed`, 409
    `payment_under_way` (one that may pay for the same is being processed) and `too_many_under_way`, and 502 `provider_unavailable` or
    `provider_refused` where the provider does not let us start.
    """
    contract, due, charges = _contract(me, body.contract_id)
    name = body.provider
    found = credentials.configured(uow.organisation_id, name)
    if found is None or not found.enabled or contract.currency not in provider(name).CURRENCIES:
        raise DomainError("provider_unusable")
    plan = _plan(body, due, charges, found)
    known = store_online.find_underway(uow.organisation_id, body.contract_id, plan.digest)
    before = store_online.find_attempt(uow.organisation_id, known.payment_id) if known else None
    latest, _ = store_online.list_attempts(uow.organisation_id, body.contract_id, None)
    begun = [one for one in (before, *latest) if one and one.state == State.PENDING and _overlaps(one, plan)]
    if begun and not body.despite:
        raise DomainError("payment_under_way", 409, members={"payment_id": begun[0].payment_id})
    if before is not None and is_under_way(before) and not body.despite and _is_same(before, me, body, plan):
        return _offered_again(uow, before, body)
    if sum(is_under_way(one) for one in latest) >= MOST_OPEN:
        raise DomainError("too_many_under_way", 409)
    item = _new_attempt(uow, me, contract, body, plan)
    result = _reach(found, _order(item, contract.number, body))
    _keep(uow, item, result, plan, known)
    return _started(item)


def _plan(body: PaymentRequest, due: int, charges: dict[str, int], found: credentials.Configured) -> _Plan:
    named = tuple(dict.fromkeys(body.items or ()))
    unknown = [FieldProblem(f"items.{n}", "charge_not_open") for n, one in enumerate(named) if one not in charges]
    if unknown:
        raise DomainError("charge_not_open", problems=tuple(unknown))
    whole = sum(charges[one] for one in named) if named else due
    amount = whole if body.amount is None else body.amount
    if amount <= 0:
        raise DomainError("nothing_due")
    # Less of chosen items or of all, or more than all (ahead): where the organisation allows it. Never more of chosen items.
    if amount != whole and (not found.part_payment or (named and amount > whole)):
        raise DomainError("amount_not_open")
    return _Plan(amount, fee_of(found.fee, amount), named, free=not named and amount != whole)


def _overlaps(other: AttemptItem, plan: _Plan) -> bool:
    """Whether another attempt may pay for the same: without chosen items it pays for whatever is open."""
    return not other.charges or not plan.charges or not set(plan.charges).isdisjoint(other.charges)


def _offered_again(uow: UnitOfWork, item: AttemptItem, body: PaymentRequest) -> PaymentStartedResponse:
    """The attempt as it is. Autopay's way back leads over us, to the new page; the others were told the first one's."""
    if item.return_to != body.return_to:
        item.return_to = body.return_to
        uow.put(item)
    return _started(item)


def _is_same(before: AttemptItem, me: access.Principal, body: PaymentRequest, plan: _Plan) -> bool:
    """Whether the attempt can be offered again: to the same person, for the same money, with the same provider."""
    same = (before.provider, before.person_id, int(before.amount), int(before.fee))
    return bool(before.redirect) and same == (body.provider, me.person_id, plan.amount, plan.fee)


def _new_attempt(
    uow: UnitOfWork, me: access.Principal, contract: store.ContractItem, body: PaymentRequest, plan: _Plan
) -> AttemptItem:
    now = clock.now()
    known = store_online.open_charges(uow.organisation_id, body.contract_id)
    charges = dict(known.charges) if known and not plan.free else {}
    return store_online.new_attempt(
        uow.organisation_id,
        new_id("pay"),
        body.contract_id,
        person_id=me.person_id,
        provider=body.provider,
        amount=plan.amount,
        fee=plan.fee,
        currency=contract.currency,
        charges=list(plan.charges),
        covers={one: charges[one] for one in plan.charges or charges if one in charges},
        as_of=int(known.ledger_version) if known else 0,
        created_at=clock.stamp(now),
        expires_at=clock.stamp(now + VALID),
        return_to=body.return_to,
        state=State.STARTED.value,
    )


def _order(item: AttemptItem, number: str, body: PaymentRequest) -> tuple[str, Order]:
    organisation_id = item.pk.split("#")[1]
    profile = access.organisation(organisation_id)
    back = return_address(item)
    if provider(body.provider).TRAITS.signs_return:
        back = f"{settings().need('public_origin')}/api/payments/return/{body.provider}/{organisation_id}"
    order = Order(
        reference=store_online.reference_of(item.payment_id),
        amount=int(item.amount) + int(item.fee),
        currency=item.currency,
        description=f"{profile.name} {number}",
        language=body.language or profile.locale,
        created_at=datetime.fromisoformat(item.created_at),
        expires_at=datetime.fromisoformat(item.expires_at),
        return_url=back,
        webhook_url=address_of(organisation_id, body.provider),
        email=body.email or "",
        customer_number=number,
    )
    return body.provider, order


def _reach(found: credentials.Configured, what: tuple[str, Order]) -> Result:
    """The way to the provider. What it made before a conflict is lost with its address, so that nobody can pay it."""
    name, order = what
    try:
        account = calls.with_token(name, found.account)
        way = provider(name).start(account, order)
        return Result(redirect=way) if isinstance(way, Redirect) else calls.follow(name, account, way)
    except Refusal as error:
        raise _told(error) from error


def _told(error: Refusal) -> DomainError:
    if error.code in _REFUSALS:
        return DomainError(error.code)
    if error.code == "field_unfit" and error.detail == "email":
        return DomainError("email_needed", problems=(FieldProblem("email", "email_needed"),))
    return DomainError("provider_unavailable" if error.again else "provider_refused", 502)


def _keep(
    uow: UnitOfWork, item: AttemptItem, result: Result, plan: _Plan, known: store_online.UnderwayItem | None
) -> None:
    if result.redirect is None:
        raise DomainError("provider_refused", 502)
    way = result.redirect
    item.redirect, item.provider_id = [way.method, way.url, dict(way.fields)], result.provider_id
    uow.create(item)
    if result.provider_id and result.provider_id != store_online.reference_of(item.payment_id):
        uow.put(store_online.pointer(uow.organisation_id, item.provider, result.provider_id, item.payment_id))
    first = datetime.fromisoformat(item.created_at) + FIRST_CHECK
    uow.put(store_online.open_item(uow.organisation_id, item.payment_id, clock.stamp(first)))
    lock = store_online.new_underway(
        uow.organisation_id, item.contract_id, plan.digest, item.payment_id, clock.timestamp() + _KEPT
    )
    # Two windows at once: the second begins again, and finds the first one's attempt.
    uow.put(lock, store_online.still(known))
    uow.emit(
        PaymentStarted(
            payment_id=item.payment_id,
            contract_id=item.contract_id,
            provider=item.provider,
            amount=plan.amount,
            fee=plan.fee,
            currency=item.currency,
        )
    )


def _started(item: AttemptItem) -> PaymentStartedResponse:
    if not item.redirect:
        raise Conflict
    method, url, fields = item.redirect
    return PaymentStartedResponse.model_validate(
        {
            "payment_id": item.payment_id,
            "amount": int(item.amount),
            "fee": int(item.fee),
            "currency": item.currency,
            "expires_at": item.expires_at,
            "redirect": {"method": method, "url": url, "fields": fields},
        }
    )
