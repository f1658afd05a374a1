"""An organisation's providers: settings and fee, never a secret. Access patterns: docs/data-model.md."""

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute, VersionAttribute

from payments.store import Item
from payments.store_online import find, key_of


class ProviderItem(Item):
    """pk `ORG#<org>#PROVIDERS`, sk `PROVIDER#<provider>`: settings, never secrets, which are in the parameter store."""

    provider = UnicodeAttribute()
    enabled = BooleanAttribute(default=False)
    part_payment = BooleanAttribute(default=False)
    settings = JSONAttribute(default=dict)
    fee = JSONAttribute(default=dict)
    secrets = JSONAttribute(default=list)
    """The names of the secrets that are set."""
    secrets_version = NumberAttribute(default=0)
    """The version of the parameter that holds them, 0 where none are set: no other counts."""
    former = BooleanAttribute(default=False)
    version = VersionAttribute()


class ClockItem(Item):
    """pk `CLOCK`, sk `ORG#<org>`: an organisation that has a provider."""


def new_provider(organisation_id: str, provider: str) -> ProviderItem:
    return ProviderItem(pk=key_of(organisation_id, "PROVIDERS"), sk=f"PROVIDER#{provider}", provider=provider)


def find_provider(organisation_id: str, provider: str) -> ProviderItem | None:
    return find(ProviderItem, key_of(organisation_id, "PROVIDERS"), f"PROVIDER#{provider}")


def providers_of(organisation_id: str) -> dict[str, ProviderItem]:
    """The providers that the organisation has set up, by name."""
    found = ProviderItem.query(key_of(organisation_id, "PROVIDERS"), ProviderItem.sk.startswith("PROVIDER#"))
    return {item.provider: item for item in found}


def clock_item(organisation_id: str) -> ClockItem:
    return ClockItem(pk="CLOCK", sk=f"ORG#{organisation_id}")


def clock_organisations() -> list[str]:
    return [item.sk.removeprefix("ORG#") for item in ClockItem.query("CLOCK")]
