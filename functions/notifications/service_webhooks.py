"""What channels say to us: verified over the raw body, done once, and answered as their protocols want."""

from datetime import datetime
from typing import Any, Final

from notifications import service_channels, store, store_channels, store_links, store_people
from notifications.channels import channel as module_of
from notifications.channels.model import Account, Event, Reply, Request, Said, WebhookRefusedError
from notifications.kinds import Channel
from notifications.rules_delivery import FAILED, TRYING
from notifications.service_delivering import switch_off
from notifications.store_links import Referred
from shared import access, clock
from shared.errors import DomainError, NotFound
from shared.events.envelope import Metadata
from shared.events.notifications import NotificationQueued
from shared.http import Call, Raw
from shared.ids import new_id
from shared.observe import logger
from shared.tables import UnitOfWork, run

LARGEST: Final = 256 * 1024
"""Bytes; no channel's message is larger."""
_OPEN: Final = frozenset({TRYING, "sent", "unsure"})
_STATES: Final = {
    Event.DELIVERED: ("delivered", _OPEN),
    Event.READ: ("read", _OPEN | {"delivered"}),
    Event.FAILED: (FAILED, _OPEN),
    # A mail server may take a mail on and find later that it has no such reader.
    Event.GONE: ("gone", _OPEN | {"delivered"}),
}
"""What an event makes of a try, and of which states: reports overtake each other, and nothing else goes back."""


def receive(call: Call, method: str, name: str, organisation_id: str) -> Raw:
    """Take what a channel says. Raises NotFound for an organisation that is not there, or does not use the channel."""
    channel = service_channels.named(name)
    if len(call.raw) > LARGEST:
        raise DomainError("body_too_large", 413)
    request = Request(method, call.raw_query, call.headers, call.raw, clock.now())
    try:
        access.organisation(organisation_id)
        reply, said = _verified(organisation_id, channel, request)
    except NotFound:
        # A stranger's word; but a channel may have been set up with a wrong address.
        _count_refused(channel, "unknown")
        raise
    except WebhookRefusedError as error:
        _count_refused(channel, error.code)
        store_channels.count_refused(organisation_id, channel, error.code)
        return _raw(error.reply)
    metadata = Metadata(
        correlation_id=call.correlation_id, organisation_id=organisation_id, actor=f"channel:{channel.value}"
    )
    for one in said:
        _do_once(metadata, channel, one)
    return _raw(reply)


def hear(detail_type: str, detail: dict[str, Any]) -> None:
    """Do what an event of AWS says of messages; those that are not ours are passed over."""
    for channel in (Channel.EMAIL, Channel.SMS):
        for said in module_of(channel).read_event(detail_type, detail):
            referred = store_links.read_reference(said.reference)
            if referred:
                metadata = Metadata(
                    correlation_id=new_id("cor"),
                    organisation_id=referred.organisation_id,
                    actor=f"channel:{channel.value}",
                )
                _do_once(metadata, channel, said)


def _verified(organisation_id: str, channel: Channel, request: Request) -> tuple[Reply, tuple[Said, ...]]:
    module, account = module_of(channel), service_channels.account_of(organisation_id, channel)
    try:
        return module.read_webhook(_used(account), request)
    except (NotFound, WebhookRefusedError):
        # What was set a moment ago may be what it fits.
        other = service_channels.account_of(organisation_id, channel, again=True)
        if other is account:
            raise
        return module.read_webhook(_used(other), request)


def _used(account: Account | None) -> Account:
    if account is None:
        raise NotFound
    return account


def _do_once(metadata: Metadata, channel: Channel, said: Said) -> None:
    def work(uow: UnitOfWork) -> None:
        if store_links.was_said(uow.organisation_id, channel, said.said_id):
            return
        store_links.stage_said(uow, channel, said.said_id)
        _do(uow, channel, said)

    run(lambda: UnitOfWork(store.VARIABLE, metadata), work, lambda _uow, _result: None)


def _do(uow: UnitOfWork, channel: Channel, said: Said) -> None:
    if said.event is Event.LINKED:
        _link(uow, channel, said)
        return
    referred = _referred(uow, channel, said)
    if said.event in {Event.UNLINKED, Event.GONE}:
        _switch_off(uow, channel, said, referred)
    if said.event in _STATES and referred:
        _report(uow, said, referred)


def _link(uow: UnitOfWork, channel: Channel, said: Said) -> None:
    token = store_links.find_token(uow.organisation_id, channel, said.token)
    if token is None:
        logger.info("no such link", extra={"channel": channel.value})
        return
    uow.delete(token, store_links.TokenItem.pk.exists())
    store_people.stage_link(uow, token.person_id, channel, said.address)


def _switch_off(uow: UnitOfWork, channel: Channel, said: Said, referred: Referred | None) -> None:
    whose = {item.person_id for item in store_people.links_to(uow.organisation_id, channel, said.address)}
    if referred:
        whose.add(referred.person_id)
    for person_id in sorted(whose) if said.address else ():
        known = store_people.find_link(uow.organisation_id, person_id, channel, said.address)
        # Of e-mail the register has the address, and nothing stands here before it is off.
        if known.state == store_people.ON if known else channel is Channel.EMAIL:
            switch_off(uow, person_id, channel, said.address, said.code or said.event.value)


def _referred(uow: UnitOfWork, channel: Channel, said: Said) -> Referred | None:
    """Which try it is about, where it is one of this organisation's."""
    given = store_links.read_reference(said.reference)
    if given:
        return given if given.organisation_id == uow.organisation_id else None
    sent = said.message_id and store_links.find_sent(uow.organisation_id, channel, said.address, said.message_id)
    return Referred(uow.organisation_id, sent.person_id, sent.notice_id, int(sent.place)) if sent else None


def _report(uow: UnitOfWork, said: Said, referred: Referred) -> None:
    notice = store.find_notice(uow.organisation_id, referred.person_id, referred.notice_id)
    if notice is None or len(notice.deliveries) <= referred.place:
        return
    state, before = _STATES[said.event]
    entries = [dict(entry) for entry in notice.deliveries]
    entry = entries[referred.place]
    if entry["state"] not in before:
        return
    entry |= {"state": state, "at": _stamp(said.at), "code": said.code}
    notice.deliveries = entries
    uow.put(notice)
    if said.event in {Event.FAILED, Event.GONE}:
        # The next step of its ladder, if there is one.
        uow.emit(NotificationQueued(person_id=referred.person_id, notice_id=referred.notice_id))


def _stamp(at: datetime | None) -> str:
    return clock.stamp(at or clock.now())


def _count_refused(channel: Channel, code: str) -> None:
    """One metric line, which an alarm counts (docs/runbook.md, Channels)."""
    from aws_lambda_powertools.metrics import MetricUnit, single_metric

    logger.warning("webhook refused", extra={"channel": channel.value, "code": code})
    with single_metric("webhooks_refused", MetricUnit.Count, 1, namespace="Lokum") as metric:
        metric.add_dimension("service", "notifications")
        metric.add_metadata("channel", channel.value)


def _raw(reply: Reply) -> Raw:
    return Raw(reply.status, reply.body, reply.content_type)
