"""What an administrator sets up: by which channels his organisation reaches people, with which settings and secrets."""

import re
from typing import Final

from notifications import calls, store_channels
from notifications.channels import channel as module_of
from notifications.channels.model import Account, Field, NotConfiguredError
from notifications.kinds import Channel
from notifications.schemas_doors import ChannelSettings, ChannelSettingsRequest, OutcomeResponse
from notifications.store_channels import ChannelItem
from shared import access, clock
from shared.credentials import ForAMinute, Vault, generations, may_call, turned
from shared.errors import Conflict, DomainError, FieldProblem, NotFound
from shared.settings import is_local, settings
from shared.tables import UnitOfWork

_SECRET: Final = r"[\x21-\x7e]{1,400}"  # noqa: S105 - a pattern
vault: Final = Vault("notifications")


def _find(organisation_id: str, channel: str) -> Account | None:
    name = Channel(channel)
    item = store_channels.find_channel(organisation_id, name)
    given = _given(organisation_id, name)
    # Mails are sent wherever the deployment has an address to send them from, and nobody has switched them off.
    if item is None:
        return Account(given) if given.get("from") else None
    if not item.enabled:
        return None
    secrets = vault.read(organisation_id, channel, int(item.secrets_version))
    return Account({**given, **item.settings}, generations(secrets))


def _given(organisation_id: str, channel: Channel) -> dict[str, str]:
    """Settings that need not be set: mails come from the deployment's address, in the organisation's name."""
    if channel is not Channel.EMAIL or not settings().mail_sender:
        return {}
    return {"from": settings().mail_sender, "sender": access.organisation(organisation_id).name}


_accounts: Final = ForAMinute(_find)
forget = _accounts.known.clear
"""Read afresh: for tests, and after a change."""


def account_of(organisation_id: str, channel: Channel, *, again: bool = False) -> Account | None:
    """The organisation's account with a channel, at most a minute old; None where it does not use it. `again`: at most some seconds."""
    return _accounts.get(organisation_id, channel.value, again=again)


def mail_address(registered: str) -> str:
    """An e-mail address of the register as it is sent to and comes back in reports; as it stands where nothing can be sent to it."""
    try:
        return module_of(Channel.EMAIL).address(Account({}), registered)
    except ValueError:
        return registered


def named(text: str) -> Channel:
    """The channel of a path. Raises NotFound for another name."""
    try:
        return Channel(text)
    except ValueError as error:
        raise NotFound from error


def list_settings(organisation_id: str) -> list[ChannelSettings]:
    """All channels, those that were never set up too."""
    known = store_channels.channels_of(organisation_id)
    return [_shown(organisation_id, known.get(one.value) or _new(organisation_id, one)) for one in Channel]


def set_channel(uow: UnitOfWork, channel: Channel, body: ChannelSettingsRequest) -> ChannelSettings:
    """Set a channel up. A secret that is given takes the place of the live one, which stays live beside it until it is ended.

    Raises Conflict where somebody else changed it since, DomainError `invalid_channel_setting`.
    """
    item = store_channels.find_channel(uow.organisation_id, channel)
    if body.version != (int(item.version or 1) if item else 0):
        raise Conflict
    item = item or _new(uow.organisation_id, channel)
    before = vault.read(uow.organisation_id, channel.value, int(item.secrets_version))
    after = turned(before, _with_key(channel, body, before.get("live", {})))
    live = after.get("live", {})
    _check(module_of(channel).FIELDS, body, live, _given(uow.organisation_id, channel))
    if after != before:
        item.secrets_version = vault.write(uow.organisation_id, channel.value, after)
    item.enabled, item.settings = body.enabled, dict(body.settings)
    item.secrets, item.former = sorted(live), bool(after.get("former"))
    return _kept(uow, item)


def end_former_secret(uow: UnitOfWork, channel: Channel) -> ChannelSettings:
    """End the former generation: what it signed is refused from now on. Raises NotFound where there is none."""
    item = store_channels.find_channel(uow.organisation_id, channel)
    if item is None or not item.former:
        raise NotFound
    secrets = vault.read(uow.organisation_id, channel.value, int(item.secrets_version))
    item.secrets_version = vault.write(uow.organisation_id, channel.value, {"live": secrets.get("live", {})})
    item.former = False
    return _kept(uow, item)


