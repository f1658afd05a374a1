"""A person's own addresses on channels: linked by a one-time token, by a code that was sent there, or by the browser; and unlinked."""

import hashlib
import hmac
import json
import secrets
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from notifications import calls, qr, service_channels, store, store_links, store_people
from notifications.channels import channel as module_of
from notifications.channels.model import Account, Message, NotConfiguredError, State
from notifications.kinds import Channel
from notifications.schemas_doors import (
    ChannelAddress,
    ChannelOffer,
    LinkRequest,
    LinkResponse,
    QrCode,
)
from notifications.store_people import LinkItem
from shared import access, clock, i18n
from shared.access import Principal
from shared.errors import DomainError, NotFound
from shared.events.envelope import Metadata
from shared.people import Card, cards
from shared.secret import deployment_secret
from shared.tables import UnitOfWork, run

_WAYS: Final = {
    Channel.EMAIL: "card",
    Channel.PUSH: "subscription",
    Channel.TELEGRAM: "link",
    Channel.VIBER: "link",
    Channel.WHATSAPP: "code",
    Channel.SMS: "code",
}
_TOKEN_BYTES: Final = 24
MOST_TRIES: Final = 5
"""Tries of one code: five of a million guesses."""
_HOUR: Final = 3600
_DAY: Final = 86_400
_CODES_OF_PERSON: Final = 3
"""Codes that a person may have sent in an hour, and twice as many in a day."""
_CODES_TO_NUMBER: Final = 6
"""Codes that an organisation sends to one number in a day, whoever asks: a number that is given may be somebody else's."""
_MOST_ADDRESSES: Final = 10
"""Addresses of a person on one channel: browsers that ring, mostly."""


def get_channels(organisation_id: str, person_id: str) -> list[ChannelOffer]:
    """The channels that the organisation uses, with a person's addresses."""
    card = cards(organisation_id, [person_id]).get(person_id)
    links = [one for one in store_people.links_of(organisation_id, person_id) if is_in_use(one, card)]
    return [
        ChannelOffer.model_validate(
            {
                "channel": channel.value,
                "way": _WAYS[channel],
                "public_key": _public_key(channel, account),
                "addresses": [_shown(item) for item in links if item.channel == channel.value],
            }
        )
        for channel in Channel
        if (account := service_channels.account_of(organisation_id, channel)) is not None
    ]


def is_in_use(item: LinkItem, card: Card | None) -> bool:
    """What is kept of e-mail addresses and numbers that the register had before tells nothing of those that it has."""
    mail = service_channels.mail_address(card.email) if card else ""
    registered = {Channel.EMAIL: mail, Channel.SMS: card.phone if card else ""}
    return bool(item.address.casefold() == registered.get(Channel(item.channel), item.address).casefold())


def link(uow: UnitOfWork, me: Principal, channel: Channel, body: LinkRequest) -> LinkResponse:
    """Begin to link an address of the caller, or do it at once where the browser gives it.

    Raises DomainError `channel_not_offered`, `address_missing`, `invalid_address`, `too_many_codes`, `channel_unavailable`.
    """
    account = service_channels.account_of(me.organisation_id, channel)
    way = _WAYS[channel]
    if account is None or way == "card":
        raise DomainError("channel_not_offered")
    if way == "link":
        return _offer_link(uow, me, channel, account)
    if way == "subscription":
        return _subscribe(uow, me, channel, account, body)
    return _send_code(uow.metadata, me, channel, account, body.phone)


def confirm(uow: UnitOfWork, me: Principal, channel: Channel, code: str) -> None:
    """Link the address that a code was sent to. Every try counts, the right one too. Raises DomainError `wrong_link_code`."""
    item = store_links.find_code(me.organisation_id, me.person_id, channel)
    if item is None or not store_links.count_try(item, MOST_TRIES):
        raise DomainError("wrong_link_code")
    if not hmac.compare_digest(item.digest, _digest(me, channel, code)):
        raise DomainError("wrong_link_code")
    uow.delete(item, store_links.CodeItem.digest == item.digest)
    store_people.stage_link(uow, me.person_id, channel, item.address)


def unlink(uow: UnitOfWork, me: Principal, channel: Channel, link_id: str | None) -> None:
    """Forget one of the caller's addresses, or all of the channel; an e-mail address that was off is tried again.

    Raises NotFound where there is none.
    """
    known = store_people.links_of(me.organisation_id, me.person_id)
    found = [one for one in known if one.channel == channel.value and link_id in {None, _link_id(one)}]
    if not found:
        raise NotFound
    for item in found:
        uow.delete(item)


def _offer_link(uow: UnitOfWork, me: Principal, channel: Channel, account: Account) -> LinkResponse:
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    try:
        url = module_of(channel).link(account, token)
    except NotConfiguredError as error:
        raise DomainError("channel_not_offered") from error
    expires = store_links.stage_token(uow, me.person_id, channel, token)
    size, path = qr.drawn(url)
    return LinkResponse(state="waiting", url=url, qr=QrCode(size=size, path=path), expires_at=_instant(expires))


