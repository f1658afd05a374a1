"""What an administrator sets up: which providers, with which settings, secrets and fee."""

import re
from datetime import timedelta

from payments import credentials, store_messages, store_providers
from payments.providers import NAMES, provider
from payments.providers.model import Field
from payments.schemas_online import PaymentProviderRequest, PaymentProviderResponse
from payments.service_webhooks import address_of
from payments.store_providers import ProviderItem
from shared import clock
from shared.credentials import turned
from shared.errors import Conflict, DomainError, FieldProblem, NotFound
from shared.tables import UnitOfWork

_SECRET = r"[\x21-\x7e]{1,400}"  # noqa: S105 - a pattern


def list_providers(organisation_id: str) -> list[PaymentProviderResponse]:
    """All providers, those that were never set up too."""
    known = store_providers.providers_of(organisation_id)
    return [
        _shown(organisation_id, known.get(name) or store_providers.new_provider(organisation_id, name))
        for name in NAMES
    ]


def set_provider(uow: UnitOfWork, name: str, body: PaymentProviderRequest) -> PaymentProviderResponse:
    """Set a provider up. A secret that is given takes the place of the live one, which stays live beside it until it is ended.

    Raises NotFound for another name, Conflict where somebody else changed it since, DomainError `invalid_provider_setting`.
    """
    if name not in NAMES:
        raise NotFound
    item = store_providers.find_provider(uow.organisation_id, name)
    if body.version != (int(item.version or 1) if item else 0):
        raise Conflict
    item = item or store_providers.new_provider(uow.organisation_id, name)
    secrets = credentials.read_secrets(uow.organisation_id, name, int(item.secrets_version))
    after = turned(secrets, body.secrets)
    live = after.get("live", {})
    _check(provider(name).FIELDS, body, live)
    if after != secrets:
        item.secrets_version = credentials.write_secrets(uow.organisation_id, name, after)
    item.enabled, item.part_payment = body.enabled, body.part_payment
    item.settings, item.fee = dict(body.settings), body.fee.model_dump()
    item.secrets, item.former = sorted(live), bool(after.get("former"))
    uow.put(item)
    uow.put(store_providers.clock_item(uow.organisation_id))
    _audit(uow, name, "provider_set", changed=sorted(body.secrets))
    credentials.forget()
    return _shown(uow.organisation_id, item, int(item.version or 0) + 1)


def end_former_secret(uow: UnitOfWork, name: str) -> PaymentProviderResponse:
    """End the former generation: what it signed is refused from now on. Raises NotFound where there is none."""
    item = store_providers.find_provider(uow.organisation_id, name) if name in NAMES else None
    if item is None or not item.former:
        raise NotFound
    secrets = credentials.read_secrets(uow.organisation_id, name, int(item.secrets_version))
    item.secrets_version = credentials.write_secrets(uow.organisation_id, name, {"live": secrets.get("live", {})})
    item.former = False
    uow.put(item)
    _audit(uow, name, "former_secret_ended")
    credentials.forget()
    return _shown(uow.organisation_id, item, int(item.version or 0) + 1)


def _check(fields: tuple[Field, ...], body: PaymentProviderRequest, live: dict[str, str]) -> None:
    known = {field.name: field for field in fields}
    wrong: set[str] = set()
    for place, given in (("settings", body.settings), ("secrets", body.secrets)):
        for name, value in given.items():
            field = known.get(name)
            pattern = _SECRET if field and field.secret else field.pattern if field else ""
            if field is None or field.secret != (place == "secrets") or not re.fullmatch(pattern, value):
                wrong.add(f"{place}.{name}")
    if "host" in body.settings and not credentials.may_call(body.settings["host"], fields):
        wrong.add("settings.host")
    if body.enabled:
        missing = {
            f"{'secrets' if field.secret else 'settings'}.{field.name}"
            for field in fields
            if field.required and not field.default and not (live if field.secret else body.settings).get(field.name)
        }
        wrong |= missing
    if wrong:
        problems = tuple(FieldProblem(one, "invalid_provider_setting") for one in sorted(wrong))
        raise DomainError("invalid_provider_setting", problems=problems)


def _shown(organisation_id: str, item: ProviderItem, version: int | None = None) -> PaymentProviderResponse:
    module = provider(item.provider)
    return PaymentProviderResponse.model_validate(
        {
            "provider": item.provider,
            "enabled": item.enabled,
            "part_payment": item.part_payment,
            "currencies": sorted(module.CURRENCIES),
            "fields": [
                {
                    "name": field.name,
                    "secret": field.secret,
                    "required": field.required,
                    "default": field.default,
                    "pattern": _SECRET if field.secret else field.pattern,
                }
                for field in module.FIELDS
            ],
            "settings": dict(item.settings),
            "secrets_set": list(item.secrets),
            "former_secret_lives": item.former,
            "fee": item.fee,
            "webhook_url": address_of(organisation_id, item.provider),
            "version": int(item.version or 0) if version is None else version,
            "refused": _refused(organisation_id, item.provider),
        }
    )


def _refused(organisation_id: str, name: str) -> int:
    since = clock.stamp(clock.now() - timedelta(days=1))
    return sum(int(item.times) for item in store_messages.refused(organisation_id, name, since))


def _audit(uow: UnitOfWork, name: str, what: str, **details: object) -> None:
    uow.put(store_messages.new_audit(uow.organisation_id, name, what, uow.metadata.actor, **details))
