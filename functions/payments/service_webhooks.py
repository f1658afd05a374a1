"""Messages of providers: verified and stored before they are answered, worked off from the stored row."""

import hashlib
import re
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl, urlencode

from payments import calls, credentials, notices, store_messages
from payments import service_settling as settling
from payments import store_online as store
from payments.providers import NAMES, provider, receive
from payments.providers.model import Account, Delivery, Event, Notice, Refusal, Reply
from shared import access, clock
from shared.errors import NotFound
from shared.events.envelope import Metadata
from shared.events.payments import WebhookReceived
from shared.http import Call, Raw
from shared.observe import logger
from shared.settings import settings
from shared.tables import UnitOfWork, run

PART: Final = 10
"""Notices of one stored row: what follows from so many fits into one transaction."""
_SET: Final = frozenset({"bad_signature", "not_configured", "wrong_service"})
"""Refusals that a setting or a secret may be the cause of."""
_MONEY: Final = frozenset({Event.PAID, Event.AUTHORISED, Event.REFUNDED, Event.DISPUTED, Event.DISPUTE_LOST})
"""Notices of money that moves: only these ring the alarm. Vipps, say, tells of an order before ours is written."""
_KEPT_HEADERS: Final = re.compile("content-type|stripe-signature|webhook-signature|x-ms-.*|authorization|user-agent")
_NOTHING: Final = frozenset({Event.OTHER})


def address_of(organisation_id: str, name: str) -> str:
    """The address that the provider calls, as it is registered there."""
    return f"{settings().need('public_origin')}/api/payments/webhooks/{name}/{organisation_id}"


def receive_webhook(call: Call, name: str, organisation_id: str) -> Raw:
    """Answer a provider's message exactly as its protocol wants, after it was stored.

    A repeat finds its row and gets the same answer. Raises NotFound for an organisation or a provider that does not exist.
    """
    if name not in NAMES:
        raise NotFound
    try:
        access.organisation(organisation_id)
    except NotFound:
        # Nobody's key to sign an answer with; but somebody's money may be behind it, should an address be registered wrongly.
        count("refused", name)
        details = {"provider": name, "code": "unknown_organisation", "organisation_id": organisation_id[:64]}
        logger.warning("webhook refused", extra=details)
        raise
    delivery = Delivery(call.raw, call.headers, address_of(organisation_id, name), clock.now())
    try:
        account, said = _verified(organisation_id, name, delivery)
    except Refusal as error:
        return _refuse(call, name, organisation_id, delivery, error)
    problems = {one: code for one in said if (code := settling.judge(organisation_id, name, one))}
    problem = next(iter(problems.values()), "")
    metadata = Metadata(correlation_id=call.correlation_id, organisation_id=organisation_id, actor=f"provider:{name}")
    _store(metadata, name, delivery, said, problem)
    if problem:
        if any(one.event in _MONEY for one in problems):
            count("unwanted", name)
        logger.warning("unwanted webhook", extra={"provider": name, "code": problem})
    return _raw(provider(name).answer(account, delivery, problem))


def _verified(organisation_id: str, name: str, delivery: Delivery) -> tuple[Account, tuple[Notice, ...]]:
    found = credentials.configured(organisation_id, name)
    if found is None:
        found = credentials.configured(organisation_id, name, again=True)
    if found is None:
        raise Refusal("not_configured")
    try:
        return found.account, receive(provider(name), found.account, delivery)
    except Refusal as error:
        # What was set a moment ago may be what it fits.
        other = credentials.configured(organisation_id, name, again=True) if error.code in _SET else None
        if other is None or other is found:
            raise
        return other.account, receive(provider(name), other.account, delivery)


def _refuse(call: Call, name: str, organisation_id: str, delivery: Delivery, error: Refusal) -> Raw:
    count("refused", name)
    logger.warning("webhook refused", extra={"provider": name, "code": error.code})
    store_messages.count_refused(organisation_id, name, error.code, call.client_address)
    found = credentials.configured(organisation_id, name)
    account = found.account if found else Account({}, ())
    return _raw(provider(name).answer(account, delivery, error.code))


def _raw(reply: Reply) -> Raw:
    return Raw(reply.status, reply.body, reply.content_type)


def _store(metadata: Metadata, name: str, delivery: Delivery, said: tuple[Notice, ...], problem: str) -> None:
    # Notices that mean nothing to us still leave their message behind.
    parts = [said[place : place + PART] for place in range(0, len(said), PART)] or [()]
    rows = [
        store_messages.new_webhook(
            metadata.organisation_id,
            name,
            _webhook_id(part, delivery),
            notices=[notices.dump(one) for one in part],
            problem=problem,
            # A batch is kept whole, once.
            body=delivery.body if number == 0 else None,
            headers={key: value for key, value in delivery.headers.items() if _KEPT_HEADERS.fullmatch(key.lower())},
        )
        for number, part in enumerate(parts)
    ]

    def work(uow: UnitOfWork) -> None:
        known = store_messages.known_webhooks(rows)
        for row, part in zip(rows, parts, strict=True):
            if known.get(row.pk, "unknown") in {"", problem}:
                continue
            # What was unwanted the first time and is wanted now takes its place.
            uow.put(row, store_messages.unsettled())
            if any(one.event not in _NOTHING for one in part):
                uow.emit(WebhookReceived(provider=name, webhook_id=row.webhook_id))

    run(lambda: UnitOfWork(store.VARIABLE, metadata), work, lambda _uow, _result: None)