def _subscribe(uow: UnitOfWork, me: Principal, channel: Channel, account: Account, body: LinkRequest) -> LinkResponse:
    if body.subscription is None:
        raise DomainError("address_missing")
    address = _address(channel, account, body.subscription.model_dump_json())
    # A browser is his who sits at it now: whoever sat there before is not read by him.
    for former in store_people.links_to(me.organisation_id, channel, address):
        if former.person_id != me.person_id:
            uow.delete(former)
    links = [one for one in store_people.links_of(me.organisation_id, me.person_id) if one.channel == channel.value]
    # The one that has been silent for longest makes room: browsers change their subscriptions without a word.
    others = [one for one in links if one.address != address]
    for old in sorted(others, key=lambda one: one.since)[: max(len(others) - _MOST_ADDRESSES + 1, 0)]:
        uow.delete(old)
    item = store_people.stage_link(uow, me.person_id, channel, address)
    return LinkResponse(state="linked", link_id=_link_id(item))


def _send_code(
    metadata: Metadata, me: Principal, channel: Channel, account: Account, phone: str | None
) -> LinkResponse:
    """Kept in a transaction of its own before it is sent: the request's own may be built twice, and would send twice."""
    card = cards(me.organisation_id, [me.person_id]).get(me.person_id)
    given = phone or (card.phone if card else "")
    if not given:
        raise DomainError("address_missing")
    # Texts go to the number of the register only.
    if channel is Channel.SMS and (card is None or given != card.phone):
        raise DomainError("invalid_address")
    address = _address(channel, account, given)
    _hold_back_codes(me, address)
    code = f"{secrets.randbelow(10**6):06}"
    digest = _digest(me, channel, code)
    former = store_links.find_code(me.organisation_id, me.person_id, channel)
    expires = run(
        lambda: UnitOfWork(store.VARIABLE, metadata),
        lambda own: store_links.stage_code(own, me.person_id, channel, address, digest),
        lambda _uow, _result: None,
    )
    organisation = access.organisation(me.organisation_id)
    wishes = store_people.preferences_of(me.organisation_id, me.person_id)
    locale = wishes.locale or (card.locale if card else "") or organisation.locale
    # The sentence ends with the name; a full stop that is part of it ("sp. z o.o.") is stop enough.
    text = i18n.text(locale, "link_code", code=code, organisation=organisation.name.removesuffix("."))
    message = Message("", "", text, "", text, "", locale, urgent=True, code=code)
    try:
        call = module_of(channel).send(account, address, message, clock.now())
    except NotConfiguredError as error:
        raise DomainError("channel_not_offered") from error
    outcome = module_of(channel).understand(calls.make(channel, call))
    # Where no answer came the code may be on its way. One that was not sent leaves the one that has arrived before as good as it was.
    if former and outcome.state in {State.GONE, State.AGAIN, State.REFUSED}:
        store_links.bring_back(former, digest)
    if outcome.state is State.GONE:
        raise DomainError("invalid_address")
    if outcome.state in {State.AGAIN, State.REFUSED}:
        raise DomainError("channel_unavailable", 503)
    return LinkResponse(state="code_sent", expires_at=_instant(expires))


def _hold_back_codes(me: Principal, address: str) -> None:
    limits = (
        (f"codes of {me.person_id}", _CODES_OF_PERSON, _HOUR),
        (f"codes of {me.person_id} in a day", 2 * _CODES_OF_PERSON, _DAY),
        (f"codes to {address}", _CODES_TO_NUMBER, _DAY),
    )
    for what, most, seconds in limits:
        hold_back(me.organisation_id, what, most, seconds)


def hold_back(organisation_id: str, what: str, most: int, seconds: int) -> None:
    """Count something that may be done `most` times in so many seconds. Raises DomainError `too_many_codes` beyond it."""
    wait = store_links.count_within(organisation_id, what, most, seconds)
    if wait:
        raise DomainError("too_many_codes", 429, headers={"Retry-After": str(wait)})


def _address(channel: Channel, account: Account, given: str) -> str:
    try:
        return module_of(channel).address(account, given)
    except ValueError as error:
        raise DomainError("invalid_address") from error


def _digest(me: Principal, channel: Channel, code: str) -> str:
    """Six digits are guessed from a plain hash at once: the deployment's secret is part of it."""
    text = f"code/{me.organisation_id}/{me.person_id}/{channel.value}/{code}"
    return hmac.new(deployment_secret(), text.encode(), hashlib.sha256).hexdigest()


def _public_key(channel: Channel, account: Account) -> str | None:
    if channel is not Channel.PUSH or not account.secrets:
        return None
    from notifications.channels import push

    return push.public_key(account.secret("vapid_key"))


def _shown(item: LinkItem) -> ChannelAddress:
    return ChannelAddress.model_validate(
        {
            "link_id": _link_id(item),
            "shown": masked(Channel(item.channel), item.address),
            "state": item.state,
            "code": item.code,
            "since": item.since,
        }
    )


def masked(channel: Channel, address: str) -> str:
    """As much of an address as its owner needs to know it again."""
    if channel is Channel.PUSH:
        return urlsplit(str(json.loads(address)["endpoint"])).hostname or ""
    if channel is Channel.EMAIL:
        name, _, host = address.partition("@")
        return f"{name[:1]}***@{host}"
    if channel in {Channel.SMS, Channel.WHATSAPP}:
        return f"{address[:3]}***{address[-3:]}"
    return ""


def _link_id(item: LinkItem) -> str:
    return str(item.sk.rpartition("#")[2])


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