def register_webhook(organisation_id: str, channel: Channel) -> OutcomeResponse:
    """Tell the channel where our webhook is. Safe to repeat. Raises NotFound for a channel that is not told, or is not used."""
    account = account_of(organisation_id, channel, again=True)
    if account is None:
        raise NotFound
    try:
        call = module_of(channel).register(account, webhook_address(organisation_id, channel))
    except NotConfiguredError as error:
        raise DomainError("channel_not_offered") from error
    if call is None:
        raise NotFound
    outcome = module_of(channel).understand(calls.make(channel, call))
    return OutcomeResponse(state=outcome.state.value, code=outcome.code)


def webhook_address(organisation_id: str, channel: Channel) -> str:
    """The address that the channel calls, as it is registered there."""
    return f"{settings().need('public_origin')}/api/notifications/webhooks/{channel.value}/{organisation_id}"


def _with_key(channel: Channel, body: ChannelSettingsRequest, live: dict[str, str]) -> dict[str, str]:
    """The secrets that are given; the first key of push is nobody's to enter."""
    if channel is not Channel.PUSH or not body.enabled or "vapid_key" in {*live, *body.secrets}:
        return body.secrets
    from notifications.channels import push

    return {**body.secrets, "vapid_key": push.new_key()}


def _kept(uow: UnitOfWork, item: ChannelItem) -> ChannelSettings:
    item.set_by, item.set_at = uow.metadata.actor, clock.stamp(clock.now())
    uow.put(item)
    forget()
    return _shown(uow.organisation_id, item, int(item.version or 0) + 1)


def _check(
    fields: tuple[Field, ...], body: ChannelSettingsRequest, live: dict[str, str], given: dict[str, str]
) -> None:
    known = {field.name: field for field in fields}
    wrong: set[str] = set()
    for place, entered in (("settings", body.settings), ("secrets", body.secrets)):
        for name, value in entered.items():
            field = known.get(name)
            pattern = _pattern(field) if field else ""
            if field is None or field.secret != (place == "secrets") or not re.fullmatch(pattern, value):
                wrong.add(f"{place}.{name}")
    host = body.settings.get("host")
    if host and "host" in known and not _may_be_host(host, known["host"].default):
        wrong.add("settings.host")
    if body.enabled:
        there = {**given, **body.settings}
        wrong |= {
            f"{'secrets' if field.secret else 'settings'}.{field.name}"
            for field in fields
            if field.required and not field.default and not (live if field.secret else there).get(field.name)
        }
    if wrong:
        problems = tuple(FieldProblem(one, "invalid_channel_setting") for one in sorted(wrong))
        raise DomainError("invalid_channel_setting", problems=problems)


def _new(organisation_id: str, channel: Channel) -> ChannelItem:
    item = store_channels.new_channel(organisation_id, channel)
    item.enabled = bool(_given(organisation_id, channel))
    return item


def _may_be_host(host: str, own: str) -> bool:
    """A channel without a host of its own, whose addresses name it, has one in the local cloud only: the sandbox."""
    return may_call(host, own) if own else is_local()


def _pattern(field: Field) -> str:
    return _SECRET if field.secret and field.pattern == Field("").pattern else field.pattern


def _shown(organisation_id: str, item: ChannelItem, version: int | None = None) -> ChannelSettings:
    channel = Channel(item.channel)
    return ChannelSettings.model_validate(
        {
            "channel": channel.value,
            "enabled": item.enabled,
            "fields": [
                {
                    "name": field.name,
                    "secret": field.secret,
                    "required": field.required,
                    "default": field.default,
                    "pattern": _pattern(field),
                }
                for field in module_of(channel).FIELDS
            ],
            "settings": dict(item.settings),
            "secrets_set": list(item.secrets),
            "former_secret_lives": item.former,
            "webhook_url": webhook_address(organisation_id, channel),
            "refused": store_channels.count_of_refused(organisation_id, channel),
            "version": int(item.version or 0) if version is None else version,
        }
    )
