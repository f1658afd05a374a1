"""The messengers, a push service and SMS seen from the other side: one small server for each, for tests, for the demo and for a developer.

    messengers = start_messengers(MessengerConfig(accounts=(...), people=(Person("nowak", "Anna Nowak", "+48600100201", "pl"),)))
    messengers["telegram"].url
    messengers.close()

Nothing is shared with `functions/notifications/channels`: signatures and decryption have a code path of their own, so that a mistake on
either side shows. docs/sandboxes.md says what each covers.
"""

from functools import partial
from typing import Final

from infra.local.messengers.config import Account, Bus, Limits, MessengerConfig, Person
from infra.local.messengers.messenger import Messenger
from infra.local.messengers.push import Push
from infra.local.messengers.sms import Sms
from infra.local.messengers.telegram import Telegram
from infra.local.messengers.viber import Viber
from infra.local.messengers.whatsapp import WhatsApp
from infra.local.providers.running import Running

__all__ = [
    "KINDS",
    "Account",
    "Bus",
    "Limits",
    "Messenger",
    "MessengerConfig",
    "Messengers",
    "Person",
    "start_messengers",
]
KINDS: Final[dict[str, type[Messenger]]] = {kind.name: kind for kind in (Telegram, Viber, WhatsApp, Push, Sms)}
Messengers = Running[Messenger]


def start_messengers(config: MessengerConfig) -> Messengers:
    """Open a server for each messenger that has an account. Raises KeyError for one that is not known."""
    kinds = [KINDS[name] for name in dict.fromkeys(account.channel for account in config.accounts)]
    return Messengers((kind.name, partial(_open, kind, config)) for kind in kinds)


def _open(kind: type[Messenger], config: MessengerConfig) -> Messenger:
    return kind(config).start()
