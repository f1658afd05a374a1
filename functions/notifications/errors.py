"""Codes of the notifications context."""

from typing import Final

CODES: Final[dict[str, str]] = {
    "address_missing": "There is no address: none was given, and the register has none.",
    "cannot_be_muted": "A notice that the law or an emergency demands; it cannot be refused.",
    "channel_not_offered": "The organisation does not use the channel, or has not set it up completely.",
    "channel_unavailable": "The channel does not take messages now.",
    "invalid_address": "The channel has no such address.",
    "invalid_channel_setting": "A setting, secret or address of a channel is not what it may be; errors[] names it.",
    "nobody_there": "Nobody has a part in a contract today where news would go, or there is no such community.",
    "own_language_missing": "News must at least be written in the organisation's own language.",
    "unknown_kind": "Neither a kind nor a nature of notices.",
    "unknown_time_zone": "Not a time zone of the IANA database, such as Europe/Warsaw.",
    "too_many_codes": "As many codes or tests as may be sent for now have been sent; Retry-After says when to try again.",
    "wrong_link_code": "The code is wrong, was tried too often, or has expired.",
}
