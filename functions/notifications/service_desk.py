"""What the staff see: what a person was told and what became of it, and every kind of notice in every language."""

from typing import Any, Final

from notifications import (
    calls,
    rules_delivery,
    service_channels,
    service_inbox,
    service_preferences,
    store,
    store_people,
)
from notifications.channels import channel as module_of
from notifications.channels import gsm, sms
from notifications.channels.model import Account, Message, NotConfiguredError
from notifications.kinds import KINDS, Channel, Kind
from notifications.schemas import Notice
from notifications.schemas_doors import DeadAddress, OutcomeResponse, PersonChannelsResponse, PreviewResponse, Template
from notifications.service_links import get_channels, hold_back, is_in_use, masked
from shared import access, clock
from shared.access import Principal
from shared.errors import DomainError, NotFound
from shared.people import Card, cards
from shared.settings import settings

_EXAMPLES: Final[dict[str, Any]] = {
    "amount": 125035,
    "currency": "PLN",
    "day": "2026-11-30",
    "last": "2026-11-30",
    "at": "2026-11-30T08:30:00+01:00",
    "days": 7,
    "purpose": "rent",
    "cause": "refund",
    "medium": "cold_water",
    "number": "L/00042",
    "meters": 5,
    "numbers": "L/00042, L/00043, L/00044, L/00045, L/00046",
    "status": "in_progress",
    "wanted": "document",
    "role": "tenant",
    "channel": "telegram",
    "device": "Firefox, Linux",
}
"""A value of each name that kinds are made of; a test renders all of them."""
_NAMES: Final = ("contract_id", "payment_id", "meter_id", "ticket_id", "person_id", "news_id")
_TESTS: Final = 30
"""Test messages that a person may send in an hour: the channel's limit is everybody's."""
_HOUR: Final = 3600
_PAGE: Final = 50
"""Dead addresses on a page."""


def get_deliveries(
    organisation_id: str, person_id: str, cursor: dict[str, Any] | None
) -> tuple[list[Notice], dict[str, Any] | None]:
    """A page of what a person was told, newest first. Raises NotFound for a person who is not in the register."""
    if person_id not in cards(organisation_id, [person_id]):
        raise NotFound
    found, last_key = store.list_notices(organisation_id, person_id, cursor, service_inbox.PAGE)
    return service_inbox.shown(organisation_id, person_id, found), last_key


def get_person_channels(organisation_id: str, person_id: str) -> PersonChannelsResponse:
    """Where a person can be reached, and how he wants to be told. Raises NotFound for a person who is not in the register."""
    if person_id not in cards(organisation_id, [person_id]):
        raise NotFound
    today = clock.today(access.organisation(organisation_id).time_zone)
    granted = access.grants(organisation_id, person_id)
    is_staff = any(grant.role in access.STAFF_ONLY and grant.holds_on(today) for grant in granted)
    return PersonChannelsResponse(
        channels=get_channels(organisation_id, person_id),
        preferences=service_preferences.preferences_of(organisation_id, person_id, is_staff=is_staff),
    )


def list_dead_addresses(
    organisation_id: str, cursor: dict[str, Any] | None
) -> tuple[list[DeadAddress], dict[str, Any] | None]:
    """A page of the register's addresses at which nothing arrives, the last ones first; one that was put right since is left out.

    Where all of a page were, it is the next one.
    """
    while True:
        found, cursor = store_people.list_dead(organisation_id, cursor, _PAGE)
        known = cards(organisation_id, [item.person_id for item in found])
        dead = [_dead(item, card) for item in found if (card := known.get(item.person_id)) and is_in_use(item, card)]
        if dead or cursor is None:
            return dead, cursor


def list_templates(organisation_id: str, locale: str | None) -> list[Template]:
    """Every kind of notice, with the subject that an example has in the language."""
    return [_template(name, kind, _example(organisation_id, name, locale).subject) for name, kind in KINDS.items()]


def preview(organisation_id: str, kind: str, locale: str | None) -> PreviewResponse:
    """A kind in the words of a language, made of example values. Raises NotFound for a kind that there is not."""
    return preview_of(organisation_id, _example(organisation_id, kind, locale))


def preview_of(organisation_id: str, message: Message) -> PreviewResponse:
    """A message as its readers will see it."""
    as_sms = sms.body_of(service_channels.account_of(organisation_id, Channel.SMS) or Account({}), message)
    parts = gsm.parts_of(as_sms)
    return PreviewResponse.model_validate(
        {
            "kind": message.kind,
            "locale": message.locale,
            "subject": message.subject,
            "text": message.text,
            "html": message.html,
            "short": message.short,
            "link": message.link,
            "sms": {"text": as_sms, "encoding": parts.encoding, "parts": parts.number},
        }
    )


def send_test(me: Principal, kind: str, locale: str | None) -> OutcomeResponse:
    """Send a kind with its example values to the caller's own e-mail address.

    Raises NotFound, and what `send_to_caller` raises.
    """
    return send_to_caller(me, _example(me.organisation_id, kind, locale))


def send_to_caller(me: Principal, message: Message) -> OutcomeResponse:
    """Send a message to the caller's own e-mail address.

    Raises DomainError `channel_not_offered`, `address_missing`, `invalid_address`, `too_many_codes`.
    """
    account = service_channels.account_of(me.organisation_id, Channel.EMAIL)
    card = cards(me.organisation_id, [me.person_id]).get(me.person_id)
    if account is None:
        raise DomainError("channel_not_offered")
    if card is None or not card.email:
        raise DomainError("address_missing")
    hold_back(me.organisation_id, f"tests of {me.person_id}", _TESTS, _HOUR)
    module = module_of(Channel.EMAIL)
    try:
        call = module.send(account, card.email, message, clock.now())
    except NotConfiguredError as error:
        raise DomainError("channel_not_offered") from error
    except ValueError as error:
        raise DomainError("invalid_address") from error
    outcome = module.understand(calls.make(Channel.EMAIL, call))
    return OutcomeResponse.model_validate({"state": outcome.state.value, "code": outcome.code})


def _dead(item: store_people.LinkItem, card: Card) -> DeadAddress:
    return DeadAddress.model_validate(
        {
            "person_id": item.person_id,
            "name": card.name,
            "channel": item.channel,
            "shown": masked(Channel(item.channel), item.address),
            "code": item.code,
            "since": item.since,
        }
    )


def _example(organisation_id: str, name: str, locale: str | None) -> Message:
    from notifications import rendering, wording

    if name not in KINDS:
        raise NotFound
    profile, kind = access.organisation(organisation_id), KINDS[name]
    language = wording.supported(locale or profile.locale)
    values = {**_EXAMPLES, "currency": profile.currency}
    about = dict.fromkeys(_NAMES, "example")
    return rendering.render(
        name,
        wording.example(name, language) if kind.by_reference else {value: values[value] for value in kind.values},
        about,
        language,
        sender=profile.name,
        origin=settings().need("public_origin"),
        notice_id="ntc_example",
    )


def _template(name: str, kind: Kind, subject: str) -> Template:
    return Template.model_validate(
        {
            "kind": name,
            "subject": subject,
            "nature": kind.nature.value,
            "to": kind.to.value,
            "urgent": kind.urgent,
            "may_be_muted": not rules_delivery.cannot_wait(kind),
            "ladder": [[channel.value for channel in step] for step in kind.ladder],
            "values": list(kind.values),
        }
    )