def _webhook_id(part: tuple[Notice, ...], delivery: Delivery) -> str:
    text = "\n".join(one.key for one in part).encode() or delivery.body
    return hashlib.sha256(text).hexdigest()


_PATIENCE: Final = timedelta(minutes=8)
"""For how long a message waits for the payment that it names: shorter than the queue's tries, longer than a payment is worked off."""


_gathered: dict[tuple[str, str], tuple[Notice, ...]] = {}
"""What the follow-up calls of the row in hand said: when its transaction meets another, they need not be made again."""


def work_off(uow: UnitOfWork, name: str, webhook_id: str) -> None:
    """Do what a stored message asks for: first the calls that make it count, then its facts, in one transaction.

    Raises Refusal where the provider does not answer, or the payment that money went back of is not known yet: the queue brings the
    message again. Every call may be repeated.
    """
    row = store_messages.find_webhook(uow.organisation_id, name, webhook_id)
    if row is None:
        msg = f"no webhook {webhook_id}"
        raise LookupError(msg)
    if row.done_at:
        return
    this = (row.pk, row.received_at)
    said = _gathered.get(this)
    if said is None:
        said = gather(uow.organisation_id, name, tuple(notices.load(one) for one in row.notices))
        _gathered.clear()
        _gathered[this] = said
    if (
        settling.comes_too_early(uow.organisation_id, name, said)
        and clock.now() < datetime.fromisoformat(row.received_at) + _PATIENCE
    ):
        raise Refusal("wrong_reference", again=True)
    settling.settle(uow, name, said)
    uow.update(row, store_messages.done_now())


def gather(organisation_id: str, name: str, said: tuple[Notice, ...]) -> tuple[Notice, ...]:
    """Notices with what the answers to their follow-up calls say. Nothing is captured or verified that is not what was asked for."""
    found: list[Notice] = []
    for notice in said:
        found.append(notice)
        if notice.event not in {Event.HINT, Event.AUTHORISED}:
            continue
        problem = settling.judge(organisation_id, name, notice)
        if notice.event is Event.AUTHORISED and (problem or settling.comes_too_late(organisation_id, name, notice)):
            released = _let_go(organisation_id, name, notice)
            if released is not None:
                found += released
                continue
        if problem:
            continue
        account = calls.with_token(name, account_of(organisation_id, name))
        call = provider(name).follow_up(account, notice)
        if call is not None:
            found += calls.follow(name, account, call).notices
    return tuple(found)


def _let_go(organisation_id: str, name: str, notice: Notice) -> tuple[Notice, ...] | None:
    """What the provider says when a reservation that nobody wants is released; None where it is not ours, or cannot be released.

    A provider that does not answer, or wants fewer calls, is asked again by the clock: the reservation takes nothing from the payer.
    """
    if settling.find(organisation_id, name, notice) is None:
        return None
    try:
        account = calls.with_token(name, account_of(organisation_id, name))
        call = provider(name).release(account, notice.transaction_id)
        return None if call is None else calls.follow(name, account, call).notices
    except Refusal as error:
        logger.warning("reservation not released", extra={"provider": name, "code": error.code, "detail": error.detail})
        return ()


def account_of(organisation_id: str, name: str) -> Account:
    """The organisation's account. Raises Refusal `not_configured`."""
    found = credentials.configured(organisation_id, name)
    if found is None:
        raise Refusal("not_configured")
    return found.account


def way_back(call: Call, name: str, organisation_id: str) -> Raw:
    """Take a payer who comes back with a signed address to the page that he set out from. It proves no payment."""
    home = f"{settings().need('public_origin')}/"
    found = credentials.configured(organisation_id, name) if name in NAMES else None
    reference = provider(name).read_return(found.account, call.raw_query) if found else ""
    item = store.find_attempt(organisation_id, store.payment_of(reference)) if reference else None
    return Raw(303, headers={"Location": return_address(item) if item else home})


def return_address(item: store.AttemptItem) -> str:
    """The page of our site that shows how the payment stands."""
    page, _, query = item.return_to.partition("?")
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != "payment_id"]
    own = urlencode([*kept, ("payment_id", item.payment_id)])
    return f"{settings().need('public_origin')}{page}?{own}"


def count(what: str, name: str) -> None:
    """One metric line: `webhooks_refused` (forged or broken) and `webhooks_unwanted` (authentic, money, not ours) have alarms."""
    from aws_lambda_powertools.metrics import MetricUnit, single_metric

    # Without a dimension of the provider: an alarm sees one combination of dimensions only.
    with single_metric(f"webhooks_{what}", MetricUnit.Count, 1, namespace="Lokum") as metric:
        metric.add_dimension("service", "payments")
        metric.add_metadata("provider", name)
