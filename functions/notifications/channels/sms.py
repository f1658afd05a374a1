"""SMS by AWS End User Messaging (`pinpoint-sms-voice-v2`). What became of it comes as events of EventBridge (source `aws.sms-voice`).

A part holds 160 letters of the GSM alphabet (3GPP TS 23.038) or 70 of UCS-2, 153 or 67 where there are several, and every part is paid for.
One Polish or Cyrillic letter makes the whole message UCS-2, so an organisation may have letters written in the GSM alphabet's.
"""

from collections.abc import Mapping
from typing import Any, Final

from notifications.channels import wire
from notifications.channels.gsm import parts_of, spelt
from notifications.channels.model import (
    Account,
    Answer,
    AwsCall,
    Event,
    Field,
    HttpCall,
    Limits,
    Message,
    Outcome,
    Reply,
    Request,
    Said,
    State,
)

FIELDS: Final = (
    Field("origination", pattern=r"[A-Za-z0-9_:/+-]{1,256}"),
    Field("transliterate", default="yes", pattern="yes|no"),
    Field("max_parts", default="3", pattern="[1-9]"),
    Field("configuration_set", required=False, pattern=r"[A-Za-z0-9_:/-]{1,256}"),
    Field("max_price", required=False, pattern=r"[0-9]{0,2}\.[0-9]{1,5}"),
)
# What carriers take of one sender in a second; the account is the deployment's.
LIMITS: Final = Limits(per_second=10, common=True)
_LIFE: Final = 2 * 86400
"""Seconds for which the carrier tries a phone that is switched off."""
_AGAIN: Final = frozenset({"ThrottlingException"})
_GONE: Final = frozenset({"DESTINATION_PHONE_NUMBER_OPTED_OUT"})
_DELIVERED: Final = "TEXT_DELIVERED"
_TAKEN: Final = "TEXT_SUCCESSFUL"
_INVALID: Final = "TEXT_INVALID"
_ON_ITS_WAY: Final = frozenset({"TEXT_PENDING", "TEXT_QUEUED", "TEXT_SENT", _TAKEN})


def address(_account: Account, given: str) -> str:
    """A phone number, E.164."""
    return wire.phone(given)


def send(account: Account, address: str, message: Message, _now: object) -> AwsCall:
    """The short words and the link, cut so that no more parts are paid for than the organisation wants."""
    arguments: dict[str, Any] = {
        "DestinationPhoneNumber": wire.phone(address),
        "OriginationIdentity": account.setting("origination"),
        "MessageBody": body_of(account, message),
        "MessageType": "TRANSACTIONAL",
        "TimeToLive": _LIFE,
    }
    if account.settings.get("configuration_set"):
        arguments["ConfigurationSetName"] = account.settings["configuration_set"]
    if account.settings.get("max_price"):
        arguments["MaxPrice"] = account.settings["max_price"]
    if message.reference:
        arguments["Context"] = {"reference": message.reference}
    return AwsCall("pinpoint-sms-voice-v2", "send_text_message", arguments)


def body_of(account: Account, message: Message) -> str:
    """What is sent: the words in letters that the organisation pays for, the link whole. `gsm.parts_of` tells what it comes to."""
    words = wire.plain(message.short)
    if account.setting("transliterate", "yes") == "yes":
        words = spelt(words)
    link = f" {message.link}" if message.link else ""
    most = int(account.setting("max_parts", "3"))
    if parts_of(words + link).number <= most:
        return words + link
    # "..." and not the ellipsis, which is no letter of the GSM alphabet.
    short, long = 0, len(words)
    while short < long:
        middle = (short + long + 1) // 2
        fits = parts_of(f"{words[:middle].rstrip()}...{link}").number <= most
        short, long = (middle, long) if fits else (short, middle - 1)
    return f"{words[:short].rstrip()}...{link}"


def understand(answer: Answer) -> Outcome:
    """The message's id, or the error's code and reason: whoever has answered STOP is not written to."""
    message_id = wire.text_at(answer.data, "MessageId")
    if message_id:
        return Outcome(State.SENT, message_id)
    reason = wire.text_at(answer.data, "Reason")
    if reason in _GONE:
        return Outcome(State.GONE, code=reason)
    if answer.code in _AGAIN:
        return Outcome(State.AGAIN, seconds=1, code=answer.code)
    return wire.failed(answer, reason) if reason else wire.unread(answer)


def link(_account: Account, _token: str) -> str:
    """Empty: a code that is sent to the number links it."""
    return ""


def register(_account: Account, _url: str) -> HttpCall | None:
    """None: the service speaks by EventBridge."""
    return None


def read_webhook(_account: Account, _request: Request) -> tuple[Reply, tuple[Said, ...]]:
    """The service has none of ours."""
    raise wire.refused("no_webhook", 404)


def read_event(detail_type: str, detail: Mapping[str, Any]) -> tuple[Said, ...]:
    """What the carrier says. Some never tell of the phone: there the last word is that the carrier took it on."""
    kind, message_id = wire.text_at(detail, "eventType"), wire.text_at(detail, "messageId")
    if detail_type != "Text Message Delivery Status Updated" or not message_id or not kind.startswith("TEXT_"):
        return ()
    last = wire.at(detail, "isFinal") is True
    if kind in _ON_ITS_WAY and not (kind == _TAKEN and last):
        return ()
    event = Event.FAILED
    if kind in {_DELIVERED, _TAKEN}:
        event = Event.DELIVERED
    elif kind == _INVALID:
        event = Event.GONE
    who = wire.text_at(detail, "destinationPhoneNumber")
    return (
        Said(
            event,
            f"{message_id}/{kind}",
            who if who.startswith("+") else "",
            message_id=message_id,
            reference=wire.text_at(detail, "context", "reference"),
            code="" if event is Event.DELIVERED else kind.lower(),
            at=wire.since_epoch(wire.at(detail, "eventTimestamp"), 1000),
        ),
    )
